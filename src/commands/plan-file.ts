import { readFile, stat, writeFile } from 'node:fs/promises';
import { InvalidInputError, OutputError, RefusedError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { renderJson } from '../render/json.ts';
import { replaceFile, WRONG_PLACES } from './replace-file.ts';

const LARGEST_PLAN_BYTES = 64 * 1024 * 1024;

/** Whole or not at all: a plan that was half written must not be there to apply. */
export async function writePlanFile(path: string, plan: Plan): Promise<void> {
  try {
    const found = await stat(path).catch(() => null);
    // A device or a pipe is written to; only a file can be replaced.
    if (found !== null && !found.isFile()) await writeFile(path, renderJson(plan));
    else await replaceFile(path, renderJson(plan), 0o600);
  } catch (error) {
    const code = codeOf(error);
    const message = `the plan cannot be written to ${path} (${code})`;
    throw WRONG_PLACES.has(code) ? new InvalidInputError(message) : new OutputError(message);
  }
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
