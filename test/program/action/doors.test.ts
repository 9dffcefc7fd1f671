import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ActionRepository,
  dispatch,
  type Happening,
  openActionRepository,
} from '../../support/action-repository.ts';
import { callApi } from '../../support/orders.ts';
import { germanGroup } from '../../support/test-repository.ts';

/** A reviewed plan comes to the action by three doors, and whatever happens to Telnyx meanwhile, all three give one answer. */

const contact = (text: string) => ({ 'groups/de.yaml': germanGroup({ contact: text }) });
const CONTACT = '2708e569-696a-4fc7-9305-5fdb3eb9c7dd';

let repository: ActionRepository;
let carried: string;
beforeEach(async () => {
  repository = await openActionRepository(contact('before'));
  carried = await mkdtemp(join(tmpdir(), 'regsync-plan-'));
  expect((await repository.testRepository.run(['apply', '--yes'])).code).toBe(0);
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
  await rm(carried, { recursive: true, force: true });
});

const group = async () => {
  const [only] = (await repository.testRepository.state()).groups;
  if (only === undefined) throw new Error('There is no group');
  return only;
};
const held = async () =>
  (await group()).regulatory_requirements.find(({ requirement_id }) => requirement_id === CONTACT)
    ?.field_value;
const patch = async (body: object) =>
  callApi(repository.testRepository, 'PATCH', `/requirement_groups/${(await group()).id}`, body);
const writeContact = (field_value: string) =>
  patch({ regulatory_requirements: [{ requirement_id: CONTACT, field_value }] });

const submit = async () =>
  callApi(repository.testRepository, 'POST', `/requirement_groups/${(await group()).id}/submit_for_approval`);

interface Reviewed {
  readonly merged: Happening;
  readonly fingerprint: string;
}

const DOORS: Readonly<Record<string, (reviewed: Reviewed) => ReturnType<ActionRepository['run']>>> = {
  'the comment': ({ merged }) => repository.run(merged, { command: 'apply' }),
  'plan-file': ({ merged }) =>
    repository.run(merged, { command: 'apply', 'plan-file': join(carried, 'plan.json') }),
  fingerprint: ({ merged, fingerprint }) =>
    repository.run(dispatch(merged.sha), { command: 'apply', fingerprint }),
};

async function review(): Promise<Reviewed> {
  const pushed = await repository.pushToPull(7, contact('after'));
  const { code, outputs } = await repository.run(pushed, { 'plan-file': join(carried, 'plan.json') });
  expect(code).toBe(0);
  return { merged: repository.merge(7), fingerprint: outputs.fingerprint ?? '' };
}

describe.each(Object.entries(DOORS))('a plan that comes by %s', (_, apply) => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['the value that it replaces is another', () => writeContact('a stranger’s'), 'a stranger’s'],
    [
      'the value that it replaces is another, in the same status',
      async () => {
        await writeContact('a stranger’s');
        await submit();
      },
      'a stranger’s',
    ],
    [
      'the group is approved',
      () => repository.testRepository.control('groups/approve?reference=regsync/acme/de-local', {}),
      'before',
    ],
    [
      'the group is declined',
      () =>
        repository.testRepository.control('groups/decline?reference=regsync/acme/de-local', {
          comment: 'No',
        }),
      'before',
    ],
  ])('is refused where since its review %s', async (_, happen, kept) => {
    const reviewed = await review();
    await happen();
    const before = await group();
    const { code, err } = await apply(reviewed);
    expect(code, err).toBe(5);
    expect(await held()).toBe(kept);
    expect(await group()).toEqual(before);
  });

  it('is carried out where nothing happened, and has nothing to do after that', async () => {
    const reviewed = await review();
    expect((await apply(reviewed)).code).toBe(0);
    expect(await held()).toBe('after');
    expect((await apply(reviewed)).code).toBe(0);
  });

  it('has nothing to do where somebody wrote what it wants and submitted it', async () => {
    const reviewed = await review();
    await writeContact('after');
    await submit();
    expect((await apply(reviewed)).code).toBe(0);
    expect(await held()).toBe('after');
  });
});
