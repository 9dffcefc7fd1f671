import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import type { Environment } from '../forge/base-tree.ts';

/** Appends to the page of the run. Does nothing without GITHUB_STEP_SUMMARY. */
export async function appendSummary(env: Environment, markdown: string): Promise<void> {
  if (env.GITHUB_STEP_SUMMARY) await appendFile(env.GITHUB_STEP_SUMMARY, `${markdown.trimEnd()}\n\n`);
}

/**
 * Appends the outputs for later steps. A line with the delimiter ends a value, so it is random: no value can
 * contain it.
 */
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
