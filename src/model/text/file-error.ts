import { getSystemErrorMap } from 'node:util';

/** The words for the codes of the system. Each continues a sentence such as `plan.json cannot be read: …`. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'a file is there already',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EFBIG: 'it would be too large for the file system',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its path is too long',
  ENXIO: 'it is not a regular file',
  EBUSY: 'another program uses it',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  EPIPE: 'its reader has closed it',
  ERR_INVALID_ARG_VALUE: 'its path has a character that no path may have',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
};

/** The words where a file is made, and the missing part is its folder. */
export const WHERE_FILES_ARE_MADE: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
};

/** The words where regsync makes the folder, too. */
export const WHERE_FOLDERS_ARE_MADE: Readonly<Record<string, string>> = {
  ...WHERE_FILES_ARE_MADE,
  EEXIST: 'a file is in the place of its folder',
};

/**
 * Returns why a file cannot be used, in words.
 *
 * @param error an error of the file system.
 * @param otherwise the words that this kind of file needs for some codes.
 */
export function whyUnusable(error: unknown, otherwise: Readonly<Record<string, string>> = {}): string {
  const { code = '', errno } = error as NodeJS.ErrnoException;
  const words = otherwise[code] ?? REASONS[code];
  if (words !== undefined) return words;
  const [, ofSystem] = (errno === undefined ? undefined : getSystemErrorMap().get(errno)) ?? [];
  return ofSystem ?? 'the reason is unknown';
}
