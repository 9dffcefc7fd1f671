import { setTimeout as sleep } from 'node:timers/promises';
import { TIME_SCALE, VERSION } from '../../build.ts';
import type { ForgeClient, ForgeOptions } from '../../forge/client.ts';
import { ForgeError } from '../../forge/forge-error.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { Redactor } from '../../model/privacy/redactor.ts';

/** @throws InvalidInputError if a variable names an address of the forge that cannot be used. */
export function connectToForge(
  open: (options: ForgeOptions) => ForgeClient,
  place: Pick<ForgeOptions, 'apiUrl' | 'token' | 'env'>,
): ForgeClient {
  try {
    return open({
      ...place,
      redactor: new Redactor(),
      userAgent: `regsync/${VERSION}`,
      sleep: (ms) => sleep(ms * TIME_SCALE),
    });
  } catch (error) {
    if (error instanceof ForgeError) throw new InvalidInputError(error.message);
    throw error;
  }
}
