import { describe, expect, test } from 'vitest';
import { addAddress, BERLIN, codesOf, connect } from './connection.ts';

const AUSTIN = {
  first_name: 'Jo',
  last_name: 'Example',
  street_address: '100 Example Avenue',
  locality: 'Austin',
  administrative_area: 'TX',
  postal_code: '00000',
  country_code: 'US',
};

test('an address comes back with every field, unset ones empty', async () => {
  const { api } = await connect();
  const { body } = await api('POST', '/addresses', BERLIN);
  expect(body.data).toMatchObject({
    ...BERLIN,
    record_type: 'address',
    first_name: '',
    extended_address: '',
    address_book: true,
  });
});

test('by quirk unset fields are null', async () => {
  const { api, control } = await connect();
  await control('PATCH', '/quirks', { unset_fields: 'null' });
  expect((await api('POST', '/addresses', BERLIN)).body.data.first_name).toBeNull();
});

test('ids are integers as text, beyond what a JavaScript number can hold', async () => {
  const connection = await connect();
  const first = await addAddress(connection);
  const second = await addAddress(connection);
  expect(first).toBe('2473491569332717266');
  expect(first).not.toBe(second);
  expect(Number(first)).toBe(Number(second));
});

test('addresses are immutable', async () => {
  const connection = await connect();
  const id = await addAddress(connection);
  expect(await codesOf(connection.api('PATCH', `/addresses/${id}`, { locality: 'Bonn' }))).toEqual([
    405,
    '10030',
  ]);
});

test('a deleted address is answered once more, and then gone', async () => {
  const connection = await connect();
  const id = await addAddress(connection);
  const { status, body } = await connection.api('DELETE', `/addresses/${id}`);
  expect([status, body.data.id]).toEqual([200, id]);
  expect(await codesOf(connection.api('GET', `/addresses/${id}`))).toEqual([404, '10005']);
});

describe('creating', () => {
  test('each missing part has its code and pointer, all at once', async () => {
    const { api } = await connect();
    const { status, body } = await api('POST', '/addresses', { first_name: 'Jo', country_code: 'Germany' });
    expect(status).toBe(422);
    expect(body.errors.map((error: Fault) => [error.code, error.source.pointer])).toEqual([
      ['20200', '/business_name'],
      ['20207', '/street_address'],
      ['20202', '/locality'],
      ['20201', '/country_code'],
    ]);
  });

  test.each([
    ['a business name', { business_name: 'Example GmbH' }],
    ['a first and a last name', { business_name: undefined, first_name: 'Jo', last_name: 'Example' }],
  ])('%s is enough of a name', async (_, names) => {
    const { api } = await connect();
    expect((await api('POST', '/addresses', { ...BERLIN, ...names })).status).toBe(200);
  });

  test('by default it is checked for emergency use, which fails outside the US and Canada', async () => {
    const { api, control } = await connect();
    const abroad = { ...BERLIN, validate_address: undefined };
    expect(await codesOf(api('POST', '/addresses', abroad))).toEqual([422, '20201']);
    await control('PATCH', '/quirks', { addresses_validate_abroad: 'pass' });
    expect((await api('POST', '/addresses', abroad)).status).toBe(200);
  });

  test.each([
    ['a US address', AUSTIN, []],
    [
      'a Canadian address',
      { ...AUSTIN, country_code: 'CA', administrative_area: 'ON', postal_code: 'A1A 1A1' },
      [],
    ],
    ['no house number', { ...AUSTIN, street_address: 'Example Avenue' }, ['20207']],
    ['a foreign postal code', { ...AUSTIN, postal_code: 'A1A 1A1' }, ['20205']],
  ])('the check has its own simple rule: %s', async (_, body, codes) => {
    const { api } = await connect();
    expect(await codesOf(api('POST', '/addresses', body))).toEqual([
      codes.length === 0 ? 200 : 422,
      ...codes,
    ]);
  });
});

describe('validating', () => {
  test('a good address is valid, with a normalised suggestion', async () => {
    const { api } = await connect();
    const { body } = await api('POST', '/addresses/actions/validate', AUSTIN);
    expect(body.data).toEqual({
      record_type: 'address_validation',
      result: 'valid',
      suggested: {
        street_address: '100 EXAMPLE AVENUE',
        locality: 'AUSTIN',
        administrative_area: 'TX',
        postal_code: '00000',
        country_code: 'US',
      },
      errors: [],
    });
  });

  test('a bad one is invalid; its errors say description, not detail', async () => {
    const { api } = await connect();
    const { status, body } = await api('POST', '/addresses/actions/validate', {
      ...AUSTIN,
      street_address: 'Example Avenue',
    });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      result: 'invalid',
      suggested: {},
      errors: [{ code: '20207', title: 'Invalid street address', source: { pointer: '/street_address' } }],
    });
    expect(body.data.errors[0]).toHaveProperty('description');
    expect(body.data.errors[0]).not.toHaveProperty('detail');
  });
});

describe('listing', () => {
  test('every filter of the vendor narrows the list', async () => {
    const connection = await connect();
    const one = await addAddress(connection, { customer_reference: 'REF one', address_book: false });
    const two = await addAddress(connection, {
      customer_reference: 'REF two',
      street_address: 'Musterallee 2',
    });
    const found = async (query: string): Promise<string[]> => {
      const { body } = await connection.api('GET', `/addresses?${query}`);
      return body.data.map(({ id }: { id: string }) => id);
    };
    expect(await found('')).toEqual([two, one]);
    expect(await found('filter[customer_reference]=ref')).toEqual([two, one]);
    expect(await found('filter[customer_reference][contains]=TWO')).toEqual([two]);
    expect(await found('filter[customer_reference][eq]=REF')).toEqual([]);
    expect(await found('filter[customer_reference][eq]=REF one')).toEqual([one]);
    expect(await found('filter[street_address][contains]=muster')).toEqual([two]);
    expect(await found('filter[address_book][eq]=false')).toEqual([one]);
    expect(await found('filter[used_as_emergency]=true')).toEqual([]);
    expect(await found('sort=street_address')).toEqual([one, two]);
    expect(await found('sort=-street_address')).toEqual([two, one]);
  });

  test('a part of a street needs three characters', async () => {
    const { api } = await connect();
    expect((await api('GET', '/addresses?filter[street_address][contains]=ab')).status).toBe(422);
  });
});

interface Fault {
  readonly code: string;
  readonly source: { readonly pointer: string };
}
