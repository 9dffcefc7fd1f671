import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditReport } from '../../../src/model/record.ts';
import { type ActionStage, openActionStage } from '../../support/action-stage.ts';
import { germanGroup } from '../../support/rehearsal.ts';

let stage: ActionStage;
beforeEach(async () => {
  stage = await openActionStage({});
});
afterEach(() => stage.end());

const APPLY = { command: 'apply', record: 'record.jsonl' };

describe('the record of the action', () => {
  it('names the pull request that was reviewed, and is whole', async () => {
    const pushed = await stage.pushToPull(7, { 'groups/de.yaml': germanGroup() });
    expect((await stage.run(pushed, { command: 'plan' })).code).toBe(0);
    expect((await stage.run(stage.merge(7), APPLY)).code).toBe(0);
    const file = join(stage.workspace, 'record.jsonl');
    const [first = ''] = (await readFile(file, 'utf8')).split('\n');
    expect(JSON.parse(first)).toMatchObject({ command: 'action apply', pull_requests: [7], scope: 'acme' });
    const { out } = await stage.rehearsal.run(['audit', file, '--format', 'json']);
    const { faults, runs } = JSON.parse(out) as AuditReport;
    expect([faults, runs[0]?.end?.outcomes.applied]).toEqual([[], 1]);
  });

  it('that cannot be written ends the apply before its first write and before the comment says that it applies', async () => {
    const pushed = await stage.pushToPull(7, { 'groups/de.yaml': germanGroup() });
    expect((await stage.run(pushed, { command: 'plan' })).code).toBe(0);
    await writeFile(join(stage.workspace, 'record.jsonl'), 'something else\n');
    const { code, err } = await stage.run(stage.merge(7), APPLY);
    expect([code, err.includes('something else than a record')]).toEqual([3, true]);
    expect((await stage.rehearsal.state()).groups).toEqual([]);
    expect(stage.comments(7)[0]?.body).not.toMatch(/Applying/);
  });
});
