import { createHash } from 'node:crypto';
import { hashAddressFields } from '../../src/model/address.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { references } from '../../src/model/reference-names.ts';
import type { AddressField } from '../../src/model/resource.ts';

/** What worlds are filled with: fictional all of it, and different wherever it must not be confused. */
export const SCOPE = 'acme';

/** Contents that worlds are made from; one more is kept for edits. */
export const ITEMS = 4;
export const UNUSED_ITEM = 4;

export type RequirementKind =
  | 'contact'
  | 'case'
  | 'code'
  | 'birth'
  | 'account'
  | 'document'
  | 'address'
  | 'action';

export interface Requirement {
  readonly id: string;
  readonly name: string;
  readonly kind: RequirementKind;
}

export interface Combination {
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly action: string;
  readonly requirements: readonly Requirement[];
}

const CONTACT = requirement('2708e569-696a-4fc7-9305-5fdb3eb9c7dd', 'Contact Info', 'contact');
const LOCAL_ADDRESS = requirement('a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b', 'Local Address', 'address');
const IDENTITY = requirement('b3dc7ee5-3b37-4f06-9ab6-a8e74c311282', 'Identity Document', 'document');
const USE_CASE = requirement('02807e35-ca92-44e2-95af-9e1a0137354c', 'Use Case', 'case');

/** As the sandbox has them. Two requirements of the British mobile set share one name. */
export const COMBINATIONS: readonly Combination[] = [
  combination('FR', 'local', 'ordering', [
    requirement('6a09cdc3-8948-47f0-aa62-74ac943d6c58', 'Proof of Address', 'document'),
  ]),
  combination('DE', 'local', 'ordering', [
    CONTACT,
    requirement('6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2', 'Business Registration', 'document'),
    requirement('95cac7a7-cf24-4d34-81e4-e2d01a35adda', 'Proof of Local Address', 'document'),
    requirement('a3a856c0-2811-4eee-9607-ea60df9f5c32', 'Signed Regulatory Form', 'document'),
    LOCAL_ADDRESS,
  ]),
  combination('DE', 'local', 'porting', [
    CONTACT,
    requirement('9ec0b9cc-d53e-486a-937e-797d9117e043', 'Letter of Authorization', 'document'),
    requirement('f9a8c3f0-14e0-49ac-922c-0caca5f75025', 'Account Number', 'account'),
  ]),
  combination('IT', 'local', 'ordering', [
    requirement('41b1b0f7-1a93-47bf-9129-ae9c6c1edcda', 'Tax Code', 'code'),
    requirement('51ed1a42-cbd3-47e9-a7f0-5343744874a1', 'Date of Birth', 'birth'),
    IDENTITY,
    LOCAL_ADDRESS,
  ]),
  combination('CH', 'local', 'ordering', [CONTACT, LOCAL_ADDRESS, IDENTITY]),
  combination('GB', 'local', 'ordering', [
    USE_CASE,
    requirement('64c3ead1-2650-42cb-8a22-e8bba64b19b9', 'National Address', 'address'),
  ]),
  combination('GB', 'mobile', 'ordering', [
    requirement('51a8b4c1-cf03-469a-8ffe-66e69d66103c', 'Proof of Identity', 'document'),
    requirement('30b0c9c2-0b62-425f-8291-968d04237910', 'Proof of Identity', 'document'),
    USE_CASE,
  ]),
  combination('AU', 'mobile', 'ordering', [
    requirement('b7c72fb8-fa08-4529-aaf6-b9117d3f3698', 'Identity Check', 'action'),
    CONTACT,
  ]),
  combination('US', 'local', 'ordering', []),
];

/** What the regulator adds to the French set in some worlds, after their groups were created. */
export const ADDED = { to: 'FR/local/ordering', requirement: CONTACT } as const;

function requirement(id: string, name: string, kind: RequirementKind): Requirement {
  return { id, name, kind };
}

function combination(
  country_code: string,
  phone_number_type: string,
  action: string,
  requirements: readonly Requirement[],
): Combination {
  return { country_code, phone_number_type, action, requirements };
}

/* ---- Texts ---- */

/** Spellings of one text have one normal form: NFC and trimmed, dates as instants. */
export const SPELLINGS = 3;

const TEXTS: Readonly<Record<RequirementKind, (item: number) => string>> = {
  contact: (item) => `Zoë Beispiel-${item}, Example GmbH, +49 30 000000${item}`,
  case: (item) => `Support line no. ${item} of Exämple Ltd; numbers are not passed on.`,
  code: (item) => `XYZXYZ0${item}X0${item}X00${item}X`,
  account: (item) => `0000123400${item}`,
  birth: (item) => `196${item}-02-03`,
  document: () => '',
  address: () => '',
  action: () => '',
};

export function textOf(kind: RequirementKind, item: number, spelling: number): string {
  const text = TEXTS[kind](item);
  if (kind === 'birth') return `${text}${['', 'T00:00:00Z', 'T00:00:00.000000+00:00'][spelling]}`;
  return [text, text.normalize('NFD'), `  ${text}\n`][spelling] ?? text;
}

/** As a manifest may write it: what has a length or a pattern is checked as written. */
export function writtenText(kind: RequirementKind, item: number, spelling: number): string {
  return textOf(kind, item, kind === 'code' || kind === 'account' ? 0 : spelling);
}

/* ---- Documents ---- */

export function documentBytes(item: number): Buffer {
  return Buffer.from(`%PDF-1.7\n% SAMPLE ${item}: nobody's document\n%%EOF\n`);
}

export function documentSha256(item: number): string {
  return createHash('sha256').update(documentBytes(item)).digest('hex');
}

/** Ours is found by its reference; another scope's holds the digest too; theirs has one of its own or none. */
export function documentReference(item: number, owner: Owner): string | null {
  const sha256 = documentSha256(item);
  if (owner === 'ours') return references.document(SCOPE, sha256);
  if (owner === 'other-scope') return references.document('acme2', sha256);
  return owner === 'theirs' ? `CRM-DOC-${item}` : null;
}

export type Owner = 'ours' | 'other-scope' | 'theirs' | 'nobody';
export type Health = 'clean' | 'infected' | 'denied';

/* ---- Addresses ---- */

/** Spellings of one address have one hash: in NFC, blanks folded, empty fields left out. */
export function addressFields(item: number, spelling: number): ReadonlyMap<AddressField, string> {
  const respell = (text: string): string =>
    [text, text.normalize('NFD').replaceAll(' ', '  '), ` ${text} `][spelling] ?? text;
  const name: [AddressField, string][] =
    item % 2 === 0
      ? [['business_name', respell(`Beispielhaus ${item}ü GmbH`)]]
      : [
          ['first_name', respell(`Johanna-${item}`)],
          ['last_name', respell('Mustermännin')],
        ];
  return new Map<AddressField, string>([
    ...name,
    ['street_address', respell(`Erdachte Straße ${item}7b`)],
    ['locality', respell(`Musterstadt-${item}`)],
    ['postal_code', `EX${item} 0XX`],
    ...(spelling === 2 ? ([['extended_address', '']] as const) : []),
    ['country_code', 'DE'],
  ]);
}

export function addressSha256(item: number): string {
  return hashAddressFields(sensitive(addressFields(item, 0)));
}

export function addressReference(item: number, owner: Owner): string | null {
  const sha256 = addressSha256(item);
  if (owner === 'ours') return references.address(SCOPE, sha256);
  if (owner === 'other-scope') return references.address('acme2', sha256);
  return owner === 'theirs' ? `CRM-ADDR-${item}` : null;
}

export function sensitive<Key>(texts: ReadonlyMap<Key, string>): Map<Key, Sensitive> {
  return new Map([...texts].map(([key, text]) => [key, new Sensitive(text)]));
}

/* ---- Everything that nobody may read ---- */

/** Each text and each field of every item that a world can hold, in every spelling. */
export const SECRET_VALUES: readonly string[] = [...secretTexts(), ...secretFields()];

/** Any 16 hex of a digest would do to confirm a guess. */
export const SECRET_DIGESTS: readonly string[] = secretDigests();

function secretTexts(): string[] {
  const kinds: readonly RequirementKind[] = ['contact', 'case', 'code', 'account', 'birth'];
  return [
    ...new Set(
      kinds.flatMap((kind) =>
        items().flatMap((item) => spellings().map((s) => textOf(kind, item, s).trim())),
      ),
    ),
  ];
}

function secretFields(): string[] {
  const fields = items().flatMap((item) => spellings().flatMap((s) => [...addressFields(item, s)]));
  const values = fields.flatMap(([field, value]) => (field === 'country_code' ? [] : [value.trim()]));
  return [...new Set(values.filter((value) => value !== ''))];
}

function secretDigests(): string[] {
  const digests = items().flatMap((item) => [documentSha256(item), addressSha256(item)]);
  return digests.flatMap((digest) => Array.from({ length: 49 }, (_, from) => digest.slice(from, from + 16)));
}

function items(): number[] {
  return Array.from({ length: ITEMS + 1 }, (_, item) => item);
}

function spellings(): number[] {
  return Array.from({ length: SPELLINGS }, (_, spelling) => spelling);
}
