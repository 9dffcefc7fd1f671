import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AuthenticationError, InvalidInputError, RefusedError } from '../../src/model/errors.ts';
import type { Outcome } from '../../src/model/plan/outcome.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { asRemoteId, type Desired, type DesiredRequirement } from '../../src/model/resource.ts';
import { renderOutcomesJson } from '../../src/render/json.ts';
import { renderOutcomesText } from '../../src/render/text/outcome-text.ts';
import { coloured, plain } from '../../src/render/text/paint.ts';
import { renderPlanText } from '../../src/render/text/plan-text.ts';
import { renderProblemText } from '../../src/render/text/problem-text.ts';
import { SANDBOX_KEY } from '../../src/sandbox/server.ts';
import { fc } from '../support/fast-check.ts';
import { SECRET_DIGESTS, SECRET_VALUES, UNUSED_ITEM } from './contents.ts';
import { makeContent, type Reading, useRepository } from './repository.ts';
import { expectNothingUnexpected, isDocumented, runs, Tally, UNHURRIED } from './runs.ts';
import { anyWorld, injectedFault, smoothWorld } from './worlds.ts';

const inRepository = useRepository();
const world = fc.oneof(smoothWorld, anyWorld);

/** A refusal that repeats addresses and texts as they were sent. */
const echo = fc
  .constantFrom('POST', 'PATCH')
  .map((method) => ({ method, path: '^/(addresses|requirement_groups)' }))
  .map((match) => ({ kind: 'status', status: 422, body: 'echo', times: 6, match }));

describe('what is private', () => {
  it(
    'stands in nothing that a run shows, keeps or throws, whatever the API sends back',
    UNHURRIED,
    async () => {
      const tally = new Tally();
      const faults = fc.array(fc.oneof(injectedFault(['POST', 'PATCH', 'DELETE']), echo), { maxLength: 2 });
      const property = fc.asyncProperty(world, faults, (planted, injectedFaults) =>
        inRepository(planted, async (scene) => {
          const reading = await settle(scene.plan());
          if (reading instanceof Error) return expectDiscreet(tally, reading);
          expectDiscreetPlan(reading);
          for (const fault of injectedFaults) await scene.control('POST', '/faults', fault);
          const outcomes = await settle(scene.apply(reading));
          if (outcomes instanceof Error) return expectDiscreet(tally, outcomes);
          expectDiscreetOutcomes(outcomes);
          tally.count(...outcomes.map(({ status }) => status));
          if (deepText(outcomes).includes('Rejected: ')) tally.count('echoed');
          if (reading.plan.attention.some(({ message }) => message.startsWith('Reviewer on ')))
            tally.count('quoted');
        }),
      );
      await fc.assert(property, runs(50));
      tally.expectAll('InvalidInputError', 'RefusedError', 'applied', 'failed', 'quoted', 'echoed');
    },
  );
});

describe('whatever is wrong', () => {
  it('a run ends in one of the documented ways', UNHURRIED, async () => {
    const tally = new Tally();
    const wrong = fc.record({
      mistakes: fc.array(fc.tuple(fc.constantFrom(...MISTAKE_KINDS), fc.nat()), { maxLength: 1 }),
      before: fc.array(injectedFault(['GET']), { maxLength: 1 }),
      after: fc.array(injectedFault(['GET', 'POST', 'PATCH', 'DELETE']), { maxLength: 2 }),
      key: fc.oneof(
        { weight: 8, arbitrary: fc.constant('ok') },
        { weight: 1, arbitrary: fc.constantFrom('revoked', 'forbidden') },
      ),
    });
    const property = fc.asyncProperty(anyWorld, wrong, (planted, { mistakes, before, after, key }) =>
      inRepository(planted, async (scene) => {
        const desired = mistakes.reduce((made, [kind, pick]) => MISTAKES[kind](made, pick), scene.desired);
        for (const fault of before) await scene.control('POST', '/faults', fault);
        const reading = await settle(scene.plan({ desired }));
        if (reading instanceof Error) return expectDocumented(tally, reading);
        await scene.control('DELETE', '/faults');
        for (const fault of after) await scene.control('POST', '/faults', fault);
        await scene.control('POST', '/keys', { key: SANDBOX_KEY, state: key });
        const unwritten = await scene.state();
        const outcomes = await settle(scene.apply(reading));
        if (outcomes instanceof Error) {
          expect(outcomes).toBeInstanceOf(AuthenticationError);
          expect(await scene.state(), 'what was written before the key was refused').toEqual(unwritten);
          return expectDocumented(tally, outcomes);
        }
        expectNothingUnexpected(outcomes);
        tally.count(...outcomes.map(({ status }) => status));
      }),
    );
    await fc.assert(property, runs(75));
    tally.expectAll('InvalidInputError', 'RefusedError', 'AuthenticationError', 'applied', 'failed');
  });
});

/** What was made, or the error that was thrown instead. */
async function settle<Value>(making: Promise<Value>): Promise<Value | Error> {
  try {
    return await making;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/* ---- Discretion ---- */

function expectDiscreetPlan({ plan, decisions, readState }: Reading): void {
  expectNothingPrivate(JSON.stringify(plan), ALL_SECRETS);
  expectNothingPrivate(renderPlanText(plan, plain), ALL_SECRETS);
  expectNothingPrivate(renderPlanText(plan, coloured), ALL_SECRETS);
  // These hold digests in the open, to compare by, and are never shown; values they must not show even so.
  for (const held of [decisions, readState]) expectNothingPrivate(deepText(held), SECRET_VALUES);
}

function expectDiscreetOutcomes(outcomes: readonly Outcome[]): void {
  const texts = [deepText(outcomes), renderOutcomesJson(outcomes), renderOutcomesText(outcomes, plain)];
  for (const text of texts) expectNothingPrivate(withoutReferences(text), ALL_SECRETS);
}

function expectDiscreet(tally: Tally, error: Error): void {
  tally.count(error.name);
  expectNothingPrivate(withoutReferences(deepText(error)), ALL_SECRETS);
  if (!(error instanceof InvalidInputError || error instanceof RefusedError)) return;
  for (const problem of error.problems) expectNothingPrivate(renderProblemText(problem, plain), ALL_SECRETS);
}

/** An API that repeats what it was sent may repeat a reference: those are for showing, digest and all. */
function withoutReferences(text: string): string {
  return text.replaceAll(/regsync\/acme\/(doc|addr)\/[0-9a-f]*/g, '');
}

const ALL_SECRETS = [SANDBOX_KEY, ...SECRET_VALUES, ...SECRET_DIGESTS].map((secret) => secret.toLowerCase());

function deepText(value: unknown): string {
  return inspect(value, {
    depth: Number.POSITIVE_INFINITY,
    maxArrayLength: null,
    maxStringLength: null,
    showHidden: true,
  });
}

function expectNothingPrivate(text: string, secrets: readonly string[]): void {
  const lower = text.toLowerCase();
  expect(secrets.filter((secret) => lower.includes(secret.toLowerCase()))).toEqual([]);
}

/* ---- Mistakes, which manifests may hold until Telnyx is asked ---- */

type Mistake = (desired: Desired, pick: number) => Desired;

const MISTAKES = {
  'a requirement is unknown': (desired, pick) =>
    editOne(desired, pick, (entry) => ({ ...entry, requirement: 'Contact Inof' })),
  'a requirement is named twice': (desired, pick) => ({
    ...desired,
    RequirementGroup: desired.RequirementGroup.map((group, index) =>
      index === pick % desired.RequirementGroup.length
        ? { ...group, requirements: [...group.requirements, ...group.requirements] }
        : group,
    ),
  }),
  'a value is of another type': (desired, pick) =>
    editOne(desired, pick, (entry) => ({
      ...entry,
      content:
        entry.content.kind === 'text'
          ? makeContent('document', UNUSED_ITEM, PLAIN)
          : makeContent('contact', UNUSED_ITEM, PLAIN),
    })),
  'a text is none': (desired, pick) =>
    editOne(desired, pick, (entry) => ({
      ...entry,
      content: { kind: 'text', text: new Sensitive('\u0000') },
    })),
  'a variable is unset': (desired, pick) =>
    editOne(desired, pick, (entry) => ({
      ...entry,
      content: { kind: 'unread_text', variable: 'REGSYNC_VAR_NOBODY' },
    })),
  'an action has a value': (desired) => ({
    ...desired,
    RequirementGroup: desired.RequirementGroup.map((group) => ({
      ...group,
      requirements: [
        ...group.requirements,
        { ...NOWHERE, requirement: 'Identity Check', content: makeContent('contact', 0, PLAIN) },
      ],
    })),
  }),
  'values are missing': (desired) => ({
    ...desired,
    RequirementGroup: desired.RequirementGroup.map((group) => ({
      ...group,
      partial: false,
      requirements: group.requirements.slice(1),
    })),
  }),
  'a group is pinned to nothing': (desired, pick) => ({
    ...desired,
    RequirementGroup: desired.RequirementGroup.map((group, index) =>
      index === pick % desired.RequirementGroup.length
        ? { ...group, id: { id: asRemoteId('0e000000-0000-4000-8000-000000000000'), source: group.source } }
        : group,
    ),
  }),
  'a country is not covered': (desired, pick) => ({
    ...desired,
    RequirementGroup: desired.RequirementGroup.map((group, index) =>
      index === pick % desired.RequirementGroup.length
        ? { ...group, combination: { ...group.combination, countryCode: 'AQ' } }
        : group,
    ),
  }),
} as const satisfies Record<string, Mistake>;

const MISTAKE_KINDS = Object.keys(MISTAKES) as (keyof typeof MISTAKES)[];
const PLAIN = { spelling: 0, named: false, validate: false };
const NOWHERE = {
  source: { file: 'groups/b.yaml', line: 90, column: 5 },
  contentSource: { file: 'groups/b.yaml', line: 91, column: 5 },
};

function editOne(
  desired: Desired,
  pick: number,
  change: (entry: DesiredRequirement) => DesiredRequirement,
): Desired {
  const entries = desired.RequirementGroup.flatMap(({ requirements }) => requirements);
  const chosen = entries[pick % entries.length];
  return {
    ...desired,
    RequirementGroup: desired.RequirementGroup.map((group) => ({
      ...group,
      requirements: group.requirements.map((entry) => (entry === chosen ? change(entry) : entry)),
    })),
  };
}

function expectDocumented(tally: Tally, error: Error): void {
  tally.count(error.name);
  expect(isDocumented(error), inspect(error)).toBe(true);
}
