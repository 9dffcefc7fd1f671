import { describe, expect, it } from 'vitest';
import { asReference, asRemoteId, type DesiredGroup, type ObservedGroup } from '../../src/model/resource.ts';
import { matchGroups } from '../../src/observe/match.ts';
import { desiredGroup, observedGroup, SCOPE } from '../support/worlds.ts';

function desired(name: string, given: Partial<DesiredGroup> = {}): DesiredGroup {
  const { values: _, demands: __, ...group } = desiredGroup({ name });
  return { ...group, requirements: [], ...given };
}

function observed(id: string, reference: string | null, given: Partial<ObservedGroup> = {}): ObservedGroup {
  return observedGroup(
    {},
    {
      id: asRemoteId(id),
      reference: reference === null ? null : asReference(reference),
      ...given,
    },
  );
}

const pin = (id: string) => ({ id: asRemoteId(id), source: { file: 'groups/a.yaml', line: 4, column: 5 } });
const FRENCH = { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' };
const codes = (problems: readonly { readonly code: string }[]) => problems.map(({ code }) => code);

describe('which group a manifest means', () => {
  it('the one with its reference and combination', () => {
    const { matches, orphans } = matchGroups(SCOPE, [desired('a')], [observed('1', 'regsync/acme/a')]);
    expect(matches.get('a')?.group?.id).toBe('1');
    expect(orphans).toEqual([]);
  });

  it('the one with its id, whatever it is called', () => {
    const { matches } = matchGroups(SCOPE, [desired('a', { id: pin('9') })], [observed('9', 'THEIR REF')]);
    expect(matches.get('a')?.group?.id).toBe('9');
  });

  it('none, of another scope that only looks alike', () => {
    const others = [
      'regsync/acme2/a',
      'regsync/ACME/a',
      'xregsync/acme/a',
      'regsync/acme',
      'regsync/acme/a ',
    ];
    const { matches, orphans, ownedGroups } = matchGroups(
      SCOPE,
      [desired('a')],
      others.map((reference, index) => observed(String(index), reference)),
    );
    expect(matches.get('a')?.group).toBeNull();
    expect(orphans.map(({ reference }) => reference)).toEqual(['regsync/acme/a ']);
    expect(ownedGroups).toBe(1);
  });

  it('a group that changed its name in the manifest but keeps its id is no orphan', () => {
    const { orphans } = matchGroups(
      SCOPE,
      [desired('new', { id: pin('1') })],
      [observed('1', 'regsync/acme/old')],
    );
    expect(orphans).toEqual([]);
  });

  it('a group with the same reference and another combination is superseded', () => {
    const { matches, orphans } = matchGroups(
      SCOPE,
      [desired('a')],
      [observed('1', 'regsync/acme/a', { combination: FRENCH })],
    );
    expect(matches.get('a')).toMatchObject({ group: null, superseded: [{ id: '1' }] });
    expect(orphans).toEqual([]);
  });

  it('a group that is no longer eligible beside its successor is superseded, not a duplicate', () => {
    const old = observed('1', 'regsync/acme/a', { status: 'no-longer-eligible' });
    const { matches, refusals } = matchGroups(SCOPE, [desired('a')], [old, observed('2', 'regsync/acme/a')]);
    expect(matches.get('a')).toMatchObject({ group: { id: '2' }, superseded: [{ id: '1' }] });
    expect(refusals).toEqual([]);
  });

  it('two manifests may share a reference across combinations without superseding each other', () => {
    const reference = asReference('MY REF');
    const both = [
      desired('de', { reference, statesReference: true }),
      desired('fr', { reference, statesReference: true, combination: FRENCH }),
    ];
    const { matches } = matchGroups(SCOPE, both, [
      observed('1', 'MY REF'),
      observed('2', 'MY REF', { combination: FRENCH }),
    ]);
    expect(matches.get('de')).toMatchObject({ group: { id: '1' }, superseded: [] });
    expect(matches.get('fr')).toMatchObject({ group: { id: '2' }, superseded: [] });
  });
});

describe('what is refused rather than guessed', () => {
  it('several groups with one reference and combination, naming all ids', () => {
    const { refusals } = matchGroups(
      SCOPE,
      [desired('a')],
      [observed('1', 'regsync/acme/a'), observed('2', 'regsync/acme/a')],
    );
    expect(codes(refusals)).toEqual(['duplicate-groups']);
    expect(refusals[0]?.message).toContain('1, 2');
  });

  it('a group that one manifest claims by id and another by its reference', () => {
    const { refusals } = matchGroups(
      SCOPE,
      [desired('a'), desired('b', { id: pin('1') })],
      [observed('1', 'regsync/acme/a')],
    );
    expect(codes(refusals)).toEqual(['group-claimed-twice']);
  });

  it('a group of another scope, whoever pins it', () => {
    const { refusals, problems } = matchGroups(
      SCOPE,
      [desired('a', { id: pin('1') })],
      [observed('1', 'regsync/other/a')],
    );
    expect(codes(refusals)).toEqual(['foreign-group']);
    expect(problems).toEqual([]);
  });
});

describe('an id: that is wrong is a problem at its line', () => {
  it.each([
    ['absent', [], 'group-not-found'],
    ['of another combination', [observed('1', null, { combination: FRENCH })], 'pinned-group-differs'],
    [
      'no longer eligible',
      [observed('1', null, { status: 'no-longer-eligible' })],
      'pinned-group-ineligible',
    ],
  ])('%s', (_, groups, code) => {
    const { problems } = matchGroups(SCOPE, [desired('a', { id: pin('1') })], groups);
    expect(codes(problems)).toEqual([code]);
    expect(problems[0]?.source).toEqual({ file: 'groups/a.yaml', line: 4, column: 5 });
  });
});

describe('orphans', () => {
  it('are groups of the scope that no manifest means; groups with a reference of their own never are', () => {
    const { orphans, ownedGroups } = matchGroups(
      SCOPE,
      [desired('a')],
      [
        observed('1', 'regsync/acme/a'),
        observed('2', 'regsync/acme/gone'),
        observed('3', 'MY REF'),
        observed('4', null),
      ],
    );
    expect(orphans.map(({ id }) => id)).toEqual(['2']);
    expect(ownedGroups).toBe(2);
  });
});
