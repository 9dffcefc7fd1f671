import { describe, expect, it } from 'vitest';
import type { Plan, PlanDiagnostic, PlanSummary } from '../../../src/model/plan/plan.ts';
import { besidesWriting, planLine, startWords, whyClosed } from '../../../src/render/words/plan-words.ts';
import { groupChange } from '../../support/changes.ts';

const NONE: PlanSummary = {
  groups: { create: 0, update: 0, replace: 0, adopt: 0, delete: 0, unchanged: 0 },
  documents: { upload: 0, reuse: 0 },
  addresses: { create: 0, reuse: 0 },
  submit: 0,
  attach: 0,
  attention: 0,
};
const lineOf = (given: Partial<PlanSummary>) => planLine({ summary: { ...NONE, ...given } } as Plan);
const ALWAYS = '0 to create, 0 to update, 0 to delete, 0 to submit';

describe('the last line of a plan', () => {
  it.each<[string, Partial<PlanSummary>, string]>([
    ['of nothing', {}, ALWAYS],
    [
      'of every change of groups',
      {
        groups: { create: 1, update: 2, replace: 3, adopt: 4, delete: 5, unchanged: 9 },
        submit: 6,
        attach: 7,
      },
      '1 to create, 2 to update, 3 to replace, 4 to adopt, 5 to delete, 6 to submit, 7 to attach',
    ],
    [
      'of orders',
      { number_orders: { create: 1, update: 2, unchanged: 3 }, porting_orders: { update: 4, unchanged: 5 } },
      `${ALWAYS}, 1 order to place, 6 orders to update`,
    ],
    ['of one start', { start: 1 }, `${ALWAYS}, 1 action to start`],
    ['of several starts', { start: 2 }, `${ALWAYS}, 2 actions to start`],
  ])('%s counts each', (_, summary, counts) => {
    expect(lineOf(summary)).toBe(`Plan: ${counts}.`);
  });
});

describe('an unchanged group', () => {
  const order = { kind: 'porting_order', id: 'p' };
  it.each<[string, object, object, readonly string[]]>([
    ['is submitted', { actions: ['submit'] }, { status: 'unapproved' }, ['submit']],
    ['is submitted again', { actions: ['submit'] }, { status: 'declined' }, ['resubmit']],
    ['is submitted again once it expired', { actions: ['submit'] }, { status: 'expired' }, ['resubmit']],
    ['is given to an order', { actions: ['attach'] }, { attaches: [order] }, ['attach to 1 order']],
    [
      'is both',
      { actions: ['submit', 'attach'] },
      { status: 'declined', attaches: [order, order] },
      ['resubmit', 'attach to 2 orders'],
    ],
  ])('that %s is said to be', (_, given, group, words) => {
    expect(besidesWriting(groupChange(given, { verb: 'unchanged', ...group }))).toEqual(words);
  });
});

describe('the start of an action', () => {
  const start = {
    requirement_id: 'check',
    name: 'Identity Check',
    id: null,
    status: null,
    fields: [
      { name: 'first_name', before: '«1»', after: '«2»' },
      { name: 'last_name', before: null, after: '«3»' },
    ],
  };
  it.each([
    ['NumberOrder', null, 'start "Identity Check"'],
    ['NumberOrder', 's1', 'start "Identity Check" of sub number order s1'],
    ['PortingOrder', 'a1', 'start "Identity Check" of action a1'],
  ])('of a %s names the person by fingerprints: %s', (kind, id, what) => {
    const change = groupChange({ kind, order: { starts: [{ ...start, id }] } });
    expect(startWords(change)).toEqual([{ what, names: 'first_name «1» → «2», last_name «3»' }]);
    expect(startWords(groupChange({ kind }))).toEqual([]);
  });
});

describe('a plan that cannot be applied', () => {
  const diagnostic = (code: string, severity = 'error') =>
    ({ code, severity, message: '' }) as PlanDiagnostic;
  it.each([
    [[diagnostic('policy-violated')], 'it violates a policy'],
    [[diagnostic('policy-violated'), diagnostic('prune-needs-all', 'warning')], 'it violates a policy'],
    [[diagnostic('orders-not-allowed')], 'a gate is closed'],
    [[diagnostic('policy-violated'), diagnostic('orders-not-allowed')], 'a gate is closed'],
  ])('says why: %#', (diagnostics, why) => {
    expect(whyClosed({ diagnostics })).toBe(why);
  });
});
