import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/model/errors.ts';
import { asReference } from '../../src/model/resource.ts';
import { openReadClient, type WriteClient } from '../../src/telnyx/client.ts';
import { beginNumberOrders, uploadDocument } from '../../src/telnyx/endpoints.ts';
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
