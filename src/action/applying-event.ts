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
    `nothing was applied: this is ${whatIs(event)}, and apply runs on the default branch: on a push, by hand or on a schedule. ${nextStep(event)}`,
  );
}

function nextStep(event: Event): string {
  switch (event.kind) {
    case 'push':
    case 'started':
      return 'Merge this branch, or limit the workflow to the default branch';
    case 'pull-request':
      return 'Merge the pull request. In the workflow of pull requests, write command: plan';
    default:
      return 'In the workflow file, write on: push';
  }
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
