import { describe, expect, test } from 'vitest';
import {
  AMERICAN,
  addAddress,
  addFrenchGroup,
  addGermanGroup,
  CONTACT,
  CONTACT_INFO,
  type Connection,
  codesOf,
  connect,
  FRENCH,
  GERMAN,
  IDENTITY_CHECK,
  LOCAL_ADDRESS,
  PROOF_OF_ADDRESS,
  statusesOf,
  upload,
  value,
} from './connection.ts';

describe('creating', () => {
  test('a new group has the requirements of its combination, empty and unapproved', async () => {
    const { api } = await connect();
    const { status, body } = await api('POST', '/requirement_groups', GERMAN);
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      ...GERMAN,
      record_type: 'requirement_group',
      customer_reference: null,
      status: 'unapproved',
    });
    expect(body.data.regulatory_requirements.map(shape)).toEqual([
      [CONTACT_INFO, 'textual', '', 'unapproved', null],
      ['6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2', 'document', '', 'unapproved', null],
      ['95cac7a7-cf24-4d34-81e4-e2d01a35adda', 'document', '', 'unapproved', null],
      ['a3a856c0-2811-4eee-9607-ea60df9f5c32', 'document', '', 'unapproved', null],
      [LOCAL_ADDRESS, 'address', '', 'unapproved', null],
    ]);
    expect(body.data.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
  });

  test('values can be given at once, and are stored as sent', async () => {
    const { api } = await connect();
    const text = ' Jo  Example\n+49 30 0000000 ';
    const created = await api('POST', '/requirement_groups', {
      ...GERMAN,
      customer_reference: 'regsync/example/one',
      regulatory_requirements: [value(CONTACT_INFO, text)],
    });
    const { body } = await api('GET', `/requirement_groups/${created.body.data.id}`);
    expect(body.data.customer_reference).toBe('regsync/example/one');
    expect(body.data.regulatory_requirements[0].field_value).toBe(text);
  });

  test('where nothing is required the group is empty', async () => {
    const { api } = await connect();
    const { body } = await api('POST', '/requirement_groups', AMERICAN);
    expect(body.data.regulatory_requirements).toEqual([]);
  });

  test.each(['toll_free', 'toll-free'])(
    'a number type is taken in either spelling, and answered in one: %s',
    async (type) => {
      const { api, control } = await connect();
      await control('PATCH', '/catalogue/DE/toll_free/ordering', { add: [CONTACT_INFO] });
      const made = await api('POST', '/requirement_groups', { ...GERMAN, phone_number_type: type });
      expect(made.body.data.phone_number_type).toBe('toll_free');
      const { body } = await api('GET', `/requirement_groups?filter[phone_number_type]=${type}`);
      expect(body.data.map(({ id }: { id: string }) => id)).toEqual([made.body.data.id]);
    },
  );

  test.each([
    ['a combination that the catalogue does not know', { ...GERMAN, phone_number_type: 'mobile' }, ['10027']],
    ['an unknown phone number type', { ...GERMAN, phone_number_type: 'satellite' }, ['10032']],
    ['missing fields, all at once', { country_code: 'DE' }, ['10004', '10004']],
  ])('%s is refused', async (_, body, codes) => {
    const { api } = await connect();
    expect(await codesOf(api('POST', '/requirement_groups', body))).toEqual([422, ...codes]);
  });

  test('nothing is unique: the same body makes another group, idempotency key or not', async () => {
    const { api } = await connect();
    const body = { ...FRENCH, customer_reference: 'twice' };
    await api('POST', '/requirement_groups', body);
    await api('POST', '/requirement_groups', body);
    const { body: list } = await api('GET', '/requirement_groups?filter[customer_reference]=twice');
    expect(list.meta.total_results).toBe(2);
  });

  test('a quirk leaves the requirements out of the answer, not out of the group', async () => {
    const { api, control } = await connect();
    await control('PATCH', '/quirks', { groups_post_answer: 'bare' });
    const { body } = await api('POST', '/requirement_groups', FRENCH);
    expect(body.data.regulatory_requirements).toEqual([]);
    const read = await api('GET', `/requirement_groups/${body.data.id}`);
    expect(read.body.data.regulatory_requirements).toHaveLength(1);
  });
});

describe('changing values', () => {
  test('a PATCH changes the requirements that it names and no others', async () => {
    const connection = await connect();
    const id = await addGermanGroup(connection);
    const before = await valuesOf(connection, id);
    const { body } = await connection.api('PATCH', `/requirement_groups/${id}`, {
      regulatory_requirements: [value(CONTACT_INFO, 'Someone Else, Example GmbH')],
    });
    expect(body.data.regulatory_requirements.map(({ field_value }: Row) => field_value)).toEqual([
      'Someone Else, Example GmbH',
      ...before.slice(1),
    ]);
  });

  test('of two values for one requirement the last one wins', async () => {
    const { api } = await connect();
    const { body } = await api('POST', '/requirement_groups', {
      ...GERMAN,
      regulatory_requirements: [value(CONTACT_INFO, 'first'), value(CONTACT_INFO, 'last')],
    });
    expect(body.data.regulatory_requirements[0].field_value).toBe('last');
  });

  test.each([[''], [null]])('%j clears a value', async (nothing) => {
    const connection = await connect();
    const id = await addGermanGroup(connection);
    await connection.api('PATCH', `/requirement_groups/${id}`, {
      regulatory_requirements: [value(CONTACT_INFO, nothing)],
    });
    expect((await valuesOf(connection, id))[0]).toBe('');
  });

  test('country, type and action in a PATCH are ignored', async () => {
    const connection = await connect();
    const id = await addFrenchGroup(connection);
    const { status, body } = await connection.api('PATCH', `/requirement_groups/${id}`, {
      ...GERMAN,
      customer_reference: 'renamed',
    });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({ ...FRENCH, customer_reference: 'renamed' });
  });

  test('an unknown requirement is refused, with a pointer to it', async () => {
    const connection = await connect();
    const id = await addGermanGroup(connection);
    const { status, body } = await connection.api('PATCH', `/requirement_groups/${id}`, {
      regulatory_requirements: [value(CONTACT_INFO, 'x'), value(PROOF_OF_ADDRESS, 'y')],
    });
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([
      {
        code: '10027',
        source: { pointer: '/regulatory_requirements/1/requirement_id' },
        meta: { url: 'https://developers.telnyx.com/docs/overview/errors/10027' },
      },
    ]);
    expect((await valuesOf(connection, id))[0]).toBe(CONTACT);
  });

  test('a document or address that does not exist is refused', async () => {
    const { api } = await connect();
    const regulatory_requirements = [value(LOCAL_ADDRESS, '1')];
    expect(await codesOf(api('POST', '/requirement_groups', { ...GERMAN, regulatory_requirements }))).toEqual(
      [422, '10017'],
    );
    const french = { ...FRENCH, regulatory_requirements: [value(PROOF_OF_ADDRESS, 'constructor')] };
    expect(await codesOf(api('POST', '/requirement_groups', french))).toEqual([422, '10017']);
  });

  test('a number where a text belongs is refused', async () => {
    const { api } = await connect();
    const regulatory_requirements = [{ requirement_id: LOCAL_ADDRESS, field_value: 42 }];
    const reply = await api('POST', '/requirement_groups', { ...GERMAN, regulatory_requirements });
    expect(reply.body.errors[0]).toMatchObject({
      code: '10020',
      source: { pointer: '/regulatory_requirements/0/field_value' },
    });
  });

  test('an action requirement takes no value', async () => {
    const { api } = await connect();
    const regulatory_requirements = [value(IDENTITY_CHECK, 'yes')];
    const body = {
      country_code: 'AU',
      phone_number_type: 'mobile',
      action: 'ordering',
      regulatory_requirements,
    };
    expect(await codesOf(api('POST', '/requirement_groups', body))).toEqual([422, '10027']);
  });

  test('an infected document is refused, an unscanned one only by quirk', async () => {
    const connection = await connect();
    const { api, control } = connection;
    await control('PATCH', '/quirks', { scan_delay_seconds: 3600 });
    const documentId = await upload(connection);
    const body = { ...FRENCH, regulatory_requirements: [value(PROOF_OF_ADDRESS, documentId)] };
    expect((await api('POST', '/requirement_groups', body)).status).toBe(200);
    await control('PATCH', '/quirks', { unscanned_documents: 'refuse' });
    expect(await codesOf(api('POST', '/requirement_groups', body))).toEqual([422, '10027']);
    await control('PATCH', '/quirks', { unscanned_documents: 'accept' });
    await control('POST', `/documents/${documentId}/scan`, { result: 'infected' });
    expect(await codesOf(api('POST', '/requirement_groups', body))).toEqual([422, '10027']);
  });
});

describe('acceptance criteria', () => {
  const PORTING = { country_code: 'DE', phone_number_type: 'local', action: 'porting' };
  const ACCOUNT_NUMBER = 'f9a8c3f0-14e0-49ac-922c-0caca5f75025';
  const DANISH = { country_code: 'DK', phone_number_type: 'local', action: 'ordering' };
  const DANISH_NUMBER = 'f3ee9cd0-1e12-4e5d-a008-60408a0ee625';
  const SWEDISH = { country_code: 'SE', phone_number_type: 'mobile', action: 'ordering' };
  const END_USER_TYPE = 'b3f47703-a2c1-4b40-b818-6b4706f93f3d';
  const ITALIAN = { country_code: 'IT', phone_number_type: 'local', action: 'ordering' };
  const ITALIAN_TAX_CODE = '41b1b0f7-1a93-47bf-9129-ae9c6c1edcda';
  const DATE_OF_BIRTH = '51ed1a42-cbd3-47e9-a7f0-5343744874a1';

  test('values that break them are accepted, for the reviewer to decline', async () => {
    const { api } = await connect();
    const regulatory_requirements = [value(ACCOUNT_NUMBER, 'x')];
    const { status } = await api('POST', '/requirement_groups', { ...PORTING, regulatory_requirements });
    expect(status).toBe(200);
  });

  test.each([
    ['too short', PORTING, ACCOUNT_NUMBER, '12345', false],
    ['too long', PORTING, ACCOUNT_NUMBER, '1234567890123', false],
    ['of other characters', PORTING, ACCOUNT_NUMBER, '12345678x', false],
    ['within limits', PORTING, ACCOUNT_NUMBER, '12345678', true],
    ['matching only in part', DANISH, DANISH_NUMBER, 'DK00000000', false],
    ['not among the acceptable ones', SWEDISH, END_USER_TYPE, 'Nobody', false],
    ['acceptable but for case, where case does not matter', SWEDISH, END_USER_TYPE, 'business', true],
    ['matching but for case, where case matters', ITALIAN, ITALIAN_TAX_CODE, 'xxxxxx00x00x000x', false],
    ['no date', ITALIAN, DATE_OF_BIRTH, 'yesterday', false],
    ['a date', ITALIAN, DATE_OF_BIRTH, '2000-01-31', true],
  ])('by quirk they are enforced: a value that is %s', async (_, combination, id, text, accepted) => {
    const { api, control } = await connect();
    await control('PATCH', '/quirks', { criteria: 'refuse' });
    const body = { ...combination, regulatory_requirements: [value(id, text)] };
    expect((await api('POST', '/requirement_groups', body)).status).toBe(accepted ? 200 : 422);
  });
});

describe('submitting', () => {
  test('a fulfilled group goes to pending-approval with all of its requirements', async () => {
    const connection = await connect();
    const id = await addGermanGroup(connection);
    const { body } = await connection.api('POST', `/requirement_groups/${id}/submit_for_approval`);
    expect(body.data.status).toBe('pending-approval');
    expect(new Set(await statusesOf(connection, id))).toEqual(new Set(['pending-approval']));
  });

  test('a requirement without a value is in the way', async () => {
    const { api } = await connect();
    const created = await api('POST', '/requirement_groups', FRENCH);
    const { status, body } = await api(
      'POST',
      `/requirement_groups/${created.body.data.id}/submit_for_approval`,
    );
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([
      { code: '10027', source: { pointer: '/regulatory_requirements/0/field_value' } },
    ]);
  });

  test.each(['pending-approval', 'approved', 'no-longer-eligible'])(
    'a group that is %s is refused',
    async (status) => {
      const connection = await connect();
      const id = await addFrenchGroup(connection);
      await connection.control('PATCH', `/groups/${id}`, { status });
      expect(await codesOf(connection.api('POST', `/requirement_groups/${id}/submit_for_approval`))).toEqual([
        422,
        '10027',
      ]);
    },
  );

  test.each(['declined', 'expired'])('a group that is %s can be submitted again', async (status) => {
    const connection = await connect();
    const id = await addFrenchGroup(connection);
    await connection.control('PATCH', `/groups/${id}`, { status });
    await connection.api('POST', `/requirement_groups/${id}/submit_for_approval`);
    expect(await statusesOf(connection, id)).toEqual(['pending-approval', 'pending-approval']);
  });

  test('Italy has no pre-approval', async () => {
    const { api, control } = await connect();
    await control('PATCH', '/catalogue/IT/local/ordering', { replace: [CONTACT_INFO] });
    const created = await api('POST', '/requirement_groups', {
      country_code: 'IT',
      phone_number_type: 'local',
      action: 'ordering',
      regulatory_requirements: [value(CONTACT_INFO, CONTACT)],
    });
    const path = `/requirement_groups/${created.body.data.id}/submit_for_approval`;
    expect(await codesOf(api('POST', path))).toEqual([422, '10027']);
  });

  test('a group with an action requirement is never fulfilled', async () => {
    const { api } = await connect();
    const created = await api('POST', '/requirement_groups', {
      country_code: 'AU',
      phone_number_type: 'mobile',
      action: 'ordering',
      regulatory_requirements: [value(CONTACT_INFO, CONTACT)],
    });
    const path = `/requirement_groups/${created.body.data.id}/submit_for_approval`;
    expect(await codesOf(api('POST', path))).toEqual([422, '10027']);
  });
});

describe('changing a value after submission', () => {
  const OTHER = 'Someone Else, Example GmbH';

  async function changeApproved(quirks: object): Promise<[status: number, ...statuses: string[]]> {
    const connection = await connect();
    const id = await addGermanGroup(connection);
    await connection.control('PATCH', '/quirks', quirks);
    await connection.control('POST', `/groups/${id}/approve`);
    const { status } = await connection.api('PATCH', `/requirement_groups/${id}`, {
      regulatory_requirements: [value(CONTACT_INFO, OTHER)],
    });
    return [status, ...(await statusesOf(connection, id))];
  }

  const OTHERS_APPROVED = Array<string>(4).fill('approved');

  test.each([
    ['the group and the requirement fall to unapproved', {}, [200, 'unapproved', 'unapproved']],
    [
      'by quirk, only the requirement falls',
      { patch_effect: 'requirement-only' },
      [200, 'approved', 'unapproved'],
    ],
    ['by quirk, nothing falls', { patch_effect: 'keep' }, [200, 'approved', 'approved']],
    ['by quirk, the change is refused', { patch_effect: 'refuse' }, [422, 'approved', 'approved']],
  ])('%s', async (_, quirks, expected) => {
    expect(await changeApproved(quirks)).toEqual([...expected, ...OTHERS_APPROVED]);
  });

  test('a new reference alone changes no status', async () => {
    const connection = await connect();
    const id = await addFrenchGroup(connection);
    await connection.control('POST', `/groups/${id}/approve`);
    await connection.api('PATCH', `/requirement_groups/${id}`, { customer_reference: 'renamed' });
    expect(await statusesOf(connection, id)).toEqual(['approved', 'approved']);
  });

  test('values that are what they were change nothing, not even the time', async () => {
    const connection = await connect();
    const id = await addGermanGroup(connection);
    await connection.control('POST', `/groups/${id}/approve`);
    const before = await connection.api('GET', `/requirement_groups/${id}`);
    const { body } = await connection.api('PATCH', `/requirement_groups/${id}`, {
      regulatory_requirements: [value(CONTACT_INFO, CONTACT)],
    });
    expect(body).toEqual(before.body);
  });

  test('a group that is no longer eligible stays so', async () => {
    const connection = await connect();
    const id = await addGermanGroup(connection);
    await connection.control('POST', `/groups/${id}/retire`);
    await connection.api('PATCH', `/requirement_groups/${id}`, {
      regulatory_requirements: [value(CONTACT_INFO, OTHER)],
    });
    expect((await statusesOf(connection, id))[0]).toBe('no-longer-eligible');
  });
});

describe('deleting', () => {
  test('answers the group, after which it is gone', async () => {
    const connection = await connect();
    const id = await addFrenchGroup(connection);
    const { status, body } = await connection.api('DELETE', `/requirement_groups/${id}`);
    expect([status, body.data.id]).toEqual([200, id]);
    expect(await codesOf(connection.api('DELETE', `/requirement_groups/${id}`))).toEqual([404, '10005']);
  });

  test('by quirk the answer is empty', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { delete_answer: 204 });
    const id = await addFrenchGroup(connection);
    const { status, body } = await connection.api('DELETE', `/requirement_groups/${id}`);
    expect([status, body]).toEqual([204, '']);
  });
});

describe('listing', () => {
  test('every filter of the vendor narrows the list', async () => {
    const connection = await connect();
    const french = await addFrenchGroup(connection, 'one');
    const german = await addGermanGroup(connection);
    await connection.control('POST', `/groups/${german}/approve`);
    const found = async (filter: string): Promise<string[]> => {
      const { body } = await connection.api('GET', `/requirement_groups?${filter}`);
      return body.data.map(({ id }: Row) => id);
    };
    expect(await found('')).toEqual([german, french]);
    expect(await found('filter[country_code]=FR')).toEqual([french]);
    expect(await found('filter[status]=approved')).toEqual([german]);
    expect(await found('filter[status]=declined')).toEqual([]);
    expect(await found('filter[customer_reference]=one')).toEqual([french]);
    expect(await found('filter[phone_number_type]=local&filter[action]=ordering')).toEqual([german, french]);
  });

  test('the reference matches exactly, or in part by quirk', async () => {
    const connection = await connect();
    await addFrenchGroup(connection, 'regsync/example/one');
    const path = '/requirement_groups?filter[customer_reference]=regsync/example';
    expect((await connection.api('GET', path)).body.data).toHaveLength(0);
    await connection.control('PATCH', '/quirks', { groups_reference_filter: 'contains' });
    expect((await connection.api('GET', path)).body.data).toHaveLength(1);
  });

  test('by quirk all answers come without an envelope', async () => {
    const connection = await connect();
    const id = await addFrenchGroup(connection);
    await connection.control('PATCH', '/quirks', { groups_list_envelope: 'bare' });
    expect((await connection.api('GET', '/requirement_groups')).body[0].id).toBe(id);
    expect((await connection.api('GET', `/requirement_groups/${id}`)).body.id).toBe(id);
    expect((await connection.api('DELETE', `/requirement_groups/${id}`)).body.id).toBe(id);
  });
});

test('an address in use cannot be deleted until the value is replaced', async () => {
  const connection = await connect();
  const addressId = await addAddress(connection);
  const { body } = await connection.api('POST', '/requirement_groups', {
    ...GERMAN,
    regulatory_requirements: [value(LOCAL_ADDRESS, addressId)],
  });
  expect(await codesOf(connection.api('DELETE', `/addresses/${addressId}`))).toEqual([422, '10021']);
  await connection.api('PATCH', `/requirement_groups/${body.data.id}`, {
    regulatory_requirements: [value(LOCAL_ADDRESS, '')],
  });
  expect((await connection.api('DELETE', `/addresses/${addressId}`)).status).toBe(200);
});

interface Row {
  readonly id: string;
  readonly requirement_id: string;
  readonly field_type: string;
  readonly field_value: string;
  readonly status: string;
  readonly expires_at: string | null;
}

function shape({ requirement_id, field_type, field_value, status, expires_at }: Row): unknown[] {
  return [requirement_id, field_type, field_value, status, expires_at];
}

async function valuesOf({ api }: Connection, id: string): Promise<string[]> {
  const { body } = await api('GET', `/requirement_groups/${id}`);
  return body.data.regulatory_requirements.map(({ field_value }: Row) => field_value);
}
