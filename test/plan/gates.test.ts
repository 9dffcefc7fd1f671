import { describe, expect, it } from 'vitest';
import type { PlanAction } from '../../src/model/plan/change.ts';
import { CLOSED_GATES, type GateName, readGates } from '../../src/model/plan/gates.ts';
import type { PlanChange } from '../../src/model/plan/plan.ts';
import { closedGates } from '../../src/plan/gates.ts';
import { groupChange, planOf } from '../support/changes.ts';

describe('the gates that changes need', () => {
  const shut = {
    paths: [],
    targets: [],
    ...CLOSED_GATES,
  };
  const order = { kind: 'NumberOrder', name: 'berlin', group: undefined } as const;
  const again = (status: string, actions: readonly PlanAction[] = ['submit']) =>
    groupChange({ actions }, { verb: 'unchanged', status });
  const approved = groupChange({ actions: ['delete'] }, { verb: 'delete', status: 'approved' });

  it.each<[string, PlanChange, readonly string[]]>([
    ['an update', groupChange(), []],
    ['a replacement', groupChange({}, { verb: 'replace' }), ['allow_replace']],
    [
      'a replacement of an approved group',
      groupChange({}, { verb: 'replace', status: 'approved' }),
      ['allow_replace'],
    ],
    ['a deletion', groupChange({}, { verb: 'delete' }), ['prune']],
    ['a deletion of an approved group', approved, ['prune', 'allow_delete']],
    ['an order that is placed', groupChange({ ...order, actions: ['create'] }), ['allow_orders']],
    ['an order whose action is started', groupChange({ ...order, actions: ['start'] }), ['allow_actions']],
    [
      'an order that is placed and whose action is started',
      groupChange({ ...order, actions: ['create', 'update', 'start'] }),
      ['allow_orders', 'allow_actions'],
    ],
    ['a declined group that is submitted again', again('declined'), ['resubmit']],
    ['an expired group that is submitted again', again('expired'), ['resubmit']],
    ['an unapproved group that is submitted', again('unapproved'), []],
    ['a declined group with new values', again('declined', ['update', 'submit']), []],
    ['a declined group that is only attached', again('declined', ['attach']), []],
    ['an order that is edited', groupChange({ ...order, actions: ['update'] }), []],
    ['a group that is created', groupChange({ actions: ['create', 'submit'] }, { verb: 'create' }), []],
  ])('of %s', (_, change, gates) => {
    const needed = closedGates(planOf(change), shut);
    expect(needed.map(({ gate }) => gate)).toEqual(gates);
    for (const { names } of needed) expect(names).toEqual([change.name]);
  });

  const deletion = groupChange({ actions: ['delete'] }, { verb: 'delete' });
  const replacement = groupChange({}, { verb: 'replace', status: 'approved' });
  const placing = groupChange({ ...order, actions: ['create', 'update'] });
  const starting = groupChange({ ...order, actions: ['start'] });
  const allOpenFor = (name: string) => readGates(({ takes }) => (takes === 'names' ? [name] : true));

  it.each<[string, PlanChange, Partial<typeof shut>]>([
    ['a deletion', deletion, { prune: true }],
    ['a replacement', replacement, { allow_replace: true }],
    ['an order that is placed', placing, { allow_orders: true }],
    ['an action that is started', starting, { allow_actions: true }],
    ['a group that is submitted again', again('declined'), { resubmit: ['acme-de'] }],
  ])('are opened by one alone: %s', (_, change, open) => {
    const shutOne = Object.fromEntries(
      Object.keys(open).map((gate) => [gate, CLOSED_GATES[gate as GateName]]),
    );
    expect(closedGates(planOf(change), { ...shut, ...open })).toEqual([]);
    expect(closedGates(planOf(change), { ...shut, ...allOpenFor(change.name), ...shutOne })).toHaveLength(1);
  });

  it('are told once, with all that need them, in the order of the changes', () => {
    const other = { ...deletion, name: 'acme-fr' };
    expect(closedGates(planOf(other, placing, replacement, deletion, groupChange()), shut)).toEqual([
      { gate: 'prune', names: ['acme-fr', 'acme-de'] },
      { gate: 'allow_replace', names: ['acme-de'] },
      { gate: 'allow_orders', names: ['berlin'] },
    ]);
  });

  it('are closed for an approved group that is not named, though another one is', () => {
    const open = { ...shut, prune: true, allow_delete: ['acme-fr'] };
    expect(closedGates(planOf(approved), open)).toEqual([{ gate: 'allow_delete', names: ['acme-de'] }]);
    expect(closedGates(planOf(approved), { ...open, allow_delete: ['acme-de'] })).toEqual([]);
  });
});
