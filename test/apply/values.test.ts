import { expect, it } from 'vitest';
import { CLOSED_GATES } from '../../src/plan/decisions.ts';
import { BUSINESS_REGISTRATION, connect } from '../sandbox/connection.ts';
import { applyHere } from '../support/applied.ts';
import { definition, desiredGroup, documentValue, observedWorld, planInput } from '../support/worlds.ts';

const BYTES = '%PDF-1.4\nregistration\n%%EOF\n';

it('an upload that fails stops the group that began it, and the next one that needs the document tries again', async () => {
  const connection = await connect();
  const match = { method: 'POST', path: '^/documents$' };
  await connection.control('POST', '/faults', { kind: 'status', status: 422, times: 1, match });
  const requirement = definition(BUSINESS_REGISTRATION, 'Business Registration', 'document');
  const values = [documentValue(BYTES, requirement, { path: 'documents/registration.pdf' })];
  const groups = ['a', 'b', 'c'].map((name) =>
    desiredGroup({ name, values, demands: [requirement], approval: 'none' }),
  );
  const input = planInput({ groups, observed: observedWorld({}), gates: CLOSED_GATES });
  const outcomes = await applyHere(input, { baseUrl: connection.sandbox.url }, () => Buffer.from(BYTES));
  expect(outcomes.map(({ name, status, operations }) => [name, status, operations])).toEqual([
    ['a', 'failed', []],
    ['b', 'applied', ['upload', 'create']],
    ['c', 'applied', ['create']],
  ]);
});
