import { readFile } from 'node:fs/promises';
import { InvalidInputError, RefusedError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { renderJson } from '../render/json.ts';
import { writeWholeFile } from './write-file.ts';

const LARGEST_PLAN_BYTES = 64 * 1024 * 1024;

/** @param root the repository. */
export async function writePlanFile(path: string, plan: Plan, root: string): Promise<void> {
  await writeWholeFile(path, renderJson(plan), { what: 'the plan', mode: 0o600, root });
}

/** @throws RefusedError when it is no plan; whether it is an authentic one, its MAC tells. */
export async function readPlanFile(path: string): Promise<Plan> {
  const text = await readText(path);
  const { validatePlan } = await import('./plan-validators.js');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RefusedError(`${path} is not JSON: it was changed or cut after it was written. Plan again.`);
  }
  if (!validatePlan(value)) {
    throw new RefusedError(`${path} is not a plan that this version of regsync wrote. Plan again.`);
  }
  return value as Plan;
}

async function readText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path);
    if (bytes.length > LARGEST_PLAN_BYTES) throw new RefusedError(`${path} is too large to be a plan`);
    return bytes.toString('utf8');
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    throw new InvalidInputError(`the plan file ${path} cannot be read (${codeOf(error)})`);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown reason';
}
