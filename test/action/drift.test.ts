import { describe, expect, it } from 'vitest';
import { runDrift } from '../../src/action/drift.ts';
import type { ActionRun } from '../../src/action/run.ts';
import type { planForReview } from '../../src/cli/apply/plan-for-review.ts';
import { linksOf } from '../../src/cli/review/review-run.ts';
import { type Marker, seal, writeMarker } from '../../src/forge/marker.ts';
import type { Event } from '../../src/github/events.ts';
import { digestOf } from '../../src/kinds/values/fingerprint.ts';
import { RefusedError } from '../../src/model/errors.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import { renderDriftIssue } from '../../src/render/markdown/drift.ts';
import { renderPlanComment } from '../../src/render/markdown/plan.ts';
import { plain } from '../../src/render/text/paint.ts';
import { renderPlanText } from '../../src/render/text/plan-text.ts';
import {
  actionRun,
  type GivenRun,
  LOGIN,
  MERGE,
  MemoryGitHub,
  PROJECT,
  PULL_REQUEST,
  PUSH,
  REPOSITORY,
  ROOT,
  STARTED,
} from '../support/action-run.ts';
import { creates, nothing } from '../support/markdown-plans.ts';
import { planKeys } from '../support/plans.ts';

const KEYS = planKeys();
const sign = (value: unknown) => digestOf(KEYS, value);
const PLAN = creates(['a']);
const MARKER: Marker = { kind: 'drift', scope: 'acme', fingerprint: null, head: null };
const lineOf = (marker = MARKER) => writeMarker(marker, { repository: REPOSITORY, pull: null }, sign);

function runWith(given: GivenRun = {}, issues: readonly string[] = []) {
  const github = new MemoryGitHub();
  for (const [index, body] of issues.entries())
    github.issues.push({ id: index + 3, number: index + 3, body, user: { login: LOGIN } });
  return { run: actionRun({ event: STARTED, github, ...given }), github };
}

function look(plan: Plan, calls: unknown[] = []): typeof planForReview {
  return async (_, paths, options, baseFolder) => {
    calls.push({ paths, options, baseFolder });
    return { plan, keys: KEYS, project: PROJECT, problems: [], drift: null };
  };
}

const linksTo = (run: ActionRun) => ({
  ...linksOf(run, ROOT, MERGE),
  workflowsUrl: 'https://github.example.com/example/telephony/actions',
});

function issueOf(run: ActionRun, plan: Plan, marker = MARKER) {
  const issue = renderDriftIssue(plan, { ...linksTo(run), marker: lineOf(marker) });
  if (issue === null) throw new Error('Nothing differs');
  return { title: issue.title, body: seal(issue.body, sign) };
}

const LISTED = `GET /repos/${REPOSITORY}/issues?state=open&sort=created&direction=asc`;

describe('A look at what differs', () => {
  it('opens an issue, and says all of it on its page and in the log', async () => {
    const { run, github } = runWith({ inputs: { manifests: 'groups' } });
    const calls: unknown[] = [];
    expect(await runDrift(run, look(PLAN, calls))).toBe(0);
    expect(calls).toEqual([
      {
        paths: ['groups'],
        options: expect.objectContaining({ failOn: 'none', prune: false }),
        baseFolder: null,
      },
    ]);
    expect(github.asked).toEqual(['GET /user', LISTED, `POST /repos/${REPOSITORY}/issues`]);
    expect(github.issues).toEqual([
      { id: 1001, number: 1001, user: { login: LOGIN }, ...issueOf(run, PLAN) },
    ]);
    expect(run.said).toEqual({
      out: renderPlanText(PLAN, plain),
      err: 'Issue #1001: created.\n',
      issuedCommands: [],
      hidden: [],
    });
    expect(Object.fromEntries(run.outputs)).toMatchObject({ changes: 1, 'comment-id': 1001 });
    const context = { ...linksTo(run), limitBytes: 990_000 };
    expect(run.summary).toEqual([renderDriftIssue(PLAN, context)?.body]);
  });

  it('opens none while nothing differs, and says so on its page', async () => {
    const { run, github } = runWith();
    expect(await runDrift(run, look(nothing()))).toBe(0);
    expect(github.asked).toEqual(['GET /user', LISTED]);
    const context = { ...linksTo(run), limitBytes: 990_000 };
    expect(run.summary).toEqual([renderPlanComment(nothing(), context)]);
  });

  it('brings its issue up to date', async () => {
    const { run, github } = runWith({}, [issueOf(actionRun(), creates(['a', 'b'])).body]);
    await runDrift(run, look(PLAN));
    expect(github.asked.at(-1)).toBe(`PATCH /repos/${REPOSITORY}/issues/3`);
    expect(github.issues).toEqual([{ id: 3, number: 3, user: { login: LOGIN }, ...issueOf(run, PLAN) }]);
  });

  it('closes its issue when nothing differs any more', async () => {
    const { run, github } = runWith({}, [issueOf(actionRun(), PLAN).body]);
    await runDrift(run, look(nothing()));
    const settled = `${lineOf()}\n✅ Telnyx matches the manifests, and nothing needs attention.\n`;
    expect(github.issues).toEqual([
      {
        id: 3,
        number: 3,
        user: { login: LOGIN },
        body: seal(settled, sign),
        state: 'closed',
        state_reason: 'completed',
      },
    ]);
    expect(run.said.err).toBe('Issue #3: closed.\n');
  });

  it('of a shard keeps an issue of its own', async () => {
    const { run, github } = runWith({ inputs: { shard: '2/3' } }, [issueOf(actionRun(), PLAN).body]);
    const plan = { ...PLAN, options: { ...PLAN.options, shard: '2/3' } };
    await runDrift(run, look(plan));
    expect(github.issues[1]).toMatchObject(issueOf(run, plan, { ...MARKER, scope: 'acme shard 2/3' }));
    expect(github.issues).toHaveLength(2);
  });

  it('is no worse for a GitHub that fails, and says so', async () => {
    const { run, github } = runWith();
    github.failing = { at: /^POST/, status: 403 };
    expect(await runDrift(run, look(PLAN))).toBe(0);
    expect(run.said.issuedCommands).toEqual([
      '::warning title=regsync%3A github::the issue about drift is not up to date: POST /repos/{repository}/issues answered 403',
    ]);
    expect(run.summary).toHaveLength(2);
  });

  it('fails where GitHub stays out of reach: nobody would hear of it', async () => {
    const { run, github } = runWith();
    github.failing = { at: /^POST/, status: 502, isPassing: true };
    expect(await runDrift(run, look(PLAN))).toBe(8);
    const advice =
      'GitHub could not be reached: only the summary of this run shows the result, and the issue does not. Run this job again.';
    expect(run.said.issuedCommands.at(-1)).toBe(`::error title=regsync%3A github::${advice}`);
    expect(run.summary.at(-1)).toBe(`> [!CAUTION]\n> **${advice}**`);
  });

  it('knows its issue by the login that it is given', async () => {
    const { run, github } = runWith({ inputs: { 'comment-author': LOGIN } });
    await runDrift(run, look(PLAN));
    expect(github.asked[0]).toBe(LISTED);
  });

  it('tells by its exit code what it was asked to', async () => {
    const { run } = runWith({ inputs: { 'fail-on': 'changes' } });
    expect(await runDrift(run, look(PLAN))).toBe(2);
  });

  it('runs on a push to the default branch, too', async () => {
    const { run } = runWith({ event: PUSH });
    expect(await runDrift(run, look(PLAN))).toBe(0);
  });

  it.each<[string, Event]>([
    ['a push elsewhere', { ...PUSH, isDefaultBranch: false }],
    ['a start elsewhere', { ...STARTED, isDefaultBranch: false }],
    ['a pull request', PULL_REQUEST],
    ['another event', { kind: 'other', name: 'workflow_run' }],
  ])('does not run on %s', async (_, event) => {
    const { run, github } = runWith({ event });
    const calls: unknown[] = [];
    await expect(runDrift(run, look(PLAN, calls))).rejects.toEqual(
      new RefusedError(
        'drift compares the default branch with Telnyx: run it there on a schedule, by hand, or on a push',
      ),
    );
    expect([calls, github.asked]).toEqual([[], []]);
  });
});
