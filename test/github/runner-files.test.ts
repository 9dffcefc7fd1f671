import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendOutputs, appendSummary } from '../../src/github/runner-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regsync-runner-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('The page of a run', () => {
  it('gets each text as a block of its own, behind what is there', async () => {
    const file = join(folder, 'summary.md');
    await appendSummary({ GITHUB_STEP_SUMMARY: file }, '### one\n\n');
    await appendSummary({ GITHUB_STEP_SUMMARY: file }, 'two');
    expect(await readFile(file, 'utf8')).toBe('### one\n\ntwo\n\n');
  });

  it.each([{}, { GITHUB_STEP_SUMMARY: '' }])(
    'is not there where the runner names no file: %j',
    async (env) => {
      await expect(appendSummary(env, 'one')).resolves.toBeUndefined();
    },
  );
});

describe('The outputs of a run', () => {
  it('are each between two lines that nobody could have known, behind what is there', async () => {
    const file = join(folder, 'output');
    await appendOutputs({ GITHUB_OUTPUT: file }, { changes: 2, matrix: '{"include":[]}' });
    await appendOutputs({ GITHUB_OUTPUT: file }, { 'exit-code': 0 });
    const text = await readFile(file, 'utf8');
    const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
    expect(text).toMatch(
      new RegExp(
        `^changes<<(regsync-${uuid})\\n2\\n\\1\\nmatrix<<(regsync-${uuid})\\n\\{"include":\\[\\]\\}\\n\\2\\nexit-code<<(regsync-${uuid})\\n0\\n\\3\\n$`,
      ),
    );
    expect(new Set(text.match(/(?<=<<).*/g)).size).toBe(3);
  });

  it.each([{}, { GITHUB_OUTPUT: '' }])('are not kept where the runner names no file: %j', async (env) => {
    await expect(appendOutputs(env, { changes: 1 })).resolves.toBeUndefined();
  });
});
