import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
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
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = request;
    const meddling = answer(method, url.replace(/^\/v2|\?.*$/g, ''));
    if (meddling !== null) {
      response.writeHead(meddling.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(meddling.body));
      return;
    }
    const due = await fetch(`${sandbox.origin}${url}`, {
      method,
      headers: {
        authorization: headers.authorization ?? '',
        'content-type': headers['content-type'] ?? 'application/json',
      },
      ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
    });
    response.writeHead(due.status, {
      'content-type': 'application/json',
      date: due.headers.get('date') ?? '',
    });
    response.end(Buffer.from(await due.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { TELNYX_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2` };
}
