import { describe, expect, it } from 'vitest';
import {
  findReusableAddress,
  findReusableDocument,
  findTakenReferences,
  rejectedDocuments,
} from '../../../src/kinds/values/reuse.ts';
import { writable } from '../../../src/kinds/values/writable.ts';
import { asRemoteId, type BoundValue } from '../../../src/model/resource.ts';
import { planChanges } from '../../../src/plan/plan.ts';
import {
  ADDRESS_ID,
  addressValue,
  DOCUMENT_ID,
  desiredGroup,
  documentValue,
  LOCAL_ADDRESS,
  observedAddress,
  observedDocument,
  observedGroup,
  observedWorld,
  planInput,
  READ_AT_MS,
  REGISTRATION,
  textValue,
} from '../../support/plan-inputs.ts';

const SHA256 = observedDocument('x', 'registration').sha256 ?? '';
const OTHER = 'b'.repeat(64);

function reusable(...documents: ReturnType<typeof observedDocument>[]): string | null {
  return findReusableDocument(SHA256, observedWorld({ documents }))?.id ?? null;
}

describe('an upload that is there', () => {
  const minutes = (age: number) => ({ linked: false, createdAtMs: READ_AT_MS - age * 60_000 });

  it.each([
    ['is linked', {}, 'd'],
    ['has our reference and states no digest', { sha256: null }, 'd'],
    ['has another reference and our digest', { reference: null }, 'd'],
    ['has our reference and states another digest', { sha256: OTHER }, null],
    ['is infected', { rejected: 'infected' as const }, null],
    ['is denied', { rejected: 'denied' as const }, null],
    ['is unlinked and 20 minutes old', minutes(20), 'd'],
    ['is unlinked and 21 minutes old', minutes(21), null],
    ['is unlinked and of no known age', { linked: false, createdAtMs: null }, null],
  ])('and %s is reused or not: %#', (_, given, expected) => {
    expect(reusable(observedDocument('d', 'registration', given))).toBe(expected);
  });

  it('is passed over for a linked one, and of two unlinked ones for the newer', () => {
    const [linked, young, old] = [
      observedDocument('linked', 'registration'),
      observedDocument('young', 'registration', minutes(1)),
      observedDocument('old', 'registration', minutes(10)),
    ];
    expect([reusable(young, linked), reusable(old, young)]).toEqual(['linked', 'young']);
  });

  it('and was rejected under our reference as other bytes does not speak against ours', () => {
    const group = desiredGroup({ values: [documentValue('registration')] });
    const rejectedAs = (sha256: string) =>
      rejectedDocuments(
        group,
        null,
        observedWorld({ documents: [observedDocument('d', 'registration', { rejected: 'denied', sha256 })] }),
      );
    expect(rejectedAs(SHA256)).toHaveLength(1);
    expect(rejectedAs(OTHER)).toEqual([]);
  });
});

describe('of several uploads', () => {
  const at = (id: string, given: Parameters<typeof observedDocument>[2] = {}) =>
    observedDocument(id, 'registration', given);
  const young = { linked: false, createdAtMs: READ_AT_MS - 60_000 };
  const late = { linked: false, createdAtMs: READ_AT_MS - 20 * 60_000 - 1 };
  const theirs = { reference: null };

  it.each<[string, ReturnType<typeof observedDocument>[], string | null]>([
    ['of equal worth, the first by id', [at('b'), at('a'), at('c')], 'a'],
    ['of one age, the first by id', [at('b', young), at('a', young)], 'a'],
    ['a linked one, though it is older', [at('a', young), at('b')], 'b'],
    ['one of ours, though it is not linked', [at('a', theirs), at('b', young)], 'b'],
    ['one by its digest, where ours are too old', [at('a', late), at('b', theirs)], 'b'],
    ['one by its digest, where ours was rejected', [at('a', { rejected: 'denied' }), at('b', theirs)], 'b'],
    ['none, where the one by its digest was rejected', [at('a', { ...theirs, rejected: 'infected' })], null],
    ['none, where the one by its digest is too old', [at('a', { ...theirs, ...late })], null],
    ['none, where none is there', [], null],
  ])('%s is used', (_, documents, expected) => {
    expect(reusable(...documents)).toBe(expected);
  });
});

describe('a document that Telnyx rejected', () => {
  const value = documentValue('registration');
  const group = desiredGroup({ values: [textValue('x'), value] });
  const at = (id: string, rejected: 'infected' | 'denied' | null, given: object = {}) =>
    observedDocument(id, 'registration', { rejected, ...given });
  const theirs = { reference: null };
  const found = (rejected: 'infected' | 'denied') => [
    { rejected, path: 'documents/registration.pdf', requirementName: 'Registration' },
  ];

  it.each<[string, string | null, ReturnType<typeof observedDocument>[], object[]]>([
    ['is not there', null, [], []],
    ['is there and clean', null, [at('a', null)], []],
    ['is infected', null, [at('a', 'infected')], found('infected')],
    ['is denied', null, [at('a', 'denied')], found('denied')],
    ['is found by our reference alone', null, [at('a', 'denied', { sha256: null })], found('denied')],
    ['is found by its digest', null, [at('a', 'denied', theirs)], found('denied')],
    ['is there clean as well', null, [at('a', 'denied'), at('b', null)], []],
    ['is there clean under another reference', null, [at('a', 'denied'), at('b', null, theirs)], []],
    ['is held', 'a', [at('a', 'denied'), at('b', null)], found('denied')],
    ['is held clean', 'b', [at('a', 'denied'), at('b', null)], []],
    ['is not what is held', 'c', [at('a', 'denied'), observedDocument('c', 'other')], found('denied')],
    ['is something else', null, [observedDocument('c', 'other', { rejected: 'denied' })], []],
  ])('stops its group or not, where it %s', (_, held, documents, expected) => {
    const observed = held === null ? null : observedGroup({ [DOCUMENT_ID]: held });
    expect(rejectedDocuments(group, observed, observedWorld({ documents }))).toEqual(expected);
  });

  it('is looked for once in an account, whose answer counts for that account alone', () => {
    const [bad, good] = [
      observedWorld({ documents: [at('a', 'denied')] }),
      observedWorld({ documents: [at('a', null)] }),
    ];
    for (const _ of [1, 2]) {
      expect(rejectedDocuments(group, null, bad)).toEqual(found('denied'));
      expect(rejectedDocuments(group, null, good)).toEqual([]);
    }
  });
});

describe('an address that is there', () => {
  const value = addressValue('Beispielweg 1');
  const address = value.content.kind === 'address' ? value.content.address : null;
  const reused = (...addresses: ReturnType<typeof observedAddress>[]) =>
    address === null ? '?' : (findReusableAddress(address, observedWorld({ addresses }))?.id ?? null);

  it('is used again under our reference, the first by its id', () => {
    const [b, a] = [observedAddress('901', 'Beispielweg 1'), observedAddress('900', 'Beispielweg 1')];
    expect([reused(b, a), reused(b), reused()]).toEqual(['900', '901', null]);
  });

  it('is not used under another reference, or without one', () => {
    expect(reused(observedAddress('900', 'Beispielweg 1', { reference: null }))).toBeNull();
    expect(reused(observedAddress('900', 'Beispielweg 2'))).toBeNull();
  });
});

describe('what has our reference and is something else', () => {
  const taken = observedDocument('taken', 'registration', { sha256: OTHER });
  const document = desiredGroup({ values: [documentValue('registration')], definitions: [REGISTRATION] });
  const address = desiredGroup({ values: [addressValue('Musterstraße 1')], definitions: [LOCAL_ADDRESS] });
  const foreign = observedAddress('taken', 'Musterstraße 1', {
    fields: addressFieldsOf('Musterstraße 2'),
  });

  it.each([
    ['document', document, { documents: [taken] }, DOCUMENT_ID, 'Document', 'another sha256'],
    ['address', address, { addresses: [foreign] }, ADDRESS_ID, 'Address', 'other fields'],
  ])(
    'is a %s that is named, and made anew, also where the group holds it',
    (kind, group, world, id, made, why) => {
      const source = { file: group.source.file, line: group.source.line };
      for (const held of [null, observedGroup({ [id]: 'taken' })]) {
        const matches = { 'de-local': { group: held, superseded: [] } };
        const input = planInput({
          RequirementGroup: [group],
          observed: observedWorld({ ...world, matches }),
        });
        const { changes, attention } = planChanges(input);
        expect(changes.map((change) => change.kind)).toEqual([made, 'RequirementGroup']);
        expect(attention.filter(({ code }) => code === 'reference-taken')).toEqual([
          {
            code: 'reference-taken',
            name: 'de-local',
            message: expect.stringMatching(
              new RegExp(`${kind} taken has the right reference and ${why}, so regsync does not use it`),
            ),
            source,
          },
        ]);
      }
    },
  );

  it('is each that is not what is stated, and nothing of a text or an id', () => {
    const world = observedWorld({
      documents: [taken, observedDocument('ours', 'registration'), observedDocument('other', 'other')],
      addresses: [foreign, observedAddress('own', 'Musterstraße 1'), observedAddress('other', 'x')],
    });
    const takenBy = (value: BoundValue) => findTakenReferences(writable(value, world), world);
    expect(takenBy(documentValue('registration'))).toEqual([{ id: 'taken', kind: 'document' }]);
    expect(takenBy(addressValue('Musterstraße 1'))).toEqual([{ id: 'taken', kind: 'address' }]);
    expect(takenBy(documentValue('unknown'))).toEqual([]);
    expect(takenBy(addressValue('Musterstraße 9'))).toEqual([]);
    expect(takenBy(textValue('x'))).toEqual([]);
    const byId = { kind: 'document_id', id: asRemoteId('taken') } as const;
    expect(takenBy({ ...documentValue('registration'), content: byId })).toEqual([]);
  });

  it('is passed over for what is ours beside it', () => {
    const ours = observedDocument('ours', 'registration');
    expect(reusable(taken, ours)).toBe('ours');
    const content = addressValue('Musterstraße 1').content;
    const own = observedAddress('z-own', 'Musterstraße 1');
    const world = observedWorld({ addresses: [foreign, own] });
    expect(content.kind === 'address' && findReusableAddress(content.address, world)?.id).toBe('z-own');
    const held = observedGroup({ [DOCUMENT_ID]: 'ours' });
    const matches = { 'de-local': { group: held, superseded: [] } };
    const input = planInput({
      RequirementGroup: [{ ...document, approval: 'none' }],
      observed: observedWorld({ documents: [taken, ours], matches }),
    });
    const { changes, attention } = planChanges(input);
    expect(changes).toEqual([]);
    expect(attention.map(({ code }) => code)).not.toContain('reference-taken');
  });
});

function addressFieldsOf(street: string) {
  return observedAddress('x', street).fields;
}
