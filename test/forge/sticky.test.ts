import { describe, expect, it } from 'vitest';
import { ForgeError } from '../../src/forge/forge-error.ts';
import { type Marker, type Place, seal, writeMarker, writeWithdrawn } from '../../src/forge/marker.ts';
import {
  type Desk,
  findClaims,
  findShelved,
  findSticky,
  keepSticky,
  UnknownLoginError,
} from '../../src/forge/sticky.ts';
import { readLogin } from '../../src/github/github-forge.ts';
import type { GitHub } from '../../src/github/rest.ts';
import { commentsOn, issuesOf } from '../../src/github/shelves.ts';
import { renderStatus } from '../../src/render/markdown/status.ts';
import { LOGIN, MemoryGitHub, REPOSITORY, sign } from '../support/action-run.ts';

const PULL: Place = { repository: REPOSITORY, pull: 7 };
const AT = { repository: REPOSITORY, serverUrl: 'https://github.example.com' };
const ISSUE: Place = { repository: REPOSITORY, pull: null };
const MARKER: Marker = { kind: 'plan', scope: 'acme', fingerprint: 'f'.repeat(64), head: '1'.repeat(40) };

const textOf = (words: string, marker = MARKER, place = PULL) =>
  `${writeMarker(marker, place, sign)}\n${words}\n`;
const sealed = (words: string, marker = MARKER, place = PULL) => seal(textOf(words, marker, place), sign);
const comment = (id: number, body: string, login = LOGIN) => ({
  id,
  number: id + 5000,
  body,
  user: { login },
});

function deskOf(github: GitHub, given: Partial<Desk> = {}): Desk {
  return { shelf: commentsOn(github, AT, 7), login: LOGIN, sign, ...given };
}

describe('All that we have written on a pull request', () => {
  const unproven = (body: string) => body.replace(/"mac":"./, '"mac":"x');
  const withdrawn = writeWithdrawn({ scope: 'acme' });
  const part: Marker = { ...MARKER, part: 'de' };
  const rows = [
    comment(9, sealed('double')),
    comment(3, sealed('one')),
    comment(4, sealed('another part', part)),
    comment(5, unproven(sealed('of another key'))),
    comment(6, `${withdrawn}\ntext`),
    comment(7, unproven(sealed('of another key and part', part))),
    comment(8, sealed('copied'), 'somebody'),
    comment(10, unproven(sealed('pasted')), 'somebody'),
    comment(11, 'Looks good.'),
    { ...comment(12, withdrawn), pull_request: {} },
    { ...comment(13, withdrawn), id: '13' },
  ];
  const withRows = () => {
    const github = new MemoryGitHub();
    github.comments.push(...(rows as MemoryGitHub['comments']));
    return deskOf(github);
  };

  it('is told apart by what it is about, by our key, and by age', async () => {
    const sticky = (id: number, body: string, marker = MARKER) => ({
      id,
      body,
      marker,
      integrity: 'intact',
      author: LOGIN,
    });
    expect(await findShelved(withRows(), { scope: 'acme' })).toEqual({
      ours: sticky(3, sealed('one')),
      doubles: [9],
      unproven: [5],
      withdrawn: [6],
      foreign: [{ id: 8, author: 'somebody' }],
      others: [sticky(4, sealed('another part', part), part)],
    });
  });

  const [OLD, NEW] = ['a'.repeat(40), 'b'.repeat(40)];
  it.each<[string, readonly [id: number, head: string | null][], string | null, number, readonly number[]]>([
    [
      'of the commit, though it is the younger',
      [
        [3, OLD],
        [9, NEW],
      ],
      NEW,
      9,
      [3],
    ],
    [
      'of the commit, and the older of two',
      [
        [3, OLD],
        [9, NEW],
        [11, NEW],
      ],
      NEW,
      9,
      [3, 11],
    ],
    [
      'that is the oldest where none is of the commit',
      [
        [3, OLD],
        [9, null],
      ],
      NEW,
      3,
      [9],
    ],
    [
      'that is the oldest where no commit is in question',
      [
        [3, OLD],
        [9, NEW],
      ],
      null,
      3,
      [9],
    ],
  ])('the one counts %s', async (_, given, head, ours, doubles) => {
    const github = new MemoryGitHub();
    const written = given.map(([id, own]) => comment(id, sealed('one', { ...MARKER, head: own })));
    github.comments.push(...(written as MemoryGitHub['comments']));
    const found = await findShelved(deskOf(github), { scope: 'acme' }, head);
    expect([found.ours?.id, found.doubles]).toEqual([ours, doubles]);
  });

  it('is found without a key by who wrote it', async () => {
    const claims = await findClaims(withRows());
    expect(claims.map(({ id, kind, topic }) => ({ id, kind, topic }))).toEqual([
      { id: 9, kind: 'plan', topic: { scope: 'acme' } },
      { id: 3, kind: 'plan', topic: { scope: 'acme' } },
      { id: 4, kind: 'plan', topic: { scope: 'acme', part: 'de' } },
      { id: 5, kind: 'plan', topic: { scope: 'acme' } },
      { id: 6, kind: 'withdrawn', topic: { scope: 'acme' } },
      { id: 7, kind: 'plan', topic: { scope: 'acme', part: 'de' } },
    ]);
  });
});

describe('The comment that is ours', () => {
  const find = async (rows: readonly unknown[], given: Partial<Desk> = {}) => {
    const github = new MemoryGitHub();
    github.comments.push(...(rows as MemoryGitHub['comments']));
    return findSticky(deskOf(github, given), { scope: 'acme' });
  };
  const ours = { id: 3, body: sealed('one'), marker: MARKER, integrity: 'intact', author: LOGIN };

  it('is the one with a marker for this scope by our login', async () => {
    const github = new MemoryGitHub();
    github.comments.push(comment(1, 'Looks good.', 'somebody'), comment(3, sealed('one')));
    expect(await findSticky(deskOf(github), { scope: 'acme' })).toEqual(ours);
    expect(github.asked).toEqual([`GET /repos/${REPOSITORY}/issues/7/comments`]);
  });

  it('is the oldest of several, in whatever order they come', async () => {
    expect(
      await find([comment(9, sealed('two')), comment(3, sealed('one')), comment(5, sealed('three'))]),
    ).toEqual(ours);
  });

  it('is ours though a person copied it, and though they did so before', async () => {
    expect(await find([comment(1, sealed('one'), 'somebody'), comment(3, sealed('one'))])).toEqual(ours);
  });

  it('is ours though another bot copied it', async () => {
    expect(await find([comment(1, sealed('one'), 'example-app[bot]'), comment(3, sealed('one'))])).toEqual(
      ours,
    );
  });

  it('says what became of its text', async () => {
    expect(await find([comment(3, sealed('one').replace('one', 'two'))])).toMatchObject({
      integrity: 'edited',
    });
  });

  it.each<[string, readonly unknown[]]>([
    ['there is none', []],
    ['a person wrote it', [comment(3, sealed('one'), 'somebody')]],
    ['nobody wrote it', [{ id: 3, body: sealed('one'), user: null }]],
    ['it is of another scope', [comment(3, sealed('one', { ...MARKER, scope: 'acme shard 1/2' }))]],
    ['it is of another pull request', [comment(3, sealed('one', MARKER, { ...PULL, pull: 8 }))]],
    ['it has no id', [{ ...comment(3, sealed('one')), id: '3' }]],
    ['it has no text', [{ ...comment(3, ''), body: null }]],
    ['it is a pull request', [{ ...comment(3, sealed('one')), pull_request: {} }]],
    ['it is nothing', [null]],
  ])('is not there where %s', async (_, rows) => {
    expect(await find(rows)).toBeNull();
  });

  it('is not looked for further where another bot has written what only we can write', async () => {
    const expected = new UnknownLoginError('example-app[bot]', LOGIN);
    expect(expected.message).toBe(
      'example-app[bot] has written what this action writes, and github-actions[bot] is who this token seems to be: ' +
        'if that is right, set the input comment-author to the former, else delete what it wrote',
    );
    expect(expected.status).toBeNull();
    const theirs = comment(3, sealed('one'), 'example-app[bot]');
    await expect(find([comment(1, sealed('one'), 'somebody'), theirs])).rejects.toEqual(expected);
    await expect(find([theirs])).rejects.toBeInstanceOf(UnknownLoginError);
    expect(await find([theirs], { login: 'example-app[bot]' })).toMatchObject({ id: 3 });
  });

  it('as an issue is named by its number, and looked for among the open ones, the oldest first', async () => {
    const github = new MemoryGitHub();
    const marker: Marker = { kind: 'drift', scope: 'acme', fingerprint: null, head: null };
    const body = sealed('one', marker, ISSUE);
    github.issues.push({ ...comment(1, body), pull_request: {} }, comment(3, body));
    const params: unknown[] = [];
    const list = github.list.bind(github);
    github.list = (template, given, query) => {
      params.push(given);
      return list(template, given, query);
    };
    expect(await findSticky(deskOf(github, { shelf: issuesOf(github, AT) }), { scope: 'acme' })).toEqual({
      ...ours,
      id: 5003,
      body,
      marker,
    });
    expect(github.asked).toEqual([`GET /repos/${REPOSITORY}/issues?state=open&sort=created&direction=asc`]);
    expect(params).toStrictEqual([{ repository: REPOSITORY }]);
  });
});

describe('A text that is kept', () => {
  const RUNS = 'https://github.example.com/example/telephony/actions/runs';
  const found = (body: string, integrity: 'intact' | 'edited' | 'unsealed' = 'intact') => ({
    id: 3,
    body,
    integrity,
  });
  const withOurs = (body: string) => {
    const github = new MemoryGitHub();
    github.comments.push(comment(3, body));
    return github;
  };
  const appliedAt = (at: string) => renderStatus({ state: 'applied', at, runUrl: `${RUNS}/1` }, {}, 9999);
  const PATCHED = [`PATCH /repos/${REPOSITORY}/issues/comments/3`];

  it('is made, sealed, where there is none', async () => {
    const github = new MemoryGitHub();
    expect(await keepSticky(deskOf(github), null, textOf('one'))).toEqual({
      id: 1001,
      body: sealed('one'),
      integrity: 'intact',
      written: 'created',
      author: LOGIN,
      isAsSent: true,
    });
    expect(github.asked).toEqual([`POST /repos/${REPOSITORY}/issues/7/comments`]);
    expect(github.comments).toEqual([
      { id: 1001, number: 1001, user: { login: LOGIN }, body: sealed('one') },
    ]);
  });

  /** A GitHub whose answer to the first POST is lost. */
  const losing = (given: { readonly isMade: boolean; readonly meanwhile?: string }) => {
    const github = new MemoryGitHub();
    const send = github.send.bind(github);
    const lossy: GitHub['send'] = async (method, template, params, body, findMade) => {
      if (method !== 'POST') return send(method, template, params, body);
      if (given.isMade) await send(method, template, params, body);
      if (given.meanwhile !== undefined) github.comments.push(comment(3, given.meanwhile));
      return (await findMade?.()) ?? send(method, template, params, body);
    };
    return Object.assign(github, { send: lossy });
  };

  it.each<[string, Parameters<typeof losing>[0], number]>([
    ['is taken for written where an attempt without an answer has made it', { isMade: true }, 1001],
    ['is made again where it is not there', { isMade: false }, 1001],
    ['goes into the one that another run made meanwhile', { isMade: false, meanwhile: sealed('two') }, 3],
  ])('%s', async (_, given, id) => {
    const github = losing(given);
    expect(await keepSticky(deskOf(github), null, textOf('one'))).toMatchObject({ id, isAsSent: true });
    expect(github.comments.map(({ body }) => body)).toEqual([sealed('one')]);
  });

  it('without a marker of ours is not looked for', async () => {
    const github = losing({ isMade: true });
    await keepSticky(deskOf(github), null, 'text');
    expect(github.asked.filter((line) => line.startsWith('GET'))).toEqual([]);
  });

  it('is changed in its place', async () => {
    const github = withOurs(sealed('one'));
    expect(await keepSticky(deskOf(github), found(sealed('one')), textOf('two'))).toEqual({
      id: 3,
      body: sealed('two'),
      integrity: 'intact',
      written: 'updated',
      author: LOGIN,
      isAsSent: true,
    });
    expect(github.asked).toEqual(PATCHED);
    expect(github.comments).toEqual([comment(3, sealed('two'))]);
  });

  it.each<[string, string, string]>([
    ['is as it should be', 'one', 'one'],
    ['is of another run', `in ${RUNS}/1`, `in ${RUNS}/234`],
    ['is of another attempt', `in ${RUNS}/1/attempts/12`, `in ${RUNS}/1`],
    ['names several runs', `${RUNS}/1 ${RUNS}/2`, `${RUNS}/3 ${RUNS}/4`],
    [
      'is of another job',
      'in https://gitlab.example.com/a/-/jobs/9.',
      'in https://gitlab.example.com/a/-/jobs/120.',
    ],
    [
      'was applied at another time',
      `Plan\n${appliedAt('2031-01-01T12:00:00Z')}`,
      `Plan\n${appliedAt('2031-02-28T23:59:59Z')}`,
    ],
  ])('is left alone where it %s', async (_, before, after) => {
    const github = withOurs(sealed(before));
    expect(await keepSticky(deskOf(github), found(sealed(before)), textOf(after))).toEqual({
      id: 3,
      body: sealed(before),
      integrity: 'intact',
      written: 'unchanged',
      author: '',
      isAsSent: true,
    });
    expect(github.asked).toEqual([]);
  });

  it.each<[string, ReturnType<typeof found>, string]>([
    ['says something else', found(sealed('one')), 'two'],
    ['was edited, if only back', found(sealed('one'), 'edited'), 'one'],
    ['was written by an older version', found(sealed('one'), 'unsealed'), 'one'],
    ['names no run any more', found(sealed(`one ${RUNS}/1`)), `one ${RUNS.replace('/actions/runs', '')}`],
    ['names a run in another number', found(sealed(`${RUNS}/1 ${RUNS}/2`)), `${RUNS}/3`],
    ['names no job any more', found(sealed('in /a/-/jobs/9.')), 'in /a.'],
    [
      'says no time any more',
      found(sealed(appliedAt('2031-01-01T12:00:00Z'))),
      renderStatus({ state: 'applied' }, {}, 9999),
    ],
    [
      'has another time in a comment',
      found(sealed('Call us on 2031-01-01 at 12:00 UTC please')),
      'Call us on 2031-01-02 at 12:00 UTC please',
    ],
  ])('is written again where it %s', async (_, before, after) => {
    const github = withOurs(before.body);
    expect(await keepSticky(deskOf(github), before, textOf(after))).toMatchObject({ written: 'updated' });
    expect(github.asked).toEqual(PATCHED);
    expect(github.comments[0]?.body).toBe(sealed(after));
  });

  it('of an issue goes with its title, and is closed though it says the same', async () => {
    const github = new MemoryGitHub();
    const desk = deskOf(github, { shelf: issuesOf(github, AT) });
    const marker: Marker = { kind: 'drift', scope: 'acme', fingerprint: null, head: null };
    const text = textOf('one', marker, ISSUE);
    const made = await keepSticky(desk, null, text, { title: 'one differs' });
    const open = {
      id: 1001,
      number: 1001,
      user: { login: LOGIN },
      body: seal(text, sign),
      title: 'one differs',
    };
    expect(github.issues).toEqual([open]);
    expect(await keepSticky(desk, made, text, { title: 'one differs' })).toMatchObject({
      written: 'unchanged',
    });
    expect(await keepSticky(desk, made, text, { state: 'closed' })).toMatchObject({
      id: 1001,
      written: 'updated',
    });
    expect(github.issues).toEqual([{ ...open, state: 'closed' }]);
    expect(github.asked).toEqual([
      `POST /repos/${REPOSITORY}/issues`,
      `PATCH /repos/${REPOSITORY}/issues/1001`,
    ]);
  });

  const answering = (answer: unknown): GitHub =>
    Object.assign(new MemoryGitHub(), { send: async () => answer });

  it.each<[string, string, boolean]>([
    ['as it was sent', sealed('one'), true],
    ['with other line ends', sealed('one').replaceAll('\n', '\r\n'), true],
    ['without its last line end', sealed('one').trimEnd(), true],
    ['otherwise', sealed('one').replace('one', 'two'), false],
  ])('says whether GitHub holds it %s', async (_, body, isAsSent) => {
    const github = answering(comment(3, body, 'example-app[bot]'));
    expect(await keepSticky(deskOf(github), null, textOf('one'))).toEqual({
      id: 3,
      body: sealed('one'),
      integrity: 'intact',
      written: 'created',
      author: 'example-app[bot]',
      isAsSent,
    });
  });

  it.each([null, {}, { id: '3', body: sealed('one') }])(
    'is not known to be written where GitHub answers %j',
    async (answer) => {
      await expect(keepSticky(deskOf(answering(answer)), null, textOf('one'))).rejects.toEqual(
        new ForgeError('GitHub answered a write without the text that regsync sent', null),
      );
    },
  );
});

describe('The login that a token writes with', () => {
  it('is the one that is given, and nobody is asked', async () => {
    const github = new MemoryGitHub();
    expect(await readLogin(github, 'example-app[bot]')).toBe('example-app[bot]');
    expect(github.asked).toEqual([]);
  });

  it('is the user’s whose token it is', async () => {
    const github = new MemoryGitHub();
    github.login = 'somebody';
    expect(await readLogin(github, '')).toBe('somebody');
    expect(github.asked).toEqual(['GET /user']);
  });

  it('is that of GITHUB_TOKEN where GitHub refuses to tell', async () => {
    const github = new MemoryGitHub();
    github.failing = { at: /user/, status: 403 };
    expect(await readLogin(github, '')).toBe('github-actions[bot]');
  });

  it.each([401, 500, null])('is not known where GitHub answers %s', async (status) => {
    const github = new MemoryGitHub();
    github.failing = { at: /user/, status };
    await expect(readLogin(github, '')).rejects.toEqual(
      new ForgeError(`GET /user answered ${status}`, status),
    );
  });

  it('is not guessed after any other error', async () => {
    const error = Object.assign(new TypeError('no such thing'), { status: 403 });
    const github: GitHub = Object.assign(new MemoryGitHub(), { get: () => Promise.reject(error) });
    await expect(readLogin(github, '')).rejects.toBe(error);
  });
});
