import { describe, expect, test } from 'vitest';
import {
  addFrenchGroup,
  BUSINESS_REGISTRATION,
  CONTACT_INFO,
  codesOf,
  connect,
  LOCAL_ADDRESS,
  PROOF_OF_ADDRESS,
  PROOF_OF_LOCAL_ADDRESS,
  SIGNED_FORM,
} from './connection.ts';

const GERMAN_ROW =
  '/requirements?filter[country_code]=DE&filter[phone_number_type]=local&filter[action]=ordering';
const GERMAN_SET = [
  [CONTACT_INFO, 'Contact Info', 'textual'],
  [BUSINESS_REGISTRATION, 'Business Registration', 'document'],
  [PROOF_OF_LOCAL_ADDRESS, 'Proof of Local Address', 'document'],
  [SIGNED_FORM, 'Signed Regulatory Form', 'document'],
  [LOCAL_ADDRESS, 'Local Address', 'address'],
];

describe('/requirements', () => {
  test('has one row for a combination, with its requirements inside', async () => {
    const { api } = await connect();
    const { body } = await api('GET', GERMAN_ROW);
    expect(body.meta.total_results).toBe(1);
    const [row] = body.data;
    expect(row).toMatchObject({
      record_type: 'requirement',
      version: 1,
      action: 'ordering',
      effective_end_at: null,
    });
    expect(row.requirement_types.map(({ id, name, type }: Type) => [id, name, type])).toEqual(GERMAN_SET);
    expect((await api('GET', `/requirements/${row.id}`)).body.data).toEqual(row);
  });

  test('a row for both actions answers to either, a row without a type to every one', async () => {
    const { api } = await connect();
    const spanish = await api('GET', '/requirements?filter[country_code]=ES&filter[action]=porting');
    expect(spanish.body.data).toMatchObject([{ action: 'both' }]);
    const dutch = await api(
      'GET',
      '/requirements?filter[country_code]=NL&filter[phone_number_type]=toll_free',
    );
    expect(dutch.body.data).toMatchObject([{ phone_number_type: '' }]);
  });

  test('criteria are numbers and lists; those that are unset are left out, or null by quirk', async () => {
    const { api, control } = await connect();
    const path = '/requirements?filter[country_code]=DE&filter[action]=porting';
    const criteria = async (): Promise<object[]> =>
      (await api('GET', path)).body.data[0].requirement_types.map((type: Type) => type.acceptance_criteria);
    expect((await criteria())[2]).toEqual({
      min_length: 6,
      max_length: 12,
      acceptable_characters: '0123456789',
      acceptable_values: [],
    });
    await control('PATCH', '/quirks', { unset_fields: 'null' });
    expect((await criteria())[0]).toEqual({
      min_length: null,
      max_length: null,
      acceptable_characters: null,
      acceptable_values: [],
      time_limit: null,
      locality_limit: null,
    });
  });

  test('the values of a filter are checked; mobile is let through', async () => {
    const { api } = await connect();
    expect((await api('GET', '/requirements?filter[phone_number_type]=mobile')).status).toBe(200);
    expect(await codesOf(api('GET', '/requirements?filter[phone_number_type]=satellite'))).toEqual([
      422,
      '10032',
    ]);
    expect(await codesOf(api('GET', '/requirements?filter[action]=both'))).toEqual([422, '10032']);
  });

  test.each(['/requirements', '/regulatory_requirements'])(
    'the former spelling of a number type finds what the present one does: %s',
    async (path) => {
      const { api } = await connect();
      const rows = async (type: string) =>
        (await api('GET', `${path}?filter[phone_number_type]=${type}`)).body.data;
      const found = await rows('toll-free');
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(await rows('toll_free'));
    },
  );

  test.each(['action', 'locality', 'country_code', '-action'])(
    'can be sorted, as once documented, by %s',
    async (key) => {
      const { api } = await connect();
      const { status, body } = await api('GET', `/requirements?page[size]=250&sort[]=${key}`);
      expect(status).toBe(200);
      const field = key.replace('-', '');
      const values: string[] = body.data.map((row: Record<string, string>) => row[field]);
      const sorted = values.toSorted();
      expect(values).toEqual(key.startsWith('-') ? sorted.toReversed() : sorted);
    },
  );

  test('former versions are shown to those who ask', async () => {
    const { api } = await connect();
    const path = '/requirements?filter[country_code]=AT';
    expect((await api('GET', path)).body.data).toMatchObject([{ version: 2, effective_end_at: null }]);
    expect((await api('GET', `${path}&version=1`)).body.data).toMatchObject([
      { version: 1, effective_end_at: '2025-03-01T00:00:00.000000Z' },
    ]);
    expect((await api('GET', `${path}&version=3`)).body.data).toEqual([]);
    expect((await api('GET', `${path}&version=next`)).status).toBe(422);
  });

  test('by quirk the list of requirements has its former name', async () => {
    const { api, control } = await connect();
    await control('PATCH', '/quirks', { requirements_array: 'requirements_types' });
    const [row] = (await api('GET', GERMAN_ROW)).body.data;
    expect(row.requirements_types).toHaveLength(5);
    expect(row).not.toHaveProperty('requirement_types');
  });
});

describe('/requirement_types', () => {
  test('are what the requirement_id of a group points to', async () => {
    const { api } = await connect();
    const { body } = await api('GET', `/requirement_types/${PROOF_OF_ADDRESS}`);
    expect(body.data).toMatchObject({
      record_type: 'requirement_type',
      name: 'Proof of Address',
      type: 'document',
      acceptance_criteria: { time_limit: 'Current and not expired' },
    });
    expect(await codesOf(api('GET', '/requirement_types/none'))).toEqual([404, '10005']);
  });

  test('are found by a part of the name, and sorted', async () => {
    const { api } = await connect();
    const { body } = await api('GET', '/requirement_types?filter[name][contains]=proof of&sort[]=-name');
    expect(body.data.map(({ name }: Type) => name)).toEqual([
      'Proof of Local Address',
      'Proof of Identity',
      'Proof of Identity',
      'Proof of Address',
    ]);
  });

  test('neither know a regex nor the type datetime', async () => {
    const { api } = await connect();
    const { data } = (await api('GET', '/requirement_types?page[size]=250')).body;
    expect(new Set(data.map(({ type }: Type) => type))).toEqual(
      new Set(['textual', 'document', 'address', 'action']),
    );
    for (const { acceptance_criteria } of data) expect(acceptance_criteria).not.toHaveProperty('regex');
  });
});

describe('/regulatory_requirements', () => {
  test('has the same requirements, with all criteria as texts, and no meta', async () => {
    const { api } = await connect();
    const path = '/regulatory_requirements?filter[country_code]=PT&filter[phone_number_type]=local';
    const { body } = await api('GET', `${path}&filter[action]=ordering`);
    expect(body).not.toHaveProperty('meta');
    expect(body.data[0].regulatory_requirements[0]).toMatchObject({
      name: 'Tax Number',
      field_type: 'textual',
      acceptance_criteria: {
        min_length: '',
        regex: '(pt)?[0-9]{9}',
        case_sensitive: 'false',
        acceptable_values: [],
      },
    });
  });

  test('a row for all types and both actions is spelt out', async () => {
    const { api } = await connect();
    const combinations = async (country: string): Promise<string[]> => {
      const { body } = await api('GET', `/regulatory_requirements?filter[country_code]=${country}`);
      return body.data.map((row: Row) => `${row.phone_number_type} ${row.action}`);
    };
    expect(await combinations('ES')).toEqual(['local ordering', 'local porting']);
    expect(await combinations('NL')).toEqual([
      'local ordering',
      'toll_free ordering',
      'mobile ordering',
      'national ordering',
      'shared_cost ordering',
    ]);
  });

  test('can be asked for a group, or for a phone number', async () => {
    const connection = await connect();
    const groupId = await addFrenchGroup(connection);
    const french = [{ country_code: 'FR', phone_number_type: 'local', action: 'ordering' }];
    const of = async (query: string) =>
      (await connection.api('GET', `/regulatory_requirements?${query}`)).body.data;
    expect(await of(`filter[requirement_group_id]=${groupId}`)).toMatchObject(french);
    expect(await of('filter[phone_number]=%2B33100000000')).toMatchObject(french);
    const unknown = connection.api('GET', '/regulatory_requirements?filter[requirement_group_id]=none');
    expect(await codesOf(unknown)).toEqual([404, '10005']);
  });

  test('every field type and every criterion occurs in the sample', async () => {
    const { api } = await connect();
    const { data } = (await api('GET', '/regulatory_requirements')).body;
    const requirements: Requirement[] = data.flatMap((row: Row) => row.regulatory_requirements);
    expect(new Set(requirements.map(({ field_type }) => field_type))).toEqual(
      new Set(['textual', 'datetime', 'document', 'address', 'action']),
    );
    const criteria = requirements.flatMap(({ acceptance_criteria }) =>
      Object.entries(acceptance_criteria).flatMap(([name, set]) => (set.length > 0 ? [name] : [])),
    );
    expect(new Set(criteria)).toEqual(
      new Set([
        'min_length',
        'max_length',
        'acceptable_characters',
        'acceptable_values',
        'regex',
        'case_sensitive',
        'time_limit',
        'locality_limit',
      ]),
    );
  });

  test('names are no keys: one set has two requirements of one name', async () => {
    const { api } = await connect();
    const path = '/regulatory_requirements?filter[country_code]=GB&filter[phone_number_type]=mobile';
    const { data } = (await api('GET', path)).body;
    const names = data[0].regulatory_requirements.map(({ name }: Requirement) => name);
    expect(names.filter((name: string) => name === 'Proof of Identity')).toHaveLength(2);
  });
});

test('/phone_numbers_regulatory_requirements derives the country from the number', async () => {
  const { api } = await connect();
  const path = '/phone_numbers_regulatory_requirements?filter[phone_number]=';
  const { body } = await api('GET', `${path}%2B41000000000,%2B351000000000`);
  expect(body.meta.total_results).toBe(2);
  expect(body.data).toMatchObject([
    {
      phone_number: '+41000000000',
      phone_number_type: 'local',
      region_information: [{ region_type: 'country_code', region_name: 'CH' }],
      regulatory_requirements: [
        { label: 'Contact Info' },
        { label: 'Local Address' },
        { label: 'Identity Document' },
      ],
    },
    { phone_number: '+351000000000', region_information: [{ region_name: 'PT' }] },
  ]);
  expect((await api('GET', `${path}%2B99900000000`)).status).toBe(422);
});

test('the two digits after the code of the country say the type of a fictional number', async () => {
  const { api } = await connect();
  const path = '/phone_numbers_regulatory_requirements?filter[phone_number]=';
  const digits = ['10', '18', '70', '80', '90'];
  const numbers = digits.map((area) => `%2B46${area}000012`);
  const { body } = await api('GET', `${path}${[...numbers, '%2B46700000'].join(',')}`);
  expect(body.data.map((row: { phone_number_type: string }) => row.phone_number_type)).toEqual([
    'local',
    'shared_cost',
    'mobile',
    'toll_free',
    'national',
    'local',
  ]);
  expect(body.data[2].regulatory_requirements[0]).toMatchObject({ label: 'End User Type' });
});

interface Type {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly acceptance_criteria: object;
}

interface Row {
  readonly phone_number_type: string;
  readonly action: string;
  readonly regulatory_requirements: readonly Requirement[];
}

interface Requirement {
  readonly name: string;
  readonly field_type: string;
  readonly acceptance_criteria: Readonly<Record<string, string | readonly string[]>>;
}
