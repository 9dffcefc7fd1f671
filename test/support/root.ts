import { resolve } from 'node:path';

/** The repository of regsync itself. */
export const ROOT = resolve(import.meta.dirname, '../..');
