import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCatalogue } from '../../src/catalogue/live.ts';
import { readSchedule } from '../../src/catalogue/schedule.ts';
import { ApiError } from '../../src/model/errors.ts';
import { Redactor } from '../../src/model/privacy/redactor.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { combinationKey } from '../../src/model/resource.ts';
import { SANDBOX_KEY, type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import { openReadClient, type ReadClient } from '../../src/telnyx/client.ts';
import { definition } from '../support/plan-inputs.ts';
import { answering } from '../telnyx/memory-client.ts';

const FR = { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' };
const DE = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
const DE_PORTING = { ...DE, action: 'porting' };
const PROOF_OF_ADDRESS = '6a09cdc3-8948-47f0-aa62-74ac943d6c58';
const IDENTITY_DOCUMENT = 'b3dc7ee5-3b37-4f06-9ab6-a8e74c311282';

describe('a version that is to come', () => {
  let sandbox: Sandbox;
  let client: ReadClient;
  beforeEach(async () => {
    sandbox = await startSandbox();
    client = openReadClient({
      baseUrl: sandbox.url,
      apiKey: new Sensitive(SANDBOX_KEY),
      redactor: new Redactor(),
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
});

describe('what may be scheduled', () => {
  const row = { id: '1', country_code: 'FR', phone_number_type: 'local', action: 'ordering' };
  const catalogueOf = (...sets: (readonly [typeof FR, number | null])[]) =>
    new Map(
      sets.map(([combination, version]) => [
        combinationKey(combination),
        { combination, version, requirements: [definition('r', '', 'textual')] },
      ]),
    );

  it('costs one list for each country and number, however many combinations', async () => {
    const memory = answering(() => []);
    const catalogue = catalogueOf(
      [DE, 1],
      [DE_PORTING, 1],
      [FR, 1],
      [{ ...DE, phoneNumberType: 'mobile' }, 2],
    );
    expect(await readSchedule(memory, catalogue)).toEqual(new Map());
    expect(memory.asked.map(({ query }) => `${query['filter[country_code]']} ${query.version}`)).toEqual([
      'DE 2',
      'FR 2',
      'DE 3',
    ]);
  });

  it.each([null, 1.5, 2 ** 60])('is not asked for where the present version is %j', async (version) => {
    const memory = answering(() => []);
    expect(await readSchedule(memory, catalogueOf([FR, version]))).toEqual(new Map());
    expect(memory.asked).toEqual([]);
  });

  it.each([400, 404, 422])(
    'is nothing where an API answers %i to a number that it does not know',
    async (status) => {
      const memory = answering(() => new ApiError(status, 'GET /requirements', [], null));
      expect(await readSchedule(memory, catalogueOf([FR, 1]))).toEqual(new Map());
    },
  );

  it.each([403, 409])('is not known where it answers %i', async (status) => {
    const memory = answering(() => new ApiError(status, 'GET /requirements', [], null));
    await expect(readSchedule(memory, catalogueOf([FR, 1]))).rejects.toBeInstanceOf(ApiError);
  });

  it('adds and removes nothing that stays', async () => {
    const requirement_types = [{ id: 'r' }, { id: 'new', name: 'New' }];
    const memory = answering(() => [{ ...row, version: 2, requirement_types }]);
    const catalogue = catalogueOf([FR, 1]);
    const next = { version: 2, effectiveAt: null, adds: [{ id: 'new', name: 'New' }], removes: [] };
    expect(await readSchedule(memory, catalogue)).toEqual(new Map([['FR/local/ordering', next]]));
  });

  it('is nothing where the server ignores the number that is asked for, or shows others alone', async () => {
    const present = { ...row, version: 1, effective_start_at: '2020-01-01T00:00:00Z' };
    const other = { ...row, version: 2, action: 'porting' };
    const memory = answering(() => [present, { ...other, id: '2' }]);
    expect(await readSchedule(memory, catalogueOf([FR, 1]))).toEqual(new Map());
  });

  it.each([
    ['2099-01-31T12:00:00+01:00', '2099-01-31T11:00:00.000Z'],
    ['next spring', 'next spring'],
    [null, null],
  ])('begins at %j, as a time in UTC where it is one', async (effective_start_at, effectiveAt) => {
    const requirement_types = [{ id: 'new' }, { id: 'named', name: 'Named' }];
    const memory = answering(() => [{ ...row, version: 2, effective_start_at, requirement_types }]);
    expect(await readSchedule(memory, catalogueOf([FR, 1]))).toEqual(
      new Map([
        [
          'FR/local/ordering',
          {
            version: 2,
            effectiveAt,
            adds: [
              { id: 'new', name: 'new' },
              { id: 'named', name: 'Named' },
            ],
            removes: [{ id: 'r', name: 'r' }],
          },
        ],
      ]),
    );
  });
});
