import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/model/plan/change.ts';
import type { Outcome } from '../../src/model/plan/outcome.ts';
import { references } from '../../src/model/reference-names.ts';
import type { Desired } from '../../src/model/resource.ts';
import { findDeviations, isAuthentic } from '../../src/plan/exact.ts';
import { fc } from '../support/fast-check.ts';
import { COMBINATIONS, SCOPE, UNUSED_ITEM } from './contents.ts';
import {
  isNarrowed,
  type LoggedWrite,
  makeContent,
  PLAN_KEYS,
  type Reading,
  type Scene,
  type State,
  useRepository,
} from './repository.ts';
import { planOrRefusal, runs, Tally, UNHURRIED } from './runs.ts';
import { anyWorld, smoothWorld, type World } from './worlds.ts';

const inRepository = useRepository();
const world = fc.oneof(smoothWorld, anyWorld);

describe('what is done is what was shown', () => {
  it(
    'each request that writes is an operation of the plan, and each operation is a request',
    UNHURRIED,
    async () => {
      const tally = new Tally();
      const property = fc.asyncProperty(world, fc.integer({ min: 1, max: 8 }), (planted, parallelism) =>
        inRepository(planted, async (scene) => {
          const reading = await planOrRefusal(scene);
          expect(await scene.writes(), 'planning').toEqual([]);
          if (reading === null) return tally.count('refused');
          const outcomes = await scene.apply(reading, { parallelism });
          const writes = await scene.writes();
          if (!reading.plan.applyable || reading.plan.changes.length === 0) {
            expect(writes).toEqual([]);
            return tally.count(reading.plan.applyable ? 'nothing to do' : 'gate closed');
          }
          const groups = groupOperations(reading, scene.desired, outcomes);
          const shown = [...documentOperations(reading), ...groups.flat()];
          const done = writes.filter(({ status }) => (status ?? 0) < 300).map(describeWrite);
          const [unseen, undone] = [without(done, shown), without(shown, done)];
          expect(unseen, 'done but not shown').toEqual([]);
          for (const operations of groups) expectInOrder(operations, done);
          if (outcomes.some(({ status }) => status !== 'applied')) return tally.count('partly applied');
          expect(
            undone.filter((operation) => !isSubmittedAlready(operation, outcomes)),
            'shown but not done',
          ).toEqual([]);
          expect(writes, 'requests').toHaveLength(done.length);
          tally.count(undone.length > 0 ? 'submitted by itself' : 'applied');
        }),
      );
      await fc.assert(property, runs(40));
      tally.expectAll('refused', 'nothing to do', 'applied');
    },
  );

  it(
    'nothing outside of the plan changes at Telnyx, least of all what only looks like ours',
    UNHURRIED,
    async () => {
      const tally = new Tally();
      const property = fc.asyncProperty(world, (planted) =>
        inRepository(planted, async (scene) => {
          const before = await scene.state();
          const reading = await planOrRefusal(scene);
          if (reading !== null) await scene.apply(reading);
          const after = await scene.state();

          expect(idsOf(before.documents).filter((id) => !idsOf(after.documents).includes(id))).toEqual([]);
          expect(after.documents.slice(0, before.documents.length)).toEqual(before.documents);
          expect(after.addresses.slice(0, before.addresses.length)).toEqual(before.addresses);
          const touched = new Set(
            reading?.plan.changes.flatMap(({ id, group }) => [id, ...(group?.deletes ?? [])]),
          );
          for (const group of before.groups) {
            const foreign = isForeign(group, scene.desired);
            if (foreign) tally.count('foreign');
            if (!foreign && touched.has(group.id)) continue;
            expect(
              after.groups.find(({ id }) => id === group.id),
              `group ${group.customer_reference}`,
            ).toEqual(group);
          }
          expectMadeByUs(before, after, scene.desired);
          const deleted = before.groups.filter(({ id }) => !idsOf(after.groups).includes(id));
          expect(deleted.length).toBeLessThanOrEqual(planted.gates.maxDeletes);
          for (const gone of deleted) {
            expect(mayBeDeleted(gone, planted, scene), `${gone.customer_reference} was deleted`).toBe(true);
            tally.count('deleted');
          }
        }),
      );
      await fc.assert(property, runs(40));
      tally.expectAll('foreign', 'deleted');
    },
  );
});

describe('a reviewed plan', () => {
  it('may be carried out in two parts, wherever the first one was interrupted', UNHURRIED, async () => {
    const tally = new Tally();
    const stop = fc.record({
      stopAfterWrites: fc.integer({ min: 0, max: 9 }),
      parallelism: fc.integer({ min: 1, max: 4 }),
    });
    // Two things may stand in the way of the second part, and refuse it: an old upload that lost its last link has to
    // be uploaded again, and what was created counts for the limits.
    const steady = world.map((planted) => ({
      ...planted,
      minutesPassed: 0,
      gates: { ...planted.gates, maxDeleteFraction: 1 },
    }));
    const property = fc.asyncProperty(steady, stop, (planted, interruption) =>
      inRepository(planted, async (scene) => {
        const reviewed = await planOrRefusal(scene);
        if (reviewed === null || !reviewed.plan.applyable) return;
        const first = await scene.apply(reviewed, interruption);
        const fresh = await scene.plan();
        expect(isAuthentic(reviewed.plan, PLAN_KEYS)).toBe(true);
        expect(findDeviations(reviewed.plan, fresh.plan)).toEqual([]);
        expect(fresh.plan.applyable).toBe(true);
        tally.count(...first.map(({ status }) => status));

        const rest = await scene.apply(fresh);
        if (rest.some(({ status }) => status !== 'applied')) return tally.count('partly applied');
        expect((await scene.plan()).plan.changes).toEqual([]);
        tally.count('finished');
      }),
    );
    await fc.assert(property, runs(40));
    tally.expectAll('applied', 'failed', 'skipped', 'finished');
  });

  it('is stale once a value of a group that it changes is another one', UNHURRIED, async () => {
    const tally = new Tally();
    const property = fc.asyncProperty(world, fc.nat(), (planted, pick) =>
      inRepository(planted, async (scene) => {
        const reviewed = await planOrRefusal(scene);
        if (reviewed === null) return;
        const edited = editChanged(reviewed, scene.desired, pick);
        if (edited === null) return;
        const fresh = await scene.plan({ desired: edited.desired });
        const deviations = findDeviations(reviewed.plan, fresh.plan);
        expect(deviations).toContainEqual(
          expect.objectContaining({ kind: 'RequirementGroup', name: edited.name }),
        );
        tally.count('edited');
      }),
    );
    await fc.assert(property, runs(30));
    tally.expectAll('edited');
  });

  it(
    'is stale once somebody changes a value of a group that it writes, submits or deletes',
    UNHURRIED,
    async () => {
      const tally = new Tally();
      const property = fc.asyncProperty(world, fc.nat(), (planted, pick) =>
        inRepository(planted, async (scene) => {
          const reviewed = await planOrRefusal(scene);
          if (reviewed === null) return;
          const places = reviewed.decisions.changes.flatMap(textsItStartsFrom);
          const place = places[pick % places.length];
          if (place === undefined) return;
          const { status } = place.group;
          const written = await scene
            .api('PATCH', `/requirement_groups/${place.group.id}`, {
              regulatory_requirements: [{ requirement_id: place.requirementId, field_value: NOBODY_SAW }],
            })
            .catch(() => null);
          if (written === null) return tally.count('not taken');
          const fresh = await scene.plan();
          expect(fresh.plan.fingerprint).not.toBe(reviewed.plan.fingerprint);
          expect(findDeviations(reviewed.plan, fresh.plan)).toContainEqual(
            expect.objectContaining({ kind: 'RequirementGroup', name: place.name }),
          );
          tally.count(place.isDeleted ? 'deleted' : status === 'unapproved' ? 'written' : 'reviewed once');
        }),
      );
      await fc.assert(property, runs(40));
      tally.expectAll('written', 'deleted');
    },
  );
});

const NOBODY_SAW = 'What nobody saw in a plan';

/** Texts of the groups that a change starts from. */
function textsItStartsFrom(change: Change) {
  if (change.kind !== 'RequirementGroup') return [];
  const { name, observed, deletes } = change;
  const groups = [...(observed === null ? [] : [observed]), ...deletes];
  return groups.flatMap((group) =>
    group.requirements
      .filter(({ fieldType, value }) => fieldType === 'textual' && !value.isEmpty)
      .map(({ requirementId }) => ({ name, group, requirementId, isDeleted: deletes.includes(group) })),
  );
}

/* ---- Operations, as shown and as done ---- */

/** The requests that the plan stands for, apart from those of groups; an address with what is sent for it. */
function documentOperations({ plan, decisions }: Reading): string[] {
  const uploads = plan.changes.filter(({ kind }) => kind === 'Document').map(() => 'POST /documents');
  const addresses = decisions.changes.flatMap((change) => {
    if (change.kind !== 'Address') return [];
    const { sha256, validateAddress } = change.address;
    return [`POST /addresses ${references.address(SCOPE, sha256)} ${validateAddress}`];
  });
  return [...uploads, ...addresses];
}

/** Of each group, in order. */
function groupOperations({ plan }: Reading, desired: Desired, outcomes: readonly Outcome[]): string[][] {
  const groups = plan.changes.filter(({ kind }) => kind === 'RequirementGroup');
  return groups.map(({ name, id, source, actions, patch, group }, index) => {
    const manifest = desired.RequirementGroup.find((candidate) => source !== null && candidate.name === name);
    const ids = patch.flatMap(({ path }) => path.match(/^\/requirements\/(.+)$/)?.[1] ?? []).sort();
    const adopts = patch.some(({ path }) => path === '/customer_reference');
    return actions.flatMap((action) => {
      switch (action) {
        case 'create':
          return [
            `POST /requirement_groups ${manifest?.reference} ${group?.country_code} ${group?.phone_number_type} ${ids}`,
          ];
        case 'update':
        case 'adopt':
          return [`PATCH /requirement_groups/${id} ${adopts ? manifest?.reference : undefined} ${ids}`];
        case 'submit':
          return [`POST /requirement_groups/${outcomes[index]?.id}/submit_for_approval`];
        case 'delete':
          return (group?.deletes ?? []).map((deleted) => `DELETE /requirement_groups/${deleted}`);
        default:
          return [];
      }
    });
  });
}

function describeWrite({ method, path, body }: LoggedWrite): string {
  const entries = (body?.regulatory_requirements ?? []) as readonly { readonly requirement_id: string }[];
  const ids = entries.map(({ requirement_id }) => requirement_id).sort();
  if (path === '/addresses') return `POST ${path} ${body?.customer_reference} ${body?.validate_address}`;
  if (path === '/requirement_groups') {
    return `POST ${path} ${body?.customer_reference} ${body?.country_code} ${body?.phone_number_type} ${ids}`;
  }
  return method === 'PATCH' ? `PATCH ${path} ${body?.customer_reference} ${ids}` : `${method} ${path}`;
}

/** What was done of a group was done as it is shown: the old one goes last. */
function expectInOrder(operations: readonly string[], done: readonly string[]): void {
  const positions = operations
    .map((operation) => done.indexOf(operation))
    .filter((position) => position !== -1);
  expect(positions, operations.join(', ')).toEqual([...positions].sort((a, b) => a - b));
}

/** A submission may only be left out where the group was seen to be submitted after its PATCH. */
function isSubmittedAlready(operation: string, outcomes: readonly Outcome[]): boolean {
  return outcomes.some(
    ({ id, operations, group_status }) =>
      operation === `POST /requirement_groups/${id}/submit_for_approval` &&
      operations.includes('patch') &&
      (group_status === 'pending-approval' || group_status === 'approved'),
  );
}

/** As often as each is there. */
function without(all: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return all.filter((one) => {
    const index = left.indexOf(one);
    if (index !== -1) left.splice(index, 1);
    return index === -1;
  });
}

/* ---- What is ours ---- */

type GroupState = State['groups'][number];

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}

/** Neither under our prefix, nor with a reference that a manifest states, nor pinned by one. */
function isForeign({ id, customer_reference }: GroupState, desired: Desired): boolean {
  if (customer_reference?.startsWith('regsync/acme/')) return false;
  return !desired.RequirementGroup.some(
    (group) => group.reference === customer_reference || group.id?.id === id,
  );
}

function expectMadeByUs(before: State, after: State, desired: Desired): void {
  const made = <Row extends { readonly id: string }>(old: readonly Row[], rows: readonly Row[]): Row[] =>
    rows.filter(({ id }) => !idsOf(old).includes(id));
  for (const { customer_reference, sha256 } of made(before.documents, after.documents)) {
    expect(customer_reference).toBe(`regsync/acme/doc/${sha256.slice(0, 32)}`);
  }
  for (const { customer_reference } of made(before.addresses, after.addresses)) {
    expect(customer_reference).toMatch(/^regsync\/acme\/addr\/[0-9a-f]{32}$/);
  }
  for (const { customer_reference } of made(before.groups, after.groups)) {
    expect(desired.RequirementGroup.map(({ reference }) => reference)).toContain(customer_reference);
  }
}

/** An orphan of the scope that was to be pruned, or what a manifest with the same reference replaces. */
function mayBeDeleted(gone: GroupState, world: World, { desired }: Scene): boolean {
  const { gates } = world;
  const reference = gone.customer_reference ?? '';
  const heirs = desired.RequirementGroup.filter(
    (group) => group.id === null && group.reference === reference,
  );
  if (heirs.length > 0) {
    const wanted = heirs.some(
      ({ combination }) =>
        combination.countryCode === gone.country_code &&
        combination.phoneNumberType === gone.phone_number_type &&
        combination.action === gone.action,
    );
    return gates.allow_replace && (!wanted || gone.status === 'no-longer-eligible');
  }
  const name = reference.startsWith('regsync/acme/') ? reference.slice('regsync/acme/'.length) : null;
  const isSpared = gone.status === 'approved' && !gates.allow_delete.includes(name ?? '');
  return name !== null && gates.prune && !isNarrowed(world) && !isSpared;
}

/* ---- Edits ---- */

/** One value of one changed group becomes something that was nowhere before. */
function editChanged(
  { plan }: Reading,
  desired: Desired,
  pick: number,
): { desired: Desired; name: string } | null {
  const changed = new Set(
    plan.changes
      .filter(({ kind, source }) => kind === 'RequirementGroup' && source !== null)
      .map(({ name }) => name),
  );
  const places = desired.RequirementGroup.flatMap((group) =>
    changed.has(group.name) ? group.requirements.map((requirement) => ({ group, requirement })) : [],
  );
  const place = places[pick % places.length];
  if (place === undefined) return null;
  const combination = COMBINATIONS.flatMap(({ requirements }) => requirements);
  const { kind } = combination.find(({ id, name }) => [id, name].includes(place.requirement.requirement)) ?? {
    kind: 'contact',
  };
  const content = makeContent(kind, UNUSED_ITEM, { spelling: 0, named: false, validate: false });
  const edit = <Entry extends Desired['RequirementGroup'][number]['requirements'][number]>(
    entry: Entry,
  ): Entry => (entry === place.requirement ? { ...entry, content } : entry);
  const groups = desired.RequirementGroup.map((group) =>
    group === place.group ? { ...group, requirements: group.requirements.map(edit) } : group,
  );
  return { desired: { ...desired, RequirementGroup: groups }, name: place.group.name };
}
