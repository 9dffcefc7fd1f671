import { DE_REQUIREMENTS, germanGroup, SAMPLE_KEY, type TestRepository } from './test-repository.ts';

/** Orders at the sandbox, placed and read as any customer of Telnyx would. */

export const PORTING_REQUIREMENTS = {
  contact: DE_REQUIREMENTS.contact,
  letter: '9ec0b9cc-d53e-486a-937e-797d9117e043',
  account: 'f9a8c3f0-14e0-49ac-922c-0caca5f75025',
} as const;

export async function callApi<Answer>(
  { sandbox }: Pick<TestRepository, 'sandbox'>,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const answer = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${SAMPLE_KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
  return (JSON.parse(text) as { data: Answer }).data;
}

export interface PlacedOrder {
  readonly id: string;
  /** By country. */
  readonly subOrders: Readonly<Record<string, string>>;
  readonly numbers: readonly { readonly id: string; readonly phone_number: string }[];
}

/** Without a group, unless one is given. */
export async function placeOrder(
  repository: Pick<TestRepository, 'sandbox'>,
  phoneNumbers: readonly string[],
  groupId?: string,
): Promise<PlacedOrder> {
  const { id } = await callApi<{ id: string }>(repository, 'POST', '/number_orders', {
    phone_numbers: phoneNumbers.map((phone_number) => ({
      phone_number,
      ...(groupId === undefined ? {} : { requirement_group_id: groupId }),
    })),
  });
  const order = await callApi<{ phone_numbers: PlacedOrder['numbers'] }>(
    repository,
    'GET',
    `/number_orders/${id}`,
  );
  const subOrders = await callApi<{ id: string; country_code: string }[]>(
    repository,
    'GET',
    `/sub_number_orders?filter[order_request_id]=${id}`,
  );
  return {
    id,
    numbers: order.phone_numbers,
    subOrders: Object.fromEntries(subOrders.map((subOrder) => [subOrder.country_code, subOrder.id])),
  };
}

/** What a number of a sub order holds, by requirement: `[value, status]`. */
export async function valuesOf(
  repository: Pick<TestRepository, 'sandbox'>,
  subOrderId: string,
  index = 0,
): Promise<Readonly<Record<string, readonly [string, string]>>> {
  const { phone_numbers } = await callApi<{
    phone_numbers: {
      regulatory_requirements: { requirement_id: string; field_value: string; status: string }[];
    }[];
  }>(repository, 'GET', `/sub_number_orders/${subOrderId}?filter[include_phone_numbers]=true`);
  const rows = phone_numbers[index]?.regulatory_requirements ?? [];
  return Object.fromEntries(
    rows.map(({ requirement_id, field_value, status }) => [requirement_id, [field_value, status]]),
  );
}

export async function portingValuesOf(
  repository: Pick<TestRepository, 'sandbox'>,
  id: string,
): Promise<Readonly<Record<string, readonly [string, string]>>> {
  const rows = await callApi<
    { requirement_type: { id: string }; field_value: string; requirement_status: string }[]
  >(repository, 'GET', `/porting_orders/${id}/requirements`);
  return Object.fromEntries(
    rows.map((row) => [row.requirement_type.id, [row.field_value, row.requirement_status]]),
  );
}

/** Lines of a manifest: `attach({ sub_number_order: '…' })` */
export function attach(...entries: readonly Readonly<Record<string, string>>[]): string {
  const lines = entries.flatMap((entry) => Object.entries(entry).map(([kind, id]) => `  - ${kind}: ${id}\n`));
  return `attach:\n${lines.join('')}`;
}

export function attachedGroup(
  entries: readonly Readonly<Record<string, string>>[],
  contact = 'Compliance desk, Example GmbH',
): string {
  return germanGroup({ contact, extra: attach(...entries) });
}

export function portingGroup(
  entries: readonly Readonly<Record<string, string>>[],
  account = '0000123456',
): string {
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: de-porting
country_code: DE
phone_number_type: local
action: porting
${attach(...entries)}requirements:
  - requirement: Contact Info
    text: "Compliance desk, Example GmbH"
  - requirement: Letter of Authorization
    document: { file: ../documents/registration.pdf }
  - requirement: Account Number
    text: "${account}"
`;
}
