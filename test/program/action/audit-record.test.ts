import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditReport } from '../../../src/model/report/record.ts';
import { type ActionRepository, openActionRepository } from '../../support/action-repository.ts';
import { germanGroup } from '../../support/test-repository.ts';

let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({});
});
afterEach(() => repository.end());

const APPLY = { command: 'apply', record: 'record.jsonl' };

describe('the record of the action', () => {
  it('names the pull request that was reviewed, and is whole', async () => {
    const pushed = await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() });
    expect((await repository.run(pushed, { command: 'plan' })).code).toBe(0);
    expect((await repository.run(repository.merge(7), APPLY)).code).toBe(0);
    const file = join(repository.workspace, 'record.jsonl');
    const [first = ''] = (await readFile(file, 'utf8')).split('\n');
    expect(JSON.parse(first)).toMatchObject({ command: 'action apply', pull_requests: [7], scope: 'acme' });
    const { out } = await repository.testRepository.run(['audit', file, '--format', 'json']);
    const { faults, runs } = JSON.parse(out) as AuditReport;
    expect([faults, runs[0]?.end?.outcomes.applied]).toEqual([[], 1]);
  });

  it('that cannot be written ends the apply before its first write and before the comment says that it applies', async () => {
    const pushed = await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() });
    expect((await repository.run(pushed, { command: 'plan' })).code).toBe(0);
    await writeFile(join(repository.workspace, 'record.jsonl'), 'something else\n');
    const { code, err } = await repository.run(repository.merge(7), APPLY);
    expect([code, err.includes('something else than a record')]).toEqual([3, true]);
    expect((await repository.testRepository.state()).groups).toEqual([]);
    expect(repository.comments(7)[0]?.body).not.toMatch(/Applying/);
  });
});
