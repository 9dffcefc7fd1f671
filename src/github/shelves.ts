import type { PathParams } from '../forge/client.ts';
import { type ForgeText, type Shelf, writeText } from '../forge/forge.ts';
import { Json } from '../forge/json.ts';
import type { Place } from '../forge/marker.ts';
import type { GitHub } from './rest.ts';

/** The endpoints that list, create and change texts of one kind. */
interface Endpoints {
  readonly list: string;
  readonly query: Readonly<Record<string, string>>;
  readonly change: string;
  /** The field that identifies a text in an answer. */
  readonly key: 'id' | 'number';
  /** The name of a text in messages, before its id. */
  readonly name: string;
}

const COMMENTS: Endpoints = {
  list: '/repos/{repository}/issues/{pull}/comments',
  query: {},
  change: '/repos/{repository}/issues/comments/{id}',
  key: 'id',
  name: 'comment ',
};

const ISSUES: Endpoints = {
  list: '/repos/{repository}/issues',
  query: { state: 'open', sort: 'created', direction: 'asc' },
  change: '/repos/{repository}/issues/{id}',
  key: 'number',
  name: 'issue #',
};

/** The part of a workflow that tells where its repository is. */
export interface GitHubPlace {
  readonly repository: string;
  readonly serverUrl: string;
}

export function commentsOn(github: GitHub, { repository, serverUrl }: GitHubPlace, pull: number): Shelf {
  const urlOf = (id: number) => `${serverUrl}/${repository}/pull/${pull}#issuecomment-${id}`;
  return openShelf(github, COMMENTS, { repository, pull }, urlOf);
}

export function issuesOf(github: GitHub, { repository, serverUrl }: GitHubPlace): Shelf {
  const urlOf = (id: number) => `${serverUrl}/${repository}/issues/${id}`;
  return openShelf(github, ISSUES, { repository, pull: null }, urlOf);
}

function openShelf(
  github: GitHub,
  { list, query, change, key, name }: Endpoints,
  place: Place,
  urlOf: Shelf['urlOf'],
): Shelf {
  const { repository, pull } = place;
  const params: PathParams = { repository, ...(pull === null ? {} : { pull }) };
  const read = (row: unknown) => readRow(row, key);
  return {
    place,
    list: async function* () {
      for await (const row of github.list(list, params, query)) {
        const text = read(row);
        if (text !== null) yield text;
      }
    },
    make: (fields, findMade) =>
      writeText('GitHub', (find) => github.send('POST', list, params, fields, find), read, findMade),
    change: (id, fields, confirm) =>
      writeText(
        'GitHub',
        (find) => github.send('PATCH', change, { ...params, id }, fields, find),
        read,
        async () => {
          await confirm?.();
          return undefined;
        },
      ),
    urlOf,
    nameOf: (id) => `${name}${id}`,
    // GITHUB_TOKEN and the tokens of apps write as bots, and cannot ask for their own name.
    mayBeOurs: (author) => author.endsWith('[bot]'),
  };
}

/** Returns null if the row has no id or is a pull request, which the list of issues contains as well. */
function readRow(row: unknown, key: Endpoints['key']): ForgeText | null {
  const entry = new Json(row);
  const id = entry.at(key).value;
  if (typeof id !== 'number' || entry.at('pull_request').value !== undefined) return null;
  return { id, body: entry.at('body').text, author: entry.at('user', 'login').text };
}
