import { InvalidInputError, OutputError } from '../model/errors.ts';

/** The reasons in words, by the error's code. */
export const WHY_UNWRITABLE: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** The codes that mean that the path was wrong, rather than that the machine failed. */
const WRONG_PLACES: ReadonlySet<string> = new Set([
  'EEXIST',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENAMETOOLONG',
]);

/**
 * Returns the error of a file that cannot be written, in words.
 *
 * @param what the name of the file and its path, such as `the plan cannot be written to plan.json`.
 * @param reasons the reasons that this kind of file words otherwise, by the error's code.
 */
export function unwritable(
  what: string,
  error: unknown,
  reasons: Readonly<Record<string, string>> = {},
): InvalidInputError | OutputError {
  const { code = 'unknown reason' } = error as NodeJS.ErrnoException;
  const why = reasons[code] ?? WHY_UNWRITABLE[code];
  const message = why === undefined ? `${what} (${code})` : `${what}: ${why}`;
  return WRONG_PLACES.has(code) ? new InvalidInputError(message) : new OutputError(message);
}
