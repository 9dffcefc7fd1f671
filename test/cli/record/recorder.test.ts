import { appendFile, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deriveRecordKey } from '../../../src/cli/record/chain.ts';
import { beginRecord, type Recorder, whileRecording } from '../../../src/cli/record/recorder.ts';
import { verifyRecord } from '../../../src/cli/record/verify.ts';
import type { Project } from '../../../src/cli/session/project.ts';
import type { Terminal } from '../../../src/cli/session/terminal.ts';
import { AuthenticationError, UnreachableError } from '../../../src/model/errors.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import type { Write } from '../../../src/telnyx/client.ts';
import { type ClientScript, scriptedClient } from '../../support/scripted-client.ts';
import { endOf, LOST, refused } from '../../support/scripted-run.ts';

const KEY = deriveRecordKey(new Sensitive('a key of plans that is long enough'));

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'regsync-record-')));
});
afterEach(() => rm(folder, { recursive: true }));

const linesOf = async () =>
  (await readFile(join(folder, 'record.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

async function begin(cover = (text: string) => text, pulls: readonly number[] = []): Promise<Recorder> {
  const terminal = { cwd: folder, env: { CI_MERGE_REQUEST_IID: '5' }, cover, beforeExit: () => () => {} };
  const project = { repository: { root: folder, config: { scope: 'acme', account: null } } };
  const recorder = await beginRecord(
    terminal as Partial<Terminal> as Terminal,
    { record: 'record.jsonl' },
    project as unknown as Project,
    { recordKey: () => ({ key: KEY, api: 'sandbox' }) },
    { command: 'apply', plan: { fingerprint: 'f', changes: [1, 2] }, pulls },
  );
  if (recorder === null) throw new Error('none was begun');
  return recorder;
}

const PATCH: Write = {
  method: 'PATCH',
  template: '/requirement_groups/{id}',
  params: { id: 'g1' },
  repeat: 'safe',
  body: { kind: 'json', value: { customer_reference: 'a' } },
};
const SIGNAL = new AbortController().signal;

/** Records these writes, one after the other. */
async function record(script: ClientScript, writes: readonly Write[], recorder: Recorder) {
  const { client } = scriptedClient(script);
  const ends: unknown[] = [];
  await whileRecording(recorder, { signal: SIGNAL }, client, async (watched) => {
    for (const write of writes) ends.push(await endOf(watched.send(write)));
    return [];
  });
  return ends;
}

describe('a write in the record of a run', () => {
  it.each<[string, ClientScript['x'], object]>([
    ['that was answered is done', {}, { outcome: 'done', status: 200, code: null }],
    [
      'that Telnyx refused is refused, with its code',
      refused(422, { code: '10015' }),
      { outcome: 'refused', status: 422, code: '10015', request_id: 'request-1' },
    ],
    [
      'whose answer is lost is unknown',
      LOST,
      { outcome: 'unknown', status: null, code: null, request_id: null },
    ],
    [
      'that did not reach Telnyx is unknown',
      new UnreachableError('down'),
      { outcome: 'unknown', status: null },
    ],
    [
      'whose key was refused is refused',
      new AuthenticationError('no', { cause: refused(403, { code: '10010' }) }),
      { outcome: 'refused', status: 403, code: '10010' },
    ],
  ])('%s', async (_, answer, expected) => {
    const recorder = await begin();
    const [end] = await record({ 'PATCH /requirement_groups/g1': answer ?? {} }, [PATCH], recorder);
    const [run, operation, last, ...others] = await linesOf();
    expect(others).toEqual([]);
    expect(operation).toMatchObject({
      type: 'operation',
      operation: 'patch',
      request: 'PATCH /requirement_groups/{id}',
      id: 'g1',
      ...expected,
    });
    const { outcome } = expected as { readonly outcome: string };
    expect(last).toMatchObject({
      type: 'end',
      operations: { done: 0, refused: 0, unknown: 0, [outcome]: 1 },
    });
    expect(run).toMatchObject({ type: 'run', command: 'apply', changes: 2, pull_requests: [5] });
    // The run sees the answer as it was.
    expect(end instanceof Error).toBe(outcome !== 'done');
    expect(recorder.complaints()).toEqual([]);
    expect(verifyRecord(await readFile(join(folder, 'record.jsonl'), 'utf8'), KEY, null).faults).toEqual([]);
  });

  it.each<[string, Write['method'], string]>([
    ['delete', 'DELETE', '/requirement_groups/{id}'],
    ['upload', 'POST', '/documents'],
    ['create_address', 'POST', '/addresses'],
    ['submit', 'POST', '/requirement_groups/{id}/submit_for_approval'],
    ['attach', 'POST', '/sub_number_orders/{id}/requirement_group'],
    ['create', 'POST', '/number_orders'],
  ])('is called %s', async (operation, method, template) => {
    const write = { ...PATCH, method, template } as Write;
    await record({ [`${method} ${template.replace('{id}', 'g1')}`]: {} }, [write], await begin());
    expect((await linesOf())[1]).toMatchObject({ operation, request: `${method} ${template}` });
  });
});

describe('a record that cannot be continued', () => {
  const script = { 'PATCH /requirement_groups/g1': {} };

  it('gets no line after one that is missing, and says so', async () => {
    const recorder = await begin();
    await appendFile(join(folder, 'record.jsonl'), 'something else\n');
    expect(await record(script, [PATCH, PATCH], recorder)).toHaveLength(2);
    expect((await readFile(join(folder, 'record.jsonl'), 'utf8')).split('\n')).toHaveLength(3);
    expect(recorder.complaints()).toEqual([
      'the record record.jsonl is incomplete: another program wrote into it. What was done is listed here only',
    ]);
  });

  it('gets no line that would repeat a key', async () => {
    const recorder = await begin((text) =>
      text.replace('customer', '«sensitive»').replace('g1', '«sensitive»'),
    );
    await record(script, [PATCH], recorder);
    expect((await linesOf()).map(({ type }) => type)).toEqual(['run']);
    expect(recorder.complaints()[0]).toContain('a line would repeat a key');
  });

  it('stops the run before its first write', async () => {
    await expect(begin(() => 'covered')).rejects.toThrow(
      'nothing was applied: the record cannot be written to record.jsonl: a line would repeat a key. Give another file with --record FILE',
    );
  });
});

it('the pull requests that a run knows count before the one of its environment', async () => {
  await record({}, [], await begin(undefined, [7, 9]));
  expect((await linesOf())[0]).toMatchObject({ pull_requests: [7, 9] });
});
