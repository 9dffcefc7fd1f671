import type { Event, PushEvent, StartedEvent } from '../github/events.ts';
import { RefusedError } from '../model/errors.ts';

/**
 * The rules of an apply after a merge: its events, what counts as reviewed, and its messages. All of them are
 * pure.
 */

/** @throws RefusedError for every event that does not apply. */
export function applyingEvent(event: Event): PushEvent | StartedEvent {
  if ((event.kind === 'push' || event.kind === 'started') && event.isDefaultBranch) return event;
  throw new RefusedError(
    `nothing was applied: this is ${whatIs(event)}. apply runs on a push to the default branch, or is started there by hand or by the clock`,
  );
}

function whatIs(event: Event): string {
  switch (event.kind) {
    case 'push':
      return `a push to ${event.ref}`;
    case 'pull-request':
      return 'a pull request';
    default:
      return event.name;
  }
}
