import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { findRepository } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import { reveal, Sensitive } from '../../model/privacy/sensitive.ts';
import { whyUnusable } from '../../model/text/file-error.ts';
import { renderJson } from '../../render/json.ts';
import { renderAuditText } from '../../render/text/audit-text.ts';
import { checkApiKey } from '../../telnyx/access.ts';
import { addCommand, examples, type Finish, formatOption, runs } from '../command.ts';
import { accessOf, readKey } from '../session/api.ts';
import { readPlanKey } from '../session/plan-key.ts';
import { optionsForRepository } from '../session/project.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import { deriveRecordKey, type RecordKey } from './chain.ts';
import { verifyRecord } from './verify.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'audit <file>', 'check the file that apply --record wrote, and print it for people')
    .option('--last <digest>', 'the digest that the last line should have', digest)
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      `${examples('regsync audit record.jsonl')}
Set the key of the applies: REGSYNC_PLAN_KEY, or else the API key. Without a key, it checks only digests.
`,
    )
    .action(runs(audit, terminal, finish));
}

export interface AuditCommandOptions extends GlobalOptions {
  readonly last?: string;
  readonly format: 'text' | 'json';
}

/** Checks a record offline. Writes nothing. */
export async function audit(
  terminal: Terminal,
  file: string,
  options: AuditCommandOptions,
): Promise<ExitCode> {
  const text = await readRecord(resolve(terminal.cwd, file), file);
  const key = await findKey(terminal, options);
  const report = verifyRecord(text, key, options.last ?? null);
  if (key === null && !options.quiet) terminal.err(WITHOUT_KEY);
  terminal.out(options.format === 'json' ? renderJson(report) : renderAuditText(report, terminal.outPaint));
  return report.faults.length === 0 ? EXIT.ok : EXIT.operationsFailed;
}

const WITHOUT_KEY =
  'notice: without a key, regsync checks only digests, which anybody can compute. To check the MACs, set REGSYNC_PLAN_KEY, or else the API key, to the one of the applies.\n';

function digest(text: string): string {
  if (/^[0-9a-f]{16,64}$/.test(text)) return text;
  throw new InvalidArgumentError('Write a digest, as `regsync apply --record` and `regsync audit` print it.');
}

/** The most that is read: some hundred thousand lines. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024;

async function readRecord(path: string, given: string): Promise<string> {
  try {
    const found = await stat(path);
    // A pipe or a device may never end.
    if (!found.isFile())
      throw new InvalidInputError(
        `${given}: it is not a regular file. Give the file that "regsync apply --record FILE" wrote`,
      );
    if (found.size <= MAX_RECORD_BYTES) return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError(
      `${given} cannot be read: ${whyUnusable(error)}. Give the file that "regsync apply --record FILE" wrote`,
    );
  }
  throw new InvalidInputError(`${given}: it is too large. Check it in parts, one record after the other`);
}

/** Returns null if the environment has no key, as with an auditor who may not have it. */
async function findKey(terminal: Terminal, options: GlobalOptions): Promise<RecordKey | null> {
  const secret = readPlanKey(terminal.env) ?? (await findApiKey(terminal, options));
  if (secret === null) return null;
  terminal.hide(reveal(secret));
  return deriveRecordKey(secret);
}

async function findApiKey(terminal: Terminal, options: GlobalOptions): Promise<Sensitive | null> {
  if (options.sandbox) {
    const { SANDBOX_KEY } = await import('../../sandbox/server.ts');
    return new Sensitive(SANDBOX_KEY);
  }
  const repository =
    options.account === undefined ? null : await findRepository(optionsForRepository(terminal, options));
  const { keyEnv } = accessOf(repository?.config.account ?? null, terminal.env);
  const text = await readKey(terminal, options, { root: repository?.root ?? null, keyEnv });
  return text === undefined || text.trim() === '' ? null : checkApiKey(text, keyEnv);
}
