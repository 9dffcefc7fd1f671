import { expect, test } from 'vitest';
import { planChanges } from '../../src/plan/plan.ts';
import { desiredGroup, documentValue, observedWorld, planInput, REGISTRATION } from '../support/worlds.ts';

test('Content that several give is named after its manifest, whoever comes first.', () => {
  const group = (name: string, given: string | null) =>
    desiredGroup({
      name,
      values: [documentValue('registration', REGISTRATION, { name: given })],
      demands: [REGISTRATION],
    });
  const namesOf = (...names: readonly (string | null)[]) => {
    const groups = names.map((given, index) => group(`group-${index}`, given));
    const { changes } = planChanges(planInput({ RequirementGroup: groups, observed: observedWorld({}) }));
    return changes.filter(({ kind }) => kind === 'Document').map(({ name }) => name);
  };
  expect(namesOf(null, 'z-registration')).toEqual(['z-registration']);
  expect(namesOf('z-registration', null)).toEqual(['z-registration']);
  expect(namesOf('b', 'a')).toEqual(['a']);
  expect(namesOf(null, null)).toEqual([`group-0/${REGISTRATION.id}`]);
});
