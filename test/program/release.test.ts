import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan/plan.ts';
import { callApi } from '../support/orders.ts';
import { buildWithClocks } from '../support/programs/builds.ts';
import { whenInstalled } from '../support/programs/programs.ts';
import { converse } from '../support/programs/pseudo-terminal.ts';
import {
  germanGroup,
  openTestRepository,
  SAMPLE_KEY,
  type SandboxGroup,
  type TestRepository,
} from '../support/test-repository.ts';

const build = buildWithClocks(1);

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
  expect((await repository.run(['apply', '--yes'])).code).toBe(0);
  await repository.forgetRequests();
});
afterEach(() => repository.end());

const groups = async () => (await repository.state()).groups;
const writes = async () =>
  (await repository.requests())
    .filter(({ method }) => method !== 'GET')
    .map(({ method, body }) => [method, body]);
const planned = async (): Promise<Plan> =>
  JSON.parse((await repository.run(['plan', '--format', 'json'])).out);
const messages = async (code: string) =>
  (await planned()).attention.filter((one) => one.code === code).map(({ message }) => message);

describe('release', () => {
  it('writes the reference without the scope, and nothing else, and says what to do with the manifest', async () => {
    const [before] = await groups();
    const { code, out, err } = await repository.run([
      'release',
      'de-local',
      '--yes',
      '--record',
      'record.jsonl',
    ]);
    expect(code).toBe(0);
    expect(out).toContain('de-local  applied');
    expect(err).toContain('customer_reference  "regsync/acme/de-local" -> "de-local"');
    expect(err).toContain('Remove its manifest at groups/de.yaml:1');
    expect(err).toContain(`id: ${before?.id}`);
    expect(await writes()).toEqual([['PATCH', { customer_reference: 'de-local' }]]);
    expect(await groups()).toEqual([
      { ...before, customer_reference: 'de-local', updated_at: expect.anything() },
    ]);
    const record = await readFile(join(repository.folder, 'record.jsonl'), 'utf8');
    expect(record.split('\n')[0]).toContain('"command":"release"');
    expect((await repository.run(['audit', 'record.jsonl'])).code).toBe(0);
  });

  it('is followed by plans that say so, whatever the manifest states by then', async () => {
    const [{ id } = { id: '' }] = await groups();
    await repository.run(['release', 'de-local', '--yes']);
    expect(await messages('already-there')).toEqual([
      expect.stringContaining(`this line to the manifest: id: ${id}`),
    ]);
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Somebody else' }));
    expect(await messages('already-there')).toEqual([
      expect.stringContaining('has the name of this manifest as its reference'),
    ]);
    await repository.write('groups/de.yaml', germanGroup({ extra: `id: ${id}\nmanage: observe\n` }));
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
    expect((await planned()).changes).toEqual([]);
  });

  it('lets an orphan go, which --prune then leaves', async () => {
    await repository.control<SandboxGroup>('groups', { customer_reference: 'regsync/acme/old' });
    const { code, err } = await repository.run(['release', 'old', '--yes']);
    expect([code, err.includes('nothing is left to do')]).toEqual([0, true]);
    expect((await repository.run(['apply', '--yes', '--prune'])).code).toBe(0);
    expect((await groups()).map(({ customer_reference }) => customer_reference).sort()).toEqual([
      'old',
      'regsync/acme/de-local',
    ]);
  });

  it.each<[string, () => Promise<unknown>, number, string]>([
    ['no group has the name', async () => {}, 3, 'Did you mean "de-local"?'],
    [
      'a manifest would take it over',
      () =>
        repository.write(
          'groups/at.yaml',
          germanGroup({ name: 'other', extra: 'customer_reference: de-local\n' }),
        ),
      5,
      'states the reference "de-local"',
    ],
    [
      'several groups have the reference',
      () => repository.control('groups', { customer_reference: 'regsync/acme/de-local' }),
      5,
      'could mean any of',
    ],
  ])('writes nothing where %s', async (_, prepare, exit, why) => {
    await prepare();
    const { code, err } = await repository.run(['release', exit === 3 ? 'de-lokal' : 'de-local', '--yes']);
    expect([code, err.includes(why) ? '' : err]).toEqual([exit, '']);
    expect(await writes()).toEqual([]);
  });

  it.each([
    ['error', 5, 'nothing was released: policy "No releases"'],
    ['warning', 0, 'warning: policy "No releases"'],
  ])('is judged by the policies over plans, with severity %s', async (severity, exit, said) => {
    const adopts = { actions: { contains: { const: 'adopt' } } };
    const policy = {
      title: 'No releases',
      description: 'Ask the owner of the group.',
      'x-severity': severity,
      properties: { changes: { items: { not: { required: ['actions'], properties: adopts } } } },
    };
    const config = 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n';
    await repository.write('regsync.yaml', `${config}policies: [{ file: policies/a.json, over: plan }]\n`);
    await repository.write('policies/a.json', JSON.stringify(policy));
    const { code, err } = await repository.run(['release', 'de-local', '--yes']);
    expect([code, err]).toEqual([exit, expect.stringContaining(said)]);
    expect(err).toContain('Ask the owner of the group.');
    expect((await writes()).length).toBe(exit === 0 ? 1 : 0);
  });

  it('has nothing to write for a group whose manifest states the reference itself', async () => {
    await repository.write('groups/de.yaml', germanGroup({ extra: 'customer_reference: MY OWN REF\n' }));
    await repository.control('groups', { customer_reference: 'MY OWN REF' });
    const { code, out, err } = await repository.run(['release', 'de-local', '--yes']);
    expect([code, out, err.includes('remove the manifest')]).toEqual([0, 'Nothing to release.\n', true]);
    expect(await writes()).toEqual([]);
  });

  it('is never an assumed yes', async () => {
    const { code, err } = await repository.run(['release', 'de-local']);
    expect([code, err.includes('regsync release de-local --yes')]).toEqual([3, true]);
    expect(await writes()).toEqual([]);
  });
});

describe.runIf(whenInstalled('script'))('a person who is asked before a release', () => {
  const answer = (text: string, think: () => Promise<void>) =>
    converse(['release', 'de-local', '--no-color'], [['Release this group?', text]], {
      cwd: repository.folder,
      env: { HOME: repository.folder, TELNYX_API_KEY: SAMPLE_KEY, TELNYX_BASE_URL: repository.sandbox.url },
      think,
      program: build.file,
    });

  it('and says anything but yes, changes nothing', async () => {
    expect((await answer('y', async () => {})).code).toBe(5);
    expect(await writes()).toEqual([]);
  });

  it('and says yes to a group that somebody changed in between, changes nothing either', async () => {
    const { code, screen } = await answer('yes', async () => {
      const [group] = await groups();
      await callApi(repository, 'PATCH', `/requirement_groups/${group?.id}`, { customer_reference: 'taken' });
    });
    expect(code, screen).toBe(4);
    expect(screen).toContain('changed since it was planned');
    expect((await groups()).map(({ customer_reference }) => customer_reference)).toEqual(['taken']);
  });
});
