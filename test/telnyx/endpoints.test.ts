import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/model/errors.ts';
import { asReference, asRemoteId, type DesiredAddress } from '../../src/model/resource.ts';
import { Sensitive } from '../../src/model/sensitive.ts';
import { openReadClient, openWriteClient, type WriteClient } from '../../src/telnyx/client.ts';
import {
  beginNumberOrders,
  createAddress,
  listDocumentsByReferences,
  listSubNumberOrders,
  REFERENCES_AT_ONCE,
  uploadDocument,
} from '../../src/telnyx/endpoints.ts';
import { answerJson, optionsFor, serve } from './scripted-server.ts';

function refusing(detail: string): WriteClient {
  const refusal = new ApiError(
    422,
    'POST /documents',
    [{ code: '10027', title: 'Refused', detail, pointer: null }],
    'r-1',
  );
  return { send: () => Promise.reject(refusal) } as unknown as WriteClient;
}

const UPLOAD = {
  reference: asReference('regsync/acme/doc/0'),
  extension: 'txt',
  bytes: Buffer.from('Name: Canary Example, born 1970'),
};

describe('an upload that is refused', () => {
  it('does not pass on a detail that quotes the document', async () => {
    const error = await uploadDocument(refusing('unexpected "Name: Canary Exa" in line 1'), UPLOAD).catch(
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(ApiError);
    expect(error.details).toEqual([
      { code: '10027', title: 'Refused', detail: 'withheld: it quotes the document', pointer: null },
    ]);
    expect(error.message).not.toContain('Canary');
    expect(error.requestId).toBe('r-1');
  });

  it('passes on any other detail', async () => {
    const error = await uploadDocument(refusing('This file type is not supported'), UPLOAD).catch(
      (thrown) => thrown,
    );
    expect(error.details[0].detail).toBe('This file type is not supported');
  });
});

it('orders of others are passed over, whatever they look like', async () => {
  const reference = 'regsync/acme/order/berlin';
  const own = { id: '1', customer_reference: reference, status: 'pending', phone_numbers: [] };
  const foreign = [
    { id: '2' },
    { id: '3', customer_reference: 'x', phone_numbers: [{}] },
    { id: '4', status: 1 },
  ];
  const { baseUrl } = await serve((response) => {
    const meta = { total_results: 4, total_pages: 1 };
    answerJson(response, { data: [own, ...foreign], meta });
  });
  const client = openReadClient(optionsFor({ baseUrl }));
  const { rows } = await (await beginNumberOrders(client, new Set([reference]))).finish();
  expect(rows).toEqual([expect.objectContaining({ id: '1', reference }), null, null, null]);
  await client.close();
});

it('an address is validated where its manifest wants it, and nowhere else', async () => {
  const { baseUrl, seen } = await serve((response) => answerJson(response, { data: { id: '1' } }));
  const client = openWriteClient(optionsFor({ baseUrl }));
  const address = (validateAddress: boolean): DesiredAddress => ({
    name: null,
    fields: new Map([['country_code', new Sensitive('US')]]),
    validateAddress,
    sha256: 'a'.repeat(64),
    source: { file: 'groups/a.yaml', line: 1, column: 1 },
  });
  for (const validates of [true, false]) await createAddress(client, address(validates), asReference('x'));
  await client.close();
  expect(seen.map(({ body }) => JSON.parse(body.toString()).validate_address)).toEqual([true, false]);
});

it.each([1, 49, 50, 51, 100, 101, 120])(
  'each of %i documents is asked for by its reference, once',
  async (count) => {
    const { baseUrl, seen } = await serve((response, { url }) => {
      const asked = url.searchParams.getAll('filter[customer_reference][in][]');
      const data = asked.map((customer_reference) => ({ id: customer_reference, customer_reference }));
      answerJson(response, { data, meta: { total_pages: 1, total_results: data.length } });
    });
    const client = openReadClient(optionsFor({ baseUrl }));
    const references = Array.from({ length: count }, (_, index) => `regsync/acme/doc/${index}`);
    const { rows } = await listDocumentsByReferences(client, references);
    await client.close();
    expect(rows.map(({ id }) => id).sort()).toEqual([...references].sort());
    expect(seen).toHaveLength(Math.ceil(count / REFERENCES_AT_ONCE));
  },
);

it('sub orders of others are passed over, where the filter is ignored', async () => {
  const row = (id: string, order_request_id: string) => ({
    id,
    order_request_id,
    country_code: 'DE',
    phone_number_type: 'local',
    status: 'pending',
  });
  const data = [row('a', 'mine'), row('b', 'other'), row('c', 'mine')];
  const { baseUrl } = await serve((response) =>
    answerJson(response, { data, meta: { total_pages: 1, total_results: 3 } }),
  );
  const client = openReadClient(optionsFor({ baseUrl }));
  const found = await listSubNumberOrders(client, asRemoteId('mine'));
  await client.close();
  expect(found.map(({ id }) => id)).toEqual(['a', 'c']);
});

it('orders of others hide none of ours, though ids that were rounded are equal', async () => {
  const reference = 'regsync/acme/order/berlin';
  const rows = ['theirs', reference].map((customer_reference) => ({
    id: 2 ** 61,
    customer_reference,
    status: 'pending',
  }));
  const { baseUrl } = await serve((response) => answerJson(response, { data: rows }));
  const client = openReadClient(optionsFor({ baseUrl }));
  await expect(beginNumberOrders(client, new Set([reference]))).rejects.toThrow(
    'GET /number_orders answered a row whose `id` is a number too large to be read exactly',
  );
  await client.close();
});
