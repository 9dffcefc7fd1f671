import { describe, expect, it } from 'vitest';
import type { PlanInput } from '../../src/plan/decisions.ts';
import { findDeviations } from '../../src/plan/exact.ts';
import { describedPlan } from '../support/plans.ts';
import {
  CONTACT,
  DOCUMENT_ID,
  desiredGroup,
  documentValue,
  observedDocument,
  observedGroup,
  observedWorld,
  planInput,
  REGISTRATION,
  TEXT_ID,
  textValue,
} from '../support/worlds.ts';

const DOCUMENTS = [observedDocument('doc-1', 'registration')];
const EQUAL = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };

function world(values: Record<string, string>, status: string, desired = desiredGroup()): PlanInput {
  const group = observedGroup(values, { status });
  return planInput({
    groups: [desired],
    observed: observedWorld({ matches: { 'de-local': { group, superseded: [] } }, documents: DOCUMENTS }),
  });
}

const NEW = planInput({ groups: [desiredGroup()], observed: observedWorld({}) });

describe('a reviewed plan may be applied', () => {
  it('when the fresh one is the same', () => {
    expect(findDeviations(describedPlan(NEW), describedPlan(NEW))).toEqual([]);
  });

  it('when a part of a change is done already', () => {
    expect(findDeviations(describedPlan(NEW), describedPlan(world(EQUAL, 'unapproved')))).toEqual([]);
  });

  it('when everything is done already', () => {
    expect(findDeviations(describedPlan(NEW), describedPlan(world(EQUAL, 'pending-approval')))).toEqual([]);
  });
});

describe('a reviewed plan is refused, naming the change and why', () => {
  const reviewed = describedPlan(world({ ...EQUAL, [TEXT_ID]: 'old' }, 'unapproved'));

  it('when a value to write is another one', () => {
    const other = desiredGroup({ values: [textValue('edited since'), documentValue('registration')] });
    const fresh = describedPlan(world({ ...EQUAL, [TEXT_ID]: 'old' }, 'unapproved', other));
    expect(findDeviations(reviewed, fresh)).toMatchObject([
      { name: 'de-local', message: expect.stringContaining('has changed since') },
    ]);
  });

  it('when it would do more than was shown', () => {
    const none = describedPlan(
      world({ ...EQUAL, [TEXT_ID]: 'old' }, 'unapproved', desiredGroup({ approval: 'none' })),
    );
    const fresh = {
      ...none,
      changes: none.changes.map((change) => ({ ...change, actions: ['update', 'submit'] as const })),
    };
    expect(findDeviations(none, fresh)).toMatchObject([
      { message: expect.stringContaining('submit is not in the reviewed plan') },
    ]);
  });

  it('when it would also change a value that held by then what was wanted', () => {
    const fresh = describedPlan(world({ [TEXT_ID]: 'old', [DOCUMENT_ID]: 'doc-2' }, 'unapproved'));
    expect(findDeviations(reviewed, fresh)).toMatchObject([
      { name: 'de-local', message: expect.stringMatching(/^it would change Registration/) },
    ]);
  });

  it('when another group has taken its place', () => {
    const fresh = {
      ...reviewed,
      changes: reviewed.changes.map((change) => ({ ...change, id: 'another' })),
    };
    expect(findDeviations(reviewed, fresh)).toMatchObject([
      { name: 'de-local', message: expect.stringContaining('it is about another by now') },
    ]);
  });

  it('when the group was approved meanwhile, which the reviewer could not know', () => {
    const fresh = describedPlan(world({ ...EQUAL, [TEXT_ID]: 'old' }, 'approved'));
    expect(findDeviations(reviewed, fresh)).toMatchObject([
      { message: expect.stringContaining('a consequence is new') },
    ]);
  });

  it('when a change is not in it at all', () => {
    const other = desiredGroup({ name: 'other', values: [textValue('x')], demands: [CONTACT] });
    const more = planInput({ groups: [desiredGroup(), other], observed: observedWorld({}) });
    expect(findDeviations(describedPlan(NEW), describedPlan(more))).toMatchObject([
      { kind: 'RequirementGroup', name: 'other' },
    ]);
  });

  it('when a document that it reuses has to be uploaded now', () => {
    const changed = desiredGroup({ values: [textValue('new'), documentValue('registration', REGISTRATION)] });
    const before = describedPlan(world({ [TEXT_ID]: 'old', [DOCUMENT_ID]: '' }, 'unapproved', changed));
    const vanished = planInput({
      groups: [changed],
      observed: observedWorld({
        matches: {
          'de-local': { group: observedGroup({ [TEXT_ID]: 'old', [DOCUMENT_ID]: '' }), superseded: [] },
        },
      }),
    });
    expect(findDeviations(before, describedPlan(vanished))).toMatchObject([{ kind: 'Document' }]);
  });
});
