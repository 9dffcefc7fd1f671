import type { TestRepository } from '../test-repository.ts';
import { forward, openProxy } from './proxy.ts';

export interface Moment {
  readonly method: string;
  /** Of the path after `/v2`. */
  readonly path: RegExp;
  /** From 1. */
  readonly nth: number;
}

/**
 * Somebody else who acts at Telnyx while the program runs: right before a certain request of it is passed on to the sandbox.
 *
 * @returns the environment of the program.
 */
export async function actBefore(
  { sandbox }: Pick<TestRepository, 'sandbox'>,
  { method, path, nth }: Moment,
  act: () => Promise<unknown>,
): Promise<{ readonly TELNYX_BASE_URL: string }> {
  let seen = 0;
  const url = await openProxy(async (message, response) => {
    const asked = (message.url ?? '').replace(/^\/v2|\?.*$/g, '');
    if (message.method === method && path.test(asked)) {
      seen += 1;
      if (seen === nth) await act();
    }
    forward(sandbox.origin, message, response);
  });
  return { TELNYX_BASE_URL: url };
}
