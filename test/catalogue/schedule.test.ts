import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCatalogue } from '../../src/catalogue/live.ts';
import { readSchedule } from '../../src/catalogue/schedule.ts';
import { Mask } from '../../src/model/mask.ts';
import { Sensitive } from '../../src/model/sensitive.ts';
import { SANDBOX_KEY, type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { openReadClient, type ReadClient } from '../../src/telnyx/client.ts';

const FR = { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' };
const DE = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
const DE_PORTING = { ...DE, action: 'porting' };
const PROOF_OF_ADDRESS = '6a09cdc3-8948-47f0-aa62-74ac943d6c58';
const IDENTITY_DOCUMENT = 'b3dc7ee5-3b37-4f06-9ab6-a8e74c311282';

let sandbox: Sandbox;
let client: ReadClient;
beforeEach(async () => {
  sandbox = await startSandbox();
  client = openReadClient({
    baseUrl: sandbox.url,
    apiKey: new Sensitive(SANDBOX_KEY),
    mask: new Mask(),
    userAgent: 'regsync/test',
  });
});
afterEach(async () => {
  await client.close();
  await sandbox.close();
});

async function control(method: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${sandbox.origin}/_sandbox/${path}`, {
    method,
    headers,
    body: JSON.stringify(body),
  });
  expect(answer.status, await answer.text()).toBe(200);
}

const scheduled = async (...combinations: (typeof FR)[]) =>
  readSchedule(client, await readCatalogue(client, combinations));

describe('a version that is to come', () => {
  it('is found by asking for the number after the present one', async () => {
    await control('PATCH', 'catalogue/FR/local/ordering', {
      replace: [IDENTITY_DOCUMENT],
      effective_at: '2099-01-31T12:00:00+01:00',
    });
    expect(await scheduled(FR, DE)).toEqual(
      new Map([
        [
          'FR/local/ordering',
          {
            version: 2,
            effectiveAt: '2099-01-31T11:00:00.000Z',
            adds: [{ id: IDENTITY_DOCUMENT, name: 'Identity Document' }],
            removes: [{ id: PROOF_OF_ADDRESS, name: 'Proof of Address' }],
          },
        ],
      ]),
    );
  });

  it('is none where none is scheduled, nor where Telnyx has nothing at all', async () => {
    expect(await scheduled(FR, DE, DE_PORTING, { ...FR, phoneNumberType: 'shared_cost' })).toEqual(new Map());
  });

  it('costs one list for each country and number, however many combinations', async () => {
    await scheduled(DE, DE_PORTING, FR);
    const answer = await fetch(`${sandbox.origin}/_sandbox/requests`);
    const { data } = (await answer.json()) as { data: { path: string; query: string }[] };
    expect(data.filter(({ query }) => query.includes('version=2'))).toHaveLength(2);
  });

  it.each([400, 404, 422])(
    'an API that answers %i to a number that it does not know schedules nothing',
    async (status) => {
      const catalogue = await readCatalogue(client, [FR]);
      await control('POST', 'faults', {
        kind: 'status',
        status,
        times: 9,
        body: 'json',
        match: { path: '^/requirements$' },
      });
      expect(await readSchedule(client, catalogue)).toEqual(new Map());
    },
  );

  it('a server that ignores the number that is asked for schedules nothing', async () => {
    const row = { country_code: 'FR', phone_number_type: 'local', action: 'ordering', version: 1 };
    const data = [{ ...row, effective_start_at: '2020-01-01T00:00:00Z', requirement_types: [] }];
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const deaf = openReadClient({
      baseUrl: `http://127.0.0.1:${port}/v2`,
      apiKey: new Sensitive(SANDBOX_KEY),
      mask: new Mask(),
      userAgent: 'regsync/test',
    });
    const catalogue = new Map([['FR/local/ordering', { combination: FR, version: 1, requirements: [] }]]);
    expect(await readSchedule(deaf, catalogue)).toEqual(new Map());
    await deaf.close();
    server.close();
  });
});
