import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditReport, SealedLine } from '../../src/model/report/record.ts';
import { buildWithClocks } from '../support/programs/builds.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type Running,
  SAMPLE_KEY,
  type TestRepository,
} from '../support/test-repository.ts';

const build = buildWithClocks(0.2);

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository(
    { 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() },
    'here',
    build,
  );
});
afterEach(() => repository.end());

const FILE = 'record.jsonl';
const path = () => join(repository.folder, FILE);
const lines = async (): Promise<SealedLine[]> =>
  (await readFile(path(), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const apply = (...args: string[]) => repository.run(['apply', '--yes', '--record', FILE, ...args]);
const posts = async () => (await repository.requests()).filter(({ method }) => method === 'POST').length;

/** Waits until so many POSTs have come, or fails if the program ends before. */
async function untilPost(nth: number, { result }: Running): Promise<void> {
  let ended: string | null = null;
  void result.then(({ err }) => {
    ended = err;
  });
  while ((await posts()) < nth) {
    if (ended !== null) throw new Error(ended);
    await new Promise((again) => setTimeout(again, 40));
  }
}
const writes = async () => (await repository.requests()).filter(({ method }) => method !== 'GET');

async function audit(...args: string[]): Promise<AuditReport & { readonly exit: number | null }> {
  const { code, out } = await repository.run(['audit', FILE, '--format', 'json', ...args]);
  return { ...JSON.parse(out), exit: code };
}

describe('apply --record', () => {
  it('writes a line for the run, one for each write, and one that counts them, and no value', async () => {
    const { code, err } = await apply();
    expect(code).toBe(0);
    const [first, ...others] = await lines();
    const last = others.pop();
    expect(first).toMatchObject({
      type: 'run',
      command: 'apply',
      scope: 'acme',
      pull_requests: [],
      previous: null,
    });
    const done = others.map((line) => (line.type === 'operation' ? [line.operation, line.outcome] : []));
    expect(done.map(([operation]) => operation).sort()).toEqual(
      ['upload', 'upload', 'upload', 'create_address', 'create', 'create', 'submit', 'submit'].sort(),
    );
    expect(new Set(done.map(([, outcome]) => outcome))).toEqual(new Set(['done']));
    expect(others).toHaveLength((await writes()).length);
    expect(last).toMatchObject({
      type: 'end',
      operations: { done: 8, refused: 0, unknown: 0 },
      outcomes: { applied: 2, failed: 0, skipped: 0, unchanged: 0 },
      failed: [],
      interrupted: false,
    });
    const { groups, documents } = await repository.state();
    const ids = others.flatMap((line) => (line.type === 'operation' ? [line.id] : []));
    for (const { id } of [...groups, ...documents]) expect(ids).toContain(id);
    const text = await readFile(path(), 'utf8');
    const values = groups.flatMap(({ regulatory_requirements: values }) =>
      values.map(({ field_value }) => field_value).filter((value) => /[ +]/.test(value)),
    );
    expect(values.length).toBeGreaterThan(0);
    for (const value of [...values, SAMPLE_KEY]) expect(text).not.toContain(value);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect(err).toContain('Recorded 10 lines in record.jsonl');
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('continues the record in the next run, and audit finds it whole', async () => {
    await apply();
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Somebody else' }));
    expect((await apply()).code).toBe(0);
    const report = await audit();
    expect([report.exit, report.faults, report.checked]).toEqual([0, [], 'digests-and-macs']);
    expect(report.runs.map(({ operations }) => operations.map(({ operation }) => operation))).toEqual([
      expect.arrayContaining(['create', 'submit']),
      ['patch', 'submit'],
    ]);
    const shown = await repository.run(['audit', FILE]);
    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/Whole: 14 lines, 2 runs, every digest and MAC is right\./);
    expect(shown.out).toMatch(/patch +RequirementGroup\/de-local/);
  });

  it('names the code and the request id of a refusal, and the group that failed', async () => {
    await repository.control('faults', {
      kind: 'status',
      status: 422,
      match: { method: 'POST', path: '^/requirement_groups$', nth: 1 },
    });
    expect((await apply('--parallelism', '1')).code).toBe(4);
    const all = await lines();
    const refused = all.filter((line) => line.type === 'operation' && line.outcome === 'refused');
    expect(refused).toMatchObject([{ operation: 'create', status: 422, name: 'de-local' }]);
    expect(all.at(-1)).toMatchObject({ failed: [{ kind: 'RequirementGroup', name: 'de-local' }] });
    expect((await audit()).exit).toBe(0);
  });

  it('leaves a chain that the next run continues where the process was killed, and audit names that run', async () => {
    await repository.control('faults', { kind: 'slow', ms: 1500, match: { method: 'POST', nth: 4 } });
    const running = repository.start(['apply', '--yes', '--parallelism', '1', '--record', FILE]);
    await untilPost(4, running);
    running.child.kill('SIGKILL');
    expect((await running.result).signal).toBe('SIGKILL');
    const cut = await audit();
    expect(cut.exit).toBe(4);
    expect(cut.faults.map(({ line, code }) => [line, code])).toEqual([[1, 'unfinished-run']]);
    expect(cut.runs[0]?.operations).toHaveLength(3);

    expect((await apply()).code).toBe(0);
    const whole = await audit();
    expect(whole.exit).toBe(4);
    expect(whole.faults.map(({ line, code }) => [line, code])).toEqual([[1, 'unfinished-run']]);
    expect(whole.runs.map(({ end }) => end === null)).toEqual([true, false]);
    expect((await repository.run(['audit', FILE])).out).toContain('no last line: the run was killed');
  });

  it('continues after half a line, which stays and is named', async () => {
    await apply();
    const text = await readFile(path(), 'utf8');
    await writeFile(path(), text.slice(0, -20));
    expect((await apply()).code).toBe(0);
    const report = await audit();
    expect(report.exit).toBe(4);
    expect(report.faults.map(({ line, code }) => [line, code])).toEqual([
      [1, 'unfinished-run'],
      [10, 'unreadable-line'],
    ]);
  });

  it('records a run that is interrupted, and its refusal to begin anything new', async () => {
    await repository.control('faults', { kind: 'slow', ms: 1500, match: { method: 'POST', nth: 4 } });
    const running = repository.start(['apply', '--yes', '--parallelism', '1', '--record', FILE]);
    await untilPost(4, running);
    running.child.kill('SIGTERM');
    expect((await running.result).code).toBe(130);
    expect((await lines()).at(-1)).toMatchObject({ type: 'end', interrupted: true });
    expect((await audit()).exit).toBe(0);
  });
});

describe('a record that cannot be written', () => {
  it.each<[string, () => Promise<unknown>, string, string]>([
    ['has no folder', async () => {}, 'none/record.jsonl', 'its folder does not exist'],
    ['is a folder', () => mkdir(join(repository.folder, 'folder')), 'folder', 'it is a folder'],
    [
      'is another file',
      () => repository.write('notes.txt', 'Call them on Monday.\n'),
      'notes.txt',
      'something else than a record',
    ],
    [
      'leads out of the repository',
      () => symlink('/tmp/regsync-nowhere.jsonl', join(repository.folder, 'link.jsonl')),
      'link.jsonl',
      'cannot be written',
    ],
  ])('because it %s refuses the apply before its first write', async (_, prepare, file, why) => {
    await prepare();
    const { code, err } = await repository.run(['apply', '--yes', '--record', file]);
    expect([code, err.includes('nothing was applied'), err.includes(why)]).toEqual([3, true, true]);
    expect(await writes()).toEqual([]);
    expect(await readFile(join(repository.folder, 'regsync.yaml'), 'utf8')).toContain('kind: Config');
  });

  it('any more after the first write lets the apply finish, says so, and exits 4', async () => {
    await repository.control('faults', { kind: 'slow', ms: 1500, match: { method: 'POST', nth: 4 } });
    const running = repository.start(['apply', '--yes', '--parallelism', '1', '--record', FILE]);
    await untilPost(4, running);
    await writeFile(path(), 'somebody else\n', { flag: 'a' });
    const { code, err } = await running.result;
    expect([code, err.includes('the record record.jsonl is incomplete')]).toEqual([4, true]);
    expect((await repository.state()).groups.map(({ status }) => status)).toEqual([
      'pending-approval',
      'pending-approval',
    ]);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('by two runs at once refuses the second one', async () => {
    await repository.control('faults', { kind: 'slow', ms: 1500, match: { method: 'POST', nth: 1 } });
    const running = repository.start(['apply', '--yes', '--record', FILE]);
    await untilPost(1, running);
    const second = await repository.run(['apply', '--yes', '--no-lock', '--record', FILE]);
    expect([second.code, second.err.includes('another run writes to the record')]).toEqual([5, true]);
    expect((await running.result).code).toBe(0);
    expect((await audit()).exit).toBe(0);
  });
});

describe('audit', () => {
  const change = async (edit: (lines: string[]) => string[]) => {
    const all = (await readFile(path(), 'utf8')).trimEnd().split('\n');
    await writeFile(path(), `${edit(all).join('\n')}\n`);
  };
  beforeEach(async () => {
    await apply('--parallelism', '1');
  });

  it('names a changed line, and says so without a key by the line after it', async () => {
    await change((all) =>
      all.map((line, index) => (index === 3 ? line.replace('"done"', '"refused"') : line)),
    );
    const report = await audit();
    expect([report.exit, report.faults.map(({ line, code }) => [line, code])]).toEqual([
      4,
      [[4, 'changed-line']],
    ]);
    const keyless = await repository.run(['audit', FILE], { env: { TELNYX_API_KEY: undefined } });
    expect(keyless.code).toBe(4);
    expect(keyless.err).toContain('regsync checks only digests');
    expect(keyless.out).toContain('line 5 does not continue line 4');
  });

  it('knows the end of the record where somebody kept its digest', async () => {
    const { last } = await audit();
    expect((await audit('--last', last ?? '')).exit).toBe(0);
    await change((all) => all.slice(0, -1));
    const cut = await audit('--last', last ?? '');
    expect(cut.faults.map(({ code }) => code)).toEqual(['unfinished-run', 'missing-lines']);
  });

  it('says which file is missing, and that a key is another one', async () => {
    const missing = await repository.run(['audit', 'none.jsonl']);
    expect([missing.code, missing.err.includes('it does not exist')]).toEqual([3, true]);
    const endless = await repository.run(['audit', '/dev/zero']);
    expect([endless.code, endless.err.includes('not a regular file')]).toEqual([3, true]);
    const env = { REGSYNC_PLAN_KEY: 'a key of plans, for tests and nothing else' };
    const other = await repository.run(['audit', FILE], { env });
    expect([other.code, other.out.includes('begins a run with another key')]).toEqual([4, true]);
  });

  it('leaves the mode of a record that was there before', async () => {
    await chmod(path(), 0o640);
    expect((await apply()).code).toBe(0);
    expect((await stat(path())).mode & 0o777).toBe(0o640);
  });
});
