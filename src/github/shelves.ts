import { type ForgeText, openShelf, type Shelf } from '../forge/forge.ts';
import { Json } from '../forge/json.ts';
import type { GitHub } from './rest.ts';

/** The part of a workflow that tells where its repository is. */
export interface GitHubPlace {
  readonly repository: string;
  readonly serverUrl: string;
}

export function commentsOn(github: GitHub, { repository, serverUrl }: GitHubPlace, pull: number): Shelf {
  return openShelf(github, {
    ...COMMON,
    place: { repository, pull },
    params: { repository, pull },
    list: '/repos/{repository}/issues/{pull}/comments',
    query: {},
    change: ['PATCH', '/repos/{repository}/issues/comments/{id}'],
    read: (row) => readRow(row, 'id'),
    urlOf: (id) => `${serverUrl}/${repository}/pull/${pull}#issuecomment-${id}`,
    nameOf: (id) => `comment ${id}`,
  });
}

export function issuesOf(github: GitHub, { repository, serverUrl }: GitHubPlace): Shelf {
  return openShelf(github, {
    ...COMMON,
    place: { repository, pull: null },
    params: { repository },
    list: '/repos/{repository}/issues',
    query: { state: 'open', sort: 'created', direction: 'asc' },
    change: ['PATCH', '/repos/{repository}/issues/{id}'],
    read: (row) => readRow(row, 'number'),
    urlOf: (id) => `${serverUrl}/${repository}/issues/${id}`,
    nameOf: (id) => `issue #${id}`,
  });
}

const COMMON = {
  forge: 'GitHub',
  // GITHUB_TOKEN and the tokens of apps write as bots, and cannot ask for their own name.
  mayBeOurs: (author: string) => author.endsWith('[bot]'),
} as const;

/** Reads a text. Returns null if the row has no id or is a pull request, which the list of issues contains as well. */
function readRow(row: unknown, key: 'id' | 'number'): ForgeText | null {
  const entry = new Json(row);
  const id = entry.at(key).value;
  if (typeof id !== 'number' || entry.at('pull_request').value !== undefined) return null;
  return { id, body: entry.at('body').text, author: entry.at('user', 'login').text };
}
