import { describe, expect, it } from 'vitest';
import { AuthenticationError } from '../../src/model/errors.ts';
import { leavesOneOut } from '../../src/model/plan/plan.ts';
import { reveal } from '../../src/model/privacy/sensitive.ts';
import type { Desired, DesiredGroup } from '../../src/model/resource.ts';
import { fc } from '../support/fast-check.ts';
import { addressFields, addressReference, ITEMS } from './contents.ts';
import { type GroupState, type Reading, type State, useRepository } from './repository.ts';
import { expectNothingUnexpected, planOrRefusal, runs, Tally, UNHURRIED } from './runs.ts';
import { anyWorld, injectedFault, smoothWorld } from './worlds.ts';

const inRepository = useRepository();

describe('when every change was applied', () => {
  it('the next plan is empty, and Telnyx holds what the manifests say', UNHURRIED, async () => {
    const tally = new Tally();
    const property = fc.asyncProperty(fc.oneof(smoothWorld, anyWorld), (world) =>
      inRepository(world, async (scene) => {
        const first = await planOrRefusal(scene);
        if (first === null) return tally.count('refused');
        if (!first.plan.applyable) return tally.count('gate closed');
        const outcomes = await scene.apply(first);
        if (outcomes.some(({ status }) => status !== 'applied')) return tally.count('partly applied');
        const second = await scene.plan();
        expect(second.plan.changes).toEqual([]);
        const leftOut = second.plan.diagnostics.filter(leavesOneOut).map(({ name = '' }) => ({ name }));
        if (leftOut.length > 0) tally.count('left out');
        const waiting = [
          ...second.plan.attention.filter(({ code }) => /^(infected|denied)-/.test(code)),
          ...leftOut,
        ];
        const settled = namesOf(second.readState.RequirementGroup).filter(
          (name) => !namesOf(waiting).includes(name),
        );
        expectHeld(first, settled, await scene.state());
        tally.countPlan(first.plan);
      }),
    );
    await fc.assert(property, runs(60));
    tally.expectAll('refused', 'left out', 'upload', 'create', 'update', 'adopt', 'submit', 'delete');
    tally.expectAll('verb create', 'verb update', 'verb replace', 'verb delete', 'verb unchanged');
  });
});

describe('when requests fail, answers are lost and successes are none', () => {
  it(
    'the run says what was done and takes no group away too early, and a later one finishes the work',
    UNHURRIED,
    async () => {
      const tally = new Tally();
      const injectedFaults = fc.array(injectedFault(['POST', 'PATCH', 'DELETE', 'GET']), {
        minLength: 1,
        maxLength: 3,
      });
      const property = fc.asyncProperty(smoothWorld, injectedFaults, (world, planted) =>
        inRepository(world, async (scene) => {
          const first = await planOrRefusal(scene);
          if (first === null || !first.plan.applyable) return;
          const before = await scene.state();
          for (const fault of planted) await scene.control('POST', '/faults', fault);
          const outcomes = await scene.apply(first).catch(refusedKey);
          expectNothingUnexpected(outcomes);
          tally.count(...outcomes.map(({ status }) => status));
          await scene.control('DELETE', '/faults');

          const between = await scene.state();
          expectHeld(first, namesOf(outcomes.filter(({ status }) => status === 'applied')), between);
          expectSucceeded(scene.desired, before, between);
          const second = await scene.plan();
          const repaired = await scene.apply(second);
          expect(repaired.filter(({ status }) => status !== 'applied')).toEqual([]);
          expect((await scene.plan()).plan.changes).toEqual([]);
        }),
      );
      await fc.assert(property, runs(40));
      tally.expectAll('applied', 'failed');
    },
  );
});

/** Thrown where nothing was written before. */
function refusedKey(error: unknown): [] {
  if (error instanceof AuthenticationError) return [];
  throw error;
}

function namesOf(things: readonly { readonly name: string }[]): string[] {
  return things.map(({ name }) => name);
}

/** Of the groups named: each value that the manifest states and the group can hold; and what was submitted is. */
function expectHeld(first: Reading, names: readonly string[], state: State): void {
  for (const group of first.readState.RequirementGroup.filter(({ name }) => names.includes(name))) {
    const found = state.groups.filter((candidate) => isMeant(group, candidate));
    expect(found, `groups for ${group.name}`).toHaveLength(1);
    const [held] = found;
    for (const { requirement, content } of group.values) {
      const entry = held?.regulatory_requirements.find(
        ({ requirement_id }) => requirement_id === requirement.id,
      );
      if (entry === undefined) continue;
      const place = `${group.name}: ${requirement.name}`;
      expect(contentHeld(entry.field_value, state), place).toContain(contentWanted(content));
    }
    const change = first.plan.changes.find(
      ({ kind, name, source }) => kind === 'RequirementGroup' && name === group.name && source !== null,
    );
    if (change?.actions.includes('submit')) expect(held?.status).toMatch(/^(pending[- ]approval|approved)$/);
  }
}

/** What was replaced is gone only where its successor stands. */
function expectSucceeded(desired: Desired, before: State, after: State): void {
  const gone = before.groups.filter((group) => !after.groups.some(({ id }) => id === group.id));
  for (const { customer_reference } of gone) {
    const heirs = desired.RequirementGroup.filter(
      ({ id, reference }) => id === null && reference === customer_reference,
    );
    if (heirs.length === 0) continue;
    const successors = after.groups.filter((candidate) => heirs.some((heir) => isMeant(heir, candidate)));
    expect(successors, `successors of ${customer_reference}`).not.toEqual([]);
  }
}

function isMeant(group: Omit<DesiredGroup, 'requirements'>, candidate: GroupState): boolean {
  if (group.id !== null) return candidate.id === group.id.id;
  const { countryCode, phoneNumberType, action } = group.combination;
  return (
    candidate.customer_reference === group.reference &&
    candidate.status !== 'no-longer-eligible' &&
    candidate.country_code === countryCode &&
    candidate.phone_number_type === phoneNumberType &&
    candidate.action === action
  );
}

/** Everything that a value at Telnyx may be said to be. */
function contentHeld(value: string, { documents, addresses }: State): string[] {
  const document = documents.find(({ id }) => id === value);
  const address = addresses.find(({ id }) => id === value);
  const date = Date.parse(value.replace(/\.\d+/, ''));
  return [
    `id ${value}`,
    `text ${value.normalize('NFC').trim()}`,
    ...(/^\d{4}-/.test(value) ? [`date ${date}`] : []),
    ...(document === undefined ? [] : [`document ${document.sha256}`]),
    ...(address === undefined ? [] : [`address ${itemOf(address)}`]),
  ];
}

function contentWanted(
  content: Reading['readState']['RequirementGroup'][number]['values'][number]['content'],
): string {
  switch (content.kind) {
    case 'text': {
      const text = reveal(content.text);
      return /^\d{4}-/.test(text)
        ? `date ${Date.parse(text.replace(/\.\d+/, ''))}`
        : `text ${text.normalize('NFC').trim()}`;
    }
    case 'document':
      return `document ${content.document.sha256}`;
    case 'address':
      return `address ${itemOf(Object.fromEntries([...content.address.fields].map(([field, value]) => [field, reveal(value)])))}`;
    default:
      return `id ${content.id}`;
  }
}

/** Whichever of the addresses it is, in whatever spelling; one of ours may be stored in another way. */
function itemOf(fields: Readonly<Record<string, unknown>>): number {
  const plain = (text: unknown): string =>
    String(text ?? '')
      .normalize('NFC')
      .replaceAll(/\s+/g, ' ')
      .trim();
  return Array.from({ length: ITEMS + 1 }, (_, item) => item).findIndex(
    (item) =>
      fields.customer_reference === addressReference(item, 'ours') ||
      plain(fields.street_address) === plain(addressFields(item, 0).get('street_address')),
  );
}
