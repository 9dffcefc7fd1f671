import { expect } from 'vitest';
import { callApi, type PlacedOrder, placeOrder } from './orders.ts';
import type { Build } from './programs/builds.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type RunOptions,
  type TestRepository,
} from './test-repository.ts';

export interface ShownFinding {
  readonly id: string;
  readonly section: string;
  readonly account?: string;
  readonly status: 'expected' | 'handled' | 'unhandled';
  readonly seen: boolean;
  readonly message: string;
  readonly exit_code?: number;
}

export interface Examined {
  readonly code: number | null;
  readonly findings: readonly ShownFinding[];
  /** The only one with this id. */
  readonly find: (id: string) => ShownFinding | undefined;
  readonly out: string;
  readonly err: string;
}

export async function examine(
  repository: Pick<TestRepository, 'run'>,
  options?: RunOptions,
  ...args: readonly string[]
): Promise<Examined> {
  const { code, out, err } = await repository.run(['doctor', '--format', 'json', ...args], options);
  const report = JSON.parse(out) as { findings: ShownFinding[]; format_version: string; exit_code: number };
  expect([report.format_version, report.exit_code]).toEqual(['1.0', code]);
  const { findings } = report;
  return { code, findings, find: (id) => findings.find((one) => one.id === id), out, err };
}

/** An account with something of everything: two groups, a number order, and a porting order. */
export async function repositoryWithEverything(build?: Build): Promise<{
  readonly repository: TestRepository;
  readonly order: PlacedOrder;
}> {
  const manifests = { 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() };
  const repository = await openTestRepository(manifests, 'here', build);
  expect(await repository.run(['apply', '--yes'])).toMatchObject({ code: 0 });
  const order = await placeOrder(repository, ['+49300000001', '+49300000002']);
  await callApi(repository, 'PATCH', `/number_orders/${order.id}`, {
    customer_reference: 'Example order 0001',
  });
  const end_user = { admin: { pin_passcode: '0000' } };
  await repository.control('porting_orders', {
    country_code: 'DE',
    phone_numbers: ['+49300000009'],
    end_user,
  });
  return { repository, order };
}
