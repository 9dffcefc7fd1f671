import { closeSync, constants, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { leadsOut } from '../../files/paths.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { WHERE_FILES_ARE_MADE, whyUnusable } from '../../model/text/file-error.ts';
import { digestOfLine } from './chain.ts';

/** A record that is open for lines. One process at a time holds it. */
export interface RecordFile {
  /** The digest of the last line. Null if there is none. */
  readonly last: string | null;
  /** Returns the reason if the line cannot be written. */
  append(text: string): string | null;
  close(): void;
}

/**
 * Opens a record, or makes one that only its owner reads. A line that a killed run left unfinished stays, and
 * the next line continues it.
 *
 * @param root the repository. A path in it that leads out of it is refused.
 * @throws InvalidInputError if it cannot be used. Nothing is written until then.
 */
export function openRecordFile(path: string, root: string): RecordFile {
  try {
    if (leadsOut(root, path)) throw unusable(path, 'it leads out of the repository');
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | (constants.O_NONBLOCK ?? 0);
    const fd = openSync(path, flags, 0o600);
    try {
      return continueFile(fd, path);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw unusable(path, whyUnusable(error, WHERE_FILES_ARE_MADE));
  }
}

function continueFile(fd: number, path: string): RecordFile {
  const stats = fstatSync(fd);
  if (!stats.isFile()) throw unusable(path, 'it is not a regular file');
  let size = stats.size;
  const tail = readAt(fd, Math.max(0, size - MAX_LINE_BYTES), Math.min(size, MAX_LINE_BYTES));
  const head = size <= MAX_LINE_BYTES ? tail : readAt(fd, 0, MAX_LINE_BYTES);
  if (size > 0 && !beginsLikeRecord(head))
    throw unusable(path, 'it holds something else than a record of regsync');
  const isWhole = tail.endsWith('\n');
  const [lastLine = ''] = (isWhole ? tail.slice(0, -1) : tail).split('\n').slice(-1);
  let last = size === 0 ? null : digestOfLine(lastLine);
  let lead = size === 0 || isWhole ? '' : '\n';
  return {
    get last() {
      return last;
    },
    append: (text) => {
      try {
        if (fstatSync(fd).size !== size) return 'another program wrote into it';
        const bytes = Buffer.from(`${lead}${text}\n`);
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
        fsyncSync(fd);
        size += bytes.length;
        lead = '';
        last = digestOfLine(text);
        return null;
      } catch (error) {
        return whyUnusable(error, WHERE_FILES_ARE_MADE);
      }
    },
    close: () => closeSync(fd),
  };
}

/** A line has some 500 bytes, and the last one of a run a few more for each failure. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;

function readAt(fd: number, position: number, length: number): string {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(fd, bytes, filled, length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.toString('utf8', 0, filled);
}

function beginsLikeRecord(head: string): boolean {
  return head.startsWith('{"type":"run","format_version":"1.0"');
}

export function unusable(path: string, why: string): InvalidInputError {
  return new InvalidInputError(
    `nothing was applied: the record cannot be written to ${path}: ${why}. Give another file with --record FILE`,
  );
}
