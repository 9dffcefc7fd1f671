import { describe, expect, it } from 'vitest';
import { desiredForm, isHeld, observedForm } from '../../../src/kinds/values/normal-form.ts';
import { hashAddressFields } from '../../../src/model/address.ts';
import { reveal, Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asReference, asRemoteId, type BoundValue } from '../../../src/model/resource.ts';
import {
  addressValue,
  definition,
  documentValue,
  observedAddress,
  observedDocument,
  observedWorld,
  TEXT_ID,
  textValue,
} from '../../support/plan-inputs.ts';

const OURS = observedDocument('doc-1', 'registration').sha256 ?? '';
const OTHERS = observedDocument('doc-2', 'proof').sha256 ?? '';
const SEAT = hashAddressFields(observedAddress('900', 'Beispielweg 1').fields);
const LOUD_SEAT = hashAddressFields(observedAddress('904', 'BEISPIELWEG 1').fields);
const OTHER_SEAT = hashAddressFields(observedAddress('901', 'Beispielweg 2').fields);

const world = observedWorld({
  documents: [
    observedDocument('doc-1', 'registration'),
    observedDocument('doc-2', 'proof'),
    observedDocument('by-reference', 'registration', { sha256: null }),
    observedDocument('other-by-reference', 'proof', { sha256: null }),
    observedDocument('no-digest', 'proof', { sha256: null, reference: null }),
    observedDocument('address-reference', 'proof', {
      sha256: null,
      reference: asReference(`regsync/acme/addr/${'0'.repeat(32)}`),
    }),
  ],
  addresses: [
    observedAddress('900', 'Beispielweg 1'),
    observedAddress('901', 'Beispielweg 2'),
    observedAddress('902', ' Beispielweg  1 ', { reference: null }),
    observedAddress('903', 'BEISPIELWEG 1', { reference: observedAddress('900', 'Beispielweg 1').reference }),
    observedAddress('904', 'BEISPIELWEG 1', { reference: null }),
  ],
});

const SINCE = definition(TEXT_ID, 'Since', 'datetime');
const text = textValue(' Müller GmbH\r\n'.normalize('NFD'));
const date = textValue('2026-03-01', SINCE);
const document = documentValue('registration');
const address = addressValue('Beispielweg 1');
const documentId: BoundValue = { ...document, content: { kind: 'document_id', id: asRemoteId('doc-1') } };
const addressId: BoundValue = { ...address, content: { kind: 'address_id', id: asRemoteId('900') } };

const half = (sha256: string) => sha256.slice(0, 32);

describe('the normal form of what a manifest states', () => {
  it.each<[string, BoundValue, string]>([
    ['a text', text, 'text:Müller GmbH'],
    ['a date', date, 'text:2026-03-01T00:00:00.000Z'],
    ['a date in a field for texts', textValue('2026-03-01'), 'text:2026-03-01'],
    ['a document', document, `document:${half(OURS)}`],
    ['an address', address, `address:${half(SEAT)}`],
    ['a document by its id', documentId, 'id:doc-1'],
    ['an address by its id', addressId, 'id:900'],
  ])('of %s', (_, value, form) => {
    expect(reveal(desiredForm(value))).toBe(form);
  });
});

describe('the normal form of what Telnyx holds', () => {
  it.each<[string, BoundValue, string, string | null, boolean]>([
    ['no text', text, '', null, false],
    ['blanks', text, ' \n', null, false],
    ['the text', text, 'Müller GmbH ', 'text:Müller GmbH', true],
    ['another text', text, 'Muller GmbH', 'text:Muller GmbH', false],
    ['no text, where none is stated', textValue(' '), '', null, false],
    ['the date', date, '2026-03-01T00:00:00.000000+00:00', 'text:2026-03-01T00:00:00.000Z', true],
    ['another date', date, '2026-03-02', 'text:2026-03-02T00:00:00.000Z', false],
    ['no document', document, '', null, false],
    ['the document', document, 'doc-1', `document:${half(OURS)}`, true],
    ['the document, by our reference', document, 'by-reference', `document:${half(OURS)}`, true],
    ['another document', document, 'doc-2', `document:${half(OTHERS)}`, false],
    ['another document, by its reference', document, 'other-by-reference', `document:${half(OTHERS)}`, false],
    ['a document without a digest', document, 'no-digest', 'id:no-digest', false],
    ['one with a reference of something else', document, 'address-reference', 'id:address-reference', false],
    ['a document that is gone', document, 'doc-9', 'gone:doc-9', false],
    ['no address', address, '', null, false],
    ['the address', address, '900', `address:${half(SEAT)}`, true],
    ['the address, of other blanks', address, '902', `address:${half(SEAT)}`, true],
    ['the address, in other letters under our reference', address, '903', `address:${half(SEAT)}`, true],
    ['an address in other letters', address, '904', `address:${half(LOUD_SEAT)}`, false],
    ['another address', address, '901', `address:${half(OTHER_SEAT)}`, false],
    ['an address that is gone', address, '999', 'gone:999', false],
    ['no document, by its id', documentId, '', null, false],
    ['the document, by its id', documentId, 'doc-1', 'id:doc-1', true],
    ['the document under another id', documentId, 'by-reference', 'id:by-reference', false],
    ['a document that is gone, by its id', documentId, 'doc-9', 'gone:doc-9', false],
    ['no address, by its id', addressId, '', null, false],
    ['the address, by its id', addressId, '900', 'id:900', true],
    ['another address, by its id', addressId, '901', 'id:901', false],
    ['an address that is gone, by its id', addressId, '999', 'gone:999', false],
  ])('of %s, and whether it is what is stated', (_, value, held, form, isSame) => {
    const observed = observedForm(new Sensitive(held), value, world);
    expect(observed === null ? null : reveal(observed)).toBe(form);
    expect(isHeld(new Sensitive(held), value, world)).toBe(isSame);
  });

  it.each([
    ['a document', { ...documentId, content: { kind: 'document_id', id: asRemoteId('doc-9') } }, 'doc-9'],
    ['an address', { ...addressId, content: { kind: 'address_id', id: asRemoteId('999') } }, '999'],
  ] as [string, BoundValue, string][])('of %s that is gone is never what is stated', (_, value, held) => {
    expect(isHeld(new Sensitive(held), value, world)).toBe(false);
    expect(observedForm(new Sensitive(held), value, world)).toEqual(new Sensitive(`gone:${held}`));
  });
});
