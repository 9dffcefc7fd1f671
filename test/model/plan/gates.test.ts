import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  CLOSED_GATES,
  flagsFromGates,
  GATE_NAMES,
  GATES,
  type Gates,
  gateInput,
  gatesFromFlags,
  gateWords,
  inputOf,
  isOpenFor,
  openInAny,
  readGates,
  withGatesStatedAgain,
  wordsOfGates,
} from '../../../src/model/plan/gates.ts';

const OPEN: Gates = readGates(({ takes }) => (takes === 'names' ? ['old', 'older'] : true));

describe('The table of gates', () => {
  it('keeps every gate closed that nobody opens', () => {
    expect(CLOSED_GATES).toMatchObject({
      prune: false,
      allow_replace: false,
      allow_delete: [],
      allow_orders: false,
    });
    for (const gate of GATE_NAMES) expect(isOpenFor(CLOSED_GATES, gate, 'old')).toBe(false);
    expect(gatesFromFlags({})).toEqual(CLOSED_GATES);
    expect(wordsOfGates(CLOSED_GATES)).toEqual([]);
  });

  it('reads the options of a command, in any order of names, and gives them back', () => {
    const opened = { ...CLOSED_GATES, prune: true, allow_delete: ['a', 'b'] };
    expect(gatesFromFlags({ prune: true, allowDelete: ['b', 'a'] })).toEqual(opened);
    expect(gatesFromFlags(flagsFromGates(OPEN))).toEqual(OPEN);
    expect(wordsOfGates(opened)).toEqual(['--prune', '--allow-delete', 'a', '--allow-delete', 'b']);
  });

  it('opens a gate that takes names for these names alone', () => {
    const opened = { ...CLOSED_GATES, allow_delete: ['old'] };
    expect([isOpenFor(opened, 'allow_delete', 'old'), isOpenFor(opened, 'allow_delete', 'new')]).toEqual([
      true,
      false,
    ]);
    expect(isOpenFor(OPEN, 'prune', 'new')).toBe(true);
  });

  it('opens what one of several plans opens', () => {
    expect(openInAny([])).toEqual(CLOSED_GATES);
    const [one, other] = [
      { ...CLOSED_GATES, prune: true, allow_delete: ['b'] },
      { ...CLOSED_GATES, allow_delete: ['a', 'b'] },
    ];
    expect(openInAny([one, other])).toEqual({ ...CLOSED_GATES, prune: true, allow_delete: ['a', 'b'] });
  });

  it('takes the gates that spend money from the apply, and the others from the plan', () => {
    const stated = withGatesStatedAgain(OPEN, CLOSED_GATES);
    expect(stated).toMatchObject({ prune: true, allow_replace: true, allow_orders: false });
    expect(withGatesStatedAgain(CLOSED_GATES, OPEN)).toMatchObject({ prune: false, allow_orders: true });
  });

  it('spells a gate as words of a command line and as an input of the action', () => {
    expect(gateWords('allow_delete', ['a', 'b'])).toEqual(['--allow-delete', 'a', '--allow-delete', 'b']);
    expect(gateWords('allow_orders', ['a', 'b'])).toEqual(['--allow-orders']);
    expect(gateInput('allow_delete', ['a', 'b'])).toBe('allow-delete: a, b');
    expect(gateInput('allow_replace', ['a'])).toBe('allow-replace: true');
  });

  it('has an input in action.yml and an option in the schema of plans for every gate', () => {
    const root = new URL('../../../', import.meta.url);
    const action = parse(readFileSync(new URL('action.yml', root), 'utf8'));
    const schema = JSON.parse(readFileSync(new URL('schemas/plan.schema.json', root), 'utf8'));
    const options = JSON.stringify(schema);
    for (const gate of GATE_NAMES) {
      const usual = GATES[gate].takes === 'names' ? undefined : 'false';
      expect(action.inputs[inputOf(gate)], gate).toMatchObject({ description: expect.any(String) });
      expect(action.inputs[inputOf(gate)].default, gate).toBe(usual);
      expect(options).toContain(`"${gate}":{`);
    }
  });
});
