import { LOCK_FILE, type Lock } from '../../model/lock.ts';
import type { Problem } from '../../model/problem.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

/**
 * Returns whether the run talks to a server on this machine: the sandbox, or an address in TELNYX_BASE_URL
 * that begins with http:, which is allowed only there.
 */
export function asksSimulator(terminal: Terminal, options: GlobalOptions): boolean {
  return options.sandbox === true || (terminal.env.TELNYX_BASE_URL ?? '').trim().startsWith('http:');
}

/**
 * Returns the reason not to use a lock that was taken from another catalogue: Telnyx does not know the sample
 * data of the sandbox, and a rehearsal must not fail over ids that only Telnyx knows. A server on loopback
 * may contain either.
 */
export function findLockMismatch(lock: Lock, terminal: Terminal, options: GlobalOptions): Problem | null {
  if (lock.isSample && !asksSimulator(terminal, options)) {
    return {
      severity: 'warning',
      code: 'sample-lock',
      message: `${LOCK_FILE} contains sample data of the sandbox, so regsync does not use it`,
      hint: 'Run `regsync lock` to write the requirements of Telnyx.',
    };
  }
  if (lock.isSample || !options.sandbox) return null;
  return {
    severity: 'notice',
    code: 'sample-data',
    message: `${LOCK_FILE} contains the requirements of Telnyx, so regsync does not use it with the sandbox`,
  };
}
