import { describe, expect, it } from 'vitest';
import type { ObservedGroup } from '../../src/model/observed.ts';
import type { NamedOrder, ObservedNumberOrder } from '../../src/model/orders/observed-order.ts';
import type { PlanAction } from '../../src/model/plan/change.ts';
import type { PlanInput } from '../../src/model/plan/decisions.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { asReference, asRemoteId } from '../../src/model/resource.ts';
import { findDeviations, findOtherAccount, isAuthentic } from '../../src/plan/exact.ts';
import { desiredOrder, observedOrder } from '../support/ordered.ts';
import {
  CONTACT,
  DOCUMENT_ID,
  desiredGroup,
  documentValue,
  observedDocument,
  observedGroup,
  observedWorld,
  planInput,
  REGISTRATION,
  TEXT_ID,
  textValue,
} from '../support/plan-inputs.ts';
import { describedPlan, planKeys } from '../support/plans.ts';
import { desiredPort, observedPort, portingInput } from '../support/ported.ts';

const DOCUMENTS = [observedDocument('doc-1', 'registration')];
const EQUAL = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };

function world(values: Record<string, string>, status: string, desired = desiredGroup()): PlanInput {
  const group = observedGroup(values, { status });
  return planInput({
    RequirementGroup: [desired],
    observed: observedWorld({ matches: { 'de-local': { group, superseded: [] } }, documents: DOCUMENTS }),
  });
}

const NEW = planInput({ RequirementGroup: [desiredGroup()], observed: observedWorld({}) });

describe('a reviewed plan may be applied', () => {
  it('when the fresh one is the same', () => {
    expect(findDeviations(describedPlan(NEW), describedPlan(NEW))).toEqual([]);
  });

  it('when a part of a change is done already', () => {
    expect(findDeviations(describedPlan(NEW), describedPlan(world(EQUAL, 'unapproved')))).toEqual([]);
  });

  it('when everything is done already', () => {
    expect(findDeviations(describedPlan(NEW), describedPlan(world(EQUAL, 'pending-approval')))).toEqual([]);
  });
});

describe('a reviewed plan is refused, naming the change and why', () => {
  const reviewedPlan = () => describedPlan(world({ ...EQUAL, [TEXT_ID]: 'old' }, 'unapproved'));

  it('when a value to write is another one', () => {
    const other = desiredGroup({ values: [textValue('edited since'), documentValue('registration')] });
    const fresh = describedPlan(world({ ...EQUAL, [TEXT_ID]: 'old' }, 'unapproved', other));
    expect(findDeviations(reviewedPlan(), fresh)).toMatchObject([
      { name: 'de-local', message: expect.stringContaining('its manifest changed since') },
    ]);
  });

  it('when it would do more than was shown', () => {
    const none = describedPlan(
      world({ ...EQUAL, [TEXT_ID]: 'old' }, 'unapproved', desiredGroup({ approval: 'none' })),
    );
    const fresh = {
      ...none,
      changes: none.changes.map((change) => ({ ...change, actions: ['update', 'submit'] as const })),
    };
    expect(findDeviations(none, fresh)).toMatchObject([
      { message: expect.stringContaining('submit is not in the reviewed plan') },
    ]);
  });

  it('when it would also change a value that held by then what was wanted', () => {
    const fresh = describedPlan(world({ [TEXT_ID]: 'old', [DOCUMENT_ID]: 'doc-2' }, 'unapproved'));
    expect(findDeviations(reviewedPlan(), fresh)).toMatchObject([
      { name: 'de-local', message: expect.stringMatching(/^it would change Registration/) },
    ]);
  });

  it('when another group has taken its place', () => {
    const reviewed = reviewedPlan();
    const fresh = {
      ...reviewed,
      changes: reviewed.changes.map((change) => ({ ...change, id: 'another' })),
    };
    expect(findDeviations(reviewed, fresh)).toMatchObject([
      { name: 'de-local', message: expect.stringContaining('it is about another by now') },
    ]);
  });

  it('when the group was approved meanwhile, which the reviewer could not know', () => {
    const fresh = describedPlan(world({ ...EQUAL, [TEXT_ID]: 'old' }, 'approved'));
    expect(findDeviations(reviewedPlan(), fresh)).toMatchObject([
      { message: 'the group is approved now, and is unapproved in the reviewed plan' },
    ]);
  });

  it('when a change is not in it at all', () => {
    const other = desiredGroup({ name: 'other', values: [textValue('x')], definitions: [CONTACT] });
    const more = planInput({ RequirementGroup: [desiredGroup(), other], observed: observedWorld({}) });
    expect(findDeviations(describedPlan(NEW), describedPlan(more))).toMatchObject([
      { kind: 'RequirementGroup', name: 'other' },
    ]);
  });

  it('when the same content would be submitted again, and new content was shown', () => {
    const old = world({ ...EQUAL, [TEXT_ID]: 'old' }, 'declined');
    const fresh = { ...world(EQUAL, 'declined'), gates: { ...CLOSED_GATES, resubmit: ['de-local'] } };
    expect(findDeviations(describedPlan(old), describedPlan(fresh))).toMatchObject([
      { name: 'de-local', message: expect.stringContaining('the same content would be submitted again') },
    ]);
    expect(findDeviations(describedPlan(fresh), describedPlan(fresh))).toEqual([]);
  });

  it('when a document that it reuses has to be uploaded now', () => {
    const changed = desiredGroup({ values: [textValue('new'), documentValue('registration', REGISTRATION)] });
    const before = describedPlan(world({ [TEXT_ID]: 'old', [DOCUMENT_ID]: '' }, 'unapproved', changed));
    const vanished = planInput({
      RequirementGroup: [changed],
      observed: observedWorld({
        matches: {
          'de-local': { group: observedGroup({ [TEXT_ID]: 'old', [DOCUMENT_ID]: '' }), superseded: [] },
        },
      }),
    });
    expect(findDeviations(before, describedPlan(vanished))).toMatchObject([{ kind: 'Document' }]);
  });
});

/* ---- What is replaced counts as much as what replaces it ---- */

/** The first reason, or null. What is refused by the plan is refused by its fingerprint, so that every door says the same. */
function whyRefused(reviewed: PlanInput, fresh: PlanInput): string | null {
  const [before, after] = [describedPlan(reviewed), describedPlan(fresh)];
  const [deviation] = findDeviations(before, after);
  if (deviation !== undefined) expect(after.fingerprint).not.toBe(before.fingerprint);
  return deviation?.message ?? null;
}

const STATUSES = ['unapproved', 'pending-approval', 'approved', 'declined', 'expired', 'paused'] as const;

/** The one value that differs when the plan is reviewed, and what it may be when the plan is applied. */
const SHOWN = 'old';
const WANTED = 'Compliance desk';
const OTHER = 'what somebody else wrote';

describe('a reviewed update of a group that is', () => {
  const table = STATUSES.flatMap((then) => STATUSES.map((now) => [then, now] as const));

  it.each(table)('%s, and %s when it is applied', (then, now) => {
    const worldWith = (text: string, status: string) => world({ ...EQUAL, [TEXT_ID]: text }, status);
    const reviewed = worldWith(SHOWN, then);
    const refused = `the group is ${now} now, and is ${then} in the reviewed plan`;
    expect(whyRefused(reviewed, worldWith(SHOWN, now)), 'as it was').toBe(now === then ? null : refused);
    expect(whyRefused(reviewed, worldWith(WANTED, now)), 'done already').toBeNull();
    expect(whyRefused(reviewed, worldWith(OTHER, now)), 'changed by somebody').toMatch(
      /^"Contact Info" holds «[0-9a-f]{8}» now, and holds «[0-9a-f]{8}» in the reviewed plan/,
    );
    expect(whyRefused(reviewed, worldWith('', now)), 'emptied by somebody').toMatch(
      /^"Contact Info" holds nothing now, and holds «[0-9a-f]{8}»/,
    );
  });
});

describe('a reviewed change of which nothing but attaching is left', () => {
  const ORDER: NamedOrder = {
    kind: 'sub_number_order',
    id: asRemoteId('order-1'),
    status: 'pending',
    isOpen: true,
    countryCode: 'DE',
    phoneNumberType: 'local',
    subNumberOrderId: asRemoteId('order-1'),
    holdings: [
      [{ requirementId: TEXT_ID, fieldType: 'textual', value: new Sensitive('x'), status: 'declined' }],
    ],
    source: { file: 'groups/a.yaml', line: 9, column: 3 },
  };
  const held = (...texts: readonly string[]): NamedOrder => ({
    ...ORDER,
    holdings: texts.map((text) => [
      { requirementId: TEXT_ID, fieldType: 'textual', value: new Sensitive(text), status: 'declined' },
    ]),
  });
  const attaching = (group: ObservedGroup | null, order = ORDER, approval: 'submit' | 'none' = 'submit') =>
    planInput({
      RequirementGroup: [desiredGroup({ approval })],
      observed: observedWorld({
        matches: { 'de-local': { group, superseded: [] } },
        documents: DOCUMENTS,
        orders: { 'de-local': [order] },
      }),
    });
  const groupIn = (status: string, text = WANTED) => observedGroup({ ...EQUAL, [TEXT_ID]: text }, { status });

  /** The group's status when the plan was reviewed, what the plan does to it, and the other statuses that it may have by now. */
  it.each<[string, ObservedGroup | null, 'submit' | 'none', PlanAction[], string[]]>([
    [
      'is made by the plan',
      null,
      'submit',
      ['create', 'submit', 'attach'],
      ['unapproved', 'pending-approval', 'approved'],
    ],
    ['is made and not submitted', null, 'none', ['create', 'attach'], ['unapproved', 'approved']],
    [
      'is updated',
      groupIn('unapproved', SHOWN),
      'submit',
      ['update', 'submit', 'attach'],
      ['unapproved', 'pending-approval', 'approved'],
    ],
    [
      'is approved and updated',
      groupIn('approved', SHOWN),
      'submit',
      ['update', 'submit', 'attach'],
      ['unapproved', 'pending-approval', 'approved'],
    ],
    [
      'is declined and updated',
      groupIn('declined', SHOWN),
      'submit',
      ['update', 'submit', 'attach'],
      ['declined', 'unapproved', 'pending-approval', 'approved'],
    ],
    [
      'is submitted',
      groupIn('unapproved'),
      'submit',
      ['submit', 'attach'],
      ['unapproved', 'pending-approval', 'approved'],
    ],
    ['is approved', groupIn('approved'), 'submit', ['attach'], ['approved']],
    ['is under review', groupIn('pending-approval'), 'submit', ['attach'], ['pending-approval', 'approved']],
    ['is declined', groupIn('declined'), 'submit', ['attach'], ['declined', 'approved']],
    ['is expired', groupIn('expired'), 'none', ['attach'], ['expired', 'approved']],
  ])(
    'is carried out with the group that %s only in a status that it led to',
    (_, group, approval, actions, allowed) => {
      const reviewed = attaching(group, ORDER, approval);
      expect(describedPlan(reviewed).changes.at(-1)?.actions).toEqual(actions);
      const accepted = STATUSES.filter(
        (now) => whyRefused(reviewed, attaching(groupIn(now), ORDER, approval)) === null,
      );
      expect([...accepted].sort()).toEqual([...allowed].sort());
    },
  );

  it('is refused where the order is in another status, or holds what nobody saw', () => {
    const group = groupIn('approved');
    const reviewed = attaching(group, held('x', 'y'));
    expect(whyRefused(reviewed, attaching(group, held('y', WANTED))), 'a number is done').toBeNull();
    expect(whyRefused(reviewed, attaching(group, held('x', OTHER)))).toMatch(
      /^"Contact Info" of sub number order order-1 holds «[0-9a-f]{8}» now, which the reviewed plan does not show$/,
    );
    expect(whyRefused(reviewed, attaching(group, held('x', '')))).toContain(
      'which the reviewed plan does not show',
    );
    expect(whyRefused(reviewed, attaching(group, { ...held('x', 'y'), status: 'provisioning' }))).toBe(
      'sub number order order-1 is provisioning now, and pending in the reviewed plan',
    );
  });

  it('is refused where an approved value of a porting order, which it overwrites, is another one', () => {
    const porting = (text: string): NamedOrder => ({
      ...ORDER,
      kind: 'porting_order',
      holdings: [
        [
          { requirementId: TEXT_ID, fieldType: 'textual', value: new Sensitive(text), status: 'approved' },
          { requirementId: DOCUMENT_ID, fieldType: 'document', value: new Sensitive('doc-9'), status: null },
          { requirementId: DOCUMENT_ID, fieldType: 'document', value: new Sensitive(''), status: 'declined' },
        ],
      ],
    });
    const group = groupIn('approved');
    const reviewed = attaching(group, porting('x'));
    expect(whyRefused(reviewed, attaching(group, porting('x')))).toBeNull();
    expect(whyRefused(reviewed, attaching(group, porting(OTHER)))).toMatch(
      /^"Contact Info" of porting order order-1 holds/,
    );
  });
});

describe('a reviewed change of the reference of a group that its manifest names by id', () => {
  const id = { id: observedGroup({}).id, source: { file: 'groups/a.yaml', line: 4, column: 1 } };
  const adopting = (reference: string | null, text = WANTED) =>
    planInput({
      RequirementGroup: [desiredGroup({ id, statesReference: true, reference: asReference('NEW REF') })],
      observed: observedWorld({
        matches: {
          'de-local': {
            group: observedGroup(
              { ...EQUAL, [TEXT_ID]: text },
              { status: 'approved', reference: reference === null ? null : asReference(reference) },
            ),
            superseded: [],
          },
        },
        documents: DOCUMENTS,
      }),
    });

  it.each<[string, PlanInput, PlanInput, string | null]>([
    ['as it was', adopting('OLD'), adopting('OLD'), null],
    ['done already', adopting('OLD', SHOWN), adopting('NEW REF', SHOWN), null],
    ['its value done already', adopting('OLD', SHOWN), adopting('OLD'), null],
    [
      'changed by somebody',
      adopting('OLD'),
      adopting('ELSE'),
      'its customer_reference is "ELSE" now, and "OLD" in the reviewed plan',
    ],
    [
      'removed by somebody',
      adopting('OLD'),
      adopting(null),
      'its customer_reference is none now, and "OLD" in the reviewed plan',
    ],
    [
      'set by somebody',
      adopting(null),
      adopting('ELSE'),
      'its customer_reference is "ELSE" now, and none in the reviewed plan',
    ],
    [
      'changed where it was as wanted',
      adopting('NEW REF', SHOWN),
      adopting('ELSE', SHOWN),
      'its customer_reference is "ELSE" now, and "NEW REF" in the reviewed plan',
    ],
  ])('%s', (_, reviewed, fresh, why) => {
    expect(whyRefused(reviewed, fresh)).toBe(why);
  });

  it('that the manifest leaves alone counts as well', () => {
    const pinned = (reference: string) => {
      const input = adopting(reference, SHOWN);
      return { ...input, RequirementGroup: [desiredGroup({ id })] };
    };
    expect(whyRefused(pinned('OLD'), pinned('OLD'))).toBeNull();
    expect(whyRefused(pinned('OLD'), pinned('ELSE'))).toContain('customer_reference is "ELSE" now');
  });
});

describe('a value that the manifest does not state', () => {
  const partial = (unstated: string) =>
    world(
      { [TEXT_ID]: SHOWN, [DOCUMENT_ID]: unstated },
      'unapproved',
      desiredGroup({ partial: true, values: [textValue(WANTED)] }),
    );

  it('is submitted with the others, so that it must be what it was', () => {
    expect(whyRefused(partial('doc-1'), partial('doc-1'))).toBeNull();
    for (const [then, now] of [
      ['doc-1', 'doc-2'],
      ['', 'doc-1'],
      ['doc-1', ''],
    ] as const) {
      expect(whyRefused(partial(then), partial(now)), `${then} → ${now}`).toMatch(
        /does not state has changed|submit is not in/,
      );
    }
    const { changes } = describedPlan(partial(''));
    expect(changes[0]?.group).not.toHaveProperty('unstated');
  });
});

describe('what a reviewed plan deletes', () => {
  const gates = { ...CLOSED_GATES, prune: true, allow_replace: true, allow_delete: ['gone'] };
  const orphan = (text: string, status: string): ObservedGroup =>
    observedGroup(
      { [TEXT_ID]: text },
      { id: asRemoteId('old'), status, reference: asReference('regsync/acme/gone') },
    );
  const pruning = (group: ObservedGroup) =>
    planInput({ RequirementGroup: [], observed: observedWorld({ orphans: [group], ownedGroups: 1 }), gates });
  const replacing = (old: ObservedGroup, group: ObservedGroup | null = null) =>
    planInput({
      RequirementGroup: [desiredGroup()],
      observed: observedWorld({
        matches: { 'de-local': { group, superseded: [old] } },
        documents: DOCUMENTS,
      }),
      gates,
    });

  it('is an orphan in the status, and with the values, that were shown', () => {
    const reviewed = pruning(orphan('x', 'declined'));
    expect(whyRefused(reviewed, pruning(orphan('x', 'declined')))).toBeNull();
    expect(whyRefused(reviewed, pruning(orphan('x', 'approved')))).toBe(
      'the group is approved now, and is declined in the reviewed plan',
    );
    expect(whyRefused(reviewed, pruning(orphan(OTHER, 'declined')))).toBe(
      'group old, which it deletes, holds other values than when the plan was reviewed',
    );
    expect(whyRefused(pruning({ ...orphan('x', 'declined'), id: asRemoteId('older') }), reviewed)).toBe(
      'delete is not in the reviewed plan',
    );
  });

  it.each<[string, ObservedGroup | null, ObservedGroup, RegExp | null]>([
    ['nothing is done', null, orphan('x', 'declined'), null],
    ['the new group is made', observedGroup(EQUAL), orphan('x', 'declined'), null],
    [
      'the new group is submitted',
      observedGroup(EQUAL, { status: 'pending-approval' }),
      orphan('x', 'declined'),
      null,
    ],
    [
      'the new group is approved',
      observedGroup(EQUAL, { status: 'approved' }),
      orphan('x', 'declined'),
      null,
    ],
    [
      'the new group was declined',
      observedGroup(EQUAL, { status: 'declined' }),
      orphan('x', 'declined'),
      /^the group is declined now/,
    ],
    [
      'somebody changed the new group',
      observedGroup({ ...EQUAL, [TEXT_ID]: OTHER }),
      orphan('x', 'declined'),
      /^"Contact Info" holds «/,
    ],
    ['the old group was approved', null, orphan('x', 'approved'), /^a consequence is new: group old/],
    [
      'somebody changed the old group',
      null,
      orphan(OTHER, 'declined'),
      /^group old, which it deletes, holds other values/,
    ],
  ])('is what a new group replaces: %s', (_, group, old, why) => {
    const refused = whyRefused(replacing(orphan('x', 'declined')), replacing(old, group));
    if (why === null) expect(refused).toBeNull();
    else expect(refused).toMatch(why);
  });

  it('is not another group of the same change', () => {
    const second = { ...orphan('x', 'declined'), id: asRemoteId('second') };
    const both = replacing(orphan('x', 'declined'));
    const match = { group: null, superseded: [orphan('x', 'declined'), second] };
    const more = {
      ...both,
      observed: { ...both.observed, RequirementGroup: new Map([['de-local', match]]) },
    };
    const [reviewed, fresh] = [describedPlan(both), describedPlan(more)];
    const quiet = { ...fresh, changes: fresh.changes.map((change) => ({ ...change, consequences: [] })) };
    expect(findDeviations(reviewed, quiet)).toMatchObject([
      { message: 'it would delete second, which the reviewed plan does not' },
    ]);
    expect(whyRefused(more, both), 'one of them is gone already').toBeNull();
  });
});

describe('the group that a reviewed order of numbers is placed with', () => {
  const order = desiredOrder('berlin', {
    group: { name: 'de-local', source: { file: 'groups/o.yaml', line: 2, column: 1 } },
  });
  const placing = (group: ObservedGroup | null, given: Partial<PlanInput> = {}) =>
    planInput({
      RequirementGroup: [desiredGroup()],
      NumberOrder: [order],
      observed: observedWorld({ matches: { 'de-local': { group, superseded: [] } }, documents: DOCUMENTS }),
      gates: { ...CLOSED_GATES, allow_orders: true },
      ...given,
    });
  const groupIn = (status: string, text = WANTED) => observedGroup({ ...EQUAL, [TEXT_ID]: text }, { status });

  it.each<[string, ObservedGroup | null, string[]]>([
    ['is made by the plan', null, ['unapproved', 'pending-approval', 'approved']],
    [
      'is updated by the plan',
      groupIn('declined', SHOWN),
      ['unapproved', 'pending-approval', 'approved', 'declined'],
    ],
    ['is submitted by the plan', groupIn('unapproved'), ['unapproved', 'pending-approval', 'approved']],
    ['is approved', groupIn('approved'), ['approved']],
    ['is under review', groupIn('pending-approval'), ['pending-approval', 'approved']],
    ['is declined', groupIn('declined'), ['declined', 'approved']],
  ])('%s, and has only a status that this led to', (_, group, allowed) => {
    const accepted = STATUSES.filter((now) => whyRefused(placing(group), placing(groupIn(now))) === null);
    expect([...accepted].sort()).toEqual([...allowed].sort());
  });

  it('is named with both statuses where it was declined since', () => {
    expect(whyRefused(placing(groupIn('approved')), placing(groupIn('declined')))).toBe(
      'group de-local, which it is ordered with, is declined now, and is approved in the reviewed plan',
    );
    expect(describedPlan(placing(groupIn('approved'))).changes.at(-1)?.order).toMatchObject({
      group_status: 'approved',
    });
    expect(describedPlan(placing(null)).changes.at(-1)?.order).toMatchObject({ group_status: null });
  });

  it('holds the values that it held, also where it is no part of the run', () => {
    const alone = { RequirementGroup: [] };
    const reviewed = placing(groupIn('approved'), alone);
    expect(whyRefused(reviewed, placing(groupIn('approved'), alone))).toBeNull();
    expect(whyRefused(reviewed, placing(groupIn('approved', OTHER), alone))).toBe(
      'group de-local, which it is ordered with, holds other values than when the plan was reviewed',
    );
  });

  it('is not looked at again once the order is placed', () => {
    const numberOrders = new Map([['berlin', observedOrder('berlin')]]);
    const placed = placing(groupIn('declined'));
    const fresh = { ...placed, observed: { ...placed.observed, NumberOrder: numberOrders } };
    expect(whyRefused(placing(groupIn('approved')), fresh)).toBeNull();
  });
});

describe('a reviewed edit of a number order', () => {
  const stated = { statesReference: true, reference: asReference('NEW REF'), values: [textValue(WANTED)] };
  const editing = (given: Partial<ObservedNumberOrder>, text = '', status = 'awaiting-value') => {
    const held = observedOrder('berlin', given);
    const own = { requirementId: TEXT_ID, fieldType: 'textual' as const, value: new Sensitive(text), status };
    const subOrders = held.subOrders.map((part) => ({ ...part, holdings: [[own]] }));
    return planInput({
      RequirementGroup: [],
      NumberOrder: [desiredOrder('berlin', stated)],
      observed: observedWorld({ numberOrders: { berlin: { ...held, subOrders } } }),
    });
  };
  const old = { reference: asReference('OLD') };

  it.each<[string, PlanInput, RegExp | null]>([
    ['as it was', editing(old), null],
    ['its value is done', editing(old, WANTED), null],
    ['its reference is done', editing({ reference: asReference('NEW REF') }), null],
    ['another value', editing(old, OTHER), /^"Contact Info" holds «[0-9a-f]{8}» now, and holds nothing/],
    ['declined since', editing(old, '', 'declined'), /^"Contact Info" is declined now, and awaiting-value/],
    [
      'another reference',
      editing({ reference: asReference('ELSE') }),
      /^its customer_reference is "ELSE" now, and "OLD"/,
    ],
    ['another status', editing({ ...old, status: 'success' }), /^the order is success now, and is pending/],
  ])('%s', (_, fresh, why) => {
    const refused = whyRefused(editing(old), fresh);
    if (why === null) expect(refused).toBeNull();
    else expect(refused).toMatch(why);
  });
});

describe('a reviewed edit of a porting order', () => {
  const PIN = 'end_user.admin.pin_passcode';
  const desired = desiredPort({ [PIN]: new Sensitive('8091') }, { values: [textValue(WANTED)] });
  const editing = (pin: string | null, text: string, status: string, given = {}) => {
    const own = {
      requirementId: TEXT_ID,
      fieldType: 'textual' as const,
      value: new Sensitive(text),
      status,
      name: null,
    };
    const held = observedPort(
      { [PIN]: pin === null ? null : new Sensitive(pin) },
      { requirements: [own], ...given },
    );
    return portingInput(desired, held);
  };
  const reviewed = editing('0000', 'x', 'unapproved');

  it.each<[string, PlanInput, RegExp | null]>([
    ['as it was', editing('0000', 'x', 'unapproved'), null],
    ['a setting is done', editing('8091', 'x', 'unapproved'), null],
    ['a value is done', editing('0000', WANTED, 'unapproved'), null],
    [
      'another setting',
      editing('0001', 'x', 'unapproved'),
      /^"end_user.admin.pin_passcode" holds «[0-9a-f]{8}» now, and holds «/,
    ],
    [
      'a setting that is cleared',
      editing(null, 'x', 'unapproved'),
      /^"end_user.admin.pin_passcode" holds nothing now/,
    ],
    ['another value', editing('0000', OTHER, 'unapproved'), /^"Contact Info" holds «/],
    [
      'a value that was approved',
      editing('0000', 'x', 'approved'),
      /^"Contact Info" is approved now, and unapproved/,
    ],
    [
      'another status',
      editing('0000', 'x', 'unapproved', { status: 'draft' }),
      /^the order is draft now, and is exception/,
    ],
  ])('%s', (_, fresh, why) => {
    const refused = whyRefused(reviewed, fresh);
    if (why === null) expect(refused).toBeNull();
    else expect(refused).toMatch(why);
  });
});

describe('a plan of one account', () => {
  const owned = (...users: readonly string[]): PlanInput => ({
    ...NEW,
    observed: { ...NEW.observed, users },
  });

  it.each<[string, PlanInput, PlanInput, RegExp | null]>([
    ['the same one', owned('user-1'), owned('user-1'), null],
    ['the same one, where a colleague has made a group', owned('user-1'), owned('user-1', 'user-2'), null],
    ['one whose groups say nothing', owned(), owned('user-2'), null],
    ['another one', owned('user-1'), owned('user-2'), /belongs? to another user/],
    ['another one without any group', owned('user-1'), owned(), /this one has none/],
  ])('is carried out on %s or refused', (_, reviewed, fresh, why) => {
    const [then, now] = [describedPlan(reviewed), describedPlan(fresh)];
    const refused = findOtherAccount(then, now);
    if (why === null) return expect(refused).toBeNull();
    expect(refused).toMatch(why);
    expect(now.fingerprint).not.toBe(then.fingerprint);
    expect(JSON.stringify(then)).not.toContain('user-1');
  });

  it('is not authentic under another name of an account, scope or address', () => {
    const plan = describedPlan(NEW);
    expect(isAuthentic(plan, planKeys())).toBe(true);
    for (const place of [
      { account: 'production' },
      { scope: 'other' },
      { baseUrl: 'https://example.com/v2' },
    ]) {
      expect(isAuthentic(plan, planKeys('KEYsample', place)), JSON.stringify(place)).toBe(false);
    }
  });
});
