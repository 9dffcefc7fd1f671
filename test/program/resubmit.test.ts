import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan/plan.ts';
import { callApi } from '../support/orders.ts';
import { forward, openProxy } from '../support/proxies/proxy.ts';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../support/test-repository.ts';

/** The same content goes to review again after an answer or an expiry, only if somebody asks for it. */

const CONTACT = 'Jane Roe, Example GmbH';
const SAME_AGAIN = 'the same content is submitted again: nothing in it changed since a reviewer declined it';

let repository: TestRepository;
let id: string;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup({ contact: CONTACT }) });
  expect(await repository.run(['apply', '--yes'])).toMatchObject({ code: 0 });
  id = (await repository.state()).groups[0]?.id ?? '';
  await repository.control(`groups/${id}/decline`, {
    requirement_ids: [DE_REQUIREMENTS.contact],
    comment: `Is ${CONTACT} an employee?`,
  });
  await repository.forgetRequests();
});
afterEach(() => repository.end());

const status = async () => (await repository.state()).groups.find((group) => group.id === id)?.status;
const writes = async () =>
  (await repository.requests())
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replace(id, '{id}')}`);
const SUBMIT = 'POST /requirement_groups/{id}/submit_for_approval';
const planned = async (...words: string[]): Promise<Plan> =>
  JSON.parse((await repository.run(['plan', '--format', 'json', ...words])).out) as Plan;
const answer = () =>
  expect(repository.run(['reply', 'de-local', 'She is.', '--yes'])).resolves.toMatchObject({ code: 0 });

it('nothing is submitted again unasked, neither after a decline nor after an answer', async () => {
  for (const act of [async () => {}, answer]) {
    await act();
    await repository.forgetRequests();
    expect((await planned()).changes).toEqual([]);
    expect(await repository.run(['apply', '--yes'])).toMatchObject({ code: 0 });
    expect([await writes(), await status()]).toEqual([[], 'declined']);
  }
});

it('a declined group is shown with the reviewer’s words, submitted alone, and read back', async () => {
  await answer();
  await repository.forgetRequests();
  const plan = await planned('--resubmit', 'de-local');
  expect(plan).toMatchObject({
    applyable: true,
    summary: { submit: 1, groups: { update: 0, unchanged: 1 } },
    options: { resubmit: ['de-local'] },
    diagnostics: [],
  });
  expect(plan.changes).toEqual([
    expect.objectContaining({
      actions: ['submit'],
      patch: [],
      consequences: [SAME_AGAIN],
      said: [expect.stringMatching(/^Reviewer on .{10}: "Is «sensitive» an employee\?"$/)],
    }),
  ]);
  const { out } = await repository.run(['plan', '--resubmit', 'de-local']);
  expect(out).toMatch(/> {2}de-local .* declined → pending-approval {2}resubmit/);
  expect(out).toContain('> resubmit for approval, with the same content');
  expect(out).toContain(`! ${SAME_AGAIN}`);
  expect(out).toMatch(/Plan: 0 to create, 0 to update, 0 to delete, 1 to submit\.\n$/);
  expect(out).not.toContain('Jane');
  const { out: markdown } = await repository.run(['plan', '--resubmit', 'de-local', '--format', 'markdown']);
  expect(markdown).toContain('**resubmit**');
  expect(markdown).toContain('+ resubmit for approval, with the same content');
  expect(markdown).toContain(
    '⚠️ The same content is submitted again: nothing in it changed since a reviewer declined it.',
  );
  const applied = await repository.run(['apply', '--yes', '--resubmit', 'de-local', '--format', 'json']);
  expect(applied.code).toBe(0);
  expect(JSON.parse(applied.out).outcomes).toEqual([
    expect.objectContaining({ operations: ['submit'], group_status: 'pending-approval', status: 'applied' }),
  ]);
  expect([await writes(), await status()]).toEqual([[SUBMIT], 'pending-approval']);
  expect((await planned()).changes).toEqual([]);
});

it('approvers are told if the reviewer has no answer yet', async () => {
  const unanswered = 'nobody has answered the reviewer yet';
  expect((await planned('--resubmit', 'de-local')).changes[0]?.consequences).toEqual([
    SAME_AGAIN,
    unanswered,
  ]);
  await answer();
  expect((await planned('--resubmit', 'de-local')).changes[0]?.consequences).toEqual([SAME_AGAIN]);
});

it('an expired group is submitted again without a reviewer’s word', async () => {
  await answer();
  await repository.control('approve-all', {});
  await repository.forgetRequests();
  await repository.control(`groups/${id}/expire`, { requirement_ids: [DE_REQUIREMENTS.proof] });
  expect((await planned()).changes).toEqual([]);
  const { changes, attention } = await planned('--resubmit', 'de-local');
  expect(changes.map(({ consequences }) => consequences)).toEqual([
    ['the same content is submitted again: nothing in it changed since it expired'],
  ]);
  expect(attention.map(({ code }) => code)).toContain('expired');
  expect(await repository.run(['apply', '--yes', '--resubmit', 'de-local'])).toMatchObject({ code: 0 });
  expect([await writes(), await status()]).toEqual([[SUBMIT], 'pending-approval']);
  expect((await planned()).changes).toEqual([]);
});

it('only the group that is named is submitted again', async () => {
  await repository.write('groups/fr.yaml', frenchGroup());
  expect(await repository.run(['apply', '--yes'])).toMatchObject({ code: 0 });
  const other = (await repository.state()).groups.find((group) => group.country_code === 'FR')?.id;
  await repository.control(`groups/${other}/decline`, {});
  expect(await repository.run(['apply', '--yes', '--resubmit', 'de-local'])).toMatchObject({ code: 0 });
  expect((await repository.state()).groups.map((group) => group.status).sort()).toEqual([
    'declined',
    'pending-approval',
  ]);
});

it('a name that submits nothing again says why', async () => {
  await repository.write('groups/fr.yaml', frenchGroup());
  const said = async (...words: string[]) =>
    (await planned(...words)).diagnostics.map(({ code, message }) => `${code}: ${message}`);
  expect(await said('--resubmit', 'fr-local', '--resubmit', 'de-locla')).toEqual([
    'resubmit-without-effect: --resubmit de-locla submits nothing again: no group has this name. Did you mean "de-local"?',
    'resubmit-without-effect: --resubmit fr-local submits nothing again: Telnyx has no such group yet. This plan creates it. Leave the flag out.',
  ]);
  await repository.run(['apply', '--yes', '--resubmit', 'de-local']);
  const { code, err } = await repository.run(['apply', '--yes', '--resubmit', 'de-local']);
  expect([code, err]).toEqual([0, expect.stringContaining('it is pending-approval, and only a declined')]);
});

it('a reviewed plan without it does not do it, and one with it does nothing else', async () => {
  const file = join(repository.folder, 'plan.json');
  await repository.run(['plan', '--out', file]);
  const stated = await repository.run(['apply', '--plan', file, '--resubmit', 'de-local']);
  expect([stated.code, stated.err]).toEqual([
    3,
    expect.stringContaining('the reviewed plan was made without this --resubmit'),
  ]);
  expect(await repository.run(['apply', '--plan', file])).toMatchObject({ code: 0 });
  expect(await writes()).toEqual([]);

  await repository.run(['plan', '--resubmit', 'de-local', '--out', file]);
  const pipeline = await repository.run(['ci', 'apply', '--plan', file]);
  expect([pipeline.code, pipeline.out + pipeline.err]).toEqual([
    5,
    expect.stringContaining('--resubmit de-local (for "de-local")'),
  ]);
  expect(await writes()).toEqual([]);
  const patch = {
    regulatory_requirements: [{ requirement_id: DE_REQUIREMENTS.contact, field_value: 'A stranger' }],
  };
  await callApi(repository, 'PATCH', `/requirement_groups/${id}`, patch);
  const stale = await repository.run(['apply', '--plan', file]);
  expect([stale.code, stale.err]).toEqual([5, expect.stringContaining('RequirementGroup/de-local')]);
});

it('a reviewed plan with it is carried out once', async () => {
  const file = join(repository.folder, 'plan.json');
  await repository.run(['plan', '--resubmit', 'de-local', '--out', file]);
  await answer();
  await repository.forgetRequests();
  expect(await repository.run(['apply', '--plan', file])).toMatchObject({ code: 0 });
  expect(await repository.run(['apply', '--plan', file])).toMatchObject({ code: 0 });
  expect(await writes()).toEqual([SUBMIT]);
});

it('a reviewed plan with it is void when the reviewer wrote again after the answer', async () => {
  const file = join(repository.folder, 'plan.json');
  await repository.control('clock', { advance_seconds: 60 });
  await answer();
  await repository.run(['plan', '--resubmit', 'de-local', '--out', file]);
  await repository.control('clock', { advance_seconds: 60 });
  await repository.control(`groups/${id}/ask`, { comment: 'Since when?' });
  const { code, err } = await repository.run(['apply', '--plan', file]);
  expect([code, err]).toEqual([5, expect.stringContaining('a reviewer wrote after the plan was made')]);
});

it('a plan file out of which somebody took the gate is refused', async () => {
  const file = join(repository.folder, 'plan.json');
  await repository.run(['plan', '--resubmit', 'de-local', '--out', file]);
  const plan = JSON.parse(await readFile(file, 'utf8')) as { options: { resubmit?: string[] } };
  delete plan.options.resubmit;
  await writeFile(file, JSON.stringify(plan));
  const { code, err } = await repository.run(['apply', '--plan', file]);
  expect([code, err]).toEqual([5, expect.stringContaining('the plan file does not belong to this run')]);
  expect(await writes()).toEqual([]);
});

it.each([
  ['a submission whose answer is lost is looked up', { kind: 'drop_after' }, 0, 1],
  ['a submission that changes nothing has failed', { kind: 'noop' }, 4, 1],
])('%s', async (_, fault, code, sent) => {
  await repository.control('faults', { ...fault, match: { method: 'POST', path: 'submit_for_approval$' } });
  expect(await repository.run(['apply', '--yes', '--resubmit', 'de-local'])).toMatchObject({ code });
  expect(await writes()).toEqual(Array(sent).fill(SUBMIT));
});

it('a refusal names the answer that Telnyx may wait for, and after it the same goes through', async () => {
  await repository.control('quirks', { resubmission: 'after-answer' }, 'PATCH');
  const refused = await repository.run(['apply', '--yes', '--resubmit', 'de-local']);
  expect([refused.code, refused.out]).toEqual([4, expect.stringContaining('regsync reply de-local "…"')]);
  await repository.control('clock', { advance_seconds: 60 });
  await answer();
  expect(await repository.run(['apply', '--yes', '--resubmit', 'de-local'])).toMatchObject({ code: 0 });
  expect(await status()).toBe('pending-approval');
});

it('a group that changed its status in between is left as it is', async () => {
  const file = join(repository.folder, 'plan.json');
  await repository.run(['plan', '--resubmit', 'de-local', '--out', file]);
  await repository.control(`groups/${id}/expire`, {});
  const { code, err } = await repository.run(['apply', '--plan', file]);
  expect([code, err]).toEqual([5, expect.stringContaining('the group is expired now')]);
  expect(await writes()).toEqual([]);
});

it.each([
  ['plan', (_: Plan) => ['apply', '--plan', 'plan.json']],
  [
    'fingerprint',
    (plan: Plan) => ['ci', 'apply', '--resubmit', 'de-local', '--fingerprint', plan.fingerprint],
  ],
])('a comment that comes after the review stops the apply of that %s, which quotes it', async (_, words) => {
  const args = ['plan', '--resubmit', 'de-local', '--out', 'plan.json', '--format', 'json'];
  const reviewed: Plan = JSON.parse((await repository.run(args)).out);
  await repository.control(`groups/${id}/ask`, { comment: 'Since when?' });
  await repository.forgetRequests();
  const { code, out, err } = await repository.run(words(reviewed));
  expect([code, out + err]).toEqual([5, expect.stringContaining('Since when?')]);
  expect([await writes(), await status()]).toEqual([[], 'declined']);
  await answer();
  await repository.forgetRequests();
  const again: Plan = JSON.parse((await repository.run(args)).out);
  expect((await repository.run(words(again))).code).toBe(0);
  expect([await writes(), await status()]).toEqual([[SUBMIT], 'pending-approval']);
  expect((await planned()).changes).toEqual([]);
});

it('a comment that comes between the plan and the submission of one apply stops it', async () => {
  await answer();
  await repository.forgetRequests();
  let looks = 0;
  const url = await openProxy(async (message, response) => {
    // The first look is the plan's, the second one comes right before the submission.
    const isLook = message.method === 'GET' && (message.url ?? '').includes('/comments');
    if (isLook && ++looks === 2) await repository.control(`groups/${id}/ask`, { comment: 'Since when?' });
    return forward(repository.sandbox.origin, message, response);
  });
  const words = ['apply', '--yes', '--resubmit', 'de-local', '--format', 'json'];
  const { code, out } = await repository.run(words, { env: { TELNYX_BASE_URL: url } });
  expect([code, looks]).toEqual([4, 2]);
  expect(JSON.parse(out).outcomes[0].error).toMatchObject({
    code: 'changed-since-planned',
    message: expect.stringContaining('a reviewer wrote a comment'),
  });
  expect([await writes(), await status()]).toEqual([[], 'declined']);
});
