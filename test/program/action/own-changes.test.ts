import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionRepository, dispatch, openActionRepository } from '../../support/action-repository.ts';
import { SAMPLE_KEY } from '../../support/test-repository.ts';

/** What a pull request shows, and its merge does, where much else differs. */

const group = (name: string, contact = 'Compliance desk') => `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering
partial: true
requirements:
  - requirement: Contact Info
    text: ${contact}, Example GmbH
`;

const THREE = ['own-1', 'own-2', 'own-3'];
const FIFTY = Array.from({ length: 50 }, (_, index) => `other-${index}`);
const others = (names: readonly string[]) => names.map((name) => group(name)).join('---\n');

let repository: ActionRepository;
beforeEach(async () => {
  const own = Object.fromEntries(THREE.map((name) => [`groups/${name}.yaml`, group(name)]));
  repository = await openActionRepository({ ...own, 'groups/others.yaml': others(FIFTY.slice(0, 5)) });
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

/** As a workflow without the input has it. */
const DEFAULT = { changes: '' };
const APPLY = { command: 'apply' };
const bodyOf = (number: number) => repository.comments(number)[0]?.body ?? '';

async function contacts(): Promise<Readonly<Record<string, string>>> {
  const { groups } = await repository.testRepository.state();
  return Object.fromEntries(
    groups.map(({ customer_reference: reference, regulatory_requirements: values }) => [
      `${reference}`.slice('regsync/acme/'.length),
      values.find(({ field_value: value }) => value !== '')?.field_value ?? '',
    ]),
  );
}

/** What somebody does at Telnyx by hand. */
async function drift(...names: readonly string[]): Promise<void> {
  const { groups } = await repository.testRepository.state();
  for (const { id, customer_reference: reference, regulatory_requirements: values } of groups) {
    const [contact] = values.filter(({ field_value: value }) => value !== '');
    if (!names.includes(`${reference}`.slice('regsync/acme/'.length)) || contact === undefined) continue;
    const answer = await fetch(`${repository.testRepository.sandbox.url}/requirement_groups/${id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${SAMPLE_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        regulatory_requirements: [{ requirement_id: contact.requirement_id, field_value: 'By hand' }],
      }),
    });
    expect(answer.status).toBe(200);
  }
}

async function applyAll(): Promise<void> {
  const { code, err } = await repository.testRepository.run(['apply', '--yes', '--quiet']);
  expect(code, err).toBe(0);
}

async function plan(number: number, files: Readonly<Record<string, string | null>>, inputs = {}) {
  const result = await repository.run(await repository.pushToPull(number, files), { ...DEFAULT, ...inputs });
  expect(result.code, result.err).toBe(0);
  return result;
}

describe('a pull request', () => {
  it('shows the three groups that it touches while fifty others drift, and its merge touches these three', async () => {
    await repository.write('groups/others.yaml', others(FIFTY));
    repository.commit('Fifty others');
    await applyAll();
    await drift(...FIFTY);
    await plan(
      7,
      Object.fromEntries(THREE.map((name) => [`groups/${name}.yaml`, group(name, 'Night desk')])),
    );
    expect(bodyOf(7)).toContain('### regsync plan · `acme` · 3 groups change\n');
    expect(bodyOf(7)).toContain(
      '🔎 Only what differs from the base of this pull request: 3 groups. 50 others were not looked at.',
    );
    expect(bodyOf(7)).not.toContain('other-');

    const { code, err } = await repository.run(repository.merge(7), APPLY);
    expect(code, err).toBe(0);
    expect(bodyOf(7)).toContain('✅ **Applied**');
    expect(await contacts()).toEqual({
      ...Object.fromEntries(THREE.map((name) => [name, 'Night desk, Example GmbH'])),
      ...Object.fromEntries(FIFTY.map((name) => [name, 'By hand'])),
    });
    const nightly = await repository.testRepository.run(['plan', '--format', 'json']);
    expect(JSON.parse(nightly.out).summary.groups).toMatchObject({ update: 50, unchanged: 3 });
  });

  it('is planned without the manifests that it does not concern, even if one of them was broken before', async () => {
    await applyAll();
    await repository.write(
      'groups/broken.yaml',
      'apiVersion: regsync/v1\nkind: RequirementGroup\nname: broken\n',
    );
    repository.commit('Break another manifest');
    await plan(7, { 'groups/own-1.yaml': group('own-1', 'Night desk') });
    expect(bodyOf(7)).toContain('### regsync plan · `acme` · 1 group changes\n');
    // A run of all manifests knows of the mistake, and so does the apply after the merge.
    const all = await repository.run(await repository.pushToPull(7, {}), { changes: 'all' });
    expect([all.code, all.out.includes('groups/broken.yaml')]).toEqual([3, true]);
  });

  it('deletes the group of the manifest that it removes, and leaves other orphans to runs that see everything', async () => {
    await applyAll();
    await repository.write('groups/others.yaml', others(FIFTY.slice(1, 5)));
    repository.commit('Leave an orphan behind');
    const gates = { prune: 'true' };
    await plan(7, { 'groups/own-1.yaml': null }, gates);
    expect(bodyOf(7)).toContain('The change removes `RequirementGroup/own-1`.');
    expect(bodyOf(7)).toContain('Other groups without a manifest are left to a run of all manifests.');
    expect(bodyOf(7)).not.toContain('other-0');
    const { code, err } = await repository.run(repository.merge(7), { ...APPLY, ...gates });
    expect(code, err).toBe(0);
    expect(Object.keys(await contacts()).sort()).toEqual([...FIFTY.slice(0, 5), 'own-2', 'own-3']);
  });

  it('keeps the group of a removed manifest that forbids its deletion, before and after the merge', async () => {
    await repository.write(
      'groups/own-1.yaml',
      group('own-1').replace('partial', 'deletion: forbid\npartial'),
    );
    repository.commit('Guard it');
    await applyAll();
    await plan(7, { 'groups/own-1.yaml': null }, { prune: 'true' });
    expect(bodyOf(7)).toContain('said `deletion: forbid` before this change');
    expect((await repository.run(repository.merge(7), { ...APPLY, prune: 'true' })).code).toBe(0);
    expect(Object.keys(await contacts())).toContain('own-1');
  });

  it('is planned as a whole, and says why, where the manifests of its base are invalid', async () => {
    await repository.write('groups/own-2.yaml', 'kind: [\n');
    repository.commit('Break one');
    await plan(7, { 'groups/own-2.yaml': group('own-2') });
    expect(bodyOf(7)).toContain('8 groups change');
    expect(bodyOf(7)).toContain(
      'not only what this change brings: manifests of its base are invalid, as in groups/own-2.yaml:',
    );
  });
});

describe('an apply after a merge', () => {
  beforeEach(async () => {
    await applyAll();
    await drift('other-0');
  });

  it('of two pull requests does what the plans of both show', async () => {
    await plan(7, { 'groups/own-1.yaml': group('own-1', 'Night desk') });
    await plan(8, { 'groups/own-2.yaml': group('own-2', 'Day desk') });
    const { code, err } = await repository.run(repository.merge(7, 8), APPLY);
    expect(code, err).toBe(0);
    expect(await contacts()).toMatchObject({
      'own-1': 'Night desk, Example GmbH',
      'own-2': 'Day desk, Example GmbH',
      'other-0': 'By hand',
    });
  });

  it('looks at everything, and is refused, where one of them shows no plan', async () => {
    await plan(7, { 'groups/own-1.yaml': group('own-1', 'Night desk') });
    await repository.pushToPull(8, { 'groups/own-2.yaml': group('own-2', 'Day desk') });
    const before = await contacts();
    const { code, err } = await repository.run(repository.merge(7, 8), APPLY);
    expect([code, err]).toEqual([
      5,
      expect.stringContaining('RequirementGroup/own-2: update is not in the reviewed plan'),
    ]);
    expect(bodyOf(7)).toContain('pull request #8 shows no plan of its own');
    expect(await contacts()).toEqual(before);
  });

  it('started by hand with the fingerprint does no more than the pull request shows', async () => {
    const { outputs } = await plan(7, { 'groups/own-1.yaml': group('own-1', 'Night desk') });
    repository.merge(7);
    const started = dispatch(repository.git('rev-parse', 'main'));
    const { code, err } = await repository.run(started, {
      ...APPLY,
      fingerprint: (outputs.fingerprint ?? '').slice(0, 8),
    });
    expect(code, err).toBe(0);
    expect(await contacts()).toMatchObject({ 'own-1': 'Night desk, Example GmbH', 'other-0': 'By hand' });
  });

  it('is refused where what it is narrowed to has changed at Telnyx since the review', async () => {
    await plan(7, { 'groups/own-1.yaml': group('own-1', 'Night desk') });
    await drift('own-1');
    const { code } = await repository.run(repository.merge(7), APPLY);
    expect(code).toBe(5);
    expect(bodyOf(7)).toContain('somebody has changed it since');
    expect(bodyOf(7)).not.toContain('other-0');
  });
});
