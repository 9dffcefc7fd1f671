import { describe, expect, it } from 'vitest';
import type {
  Plan,
  PlanAttachment,
  PlanChange,
  PlanGroupDetail,
  PlanOrderDetail,
  PlanSetting,
  PlanValue,
} from '../../src/model/plan/plan.ts';
import { type Deviation, findDeviations, findOtherAccount, isAuthentic } from '../../src/plan/exact.ts';
import { planOf } from '../support/changes.ts';
import { desiredGroup, observedWorld, planInput } from '../support/plan-inputs.ts';
import { describedPlan, planKeys } from '../support/plans.ts';

/** Each rule by itself: what the reviewed plan shows, what the fresh one would do, and what is said of it. */

const CHANGE: PlanChange = {
  kind: 'RequirementGroup',
  name: 'de-local',
  id: 'group-1',
  actions: ['update', 'submit'],
  source: null,
  depends_on: [],
  patch: [],
  consequences: [],
  digest: 'd'.repeat(64),
};

function ofGroup(detail: Partial<PlanGroupDetail> = {}, given: Partial<PlanChange> = {}): PlanChange {
  const group: PlanGroupDetail = {
    verb: 'update',
    country_code: 'DE',
    phone_number_type: 'local',
    action: 'ordering',
    status: 'unapproved',
    values: [],
    deletes: [],
    ...detail,
  };
  return { ...CHANGE, group, ...given };
}

function ofOrder(detail: Partial<PlanOrderDetail> = {}, given: Partial<PlanChange> = {}): PlanChange {
  const order: PlanOrderDetail = {
    verb: 'update',
    status: 'pending',
    phone_numbers: 1,
    group: null,
    values: [],
    settings: [],
    ...detail,
  };
  return { ...CHANGE, kind: 'NumberOrder', name: 'berlin', id: 'order-1', order, ...given };
}

const ofDocument = (given: Partial<PlanChange> = {}): PlanChange => ({
  ...CHANGE,
  kind: 'Document',
  name: 'registration',
  id: null,
  actions: ['upload'],
  ...given,
});

function value(name: string, before: string | null, status: string | null = null): PlanValue {
  return { requirement_id: `id of ${name}`, name, field_type: 'textual', before, after: '«after»', status };
}

const setting = (name: string, before: string | null): PlanSetting => ({ name, before, after: '«after»' });

const reference = (text: string) => [{ op: 'replace', path: '/customer_reference', value: text }] as const;

/** What is said, or null. */
function whyRefused(reviewed: PlanChange, fresh: PlanChange): string | null {
  const deviations = findDeviations(planOf(reviewed), planOf(fresh));
  const [deviation] = deviations;
  const expected: Deviation[] =
    deviation === undefined ? [] : [{ kind: fresh.kind, name: fresh.name, message: deviation.message }];
  expect(deviations).toEqual(expected);
  return deviation?.message ?? null;
}

type Row = readonly [title: string, reviewed: PlanChange, fresh: PlanChange, why: string | null];

function table(rule: string, rows: readonly Row[]): void {
  describe(rule, () => {
    it.each(rows)('%s', (_, reviewed, fresh, why) => {
      expect(whyRefused(reviewed, fresh)).toBe(why);
    });
  });
}

describe('the changes of a fresh plan', () => {
  it('are each looked for in the reviewed one by kind and name, and what is done already is not missed', () => {
    const [one, other] = [ofGroup(), ofGroup({}, { name: 'fr-local', actions: ['create', 'submit'] })];
    const sameName = ofOrder({}, { name: 'fr-local', actions: ['create'] });
    expect(findDeviations(planOf(one, other), planOf())).toEqual([]);
    expect(findDeviations(planOf(one, other), planOf(other))).toEqual([]);
    expect(findDeviations(planOf(one), planOf(one, other, sameName))).toEqual([
      {
        kind: 'RequirementGroup',
        name: 'fr-local',
        message: 'create and submit is not in the reviewed plan',
      },
      { kind: 'NumberOrder', name: 'fr-local', message: 'create is not in the reviewed plan' },
    ]);
  });

  it('are told apart by their ids where they delete orphans of one name', () => {
    const deletes = (id: string) => ofGroup({ verb: 'delete', deletes: [id] }, { id, actions: ['delete'] });
    expect(findDeviations(planOf(deletes('a'), deletes('b')), planOf(deletes('b')))).toEqual([]);
    expect(findDeviations(planOf(deletes('a')), planOf(deletes('b')))).toEqual([
      { kind: 'RequirementGroup', name: 'de-local', message: 'delete is not in the reviewed plan' },
    ]);
  });
});

table('a change leads to what was reviewed', [
  ['the same digest', ofDocument(), ofDocument(), null],
  [
    'another digest',
    ofDocument(),
    ofDocument({ digest: 'e'.repeat(64) }),
    'its manifest changed since the plan was reviewed',
  ],
  [
    'a digest of which a part is missing',
    ofDocument(),
    ofDocument({ digest: 'd'.repeat(63) }),
    'its manifest changed since the plan was reviewed',
  ],
]);

table('a change is about the object that was reviewed', [
  ['the same id', ofDocument({ id: 'a' }), ofDocument({ id: 'a' }), null],
  ['one that the reviewed plan was to make', ofDocument(), ofDocument({ id: 'a' }), null],
  ['one that is gone', ofDocument({ id: 'a' }), ofDocument(), null],
  [
    'another id',
    ofDocument({ id: 'a' }),
    ofDocument({ id: 'b' }),
    'it is about b by now, and about a in the reviewed plan',
  ],
]);

describe('a value that is replaced is the one that was reviewed', () => {
  const sides: readonly [string, (parts: readonly (readonly [string, string | null])[]) => PlanChange][] = [
    ['a value of a group', (parts) => ofGroup({ values: parts.map(([name, now]) => value(name, now)) })],
    ['a value of an order', (parts) => ofOrder({ values: parts.map(([name, now]) => value(name, now)) })],
    [
      'a setting of an order',
      (parts) => ofOrder({ settings: parts.map(([name, now]) => setting(name, now)) }),
    ],
  ];
  const since = 'in the reviewed plan: somebody has changed it since';
  const rows: readonly [
    title: string,
    reviewed: readonly (readonly [string, string | null])[],
    fresh: readonly (readonly [string, string | null])[],
    why: string | null,
  ][] = [
    ['as it was', [['Name', '«1»']], [['Name', '«1»']], null],
    ['nothing, as it was', [['Name', null]], [['Name', null]], null],
    [
      'done already, beside one as it was',
      [
        ['Name', '«1»'],
        ['Tax', '«2»'],
      ],
      [['Tax', '«2»']],
      null,
    ],
    ['another one', [['Name', '«1»']], [['Name', '«2»']], `"Name" holds «2» now, and holds «1» ${since}`],
    [
      'nothing any more',
      [['Name', '«1»']],
      [['Name', null]],
      `"Name" holds nothing now, and holds «1» ${since}`,
    ],
    [
      'something by now',
      [['Name', null]],
      [['Name', '«1»']],
      `"Name" holds «1» now, and holds nothing ${since}`,
    ],
    [
      'another one beside one as it was',
      [
        ['Name', '«1»'],
        ['Tax', '«2»'],
      ],
      [
        ['Name', '«1»'],
        ['Tax', '«3»'],
      ],
      `"Tax" holds «3» now, and holds «2» ${since}`,
    ],
    [
      'not in the reviewed plan',
      [['Name', '«1»']],
      [
        ['Name', '«1»'],
        ['Tax', null],
        ['Seat', null],
      ],
      'it would change Tax, Seat, which the reviewed plan does not',
    ],
  ];
  const all = sides.flatMap(([side, make]) =>
    rows.map(([title, reviewed, fresh, why]) => [side, title, make(reviewed), make(fresh), why] as const),
  );

  it.each(all)('%s: %s', (_, __, reviewed, fresh, why) => {
    expect(whyRefused(reviewed, fresh)).toBe(why);
  });

  it('and is told apart by its requirement, not by its name', () => {
    const [one, other] = [value('Name', '«1»'), { ...value('Name', '«1»'), requirement_id: 'another' }];
    expect(whyRefused(ofGroup({ values: [one] }), ofGroup({ values: [other] }))).toBe(
      'it would change Name, which the reviewed plan does not',
    );
  });
});

table('a reviewer thinks of a value of an order what was reviewed', [
  [
    'the same',
    ofOrder({ values: [value('A', null, 'x')] }),
    ofOrder({ values: [value('A', null, 'x')] }),
    null,
  ],
  [
    'something else',
    ofOrder({ values: [value('A', null, 'x'), value('B', null, 'x')] }),
    ofOrder({ values: [value('A', null, 'x'), value('B', null, 'declined')] }),
    '"B" is declined now, and x in the reviewed plan',
  ],
  [
    'something by now',
    ofOrder({ values: [value('A', null)] }),
    ofOrder({ values: [value('A', null, 'declined')] }),
    '"A" is declined now, and without a status in the reviewed plan',
  ],
  [
    'nothing any more',
    ofOrder({ values: [value('A', null, 'declined')] }),
    ofOrder({ values: [value('A', null)] }),
    '"A" is without a status now, and declined in the reviewed plan',
  ],
  [
    'something, of an order that the reviewed plan placed',
    ofOrder({ status: null, values: [value('A', null)] }),
    ofOrder({ values: [value('A', null, 'awaiting-value')] }),
    null,
  ],
  [
    'something else of a value of a group, whose status says it',
    ofGroup({ values: [value('A', null, 'x')] }),
    ofGroup({ values: [value('A', null, 'declined')] }),
    null,
  ],
]);

table('an order has the status that was reviewed', [
  ['the same', ofOrder(), ofOrder(), null],
  [
    'another one',
    ofOrder({ status: 'draft' }),
    ofOrder({ status: 'exception' }),
    'the order is exception now, and is draft in the reviewed plan',
  ],
  [
    'none, since it is gone',
    ofOrder({ status: 'draft' }),
    ofOrder({ status: null }),
    'the order does not exist now, and is draft in the reviewed plan',
  ],
  ['one, since the reviewed plan placed it', ofOrder({ status: null }), ofOrder({ status: 'failure' }), null],
]);

describe('a group has the status that was reviewed, or one that the reviewed actions lead to', () => {
  const statuses = ['unapproved', 'pending-approval', 'approved', 'declined', 'expired', null] as const;

  it.each<[string, PlanChange, Partial<PlanChange>, Partial<PlanGroupDetail>, (string | null)[]]>([
    [
      'it is updated and submitted',
      ofGroup({ status: 'declined' }),
      {},
      {},
      ['unapproved', 'pending-approval', 'approved', 'declined'],
    ],
    [
      'it is updated',
      ofGroup({ status: 'declined' }, { actions: ['update'] }),
      {},
      {},
      ['unapproved', 'approved', 'declined'],
    ],
    [
      'it is submitted',
      ofGroup({ status: 'declined' }, { actions: ['submit'] }),
      {},
      {},
      ['pending-approval', 'approved', 'declined'],
    ],
    [
      'it is created',
      ofGroup({ status: null }, { actions: ['create'] }),
      { actions: [] },
      {},
      ['unapproved', 'approved', null],
    ],
    [
      'it is attached',
      ofGroup({ status: 'expired' }, { actions: ['attach'] }),
      {},
      {},
      ['approved', 'expired'],
    ],
    [
      'a value of it is still to be written',
      ofGroup({ status: 'declined', values: [value('A', null)] }),
      {},
      { values: [value('A', null)] },
      ['declined'],
    ],
    [
      'it is deleted',
      ofGroup({ verb: 'delete', status: 'declined' }, { actions: ['delete'] }),
      {},
      {},
      ['declined'],
    ],
    [
      'it is still to be created',
      ofGroup({ status: 'declined' }, { actions: ['create', 'update'] }),
      {},
      {},
      ['declined'],
    ],
  ])('where %s', (_, reviewed, given, detail, allowed) => {
    const accepted = statuses.filter((status) => {
      const fresh = { ...reviewed, ...given };
      const group = fresh.group as PlanGroupDetail;
      return whyRefused(reviewed, { ...fresh, group: { ...group, ...detail, status } }) === null;
    });
    expect(accepted).toEqual(allowed);
  });

  it('and both are named where it has not', () => {
    expect(whyRefused(ofGroup({ status: 'approved' }), ofGroup({ status: null }))).toBe(
      'the group does not exist now, and is approved in the reviewed plan',
    );
    expect(whyRefused(ofGroup({ status: null }), ofGroup({ status: 'declined' }))).toBe(
      'the group is declined now, and does not exist in the reviewed plan',
    );
  });

  it('and where the reviewed plan says nothing of the group, it did not exist', () => {
    expect(
      whyRefused({ ...CHANGE, actions: ['attach'] }, ofGroup({ status: 'expired' }, { actions: [] })),
    ).toBe('the group is expired now, and does not exist in the reviewed plan');
  });
});

describe('a reference that is replaced is the one that was reviewed', () => {
  const kinds = [
    ['a group', ofGroup],
    ['an order', ofOrder],
  ] as const;
  const rows: readonly [string, string | null | undefined, string | null | undefined, string | null][] = [
    ['the same', 'OLD', 'OLD', null],
    ['none, and none', null, null, null],
    ['none, and not looked at', null, undefined, null],
    ['the one that is wanted', 'OLD', 'NEW', null],
    ['another one', 'OLD', 'ELSE', 'its customer_reference is "ELSE" now, and "OLD" in the reviewed plan'],
    ['none any more', 'OLD', null, 'its customer_reference is none now, and "OLD" in the reviewed plan'],
    ['one by now', null, 'ELSE', 'its customer_reference is "ELSE" now, and none in the reviewed plan'],
  ];
  const stating = (text: string | null | undefined) => (text === undefined ? {} : { reference: text });

  it.each(kinds.flatMap(([kind, make]) => rows.map((row) => [kind, row[0], make, row] as const)))(
    'of %s: %s',
    (_, __, make, [, then, now, why]) => {
      const patch = reference('NEW');
      expect(whyRefused(make(stating(then), { patch }), make(stating(now), { patch }))).toBe(why);
    },
  );

  it('and of what the reviewed plan made, it is whatever it was made with', () => {
    const [reviewed, fresh] = [{ status: null }, { status: null, reference: 'ELSE' }];
    expect(whyRefused(ofGroup(reviewed), ofGroup(fresh))).toBeNull();
    expect(whyRefused(ofOrder(reviewed), ofOrder(fresh))).toBeNull();
  });
});

table('a value that the manifest does not state is the one that was reviewed', [
  ['the same', ofGroup({ unstated: '«1»' }), ofGroup({ unstated: '«1»' }), null],
  [
    'another one',
    ofGroup({ unstated: '«1»' }),
    ofGroup({ unstated: '«2»' }),
    'a value that the group holds and its manifest does not state has changed since the plan was reviewed',
  ],
  [
    'one by now',
    ofGroup(),
    ofGroup({ unstated: '«2»' }),
    'a value that the group holds and its manifest does not state has changed since the plan was reviewed',
  ],
  [
    'none any more',
    ofGroup({ unstated: '«1»' }),
    ofGroup(),
    'a value that the group holds and its manifest does not state has changed since the plan was reviewed',
  ],
]);

describe('what is done was reviewed', () => {
  const acting = (actions: PlanChange['actions'], given: Partial<PlanChange> = {}) =>
    ofGroup({}, { actions, ...given });
  const wanted = { patch: reference('NEW') };

  it.each<Row>([
    ['the same', acting(['update', 'submit']), acting(['update', 'submit']), null],
    ['a part of it', acting(['update', 'submit', 'attach']), acting(['submit']), null],
    [
      'one thing more',
      acting(['update']),
      acting(['update', 'submit']),
      'submit is not in the reviewed plan, which shows update',
    ],
    [
      'two things more',
      acting(['update', 'attach']),
      acting(['update', 'submit', 'delete']),
      'submit and delete is not in the reviewed plan, which shows update and attach',
    ],
    [
      'the reference alone is left of an update that writes it',
      acting(['update'], wanted),
      acting(['adopt']),
      null,
    ],
    [
      'the reference, of an update that does not write it',
      acting(['update']),
      acting(['adopt']),
      'adopt is not in the reviewed plan, which shows update',
    ],
    [
      'the reference, where nothing was to be updated',
      acting(['submit'], wanted),
      acting(['adopt']),
      'adopt is not in the reviewed plan, which shows submit',
    ],
    [
      'more than the reference, of an update that writes it',
      acting(['update'], wanted),
      acting(['adopt', 'submit']),
      'submit is not in the reviewed plan, which shows update',
    ],
  ])('%s', (_, reviewed, fresh, why) => {
    expect(whyRefused(reviewed, fresh)).toBe(why);
  });
});

table('a consequence was reviewed', [
  ['the same', ofGroup({}, { consequences: ['a', 'b'] }), ofGroup({}, { consequences: ['b', 'a'] }), null],
  ['fewer', ofGroup({}, { consequences: ['a', 'b'] }), ofGroup({}, { consequences: ['b'] }), null],
  [
    'more',
    ofGroup({}, { consequences: ['a'] }),
    ofGroup({}, { consequences: ['b', 'a', 'c'] }),
    'a consequence is new: b; c',
  ],
  [
    'another outlook of an order, which follows from a status that is compared by itself',
    ofGroup({}, { consequences: ['goes to review: this run creates the group "a"'] }),
    ofGroup({}, { consequences: ['can be activated at once: the group "a" is approved'] }),
    null,
  ],
]);

describe('what is deleted was reviewed', () => {
  const old = { id: 'old', status: 'declined', content: '«1»' };
  const second = { ...old, id: 'second' };
  const deleting = (...deleted: readonly (typeof old)[]) =>
    ofGroup({ verb: 'replace', deletes: deleted.map(({ id }) => id), deleted }, { actions: ['delete'] });
  const unseen = (id: string) => ofGroup({ verb: 'replace', deletes: [id] }, { actions: ['delete'] });

  it.each<Row>([
    ['the same', deleting(old, second), deleting(old, second), null],
    ['one of them is gone', deleting(old, second), deleting(second), null],
    [
      'others',
      deleting(old),
      deleting(old, second, { ...old, id: 'third' }),
      'it would delete second, third, which the reviewed plan does not',
    ],
    [
      'one, where none was to be deleted',
      ofGroup({}, { actions: ['delete'] }),
      unseen('old'),
      'it would delete old, which the reviewed plan does not',
    ],
    [
      'another status',
      deleting(second, old),
      deleting(second, { ...old, status: 'approved' }),
      'group old, which it deletes, is approved now, and declined in the reviewed plan',
    ],
    [
      'other values',
      deleting(second, old),
      deleting(second, { ...old, content: '«2»' }),
      'group old, which it deletes, holds other values than when the plan was reviewed',
    ],
    [
      'of which the reviewed plan does not say what it is',
      unseen('old'),
      deleting(old),
      'group old, which it deletes, is declined now, and undefined in the reviewed plan',
    ],
  ])('%s', (_, reviewed, fresh, why) => {
    expect(whyRefused(reviewed, fresh)).toBe(why);
  });

  it('and nothing is where the plan says nothing of a group', () => {
    const given = { actions: ['delete'] } as const;
    expect(whyRefused(ofDocument(given), ofDocument(given))).toBeNull();
    expect(whyRefused({ ...CHANGE, ...given }, unseen('old'))).toMatch(/^the group is unapproved now/);
  });
});

describe('an order is placed with the group that was reviewed', () => {
  const placing = (group: string | null, detail: Partial<PlanOrderDetail> = {}) =>
    ofOrder(
      { status: null, ...detail },
      {
        actions: ['create'],
        id: null,
        patch: group === null ? [] : [{ op: 'add', path: '/requirement_group', value: group }],
      },
    );
  const group = (actions: PlanChange['actions'], given: Partial<PlanChange> = {}) =>
    ofGroup({}, { name: 'de', actions, ...given });
  const seen = { group_status: 'unapproved', group_values: '«1»' };

  it.each<
    [
      title: string,
      reviewed: PlanChange,
      fresh: PlanChange,
      groups: readonly PlanChange[],
      why: string | null,
    ]
  >([
    ['none, and none', placing(null), placing(null), [], null],
    ['the same', placing('de', seen), placing('de', seen), [], null],
    [
      'another one',
      placing('de', seen),
      placing('fr', seen),
      [],
      'it would be ordered with group fr, which the reviewed plan shows with group de',
    ],
    [
      'none any more',
      placing('de', seen),
      placing(null),
      [],
      'it would be ordered without a group, which the reviewed plan shows with group de',
    ],
    [
      'one by now',
      placing(null),
      placing('de', seen),
      [],
      'it would be ordered with group de, which the reviewed plan shows without a group',
    ],
    [
      'in another status, though nothing is done to it',
      placing('de', seen),
      placing('de', { ...seen, group_status: 'declined' }),
      [],
      'group de, which it is ordered with, is declined now, and is unapproved in the reviewed plan',
    ],
    ['approved by now', placing('de', seen), placing('de', { ...seen, group_status: 'approved' }), [], null],
    [
      'gone by now',
      placing('de', seen),
      placing('de', { group_status: null }),
      [],
      'group de, which it is ordered with, does not exist now, and is unapproved in the reviewed plan',
    ],
    [
      'under review, which the reviewed plan leads to',
      placing('de', seen),
      placing('de', { ...seen, group_status: 'pending-approval' }),
      [group(['submit'])],
      null,
    ],
    [
      'under review, which the reviewed plan does not lead to',
      placing('de', seen),
      placing('de', { ...seen, group_status: 'pending-approval' }),
      [group(['update']), group(['submit'], { name: 'fr' })],
      'group de, which it is ordered with, is pending-approval now, and is unapproved in the reviewed plan',
    ],
    [
      'made by the reviewed plan',
      placing('de', { group_status: null }),
      placing('de', seen),
      [group(['create'])],
      null,
    ],
    [
      'made by somebody else',
      placing('de', { group_status: null }),
      placing('de', seen),
      [],
      'group de, which it is ordered with, is unapproved now, and does not exist in the reviewed plan',
    ],
    [
      'with other values',
      placing('de', seen),
      placing('de', { ...seen, group_values: '«2»' }),
      [],
      'group de, which it is ordered with, holds other values than when the plan was reviewed',
    ],
    [
      'with other values, which the reviewed plan writes',
      placing('de', seen),
      placing('de', { ...seen, group_values: '«2»' }),
      [group(['update'])],
      null,
    ],
    [
      'with other values, and an orphan of its name is deleted',
      placing('de', seen),
      placing('de', { ...seen, group_values: '«2»' }),
      [ofGroup({ verb: 'delete' }, { name: 'de', actions: ['delete'] })],
      'group de, which it is ordered with, holds other values than when the plan was reviewed',
    ],
    [
      'with other values, and an order of its name is edited',
      placing('de', seen),
      placing('de', { ...seen, group_values: '«2»' }),
      [ofOrder({}, { name: 'de', actions: ['update'] })],
      'group de, which it is ordered with, holds other values than when the plan was reviewed',
    ],
  ])('%s', (_, reviewed, fresh, groups, why) => {
    const found = findDeviations(planOf(...groups, reviewed), planOf(fresh));
    expect(found).toEqual(why === null ? [] : [{ kind: 'NumberOrder', name: 'berlin', message: why }]);
  });

  it('and one that is placed already is not looked at again', () => {
    const placed = ofOrder({ group_status: 'declined' }, { actions: ['create'] });
    expect(whyRefused(placing('de', seen), { ...placed, actions: [] })).toBeNull();
  });
});

describe('an order that a group is attached to was reviewed', () => {
  const requirement = (name: string, after: string) => ({ requirement_id: `id of ${name}`, name, after });
  const lost = (name: string, before: string) => ({ requirement_id: `id of ${name}`, name, before });
  const attachment = (given: Partial<PlanAttachment> = {}): PlanAttachment => ({
    kind: 'sub_number_order',
    id: 'order-1',
    status: 'pending',
    source: { file: 'groups/a.yaml', line: 9 },
    requirements: [requirement('Name', '«1»')],
    ...given,
  });
  const attaching = (...attaches: readonly PlanAttachment[]) =>
    ofGroup({ attaches }, { actions: ['attach'] });
  const other = attachment({ id: 'order-2' });
  const bare = ofGroup({}, { actions: ['attach'] });

  it.each<Row>([
    ['the same', attaching(attachment()), attaching(attachment()), null],
    ['none any more', attaching(attachment()), bare, null],
    [
      'an advanced order that carries what it did',
      attaching(attachment({ kind: 'advanced_order', carries: 'g1' })),
      attaching(attachment({ kind: 'advanced_order', carries: 'g1' })),
      null,
    ],
    [
      'an advanced order that carries another group by now',
      attaching(attachment({ kind: 'advanced_order', carries: null })),
      attaching(attachment({ kind: 'advanced_order', carries: 'g2' })),
      'advanced order order-1 carries group g2 now, and no group in the reviewed plan',
    ],
    ['one of two', attaching(attachment(), other), attaching(other), null],
    [
      'one more',
      attaching(attachment()),
      attaching(attachment(), other),
      'it would attach to sub number order order-2, which the reviewed plan does not',
    ],
    [
      'one, where none was',
      bare,
      attaching(other),
      'it would attach to sub number order order-2, which the reviewed plan does not',
    ],
    [
      'one of another kind',
      attaching(attachment()),
      attaching(attachment({ kind: 'porting_order' })),
      'it would attach to porting order order-1, which the reviewed plan does not',
    ],
    [
      'in another status',
      attaching(other, attachment()),
      attaching(other, attachment({ status: 'provisioning' })),
      'sub number order order-1 is provisioning now, and pending in the reviewed plan',
    ],
    [
      'with one value done',
      attaching(attachment({ requirements: [requirement('Name', '«1»'), requirement('Tax', '«2»')] })),
      attaching(attachment({ requirements: [requirement('Tax', '«2»')] })),
      null,
    ],
    [
      'with another value',
      attaching(attachment()),
      attaching(attachment({ requirements: [requirement('Name', '«2»')] })),
      'it would change "Name" of sub number order order-1, which the reviewed plan does not',
    ],
    [
      'with a value of another requirement',
      attaching(attachment()),
      attaching(attachment({ requirements: [requirement('Name', '«1»'), requirement('Tax', '«1»')] })),
      'it would change "Tax" of sub number order order-1, which the reviewed plan does not',
    ],
    [
      'where it loses one of the values that were shown',
      attaching(attachment({ replaces: [lost('Name', '«8»'), lost('Name', '«9»')] })),
      attaching(attachment({ replaces: [lost('Name', '«9»')] })),
      null,
    ],
    [
      'where it loses another value',
      attaching(attachment({ replaces: [lost('Name', '«8»')] })),
      attaching(attachment({ replaces: [lost('Name', '«8»'), lost('Name', '«9»')] })),
      '"Name" of sub number order order-1 holds «9» now, which the reviewed plan does not show',
    ],
    [
      'where it loses the value of another requirement',
      attaching(attachment({ replaces: [lost('Name', '«8»')] })),
      attaching(attachment({ replaces: [lost('Tax', '«8»')] })),
      '"Tax" of sub number order order-1 holds «8» now, which the reviewed plan does not show',
    ],
    [
      'where it loses a value and was to lose none',
      attaching(attachment()),
      attaching(attachment({ replaces: [lost('Name', '«8»')] })),
      '"Name" of sub number order order-1 holds «8» now, which the reviewed plan does not show',
    ],
  ])('%s', (_, reviewed, fresh, why) => {
    expect(whyRefused(reviewed, fresh)).toBe(why);
  });
});

describe('the account that a plan is carried out on', () => {
  const GONE =
    'the reviewed plan was made for an account with requirement groups, and this one has none: it is another account, or all of its groups were deleted';
  const OTHER = 'the reviewed plan was made for another Telnyx account: its groups belong to another user';
  const deleting = ofGroup({ verb: 'delete', deletes: ['group-1'] });
  const owned = (users: readonly string[] | undefined, ...changes: PlanChange[]): Plan => ({
    ...planOf(...changes),
    ...(users === undefined ? {} : { users }),
  });

  it.each<[string, Plan, Plan, string | null]>([
    ['nobody says whose it is', owned(undefined), owned(undefined), null],
    ['the reviewed plan does not say whose it is', owned(undefined), owned(['a']), null],
    ['the reviewed plan names nobody', owned([]), owned(['a']), null],
    ['it is the same', owned(['a']), owned(['a']), null],
    ['one of its users is the same', owned(['a', 'b']), owned(['c', 'b']), null],
    ['it is another', owned(['a', 'b']), owned(['c', 'd']), OTHER],
    ['it is another, and the reviewed plan deletes', owned(['a'], deleting), owned(['c']), OTHER],
    ['it has no groups any more', owned(['a']), owned([]), GONE],
    ['it does not say whose it is any more', owned(['a'], ofGroup(), ofDocument()), owned(undefined), GONE],
    [
      'the reviewed plan may have deleted its last group',
      owned(['a'], ofDocument(), ofGroup(), deleting),
      owned([]),
      null,
    ],
  ])('%s', (_, reviewed, fresh, why) => {
    expect(findOtherAccount(reviewed, fresh)).toBe(why);
  });
});

describe('a plan is not authentic', () => {
  const plan = () =>
    describedPlan(planInput({ RequirementGroup: [desiredGroup()], observed: observedWorld({}) }));

  it.each<[string, (mac: string) => unknown]>([
    ['without a MAC', () => undefined],
    ['with a MAC that is no text', () => 7],
    ['with an empty MAC', () => ''],
    ['with a MAC that is cut off', (mac) => mac.slice(0, -1)],
    ['with a MAC that goes on', (mac) => `${mac}0`],
    ['with a MAC of which one letter is another', (mac) => `${mac.slice(0, -1)}x`],
  ])('%s', (_, change) => {
    const { mac, ...signed } = plan();
    expect(isAuthentic({ ...signed, mac }, planKeys())).toBe(true);
    expect(isAuthentic({ ...signed, mac: change(mac) } as Plan, planKeys())).toBe(false);
  });
});

describe('the words of reviewers', () => {
  const [FIRST, SECOND] = ['Reviewer on 2026-06-02: "Who is she?"', 'Reviewer on 2026-06-03: "And he?"'];
  const resubmit = (said?: readonly string[]) =>
    ofGroup(
      { verb: 'unchanged', status: 'declined' },
      { actions: ['submit'], ...(said === undefined ? {} : { said }) },
    );
  const update = (said: readonly string[]) => ofGroup({ status: 'declined' }, { said });

  it.each<[string, PlanChange, PlanChange, string | null]>([
    ['that came after the plan stop the same content', resubmit([FIRST]), resubmit([SECOND, FIRST]), SECOND],
    ['that are the first ones stop it, too', resubmit(), resubmit([FIRST]), FIRST],
    ['that repeat what the plan shows stop it', resubmit([FIRST]), resubmit([FIRST, FIRST]), FIRST],
    ['that the plan shows do not', resubmit([FIRST]), resubmit([FIRST]), null],
    ['that somebody marked as read do not', resubmit([SECOND, FIRST]), resubmit([FIRST, SECOND]), null],
    ['that are gone do not', resubmit([SECOND, FIRST]), resubmit([FIRST]), null],
    ['do not stop another content', update([FIRST]), update([SECOND, FIRST]), null],
  ])('%s', (_, reviewed, fresh, quoted) => {
    const why = whyRefused(reviewed, fresh);
    if (quoted === null) return expect(why).toBeNull();
    expect(why).toBe(
      `a reviewer wrote after the plan was made, and the same content would be submitted again without an answer to it: ${quoted}`,
    );
  });
});
