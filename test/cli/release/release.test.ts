import { describe, expect, it } from 'vitest';
import { newReference } from '../../../src/cli/release/release.ts';
import { releaseChange } from '../../../src/kinds/requirement-group/release.ts';
import { asReference, type Desired, type DesiredGroup } from '../../../src/model/resource.ts';
import { observedGroup } from '../../support/plan-inputs.ts';

const SOURCE = { file: 'groups/a.yaml', line: 3, column: 1 };

/** A manifest that states this reference. */
const stating = (reference: string) =>
  ({
    name: 'other',
    reference: asReference(reference),
    source: SOURCE,
  }) as Partial<DesiredGroup> as DesiredGroup;

function referenceFor(
  reference: string | null,
  manifests: readonly DesiredGroup[] = [],
  formerScope?: string,
): string | null {
  const desired = {
    scope: 'acme',
    RequirementGroup: manifests,
    ...(formerScope === undefined ? {} : { formerScope }),
  };
  const group = observedGroup({}, { reference: reference === null ? null : asReference(reference) });
  return newReference(desired as Partial<Desired> as Desired, { group, source: null });
}

describe('the reference of a group that a repository lets go', () => {
  it.each<[string, string | null, string | null]>([
    ['loses the scope', 'regsync/acme/de-local', 'de-local'],
    ['stays where it has none', 'PO 7', null],
    ['stays where there is none', null, null],
    ['stays where it is of another scope', 'regsync/other/de-local', null],
    ['stays where it is of a longer scope', 'regsync/acme-2/de-local', null],
    ['stays where it is that of an order', 'regsync/acme/order/berlin', null],
  ])('%s', (_, before, after) => {
    expect(referenceFor(before)).toBe(after);
  });

  it('loses the former scope as well, and no other', () => {
    expect(referenceFor('regsync/old/de-local', [], 'old')).toBe('de-local');
    expect(referenceFor('regsync/older/de-local', [], 'old')).toBeNull();
  });

  it.each(['de-local', ' de-local '])(
    'is not one that a manifest states, for that would take the group over: %j',
    (stated) => {
      expect(() => referenceFor('regsync/acme/de-local', [stating('PO 7'), stating(stated)])).toThrow(
        'nothing was released: the manifest "other" at groups/a.yaml:3 states the reference "de-local", and would take the group over. Change that customer_reference first',
      );
    },
  );

  it('may be like one that a manifest states', () => {
    expect(referenceFor('regsync/acme/de-local', [stating('de-local-2'), stating('DE-LOCAL')])).toBe(
      'de-local',
    );
  });
});

it('a release writes the reference of the group as it is, and nothing else', () => {
  const group = observedGroup({ a: 'held' }, { status: 'approved' });
  const change = releaseChange('de-local', { group, reference: asReference('de-local'), source: SOURCE });
  expect(change).toMatchObject({
    observed: group,
    source: SOURCE,
    actions: ['adopt'],
    writesReference: 'de-local',
    writes: [],
    attaches: [],
    deletes: [],
    dependsOn: [],
  });
  expect(change.desired).toMatchObject({
    approval: 'none',
    values: [],
    definitions: [],
    attach: [],
    partial: true,
  });
});
