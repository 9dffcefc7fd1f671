import { describe, expect, it } from 'vitest';
import {
  asRemoteId,
  type BoundGroup,
  type NamedOrder,
  type ObservedGroup,
  type OrderRequirement,
} from '../../src/model/resource.ts';
import { Sensitive } from '../../src/model/sensitive.ts';
import { compareOrders, planAttachments } from '../../src/plan/attachment.ts';
import {
  ACTION_ID,
  CONTACT,
  DOCUMENT_ID,
  desiredGroup,
  documentValue,
  observedDocument,
  observedGroup,
  observedWorld,
  REGISTRATION,
  TEXT_ID,
  textValue,
  VERIFICATION,
} from '../support/worlds.ts';

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

  it('leaves out what the group cannot hold', () => {
    const group = {
      demands: [CONTACT],
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
    expect(attention.map(({ source }) => source)).toEqual(codes.map(() => ({ file: SOURCE.file, line: 8 })));
  });

  it.each([
    ['a value is missing', { values: [textValue('Compliance desk')], demands: [CONTACT, REGISTRATION] }],
    ['an action is demanded, which no group ever has', { demands: [CONTACT, REGISTRATION, VERIFICATION] }],
  ])('its group is not fulfilled: %s', (_, group) => {
    const observed = observedGroup({ [TEXT_ID]: 'Compliance desk' });
    const { changes, attention } = planned([order([changed])], { group, observed });
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

  it('loses nothing where nothing is attached', () => {
    const porting = order([{ ...HELD, [DOCUMENT_ID]: ['doc-3', 'approved'] }], { kind: 'porting_order' });
    expect(planned([porting])).toMatchObject({ changes: [], consequences: [] });
  });
});
