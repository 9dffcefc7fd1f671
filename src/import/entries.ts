import { posix } from 'node:path';
import { hashAddressFields } from '../model/address.ts';
import type { ObservedGroup } from '../model/observed.ts';
import { reveal } from '../model/privacy/sensitive.ts';
import type { AddressRow } from '../telnyx/types.ts';
import type { ComposedDocument, ComposedGroup } from './composition.ts';
import { documentKey, type Shared, type SharedContent } from './contents.ts';
import type {
  GeneratedDocument,
  GeneratedManifest,
  GeneratedOrder,
  GeneratedValue,
} from './generate-manifests.ts';
import { statedFields } from './generate-value.ts';
import { fieldKey, type SealedTexts, textKey } from './sealed.ts';
import { block, day, type Entry, type EntryValue, flag, phrase, quoted, word } from './yaml-text.ts';

/** Builds manifests key by key, with their comments. */

/** The files that manifests refer to. */
export interface EntryContext {
  /** The folder of manifests, relative to the root. */
  readonly folder: string;
  /** The documents by digest. */
  readonly documents: ReadonlyMap<string, ComposedDocument>;
  readonly shared: Shared;
  /** The ciphertexts to write in place of texts. Null to write these as they are. */
  readonly sealed: SealedTexts | null;
}

const FORMAT: Entry = { key: 'apiVersion', value: word('regsync/v1') };

export function groupEntries(composed: ComposedGroup, place: EntryContext): Entry[] {
  const { name, manifest, isPinned } = composed;
  const { group, values, gaps, orders } = manifest;
  const { countryCode, phoneNumberType, action } = group.combination;
  return [
    { ...FORMAT, comment: [headline(group, isPinned), ...manifest.orderNotes] },
    { key: 'kind', value: word('RequirementGroup') },
    { key: 'name', value: word(name) },
    ...(isPinned ? [{ key: 'id', value: word(group.id) }] : []),
    { key: 'country_code', value: word(countryCode) },
    { key: 'phone_number_type', value: word(phoneNumberType) },
    { key: 'action', value: word(action) },
    ...(manifest.holdsBack ? [{ key: 'approval', value: word('none'), comment: HELD_BACK }] : []),
    ...(manifest.partial ? [{ key: 'partial', value: flag(true), comment: gapLines(gaps) }] : []),
    ...(orders.length === 0 ? [] : [{ key: 'attach', value: { items: orders.map(orderEntries) } }]),
    {
      key: 'requirements',
      value: { items: values.map((value) => requirementEntries(value, composed, place)) },
      ...(manifest.partial || gaps.length === 0 ? {} : { comment: gapLines(gaps) }),
    },
  ];
}

const HELD_BACK = ['It was never submitted. Without this line, regsync submits it for approval.'];

function headline({ id, status, reference }: ObservedGroup, isPinned: boolean): string {
  const what = `Imported from the requirement group ${id}, which was ${status}.`;
  if (!isPinned) return what;
  return reference === null
    ? `${what} It has no customer_reference.`
    : `${what} regsync keeps its customer_reference ${JSON.stringify(reference)}.`;
}

function orderEntries(order: GeneratedOrder): Entry[] {
  return [{ key: order.kind, value: word(order.id), comment: [describeOrder(order)] }];
}

/** Describes an order without a phone number: `2 phone numbers, pending, customer_reference "MY ORDER"` */
function describeOrder({ status, reference, phoneNumbersCount: count, within }: GeneratedOrder): string {
  const numbers = count === null ? [] : [count === 1 ? '1 phone number' : `${count} phone numbers`];
  const said = reference === null ? [] : [`customer_reference ${JSON.stringify(reference)}`];
  const place = within === null ? [] : [`of the sub number order ${within}`];
  return [...numbers, ...place, status, ...said].join(', ');
}

function gapLines(gaps: GeneratedManifest['gaps']): string[] {
  const lines = gaps.map(({ requirement: { id, name }, why }) => {
    return `- ${name === id ? id : `${name} (${id})`}: ${why}`;
  });
  return ['Without a value here:', ...lines];
}

function requirementEntries(value: GeneratedValue, composed: ComposedGroup, place: EntryContext): Entry[] {
  const { requirement, note } = value;
  const { key, content } = contentOf(value, composed, place);
  const isNamed = composed.manifest.named.has(requirement.id);
  const name = requirement.name === requirement.id ? 'Telnyx gives no name' : requirement.name;
  return [
    {
      key: 'requirement',
      value: isNamed ? phrase(requirement.name) : word(requirement.id),
      comment: [...(isNamed ? [] : [name]), ...(note === null ? [] : [note])],
    },
    { key, value: content },
  ];
}

function contentOf(
  { requirement, content }: GeneratedValue,
  { path, manifest }: ComposedGroup,
  place: EntryContext,
): { readonly key: string; readonly content: EntryValue } {
  switch (content.kind) {
    case 'text':
      return place.sealed === null
        ? { key: 'text', content: quoted(reveal(content.text)) }
        : { key: 'text_from', content: sealedText(textKey(manifest.group.id, requirement.id), place.sealed) };
    case 'document': {
      const name = place.shared.documentNames.get(documentKey(content.document));
      const stated = name === undefined ? documentEntries(content.document, path, place) : word(name);
      return { key: 'document', content: stated };
    }
    case 'document_id':
      return { key: 'document', content: [{ key: 'id', value: word(content.id) }] };
    case 'address':
      return {
        key: 'address',
        content: word(place.shared.addressNames.get(hashAddressFields(content.address.fields)) ?? ''),
      };
    case 'address_id':
      return { key: 'address', content: [{ key: 'id', value: quoted(content.id) }] };
    default:
      return content satisfies never;
  }
}

function documentEntries(
  { sha256, expires }: GeneratedDocument,
  manifest: string,
  place: EntryContext,
): Entry[] {
  const path = place.documents.get(sha256)?.path ?? '';
  return [
    { key: 'file', value: word(posix.relative(posix.dirname(manifest), path)) },
    { key: 'sha256', value: word(sha256) },
    ...(expires === null ? [] : [{ key: 'expires', value: day(expires) }]),
  ];
}

export function contentEntries({ kind, name, content }: SharedContent, place: EntryContext): Entry[] {
  const head = [FORMAT, { key: 'kind', value: word(kind) }, { key: 'name', value: word(name) }];
  return 'fields' in content
    ? [...head, ...addressEntries(content, place)]
    : [...head, ...documentEntries(content, posix.join(place.folder, 'x'), place)];
}

function addressEntries(address: AddressRow, { sealed }: EntryContext): Entry[] {
  const digest = hashAddressFields(address.fields);
  return statedFields(address).map(([field, text]) => {
    if (field === 'country_code') return { key: field, value: word(text) };
    return {
      key: field,
      value: sealed === null ? quoted(text) : sealedText(fieldKey(digest, field), sealed),
    };
  });
}

/** Returns `{ age: … }` with the ciphertext of this use. */
function sealedText(key: string, { byUse }: SealedTexts): readonly Entry[] {
  const armored = byUse.get(key);
  // Without it, the text would be written as it is, or the manifest would lack it.
  if (armored === undefined) throw new Error('a text of the import was not encrypted');
  return [{ key: 'age', value: block(armored) }];
}
