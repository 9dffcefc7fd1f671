import type { BoundByKind } from '../../model/kinds.ts';
import type { Mask } from '../../model/mask.ts';
import { privateTexts } from '../../model/porting.ts';
import { redactWhole } from '../../model/redact.ts';
import type {
  BoundValue,
  Observed,
  ObservedAddress,
  ObservedGroup,
  RemoteId,
  ReviewComment,
} from '../../model/resource.ts';
import { reveal, type Sensitive } from '../../model/sensitive.ts';

interface Worlds extends BoundByKind {
  readonly observed: Observed;
}

/** Tells the mask what each object at Telnyx holds, and what its manifest wants it to hold: a refusal may repeat either. */
export function knowHoldings(
  mask: Mask,
  { RequirementGroup: groups, NumberOrder: numberOrders, PortingOrder: portingOrders, observed }: Worlds,
): void {
  knowAddresses(mask, observed.addresses.byId.values());
  for (const { name, values } of groups) {
    for (const group of groupsOf(observed, name))
      mask.know(
        group.id,
        lazily(() => textsOf(values, [group])),
      );
  }
  for (const { name, values, phoneNumbers } of numberOrders) {
    const held = observed.NumberOrder.get(name);
    if (held === undefined) continue;
    const numbers = phoneNumbers.map(({ number }) => number);
    const subOrders = held.subOrders.map(({ id }) => id);
    for (const id of [held.id, ...subOrders])
      mask.know(id, [...numbers, ...textsOf(values, []), ...subOrders]);
  }
  for (const { name, values, settings } of portingOrders) {
    const held = observed.PortingOrder.get(name);
    if (held === undefined) continue;
    const stated = privateTexts(settings.map(({ path, value }) => [path, value] as const));
    mask.know(held.id, [...stated, ...textsOf(values, [])]);
  }
}

/** Telnyx may repeat an address that it does not take or delete. */
export function knowAddresses(mask: Mask, addresses: Iterable<Pick<ObservedAddress, 'id' | 'fields'>>): void {
  for (const { id, fields } of addresses)
    mask.know(
      id,
      lazily(() => privateFields(fields)),
    );
}

/** Longer comments are cut: a person reads the beginning. */
const MAX_COMMENT_LENGTH = 1000;
/** Of a comment of megabytes, so much is looked through. */
const MAX_REDACTED_LENGTH = 20_000;

/**
 * Reviewers' comments as they may be shown: whole values of their group are redacted, but for what the catalogue lists as
 * acceptable, and what is longer than a person reads is cut.
 */
export function redactComments({ RequirementGroup: groups, observed }: Worlds): Observed['comments'] {
  const shown = new Map<RemoteId, readonly ReviewComment[]>();
  for (const { name, values, demands } of groups) {
    const [group = null] = groupsOf(observed, name);
    const comments = group === null ? undefined : observed.comments.get(group.id);
    if (group === null || comments === undefined) continue;
    const texts = textsOf(values, [group]).flatMap((text) => withAddress(observed, reveal(text)));
    const acceptable = demands.flatMap(({ criteria }) => criteria.acceptableValues);
    shown.set(
      group.id,
      comments.map((comment) => ({ ...comment, body: redactComment(comment.body, texts, acceptable) })),
    );
  }
  return shown;
}

function redactComment(body: string, texts: readonly string[], acceptable: readonly string[]): string {
  const shown = [...redactWhole(body.slice(0, MAX_REDACTED_LENGTH), texts, acceptable)];
  // A value at the cut is not whole: the end of what was looked through is never shown.
  return shown.length > MAX_COMMENT_LENGTH
    ? `${shown.slice(0, MAX_COMMENT_LENGTH - 1).join('')}…`
    : shown.join('');
}

function groupsOf({ matches }: Observed, name: string): ObservedGroup[] {
  const match = matches.get(name);
  return [...(match?.group ? [match.group] : []), ...(match?.superseded ?? [])];
}

/** Texts, fields of addresses and ids, as the manifest wants them and as these groups hold them. */
function textsOf(values: readonly BoundValue[], groups: readonly ObservedGroup[]): Sensitive[] {
  const stated = values.flatMap(({ content }) => {
    if (content.kind === 'text') return [content.text];
    return content.kind === 'address' ? privateFields(content.address.fields) : [];
  });
  return [...stated, ...groups.flatMap(({ requirements }) => requirements.map(({ value }) => value))];
}

function withAddress({ addresses }: Observed, text: string): string[] {
  const address = addresses.byId.get(text);
  return address === undefined ? [text] : privateFields(address.fields).map(reveal);
}

/** Of ten thousand groups, a run reads the texts of those few that an error is about. */
function lazily<Value>(make: () => readonly Value[]): Iterable<Value> {
  return { [Symbol.iterator]: () => make()[Symbol.iterator]() };
}

/** A country code is not private. */
function privateFields(fields: ObservedAddress['fields']): Sensitive[] {
  return [...fields].flatMap(([field, value]) => (field === 'country_code' ? [] : [value]));
}
