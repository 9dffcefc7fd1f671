import { createHash } from 'node:crypto';
import { readFile, realpath, unlink } from 'node:fs/promises';
import { basename, dirname, join, posix, resolve } from 'node:path';
import type { Command } from 'commander';
import { isInside, pathFrom, realPathOf } from '../files/paths.ts';
import { replaceFiles } from '../files/stage.ts';
import { UNNAMED_AGE_FILE } from '../manifest/content/foreign-content.ts';
import { armor, readCiphertext } from '../manifest/encryption/ciphertext.ts';
import type { Identities } from '../manifest/encryption/identities.ts';
import { encryptFor, readRecipients } from '../manifest/encryption/recipients.ts';
import { Fault } from '../manifest/fault.ts';
import { type RepositoryPath, resolvePath } from '../manifest/files/paths.ts';
import {
  decodeText,
  isNamedLikeManifest,
  readDocumentAt,
  readEncrypted,
} from '../manifest/files/read-confined.ts';
import type { Repository } from '../manifest/repository.ts';
import { isEncryptedPath } from '../model/encrypted-path.ts';
import { InvalidInputError, OutputError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import type { Problem } from '../model/problem.ts';
import { visible } from '../model/visible.ts';
import { renderJson } from '../render/json.ts';
import { count } from '../render/wording.ts';
import { addCommand, examples, type Finish, formatOption, optionsOf } from './command.ts';
import { identitiesOf } from './session/identity.ts';
import { openProjectRepositories } from './session/project.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

/** Defines the command, its options and its help page. */
export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'encrypt', 'encrypt documents for the recipients in .regsync/recipients')
    .argument('<file...>', 'FILE.age is written beside each; - reads a text, for text_from')
    .option('--out <dir>', 'write into this folder of the repository instead')
    .option('--force', 'replace encrypted files that exist')
    .option(
      '--remove',
      'remove the plaintext, once it is certain that it can be decrypted; needs an identity',
    )
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples(
        'regsync encrypt documents/passport.pdf',
        'regsync encrypt ~/scan.pdf --out documents',
        'printf %s "$TAX_ID" | regsync encrypt -',
      ),
    )
    .action(async (files: string[], _, command: Command) => {
      finish(await encrypt(terminal, files, optionsOf<EncryptCommandOptions>(command)));
    });
}

export interface EncryptCommandOptions extends GlobalOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly remove?: boolean;
  readonly format: 'text' | 'json';
}

/** Writes FILE.age beside each FILE, for the recipients of the repository, and says what to put into a manifest. */
export async function encrypt(
  terminal: Terminal,
  files: readonly string[],
  options: EncryptCommandOptions,
): Promise<ExitCode> {
  const [repository] = await openProjectRepositories(terminal, options);
  const recipients = await readRecipients(repository.root);
  if (files.includes('-')) return encryptText(terminal, files, recipients, options);

  const context = { terminal, options, repository, identities: identitiesOf(terminal, repository.root) };
  const documents = await prepareAll(context, files, recipients);
  await writeAll(
    documents.flatMap(({ path, ciphertext }) => (ciphertext === null ? [] : [{ path, bytes: ciphertext }])),
  );
  const removed = options.remove ? await removePlaintexts(documents) : new Set<string>();

  const reports = documents.map((document) => reportOf(document, repository, removed));
  if (options.format === 'json') {
    terminal.out(renderJson({ encrypted: reports, recipients: recipients.length }));
  } else {
    for (const report of reports) terminal.out(renderReport(report, recipients.length));
  }
  if (!options.quiet) {
    for (const { source } of documents.filter((document) => isLeftBehind(document, repository, removed))) {
      terminal.err(`warning: ${visible(source)} is still there, unencrypted. ${LEFT_BEHIND}\n`);
    }
  }
  return EXIT.ok;
}

const LEFT_BEHIND = 'Delete it before you commit; what was ever committed stays in the history of git.';

interface Context {
  readonly terminal: Terminal;
  readonly options: EncryptCommandOptions;
  readonly repository: Repository;
  readonly identities: Identities;
}

interface PreparedDocument {
  /** As it was given on the command line. */
  readonly source: string;
  readonly sourcePath: string;
  /** Where the encrypted file is to lie: a real path, and the same from the root of the repository. */
  readonly path: string;
  readonly repositoryPath: RepositoryPath;
  readonly sha256: string;
  /** Null where the encrypted file is there already. */
  readonly ciphertext: Uint8Array | null;
}

/** Everything is read, checked and encrypted before anything is written. */
async function prepareAll(
  context: Context,
  files: readonly string[],
  recipients: readonly string[],
): Promise<PreparedDocument[]> {
  const documents: PreparedDocument[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const prepared = await prepare(context, file, recipients);
    if (prepared instanceof Fault) problems.push(prepared.about(file).at(null));
    else if (documents.some(({ path }) => path === prepared.path)) problems.push(TWICE.about(file).at(null));
    else documents.push(prepared);
  }
  if (problems.length === 0) return documents;
  throw new InvalidInputError(
    `${count(problems.length, 'file')} cannot be encrypted; nothing was written`,
    problems,
  );
}

const TWICE = new Fault('duplicate-file', 'another file of this run is to be encrypted to the same place');

async function prepare(
  { options, terminal, repository, identities }: Context,
  file: string,
  recipients: readonly string[],
): Promise<PreparedDocument | Fault> {
  const sourcePath = resolve(terminal.cwd, file);
  const place = await findPlace(terminal, options, repository.root, sourcePath);
  if (place instanceof Fault) return place;
  const bytes = readDocumentAt(sourcePath);
  if (bytes instanceof Fault) return bytes.code === UNNAMED_AGE_FILE ? ALREADY_ENCRYPTED : bytes;
  if (options.remove && isLink(sourcePath)) return LINK;
  if (isEncryptedPath(file) || !(readCiphertext(bytes) instanceof Fault)) return ALREADY_ENCRYPTED;
  const sha256 = digestOf(bytes);
  const document = { source: file, sourcePath, ...place, sha256 };
  const earlier = options.force
    ? null
    : await compareWithEarlier(repository.root, place.repositoryPath, sha256, identities);
  if (earlier instanceof Fault) return earlier;
  const ciphertext = earlier === 'same' ? null : await encryptFor(recipients, bytes);
  const unsafe = options.remove
    ? await explainUnreadable(repository.root, { ...document, ciphertext }, identities)
    : null;
  return unsafe ?? { ...document, ciphertext };
}

function isLink(path: string): boolean {
  return realPathOf(path) !== join(realPathOf(dirname(path)), basename(path));
}

const LINK = new Fault(
  'not-a-file',
  'this is a link: --remove would leave what it leads to',
  'Name the file itself, with --out DIR if the encrypted one belongs elsewhere.',
);

const ALREADY_ENCRYPTED = new Fault(
  'already-encrypted',
  'this is an age file already',
  'For other recipients, run `regsync rekey`.',
);

async function findPlace(
  terminal: Terminal,
  options: EncryptCommandOptions,
  root: string,
  sourcePath: string,
): Promise<{ path: string; repositoryPath: RepositoryPath } | Fault> {
  const wanted = options.out === undefined ? dirname(sourcePath) : resolve(terminal.cwd, options.out);
  const folder = await realpath(wanted).catch(() => null);
  if (folder === null) return new Fault('file-not-found', 'there is no folder to write it to');
  if (!isInside(root, folder)) return OUTSIDE;
  const name = `${basename(sourcePath)}.age`;
  if (Buffer.byteLength(name) > LONGEST_NAME_BYTES) return NAME_TOO_LONG;
  const path = join(folder, name);
  const repositoryPath = resolvePath('', pathFrom(root, path));
  return repositoryPath instanceof Fault ? repositoryPath : { path, repositoryPath };
}

/** Of one step of a path, on every common file system. */
const LONGEST_NAME_BYTES = 255;

const NAME_TOO_LONG = new Fault(
  'name-too-long',
  `with .age at its end the name would have more than ${LONGEST_NAME_BYTES} bytes, which no file system takes`,
  'Give the file a shorter name first.',
);

const OUTSIDE = new Fault(
  'unsafe-path',
  'the encrypted file would lie outside of the repository',
  'Say where it belongs, with --out DIR: a folder of the repository.',
);

/** An encrypted file is never overwritten by accident: only whoever can decrypt it knows whether it says the same. */
async function compareWithEarlier(
  root: string,
  path: RepositoryPath,
  sha256: string,
  identities: Identities,
): Promise<'none' | 'same' | Fault> {
  const earlier = readEncrypted(root, path);
  if (earlier instanceof Fault) return earlier.code === 'file-not-found' ? 'none' : existsAlready(path);
  const plaintext = await identities.decrypt(earlier);
  return !(plaintext instanceof Fault) && digestOf(plaintext) === sha256 ? 'same' : existsAlready(path);
}

function existsAlready(path: string): Fault {
  const hint =
    'Give --force to replace it. With an identity, a file with the same content is recognised and kept.';
  return new Fault('file-exists', `${path} exists already`, hint);
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function writeAll(files: readonly { path: string; bytes: Uint8Array }[]): Promise<void> {
  try {
    await replaceFiles(files);
  } catch (error) {
    const { code = 'unknown reason', path = 'a file' } = error as NodeJS.ErrnoException;
    throw new OutputError(`the encrypted files cannot be written (${code}, ${path})`);
  }
}

/* ---- Removing what was encrypted ---- */

/** A plaintext is removed only by somebody who can decrypt what takes its place. */
async function explainUnreadable(
  root: string,
  { ciphertext, repositoryPath, sha256 }: PreparedDocument,
  identities: Identities,
): Promise<Fault | null> {
  const found = ciphertext === null ? readEncrypted(root, repositoryPath) : readCiphertext(ciphertext);
  const plaintext = found instanceof Fault ? found : await identities.decrypt(found);
  if (plaintext instanceof Fault) {
    return new Fault(
      plaintext.code,
      '--remove needs an identity that can decrypt what is kept',
      plaintext.hint,
    );
  }
  return digestOf(plaintext) === sha256 ? null : existsAlready(repositoryPath);
}

/** The last look: what was written is what was encrypted, and what is removed is what was read. */
export async function removePlaintexts(
  documents: readonly Pick<PreparedDocument, 'sourcePath' | 'path' | 'sha256' | 'ciphertext'>[],
): Promise<ReadonlySet<string>> {
  const removed = new Set<string>();
  for (const { sourcePath, path, sha256, ciphertext } of documents) {
    const isWritten = ciphertext === null || Buffer.compare(await readFile(path), ciphertext) === 0;
    const plaintext = readDocumentAt(sourcePath);
    if (!isWritten || plaintext instanceof Fault || digestOf(plaintext) !== sha256) continue;
    await unlink(sourcePath);
    removed.add(sourcePath);
  }
  return removed;
}

function isLeftBehind(
  { sourcePath }: PreparedDocument,
  { root }: Repository,
  removed: ReadonlySet<string>,
): boolean {
  return isInside(root, realPathOf(sourcePath)) && !removed.has(sourcePath);
}

/* ---- What is said ---- */

interface Report {
  readonly file: string;
  readonly encrypted_file: string;
  readonly status: 'encrypted' | 'unchanged';
  /** Of the plaintext. */
  readonly sha256: string;
  readonly removed: boolean;
  /** What belongs into a manifest of the first folder of manifests. */
  readonly manifest: { readonly file: string; readonly sha256: string };
}

function reportOf(document: PreparedDocument, { config }: Repository, removed: ReadonlySet<string>): Report {
  const [entry = '.'] = config.manifests;
  const folder = isNamedLikeManifest(entry) ? posix.dirname(entry) : entry;
  const { source, sourcePath, repositoryPath, sha256, ciphertext } = document;
  return {
    file: source,
    encrypted_file: repositoryPath,
    status: ciphertext === null ? 'unchanged' : 'encrypted',
    sha256,
    removed: removed.has(sourcePath),
    manifest: { file: posix.relative(folder, repositoryPath), sha256 },
  };
}

function renderReport({ encrypted_file, status, manifest, removed }: Report, recipients: number): string {
  const done =
    status === 'encrypted'
      ? `encrypted for ${count(recipients, 'recipient')}`
      : 'holds this already, and was kept';
  return [
    `${visible(encrypted_file)}  ${done}${removed ? '; the plaintext was removed' : ''}`,
    `    file: ${asYaml(manifest.file)}`,
    `    sha256: ${manifest.sha256}`,
    '',
  ].join('\n');
}

/** What could mean anything else than itself is put in quotes; JSON's are YAML's. */
function asYaml(text: string): string {
  return /^[\p{L}\p{N}_.][\p{L}\p{N}_./-]*(?: [\p{L}\p{N}_.][\p{L}\p{N}_./-]*)*$/u.test(text)
    ? text
    : visible(JSON.stringify(text));
}

/* ---- A text, for text_from ---- */

async function encryptText(
  terminal: Terminal,
  files: readonly string[],
  recipients: readonly string[],
  options: EncryptCommandOptions,
): Promise<ExitCode> {
  if (files.length > 1 || options.out !== undefined || options.force || options.remove) {
    throw new InvalidInputError(
      '“-” reads one text from standard input and prints it encrypted: give nothing else with it',
    );
  }
  if (terminal.isInteractive && !options.quiet) terminal.err('Type the text, and end it with Ctrl-D:\n');
  const input = await terminal.input();
  const text = decodeText(input);
  if (text instanceof Fault) throw new InvalidInputError(`standard input: ${text.message}`);
  if (text.trim() === '') throw new InvalidInputError('standard input holds no text');
  const armored = armor(await encryptFor(recipients, input));
  if (options.format === 'json') {
    terminal.out(renderJson({ text_from: { age: armored }, recipients: recipients.length }));
  } else {
    const lines = armored
      .trimEnd()
      .split('\n')
      .map((line) => `        ${line}\n`);
    terminal.out(`    text_from:\n      age: |\n${lines.join('')}`);
  }
  return EXIT.ok;
}
