import { onTestFinished } from 'vitest';
import { SANDBOX_KEY, type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts';

export const CONTACT_INFO = '2708e569-696a-4fc7-9305-5fdb3eb9c7dd';
export const BUSINESS_REGISTRATION = '6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2';
export const PROOF_OF_LOCAL_ADDRESS = '95cac7a7-cf24-4d34-81e4-e2d01a35adda';
export const SIGNED_FORM = 'a3a856c0-2811-4eee-9607-ea60df9f5c32';
export const LOCAL_ADDRESS = 'a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b';
export const PROOF_OF_ADDRESS = '6a09cdc3-8948-47f0-aa62-74ac943d6c58';
export const IDENTITY_CHECK = 'b7c72fb8-fa08-4529-aaf6-b9117d3f3698';

export const CONTACT = 'Jo Example, Example GmbH, +49 30 0000000';

export const GERMAN = { country_code: 'DE', phone_number_type: 'local', action: 'ordering' };
export const FRENCH = { country_code: 'FR', phone_number_type: 'local', action: 'ordering' };
export const AMERICAN = { country_code: 'US', phone_number_type: 'local', action: 'ordering' };

export const BERLIN = {
  business_name: 'Example GmbH',
  street_address: 'Beispielweg 1',
  locality: 'Berlin',
  postal_code: '10117',
  country_code: 'DE',
  validate_address: false,
};

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers as they please
  readonly body: any;
}

type Call = (method: string, path: string, body?: unknown) => Promise<Reply>;

export interface Connection {
  readonly sandbox: Sandbox;
  readonly api: Call;
  readonly control: Call;
}

/** A sandbox of its own for one test, and a plain client for it. */
export async function connect(options: SandboxOptions = {}): Promise<Connection> {
  const sandbox = await startSandbox(options);
  onTestFinished(() => sandbox.close().catch(() => {}));
  return {
    sandbox,
    api: (method, path, body) =>
      call(method, sandbox.url + path, { authorization: `Bearer ${SANDBOX_KEY}` }, body),
    control: (method, path, body) => call(method, `${sandbox.origin}/_sandbox${path}`, {}, body),
  };
}

async function call(
  method: string,
  url: string,
  headers: Record<string, string>,
  body: unknown,
): Promise<Reply> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/* ---- Things that many tests need ---- */

export function pdf(text: string): string {
  return Buffer.from(`%PDF-1.4\n${text}\n%%EOF\n`, 'utf8').toString('base64');
}

export async function upload({ api }: Connection, text = 'sample', reference?: string): Promise<string> {
  const reply = await api('POST', '/documents', {
    file: pdf(text),
    filename: 'document.pdf',
    customer_reference: reference,
  });
  return reply.body.data.id;
}

export async function addAddress({ api }: Connection, fields: object = {}): Promise<string> {
  const reply = await api('POST', '/addresses', { ...BERLIN, ...fields });
  return reply.body.data.id;
}

export function value(requirement_id: string, field_value: string | null) {
  return { requirement_id, field_value };
}

/** A French group: one document is all that it needs. */
export async function addFrenchGroup(connection: Connection, reference?: string): Promise<string> {
  const reply = await connection.api('POST', '/requirement_groups', {
    ...FRENCH,
    customer_reference: reference,
    regulatory_requirements: [value(PROOF_OF_ADDRESS, await upload(connection))],
  });
  return reply.body.data.id;
}

/** A German group with every value. */
export async function addGermanGroup(connection: Connection): Promise<string> {
  const reply = await connection.api('POST', '/requirement_groups', {
    ...GERMAN,
    regulatory_requirements: [
      value(CONTACT_INFO, CONTACT),
      value(BUSINESS_REGISTRATION, await upload(connection, 'registration')),
      value(PROOF_OF_LOCAL_ADDRESS, await upload(connection, 'proof')),
      value(SIGNED_FORM, await upload(connection, 'form')),
      value(LOCAL_ADDRESS, await addAddress(connection)),
    ],
  });
  return reply.body.data.id;
}

/** The group's status, then those of its requirements. */
export async function statusesOf({ api }: Connection, groupId: string): Promise<string[]> {
  const { body } = await api('GET', `/requirement_groups/${groupId}`);
  const requirements: { status: string }[] = body.data.regulatory_requirements;
  return [body.data.status, ...requirements.map(({ status }) => status)];
}

export async function codesOf(reply: Promise<Reply>): Promise<[status: number, ...codes: string[]]> {
  const { status, body } = await reply;
  return [status, ...(body.errors ?? []).map(({ code }: { code: string }) => code)];
}

/* ---- Orders ---- */

export const BERLIN_NUMBER = '+49300000001';
export const PARIS_NUMBER = '+33100000001';

/** `order({number, group}, …)`: the id of the order that the numbers, with the groups given, were placed in. */
export async function placeOrder(
  { api }: Connection,
  numbers: readonly { readonly number: string; readonly group?: string }[],
  fields: object = {},
): Promise<string> {
  const { body } = await api('POST', '/number_orders', {
    ...fields,
    phone_numbers: numbers.map(({ number, group }) => ({
      phone_number: number,
      requirement_group_id: group,
    })),
  });
  return body.data.id;
}

/** The only sub order of an order, with its numbers. */
export async function subOrderOf({ api }: Connection, orderId: string): Promise<Reply['body']> {
  const list = await api('GET', `/sub_number_orders?filter[order_request_id]=${orderId}`);
  const [{ id }] = list.body.data;
  const { body } = await api('GET', `/sub_number_orders/${id}?filter[include_phone_numbers]=true`);
  return body.data;
}

/** The status of the only number's requirements, then of each of them. */
export async function orderStatusesOf(connection: Connection, orderId: string): Promise<string[]> {
  const [number] = (await subOrderOf(connection, orderId)).phone_numbers;
  const requirements: { status: string }[] = number.regulatory_requirements;
  return [number.requirements_status, ...requirements.map(({ status }) => status)];
}
