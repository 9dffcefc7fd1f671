import { describe, expect, it } from 'vitest';
import type { FindMade, ForgeClient, ForgeQuery, PathParams } from '../../src/forge/client.ts';
import type { Shelf } from '../../src/forge/forge.ts';
import { ForgeError } from '../../src/forge/forge-error.ts';
import { openGitLabForge } from '../../src/gitlab/gitlab-forge.ts';
import type { Pipeline } from '../../src/gitlab/pipeline.ts';

const PIPELINE: Partial<Pipeline> = {
  project: '42',
  projectUrl: 'https://gitlab.example.com/example/telephony',
  sha: 'a'.repeat(40),
  before: null,
};
const NOTES = '/projects/{project}/merge_requests/{request}/notes';

/** A note as GitLab gives it. */
const note = (id: unknown, given: Readonly<Record<string, unknown>> = {}) => ({
  id,
  body: 'text',
  author: { username: 'regsync-bot' },
  ...given,
});

interface Answers {
  readonly get?: unknown;
  readonly rows?: readonly unknown[];
  /** The answer to a write. */
  readonly written?: unknown;
  /** True if GitLab loses the answer to the first attempt. */
  readonly isLost?: boolean;
}

function forgeWith({ get, rows = [], written, isLost = false }: Answers) {
  const asked: unknown[] = [];
  const client: Partial<ForgeClient> = {
    get: async (template: string, params?: PathParams) => {
      asked.push(params === undefined ? [template] : [template, params]);
      return get;
    },
    list: async function* (template: string, params: PathParams = {}, query: ForgeQuery = {}) {
      asked.push([template, params, query]);
      yield* rows;
    },
    send: async (method, template, params, body, findMade?: FindMade) => {
      asked.push([method, template, params, body]);
      return isLost ? ((await findMade?.()) ?? written) : written;
    },
    close: async () => void asked.push('close'),
  };
  return { forge: openGitLabForge(client as ForgeClient, PIPELINE as Pipeline), asked };
}

function notesWith(answers: Answers): { readonly notes: Shelf; readonly asked: unknown[] } {
  const { forge, asked } = forgeWith(answers);
  return { notes: forge.notesOn(7), asked };
}

describe('GitLab', () => {
  it('is asked once whose token it is', async () => {
    const { forge, asked } = forgeWith({ get: { username: 'regsync-bot' } });
    expect([await forge.readAuthor(), await forge.readAuthor()]).toEqual(['regsync-bot', 'regsync-bot']);
    expect(asked).toEqual([['/user']]);
  });

  it.each([
    ['opened', false],
    ['locked', false],
    ['closed', true],
    ['merged', true],
  ])('tells that a merge request is %s', async (state, isClosed) => {
    const { forge, asked } = forgeWith({ get: { state, sha: 'b'.repeat(40) } });
    expect(await forge.readRequest(7)).toEqual({ headSha: 'b'.repeat(40), isClosed });
    expect(asked).toEqual([['/projects/{project}/merge_requests/{request}', { project: '42', request: 7 }]]);
  });

  it('tells the newest commit of a branch', async () => {
    const { forge, asked } = forgeWith({ get: { commit: { id: 'c'.repeat(40) } } });
    expect(await forge.readTip('main')).toBe('c'.repeat(40));
    expect(asked).toEqual([
      ['/projects/{project}/repository/branches/{branch}', { project: '42', branch: 'main' }],
    ]);
  });

  it('keeps no plan outside of its notes', async () => {
    const { forge, asked } = forgeWith({});
    expect(await forge.readKept({ name: 'plan', sha256: 'd' })).toBeNull();
    expect(asked).toEqual([]);
  });

  it('is asked for merge requests of this project that were merged into the branch', async () => {
    const row = {
      iid: 7,
      sha: 'b'.repeat(40),
      state: 'merged',
      target_branch: 'main',
      target_project_id: 42,
      merge_commit_sha: 'a'.repeat(40),
    };
    const { forge } = forgeWith({ rows: [row, { ...row, target_project_id: 43, iid: 8 }] });
    const merged = [{ pull: 7, head: 'b'.repeat(40) }];
    expect(await forge.findMerged('main', async () => {})).toEqual(merged);
    expect(await forge.findLatelyMerged('main')).toEqual(merged);
    expect(await forge.findLatelyMerged('other')).toEqual([]);
  });

  it('is left when the run ends', async () => {
    const { forge, asked } = forgeWith({});
    await forge.close();
    expect(asked).toEqual(['close']);
  });
});

describe('The notes of a merge request', () => {
  it('are bound to the project by its id, and to the merge request', () => {
    const { notes } = notesWith({});
    expect(notes.place).toEqual({ repository: 'gitlab:42', pull: 7 });
    expect(notes.urlOf(99)).toBe('https://gitlab.example.com/example/telephony/-/merge_requests/7#note_99');
    expect(notes.nameOf(99)).toBe('note 99');
    expect(notes.mayBeOurs('anybody')).toBe(false);
  });

  it('are read oldest first, without what GitLab itself has noted and what is no note', async () => {
    const rows = [
      note(1),
      note(2, { system: true }),
      note('3'),
      null,
      note(4, { system: false, author: null, body: null }),
    ];
    const { notes, asked } = notesWith({ rows });
    const read: unknown[] = [];
    for await (const one of notes.list()) read.push(one);
    expect(read).toEqual([
      { id: 1, body: 'text', author: 'regsync-bot' },
      { id: 4, body: '', author: '' },
    ]);
    expect(asked).toEqual([[NOTES, { project: '42', request: 7 }, { sort: 'asc', order_by: 'created_at' }]]);
  });

  it('get a new one by POST, unless an attempt without an answer has made it', async () => {
    const made = async () => ({ id: 5, body: 'made', author: 'regsync-bot' });
    const { notes, asked } = notesWith({ written: note(9) });
    expect(await notes.make({ body: 'text' }, made)).toEqual({ id: 9, body: 'text', author: 'regsync-bot' });
    expect(asked).toEqual([['POST', NOTES, { project: '42', request: 7 }, { body: 'text' }]]);
    const lossy = notesWith({ written: note(9), isLost: true });
    expect(await lossy.notes.make({ body: 'text' }, made)).toEqual(await made());
  });

  it('are changed in their place, and each further attempt is confirmed before', async () => {
    const { notes, asked } = notesWith({ written: note(9), isLost: true });
    const confirmed: string[] = [];
    const confirm = async () => void confirmed.push('yes');
    expect(await notes.change(9, { body: 'text' }, confirm)).toMatchObject({ id: 9 });
    expect(await notes.change(9, { body: 'text' })).toMatchObject({ id: 9 });
    expect(confirmed).toEqual(['yes']);
    const write = ['PUT', `${NOTES}/{id}`, { project: '42', request: 7, id: 9 }, { body: 'text' }];
    expect(asked).toEqual([write, write]);
  });

  it.each([null, {}, note('9')])('are not known to be written where GitLab answers %j', async (written) => {
    const error = new ForgeError('GitLab answered a write without the text that regsync sent', null);
    const { notes } = notesWith({ written });
    await expect(notes.make({ body: 'text' }, async () => undefined)).rejects.toEqual(error);
    await expect(notes.change(9, { body: 'text' })).rejects.toEqual(error);
  });
});
