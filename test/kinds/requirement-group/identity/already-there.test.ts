import { describe, expect, it } from 'vitest';
import { alreadyThere } from '../../../../src/kinds/requirement-group/identity/already-there.ts';
import type { ObservedGroup } from '../../../../src/model/observed.ts';
import { asReference, asRemoteId, type BoundGroup } from '../../../../src/model/resource.ts';
import { planChanges } from '../../../../src/plan/plan.ts';
import {
  ADDRESS_ID,
  addressValue,
  DOCUMENT_ID,
  definition,
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
} from '../../../support/plan-inputs.ts';

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
    const group = desiredGroup({ values, definitions: [...desiredGroup().definitions, LOCAL_ADDRESS] });
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

describe('what is said of a group that would be made a second time', () => {
  const SOURCE = { file: 'groups/b.yaml', line: 7, column: 3 };
  const DATE = definition(TEXT_ID, 'Since', 'datetime');
  const world = observedWorld({
    documents: [
      observedDocument('doc-1', 'registration', { reference: null }),
      observedDocument('doc-2', 'registration', { sha256: null }),
      observedDocument('doc-3', 'registration', { sha256: null, reference: null }),
    ],
    addresses: [observedAddress('900', 'Beispielweg 1', { reference: null })],
  });
  const say = (
    unclaimed: readonly ObservedGroup[] | undefined,
    given: Partial<BoundGroup> = {},
    { group = null, formerScope }: { group?: ObservedGroup | null; formerScope?: string } = {},
  ) => {
    const observed = {
      ...world,
      ...(unclaimed === undefined ? {} : { unclaimed }),
      ...(formerScope === undefined ? {} : { formerScope }),
    };
    return alreadyThere(desiredGroup({ source: SOURCE, ...given }), { group, superseded: [] }, observed);
  };
  const there = (message: string) => [
    { code: 'already-there', name: 'de-local', message, source: { file: 'groups/b.yaml', line: 7 } },
  ];
  const holds = (id: string, called: string, status = 'approved', more = '') =>
    there(
      `would be created, although group ${id} (${called}, ${status}) is for DE/local/ordering and holds the same values. To keep that group, add this line to the manifest: id: ${id}${more}`,
    );
  const holding = (id: string, values: Record<string, string>, given: Partial<ObservedGroup> = {}) =>
    copy(id, null, { requirements: observedGroup(values).requirements, ...given });
  const FRENCH = { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' };

  it('is nothing where the manifest has its group, nor where nobody looked at the others', () => {
    expect(say([copy('1', null)], {}, { group: observedGroup({}) })).toEqual([]);
    expect(say(undefined)).toEqual([]);
    expect(say([])).toEqual([]);
  });

  it('is how it is called, at the line of the manifest', () => {
    expect(say([copy('1', null)])).toEqual(holds('1', 'without a reference'));
    expect(say([copy('1', 'PO "7"', { status: 'declined' })])).toEqual(
      holds('1', '"PO \\"7\\""', 'declined'),
    );
  });

  it.each([
    [2, ' (others like it: 1)'],
    [4, ' (others like it: 1, 2, 3)'],
    [5, ' (others like it: 1, 2, 3 and more)'],
    [9, ' (others like it: 1, 2, 3 and more)'],
  ])('is which others are like it: of %i', (count, more) => {
    const copies = Array.from({ length: count }, (_, index) => copy(String(index), null)).reverse();
    expect(say(copies)).toEqual(holds('0', 'without a reference', 'approved', more));
  });

  it('is the likeliest first: one that can be kept by its id, then what was approved, what is under review, and by id', () => {
    const copies = [
      copy('6', 'regsync/old/x'),
      copy('2', null, { status: 'declined' }),
      copy('1', null, { status: 'unapproved' }),
      copy('3', null, { status: 'pending-approval' }),
      copy('5', null),
      copy('4', null),
    ];
    expect(say(copies)).toEqual(
      holds('4', 'without a reference', 'approved', ' (others like it: 5, 3, 1 and more)'),
    );
  });

  it('is none of those that another scope owns, beside one that can be kept', () => {
    expect(say([copy('1', 'regsync/old/x'), copy('2', null, { status: 'declined' })])).toEqual(
      holds('2', 'without a reference', 'declined'),
    );
    expect(say([copy('1', 'regsync/old/x')], {}, { formerScope: 'old' })).toEqual(
      holds('1', '"regsync/old/x"'),
    );
  });

  it('is the one of its name in another scope, whatever others hold, and only for its combination', () => {
    const namesake = holding('2', { [TEXT_ID]: 'x' }, { reference: asReference('regsync/old/de-local') });
    const said = there(
      'would be created, although group 2 of the scope "old" (approved) has this name. If this repository had that scope before, add this line below "scope" in regsync.yaml to keep the group: former_scope: old',
    );
    expect(say([copy('1', null), namesake])).toEqual(said);
    expect(say([copy('1', null), namesake], { values: [], partial: true })).toEqual(said);
    expect(say([{ ...namesake, combination: FRENCH }])).toEqual([]);
    expect(say([{ ...namesake, reference: asReference('regsync/acme/de-local') }])).toEqual([]);
    expect(say([{ ...namesake, reference: asReference('regsync/old/sub/de-local') }])).toEqual([]);
  });

  it.each<[string, BoundGroup['values'][number], Record<string, string>, boolean]>([
    [
      'a date in another form',
      textValue('2026-03-01', DATE),
      { [TEXT_ID]: '2026-03-01T00:00:00+00:00' },
      true,
    ],
    ['a text that looks like a date', textValue('2026-03-01'), { [TEXT_ID]: ' 2026-03-01 ' }, true],
    ['another date', textValue('2026-03-01', DATE), { [TEXT_ID]: '2026-03-02' }, false],
    ['a text in another composition', textValue('Z\u00fcrich'), { [TEXT_ID]: ' Zu\u0308rich' }, true],
    ['no text', textValue('x'), { [TEXT_ID]: '' }, false],
    ['a document with its digest', documentValue('registration'), { [DOCUMENT_ID]: 'doc-1' }, true],
    ['a document with its reference', documentValue('registration'), { [DOCUMENT_ID]: 'doc-2' }, true],
    ['a document that says nothing', documentValue('registration'), { [DOCUMENT_ID]: 'doc-3' }, false],
    ['a document that is gone', documentValue('registration'), { [DOCUMENT_ID]: 'doc-9' }, false],
    ['the address', addressValue('Beispielweg 1'), { [ADDRESS_ID]: '900' }, true],
    ['another address', addressValue('Beispielweg 2'), { [ADDRESS_ID]: '900' }, false],
    ['an address that is gone', addressValue('Beispielweg 1'), { [ADDRESS_ID]: '901' }, false],
    ['the value of another requirement', textValue('x'), { [DOCUMENT_ID]: 'x' }, false],
  ])('is something or nothing where it holds %s', (_, value, values, isSaid) => {
    expect(say([holding('1', values)], { values: [value] })).toEqual(
      isSaid ? holds('1', 'without a reference') : [],
    );
  });

  it('is nothing where nobody holds any of the values, or where there is no group of the combination', () => {
    const values = [textValue('nobody'), documentValue('nothing')];
    expect(say([copy('1', null)], { values })).toEqual([]);
    expect(say([], { values: [addressValue('Beispielweg 1')] })).toEqual([]);
    const french = holding('1', { [ADDRESS_ID]: '900' }, { combination: FRENCH });
    expect(say([french], { values: [addressValue('Beispielweg 1')] })).toEqual([]);
  });

  it('is nothing where a group lacks the address that is stated', () => {
    const values = [textValue('Compliance desk'), addressValue('Beispielweg 1')];
    const held = { [TEXT_ID]: 'Compliance desk' };
    expect(say([holding('1', held)], { values })).toEqual([]);
    expect(say([holding('1', { ...held, [ADDRESS_ID]: '900' })], { values })).toHaveLength(1);
  });

  it('is of a requirement that stands there twice what stands last', () => {
    const twice = (...texts: readonly string[]) =>
      copy('1', null, {
        requirements: texts.flatMap((text) => observedGroup({ [TEXT_ID]: text }).requirements),
      });
    const values = [textValue('new')];
    expect(say([twice('old', 'new')], { values })).toHaveLength(1);
    expect(say([twice('new', 'old')], { values })).toEqual([]);
  });

  it('is told for each reading of an account by itself', () => {
    expect(say([copy('1', null)])).toHaveLength(1);
    expect(say([copy('2', null)])).toEqual(holds('2', 'without a reference'));
  });
});
