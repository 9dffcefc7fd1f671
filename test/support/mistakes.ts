import { appendFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'vitest';
import type { RunOptions, TestRepository } from './test-repository.ts';

/**
 * Makes a mistake, and returns all that the program answers.
 *
 * To read all answers side by side: `REGSYNC_MISTAKES=mistakes.md npx vitest run test/program/mistakes`.
 */
export async function answerTo(
  repository: Pick<TestRepository, 'run'>,
  args: readonly string[],
  options?: RunOptions,
): Promise<string> {
  const { code, out, err } = await repository.run(args, options);
  keepAnswer(`$ regsync ${args.join(' ')}`, `${out}${err}`, code);
  return out + err;
}

/** Appends the answer to the file that REGSYNC_MISTAKES names, under the title of the test. */
export function keepAnswer(typed: string, answer: string, code: number | null): void {
  const file = process.env.REGSYNC_MISTAKES;
  if (file === undefined) return;
  const title = expect.getState().currentTestName ?? '';
  const text = steady(`${typed}\n${answer.trimEnd()}\n(exit ${code})`);
  appendFileSync(file, `## ${title}\n\n~~~text\n${text}\n~~~\n\n`);
}

/** Replaces the parts that differ in each run: folders, ports, ids and the digests of them. */
function steady(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(new RegExp(`(?:/private)?${tmpdir()}/regsync-[a-z]+-\\w{6}`, 'g'), '/repository')
    .replaceAll(/(127\.0\.0\.1|localhost):\d{4,5}/g, '$1:PORT');
}
