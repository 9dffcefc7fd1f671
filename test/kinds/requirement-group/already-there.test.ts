import { describe, expect, it } from 'vitest';
import { asReference, asRemoteId, type BoundGroup, type ObservedGroup } from '../../../src/model/resource.ts';
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
  TEXT_ID,
  textValue,
} from '../../support/worlds.ts';

const HELD = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };

function copy(id: string, reference: string | null, given: Partial<ObservedGroup> = {}): ObservedGroup {
  return observedGroup(HELD, {
    id: asRemoteId(id),
    reference: reference === null ? null : asReference(reference),
    status: 'approved',
    ...given,
  });
}

/** What is said of the one group that is to be created beside these. */
function said(
  unclaimed: readonly ObservedGroup[],
  {
    group = desiredGroup(),
    formerScope,
  }: { readonly group?: BoundGroup; readonly formerScope?: string } = {},
): string[] {
  const world = observedWorld({
    documents: [observedDocument('doc-1', 'registration', { reference: null })],
    addresses: [observedAddress('900', ' Musterstraße  1', { reference: null })],
  });
  const former = formerScope === undefined ? {} : { formerScope };
  const { changes, attention } = planChanges(
    planInput({ RequirementGroup: [group], observed: { ...world, ...former, unclaimed } }),
  );
  expect(changes.some(({ kind, name }) => kind === 'RequirementGroup' && name === group.name)).toBe(true);
  return attention.filter(({ code }) => code === 'already-there').map(({ message }) => message);
}

describe('a group that would be made a second time', () => {
  it.each([
    ['an orphan, whose manifest was renamed', copy('1', 'regsync/acme/old')],
    ['one without a reference, whose manifest lost its id:', copy('1', null)],
    ['one with a reference of somebody else’s', copy('1', 'bought in 2024')],
    ['one that is not approved', copy('1', 'regsync/acme/old', { status: 'declined' })],
  ])('is %s: the line is its id:', (_, group) => {
    expect(said([group])).toEqual([expect.stringMatching(/add this line to the manifest: id: 1$/)]);
  });

  it.each<[string, Partial<ObservedGroup>]>([
    ['holds another text', observedGroup({ ...HELD, [TEXT_ID]: 'Somebody else' })],
    ['holds another document', observedGroup({ ...HELD, [DOCUMENT_ID]: 'doc-2' })],
    ['lacks a value', observedGroup({ [TEXT_ID]: 'Compliance desk' })],
    [
      'is for another country',
      { combination: { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' } },
    ],
    [
      'is for another action',
      { combination: { countryCode: 'DE', phoneNumberType: 'local', action: 'porting' } },
    ],
    ['cannot be used any more', { status: 'no-longer-eligible' }],
  ])('is none that %s', (_, given) => {
    expect(said([copy('1', null, { ...given, id: asRemoteId('1'), reference: null })])).toEqual([]);
  });

  it('is found by a document or an address alone: by its digest, by its fields', () => {
    const values = [documentValue('registration'), addressValue('Musterstraße 1')];
    const group = desiredGroup({ values, demands: [...desiredGroup().demands, LOCAL_ADDRESS] });
    const held = { [DOCUMENT_ID]: 'doc-1', [ADDRESS_ID]: '900' };
    const { requirements } = observedGroup(held);
    expect(said([copy('1', null, { requirements })], { group })).toHaveLength(1);
    const { requirements: other } = observedGroup({ ...held, [ADDRESS_ID]: '901' });
    expect(said([copy('1', null, { requirements: other })], { group })).toEqual([]);
  });

  it('is none where the manifest states no value: nothing could be told from that', () => {
    expect(said([copy('1', null)], { group: desiredGroup({ values: [], partial: true }) })).toEqual([]);
  });

  it('is compared in normal form', () => {
    const group = desiredGroup({ values: [textValue(' Compliance desk ')] });
    expect(said([copy('1', null)], { group })).toHaveLength(1);
  });

  it('is one of another scope by its name, whatever it holds: the line is former_scope', () => {
    const other = observedGroup({ [TEXT_ID]: 'Somebody else' });
    expect(said([copy('1', 'regsync/old/de-local', { requirements: other.requirements })])).toEqual([
      'would be created, although group 1 of the scope "old" (approved) has this name. If this repository had that scope before, add this line below "scope" in regsync.yaml to keep the group: former_scope: old',
    ]);
  });

  it('is one of another scope and another name by its values: the manifest is to be named so, too', () => {
    expect(said([copy('1', 'regsync/old/berlin')])).toEqual([
      'would be created, although group 1 of the scope "old" (approved) holds the same values. If this repository had that scope before, add this line below "scope" in regsync.yaml to keep the group and name this manifest "berlin": former_scope: old',
    ]);
    expect(said([copy('1', 'regsync/old/berlin')], { formerScope: 'old' })).toEqual([
      expect.stringMatching(/add this line to the manifest: id: 1$/),
    ]);
  });

  it('is the approved one of several; the others are named', () => {
    const several = [copy('1', null, { status: 'unapproved' }), copy('3', null), copy('2', null)];
    expect(said(several)).toEqual([expect.stringMatching(/id: 2 \(others like it: 3, 1\)$/)]);
    const many = Array.from({ length: 9 }, (_, index) => copy(String(index), null));
    expect(said(many)).toEqual([expect.stringMatching(/id: 0 \(others like it: 1, 2, 3 and more\)$/)]);
  });
});

it('says nothing of a manifest whose group exists, though others hold the same', () => {
  const observed = observedWorld({
    matches: { 'de-local': { group: observedGroup(HELD, { status: 'approved' }), superseded: [] } },
    documents: [observedDocument('doc-1', 'registration')],
  });
  const input = planInput({
    RequirementGroup: [desiredGroup()],
    observed: { ...observed, unclaimed: [copy('1', null), copy('2', 'regsync/old/de-local')] },
  });
  expect(planChanges(input).attention).toEqual([]);
});
