import { describe, expect, it } from 'vitest';
import { closedValues, planDirectValues } from '../../../src/kinds/number-order/direct-values.ts';
import type { ObservedOrder } from '../../../src/model/orders/observed-order.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { sentence } from '../../../src/model/text/sentence.ts';
import { observedOrder } from '../../support/ordered.ts';
import {
  DOCUMENT_ID,
  documentValue,
  observedDocument,
  observedWorld,
  TEXT_ID,
  textValue,
} from '../../support/plan-inputs.ts';

const OTHER_ID = '99999999-9999-4999-8999-999999999999';

/** Requirements of each number, all without a value. */
function order(...numbers: readonly (readonly string[])[]): ObservedOrder {
  const [whole] = observedOrder('x').subOrders;
  if (whole === undefined) throw new Error('an order has parts');
  const holdings = numbers.map((ids) =>
    ids.map((requirementId) => ({
      requirementId,
      fieldType: 'textual' as const,
      value: new Sensitive(''),
      status: 'awaiting-value',
    })),
  );
  return { ...whole, id: asRemoteId('part'), holdings };
}

function plan(...orders: readonly ObservedOrder[]) {
  const stated = { values: [textValue('Jo Example')], name: sentence`number order x`, orders };
  const { writes, findings } = planDirectValues(stated, observedWorld({}));
  return [writes.map(({ requirementId }) => requirementId), findings.map(({ code }) => code)];
}

describe('a value that an order does not demand', () => {
  it.each([
    [
      'is something to know where all numbers say what they demand',
      [order([OTHER_ID], [OTHER_ID])],
      [[], ['requirements-changed']],
    ],
    ['is nothing yet where one number is still being filled', [order([OTHER_ID], [])], [[], []]],
    ['is nothing yet where one part is still being filled', [order([OTHER_ID]), order([])], [[], []]],
    ['waits where no number says anything', [order([], [])], [[], ['order-incomplete']]],
    ['is none where one number demands it', [order([OTHER_ID], [TEXT_ID])], [[TEXT_ID], []]],
  ])('%s', (_, orders, expected) => {
    expect(plan(...orders)).toEqual(expected);
  });
});

describe('a value that an order holds', () => {
  const HELD = 'Jo Example';
  const source = { file: 'groups/b.yaml', line: 7, column: 1 };
  const value = { ...textValue(HELD), contentSource: source };
  /** `[value, status]`, one for each number. */
  const holding = (...numbers: readonly (readonly [string, string | null])[]): ObservedOrder => ({
    ...order(),
    holdings: numbers.map(([text, status]) => [
      { requirementId: TEXT_ID, fieldType: 'textual', value: new Sensitive(text), status },
    ]),
  });
  const planned = (...orders: readonly ObservedOrder[]) =>
    planDirectValues({ values: [value], name: sentence`number order x`, orders }, observedWorld({}));
  const write = (before: string | null, status: string | null) => ({
    writes: [
      {
        requirementId: TEXT_ID,
        requirementName: 'Contact Info',
        fieldType: 'textual',
        value: { kind: 'text', text: new Sensitive(HELD) },
        before: before === null ? null : new Sensitive(`text:${before}`),
        after: new Sensitive(`text:${HELD}`),
        observedStatus: status,
        source,
      },
    ],
    findings: [],
  });
  const finding = (code: string, message: string) => ({ writes: [], findings: [{ code, message, source }] });
  const NOTHING = { writes: [], findings: [] };
  const declined = finding(
    'order-declined',
    'number order x: a reviewer declined "Contact Info", and the manifest still states the same',
  );
  const unreadable = finding(
    'order-unreadable',
    'number order x holds another value for "Contact Info", and Telnyx does not say whether it is approved; it is left alone',
  );

  it.each<[string, ObservedOrder, object]>([
    ['is none', holding(['', 'awaiting-value']), write(null, 'awaiting-value')],
    ['is none, and no status is said', holding(['', null]), write(null, null)],
    ['is what is stated', holding([HELD, 'pending-approval']), NOTHING],
    ['is what is stated, and no status is said', holding([HELD, null]), NOTHING],
    ['is another', holding(['x', 'pending-approval']), write('x', 'pending-approval')],
    ['is another that was declined', holding(['x', 'declined']), write('x', 'declined')],
    ['is another that is approved', holding(['x', 'approved']), NOTHING],
    ['is another, and no status is said', holding(['x', null]), unreadable],
    ['is what is stated and was declined', holding([HELD, 'declined']), declined],
    ['was declined and is approved by now', holding([HELD, 'approved']), NOTHING],
    [
      'differs on one number alone',
      holding([HELD, 'approved'], ['y', 'approved'], ['x', 'declined']),
      write('x', 'declined'),
    ],
    [
      'is unreadable on one number, and differs on another',
      holding(['y', null], ['x', 'declined']),
      write('x', 'declined'),
    ],
    [
      'is unreadable on one number, and was declined on another',
      holding(['y', null], [HELD, 'declined']),
      unreadable,
    ],
    [
      'is approved on one number, and was declined on another',
      holding(['y', 'approved'], [HELD, 'declined']),
      declined,
    ],
    [
      'is another that was declined on one number, and approved',
      holding(['y', 'approved'], ['', 'approved']),
      NOTHING,
    ],
  ])('is written or not where it %s', (_, one, expected) => {
    expect(planned(one)).toEqual(expected);
  });

  it.each<[string, string | null, string, boolean]>([
    ['is another one', 'x', 'success', true],
    ['is what is stated', HELD, 'success', false],
    ['is not shown', '', 'success', false],
    ['is not demanded', null, 'success', false],
    ['went with a lost order', 'x', 'cancelled', false],
  ])('is something to know of a closed order where it %s', (_, text, status, expected) => {
    const finalHoldings = text === null ? [[]] : holding([text, 'approved'], [text, 'approved']).holdings;
    const closed = { ...order(), isOpen: false, status, finalHoldings };
    expect(
      closedValues({ values: [value], orders: [closed, holding(['x', null])] }, observedWorld({})),
    ).toEqual(
      expected
        ? [
            {
              code: 'order-closed',
              message:
                'sub number order part is success: it is left with what it holds for "Contact Info", which is not what the manifest states',
              source,
            },
          ]
        : [],
    );
  });

  it('is looked for in what is open alone', () => {
    const closed = { ...holding(['x', 'declined']), isOpen: false };
    expect(planned(closed)).toEqual(NOTHING);
    expect(planned(closed, holding([HELD, 'approved']))).toEqual(NOTHING);
    expect(planned()).toEqual(NOTHING);
  });

  it('may be a document, which is compared and written as what is at Telnyx', () => {
    const world = observedWorld({ documents: [observedDocument('doc-1', 'registration')] });
    const stated = documentValue('registration');
    const holdingDocument = (id: string): ObservedOrder => ({
      ...order(),
      holdings: [
        [{ requirementId: DOCUMENT_ID, fieldType: 'document', value: new Sensitive(id), status: 'declined' }],
      ],
    });
    const plannedOf = (id: string) =>
      planDirectValues(
        { values: [stated], name: sentence`number order x`, orders: [holdingDocument(id)] },
        world,
      );
    expect(plannedOf('doc-1')).toMatchObject({ writes: [], findings: [{ code: 'order-declined' }] });
    expect(plannedOf('doc-9')).toMatchObject({
      writes: [
        {
          requirementId: DOCUMENT_ID,
          fieldType: 'document',
          value: { kind: 'document', reuse: 'doc-1' },
          before: new Sensitive('gone:doc-9'),
        },
      ],
      findings: [],
    });
  });

  it('is nothing to know where none is stated', () => {
    const stated = { values: [], name: sentence`number order x`, orders: [order([])] };
    expect(planDirectValues(stated, observedWorld({}))).toEqual(NOTHING);
  });

  it('is not known yet where the order does not say what it demands', () => {
    expect(planned(order([], []))).toEqual({
      writes: [],
      findings: [
        {
          code: 'order-incomplete',
          message: 'number order x does not list its requirements yet; a later run compares it',
          source: null,
        },
      ],
    });
  });

  it('and is not demanded is said at its own line', () => {
    expect(planned(order([OTHER_ID]))).toEqual({
      writes: [],
      findings: [
        {
          code: 'requirements-changed',
          message: 'number order x does not demand "Contact Info": remove it from the manifest',
          source: value.source,
        },
      ],
    });
  });
});
