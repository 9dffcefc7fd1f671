import { describe, expect, it } from 'vitest';
import type { PlanChange, PlanOrderDetail, PlanValue } from '../../src/model/plan.ts';
import type { PlanStart } from '../../src/model/plan-start.ts';
import { type Sentence, textOf } from '../../src/model/sentence.ts';
import { startDeviation, writtenDeviation } from '../../src/plan/exact-orders.ts';

function change(detail: Partial<PlanOrderDetail>): PlanChange {
  const order = {
    verb: 'unchanged',
    status: 'pending',
    phone_numbers: 1,
    group: null,
    values: [],
    settings: [],
  };
  return {
    kind: 'NumberOrder',
    name: 'desk',
    id: 'o1',
    actions: ['start'],
    source: null,
    depends_on: [],
    patch: [],
    consequences: [],
    digest: '',
    order: { ...order, ...detail } as PlanOrderDetail,
  };
}

function start(given: Partial<PlanStart> = {}, before: string | null = null): PlanStart {
  return {
    requirement_id: 'check',
    name: 'Identity Check',
    id: 's1',
    status: 'awaiting-value',
    fields: [{ name: 'first_name', before, after: '«1»' }],
    ...given,
  };
}

const said = (why: Sentence | null) => why && textOf(why);

describe('an action to start is what was reviewed', () => {
  it.each<[string, readonly PlanStart[], readonly PlanStart[], string | null]>([
    ['the same', [start()], [start()], null],
    ['done already', [start()], [], null],
    ['of the order that the reviewed plan has placed', [start({ id: null, status: null })], [start()], null],
    [
      'of an order still to be placed',
      [start({ id: null, status: null })],
      [start({ id: null, status: null })],
      null,
    ],
    [
      'none was shown',
      [],
      [start()],
      'it would start "Identity Check" of s1, which the reviewed plan does not',
    ],
    [
      'another was shown',
      [start({ requirement_id: 'other' })],
      [start()],
      'it would start "Identity Check" of s1, which the reviewed plan does not',
    ],
    [
      'one of another part was shown',
      [start({ id: 's2' })],
      [start()],
      'it would start "Identity Check" of s1, which the reviewed plan does not',
    ],
    [
      'it was declined since',
      [start()],
      [start({ status: 'declined' })],
      '"Identity Check" of s1 is declined now, and is awaiting-value in the reviewed plan',
    ],
    [
      'somebody else was named since',
      [start()],
      [start({}, '«2»')],
      '"Identity Check" of s1 was started for somebody else than in the reviewed plan',
    ],
    [
      'somebody has started it on the placed order',
      [start({ id: null, status: null })],
      [start({}, '«2»')],
      '"Identity Check" of s1 was started for somebody else than in the reviewed plan',
    ],
  ])('%s', (_, shown, fresh, why) => {
    expect(said(startDeviation(change({ starts: shown }), change({ starts: fresh })))).toBe(why);
  });
});

describe('a value that an order gets is what was reviewed', () => {
  const value = (after: string): PlanValue => ({
    requirement_id: 'text',
    name: 'Contact Info',
    field_type: 'textual',
    before: null,
    after,
    status: null,
  });
  const becomes = (after: string) => change({ values: [value(after)] });

  it.each([
    ['the same', becomes('«1»'), becomes('«1»'), null],
    ['written already', becomes('«1»'), change({}), null],
    [
      'another, as where a group has changed',
      becomes('«1»'),
      becomes('«2»'),
      '"Contact Info" would become «2», and «1» in the reviewed plan',
    ],
  ])('%s', (_, shown, fresh, why) => {
    expect(said(writtenDeviation(shown, fresh))).toBe(why);
  });
});
