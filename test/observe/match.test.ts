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
const OURS = { scope: SCOPE };
const codes = (problems: readonly { readonly code: string }[]) => problems.map(({ code }) => code);

describe('which group a manifest means', () => {
  it('the one with its reference and combination', () => {
    const { matches, orphans } = matchGroups(OURS, [desired('a')], [observed('1', 'regsync/acme/a')]);
    expect(matches.get('a')?.group?.id).toBe('1');
    expect(orphans).toEqual([]);
  });

  it('the one with its id, whatever it is called', () => {
    const { matches } = matchGroups(OURS, [desired('a', { id: pin('9') })], [observed('9', 'THEIR REF')]);
    expect(matches.get('a')?.group?.id).toBe('9');
  });

  it('none, of another scope that only looks alike', () => {
    const others = [
      'regsync/acme2/a',
      'regsync/ACME/a',
      'xregsync/acme/a',
      'regsync/acme',
      'regsync/acme/a/b',
    ];
    const { matches, orphans, ownedGroups } = matchGroups(
      OURS,
      [desired('a')],
      others.map((reference, index) => observed(String(index), reference)),
    );
    expect(matches.get('a')?.group).toBeNull();
    expect(orphans.map(({ reference }) => reference)).toEqual(['regsync/acme/a/b']);
    expect(ownedGroups).toBe(1);
  });

  it.each([
    ['blanks at its ends', ' regsync/acme/a\u00a0', 'regsync/acme/a'],
    ['another Unicode form', 'Zu\u0308rich', 'Z\u00fcrich'],
  ])('the one whose reference came back with %s', (_, live, stated) => {
    const group = desired('a', {
      reference: asReference(stated),
      statesReference: stated !== 'regsync/acme/a',
    });
    const { matches, orphans } = matchGroups(OURS, [group], [observed('1', live)]);
    expect([matches.get('a')?.group?.id, orphans]).toEqual(['1', []]);
  });

  it.each([
    ['country', { countryCode: 'FR' }],
    ['type', { phoneNumberType: 'mobile' }],
    ['action', { action: 'porting' }],
  ])('none of another %s', (_, other) => {
    const group = observed('1', 'MY REF', {
      combination: { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering', ...other },
    });
    const manifest = desired('a', { reference: asReference('MY REF'), statesReference: true });
    expect(matchGroups(OURS, [manifest], [group]).matches.get('a')).toMatchObject({
      group: null,
      superseded: [{ id: '1' }],
    });
  });

  it('a group that changed its name in the manifest but keeps its id is no orphan', () => {
    const { orphans } = matchGroups(
      OURS,
      [desired('new', { id: pin('1') })],
      [observed('1', 'regsync/acme/old')],
    );
    expect(orphans).toEqual([]);
  });

  it('a group with the same reference and another combination is superseded', () => {
    const { matches, orphans } = matchGroups(
      OURS,
      [desired('a')],
      [observed('1', 'regsync/acme/a', { combination: FRENCH })],
    );
    expect(matches.get('a')).toMatchObject({ group: null, superseded: [{ id: '1' }] });
    expect(orphans).toEqual([]);
  });

  it('a group that is no longer eligible beside its successor is superseded, not a duplicate', () => {
    const old = observed('1', 'regsync/acme/a', { status: 'no-longer-eligible' });
    const { matches, refusals } = matchGroups(OURS, [desired('a')], [old, observed('2', 'regsync/acme/a')]);
    expect(matches.get('a')).toMatchObject({ group: { id: '2' }, superseded: [{ id: '1' }] });
    expect(refusals).toEqual([]);
  });

  it('two manifests may share a reference across combinations without superseding each other', () => {
    const reference = asReference('MY REF');
    const both = [
      desired('de', { reference, statesReference: true }),
      desired('fr', { reference, statesReference: true, combination: FRENCH }),
    ];
    const { matches } = matchGroups(OURS, both, [
      observed('1', 'MY REF'),
      observed('2', 'MY REF', { combination: FRENCH }),
    ]);
    expect(matches.get('de')).toMatchObject({ group: { id: '1' }, superseded: [] });
    expect(matches.get('fr')).toMatchObject({ group: { id: '2' }, superseded: [] });
  });
});

describe('what is refused rather than guessed', () => {
  it('several groups with one reference and combination: that manifest means none of them, the others are as before', () => {
    const { matches, orphans, unclaimed, refusals } = matchGroups(
      OURS,
      [desired('a'), desired('b')],
      [
        observed('2', 'regsync/acme/a', { createdAt: '2026-05-02T10:00:00.000Z' }),
        observed('3', 'regsync/acme/a ', { createdAt: null }),
        observed('4', 'regsync/acme/b'),
        observed('1', 'regsync/acme/a', { createdAt: '2026-05-01T10:00:00.000Z' }),
      ],
    );
    const { group, rivals } = matches.get('a') ?? {};
    expect([group, rivals?.map(({ id }) => id)]).toEqual([null, ['1', '2', '3']]);
    expect(matches.get('b')).toEqual({ group: expect.objectContaining({ id: '4' }), superseded: [] });
    expect([orphans, unclaimed, refusals]).toEqual([[], [], []]);
  });

  it('none of several where an id: says which; the other is an orphan then', () => {
    const { matches, orphans } = matchGroups(
      OURS,
      [desired('a', { id: pin('2') })],
      [observed('1', 'regsync/acme/a'), observed('2', 'regsync/acme/a')],
    );
    expect(matches.get('a')).toEqual({ group: expect.objectContaining({ id: '2' }), superseded: [] });
    expect(orphans.map(({ id }) => id)).toEqual(['1']);
  });

  it('a group that one manifest claims by id and another by its reference', () => {
    const { refusals } = matchGroups(
      OURS,
      [desired('a'), desired('b', { id: pin('1') })],
      [observed('1', 'regsync/acme/a')],
    );
    expect(codes(refusals)).toEqual(['group-claimed-twice']);
  });

  it('none of two with one reference where one manifest claims the other by id', () => {
    const { matches, orphans, refusals } = matchGroups(
      OURS,
      [desired('a'), desired('b', { id: pin('2') })],
      [observed('1', 'regsync/acme/a'), observed('2', 'regsync/acme/a')],
    );
    expect([matches.get('a')?.group?.id, matches.get('b')?.group?.id]).toEqual(['1', '2']);
    expect([matches.get('a')?.rivals, orphans, refusals]).toEqual([undefined, [], []]);
  });

  it('a group of another scope, whoever pins it', () => {
    const { refusals, problems } = matchGroups(
      OURS,
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
    const { problems } = matchGroups(OURS, [desired('a', { id: pin('1') })], groups);
    expect(codes(problems)).toEqual([code]);
    expect(problems[0]?.source).toEqual({ file: 'groups/a.yaml', line: 4, column: 5 });
  });
});

describe('orphans', () => {
  it('are not what only looks like it: a reference that differs in blanks is found, and never owned', () => {
    const alike = [' regsync/acme/gone', '\u00a0regsync/acme/a', 'regsync/acme'];
    const groups = alike.map((reference, index) => observed(String(index), reference));
    const { orphans, unclaimed, matches } = matchGroups(OURS, [desired('a')], groups);
    expect(matches.get('a')?.group?.id).toBe('1');
    expect([orphans, unclaimed.map(({ id }) => id)]).toEqual([[], ['0', '2']]);
  });

  it('are groups of the scope that no manifest means; groups with a reference of their own never are', () => {
    const { orphans, ownedGroups } = matchGroups(
      OURS,
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

describe('a former scope', () => {
  const RENAMED = { scope: 'new', formerScope: 'old' };
  const renamed = (name: string, given: Partial<DesiredGroup> = {}) =>
    desired(name, { reference: asReference(`regsync/new/${name}`), ...given });

  it('lends its groups to the manifests of their names, and leaves the others unclaimed', () => {
    const { matches, orphans, unclaimed, ownedGroups } = matchGroups(
      RENAMED,
      [renamed('a'), renamed('b')],
      [observed('1', 'regsync/old/a'), observed('2', 'regsync/old/gone'), observed('3', 'regsync/other/b')],
    );
    expect([matches.get('a')?.group?.id, matches.get('b')?.group]).toEqual(['1', null]);
    expect(orphans).toEqual([]);
    expect(unclaimed.map(({ id }) => id)).toEqual(['2', '3']);
    expect(ownedGroups).toBe(1);
  });

  it('comes after the scope itself', () => {
    const { matches, unclaimed } = matchGroups(
      RENAMED,
      [renamed('a')],
      [observed('1', 'regsync/old/a'), observed('2', 'regsync/new/a')],
    );
    expect(matches.get('a')?.group?.id).toBe('2');
    expect(unclaimed.map(({ id }) => id)).toEqual(['1']);
  });

  it.each([
    ['of another combination', { combination: FRENCH }],
    ['that is no longer eligible', { status: 'no-longer-eligible' }],
  ])('lends no group %s, and none of it is superseded', (_, given) => {
    const { matches, unclaimed } = matchGroups(
      RENAMED,
      [renamed('a')],
      [observed('1', 'regsync/old/a', given)],
    );
    expect(matches.get('a')).toEqual({ group: null, superseded: [] });
    expect(unclaimed).toHaveLength(1);
  });

  it('says nothing about a manifest with a reference of its own', () => {
    const own = renamed('a', { reference: asReference('MY REF'), statesReference: true });
    expect(matchGroups(RENAMED, [own], [observed('1', 'regsync/old/a')]).matches.get('a')?.group).toBeNull();
  });

  it('of several groups with one name guesses none', () => {
    const both = [observed('1', 'regsync/old/a'), observed('2', 'regsync/old/a')];
    expect(matchGroups(RENAMED, [renamed('a')], both).matches.get('a')?.rivals).toHaveLength(2);
  });

  it('lets an id: name its groups; those of a third scope stay refused, with the line that changes that', () => {
    const pinned = [renamed('x', { id: pin('1') }), renamed('y', { id: pin('2') })];
    const { matches, refusals } = matchGroups(RENAMED, pinned, [
      observed('1', 'regsync/old/a'),
      observed('2', 'regsync/third/b'),
    ]);
    expect(matches.get('x')?.group?.id).toBe('1');
    expect(codes(refusals)).toEqual(['foreign-group']);
    expect(refusals[0]?.hint).toContain('former_scope: third');
  });
});
