import { relative, resolve } from 'node:path';
import { loadDesired, selectGroups } from '../manifest/repository.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { hasErrors, type Problem } from '../model/problem.ts';
import { renderErrorJson, renderJson } from '../render/json.ts';
import { count } from '../render/wording.ts';
import { openProjectRepository, sayProblems } from './project.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

export interface ValidateCommandOptions extends GlobalOptions {
  readonly format: 'text' | 'json';
}

/** Checks the manifests without network and without a key; says everything that is wrong in one pass. */
export async function validate(
  terminal: Terminal,
  paths: readonly string[],
  options: ValidateCommandOptions,
): Promise<ExitCode> {
  const repository = await openProjectRepository(terminal, options);
  const { desired, problems, files } = await loadDesired(repository, {
    env: null,
    warnsOfPlaintext: true,
  });
  const selected = selectGroups(repository, desired, { paths, targets: [], cwd: terminal.cwd });
  const inside = paths.map((path) => relative(repository.root, resolve(terminal.cwd, path)));
  const found = [...problems.filter((problem) => concerns(problem, inside)), ...selected.problems];
  const message = `${count(files, 'manifest file')}, ${count(selected.names.size, 'group')}`;
  if (options.format === 'text') sayProblems(terminal, options, shorten(found));
  if (hasErrors(found)) {
    const errors = found.filter((problem) => problem.severity === 'error').length;
    const verdict = `${count(errors, 'problem')} in ${count(files, 'manifest file')}.`;
    if (options.format === 'json')
      terminal.out(renderErrorJson({ code: 'invalid', message: verdict }, found));
    else terminal.err(`${verdict}\n`);
    return EXIT.invalid;
  }
  if (options.format === 'json') {
    terminal.out(renderJson({ valid: true, files, groups: [...selected.names].sort(), diagnostics: found }));
  } else {
    terminal.out(`Valid: ${message}.\n`);
    if (!options.quiet) terminal.err(WITHOUT_LOCK);
  }
  return EXIT.ok;
}

const WITHOUT_LOCK =
  'notice: checked structure and references only; what a country demands is checked by `regsync plan`.\n';

const MOST_PLAINTEXTS = 10;

/** A repository that has yet to begin with encryption has other things to read first. */
function shorten(problems: readonly Problem[]): readonly Problem[] {
  const plaintexts = problems.filter(({ code }) => code === PLAINTEXT);
  if (plaintexts.length <= MOST_PLAINTEXTS) return problems;
  const hidden = new Set(plaintexts.slice(MOST_PLAINTEXTS));
  const message = `and ${hidden.size} more: ${plaintexts.length} documents are not encrypted`;
  const summary: Problem = { severity: 'warning', code: PLAINTEXT, message };
  return [...problems.filter((problem) => !hidden.has(problem)), summary];
}

const PLAINTEXT = 'plaintext-document';

/** All of them, or those of the files that were named; what belongs to no file concerns everybody. */
function concerns(problem: Problem, paths: readonly string[]): boolean {
  const file = problem.source?.file;
  if (paths.length === 0 || file === undefined) return true;
  return paths.some((path) => path === '' || file === path || file.startsWith(`${path}/`));
}
