import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_QUIRKS, type Quirks } from '../../src/sandbox/state/quirks.ts';
import { examine, repositoryWithEverything } from '../support/doctor.ts';
import { callApi, type PlacedOrder, placeOrder } from '../support/orders.ts';
import { buildWithClocks } from '../support/programs/builds.ts';
import { forward, openProxy } from '../support/proxies/proxy.ts';
import type { TestRepository } from '../support/test-repository.ts';

interface Shown {
  /** The line, and what it says. */
  readonly line: string;
  readonly says: string;
  readonly set: Partial<Quirks>;
  /** What has to be there for it to show. */
  readonly before?: (repository: TestRepository, order: PlacedOrder) => Promise<unknown>;
}

/** Why GETs alone cannot settle it. */
interface Unsettled {
  readonly because: string;
}

const ONLY_WRITES = { because: 'it shows in answers to writes alone' };

const upload = (repository: TestRepository) =>
  callApi(repository, 'POST', '/documents', { file: btoa('%PDF-1.7\nnew'), filename: 'new.pdf' });
const cancel = (repository: TestRepository, order: PlacedOrder) =>
  callApi(repository, 'PATCH', `/sub_number_orders/${order.subOrders.DE}/cancel`);

/** Every quirk of the sandbox stands for something that nobody outside knows about Telnyx. */
const ROWS: Readonly<Record<keyof Quirks, Shown | Unsettled>> = {
  patch_effect: ONLY_WRITES,
  criteria: ONLY_WRITES,
  unscanned_documents: ONLY_WRITES,
  groups_post_answer: ONLY_WRITES,
  references: ONLY_WRITES,
  porting_patch: ONLY_WRITES,
  resubmission: ONLY_WRITES,
  action_requirements: ONLY_WRITES,
  action_link_delay_seconds: ONLY_WRITES,
  advanced_orders_envelope: { because: 'the doctor does not ask for advanced orders' },
  advanced_orders_words: { because: 'the doctor does not ask for advanced orders' },
  porting_pin: { line: 'porting-pin', says: 'masked in 1 of 1', set: { porting_pin: 'masked' } },
  groups_list_envelope: {
    line: 'groups-envelope',
    says: 'a bare list, without `data`',
    set: { groups_list_envelope: 'bare' },
  },
  groups_reference_filter: {
    line: 'groups-reference-filter',
    says: 'it finds rows that contain the text',
    set: { groups_reference_filter: 'contains' },
  },
  requirements_array: {
    line: 'requirements-array',
    says: 'requirements_types, the former name',
    set: { requirements_array: 'requirements_types' },
  },
  documents_sha256: {
    line: 'sha256',
    says: 'missing in 3 of 3',
    set: { documents_sha256: false },
  },
  scan_delay_seconds: {
    line: 'scans',
    says: '1 document still waiting',
    set: { scan_delay_seconds: 3600 },
    before: upload,
  },
  addresses_validate_abroad: ONLY_WRITES,
  delete_answer: ONLY_WRITES,
  unset_fields: { line: 'unset-fields', says: 'null in', set: { unset_fields: 'null' } },
  unknown_filters: { line: 'unknown-filter', says: 'refused (400)', set: { unknown_filters: 'refuse' } },
  ignore_paging: {
    line: 'groups-pages',
    says: 'page[number] and page[size] are ignored',
    set: { ignore_paging: ['requirement_groups'] },
  },
  no_meta: {
    line: 'groups-meta',
    says: 'no `meta`',
    set: { ignore_paging: ['requirement_groups'], no_meta: true },
  },
  order_fill_delay_seconds: {
    line: 'order-requirements',
    says: '1 pending number without any yet',
    set: { order_fill_delay_seconds: 3600 },
    before: (repository) => placeOrder(repository, ['+49300000003']),
  },
  attach_before_filled: ONLY_WRITES,
  approved_values: { because: 'no answer says which group an order has its values from' },
  order_deadline_days: { because: 'a deadline is read from the order, and any number of days is right' },
  order_deadlines: {
    line: 'order-deadlines',
    says: '2 of 2 cannot be read',
    set: { order_deadlines: 'malformed' },
  },
  cancelled_orders: {
    line: 'cancelled-orders',
    says: '"failure": over either way',
    set: { cancelled_orders: 'failure' },
    before: cancel,
  },
  order_requirement_statuses: {
    line: 'order-statuses',
    says: 'not in the list of ordered numbers',
    set: { order_requirement_statuses: 'described' },
  },
  numbers_must_be_searched: ONLY_WRITES,
  list_lag_ms: { because: 'only what was made a moment ago is missing, and the doctor makes nothing' },
};

const quick = buildWithClocks(0.01);
let repository: TestRepository;
let order: PlacedOrder;
beforeEach(async () => {
  ({ repository, order } = await repositoryWithEverything(quick));
});
afterEach(() => repository.end());

const shown = Object.entries(ROWS).flatMap(([quirk, row]) => ('line' in row ? [{ quirk, ...row }] : []));

describe('a quirk of the sandbox', () => {
  it('has a row here, which says how the doctor shows it or why it cannot', () => {
    expect(Object.keys(ROWS).sort()).toEqual(Object.keys(DEFAULT_QUIRKS).sort());
  });

  it.each(shown)('shows as handled: $quirk', async ({ line, says, set, before }) => {
    await repository.control('quirks', set, 'PATCH');
    await before?.(repository, order);
    const { code, find } = await examine(repository);
    expect(find(line)).toMatchObject({
      status: 'handled',
      seen: true,
      message: expect.stringContaining(says),
    });
    expect(code).toBe(0);
    // regsync does work with it.
    expect(await repository.run(['plan'])).toMatchObject({
      code: 0,
      out: expect.stringContaining('No changes.'),
    });
  });

  it('shows nowhere while it has its default', async () => {
    await cancel(repository, order);
    const { findings } = await examine(repository);
    const lines = findings.filter(({ id }) => shown.some(({ line }) => line === id));
    expect(lines.map(({ id, status }) => [id, status])).toEqual(lines.map(({ id }) => [id, 'expected']));
    expect(new Set(lines.map(({ id }) => id)).size).toBe(new Set(shown.map(({ line }) => line)).size);
  });

  it.each(['documents', 'document_links', 'requirements', 'number_order_phone_numbers'])(
    'shows for each list that ignores pages: %s',
    async (name) => {
      await repository.control('quirks', { ignore_paging: [name], no_meta: true }, 'PATCH');
      const { code, find } = await examine(repository);
      expect([code, find(`list-${name.replaceAll('_', '-')}`)]).toEqual([
        0,
        expect.objectContaining({ status: 'handled', message: expect.stringContaining('are ignored') }),
      ]);
    },
  );
});

describe('what regsync cannot work with', () => {
  const GROUPS = '/requirement_groups';
  const REGULATORY = '/regulatory_requirements';

  it.each<[path: string, status: number, body: unknown, line: string, says: string]>([
    [GROUPS, 200, { data: [{ id: null }] }, 'groups-envelope', 'a row whose `id` is null'],
    [GROUPS, 200, { data: [{ id: { Jane: 1 } }] }, 'groups-envelope', 'a row whose `id` is an object'],
    [GROUPS, 200, { data: [['Jane']] }, 'groups-envelope', 'a row that is a list'],
    [
      GROUPS,
      200,
      { data: [], meta: { total_results: 'Jane' } },
      'groups-envelope',
      '`meta.total_results` is a text, not a count',
    ],
    ['/documents', 200, { data: [null] }, 'list-documents', 'a row that is null'],
    ['/requirements', 200, { data: [{}] }, 'list-requirements', 'is missing'],
    [REGULATORY, 200, { data: [{}] }, 'criteria', '`data[].country_code` is missing'],
    [REGULATORY, 200, {}, 'criteria', '`data` is an object, not a list'],
    [REGULATORY, 500, 'Jane', 'criteria', 'to GET /regulatory_requirements in 2 attempts: answered 500'],
    [REGULATORY, 302, '', 'criteria', 'answered GET /regulatory_requirements with a redirect'],
  ])('is said where %s answers %s %j, in the words of a plan', async (path, status, body, line, says) => {
    const TELNYX_BASE_URL = await openProxy(async (message, response) => {
      const isIt = message.headers.authorization !== undefined && message.url?.startsWith(`/v2${path}?`);
      if (!isIt) return forward(repository.sandbox.origin, message, response);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    const env = { TELNYX_BASE_URL };
    const { code, find, out } = await examine(repository, { env });
    expect([code, find(line)]).toEqual([
      8,
      expect.objectContaining({ status: 'unhandled', exit_code: 8, message: expect.stringContaining(says) }),
    ]);
    expect(out).not.toContain('Jane');
    expect((await repository.run(['plan'], { env })).code).toBe(8);
  });

  it('is said where the key may not read what is demanded', async () => {
    const TELNYX_BASE_URL = await openProxy(async (message, response) => {
      if (!message.url?.startsWith(`/v2${REGULATORY}?`))
        return forward(repository.sandbox.origin, message, response);
      response.writeHead(403, { 'content-type': 'application/json' }).end('{}');
    });
    const { code, find } = await examine(repository, { env: { TELNYX_BASE_URL } });
    expect([code, find('criteria')?.message]).toEqual([
      7,
      'the key may not read /regulatory_requirements (403): give it the permission in the portal, or use another key',
    ]);
  });

  it('is found out by reading as a plan reads: pages that repeat, of a list that is said to be longer', async () => {
    await repository.control('quirks', { ignore_paging: ['requirement_groups'] }, 'PATCH');
    const TELNYX_BASE_URL = await openProxy(async (message, response) => {
      const answer = await fetch(`${repository.sandbox.origin}${message.url}`, {
        headers: { authorization: message.headers.authorization ?? '' },
      });
      const body = (await answer.json()) as { meta?: { total_results?: number } };
      if (message.url?.startsWith('/v2/requirement_groups?')) {
        Object.assign(body.meta ?? {}, { total_results: 9, total_pages: 5 });
      }
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    const env = { TELNYX_BASE_URL };
    const { code, find } = await examine(repository, { env });
    expect([code, find('groups-pages')]).toEqual([
      8,
      expect.objectContaining({
        status: 'unhandled',
        exit_code: 8,
        message: expect.stringContaining('every page gives the same rows'),
      }),
    ]);
    // And so a plan does not.
    expect((await repository.run(['plan'], { env })).code).toBe(8);
  });
});
