import { type NamedOrder, orderInWords } from '../../model/orders/observed-order.ts';
import type { Attention } from '../../model/plan/plan.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import type { BoundGroup, BoundValue } from '../../model/resource.ts';
import { named, plain, quoted, type Sentence, sentence, textOf } from '../../model/text/sentence.ts';
import { WITHOUT_PRE_APPROVAL } from '../requirement-group/approval.ts';
import { about } from './about.ts';

/**
 * Telnyx activates an order with an approved group at once, unless the group's address is not where the
 * numbers are (documented). regsync reports what it knows of both in time. Of the address it shows only the
 * requirement's name.
 */

/**
 * Returns caveats for an order to place. Telnyx says where its numbers are only after it is placed.
 *
 * @param outlook `reviewed` for an order that is not activated at once in any case.
 */
export function localityCaveats(group: BoundGroup, outlook: 'approved' | 'reviewed'): string[] {
  const foreign = group.values
    .filter((value) => isAbroad(group, value))
    .map((value) => textOf(abroad(group, value, outlook)));
  if (outlook === 'reviewed') return foreign;
  const own = group.values.filter((value) => isLocal(value) && !isAbroad(group, value));
  const caveats = own.map(
    ({ requirement }) =>
      `is activated at once only if the address for "${requirement.name}" is where the numbers are, which regsync cannot check in advance`,
  );
  return [...foreign, ...caveats];
}

/** Returns the attention for an open order. */
export function localityAttention(group: BoundGroup, order: NamedOrder): Attention[] {
  if (!order.isOpen || order.kind === 'porting_order' || order.kind === 'advanced_order') return [];
  const messages = group.values.flatMap((value) => {
    if (isAbroad(group, value))
      return [sentence`${orderInWords(order)} ${abroad(group, value, outlookOf(group))}`];
    const locality = order.sample?.locality ?? null;
    if (!isLocal(value) || locality === null || isIn(locality, value)) return [];
    return [
      sentence`${orderInWords(order)}: Telnyx has its numbers in ${named(JSON.stringify(locality))}, and the address for ${quoted(value.requirement.name)} is not there by its locality; ${risk(group)}`,
    ];
  });
  return messages.map((message) => about(group, 'order-address-mismatch', message, order.source));
}

/**
 * Recognises `Identical locality as the numbers desired`. Another documented form is `Issued by the same
 * country that …`.
 */
function isLocal({ requirement, content }: BoundValue): boolean {
  if (content.kind !== 'address' && content.kind !== 'address_id') return false;
  return /identical locality|same locality/i.test(requirement.criteria.localityLimit ?? '');
}

function isAbroad({ combination }: BoundGroup, { content }: BoundValue): boolean {
  if (content.kind !== 'address') return false;
  const country = content.address.fields.get('country_code');
  return country !== undefined && reveal(country).toUpperCase() !== combination.countryCode;
}

function abroad(
  { combination: { countryCode } }: BoundGroup,
  { requirement }: BoundValue,
  outlook: 'approved' | 'reviewed',
): Sentence {
  const address = sentence`the address for ${quoted(requirement.name)} is not in ${plain(countryCode)}`;
  return outlook === 'reviewed'
    ? sentence`may be declined: ${address}`
    : sentence`may not be activated at once: ${address}`;
}

function outlookOf({ combination }: BoundGroup): 'approved' | 'reviewed' {
  return WITHOUT_PRE_APPROVAL.has(combination.countryCode) ? 'reviewed' : 'approved';
}

/** Without pre-approval, every order is reviewed: none is activated at once. */
function risk(
  group: BoundGroup,
): 'a reviewer may decline the order' | 'the order may not be activated at once' {
  return outlookOf(group) === 'reviewed'
    ? 'a reviewer may decline the order'
    : 'the order may not be activated at once';
}

/** Returns true for the same locality, and for an address that no manifest states. */
function isIn(locality: string, { content }: BoundValue): boolean {
  if (content.kind !== 'address') return true;
  const own = content.address.fields.get('locality');
  return own === undefined || fold(reveal(own)) === fold(locality);
}

/** Ignores case and accents, because Telnyx writes places in its own way. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').trim().toUpperCase();
}
