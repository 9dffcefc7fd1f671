import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionRepository, dispatch, openActionRepository } from '../../support/action-repository.ts';
import { heldOrders, numberOrder } from '../../support/number-orders.ts';
import { frenchGroup, germanGroup } from '../../support/test-repository.ts';

/** Every gate at every door by which a reviewed plan comes to an apply. */

let repository: ActionRepository;
let carried: string;
beforeEach(async () => {
  repository = await openActionRepository({
    'groups/fr.yaml': frenchGroup(),
    'groups/de.yaml': germanGroup(),
  });
  carried = await mkdtemp(join(tmpdir(), 'regsync-plan-'));
  expect((await repository.testRepository.run(['apply', '--yes'])).code).toBe(0);
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
  await rm(carried, { recursive: true, force: true });
});

interface Gate {
  /** What a pull request changes so that the gate is needed. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly isApproved?: true;
  readonly isDeclined?: true;
  readonly flags: readonly string[];
  readonly inputs: Readonly<Record<string, string>>;
  /** What is open all the same where this gate is shut. */
  readonly besides?: { readonly flags: readonly string[]; readonly inputs: Readonly<Record<string, string>> };
  /** Of a refusal: the gate as it is spelled on a command line and in a workflow. */
  readonly named: { readonly flag: string; readonly input: string };
  /** Without the gate nothing would be done: there is no plan that a fingerprint could be of. */
  readonly isEmptyWithout?: true;
}

const porting = germanGroup().replace('action: ordering', 'action: porting').split('requirements:')[0];

const orderWithAction = `apiVersion: regsync/v1
kind: NumberOrder
name: au-desk
phone_numbers: ["+61700000001"]
requirements:
  - requirement: b7c72fb8-fa08-4529-aaf6-b9117d3f3698
    action: { first_name: Josephine, last_name: Exampleton }
`;

const GATES: Readonly<Record<string, Gate>> = {
  'allow-orders': {
    files: { 'groups/orders.yaml': numberOrder() },
    flags: ['--allow-orders'],
    inputs: { 'allow-orders': 'true' },
    named: { flag: '--allow-orders', input: 'allow-orders: true (for "berlin")' },
  },
  'allow-actions': {
    files: { 'groups/action.yaml': orderWithAction },
    flags: ['--allow-orders', '--allow-actions'],
    inputs: { 'allow-orders': 'true', 'allow-actions': 'true' },
    besides: { flags: ['--allow-orders'], inputs: { 'allow-orders': 'true' } },
    named: { flag: '--allow-actions', input: 'allow-actions: true (for "au-desk")' },
  },
  'allow-replace': {
    files: { 'groups/de.yaml': `${porting}partial: true\nrequirements: []\n` },
    flags: ['--allow-replace'],
    inputs: { 'allow-replace': 'true' },
    named: { flag: '--allow-replace', input: 'allow-replace: true (for "de-local")' },
  },
  prune: {
    files: { 'groups/fr.yaml': null },
    flags: ['--prune'],
    inputs: { prune: 'true' },
    named: { flag: '--prune (for "fr-local")', input: 'prune: true (for "fr-local")' },
    isEmptyWithout: true,
  },
  'allow-delete': {
    files: { 'groups/fr.yaml': null },
    isApproved: true,
    flags: ['--prune', '--allow-delete', 'fr-local'],
    inputs: { prune: 'true', 'allow-delete': 'fr-local' },
    besides: { flags: ['--prune'], inputs: { prune: 'true' } },
    named: {
      flag: '--allow-delete fr-local (for "fr-local")',
      input: 'allow-delete: fr-local (for "fr-local")',
    },
    isEmptyWithout: true,
  },
  resubmit: {
    files: { 'notes.txt': 'The reviewer has an answer.' },
    isDeclined: true,
    flags: ['--resubmit', 'de-local'],
    inputs: { resubmit: 'de-local' },
    named: {
      flag: '--resubmit de-local (for "de-local")',
      input: 'resubmit: de-local (for "de-local")',
    },
    isEmptyWithout: true,
  },
};

interface Door {
  readonly kind: 'plan' | 'fingerprint';
  readonly where: 'flag' | 'input';
  /** Which gates a plan file opens by itself. */
  readonly opens?: readonly string[];
  readonly apply: (
    gate: Pick<Gate, 'flags' | 'inputs'>,
    reviewed: { readonly merged: ReturnType<ActionRepository['merge']>; readonly fingerprint: string },
  ) => Promise<{ readonly code: number | null; readonly err: string }>;
}

const env = { GITHUB_WORKFLOW_REF: 'example/telephony/.github/workflows/apply.yml@refs/heads/main' };
const planFile = () => join(carried, 'plan.json');
const inAction = (merged: ReturnType<ActionRepository['merge']>, inputs: Readonly<Record<string, string>>) =>
  repository.run({ ...merged, env }, { command: 'apply', ...inputs });

const DOORS: Readonly<Record<string, Door>> = {
  'apply --plan': {
    kind: 'plan',
    where: 'flag',
    opens: ['allow-replace', 'prune', 'allow-delete', 'resubmit'],
    apply: ({ flags }) => repository.testRepository.run(['apply', '--plan', planFile(), ...flags]),
  },
  'ci apply --plan': {
    kind: 'plan',
    where: 'flag',
    apply: ({ flags }) => repository.testRepository.run(['ci', 'apply', '--plan', planFile(), ...flags]),
  },
  'ci apply --fingerprint': {
    kind: 'fingerprint',
    where: 'flag',
    apply: ({ flags }, { fingerprint }) =>
      repository.testRepository.run(['ci', 'apply', '--fingerprint', fingerprint, ...flags]),
  },
  'the comment': {
    kind: 'plan',
    where: 'input',
    apply: ({ inputs }, { merged }) => inAction(merged, inputs),
  },
  'the input plan-file': {
    kind: 'plan',
    where: 'input',
    apply: ({ inputs }, { merged }) => inAction(merged, { ...inputs, 'plan-file': planFile() }),
  },
  // A comment has the plan that it names.
  'the input fingerprint': {
    kind: 'plan',
    where: 'input',
    apply: ({ inputs }, { merged, fingerprint }) =>
      inAction(dispatch(merged.sha), { ...inputs, fingerprint }),
  },
};

const SHUT = { flags: [], inputs: {} };
const telnyx = async () => ({
  groups: (await repository.testRepository.state()).groups.map(({ id, status }) => `${id} ${status}`).sort(),
  orders: (await heldOrders(repository.testRepository)).length,
});

async function review({ files, isApproved, isDeclined, inputs }: Gate) {
  if (isDeclined) {
    const german = (await repository.testRepository.state()).groups.find(
      (group) => group.country_code === 'DE',
    );
    await repository.testRepository.control(`groups/${german?.id}/decline`, {});
  }
  if (isApproved) await repository.testRepository.control('approve-all', {});
  const pushed = await repository.pushToPull(7, files);
  const { code, outputs } = await repository.run(pushed, { ...inputs, 'plan-file': planFile() });
  expect(code).toBe(0);
  return { merged: repository.merge(7), fingerprint: outputs.fingerprint ?? '' };
}

describe.each(Object.entries(DOORS))('a plan that comes by %s', (_, door) => {
  it.each(Object.entries(GATES))(
    'needs %s on the side that applies, too, and is told what to open',
    async (name, gate) => {
      const reviewed = await review(gate);
      const before = await telnyx();
      if (!door.opens?.includes(name)) {
        const { code, err } = await door.apply(gate.besides ?? SHUT, reviewed);
        expect(await telnyx()).toEqual(before);
        const isEmpty = door.kind === 'fingerprint' && gate.isEmptyWithout;
        expect(code, err).toBe(isEmpty ? 0 : 5);
        if (!isEmpty) expect(err).toContain(gate.named[door.where]);
        if (!isEmpty && door.where === 'input') expect(err).toContain('in .github/workflows/apply.yml');
      }
      const open = door.opens?.includes(name) ? (gate.besides ?? SHUT) : gate;
      const { code, err } = await door.apply(open, reviewed);
      expect(code, err).toBe(0);
      expect(await telnyx()).not.toEqual(before);
    },
  );
});

describe('a gate that is shut where a plan is applied', () => {
  it('is named in the comment, with what to do next; what was reviewed is not said to be stale', async () => {
    const gate = GATES['allow-orders'] as Gate;
    const { merged, fingerprint } = await review(gate);
    const { summary } = await inAction(merged, {});
    for (const text of [summary, repository.comments(7)[0]?.body ?? '']) {
      expect(text).toContain('set it for the step that applies, in .github/workflows/apply.yml');
      expect(text).toContain(`with the fingerprint \`${fingerprint.slice(0, 8)}\``);
      expect(text).not.toContain('is not what would be done now');
    }
  });

  it('is not asked for once what needs it is done', async () => {
    const { merged } = await review(GATES['allow-orders'] as Gate);
    expect((await inAction(merged, { 'allow-orders': 'true' })).code).toBe(0);
    expect((await inAction(merged, {})).code).toBe(0);
  });
});
