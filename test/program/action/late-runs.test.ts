import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ActionRepository,
  dispatch,
  type Happening,
  openActionRepository,
} from '../../support/action-repository.ts';
import { frenchGroup, germanGroup } from '../../support/test-repository.ts';

/** Runs of several merges, in an order that is not theirs. */

const contact = (text: string) => ({ 'groups/de.yaml': germanGroup({ contact: text }) });

let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({ 'groups/fr.yaml': frenchGroup(), ...contact('four') });
  expect((await repository.testRepository.run(['apply', '--yes'])).code).toBe(0);
  await repository.testRepository.forgetRequests();
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

const APPLY = { command: 'apply' };
const CONTACT = '2708e569-696a-4fc7-9305-5fdb3eb9c7dd';
const held = async () => {
  const group = (await repository.testRepository.state()).groups.find(
    ({ country_code }) => country_code === 'DE',
  );
  return group?.regulatory_requirements.find(({ requirement_id }) => requirement_id === CONTACT)?.field_value;
};
const patches = async () =>
  (await repository.testRepository.requests()).filter(({ method }) => method === 'PATCH').length;
const bodyOf = (number: number) => repository.comments(number)[0]?.body ?? '';

/** A pull request that was planned, and merged. */
async function merged(number: number, files: Readonly<Record<string, string | null>>): Promise<Happening> {
  expect((await repository.run(await repository.pushToPull(number, files))).code).toBe(0);
  return repository.merge(number);
}

/** Its run has the files of its own commit, however late it is. */
async function runOf(happening: Happening, inputs: Readonly<Record<string, string>> = {}) {
  repository.git('checkout', '--quiet', '--force', happening.sha);
  const result = await repository.run(happening, { ...APPLY, ...inputs });
  repository.git('checkout', '--quiet', '--force', 'main');
  return result;
}

describe('a run for an older merge, later than that for a newer one', () => {
  it('does not put the older value in the place of the newer', async () => {
    const five = await merged(5, contact('five'));
    const six = await merged(6, contact('six'));
    expect((await runOf(six)).code).toBe(0);
    const late = await runOf(five);
    expect(late.code).toBe(5);
    const moved = `this run is for ${five.sha.slice(0, 7)}, and the newest commit of main is ${six.sha.slice(0, 7)}`;
    for (const text of [late.err, late.summary, bodyOf(5)]) expect(text).toContain(moved);
    expect(late.err).toContain('RequirementGroup/de-local');
    expect(late.summary).not.toContain('To apply exactly this plan');
    expect([await held(), await patches()]).toEqual(['six', 1]);
    expect(bodyOf(6)).toContain('✅ **Applied**');
  });

  it('does not undo a merge that took it back, of which no trace is at Telnyx', async () => {
    const five = await merged(5, contact('five'));
    const four = await merged(6, contact('four'));
    expect((await runOf(four)).code).toBe(0);
    expect((await runOf(five)).code).toBe(5);
    expect([await held(), await patches()]).toEqual(['four', 0]);
  });

  it.each([
    ['run again', { GITHUB_RUN_ATTEMPT: '2' }, false],
    ['run for the first time', {}, true],
  ])('and done before, leaves what it did noted where it is %s', async (_, env, isNoted) => {
    const five = await merged(5, contact('five'));
    expect((await runOf(five)).code).toBe(0);
    expect((await runOf(await merged(6, contact('four')))).code).toBe(0);
    expect((await runOf({ ...five, env })).code).toBe(5);
    expect(await held()).toBe('four');
    expect(bodyOf(5).includes('the newest commit of main is')).toBe(isNoted);
    expect(bodyOf(5).includes('✅ **Applied**')).toBe(!isNoted);
  });

  it.each(['fingerprint', 'plan-file', 'allow-unreviewed'])('by %s does not either', async (door) => {
    const pushed = await repository.pushToPull(5, contact('five'));
    const { outputs } = await repository.run(pushed);
    const five = repository.merge(5);
    await merged(6, contact('four'));
    const given = { fingerprint: outputs.fingerprint, 'plan-file': outputs['plan-file'] }[door] ?? 'true';
    const { code, err } = await runOf(dispatch(five.sha), { [door]: given });
    expect([code, err]).toEqual([5, expect.stringContaining('the newest commit of main is')]);
    expect([await held(), await patches()]).toEqual(['four', 0]);
  });

  it('does not write to a group whose manifest is gone since', async () => {
    const five = await merged(5, contact('five'));
    await merged(6, { 'groups/de.yaml': null });
    expect((await runOf(five)).code).toBe(5);
    expect(await held()).toBe('four');
  });
});

describe('a run for an older merge, before that for a newer one', () => {
  it('does what both want, and the newer one does the rest: each once', async () => {
    const five = await merged(5, contact('five'));
    const six = await merged(6, { 'groups/fr.yaml': frenchGroup({ file: '../documents/registration.pdf' }) });
    expect((await runOf(five)).code).toBe(0);
    expect([await held(), await patches()]).toEqual(['five', 1]);
    expect((await runOf(six)).code).toBe(0);
    expect(await patches()).toBe(2);
    for (const number of [5, 6]) expect(bodyOf(number)).toContain('✅ **Applied**');
  });

  it('does its part of a group that the newer one changes further', async () => {
    const five = await merged(5, contact('five'));
    const further = germanGroup({ contact: 'five' }).replace('street_address: ', 'street_address: Hinter ');
    expect(further).not.toBe(germanGroup({ contact: 'five' }));
    const six = await merged(6, { 'groups/de.yaml': further });
    expect((await runOf(five)).code).toBe(0);
    expect([await held(), await patches()]).toEqual(['five', 1]);
    expect((await runOf(six)).code).toBe(0);
    expect(await patches()).toBe(2);
  });

  it('leaves a value to the newer one that wants another', async () => {
    const five = await merged(5, contact('five'));
    const six = await merged(6, contact('six'));
    expect((await runOf(five)).code).toBe(5);
    expect(await held()).toBe('four');
    expect((await runOf(six)).code).toBe(0);
    expect([await held(), await patches()]).toEqual(['six', 1]);
  });
});

describe('a run that cannot tell what the newest commit wants', () => {
  it('writes nothing where its files are not there', async () => {
    const five = await merged(5, contact('five'));
    repository.github.branches.set('main', '0123456789'.repeat(4));
    const { code, err } = await runOf(five);
    expect([code, err]).toEqual([5, expect.stringContaining('and regsync cannot read its files')]);
    expect(await held()).toBe('four');
  });

  it('writes nothing where its manifests are invalid', async () => {
    const five = await merged(5, contact('five'));
    await repository.write('groups/fr.yaml', 'kind: Nothing\n');
    repository.commit('Break a manifest');
    const { code, err } = await runOf(five);
    expect([code, err]).toEqual([5, expect.stringContaining('and its manifests are invalid')]);
    expect(await held()).toBe('four');
  });

  it.each([
    [502, 8],
    [403, 7],
  ])('writes nothing where GitHub answers %i', async (status, exit) => {
    const five = await merged(5, contact('five'));
    repository.github.trouble({ path: /branches/, status, times: 9 });
    const { code, err } = await runOf(five);
    expect([code, err]).toEqual([
      exit,
      expect.stringContaining('regsync could not read the newest commit of the branch'),
    ]);
    expect(await held()).toBe('four');
  });

  it('says so where it has no token to ask with', async () => {
    const pushed = await repository.pushToPull(5, contact('five'));
    const { outputs } = await repository.run(pushed);
    const inputs = { 'github-token': '', fingerprint: outputs.fingerprint ?? '' };
    const { code, out } = await runOf(dispatch(repository.merge(5).sha), inputs);
    expect([code, out]).toEqual([0, expect.stringContaining('the input github-token is empty')]);
  });

  it('does not ask where nothing is to be done', async () => {
    repository.github.forget();
    expect((await runOf(dispatch(repository.git('rev-parse', 'HEAD')))).code).toBe(0);
    expect(repository.github.asked).toEqual([]);
  });
});
