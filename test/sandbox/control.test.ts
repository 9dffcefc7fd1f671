import { describe, expect, test } from 'vitest';
import { SANDBOX_KEY } from '../../src/sandbox/server.ts';
import {
  addFrenchGroup,
  addGermanGroup,
  BUSINESS_REGISTRATION,
  CONTACT_INFO,
  codesOf,
  connect,
  FRENCH,
  GERMAN,
  PROOF_OF_ADDRESS,
  statusesOf,
} from './connection.ts';

const DAY = 24 * 60 * 60;

describe('reviewing', () => {
  test('approve: the group, its requirements and its documents', async () => {
    const connection = await connect();
    const id = await addFrenchGroup(connection);
    await connection.control('POST', `/groups/${id}/approve`);
    expect(await statusesOf(connection, id)).toEqual(['approved', 'approved']);
    expect((await connection.api('GET', '/documents')).body.data).toMatchObject([{ status: 'verified' }]);
  });

  test('approve with an expiry: documents end with the clock, and the group with them', async () => {
    const connection = await connect({ startAtMs: Date.parse('2026-01-01T00:00:00Z') });
    const id = await addGermanGroup(connection);
    const { body } = await connection.control('POST', `/groups/${id}/approve`, { expires_in_days: 90 });
    const expiries = body.data.regulatory_requirements.map(
      ({ expires_at }: Requirement) => expires_at !== null,
    );
    expect(expiries).toEqual([false, true, true, true, false]);
    await connection.control('POST', '/clock', { advance_seconds: 89 * DAY });
    expect((await statusesOf(connection, id))[0]).toBe('approved');
    await connection.control('POST', '/clock', { advance_seconds: DAY });
    expect(await statusesOf(connection, id)).toEqual([
      'expired',
      'approved',
      'expired',
      'expired',
      'expired',
      'approved',
    ]);
  });

  test("decline: the requirements named, with a reviewer's comment; the others are approved", async () => {
    const connection = await connect();
    const id = await addGermanGroup(connection);
    await connection.control('POST', `/groups/${id}/decline`, {
      requirement_ids: [BUSINESS_REGISTRATION],
      comment: 'The extract is older than six months.',
    });
    expect((await statusesOf(connection, id)).slice(0, 3)).toEqual(['declined', 'approved', 'declined']);
    expect((await connection.api('GET', '/comments')).body.data).toMatchObject([
      { body: 'The extract is older than six months.', commenter_type: 'admin', comment_record_id: id },
    ]);
  });

  test('decline without names: all of them', async () => {
    const connection = await connect();
    const id = await addFrenchGroup(connection);
    await connection.control('POST', `/groups/${id}/decline`, {});
    expect(await statusesOf(connection, id)).toEqual(['declined', 'declined']);
  });

  test('expire: the documents, or the requirements named', async () => {
    const connection = await connect();
    const id = await addGermanGroup(connection);
    await connection.control('POST', `/groups/${id}/approve`);
    const { body } = await connection.control('POST', `/groups/${id}/expire`, {
      requirement_ids: [CONTACT_INFO],
    });
    expect(body.data.regulatory_requirements[0].expires_at).not.toBeNull();
    expect((await statusesOf(connection, id)).slice(0, 3)).toEqual(['expired', 'expired', 'approved']);
  });

  test('a group can be meant by its reference', async () => {
    const connection = await connect();
    const id = await addFrenchGroup(connection, 'regsync/example/one');
    await connection.control('POST', '/groups/approve?reference=regsync/example/one');
    expect((await statusesOf(connection, id))[0]).toBe('approved');
    await connection.control('POST', '/groups/retire?reference=regsync/example/one');
    expect((await statusesOf(connection, id))[0]).toBe('no-longer-eligible');
    expect((await connection.control('POST', '/groups/approve?reference=none')).status).toBe(404);
  });

  test('approve-all approves what is pending, and nothing else', async () => {
    const connection = await connect();
    const pending = await addFrenchGroup(connection);
    const idle = await addFrenchGroup(connection);
    await connection.api('POST', `/requirement_groups/${pending}/submit_for_approval`);
    const { body } = await connection.control('POST', '/approve-all');
    expect(body.data.approved).toEqual([pending]);
    expect((await statusesOf(connection, idle))[0]).toBe('unapproved');
  });
});

describe('odd data', () => {
  test('a group can be planted with any content', async () => {
    const connection = await connect();
    const { body } = await connection.control('POST', '/groups', {
      country_code: 'XX',
      status: 'under-investigation',
      customer_reference: 'regsync/example/odd',
      created_at: '2020-01-01T00:00:00.000000Z',
      regulatory_requirements: [{ requirement_id: CONTACT_INFO, field_value: 'odd', status: 'unheard-of' }],
    });
    expect(await statusesOf(connection, body.data.id)).toEqual(['under-investigation', 'unheard-of']);
    expect(body.data).toMatchObject({ country_code: 'XX', created_at: '2020-01-01T00:00:00.000000Z' });
  });

  test('a group can be overwritten past every rule', async () => {
    const connection = await connect();
    const id = await addFrenchGroup(connection);
    await connection.control('PATCH', `/groups/${id}`, {
      status: 'approved',
      regulatory_requirements: [
        { requirement_id: PROOF_OF_ADDRESS, field_value: 'nowhere', expires_at: '2026-12-31T00:00:00Z' },
      ],
    });
    const { body } = await connection.api('GET', `/requirement_groups/${id}`);
    expect(body.data).toMatchObject({
      status: 'approved',
      regulatory_requirements: [{ field_value: 'nowhere', expires_at: '2026-12-31T00:00:00Z' }],
    });
    expect((await connection.api('GET', '/document_links')).body.data).toEqual([]);
  });
});

describe('the catalogue', () => {
  const PATH = '/catalogue/FR/local/ordering';
  const REQUIREMENTS = '/requirements?filter[country_code]=FR';

  test('a change makes a new version, for new groups only', async () => {
    const connection = await connect();
    const old = await addFrenchGroup(connection);
    await connection.control('PATCH', PATH, { add: [CONTACT_INFO], remove: [PROOF_OF_ADDRESS] });
    const { body } = await connection.api('GET', REQUIREMENTS);
    expect(body.data).toMatchObject([{ version: 2, requirement_types: [{ id: CONTACT_INFO }] }]);
    const fresh = await connection.api('POST', '/requirement_groups', FRENCH);
    expect(fresh.body.data.regulatory_requirements).toMatchObject([{ requirement_id: CONTACT_INFO }]);
    const kept = await connection.api('GET', `/requirement_groups/${old}`);
    expect(kept.body.data.regulatory_requirements).toMatchObject([{ requirement_id: PROOF_OF_ADDRESS }]);
  });

  test('a scheduled version is seen only by those who ask for it, until its day comes', async () => {
    const connection = await connect();
    await connection.control('PATCH', PATH, { replace: [CONTACT_INFO], effective_in_seconds: 30 * DAY });
    const [active] = (await connection.api('GET', REQUIREMENTS)).body.data;
    expect(active).toMatchObject({ version: 1, effective_end_at: null });
    const next = (await connection.api('GET', `/requirements/${active.id}?version=2`)).body.data;
    expect(next).toMatchObject({
      version: 2,
      effective_end_at: null,
      requirement_types: [{ id: CONTACT_INFO }],
    });
    await connection.control('POST', '/clock', { advance_seconds: 31 * DAY });
    expect((await connection.api('GET', REQUIREMENTS)).body.data).toMatchObject([{ version: 2 }]);
    expect((await connection.api('GET', `${REQUIREMENTS}&version=1`)).body.data).toMatchObject([
      { effective_end_at: next.effective_start_at },
    ]);
  });

  test('a requirement can be changed, and a set, without a new version', async () => {
    const connection = await connect();
    await connection.control('PATCH', PATH, {
      bump: false,
      add: [{ id: PROOF_OF_ADDRESS, acceptance_criteria: { time_limit: 'Less than 1 month old' } }],
    });
    expect((await connection.api('GET', REQUIREMENTS)).body.data).toMatchObject([
      {
        version: 1,
        requirement_types: [
          { name: 'Proof of Address', acceptance_criteria: { time_limit: 'Less than 1 month old' } },
        ],
      },
    ]);
  });

  test('a combination can be new', async () => {
    const connection = await connect();
    const combination = { country_code: 'PL', phone_number_type: 'national', action: 'porting' };
    await connection.control('PATCH', '/catalogue/PL/national/porting', {
      add: [{ name: 'Sample Number', type: 'textual' }],
      pre_approval: false,
    });
    const { status, body } = await connection.api('POST', '/requirement_groups', combination);
    expect([status, body.data.regulatory_requirements.length]).toEqual([200, 1]);
    expect((await connection.api('GET', '/requirements?filter[country_code]=PL')).body.data[0].version).toBe(
      1,
    );
  });
});

describe('keys', () => {
  test('a key can be revoked, forbidden, and good again', async () => {
    const connection = await connect();
    const declare = (state: string) => connection.control('POST', '/keys', { key: SANDBOX_KEY, state });
    await declare('revoked');
    expect(await codesOf(connection.api('GET', '/documents'))).toEqual([401, '20002']);
    await declare('forbidden');
    expect(await codesOf(connection.api('GET', '/documents'))).toEqual([403, '10010']);
    await declare('ok');
    expect((await connection.api('GET', '/documents')).status).toBe(200);
    expect((await declare('lost')).status).toBe(422);
  });
});

describe('the rate limit', () => {
  const LIMIT = { limit: 2, windowMs: 3_600_000 };

  test('over the limit is refused, and the headers count down', async () => {
    const { api, control } = await connect();
    await control('PUT', '/rate-limit', LIMIT);
    const replies = [
      await api('GET', '/documents'),
      await api('GET', '/documents'),
      await api('GET', '/documents'),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(replies.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['1', '0', '0']);
    const last = replies[2];
    expect(last?.body.errors[0].code).toBe('10011');
    expect(last?.headers.get('x-ratelimit-limit')).toBe('2');
    expect(Number(last?.headers.get('x-ratelimit-reset'))).toBeLessThanOrEqual(3600);
    expect(last?.headers.get('retry-after')).toBeNull();
  });

  test('the reset can be an epoch, and a 429 can say how long to wait', async () => {
    const { api, control } = await connect();
    await control('PUT', '/rate-limit', { ...LIMIT, limit: 0, resetStyle: 'epoch', retryAfter: true });
    const { status, headers } = await api('GET', '/documents');
    expect(status).toBe(429);
    expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(1e9);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    await control('PUT', '/rate-limit', {});
    expect((await api('GET', '/documents')).status).toBe(200);
  });
});

describe('the log of requests', () => {
  test('holds each request to the API in order, with JSON bodies, but no key', async () => {
    const lines: unknown[] = [];
    const connection = await connect({ onRequest: (line) => lines.push(line) });
    await connection.api('POST', '/requirement_groups', GERMAN);
    await connection.api('GET', '/requirement_groups?page[size]=1');
    const { body } = await connection.control('GET', '/requests');
    expect(body.data).toEqual([
      {
        n: 1,
        method: 'POST',
        path: '/requirement_groups',
        query: '',
        status: 200,
        fault: null,
        body: GERMAN,
      },
      {
        n: 2,
        method: 'GET',
        path: '/requirement_groups',
        query: 'page[size]=1',
        status: 200,
        fault: null,
        body: null,
      },
    ]);
    expect(lines).toMatchObject([{ method: 'POST', status: 200 }, { query: 'page[size]=1' }]);
    expect(JSON.stringify([lines, body])).not.toContain(SANDBOX_KEY);

    await connection.control('DELETE', '/requests');
    await connection.api('GET', '/documents');
    expect((await connection.control('GET', '/requests')).body.data).toMatchObject([{ n: 1 }]);
  });
});

describe('the whole', () => {
  test('the state is shown without the bytes of documents', async () => {
    const connection = await connect();
    const id = await addFrenchGroup(connection);
    const { data } = (await connection.control('GET', '/state')).body;
    expect(data.groups).toMatchObject([{ id }]);
    expect(data.documents).toMatchObject([{ customer_reference: null, content_type: 'application/pdf' }]);
    expect(JSON.stringify(data)).not.toContain(Buffer.from('%PDF').toString('base64').slice(0, 5));
  });

  test('a reset forgets everything: objects, quirks, faults, the clock', async () => {
    const connection = await connect();
    const id = await addFrenchGroup(connection);
    await connection.control('PATCH', '/quirks', { delete_answer: 204 });
    await connection.control('POST', '/faults', { kind: 'status', match: { nth: 9 } });
    await connection.control('POST', '/clock', { now: '2030-01-01T00:00:00Z' });
    await connection.control('POST', '/reset');
    expect((await connection.api('GET', `/requirement_groups/${id}`)).status).toBe(404);
    const { data } = (await connection.control('GET', '/state')).body;
    expect([data.groups, data.faults, data.quirks.delete_answer]).toEqual([[], [], 200]);
    expect(data.now).not.toContain('2030');
  });

  test('the clock can be set, and the Date header follows', async () => {
    const connection = await connect();
    await connection.control('POST', '/clock', { now: '2030-01-01T00:00:00Z' });
    const { headers, body } = await connection.api('POST', '/requirement_groups', FRENCH);
    expect(headers.get('date')).toContain('01 Jan 2030');
    expect(body.data.created_at).toMatch(/^2030-01-01T00:/);
    expect((await connection.control('POST', '/clock', { now: 'noon' })).status).toBe(422);
  });

  test('unknown quirks and unknown values are refused', async () => {
    const { control } = await connect();
    expect((await control('PATCH', '/quirks', { colour: 'red' })).status).toBe(422);
    expect((await control('PATCH', '/quirks', { delete_answer: 500 })).status).toBe(422);
    expect((await control('PATCH', '/quirks', { ignore_paging: 'documents' })).status).toBe(422);
    expect((await control('GET', '/quirks')).body.data.delete_answer).toBe(200);
  });

  test.each([
    ['POST', '/faults', { kind: 'status', statuscode: 500 }, 'kind, match, times, commit, ms, status, body'],
    ['POST', '/faults', { kind: 'drop_before', path: '^/documents$' }, 'kind, match, times, commit'],
    ['POST', '/faults', { kind: 'slow', match: { url: '/documents' } }, 'method, path, nth'],
    ['POST', '/clock', { advance: 60 }, 'advance_seconds, now'],
    ['POST', '/reset', { groups: true }, 'none'],
    ['POST', '/approve-all', { comment: 'x' }, 'none'],
    ['POST', '/groups', { reference: 'x' }, 'id, country_code'],
    ['POST', '/groups', { regulatory_requirements: [{ id: 'x' }] }, 'requirement_id, field_type'],
    ['PATCH', '/groups/ID', { state: 'approved' }, 'country_code, phone_number_type'],
    ['POST', '/groups/ID/approve', { expires: 3 }, 'expires_in_days'],
    ['POST', '/groups/ID/decline', { reason: 'x' }, 'requirement_ids, comment'],
    ['POST', '/groups/ID/expire', { comment: 'x' }, 'requirement_ids'],
    ['POST', '/groups/ID/retire', { comment: 'x' }, 'none'],
    ['PATCH', '/quirks', { delete: 204 }, 'patch_effect, criteria'],
    ['PUT', '/rate-limit', { window: 5 }, 'limit, windowMs, resetStyle, retryAfter'],
    ['POST', '/keys', { key: 'KEYx', state: 'ok', id: 1 }, 'key, state'],
    ['PATCH', '/catalogue/FR/local/ordering', { append: [] }, 'add, remove, replace'],
    ['PATCH', '/catalogue/FR/local/ordering', { add: [{ label: 'x' }] }, 'id, name, type'],
    ['POST', '/porting_orders', { numbers: [] }, 'id, phone_numbers, status'],
    ['POST', '/searched-numbers', { numbers: [] }, 'phone_numbers'],
  ])(
    '%s %s refuses a field that it does not know, and names those it does: %j',
    async (method, path, body, known) => {
      const connection = await connect();
      const id = await addFrenchGroup(connection);
      const { status, body: answer } = await connection.control(method, path.replace('ID', id), body);
      expect(status).toBe(422);
      expect(answer.errors[0].detail).toMatch(/^There is no (field|quirk) "/);
      expect(answer.errors[0].detail).toContain(`Known: ${known}`);
      expect((await connection.control('GET', '/faults')).body.data).toEqual([]);
    },
  );

  test.each([
    ['POST', '/faults', { kind: 'status', status: '500' }],
    ['POST', '/faults', { kind: 'status', status: 1000 }],
    ['POST', '/faults', { kind: 'status', headers: { 'retry-after': ['1'] } }],
    ['POST', '/faults', { kind: 'slow', ms: 'long' }],
    ['POST', '/faults', { kind: 'noop', times: -1 }],
    ['POST', '/faults', { kind: 'noop', commit: 'yes' }],
    ['POST', '/faults', { kind: 'noop', match: 'documents' }],
    ['POST', '/faults', { kind: 'noop', match: { nth: '2' } }],
    ['POST', '/clock', { advance_seconds: '60' }],
    ['POST', '/groups', { regulatory_requirements: 'x' }],
    ['POST', '/groups', { regulatory_requirements: ['x'] }],
    ['PUT', '/rate-limit', { limit: '2' }],
    ['PUT', '/rate-limit', { limit: -2 }],
    ['PUT', '/rate-limit', { resetStyle: 'iso' }],
    ['PUT', '/rate-limit', { retryAfter: 1 }],
    ['POST', '/keys', { state: 'ok' }],
    ['POST', '/keys', { key: 'KEYx' }],
    ['PATCH', '/catalogue/FR/local/ordering', { effective_at: 'soon' }],
    ['PATCH', '/catalogue/FR/local/ordering', { add: [{ type: 'picture' }] }],
    ['POST', '/porting_orders', { status: 'draft', details: 'x' }],
  ])('%s %s refuses a value of the wrong type: %j', async (method, path, body) => {
    const { control } = await connect();
    expect((await control(method, path, body)).status).toBe(422);
    expect((await control('GET', '/faults')).body.data).toEqual([]);
  });

  test('web pages elsewhere cannot reach control through a browser', async () => {
    const { sandbox } = await connect();
    const response = await fetch(`${sandbox.origin}/_sandbox/reset`, {
      method: 'POST',
      headers: { origin: 'https://example.com' },
    });
    expect(response.status).toBe(403);
  });
});

interface Requirement {
  readonly expires_at: string | null;
}
