/** By its name alone: whether the content keeps the promise shows when it is read. */
export function isEncryptedPath(path: string): boolean {
  return AGE_EXTENSION.test(path);
}

/** What the file would be called if it were not encrypted. */
export function plaintextPath(path: string): string {
  return path.replace(AGE_EXTENSION, '');
}

const AGE_EXTENSION = /\.age$/i;
