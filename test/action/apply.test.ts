import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runApply } from '../../src/action/apply.ts';
import type { ActionRun } from '../../src/action/run.ts';
import type { ApplySteps, Newest } from '../../src/cli/apply/apply-reviewed.ts';
import type { Reviewed } from '../../src/cli/apply/judge.ts';
import { planText } from '../../src/cli/apply/plan-file.ts';
import type { ReviewedApplyTools as ApplyTools } from '../../src/cli/review/apply-merged.ts';
import { commentBody, type Review } from '../../src/cli/review/comment.ts';
import { ShownRefusal } from '../../src/cli/review/report-apply.ts';
import { linksOf } from '../../src/cli/review/review-run.ts';
import { artifactOf } from '../../src/forge/artifact.ts';
import { type Marker, seal, writeMarker } from '../../src/forge/marker.ts';
import { digestOf } from '../../src/kinds/values/fingerprint.ts';
import {
  AuthenticationError,
  InvalidInputError,
  RefusedError,
  UnreachableError,
} from '../../src/model/errors.ts';
import { CLOSED_GATES, flagsFromGates } from '../../src/model/plan/gates.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import type { Ends } from '../../src/plan/ends.ts';
import { renderApplySummary } from '../../src/render/markdown/apply.ts';
import { renderPlanComment } from '../../src/render/markdown/plan.ts';
import type { ReviewStatus } from '../../src/render/markdown/status.ts';
import { renderOutcomesText } from '../../src/render/text/outcome-text.ts';
import { plain } from '../../src/render/text/paint.ts';
import { renderPlanText } from '../../src/render/text/plan-text.ts';
import {
  actionRun,
  type GivenRun,
  HEAD,
  LOGIN,
  MERGE,
  MemoryGitHub,
  mergedRow,
  PROJECT,
  PULL_REQUEST,
  PUSH,
  REPOSITORY,
  ROOT,
  RUN_URL,
  STARTED,
  TIP,
  WORDS,
} from '../support/action-run.ts';
import { creates, gated, identitiesOf, nothing, outcome } from '../support/markdown-plans.ts';
import { planKeys } from '../support/plans.ts';
import { zip } from '../support/zip.ts';

const KEYS = planKeys();
const sign = (value: unknown) => digestOf(KEYS, value);
const PLACE = { repository: REPOSITORY, pull: 7 };
const PLAN = creates(['a', 'b']);
const FRESH = creates(['a', 'b', 'c']);
const REVIEW: Review = {
  scope: 'acme',
  head: HEAD,
  reviewed: PLAN,
  fingerprint: PLAN.fingerprint,
  drift: identitiesOf(PLAN.changes.filter(({ name }) => name === 'a')),
};
const OLDER = 'e'.repeat(40);
const AT = '2026-11-30T17:04:05.000Z';
const APPLIED = { state: 'applied', runUrl: RUN_URL, at: AT } as const;
const DONE = [outcome({ name: 'a' }), outcome({ name: 'b' })];

/** A comment as a run of ours writes it. */
function written(run: ActionRun, shown: Plan, status: ReviewStatus, given: Written = {}): string {
  const { review = REVIEW, commit = HEAD, remarks = [] } = given;
  const context = { ...linksOf(run, ROOT, commit), status };
  return seal(commentBody(review, { place: PLACE, sign, words: WORDS }, shown, context, remarks), sign);
}

interface Written {
  readonly review?: Review;
  readonly commit?: string;
  readonly remarks?: readonly string[];
}

function githubWith(body?: string): MemoryGitHub {
  const github = new MemoryGitHub();
  if (body !== undefined) github.comments.push({ id: 3, number: 3, body, user: { login: LOGIN } });
  return github;
}

/** With the reviewed plan in a comment, unless `body` says otherwise. */
function runWith(given: GivenRun & { readonly body?: string | null } = {}) {
  const { body = written(actionRun(), PLAN, { state: 'planned' }), ...others } = given;
  const github = githubWith(body ?? undefined);
  const run = actionRun({ github, ...others });
  return { run, github, bodies: bodiesOf(github) };
}

/** Each text that the comment got, in this order. */
function bodiesOf(github: MemoryGitHub): readonly string[] {
  const bodies: string[] = [];
  const send = github.send.bind(github);
  github.send = (method, template, params, body) => {
    bodies.push((body as { body: string }).body);
    return send(method, template, params, body);
  };
  return bodies;
}

/** The manifests want what the reviewed plan shows, but for what the plan that is carried out wants. */
function endsAfter({ changes }: Plan): Ends {
  const all = [...PLAN.changes, ...changes];
  return {
    digests: new Map(all.map(({ kind, name, digest }) => [JSON.stringify([kind, name]), digest])),
    groups: new Set(),
  };
}

type Act = (steps: ApplySteps) => Promise<object>;

/** In the pipeline's place: hands over the steps, and ends as it is told. */
function toolsFor(act: Act) {
  const calls: unknown[] = [];
  const waits: number[] = [];
  const checkOuts: unknown[] = [];
  const tools: ApplyTools = {
    applyReviewed: async (_, paths, options, steps) => {
      calls.push({ paths, options });
      const common = { project: PROJECT, requests: 3, retries: 1 };
      const result = (await act(steps)) as { readonly plan?: Plan };
      return { ...common, ends: endsAfter(result.plan ?? PLAN), ...result } as Awaited<
        ReturnType<ApplyTools['applyReviewed']>
      >;
    },
    checkOutCommit: async (options, sha) => {
      checkOuts.push({ ...options, sha });
      return { folder: '/tmp/tree', remove: async () => void checkOuts.push('removed') };
    },
    sleep: async (ms) => void waits.push(ms),
    now: () => new Date(AT),
  };
  return { tools, calls, waits, checkOuts };
}

const done = (plan = PLAN, outcomes = DONE, interrupted = false) => ({
  kind: 'done',
  plan,
  outcomes,
  interrupted,
});
const refused = (plan: Plan, cause = 'review', differences: readonly object[] = []) => ({
  kind: 'refused',
  plan,
  cause,
  message: 'it differs',
  differences,
});

/** As far as the pipeline goes where all is well. */
const allWell =
  (plan = PLAN, outcomes = DONE): Act =>
  async (steps) => {
    await steps.findReviewed(KEYS, PROJECT);
    await steps.beforeWriting(plan);
    return done(plan, outcomes);
  };

/** What an apply takes for reviewed, of a pipeline that asks for it and ends. */
async function reviewedIn(given: Parameters<typeof runWith>[0], prepare?: (github: MemoryGitHub) => void) {
  const { run, github } = runWith(given);
  prepare?.(github);
  const enough = new Error('That was all');
  let reviewed: Reviewed | null = null;
  const { tools, waits, calls } = toolsFor(async (steps) => {
    reviewed = await steps.findReviewed(KEYS, PROJECT);
    throw enough;
  });
  await expect(runApply(run, tools)).rejects.toBe(enough);
  return { reviewed, asked: github.asked, waits, calls };
}

const COMMITS = `GET /repos/${REPOSITORY}/commits/${MERGE}/pulls`;
const COMMENTS = `GET /repos/${REPOSITORY}/issues/7/comments`;

describe('An apply after a merge', () => {
  it('carries out what the comment shows, and says so there, in the log, on the page and in its outputs', async () => {
    const { run, github, bodies } = runWith();
    const { tools, calls } = toolsFor(async (steps) => {
      expect(await steps.findReviewed(KEYS, PROJECT)).toEqual({ kind: 'plan', plan: PLAN });
      await steps.beforeWriting(FRESH);
      return done(FRESH);
    });
    expect(await runApply(run, tools)).toBe(0);
    expect(calls).toEqual([
      {
        paths: [],
        options: {
          sandbox: false,
          target: [],
          exclude: [],
          ...flagsFromGates(CLOSED_GATES),
          parallelism: 8,
          lock: false,
          mayBeEmpty: false,
        },
      },
    ]);
    expect(github.asked).toEqual([
      COMMITS,
      'GET /user',
      COMMENTS,
      ...Array.from({ length: 2 }, () => `PATCH /repos/${REPOSITORY}/issues/comments/3`),
    ]);
    // The plan that people see stays the reviewed one.
    expect(bodies).toEqual([
      written(run, PLAN, { state: 'applying', runUrl: RUN_URL }),
      written(run, PLAN, APPLIED),
    ]);
    expect(run.said.err).toBe(`${renderPlanText(FRESH, plain)}Comment 3: updated.\nComment 3: updated.\n`);
    expect(run.said.out).toBe(renderOutcomesText(DONE, plain));
    expect(run.said.issuedCommands).toEqual([]);
    expect(run.summary).toEqual([
      renderApplySummary(DONE, {
        ...linksOf(run, ROOT, MERGE),
        plan: FRESH,
        requests: 3,
        retries: 1,
        interrupted: false,
      }),
    ]);
    expect(Object.fromEntries(run.outputs)).toMatchObject({ changes: 3, create: 3, 'comment-id': 3 });
  });

  it('hands on the inputs: which manifests, how many at once', async () => {
    const { calls } = await reviewedIn({
      inputs: { manifests: 'groups\nmore', parallelism: '2', 'allow-replace': 'true' },
    });
    expect(calls).toEqual([
      { paths: ['groups', 'more'], options: expect.objectContaining({ parallelism: 2, allowReplace: true }) },
    ]);
  });

  it('runs on no other event, and asks nobody', async () => {
    const { run, github } = runWith({ event: PULL_REQUEST });
    const { tools, calls } = toolsFor(allWell());
    await expect(runApply(run, tools)).rejects.toThrow('nothing was applied: this is a pull request');
    expect([calls, github.asked]).toEqual([[], []]);
  });

  it('notes nothing where nothing is to do', async () => {
    const { run, bodies } = runWith({ body: null });
    const { tools } = toolsFor(async (steps) => {
      await steps.findReviewed(KEYS, PROJECT);
      return done(nothing(), [outcome({ name: 'a', status: 'unchanged' })]);
    });
    expect(await runApply(run, tools)).toBe(0);
    expect([bodies, run.summary.length]).toEqual([[], 1]);
  });

  it('notes that what was reviewed is done already', async () => {
    const { run, bodies } = runWith();
    const { tools } = toolsFor(async (steps) => {
      await steps.findReviewed(KEYS, PROJECT);
      return done(nothing(), []);
    });
    expect(await runApply(run, tools)).toBe(0);
    expect(bodies).toEqual([written(run, PLAN, APPLIED)]);
  });

  it('notes that groups could not be finished, and exits 4', async () => {
    const outcomes = [outcome({ name: 'a' }), outcome({ name: 'b', status: 'failed' })];
    const { run, bodies } = runWith();
    const { tools } = toolsFor(allWell(PLAN, outcomes));
    expect(await runApply(run, tools)).toBe(4);
    const message = '1 group could not be finished';
    expect(bodies[1]).toBe(written(run, PLAN, { state: 'failed', runUrl: RUN_URL, message }));
    expect(bodies).toHaveLength(2);
  });

  it('that is interrupted notes it, says so on its page, and exits 130', async () => {
    const { run, bodies } = runWith({ signal: AbortSignal.abort() });
    const { tools } = toolsFor(async (steps) => {
      await steps.findReviewed(KEYS, PROJECT);
      return done(PLAN, DONE, true);
    });
    expect(await runApply(run, tools)).toBe(130);
    expect(bodies).toEqual([
      written(run, PLAN, { state: 'failed', runUrl: RUN_URL, message: 'interrupted' }),
    ]);
    expect(run.summary[0]).toContain('**Interrupted:**');
  });

  it('is none the worse where GitHub does not take what became of it, and says so', async () => {
    const { run, github } = runWith();
    github.failing = { at: /^PATCH/, status: 403 };
    const { tools } = toolsFor(allWell());
    expect(await runApply(run, tools)).toBe(0);
    const message =
      'the comment does not show the result: PATCH /repos/{repository}/issues/comments/{id} answered 403';
    const line = `::warning title=regsync%3A github::${message}`;
    expect(run.said.issuedCommands).toEqual([line, line]);
    expect(run.summary).toHaveLength(3);
  });

  it('fails where GitHub stays out of reach, for its comment says that it is still being applied', async () => {
    const { run, github } = runWith();
    const { tools } = toolsFor(async (steps) => {
      const result = await allWell()(steps);
      github.failing = { at: /^PATCH/, status: 502, isPassing: true };
      return result;
    });
    expect(await runApply(run, tools)).toBe(4);
    const advice =
      'GitHub could not be reached: only this summary shows the result of the apply, and the comment does not.';
    expect(run.said.issuedCommands).toEqual([
      '::warning title=regsync%3A github::the comment does not show the result: PATCH /repos/{repository}/issues/comments/{id} answered 502',
      `::error title=regsync%3A github::${advice}`,
    ]);
    expect(run.summary.at(-1)).toBe(`> [!CAUTION]\n> **${advice}**`);
  });
});

describe('An apply that is run again', () => {
  it('leaves the date and the run of the one that did it', async () => {
    const body = written(actionRun(), PLAN, { ...APPLIED, at: '2026-11-01T00:00:00.000Z' });
    const { run, bodies } = runWith({ body });
    const { tools } = toolsFor(async (steps) => {
      await steps.findReviewed(KEYS, PROJECT);
      return done(nothing(), [outcome({ name: 'a', status: 'unchanged' })]);
    });
    expect(await runApply(run, tools)).toBe(0);
    expect(bodies).toEqual([]);
  });
});

describe('An apply of a push that merged several pull requests', () => {
  it('looks among those that were closed lately for all that it merged, and takes none twice', async () => {
    const push = { ...PUSH, commits: [OLDER, HEAD, TIP] };
    const { run, github } = runWith({ event: push });
    github.closed = [
      mergedRow({ merge_commit_sha: HEAD }),
      mergedRow({ number: 9, merge_commit_sha: 'f'.repeat(40) }),
    ];
    github.merged = [[mergedRow()]];
    const reviewed: unknown[] = [];
    const { tools } = toolsFor(async (steps) => {
      reviewed.push(await steps.findReviewed(KEYS, PROJECT));
      return done();
    });
    expect(await runApply(run, tools)).toBe(0);
    expect(reviewed).toEqual([{ kind: 'plan', plan: PLAN }]);
    expect(github.asked.slice(0, 2)).toEqual([
      COMMITS,
      `GET /repos/${REPOSITORY}/pulls?state=closed&sort=updated&direction=desc`,
    ]);
  });
});

describe('The comment of an apply', () => {
  it('is made where there is none, and brought up to date from then on', async () => {
    const { run, github, bodies } = runWith({ body: null });
    const { tools } = toolsFor(allWell(FRESH));
    expect(await runApply(run, tools)).toBe(0);
    const review = { scope: 'acme', head: HEAD, reviewed: null, fingerprint: null, drift: null };
    expect(bodies).toEqual([
      written(run, FRESH, { state: 'applying', runUrl: RUN_URL }, { review }),
      written(run, FRESH, APPLIED, { review }),
    ]);
    expect(github.asked.slice(-2)).toEqual([
      `POST /repos/${REPOSITORY}/issues/7/comments`,
      `PATCH /repos/${REPOSITORY}/issues/comments/1001`,
    ]);
  });

  describe('whose plan was too large for it', () => {
    const text = planText('', PLAN);
    const artifact = artifactOf(text);
    const review: Review = { ...REVIEW, reviewed: null, drift: new Set(), artifact };
    const body = () => written(actionRun(), PLAN, { state: 'planned' }, { review });
    const kept = [{ id: 5, name: artifact.name, expired: false }];
    const why = 'regsync can only compare fingerprints, and cannot name the differences';

    it('takes it from the artifact', async () => {
      const { reviewed, warnings } = await reviewedOf(kept, text);
      expect([reviewed, warnings]).toEqual([{ kind: 'plan', plan: PLAN }, []]);
    });

    it.each<[string, readonly unknown[], string, boolean, string]>([
      ['is not there', [], text, false, `, and its artifact ${artifact.name} does not exist, so ${why}`],
      [
        'is another one',
        kept,
        planText('', FRESH),
        false,
        `, and its artifact ${artifact.name} does not exist, so ${why}`,
      ],
      [
        'cannot be read',
        kept,
        text,
        true,
        `, and its artifact cannot be read: GET /repos/{repository}/actions/artifacts/{id}/zip answered 403. So ${why}`,
      ],
    ])('has its fingerprint where that %s, and says so', async (_, rows, content, isDenied, words) => {
      const { reviewed, warnings } = await reviewedOf(rows, content, isDenied);
      expect(reviewed).toEqual({ kind: 'fingerprint', fingerprint: PLAN.fingerprint });
      expect(warnings).toEqual([
        `::warning title=regsync%3A github::the reviewed plan is too large for its comment${words}`,
      ]);
    });

    async function reviewedOf(rows: readonly unknown[], content: string, isDenied = false) {
      const { run, github } = runWith({ body: body() });
      Object.assign(github, { artifacts: rows, archive: zip('plan.json', Buffer.from(content)) });
      if (isDenied) github.failing = { at: /zip$/, status: 403 };
      const seen: Reviewed[] = [];
      const { tools } = toolsFor(async (steps) => {
        seen.push(await steps.findReviewed(KEYS, PROJECT));
        return done();
      });
      await runApply(run, tools);
      return { reviewed: seen[0], warnings: run.said.issuedCommands };
    }
  });

  it('shows the fresh plan where the reviewed one was too large to travel, and keeps its fingerprint', async () => {
    const review = { ...REVIEW, reviewed: null, drift: new Set<string>() };
    const body = written(actionRun(), PLAN, { state: 'planned' }, { review });
    const { run, bodies } = runWith({ body });
    const { tools } = toolsFor(allWell());
    await runApply(run, tools);
    expect(bodies[1]).toBe(written(run, PLAN, APPLIED, { review }));
    expect(bodies[1]).toContain(`"fingerprint":"${PLAN.fingerprint}"`);
  });

  const failed = {
    state: 'failed',
    runUrl: RUN_URL,
    message: 'the run ended early: read its log',
  } as const;

  it.each<[string, Review]>([
    ['with the reviewed plan', REVIEW],
    [
      'with the fresh one, where the reviewed one was too large',
      { ...REVIEW, reviewed: null, drift: new Set() },
    ],
  ])('says that it failed when the run ends early, %s', async (_, review) => {
    const { run, bodies } = runWith({ body: written(actionRun(), PLAN, { state: 'planned' }, { review }) });
    const error = new AuthenticationError('refused');
    const { tools } = toolsFor(async (steps) => {
      await steps.findReviewed(KEYS, PROJECT);
      await steps.beforeWriting(PLAN);
      throw error;
    });
    await expect(runApply(run, tools)).rejects.toBe(error);
    expect(bodies).toEqual([
      written(run, PLAN, { state: 'applying', runUrl: RUN_URL }, { review }),
      written(run, PLAN, failed, { review }),
    ]);
  });

  it('says that nothing was applied when the run ends before anything is written', async () => {
    const { run, bodies } = runWith();
    const error = new UnreachableError('down');
    const { tools } = toolsFor(async (steps) => {
      await steps.findReviewed(KEYS, PROJECT);
      throw error;
    });
    await expect(runApply(run, tools)).rejects.toBe(error);
    expect(bodies).toEqual([written(run, PLAN, { ...failed, isUntouched: true })]);
    expect(bodies[0]).toContain('; nothing was applied.');
  });

  it.each<[string, ReviewStatus, Review]>([
    ['an apply', APPLIED, REVIEW],
    ['a plan that is unknown', { state: 'planned' }, { ...REVIEW, reviewed: null, drift: new Set() }],
    ['a refusal', { state: 'refused', message: 'stale' }, { ...REVIEW, fresh: PLAN.fingerprint }],
  ])('stays as it is when it tells of %s and the next run writes nothing', async (_, status, review) => {
    const { run, bodies } = runWith({ body: written(actionRun(), PLAN, status, { review }) });
    const error = new UnreachableError('down');
    const { tools } = toolsFor(async (steps) => {
      await steps.findReviewed(KEYS, PROJECT);
      throw error;
    });
    await expect(runApply(run, tools)).rejects.toBe(error);
    expect(bodies).toEqual([]);
  });

  it('stays as it is when the run ends before it is looked for, and another one beside it says so', async () => {
    const { run, github, bodies } = runWith();
    const error = new InvalidInputError('no manifests');
    const { tools } = toolsFor(() => Promise.reject(error));
    await expect(runApply(run, tools)).rejects.toBe(error);
    expect(github.asked).toEqual([COMMITS, 'GET /user', COMMENTS, COMMENTS.replace('GET', 'POST')]);
    expect(bodies).toEqual([expect.stringContaining('### regsync apply · not started')]);
    expect(bodies[0]).toContain('no manifests');
  });

  it.each<[string, ReviewStatus]>([
    ['another run applies it', { state: 'applying', runUrl: RUN_URL }],
    ['it is applied', APPLIED],
  ])('hears nothing of a run that ends before it is looked for where %s', async (_, status) => {
    const { run, bodies } = runWith({ body: written(actionRun(), PLAN, status) });
    const { tools } = toolsFor(() => Promise.reject(new InvalidInputError('no manifests')));
    await expect(runApply(run, tools)).rejects.toThrow('no manifests');
    expect(bodies).toEqual([]);
  });
});

describe('The review of a merge', () => {
  it.each<[string, Parameters<typeof runWith>[0]]>([
    ['of a start by hand', { event: STARTED }],
    ['with comment: false', { inputs: { comment: 'false' } }],
  ])('%s is not looked up', async (_, given) => {
    const { reviewed, asked } = await reviewedIn(given);
    expect([reviewed, asked]).toMatchObject([{ kind: 'none' }, []]);
  });

  it('without a token is not looked up', async () => {
    const { reviewed } = await reviewedIn({ github: null });
    expect(reviewed).toEqual({
      kind: 'none',
      why: 'no pull request with a plan was merged by this push, so nobody has reviewed one',
    });
  });

  it.each<[number, object, readonly number[]]>([
    [0, { kind: 'plan', plan: PLAN }, []],
    [1, { kind: 'plan', plan: PLAN }, [2000]],
    [2, { kind: 'plan', plan: PLAN }, [2000, 2000]],
    [
      3,
      {
        kind: 'none',
        why: 'no pull request with a plan was merged by this push, so nobody has reviewed one',
      },
      [2000, 2000],
    ],
  ])('that GitHub tells of after %i looks is looked for three times', async (late, expected, waited) => {
    const none = Array.from({ length: late }, () => [mergedRow({ merged_at: null })]);
    const { reviewed, waits } = await reviewedIn({}, (github) => {
      github.merged = [...none, [mergedRow()]];
    });
    expect([reviewed, waits]).toEqual([expected, waited]);
  });

  it('is that of the pull request that was merged, not of one that was closed without', async () => {
    const { reviewed, asked } = await reviewedIn({ body: null }, (github) => {
      github.merged = [
        [
          mergedRow({ number: 6, merged_at: null }),
          mergedRow(),
          mergedRow({ number: 8, merge_commit_sha: HEAD }),
        ],
      ];
    });
    expect(reviewed).toEqual({
      kind: 'none',
      why: 'pull request #7 has no comment with a plan: nobody has reviewed one',
    });
    expect(asked).toEqual([COMMITS, 'GET /user', COMMENTS]);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['2/3', {}],
    ['auto', { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '3' }],
  ])('of shard %s is in the comment of this shard', async (shard, env) => {
    const review = { ...REVIEW, scope: 'acme shard 2/3' };
    const body = written(actionRun(), PLAN, { state: 'planned' }, { review });
    const { run, github, bodies } = runWith({ body, inputs: { shard }, env });
    github.comments.unshift({
      ...(github.comments[0] as MemoryGitHub['comments'][0]),
      id: 2,
      body: written(actionRun(), FRESH, { state: 'planned' }),
    });
    const { tools } = toolsFor(async (steps) => {
      expect(await steps.findReviewed(KEYS, PROJECT)).toEqual({ kind: 'plan', plan: PLAN });
      return done();
    });
    await runApply(run, tools);
    expect(bodies).toEqual([written(run, PLAN, APPLIED, { review })]);
  });

  it.each<[string, (body: string) => string, string]>([
    [
      'edited',
      (body) => body.replace('`a`', '`x`'),
      'comment 3 on pull request #7 was edited after regsync wrote it',
    ],
    [
      'signed by an older version in its marker alone',
      (body) => body.replace(':v2 ', ':v1 '),
      'comment 3 on pull request #7 was written by an older version of regsync',
    ],
  ])('in a comment that was %s does not count, and is not kept', async (_, change, said) => {
    const { run, bodies } = runWith({ body: change(written(actionRun(), PLAN, { state: 'planned' })) });
    const { tools } = toolsFor(async (steps) => {
      expect(await steps.findReviewed(KEYS, PROJECT)).toEqual({
        kind: 'none',
        why: expect.stringContaining(said),
      });
      return refused(FRESH);
    });
    await expect(runApply(run, tools)).rejects.toThrow('it differs');
    expect(bodies).toHaveLength(1);
    expect(bodies[0]).not.toContain('regsync:reviewed');
    expect(bodies[0]?.split('\n')[0]).not.toContain('fingerprint');
  });

  it.each<[number | null, new (message: string) => Error]>([
    [401, AuthenticationError],
    [403, AuthenticationError],
    [502, UnreachableError],
    [null, UnreachableError],
  ])('that cannot be looked up for a %s ends the run', async (status, type) => {
    const { run, github } = runWith();
    github.failing = { at: /commits/, status };
    const { tools } = toolsFor(allWell());
    const message = `regsync could not read the reviewed plan: GET /repos/{repository}/commits/{sha}/pulls answered ${status}`;
    await expect(runApply(run, tools)).rejects.toEqual(new type(message));
  });

  it('in the comment of another bot ends the run as refused', async () => {
    const { run, github } = runWith();
    github.login = 'example-robot';
    const { tools } = toolsFor(allWell());
    await expect(runApply(run, tools)).rejects.toBeInstanceOf(RefusedError);
  });

  it('that fails for another reason fails for that one', async () => {
    const { run } = runWith({ inputs: { shard: '9' } });
    const { tools } = toolsFor(allWell());
    await expect(runApply(run, tools)).rejects.toThrow('--shard takes i/n');
  });
});

describe('A plan file that is given', () => {
  it.each([
    [false, false],
    [true, true],
  ])(
    'is what was reviewed, whatever the comment shows; where it prunes (%s), the repository may be empty',
    async (prune, mayBeEmpty) => {
      const folder = await mkdtemp(join(tmpdir(), 'regsync-plan-'));
      const given = { ...FRESH, options: { ...FRESH.options, prune } };
      await writeFile(join(folder, 'plan.json'), planText('plan.json', given));
      const { run, bodies } = runWith({ inputs: { 'plan-file': 'plan.json' }, cwd: folder });
      const { tools, calls } = toolsFor(async (steps) => {
        expect(await steps.findReviewed(KEYS, PROJECT)).toEqual({ kind: 'plan', plan: given });
        return done();
      });
      await runApply(run, tools);
      expect(calls).toEqual([{ paths: [], options: expect.objectContaining({ mayBeEmpty }) }]);
      expect(bodies).toHaveLength(1);
      await rm(folder, { recursive: true });
    },
  );

  it('and is not there stops the run before Telnyx is asked, and the pull request hears of it', async () => {
    const { run, bodies } = runWith({ inputs: { 'plan-file': 'nowhere.json' } });
    const { tools, calls } = toolsFor(allWell());
    await expect(runApply(run, tools)).rejects.toThrow('nowhere.json does not exist');
    expect([calls, bodies]).toEqual([[], [expect.stringContaining('nowhere.json does not exist')]]);
  });
});

describe('The newest commit of the branch', () => {
  async function newestIn(given: Parameters<typeof runWith>[0], tip = TIP, tools: Partial<ApplyTools> = {}) {
    const { run, github } = runWith({ event: STARTED, ...given });
    github.tip = tip;
    let newest: Newest | null = null;
    const testRepository = toolsFor(async (steps) => {
      newest = (await steps.findNewest?.()) ?? null;
      return done(nothing(), []);
    });
    await runApply(run, { ...testRepository.tools, ...tools });
    return { newest: newest as Newest | null, asked: github.asked, checkOuts: testRepository.checkOuts, run };
  }
  const what = `this run is for ${MERGE.slice(0, 7)}, and the newest commit of main is ${TIP.slice(0, 7)}`;

  it('is this one: there is nothing to compare with', async () => {
    const { newest, asked, checkOuts } = await newestIn({}, MERGE);
    expect([newest, checkOuts]).toEqual([null, []]);
    expect(asked).toEqual([`GET /repos/${REPOSITORY}/branches/main`]);
  });

  it('is another one: its files are fetched, and removed when they are read', async () => {
    const env = { RUNNER_TEMP: '/tmp/runner' };
    const { newest, checkOuts } = await newestIn({ env, cwd: `${ROOT}/telnyx/eu` });
    expect(newest).toEqual({ what, folder: '/tmp/tree/telnyx/eu', remove: expect.any(Function) });
    const options = { env, workspace: ROOT, serverUrl: 'https://github.example.com', token: null };
    expect(checkOuts).toEqual([{ ...options, sha: TIP }]);
    await newest?.remove();
    expect(checkOuts).toEqual([{ ...options, sha: TIP }, 'removed']);
  });

  it('is another one, and its files cannot be had', async () => {
    const { newest } = await newestIn({}, TIP, { checkOutCommit: async () => null });
    expect(newest).toEqual({ what, folder: null, remove: expect.any(Function) });
    await expect(newest?.remove()).resolves.toBeUndefined();
  });

  it('is looked up on the branch of the run, whatever it is called', async () => {
    const { newest, asked } = await newestIn({ event: { ...PUSH, ref: 'refs/heads/release/1' } });
    expect(newest?.what).toBe(what.replace('main', 'release/1'));
    expect(asked).toEqual([`GET /repos/${REPOSITORY}/branches/release/1`]);
  });

  it('is not known without a token, and that is said', async () => {
    const { newest, run } = await newestIn({ github: null });
    expect(newest).toBeNull();
    expect(run.said.issuedCommands).toEqual([
      '::warning title=regsync%3A github::regsync cannot tell whether a newer commit was applied: the input github-token is empty',
    ]);
  });

  it('that cannot be looked up ends the run', async () => {
    const { run, github } = runWith();
    github.failing = { at: /branches/, status: 404 };
    const { tools } = toolsFor(async (steps) => (await steps.findNewest?.()) ?? done());
    await expect(runApply(run, tools)).rejects.toEqual(
      new UnreachableError(
        'regsync could not read the newest commit of the branch: GET /repos/{repository}/branches/{branch} answered 404',
      ),
    );
  });
});

describe('An apply that is refused', () => {
  const remark = (plan: Plan) =>
    `**To apply exactly this plan,** start <a href="https://github.example.com/example/telephony/actions/workflows/apply.yml">the workflow by hand</a> ("Run workflow") with the fingerprint \`${plan.fingerprint.slice(0, 8)}\`.`;
  const differences = [
    { kind: 'RequirementGroup', name: 'c', message: 'create is not in the reviewed plan' },
  ] as const;
  const refuse =
    (result: object): Act =>
    async (steps) => {
      await steps.findReviewed(KEYS, PROJECT);
      return result;
    };

  it('shows the fresh plan and what differs, in the comment and on its page, and keeps what was reviewed', async () => {
    const { run, bodies } = runWith();
    const { tools } = toolsFor(refuse(refused(FRESH, 'review', differences)));
    const expected = new ShownRefusal(
      `nothing was applied: it differs; RequirementGroup/c: create is not in the reviewed plan. Read the plan of this run. To apply exactly that plan, start this workflow by hand ("Run workflow") with the fingerprint ${FRESH.fingerprint.slice(0, 8)}`,
    );
    const thrown = await runApply(run, tools).catch((error: unknown) => error);
    expect(thrown).toEqual(expected);
    expect(thrown).toBeInstanceOf(ShownRefusal);
    const status = {
      state: 'refused',
      runUrl: RUN_URL,
      differences,
      reviewed: PLAN.fingerprint,
      reviewedPlan: PLAN,
    } as const;
    const review = { ...REVIEW, fresh: FRESH.fingerprint, freshPlan: FRESH };
    expect(bodies).toEqual([
      written(run, FRESH, status, { commit: MERGE, remarks: [remark(FRESH)], review }),
    ]);
    expect(run.summary).toEqual([
      renderPlanComment(FRESH, { ...linksOf(run, ROOT, MERGE), status, limitBytes: 990_000 }),
      remark(FRESH),
    ]);
    expect(run.said.err).toBe(`${renderPlanText(FRESH, plain)}Comment 3: updated.\n`);
    expect(Object.fromEntries(run.outputs)).toMatchObject({ changes: 3, fingerprint: FRESH.fingerprint });
  });

  const byHand = { event: STARTED, inputs: { fingerprint: FRESH.fingerprint.slice(0, 8) } };
  const awaiting = { ...REVIEW, fresh: FRESH.fingerprint, freshPlan: FRESH };
  const refusedBody = () => written(actionRun(), FRESH, { state: 'refused' }, { review: awaiting });

  it('and started by hand after it is noted as applied, with the plan that was applied', async () => {
    const { run, github, bodies } = runWith({ ...byHand, body: refusedBody() });
    github.closed = [mergedRow({ merge_commit_sha: OLDER }), mergedRow({ number: 8, merged_at: null })];
    const { tools } = toolsFor(allWell(FRESH));
    expect(await runApply(run, tools)).toBe(0);
    expect(bodies).toEqual([
      written(run, FRESH, { state: 'applying', runUrl: RUN_URL }, { review: awaiting, commit: MERGE }),
      written(run, FRESH, APPLIED, { commit: MERGE }),
    ]);
    expect(github.asked[0]).toBe(`GET /repos/${REPOSITORY}/pulls?state=closed&sort=updated&direction=desc`);
  });

  it('and started by hand for another plan is left as it is', async () => {
    const { run, github, bodies } = runWith({
      event: STARTED,
      inputs: { fingerprint: '01234567' },
      body: refusedBody(),
    });
    github.closed = [mergedRow({ merge_commit_sha: OLDER })];
    await runApply(run, toolsFor(allWell(FRESH)).tools);
    expect(bodies).toEqual([]);
  });

  it('looks at no more than ten pull requests for the one that is started by hand', async () => {
    const { run, github } = runWith({ ...byHand, body: null });
    github.closed = Array.from({ length: 30 }, () => mergedRow({ merge_commit_sha: OLDER }));
    await runApply(run, toolsFor(allWell(FRESH)).tools);
    expect(github.asked.filter((line) => line === COMMENTS)).toHaveLength(10);
  });

  it('by a plan of many groups has room for them all on its page', async () => {
    const plan = creates(Array.from({ length: 400 }, (_, n) => `group-${n}`));
    const { run } = runWith();
    const { tools } = toolsFor(refuse(refused(plan)));
    await expect(runApply(run, tools)).rejects.toThrow('it differs');
    expect(run.summary[0]).toContain('group-399');
    expect(run.summary[0]).not.toContain('do not fit here');
  });

  it('by the fingerprint that it was given says which that was', async () => {
    const { run } = runWith({ event: STARTED, inputs: { fingerprint: '01234567' } });
    const { tools } = toolsFor(refuse(refused(FRESH)));
    await expect(runApply(run, tools)).rejects.toThrow('nothing was applied: it differs');
    expect(run.summary[0]).toContain(
      'An apply would now do something else than the reviewed plan `01234567` shows.',
    );
  });

  it('without a review says nothing of one', async () => {
    const { run } = runWith({ event: STARTED });
    const { tools } = toolsFor(refuse(refused(FRESH)));
    await expect(runApply(run, tools)).rejects.toThrow('nothing was applied: it differs');
    expect(run.summary[0]).not.toContain('that was reviewed');
  });

  it.each<[number, number]>([
    [1, 1],
    [2, 0],
  ])('for a newer commit, at attempt %i, is noted %i times', async (attempt, times) => {
    const { run, bodies } = runWith({ workflow: { attempt } });
    const { tools } = toolsFor(refuse(refused(FRESH, 'outrun')));
    await expect(runApply(run, tools)).rejects.toThrow('nothing was applied: it differs');
    expect(bodies).toHaveLength(times);
    expect(run.summary).toHaveLength(1);
  });

  it('for a closed gate has a note beside the line of the manifest', async () => {
    const { run } = runWith();
    const { tools } = toolsFor(refuse(refused(gated(), 'gate')));
    await expect(runApply(run, tools)).rejects.toThrow(
      'it differs; plan and apply need the input allow-replace: true (for "moved"): set it for the step that applies, in .github/workflows/apply.yml',
    );
    expect(run.said.issuedCommands).toEqual([
      '::error file=groups/a.yaml,line=1,title=regsync%3A replace-not-allowed::"moved" replaces id-moved (FR/local/ordering, approved) by a new group for DE/local/ordering. To allow it, set the input allow-replace: true',
    ]);
  });

  it('says which input opens a gate that this run keeps shut', async () => {
    const { run } = runWith();
    const said: string[] = [];
    const { tools } = toolsFor(async (steps) => {
      said.push(steps.sayShut([{ gate: 'prune', names: ['old'] }]));
      return done(nothing(), []);
    });
    await runApply(run, tools);
    expect(said).toEqual([
      'the plan needs the input prune: true (for "old"), and this apply does not have it: set it for the step that applies, in .github/workflows/apply.yml',
    ]);
  });
});

describe('A text on the pull request that is about drift', () => {
  it('is no review', async () => {
    const marker: Marker = { kind: 'drift', scope: 'acme', fingerprint: PLAN.fingerprint, head: HEAD };
    const { reviewed } = await reviewedIn({
      body: seal(`${writeMarker(marker, PLACE, sign)}\ntext\n`, sign),
    });
    expect(reviewed).toEqual({
      kind: 'none',
      why: 'pull request #7 has no comment with a plan: nobody has reviewed one',
    });
  });
});
