import { resolve } from 'node:path';
import type { Command } from 'commander';
import { NOT_CHECKED_OUT } from '../../manifest/files/checkout.ts';
import { type Repository, uniteRepositories } from '../../manifest/repository.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import { byKind, KIND_WORDS, OTHER_KINDS, type OtherKind, type Selected } from '../../model/kinds.ts';
import type { Lock } from '../../model/lock.ts';
import type { ValidReport } from '../../model/outputs.ts';
import { countProblems, hasErrors, type Problem, sortProblems } from '../../model/problem.ts';
import type { Desired } from '../../model/resource.ts';
import { dateOf } from '../../model/text/calendar.ts';
import { renderErrorJson, renderJson } from '../../render/json.ts';
import { count } from '../../render/words/wording.ts';
import { judgeRepository } from '../../resolve/judge-manifests.ts';
import { listRepositoryFiles, loadDesired } from '../../resolve/load.ts';
import { filesRead } from '../../resolve/request-files.ts';
import { fileTest, selectManifests } from '../../resolve/selection.ts';
import { addCommand, addTargets, examples, type Finish, formatOption, runs } from '../command.ts';
import type { GateOptions } from '../plan.ts';
import {
  distinctProblems,
  loadLock,
  openProjectRepositories,
  type Selection,
  sayProblems,
  type TargetOptions,
  targetsOf,
  wordsFor,
} from '../session/project.ts';
import { readShardOption } from '../session/shard.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addTargets(addCommand(program, 'validate [path...]', 'check the manifests offline, without a key'))
    .option('--staged', 'check the files of the next commit, and refuse plaintext documents in it')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples(
        'regsync validate',
        'regsync validate groups/de.yaml --format json',
        'regsync validate --staged',
      ),
    )
    .action(runs(validate, terminal, finish));
}

export interface ValidateCommandOptions extends GlobalOptions, TargetOptions {
  readonly staged?: boolean;
  readonly format: 'text' | 'json';
}

/** Checks the manifests without network and without a key. Prints all problems in one pass. */
export async function validate(
  terminal: Terminal,
  paths: readonly string[],
  options: ValidateCommandOptions,
): Promise<ExitCode> {
  const checked = options.staged
    ? await checkCommit(terminal, paths, options)
    : await checkManifests(terminal, paths, options);
  if (checked === null) return EXIT.ok;
  const { selections, files, lock, problems: found } = checked;
  const message = `${count(files, 'manifest file')}, ${wordsFor(...selections)}`;
  if (options.format === 'text') sayProblems(terminal, options, found);
  if (hasErrors(found)) {
    const verdict = `${countProblems(found)} in ${count(files, 'manifest file')}.`;
    if (options.format === 'json')
      terminal.out(renderErrorJson({ code: 'invalid', message: verdict }, found));
    else terminal.err(`${verdict}\n${options.staged ? ADD_AGAIN : ''}`);
    return EXIT.invalid;
  }
  if (options.format === 'json') {
    terminal.out(renderJson(validAsData(files, selections, found)));
  } else {
    terminal.out(`Valid: ${message}.\n`);
    if (!options.quiet && lock === null) terminal.err(WITHOUT_LOCK);
  }
  return EXIT.ok;
}

/** Checks what git is about to commit. Null if that is nothing of the repository, which is said here. */
async function checkCommit(
  terminal: Terminal,
  paths: readonly string[],
  options: ValidateCommandOptions,
): Promise<Checked | null> {
  const { checkStaged } = await import('./staged-content.ts');
  const checked = await checkStaged(terminal, options, (there, own) => checkManifests(there, paths, own));
  if (checked !== null || options.format === 'json') return checked ?? NOTHING_STAGED;
  terminal.out('Nothing to check: the next commit does not change this repository.\n');
  return null;
}

const NOTHING_STAGED: Checked = {
  root: '',
  selections: [byKind(() => new Set<string>())],
  files: 0,
  lock: null,
  problems: [],
  inputs: new Set(),
};

const ADD_AGAIN = 'Correct the files, `git add` them, and commit again.\n';

/**
 * Returns the data that `--format json` prints for valid manifests. Kinds other than groups appear only if
 * there are some.
 */
export function validAsData(
  files: number,
  selections: readonly Selected[],
  diagnostics: readonly Problem[],
): ValidReport {
  const namesOf = (kind: keyof Selected) => selections.flatMap((selected) => [...selected[kind]]).sort();
  const others = OTHER_KINDS.map((kind) => [KIND_WORDS[kind].plural, namesOf(kind)] as const).filter(
    ([, names]) => names.length > 0,
  );
  return {
    format_version: '1.0',
    valid: true,
    files,
    groups: namesOf('RequirementGroup'),
    ...Object.fromEntries(others),
    diagnostics,
  };
}

export interface Checked {
  readonly root: string;
  /** The selection of each account. */
  readonly selections: readonly Selected[];
  readonly files: number;
  /** The lock. Null if there is none. */
  readonly lock: Lock | null;
  readonly problems: readonly Problem[];
  /** The files that were read, relative to the root. */
  readonly inputs: ReadonlySet<string>;
}

/** Runs all checks that need no network, for each account unless one is named. */
export async function checkManifests(
  terminal: Terminal,
  paths: readonly string[],
  options: GlobalOptions & TargetOptions & Pick<GateOptions, 'shard'>,
): Promise<Checked> {
  const repositories = await openProjectRepositories(terminal, options);
  const [{ root }] = repositories;
  const { lock, problems: lockProblems } = await loadLock({ root });
  // Checks against a lock that somebody edited would only repeat that mistake at other places.
  const intact = lockProblems.some(({ severity }) => severity === 'error') ? null : lock;
  const { shard } = options;
  const part = shard === undefined ? {} : { shard: readShardOption(terminal, shard) };
  const selection = { ...targetsOf(options), ...part, paths, cwd: terminal.cwd };
  const checked: CheckedAccount[] = [];
  for (const repository of repositories) checked.push(await checkAccount(repository, intact, selection));
  return {
    root,
    selections: checked.map(({ selected }) => selected),
    files: listRepositoryFiles(uniteRepositories(repositories)).length,
    lock,
    inputs: new Set(checked.flatMap(({ inputs }) => [...inputs])),
    problems: [
      ...lockProblems,
      ...distinctProblems(checked.flatMap(({ problems }) => problems)),
      ...problemsOfAll(checked.map(({ misses }) => misses)),
    ],
  };
}

interface CheckedAccount {
  readonly selected: Selected;
  readonly problems: readonly Problem[];
  /** The paths and names that select nothing in this account. */
  readonly misses: readonly Problem[];
  readonly inputs: ReadonlySet<string>;
}

async function checkAccount(
  repository: Repository,
  lock: Lock | null,
  selection: Selection & { readonly cwd: string },
): Promise<CheckedAccount> {
  const { desired, problems, parsed } = await loadDesired(repository, {
    env: null,
    warnsOfPlaintext: true,
    looksElsewhere: true,
    today: dateOf(Date.now()),
  });
  problems.push(...(await checkOffline(desired, lock, problems)));
  problems.push(...(await judgeRepository(repository, parsed)).problems);
  const tests = selection.paths.map((path) => fileTest(repository.root, resolve(selection.cwd, path)));
  const isAsked = (file: string): boolean => tests.length === 0 || tests.some((isThere) => isThere(file));
  if (lock !== null && !repository.config.allowPlaintextDocuments)
    problems.push(...(await findPlainIdentity(desired, lock, isAsked)));
  const { selected, problems: misses } = selectManifests(repository, desired, {
    ...selection,
    files: listRepositoryFiles(repository),
  });
  return {
    selected,
    problems: sortProblems(problems).filter(
      // A problem without a file concerns everybody, and so does a missing file.
      ({ code, source }) => source === undefined || code === NOT_CHECKED_OUT || isAsked(source.file),
    ),
    misses,
    inputs: filesRead(repository, parsed),
  };
}

/**
 * Returns the problems that all accounts have: a path that selects nothing in one account may select
 * something in another.
 */
function problemsOfAll([first = [], ...others]: readonly (readonly Problem[])[]): Problem[] {
  const known = others.map((problems) => new Set(problems.map(({ code, message }) => code + message)));
  return first.filter(({ code, message }) => known.every((set) => set.has(code + message)));
}

const WITHOUT_LOCK =
  'notice: validate checked structure and references only. To check the requirements of countries, too, run `regsync lock`.\n';

/**
 * Checks the values against the lock, if there is one. If the manifests have errors, reports no missing
 * requirement, because the value may be one that has an error.
 */
async function checkOffline(
  desired: Desired,
  lock: Lock | null,
  mistakes: readonly Problem[],
): Promise<Problem[]> {
  if (lock === null) return [];
  const { checkAgainstLock, checkOrdersAgainstLock } = await import('../../catalogue/offline.ts');
  const found = [
    ...checkAgainstLock(desired.RequirementGroup, lock),
    ...checkOrdersAgainstLock(
      OTHER_KINDS.flatMap((kind): readonly Desired[OtherKind][number][] => desired[kind]),
      lock,
    ),
  ];
  return hasErrors(mistakes) ? found.filter(({ code }) => code !== 'missing-requirement') : found;
}

/** Warns once of all texts that say who somebody is and that everybody can read who can read the repository. */
async function findPlainIdentity(
  desired: Desired,
  lock: Lock,
  isAsked: (file: string) => boolean,
): Promise<Problem[]> {
  const [{ valuesByLock }, { isPersonal, warnOfPlainIdentity }] = await Promise.all([
    import('../../catalogue/offline.ts'),
    import('../../catalogue/plain-identity.ts'),
  ]);
  const orders = OTHER_KINDS.flatMap((kind): readonly Desired[OtherKind][number][] => desired[kind]);
  const values = valuesByLock(desired.RequirementGroup, orders, lock, isPersonal);
  return warnOfPlainIdentity(values.filter(({ contentSource }) => isAsked(contentSource.file)));
}
