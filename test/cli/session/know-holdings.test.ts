import { describe, expect, it } from 'vitest';
import { redactComments, redactReasons } from '../../../src/cli/session/know-holdings.ts';
import type { ObservedAddress, ReviewComment } from '../../../src/model/observed.ts';
import type { BoundAction, ObservedAction } from '../../../src/model/orders/actions.ts';
import type { NamedOrder } from '../../../src/model/orders/observed-order.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asRemoteId, type BoundNumberOrder } from '../../../src/model/resource.ts';
import {
  CONTACT,
  DOCUMENT_ID,
  desiredGroup,
  observedGroup,
  observedWorld,
  TEXT_ID,
  textValue,
} from '../../support/plan-inputs.ts';
import { desiredPort, observedPort } from '../../support/ported.ts';

const SOURCE = { file: 'groups/a.yaml', line: 8, column: 5 };
const HIDDEN = '«sensitive»';
const text = (written: string) => new Sensitive(written);

const LINK = 'https://verify.example.com/1';
const namesOf = (first: string, last: string) =>
  new Map([
    ['first_name', text(first)],
    ['last_name', text(last)],
  ]);

/** A manifest that states an action for this person. */
const acting = (first: string, last: string): BoundAction => ({
  requirement: { id: 'check', name: 'Identity Check' },
  names: namesOf(first, last),
  source: SOURCE,
});

/** An action that was started for somebody else than the manifest names. */
function started(order: ObservedAction['order'], cancelReason: string | null = null): ObservedAction {
  return {
    requirementId: 'check',
    order,
    id: order.id,
    state: 'started',
    status: 'pending',
    sent: namesOf('Senta', 'Earlier'),
    link: text(LINK),
    cancelReason,
    deadlineMs: null,
  };
}

const subOrder: NamedOrder = {
  kind: 'sub_number_order',
  id: asRemoteId('s'),
  status: 'pending',
  isOpen: true,
  countryCode: 'DE',
  phoneNumberType: 'local',
  subNumberOrderId: asRemoteId('s'),
  holdings: [
    [{ requirementId: TEXT_ID, fieldType: 'textual', value: text('Held Example'), status: 'declined' }],
    [{ requirementId: DOCUMENT_ID, fieldType: 'address', value: text('address-1'), status: 'declined' }],
  ],
  phoneNumbers: [text('+49300000001')],
  source: SOURCE,
};

const address: ObservedAddress = {
  id: asRemoteId('address-1'),
  reference: null,
  fields: new Map([
    ['street_address', text('Beispielweg 1')],
    ['country_code', text('DE')],
  ]),
};

const numberOrder: BoundNumberOrder = {
  name: 'berlin',
  reference: 'regsync/acme/order/berlin' as BoundNumberOrder['reference'],
  statesReference: false,
  id: null,
  group: null,
  phoneNumbers: [{ number: text('+49300000002'), source: SOURCE }],
  settings: [],
  values: [textValue('Stated Example')],
  actions: [acting('Wanda', 'Berliner')],
  source: SOURCE,
} as BoundNumberOrder;

const listing = { ...CONTACT, criteria: { ...CONTACT.criteria, acceptableValues: ['Business'] } };

/** Everything that a comment can be about, with this comment on the objects of these ids. */
function worldsWith(body: string, ids: readonly string[], cancelReason: string | null = null) {
  const comment: ReviewComment = { body, byReviewer: true, createdAt: '2026-06-01T00:00:00Z' };
  const group = observedGroup({ [TEXT_ID]: 'Group Example' }, { id: asRemoteId('g') });
  const port = observedPort(
    { 'end_user.admin.entity_name': text('Ported Example'), 'end_user.location.country_code': text('DE') },
    {
      phoneNumbers: [text('+49300000003')],
      requirements: [
        {
          requirementId: TEXT_ID,
          fieldType: 'textual',
          value: text('Required Example'),
          status: null,
          name: null,
        },
        {
          requirementId: DOCUMENT_ID,
          fieldType: 'address',
          value: text('address-1'),
          status: null,
          name: null,
        },
      ],
      actions: [started({ kind: 'porting_order', id: asRemoteId('id-port') }, cancelReason)],
    },
  );
  const observed = observedWorld({
    matches: { 'de-local': { group, superseded: [] } },
    orders: { 'de-local': [{ ...subOrder, kind: 'phone_number', id: asRemoteId('n') }] },
    comments: new Map(ids.map((one) => [asRemoteId(one), [comment]])),
    portingOrders: { port },
  });
  return {
    RequirementGroup: [desiredGroup({ values: [textValue('Business', listing)], definitions: [listing] })],
    NumberOrder: [numberOrder],
    PortingOrder: [
      desiredPort(
        { 'end_user.admin.pin_passcode': text('80910') },
        { values: [textValue('Wanted Example')], actions: [acting('Porta', 'Mover')] },
      ),
    ],
    observed: {
      ...observed,
      addresses: { byId: new Map([['address-1', address]]), byReference: new Map() },
      NumberOrder: new Map([
        [
          'berlin',
          {
            id: asRemoteId('o'),
            reference: null,
            status: 'pending',
            phoneNumbersCount: 1,
            settings: { connection_id: null, messaging_profile_id: null, billing_group_id: null },
            subOrders: [{ ...subOrder, id: asRemoteId('t'), subNumberOrderId: asRemoteId('t') }],
            actions: [started({ kind: 'sub_number_order', id: asRemoteId('t') })],
          },
        ],
      ]),
    },
  } as Parameters<typeof redactComments>[0];
}

/** Returns what is shown of a comment on the object with this id. */
function shown(id: string, body: string): string | undefined {
  return redactComments(worldsWith(body, [id])).get(asRemoteId(id))?.[0]?.body;
}

/** Returns what is shown of the reason why an action of the porting order was cancelled. */
function reason(given: string | null): string | null | undefined {
  return redactReasons(worldsWith('', [], given)).get('port')?.actions?.[0]?.cancelReason;
}

describe('a comment as it may be shown', () => {
  it.each([
    ['of its group as it is held', 'g', 'Is Group Example right?', `Is ${HIDDEN} right?`],
    ['but for what anybody may say', 'g', 'Is it Business?', 'Is it Business?'],
    ['and keeps what another object holds', 'g', 'Is Held Example right?', 'Is Held Example right?'],
    ['of an order, in whatever spelling', 's', 'Is held-EXAMPLE right?', `Is ${HIDDEN} right?`],
    ['of the group that the order gets', 's', 'Is Group Example right?', `Is ${HIDDEN} right?`],
    ['of the addresses of an order', 's', 'In Beispielweg 1, DE?', `In ${HIDDEN}, DE?`],
    ['of the numbers of an order', 's', 'Who has +49300000001?', `Who has ${HIDDEN}?`],
    ['of an order with a manifest', 't', 'Held Example, really?', `${HIDDEN}, really?`],
    ['that such a manifest states', 't', 'Stated Example, really?', `${HIDDEN}, really?`],
    ['of the numbers that it orders', 't', '49300000002, really?', `${HIDDEN}, really?`],
    ['of the settings of a porting order', 'id-port', 'Ported Example in DE?', `${HIDDEN} in DE?`],
    ['of its requirements', 'id-port', 'Required Example?', `${HIDDEN}?`],
    ['of its numbers', 'id-port', '+49300000003?', `${HIDDEN}?`],
    ['that its manifest sets', 'id-port', 'Is 80910 the PIN?', `Is ${HIDDEN} the PIN?`],
    ['that its manifest demands', 'id-port', 'Wanted Example?', `${HIDDEN}?`],
    ['of the person that an action is for', 't', 'Is Wanda Berliner there?', `Is ${HIDDEN} there?`],
    ['of the person that it was for', 't', 'Is Senta there?', `Is ${HIDDEN} there?`],
    ['of the link of an action', 't', `Open ${LINK} now`, `Open ${HIDDEN} now`],
    ['of the person of a porting order', 'id-port', 'Is Porta Mover there?', `Is ${HIDDEN} there?`],
    ['of the person that this was for', 'id-port', 'Is Senta there?', `Is ${HIDDEN} there?`],
    ['of the link of a porting order', 'id-port', `Open ${LINK} now`, `Open ${HIDDEN} now`],
  ])('has no whole values %s', (_, id, body, expected) => {
    expect(shown(id, body)).toBe(expected);
  });

  it('is left out where nobody knows what the object holds', () => {
    expect(shown('x', 'Is Group Example right?')).toBeUndefined();
  });

  it.each([
    ['x'.repeat(1000), 'x'.repeat(1000)],
    ['x'.repeat(1001), `${'x'.repeat(999)}…`],
  ])('is cut beyond a thousand letters', (body, expected) => {
    expect(shown('s', body)).toBe(expected);
  });

  it.each([
    ['which redaction makes short', 'Group Example. '.repeat(1500), `${HIDDEN}…`],
    ['which redaction leaves long', `${'x'.repeat(19_990)} Group Example`, `${'x'.repeat(999)}…`],
    [
      'of which redaction leaves a little more than is shown',
      `${'x'.repeat(990)} ${'Group Example. '.repeat(1400)}`,
      `${HIDDEN}…`,
    ],
  ])('that is cut within a value, %s, shows no part of the value', (_, body, expected) => {
    expect(body.slice(0, 20_000)).toMatch(/(?:Grou|Group|Group Exa)$/);
    expect(shown('g', body)).toBe(expected);
  });
});

describe('the reason why an action was cancelled', () => {
  it.each([
    ['its words', 'Too late.', 'Too late.'],
    ['no name that was sent', 'Senta Earlier was late.', `${HIDDEN} was late.`],
    ['no name that is to be sent', 'It is Porta.', `It is ${HIDDEN}.`],
    ['no value that the order holds', 'Ported Example or Required Example', `${HIDDEN} or ${HIDDEN}`],
    ['no address that the order holds', 'Not at Beispielweg 1, DE', `Not at ${HIDDEN}, DE`],
    ['no more than a thousand letters', 'x'.repeat(1001), `${'x'.repeat(999)}…`],
    ['nothing where there is none', null, null],
  ])('shows %s', (_, given, expected) => {
    expect(reason(given)).toBe(expected);
  });
});
