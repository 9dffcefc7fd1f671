import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callApi, placeOrder } from '../support/orders.ts';
import { buildWithClocks } from '../support/programs/builds.ts';
import { whenInstalled } from '../support/programs/programs.ts';
import { converse } from '../support/programs/pseudo-terminal.ts';
import {
  germanGroup,
  openTestRepository,
  SAMPLE_KEY,
  type TestRepository,
} from '../support/test-repository.ts';

/** The patience for a lagging list takes a quarter of a second. */
const build = buildWithClocks(0.05);

const PORTING_ORDER = '7d1f3c86-0000-4000-8000-000000000002';
const ORDER = `apiVersion: regsync/v1
kind: NumberOrder
name: berlin
phone_numbers: ["+49300000001"]
`;
const TEXT = 'It is Jane Roe.\nShe is on the second floor.';

interface CommentRow {
  readonly id: string;
  readonly body: string;
  readonly commenter_type: string;
  readonly read_at?: string | null;
  readonly comment_record_type: string;
  readonly comment_record_id: string;
}

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository(
    { 'groups/de.yaml': germanGroup({ contact: 'Jane Roe, Example GmbH' }) },
    'here',
    build,
  );
});
afterEach(() => repository.end());

const comments = () => callApi<CommentRow[]>(repository, 'GET', '/comments?page[size]=250');
const bodies = async () =>
  (await comments()).map(({ body, commenter_type }) => [commenter_type, body]).toSorted();
const posts = async () =>
  (await repository.requests()).filter(({ method, path }) => method === 'POST' && path.endsWith('comments'));
const reply = (...words: string[]) => repository.run(['reply', ...words]);

/** A group with a question, and its id. */
async function ask(comment = 'Who is Jane Roe, Example GmbH?'): Promise<string> {
  expect(await repository.run(['apply', '--yes'])).toMatchObject({ code: 0 });
  const id = (await repository.state()).groups[0]?.id ?? '';
  await repository.control(`groups/${id}/ask`, { comment });
  return id;
}

async function attention(): Promise<readonly string[]> {
  const { out } = await repository.run(['plan', '--format', 'json']);
  const { attention: all } = JSON.parse(out) as { attention: { code: string }[] };
  return all.map(({ code }) => code).filter((code) => code.endsWith('-comment'));
}

describe('a reply', () => {
  it('reaches the reviewers of the group, and closes the question', async () => {
    const id = await ask();
    expect(await attention()).toEqual(['reviewer-comment']);
    const { code, out, err } = await reply('de-local', TEXT, '--yes');
    expect([code, out, err]).toEqual([
      0,
      `Sent to the reviewers of requirement group ${id} (de-local).\n`,
      'Reading Telnyx for de-local\n',
    ]);
    const [question, answer] = (await comments()).toSorted((a, b) =>
      a.commenter_type < b.commenter_type ? -1 : 1,
    );
    expect(answer).toMatchObject({
      body: TEXT,
      commenter_type: 'user',
      comment_record_type: 'requirement_group',
      comment_record_id: id,
    });
    expect(question?.read_at ?? null).toBeNull();
    expect(await attention()).toEqual([]);
    expect((await repository.run(['plan'])).out).toContain('No changes.');
  });

  it('is not sent twice, however often it is typed, unless the reviewer wrote again', async () => {
    const id = await ask();
    await reply('de-local', TEXT, '--yes');
    const again = await reply('de-local', TEXT.replace('\n', ' \r\n'), '--yes');
    expect([again.code, again.out]).toEqual([
      0,
      `Nothing was sent: the last comment on requirement group ${id} (de-local) is this text already.\n`,
    ]);
    expect(await posts()).toHaveLength(1);
    await repository.control('clock', { advance_seconds: 60 });
    await repository.control(`groups/${id}/ask`, { comment: 'Who?' });
    await repository.control('clock', { advance_seconds: 60 });
    expect(await reply('de-local', TEXT, '--yes')).toMatchObject({ code: 0 });
    expect(await posts()).toHaveLength(2);
  });

  it.each([
    ['whose answer is lost is looked up, and not sent again', { kind: 'drop_after' }, 1],
    ['whose answer is cut short is looked up, and not sent again', { kind: 'truncate' }, 1],
    ['that never arrived is sent again after a look', { kind: 'drop_before' }, 2],
    [
      'that met a fault of the server is sent again after a look',
      { kind: 'status', status: 502, body: 'html' },
      2,
    ],
  ])('%s', async (_, fault, sent) => {
    await ask();
    await repository.forgetRequests();
    await repository.control('faults', { ...fault, match: { method: 'POST', path: '^/comments$' } });
    expect(await reply('de-local', TEXT, '--yes')).toMatchObject({ code: 0 });
    expect(await posts()).toHaveLength(sent);
    expect((await bodies()).filter(([type]) => type === 'user')).toEqual([['user', TEXT]]);
    const log = (await repository.requests()).map(({ method, path }) => `${method} ${path}`);
    expect(log[log.indexOf('POST /comments') + 1]).toBe('GET /comments');
  });

  it('that answers success and is not there has failed', async () => {
    await ask();
    await repository.control('faults', { kind: 'noop', match: { method: 'POST', path: '^/comments$' } });
    const { code, out, err } = await reply('de-local', TEXT, '--yes');
    expect([code, out]).toEqual([4, expect.stringContaining('Not sent to the reviewers of')]);
    expect(err).toContain('the list of comments does not show the reply');
    expect((await bodies()).filter(([type]) => type === 'user')).toEqual([]);
  });

  it('that may or may not have arrived is called so, and the same command looks first', async () => {
    await ask();
    const match = { method: 'POST', path: '^/comments$' };
    await repository.control('faults', { kind: 'drop_before', times: 3, match });
    const { code, out, err } = await reply('de-local', TEXT, '--yes');
    expect([code, out]).toEqual([4, expect.stringContaining('Perhaps sent to the reviewers of')]);
    expect(err).toContain('Run it again in a minute: it first looks');
    await repository.control('faults', undefined, 'DELETE');
    expect(await reply('de-local', TEXT, '--yes')).toMatchObject({ code: 0 });
    expect((await bodies()).filter(([type]) => type === 'user')).toHaveLength(1);
  });

  it('that Telnyx refuses has failed, with the reason and without the text', async () => {
    await ask();
    const match = { method: 'POST', path: '^/comments$' };
    await repository.control('faults', { kind: 'status', status: 422, match });
    const { code, out } = await reply('de-local', TEXT, '--yes', '--format', 'json');
    expect(code).toBe(4);
    expect(JSON.parse(out)).toMatchObject({
      format_version: '1.0',
      reply: { status: 'failed', id: null },
      error: { code: 'refused-by-api', status: 422 },
    });
    await repository.control('faults', { kind: 'status', status: 403, match });
    expect(await reply('de-local', TEXT, '--yes')).toMatchObject({ code: 7, out: '' });
  });

  it('is one JSON document, with the question redacted and the text as it was given', async () => {
    const id = await ask();
    const { code, out } = await reply('de-local', TEXT, '--yes', '--format', 'json', '--mark-read');
    const [question] = (await comments()).filter(({ commenter_type }) => commenter_type === 'admin');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      format_version: '1.0',
      kind: 'RequirementGroup',
      name: 'de-local',
      record: { type: 'requirement_group', id, status: 'pending-approval' },
      answers: [{ body: 'Who is «sensitive»?', created_at: expect.any(String) }],
      reply: { status: 'sent', id: expect.any(String), text: TEXT },
      marked_read: [question?.id],
      error: null,
      warnings: [],
    });
  });

  it('comes from a file or from standard input as well', async () => {
    await ask();
    await repository.write('answer.txt', '\uFEFFFrom a file.\r\nYes.\r\n');
    expect(await reply('de-local', '--file', 'answer.txt', '--yes')).toMatchObject({ code: 0 });
    const piped = ['reply', 'de-local', '-', '--yes'];
    expect(await repository.run(piped, { input: 'From a pipe.\n' })).toMatchObject({ code: 0 });
    expect((await bodies()).filter(([type]) => type === 'user')).toEqual([
      ['user', 'From a file.\nYes.'],
      ['user', 'From a pipe.'],
    ]);
  });

  it('to an approved group goes there, although no plan reads its comments', async () => {
    const id = await ask();
    await repository.control(`groups/${id}/approve`, {});
    const { code, out } = await reply('de-local', 'Thank you.', '--yes', '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      record: { status: 'approved' },
      answers: [{ body: 'Who is «sensitive»?' }],
    });
  });
});

describe('a reply about an order', () => {
  it('goes to its only sub order', async () => {
    await repository.write('groups/order.yaml', ORDER);
    expect(await repository.run(['apply', '--yes', '--allow-orders'])).toMatchObject({ code: 0 });
    await repository.control('number_orders/decline?reference=regsync/acme/order/berlin', {
      comment: 'Is +49300000001 for Berlin?',
    });
    expect(await attention()).toEqual(['order-comment']);
    const { code, out } = await reply('berlin', 'Yes.', '--yes', '--mark-read', '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'NumberOrder',
      record: { type: 'sub_number_order' },
      answers: [{ body: 'Is «sensitive» for Berlin?' }],
      marked_read: [expect.any(String)],
    });
    expect(await bodies()).toEqual([
      ['admin', 'Is +49300000001 for Berlin?'],
      ['user', 'Yes.'],
    ]);
  });

  it('with several sub orders needs to know which one', async () => {
    const placed = await placeOrder(repository, ['+49300000001', '+33100000001']);
    await repository.write(
      'groups/order.yaml',
      `${ORDER.replace('["+49300000001"]', '["+49300000001", "+33100000001"]')}id: ${placed.id}\n`,
    );
    const { DE = '', FR = '' } = placed.subOrders;
    const unnamed = await reply('berlin', 'Yes.', '--yes');
    expect(unnamed.code).toBe(3);
    for (const id of [DE, FR]) expect(unnamed.err).toContain(`--sub-order ${id} (pending)`);
    const wrong = await reply('berlin', 'Yes.', '--yes', '--sub-order', placed.id);
    expect([wrong.code, wrong.err]).toEqual([3, expect.stringContaining(`--sub-order ${DE}`)]);
    expect(await reply('berlin', 'Oui.', '--yes', '--sub-order', FR.toUpperCase())).toMatchObject({
      code: 0,
    });
    expect((await comments()).map(({ comment_record_id }) => comment_record_id)).toEqual([FR]);
  });

  it('that a group is attached to names the group and the sub order', async () => {
    const { subOrders } = await placeOrder(repository, ['+49300000001']);
    const attach = `attach:\n  - sub_number_order: ${subOrders.DE}\n`;
    await repository.write('groups/de.yaml', germanGroup({ extra: attach }));
    await ask();
    const words = ['de-local', 'Yes.', '--yes', '--format', 'json'];
    const { code, out } = await reply(...words, '--sub-order', subOrders.DE ?? '');
    expect([code, JSON.parse(out).record]).toEqual([
      0,
      { type: 'sub_number_order', id: subOrders.DE, status: 'pending' },
    ]);
  });

  it('of a number that is ported goes to the porting order, whose comments have no mark', async () => {
    await repository.control('porting_orders', {
      id: PORTING_ORDER,
      phone_numbers: ['+49300000009'],
      status: 'in-process',
    });
    await repository.control(`porting_orders/${PORTING_ORDER}/ask`, { comment: 'Is the name right?' });
    await repository.write(
      'groups/porting.yaml',
      `apiVersion: regsync/v1\nkind: PortingOrder\nname: berlin-port\nid: ${PORTING_ORDER}\n`,
    );
    const marking = await reply('berlin-port', '--mark-read', '--yes');
    expect([marking.code, marking.err]).toEqual([3, expect.stringContaining('drop --mark-read')]);
    await repository.control('faults', { kind: 'drop_after', match: { method: 'POST', path: '/comments$' } });
    const { code, out } = await reply('berlin-port', 'It is.', '--yes', '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      record: { type: 'porting_order', id: PORTING_ORDER },
      answers: [{ body: 'Is the name right?' }],
      reply: { status: 'sent' },
    });
    expect(await posts()).toHaveLength(1);
    const path = `/porting_orders/${PORTING_ORDER}/comments`;
    const rows = await callApi<{ body: string }[]>(repository, 'GET', path);
    expect(rows.map(({ body }) => body)).toEqual(['Is the name right?', 'It is.']);
    expect(await attention()).toEqual([]);
  });
});

describe('comments that are marked as read', () => {
  it('are no longer attention where they only asked, and stay in status with their mark', async () => {
    await ask();
    const { code, out } = await reply('de-local', '--mark-read', '--yes');
    expect([code, out]).toEqual([0, expect.stringMatching(/^Marked 1 comment on .* as read\.\n$/)]);
    expect(await posts()).toEqual([]);
    expect(await attention()).toEqual([]);
    const status = await repository.run(['status']);
    expect(status.out).toMatch(/reviewer, \d{4}-\d\d-\d\d, read:\n +│ Who is «sensitive»\?/);
    const { out: json } = await repository.run(['status', '--format', 'json']);
    expect(JSON.parse(json).groups[0].comments).toEqual([
      expect.objectContaining({ by: 'reviewer', read_at: expect.stringMatching(/^\d{4}-/) }),
    ]);
    const again = await reply('de-local', '--mark-read', '--yes');
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('Nothing to mark')]);
  });

  it('stay attention where they are the reasons of a decline', async () => {
    const id = await ask();
    await repository.control(`groups/${id}/decline`, { comment: 'Please name a person.' });
    await reply('de-local', '--mark-read', '--yes');
    expect(await attention()).toEqual(['reviewer-comment']);
  });

  it('are only believed when Telnyx lists them as read', async () => {
    await ask();
    await repository.control('faults', { kind: 'noop', match: { method: 'PATCH', path: '/read$' } });
    const { code, err } = await reply('de-local', '--mark-read', '--yes');
    expect([code, err]).toEqual([4, expect.stringContaining('still lists as unread')]);
  });
});

describe('a reply is refused before anything is sent', () => {
  it.each([
    ['without a terminal and without --yes', ['de-local', 'Yes.'], /regsync cannot ask you.*--yes/],
    ['with an unknown name', ['de-locla', 'Yes.', '--yes'], /Did you mean "de-local"\?/],
    ['with a name like no other', ['portugal', 'Yes.', '--yes'], /See the names with: regsync status/],
    ['with an empty text', ['de-local', '  \n', '--yes'], /the text is empty/],
    ['without a text', ['de-local', '--yes'], /Write it after the name/],
    ['with two texts', ['de-local', 'Yes.', '--file', 'a.txt', '--yes'], /drop one of them/],
    [
      'with a file that is missing',
      ['de-local', '--file', 'a.txt', '--yes'],
      /--file a.txt cannot be read: it does not exist/,
    ],
    [
      'with a file that is no text',
      ['de-local', '--file', 'documents/registration.pdf', '--yes'],
      /not UTF-8|text/,
    ],
    [
      'for a group that does not exist yet',
      ['de-local', 'Yes.', '--yes'],
      /no such group yet.*regsync apply/,
    ],
    ['for an order that is not placed', ['berlin', 'Yes.', '--yes'], /regsync apply --allow-orders/],
    ['with a key in it', ['de-local', `It is ${SAMPLE_KEY}.`, '--yes'], /contains the API key/],
  ])('%s', async (_, words, message) => {
    await repository.write('groups/order.yaml', ORDER);
    const { code, out, err } = await reply(...words);
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(message);
    expect(err).not.toContain(SAMPLE_KEY);
    expect(await posts()).toEqual([]);
  });

  it('with a name that a group and an order share, until its kind is named', async () => {
    await ask();
    await repository.write('groups/order.yaml', ORDER.replace('name: berlin', 'name: de-local'));
    const { code, err } = await reply('de-local', 'Yes.', '--yes');
    expect([code, err]).toEqual([
      3,
      expect.stringContaining('RequirementGroup/de-local or NumberOrder/de-local'),
    ]);
    expect(await reply('RequirementGroup/de-local', 'Yes.', '--yes')).toMatchObject({ code: 0 });
  });
});

describe.runIf(whenInstalled('script'))('a person who replies', () => {
  const answer = (text: string, think = async () => {}) =>
    converse(
      ['reply', 'de-local', 'On the \u202Esecond floor.', '--no-color'],
      [['Send exactly this?', text]],
      {
        cwd: repository.folder,
        env: { HOME: repository.folder, TELNYX_API_KEY: SAMPLE_KEY, TELNYX_BASE_URL: repository.sandbox.url },
        program: build.file,
        think,
      },
    );

  it('sees to whom it goes, the question and the text, and gives a yes', async () => {
    const id = await ask();
    const { code, screen } = await answer('yes');
    expect(code, screen).toBe(0);
    expect(screen).toContain(`To the reviewers of requirement group ${id} (de-local, pending-approval)`);
    expect(screen).toContain('│ Who is «sensitive»?');
    expect(screen).toContain('│ On the \\u202esecond floor.');
    expect(screen).toContain('Sent to the reviewers of');
    expect((await bodies()).map(([type]) => type)).toEqual(['admin', 'user']);
  });

  it('and is overtaken by another comment, sends nothing', async () => {
    const id = await ask();
    const { code, screen } = await answer('yes', async () => {
      await repository.control(`groups/${id}/ask`, { comment: 'Never mind.' });
    });
    expect([code, screen]).toEqual([
      5,
      expect.stringContaining('somebody wrote a new comment, so nothing was sent'),
    ]);
    expect((await bodies()).map(([type]) => type)).toEqual(['admin', 'admin']);
  });

  it('and says anything else, sends nothing', async () => {
    await ask();
    const { code, screen } = await answer('no');
    expect([code, screen]).toEqual([5, expect.stringContaining('you did not type "yes": nothing was sent')]);
    expect((await bodies()).map(([type]) => type)).toEqual(['admin']);
  });
});
