import { describe, expect, it } from 'vitest';
import { markRead, postReply } from '../../src/apply/reply.ts';
import { type CommentThread, readThread, type ThreadComment } from '../../src/kinds/reading/threads.ts';
import { AuthenticationError, InterruptedError, UnreachableError } from '../../src/model/errors.ts';
import { asRemoteId } from '../../src/model/resource.ts';
import { type ClientScript, inTurn, scriptedClient } from '../support/scripted-client.ts';
import { endOf, LOST, refused } from '../support/scripted-run.ts';

const GROUP: CommentThread = { type: 'requirement_group', id: asRemoteId('g1'), status: 'declined' };
const PORT: CommentThread = { type: 'porting_order', id: asRemoteId('p1'), status: 'exception' };
const LIST = 'GET /comments?filter[comment_record_type]=requirement_group&filter[comment_record_id]=g1';
const TEXT = 'Yes, it is.';

/** A comment on the group as the API gives it, ours unless a reviewer wrote it. */
const row = (id: string | null, given: Readonly<Record<string, unknown>> = {}) => ({
  id,
  body: TEXT,
  commenter_type: 'user',
  created_at: '2026-06-02T10:00:00Z',
  comment_record_id: 'g1',
  ...given,
});
const question = (id: string, read_at: string | null = null) =>
  row(id, { body: 'Is it?', commenter_type: 'admin', created_at: '2026-06-01T10:00:00Z', read_at });
const comment = (id: string | null): ThreadComment => ({
  id: id === null ? null : asRemoteId(id),
  body: TEXT,
  byReviewer: false,
  createdAt: '',
});

/** Does one write, and tells its end, its requests and its waits. */
async function trying<End>(
  script: ClientScript,
  write: (context: Parameters<typeof postReply>[0]) => Promise<End>,
  thread = GROUP,
) {
  const { client, asked } = scriptedClient(script);
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  const end = await endOf(write({ client, thread, wait }));
  return { end, asked, waits };
}

const posting = (script: ClientScript, before: readonly ThreadComment[] = [], thread = GROUP) =>
  trying(script, (context) => postReply(context, TEXT, before), thread);
const POSTED = [
  'POST /comments',
  { body: TEXT, comment_record_type: 'requirement_group', comment_record_id: 'g1' },
];
const UNSEEN = {
  code: 'write-without-effect',
  message:
    'Telnyx answered success, but the list of comments does not show the reply. Run it again in a minute: it looks first',
  line: null,
};

describe('a reply', () => {
  it('is posted once, and believed when the list shows it', async () => {
    expect(await posting({ 'POST /comments': {}, [LIST]: [question('c1'), row('c2')] })).toEqual({
      end: { id: 'c2', warning: null },
      asked: [POSTED, LIST],
      waits: [0],
    });
  });

  it('on a porting order goes to its own list', async () => {
    const list = 'GET /porting_orders/p1/comments';
    const rows = [{ id: 'c2', porting_order_id: 'p1', body: TEXT, user_type: 'user', created_at: '' }];
    expect(await posting({ 'POST /porting_orders/p1/comments': {}, [list]: rows }, [], PORT)).toEqual({
      end: { id: 'c2', warning: null },
      asked: [['POST /porting_orders/p1/comments', { body: TEXT }], list],
      waits: [0],
    });
  });

  it.each<[string, object, readonly ThreadComment[]]>([
    ['was there before', row('c1'), [comment('c1')]],
    ['is of a reviewer', row('c2', { commenter_type: 'admin' }), []],
    ['has no id', row(null), []],
    ['says something else', row('c2', { body: 'No.' }), []],
  ])('is not taken for shown by one that %s', async (_, other, before) => {
    const { end, waits } = await posting({ 'POST /comments': {}, [LIST]: [other] }, before);
    expect(end).toEqual(UNSEEN);
    expect(waits).toEqual([0, 500, 1500, 3000]);
  });

  it('is looked for until the list shows it, however it is stored', async () => {
    const late = inTurn([], [], [row('c2', { body: ' Yes,\r\n it is. ' })]);
    const { end, waits } = await posting({ 'POST /comments': {}, [LIST]: late });
    expect(end).toEqual({ id: 'c2', warning: null });
    expect(waits).toEqual([0, 500, 1500]);
  });

  it('whose answer is lost is not sent again where the list shows it', async () => {
    expect(await posting({ 'POST /comments': LOST, [LIST]: inTurn([], [row('c2')]) })).toEqual({
      end: { id: 'c2', warning: null },
      asked: [POSTED, LIST, LIST],
      waits: [0, 500],
    });
  });

  it('whose answer is lost is sent again where no look finds it', async () => {
    const script = { 'POST /comments': inTurn(LOST, {}), [LIST]: inTurn([], [], [], [], [row('c2')]) };
    const { end, asked } = await posting(script);
    expect(end).toEqual({ id: 'c2', warning: null });
    expect(asked).toEqual([POSTED, LIST, LIST, LIST, LIST, POSTED, LIST]);
  });

  it('that stands there twice after a lost answer is said to', async () => {
    const { end } = await posting({ 'POST /comments': LOST, [LIST]: [row('c2'), row('c3')] });
    expect(end).toEqual({
      id: 'c2',
      warning: 'an answer was lost, and the reply stands there twice; none of them is deleted',
    });
  });

  it('that is refused is not looked for', async () => {
    const no = refused(422, { detail: 'too long' });
    expect(await posting({ 'POST /comments': no })).toEqual({ end: no, asked: [POSTED], waits: [] });
  });

  it.each([new InterruptedError('Interrupted'), new UnreachableError('the API was out of reach')])(
    'that was accepted is not a failure where it cannot be read back: %s',
    async (error) => {
      const { end } = await posting({ 'POST /comments': {}, [LIST]: error });
      expect(end).toEqual({
        id: null,
        warning: `Telnyx accepted the reply, and it could not be read back: ${error.message}`,
      });
    },
  );

  it('that was accepted fails where the key is refused for its list', async () => {
    const error = new AuthenticationError('refused');
    expect((await posting({ 'POST /comments': {}, [LIST]: error })).end).toBe(error);
  });
});

describe('a conversation', () => {
  it('is read oldest first, whatever order the API gives', async () => {
    const { client } = scriptedClient({ [LIST]: [row('c2'), question('c1')] });
    expect((await readThread(client, GROUP)).map(({ id }) => id)).toEqual(['c1', 'c2']);
  });
});

describe('comments that are marked as read', () => {
  const unread = (...ids: (string | null)[]): ThreadComment[] =>
    ids.map((id) => ({ ...comment(id), byReviewer: true }));
  const marking = (script: ClientScript, ...ids: (string | null)[]) =>
    trying(script, (context) => markRead(context, unread(...ids)));
  const mark = (id: string) => `PATCH /comments/${id}/read`;
  const read = (id: string) => question(id, '2026-06-03');

  it('are marked one after another, and read back', async () => {
    const script = { [mark('c1')]: {}, [mark('c2')]: {}, [LIST]: [read('c1'), read('c2')] };
    expect(await marking(script, 'c1', null, 'c2')).toEqual({
      end: ['c1', 'c2'],
      asked: [mark('c1'), mark('c2'), LIST],
      waits: [0],
    });
  });

  it.each([[[]], [[null]]])('are asked for nothing where there are none: %j', async (ids) => {
    expect(await marking({}, ...ids)).toEqual({ end: [], asked: [], waits: [] });
  });

  it('are looked at until all are read; what else is unread does not count', async () => {
    const lagging = inTurn([question('c1'), question('c9')], [read('c1'), question('c9')]);
    const { end, waits } = await marking({ [mark('c1')]: {}, [LIST]: lagging }, 'c1');
    expect(end).toEqual(['c1']);
    expect(waits).toEqual([0, 500]);
  });

  it('that stay unread are named', async () => {
    const script = {
      [mark('c1')]: {},
      [mark('c2')]: {},
      [mark('c3')]: {},
      [LIST]: [question('c1'), read('c2'), question('c3')],
    };
    expect((await marking(script, 'c1', 'c2', 'c3')).end).toEqual({
      code: 'write-without-effect',
      message: 'Telnyx answered success, but still lists as unread: c1, c3',
      line: null,
    });
  });
});
