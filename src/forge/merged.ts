import { TIME_SCALE } from '../build.ts';
import type { Forge, Merged } from './forge.ts';

/** The most of the change requests that were merged lately. Those beyond are not found, and so count as not reviewed. */
export const MAX_LATE_ROWS = 100;

/** A refusal updates the comment, so the change request of a start by hand is among those updated last. */
const MAX_LATELY_MERGED = 10;

const LOOKS = 3;
const BETWEEN_LOOKS_MS = 2000;

/** Looks again if there are none, because a forge starts the run before all of its API knows of the merge. */
export async function lookForMerged(
  find: () => Promise<readonly Merged[]>,
  sleep: Parameters<Forge['findMerged']>[1],
): Promise<readonly Merged[]> {
  for (let look = 1; ; look++) {
    const merged = await find();
    if (merged.length > 0 || look === LOOKS) return merged;
    await sleep(BETWEEN_LOOKS_MS * TIME_SCALE);
  }
}

/** Reads a list, or its first rows. */
export async function readRows(
  list: AsyncIterable<unknown>,
  most = Number.POSITIVE_INFINITY,
): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of list) if (rows.push(row) === most) break;
  return rows;
}

/** Returns the merged ones of the rows by their numbers, each once. */
export function mergedIn(rows: readonly unknown[], read: (row: unknown) => Merged | null): readonly Merged[] {
  const merged = new Map(rows.flatMap((row) => read(row) ?? []).map((one) => [one.pull, one]));
  return [...merged.values()].sort((a, b) => a.pull - b.pull);
}

/** Returns the first of the merged ones in the order of the rows. */
export function latelyMergedIn(
  rows: readonly unknown[],
  read: (row: unknown) => Merged | null,
): readonly Merged[] {
  return rows.flatMap((row) => read(row) ?? []).slice(0, MAX_LATELY_MERGED);
}
