import { describe, expect, it } from 'vitest';
import { matchGroups } from '../../../../src/kinds/requirement-group/identity/match.ts';
import type { ObservedGroup } from '../../../../src/model/observed.ts';
import { asReference, asRemoteId, type DesiredGroup } from '../../../../src/model/resource.ts';
import { desiredGroup, observedGroup, SCOPE } from '../../../support/plan-inputs.ts';

function desired(name: string, given: Partial<DesiredGroup> = {}): DesiredGroup {
  const { values: _, definitions: __, ...group } = desiredGroup({ name });
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
    const { matches, problems, refusals } = matchGroups(
      OURS,
      [desired('a', { id: pin('9') })],
      [observed('9', 'THEIR REF')],
    );
    expect(matches.get('a')?.group?.id).toBe('9');
    expect([problems, refusals]).toEqual([[], []]);
  });

  it('none where there is none, and nothing is wrong about that', () => {
    // What a scope that is not there would be called.
    const { matches, problems, refusals } = matchGroups(
      OURS,
      [desired('a')],
      [observed('1', 'regsync/undefined/a')],
    );
    expect(matches.get('a')).toEqual({ group: null, superseded: [] });
    expect([problems, refusals]).toEqual([[], []]);
  });

  it('of several manifests with one reference, superseded groups go to the one of their combination, else to the first by name', () => {
    const reference = asReference('MY REF');
    const state = (name: string, given: Partial<DesiredGroup> = {}) =>
      desired(name, { reference, statesReference: true, ...given });
    const ITALIAN = { ...FRENCH, countryCode: 'IT' };
    const SPANISH = { ...FRENCH, countryCode: 'ES' };
    const manifests = [
      state('c', { combination: FRENCH }),
      state('a'),
      state('b', { combination: ITALIAN }),
      desired('other'),
    ];
    const { matches, orphans, ownedGroups } = matchGroups(OURS, manifests, [
      observed('1', 'MY REF', { combination: FRENCH, status: 'no-longer-eligible' }),
      observed('2', 'MY REF', { combination: SPANISH }),
      observed('3', 'MY REF', { combination: ITALIAN }),
      observed('4', 'MY REF', { combination: SPANISH }),
    ]);
    const ids = Object.fromEntries(
      [...matches].map(([name, { group, superseded }]) => [
        name,
        [group?.id ?? null, superseded.map(({ id }) => id)],
      ]),
    );
    expect(ids).toEqual({ a: [null, ['2', '4']], b: ['3', []], c: [null, ['1']], other: [null, []] });
    expect([orphans, ownedGroups]).toEqual([[], 4]);
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
    const rivals = ['1', '2', '3'].map((id) => expect.objectContaining({ id }));
    expect(matches.get('a')).toEqual({ group: null, superseded: [], rivals });
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
    expect(refusals).toEqual([
      {
        severity: 'error',
        code: 'group-claimed-twice',
        message: '"a" and "b" both mean one group: the first by its reference, the second by `id:`',
        hint: 'Remove one of the two manifests, or give one its own `customer_reference`.',
        source: desired('a').source,
      },
    ]);
  });

  it.each([
    ['2', '1'],
    ['1', '2'],
  ])('none of two with one reference where one manifest claims one by id: %s leaves %s', (claimed, left) => {
    const { matches, orphans, refusals } = matchGroups(
      OURS,
      [desired('a'), desired('b', { id: pin(claimed) })],
      [observed('1', 'regsync/acme/a'), observed('2', 'regsync/acme/a')],
    );
    expect([matches.get('a')?.group?.id, matches.get('b')?.group?.id]).toEqual([left, claimed]);
    expect([matches.get('a')?.rivals, orphans, refusals]).toEqual([undefined, [], []]);
  });

  it('a group of another scope, whoever pins it', () => {
    const { refusals, problems } = matchGroups(
      OURS,
      [desired('a', { id: pin('1') })],
      [observed('1', 'regsync/other/a')],
    );
    expect(refusals).toEqual([
      {
        severity: 'error',
        code: 'foreign-group',
        message: 'group 1 belongs to another regsync scope: its reference is "regsync/other/a"',
        hint: 'Remove its manifest from the other repository first, or leave it alone here. If this repository had the scope "other" before, add this line below "scope" in regsync.yaml: former_scope: other',
        source: pin('1').source,
      },
    ]);
    expect(problems).toEqual([]);
  });
});

describe('an id: that is wrong is a problem at its line', () => {
  const REMOVE = 'Remove the line `id:` to create a new group.';
  it.each<[string, ObservedGroup[], string, string, string]>([
    [
      'absent',
      [observed('2', null)],
      'group-not-found',
      'Telnyx has no requirement group 1',
      'Correct `id:`, or remove that line to create a new group.',
    ],
    [
      'of another combination',
      [observed('1', null, { combination: FRENCH })],
      'pinned-group-differs',
      'group 1 is for FR/local/ordering, the manifest for DE/local/ordering; these are fixed when a group is created',
      REMOVE,
    ],
    [
      'no longer eligible',
      [observed('1', null, { status: 'no-longer-eligible' })],
      'pinned-group-ineligible',
      'group 1 can never be used again (no-longer-eligible)',
      REMOVE,
    ],
  ])('%s', (_, groups, code, message, hint) => {
    const { problems, refusals } = matchGroups(OURS, [desired('a', { id: pin('1') })], groups);
    expect(problems).toEqual([{ severity: 'error', code, message, hint, source: pin('1').source }]);
    expect(refusals).toEqual([]);
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
