import { expect } from 'vitest';
import type { Result } from '../support/servers/host.ts';
import type { InjectedFault } from './injected-faults.ts';
import { isWrite, matchOf, nameOf, type Place } from './places.ts';
import { type FaultRepository, type LoggedRequest, openRepository } from './repository.ts';
import { REPLACED, readWorld, type Start, selectForeign, takePicture, WANTED } from './world.ts';

/** One misfortune at one request of an apply. */
export interface Point {
  readonly start: Start;
  readonly args: readonly string[];
  readonly place: Place;
  readonly injectedFault: InjectedFault;
}

/** How often each kind of write takes effect in an apply, whatever happens on the way. */
export const WRITES: Readonly<Record<string, number>> = {
  'POST /documents': 3,
  'POST /addresses': 1,
  'POST /requirement_groups': 2,
  'PATCH /requirement_groups/{id}': 1,
  'POST /requirement_groups/{id}/submit_for_approval': 4,
  'DELETE /requirement_groups/{id}': 2,
};

/** Disturbs an apply, applies again if need be, and looks at everything that must hold then. */
export async function tryPoint(point: Point): Promise<void> {
  const { start, args, place, injectedFault } = point;
  const testRepository = await openRepository(start.repository, start);
  try {
    await plant(testRepository, point);
    if (injectedFault.run === 'killed') await applyUntilKilled(testRepository, args);
    else
      await expectTruth(
        testRepository,
        start,
        await apply(testRepository, args),
        injectedFault.run === 'fails' ? 4 : 0,
      );
    const struck = (await testRepository.requests()).filter(({ fault }) => fault !== null).map(nameOf);
    expect(struck, 'the requests that the misfortune struck').toEqual([place.name]);
    await expectNoGap(testRepository, start);
    await clearUp(testRepository, point);
    if (injectedFault.run === 'killed' || injectedFault.run === 'fails')
      await expectTruth(testRepository, start, await apply(testRepository, args), 0);
    await expectConvergence(testRepository, start);
    await expectNothingNeedless(testRepository, point);
  } catch (error) {
    if (error instanceof Error) error.message += `\n\n${await testRepository.transcript()}`;
    throw error;
  } finally {
    await testRepository.end();
  }
}

async function plant(testRepository: FaultRepository, { place, injectedFault }: Point): Promise<void> {
  const { fault, listLagMs } = injectedFault;
  if (listLagMs !== undefined) await testRepository.control('PATCH', 'quirks', { list_lag_ms: listLagMs });
  await testRepository.control('POST', 'faults', { ...fault, match: matchOf(place) });
}

/** While a fault is planted, even one that is spent, the sandbox saves its state with every request. */
async function clearUp(testRepository: FaultRepository, { injectedFault }: Point): Promise<void> {
  await testRepository.control('DELETE', 'faults');
  if (injectedFault.listLagMs !== undefined)
    await testRepository.control('PATCH', 'quirks', { list_lag_ms: 0 });
}

/** All points share one checkout, each with a Telnyx of its own. */
const APPLY = ['apply', '--yes', '--no-lock', '--allow-replace', '--format', 'json'];

export function apply(testRepository: FaultRepository, args: readonly string[]): Promise<Result> {
  return testRepository.run(...APPLY, ...args);
}

async function applyUntilKilled(testRepository: FaultRepository, args: readonly string[]): Promise<void> {
  const { child, result } = testRepository.start(...APPLY, ...args);
  await Promise.race([testRepository.struck, result]);
  child.kill('SIGKILL');
  expect((await result).signal, 'the end of the first apply').toBe('SIGKILL');
}

/* ---- What must hold ---- */

interface Report {
  readonly outcomes: readonly {
    readonly name: string;
    readonly id: string | null;
    readonly status: 'applied' | 'failed' | 'skipped' | 'unchanged';
    readonly operations: readonly string[];
    readonly group_status: string | null;
  }[];
}

export function operationsOf({ out }: Result): string[] {
  return (JSON.parse(out) as Report).outcomes.flatMap(({ operations }) => operations).sort();
}

/** What is reported as done is done, what is reported as failed is not, and the exit code says the same. */
async function expectTruth(
  testRepository: FaultRepository,
  start: Start,
  { code, out }: Result,
  due: 0 | 4,
): Promise<void> {
  expect(code, 'the exit code of apply').toBe(due);
  const { outcomes } = JSON.parse(out) as Report;
  const world = await readWorld(testRepository);
  const { groups } = takePicture(world, start.foreignIds);
  for (const { name, status, id, group_status } of outcomes) {
    const reference = `regsync/acme/${name}`;
    const held = groups.filter((group) => group.reference === reference);
    const wanted = WANTED.groups.filter((group) => group.reference === reference);
    if (status === 'failed') expect(held, `${name}, reported as failed`).not.toEqual(wanted);
    else expect(held, `${name}, reported as ${status}`).toEqual(wanted);
    if (status !== 'applied') continue;
    const group = world.groups.find((candidate) => candidate.id === id);
    expect([group?.customer_reference, group?.status], `what is said of ${name}`).toEqual([
      reference,
      group_status,
    ]);
  }
  const failed = outcomes.filter(({ status }) => status === 'failed').map(({ name }) => name);
  expect(failed.length > 0, `failed: ${failed.join(', ')}`).toBe(code === 4);
}

/** Exactly what is wanted, nothing of others touched, and nothing left to do. */
async function expectConvergence(testRepository: FaultRepository, start: Start): Promise<void> {
  const world = await readWorld(testRepository);
  expect(takePicture(world, start.foreignIds), 'what is ours at Telnyx').toEqual(WANTED);
  expect(selectForeign(world, start.foreignIds), 'what is foreign at Telnyx').toEqual(start.foreign);
  const { code, out } = await testRepository.run('plan', '--detailed-exitcode');
  expect(code, 'the exit code of plan').toBe(0);
  expect(out.trimEnd().split('\n').at(-1)).toBe('No changes. 5 groups match their manifests.');
}

/** No group that is to be replaced is gone before the one that takes its place is there, filled and submitted. */
async function expectNoGap(testRepository: FaultRepository, start: Start): Promise<void> {
  const { groups } = takePicture(await readWorld(testRepository), start.foreignIds);
  const held = groups.filter(({ reference }) => reference === REPLACED.reference);
  const isThere = held.some(({ combination }) => combination === REPLACED.combination);
  const wanted = WANTED.groups.find(({ reference }) => reference === REPLACED.reference);
  if (!isThere) expect(held, 'what took the place of the old group').toContainEqual(wanted);
}

/** In all runs together, each write takes effect once; and none is sent again that need not or must not be. */
async function expectNothingNeedless(
  testRepository: FaultRepository,
  { place, injectedFault }: Point,
): Promise<void> {
  const { carriedOut, run } = injectedFault;
  const mayBeRepeated = !place.name.startsWith('POST ') && run !== 'killed';
  const writes = (await testRepository.requests()).filter(({ method }) => method !== 'GET');
  const effective = writes.filter((write) => (write.fault === null ? isAccepted(write) : carriedOut));
  const isPatchedTwice = place.name.startsWith('PATCH ') && carriedOut && mayBeRepeated;
  expect(countByName(effective), 'writes that took effect').toEqual(
    expectedWrites(isPatchedTwice ? place : null),
  );
  // After a write without effect, those that build on it are refused, and come again.
  if (run === 'fails' || run === 'makes up for it') return;
  const isSentAgain = isWrite(place) && (!carriedOut || mayBeRepeated);
  expect(countByName(writes), 'writes that were sent').toEqual(expectedWrites(isSentAgain ? place : null));
}

function isAccepted({ status }: LoggedRequest): boolean {
  return status !== null && status >= 200 && status < 300;
}

export function countByName(requests: readonly LoggedRequest[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of requests.map(nameOf)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function expectedWrites(oneMore: Place | null): Readonly<Record<string, number>> {
  return oneMore === null ? WRITES : { ...WRITES, [oneMore.name]: (WRITES[oneMore.name] ?? 0) + 1 };
}
