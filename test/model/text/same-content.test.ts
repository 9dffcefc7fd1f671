import { expect, test } from 'vitest';
import { hashAddressFields } from '../../../src/model/address.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { references } from '../../../src/model/reference-names.ts';
import { type AddressField, asReference, type DesiredAddress } from '../../../src/model/resource.ts';
import { differingFields, isAddressOf, isDocumentOf } from '../../../src/model/text/same-content.ts';

const [OURS, OTHER] = ['a'.repeat(64), 'b'.repeat(64)];

test.each([
  ['our reference and our digest', references.document('acme', OURS), OURS, true],
  ['our reference and no digest', references.document('acme', OURS), null, true],
  ['our reference and another digest', references.document('acme', OURS), OTHER, false],
  ['another reference and our digest', asReference('PO 7'), OURS, true],
  ['another reference and no digest', asReference('PO 7'), null, false],
  ['the reference of other bytes and our digest', references.document('acme', OTHER), OURS, true],
  ['no reference and no digest', null, null, false],
])('A document with %s is the one that is stated: %#.', (_, reference, sha256, expected) => {
  expect(isDocumentOf({ reference, sha256 }, OURS)).toBe(expected);
});

type Fields = Readonly<Partial<Record<AddressField, string>>>;

const STATED: Fields = {
  business_name: 'Example GmbH',
  street_address: 'Musterstraße 1',
  locality: 'Musterstadt',
  phone_number: '+49 30 0000000',
  country_code: 'DE',
};

function asFields(fields: Fields): ReadonlyMap<AddressField, Sensitive> {
  return new Map(Object.entries(fields).map(([field, text]) => [field as AddressField, new Sensitive(text)]));
}

function stated(fields: Fields): DesiredAddress {
  const source = { file: 'groups/a.yaml', line: 1, column: 1 };
  const given = asFields(fields);
  return { name: null, fields: given, validateAddress: false, sha256: hashAddressFields(given), source };
}

const ADDRESS = stated(STATED);

test.each<[string, Fields, AddressField[]]>([
  ['the same', {}, []],
  ['case and blanks of its own', { street_address: 'MUSTERSTRASSE  1 ', locality: 'musterstadt' }, []],
  ['digits alone of a phone number', { phone_number: '4930 0000000' }, []],
  ['an area that follows from the rest', { administrative_area: 'BE' }, []],
  ['another street', { street_address: 'Musterstraße 2' }, ['street_address']],
  ['more than was stated', { extended_address: 'c/o Somebody' }, ['extended_address']],
  ['less than was stated', { locality: '' }, ['locality']],
])('Under our reference, an address with %s differs in: %#.', (_, change, differing) => {
  const fields = asFields({ ...STATED, ...change });
  expect(differingFields(ADDRESS.fields, fields)).toEqual(differing);
  const reference = references.address('acme', ADDRESS.sha256);
  expect(isAddressOf({ fields, reference }, ADDRESS)).toBe(differing.length === 0);
  const isEqual = hashAddressFields(fields) === ADDRESS.sha256;
  expect(isAddressOf({ fields, reference: null }, ADDRESS)).toBe(isEqual);
});
