import { armor } from '../../manifest/encryption/ciphertext.ts';
import { encryptFor } from '../../manifest/encryption/recipients.ts';
import { Fault } from '../../manifest/fault.ts';
import { decodeText } from '../../manifest/files/read-text.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import { renderJson } from '../../render/json.ts';
import type { EncryptCommandOptions } from '../encrypt.ts';
import type { Terminal } from '../session/terminal.ts';

/** Reads a text from standard input, and prints it encrypted, for `text_from`. */
export async function encryptText(
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
