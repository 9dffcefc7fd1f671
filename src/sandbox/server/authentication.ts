import type { IncomingHttpHeaders } from 'node:http';
import type { State } from '../state/state.ts';
import { refusal } from './answer.ts';

/** Accepts every text that looks like a key, unless control has declared it bad. */
export function authenticate(state: State, headers: IncomingHttpHeaders): void {
  const key = headers.authorization?.match(/^Bearer (KEY[0-9A-Za-z_-]+)$/)?.[1];
  if (key === undefined) throw refusal(401, '10009', 'Could not understand the provided credentials.');
  switch (state.keys.get(key)) {
    case 'revoked':
      throw refusal(401, '20002', 'The API key has been revoked.');
    case 'forbidden':
      throw refusal(403, '10010', 'You do not have permission to perform the requested action.');
    default:
      return;
  }
}
