import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionRepository, openActionRepository, schedule } from '../../support/action-repository.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import { BOT, type Trouble } from '../../support/servers/github.ts';
import { frenchGroup, germanGroup } from '../../support/test-repository.ts';

/** A GitHub that is overloaded, down, or loses answers, whenever something is written. */

const quick = buildWithClocks(0.02);
let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({ 'groups/de.yaml': germanGroup() }, quick);
  expect((await repository.testRepository.run(['apply', '--yes'])).code).toBe(0);
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

const APPLY = { command: 'apply' };
const DRIFT = { command: 'drift' };
const contact = (text: string) => ({ 'groups/de.yaml': germanGroup({ contact: text }) });

type Kind = Pick<Trouble, 'status' | 'headers' | 'body' | 'isDone'>;

const SECONDARY = '{"message":"You have exceeded a secondary rate limit. Please wait a few minutes."}';
const PASSING: readonly (readonly [string, Kind])[] = [
  ['429 and a time to wait', { status: 429, headers: { 'retry-after': '1' } }],
  ['403 for a secondary limit', { status: 403, headers: { 'retry-after': '2' }, body: SECONDARY }],
  ['502', { status: 502, body: '<html>' }],
  ['502, and does it', { status: 502, body: '<html>', isDone: true }],
  ['nothing', { status: 'lost' }],
  ['nothing, and does it', { status: 'lost', isDone: true }],
];

/** Each comment of the pull request and each issue, by what it says. */
const headOf = (body: string) => body.split('\n').slice(1, 4).join('\n');
const comments = () => repository.comments(7).map(({ body }) => headOf(body));
const issues = () => repository.github.issues.map(({ title, state }) => `${title} (${state})`);

describe('A GitHub that answers a write', () => {
  it.each(PASSING)('with %s has one true record of each run in the end', async (_, kind) => {
    const isTroubled = (method: string, path: RegExp, given: Partial<Trouble> = {}) =>
      repository.github.trouble({ method, path, ...kind, ...given });

    isTroubled('POST', /comments$/);
    expect((await repository.run(await repository.pushToPull(7, contact('one')))).code).toBe(0);
    expect(comments()).toEqual([expect.stringContaining('📋 **Planned**')]);
    const first = repository.comments(7)[0]?.body;

    isTroubled('PATCH', /comments/);
    expect((await repository.run(await repository.pushToPull(7, contact('two')))).code).toBe(0);
    expect(comments()).toEqual([expect.stringContaining('📋 **Planned**')]);
    expect(repository.comments(7)[0]?.body).not.toBe(first);

    isTroubled('PATCH', /comments/, { times: 2 });
    isTroubled('PATCH', /comments/, { after: 1 });
    const { code, err } = await repository.run(repository.merge(7), APPLY);
    expect(code, err).toBe(0);
    expect(comments()).toEqual([expect.stringContaining('✅ **Applied**')]);

    await repository.write('groups/fr.yaml', frenchGroup());
    const event = schedule(repository.commit('Add one'));
    isTroubled('POST', /issues$/);
    expect((await repository.run(event, DRIFT)).code).toBe(0);
    expect(issues()).toEqual(['regsync acme: 1 group differs (open)']);

    isTroubled('PATCH', /issues/);
    await repository.write('groups/fr-2.yaml', frenchGroup({ name: 'fr-second' }));
    expect((await repository.run(schedule(repository.commit('Add another')), DRIFT)).code).toBe(0);
    expect(issues()).toEqual([expect.stringMatching(/^regsync acme: 2 groups differ.*\(open\)$/)]);

    isTroubled('PATCH', /issues/);
    expect((await repository.testRepository.run(['apply', '--yes'])).code).toBe(0);
    expect((await repository.run(event, DRIFT)).code).toBe(0);
    expect(issues()).toEqual([expect.stringMatching(/\(closed\)$/)]);
    expect(repository.github.issues.map(({ user }) => user.login)).toEqual([BOT]);
  });
});

describe('A GitHub that stays out of reach', () => {
  const DOWN = { status: 502, body: '<html>', times: 99 } as const;
  const CAUTION = /> \[!CAUTION\]\n> \*\*GitHub could not be reached: .*\*\*/;

  it('makes the plan job red, which says that the plan is only in the summary', async () => {
    repository.github.trouble({ method: 'POST', path: /comments$/, ...DOWN });
    const { code, out, summary } = await repository.run(await repository.pushToPull(7, contact('one')));
    expect(code).toBe(8);
    expect(out).toContain(
      '::error title=regsync%3A github::GitHub could not be reached: the plan is only in the summary of this run, and not in a comment. Run this job again before you merge.',
    );
    expect(summary).toMatch(CAUTION);
    expect(summary).toContain('### regsync plan · `acme` · 1 group changes');
    expect(out + summary).not.toContain('<html>');
    expect(repository.github.writes()).toHaveLength(6);
  });

  it('makes the drift job red', async () => {
    await repository.write('groups/fr.yaml', frenchGroup());
    repository.github.trouble({ method: 'POST', path: /issues$/, ...DOWN });
    const { code, summary } = await repository.run(schedule(repository.commit('Add one')), DRIFT);
    expect([code, summary]).toEqual([8, expect.stringMatching(CAUTION)]);
  });

  it('leaves what was applied applied, and makes the job red', async () => {
    await repository.run(await repository.pushToPull(7, contact('one')));
    repository.github.trouble({ method: 'PATCH', path: /comments/, ...DOWN });
    const { code, out, summary } = await repository.run(repository.merge(7), APPLY);
    expect(code).toBe(4);
    expect(out).toContain(
      '::error title=regsync%3A github::GitHub could not be reached: only this summary shows the result of the apply, and the comment does not',
    );
    expect(summary).toContain('### regsync apply · 1 group done');
  });
});

describe('A token that lacks a permission', () => {
  const DENIED = {
    status: 403,
    body: '{"message":"Resource not accessible by integration"}',
    times: 99,
  } as const;

  it('to comment leaves the plan job green, with the permission named', async () => {
    repository.github.trouble({ method: 'POST', path: /comments$/, ...DENIED });
    const { code, out } = await repository.run(await repository.pushToPull(7, contact('one')));
    expect(code).toBe(0);
    expect(out).toMatch(/^::warning .*The token lacks the permission "pull-requests: write"$/m);
    expect(repository.github.writes()).toHaveLength(1);
  });

  it('to open an issue leaves the drift job green, with the permission named', async () => {
    await repository.write('groups/fr.yaml', frenchGroup());
    repository.github.trouble({ method: 'POST', path: /issues$/, ...DENIED });
    const { code, out } = await repository.run(schedule(repository.commit('Add one')), DRIFT);
    expect(code).toBe(0);
    expect(out).toMatch(/^::warning .*The token lacks the permission "issues: write"$/m);
  });
});
