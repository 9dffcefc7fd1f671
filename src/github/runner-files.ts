import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import type { Environment } from './events.ts';

/** What the page of the run shows. Without GITHUB_STEP_SUMMARY, nothing. */
export async function appendSummary(env: Environment, markdown: string): Promise<void> {
  if (env.GITHUB_STEP_SUMMARY) await appendFile(env.GITHUB_STEP_SUMMARY, `${markdown.trimEnd()}\n\n`);
}

/** What later steps can use. A value ends where a line is the delimiter: nobody who writes a value can know it. */
export async function appendOutputs(
  env: Environment,
  outputs: Readonly<Record<string, string | number>>,
): Promise<void> {
  if (!env.GITHUB_OUTPUT) return;
  const lines = Object.entries(outputs).map(([name, value]) => {
    const delimiter = `regsync-${randomUUID()}`;
    return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
  });
  await appendFile(env.GITHUB_OUTPUT, lines.join(''));
}
