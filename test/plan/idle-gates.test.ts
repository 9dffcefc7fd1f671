import { expect, it } from 'vitest';
import type { Narrowing } from '../../src/model/plan/decisions.ts';
import { CLOSED_GATES, type Gates } from '../../src/model/plan/gates.ts';
import { sentence, typed } from '../../src/model/text/sentence.ts';
import { idleGates } from '../../src/plan/idle-gates.ts';
import { observedWorld, planInput } from '../support/plan-inputs.ts';

const ORPHANS = new Set(['acme-ams', 'acme-rtm']);

function said(gates: Partial<Gates>, narrowedBy: readonly Narrowing[] = [], orphans = ORPHANS): string[] {
  const observed = observedWorld({ matches: { 'de-local': { group: null, superseded: [] } } });
  const input = planInput({
    RequirementGroup: [],
    observed,
    gates: { ...CLOSED_GATES, ...gates },
    narrowedBy,
  });
  const idle = idleGates(input, orphans);
  expect(idle.every(({ severity }) => severity === 'warning')).toBe(true);
  return idle.map(({ message }) => message);
}

const PRUNE = { prune: true };
const deleting = (...names: string[]) => ({ allow_delete: names });
const NEEDLESS = 'only a run of all manifests prunes. ';

it.each<[string, Partial<Gates>, readonly Narrowing[], readonly string[]]>([
  ['no gate', {}, [], []],
  ['gates that may stay open', { allow_replace: true, allow_orders: true }, ['--target'], []],
  ['--prune of a whole run', PRUNE, [], []],
  [
    '--prune beside two narrowings',
    PRUNE,
    ['paths', '--shard'],
    [
      `--prune deletes nothing beside paths and --shard: ${NEEDLESS}To delete orphans, run it again without paths and --shard.`,
    ],
  ],
  ['--allow-delete of an orphan', { ...PRUNE, ...deleting('acme-ams') }, [], []],
  [
    '--allow-delete without --prune',
    deleting('acme-ams'),
    [],
    ['--allow-delete acme-ams deletes nothing: it needs --prune. Add --prune, or drop it.'],
  ],
  [
    'two of --allow-delete, mistyped and of nothing',
    { ...PRUNE, ...deleting('zzz', 'acme-am') },
    [],
    [
      '--allow-delete acme-am deletes nothing: no orphan has this name. Did you mean "acme-ams"?',
      '--allow-delete zzz deletes nothing: no orphan has this name. The orphans are: acme-ams, acme-rtm.',
    ],
  ],
  [
    '--allow-delete of a manifest',
    { ...PRUNE, ...deleting('de-local') },
    [],
    [
      '--allow-delete de-local deletes nothing: a manifest has this name. To delete its group, remove the manifest first.',
    ],
  ],
  [
    'both beside --target',
    { ...PRUNE, ...deleting('acme-ams') },
    ['--target'],
    [
      `--prune deletes nothing beside --target: ${NEEDLESS}To delete orphans, run it again without --target.`,
      `--allow-delete acme-ams deletes nothing: ${NEEDLESS}Run it again without --target.`,
    ],
  ],
])('%s', (_, gates, narrowedBy, messages) => {
  expect(said(gates, narrowedBy)).toEqual(messages);
});

it('names ten orphans and counts the others', () => {
  const many = new Set(Array.from({ length: 12 }, (_, index) => `old-${10 + index}`));
  const [message] = said({ ...PRUNE, ...deleting('zzz') }, [], many);
  expect(message).toMatch(/old-19 and 2 more\.$/);
  expect(said({ ...PRUNE, ...deleting('zzz') }, [], new Set())).toEqual([
    '--allow-delete zzz deletes nothing: no orphan exists. Drop it.',
  ]);
});

it('names orphans in order, in whichever order the account lists them', () => {
  expect(said({ ...PRUNE, ...deleting('zzz') }, [], new Set(['b-two', 'a-one']))).toEqual([
    '--allow-delete zzz deletes nothing: no orphan has this name. The orphans are: a-one, b-two.',
  ]);
});

it('counts one orphan more as well', () => {
  const eleven = new Set(Array.from({ length: 11 }, (_, index) => `old-${10 + index}`));
  expect(said({ ...PRUNE, ...deleting('zzz') }, [], eleven)).toEqual([
    expect.stringMatching(/old-19 and 1 more\.$/),
  ]);
});

it('is told of an orphan that its last manifest keeps, with the reason', () => {
  const kept = new Map([
    ['acme-ams', sentence`its last manifest said ${typed('deletion: forbid')}`],
    ['de-local', sentence`it is no orphan`],
  ]);
  const gates = { ...CLOSED_GATES, ...PRUNE, ...deleting('acme-ams', 'acme-rtm', 'de-local') };
  const observed = observedWorld({ matches: { 'de-local': { group: null, superseded: [] } } });
  const idle = idleGates(planInput({ RequirementGroup: [], observed, gates, kept }), ORPHANS);
  expect(idle.map(({ message }) => message)).toEqual([
    '--allow-delete acme-ams deletes nothing: its last manifest said `deletion: forbid`.',
    '--allow-delete de-local deletes nothing: a manifest has this name. To delete its group, remove the manifest first.',
  ]);
});

it('is told as a warning, and about which name', () => {
  const observed = observedWorld({});
  const gates = { ...CLOSED_GATES, ...PRUNE, ...deleting('acme-ams') };
  expect(
    idleGates(planInput({ RequirementGroup: [], observed, gates, narrowedBy: ['paths'] }), ORPHANS),
  ).toEqual([
    {
      severity: 'warning',
      code: 'prune-needs-all',
      message: `--prune deletes nothing beside paths: ${NEEDLESS}To delete orphans, run it again without paths.`,
    },
    {
      severity: 'warning',
      code: 'allow-delete-without-effect',
      message: `--allow-delete acme-ams deletes nothing: ${NEEDLESS}Run it again without paths.`,
      name: 'acme-ams',
    },
  ]);
});
