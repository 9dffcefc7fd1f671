import { whyUnusable } from '../../model/text/file-error.ts';
import { Fault } from '../fault.ts';

/** Returns the result of a file system call, or its error as a fault. */
export function attempt<Result>(read: () => Result): Result | Fault {
  try {
    return read();
  } catch (error) {
    return toFault(error);
  }
}

export function toFault(error: unknown): Fault {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new Fault('file-not-found', 'no such file or folder');
  return new Fault('unreadable', `cannot be read: ${whyUnusable(error, WORDS)}`);
}

const WORDS = {
  ENAMETOOLONG: 'a name is longer than file systems allow, which is 255 bytes',
  ELOOP: 'it is a link that leads nowhere, or was put here a moment ago',
};
