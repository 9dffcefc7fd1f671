import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestRepository, type TestRepository } from '../support/test-repository.ts';

/** Many times as many as are read in one turn. */
const FILES = 600;
const WRONG = 417;

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/documents.yaml': manifests([]) }, 'processes');
  for (let index = 0; index < FILES; index++) await repository.write(pathOf(index), contentOf(index));
}, 60_000);
afterEach(() => repository.end());

const pathOf = (index: number) => `documents/many/${index}.txt`;
const contentOf = (index: number) => `SAMPLE document ${index}\n`;
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** @param wrong numbers of documents whose digest is that of another. */
function manifests(wrong: readonly number[]): string {
  return Array.from({ length: FILES }, (_, index) => {
    const pinned = digestOf(contentOf(wrong.includes(index) ? index + 1 : index));
    return `apiVersion: regsync/v1\nkind: Document\nname: document-${index}\nfile: ../${pathOf(index)}\nsha256: ${pinned}\n`;
  }).join('---\n');
}

it('finds each of very many documents to be what is pinned', async () => {
  const { code, out, err } = await repository.run(['validate']);
  expect([code, out]).toEqual([0, 'Valid: 1 manifest file, 0 groups.\n']);
  expect(err).not.toContain('digest-mismatch');
});

it('names the one that is another, and the one that is missing, at their lines', async () => {
  await repository.write(
    'groups/documents.yaml',
    manifests([WRONG]).replace(pathOf(5), 'documents/many/none.txt'),
  );
  const { code, err } = await repository.run(['validate']);
  expect(code).toBe(3);
  expect(err.match(/^groups\/documents\.yaml:\d+:\d+ {2}[a-z-]+ {2}(?!notice|warning).*/gm)).toEqual([
    expect.stringMatching(/:34:7 {2}file-not-found /),
    expect.stringMatching(new RegExp(`:${WRONG * 6 + 5}:9 {2}digest-mismatch `)),
  ]);
});
