import type { IncomingHttpHeaders } from 'node:http';
import type { TestRepository } from '../test-repository.ts';
import { openProxy } from './proxy.ts';

/**
 * Stands between the program and the sandbox until the test ends, and changes what the sandbox answers.
 *
 * @param change gets the parsed body of an answer and returns the body that the program is to see, parsed or as JSON text.
 * @returns the environment of a program that talks to it.
 */
export async function changingProxy(
  { sandbox }: Pick<TestRepository, 'sandbox'>,
  // biome-ignore lint/suspicious/noExplicitAny: tests change answers as they please
  change: (method: string, path: string, body: any) => unknown,
): Promise<{ readonly TELNYX_BASE_URL: string }> {
  const url = await openProxy(async (message, response) => {
    const { method = '', url: asked = '' } = message;
    const parts: Buffer[] = [];
    for await (const part of message) parts.push(part as Buffer);
    const answer = await fetch(`${sandbox.origin}${asked}`, {
      method,
      headers: headersOf(message.headers),
      ...(parts.length === 0 ? {} : { body: Buffer.concat(parts) }),
    });
    const text = await answer.text();
    const isChanged = answer.ok && text !== '';
    const body = isChanged ? await change(method, asked.replace(/^\/v2|\?.*$/g, ''), JSON.parse(text)) : text;
    response.writeHead(answer.status, { date: answer.headers.get('date') ?? '' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  return { TELNYX_BASE_URL: url };
}

function headersOf({
  authorization = '',
  'content-type': type,
}: IncomingHttpHeaders): Record<string, string> {
  return { authorization, ...(type === undefined ? {} : { 'content-type': type }) };
}
