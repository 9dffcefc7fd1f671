import { afterEach, beforeEach, expect } from 'vitest';
import { validatePlan } from '../../src/cli/apply/plan-validators.js';
import type { Outcome } from '../../src/model/plan/outcome.ts';
import type { Plan, PlanChange } from '../../src/model/plan/plan.ts';
import { callApi } from './orders.ts';
import { buildWithClocks } from './programs/builds.ts';
import { germanGroup, openTestRepository, type TestRepository } from './test-repository.ts';

/** Manifests of number orders, and the orders that the sandbox holds. */

export const BERLIN = '+49300000001';
export const SECOND = '+49300000002';

export function numberOrder(
  given: { readonly name?: string; readonly numbers?: readonly string[]; readonly extra?: string } = {},
): string {
  const { name = 'berlin', numbers = [BERLIN], extra = 'requirement_group: de-local\n' } = given;
  const list =
    numbers.length === 0 ? '' : `phone_numbers:\n${numbers.map((one) => `  - "${one}"\n`).join('')}`;
  return `apiVersion: regsync/v1
kind: NumberOrder
name: ${name}
${list}${extra}`;
}

/** Lines of a manifest: direct values, by requirement id. */
export function directTexts(values: Readonly<Record<string, string>>): string {
  const entries = Object.entries(values).map(([id, text]) => `  - requirement: ${id}\n    text: "${text}"\n`);
  return `requirements:\n${entries.join('')}`;
}

export interface HeldOrder {
  readonly id: string;
  readonly customer_reference: string;
  readonly status: string;
  readonly connection_id: string;
  readonly phone_numbers: readonly { readonly id: string; readonly phone_number: string }[];
  readonly sub_number_orders_ids: readonly string[];
}

export async function heldOrders(repository: Pick<TestRepository, 'sandbox'>): Promise<readonly HeldOrder[]> {
  return callApi<HeldOrder[]>(repository, 'GET', '/number_orders?page[size]=250');
}

export function orderChanges({ changes }: Plan): readonly PlanChange[] {
  return changes.filter(({ kind }) => kind === 'NumberOrder');
}

export function orderOutcome(outcomes: readonly Outcome[]): Outcome | undefined {
  return outcomes.find(({ kind }) => kind === 'NumberOrder');
}

/**
 * A repository with a German group and an order of one number with it, before each test of a file, and what the tests do
 * with it.
 */
export function useOrders() {
  let repository: TestRepository;
  // Before it places an order, an apply looks for it over five seconds.
  const quick = buildWithClocks(0.1);
  beforeEach(async () => {
    const manifests = { 'groups/de.yaml': germanGroup(), 'groups/orders.yaml': numberOrder() };
    repository = await openTestRepository(manifests, 'here', quick);
  });
  afterEach(() => repository.end());

  /** As the schema has it, and without a number in it. */
  async function plan(...args: string[]): Promise<Plan> {
    const { code, out, err } = await repository.run(['plan', '--format', 'json', ...args]);
    expect(code, out + err).toBe(0);
    expect(out).not.toContain('4930000000');
    const made = JSON.parse(out);
    expect(validatePlan(made), JSON.stringify(validatePlan.errors)).toBe(true);
    return made;
  }

  async function apply(expected = 0, ...args: string[]): Promise<Outcome[]> {
    const { code, out, err } = await repository.run([
      'apply',
      '--yes',
      '--allow-orders',
      '--format',
      'json',
      ...args,
    ]);
    expect(code, out + err).toBe(expected);
    return JSON.parse(out).outcomes;
  }

  async function expectNothingLeft(): Promise<void> {
    const { code, out } = await repository.run(['plan', '--detailed-exitcode']);
    expect([code, out]).toEqual([0, expect.stringContaining('No changes.')]);
  }

  async function onlyOrder(): Promise<HeldOrder> {
    const orders = await heldOrders(repository);
    expect(orders).toHaveLength(1);
    return orders[0] as HeldOrder;
  }

  async function placements(): Promise<number> {
    const requests = await repository.requests();
    return requests.filter(({ method, path }) => method === 'POST' && path === '/number_orders').length;
  }

  async function problem(...args: string[]): Promise<string> {
    const { code, out, err } = await repository.run(['plan', ...args]);
    expect(code, out + err).toBe(3);
    return err;
  }

  return {
    get repository() {
      return repository;
    },
    plan,
    apply,
    expectNothingLeft,
    onlyOrder,
    placements,
    problem,
  };
}
