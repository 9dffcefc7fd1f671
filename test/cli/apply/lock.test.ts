import { spawn } from 'node:child_process';
import { access, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forward, standBetween } from '../../support/between.ts';
import { frenchGroup, germanGroup, type Rehearsal, type Running, rehearse } from '../../support/rehearsal.ts';

let stage: Rehearsal;
let lock: string;
beforeEach(async () => {
  stage = await rehearse({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
  lock = join(stage.folder, '.regsync/apply.lock');
});
afterEach(() => stage.end());

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const pause = (ms: number) => new Promise((again) => setTimeout(again, ms));

/** An apply that is at work, and waits for an answer that takes its time. */
async function applySlowly(...args: string[]): Promise<Running> {
  await stage.control('faults', { kind: 'slow', ms: 2000, match: { method: 'POST', path: '^/documents$' } });
  const running = stage.start(['apply', '--yes', '--parallelism', '1', ...args]);
  while (!(await stage.requests()).some(({ method }) => method === 'POST')) await pause(10);
  return running;
}

/** A process that has ended: nobody has its id any more. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((done) => child.on('close', done));
  return child.pid ?? 0;
}

async function writeLock(given: object = {}): Promise<void> {
  const holder = {
    pid: await deadProcess(),
    host: hostname(),
    pid_namespace: await readlink('/proc/self/ns/pid').catch(() => null),
    since: '2026-01-01T00:00:00.000Z',
    run: '0a000000-0000-4000-8000-000000000001',
    ...given,
  };
  await mkdir(join(stage.folder, '.regsync'), { recursive: true });
  await writeFile(lock, JSON.stringify(holder));
}

describe('while an apply runs', () => {
  it('another of the same checkout is refused, says by whom and what to do, and changes nothing', async () => {
    const { child, result } = await applySlowly();
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ pid: child.pid, host: hostname() });
    const { code, err, out } = await stage.run(['apply', '--yes']);
    expect([code, out]).toEqual([5, '']);
    expect(err).toMatch(
      new RegExp(
        `error: nothing was applied: another apply of this checkout runs \\(pid ${child.pid} on ${hostname()}, since .*Z\\)`,
      ),
    );
    expect(err).toContain('delete .regsync/apply.lock');
    expect(err).toContain('--no-lock');
    expect((await stage.run(['ci', 'apply', '--allow-unreviewed'])).code).toBe(5);
    expect((await result).code).toBe(0);
    expect(await exists(join(stage.folder, '.regsync'))).toBe(false);
  });

  it('--no-lock applies all the same', async () => {
    const { result } = await applySlowly();
    expect((await stage.run(['apply', '--yes', '--no-lock', '--target', 'fr-local'])).code).toBe(0);
    expect((await result).code).toBe(0);
  });

  it('another shard of it applies beside it, and so do plan and status', async () => {
    const { result } = await applySlowly('--shard', '1/2');
    expect((await stage.run(['apply', '--yes', '--shard', '2/2'])).code).toBe(0);
    expect((await stage.run(['plan'])).code).toBe(0);
    expect((await result).code).toBe(0);
    expect(await exists(join(stage.folder, '.regsync'))).toBe(false);
  });
});

describe('the lock', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'is gone after %s, also after a second one',
    async (signal) => {
      const { child, result } = await applySlowly();
      child.kill(signal);
      await pause(100);
      child.kill(signal);
      expect((await result).code).toBe(130);
      expect(await exists(lock)).toBe(false);
    },
  );

  it('is gone after a refusal, and after a failure to reach Telnyx', async () => {
    const env = { TELNYX_API_KEY: undefined };
    expect((await stage.run(['apply', '--yes'], { env })).code).toBe(7);
    expect((await stage.run(['apply', '--yes', '--target', 'de-local'])).code).toBe(0);
    await stage.write('groups/de.yaml', frenchGroup({ name: 'de-local' }));
    expect((await stage.run(['apply', '--yes'])).code).toBe(5);
    expect(await exists(lock)).toBe(false);
  });

  it('of an apply that was killed is taken over', async () => {
    const { child, result } = await applySlowly();
    child.kill('SIGKILL');
    await result;
    expect(await exists(lock)).toBe(true);
    await stage.control('faults', undefined, 'DELETE');
    const { code, err } = await stage.run(['apply', '--yes']);
    expect(code, err).toBe(0);
    expect(await exists(join(stage.folder, '.regsync'))).toBe(false);
  });

  it.each([
    ['of another host', { host: 'elsewhere.example.com' }],
    ['of a process that lives', { pid: process.ppid }],
  ])('%s is not taken over', async (_, given) => {
    await writeLock(given);
    expect((await stage.run(['apply', '--yes'])).code).toBe(5);
    expect(await exists(lock)).toBe(true);
    expect((await stage.state()).groups).toEqual([]);
  });

  it('of an earlier process with the same id is taken over', async () => {
    await writeLock({ pid: process.pid });
    expect((await stage.run(['apply', '--yes'])).code).toBe(0);
  });

  it.each([
    ['text of somebody', 'busy'],
    ['a path for an id', JSON.stringify({ pid: 1, host: 'a', since: 'b', run: '../../../outside' })],
    ['nothing', ''],
  ])('that holds %s is refused, and stays', async (_, text) => {
    await mkdir(join(stage.folder, '.regsync'));
    await writeFile(lock, text);
    const { code, err } = await stage.run(['apply', '--yes']);
    expect(code).toBe(5);
    expect(err).toContain('.regsync/apply.lock does not name a process');
    expect(await readFile(lock, 'utf8')).toBe(text);
  });

  it('that is a link to something without an end is not read', async () => {
    await mkdir(join(stage.folder, '.regsync'));
    await symlink('/dev/zero', lock);
    expect((await stage.run(['apply', '--yes'])).code).toBe(5);
  });

  it('that cannot be written is done without, with a warning', async () => {
    await stage.write('.regsync', 'a file in the place of the folder');
    const { code, err } = await stage.run(['apply', '--yes']);
    expect(code).toBe(0);
    expect(err).toMatch(
      /warning: \.regsync\/apply\.lock cannot be written: a file is in the place of its folder\. regsync cannot keep a second apply of this checkout away/,
    );
  });

  it('is taken over by one of many that find a dead one at the same moment', async () => {
    for (let round = 0; round < 2; round++) {
      await writeLock();
      let [ended, go] = [0, () => {}];
      const othersEnded = new Promise<void>((resolve) => {
        go = resolve;
      });
      // The others ask Telnyx for nothing; were there two that do, they would not wait for ever.
      setTimeout(go, 20_000).unref();
      const url = await standBetween(async (message, response) => {
        await othersEnded;
        forward(stage.sandbox.origin, message, response);
      });
      const apply = async () => {
        const { code } = await stage.start(['apply', '--yes', '--quiet', '--target', 'fr-local'], {
          env: { TELNYX_BASE_URL: url },
        }).result;
        ended += 1;
        if (ended === 5) go();
        return code;
      };
      const codes = await Promise.all(Array.from({ length: 6 }, apply));
      expect(codes.sort()).toEqual([0, 5, 5, 5, 5, 5]);
      expect(await readdir(stage.folder)).not.toContain('.regsync');
    }
  });
});
