import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runApply } from '../../src/action/apply.ts';
import type { ApplySteps } from '../../src/cli/apply/apply-reviewed.ts';
import type { ReviewedApplyTools as ApplyTools } from '../../src/cli/review/apply-merged.ts';
import { commentBody, type Review } from '../../src/cli/review/comment.ts';
import { linksOf } from '../../src/cli/review/review-run.ts';
import { seal } from '../../src/forge/marker.ts';
import { derivePlanKeys, digestOf, type PlanKeys } from '../../src/kinds/values/fingerprint.ts';
import { InvalidInputError } from '../../src/model/errors.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { macOf } from '../../src/plan/describe.ts';
import type { ReviewStatus } from '../../src/render/markdown/status.ts';
import { checkBaseUrl } from '../../src/telnyx/access.ts';
import {
  actionRun,
  type GivenRun,
  HEAD,
  LOGIN,
  MemoryGitHub,
  PROJECT,
  REPOSITORY,
  ROOT,
  RUN_URL,
  STARTED,
  WORDS,
} from '../support/action-run.ts';
import { creates, outcome } from '../support/markdown-plans.ts';
import { planKeys } from '../support/plans.ts';

const KEYS = planKeys();
const PLAN = creates(['a', 'b']);
const NOT_SAID = 'the comment does not say that nothing was applied';

/** The comment with the reviewed plan, as a run with these keys writes it for the pull request. */
function bodyWith(keys: PlanKeys, status: ReviewStatus = { state: 'planned' }, head = HEAD): string {
  const { mac: _, ...signed } = PLAN;
  const review: Review = {
    scope: 'acme',
    head,
    reviewed: { ...signed, mac: macOf(signed, keys) },
    fingerprint: PLAN.fingerprint,
    drift: new Set(),
  };
  const sign = (value: unknown) => digestOf(keys, value);
  const context = { ...linksOf(actionRun(), ROOT, head), status };
  const place = { place: { repository: REPOSITORY, pull: 7 }, sign, words: WORDS };
  return seal(commentBody(review, place, PLAN, context, []), sign);
}

const comment = (id: number, body: string, login = LOGIN) => ({ id, number: id, body, user: { login } });

function runWith(given: GivenRun, ...comments: MemoryGitHub['comments']) {
  const github = new MemoryGitHub();
  github.comments.push(...comments);
  const bodies: string[] = [];
  const send = github.send.bind(github);
  github.send = (method, template, params, body) => {
    bodies.push((body as { body: string }).body);
    return send(method, template, params, body);
  };
  return { run: actionRun({ github, ...given }), github, bodies };
}

/** In the pipeline's place: does with the steps as it is told. */
function toolsFor(act: (steps: ApplySteps, options: object) => Promise<object>): ApplyTools {
  return {
    applyReviewed: async (_terminal, _paths, options, steps) => {
      const common = {
        project: PROJECT,
        requests: 1,
        retries: 0,
        ends: { digests: new Map(), groups: new Set() },
      };
      return { ...common, ...(await act(steps, options)) } as unknown as Awaited<
        ReturnType<ApplyTools['applyReviewed']>
      >;
    },
    checkOutCommit: async () => null,
    sleep: async () => {},
    now: () => new Date('2026-11-30T17:04:05.000Z'),
  };
}

const DONE = { kind: 'done', plan: PLAN, outcomes: [outcome({ name: 'a' })], interrupted: false };
const early = () => toolsFor(() => Promise.reject(new InvalidInputError('no manifests')));

describe('The record of an apply', () => {
  it.each<[string, Readonly<Record<string, string>>, object]>([
    ['goes into the file that the workflow names', { record: 'audit.jsonl' }, { record: 'audit.jsonl' }],
    ['is not asked for where it names none', {}, {}],
  ])('%s', async (_, inputs, expected) => {
    const { run } = runWith({ inputs }, comment(3, bodyWith(KEYS)));
    let given: object = {};
    const tools = toolsFor(async (_steps, options) => {
      given = options;
      return DONE;
    });
    await runApply(run, tools);
    const { record } = given as { readonly record?: string };
    expect('record' in given ? { record } : {}).toEqual(expected);
  });

  it('names the command and the pull requests whose plans are applied', async () => {
    const { run } = runWith({}, comment(3, bodyWith(KEYS)));
    const named: unknown[] = [];
    const tools = toolsFor(async (steps) => {
      named.push(steps.pulls?.());
      await steps.findReviewed(KEYS, PROJECT);
      named.push(steps.pulls?.(), steps.command);
      return DONE;
    });
    await runApply(run, tools);
    expect(named).toEqual([[], [7], 'action apply']);
  });
});

describe('The comment of an apply that ends in an unusual way', () => {
  it('says that it failed where the run cannot report what became of it', async () => {
    const { run, bodies } = runWith({}, comment(3, bodyWith(KEYS)));
    const tools = toolsFor(async (steps) => {
      await steps.findReviewed(KEYS, PROJECT);
      await steps.beforeWriting(PLAN);
      return DONE;
    });
    const error = new Error('no log');
    run.outputs.set = () => {
      throw error;
    };
    await expect(runApply(run, tools)).rejects.toBe(error);
    expect(bodies.map((body) => /Applying|Apply failed/.exec(body)?.[0])).toEqual([
      'Applying',
      'Apply failed',
    ]);
    expect(bodies[1]).toContain('a part may be done');
  });

  it('stays as it is where the run cannot report, and had not begun to apply', async () => {
    const { run, bodies } = runWith({}, comment(3, bodyWith(KEYS)));
    const error = new Error('no log');
    const tools = toolsFor(async (steps) => {
      await steps.findReviewed(KEYS, PROJECT);
      return DONE;
    });
    run.outputs.set = () => {
      throw error;
    };
    await expect(runApply(run, tools)).rejects.toBe(error);
    expect(bodies).toEqual([]);
  });

  it.each<[string, GivenRun]>([
    ['with comment: false', { inputs: { comment: 'false' } }],
    ['of a start by hand, without a key', { event: STARTED }],
  ])('is not looked for by a run %s that ends before', async (_, given) => {
    const { run, github, bodies } = runWith(given, comment(3, bodyWith(KEYS)));
    await expect(runApply(run, early())).rejects.toThrow('no manifests');
    expect([github.asked, bodies, run.summary, run.said.issuedCommands]).toEqual([[], [], [], []]);
  });

  it('is not missed by a run without a token that ends before', async () => {
    const run = actionRun({ github: null });
    await expect(runApply(run, early())).rejects.toThrow('no manifests');
    expect([run.summary, run.said.issuedCommands]).toEqual([[], []]);
  });

  it('stays as it is where GitHub fails, too, and that is said', async () => {
    const { run, github, bodies } = runWith({}, comment(3, bodyWith(KEYS)));
    github.failing = { at: /commits/, status: 502 };
    await expect(runApply(run, early())).rejects.toThrow('no manifests');
    expect(bodies).toEqual([]);
    expect(run.said.issuedCommands.join('\n')).toContain(NOT_SAID);
  });
});

describe('A run with a key that ends before it looks for its review', () => {
  const SECRET = 'KEY0123456789ABCDEF_sample';
  const OWN = derivePlanKeys(new Sensitive(SECRET), {
    scope: 'acme',
    account: null,
    baseUrl: checkBaseUrl('https://api.telnyx.com/v2').href,
  });

  /** The texts that a run in a real repository writes. */
  async function writtenIn(body: string): Promise<readonly string[]> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'regsync-apply-')));
    await writeFile(join(folder, 'regsync.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n');
    const given = { cwd: folder, env: { TELNYX_API_KEY: SECRET }, workflow: { workspace: folder } };
    const { run, bodies } = runWith(given, comment(3, body));
    await expect(runApply(run, early())).rejects.toThrow('no manifests');
    await rm(folder, { recursive: true });
    return bodies;
  }

  it('says in the comment itself that nothing was applied', async () => {
    const [body, ...others] = await writtenIn(bodyWith(OWN));
    expect(others).toEqual([]);
    expect(body).toContain('**Apply failed**');
    expect(body).toContain('; nothing was applied.');
    expect(body).toContain('the run ended early: read its log');
  });

  it.each<[string, ReviewStatus]>([
    ['that another run is applying it', { state: 'applying', runUrl: RUN_URL }],
    ['that it is applied', { state: 'applied', runUrl: RUN_URL }],
  ])('leaves a comment alone that says %s', async (_, status) => {
    expect(await writtenIn(bodyWith(OWN, status))).toEqual([]);
  });
});

describe('Texts beside the comment of the merge', () => {
  const reviewedIn = async (...comments: MemoryGitHub['comments']) => {
    const { run, bodies } = runWith({}, ...comments);
    const enough = new Error('That was all');
    let reviewed: unknown = null;
    const tools = toolsFor(async (steps) => {
      reviewed = await steps.findReviewed(KEYS, PROJECT);
      throw enough;
    });
    await expect(runApply(run, tools)).rejects.toBe(enough);
    return { reviewed, outdated: bodies.filter((body) => body.includes('**Outdated.**')) };
  };

  it('are outdated where the comment is about the commit that was merged', async () => {
    const { reviewed, outdated } = await reviewedIn(comment(3, bodyWith(KEYS)), comment(5, bodyWith(KEYS)));
    expect(reviewed).toEqual({ kind: 'plan', plan: PLAN });
    expect(outdated).toEqual([expect.stringContaining('It was written twice.')]);
  });

  it('outdate the comment about an older commit, and the one about the newest counts', async () => {
    const older = bodyWith(KEYS, { state: 'planned' }, 'e'.repeat(40));
    const { reviewed, outdated } = await reviewedIn(comment(3, older), comment(5, bodyWith(KEYS)));
    expect(reviewed).toEqual({ kind: 'plan', plan: PLAN });
    expect(outdated).toEqual([expect.stringContaining('#issuecomment-5')]);
  });

  it('are no review where somebody else has posted them, and the reason names who', async () => {
    const { reviewed } = await reviewedIn(comment(5, bodyWith(KEYS), 'somebody'));
    expect(reviewed).toEqual({
      kind: 'none',
      why: expect.stringContaining('pull request #7 has a plan in comment 5 that somebody posted'),
    });
  });
});
