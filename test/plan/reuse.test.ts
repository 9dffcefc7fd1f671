import { describe, expect, it } from 'vitest';
import { planChanges } from '../../src/plan/plan.ts';
import { findReusableAddress, findReusableDocument, rejectedDocuments } from '../../src/plan/reuse.ts';
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
} from '../support/worlds.ts';

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

describe('what has our reference and is something else', () => {
  const taken = observedDocument('taken', 'registration', { sha256: OTHER });
  const document = desiredGroup({ values: [documentValue('registration')], demands: [REGISTRATION] });
  const address = desiredGroup({ values: [addressValue('Musterstraße 1')], demands: [LOCAL_ADDRESS] });
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
        const input = planInput({ groups: [group], observed: observedWorld({ ...world, matches }) });
        const { changes, attention } = planChanges(input);
        expect(changes.map((change) => change.kind)).toEqual([made, 'RequirementGroup']);
        expect(attention.filter(({ code }) => code === 'reference-taken')).toEqual([
          {
            code: 'reference-taken',
            name: 'de-local',
            message: expect.stringMatching(
              new RegExp(`${kind} taken has the reference .* and ${why}; it is not used`),
            ),
            source,
          },
        ]);
      }
    },
  );

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
      groups: [{ ...document, approval: 'none' }],
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
