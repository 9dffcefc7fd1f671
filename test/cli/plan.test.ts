import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeOptions } from '../../src/cli/apply/reviewed-options.ts';
import { exitCodeOf, planOptionsOf, refuseAudience } from '../../src/cli/plan.ts';
import type { Terminal } from '../../src/cli/session/terminal.ts';
import { InvalidInputError } from '../../src/model/errors.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';
import type { Attention, Plan, PlanOptions } from '../../src/model/plan/plan.ts';
import { groupChange } from '../support/changes.ts';

describe('--show-values', () => {
  const places = [true, false].flatMap((isOutTerminal) =>
    [{}, { CI: '' }, { CI: 'true' }, { CI: 'false' }, { CI: '1' }].flatMap((env) =>
      (['text', 'json', 'markdown'] as const).map((format) => [isOutTerminal, env, format] as const),
    ),
  );
  const isForAPerson = ([isOutTerminal, { CI = '' }, format]: (typeof places)[number]) =>
    isOutTerminal && CI === '' && format === 'text';

  it.each(places.filter(isForAPerson))(
    'shows them on a terminal (%j), with %j, as %s',
    (isOutTerminal, env, format) => {
      expect(() => refuseAudience({ isOutTerminal, env }, { format })).not.toThrow();
    },
  );

  it.each(places.filter((place) => !isForAPerson(place)))(
    'is refused where stdout is a terminal or not (%j), with %j, as %s',
    (isOutTerminal, env, format) => {
      expect(() => refuseAudience({ isOutTerminal, env }, { format })).toThrow(
        new InvalidInputError(
          '--show-values works on a terminal only: not in a pipe, a file, JSON, Markdown, or with CI set. Drop it',
        ),
      );
    },
  );
});

const CLOSED: PlanOptions = {
  paths: [],
  targets: [],
  ...CLOSED_GATES,
};

describe('what a plan keeps of its command line', () => {
  const terminal = { cwd: join(tmpdir(), 'repo/groups'), env: { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '4' } };
  const options = (given: Parameters<typeof planOptionsOf>[3], paths: readonly string[] = []) =>
    planOptionsOf(terminal as Partial<Terminal> as Terminal, join(tmpdir(), 'repo'), paths, given);

  it.each([
    ['nothing', {}, CLOSED],
    ['--prune', { prune: true }, { ...CLOSED, prune: true }],
    ['--allow-replace', { allowReplace: true }, { ...CLOSED, allow_replace: true }],
    ['--allow-orders', { allowOrders: true }, { ...CLOSED, allow_orders: true }],
    ['each --allow-delete, in order', { allowDelete: ['b', 'a'] }, { ...CLOSED, allow_delete: ['a', 'b'] }],
    ['each --resubmit, in order', { resubmit: ['b', 'a'] }, { ...CLOSED, resubmit: ['a', 'b'] }],
    ['each --target, in order', { target: ['b', 'a'] }, { ...CLOSED, targets: ['a', 'b'] }],
    ['--shard', { shard: '3/8' }, { ...CLOSED, shard: '3/8' }],
    ['the shard that the environment names', { shard: 'auto' }, { ...CLOSED, shard: '2/4' }],
  ])('is, of %s, itself and nothing else', (_, given, kept) => {
    expect(options(given)).toEqual(kept);
  });

  it('is each path as the repository knows it, in order, wherever it was named from', () => {
    const paths = ['fr.yaml', '../groups/de.yaml', '..', '.'];
    expect(options({}, paths).paths).toEqual(['.', 'groups', 'groups/de.yaml', 'groups/fr.yaml']);
  });
});

describe('an apply of a reviewed plan', () => {
  const OPEN: PlanOptions = {
    paths: ['groups/de.yaml'],
    targets: ['de-local'],
    excludes: ['gb-*'],
    prune: true,
    allow_replace: true,
    allow_delete: ['de-local'],
    allow_orders: true,
    resubmit: ['de-local'],
    allow_actions: true,
    shard: '3/8',
    changed: { since: 'main', names: ['RequirementGroup/de-local'], removed: [] },
  };
  const planned = (options: PlanOptions) => ({ options }) as Plan;
  const WORDS: Readonly<Record<keyof PlanOptions, string>> = {
    paths: 'these paths',
    targets: 'this --target',
    excludes: 'this --exclude',
    prune: '--prune',
    allow_replace: '--allow-replace',
    allow_delete: 'this --allow-delete',
    allow_orders: '--allow-orders',
    resubmit: 'this --resubmit',
    allow_actions: '--allow-actions',
    shard: 'this --shard',
    changed: 'this --changed-since',
  };
  const OTHER = {
    paths: ['groups/fr.yaml'],
    targets: ['fr-local'],
    excludes: ['es-*'],
    allow_delete: ['fr-local'],
    resubmit: ['fr-local'],
    shard: '4/8',
    changed: { since: 'main', names: ['RequirementGroup/fr-local'], removed: [] },
  };

  it.each(Object.keys(WORDS) as (keyof PlanOptions)[])('takes %s from it, said again or not', (key) => {
    const { [key]: said } = OPEN;
    expect(takeOptions(planned(OPEN), CLOSED)).toEqual(OPEN);
    expect(takeOptions(planned(OPEN), { ...CLOSED, [key]: said })).toEqual(OPEN);
    expect(takeOptions(planned({ ...CLOSED, [key]: said }), CLOSED)).toEqual({ ...CLOSED, [key]: said });
  });

  it.each([
    ...Object.entries(OPEN).map(([key, said]) => [key, said, CLOSED] as const),
    ...Object.entries(OTHER).map(([key, said]) => [key, said, OPEN] as const),
  ])('refuses %s as %j that it was not made with', (key, said, options) => {
    const words = WORDS[key as keyof PlanOptions];
    expect(() => takeOptions(planned(options), { ...CLOSED, [key]: said })).toThrow(
      new InvalidInputError(
        `the reviewed plan was made without ${words}. Drop it here, or make a new plan with it`,
      ),
    );
  });

  it('names all that it was not made with at once', () => {
    expect(() => takeOptions(planned(CLOSED), { ...CLOSED, prune: true, shard: '3/8' })).toThrow(
      new InvalidInputError(
        'the reviewed plan was made without --prune and this --shard. Drop them here, or make a new plan with them',
      ),
    );
  });
});

describe('the exit code of a plan', () => {
  const attention = (code: Attention['code']) => ({ code }) as Attention;
  const NOTHING = { changes: [], attention: [] };
  const CHANGES = { changes: [groupChange()], attention: [attention('declined')] };
  const EXPIRING = { ...NOTHING, attention: [attention('under-review'), attention('expiring')] };
  const EXPIRED = { ...CHANGES, attention: [attention('expired')] };

  it.each([
    ['nothing differs', NOTHING, [0, 0, 0, 0]],
    ['something differs', CHANGES, [0, 2, 0, 2]],
    ['something expires soon', EXPIRING, [0, 0, 6, 6]],
    ['something has expired, and something differs', EXPIRED, [0, 2, 6, 6]],
  ])('where %s is one for each: no option, --detailed-exitcode, --fail-on-expiry, both', (_, made, codes) => {
    const options = [
      {},
      { detailedExitcode: true },
      { failOnExpiry: 0 },
      { detailedExitcode: true, failOnExpiry: 0 },
    ];
    expect(options.map((given) => exitCodeOf(made as Partial<Plan> as Plan, given))).toEqual(codes);
  });
});
