/** `scripts/validators.mjs` generates `lock-validators.js` from `schemas/`. */
import type { Validator } from './validators.d.ts';

/** A value that passes is a `LockDocument` of catalogue/lock-document.ts. */
export const validateLock: Validator;
