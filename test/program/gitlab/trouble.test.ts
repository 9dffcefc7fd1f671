import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type GitLabRepository,
  type JobVariables,
  openGitLabRepository,
} from '../../support/gitlab-repository.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import type { Trouble } from '../../support/servers/github.ts';
import { germanGroup } from '../../support/test-repository.ts';

/** A GitLab that is overloaded, down, or loses answers, and jobs that lack something. */

const quick = buildWithClocks(0.02);
let repository: GitLabRepository;
beforeEach(async () => {
  repository = await openGitLabRepository({ 'groups/de.yaml': germanGroup() }, quick);
  expect((await repository.repository.run(['apply', '--yes'])).code).toBe(0);
});
afterEach(async () => {
  expect(repository.gitlab.violations).toEqual([]);
  await repository.end();
});

const push = (contact = 'one') => repository.pushToRequest(7, { 'groups/de.yaml': germanGroup({ contact }) });
const heads = () => repository.notes(7).map(({ body }) => body.split('\n').slice(1, 4).join('\n'));
const submits = async () =>
  (await repository.repository.requests()).filter(({ path }) => path.endsWith('submit_for_approval')).length;

type Kind = Pick<Trouble, 'status' | 'headers' | 'body' | 'isDone'>;

const PASSING: readonly (readonly [string, Kind])[] = [
  [
    '429 and a time to wait',
    { status: 429, headers: { 'retry-after': '1' }, body: '{"message":{"error":"Too many"}}' },
  ],
  ['502', { status: 502, body: '<html>' }],
  ['502, and does it', { status: 502, body: '<html>', isDone: true }],
  ['nothing', { status: 'lost' }],
  ['nothing, and does it', { status: 'lost', isDone: true }],
];

describe('A GitLab that answers a write', () => {
  it.each(PASSING)('with %s has one true note in the end', async (_, kind) => {
    repository.gitlab.trouble({ method: 'POST', path: /notes$/, ...kind });
    const first = await repository.job('plan', await push('one'));
    expect(first.code, first.err).toBe(0);
    expect(heads()).toEqual([expect.stringContaining('📋 **Planned**')]);

    repository.gitlab.trouble({ method: 'PUT', path: /notes/, ...kind });
    const second = await repository.job('plan', await push('two'));
    expect(second.code, second.err).toBe(0);
    expect(heads()).toEqual([expect.stringContaining('📋 **Planned**')]);

    repository.gitlab.trouble({ method: 'PUT', path: /notes/, ...kind, times: 2 });
    repository.gitlab.trouble({ method: 'PUT', path: /notes/, ...kind, after: 1 });
    const applied = await repository.job('apply', repository.merge([7]));
    expect(applied.code, applied.err).toBe(0);
    expect(heads()).toEqual([expect.stringContaining('✅ **Applied**')]);
    expect((await repository.repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });
});

describe('A second note about one job', () => {
  it('that cannot be retired does not make the plan unsaid, and is retired by the next job', async () => {
    expect((await repository.job('plan', await push('one'))).code).toBe(0);
    const [first] = repository.notes(7);
    if (first === undefined) throw new Error('There is no note');
    const second = repository.gitlab.addNote(7, { ...first, id: first.id + 1 });
    repository.gitlab.trouble({
      method: 'PUT',
      path: new RegExp(`notes/${second.id}$`),
      status: 502,
      times: 6,
    });
    const { code, err } = await repository.job('plan', await push('two'));
    expect([code, err]).toEqual([0, expect.stringContaining('an outdated note still looks valid: PUT')]);
    expect(err).not.toContain('the plan is not in a note');
    expect((await repository.job('plan', await push('three'))).code).toBe(0);
    expect(repository.notes(7)[1]?.body).toContain('**Outdated.** Two runs wrote at the same time.');
  });
});

describe('A GitLab that stays out of reach', () => {
  const DOWN = { status: 502, body: '<html>', times: 99 } as const;

  it('makes the plan job red, which says that there is no note', async () => {
    repository.gitlab.trouble({ method: 'POST', path: /notes$/, ...DOWN });
    const { code, err, summary } = await repository.job('plan', await push());
    expect(code).toBe(8);
    expect(err).toContain(
      'error: GitLab could not be reached: the plan is only in the log and the summary of this job',
    );
    expect(summary).toMatch(/> \[!CAUTION\]\n> \*\*GitLab could not be reached: .*\*\*/);
    expect(err + summary).not.toContain('<html>');
    expect(repository.gitlab.writes()).toHaveLength(6);
  });

  it('lets no apply begin, because the review is unknown', async () => {
    expect((await repository.job('plan', await push())).code).toBe(0);
    await repository.repository.forgetRequests();
    repository.gitlab.trouble({ method: 'GET', path: /notes$/, ...DOWN });
    const { code, err } = await repository.job('apply', repository.merge([7]));
    expect([code, err]).toEqual([
      8,
      expect.stringContaining('regsync could not read the reviewed plan: GET'),
    ]);
    expect(await submits()).toBe(0);
  });

  it('leaves what was applied applied, and makes the job red', async () => {
    expect((await repository.job('plan', await push())).code).toBe(0);
    repository.gitlab.trouble({ method: 'PUT', path: /notes/, ...DOWN });
    const { code, err, summary } = await repository.job('apply', repository.merge([7]));
    expect(code).toBe(4);
    expect(err).toContain(
      'error: GitLab could not be reached: only this summary shows the result of the apply, and the note does not.',
    );
    expect(summary).toContain('### regsync apply · 1 group done');
  });
});

describe('A token that GitLab does not accept', () => {
  it.each([
    [401, 'answered 401: 401 Unauthorized. The token is not valid: it may have expired.'],
    [403, 'answered 403: 401 Unauthorized. Give the token the scope api, and the role Reporter or higher'],
    [404, 'answered 404: 401 Unauthorized. It does not exist, or the token cannot read it'],
  ])('with %i leaves the plan job green, and says what the token needs', async (status, words) => {
    repository.gitlab.trouble({
      path: /merge_requests\/7$/,
      status,
      body: '{"message":"401 Unauthorized"}',
      times: 9,
    });
    const { code, err } = await repository.job('plan', await push());
    expect([code, err]).toEqual([0, expect.stringContaining(words)]);
    expect(repository.gitlab.writes()).toEqual([]);
  });

  it('ends an apply before it reads Telnyx', async () => {
    expect((await repository.job('plan', await push())).code).toBe(0);
    repository.gitlab.trouble({
      path: /\/user$/,
      status: 401,
      body: '{"message":"401 Unauthorized"}',
      times: 9,
    });
    await repository.repository.forgetRequests();
    const { code, err } = await repository.job('apply', repository.merge([7]));
    expect([code, err]).toEqual([7, expect.stringContaining('regsync could not read the reviewed plan')]);
    expect(await repository.repository.requests()).toEqual([]);
  });

  it('of nobody is not taken for the author of a note without one', async () => {
    expect((await repository.job('plan', await push())).code).toBe(0);
    const [note] = repository.notes(7);
    Object.assign(note ?? {}, { author: null });
    repository.gitlab.trouble({ path: /\/user$/, status: 200, body: '{}', times: 9 });
    const { code, err } = await repository.job('apply', repository.merge([7]));
    expect([code, err]).toEqual([
      8,
      expect.stringContaining('regsync does not know the account of this token'),
    ]);
  });
});

describe('A job without a token', () => {
  const NO_TOKEN: JobVariables = { REGSYNC_GITLAB_TOKEN: undefined };

  it('has its plan in the summary only, and says so', async () => {
    const { code, err, summary } = await repository.job('plan', { ...(await push()), ...NO_TOKEN });
    expect(code).toBe(0);
    const words =
      'the plan is not in a note: the GitLab token is missing. Set the variable REGSYNC_GITLAB_TOKEN to an access token with the scope api';
    expect(err).toContain(`warning: ${words}`);
    expect(summary).toContain('### regsync plan · `acme` · 1 group changes');
    expect(summary).toContain(words);
    expect(repository.gitlab.asked).toEqual([]);
  });

  it('takes it from GITLAB_TOKEN, too', async () => {
    const { code } = await repository.job('plan', {
      ...(await push()),
      ...NO_TOKEN,
      GITLAB_TOKEN: 'glpat-sampleTokenThatNobodyHas',
    });
    expect([code, repository.notes(7).length]).toEqual([0, 1]);
  });

  it('applies nothing, and says what is missing', async () => {
    expect((await repository.job('plan', await push())).code).toBe(0);
    const { code, err } = await repository.job('apply', { ...repository.merge([7]), ...NO_TOKEN });
    expect([code, err]).toEqual([
      7,
      expect.stringContaining(
        'the reviewed plan is in a note on the merge request, and the GitLab token is missing',
      ),
    ]);
  });
});

describe('A merge request from a fork', () => {
  it('is validated without any secret, and a sentence says so', async () => {
    const pushed = await push();
    const fork = {
      ...pushed,
      CI_PROJECT_ID: '99',
      CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '99',
      REGSYNC_GITLAB_TOKEN: undefined,
      TELNYX_API_KEY: undefined,
    };
    await repository.repository.forgetRequests();
    const { code, err, out, summary } = await repository.job('plan', fork);
    expect(code, err).toBe(0);
    for (const text of [err, summary])
      expect(text).toContain('This is a merge request from a fork, which gets no secrets');
    expect(summary).toContain('**regsync validate** · valid: 1 manifest file');
    expect(out).toContain('Valid: 1 manifest file');
    expect([await repository.repository.requests(), repository.gitlab.asked]).toEqual([[], []]);
  });

  it('is only validated though its pipeline has secrets', async () => {
    const fork = { ...(await push()), CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '99' };
    await repository.repository.forgetRequests();
    expect((await repository.job('plan', fork)).code).toBe(0);
    expect([await repository.repository.requests(), repository.gitlab.asked]).toEqual([[], []]);
  });
});

describe('--note gitlab', () => {
  it.each<[string, JobVariables, string]>([
    [
      'outside of GitLab',
      { CI_API_V4_URL: undefined },
      'CI_API_V4_URL is not set. GitLab sets it in its jobs',
    ],
    [
      'in another pipeline',
      { CI_MERGE_REQUEST_IID: undefined },
      'CI_MERGE_REQUEST_IID is not set, so this is not the pipeline of a merge request',
    ],
    [
      'with a token that has a space',
      { REGSYNC_GITLAB_TOKEN: 'two words' },
      'the GitLab token contains a space or another character',
    ],
  ])('%s is refused with the next step', async (_, variables, words) => {
    const { code, err } = await repository.job('plan', { ...(await push()), ...variables });
    expect([code, err]).toEqual([3, expect.stringContaining(words)]);
  });

  it('goes with no other step', async () => {
    const { code, err } = await repository.repository.run(['ci', 'drift', '--note', 'gitlab']);
    expect([code, err]).toEqual([3, expect.stringContaining('--note works only with plan and apply')]);
  });

  it('prints JSON where it is asked to', async () => {
    const plan = await repository.job('plan', await push(), '--format', 'json', '--out', 'plan.json');
    expect(JSON.parse(plan.out).changes).toHaveLength(1);
    const apply = await repository.job('apply', repository.merge([7]), '--format', 'json');
    expect(JSON.parse(apply.out).outcomes).toHaveLength(1);
  });
});

describe('an apply that ends before it looks for its review', () => {
  it('for want of a key says so in a note beside the plan, which the next job applies', async () => {
    expect((await repository.job('plan', await push())).code).toBe(0);
    const [plan] = repository.notes(7).map(({ body }) => body);
    const merged = repository.merge([7]);
    const bodies = () => repository.notes(7).map(({ body }) => body);
    expect((await repository.job('apply', { ...merged, TELNYX_API_KEY: '' })).code).toBe(7);
    expect(bodies()).toEqual([plan, expect.stringContaining('### regsync apply · not started')]);
    const { code, err } = await repository.job('apply', merged);
    expect(code, err).toBe(0);
    expect(bodies()).toEqual([
      expect.stringContaining('✅ **Applied**'),
      expect.stringContaining('**Outdated.** A newer run has begun.'),
    ]);
  });
});
