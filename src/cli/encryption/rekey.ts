import { resolve } from 'node:path';
import type { Command } from 'commander';
import { pathFrom, realPathOf } from '../../files/paths.ts';
import { readRecipients } from '../../manifest/encryption/recipients.ts';
import { Fault } from '../../manifest/fault.ts';
import { type Repository, uniteRepositories } from '../../manifest/repository.ts';
import { InvalidInputError, OutputError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import { isEncryptedPath } from '../../model/privacy/encrypted-path.ts';
import { type Problem, type SourcePosition, sortProblems } from '../../model/problem.ts';
import { whyUnusable } from '../../model/text/file-error.ts';
import { visible } from '../../model/text/visible.ts';
import { renderJson } from '../../render/json.ts';
import { count } from '../../render/words/wording.ts';
import { type EncryptedContents, type EncryptedText, findEncrypted } from '../../resolve/encrypted.ts';
import { loadDesired, parseAll } from '../../resolve/load.ts';
import { addCommand, examples, type Finish, formatOption, runs } from '../command.ts';
import { identitiesOf } from '../session/identity.ts';
import { startProgress } from '../session/progress.ts';
import { openProjectRepositories, refuseProblems } from '../session/project.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import { type RekeyRun, rekeyFile, rekeyTexts } from './rekey-run.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(
    program,
    'rekey',
    're-encrypt files after .regsync/recipients changed; needs an identity (age key)',
  )
    .argument('[file...]', 'only these encrypted files, or manifests with encrypted texts')
    .option('--force', 're-encrypt up-to-date files, too')
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync rekey', 'regsync rekey documents/passport.pdf.age'))
    .action(runs(rekey, terminal, finish));
}

export interface RekeyCommandOptions extends GlobalOptions {
  readonly force?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * Encrypts the files for the current recipients if they are encrypted for others. Writes all new files beside
 * the old ones before it replaces the first. A run that is killed while it replaces them can be run again.
 */
export async function rekey(
  terminal: Terminal,
  files: readonly string[],
  options: RekeyCommandOptions,
): Promise<ExitCode> {
  const repositories = await openProjectRepositories(terminal, options);
  const repository = uniteRepositories(repositories);
  const recipients = await readRecipients(repository.root);
  const progress = startProgress(terminal, options);
  for (const account of repositories) refuseProblems((await loadDesired(account, { env: null })).problems);
  const { parsed } = await parseAll(repository);
  const contents = narrow(findEncrypted(parsed), repository, terminal, files);
  const run: RekeyRun = {
    repository,
    recipients,
    identities: identitiesOf(terminal, repository.root),
    force: options.force === true,
    signal: terminal.signal,
    step: progress.step,
    staged: [],
    rekeyed: [],
    current: [],
    problems: [],
    locksOut: false,
  };
  let replaced = 0;
  try {
    for (const file of contents.files) await rekeyFile(run, file);
    for (const texts of byManifest(contents.texts)) await rekeyTexts(run, texts);
    progress.clear();
    refuseUnreadable(run);
    for (const { commit } of run.staged) {
      await commit();
      replaced++;
    }
  } catch (error) {
    for (const { discard } of run.staged) await discard().catch(() => {});
    throw isSystemError(error) ? explainSystemError(error, replaced, run.staged.length) : error;
  }
  reportRekeyed(terminal, options, run);
  return EXIT.ok;
}

/** Returns all contents, or only the named ones: encrypted files, or manifests with encrypted texts. */
function narrow(
  contents: EncryptedContents,
  { root }: Repository,
  terminal: Terminal,
  named: readonly string[],
): EncryptedContents {
  if (named.length === 0) return contents;
  const problems: Problem[] = [];
  const paths = named.map((file) => {
    const path = pathFrom(root, realPathOf(resolve(terminal.cwd, file)));
    const isKnown = [...contents.files, ...contents.texts].some((content) => content.path === path);
    if (!isKnown) problems.push(UNKNOWN.about(file).at(null));
    return path;
  });
  refuseProblems(problems);
  const isNamed = ({ path }: { readonly path: string }): boolean => paths.includes(path);
  return { files: contents.files.filter(isNamed), texts: contents.texts.filter(isNamed) };
}

const UNKNOWN = new Fault(
  'unknown-path',
  'this is neither an encrypted file that a manifest names nor a manifest with an encrypted text',
);

function byManifest(texts: readonly EncryptedText[]): EncryptedText[][] {
  const groups = new Map<string, EncryptedText[]>();
  for (const text of texts) groups.set(text.path, [...(groups.get(text.path) ?? []), text]);
  return [...groups.values()];
}

function refuseUnreadable({ problems }: RekeyRun): void {
  if (problems.length === 0) return;
  throw new InvalidInputError(
    `${count(problems.length, 'problem')} found; nothing was replaced`,
    sortProblems(problems),
  );
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function explainSystemError(error: NodeJS.ErrnoException, replaced: number, all: number): OutputError {
  const done =
    replaced === 0
      ? 'nothing was replaced'
      : `${replaced} of ${all} files were replaced: run rekey again for the rest`;
  return new OutputError(
    `${error.path ?? 'an encrypted file'} cannot be replaced: ${whyUnusable(error)}; ${done}`,
  );
}

/** Prints the files that were encrypted again, and who can or cannot decrypt them now. */
function reportRekeyed(terminal: Terminal, options: RekeyCommandOptions, run: RekeyRun): void {
  const { rekeyed, current, recipients } = run;
  if (options.format === 'json') {
    const place = ({ file, line }: SourcePosition) => ({ file, line });
    terminal.out(
      renderJson({ rekeyed: rekeyed.map(place), current: current.map(place), recipients: recipients.length }),
    );
  } else {
    for (const place of rekeyed)
      terminal.out(`${nameOf(place)}  encrypted for ${count(recipients.length, 'recipient')}\n`);
    terminal.out(summary(run));
  }
  if (options.quiet || rekeyed.length === 0) return;
  terminal.err(
    'notice: a person who could decrypt the old files still can, because git keeps the old versions.\n',
  );
  if (run.locksOut) {
    terminal.err(
      'warning: none of your identities is among the recipients, so you cannot decrypt the new files.\n',
    );
  }
}

function nameOf({ file, line }: SourcePosition): string {
  return isEncryptedPath(file) ? visible(file) : `${visible(file)}:${line}`;
}

function summary({ rekeyed, current }: RekeyRun): string {
  if (rekeyed.length + current.length === 0) return NOTHING_NAMED;
  if (rekeyed.length === 0)
    return `Nothing to do: the encrypted files and texts (${current.length}) are already for these recipients.\n`;
  return `Encrypted again: ${rekeyed.length}. Already for these recipients: ${current.length}.\n`;
}

/** The message names the limit of `rekey`: files that no manifest names may be encrypted too. */
const NOTHING_NAMED =
  'Nothing to do: your manifests contain no encrypted texts and name no encrypted files.\n';
