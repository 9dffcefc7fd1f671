import { describe, expect, it } from 'vitest';
import { changeIdentity, type Plan, type PlanChange } from '../../src/model/plan/plan.ts';
import type { Desired, DesiredGroup } from '../../src/model/resource.ts';
import { touchedBy } from '../../src/resolve/touched.ts';
import { fc } from '../support/fast-check.ts';
import { COMBINATIONS, UNUSED_ITEM } from './contents.ts';
import { makeContent, useRepository } from './repository.ts';
import { planOrRefusal, runs, Tally, UNHURRIED } from './runs.ts';
import { anyWorld, NAMES, smoothWorld } from './worlds.ts';

const inRepository = useRepository();
const world = fc
  .oneof(smoothWorld, anyWorld)
  .map((planted) => ({ ...planted, narrowed: false, gates: { ...planted.gates, prune: true } }));

/** What the change does to each manifest. */
const fate = fc.constantFrom('kept', 'kept', 'edited', 'removed', 'added');

describe('A plan of a change', () => {
  it('shows what a plan of everything shows, less what the base already differed in', UNHURRIED, async () => {
    const tally = new Tally();
    const fates = fc.array(fate, { minLength: NAMES.length, maxLength: NAMES.length });
    const property = fc.asyncProperty(world, fates, (planted, chosen) =>
      inRepository(planted, async (scene) => {
        const base = part(scene.desired, chosen, 'added');
        const head = edit(part(scene.desired, chosen, 'removed'), chosen, scene.desired);
        const change = touchedBy({ desired: base, lock: null }, { desired: head, lock: null });
        const before = await planOrRefusal(scene, { desired: base });
        const all = await planOrRefusal(scene, { desired: head });
        const own = await planOrRefusal(scene, { desired: head, changed: { since: 'main', ...change } });
        if (before === null || all === null || own === null) return tally.count('refused');

        const differedBefore = new Set(essences(before.plan));
        const brought = essences(all.plan).filter((essence) => !differedBefore.has(essence));
        const shown = essences(own.plan);
        expect(shown.filter((essence) => !differedBefore.has(essence))).toEqual(brought);
        expect(essences(all.plan)).toEqual(expect.arrayContaining(shown));
        const names = new Set([
          ...change.names,
          ...change.removed.map(({ kind, name }) => `${kind}/${name}`),
        ]);
        expect(own.plan.changes.filter(isOfGroup).filter(isUntouched(names))).toEqual([]);
        tally.count(
          ...(brought.length === 0 ? [] : ['brought']),
          ...own.plan.changes.map(({ group }) => `${group?.verb}`),
        );
        if (shown.length < essences(all.plan).length) tally.count('left to others');
      }),
    );
    await fc.assert(property, runs(40));
    tally.expectAll('brought', 'left to others', 'create', 'update', 'delete');
  });
});

/** Content is uploaded under the first name that needs it, and follows the groups. */
function isOfGroup({ kind }: PlanChange): boolean {
  return kind === 'RequirementGroup';
}

/** An orphan is named by its reference, and `id:` may have meant one of another name. */
function isUntouched(names: ReadonlySet<string>): (change: PlanChange) => boolean {
  return ({ kind, name, group }) => group?.verb !== 'delete' && !names.has(`${kind}/${name}`);
}

function essences({ changes }: Plan): string[] {
  return changes
    .filter(isOfGroup)
    .map((change) => JSON.stringify([changeIdentity(change), change.digest, change.actions, change.patch]))
    .sort();
}

type Fate = 'kept' | 'edited' | 'removed' | 'added';

function part(desired: Desired, fates: readonly Fate[], without: Fate): Desired {
  return {
    ...desired,
    RequirementGroup: desired.RequirementGroup.filter((_, index) => fates[index] !== without),
  };
}

/** The first value of each edited group becomes something that was nowhere before. */
function edit(desired: Desired, fates: readonly Fate[], all: Desired): Desired {
  const isEdited = (group: DesiredGroup) => fates[all.RequirementGroup.indexOf(group)] === 'edited';
  return {
    ...desired,
    RequirementGroup: desired.RequirementGroup.map((group) => (isEdited(group) ? withOther(group) : group)),
  };
}

function withOther(group: DesiredGroup): DesiredGroup {
  const known = COMBINATIONS.flatMap(({ requirements }) => requirements);
  const requirements = group.requirements.map((entry, index) => {
    if (index > 0) return entry;
    const { kind } = known.find(({ id, name }) => [id, name].includes(entry.requirement)) ?? {
      kind: 'contact',
    };
    return {
      ...entry,
      content: makeContent(kind, UNUSED_ITEM, { spelling: 0, named: false, validate: false }),
    };
  });
  return { ...group, requirements };
}
