import { forward, standBetween } from './between.ts';
import type { Rehearsal } from './rehearsal.ts';

export interface Meddling {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Stands between the program and the sandbox until the test ends, and answers some requests itself.
 *
 * @param answer null for what the sandbox is to answer.
 * @returns the environment of a program that talks to it.
 */
export async function meddle(
  { sandbox }: Pick<Rehearsal, 'sandbox'>,
  answer: (method: string, path: string) => Meddling | null,
): Promise<{ readonly TELNYX_BASE_URL: string }> {
  const url = await standBetween(async (message, response) => {
    const { method = '', url: asked = '' } = message;
    const meddling = answer(method, asked.replace(/^\/v2|\?.*$/g, ''));
    if (meddling === null) return forward(sandbox.origin, message, response);
    // What is sent is taken in all the same: else the connection breaks before the answer is read.
    for await (const _ of message);
    response.writeHead(meddling.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(meddling.body));
  });
  return { TELNYX_BASE_URL: url };
}
