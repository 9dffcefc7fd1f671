import { describe, expect, it } from 'vitest';
import type { LockedSet, RequirementChange, RequirementChangeKind, SetChange } from '../../src/model/lock.ts';
import { regulationAttention } from '../../src/plan/regulation.ts';
import { desiredGroup } from '../support/plan-inputs.ts';

const COMBINATION = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };

function changed(requirements: readonly RequirementChange[], next: LockedSet['next'] = null): SetChange {
  const after: LockedSet = {
    combination: COMBINATION,
    added: false,
    version: 2,
    next,
    requirements: [],
    former: [],
  };
  return { combination: 'DE/local/ordering', status: 'changed', before: null, after, requirements };
}

const one = (kind: RequirementChangeKind, name: string, detail = ''): RequirementChange => ({
  kind,
  id: name,
  name,
  detail,
});

const NEXT = {
  version: 3,
  effectiveAt: '2026-09-01T00:00:00Z',
  adds: [{ id: '1', name: 'Seat' }],
  removes: [],
};
const SCHEDULED = 'the demands will change: version 3 is scheduled for 2026-09-01: adds "Seat"';

/** Of the one group, in its words. */
function said(...changes: readonly SetChange[]): string[] {
  const attention = regulationAttention([desiredGroup()], changes);
  for (const { message, ...others } of attention) {
    expect(others, message).toEqual({
      code: 'requirements-changed',
      name: 'de-local',
      source: { file: 'groups/a.yaml', line: 1 },
    });
  }
  return attention.map(({ message }) => message);
}

const since = (list: string) => `the demands changed since the lock: ${list}; see \`regsync lock --check\``;

describe('what the regulator changed', () => {
  it.each<[string, readonly SetChange[], string[]]>([
    ['nothing', [], []],
    ['something of another combination', [{ ...changed([one('added', 'A')]), combination: 'FR/x/y' }], []],
    ['nothing of this one', [changed([])], []],
    ['what was added', [changed([one('added', 'A')])], [since('added "A"')]],
    ['what was removed', [changed([one('removed', 'A')])], [since('removed "A"')]],
    ['what has another type', [changed([one('type-changed', 'A')])], [since('type changed "A"')]],
    [
      'what is stricter, and how',
      [changed([one('tightened', 'A', 'max_length 50 → 20')])],
      [since('tightened "A" (max_length 50 → 20)')],
    ],
    ['what is different', [changed([one('changed', 'A')])], [since('changed "A"')]],
    [
      'not what is looser or has other words',
      [changed([one('loosened', 'A'), one('renamed', 'B'), one('reworded', 'C')])],
      [],
    ],
    [
      'four of many, the worst first',
      [
        changed([
          one('changed', 'F'),
          one('tightened', 'E'),
          one('type-changed', 'D'),
          one('removed', 'C'),
          one('added', 'B'),
          one('added', 'A'),
        ]),
      ],
      [since('added "B"; added "A"; removed "C"; type changed "D"; 2 more')],
    ],
    [
      'four of four',
      [changed(['A', 'B', 'C', 'D'].map((name) => one('added', name)))],
      [since('added "A"; added "B"; added "C"; added "D"')],
    ],
    ['what is scheduled', [changed([], NEXT)], [SCHEDULED]],
    ['both', [changed([one('added', 'A')], NEXT)], [since('added "A"'), SCHEDULED]],
    [
      'what is no longer in the lock',
      [{ ...changed([one('removed', 'A')]), after: null }],
      [since('removed "A"')],
    ],
  ])('is said at its groups: %s', (_, changes, messages) => {
    expect(said(...changes)).toEqual(messages);
  });

  it('is said at each group that it concerns, by name', () => {
    const groups = [
      desiredGroup({ name: 'b' }),
      desiredGroup({ name: 'c', combination: { ...COMBINATION, action: 'porting' } }),
      desiredGroup({ name: 'a' }),
    ];
    const attention = regulationAttention(groups, [changed([one('added', 'A')])]);
    expect(attention.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});
