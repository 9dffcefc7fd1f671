import { describe, expect, it } from 'vitest';
import { type ApplySteps, takeOptionsOf } from '../../../src/cli/apply/apply-reviewed.ts';
import {
  findDeviationsFrom,
  judge,
  judgeAge,
  judgeGates,
  type Reviewed,
  refusalError,
} from '../../../src/cli/apply/judge.ts';
import { CLOSED_GATES } from '../../../src/model/plan/gates.ts';
import type { Plan, PlanChange, PlanDiagnostic } from '../../../src/model/plan/plan.ts';
import { groupChange } from '../../support/changes.ts';

const GERMAN = groupChange({ digest: 'd1', consequences: [] });
const FRENCH = groupChange({ name: 'acme-fr', id: 'group-2', digest: 'd2', consequences: [] });
const orphan = groupChange({ name: 'acme-it', actions: ['delete'] }, { verb: 'delete', status: 'approved' });
const CLOSED = {
  paths: [],
  targets: [],
  ...CLOSED_GATES,
};

function planOf(changes: readonly PlanChange[], given: Partial<Plan> = {}): Plan {
  const plan = { changes, diagnostics: [], users: [], options: CLOSED, fingerprint: 'a1b2c3d4e5'.repeat(6) };
  return { ...plan, ...given } as Partial<Plan> as Plan;
}

const diagnostic = (code: string, message: string) =>
  ({ severity: 'error', code, message, name: 'acme-de' }) as unknown as PlanDiagnostic;

describe('an apply', () => {
  const nothing = planOf([]);
  const plan = planOf([GERMAN]);
  const NONE = { kind: 'none', why: 'nothing was reviewed' } as const;
  const byFingerprint = (fingerprint: string) => ({ kind: 'fingerprint', fingerprint }) as const;
  const STALE = 'the manifests or Telnyx changed since that review';

  it.each<[string, Reviewed, Plan]>([
    ['of what was reviewed', { kind: 'plan', plan }, plan],
    ['of a part of what was reviewed', { kind: 'plan', plan: planOf([GERMAN, FRENCH]) }, plan],
    ['with the whole fingerprint', byFingerprint(plan.fingerprint), plan],
    ['with eight digits of it', byFingerprint('a1b2c3d4'), plan],
    ['that needs no review', { kind: 'waived' }, plan],
    ['of nothing, whatever was reviewed', byFingerprint('ffffffff'), nothing],
    ['of nothing, by a plan of something', { kind: 'plan', plan }, nothing],
    ['of nothing, without a review', NONE, nothing],
  ])('%s goes on', (_, reviewed, fresh) => {
    expect(judge(reviewed, fresh)).toBeNull();
  });

  it('that nobody reviewed is refused for that', () => {
    expect(judge(NONE, plan)).toEqual({ cause: 'review', message: NONE.why, differences: [] });
  });

  it.each(['ffffffff', 'b2c3d4e5', `${plan.fingerprint}0`])(
    'by the fingerprint %s of another plan is refused',
    (given) => {
      expect(judge(byFingerprint(given), plan)).toEqual({
        cause: 'review',
        message: `the plan is now a1b2c3d4, not ${given.slice(0, 8)}: ${STALE}, that plan had other gates, paths or targets, or the fingerprint is mistyped`,
        differences: [],
      });
    },
  );

  it('of more than was reviewed is refused, with what differs', () => {
    const refusal = judge({ kind: 'plan', plan }, planOf([GERMAN, FRENCH]));
    expect(refusal).toMatchObject({ cause: 'review', message: STALE });
    expect(refusal?.differences.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      'RequirementGroup/acme-fr',
    ]);
  });

  it('of the plan of another account is refused before anything is compared', () => {
    const elsewhere = planOf([FRENCH], { users: ['«1»'] });
    const refusal = judge({ kind: 'plan', plan: planOf([GERMAN], { users: ['«2»'] }) }, elsewhere);
    expect(refusal).toEqual({
      cause: 'review',
      message: expect.stringContaining('account'),
      differences: [],
    });
  });

  it.each<[string, Reviewed]>([
    ['with a review', { kind: 'plan', plan }],
    ['without one', NONE],
    ['that needs none', { kind: 'waived' }],
  ])('%s is refused at a closed gate, and each gate is named', (_, reviewed) => {
    const diagnostics = [diagnostic('needs-allow-replace', 'one'), diagnostic('too-many-deletes', 'two')];
    for (const changes of [[], [GERMAN]]) {
      expect(judge(reviewed, planOf(changes, { diagnostics }))).toEqual({
        cause: 'gate',
        message: 'one; two',
        differences: [],
      });
    }
  });

  it('goes on past what leaves only one object out', () => {
    const diagnostics = [diagnostic('duplicate-groups', 'two groups')];
    expect(judge({ kind: 'plan', plan }, planOf([GERMAN], { diagnostics }))).toBeNull();
  });

  it('needs each gate opened where it runs, whatever the reviewed plan was allowed', () => {
    const sayShut = (gates: readonly { readonly gate: string }[]) => gates.map(({ gate }) => gate).join(', ');
    const steps = { sayShut } as Partial<ApplySteps> as ApplySteps;
    const deleting = planOf([GERMAN, orphan], {
      options: { ...CLOSED, prune: true, allow_delete: ['acme-it'] },
    });
    const judged = (open: object) => judgeGates(deleting, { ...CLOSED, ...open }, steps);
    expect(judged({})).toEqual({ cause: 'gate', message: 'prune, allow_delete', differences: [] });
    expect(judged({ prune: true })).toEqual({ cause: 'gate', message: 'allow_delete', differences: [] });
    expect(judged({ prune: true, allow_delete: ['acme-it'] })).toBeNull();
  });
});

describe('an apply of several reviewed plans', () => {
  const both = planOf([GERMAN, FRENCH]);
  const german = planOf([GERMAN]);
  const french = planOf([FRENCH]);
  const older = planOf([groupChange({ digest: 'd0', consequences: [] })]);
  const unseen = {
    kind: 'RequirementGroup',
    name: 'acme-fr',
    message: expect.stringMatching(/ is not in the reviewed plan$/),
  };
  const changed = {
    kind: 'RequirementGroup',
    name: 'acme-de',
    message: 'its manifest changed since the plan was reviewed',
  };

  it.each<[string, readonly Plan[], readonly unknown[]]>([
    ['goes on where each change is in one of them', [german, french], []],
    ['goes on where one of them has all', [older, both], []],
    ['goes on where a later one has a change otherwise', [german, french, older], []],
    ['names a change that none of them shows', [german, german], [unseen]],
    ['says of a change that one of them shows what differs there', [french, older], [changed]],
    ['says so whichever comes first', [older, french], [changed]],
  ])('%s', (_, plans, deviations) => {
    expect(findDeviationsFrom(plans, both)).toEqual(deviations);
    const [plan = both, ...others] = plans;
    expect(judge({ kind: 'plan', plan, others }, both)?.differences ?? []).toEqual(deviations);
  });

  it('is refused where one of them is of another account', () => {
    const elsewhere = planOf([FRENCH], { users: ['«b»'] });
    const fresh = planOf([GERMAN, FRENCH], { users: ['«a»'] });
    expect(judge({ kind: 'plan', plan: german, others: [elsewhere] }, fresh)).toEqual({
      cause: 'review',
      message: 'the reviewed plan was made for another Telnyx account: its groups belong to another user',
      differences: [],
    });
  });

  const withOptions = (options: Partial<Plan['options']>) =>
    planOf([], { options: { ...CLOSED, ...options } });

  it.each<[string, readonly Plan[], Partial<Plan['options']>, Partial<Plan['options']>]>([
    ['what is stated, without any', [], { paths: ['a'] }, { paths: ['a'] }],
    [
      'what the only one has',
      [withOptions({ prune: true, paths: ['a'] })],
      {},
      { prune: true, paths: ['a'] },
    ],
    [
      'every gate that one of them has open',
      [
        withOptions({ prune: true }),
        withOptions({ allow_replace: true }),
        withOptions({ allow_orders: true, allow_actions: false }),
      ],
      {},
      { prune: true, allow_replace: true, allow_orders: true, allow_actions: false },
    ],
    [
      'every name that one of them lets go, once',
      [withOptions({ allow_delete: ['b'] }), withOptions({ allow_delete: ['a', 'b'] })],
      {},
      { allow_delete: ['a', 'b'] },
    ],
    ['no gate where none has it open', [withOptions({}), withOptions({})], {}, {}],
  ])('has %s', (_, plans, stated, expected) => {
    expect(takeOptionsOf(plans, { ...CLOSED, ...stated })).toEqual({ ...CLOSED, ...expected });
  });

  it.each<Partial<Plan['options']>>([{ paths: ['a'] }, { targets: ['a'] }, { shard: '1/2' }])(
    'is refused where one is of %j and another is not',
    (options) => {
      expect(() => takeOptionsOf([withOptions({}), withOptions(options)], CLOSED)).toThrow(
        'nothing was applied: the reviewed plans have different paths, targets or shards. Add the same paths, --target and --shard to this apply.',
      );
    },
  );
});

describe('a run of an older commit', () => {
  const what = 'main has moved on to 1234567';
  const refused = (why: string) => ({
    cause: 'outrun',
    message: `${what}, ${why}. Wait for the run of that commit, or start it again`,
    differences: [],
  });
  const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => groupChange({ name }));

  it('goes on where there is no newer one', () => {
    expect(judgeAge(planOf([GERMAN]), null)).toBeNull();
  });

  it('goes on where the newest commit wants the same, and more', () => {
    expect(judgeAge(planOf([GERMAN]), { what, plan: planOf([FRENCH, GERMAN]), unknown: null })).toBeNull();
  });

  it.each<[string, readonly PlanChange[], Plan | null, string]>([
    ['wants one of its changes otherwise', [GERMAN, FRENCH], planOf([GERMAN]), 'RequirementGroup/acme-fr'],
    ['keeps nothing of the scope', [GERMAN], null, 'RequirementGroup/acme-de'],
    [
      'wants five otherwise',
      many.slice(0, 5),
      planOf([]),
      'RequirementGroup/a, RequirementGroup/b, RequirementGroup/c, RequirementGroup/d, RequirementGroup/e',
    ],
    [
      'wants seven otherwise',
      many,
      planOf([]),
      'RequirementGroup/a, RequirementGroup/b, RequirementGroup/c, RequirementGroup/d, RequirementGroup/e, 2 more',
    ],
  ])('is refused where the newest %s', (_, changes, newest, names) => {
    expect(judgeAge(planOf(changes), { what, plan: newest, unknown: null })).toEqual(
      refused(`which changes otherwise: ${names}`),
    );
  });

  it('is refused where nobody knows what the newest wants, even if nothing is known to differ', () => {
    const unknown = 'and its manifests are invalid';
    expect(judgeAge(planOf([GERMAN]), { what, plan: null, unknown })).toEqual(refused(unknown));
  });
});

describe('a refusal', () => {
  it('says what differs beside the reason, each in its place', () => {
    const differences = [{ kind: 'NumberOrder', name: 'acme', message: 'has another number' }] as const;
    expect(refusalError({ message: 'it is stale', differences })).toMatchObject({
      message: 'nothing was applied: it is stale; NumberOrder/acme: has another number',
    });
    expect(refusalError({ message: 'it is stale', differences: [] }).message).toBe(
      'nothing was applied: it is stale',
    );
  });
});
