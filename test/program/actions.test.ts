import { readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/model/outcome.ts';
import type { Plan } from '../../src/model/plan.ts';
import { buildWithClocks } from '../support/builds.ts';
import { callApi, placeOrder, valuesOf } from '../support/orders.ts';
import { DE_REQUIREMENTS, type Rehearsal, type Result, rehearse } from '../support/rehearsal.ts';

const CHECK = 'b7c72fb8-fa08-4529-aaf6-b9117d3f3698';
const NUMBER = '+61700000001';
const PEOPLE = { REGSYNC_VAR_FIRST: 'Josephine', REGSYNC_VAR_LAST: 'Exampleton' };
const LINK = /https:\/\/verify\.example\.com\/[0-9a-f-]{36}/;
const { contact } = DE_REQUIREMENTS;

const GROUP = `apiVersion: regsync/v1
kind: RequirementGroup
name: au-mobile
country_code: AU
phone_number_type: mobile
action: ordering
requirements:
  - requirement: ${contact}
    text: "Compliance desk, Example Pty Ltd"
`;

const ACTION = `requirements:
  - requirement: ${CHECK}
    action: { first_name: { env: REGSYNC_VAR_FIRST }, last_name: { env: REGSYNC_VAR_LAST } }
`;

const order = (extra: string) => `apiVersion: regsync/v1
kind: NumberOrder
name: au-desk
phone_numbers: ["${NUMBER}"]
${extra}`;

let stage: Rehearsal;
beforeEach(async () => {
  stage = await rehearse({}, 'here', buildWithClocks(0.05));
});
afterEach(() => stage.end());

const run = (args: readonly string[], isTerminal = false) => stage.run(args, { env: PEOPLE, isTerminal });

async function plan(...args: string[]): Promise<Plan> {
  const { code, out, err } = await run(['plan', '--format', 'json', ...args]);
  expect(code, out + err).toBe(0);
  return JSON.parse(out);
}

async function apply(expected: number, ...args: string[]): Promise<Outcome[]> {
  const { code, out, err } = await run(['apply', '--yes', '--format', 'json', ...args]);
  expect(code, out + err).toBe(expected);
  return JSON.parse(out).outcomes;
}

async function expectNothingLeft(): Promise<void> {
  const { code, out } = await run(['plan', '--detailed-exitcode']);
  expect([code, out]).toEqual([0, expect.stringContaining('No changes.')]);
}

const GATES = ['--allow-orders', '--allow-actions'] as const;

async function starts(): Promise<unknown[]> {
  const isStart = ({ method, path }: { method: string; path: string }) =>
    method === 'POST' && (path.startsWith('/external_requirements/') || path.endsWith('/initiate'));
  return (await stage.requests()).filter(isStart).map(({ body }) => body);
}

const subOrderOf = async (orderId: string) => {
  const path = `/sub_number_orders?filter[order_request_id]=${orderId}`;
  return (await callApi<{ id: string; status: string }[]>(stage, 'GET', path))[0]?.id ?? '';
};

const actionOf = (subOrderId: string) =>
  callApi<{ requirement_action: { value: string | null }; fields_required: { value: string | null }[] }>(
    stage,
    'GET',
    `/external_requirements/${CHECK}/sub_number_orders/${subOrderId}`,
  );

describe('an order of a country with an action', () => {
  it('is placed, gets the values of its group, and starts the action, in one run', async () => {
    await stage.write('groups/au.yaml', `${GROUP}---\n${order(`requirement_group: au-mobile\n${ACTION}`)}`);
    const planned = await plan(...GATES);
    expect(planned.changes.find(({ kind }) => kind === 'NumberOrder')).toMatchObject({
      actions: ['create', 'update', 'start'],
      order: {
        values: [{ requirement_id: contact }],
        starts: [
          { requirement_id: CHECK, id: null, fields: [{ name: 'first_name' }, { name: 'last_name' }] },
        ],
      },
    });
    expect(planned.summary.start).toBe(1);
    const outcomes = await apply(0, ...GATES);
    expect(outcomes.map(({ operations }) => operations)).toEqual([['create'], ['create', 'patch', 'start']]);
    const subOrder = await subOrderOf(outcomes[1]?.id ?? '');
    expect((await valuesOf(stage, subOrder))[contact]?.[0]).toBe('Compliance desk, Example Pty Ltd');
    expect((await actionOf(subOrder)).fields_required.map(({ value }) => value)).toEqual(
      Object.values(PEOPLE),
    );
    expect(await starts()).toEqual([{ requirement: { first_name: 'Josephine', last_name: 'Exampleton' } }]);
    await expectNothingLeft();
    await apply(0, ...GATES);
    expect(await starts()).toHaveLength(1);
  });
});
