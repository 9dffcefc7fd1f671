import { describe, expect, it } from 'vitest';
import {
  chooseReviewed,
  commentBody,
  type FoundComment,
  findComment,
  isTooLarge,
  keepText,
  openDesk,
  type Review,
  reviewOf,
} from '../../../src/cli/review/comment.ts';
import { outdatedIn } from '../../../src/cli/review/outdated.ts';
import { unsignedBody, withdrawnBody } from '../../../src/cli/review/withdraw.ts';
import { embedPlan } from '../../../src/forge/embedded-plan.ts';
import {
  type Marker,
  SEAL_BYTES,
  seal,
  type Topic,
  writeMarker,
  writeWithdrawn,
} from '../../../src/forge/marker.ts';
import type { Desk, Sticky } from '../../../src/forge/sticky.ts';
import { openGitHubForge } from '../../../src/github/github-forge.ts';
import { commentsOn, issuesOf } from '../../../src/github/shelves.ts';
import { digestOf } from '../../../src/kinds/values/fingerprint.ts';
import type { Ending } from '../../../src/model/ending.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { COMMENT_BYTES, renderPlanComment } from '../../../src/render/markdown/plan.ts';
import { renderValidateSummary } from '../../../src/render/markdown/validate.ts';
import {
  actionRun,
  HEAD,
  LOGIN,
  MemoryGitHub,
  REPOSITORY,
  RUN_URL,
  WORDS,
} from '../../support/action-run.ts';
import { creates, crowd, identitiesOf } from '../../support/markdown-plans.ts';
import { planKeys } from '../../support/plans.ts';

const KEYS = planKeys();
const sign = (value: unknown) => digestOf(KEYS, value);
const PLACE = { repository: REPOSITORY, pull: 7 };
const AT = { repository: REPOSITORY, serverUrl: 'https://github.example.com' };
const DESK = { place: PLACE, sign, words: WORDS };
const PLAN = creates(['a', 'b']);
const FRESH = creates(['a', 'b', 'c']);
const DRIFT = identitiesOf(PLAN.changes.filter(({ name }) => name === 'b'));
const REVIEW: Review = {
  scope: 'acme',
  head: HEAD,
  reviewed: PLAN,
  fingerprint: PLAN.fingerprint,
  drift: DRIFT,
};
const MARKER: Marker = { kind: 'plan', scope: 'acme', fingerprint: PLAN.fingerprint, head: HEAD };
const PLANNED = { status: { state: 'planned' }, runUrl: RUN_URL } as const;

const ENCLOSED = embedPlan({
  plan: PLAN,
  drift: PLAN.changes.flatMap(({ name }, index) => (name === 'b' ? [index] : [])),
});

describe('The text of a comment', () => {
  const rendered = (plan: Plan, tail: string, drift?: ReadonlySet<string>, marker = MARKER) =>
    renderPlanComment(plan, {
      ...PLANNED,
      marker: writeMarker(marker, PLACE, sign),
      limitBytes: COMMENT_BYTES - SEAL_BYTES - Buffer.byteLength(tail),
      ...(drift === undefined ? {} : { drift }),
    }) + tail;

  it('shows the reviewed plan, what it did not bring apart, and carries both', () => {
    const text = commentBody(REVIEW, DESK, PLAN, PLANNED, []);
    expect(text).toBe(rendered(PLAN, `\n${ENCLOSED}\n`, DRIFT));
    expect(text).toContain('#### Not from this pull request');
  });

  it('has remarks between the plan and what it carries', () => {
    const tail = `\none\n\ntwo\n\n${ENCLOSED}\n`;
    expect(commentBody(REVIEW, DESK, PLAN, PLANNED, ['one', 'two'])).toBe(rendered(PLAN, tail, DRIFT));
  });

  it('shows another plan without what the reviewed one did not bring, and still carries the reviewed one', () => {
    const text = commentBody(REVIEW, DESK, FRESH, PLANNED, []);
    expect(text).toBe(rendered(FRESH, `\n${ENCLOSED}\n`));
    expect(text).not.toContain('#### Not from this pull request');
  });

  it('carries no place where nothing is known of what was there before', () => {
    const tail = `\n${embedPlan({ plan: PLAN, drift: [] })}\n`;
    expect(commentBody({ ...REVIEW, drift: null }, DESK, PLAN, PLANNED, [])).toBe(rendered(PLAN, tail));
  });

  it('carries nothing where nothing was reviewed', () => {
    const none = { scope: 'acme', head: HEAD, reviewed: null, fingerprint: null, drift: null };
    const marker = { ...MARKER, fingerprint: null };
    expect(commentBody(none, DESK, FRESH, PLANNED, [])).toBe(rendered(FRESH, '', undefined, marker));
  });

  it('of a large plan leaves room for what it carries, for remarks, and for its seal', () => {
    const plan = crowd(500);
    const review = { ...REVIEW, reviewed: creates(['a']), drift: new Set<string>() };
    const remark = 'x'.repeat(5_000);
    const text = seal(commentBody(review, DESK, plan, PLANNED, [remark]), sign);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(COMMENT_BYTES);
    const tail = `\n${remark}\n\n${embedPlan({ plan: review.reviewed, drift: [] })}\n`;
    expect(text).toBe(seal(rendered(plan, tail), sign));
  });

  const ARTIFACT = { name: 'regsync-plan-0123456789abcdef', sha256: '0'.repeat(64) };
  const large = (given: Partial<Review> = {}): Review => {
    const plan = crowd(900);
    return { ...REVIEW, reviewed: plan, fingerprint: plan.fingerprint, artifact: ARTIFACT, ...given };
  };
  const lineOf = (review: Review, status: 'planned' | 'applied' = 'planned') =>
    commentBody(review, DESK, crowd(900), { status: { state: status }, runUrl: RUN_URL }, []);

  it('of a plan that is too large for it says where that is kept, and what follows where it is not', () => {
    const text = lineOf(large());
    expect(isTooLarge(large(), WORDS)).toBe(true);
    expect(text.split('\n')[0]).toContain(`"artifact":${JSON.stringify(ARTIFACT)}`);
    expect(text).toContain(
      '<sub>This plan is too large for this comment. In this workflow, upload the output plan-file as the artifact ' +
        '`regsync-plan-0123456789abcdef` (output plan-artifact), and give the job that applies the permission "actions: read". ' +
        'Otherwise apply can only compare fingerprints: if it stops half-way, you have to review the rest again.</sub>',
    );
    expect(Buffer.byteLength(seal(text, sign))).toBeLessThanOrEqual(COMMENT_BYTES);
    expect(reviewOf({ marker: MARKER, body: text }, KEYS, WORDS).reviewed).toBeNull();
  });

  it('of a plan that is kept elsewhere still carries what that did not bring', () => {
    const review = large();
    const plan = review.reviewed as Plan;
    const drift = identitiesOf(plan.changes.slice(1, 3));
    const body = lineOf({ ...review, drift });
    const marker = { ...MARKER, fingerprint: plan.fingerprint, artifact: ARTIFACT };
    const carried = { ...REVIEW, fingerprint: plan.fingerprint, artifact: ARTIFACT };
    expect(reviewOf({ marker, body }, KEYS, WORDS, plan)).toEqual({ ...carried, reviewed: plan, drift });
    expect(reviewOf({ marker, body }, KEYS, WORDS, PLAN)).toEqual({
      ...carried,
      reviewed: null,
      drift: new Set(),
    });
  });

  it('leaves out the plan that took its place where there is no room for both', () => {
    const fresh = crowd(900);
    const review = { ...REVIEW, fresh: fresh.fingerprint, freshPlan: fresh };
    expect(isTooLarge(review, WORDS)).toBe(false);
    const marker = { ...MARKER, fresh: fresh.fingerprint };
    expect(commentBody(review, DESK, PLAN, PLANNED, [])).toBe(
      rendered(PLAN, `\n${ENCLOSED}\n`, DRIFT, marker),
    );
  });

  it('is marked with its configuration and its part', () => {
    const topic = { scope: 'acme', configuration: 'eu', part: 'de' };
    const text = commentBody({ ...REVIEW, ...topic }, DESK, PLAN, PLANNED, []);
    const marker = { ...MARKER, ...topic };
    expect(text).toBe(rendered(PLAN, `\n${ENCLOSED}\n`, DRIFT, marker));
    expect(reviewOf({ marker, body: text }, KEYS, WORDS)).toEqual({ ...REVIEW, ...topic });
  });

  it('keeps where the plan is, whatever becomes of it, and though it could not be fetched', () => {
    for (const review of [large(), large({ reviewed: null })]) {
      const text = lineOf(review, 'applied');
      expect(text.split('\n')[0]).toContain(`"artifact":${JSON.stringify(ARTIFACT)}`);
      expect(text).not.toContain('too large for this comment');
    }
  });

  it('that has room for its plan names no artifact', () => {
    const review = { ...REVIEW, artifact: ARTIFACT };
    expect(isTooLarge(review, WORDS)).toBe(false);
    expect(commentBody(review, DESK, PLAN, PLANNED, [])).not.toContain('artifact');
  });

  it('says why nothing could be told apart', () => {
    expect(WORDS.driftUnknown).toBe(
      '<sub>regsync could not plan the base branch, so this plan does not show which differences existed before this pull request. Give actions/checkout `fetch-depth: 2`.</sub>',
    );
  });
});

describe('The text in place of a plan that could not be made', () => {
  const marker = writeMarker({ ...MARKER, fingerprint: null }, PLACE, sign);
  const ending = (problems: readonly Problem[]): Ending => ({
    exit: 3,
    code: 'invalid',
    message: 'no `manifests`',
    problems,
    doctorHelps: false,
  });
  const foot = `<sub>scope \`acme\` · <a href="${RUN_URL}">run</a></sub>\n`;
  const head = `${marker}\n### regsync plan · no plan for \`${HEAD.slice(0, 7)}\`\n\n> [!CAUTION]\n> **regsync could not plan this commit.** If you merge it, nothing is applied.\n`;
  const links = { runUrl: RUN_URL };

  it('says why', () => {
    expect(withdrawnBody(DESK, { scope: 'acme' }, HEAD, { ending: ending([]), links })).toBe(
      `${head}> - \`\` no \`manifests\` \`\`\n\n${foot}`,
    );
  });

  it('names the job that could not plan, and of its part', () => {
    const text = withdrawnBody(DESK, { scope: 'acme', part: 'de' }, HEAD, {
      ending: ending([]),
      links,
      about: 'the job *de*',
    });
    const [first, title] = text.split('\n');
    expect(first).toBe(writeMarker({ ...MARKER, part: 'de', fingerprint: null }, PLACE, sign));
    expect(title).toBe(`### regsync plan · the job *de* · no plan for \`${HEAD.slice(0, 7)}\``);
  });

  it('names no problem where there is no key to sign it, because anybody may have written the same', () => {
    const problem: Problem = { severity: 'error', code: 'odd', message: 'is odd' };
    expect(unsignedBody({ scope: 'acme' }, HEAD, { ending: ending([problem]), links })).toBe(
      `${writeWithdrawn({ scope: 'acme' })}\n${head.slice(marker.length + 1)}> - \`\` no \`manifests\` \`\`\n\n${foot}`,
    );
  });

  it('says what is wrong, and where, as far as there is room', () => {
    const problems = Array.from(
      { length: 2_000 },
      (_, n): Problem => ({ severity: 'error', code: 'odd', message: `is odd in a way that is number ${n}` }),
    );
    const text = withdrawnBody(DESK, { scope: 'acme' }, HEAD, { ending: ending(problems), links });
    const summary = renderValidateSummary(problems, { ...links, limitBytes: COMMENT_BYTES - 2000 });
    expect(text).toBe(`${head}\n${summary}\n\n${foot}`);
    expect(Buffer.byteLength(text)).toBeLessThan(COMMENT_BYTES);
  });
});

describe('What is under review by a comment', () => {
  const stickyOf = (line: string, marker = MARKER) => ({
    id: 3,
    body: `${writeMarker(marker, PLACE, sign)}\ntext\n\n${line}\n`,
    marker,
    integrity: 'intact' as const,
  });
  const NOTHING: Review = { ...REVIEW, reviewed: null, drift: new Set() };

  it('is the plan in it, and what that did not bring', () => {
    expect(reviewOf(stickyOf(ENCLOSED), KEYS, WORDS)).toStrictEqual(REVIEW);
  });

  it.each<[string, string, Partial<Marker>, Review]>([
    ['carries none', '', {}, NOTHING],
    [
      'carries one that it does not speak of',
      ENCLOSED,
      { fingerprint: FRESH.fingerprint },
      { ...NOTHING, fingerprint: FRESH.fingerprint },
    ],
    ['speaks of none', ENCLOSED, { fingerprint: null }, { ...NOTHING, fingerprint: null }],
    [
      'carries one that is none',
      embedPlan({ plan: { fingerprint: PLAN.fingerprint }, drift: [0] }),
      {},
      NOTHING,
    ],
    [
      'carries one that was changed',
      embedPlan({ plan: { ...PLAN, applyable: !PLAN.applyable }, drift: [0] }),
      {},
      NOTHING,
    ],
    ['is of no commit', ENCLOSED, { head: null }, { ...REVIEW, head: '' }],
    [
      'names places that are none',
      embedPlan({ plan: PLAN, drift: [99, -1] }),
      {},
      { ...REVIEW, drift: new Set() },
    ],
  ])('is no more than it can prove where it %s', (_, line, marker, expected) => {
    expect(reviewOf(stickyOf(line, { ...MARKER, ...marker }), KEYS, WORDS)).toEqual(expected);
  });

  it('is with it the plan that took its place, if that is what the marker speaks of', () => {
    const fresh = { ...REVIEW, fresh: FRESH.fingerprint, freshPlan: FRESH };
    const body = commentBody(fresh, DESK, FRESH, PLANNED, []);
    const marker = { ...MARKER, fresh: FRESH.fingerprint };
    expect(reviewOf({ marker, body }, KEYS, WORDS)).toEqual(fresh);
    expect(reviewOf({ marker: { ...MARKER, fresh: PLAN.fingerprint }, body }, KEYS, WORDS)).toEqual({
      ...REVIEW,
      fresh: PLAN.fingerprint,
    });
    const forged = commentBody(
      { ...fresh, freshPlan: { ...FRESH, applyable: false } },
      DESK,
      FRESH,
      PLANNED,
      [],
    );
    expect(reviewOf({ marker, body: forged }, KEYS, WORDS)).toEqual({ ...REVIEW, fresh: FRESH.fingerprint });
    const alone = commentBody({ ...fresh, reviewed: null }, DESK, FRESH, PLANNED, []);
    expect(reviewOf({ marker, body: alone }, KEYS, WORDS)).toEqual({
      ...REVIEW,
      fresh: FRESH.fingerprint,
      reviewed: null,
      drift: new Set(),
    });
  });

  it('is no plan of another key', () => {
    expect(reviewOf(stickyOf(ENCLOSED), planKeys('another key'), WORDS)).toEqual(NOTHING);
  });

  it('is found in a comment about a plan alone', async () => {
    const github = new MemoryGitHub();
    const body = seal(`${writeMarker(MARKER, PLACE, sign)}\ntext\n`, sign);
    github.comments.push({ id: 3, number: 3, body, user: { login: LOGIN } });
    const desk = await openDesk(openGitHubForge(github, actionRun({ github }).workflow, ''), KEYS, 7);
    expect([desk.shelf.place, desk.login, desk.sign('x')]).toEqual([PLACE, LOGIN, sign('x')]);
    expect(await findComment(desk, { scope: 'acme' }, 'b'.repeat(40))).toMatchObject({
      ours: { id: 3, marker: MARKER },
      others: [],
    });
    expect(await findComment(desk, { scope: 'other' }, 'b'.repeat(40))).toMatchObject({
      ours: null,
      others: [{ id: 3 }],
    });
  });

  it('is not found in the text of an issue about drift, which anybody may paste', async () => {
    const github = new MemoryGitHub();
    const drift = { ...MARKER, kind: 'drift' } as const;
    for (const [id, marker] of [drift, { ...drift, part: 'de' }].entries()) {
      const body = seal(`${writeMarker(marker, PLACE, sign)}\ntext\n`, sign);
      github.comments.push({ id, number: id, body, user: { login: LOGIN } });
    }
    const desk = await openDesk(openGitHubForge(github, actionRun({ github }).workflow, ''), KEYS, 7);
    expect(await findComment(desk, { scope: 'acme' }, 'b'.repeat(40))).toMatchObject({
      ours: null,
      others: [],
    });
  });

  const found = (topic: Topic): Sticky => ({
    id: 3,
    body: '',
    integrity: 'intact',
    marker: { ...MARKER, ...topic },
  });
  const WHOLE = found({ scope: 'acme' });
  const GERMAN = found({ scope: 'acme', part: 'de' });
  const DUTCH = found({ scope: 'acme', part: 'nl' });
  const EU = found({ scope: 'acme', configuration: 'eu', part: 'de' });
  const SHARD = found({ scope: 'acme shard 1/2', part: 'de' });

  it.each<[string, Topic, Pick<FoundComment, 'ours' | 'others'>, Sticky | null]>([
    ['the one of its job', { scope: 'acme' }, { ours: WHOLE, others: [GERMAN] }, WHOLE],
    [
      'the only narrowed one, for one that is not',
      { scope: 'acme' },
      { ours: null, others: [GERMAN, EU, SHARD] },
      GERMAN,
    ],
    ['none of several', { scope: 'acme' }, { ours: null, others: [GERMAN, DUTCH] }, null],
    ['none of another part', { scope: 'acme', part: 'nl' }, { ours: null, others: [GERMAN] }, null],
    ['none of another configuration', { scope: 'acme' }, { ours: null, others: [EU] }, null],
    ['none of a shard', { scope: 'acme' }, { ours: null, others: [SHARD] }, null],
  ])('is, for an apply, %s', (_, topic, comments, chosen) => {
    expect(chooseReviewed(comments, topic)).toBe(chosen);
  });
});

describe('What looks as if it counted beside a comment', () => {
  const of = (id: number, topic: Topic): Sticky => ({
    id,
    body: '',
    integrity: 'intact',
    marker: { ...MARKER, ...topic },
  });
  const none = { doubles: [], unproven: [], withdrawn: [] };

  it('is named with the reason', () => {
    const found = { doubles: [1], unproven: [2, 3], withdrawn: [4], others: [] };
    expect(outdatedIn(found, { scope: 'acme' })).toEqual([
      { id: 1, why: 'Two runs wrote at the same time.' },
      { id: 2, why: 'It was edited, or made with another key.' },
      { id: 3, why: 'It was edited, or made with another key.' },
      { id: 4, why: 'regsync could not plan its commit.' },
    ]);
  });

  it.each<[string, Topic, Topic, boolean]>([
    ['of another number of shards', { scope: 'acme shard 1/2' }, { scope: 'acme shard 1/3' }, true],
    ['of shards, where there are none', { scope: 'acme shard 1/2' }, { scope: 'acme' }, true],
    ['of no shard, where there are some', { scope: 'acme' }, { scope: 'acme shard 1/2' }, true],
    ['of another shard', { scope: 'acme shard 1/2' }, { scope: 'acme shard 2/2' }, false],
    ['of another scope', { scope: 'other shard 1/2' }, { scope: 'acme shard 1/3' }, false],
    ['of another part', { scope: 'acme shard 1/2', part: 'de' }, { scope: 'acme shard 1/3' }, false],
    ['of another configuration', { scope: 'acme' }, { scope: 'acme shard 1/3', configuration: 'eu' }, false],
    ['of another part of the whole', { scope: 'acme', part: 'de' }, { scope: 'acme' }, false],
  ])('is one %s: %j beside %j', (_, other, topic, isOutdated) => {
    const why = 'The number of jobs that share the groups has changed.';
    expect(outdatedIn({ ...none, others: [of(5, other)] }, topic)).toEqual(
      isOutdated ? [{ id: 5, why }] : [],
    );
  });
});

describe('A text that is kept on GitHub', () => {
  const text = `${writeMarker(MARKER, PLACE, sign)}\nwith a secret\n`;
  const deskOf = (github: MemoryGitHub, given: Partial<Desk> = {}): Desk => ({
    shelf: commentsOn(github, AT, 7),
    login: LOGIN,
    sign,
    ...given,
  });

  it('is covered before it is sealed, and named in the log and the outputs', async () => {
    const github = new MemoryGitHub();
    const run = actionRun({ github, cover: (given) => given.replace('secret', '«sensitive»') });
    expect(await keepText(run, deskOf(github), null, text)).toMatchObject({ id: 1001, integrity: 'intact' });
    expect(github.comments.map(({ body }) => body)).toEqual([
      seal(text.replace('secret', '«sensitive»'), sign),
    ]);
    expect([run.said.err, run.outputs.get('comment-id'), run.said.issuedCommands]).toEqual([
      'Comment 1001: created.\n',
      1001,
      [],
    ]);
  });

  it('says nothing of who wrote it where nothing was written', async () => {
    const github = new MemoryGitHub();
    const run = actionRun({ github });
    const kept = await keepText(run, deskOf(github), null, text);
    await keepText(run, deskOf(github, { login: 'somebody' }), kept, text);
    expect(run.said.err).toBe('Comment 1001: created.\nComment 1001: unchanged.\n');
    expect(run.said.issuedCommands).toEqual([]);
  });

  const warning = (words: string) => `::warning title=regsync%3A github::${words}`;

  it('complains about a token that writes as another', async () => {
    const github = new MemoryGitHub();
    const run = actionRun({ github });
    await keepText(run, deskOf(github, { login: 'somebody' }), null, text);
    expect(run.said.issuedCommands).toEqual([
      warning(
        `this token writes as ${LOGIN}, but regsync expected somebody: set the input comment-author to that name, or the next run does not find this comment again`,
      ),
    ]);
  });

  it.each<[string, (github: MemoryGitHub) => Partial<Desk>, string]>([
    ['a comment', () => ({}), 'comment 3'],
    ['an issue', (github) => ({ shelf: issuesOf(github, AT) }), 'issue #3'],
  ])('complains where GitHub holds %s otherwise', async (_, given, name) => {
    const github = new MemoryGitHub();
    github.send = async () => ({ id: 3, number: 3, body: 'another', user: { login: LOGIN } });
    const run = actionRun({ github });
    await keepText(run, deskOf(github, given(github)), null, text, { state: 'closed' });
    expect(run.said.issuedCommands).toEqual([
      warning(`GitHub changed ${name} while storing it, so the next run treats it as edited`),
    ]);
    expect(run.said.err.toLowerCase()).toBe(`${name}: closed.\n`);
  });
});
