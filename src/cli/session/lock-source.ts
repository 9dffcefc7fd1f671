import { LOCK_FILE, type Lock } from '../../model/lock.ts';
import type { Problem } from '../../model/problem.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

/** A server on this machine: the embedded sandbox, or one that TELNYX_BASE_URL names, for which alone http:// is allowed. */
export function asksStandIn(terminal: Terminal, options: GlobalOptions): boolean {
  return options.sandbox === true || (terminal.env.TELNYX_BASE_URL ?? '').trim().startsWith('http:');
}

/**
 * A lock says something about the catalogue that it was taken from and about no other: sample data has no say at Telnyx,
 * and a rehearsal in the sandbox must not fail over ids that only Telnyx knows. A server on loopback may hold either.
 */
export function findMisfit(lock: Lock, terminal: Terminal, options: GlobalOptions): Problem | null {
  if (lock.isSample && !asksStandIn(terminal, options)) {
    return {
      severity: 'warning',
      code: 'sample-lock',
      message: `${LOCK_FILE} holds sample data of the sandbox: it is not used`,
      hint: 'Run `regsync lock` to have it say what Telnyx demands.',
    };
  }
  if (lock.isSample || !options.sandbox) return null;
  return {
    severity: 'notice',
    code: 'sample-data',
    message: `${LOCK_FILE} says what Telnyx demands, and the sandbox holds sample data: the lock is not used here`,
  };
}
