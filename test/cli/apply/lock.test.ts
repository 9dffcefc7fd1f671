import { spawn } from 'node:child_process';
import { access, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forward, openProxy } from '../../support/proxies/proxy.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type Running,
  type TestRepository,
} from '../../support/test-repository.ts';

let repository: TestRepository;
let lock: string;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
  lock = join(repository.folder, '.regsync/apply.lock');
});
afterEach(() => repository.end());

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const pause = (ms: number) => new Promise((again) => setTimeout(again, ms));

/** An apply that is at work, and waits for an answer that takes its time. */
async function applySlowly(...args: string[]): Promise<Running> {
  await repository.control('faults', {
    kind: 'slow',
    ms: 2000,
    match: { method: 'POST', path: '^/documents$' },
  });
  const running = repository.start(['apply', '--yes', '--parallelism', '1', ...args]);
  while (!(await repository.requests()).some(({ method }) => method === 'POST')) await pause(10);
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
  await mkdir(join(repository.folder, '.regsync'), { recursive: true });
  await writeFile(lock, JSON.stringify(holder));
}

describe('while an apply runs', () => {
  it('another of the same checkout is refused, says by whom and what to do, and changes nothing', async () => {
    const { child, result } = await applySlowly();
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({ pid: child.pid, host: hostname() });
    const { code, err, out } = await repository.run(['apply', '--yes']);
    expect([code, out]).toEqual([5, '']);
    expect(err).toMatch(
      new RegExp(
        `error: nothing was applied: another apply of this checkout runs \\(pid ${child.pid} on ${hostname()}, since .*Z\\)`,
      ),
    );
    expect(err).toContain('delete .regsync/apply.lock');
    expect(err).toContain('--no-lock');
    expect((await repository.run(['ci', 'apply', '--allow-unreviewed'])).code).toBe(5);
    expect((await result).code).toBe(0);
    expect(await exists(join(repository.folder, '.regsync'))).toBe(false);
  });

  it('--no-lock applies all the same', async () => {
    const { result } = await applySlowly();
    expect((await repository.run(['apply', '--yes', '--no-lock', '--target', 'fr-local'])).code).toBe(0);
    expect((await result).code).toBe(0);
  });

  it('another shard of it applies beside it, and so do plan and status', async () => {
    const { result } = await applySlowly('--shard', '1/2');
    expect((await repository.run(['apply', '--yes', '--shard', '2/2'])).code).toBe(0);
    expect((await repository.run(['plan'])).code).toBe(0);
    expect((await result).code).toBe(0);
    expect(await exists(join(repository.folder, '.regsync'))).toBe(false);
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
    expect((await repository.run(['apply', '--yes'], { env })).code).toBe(7);
    expect((await repository.run(['apply', '--yes', '--target', 'de-local'])).code).toBe(0);
    await repository.write('groups/de.yaml', frenchGroup({ name: 'de-local' }));
    expect((await repository.run(['apply', '--yes'])).code).toBe(5);
    expect(await exists(lock)).toBe(false);
  });

  it('of an apply that was killed is taken over', async () => {
    const { child, result } = await applySlowly();
    child.kill('SIGKILL');
    await result;
    expect(await exists(lock)).toBe(true);
    await repository.control('faults', undefined, 'DELETE');
    const { code, err } = await repository.run(['apply', '--yes']);
    expect(code, err).toBe(0);
    expect(await exists(join(repository.folder, '.regsync'))).toBe(false);
  });

  it.each([
    ['of another host', { host: 'elsewhere.example.com' }],
    ['of a process that lives', { pid: process.ppid }],
  ])('%s is not taken over', async (_, given) => {
    await writeLock(given);
    expect((await repository.run(['apply', '--yes'])).code).toBe(5);
    expect(await exists(lock)).toBe(true);
    expect((await repository.state()).groups).toEqual([]);
  });

  it('of an earlier process with the same id is taken over', async () => {
    await writeLock({ pid: process.pid });
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
  });

  it.each([
    ['text of somebody', 'busy'],
    ['a path for an id', JSON.stringify({ pid: 1, host: 'a', since: 'b', run: '../../../outside' })],
    ['nothing', ''],
  ])('that holds %s is refused, and stays', async (_, text) => {
    await mkdir(join(repository.folder, '.regsync'));
    await writeFile(lock, text);
    const { code, err } = await repository.run(['apply', '--yes']);
    expect(code).toBe(5);
    expect(err).toContain('.regsync/apply.lock does not name a process');
    expect(await readFile(lock, 'utf8')).toBe(text);
  });

  it('that is a link to something without an end is not read', async () => {
    await mkdir(join(repository.folder, '.regsync'));
    await symlink('/dev/zero', lock);
    expect((await repository.run(['apply', '--yes'])).code).toBe(5);
  });

  it('that cannot be written is done without, with a warning', async () => {
    await repository.write('.regsync', 'a file in the place of the folder');
    const { code, err } = await repository.run(['apply', '--yes']);
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
      const url = await openProxy(async (message, response) => {
        await othersEnded;
        forward(repository.sandbox.origin, message, response);
      });
      const apply = async () => {
        const { code } = await repository.start(['apply', '--yes', '--quiet', '--target', 'fr-local'], {
          env: { TELNYX_BASE_URL: url },
        }).result;
        ended += 1;
        if (ended === 5) go();
        return code;
      };
      const codes = await Promise.all(Array.from({ length: 6 }, apply));
      expect(codes.sort()).toEqual([0, 5, 5, 5, 5, 5]);
      expect(await readdir(repository.folder)).not.toContain('.regsync');
    }
  });
});
