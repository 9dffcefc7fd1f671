import type { Command } from 'commander';
import { replaceFiles } from '../files/stage.ts';
import { readRecipients } from '../manifest/encryption/recipients.ts';
import { type Repository, uniteRepositories } from '../manifest/repository.ts';
import { OutputError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { WHERE_FILES_ARE_MADE, whyUnusable } from '../model/text/file-error.ts';
import { visible } from '../model/text/visible.ts';
import { renderJson } from '../render/json.ts';
import { addCommand, examples, type Finish, formatOption, runs } from './command.ts';
import { encryptText } from './encryption/encrypt-text.ts';
import { type PreparedDocument, prepareAll } from './encryption/prepare.ts';
import { isLeftBehind, removePlaintexts } from './encryption/remove-plaintexts.ts';
import { renderReport, reportOf } from './encryption/report.ts';
import type { ManifestUpdate } from './encryption/update-manifests.ts';
import { identitiesOf } from './session/identity.ts';
import { openProjectRepositories } from './session/project.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

/** Defines the command, its options and its help page. */
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
  const { updateManifests } = await import('./encryption/update-manifests.ts');
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
