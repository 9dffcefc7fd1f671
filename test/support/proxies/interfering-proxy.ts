import type { TestRepository } from '../test-repository.ts';
import { forward, openProxy } from './proxy.ts';

export interface InsteadAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Stands between the program and the sandbox until the test ends, and answers some requests itself.
 *
 * @param answer null for what the sandbox is to answer.
 * @returns the environment of a program that talks to it.
 */
export async function interferingProxy(
  { sandbox }: Pick<TestRepository, 'sandbox'>,
  answer: (method: string, path: string) => InsteadAnswer | null,
): Promise<{ readonly TELNYX_BASE_URL: string }> {
  const url = await openProxy(async (message, response) => {
    const { method = '', url: asked = '' } = message;
    const instead = answer(method, asked.replace(/^\/v2|\?.*$/g, ''));
    if (instead === null) return forward(sandbox.origin, message, response);
    // What is sent is taken in all the same: else the connection breaks before the answer is read.
    for await (const _ of message);
    response.writeHead(instead.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(instead.body));
  });
  return { TELNYX_BASE_URL: url };
}
