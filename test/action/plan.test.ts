import { writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runPlan } from '../../src/action/plan.ts';
import type { ActionRun } from '../../src/action/run.ts';
import type { Planned } from '../../src/cli/apply/plan-both-sides.ts';
import { planText } from '../../src/cli/apply/plan-file.ts';
import { commentBody, type Review } from '../../src/cli/review/comment.ts';
import type { PlanTools } from '../../src/cli/review/plan-request.ts';
import { linksOf } from '../../src/cli/review/review-run.ts';
import { unsignedBody, withdrawnBody } from '../../src/cli/review/withdraw.ts';
import { seal } from '../../src/forge/marker.ts';
import { digestOf } from '../../src/kinds/values/fingerprint.ts';
import { endingOf } from '../../src/model/ending.ts';
import {
  AuthenticationError,
  InvalidInputError,
  RefusedError,
  UnreachableError,
} from '../../src/model/errors.ts';
import { CLOSED_GATES, flagsFromGates } from '../../src/model/plan/gates.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import type { Problem } from '../../src/model/problem.ts';
import { type CommentContext, renderPlanComment } from '../../src/render/markdown/plan.ts';
import { plain } from '../../src/render/text/paint.ts';
import { renderPlanText } from '../../src/render/text/plan-text.ts';
import {
  actionRun,
  BASE,
  type GivenRun,
  HEAD,
  LOGIN,
  MERGE,
  MemoryGitHub,
  PROJECT,
  PULL_REQUEST,
  PUSH,
  REPOSITORY,
  ROOT,
  RUN_URL,
  STARTED,
  WORDS,
} from '../support/action-run.ts';
import { creates, gated, identitiesOf, nothing } from '../support/markdown-plans.ts';
import { planKeys } from '../support/plans.ts';

const PLAN_KEY = 'an obviously fictional key of plans, 0123456789';
const KEYS = planKeys(PLAN_KEY);
const sign = (value: unknown) => digestOf(KEYS, value);
const DESK = { place: { repository: REPOSITORY, pull: 7 }, sign, words: WORDS };
const PLAN = creates(['a', 'b']);
const DRIFT = identitiesOf(PLAN.changes.filter(({ name }) => name === 'a'));
const PLANNED: Planned = { plan: PLAN, keys: KEYS, project: PROJECT, problems: [], drift: DRIFT };
const REVIEW: Review = {
  scope: 'acme',
  head: HEAD,
  reviewed: PLAN,
  fingerprint: PLAN.fingerprint,
  drift: DRIFT,
};
const OPTIONS = {
  sandbox: false,
  target: [],
  exclude: [],
  ...flagsFromGates(CLOSED_GATES),
  failOn: 'none',
};
/** Of a pull request. */
const OWN = { ...OPTIONS, changes: 'own', since: 'the base of this pull request' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regsync-plan-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** In a folder where a plan file can be written. */
function runWith(given: GivenRun = {}) {
  const github = new MemoryGitHub();
  const { env, ...others } = given;
  const run = actionRun({ event: PULL_REQUEST, github, env: { RUNNER_TEMP: folder, ...env }, ...others });
  return { run, github };
}

/** Telnyx and git do not matter here: what is planned is given. */
function toolsFor(planned: Partial<Planned> | Error = {}, tree: object | null = {}) {
  const calls: unknown[] = [];
  const tools: PlanTools = {
    planForReview: async (_, paths, options, baseFolder) => {
      calls.push({ paths, options, baseFolder });
      if (planned instanceof Error) throw planned;
      return { ...PLANNED, ...planned };
    },
    planPartForReview: async () => null,
    checkOutBase: async ({ env, ...options }, pull) => {
      calls.push({ ...options, pull });
      if (tree === null) return null;
      return { folder: '/tmp/tree', remove: async () => void calls.push('removed') };
    },
  };
  return { tools, calls };
}

function commentOf(
  run: ActionRun,
  given: { review?: Review; shown?: Plan; remarks?: readonly string[] } = {},
) {
  const { review = REVIEW, shown = PLAN, remarks = [] } = given;
  const context = { ...linksOf(run, ROOT, HEAD), status: { state: 'planned' } } as const;
  return seal(commentBody(review, DESK, shown, context, remarks), sign);
}

function pageOf(run: ActionRun, given: CommentContext = {}, sha = HEAD): string {
  const usual = { limitBytes: 990_000, status: { state: 'planned' }, drift: DRIFT } as const;
  return renderPlanComment(PLAN, { ...linksOf(run, ROOT, sha), ...usual, ...given });
}

const bodiesOf = (github: MemoryGitHub) => github.comments.map(({ body }) => body);
const writesOf = (github: MemoryGitHub) => github.asked.filter((line) => !line.startsWith('GET'));
const POSTED = [`POST /repos/${REPOSITORY}/issues/7/comments`];

describe('A plan on a pull request', () => {
  it('is a comment, notes, a page, outputs and a file, of what it brings to its base', async () => {
    const { run, github } = runWith({ inputs: { manifests: 'groups' }, cwd: `${ROOT}/telnyx/eu` });
    const problem: Problem = { severity: 'warning', code: 'odd', message: 'looks odd' };
    const { tools, calls } = toolsFor({ problems: [problem] });
    expect(await runPlan(run, tools)).toBe(0);
    expect(calls).toEqual([
      { workspace: ROOT, serverUrl: 'https://github.example.com', token: null, pull: PULL_REQUEST },
      { paths: ['groups'], options: OWN, baseFolder: '/tmp/tree/telnyx/eu' },
      'removed',
    ]);
    expect(bodiesOf(github)).toEqual([commentOf(run)]);
    expect(github.asked).toEqual([
      `GET /repos/${REPOSITORY}/pulls/7`,
      'GET /user',
      `GET /repos/${REPOSITORY}/issues/7/comments`,
      ...POSTED,
      // Another first run may have written one at the same time.
      `GET /repos/${REPOSITORY}/pulls/7`,
      `GET /repos/${REPOSITORY}/issues/7/comments`,
    ]);
    expect(run.summary).toEqual([pageOf(run)]);
    const file = join(folder, 'regsync-plan.json');
    expect(await readFile(file, 'utf8')).toBe(planText(file, PLAN));
    expect(Object.fromEntries(run.outputs)).toEqual({
      'plan-file': file,
      changes: 2,
      create: 2,
      update: 0,
      delete: 0,
      submit: 2,
      attention: 0,
      fingerprint: PLAN.fingerprint,
      'comment-id': 1001,
    });
    expect(run.said.out).toBe(renderPlanText(PLAN, plain));
    expect(run.said.err).toBe('Comment 1001: created.\n');
    expect(run.said.issuedCommands).toEqual(['::warning title=regsync%3A odd::looks odd']);
  });

  it('brings its own comment up to date, and no other', async () => {
    const { run, github } = runWith();
    const theirs = { id: 2, number: 2, body: commentOf(run), user: { login: 'somebody' } };
    const older = commentOf(run, { review: { ...REVIEW, head: BASE } });
    github.comments.push(theirs, { id: 3, number: 3, body: older, user: { login: LOGIN } });
    await runPlan(run, toolsFor().tools);
    expect(writesOf(github)).toEqual([`PATCH /repos/${REPOSITORY}/issues/comments/3`]);
    expect(bodiesOf(github)).toEqual([theirs.body, commentOf(run)]);
  });

  it('of a shard keeps a comment of its own', async () => {
    const { run, github } = runWith({ inputs: { shard: '2/3' } });
    const first = commentOf(run, { review: { ...REVIEW, scope: 'acme shard 1/3' } });
    github.comments.push({ id: 3, number: 3, body: first, user: { login: LOGIN } });
    const plan = { ...PLAN, options: { ...PLAN.options, shard: '2/3' } };
    const { tools, calls } = toolsFor({ plan });
    await runPlan(run, tools);
    expect(calls[1]).toMatchObject({ options: { ...OPTIONS, shard: '2/3' } });
    const review = { ...REVIEW, reviewed: plan, scope: 'acme shard 2/3' };
    expect(bodiesOf(github)).toEqual([first, commentOf(run, { review, shown: plan })]);
  });

  it('says that it could not tell apart what it brings where there is no base', async () => {
    const { run, github } = runWith();
    const { tools, calls } = toolsFor({ drift: null }, null);
    await runPlan(run, tools);
    expect(calls[1]).toMatchObject({ baseFolder: null });
    const { drift: _, ...page } = { drift: null };
    expect(bodiesOf(github)).toEqual([
      commentOf(run, { review: { ...REVIEW, drift: null }, remarks: [WORDS.driftUnknown] }),
    ]);
    const whole = { ...linksOf(run, ROOT, HEAD), limitBytes: 990_000, status: { state: 'planned' } } as const;
    expect(run.summary).toEqual([renderPlanComment(PLAN, { ...whole, ...page }), WORDS.driftUnknown]);
  });

  it('has nothing to tell apart where nothing differs', async () => {
    const { run } = runWith();
    await runPlan(run, toolsFor({ plan: nothing(), drift: null }, null).tools);
    expect(run.summary).toHaveLength(1);
  });

  const quiet = nothing();
  const under: Plan = {
    ...quiet,
    attention: [{ code: 'under-review', name: 'a', message: 'is under review' }],
  };
  const pressing: Plan = { ...quiet, attention: [{ code: 'expired', name: 'a', message: 'has expired' }] };
  const leftOut: Plan = {
    ...quiet,
    diagnostics: [{ severity: 'error', code: 'duplicate-groups', message: 'two' }],
  };

  it.each<[string, Plan, boolean, number]>([
    ['none where nothing changes', quiet, false, 0],
    ['none where somebody at Telnyx is at work', under, false, 0],
    ['one where something changes', PLAN, false, 1],
    ['one where something needs attention', pressing, false, 1],
    ['one where something is left out', leftOut, false, 1],
    ['the one that is there, up to date', quiet, true, 1],
  ])('keeps with comment: changes %s', async (_, plan, isThere, writes) => {
    const { run, github } = runWith({ inputs: { comment: 'changes' } });
    if (isThere) github.comments.push({ id: 3, number: 3, body: commentOf(run), user: { login: LOGIN } });
    expect(await runPlan(run, toolsFor({ plan }).tools)).toBe(0);
    expect(writesOf(github)).toHaveLength(writes);
    expect(run.said.err.includes('No comment: nothing changes.')).toBe(writes === 0);
  });

  it('with a closed gate names the inputs that open it, and where', async () => {
    const { run, github } = runWith();
    await runPlan(run, toolsFor({ plan: gated() }).tools);
    const words =
      '> To open it, set the input `allow-replace: true` for the step that plans (in `.github/workflows/apply.yml`) and for the step that applies.';
    expect(bodiesOf(github)[0]).toContain(words);
    expect(run.summary[0]).toContain(words);
  });

  it('asks GitHub nothing with comment: false', async () => {
    const { run, github } = runWith({ inputs: { comment: 'false' } });
    await runPlan(run, toolsFor().tools);
    expect([github.asked, run.summary]).toEqual([[], [pageOf(run)]]);
  });

  it('writes its file where it is told to', async () => {
    const { run } = runWith({ inputs: { 'plan-file': 'out.json' }, cwd: folder });
    await runPlan(run, toolsFor().tools);
    expect(run.outputs.get('plan-file')).toBe(join(folder, 'out.json'));
  });

  it('is no worse for a GitHub that fails, and says so', async () => {
    const { run, github } = runWith();
    github.failing = { at: /^POST/, status: 403 };
    expect(await runPlan(run, toolsFor().tools)).toBe(0);
    expect(run.said.issuedCommands).toEqual([
      '::warning title=regsync%3A github::the plan is not in a comment: POST /repos/{repository}/issues/{pull}/comments answered 403',
    ]);
    expect(run.summary[1]).toBe(pageOf(run));
  });

  it.each([
    [{}, 8],
    [{ 'fail-on': 'changes' }, 8],
    [{ 'fail-on': 'changes', 'fail-on-expiry': '30' }, 6],
  ])(
    'with %j fails where GitHub stays out of reach, unless it fails already: exit %i',
    async (inputs, exit) => {
      const { run, github } = runWith({ inputs });
      const attention = [{ code: 'expiring', name: 'a', message: 'expires tomorrow' }] as const;
      github.failing = { at: /^POST/, status: 502, isPassing: true };
      expect(await runPlan(run, toolsFor({ plan: { ...PLAN, attention } }).tools)).toBe(exit);
      const advice =
        'GitHub could not be reached: the plan is only in the summary of this run, and not in a comment. Run this job again before you merge.';
      expect(run.said.issuedCommands.slice(-2)).toEqual([
        '::warning title=regsync%3A github::the plan is not in a comment: POST /repos/{repository}/issues/{pull}/comments answered 502',
        `::error title=regsync%3A github::${advice}`,
      ]);
      expect(run.summary.at(-1)).toBe(`> [!CAUTION]\n> **${advice}**`);
    },
  );

  it.each<[string, unknown, string, CommentContext['status']]>([
    [
      'moved on',
      { head: { sha: MERGE }, state: 'open' },
      `the pull request has the newer commit ${MERGE.slice(0, 7)}`,
      { state: 'outdated', headSha: MERGE },
    ],
    [
      'was closed',
      { head: { sha: HEAD }, state: 'closed' },
      'the pull request was closed during this run',
      { state: 'outdated' },
    ],
  ])('leaves the comment to a newer run where the pull request %s', async (_, pull, why, status) => {
    const { run, github } = runWith();
    github.pull = pull;
    expect(await runPlan(run, toolsFor().tools)).toBe(0);
    expect(writesOf(github)).toEqual([]);
    expect(run.said.issuedCommands).toEqual([
      `::warning title=regsync%3A github::this run leaves the comment to a newer one: ${why}`,
    ]);
    expect(run.summary[1]).toBe(pageOf(run, { status: status ?? { state: 'outdated' } }));
  });
});

describe('The exit code of a plan', () => {
  const expiring: Plan = {
    ...PLAN,
    attention: [{ code: 'expiring', name: 'a', message: 'expires tomorrow' }],
  };
  it.each<[Readonly<Record<string, string>>, object, number]>([
    [{}, OWN, 0],
    [{ changes: 'all' }, { ...OWN, changes: 'all' }, 0],
    [{ comment: 'false' }, { ...OWN, changes: 'all' }, 0],
    [{ 'fail-on': 'changes' }, { ...OWN, failOn: 'changes' }, 2],
    [{ 'fail-on-expiry': '0' }, { ...OWN, failOnExpiry: 0 }, 6],
    [{ 'fail-on': 'changes', 'fail-on-expiry': '30' }, { ...OWN, failOn: 'changes', failOnExpiry: 30 }, 6],
  ])('with %j tells what it was asked to', async (inputs, options, exit) => {
    const { run } = runWith({ inputs });
    const { tools, calls } = toolsFor({ plan: expiring });
    expect(await runPlan(run, tools)).toBe(exit);
    expect(calls[1]).toMatchObject({ options });
    expect(calls[1]).toEqual(
      expect.objectContaining({
        options: expect.toSatisfy(
          (given) =>
            JSON.stringify(Object.keys(given).sort()) === JSON.stringify(Object.keys(options).sort()),
        ),
      }),
    );
  });
});

describe('A plan elsewhere than on a pull request', () => {
  it.each([
    ['a push', PUSH],
    ['a start', STARTED],
    ['a merge queue', { kind: 'other', name: 'merge_group' } as const],
  ])('is a page alone: of %s', async (_, event) => {
    const { run, github } = runWith({ event });
    const { tools, calls } = toolsFor({ drift: null });
    expect(await runPlan(run, tools)).toBe(0);
    expect(calls).toEqual([{ paths: [], options: OPTIONS, baseFolder: null }]);
    expect(github.asked).toEqual([]);
    const { drift, ...context } = { drift: null, ...linksOf(run, ROOT, MERGE) };
    expect(run.summary).toEqual([
      renderPlanComment(PLAN, { ...context, limitBytes: 990_000, status: { state: 'planned' } }),
    ]);
    expect(drift).toBeNull();
  });

  it.each(['workflow_run', 'issue_comment', 'pull_request_target'])('does not run on %s', async (name) => {
    const { run } = runWith({ event: { kind: 'other', name } });
    const { tools, calls } = toolsFor();
    await expect(runPlan(run, tools)).rejects.toEqual(
      new RefusedError(
        `plan does not run on ${name}: use pull_request, merge_group, push, workflow_dispatch or schedule`,
      ),
    );
    expect(calls).toEqual([]);
  });

  it('does nothing for a pull request that is closed', async () => {
    const { run, github } = runWith({ event: { ...PULL_REQUEST, isClosed: true } });
    const { tools, calls } = toolsFor();
    expect(await runPlan(run, tools)).toBe(0);
    expect(run.said.err).toBe('The pull request is closed: there is nothing to plan.\n');
    expect([calls, github.asked, run.summary]).toEqual([[], [], []]);
  });

  it.each([false, true])('only checks the manifests of an outsider, closed or not: %s', async (isClosed) => {
    await writeFile(join(folder, 'regsync.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n');
    const event = { ...PULL_REQUEST, isClosed, untrustedFork: 'a pull request from a fork' };
    const { run, github } = runWith({ event, cwd: folder });
    const { tools, calls } = toolsFor();
    await runPlan(run, tools);
    expect([calls, github.asked]).toEqual([[], []]);
    expect(run.summary[0]).toContain('This is a pull request from a fork');
  });
});

describe('A commit that cannot be planned', () => {
  const problems: Problem[] = [
    {
      severity: 'error',
      code: 'odd',
      message: 'is odd',
      source: { file: 'groups/a.yaml', line: 2, column: 1 },
    },
  ];
  const error = new InvalidInputError('1 problem', problems);
  const SET = { REGSYNC_PLAN_KEY: PLAN_KEY, TELNYX_API_KEY: 'KEY0123456789ABCDEF_sample' };

  async function withdrawnWith(
    given: GivenRun = {},
    prepare: (github: MemoryGitHub) => void = () => {},
    thrown: Error = error,
  ) {
    await writeFile(join(folder, 'regsync.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n');
    const { env, ...others } = given;
    const { run, github } = runWith({
      cwd: folder,
      workflow: { workspace: folder },
      env: { ...SET, ...env },
      ...others,
    });
    const shown = commentOf(run);
    github.comments.push({ id: 3, number: 3, body: shown, user: { login: LOGIN } });
    prepare(github);
    const { tools, calls } = toolsFor(thrown);
    await expect(runPlan(run, tools)).rejects.toBe(thrown);
    return { run, github, shown, calls };
  }
  const withdrawn = (run: ActionRun, thrown: Error = error, scope = 'acme', about = '`acme`') => {
    const links = linksOf(run, folder, HEAD);
    const ending = endingOf(thrown);
    return seal(withdrawnBody(DESK, { scope }, HEAD, { ending, links, about }), sign);
  };

  it('has its older plan withdrawn from the comment', async () => {
    const { run, github, calls } = await withdrawnWith();
    expect(bodiesOf(github)).toEqual([withdrawn(run)]);
    expect(calls.at(-1)).toBe('removed');
    expect(run.said.err).toBe('Comment 3: updated.\n');
    const body = bodiesOf(github)[0] ?? '';
    expect(body).toContain('### regsync plan · `acme` · no plan for `bbbbbbb`');
    expect(body).toContain('groups/a.yaml:2:1');
    expect(body).toContain(`<sub>scope \`acme\` · <a href="${RUN_URL}">run</a></sub>\n`);
    expect(body).not.toContain('"fingerprint"');
  });

  it('for a reason that is in no line has it said in the comment', async () => {
    const down = new UnreachableError('Telnyx is down');
    const { run, github } = await withdrawnWith({}, () => {}, down);
    expect(bodiesOf(github)).toEqual([withdrawn(run, down)]);
    expect(bodiesOf(github)[0]).toContain(
      '> [!CAUTION]\n> **regsync could not plan this commit.** If you merge it, nothing is applied.\n> - `Telnyx is down`\n\n<sub>',
    );
  });

  it('of a shard has the comment of this shard withdrawn', async () => {
    const body = (run: ActionRun) => commentOf(run, { review: { ...REVIEW, scope: 'acme shard 2/3' } });
    const { run, github, shown } = await withdrawnWith({ inputs: { shard: '2/3' } }, (github) => {
      github.comments.push({ id: 4, number: 4, body: body(actionRun()), user: { login: LOGIN } });
    });
    expect(bodiesOf(github)).toEqual([shown, withdrawn(run, error, 'acme shard 2/3', '`acme` shard `2/3`')]);
  });

  const outdated = (why: string) =>
    `> [!NOTE]\n> **Outdated.** ${why} regsync applies nothing from it. <a href="https://github.example.com/example/telephony/pull/7#issuecomment-ID">The valid one</a> replaces it.\n`;

  it.each<[string, (run: ActionRun) => string, string]>([
    [
      'of another key',
      (run) => commentOf(run).replace(/"mac":"./, '"mac":"x'),
      'It was edited, or made with another key.',
    ],
    [
      'of another number of shards',
      (run) => commentOf(run, { review: { ...REVIEW, scope: 'acme shard 1/2' } }),
      'The number of jobs that share the groups has changed.',
    ],
    [
      'that was withdrawn without a key',
      () => '<!-- regsync:withdrawn:v2 {"scope":"acme"} -->\ntext',
      'regsync could not plan its commit.',
    ],
  ])('leaves one %s marked as outdated beside the new one', async (_, bodyOf, why) => {
    const { run, github } = runWith();
    github.comments.push({ id: 3, number: 3, body: bodyOf(run), user: { login: LOGIN } });
    expect(await runPlan(run, toolsFor().tools)).toBe(0);
    expect(bodiesOf(github)).toEqual([outdated(why).replace('ID', '1002'), commentOf(run)]);
    expect(run.said.err).toBe('Comment 1002: created.\nComment 3: outdated.\n');
  });

  it('leaves the younger of two that were made at once marked as outdated', async () => {
    const { run, github } = runWith();
    const user = { login: LOGIN };
    github.comments.push(
      { id: 4, number: 4, body: commentOf(run), user },
      { id: 3, number: 3, body: commentOf(run), user },
    );
    expect(await runPlan(run, toolsFor().tools)).toBe(0);
    expect(bodiesOf(github)).toEqual([
      outdated('Two runs wrote at the same time.').replace('ID', '3'),
      commentOf(run),
    ]);
  });

  it('without a key is withdrawn all the same, and from no other job', async () => {
    const thrown = new AuthenticationError('no key');
    const { run, github, shown } = await withdrawnWith(
      { env: { TELNYX_API_KEY: '', REGSYNC_PLAN_KEY: '' } },
      (github) => {
        const other = commentOf(actionRun(), { review: { ...REVIEW, part: 'de' } });
        github.comments.push({ id: 4, number: 4, body: other, user: { login: LOGIN } });
        github.comments.push({ id: 5, number: 5, body: commentOf(actionRun()), user: { login: 'somebody' } });
      },
      thrown,
    );
    const links = linksOf(run, folder, HEAD);
    const [first, second, third] = bodiesOf(github);
    expect(first).toBe(unsignedBody({ scope: 'acme' }, HEAD, { ending: endingOf(thrown), links }));
    expect(first).toBe(
      '<!-- regsync:withdrawn:v2 {"scope":"acme"} -->\n### regsync plan · no plan for `bbbbbbb`\n\n' +
        '> [!CAUTION]\n> **regsync could not plan this commit.** If you merge it, nothing is applied.\n> - `no key`\n\n' +
        `<sub>scope \`acme\` · <a href="${RUN_URL}">run</a></sub>\n`,
    );
    expect([second, third]).toEqual([expect.stringContaining('"part":"de"'), shown]);
    expect(run.said.err).toBe('Comment 3: withdrawn.\n');
  });

  it('with a configuration that cannot be read is withdrawn by all jobs of its folder', async () => {
    const { run, github } = await withdrawnWith({}, (github) => {
      writeFileSync(join(folder, 'regsync.yaml'), 'scope: [');
      for (const [id, topic] of [{ part: 'de' }, { configuration: 'elsewhere' }].entries())
        github.comments.push({
          id: 4 + id,
          number: 4 + id,
          body: commentOf(actionRun(), { review: { ...REVIEW, ...topic } }),
          user: { login: LOGIN },
        });
    });
    expect(bodiesOf(github).map((body) => body.split('\n')[0])).toEqual([
      '<!-- regsync:withdrawn:v2 {"scope":"acme"} -->',
      '<!-- regsync:withdrawn:v2 {"scope":"acme","part":"de"} -->',
      expect.stringContaining('"configuration":"elsewhere"'),
    ]);
    expect(run.said.err).toBe('Comment 3: withdrawn.\nComment 4: withdrawn.\n');
  });

  it.each<[string, GivenRun, (github: MemoryGitHub) => void]>([
    ['the pull request moved on', {}, (github) => Object.assign(github, { pull: { head: { sha: MERGE } } })],
    ['there is none', {}, (github) => void github.comments.splice(0)],
    ['none is wanted', { inputs: { comment: 'false' } }, () => {}],
    ['it is no pull request', { event: PUSH }, () => {}],
    ['GitHub fails', {}, (github) => Object.assign(github, { failing: { at: /./, status: 502 } })],
    ['it cannot be told which job it is', { inputs: { shard: '9/2' } }, () => {}],
  ])('writes no comment where %s', async (_, given, prepare) => {
    const { github } = await withdrawnWith(given, prepare);
    expect(writesOf(github)).toEqual([]);
  });

  it('says that the comment shows an older plan where GitHub fails', async () => {
    const { run } = await withdrawnWith({}, (github) =>
      Object.assign(github, { failing: { at: /^PATCH/, status: 502 } }),
    );
    expect(run.said.issuedCommands).toEqual([
      '::warning title=regsync%3A github::the comment shows an older plan: PATCH /repos/{repository}/issues/comments/{id} answered 502',
    ]);
  });
});
