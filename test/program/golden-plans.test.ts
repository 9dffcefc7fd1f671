import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FILES, liveIn, NOW_MS } from '../support/golden-account.ts';
import { runHere } from '../support/servers/host.ts';
import { openTestRepository, ROOT } from '../support/test-repository.ts';

/**
 * What is shown of some fifty changes of every kind, byte by byte: names, order, digests, fingerprints, MAC and texts. Moving
 * code moves none of it. After a change that is meant: `npx vitest run test/program/golden-plans.test.ts -u`, and read the difference.
 * Where the account itself must change: delete state.json, and run the same.
 */
const STATE = join(ROOT, 'test/golden/plans/state.json');
const ENV = {
  PATH: process.env.PATH ?? '',
  HOME: tmpdir(),
  REGSYNC_PLAN_KEY: 'f00dfeed'.repeat(8),
};

let folder: string;

beforeAll(async () => {
  const state = await readState();
  folder = await mkdtemp(join(tmpdir(), 'regsync-golden-'));
  await mkdir(join(folder, '.regsync'), { recursive: true });
  await cp(join(ROOT, 'documents'), join(folder, 'documents'), { recursive: true });
  const clockOffsetMs = NOW_MS - Date.now();
  await writeFile(join(folder, '.regsync/sandbox.json'), JSON.stringify({ ...state, clockOffsetMs }));
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function readState(): Promise<object> {
  const kept = await readFile(STATE, 'utf8').catch(() => null);
  if (kept !== null) return JSON.parse(kept) as object;
  const repository = await openTestRepository({}, 'here', undefined, STATE);
  await liveIn(repository);
  await repository.end();
  return JSON.parse(await readFile(STATE, 'utf8')) as object;
}

const GATES = ['--prune', '--allow-delete=deleted-01', '--allow-replace', '--allow-orders'];

describe('an account with fifty changes of every kind', () => {
  it.each([
    ['plan.json', ['plan', '--format', 'json', ...GATES]],
    ['plan.txt', ['plan', ...GATES]],
    ['plan.md', ['plan', '--format', 'markdown', ...GATES]],
    ['closed-gates.txt', ['plan', '--prune']],
    ['status.txt', ['status']],
    ['status.json', ['status', '--format', 'json']],
    ['report.html', ['report']],
  ])('is shown as it was before, in %s', async (file, [command = '', ...options]) => {
    const { code, out } = await runHere([command, '--sandbox', ...options], { cwd: folder, env: ENV });
    expect(code).toBe(0);
    const shown = command === 'report' ? await readFile(join(folder, 'report.html'), 'utf8') : out;
    await expect(withoutSeconds(shown)).toMatchFileSnapshot(`../golden/plans/${file}`);
  });
});

/** The sandbox's clock goes on while the test runs. */
function withoutSeconds(text: string): string {
  return text.replaceAll(/(2026-06-01[T ]13:)\d\d(:\d\d)?/g, '$100');
}
