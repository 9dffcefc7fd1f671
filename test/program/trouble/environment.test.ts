import { spawn } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  ROOT,
  SAMPLE_KEY,
  type TestRepository,
} from '../../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => repository.end());

/** The program in a shell, for what only a shell can do to it. */
async function shell(command: string): Promise<{ code: number | null; out: string; err: string }> {
  const env = {
    PATH: `${process.env.PATH}`,
    TELNYX_API_KEY: SAMPLE_KEY,
    TELNYX_BASE_URL: repository.sandbox.url,
    CLI: join(ROOT, 'dist/regsync.js'),
    NODE: process.execPath,
  };
  const child = spawn('/bin/bash', ['--norc', '-o', 'pipefail', '-c', command], {
    cwd: repository.folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk) => (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk) => (err += chunk));
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, out, err };
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe('closed pipes', () => {
  it('a reader that goes away is no error', async () => {
    const { code, err } = await shell('"$NODE" "$CLI" plan --quiet | head -c 1');
    expect(code).toBe(0);
    expect(err).toBe('');
  });

  it('an apply whose log nobody reads any more still finishes, and exits 4', async () => {
    await repository.write('groups/de.yaml', germanGroup());
    const { code } = await shell(
      '"$NODE" "$CLI" apply --yes 2>&1 >/dev/null | head -c 1 >/dev/null; exit $PIPESTATUS',
    );
    expect(code).toBe(4);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });
});

describe('places that cannot be written to', () => {
  // Linux has a disk that is always full; elsewhere there is none to try.
  const onLinux = it.runIf(process.platform === 'linux');

  onLinux('a full disk under --out: exit 1, one clear line, no plan left behind', async () => {
    const { code, err } = await shell('"$NODE" "$CLI" plan --quiet --out /dev/full');
    expect(code).toBe(1);
    expect(err).toBe('error: the plan cannot be written to /dev/full: the disk is full\n');
    expect(await exists('/dev/full')).toBe(true);
  });

  onLinux('a full disk under stdout', async () => {
    const { code, err } = await shell('"$NODE" "$CLI" plan --quiet > /dev/full');
    expect(code).toBe(1);
    expect(err).toBe('error: the result cannot be written: the disk is full\n');
  });

  onLinux.each([
    ['the log', '2>/dev/full', 'Apply: 1 applied, 0 failed'],
    ['the result', '>/dev/full', 'Apply: 1 applied, 0 failed'],
    ['both', '>/dev/full 2>/dev/full', ''],
  ])(
    'a full disk under %s of an apply: it finishes, reports where it can, and exits 4',
    async (_, to, said) => {
      const { code, out, err } = await shell(`"$NODE" "$CLI" apply --yes ${to}`);
      expect(code).toBe(4);
      expect(out + err).toContain(said);
      expect((await repository.state()).groups.map(({ status }) => status)).toEqual(['pending-approval']);
      expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
    },
  );

  onLinux(
    'a full disk under --summary of ci apply: it finishes, reports on stdout, and exits 4',
    async () => {
      const { code, out, err } = await shell(
        '"$NODE" "$CLI" ci apply --allow-unreviewed --quiet --summary /dev/full',
      );
      expect(code).toBe(4);
      expect(err).toBe('error: the summary cannot be written to /dev/full: the disk is full\n');
      expect(out).toContain('Apply: 1 applied, 0 failed');
      expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
    },
  );

  it.each(['nowhere/plan.json', 'groups', 'regsync.yaml/plan.json'])(
    '--out %s: exit 3, and nothing half-written',
    async (path) => {
      const { code, err } = await repository.run(['plan', '--out', path]);
      expect(code).toBe(3);
      expect(err).toContain('the plan cannot be written');
      expect((await readdir(repository.folder)).filter((name) => name.includes('tmp'))).toEqual([]);
    },
  );

  it('a plan file replaces an older one whole', async () => {
    await repository.write('plan.json', 'x'.repeat(100_000));
    expect((await repository.run(['plan', '--out', 'plan.json'])).code).toBe(0);
    expect(JSON.parse(await readFile(join(repository.folder, 'plan.json'), 'utf8')).format_version).toBe(
      '1.0',
    );
  });

  it('a checkout that nothing is written into: neither plan nor apply needs to', async () => {
    const before = await readdir(repository.folder, { recursive: true });
    await repository.run(['plan']);
    await repository.run(['apply', '--yes']);
    await repository.run(['status']);
    expect(await readdir(repository.folder, { recursive: true })).toEqual(before);
  });
});

describe('clocks that disagree', () => {
  it.each([-3, 3])(
    'the age of an upload is told by the server’s clock, %i days away from ours',
    async (days) => {
      await repository.control('clock', { advance_seconds: days * 86_400 });
      await repository.control('faults', {
        kind: 'status',
        status: 422,
        body: 'json',
        match: { method: 'POST', path: '^/requirement_groups$' },
      });
      expect((await repository.run(['apply', '--yes'])).code).toBe(4);
      const [left] = (await repository.state()).documents;

      await repository.control('clock', { advance_seconds: 19 * 60 });
      const young = JSON.parse((await repository.run(['plan', '--format', 'json'])).out);
      expect(young.summary.documents).toEqual({ upload: 0, reuse: 1 });

      await repository.control('clock', { advance_seconds: 5 * 60 });
      const old = JSON.parse((await repository.run(['plan', '--format', 'json'])).out);
      expect(old.summary.documents).toEqual({ upload: 1, reuse: 0 });
      expect((await repository.run(['apply', '--yes'])).code).toBe(0);
      const [group] = (await repository.state()).groups;
      expect(group?.regulatory_requirements[0]?.field_value).not.toBe(left?.id);
      expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
    },
  );
});
