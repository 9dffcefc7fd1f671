import { expect, it } from 'vitest';
import { attachToAdvancedOrder } from '../../../../src/kinds/requirement-group/orders/attach-advanced.ts';
import type { NamedOrder } from '../../../../src/model/orders/observed-order.ts';
import { asRemoteId } from '../../../../src/model/resource.ts';
import { observedGroup } from '../../../support/plan-inputs.ts';
import { type ClientScript, inTurn } from '../../../support/scripted-client.ts';
import { scriptedRun } from '../../../support/scripted-run.ts';

const GET = 'GET /advanced_orders/o1';
const PATCH = 'PATCH /advanced_orders/o1/requirement_group';
const SENT = [PATCH, { requirement_group_id: 'g1' }];
const GROUP = observedGroup({ a: 'wanted' }, { id: asRemoteId('g1') });

const row = (requirement_group_id: string | null, status = 'pending') => ({
  id: 'o1',
  country_code: 'DE',
  phone_number_type: 'local',
  status,
  requirement_group_id,
});

async function attach(script: ClientScript, groupId: string | null): Promise<[string | null, unknown[]]> {
  const { run, asked } = scriptedRun(script);
  const planned: NamedOrder = {
    kind: 'advanced_order',
    id: asRemoteId('o1'),
    status: 'pending',
    isOpen: true,
    countryCode: 'DE',
    phoneNumberType: 'local',
    subNumberOrderId: null,
    holdings: [],
    groupId: groupId === null ? null : asRemoteId(groupId),
    source: { file: 'groups/a.yaml', line: 9, column: 5 },
  };
  try {
    await attachToAdvancedOrder(run.writer, GROUP, planned, () => void asked.push('done'));
    return [null, asked];
  } catch (error) {
    return [(error as Error).message, asked];
  }
}

const changed = (why: string) =>
  `the order changed since it was planned: ${why}. It was left as it is; plan again`;

it.each<[string, string | null, ClientScript, string | null, unknown[]]>([
  [
    'is looked at before, and read back after',
    'g0',
    { [GET]: inTurn(row('g0'), row('g1')), [PATCH]: {} },
    null,
    [GET, SENT, 'done', GET],
  ],
  [
    'shows its group later',
    null,
    { [GET]: inTurn(row(null), row(null), row('g1')), [PATCH]: {} },
    null,
    [GET, SENT, 'done', GET, 'wait 500', GET],
  ],
  ['has got the group from somebody else meanwhile', 'g0', { [GET]: row('g1') }, null, [GET]],
  [
    'carries the group already, and copies it again',
    'g1',
    { [GET]: row('g1'), [PATCH]: {} },
    null,
    [GET, SENT, 'done', GET],
  ],
  [
    'was given a third group since the plan',
    'g0',
    { [GET]: row('g2') },
    changed('it carries group g2 by now'),
    [GET],
  ],
  ['lost its group since the plan', 'g0', { [GET]: row(null) }, changed('it carries no group by now'), [GET]],
  [
    'was closed since the plan',
    'g0',
    { [GET]: row('g0', 'ordered') },
    changed('its status is ordered, no longer pending'),
    [GET],
  ],
  [
    'never shows the group, although Telnyx answered success',
    'g0',
    { [GET]: row('g0'), [PATCH]: {} },
    'Telnyx answered success, but reading the order back shows another group',
    [GET, SENT, 'done', GET, 'wait 500', GET, 'wait 1500', GET, 'wait 3000', GET],
  ],
])('an advanced order %s', async (_, planned, script, message, asked) => {
  expect(await attach(script, planned)).toEqual([message, asked]);
});
