import type { ForgeClient } from '../forge/client.ts';
import { type Forge, type ForgeText, openShelf, type Shelf } from '../forge/forge.ts';
import { Json } from '../forge/json.ts';
import { findLatelyMerged, findMerged } from './find-merged.ts';
import type { Pipeline } from './pipeline.ts';

export function openGitLabForge(client: ForgeClient, pipeline: Pipeline): Forge {
  const { project } = pipeline;
  let author: Promise<string> | null = null;
  return {
    readAuthor: () => {
      author ??= client.get('/user').then((user) => new Json(user).at('username').text);
      return author;
    },
    notesOn: (request) => notesOn(client, pipeline, request),
    readRequest: async (request) => {
      const now = new Json(await client.get(REQUEST, { project, request }));
      const state = now.at('state').text;
      return { headSha: now.at('sha').text, isClosed: state === 'closed' || state === 'merged' };
    },
    findMerged: (branch, sleep) => findMerged(client, pipeline, branch, sleep),
    findLatelyMerged: (branch) => findLatelyMerged(client, pipeline, branch),
    readTip: async (branch) => {
      const found = await client.get('/projects/{project}/repository/branches/{branch}', { project, branch });
      return new Json(found).at('commit', 'id').text;
    },
    // A note of GitLab has room for the plan of thousands of groups, and nothing else keeps one.
    readKept: async () => null,
    close: () => client.close(),
  };
}

const REQUEST = '/projects/{project}/merge_requests/{request}';

function notesOn(client: ForgeClient, { project, projectUrl }: Pipeline, request: number): Shelf {
  return openShelf(client, {
    forge: 'GitLab',
    // GitLab counts merge requests in each project anew, and never gives the id of a project twice.
    place: { repository: `gitlab:${project}`, pull: request },
    params: { project, request },
    list: `${REQUEST}/notes`,
    // New notes come last, so that none is passed over if one is written between two pages.
    query: { sort: 'asc', order_by: 'created_at' },
    change: ['PUT', `${REQUEST}/notes/{id}`],
    read: readNote,
    urlOf: (id) => `${projectUrl}/-/merge_requests/${request}#note_${id}`,
    nameOf: (id) => `note ${id}`,
    // Each token of GitLab may ask for its own name.
    mayBeOurs: () => false,
  });
}

function readNote(row: unknown): ForgeText | null {
  const note = new Json(row);
  const id = note.at('id').value;
  if (typeof id !== 'number' || note.at('system').value === true) return null;
  return { id, body: note.at('body').text, author: note.at('author', 'username').text };
}
