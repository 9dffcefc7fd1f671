import { InvalidInputError, OutputError } from '../model/errors.ts';
import { WHERE_FILES_ARE_MADE, whyUnusable } from '../model/text/file-error.ts';

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
  'ELOOP',
]);

/**
 * Returns the error of a file that cannot be written, in words.
 *
 * @param what the name of the file and its path, such as `the plan cannot be written to plan.json`.
 * @param reasons the reasons that this kind of file words otherwise, by the error's code.
 * @param after the rest of the sentence, such as `: nothing was written`.
 */
export function unwritable(
  what: string,
  error: unknown,
  reasons: Readonly<Record<string, string>> = {},
  after = '',
): InvalidInputError | OutputError {
  const { code = '' } = error as NodeJS.ErrnoException;
  const message = `${what}: ${whyUnusable(error, { ...WHERE_FILES_ARE_MADE, ...reasons })}${after}`;
  return WRONG_PLACES.has(code) ? new InvalidInputError(message) : new OutputError(message);
}
