import { describe, expect, it } from 'vitest';
import { planAttachments } from '../../../../src/kinds/requirement-group/orders/attachment.ts';
import { compareOrders } from '../../../../src/kinds/requirement-group/orders/order-comparison.ts';
import type { ObservedGroup } from '../../../../src/model/observed.ts';
import type { NamedOrder, OrderRequirement } from '../../../../src/model/orders/observed-order.ts';
import { Sensitive } from '../../../../src/model/privacy/sensitive.ts';
import { asRemoteId, type BoundGroup } from '../../../../src/model/resource.ts';
import { planChanges } from '../../../../src/plan/plan.ts';
import {
  ACTION_ID,
  ADDRESS_ID,
  addressValue,
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
  VERIFICATION,
} from '../../../support/plan-inputs.ts';
import { observedPort } from '../../../support/ported.ts';

const ORDER = '0b000000-0000-4000-8000-000000000001';
const SOURCE = { file: 'groups/a.yaml', line: 8, column: 5 };
const HELD = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };

/** `{ id: value }` or `{ id: [value, status] }`, one for each phone number. */
type Values = Readonly<Record<string, string | readonly [string, string | null]>>;

function order(numbers: readonly Values[], given: Partial<NamedOrder> = {}): NamedOrder {
  return {
    kind: 'sub_number_order',
    id: asRemoteId(ORDER),
    status: 'pending',
    isOpen: true,
    countryCode: 'DE',
    phoneNumberType: 'local',
    subNumberOrderId: asRemoteId(ORDER),
    holdings: numbers.map((values) =>
      Object.entries(values).map(([requirementId, held]): OrderRequirement => {
        const [value, status] = typeof held === 'string' ? [held, 'pending-approval'] : held;
        const fieldType = requirementId === DOCUMENT_ID ? 'document' : 'textual';
        return { requirementId, fieldType, value: new Sensitive(value), status };
      }),
    ),
    source: SOURCE,
    ...given,
  };
}

function planned(
  orders: readonly NamedOrder[],
  given: { readonly group?: Partial<BoundGroup>; readonly observed?: ObservedGroup | null } = {},
) {
  const observed = observedWorld({
    orders: { 'de-local': orders },
    documents: [
      observedDocument('doc-1', 'registration'),
      observedDocument('doc-2', 'registration'),
      observedDocument('doc-3', 'something else'),
    ],
  });
  const group = given.observed === undefined ? observedGroup(HELD) : given.observed;
  const desired = desiredGroup(given.group);
  return {
    ...planAttachments(desired, group, { observed, warnDays: 30 }),
    states: compareOrders(desired, group, observed).map(({ state }) => state),
  };
}

function differing(...numbers: readonly Values[]): string[] {
  return planned([order(numbers)]).changes.flatMap(({ requirements }) =>
    requirements.map(({ requirementName }) => requirementName),
  );
}

describe('what an order holds against what its group holds', () => {
  it.each<[what: string, numbers: readonly Values[], differing: readonly string[]]>([
    ['the same', [HELD], []],
    ['the same, declined', [{ ...HELD, [TEXT_ID]: ['Compliance desk', 'declined'] }], []],
    ['the same text in other blanks and composition', [{ ...HELD, [TEXT_ID]: ' Compliance desk ' }], []],
    ['the same document under another id', [{ ...HELD, [DOCUMENT_ID]: 'doc-2' }], []],
    ['another text', [{ ...HELD, [TEXT_ID]: 'Somebody' }], ['Contact Info']],
    ['another text, declined', [{ ...HELD, [TEXT_ID]: ['Somebody', 'declined'] }], ['Contact Info']],
    ['another text, approved', [{ ...HELD, [TEXT_ID]: ['Somebody', 'approved'] }], []],
    [
      'another text, of a status that nobody knows',
      [{ ...HELD, [TEXT_ID]: ['Somebody', 'odd'] }],
      ['Contact Info'],
    ],
    ['another document', [{ ...HELD, [DOCUMENT_ID]: 'doc-3' }], ['Registration']],
    ['a document that is gone', [{ ...HELD, [DOCUMENT_ID]: 'doc-9' }], ['Registration']],
    ['no values', [{ [TEXT_ID]: '', [DOCUMENT_ID]: '' }], ['Contact Info', 'Registration']],
    ['no value, and no status said', [{ ...HELD, [TEXT_ID]: ['', null] }], ['Contact Info']],
    [
      'another text, and no status said: it may be approved',
      [{ ...HELD, [TEXT_ID]: ['Somebody', null] }],
      [],
    ],
    [
      'the same on one number and another on the second',
      [HELD, { ...HELD, [TEXT_ID]: 'Somebody' }],
      ['Contact Info'],
    ],
    ['the same on one number and nothing yet on the second', [HELD, {}], []],
    [
      'a declined value of another requirement, which is the same by chance',
      [{ ...HELD, [ACTION_ID]: ['Compliance desk', 'declined'] }],
      [],
    ],
    ['something that the group does not have', [{ ...HELD, [ACTION_ID]: '' }], []],
    ['less than the group', [{ [TEXT_ID]: 'Compliance desk' }], []],
    ['nothing yet', [{}], []],
  ])('%s', (_, numbers, expected) => {
    expect(differing(...numbers)).toEqual(expected);
  });

  it('compares with what the group will hold after this run, not with what it holds', () => {
    const group = { values: [textValue('Jo Example'), documentValue('registration')] };
    expect(planned([order([HELD])], { group }).changes).toHaveLength(1);
    expect(planned([order([{ ...HELD, [TEXT_ID]: 'Jo Example' }])], { group }).changes).toEqual([]);
  });

  it('takes a date for the same however the order writes it', () => {
    const group = { values: [textValue('2026-03-01'), documentValue('registration')] };
    const observed = observedGroup({ ...HELD, [TEXT_ID]: '2026-03-01' });
    const dated = (date: string) =>
      planned([order([{ ...HELD, [TEXT_ID]: date }])], { group, observed }).changes;
    expect(dated('2026-03-01T00:00:00.000000+00:00')).toEqual([]);
    expect(dated('2026-03-02T00:00:00.000Z')).toHaveLength(1);
    expect(dated('2026-03-01 (second)')).toHaveLength(1);
  });

  it('counts what the group holds beyond its manifest', () => {
    const group = { values: [textValue('Compliance desk')], partial: true };
    expect(planned([order([{ ...HELD, [DOCUMENT_ID]: 'doc-3' }])], { group }).changes).toHaveLength(1);
    expect(planned([order([HELD])], { group }).changes).toEqual([]);
  });

  it('does not count what the group holds no value for', () => {
    const group = { definitions: [CONTACT], values: [textValue('Compliance desk')] };
    const observed = observedGroup({ ...HELD, [DOCUMENT_ID]: '' });
    const one = order([{ ...HELD, [DOCUMENT_ID]: 'doc-3' }], { kind: 'porting_order' });
    expect(planned([one], { group, observed })).toMatchObject({
      changes: [],
      consequences: [],
      states: ['carries'],
    });
  });

  it('leaves out what the group cannot hold', () => {
    const group = {
      definitions: [CONTACT],
      values: [textValue('Compliance desk'), documentValue('registration')],
    };
    const observed = observedGroup({ [TEXT_ID]: 'Compliance desk' });
    expect(planned([order([{ ...HELD, [DOCUMENT_ID]: '' }])], { group, observed }).changes).toEqual([]);
  });

  it('attaches a group that is still to be made', () => {
    expect(planned([order([{ [TEXT_ID]: '', [DOCUMENT_ID]: '' }])], { observed: null }).changes).toHaveLength(
      1,
    );
  });
});

describe('an order that is left alone says why', () => {
  const changed = { ...HELD, [TEXT_ID]: 'Somebody' };

  it.each<[what: string, order: NamedOrder, state: string, codes: readonly string[]]>([
    ['closed', order([changed], { isOpen: false, status: 'success' }), 'closed', ['order-closed']],
    ['not filled in yet', order([{}, {}]), 'incomplete', ['order-incomplete']],
    ['without a number in it', order([]), 'incomplete', ['order-incomplete']],
    [
      'of which no status is said',
      order([{ ...HELD, [TEXT_ID]: ['Somebody', null] }]),
      'unreadable',
      ['order-unreadable'],
    ],
    [
      'of which no status is said, on one of its numbers',
      order([HELD, { ...HELD, [TEXT_ID]: ['Somebody', null] }]),
      'unreadable',
      ['order-unreadable'],
    ],
    ['approved as it was', order([{ ...HELD, [TEXT_ID]: ['Somebody', 'approved'] }]), 'carries', []],
    [
      'approved as it is, with something else that was declined and is the same by chance',
      order([{ ...HELD, [ACTION_ID]: ['Compliance desk', 'declined'] }]),
      'carries',
      [],
    ],
    [
      'declined as it is',
      order([{ ...HELD, [TEXT_ID]: ['Compliance desk', 'declined'] }]),
      'carries',
      ['order-declined'],
    ],
    [
      'declined as it is, in the words of porting',
      order([{ ...HELD, [TEXT_ID]: ['Compliance desk', 'requirement-info-exception'] }], {
        kind: 'porting_order',
      }),
      'carries',
      ['order-declined'],
    ],
    ['equal', order([HELD]), 'carries', []],
  ])('%s', (_, one, state, codes) => {
    const { changes, attention, states } = planned([one]);
    expect([changes, states, attention.map(({ code }) => code)]).toEqual([[], [state], codes]);
    // What was declined is changed where the manifest states it, all else where it names the order.
    const lines = codes.map((code) => (code === 'order-declined' ? 1 : 8));
    expect(attention.map(({ source }) => source)).toEqual(lines.map((line) => ({ file: SOURCE.file, line })));
  });

  it('its group is not fulfilled: a value is missing', () => {
    const group = { values: [textValue('Compliance desk')], definitions: [CONTACT, REGISTRATION] };
    const observed = observedGroup({ [TEXT_ID]: 'Compliance desk' });
    const { changes, attention } = planned([order([changed])], { group, observed });
    expect([changes, attention.map(({ code }) => code)]).toEqual([[], ['unfulfilled']]);
  });
});

describe('an order of a group with an action, which is never fulfilled', () => {
  const definitions = [CONTACT, REGISTRATION, VERIFICATION];
  const changed = { ...HELD, [TEXT_ID]: 'Somebody' };

  it('gets the values one by one, and the plan says why', () => {
    const { changes, attention, consequences } = planned([order([changed])], { group: { definitions } });
    expect(changes).toMatchObject([{ by: 'values', requirements: [{ requirementId: TEXT_ID }] }]);
    expect(attention).toEqual([]);
    expect(consequences).toEqual([
      'orders take no group with an action ("Identity Check"): its values are written to each order',
    ]);
  });

  it('gets the values that are there, also while another one is missing, of which the plan tells', () => {
    const group = { values: [textValue('Compliance desk')], definitions };
    const observed = observedGroup({ [TEXT_ID]: 'Compliance desk' });
    const { changes, attention } = planned([order([changed])], { group, observed });
    expect(changes).toMatchObject([{ by: 'values', requirements: [{ requirementId: TEXT_ID }] }]);
    expect(attention).toEqual([]);
  });

  it('stays as it is where it has them, with an action that nobody has done', () => {
    const carrying = order([{ ...HELD, [ACTION_ID]: ['', 'awaiting-value'] }]);
    const { changes, consequences, states } = planned([carrying], { group: { definitions } });
    expect([changes, consequences, states]).toEqual([[], [], ['carries']]);
  });
});

describe('an advanced order', () => {
  const GROUP = observedGroup(HELD).id;
  const OTHER = asRemoteId('0a000000-0000-4000-8000-000000000009');
  const advanced = (given: Partial<NamedOrder>) =>
    order([], { kind: 'advanced_order', subNumberOrderId: null, ...given });

  it.each<[string, Partial<NamedOrder>, string, number, readonly string[]]>([
    ['open, without a group', { groupId: null }, 'differs', 1, []],
    ['open, with another group', { groupId: OTHER }, 'differs', 1, []],
    ['open, with this group', { groupId: GROUP }, 'carries', 0, []],
    ['closed, with this group', { groupId: GROUP, isOpen: false, status: 'ordered' }, 'carries', 0, []],
    [
      'closed, with another',
      { groupId: OTHER, isOpen: false, status: 'failed' },
      'closed',
      0,
      ['order-closed'],
    ],
  ])('%s', (_, given, state, count, codes) => {
    const { changes, attention, states } = planned([advanced(given)]);
    expect([states, changes.length, attention.map(({ code }) => code)]).toEqual([[state], count, codes]);
  });

  it('is given a group that is still to be made', () => {
    expect(planned([advanced({ groupId: OTHER })], { observed: null }).changes).toHaveLength(1);
  });

  it('is given its group again when values of the group are written, which it copies only then', () => {
    const observed = observedWorld({ orders: { 'de-local': [advanced({ groupId: GROUP })] } });
    const world = { observed, warnDays: 30 };
    const changes = (writesValues: boolean) =>
      planAttachments(desiredGroup(), observedGroup(HELD), { ...world, writesValues }).changes;
    expect([changes(false).length, changes(true).length]).toEqual([0, 1]);
  });

  it.each<[string, Partial<BoundGroup>, string, readonly string[]]>([
    [
      'unapproved, as an apply leaves it that could not give it again',
      {},
      'unapproved',
      ['submit', 'attach'],
    ],
    ['unapproved, and never submitted', { approval: 'none' }, 'unapproved', []],
    ['under review', {}, 'pending-approval', []],
    ['approved', {}, 'approved', []],
    ['declined', {}, 'declined', []],
    ['of a status that nobody knows', {}, 'on-hold', []],
  ])(
    'that carries a group with equal values is given it again if the group is %s',
    (_, given, status, actions) => {
      const { changes } = planChanges(
        planInput({
          RequirementGroup: [desiredGroup(given)],
          observed: observedWorld({
            matches: { 'de-local': { group: observedGroup(HELD, { status }), superseded: [] } },
            orders: { 'de-local': [advanced({ groupId: GROUP })] },
            documents: [observedDocument('doc-1', 'registration')],
          }),
        }),
      );
      expect(changes.flatMap((change) => ('actions' in change ? change.actions : []))).toEqual(actions);
    },
  );

  it('takes no group that is not fulfilled, and has no values of its own to write', () => {
    const definitions = [CONTACT, REGISTRATION, VERIFICATION];
    const observed = observedGroup({ [TEXT_ID]: 'Compliance desk' });
    const group = { values: [textValue('Compliance desk')], definitions };
    const { changes, attention } = planned([advanced({ groupId: null })], { group, observed });
    expect([changes, attention.map(({ code }) => code)]).toEqual([[], ['unfulfilled']]);
  });
});

describe('a porting order', () => {
  it('loses what differs, also what is approved, and its plan says so', () => {
    const porting = order(
      [{ [TEXT_ID]: ['Somebody', 'requirement-info-pending'], [DOCUMENT_ID]: ['doc-3', 'approved'] }],
      { kind: 'porting_order' },
    );
    expect(planned([porting]).consequences).toEqual([
      `porting order ${ORDER} loses its own "Contact Info", "Registration" (approved)`,
    ]);
  });

  it('loses the one value that differs, and nothing where it held none', () => {
    const losing = (text: string, document: string) =>
      planned([order([{ [TEXT_ID]: text, [DOCUMENT_ID]: document }], { kind: 'porting_order' })]);
    expect(losing('Somebody', 'doc-1').consequences).toEqual([
      `porting order ${ORDER} loses its own "Contact Info"`,
    ]);
    const empty = losing('', 'doc-1');
    expect([empty.changes.length, empty.consequences]).toEqual([1, []]);
  });

  it('loses nothing where nothing is attached', () => {
    const porting = order([{ ...HELD, [DOCUMENT_ID]: ['doc-3', 'approved'] }], { kind: 'porting_order' });
    expect(planned([porting])).toMatchObject({ changes: [], consequences: [] });
  });
});

describe('what a plan says of an order that a group is attached to', () => {
  const NUMBER = `sub number order ${ORDER}`;
  const source = { file: SOURCE.file, line: SOURCE.line };
  const item = (code: string, message: string, line = source.line) => ({
    code,
    name: 'de-local',
    message,
    source: { ...source, line },
  });
  const changed = { ...HELD, [TEXT_ID]: 'Somebody' };
  const declined = (text: string, document = 'doc-1'): Values => ({
    [TEXT_ID]: [text, 'declined'],
    [DOCUMENT_ID]: [document, 'declined'],
  });
  const wanted = (deadline: string, locality: string | null = null): Partial<NamedOrder> => ({
    sample: { id: asRemoteId(ORDER), deadlineMs: Date.parse(deadline), locality },
  });

  const linked = (held: Values[]): NamedOrder => ({
    ...order([], { isOpen: false, status: 'success' }),
    finalHoldings: order(held).holdings,
    isLink: true,
  });

  it.each<[string, NamedOrder, object[]]>([
    [
      'it is closed',
      order([changed], { isOpen: false, status: 'success' }),
      [item('order-closed', `${NUMBER} is success and cannot take a group any more: remove the entry`)],
    ],
    [
      'it is closed with other values',
      { ...order([], { isOpen: false, status: 'success' }), finalHoldings: order([changed, HELD]).holdings },
      [
        item(
          'order-closed',
          `${NUMBER} is success and cannot take a group any more, and keeps other values than the group for "Contact Info": remove the entry`,
        ),
      ],
    ],
    [
      'it is closed with its values',
      { ...order([], { isOpen: false, status: 'success' }), finalHoldings: order([HELD]).holdings },
      [item('order-closed', `${NUMBER} is success and cannot take a group any more: remove the entry`)],
    ],
    ['it is closed, and its own manifest names the group', linked([HELD]), []],
    [
      'it is closed with other values, and its own manifest names the group',
      linked([changed]),
      [
        item(
          'order-closed',
          `${NUMBER} is success and cannot take a group any more, and keeps other values than the group for "Contact Info"`,
        ),
      ],
    ],
    [
      'it is lost, whatever it held',
      { ...order([], { isOpen: false, status: 'cancelled' }), finalHoldings: order([changed]).holdings },
      [item('order-closed', `${NUMBER} is cancelled and cannot take a group any more: remove the entry`)],
    ],
    [
      'it is not filled in yet',
      order([{}]),
      [item('order-incomplete', `${NUMBER} does not list its requirements yet; a later run compares it`)],
    ],
    [
      'nobody says whether its value is approved',
      order([{ ...HELD, [TEXT_ID]: ['Somebody', null] }]),
      [
        item(
          'order-unreadable',
          `${NUMBER} holds other values, and Telnyx does not say whether they are approved; it is left alone`,
        ),
      ],
    ],
    [
      'what it carries was declined',
      order([declined('Compliance desk')]),
      [
        item(
          'order-declined',
          `${NUMBER}: a reviewer declined "Contact Info", "Registration", and the group still holds the same; change it, and the order follows`,
          1,
        ),
      ],
    ],
    [
      'a part of what it carries was declined, and it differs otherwise',
      order([declined('Somebody')]),
      [
        item(
          'order-declined',
          `${NUMBER}: a reviewer declined "Registration", and the group still holds the same; change it, and the order follows`,
          1,
        ),
      ],
    ],
    ['what it loses was declined', order([declined('Somebody', 'doc-3')]), []],
    [
      'it wants values',
      order([{ [TEXT_ID]: ['', 'awaiting-value'] }], wanted('2026-06-03T00:00:00Z')),
      [
        item(
          'order-deadline',
          `${NUMBER}: needs values until 2026-06-03, in 2 days; without them its numbers are lost`,
        ),
      ],
    ],
    [
      'it wants values until a day that is far away',
      order([{ [TEXT_ID]: ['', 'declined'] }], wanted('2026-07-02T00:00:00Z')),
      [],
    ],
  ])('is that %s', (_, one, attention) => {
    expect(planned([one]).attention).toEqual(attention);
  });

  it('is that its address is not in the country of the group', () => {
    const fields = new Map([['country_code', new Sensitive('FR')]] as const);
    const group = { values: [addressValue('Rue de l’Exemple 1', { fields })], partial: true };
    const one = order([{ [ADDRESS_ID]: 'a' }]);
    expect(planned([one], { group, observed: null }).attention).toContainEqual(
      item(
        'order-address-mismatch',
        `${NUMBER} may not be activated at once: the address for "Local Address" is not in DE`,
      ),
    );
  });

  const talk = (id: string) =>
    new Map([[asRemoteId(id), [{ body: 'Why?', byReviewer: true, createdAt: '2026-06-01T08:00:00Z' }]]]);
  const asked = (on: string, line?: number) =>
    item('order-comment', `${on}: Reviewer on 2026-06-01: "Why?"`, line);

  it.each<[string, NamedOrder, string, object]>([
    ['it, at its entry', order([HELD]), ORDER, asked(NUMBER)],
    [
      'what was declined, at the line of the value',
      order([declined('Somebody', 'doc-3')]),
      ORDER,
      asked(NUMBER, 1),
    ],
    [
      'the order of a number',
      order([HELD], { kind: 'phone_number', subNumberOrderId: asRemoteId('sub') }),
      'sub',
      asked('sub number order sub'),
    ],
  ])('is what a reviewer wrote about %s', (_, one, id, attention) => {
    const group = desiredGroup();
    const observed = observedWorld({
      orders: { 'de-local': [one] },
      documents: [observedDocument('doc-1', 'registration')],
      comments: talk(id),
    });
    expect(planAttachments(group, null, { observed, warnDays: 30 }).attention).toEqual([attention]);
  });

  it('is what a reviewer wrote about a sub order, once for all of its numbers', () => {
    const number = (id: string) =>
      order([HELD], { kind: 'phone_number', id: asRemoteId(id), subNumberOrderId: asRemoteId('sub') });
    const observed = observedWorld({
      orders: { 'de-local': [number('n1'), number('n2')] },
      documents: [observedDocument('doc-1', 'registration')],
      comments: talk('sub'),
    });
    const { attention } = planAttachments(desiredGroup(), null, { observed, warnDays: 30 });
    expect(attention).toEqual([asked('sub number order sub')]);
  });

  it.each([true, false])(
    'is why a porting order is in exception, unless it has a manifest: %s',
    (hasManifest) => {
      const porting = order([HELD], {
        kind: 'porting_order',
        status: 'exception',
        exceptionCodes: ['OSP_IRRESPONSIVE'],
      });
      const observed = observedWorld({
        orders: { 'de-local': [porting] },
        documents: [observedDocument('doc-1', 'registration')],
        comments: talk(ORDER),
        portingOrders: hasManifest ? { port: observedPort({}, { id: asRemoteId(ORDER) }) } : {},
      });
      const { attention } = planAttachments(desiredGroup(), null, { observed, warnDays: 30 });
      const why = `porting order ${ORDER} is in exception, OSP_IRRESPONSIVE: the other carrier does not answer. Call it.`;
      expect(attention).toEqual(
        hasManifest ? [] : [item('order-exception', why), asked(`porting order ${ORDER}`)],
      );
    },
  );

  it('is that its group lacks values, of those that are open', () => {
    const group = { values: [], partial: true };
    const closed = order([changed], { isOpen: false, id: asRemoteId('closed'), status: 'success' });
    const other = order([changed], { id: asRemoteId('other'), kind: 'porting_order' });
    const { attention, changes, consequences } = planned([closed, order([changed]), other], {
      group,
      observed: null,
    });
    expect([changes, consequences]).toEqual([[], []]);
    expect(attention.at(-1)).toEqual(
      item(
        'unfulfilled',
        `not attached to ${NUMBER}, porting order other: orders take only complete groups; no value for "Contact Info", "Registration"`,
      ),
    );
    expect(planned([closed], { group, observed: null }).attention).toEqual([
      item(
        'order-closed',
        'sub number order closed is success and cannot take a group any more: remove the entry',
      ),
    ]);
  });

  it('is nothing where the group is attached to none', () => {
    const nothing = { changes: [], attention: [], consequences: [] };
    const observed = observedWorld({});
    expect(planAttachments(desiredGroup(), null, { observed, warnDays: 30 })).toEqual(nothing);
    expect(compareOrders(desiredGroup(), null, observed)).toEqual([]);
  });
});

describe('what an order gets, and loses by it', () => {
  const named = (requirementId: string, requirementName: string) => ({ requirementId, requirementName });
  const lost = (requirementId: string, requirementName: string, text: string) => ({
    ...named(requirementId, requirementName),
    value: new Sensitive(`held:${text}`),
  });

  it('is each value once, in the form that it will have', () => {
    const one = order([
      { [TEXT_ID]: 'Somebody', [DOCUMENT_ID]: 'doc-1' },
      { [TEXT_ID]: 'Somebody', [DOCUMENT_ID]: ['doc-3', 'declined'] },
      { [TEXT_ID]: ['Else', 'approved'], [DOCUMENT_ID]: ['', null] },
    ]);
    const [change] = planned([one]).changes;
    expect(change).toEqual({
      order: one,
      requirements: [
        { ...named(TEXT_ID, 'Contact Info'), after: new Sensitive('text:Compliance desk') },
        {
          ...named(DOCUMENT_ID, 'Registration'),
          after: new Sensitive(`document:${observedDocument('x', 'registration').sha256?.slice(0, 32)}`),
        },
      ],
      replaces: [
        lost(TEXT_ID, 'Contact Info', 'Somebody'),
        lost(DOCUMENT_ID, 'Registration', 'doc-3'),
        lost(DOCUMENT_ID, 'Registration', ''),
      ],
    });
  });

  it('is what is approved as well, of a porting order', () => {
    const one = order([{ [TEXT_ID]: ['Else', 'approved'], [DOCUMENT_ID]: 'doc-3', [ACTION_ID]: 'x' }], {
      kind: 'porting_order',
    });
    const { changes, consequences } = planned([one]);
    expect(changes[0]?.replaces).toEqual([
      lost(TEXT_ID, 'Contact Info', 'Else'),
      lost(DOCUMENT_ID, 'Registration', 'doc-3'),
    ]);
    expect(consequences).toEqual([
      `porting order ${ORDER} loses its own "Contact Info" (approved), "Registration"`,
    ]);
  });

  it('is each value of each requirement, though two of them are the same', () => {
    const group = {
      values: [textValue('Compliance desk')],
      partial: true,
      definitions: [CONTACT, REGISTRATION],
    };
    const observed = observedGroup({ ...HELD, [ACTION_ID]: 'more' });
    const one = order([{ [TEXT_ID]: 'x', [DOCUMENT_ID]: 'doc-1', [ACTION_ID]: 'x' }]);
    expect(planned([one], { group, observed }).changes[0]?.replaces).toEqual([
      lost(TEXT_ID, 'Contact Info', 'x'),
      lost(ACTION_ID, ACTION_ID, 'x'),
    ]);
  });

  it('is what the group holds and its manifest does not state, by the name that is known', () => {
    const group = { values: [textValue('Compliance desk')], partial: true };
    const observed = observedGroup({ ...HELD, [ACTION_ID]: 'more' });
    const one = order([{ [DOCUMENT_ID]: 'doc-3', [ACTION_ID]: 'less' }]);
    expect(planned([one], { group, observed }).changes[0]?.requirements).toEqual([
      { ...named(DOCUMENT_ID, 'Registration'), after: new Sensitive('held:doc-1') },
      { ...named(ACTION_ID, ACTION_ID), after: new Sensitive('held:more') },
    ]);
  });
});
