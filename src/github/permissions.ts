import type { GitHubRequest } from './rest.ts';

/** What an app's token, GITHUB_TOKEN among them, or a user's is told that lacks a permission (documented). */
const NOT_ACCESSIBLE = /resource not accessible/i;

/** The permission, spelled as a workflow spells it; empty where something else is in the way. */
export function nameMissing(why: string, { method, template }: GitHubRequest): string {
  if (!NOT_ACCESSIBLE.test(why)) return '';
  const resource = PERMISSIONS.find(([pattern]) => pattern.test(template))?.[1];
  const level = method === 'GET' ? 'read' : 'write';
  return resource === undefined ? '' : `. The token lacks the permission “${resource}: ${level}”`;
}

/** Which permission a request needs (documented for each endpoint); the first that fits. */
const PERMISSIONS: readonly (readonly [RegExp, string])[] = [
  [/\/comments(\/|$)/, 'pull-requests'],
  [/\/pulls(\/|$)/, 'pull-requests'],
  [/\/issues(\/|$)/, 'issues'],
  [/\/branches\//, 'contents'],
  [/\/actions\//, 'actions'],
];
