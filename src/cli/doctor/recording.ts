import { figureOf } from '../../doctor/connection.ts';
import { isPlainName } from '../../doctor/plain-names.ts';
import { type Shape, shapeOf } from '../../doctor/shape.ts';
import type { ReceivedAnswer } from '../../http/transport.ts';
import { readAnswer } from '../../telnyx/answer.ts';

/** The record of an answer for `--record`. It contains no values, except figures of the rate limit. */
export interface RecordedAnswer {
  readonly method: string;
  /** The path with placeholders, such as `/requirement_groups/{id}`. */
  readonly path: string;
  /** The names of the parameters, which regsync chose. */
  readonly query: readonly string[];
  readonly status: number;
  /** The names of the headers. */
  readonly headers: readonly string[];
  /** The headers of the rate limit. Their figures are the only values in the record. */
  readonly rate_limit: Readonly<Record<string, string>>;
  readonly body: Shape;
}

export class Recording {
  readonly answers: RecordedAnswer[] = [];

  add(
    request: { readonly method: string; readonly template: string; readonly query?: object | undefined },
    received: ReceivedAnswer,
  ): void {
    const { method, template, query = {} } = request;
    const names = Object.keys(received.headers).map((name) => name.toLowerCase());
    this.answers.push({
      method,
      path: template,
      query: Object.keys(query),
      status: received.status,
      headers: names.map((name) => (isPlainName(name) ? name : '<header>')).sort(),
      rate_limit: Object.fromEntries(names.flatMap((name) => rateLimitOf(name, received))),
      body: shapeOfBody(received),
    });
  }
}

function rateLimitOf(name: string, { headers }: ReceivedAnswer): [string, string][] {
  if (!name.startsWith('x-ratelimit-') || !isPlainName(name)) return [];
  return [[name, figureOf(String(headers[name])) ?? '<text>']];
}

function shapeOfBody(received: ReceivedAnswer): Shape {
  if (received.bytes.length === 0) return 'empty';
  const answer = readAnswer(received);
  return answer === null ? 'not JSON' : shapeOf(answer.body);
}
