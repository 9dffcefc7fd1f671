import { hash } from 'node:crypto';
import { readFile, unlink } from 'node:fs/promises';
import type { Command } from 'commander';
import { isInside, realPathOf } from '../../files/paths.ts';
import { replaceFiles } from '../../files/stage.ts';
import { armor } from '../../manifest/encryption/ciphertext.ts';
import { encryptFor, readRecipients } from '../../manifest/encryption/recipients.ts';
import { Fault } from '../../manifest/fault.ts';
import { readDocumentAt } from '../../manifest/files/read-document.ts';
import { decodeText } from '../../manifest/files/read-text.ts';
import { type Repository, uniteRepositories } from '../../manifest/repository.ts';
import { InvalidInputError, OutputError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import { WHERE_FILES_ARE_MADE, whyUnusable } from '../../model/text/file-error.ts';
import { visible } from '../../model/text/visible.ts';
import { renderJson } from '../../render/json.ts';
import { addCommand, examples, type Finish, formatOption, runs } from '../command.ts';
import { identitiesOf } from '../session/identity.ts';
import { openProjectRepositories } from '../session/project.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import { type PreparedDocument, prepareAll } from './prepare.ts';
import { renderReport, reportOf } from './report.ts';
import type { ManifestUpdate } from './update-manifests.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'encrypt', 'encrypt documents for the recipients in .regsync/recipients')
    .argument('<file...>', 'files; regsync writes FILE.age beside each. - encrypts a text from stdin')
    .option('--out <dir>', 'write into this folder of the repository instead')
    .option('--force', 'replace encrypted files that exist')
    .option('--update', 'change `file` and `sha256` in the manifests that name the documents')
    .option('--remove', 'delete the plaintext after a test decryption; needs an identity')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples(
        'regsync encrypt documents/passport.pdf',
        'regsync encrypt documents/passport.pdf --update --remove',
        'regsync encrypt ~/scan.pdf --out documents',
        'printf %s "$TAX_ID" | regsync encrypt -',
      ),
    )
    .action(runs(encrypt, terminal, finish));
}

export interface EncryptCommandOptions extends GlobalOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly remove?: boolean;
  readonly update?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * Writes FILE.age beside each FILE, for the recipients of the repository. Prints the lines to put into a
 * manifest.
 */
export async function encrypt(
  terminal: Terminal,
  files: readonly string[],
  options: EncryptCommandOptions,
): Promise<ExitCode> {
  const repositories = await openProjectRepositories(terminal, options);
  const [repository] = repositories;
  const recipients = await readRecipients(repository.root);
  if (files.includes('-')) return encryptText(terminal, files, recipients, options);

  const context = { terminal, options, repository, identities: identitiesOf(terminal, repository.root) };
  const documents = await prepareAll(context, files, recipients);
  const update = options.update ? await prepareUpdate(repositories, documents) : NO_UPDATE;
  await writeAll([
    ...documents.flatMap(({ path, ciphertext }) =>
      ciphertext === null ? [] : [{ path, bytes: ciphertext }],
    ),
    ...update.files,
  ]);
  const removed = options.remove ? await removePlaintexts(documents) : new Set<string>();

  const reports = documents.map((document) => reportOf(document, repository, { removed, update }));
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

/** Imports the YAML library only for the runs that change manifests. */
async function prepareUpdate(
  repositories: readonly [Repository, ...Repository[]],
  documents: readonly PreparedDocument[],
): Promise<ManifestUpdate> {
  const { updateManifests } = await import('./update-manifests.ts');
  return updateManifests(uniteRepositories(repositories), documents);
}

const NO_UPDATE: ManifestUpdate = { files: [], mentions: new Map() };

const LEFT_BEHIND = 'Delete it before you commit: the history of git keeps every committed file.';

async function writeAll(files: readonly { path: string; bytes: Uint8Array | string }[]): Promise<void> {
  try {
    await replaceFiles(files);
  } catch (error) {
    const { path = 'the encrypted file' } = error as NodeJS.ErrnoException;
    throw new OutputError(`${path} cannot be written: ${whyUnusable(error, WHERE_FILES_ARE_MADE)}`);
  }
}

/** Reads a text from standard input, and prints it encrypted, for `text_from`. */
async function encryptText(
  terminal: Terminal,
  files: readonly string[],
  recipients: readonly string[],
  options: EncryptCommandOptions,
): Promise<ExitCode> {
  if (files.length > 1 || options.out !== undefined || options.force || options.remove || options.update) {
    throw new InvalidInputError('"-" encrypts one text from standard input: leave out all other files');
  }
  if (terminal.isInteractive && !options.quiet) terminal.err('Type the text, and end it with Ctrl-D:\n');
  const input = await terminal.input();
  const text = decodeText(input);
  if (text instanceof Fault) throw new InvalidInputError(`standard input: ${text.message}`);
  if (text.trim() === '') throw new InvalidInputError('standard input is empty: pipe a text into it');
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

/**
 * Removes a plaintext if the encrypted file contains what was written and the plaintext is unchanged since it
 * was read.
 */
export async function removePlaintexts(
  documents: readonly Pick<PreparedDocument, 'sourcePath' | 'path' | 'sha256' | 'ciphertext'>[],
): Promise<ReadonlySet<string>> {
  const removed = new Set<string>();
  for (const { sourcePath, path, sha256, ciphertext } of documents) {
    const isWritten = ciphertext === null || Buffer.compare(await readFile(path), ciphertext) === 0;
    const plaintext = readDocumentAt(sourcePath);
    if (!isWritten || plaintext instanceof Fault || hash('sha256', plaintext) !== sha256) continue;
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
