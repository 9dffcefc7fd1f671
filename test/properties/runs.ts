import { expect } from 'vitest';
import {
  ApiError,
  AuthenticationError,
  InterruptedError,
  InvalidInputError,
  RefusedError,
  UnreachableError,
} from '../../src/model/errors.ts';
import type { Outcome } from '../../src/model/plan/outcome.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import type { Reading, Scene } from './repository.ts';

/** How often a property is tried; test/support/fast-check.ts says how to look further. */
export function runs(usual: number): { readonly numRuns: number; readonly seed: number } {
  return {
    numRuns: Number(process.env.REGSYNC_PROPERTY_RUNS || usual),
    seed: Number(process.env.REGSYNC_PROPERTY_SEED || 1),
  };
}

/** Shrinking and runs that were asked for take as long as they take. */
export const UNHURRIED = { timeout: 3_600_000 };

/** Null for a world that no plan can be made of, which is said in one of the two ways that there are. */
export async function planOrRefusal(
  scene: Scene,
  changed: Parameters<Scene['plan']>[0] = {},
): Promise<Reading | null> {
  try {
    return await scene.plan(changed);
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof RefusedError) return null;
    throw error;
  }
}

const DOCUMENTED = [
  ApiError,
  AuthenticationError,
  InterruptedError,
  InvalidInputError,
  RefusedError,
  UnreachableError,
];

export function isDocumented(error: unknown): boolean {
  return DOCUMENTED.some((known) => error instanceof known);
}

export function expectNothingUnexpected(outcomes: readonly Outcome[]): void {
  expect(outcomes.filter(({ error }) => error?.code === 'unexpected')).toEqual([]);
}

/** What the worlds of a property were: what was never met was never put to the test. */
export class Tally {
  readonly #counts = new Map<string, number>();

  count(...what: readonly string[]): void {
    for (const name of what) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  countPlan({ changes }: Plan): void {
    for (const { kind, actions, group } of changes) {
      this.count(kind, ...actions, ...(group === undefined ? [] : [`verb ${group.verb}`]));
    }
  }

  expectAll(...names: readonly string[]): void {
    expect(
      names.filter((name) => !this.#counts.has(name)),
      `of ${[...this.#counts.keys()].join(', ')}`,
    ).toEqual([]);
  }
}
