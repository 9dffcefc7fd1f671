/** Judges by the name alone. Reading the file shows whether its content is encrypted. */
export function isEncryptedPath(path: string): boolean {
  return AGE_EXTENSION.test(path);
}

/** Returns the name that the file would have if it were not encrypted. */
export function plaintextPath(path: string): string {
  return path.replace(AGE_EXTENSION, '');
}

const AGE_EXTENSION = /\.age$/i;
