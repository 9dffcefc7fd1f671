import { describe, expect, test } from 'vitest';
import { authenticate } from '../../src/sandbox/server/authentication.ts';
import type { KeyState } from '../../src/sandbox/state/state.ts';
import { freshState } from '../../src/sandbox/state/store.ts';

function statusOf(authorization: string | undefined, known: KeyState | null): number {
  const state = freshState();
  if (known !== null) state.keys.set('KEY_one', known);
  try {
    authenticate(state, authorization === undefined ? {} : { authorization });
    return 200;
  } catch (refusal) {
    return (refusal as { status: number }).status;
  }
}

describe('a key', () => {
  test.each([
    ['that looks like one', 'Bearer KEY_one', null, 200],
    ['that is known to be good', 'Bearer KEY_one', 'ok', 200],
    ['that was revoked', 'Bearer KEY_one', 'revoked', 401],
    ['that permits nothing', 'Bearer KEY_one', 'forbidden', 403],
    ['that is none', 'Bearer one', null, 401],
    ['of another scheme', 'Basic KEY_one', null, 401],
    ['that is missing', undefined, null, 401],
  ] as const)('%s: %s, %s is answered with %i', (_, authorization, known, status) => {
    expect(statusOf(authorization, known)).toBe(status);
  });
});
