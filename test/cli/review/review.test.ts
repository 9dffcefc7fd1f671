import { describe, expect, it } from 'vitest';
import { applyingEvent } from '../../../src/action/apply.ts';
import { githubWords } from '../../../src/action/words.ts';
import type { Applied } from '../../../src/cli/apply/apply-reviewed.ts';
import type { Review } from '../../../src/cli/review/comment.ts';
import { failureNotes } from '../../../src/cli/review/report-apply.ts';
import {
  type ApplyStart,
  describeRefusal,
  endedStatus,
  type FoundReview,
  isAbout,
  lookUpError,
  outcomesFor,
  reviewedBy,
  reviewedByAll,
} from '../../../src/cli/review/review.ts';
import { ForgeError } from '../../../src/forge/forge-error.ts';
import { UnknownLoginError } from '../../../src/forge/sticky.ts';
import type { Event } from '../../../src/github/events.ts';
import { commitsOf, readMerged } from '../../../src/github/find-merged.ts';
import { AuthenticationError, RefusedError, UnreachableError } from '../../../src/model/errors.ts';
import type { Outcome, OutcomeError, OutcomeStatus } from '../../../src/model/plan/outcome.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import {
  HEAD,
  MERGE,
  mergedRow,
  PULL_REQUEST,
  PUSH,
  RUN_URL,
  STARTED,
  WORDS,
} from '../../support/action-run.ts';
import { creates, gated, nothing, outcome } from '../../support/markdown-plans.ts';

const PLAN = creates(['a']);
const OTHER_FINGERPRINT = '0123456789abcdef'.repeat(4);
const OTHER = creates(['other']);
const OTHER_SHA = 'e'.repeat(40);
const PLACE = { serverUrl: 'https://github.example.com', repository: 'example/telephony' };
const refusedIn = (given: { readonly file?: null; readonly attempt?: number } = {}) => {
  const { file = '.github/workflows/apply.yml', attempt = 1 } = given;
  return { workflow: { runUrl: RUN_URL, attempt }, words: githubWords({ ...PLACE, file }) };
};
const WORKFLOW = refusedIn();

const ELSEWHERE = 'Merge this branch, or limit the workflow to the default branch';
const IN_PULL_REQUEST = 'Merge the pull request. In the workflow of pull requests, write command: plan';

describe('An apply by the action', () => {
  it.each<[string, Event]>([
    ['a push to the default branch', PUSH],
    ['a start by hand there', STARTED],
    ['a schedule', { ...STARTED, name: 'schedule' }],
  ])('runs on %s', (_, event) => {
    expect(applyingEvent(event)).toBe(event);
  });

  it.each<[Event, string, string]>([
    [
      { ...PUSH, ref: 'refs/heads/elsewhere', isDefaultBranch: false },
      'a push to refs/heads/elsewhere',
      ELSEWHERE,
    ],
    [{ ...PUSH, isDefaultBranch: false }, 'a push to refs/heads/main', ELSEWHERE],
    [{ ...STARTED, isDefaultBranch: false }, 'workflow_dispatch', ELSEWHERE],
    [PULL_REQUEST, 'a pull request', IN_PULL_REQUEST],
    [{ ...PULL_REQUEST, isClosed: true }, 'a pull request', IN_PULL_REQUEST],
    [{ kind: 'other', name: 'workflow_run' }, 'workflow_run', 'In the workflow file, write on: push'],
  ])('refuses to run on %j', (event, what, next) => {
    expect(() => applyingEvent(event)).toThrow(
      new RefusedError(
        `nothing was applied: this is ${what}, and apply runs on the default branch: on a push, by hand or on a schedule. ${next}`,
      ),
    );
  });
});

describe('A pull request that GitHub lists for a commit', () => {
  it('was merged by it where it names the commit and says when', () => {
    expect(readMerged(mergedRow(), [HEAD, MERGE], PUSH.ref)).toEqual({ pull: 7, head: HEAD });
  });

  it.each<[string, unknown]>([
    ['was closed without a merge', mergedRow({ state: 'closed', merged_at: null })],
    ['is open', mergedRow({ state: 'open', merged_at: null })],
    ['says nothing of a merge', { number: 7, head: { sha: HEAD }, merge_commit_sha: MERGE }],
    ['was merged by another commit', mergedRow({ merge_commit_sha: HEAD })],
    ['was merged by a commit without a name', mergedRow({ merge_commit_sha: '' })],
    ['holds the commit, and was merged by none', mergedRow({ merge_commit_sha: null })],
    ['was merged into another branch', mergedRow({ base: { ref: 'elsewhere' } })],
    ['has no number', mergedRow({ number: undefined })],
    ['has a text for a number', mergedRow({ number: '7' })],
    ['is nothing', null],
  ])('was not merged by it where it %s', (_, row) => {
    expect(readMerged(row, [MERGE], PUSH.ref)).toBeNull();
  });
});

describe('What an apply takes for reviewed', () => {
  const review = { scope: 'acme', head: HEAD, reviewed: PLAN, fingerprint: PLAN.fingerprint, drift: null };
  const found: FoundReview = {
    pull: 7,
    head: HEAD,
    comment: 1001,
    others: 0,
    unproven: null,
    integrity: 'intact',
    review,
  };
  const inputs = { fingerprint: null, allowUnreviewed: false };
  const none = (why: string) => ({ kind: 'none', why });
  const edited =
    'comment 1001 on pull request #7 was edited after regsync wrote it, so people may not have seen its plan';
  const older =
    'comment 1001 on pull request #7 was written by an older version of regsync, which cannot tell whether it was edited';
  const noPlan = none(`pull request #7 shows no plan for ${HEAD.slice(0, 7)}, which was merged`);
  const noComment = none('pull request #7 has no comment with a plan: nobody has reviewed one');

  it.each<[string, Partial<typeof inputs> | { fingerprint: string }, ApplyStart, FoundReview | null, object]>(
    [
      ['the plan in the comment', {}, 'push', found, { kind: 'plan', plan: PLAN }],
      [
        'it, whatever else is allowed',
        { allowUnreviewed: true },
        'push',
        found,
        { kind: 'plan', plan: PLAN },
      ],
      [
        'the fingerprint in the comment of a plan too large to travel',
        {},
        'push',
        { ...found, review: { ...review, reviewed: null } },
        { kind: 'fingerprint', fingerprint: PLAN.fingerprint },
      ],
      [
        'the fingerprint that it is given',
        { fingerprint: '01234567' },
        'started',
        null,
        { kind: 'fingerprint', fingerprint: '01234567' },
      ],
      [
        'the fingerprint that it is given, whatever the comment says',
        { fingerprint: '01234567' },
        'push',
        found,
        { kind: 'fingerprint', fingerprint: '01234567' },
      ],
      [
        'the fingerprint that it is given, though the comment was edited',
        { fingerprint: '01234567' },
        'push',
        { ...found, integrity: 'edited', review: null },
        { kind: 'fingerprint', fingerprint: '01234567' },
      ],
      [
        'nothing, of a comment that was edited',
        {},
        'push',
        { ...found, integrity: 'edited', review: null },
        none(edited),
      ],
      [
        'nothing, of a comment that was edited, though none is needed',
        { allowUnreviewed: true },
        'push',
        { ...found, integrity: 'edited', review: null },
        none(edited),
      ],
      [
        'nothing, of an edited comment whose plan was read all the same',
        {},
        'push',
        { ...found, integrity: 'edited' },
        none(edited),
      ],
      [
        'nothing, of a comment that an older version wrote',
        { allowUnreviewed: true },
        'push',
        { ...found, integrity: 'unsealed', review: null },
        none(older),
      ],
      ['nothing, without a comment', {}, 'push', { ...found, comment: null, review: null }, noComment],
      [
        'nothing, of a comment that another account posted',
        {},
        'push',
        { ...found, comment: null, review: null, foreign: { id: 5, author: 'somebody' } },
        none(
          'pull request #7 has a plan in comment 5 that somebody posted, but this run trusts only plans that the account of its own ' +
            'token posted. Give plan and apply a token of the same account. If that plan is a copy, nobody has reviewed one',
        ),
      ],
      [
        'anything, without a comment, where none is needed',
        { allowUnreviewed: true },
        'push',
        { ...found, comment: null, review: null },
        { kind: 'waived' },
      ],
      [
        'nothing, of a push without a pull request',
        {},
        'push',
        null,
        none('no pull request with a plan was merged by this push, so nobody has reviewed one'),
      ],
      [
        'nothing, of a start by hand without a fingerprint',
        {},
        'started',
        null,
        none('this run has no fingerprint of a reviewed plan'),
      ],
      [
        'anything, of a push, where no review is needed',
        { allowUnreviewed: true },
        'push',
        null,
        { kind: 'waived' },
      ],
      [
        'anything, of a start, where no review is needed',
        { allowUnreviewed: true },
        'started',
        null,
        { kind: 'waived' },
      ],
      [
        'nothing, of a plan of an earlier commit',
        {},
        'push',
        { ...found, review: { ...review, head: MERGE } },
        noPlan,
      ],
      [
        'nothing, of a plan of an earlier commit, though none is needed',
        { allowUnreviewed: true },
        'push',
        { ...found, review: { ...review, head: MERGE } },
        noPlan,
      ],
      [
        'nothing, of a comment whose plan was withdrawn',
        { allowUnreviewed: true },
        'push',
        { ...found, review: { ...review, reviewed: null, fingerprint: null } },
        noPlan,
      ],
    ],
  )('is %s', (_, given, start, record, expected) => {
    expect(reviewedBy({ ...inputs, ...given }, start, record, WORDS)).toEqual(expected);
  });
});

describe('A look-up at GitHub that fails', () => {
  it.each<[string, ForgeError, Error]>([
    [
      '401',
      new ForgeError('GET /x answered 401', 401),
      new AuthenticationError('regsync could not read the plan: GET /x answered 401'),
    ],
    [
      '403',
      new ForgeError('GET /x answered 403', 403),
      new AuthenticationError('regsync could not read the plan: GET /x answered 403'),
    ],
    [
      '404',
      new ForgeError('GET /x answered 404', 404),
      new UnreachableError('regsync could not read the plan: GET /x answered 404'),
    ],
    [
      'no answer',
      new ForgeError('GET /x got no answer', null),
      new UnreachableError('regsync could not read the plan: GET /x got no answer'),
    ],
    [
      'a comment by another bot',
      new UnknownLoginError('example-app[bot]', 'github-actions[bot]'),
      new RefusedError(
        'regsync could not read the plan: example-app[bot] has written what this action writes, and github-actions[bot] is who this ' +
          'token seems to be: if that is right, set the input comment-author to the former, else delete what it wrote',
      ),
    ],
  ])('with %s ends the run in its own way', (_, error, expected) => {
    const thrown = lookUpError('the plan', error);
    expect(thrown).toEqual(expected);
    expect(thrown.constructor).toBe(expected.constructor);
  });
});

describe('A gate that an apply keeps shut', () => {
  const gates = [
    { gate: 'allow_replace', names: ['de-local'] },
    { gate: 'allow_delete', names: ['old'] },
  ] as const;
  it.each([
    ['.github/workflows/apply.yml', 'in .github/workflows/apply.yml'],
    [null, 'in its workflow file'],
  ])('is named as the input that opens it, and where to set it: %s', (file, where) => {
    expect(githubWords({ ...PLACE, file }).sayShut(gates)).toBe(
      'the plan needs the input allow-replace: true (for "de-local") and allow-delete: old (for "old"), ' +
        `and this apply does not have it: set it for the step that applies, ${where}`,
    );
  });
});

type RefusedPlan = Pick<Applied & { readonly kind: 'refused' }, 'plan' | 'message' | 'cause' | 'differences'>;

describe('A refused apply', () => {
  const refused: RefusedPlan = { plan: PLAN, message: 'it differs', cause: 'review', differences: [] };
  const differences = [
    { kind: 'RequirementGroup', name: 'a', message: 'create is not in the reviewed plan' },
  ] as const;
  const fingerprint = `\`${PLAN.fingerprint.slice(0, 8)}\``;
  const exactly = '**To apply exactly this plan,**';
  const NEXT = `. Read the plan of this run. To apply exactly that plan, start this workflow by hand ("Run workflow") with the fingerprint ${PLAN.fingerprint.slice(0, 8)}`;
  const BY_HAND =
    '<a href="https://github.example.com/example/telephony/actions/workflows/apply.yml">the workflow by hand</a>';

  it('says why, and how to do it all the same', () => {
    expect(describeRefusal(refused, null, WORKFLOW)).toEqual({
      message: 'it differs',
      status: { state: 'refused', runUrl: RUN_URL, message: 'it differs' },
      next: NEXT,
      remarks: [`${exactly} start ${BY_HAND} ("Run workflow") with the fingerprint ${fingerprint}.`],
      isNoted: true,
    });
  });

  it('says what differs in place of that something does, and from which plan', () => {
    expect(describeRefusal({ ...refused, differences }, OTHER_FINGERPRINT, WORKFLOW)).toEqual({
      message: 'it differs',
      status: { state: 'refused', runUrl: RUN_URL, differences, reviewed: OTHER_FINGERPRINT },
      next: NEXT,
      remarks: [`${exactly} start ${BY_HAND} ("Run workflow") with the fingerprint ${fingerprint}.`],
      isNoted: true,
    });
  });

  it('is compared with the plan that was reviewed, unless something else is in the way', () => {
    const status = (cause: RefusedPlan['cause']) =>
      describeRefusal({ ...refused, cause }, OTHER_FINGERPRINT, WORKFLOW, OTHER).status;
    expect(status('review')).toMatchObject({ reviewedPlan: OTHER });
    expect(status('gate')).not.toHaveProperty('reviewedPlan');
    expect(status('outrun')).not.toHaveProperty('reviewedPlan');
  });

  it('links to no workflow that it cannot name', () => {
    expect(describeRefusal(refused, null, refusedIn({ file: null })).remarks).toEqual([
      `${exactly} start the workflow by hand ("Run workflow") with the fingerprint ${fingerprint}.`,
    ]);
  });

  it('for a gate that is shut says where to open it first, and of no plan that it is stale', () => {
    expect(describeRefusal({ ...refused, cause: 'gate' }, OTHER_FINGERPRINT, WORKFLOW)).toEqual({
      message: 'it differs',
      status: { state: 'refused', runUrl: RUN_URL, message: 'it differs' },
      next: '',
      remarks: [
        `${exactly} set it for the step that applies, in .github/workflows/apply.yml; then start ${BY_HAND} ("Run workflow") with the fingerprint ${fingerprint}.`,
      ],
      isNoted: true,
    });
  });

  it('for a gate that was closed when it was planned names its input, and no fingerprint', () => {
    const message =
      'a gate is closed; plan and apply need the input allow-replace: true (for "moved"): set it for the step that applies, in .github/workflows/apply.yml';
    expect(
      describeRefusal(
        { ...refused, plan: gated(), cause: 'gate', message: 'a gate is closed' },
        null,
        WORKFLOW,
      ),
    ).toEqual({
      message,
      status: { state: 'refused', runUrl: RUN_URL, message },
      next: '',
      remarks: [],
      isNoted: true,
    });
  });

  it('names no input for a gate that an applyable plan needs: that is said already', () => {
    const plan: Plan = { ...gated(), applyable: true };
    expect(describeRefusal({ ...refused, plan }, null, WORKFLOW).message).toBe('it differs');
  });

  it('names no input where none would help', () => {
    expect(describeRefusal({ ...refused, plan: { ...PLAN, applyable: false } }, null, WORKFLOW).message).toBe(
      'it differs',
    );
  });

  it.each([
    [1, true],
    [2, false],
    [3, false],
  ])('by a newer commit has no advice, and at attempt %i its note: %s', (attempt, isNoted) => {
    expect(
      describeRefusal({ ...refused, cause: 'outrun' }, OTHER_FINGERPRINT, refusedIn({ attempt })),
    ).toEqual({
      message: 'it differs',
      status: { state: 'refused', runUrl: RUN_URL, message: 'it differs' },
      next: '',
      remarks: [],
      isNoted,
    });
  });

  it('at a later attempt for any other reason is noted', () => {
    expect(describeRefusal(refused, null, refusedIn({ attempt: 2 })).isNoted).toBe(true);
  });
});

describe('An apply that has ended', () => {
  const AT = new Date('2026-11-30T17:04:05Z');
  const ended = (...statuses: readonly OutcomeStatus[]): Outcome[] =>
    statuses.map((status, index) =>
      outcome({
        name: `g${index}`,
        status,
        group_status: status === 'failed' ? 'declined' : 'pending-approval',
        error: status === 'failed' ? ERROR : null,
      }),
    );
  const applied = (...names: readonly string[]) => ({
    state: 'applied',
    runUrl: RUN_URL,
    at: '2026-11-30T17:04:05.000Z',
    ...(names.length === 0 ? {} : { statuses: names.map((name) => ({ name, status: 'pending-approval' })) }),
  });
  const failed = (message: string, ...names: readonly string[]) => ({
    state: 'failed',
    runUrl: RUN_URL,
    message,
    ...(names.length === 0
      ? {}
      : {
          failures: names.map((name) => ({
            kind: 'RequirementGroup',
            name,
            message: '422 10021 Resource in use',
            source: { file: 'groups/de.yaml', line: 12 },
          })),
        }),
  });

  it.each<[string, Plan, Plan | null, Outcome[], boolean, object | null]>([
    ['as applied where all is done', PLAN, PLAN, ended('applied', 'unchanged'), false, applied('g0')],
    ['as applied where nothing was reviewed', PLAN, null, ended('applied'), false, applied('g0')],
    [
      'as applied where what was reviewed is done already',
      nothing(),
      PLAN,
      ended('unchanged'),
      false,
      applied(),
    ],
    ['not at all where nothing is to do', nothing(), null, ended('unchanged'), false, null],
    ['not at all where nothing was to do', nothing(), nothing(), [], false, null],
    [
      'as failed where one group failed',
      PLAN,
      PLAN,
      ended('applied', 'failed'),
      false,
      failed('1 group could not be finished', 'g1'),
    ],
    [
      'as failed where groups were skipped',
      PLAN,
      PLAN,
      ended('failed', 'skipped', 'skipped'),
      false,
      failed('3 groups could not be finished', 'g0'),
    ],
    ['as interrupted, whatever failed', PLAN, PLAN, ended('failed'), true, failed('interrupted', 'g0')],
    ['as interrupted where nothing failed', PLAN, PLAN, ended('applied'), true, failed('interrupted')],
  ])('is noted %s', (_, plan, reviewed, outcomes, interrupted, expected) => {
    const given = { runUrl: RUN_URL, at: AT };
    expect(endedStatus({ plan, outcomes, interrupted }, reviewed, given)).toEqual(expected);
  });

  it('says that nothing is left of what an earlier run began', () => {
    const plan = { ...PLAN, changes: [] };
    const given = { runUrl: RUN_URL, at: AT };
    const nothing = { plan, outcomes: [], interrupted: false };
    expect(endedStatus(nothing, null, given)).toBeNull();
    expect(endedStatus(nothing, null, { ...given, isBegun: true })).toEqual(applied());
  });

  it('says of an object without a status that it was applied, and no more', () => {
    const outcomes = [outcome({ name: 'gone', group_status: null })];
    expect(
      endedStatus({ plan: PLAN, outcomes, interrupted: false }, PLAN, { runUrl: RUN_URL, at: AT }),
    ).toEqual(applied());
  });

  it('has a note beside each line that failed, with all that the API said', () => {
    const skipped = { ...ERROR, code: 'waits', message: 'its group failed', errors: [], source: null };
    expect(
      failureNotes([
        ...ended('applied', 'failed'),
        outcome({ name: 'order', status: 'skipped', error: { ...skipped, request_id: null } }),
      ]),
    ).toEqual([
      {
        severity: 'error',
        code: 'api',
        message:
          'g1: api: DELETE was refused\n  10021 · Resource in use · An order refers to it. · at /id\n  request id b7c1',
        source: { file: 'groups/de.yaml', line: 12 },
      },
      { severity: 'warning', code: 'waits', message: 'order: waits: its group failed' },
    ]);
  });
});

const ERROR: OutcomeError = {
  code: 'api',
  message: 'DELETE was refused',
  status: 422,
  request_id: 'b7c1',
  errors: [{ code: '10021', title: 'Resource in use', detail: 'An order refers to it.', pointer: '/id' }],
  source: { file: 'groups/de.yaml', line: 12 },
};

describe('Several pull requests in one push', () => {
  const OLD: Plan = creates(['old']);
  const review = (plan: Plan | null, fingerprint: string | null = plan?.fingerprint ?? null) => ({
    scope: 'acme',
    head: HEAD,
    reviewed: plan,
    fingerprint,
    drift: null,
  });
  const found = (pull: number, given: Partial<FoundReview>): FoundReview => ({
    pull,
    head: HEAD,
    comment: pull,
    others: 0,
    unproven: null,
    integrity: 'intact',
    review: null,
    ...given,
  });
  const [ONE, TWO] = [found(7, { review: review(PLAN) }), found(8, { review: review(OLD) })];
  const [NONE, EDITED] = [found(9, { comment: null }), found(10, { integrity: 'edited' })];
  const LARGE = found(11, { review: review(null, OTHER_FINGERPRINT) });
  const inputs = { fingerprint: null, allowUnreviewed: false };

  it.each<[string, readonly FoundReview[], object]>([
    ['one plan of one', [ONE], { kind: 'plan', plan: PLAN }],
    ['all plans of several', [ONE, TWO], { kind: 'plan', plan: PLAN, others: [OLD] }],
    [
      'the plans that there are, and those without one are named',
      [NONE, TWO, EDITED, LARGE],
      { kind: 'plan', plan: OLD, unknown: ['pull request #9', 'pull request #10', 'pull request #11'] },
    ],
    [
      'a fingerprint where that is all',
      [NONE, LARGE],
      { kind: 'fingerprint', fingerprint: OTHER_FINGERPRINT },
    ],
    ['none where there is none', [NONE, EDITED], expect.objectContaining({ kind: 'none' })],
  ])('are reviewed by %s', (_, reviews, expected) => {
    expect(reviewedByAll(inputs, 'push', reviews, WORDS)).toEqual(expected);
  });

  it.each<[string, FoundReview, object]>([
    ['the plan that was reviewed', ONE, { kind: 'plan', plan: PLAN }],
    [
      'the plan that took its place',
      found(7, { review: { ...review(OLD), fresh: PLAN.fingerprint, freshPlan: PLAN } }),
      { kind: 'plan', plan: PLAN },
    ],
    ['a plan that no comment has', TWO, { kind: 'fingerprint', fingerprint: PLAN.fingerprint.slice(0, 8) }],
    ['a plan of no comment', NONE, { kind: 'fingerprint', fingerprint: PLAN.fingerprint.slice(0, 8) }],
  ])('are told by hand by a fingerprint: %s', (_, one, expected) => {
    const given = { ...inputs, fingerprint: PLAN.fingerprint.slice(0, 8) };
    expect(reviewedByAll(given, 'started', [one], WORDS)).toEqual(expected);
  });

  it('are waived together', () => {
    const waiving = { ...inputs, allowUnreviewed: true };
    expect(reviewedByAll(waiving, 'push', [NONE, { ...NONE, pull: 12 }], WORDS)).toEqual({ kind: 'waived' });
    expect(reviewedByAll(waiving, 'push', [NONE, TWO], WORDS)).toEqual({
      kind: 'plan',
      plan: OLD,
      unknown: ['pull request #9'],
    });
    expect(reviewedByAll(waiving, 'push', [], WORDS)).toEqual({ kind: 'waived' });
  });

  it('are not waived where one of them has a plan that was edited', () => {
    const waiving = { ...inputs, allowUnreviewed: true };
    expect(reviewedByAll(waiving, 'push', [NONE, EDITED], WORDS)).toEqual({
      kind: 'none',
      why: expect.stringContaining('comment 10 on pull request #10 was edited'),
    });
  });

  it.each<[string, Partial<FoundReview>, string]>([
    [
      'a plan of another key',
      { unproven: 1002, others: 1 },
      'pull request #7 has a plan in comment 1002 that was edited, or made with another key. Give plan and apply the same REGSYNC_PLAN_KEY (without it, the same API key)',
    ],
    [
      'a plan of another job',
      { others: 1 },
      'pull request #7 has a plan from other jobs, and none from this one: give apply the same working-directory, config, account, shard, manifests, target and exclude as the job that plans',
    ],
    [
      'plans of other jobs',
      { others: 2 },
      'pull request #7 has 2 plans from other jobs, and none from this one: give apply the same working-directory, config, account, shard, manifests, target and exclude as the job that plans',
    ],
  ])('are told what a pull request has instead: %s', (_, given, why) => {
    expect(reviewedByAll(inputs, 'push', [found(7, given)], WORDS)).toEqual({ kind: 'none', why });
  });

  it('have the commits of the push, with that of the event as the last', () => {
    expect(commitsOf({ ...PUSH, commits: [HEAD, MERGE, OTHER_SHA] })).toEqual([HEAD, OTHER_SHA, MERGE]);
    expect(commitsOf({ ...PUSH, commits: [] })).toEqual([MERGE]);
  });

  it('each hear of what their own plan shows', () => {
    const outcomes = [outcome({ name: 'old' }), outcome({ name: 'elsewhere' })];
    expect(outcomesFor(TWO, outcomes, 2).map(({ name }) => name)).toEqual(['old']);
    expect(outcomesFor(TWO, outcomes, 1)).toBe(outcomes);
    expect(outcomesFor(NONE, outcomes, 2)).toBe(outcomes);
  });
});

describe('A plan that is started by hand', () => {
  const FRESH = 'abcdef01'.repeat(8);
  const review = {
    scope: 'acme',
    head: HEAD,
    reviewed: PLAN,
    fingerprint: PLAN.fingerprint,
    drift: null,
    fresh: FRESH,
  };
  it.each<[string, string, Review | null, boolean]>([
    ['the plan that took its place', 'abcdef01', review, true],
    ['the plan that was reviewed', PLAN.fingerprint.slice(0, 8), review, true],
    ['another one', '00000000', review, false],
    ['one that nothing is known of', 'abcdef01', null, false],
    [
      'one of a commit without a plan',
      'abcdef01',
      { ...review, fingerprint: null, fresh: undefined } as never,
      false,
    ],
  ])('is that of a comment which shows %s', (_, fingerprint, shown, expected) => {
    expect(isAbout(fingerprint, shown)).toBe(expected);
  });
});
