import type { ForgeRequest } from '../forge/request.ts';

/**
 * GitHub's message to the token of an app or user that lacks a permission (documented). GITHUB_TOKEN is one
 * of an app.
 */
const NOT_ACCESSIBLE = /resource not accessible/i;

/**
 * Returns a sentence with the missing permission, spelled as in a workflow, or `''` if the cause is another.
 */
export function nameMissing(why: string, { method, template }: ForgeRequest): string {
  if (!NOT_ACCESSIBLE.test(why)) return '';
  const resource = PERMISSIONS.find(([pattern]) => pattern.test(template))?.[1];
  const level = method === 'GET' ? 'read' : 'write';
  return resource === undefined ? '' : `. The token lacks the permission "${resource}: ${level}"`;
}

/** The permission that a request needs (documented for each endpoint). The first match counts. */
const PERMISSIONS: readonly (readonly [RegExp, string])[] = [
  [/\/comments(\/|$)/, 'pull-requests'],
  [/\/pulls(\/|$)/, 'pull-requests'],
  [/\/issues(\/|$)/, 'issues'],
  [/\/branches\//, 'contents'],
  [/\/actions\//, 'actions'],
];
