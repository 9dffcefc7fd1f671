import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { germanGroup, openTestRepository, type TestRepository } from '../support/test-repository.ts';

const POLICY = 'policies/none.json';
const SOURCES = ['regsync.yaml', 'groups/de.yaml', 'documents/registration.pdf', POLICY];

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
  await repository.write(POLICY, JSON.stringify({ title: 'Nothing is refused' }));
  await repository.write(
    'regsync.yaml',
    `apiVersion: regsync/v1\nkind: Config\nscope: acme\npolicies: [{ file: ${POLICY}, over: plan }]\n`,
  );
});
afterEach(() => repository.end());

const writes = async () => (await repository.requests()).filter(({ method }) => method !== 'GET');

describe('an output over a file that the run reads is refused before anything is done', () => {
  it.each([
    ['plan --out', ['plan', '--out']],
    ['report --out', ['report', '--out']],
    ['apply --record', ['apply', '--yes', '--record']],
    ['apply --links', ['apply', '--yes', '--links']],
    ['ci plan --summary', ['ci', 'plan', '--summary']],
    ['ci plan --out', ['ci', 'plan', '--out']],
    ['ci drift --summary', ['ci', 'drift', '--summary']],
    ['ci validate --summary', ['ci', 'validate', '--summary']],
    ['ci apply --summary', ['ci', 'apply', '--allow-unreviewed', '--summary']],
  ])('by %s', async (_, command) => {
    for (const path of SOURCES) {
      const before = await readFile(join(repository.folder, path));
      const { code, err } = await repository.run([...command, path]);
      expect([path, code]).toEqual([path, 3]);
      expect(err).toContain(`${command.at(-1)} cannot write to ${path}: a file of your repository is there`);
      expect(await readFile(join(repository.folder, path))).toEqual(before);
    }
    expect(await writes()).toEqual([]);
  });

  it('also the plan that an apply reads, and the file of another output', async () => {
    expect((await repository.run(['plan', '--out', 'plan.json'])).code).toBe(0);
    const plan = await readFile(join(repository.folder, 'plan.json'));
    const over = await repository.run(['ci', 'apply', '--plan', 'plan.json', '--summary', './plan.json']);
    expect([over.code, over.err]).toEqual([3, expect.stringContaining('it is the plan that this run reads')]);
    expect(await readFile(join(repository.folder, 'plan.json'))).toEqual(plan);
    const twice = await repository.run(['ci', 'plan', '--summary', 'one', '--out', './one']);
    expect([twice.code, twice.err]).toEqual([
      3,
      expect.stringContaining('--summary and --out both write to ./one'),
    ]);
    expect(await writes()).toEqual([]);
    const { code } = await repository.run(['ci', 'apply', '--plan', 'plan.json', '--summary', 'summary.md']);
    expect(code).toBe(0);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });
});
