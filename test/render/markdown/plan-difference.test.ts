import { describe, expect, it } from 'vitest';
import type { Plan, PlanChange } from '../../../src/model/plan/plan.ts';
import { planDifference } from '../../../src/render/markdown/plan-difference.ts';
import { groupChange } from '../../support/changes.ts';

const value = (name: string, before: string | null, after: string) => ({
  requirement_id: name,
  name,
  field_type: 'textual' as const,
  before,
  after,
  status: null,
});
const plan = (...changes: readonly PlanChange[]) => ({ changes }) as unknown as Plan;
const group = (name: string, values: readonly ReturnType<typeof value>[], given: object = {}) =>
  groupChange(
    { name, actions: ['update', 'submit'], patch: [], consequences: [], ...given },
    {
      verb: 'update',
      status: 'approved',
      values,
      country_code: 'DE',
      phone_number_type: 'local',
      action: 'ordering',
    },
  );
const HEAD = 'a  DE local ordering  approved: update, submit';

describe('The difference between two plans', () => {
  it('is nothing where they are the same, whatever is uploaded', () => {
    const one = group('a', [value('Contact', '«1»', '«2»')]);
    const document = { ...one, kind: 'Document', name: 'scan' } as PlanChange;
    expect(planDifference(plan(one), plan(document, one))).toEqual([]);
  });

  it.each<[string, Plan, Plan, readonly string[]]>([
    [
      'a value that differs',
      plan(group('a', [value('Contact', '«1»', '«2»'), value('Paper', null, '«9»')])),
      plan(group('a', [value('Contact', '«3»', '«2»'), value('Paper', null, '«9»')])),
      [`  ${HEAD}`, '-   a · Contact  «1» → «2»', '    a · Paper  «9»', '+   a · Contact  «3» → «2»'],
    ],
    [
      'a change that came',
      plan(),
      plan(group('a', [value('Contact', null, '«2»')])),
      [`+ ${HEAD}`, '+   a · Contact  «2»'],
    ],
    ['a change that went', plan(group('a', [])), plan(), [`- ${HEAD}`]],
    [
      'a change that does more',
      plan(group('a', [])),
      plan(group('a', [], { consequences: ['expect a new review'] })),
      [`  ${HEAD}`, '+   a · expect a new review'],
    ],
    [
      'those alone that differ',
      plan(group('a', []), group('b', [])),
      plan(group('a', []), group('b', [value('Contact', null, '«2»')])),
      ['  b  DE local ordering  approved: update, submit', '+   b · Contact  «2»'],
    ],
  ])('shows %s', (_, reviewed, fresh, lines) => {
    expect(planDifference(reviewed, fresh)).toEqual(lines);
  });
});
