import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ActionRepository, openActionRepository, schedule } from '../../support/action-repository.ts';
import { heldOrders, numberOrder } from '../../support/number-orders.ts';
import { callApi } from '../../support/orders.ts';
import { DE_REQUIREMENTS, germanGroup } from '../../support/test-repository.ts';

/** The whole conversation with Telnyx's reviewers, from a decline to the next one, as colleagues see it on GitHub. */

const CONTACT = 'Jane Roe, Example GmbH';
const QUESTION = `Is ${CONTACT} an employee?`;
const env = { GITHUB_WORKFLOW_REF: 'example/telephony/.github/workflows/regsync.yml@refs/heads/main' };

let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({ 'groups/de.yaml': germanGroup({ contact: CONTACT }) });
  // A reviewer looks at each order, also with an approved group.
  await repository.testRepository.control(
    'quirks',
    { resubmission: 'after-answer', approved_values: 'review' },
    'PATCH',
  );
  expect(await regsync('apply', '--yes')).toMatchObject({ code: 0 });
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

const regsync = (...words: string[]) => repository.testRepository.run(words);
const control = (path: string, body: object) => repository.testRepository.control(path, body);
const later = () => control('clock', { advance_seconds: 3600 });
const groups = async () => (await repository.testRepository.state()).groups;
const body = (number: number) => repository.comments(number).at(-1)?.body ?? '';

/** Pushes to a pull request, and returns its run with the comment. */
async function propose(number: number, files: Readonly<Record<string, string>>, inputs = {}) {
  const pushed = await repository.pushToPull(number, files);
  const run = await repository.run({ ...pushed, env }, inputs);
  expect(run.code, run.err).toBe(0);
  return { ...run, comment: body(number) };
}

const merge = (number: number, inputs: Readonly<Record<string, string>> = {}) =>
  repository.run({ ...repository.merge(number), env }, { command: 'apply', ...inputs });

it('goes from a question over an answer, another review and an order to the decline of that order', async () => {
  // Declined, with a question, which the next pull request shows.
  const [{ id } = { id: '' }] = await groups();
  await control(`groups/${id}/decline`, {
    requirement_ids: [DE_REQUIREMENTS.contact],
    comment: QUESTION,
  });
  const asked = await propose(7, { 'notes.txt': 'Somebody asks.' });
  expect(asked.comment).toMatch(/Reviewer on \d{4}-\d\d-\d\d:\n {2}> `Is «sensitive» an employee\?`/);
  expect(asked.comment).not.toContain('Jane');
  const line = germanGroup().slice(0, germanGroup().indexOf('Compliance desk')).split('\n').length;
  expect(asked.out).toMatch(new RegExp(`::\\w+ file=groups/de\\.yaml,line=${line}.*an employee\\?`));

  // Answered. Nothing goes to review by itself, neither on the pull request nor in the night.
  await later();
  const replied = await regsync('reply', 'de-local', 'She is: see page 2 of the registration.', '--yes');
  expect(replied).toMatchObject({
    code: 0,
    out: `Sent to the reviewers of requirement group ${id} (de-local).\n`,
  });
  expect(replied.err).toContain('regsync plan --resubmit de-local');
  expect(await merge(7)).toMatchObject({ code: 0 });
  const night = await repository.run(schedule(repository.git('rev-parse', 'main')), {
    command: 'apply',
    'allow-unreviewed': 'true',
  });
  expect(night.code, night.err).toBe(0);
  expect((await groups()).map(({ status }) => status)).toEqual(['declined']);

  // Submitted again behind its gate, as shown to the approvers, as their pull request's own change.
  const again = { resubmit: 'de-local' };
  const shown = await propose(8, { 'notes.txt': 'Somebody has answered.' }, again);
  expect(shown.comment).toContain('**resubmit**');
  expect(shown.comment).toContain('+ resubmit for approval, with the same content');
  expect(shown.comment).toContain('nothing in it changed since a reviewer declined it.');
  expect(shown.comment).not.toContain('Nobody has answered');
  expect(shown.comment).not.toContain('Not from this pull request');
  expect(shown.outputs).toMatchObject({ changes: '1', submit: '1' });
  const merged = repository.merge(8);
  const shut = await repository.run({ ...merged, env }, { command: 'apply' });
  expect([shut.code, shut.err]).toEqual([5, expect.stringContaining('resubmit: de-local (for "de-local")')]);
  expect((await groups()).map(({ status }) => status)).toEqual(['declined']);
  const submitted = await repository.run({ ...merged, env }, { command: 'apply', ...again });
  expect(submitted.code, submitted.err).toBe(0);
  expect((await groups()).map(({ status }) => status)).toEqual(['pending-approval']);
  expect(body(8)).toContain('✅ **Applied**');

  // Approved: the name that is still in the workflow submits nothing, and says so.
  await control(`groups/${id}/approve`, {});
  const left = await regsync('plan', '--resubmit', 'de-local');
  expect(left.out).toContain('No changes.');
  expect(left.out).toContain('--resubmit de-local submits nothing again: it is approved');

  // Ordered with it.
  const order = { 'allow-orders': 'true' };
  const ordering = await propose(9, { 'groups/orders.yaml': numberOrder() }, order);
  expect(ordering.comment).toContain('This orders 1 phone number, which costs money.');
  expect((await merge(9)).code).toBe(5);
  expect(await heldOrders(repository.testRepository)).toEqual([]);
  const placed = await repository.run({ ...repository.merge(9), env }, { command: 'apply', ...order });
  expect(placed.code, placed.err).toBe(0);
  expect((await heldOrders(repository.testRepository)).map(({ status }) => status)).toEqual(['pending']);

  // Declined, with a comment on its sub order, which is shown at the manifest's line, and answered by the order's name.
  await control('number_orders/decline?reference=regsync/acme/order/berlin', {
    requirement_ids: [DE_REQUIREMENTS.contact],
    comment: `${CONTACT} does not answer at +49300000001.`,
  });
  const declined = await propose(10, { 'notes.txt': 'What now?' });
  expect(declined.comment).toMatch(
    /Reviewer on \d{4}-\d\d-\d\d:\n {2}> `«sensitive» does not answer at «sensitive»\.`/,
  );
  expect(declined.comment + declined.out).not.toMatch(/Jane|4930000000/);
  expect(declined.out).toMatch(new RegExp(`::\\w+ file=groups/de\\.yaml,line=${line},.*does not answer`));
  const answered = await regsync('reply', 'berlin', 'She is back on Monday.', '--yes');
  expect(answered.code, answered.err).toBe(0);
  const comments = await callApi<{ comment_record_type: string; body: string }[]>(
    repository.testRepository,
    'GET',
    '/comments?filter[comment_record_type]=sub_number_order',
  );
  expect(comments.map((comment) => comment.body).sort()).toEqual([
    `${CONTACT} does not answer at +49300000001.`,
    'She is back on Monday.',
  ]);
});
