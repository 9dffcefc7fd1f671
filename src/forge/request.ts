import type { Dialect, ForgeQuery, PathParams } from './client.ts';
import { ForgeError } from './forge-error.ts';

export interface ForgeRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  /** `/repos/{repository}/pulls/{number}` */
  readonly template: string;
  /** The name in messages: `GET /repos/{repository}/pulls/{number}` */
  readonly name: string;
  readonly path: string;
  readonly body?: unknown;
  /**
   * With `location`, the result is the address of a redirect. With `bytes`, the request goes without a token,
   * and the result is any bytes.
   */
  readonly wants?: 'location' | 'bytes';
  readonly maxBytes?: number;
}

export function nameAndPlace(
  { method, template, params, query = {} }: Asked,
  { segmentsOf }: Pick<Dialect, 'segmentsOf'>,
): ForgeRequest {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    segmentsOf(String(params[name] ?? ''))
      .map((segment) => encodeSegment(segment, template))
      .join('/'),
  );
  const pairs = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  return {
    method,
    template,
    name: `${method} ${template}`,
    path: pairs.length === 0 ? path : `${path}?${pairs.join('&')}`,
  };
}

interface Asked {
  readonly method: ForgeRequest['method'];
  readonly template: string;
  readonly params: PathParams;
  readonly query: ForgeQuery | undefined;
}

function encodeSegment(text: string, template: string): string {
  if (/^\.{0,2}$/.test(text)) throw new ForgeError(`${template}: something is missing in the path`, null);
  return encodeURIComponent(text);
}
