import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A server on loopback until the test ends, to stand between the program and the sandbox.
 *
 * @returns the address of its API.
 */
export async function openProxy(
  answer: (message: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<string> {
  const server = createServer((message, response) => void answer(message, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`;
}

/** As it came, to the sandbox and back. */
export function forward(origin: string, message: IncomingMessage, response: ServerResponse): void {
  const { method, url } = message;
  // The sandbox answers to its own name only.
  const headers = { ...message.headers, host: new URL(origin).host };
  const onward = request(`${origin}${url}`, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  message.pipe(onward);
}
