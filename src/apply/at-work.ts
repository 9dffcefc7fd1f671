import { AsyncLocalStorage } from 'node:async_hooks';
import type { WritingChange } from '../model/plan/change.ts';

/** The change that each request is for. Changes run in parallel and share one client. */
const atWork = new AsyncLocalStorage<WritingChange>();

export function whileAtWork<Result>(change: WritingChange, work: () => Promise<Result>): Promise<Result> {
  return atWork.run(change, work);
}

/** Returns null outside of an apply. A shared upload is for the change that begins it. */
export function changeAtWork(): WritingChange | null {
  return atWork.getStore() ?? null;
}
