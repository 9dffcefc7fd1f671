import { hash } from 'node:crypto';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { pathFrom, realPathOf } from '../../files/paths.ts';
import { MAX_AGE_FILE_BYTES, readCiphertext } from '../../manifest/encryption/ciphertext.ts';
import { Fault } from '../../manifest/fault.ts';
import { readRegularFile } from '../../manifest/files/read-confined.ts';
import type { Repository } from '../../manifest/repository.ts';
import { InvalidInputError, OutputError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import { plaintextPath } from '../../model/privacy/encrypted-path.ts';
import type { Problem } from '../../model/problem.ts';
import { whyUnusable } from '../../model/text/file-error.ts';
import { renderJson } from '../../render/json.ts';
import { findEncrypted } from '../../resolve/encrypted.ts';
import { parseAll } from '../../resolve/load.ts';
import { addCommand, examples, type Finish, formatOption, runs } from '../command.ts';
import { pathInShell } from '../session/again.ts';
import { identitiesOf } from '../session/identity.ts';
import { sayProblems } from '../session/project.ts';
import type { Terminal } from '../session/terminal.ts';
import {
  createPrivateFile,
  INTO_REPOSITORY,
  type PlaceOfPrivateFile,
  type PrivateFileOptions,
  refuseInRepository,
  repositoryAround,
} from './private-file.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(
    program,
    'decrypt',
    'decrypt a document to look at it, where only you can read it; needs an identity',
  )
    .argument('<file>', 'an age file; - reads one from standard input')
    .option('--out <file>', 'write it here (default: a temporary file, whose path is printed)')
    .option(INTO_REPOSITORY, 'allow --out in the repository, where git could carry the plaintext')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples('regsync decrypt documents/passport.pdf.age', 'regsync decrypt bill.pdf.age --out ~/bill.pdf'),
    )
    .action(runs(decrypt, terminal, finish));
}

export interface DecryptCommandOptions extends PrivateFileOptions {
  readonly out?: string;
  readonly format: 'text' | 'json';
}

/** Writes the plaintext of an age file into a new file that only its owner reads, and prints its path. */
export async function decrypt(
  terminal: Terminal,
  file: string,
  options: DecryptCommandOptions,
): Promise<ExitCode> {
  const repository = await repositoryAround(terminal, options);
  const place: PlaceOfPrivateFile = { what: 'the plaintext', repository, options };
  const out = outPath(terminal, options);
  if (out !== null) refuseInRepository(out, place);
  const bytes =
    file === '-' ? await terminal.input() : readRegularFile(sourceOf(terminal, file), MAX_AGE_FILE_BYTES);
  const ciphertext = bytes instanceof Fault ? bytes : readCiphertext(bytes);
  const plaintext =
    ciphertext instanceof Fault
      ? ciphertext
      : await identitiesOf(terminal, repository?.root ?? NOWHERE).decrypt(ciphertext);
  if (plaintext instanceof Fault) {
    const name = file === '-' ? 'standard input' : file;
    throw new InvalidInputError('nothing was decrypted', [plaintext.about(name).at(null)]);
  }
  const sha256 = hash('sha256', plaintext);
  const mismatches =
    file === '-' || repository === null
      ? []
      : await findOtherPins(repository, sourceOf(terminal, file), sha256);
  const folder = out === null ? await temporaryFolder(place) : null;
  const path = folder === null ? (out ?? '') : join(folder, temporaryName(file));
  await createPrivateFile(path, plaintext, 'the plaintext').catch(async (error: unknown) => {
    if (folder !== null) await rmdir(folder).catch(() => {});
    throw error;
  });
  sayProblems(terminal, options, mismatches);
  terminal.out(
    options.format === 'json' ? renderJson({ file: path, sha256, diagnostics: mismatches }) : `${path}\n`,
  );
  if (!options.quiet)
    terminal.err(`Only you can read it. Delete it when you have looked at it: rm ${pathInShell(path)}\n`);
  return EXIT.ok;
}

/** A root that contains no file, for an identity file outside every repository. */
const NOWHERE = join(realPathOf(tmpdir()), 'no-repository');

function outPath(terminal: Terminal, { out }: DecryptCommandOptions): string | null {
  if (out === undefined) return null;
  if (out !== '-') return resolve(terminal.cwd, out);
  throw new InvalidInputError('regsync never prints a document. Drop --out, or name a file with --out FILE');
}

function sourceOf(terminal: Terminal, file: string): string {
  return realPathOf(resolve(terminal.cwd, file));
}

/** Returns a new folder that only its owner can enter. */
async function temporaryFolder(place: PlaceOfPrivateFile): Promise<string> {
  refuseInRepository(tmpdir(), place);
  return mkdtemp(join(tmpdir(), 'regsync-decrypt-')).catch((error: NodeJS.ErrnoException) => {
    throw new OutputError(
      `regsync cannot make a temporary folder: ${whyUnusable(error)}. Name a file with --out FILE`,
    );
  });
}

/** Keeps the ending of the name, for the viewer. `...age` would name a folder around the new one. */
function temporaryName(file: string): string {
  if (file === '-') return 'text.txt';
  const name = plaintextPath(basename(file));
  return /^\.*$/.test(name) ? 'document' : name;
}

/** Returns a warning for each manifest that pins another document than the one that is encrypted here. */
async function findOtherPins(repository: Repository, realPath: string, sha256: string): Promise<Problem[]> {
  const path = pathFrom(repository.root, realPath);
  const { parsed } = await parseAll(repository);
  return findEncrypted(parsed)
    .files.filter((found) => found.path === path)
    .flatMap(({ pins }) => pins)
    .flatMap((pin) => (pin.sha256 === sha256 ? [] : [OTHER.about(path).at(pin.source, 'warning')]));
}

const OTHER = new Fault(
  'digest-mismatch',
  'this file contains another document than the manifest pins',
  'An apply refuses it. Ask the person who encrypted it, or pin the new one: `regsync encrypt --update FILE`.',
);
