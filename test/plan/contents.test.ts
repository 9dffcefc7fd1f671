import { describe, expect, it, test } from 'vitest';
import type {
  AddressChange,
  DocumentChange,
  WritableValue,
  WritingChange,
} from '../../src/model/plan/change.ts';
import {
  asRemoteId,
  type BoundValue,
  type DesiredAddress,
  type DesiredDocument,
} from '../../src/model/resource.ts';
import {
  countReused,
  indexMissing,
  planAddressCreations,
  planUploads,
  withDependencies,
} from '../../src/plan/contents.ts';
import { planChanges } from '../../src/plan/plan.ts';
import {
  addressValue,
  desiredGroup,
  documentValue,
  observedWorld,
  planInput,
  REGISTRATION,
  textValue,
} from '../support/plan-inputs.ts';

test('Content that several give is named after its manifest, whoever comes first.', () => {
  const group = (name: string, given: string | null) =>
    desiredGroup({
      name,
      values: [documentValue('registration', REGISTRATION, { name: given })],
      definitions: [REGISTRATION],
    });
  const namesOf = (...names: readonly (string | null)[]) => {
    const groups = names.map((given, index) => group(`group-${index}`, given));
    const { changes } = planChanges(planInput({ RequirementGroup: groups, observed: observedWorld({}) }));
    return changes.filter(({ kind }) => kind === 'Document').map(({ name }) => name);
  };
  expect(namesOf(null, 'z-registration')).toEqual(['z-registration']);
  expect(namesOf('z-registration', null)).toEqual(['z-registration']);
  expect(namesOf('b', 'a')).toEqual(['a']);
  expect(namesOf(null, null)).toEqual([`group-0/${REGISTRATION.id}`]);
});

const line = (number: number) => ({ file: 'groups/a.yaml', line: number, column: 1 });

function document(content: string, given: Partial<DesiredDocument> = {}): DesiredDocument {
  const value = documentValue(content, REGISTRATION, given);
  if (value.content.kind !== 'document') throw new Error('It is no document');
  return value.content.document;
}

function address(street: string, given: Partial<DesiredAddress> = {}): DesiredAddress {
  const value = addressValue(street, given);
  if (value.content.kind !== 'address') throw new Error('It is no address');
  return value.content.address;
}

const upload = (content: string, given: Partial<DesiredDocument> = {}): WritableValue => ({
  kind: 'document',
  document: document(content, given),
  reuse: null,
});
const creation = (street: string, given: Partial<DesiredAddress> = {}): WritableValue => ({
  kind: 'address',
  address: address(street, given),
  reuse: null,
});
const reused = (value: WritableValue): WritableValue =>
  value.kind === 'document' || value.kind === 'address' ? { ...value, reuse: asRemoteId('there') } : value;

/** What writes these values, for requirements `r0`, `r1`, … */
function writing(name: string, ...values: readonly WritableValue[]): WritingChange {
  const writes = values.map((value, index) => ({ value, requirementId: `r${index}` }));
  return { name, writes, dependsOn: [] } as unknown as WritingChange;
}

describe('what has to be made before others can refer to it', () => {
  const text = { kind: 'text', text: textValue('x').content } as unknown as WritableValue;
  const remote: WritableValue = { kind: 'remote', id: asRemoteId('remote') };

  it('is each document once, and each address, by name, with all of its content', () => {
    const changes = [
      writing('z', upload('one'), text, creation('Beispielweg 1', { validateAddress: true })),
      writing('b', upload('two', { name: 'm', source: line(7) }), remote, creation('Beispielweg 2')),
      writing('c', creation('Beispielweg 1', { source: line(9) }), upload('one', { source: line(8) })),
    ];
    expect(planUploads(changes)).toEqual([
      { kind: 'Document', name: 'c/r1', source: line(8), document: document('one', { source: line(8) }) },
      {
        kind: 'Document',
        name: 'm',
        source: line(7),
        document: document('two', { name: 'm', source: line(7) }),
      },
    ]);
    expect(planAddressCreations(changes)).toEqual([
      { kind: 'Address', name: 'b/r2', source: line(1), address: address('Beispielweg 2') },
      {
        kind: 'Address',
        name: 'c/r0',
        source: line(9),
        address: address('Beispielweg 1', { source: line(9) }),
      },
    ]);
  });

  it('is nothing that is there already', () => {
    const there = [writing('a', reused(upload('one')), reused(creation('Beispielweg 1')), text, remote)];
    expect([planUploads(there), planAddressCreations(there)]).toEqual([[], []]);
    const mixed = [writing('a', reused(upload('one')), upload('two'), reused(creation('1')), creation('2'))];
    expect(planUploads(mixed).map(({ name }) => name)).toEqual(['a/r1']);
    expect(planAddressCreations(mixed).map(({ name }) => name)).toEqual(['a/r3']);
  });

  it.each<[string, readonly (string | null)[], string]>([
    ['inline alone', [null, null], 'g0/r0'],
    ['by its manifest, after it was given inline', [null, 'named'], 'named'],
    ['by its manifest, before it is given inline', ['named', null], 'named'],
    ['by a manifest whose name comes after what it would be called inline', [null, 'zz'], 'zz'],
    ['by several manifests', ['m2', 'm1', null], 'm1'],
  ])('is named once where it is given %s', (_, names, expected) => {
    const documents = names.map((name, index) => writing(`g${index}`, upload('same', { name })));
    const addresses = names.map((name, index) => writing(`g${index}`, creation('same', { name })));
    expect(planUploads(documents).map(({ name }) => name)).toEqual([expected]);
    expect(planAddressCreations(addresses).map(({ name }) => name)).toEqual([expected]);
  });
});

describe('what a change waits for', () => {
  const uploads = (...contents: readonly string[]): DocumentChange[] =>
    contents.map((content) => ({
      kind: 'Document',
      name: `document-${content}`,
      source: line(1),
      document: document(content),
    }));
  const creations = (...streets: readonly string[]): AddressChange[] =>
    streets.map((street) => ({
      kind: 'Address',
      name: `address-${street}`,
      source: line(1),
      address: address(street),
    }));

  it('is what it refers to and has to be made, documents first, each once, and then what it waits for besides', () => {
    const change = {
      ...writing('a', creation('2'), upload('y'), upload('x'), creation('1'), upload('x'), upload('there')),
      dependsOn: ['RequirementGroup/before'],
    } as WritingChange;
    const missing = indexMissing(uploads('x', 'y', 'other'), creations('1', '2', 'other'));
    expect(withDependencies(change, missing)).toEqual({
      ...change,
      dependsOn: [
        'Document/document-x',
        'Document/document-y',
        'Address/address-1',
        'Address/address-2',
        'RequirementGroup/before',
      ],
    });
  });

  it('is nothing where all is there', () => {
    const change = writing('a', upload('x'), creation('1'), { kind: 'remote', id: asRemoteId('r') });
    expect(withDependencies(change, indexMissing([], []))).toEqual(change);
  });
});

describe('how much is used again', () => {
  const content = (value: WritableValue): BoundValue['content'] => value as unknown as BoundValue['content'];
  const id = (kind: 'document_id' | 'address_id', name: string): BoundValue['content'] => ({
    kind,
    id: asRemoteId(name),
  });

  it('is each content once that need not be made', () => {
    const stated = [
      content(upload('one')),
      content(upload('one')),
      content(upload('two')),
      id('document_id', 'd'),
      id('document_id', 'd'),
      content(creation('1')),
      content(creation('1')),
      id('address_id', 'a'),
      id('address_id', 'b'),
      textValue('x').content,
    ];
    expect(countReused(stated, [], [])).toEqual({ documents: 3, addresses: 3 });
    const changes = [writing('a', upload('one'), creation('1'))];
    const made = [planUploads(changes), planAddressCreations(changes)] as const;
    expect(countReused(stated, ...made)).toEqual({ documents: 2, addresses: 2 });
    expect(countReused([textValue('x').content], [], [])).toEqual({ documents: 0, addresses: 0 });
  });
});
