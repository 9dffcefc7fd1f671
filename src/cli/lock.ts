import { join } from 'node:path';
import type { Command } from 'commander';
import { addedCombinations } from '../catalogue/lock.ts';
import { compareLocks } from '../catalogue/lock-changes.ts';
import { serialiseLock } from '../catalogue/lock-text.ts';
import { readLock } from '../catalogue/read-requirements.ts';
import { writeWholeFile } from '../files/write.ts';
import { MAX_LOCK_BYTES } from '../manifest/files/read-text.ts';
import { EDITED, parseLock } from '../manifest/lock-file.ts';
import { InvalidInputError, OutputError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { LOCK_FILE, type Lock, type LockedSet, type SetChange } from '../model/lock.ts';
import { Redactor } from '../model/privacy/redactor.ts';
import type { Problem } from '../model/problem.ts';
import { type Combination, combinationKey } from '../model/resource.ts';
import { renderJson } from '../render/json.ts';
import { renderLockText } from '../render/text/lock-text.ts';
import { count } from '../render/words/wording.ts';
import { loadDesired } from '../resolve/load.ts';
import { addCommand, collect, examples, type Finish, formatOption, runs } from './command.ts';
import { inShell, placeWords } from './session/again.ts';
import { readCombination } from './session/combination.ts';
import { asksSimulator } from './session/lock-source.ts';
import { startProgress } from './session/progress.ts';
import {
  distinctProblems,
  loadLock,
  openProjectRepositories,
  type Project,
  refuseProblems,
  sayProblems,
} from './session/project.ts';
import { whileReading } from './session/session.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(
    program,
    'lock',
    'write the requirements of Telnyx to regsync.lock.yaml, for offline checks and review',
  )
    .option(
      '--add <combination...>',
      'also this combination, such as DE/local/ordering or DE local ordering (may be repeated)',
      collect,
    )
    .option('--check', 'write nothing; exit 2 if the requirements of Telnyx differ from the lock')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples('regsync lock --sandbox', 'regsync lock --add DE local porting', 'regsync lock --check'),
    )
    .action(runs(lock, terminal, finish));
}

export interface LockCommandOptions extends GlobalOptions {
  readonly add?: readonly string[];
  readonly check?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * Writes the requirements of every combination that the manifests use into the lock, and prints the changes.
 * Only reads at Telnyx.
 */
export async function lock(terminal: Terminal, options: LockCommandOptions): Promise<ExitCode> {
  const asked = joinWords(options.add ?? []).map(readAdded);
  const isSample = asksSimulator(terminal, options);
  const progress = startProgress(terminal, options);
  const project = await loadForLock(terminal, options, asked);
  sayProblems(terminal, options, project.problems);
  if (options.check && project.lock === null) throw noLock();
  if (options.sandbox && project.lock?.isSample === false) throw notBySample();
  const kept = [...addedCombinations(project.lock), ...asked];
  const previous = project.lock?.isSample === isSample ? project.lock : null;
  return whileReading({ terminal, options, project, redactor: new Redactor(), progress }, async (api) => {
    const combinations = [...project.combinations, ...kept];
    progress.step(
      `Asking Telnyx about ${count(new Set(combinations.map(combinationKey)).size, 'combination')}`,
    );
    const { lock: fresh } = await readLock(api.client, combinations, { previous, added: kept, isSample });
    const changes = compareLocks(previous, fresh);
    const isUpToDate = previous !== null && changes.every(({ status }) => status === 'unchanged');
    const wasEdited = project.problems.some(({ code }) => code === EDITED);
    const writes = !options.check && (!isUpToDate || wasEdited);
    if (writes) await writeLock(project.repository.root, fresh);
    progress.clear();
    const notices = unknownCombinations(fresh);
    sayProblems(terminal, options, notices);
    terminal.out(
      options.format === 'json'
        ? renderJson(report(changes, writes, [...project.problems, ...notices]))
        : renderLockText(changes, options.check ? writingCommand(options, asked) : null, terminal.outPaint),
    );
    return options.check && !isUpToDate ? EXIT.changesPending : EXIT.ok;
  });
}

interface LockProject extends Pick<Project, 'repository' | 'lock' | 'problems'> {
  readonly combinations: readonly Combination[];
}

/**
 * Loads the combinations of all accounts, because they share the lock: requirements do not depend on the
 * account. Reads no variables, because values are not needed. An edited lock is an error only with `--check`,
 * because otherwise it is written anew. A lock that cannot be understood is never overwritten: a newer
 * regsync may have written it.
 */
async function loadForLock(
  terminal: Terminal,
  options: LockCommandOptions,
  asked: readonly Combination[],
): Promise<LockProject> {
  const [repository] = await openProjectRepositories(terminal, options);
  const { account: _, ...everyAccount } = options;
  const [loaded, { lock, problems: lockProblems }] = await Promise.all([
    Promise.all(
      (await openProjectRepositories(terminal, everyAccount)).map((each) => loadDesired(each, { env: null })),
    ),
    loadLock(repository),
  ]);
  const problems = distinctProblems(loaded.flatMap((each) => each.problems));
  const mayBeEmpty = asked.length + addedCombinations(lock).length > 0;
  const found = [
    ...(mayBeEmpty ? problems.filter(({ code }) => code !== 'no-manifests') : problems),
    ...(options.check ? lockProblems : lockProblems.map(repaired)),
  ];
  refuseProblems(found);
  const combinations = loaded.flatMap(({ desired }) =>
    desired.RequirementGroup.map((group) => group.combination),
  );
  return { repository, combinations, lock, problems: found };
}

function repaired(problem: Problem): Problem {
  if (problem.code !== EDITED) return problem;
  const { hint: _, ...rest } = problem;
  return { ...rest, severity: 'warning', hint: 'regsync writes it again.' };
}

function noLock(): InvalidInputError {
  const message = `${LOCK_FILE} does not exist. Run \`regsync lock\`, and commit the file`;
  return new InvalidInputError(message);
}

function notBySample(): InvalidInputError {
  const message = `${LOCK_FILE} contains the requirements of Telnyx, and --sandbox would replace them by sample data`;
  return new InvalidInputError(`${message}. To do that, delete ${LOCK_FILE} first.`);
}

/** Joins three words of a command line, such as `DE local ordering`, to one combination. */
function joinWords(words: readonly string[]): string[] {
  const [first, ...others] = words;
  if (first === undefined) return [];
  return first.includes('/')
    ? [first, ...joinWords(others)]
    : [words.slice(0, 3).join('/'), ...joinWords(words.slice(3))];
}

/** Reads a combination such as `DE/local/ordering`, in any case and also with dashes. */
function readAdded(written: string): Combination {
  const [country, type, action, ...more] = written.split('/');
  if (country === undefined || type === undefined || action === undefined || more.length > 0) {
    throw new InvalidInputError(`--add takes a combination such as DE/local/ordering, not "${written}"`);
  }
  try {
    return readCombination(country, type, action);
  } catch (error) {
    throw error instanceof InvalidInputError
      ? new InvalidInputError(`--add ${written}: ${error.message}`)
      : error;
  }
}

/** Returns the command without `--check` that writes the lock. */
function writingCommand(options: LockCommandOptions, asked: readonly Combination[]): string {
  const added = asked.flatMap((combination) => ['--add', combinationKey(combination)]);
  return inShell(['regsync', 'lock', ...added, ...placeWords(options)]);
}

/**
 * Writes the lock. Throws if it could not be read again, because its contents come from Telnyx and must not
 * replace a readable lock.
 */
async function writeLock(root: string, lock: Lock): Promise<void> {
  const text = serialiseLock(lock);
  if (Buffer.byteLength(text) > MAX_LOCK_BYTES || parseLock(text).problems.length > 0) {
    throw new OutputError(
      `the answer of Telnyx is too large or too different for ${LOCK_FILE}. Update regsync, or report it`,
    );
  }
  await writeWholeFile(join(root, LOCK_FILE), text, {
    what: 'the lock',
    mode: 0o644,
    root,
    replacesSources: true,
  });
}

function unknownCombinations(lock: Lock): Problem[] {
  return lock.sets
    .filter(({ version, requirements }) => version === null && requirements.length === 0)
    .map(({ combination }) => ({
      severity: 'notice',
      code: 'nothing-demanded',
      message: `Telnyx lists no requirements for ${combinationKey(combination)}`,
      hint: 'Either none are needed, or Telnyx does not offer these numbers.',
    }));
}

/* ---- The report, as JSON ---- */

function report(changes: readonly SetChange[], written: boolean, problems: readonly Problem[]) {
  const number = (status: SetChange['status']) => changes.filter((change) => change.status === status).length;
  return {
    lock: LOCK_FILE,
    written,
    summary: {
      added: number('added'),
      changed: number('changed'),
      dropped: number('dropped'),
      unchanged: number('unchanged'),
    },
    combinations: changes.map(({ combination, status, before, after, requirements }) => ({
      combination,
      status,
      version: { before: before?.version ?? null, after: after?.version ?? null },
      next: reportNext(after),
      changes: requirements.map(({ kind, id, name, detail }) => ({ kind, requirement_id: id, name, detail })),
    })),
    diagnostics: problems,
  };
}

function reportNext(set: LockedSet | null) {
  if (set === null || set.next === null) return null;
  const { version, effectiveAt, adds, removes } = set.next;
  return { version, effective_at: effectiveAt, adds, removes };
}
