import { appendFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InvalidInputError, RefusedError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { WHERE_FILES_ARE_MADE, whyUnusable } from '../../model/text/file-error.ts';
import { SUMMARY_BYTES } from '../../render/markdown/apply.ts';
import { code } from '../../render/markdown/markdown.ts';
import { renderPlanComment } from '../../render/markdown/plan.ts';
import { renderPlanText } from '../../render/text/plan-text.ts';
import type { Applied } from '../apply/apply-reviewed.ts';
import { type Reviewed, refusalError } from '../apply/judge.ts';
import { gateWords, inShell, placeWords } from '../session/again.ts';
import type { Terminal } from '../session/terminal.ts';
import type { CiCommandOptions } from './ci.ts';

export async function refuse(
  terminal: Terminal,
  {
    paths,
    options,
    reviewed,
    applied,
  }: {
    readonly paths: readonly string[];
    readonly options: CiCommandOptions;
    readonly reviewed: Reviewed;
    readonly applied: Applied & { readonly kind: 'refused' };
  },
): Promise<never> {
  const { plan, cause, message, differences } = applied;
  const was =
    reviewed.kind === 'plan'
      ? reviewed.plan.fingerprint
      : reviewed.kind === 'fingerprint'
        ? reviewed.fingerprint
        : null;
  const status = {
    state: 'refused' as const,
    // The list of differences is more specific than the message.
    ...(differences.length === 0 ? { message } : { differences }),
    ...(was !== null && cause === 'review' ? { reviewed: was } : {}),
  };
  // The message about a closed gate already names the flag to add.
  const command = plan.applyable && cause !== 'gate' ? inShell(approval(plan, paths, options)) : null;
  const next = command === null ? '' : `\n**To apply exactly this plan:** ${code(command)}\n`;
  // The JSON on stdout is the error that is thrown below.
  if (options.format !== 'json') {
    await show(terminal, options, `${renderPlanComment(plan, { ...SIZE, status })}${next}`, {
      json: () => '',
      text: () => renderPlanText(plan, terminal.outPaint),
    });
  }
  const refusal = refusalError(applied);
  if (command === null) throw refusal;
  throw new RefusedError(`${refusal.message}. Read the plan. To apply exactly that plan, run: ${command}`);
}

/**
 * Returns the command that applies this plan. It narrows the run in the same way, because otherwise the plan
 * would be another one.
 */
function approval(
  { fingerprint }: Plan,
  paths: readonly string[],
  options: CiCommandOptions,
): readonly string[] {
  const command = ['regsync', 'ci', 'apply', ...paths, '--fingerprint', fingerprint.slice(0, 8)];
  return [...command, ...gateWords(options), ...placeWords(options)];
}

export const SIZE = { limitBytes: SUMMARY_BYTES };

/**
 * Appends the Markdown to the summary. Returns an error as text, because the apply is done and its outcomes
 * must still be printed.
 */
export async function appendOrSay(
  terminal: Terminal,
  summary: string,
  markdown: string,
): Promise<readonly string[]> {
  try {
    await appendTo(resolve(terminal.cwd, summary), markdown);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/**
 * Writes the Markdown to the summary file if there is one, and text for people to stdout. Otherwise writes
 * the Markdown to stdout.
 */
export async function show(
  terminal: Terminal,
  options: CiCommandOptions,
  markdown: string,
  otherwise: { readonly json: () => string; readonly text: () => string },
): Promise<void> {
  if (options.summary !== undefined) await appendTo(resolve(terminal.cwd, options.summary), markdown);
  if (options.format === 'json') terminal.out(otherwise.json());
  else terminal.out(options.summary === undefined ? markdown : otherwise.text());
}

async function appendTo(path: string, markdown: string): Promise<void> {
  try {
    await appendFile(path, markdown);
  } catch (error) {
    const why = whyUnusable(error, WHERE_FILES_ARE_MADE);
    throw new InvalidInputError(`the summary cannot be written to ${path}: ${why}`);
  }
}
