import { expect, it } from 'vitest';
import { observeReviews } from '../../../src/kinds/requirement-group/statuses.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { observedGroup } from '../../support/plan-inputs.ts';
import { scriptedClient } from '../../support/scripted-client.ts';
import { GONE, groupRow } from '../../support/scripted-run.ts';

it('groups under review are found in one list, and only those that have left it are asked for', async () => {
  const row = (id: string, status: string) => groupRow(observedGroup({}, { id: asRemoteId(id), status }));
  const { client, asked } = scriptedClient({
    'GET /requirement_groups?filter[status]=pending-approval': [
      row('a', 'pending-approval'),
      row('x', 'pending-approval'),
    ],
    'GET /requirement_groups/b': row('b', 'approved'),
    'GET /requirement_groups/c': GONE,
  });
  expect([...(await observeReviews(client, ['a', 'b', 'c'].map(asRemoteId)))]).toEqual([
    ['a', 'pending-approval'],
    ['b', 'approved'],
    ['c', 'absent'],
  ]);
  expect(asked).toEqual([
    'GET /requirement_groups?filter[status]=pending-approval',
    'GET /requirement_groups/b',
    'GET /requirement_groups/c',
  ]);
});
