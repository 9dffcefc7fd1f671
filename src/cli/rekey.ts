import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { pathFrom, realPathOf } from '../files/paths.ts';
import { clearStaged, type StagedFile, stageFile } from '../files/stage.ts';
import { armor, type Ciphertext, labelOf, readCiphertext } from '../manifest/encryption/ciphertext.ts';
import type { Identities } from '../manifest/encryption/identities.ts';
import { encryptFor, readRecipients } from '../manifest/encryption/recipients.ts';
import { Fault } from '../manifest/fault.ts';
import type { RepositoryPath } from '../manifest/files/paths.ts';
import { confine, readEncrypted, readManifestVerbatim } from '../manifest/files/read-confined.ts';
import { type Repository, uniteRepositories } from '../manifest/repository.ts';
import { isEncryptedPath } from '../model/encrypted-path.ts';
import { InterruptedError, InvalidInputError, OutputError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { type Problem, type SourcePosition, sortProblems } from '../model/problem.ts';
import { visible } from '../model/visible.ts';
import { renderJson } from '../render/json.ts';
import { count } from '../render/wording.ts';
import {
  type EncryptedContents,
  type EncryptedFile,
  type EncryptedText,
  findEncrypted,
  replaceTexts,
} from '../resolve/encrypted.ts';
import { loadDesired, parseAll } from '../resolve/load.ts';
import { addCommand, examples, type Finish, formatOption, optionsOf } from './command.ts';
import { identitiesOf } from './session/identity.ts';
import { startProgress } from './session/progress.ts';
import { openProjectRepositories, refuseProblems } from './session/project.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

/** Defines the command, its options and its help page. */
export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'rekey', 'encrypt again what is not for the recipients of today; needs an identity')
    .argument('[file...]', 'only these: encrypted files, or manifests with encrypted texts')
    .option('--force', 'also what is for them already')
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync rekey', 'regsync rekey documents/passport.pdf.age'))
    .action(async (files: string[], _, command: Command) => {
      finish(await rekey(terminal, files, optionsOf<RekeyCommandOptions>(command)));
    });
}

export interface RekeyCommandOptions extends GlobalOptions {
  readonly force?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * Encrypts again, for the recipients of today, what is encrypted for others. Nothing takes the place of an old file before
 * all new ones lie beside theirs; a run that is killed among the last steps is simply run again.
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
  const run: Run = {
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
  report(terminal, options, run);
  return EXIT.ok;
}

interface Run {
  readonly repository: Repository;
  readonly recipients: readonly string[];
  readonly identities: Identities;
  readonly force: boolean;
  readonly signal: AbortSignal;
  readonly step: (text: string) => void;
  readonly staged: StagedFile[];
  readonly rekeyed: SourcePosition[];
  readonly current: SourcePosition[];
  readonly problems: Problem[];
  /** Who runs this will not be able to decrypt what is written. */
  locksOut: boolean;
}

/** All, or those that are named: encrypted files, or manifests that hold encrypted texts. */
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
  'no manifest points to this encrypted file, nor is it a manifest with an encrypted text',
);

async function rekeyFile(run: Run, { path, source, pins }: EncryptedFile): Promise<void> {
  const { root } = run.repository;
  const place: SourcePosition = { file: path, line: 1, column: 1 };
  const found = readEncrypted(root, path);
  if (!(found instanceof Fault) && isCurrent(run, found)) {
    run.current.push(place);
    await clearUp(run, path);
    return;
  }
  const plaintext = await open(run, path, found);
  const realPath = confine(root, path);
  const fault = plaintext instanceof Fault ? plaintext : realPath instanceof Fault ? realPath : null;
  if (fault !== null) run.problems.push(fault.about(path).at(source));
  if (plaintext instanceof Fault || realPath instanceof Fault || found instanceof Fault) return;
  const digest = createHash('sha256').update(plaintext).digest('hex');
  const broken = pins.filter(({ sha256 }) => sha256 !== digest);
  if (broken.length > 0) {
    run.problems.push(...broken.map((pin) => SWAPPED.about(path).at(pin.source)));
    return;
  }
  // The same file, by a link to it.
  if (run.staged.some((staged) => staged.path === realPath)) return;
  const bytes = await encryptFor(run.recipients, plaintext);
  await noteLockOut(run, bytes);
  run.staged.push(await stageFile(realPath, found.isArmored ? armor(bytes) : bytes));
  run.rekeyed.push(place);
}

/** Unless it is to take its place in this run: the same file may be named by a link. */
async function clearUp({ repository: { root }, staged }: Run, path: RepositoryPath): Promise<void> {
  const realPath = confine(root, path);
  if (realPath instanceof Fault || staged.some((file) => file.path === realPath)) return;
  await clearStaged(realPath);
}

const SWAPPED = new Fault(
  'digest-mismatch',
  'what is encrypted here is not the document that is pinned: its "sha256" is another',
);

/** Those of one manifest, which is rewritten once. */
async function rekeyTexts(run: Run, texts: readonly EncryptedText[]): Promise<void> {
  const replacements: { text: EncryptedText; bytes: Uint8Array }[] = [];
  for (const text of texts) {
    const found = readCiphertext(Buffer.from(text.armored));
    if (!(found instanceof Fault) && isCurrent(run, found)) {
      run.current.push(text.source);
      continue;
    }
    const plaintext = await open(run, text.path, found);
    if (plaintext instanceof Fault) {
      run.problems.push(plaintext.at(text.source));
      continue;
    }
    // One that was copied stays a copy.
    const same = replacements.find((other) => other.text.armored.trim() === text.armored.trim());
    const bytes = same?.bytes ?? (await encryptFor(run.recipients, plaintext));
    await noteLockOut(run, bytes);
    replacements.push({ text, bytes });
  }
  const [first] = replacements;
  if (first === undefined) {
    for (const { path } of texts.slice(0, 1)) await clearUp(run, path);
    return;
  }
  const { root } = run.repository;
  const realPath = confine(root, first.text.path);
  const manifest = readManifestVerbatim(root, first.text.path);
  const result = manifest instanceof Fault ? manifest : replaceTexts(manifest, replacements);
  if (result === null || result instanceof Fault || realPath instanceof Fault) {
    const fault = result instanceof Fault ? result : realPath instanceof Fault ? realPath : NOT_A_BLOCK;
    run.problems.push(fault.at(first.text.source));
    return;
  }
  run.staged.push(await stageFile(realPath, result));
  run.rekeyed.push(...replacements.map(({ text }) => text.source));
}

const NOT_A_BLOCK = new Fault(
  'not-a-block',
  'an encrypted text here cannot be replaced without touching what is around it',
  'Write it as a block: “age: |”, and below it the lines, indented.',
);

function isCurrent({ force, recipients }: Run, { label }: Ciphertext): boolean {
  return !force && label === labelOf(recipients);
}

async function open(run: Run, path: RepositoryPath, found: Ciphertext | Fault): Promise<Buffer | Fault> {
  if (run.signal.aborted) throw new InterruptedError('interrupted: nothing was replaced');
  run.step(`Encrypting ${path} again`);
  return found instanceof Fault ? found : run.identities.decrypt(found);
}

async function noteLockOut(run: Run, bytes: Uint8Array): Promise<void> {
  if (run.locksOut) return;
  const written = readCiphertext(bytes);
  if (written instanceof Fault || (await run.identities.decrypt(written)) instanceof Fault)
    run.locksOut = true;
}

function byManifest(texts: readonly EncryptedText[]): EncryptedText[][] {
  const groups = new Map<string, EncryptedText[]>();
  for (const text of texts) groups.set(text.path, [...(groups.get(text.path) ?? []), text]);
  return [...groups.values()];
}

function refuseUnreadable({ problems }: Run): void {
  if (problems.length === 0) return;
  throw new InvalidInputError(
    `${count(problems.length, 'problem')} found; nothing was replaced`,
    sortProblems(problems),
  );
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function explainSystemError(
  { code, path }: NodeJS.ErrnoException,
  replaced: number,
  all: number,
): OutputError {
  const done =
    replaced === 0
      ? 'nothing was replaced'
      : `${replaced} of ${all} files were replaced: run it again for the rest`;
  return new OutputError(`an encrypted file cannot be replaced (${code}, ${path ?? 'a file'}); ${done}`);
}

/* ---- What is said ---- */

function report(terminal: Terminal, options: RekeyCommandOptions, run: Run): void {
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
    'notice: whoever could decrypt the old files still can, where they have them: git keeps what was committed.\n',
  );
  if (run.locksOut) {
    terminal.err(
      'warning: none of your identities is among the recipients: you cannot decrypt what was written.\n',
    );
  }
}

function nameOf({ file, line }: SourcePosition): string {
  return isEncryptedPath(file) ? visible(file) : `${visible(file)}:${line}`;
}

function summary({ rekeyed, current }: Run): string {
  if (rekeyed.length + current.length === 0) return NOTHING_NAMED;
  if (rekeyed.length === 0)
    return `Nothing to do: what is encrypted here (${current.length}) is for these recipients already.\n`;
  return `Encrypted again: ${rekeyed.length}. For these recipients already: ${current.length}.\n`;
}

/** What lies there besides may be encrypted, too. */
const NOTHING_NAMED =
  'Nothing to do: no manifest names an encrypted file or holds an encrypted text, and no other is encrypted again.\n';
