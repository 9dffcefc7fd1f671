import { GitHubError } from './github-error.ts';
import type { GitHubQuery, PathParams } from './rest.ts';

export interface GitHubRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
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
  method: GitHubRequest['method'],
  template: string,
  params: PathParams,
  query: GitHubQuery = {},
): GitHubRequest {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    String(params[name] ?? '')
      .split('/')
      .map((segment) => segmentOf(segment, template))
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

function segmentOf(text: string, template: string): string {
  if (/^\.{0,2}$/.test(text)) throw new GitHubError(`${template}: something is missing in the path`, null);
  return encodeURIComponent(text);
}
