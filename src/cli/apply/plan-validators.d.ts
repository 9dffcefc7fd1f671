import type { Validator } from '../../manifest/validators.d.ts';

/**
 * The validator in `plan-validators.js`, which `scripts/validators.mjs` generates from `schemas/`. A value
 * that passes is a `Plan` of model/plan.ts.
 */
export const validatePlan: Validator;
