import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { named, PARTS, sentence } from '../../../src/model/text/sentence.ts';
import { withWording, wordingOf } from '../../../src/model/text/wording.ts';
import { everything } from '../../support/everything.ts';
import { gated, nothing } from '../../support/markdown-plans.ts';
import { describedPlan } from '../../support/plans.ts';

const partsOf = ({ attention, diagnostics }: Plan) =>
  [...attention, ...diagnostics].map((told) => told[PARTS]);
const throughJson = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value));

describe('the parts of a plan’s messages', () => {
  it.each([
    ['attention', describedPlan(everything())],
    ['a closed gate', gated()],
  ])('come back to a plan of %s that was kept as JSON', (_, plan) => {
    const kept = throughJson(plan);
    expect(partsOf(kept).every((parts) => parts === undefined)).toBe(true);
    expect(partsOf(withWording(kept, throughJson(wordingOf(plan))))).toEqual(partsOf(plan));
    expect(partsOf(plan)).not.toContain(undefined);
  });

  it('are not there where nothing is said', () => {
    expect(wordingOf(nothing())).toBe(null);
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['a text', 'group'],
    ['those of other messages', [sentence`something ${named('else')}`]],
  ])('stay away if %s was kept for them', (_, wording) => {
    const kept = throughJson(gated());
    expect(partsOf(withWording(kept, wording)).every((parts) => parts === undefined)).toBe(true);
  });
});
