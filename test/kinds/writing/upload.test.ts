import { expect, it } from 'vitest';
import { CLOSED_GATES } from '../../../src/model/plan/gates.ts';
import { BUSINESS_REGISTRATION, connect } from '../../sandbox/connection.ts';
import { applyHere } from '../../support/applied.ts';
import {
  definition,
  desiredGroup,
  documentValue,
  observedWorld,
  planInput,
} from '../../support/plan-inputs.ts';

it('a document whose bytes are others than those that were planned is not uploaded, and nothing is made that would need it', async () => {
  const connection = await connect();
  const requirement = definition(BUSINESS_REGISTRATION, 'Business Registration', 'document');
  const values = [documentValue('as planned', requirement, { path: 'documents/registration.pdf' })];
  const groups = [desiredGroup({ name: 'a', values, definitions: [requirement], approval: 'none' })];
  const input = planInput({ RequirementGroup: groups, observed: observedWorld({}), gates: CLOSED_GATES });
  const outcomes = await applyHere(input, { baseUrl: connection.sandbox.url }, () =>
    Buffer.from('changed since'),
  );
  expect(outcomes).toMatchObject([
    {
      status: 'failed',
      operations: [],
      error: {
        code: 'document-changed',
        message: 'somebody changed documents/registration.pdf during this apply. Make a new plan',
      },
    },
  ]);
  const state = JSON.stringify(await connection.control('GET', '/state'));
  expect(JSON.parse(state).body.data).toMatchObject({ documents: [], groups: [] });
});
