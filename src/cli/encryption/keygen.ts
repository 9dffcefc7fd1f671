import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { isTaken, writeNewFiles } from '../../files/new-files.ts';
import { RECIPIENTS_FILE } from '../../manifest/encryption/recipients.ts';
import type { Repository } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import { whyUnusable } from '../../model/text/file-error.ts';
import { visible } from '../../model/text/visible.ts';
import { renderJson } from '../../render/json.ts';
import { addCommand, examples, type Finish, formatOption, runs } from '../command.ts';
import { pathInShell } from '../session/again.ts';
import type { Terminal } from '../session/terminal.ts';
import {
  createPrivateFile,
  createPrivateFolders,
  INTO_REPOSITORY,
  type PrivateFileOptions,
  refuseInRepository,
  repositoryAround,
  settingsFolder,
} from './private-file.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(
    program,
    'keygen',
    'make an age key: keep the identity where only you can read it, print the recipient',
  )
    .option('--out <file>', 'write the identity here (default: ~/.config/regsync/age-identity.txt)')
    .option('--add', 'append the recipient to .regsync/recipients')
    .option(INTO_REPOSITORY, 'allow --out in the repository, where git could carry the identity')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples('regsync keygen', 'regsync keygen --add', 'regsync keygen --out ~/pipeline-key.txt'),
    )
    .action(runs(keygen, terminal, finish));
}

export interface KeygenCommandOptions extends PrivateFileOptions {
  readonly out?: string;
  readonly add?: boolean;
  readonly format: 'text' | 'json';
}

/** Writes a new identity into a file that only its owner reads. Prints its public half alone. */
export async function keygen(terminal: Terminal, options: KeygenCommandOptions): Promise<ExitCode> {
  const repository = await repositoryAround(terminal, options);
  if (options.add && repository === null) throw new InvalidInputError(NOWHERE_TO_ADD);
  const path = identityPath(terminal, options);
  refuseInRepository(path, { what: 'the identity', repository, options });
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const identity = await generateX25519Identity();
  terminal.hide(identity);
  const recipient = await identityToRecipient(identity);
  if (options.out === undefined) await createPrivateFolders(path);
  await createPrivateFile(path, identityText(identity, recipient), 'the identity', TWO_WAYS);
  if (!options.quiet)
    terminal.err(
      `The identity is in ${visible(path)}, which only you can read. Keep a copy of it offline.\n`,
    );
  const added = repository !== null && (await addIfWanted(terminal, options, { repository, recipient }));
  terminal.out(
    options.format === 'json' ? renderJson({ identity_file: path, recipient, added }) : `${recipient}\n`,
  );
  if (!options.quiet) terminal.err(nextSteps(path, repository !== null && !added));
  return EXIT.ok;
}

/** The steps after an earlier run without `--add`, and for a second key. */
const TWO_WAYS =
  'To encrypt for the identity in it, append the recipient after "# public key:" in that file to .regsync/recipients. To make another one, add --out FILE';

const NOWHERE_TO_ADD =
  '--add needs a repository with a regsync.yaml: run `regsync init` first, or give --chdir DIR';

/** Returns the place for the identity: `--out`, or a file of the user's settings. */
function identityPath(terminal: Terminal, { out }: KeygenCommandOptions): string {
  if (out === '-')
    throw new InvalidInputError('regsync never prints an identity. Name a file with --out FILE');
  if (out !== undefined) return resolve(terminal.cwd, out);
  const folder = settingsFolder(terminal.env);
  if (folder === null)
    throw new InvalidInputError('regsync does not know your home folder: name a file with --out FILE');
  return join(folder, 'regsync', 'age-identity.txt');
}

/** Returns the text in the form of `age-keygen`, so that age reads it too. */
function identityText(identity: string, recipient: string): string {
  return `# created: ${new Date().toISOString()}\n# public key: ${recipient}\n${identity}\n`;
}

/** Appends the recipient if `--add` or a person says so. Returns whether it is in the file now. */
async function addIfWanted(
  terminal: Terminal,
  { add, format, quiet }: KeygenCommandOptions,
  { repository, recipient }: { readonly repository: Repository; readonly recipient: string },
): Promise<boolean> {
  const isWanted =
    add ||
    (terminal.isInteractive &&
      format === 'text' &&
      /^y(?:es)?$/i.test((await terminal.ask('Add the recipient to .regsync/recipients? [y/N] ')).trim()));
  if (!isWanted) return false;
  await addRecipient(repository.root, recipient).catch((error: Error) => {
    // The next run would find the identity, and print no recipient either.
    throw new InvalidInputError(
      `${error.message}. regsync made the key. Correct this, and append the line ${recipient} to .regsync/recipients`,
    );
  });
  if (quiet) return true;
  terminal.err(
    'Added it to .regsync/recipients. Commit this file; `regsync rekey` encrypts the existing files for it, too.\n',
  );
  return true;
}

/** Appends a recipient to the repository's file of recipients, and makes the file if there is none. */
async function addRecipient(root: string, recipient: string): Promise<void> {
  const path = RECIPIENTS_FILE;
  if (!(await isTaken(root, path))) return writeNewFiles(root, [{ path, text: `${recipient}\n` }]);
  const found = await readFile(join(root, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInputError(`${path} cannot be read: ${whyUnusable(error)}`);
  });
  if (found.split(/\r?\n/).some((line) => line.trim() === recipient)) return;
  const end = found === '' || found.endsWith('\n') ? '' : '\n';
  await writeNewFiles(root, [], [{ path, text: `${end}${recipient}\n` }]);
}

function nextSteps(path: string, isMissing: boolean): string {
  const add = isMissing ? 'To encrypt for it, append this line to .regsync/recipients and commit it.\n' : '';
  return `${add}To decrypt with it: export REGSYNC_AGE_IDENTITY_FILE=${pathInShell(path)}\n`;
}
