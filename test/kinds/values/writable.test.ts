import { describe, expect, it } from 'vitest';
import { writable } from '../../../src/kinds/values/writable.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asRemoteId, type BoundValue } from '../../../src/model/resource.ts';
import {
  addressValue,
  documentValue,
  observedAddress,
  observedDocument,
  observedWorld,
  textValue,
} from '../../support/plan-inputs.ts';

describe('a value as it is written', () => {
  const there = observedWorld({
    documents: [observedDocument('doc-1', 'registration')],
    addresses: [observedAddress('900', 'Beispielweg 1')],
  });
  const byId = (kind: 'document_id' | 'address_id', id: string): BoundValue => ({
    ...textValue(''),
    content: { kind, id: asRemoteId(id) },
  });
  const document = documentValue('registration');
  const address = addressValue('Beispielweg 1');

  it.each<[string, BoundValue, object, object]>([
    ['a text', textValue('Jo'), there, { kind: 'text', text: new Sensitive('Jo') }],
    ['a document that is there', document, there, { ...document.content, reuse: 'doc-1' }],
    ['a document that is not', document, observedWorld({}), { ...document.content, reuse: null }],
    ['an address that is there', address, there, { ...address.content, reuse: '900' }],
    ['an address that is not', address, observedWorld({}), { ...address.content, reuse: null }],
    ['the id of a document', byId('document_id', 'd'), there, { kind: 'remote', id: 'd' }],
    ['the id of an address', byId('address_id', 'a'), there, { kind: 'remote', id: 'a' }],
  ])('is %s', (_, value, observed, written) => {
    expect(writable(value, observed as typeof there)).toEqual(written);
  });
});
