import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fault } from '../../manifest/fault.ts';
import { decodeText } from '../../manifest/files/read-text.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { whyUnusable } from '../../model/text/file-error.ts';
import type { Terminal } from '../session/terminal.ts';

/** The places that a text may come from. `-` in place of the text or of the file means standard input. */
export interface ReplySource {
  readonly text: string | undefined;
  readonly file: string | undefined;
  /** The text may be left out if comments are only marked as read. */
  readonly isOptional: boolean;
  /** A person can be asked only while standard input is theirs. */
  readonly asks: boolean;
}

/**
 * Reads the text of a reply. Its line ends become LF, and one final line end is cut, as an editor adds it.
 *
 * @returns null if there is none, and none is needed.
 */
export async function readReplyText(
  terminal: Pick<Terminal, 'cwd' | 'input'>,
  { text, file, isOptional, asks }: ReplySource,
): Promise<string | null> {
  if (text !== undefined && file !== undefined)
    throw new InvalidInputError('the text and --file both are a reply: drop one of them');
  const place = file ?? (text === '-' ? '-' : undefined);
  if (place === '-' && asks)
    throw new InvalidInputError('standard input is the text, so regsync cannot ask you: add --yes');
  const [given, where] =
    place === undefined
      ? [text, 'the text']
      : place === '-'
        ? [decoded(await terminal.input(), 'standard input'), 'standard input']
        : [decoded(await readAt(terminal, place), place), place];
  if (given === undefined && isOptional) return null;
  if (given === undefined)
    throw new InvalidInputError(
      'the reply is missing. Write it after the name, or add --file FILE, or only --mark-read',
    );
  const sent = given.replaceAll('\r\n', '\n').replace(/\n$/, '');
  if (sent.trim() === '') throw new InvalidInputError(`${where} is empty: reviewers would read nothing`);
  return sent;
}

async function readAt({ cwd }: Pick<Terminal, 'cwd'>, file: string): Promise<Buffer> {
  try {
    return await readFile(resolve(cwd, file));
  } catch (error) {
    throw new InvalidInputError(`--file ${file} cannot be read: ${whyUnusable(error)}`);
  }
}

function decoded(bytes: Buffer, where: string): string {
  const text = decodeText(bytes);
  if (text instanceof Fault) throw new InvalidInputError(`${where}: ${text.message}`);
  return text;
}
