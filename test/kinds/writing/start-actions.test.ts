import { describe, expect, it } from 'vitest';
import { type ActionRequests, partsThatAsk, startAction } from '../../../src/kinds/writing/start-actions.ts';
import type { ActionLink, ObservedAction } from '../../../src/model/orders/actions.ts';
import type { ObservedOrder } from '../../../src/model/orders/observed-order.ts';
import type { NumberOrderChange } from '../../../src/model/plan/change.ts';
import { reveal, Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { desiredOrder, observedOrder } from '../../support/ordered.ts';
import { endOf, LOST, newProgress, refused, scriptedRun } from '../../support/scripted-run.ts';

const SOURCE = { file: 'groups/a.yaml', line: 7, column: 5 };
const SUB = asRemoteId('s1');
const names = (first = 'Jo') =>
  new Map([
    ['first_name', new Sensitive(first)],
    ['last_name', new Sensitive('Example')],
  ]);
const LINK = new Sensitive('https://verify.example.com/1');

function action(given: Partial<ObservedAction> = {}): ObservedAction {
  return {
    requirementId: 'check',
    order: { kind: 'sub_number_order', id: SUB },
    id: SUB,
    state: 'open',
    status: 'awaiting-value',
    sent: new Map(),
    link: null,
    cancelReason: null,
    deadlineMs: null,
    ...given,
  };
}

const OPEN = action();
const STARTED = action({ state: 'started', sent: names(), link: LINK });
const OF_ANOTHER = action({ state: 'started', sent: names('Al'), link: LINK });
const change: NumberOrderChange = {
  kind: 'NumberOrder',
  name: 'desk',
  source: SOURCE,
  verb: 'unchanged',
  actions: ['start'],
  desired: desiredOrder('desk'),
  observed: null,
  writes: [],
  writesReference: null,
  ordersWith: null,
  orderedGroup: null,
  dependsOn: [],
  consequences: [],
};

/** @param reads what each look finds, the last one again and again. */
async function start(
  planned: ObservedAction | null,
  reads: readonly (ObservedAction | null)[],
  given: { readonly send?: () => void; readonly wantsLinks?: boolean } = {},
) {
  const links: ActionLink[] = [];
  const onLink = given.wantsLinks === false ? {} : { onLink: (link: ActionLink) => void links.push(link) };
  const { run, asked } = scriptedRun({}, onLink);
  const progress = newProgress();
  let turn = 0;
  const requests: ActionRequests = {
    read: async () => {
      asked.push('look');
      return reads[Math.min(turn++, reads.length - 1)] ?? null;
    },
    send: async () => {
      asked.push('start');
      given.send?.();
    },
  };
  const stated = {
    requirementId: 'check',
    requirementName: 'Identity Check',
    names: names(),
    observed: planned,
    source: SOURCE,
  };
  const end = await endOf(startAction(run, change, { start: stated, planned }, requests, progress));
  const shown = links.map(({ link }) => reveal(link));
  return { end, asked, operations: progress.operations, warnings: progress.warnings, links: shown };
}

const BEGINS = 'start of desk begins';
const throws = (error: Error) => () => {
  throw error;
};

describe('the start of an action', () => {
  it('is one request between two looks, and hands out the link', async () => {
    expect(await start(OPEN, [OPEN, STARTED])).toEqual({
      end: undefined,
      asked: ['look', BEGINS, 'start', 'look'],
      operations: ['start'],
      warnings: [],
      links: [reveal(LINK)],
    });
  });

  it('waits for the link only where somebody wants it', async () => {
    const later = action({ state: 'started', sent: names() });
    const wanted = await start(OPEN, [OPEN, later, later, STARTED]);
    expect([wanted.asked.slice(3), wanted.links]).toEqual([
      ['look', 'wait 500', 'look', 'wait 1500', 'look'],
      [reveal(LINK)],
    ]);
    const unwanted = await start(OPEN, [OPEN, later], { wantsLinks: false });
    expect([unwanted.asked.slice(3), unwanted.warnings]).toEqual([
      ['look'],
      ['the link for "Identity Check" is not there yet. To see it later: regsync status --show-values'],
    ]);
  });

  it.each<[string, ObservedAction | null, ObservedAction]>([
    ['as it was planned', OPEN, STARTED],
    ['of an order that was just placed', null, STARTED],
    ['and Telnyx does not say for whom', OPEN, action({ state: 'started', link: LINK })],
    ['and the person has done it already', OPEN, action({ state: 'done', status: 'approved' })],
  ])('is not sent where somebody was faster %s', async (_, planned, current) => {
    const { end, asked, operations, warnings } = await start(planned, [current]);
    expect([end, asked, operations]).toEqual([undefined, ['look'], []]);
    expect(warnings).toEqual(['"Identity Check" was started already: it was not started again']);
  });

  it.each<[string, ObservedAction | null, ObservedAction | null, string]>([
    ['started for somebody else', OPEN, OF_ANOTHER, 'somebody else has started it'],
    ['started for somebody else, on a new order', null, OF_ANOTHER, 'somebody else has started it'],
    [
      'declined',
      OPEN,
      action({ state: 'refused', status: 'declined' }),
      'it is declined, no longer awaiting-value',
    ],
    ['wanted by nobody', OPEN, null, 'its order asks for it no more'],
  ])('is refused where it was %s since the plan', async (_, planned, current, why) => {
    const { end, asked } = await start(planned, [current]);
    expect(end).toMatchObject({ code: 'changed-since-planned', line: 7 });
    expect((end as Error).message).toContain(why);
    expect(asked).toEqual(['look']);
  });

  it.each<[string, ObservedAction, ObservedAction]>([
    ['in another state, of the same status', OPEN, action({ state: 'unknown' })],
    [
      'sent again without a word whose',
      action({ state: 'refused', status: 'declined', sent: names('Al') }),
      action({ state: 'refused', status: 'declined' }),
    ],
    [
      'sent for somebody of whom nobody knew',
      action({ state: 'refused', status: 'declined' }),
      action({ state: 'refused', status: 'declined', sent: names('Al') }),
    ],
  ])('is refused where it is %s, as if somebody else had started it', async (_, planned, current) => {
    const { end, asked } = await start(planned, [current]);
    expect(end).toEqual({
      code: 'changed-since-planned',
      message:
        'the action "Identity Check" of sub number order s1 changed since it was planned: somebody else has started it. It was left as it is; plan again',
      line: 7,
    });
    expect(asked).toEqual(['look']);
  });

  it.each<[string, ObservedAction | null, ObservedAction | null, string]>([
    [
      'has no status any more',
      OPEN,
      action({ status: null }),
      'the action "Identity Check" of sub number order s1 changed since it was planned: it is without a status, no longer awaiting-value',
    ],
    [
      'had no status',
      action({ status: null }),
      OPEN,
      'the action "Identity Check" of sub number order s1 changed since it was planned: it is awaiting-value, no longer without one',
    ],
    [
      'is asked for no more by a new order',
      null,
      null,
      'the action "Identity Check" changed since it was planned: its order asks for it no more',
    ],
  ])('is refused, in words, where it %s', async (_, planned, current, message) => {
    expect((await start(planned, [current])).end).toMatchObject({
      message: `${message}. It was left as it is; plan again`,
    });
  });

  it('of a new order is sent where nobody has started it', async () => {
    const { end, operations } = await start(null, [OPEN, STARTED]);
    expect([end, operations]).toEqual([undefined, ['start']]);
  });

  it('is looked for again where a look finds its order gone for a moment', async () => {
    const { end, operations, links } = await start(OPEN, [OPEN, null, STARTED]);
    expect([end, operations, links]).toEqual([undefined, ['start'], [reveal(LINK)]]);
  });

  it('of a refused action is no success where Telnyx says nobody’s names', async () => {
    const refusedOne = action({ state: 'refused', status: 'declined', sent: names('Al') });
    const silent = action({ state: 'refused', status: 'declined' });
    expect((await start(refusedOne, [refusedOne, silent])).end).toMatchObject({
      code: 'write-without-effect',
    });
  });

  it('tells its link to nobody where nobody wants links', async () => {
    const { end, links, warnings } = await start(OPEN, [OPEN, STARTED], { wantsLinks: false });
    expect([end, links, warnings]).toEqual([undefined, [], []]);
  });

  it('is sent again for another person than before', async () => {
    const { end, asked } = await start(OF_ANOTHER, [OF_ANOTHER, STARTED]);
    expect([end, asked]).toEqual([undefined, ['look', BEGINS, 'start', 'look']]);
  });

  it('of a refused action shows by its names, while its status stays', async () => {
    const refusedOne = action({ state: 'refused', status: 'declined', sent: names('Al') });
    const again = action({ state: 'refused', status: 'declined', sent: names() });
    const { end, operations } = await start(refusedOne, [refusedOne, again], { wantsLinks: false });
    expect([end, operations]).toEqual([undefined, ['start']]);
  });

  it('is looked for where its answer is lost, and never repeated', async () => {
    const found = await start(OPEN, [OPEN, OPEN, STARTED], { send: throws(LOST()) });
    expect([found.end, found.asked, found.operations]).toEqual([
      undefined,
      ['look', BEGINS, 'start', 'look', 'wait 500', 'look'],
      ['start'],
    ]);
    const lost = await start(OPEN, [OPEN], { send: throws(LOST()) });
    expect((lost.end as Error).name).toBe('UnknownOutcomeError');
    expect([lost.asked.filter((one) => one === 'start').length, lost.operations]).toEqual([1, []]);
  });

  it('fails where Telnyx refuses it, or answers success and shows nothing', async () => {
    const answer = refused(422);
    expect((await start(OPEN, [OPEN], { send: throws(answer) })).end).toBe(answer);
    expect((await start(OPEN, [OPEN])).end).toEqual({
      code: 'write-without-effect',
      message:
        'Telnyx answered success, but "Identity Check" of sub number order s1 does not show that it was started',
      line: 7,
    });
  });

  it('that Telnyx refuses fails, though somebody else has started it by then', async () => {
    const answer = refused(422);
    const { end, operations } = await start(OPEN, [OPEN, STARTED], { send: throws(answer) });
    expect([end, operations]).toEqual([answer, []]);
  });
});

it('the parts of an order that ask for an action are the open ones with its requirement', () => {
  const part = (id: string, isOpen: boolean, ...requirementIds: string[]) => ({
    ...observedOrder(id).subOrders[0],
    id: asRemoteId(id),
    isOpen,
    holdings: [
      [],
      requirementIds.map((requirementId) => ({
        requirementId,
        fieldType: 'action' as const,
        value: new Sensitive(''),
        status: null,
      })),
    ],
  });
  const parts = [
    part('asks', true, 'text', 'check'),
    part('closed', false, 'check'),
    part('other', true, 'text'),
    part('none', true),
  ] as ObservedOrder[];
  expect(partsThatAsk(parts, { requirementId: 'check' }).map(({ id }) => id)).toEqual(['asks']);
});
