import { describe, expect, it } from 'vitest';
import { desiredForm, isHeld, observedForm } from '../../src/kinds/values/normal-form.ts';
import type { ObservedAddress, ObservedDocument } from '../../src/model/observed.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { references } from '../../src/model/reference-names.ts';
import { asReference, asRemoteId, type BoundValue } from '../../src/model/resource.ts';
import { fc } from '../support/fast-check.ts';
import {
  addressValue,
  CONTACT,
  documentValue,
  observedAddress,
  observedDocument,
  observedWorld,
  SCOPE,
  textValue,
} from '../support/plan-inputs.ts';
import { runs, Tally } from './runs.ts';

/** Few of each, so that they often meet. */
const ids = fc.constantFrom('1', '2', '3', 'gone');
const contents = fc.constantFrom('registration', 'proof');
const streets = fc.constantFrom('Beispielweg 1', 'Beispielweg 2');
const texts = fc.constantFrom(
  '',
  ' ',
  'Müller GmbH'.normalize('NFC'),
  ' Müller GmbH'.normalize('NFD'),
  '2026-01-31',
  '2026-01-31T00:00:00.000000+00:00',
  '1',
  '2',
);

const bound: fc.Arbitrary<BoundValue> = fc.oneof(
  fc
    .tuple(texts, fc.constantFrom<'textual' | 'datetime'>('textual', 'datetime'))
    .map(([text, fieldType]) => textValue(text, { ...CONTACT, fieldType })),
  contents.map((content) => documentValue(content)),
  streets.map((street) => addressValue(street)),
  fc
    .tuple(fc.constantFrom<'document_id' | 'address_id'>('document_id', 'address_id'), ids)
    .map(([kind, id]) => ({ ...textValue(''), content: { kind, id: asRemoteId(id) } })),
);

/** Of ours, of somebody else's, in another scope, with a digest or without. */
const documents: fc.Arbitrary<ObservedDocument> = fc
  .record({ id: ids, content: contents, told: contents, isTold: fc.boolean(), named: fc.nat(2) })
  .map(({ id, content, told, isTold, named }) => {
    const { sha256 } = observedDocument(id, told);
    const own = observedDocument(id, content);
    const other = references.document('other', own.sha256 ?? '');
    const reference = [own.reference, other, asReference('an invoice')][named] ?? null;
    return { ...own, reference, sha256: isTold ? sha256 : null };
  });

const addresses: fc.Arbitrary<ObservedAddress> = fc
  .record({ id: ids, street: streets, named: streets, isNamed: fc.boolean() })
  .map(({ id, street, named, isNamed }) => {
    const reference = isNamed ? observedAddress(id, named).reference : null;
    return observedAddress(id, street, { reference });
  });

describe('a value', () => {
  it('is held exactly if both of its forms are one', () => {
    const tally = new Tally();
    const world = fc.record({ documents: fc.array(documents), addresses: fc.array(addresses) });
    fc.assert(
      fc.property(bound, fc.oneof(ids, texts), world, (value, held, remote) => {
        const observed = observedWorld({
          documents: remote.documents.filter(({ id }) => id !== 'gone'),
          addresses: remote.addresses.filter(({ id }) => id !== 'gone'),
        });
        const form = observedForm(new Sensitive(held), value, observed);
        const isOne = form?.equals(desiredForm(value)) ?? false;
        expect(isHeld(new Sensitive(held), value, observed)).toBe(isOne);
        tally.count(`${value.content.kind} ${isOne}`);
      }),
      runs(2_000),
    );
    const kinds = ['text', 'document', 'address', 'document_id', 'address_id'];
    tally.expectAll(...kinds.flatMap((kind) => [`${kind} true`, `${kind} false`]));
  });

  it('is found by our reference, unless Telnyx tells another digest', () => {
    const isFound = (sha256: string | null) => {
      const told = observedDocument('1', 'registration', { sha256 });
      expect(told.reference?.startsWith(`regsync/${SCOPE}/`)).toBe(true);
      const observed = observedWorld({ documents: [told] });
      return isHeld(new Sensitive('1'), documentValue('registration'), observed);
    };
    expect([isFound(null), isFound('0'.repeat(64))]).toEqual([true, false]);
  });
});
