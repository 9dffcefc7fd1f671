import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/github/events.ts';
import { openGitHubForge } from '../../src/github/github-forge.ts';
import { type GitHub, nameMissing } from '../../src/github/rest.ts';
import { issuesOf } from '../../src/github/shelves.ts';
import { HEAD, LOGIN, MERGE, MemoryGitHub, mergedRow, REPOSITORY } from '../support/action-run.ts';

const SERVER = 'https://github.example.com';
const PUSH: Event = { kind: 'push', sha: MERGE, commits: [], ref: 'refs/heads/main', isDefaultBranch: true };

function forgeWith(given: Partial<MemoryGitHub> = {}, event: Event = PUSH) {
  const github = Object.assign(new MemoryGitHub(), given);
  const workflow = { repository: REPOSITORY, serverUrl: SERVER, event };
  return { forge: openGitHubForge(github, workflow, ''), github };
}

describe('GitHub', () => {
  it.each([
    ['open', false],
    ['closed', true],
  ])('tells that a pull request is %s', async (state, isClosed) => {
    const { forge } = forgeWith({ pull: { head: { sha: HEAD }, state } });
    expect(await forge.readRequest(7)).toEqual({ headSha: HEAD, isClosed });
  });

  it('tells the newest commit of a branch', async () => {
    const { forge, github } = forgeWith({ tip: HEAD });
    expect(await forge.readTip('main')).toBe(HEAD);
    expect(github.asked).toEqual([`GET /repos/${REPOSITORY}/branches/main`]);
  });

  it('is asked for merged pull requests where the run is of a push, and for those closed lately by hand', async () => {
    const merged = [{ pull: 7, head: HEAD }];
    const { forge } = forgeWith({ closed: [mergedRow(), mergedRow({ number: 8, base: { ref: 'other' } })] });
    expect(await forge.findMerged('main', async () => {})).toEqual(merged);
    expect(await forge.findLatelyMerged('main')).toEqual(merged);
    const byHand = forgeWith({}, { kind: 'other', name: 'workflow_dispatch' });
    expect(await byHand.forge.findMerged('main', async () => {})).toEqual([]);
    expect(byHand.github.asked).toEqual([]);
  });

  it('is asked whose token it is, and left when the run ends', async () => {
    const { forge, github } = forgeWith();
    expect(await forge.readAuthor()).toBe(LOGIN);
    await forge.close();
    expect(github.asked).toEqual(['GET /user', 'close']);
  });
});

describe('Texts on GitHub', () => {
  it('are comments of one pull request, or issues of the repository', () => {
    const { forge, github } = forgeWith();
    const comments = forge.notesOn(7);
    expect(comments.place).toEqual({ repository: REPOSITORY, pull: 7 });
    expect(comments.urlOf(99)).toBe(`${SERVER}/${REPOSITORY}/pull/7#issuecomment-99`);
    expect(comments.nameOf(99)).toBe('comment 99');
    const issues = issuesOf(github, { repository: REPOSITORY, serverUrl: SERVER });
    expect(issues.place).toEqual({ repository: REPOSITORY, pull: null });
    expect(issues.urlOf(99)).toBe(`${SERVER}/${REPOSITORY}/issues/99`);
    expect(issues.nameOf(99)).toBe('issue #99');
  });

  it.each([
    ['github-actions[bot]', true],
    ['example-app[bot]', true],
    ['[bot]somebody', false],
    ['somebody', false],
  ])('by %s may be those of an app’s token: %s', (author, mayBe) => {
    expect(forgeWith().forge.notesOn(7).mayBeOurs(author)).toBe(mayBe);
  });

  it('are listed in full, without what has no number and what is a pull request', async () => {
    const row = (id: unknown, given: object = {}) => ({ id, body: 'text', user: { login: LOGIN }, ...given });
    const comments = [row(1), row('2'), row(3, { pull_request: {} }), row(4, { body: null, user: null })];
    const { forge } = forgeWith({ comments: comments as MemoryGitHub['comments'] });
    const read: unknown[] = [];
    for await (const text of forge.notesOn(7).list()) read.push(text);
    expect(read).toEqual([
      { id: 1, body: 'text', author: LOGIN },
      { id: 4, body: '', author: '' },
    ]);
  });

  it('that change are confirmed before each further attempt', async () => {
    const { forge, github } = forgeWith();
    const confirmed: string[] = [];
    const answers: unknown[] = [];
    const send: GitHub['send'] = async (_method, _template, _params, _body, findMade) => {
      answers.push(await findMade?.());
      return { id: 9, body: 'text', user: { login: LOGIN } };
    };
    Object.assign(github, { send });
    const notes = forge.notesOn(7);
    await notes.change(9, { body: 'text' }, async () => void confirmed.push('yes'));
    await notes.change(9, { body: 'text' });
    expect([answers, confirmed]).toEqual([[undefined, undefined], ['yes']]);
  });
});

describe('A permission that the token lacks', () => {
  const why = 'Resource not accessible by integration';
  it.each([
    ['POST', '/repos/{repository}/issues/{pull}/comments', 'pull-requests: write'],
    ['GET', '/repos/{repository}/pulls/{pull}', 'pull-requests: read'],
    ['GET', '/repos/{repository}/commits/{sha}/pulls', 'pull-requests: read'],
    ['POST', '/repos/{repository}/issues', 'issues: write'],
    ['PATCH', '/repos/{repository}/issues/{id}', 'issues: write'],
    ['PATCH', '/repos/{repository}/issues/comments/{id}', 'pull-requests: write'],
    ['GET', '/repos/{repository}/branches/{branch}', 'contents: read'],
    ['GET', '/repos/{repository}/actions/artifacts', 'actions: read'],
  ] as const)('is named as in a workflow: %s %s', (method, template, permission) => {
    expect(nameMissing(why, { method, template, name: '', path: '' })).toBe(
      `. The token lacks the permission "${permission}"`,
    );
  });

  it.each([
    ['Not Found', '/repos/{repository}/issues'],
    [why, '/user'],
    [why, '/repos/{repository}/commentsection'],
  ])('is not guessed: %s at %s', (message, template) => {
    expect(nameMissing(message, { method: 'GET', template, name: '', path: '' })).toBe('');
  });
});
