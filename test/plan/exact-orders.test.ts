import { describe, expect, it } from 'vitest';
import type { PlanAttachment, PlanChange, PlanOrderDetail, PlanValue } from '../../src/model/plan/plan.ts';
import type { PlanStart } from '../../src/model/plan/plan-start.ts';
import { type Sentence, textOf } from '../../src/model/text/sentence.ts';
import { attachmentDeviation, startDeviation, writtenDeviation } from '../../src/plan/exact-orders.ts';

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

function field(name: string, before: string | null): PlanStart['fields'][number] {
  return { name, before, after: '«1»' };
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
      'it has no status any more',
      [start()],
      [start({ status: null })],
      '"Identity Check" of s1 has no status now, and is awaiting-value in the reviewed plan',
    ],
    [
      'it had no status then',
      [start({ status: null })],
      [start()],
      '"Identity Check" of s1 is awaiting-value now, and has no status in the reviewed plan',
    ],
    ['for the person who was shown', [start({}, '«2»')], [start({}, '«2»')], null],
    [
      'one of two names is another since',
      [start({ fields: [field('first_name', '«2»'), field('last_name', '«3»')] })],
      [start({ fields: [field('first_name', '«2»'), field('last_name', '«4»')] })],
      '"Identity Check" of s1 was started for somebody else than in the reviewed plan',
    ],
    ['with a name that was not shown, and that nobody has sent', [start({ fields: [] })], [start()], null],
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

  it('none was shown, because the order was to start none', () => {
    expect(said(startDeviation(change({}), change({ starts: [start()] })))).toMatch(/^it would start/);
    expect(startDeviation(change({ starts: [start()] }), change({}))).toBeNull();
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

describe('an order that gets a group is what was reviewed', () => {
  const attachment = (given: Partial<PlanAttachment> = {}): PlanAttachment => ({
    kind: 'advanced_order',
    id: 'a1',
    status: 'pending',
    source: { file: 'groups/de.yaml', line: 3 },
    requirements: [],
    ...given,
  });
  const at = (given: Partial<PlanAttachment>) => [attachment(given)];

  it.each<[string, readonly PlanAttachment[], readonly PlanAttachment[], string | null]>([
    ['the same', at({}), at({}), null],
    ['the same, said otherwise', at({ carries: null }), at({}), null],
    [
      'another kind',
      at({ kind: 'porting_order' }),
      at({}),
      'it would attach to advanced order a1, which the reviewed plan does not',
    ],
    [
      'another id',
      at({ id: 'a2' }),
      at({}),
      'it would attach to advanced order a1, which the reviewed plan does not',
    ],
    [
      'another status',
      at({}),
      at({ status: 'hold' }),
      'advanced order a1 is hold now, and pending in the reviewed plan',
    ],
    [
      'a group that came since',
      at({}),
      at({ carries: 'g2' }),
      'advanced order a1 carries group g2 now, and no group in the reviewed plan',
    ],
    [
      'a group that went since',
      at({ carries: 'g1' }),
      at({}),
      'advanced order a1 carries no group now, and group g1 in the reviewed plan',
    ],
    [
      'another group',
      at({ carries: 'g1' }),
      at({ carries: 'g2' }),
      'advanced order a1 carries group g2 now, and group g1 in the reviewed plan',
    ],
    ['the group that was shown', at({ carries: 'g1' }), at({ carries: 'g1' }), null],
  ])('%s', (_, shown, fresh, why) => {
    expect(said(attachmentDeviation(shown, fresh))).toBe(why);
  });
});
