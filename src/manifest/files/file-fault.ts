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
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new Fault('file-not-found', 'no such file or folder');
    case 'ENAMETOOLONG':
      return new Fault('unreadable', 'a name is longer than file systems allow, which is 255 bytes');
    case 'ELOOP':
      return new Fault('unreadable', 'a link that leads nowhere, or was put here a moment ago');
    case 'EACCES':
    case 'EPERM':
      return new Fault('unreadable', 'no permission to read this');
    default:
      return new Fault('unreadable', `cannot be read (${code})`);
  }
}
