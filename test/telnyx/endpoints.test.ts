import { describe, expect, it } from 'vitest';
import { ApiError, AuthenticationError, MalformedAnswerError } from '../../src/model/errors.ts';
import type { SettingToWrite } from '../../src/model/orders/porting.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { type AddressField, asReference, asRemoteId, type DesiredAddress } from '../../src/model/resource.ts';
import { openReadClient, type ReadClient, type Write, type WriteClient } from '../../src/telnyx/client.ts';
import {
  beginAddresses,
  createAddress,
  deleteAddress,
  getAddress,
  listAddresses,
  listAddressesByReference,
} from '../../src/telnyx/endpoints/addresses.ts';
import {
  getRegulatoryRequirements,
  listRequirementSets,
  listRequirementSetsOfVersion,
} from '../../src/telnyx/endpoints/catalogue.ts';
import { listGroupComments } from '../../src/telnyx/endpoints/comments.ts';
import {
  beginDocuments,
  deleteDocument,
  downloadDocument,
  getDocument,
  listDocumentLinks,
  listDocuments,
  listDocumentsByReference,
  listDocumentsByReferences,
  REFERENCES_AT_ONCE,
  uploadDocument,
} from '../../src/telnyx/endpoints/documents.ts';
import {
  attachGroupToPhoneNumber,
  attachGroupToSubNumberOrder,
  beginNumberOrders,
  getNumberOrder,
  getNumberOrderPhoneNumber,
  getSubNumberOrder,
  listAllNumberOrderPhoneNumbers,
  listAllNumberOrderPhoneNumbersInFull,
  listNumberOrderPhoneNumbers,
  listNumberOrders,
  listNumberOrdersByReference,
  listPendingSubNumberOrders,
  listSubNumberOrders,
  patchNumberOrder,
  patchNumberOrderPhoneNumber,
  patchSubNumberOrder,
  placeNumberOrder,
} from '../../src/telnyx/endpoints/number-orders.ts';
import {
  getPortingOrder,
  listPortingOrders,
  listPortingOrdersInBrief,
  listPortingOrdersInFull,
  listPortingRequirements,
  listPortingRequirementsInFull,
  patchPortingOrder,
} from '../../src/telnyx/endpoints/porting-orders.ts';
import {
  createGroup,
  deleteGroup,
  getGroup,
  listGroups,
  listGroupsByReference,
  listGroupsByStatus,
  listGroupsInFull,
  patchGroup,
  submitGroup,
} from '../../src/telnyx/endpoints/requirement-groups.ts';
import { UnknownOutcomeError } from '../../src/telnyx/failure.ts';
import { answering } from './memory-client.ts';
import { answerJson, optionsFor, serve } from './scripted-server.ts';

const UPLOAD = {
  reference: asReference('regsync/acme/doc/0'),
  extension: 'txt',
  bytes: Buffer.from('Name: Canary Example, born 1970'),
};
const S = '«sensitive»';

describe('an upload that is refused', () => {
  const detailOf = (detail: string) => ({ code: '10027', title: 'Refused', detail, pointer: null });
  const failing = async (failure: Error): Promise<Error> =>
    uploadDocument(
      answering(() => failure),
      UPLOAD,
    ).then(
      () => failure,
      (error: Error) => error,
    );

  it('shows no run of four letters or digits of the document, but in what is a code or an id', async () => {
    const quote = 'unexpected "Name: Canary Exa" in line 1';
    const shown = `unexpected "${S}: ${S} Exa" in line 1`;
    const details = [
      detailOf('This file type is not supported'),
      { ...detailOf(quote), code: '1970', pointer: '/born/1970' },
      { code: 'Canary Example', title: quote, detail: null, pointer: '/Name: Canary Example' },
    ];
    const error = await failing(new ApiError(422, 'POST /documents', details, 'Canary Example'));
    expect(error).toEqual(
      new ApiError(
        422,
        'POST /documents',
        [
          detailOf('This file type is not supported'),
          { ...detailOf(shown), code: '1970', pointer: '/born/1970' },
          { code: `${S} ${S}`, title: shown, detail: null, pointer: `/${S}: ${S} ${S}` },
        ],
        `${S} ${S}`,
      ),
    );
    expect(error.message).not.toContain('Canary');
  });

  it.each<[string, object, string | null]>([
    ['its code', { code: 'Canary Example' }, null],
    ['its title', { title: 'Canary Example' }, null],
    ['its detail', { detail: 'Canary Example' }, null],
    ['its pointer', { pointer: 'Canary Example' }, null],
    ['the id of its request', {}, 'Canary Example'],
  ])('does not pass on what quotes the document in one place alone: %s', async (_, given, requestId) => {
    const nothing = { code: null, title: null, detail: null, pointer: null };
    const error = await failing(new ApiError(422, 'POST /documents', [{ ...nothing, ...given }], requestId));
    const withheld = Object.fromEntries(Object.keys(given).map((key) => [key, `${S} ${S}`]));
    expect(error).toEqual(
      new ApiError(
        422,
        'POST /documents',
        [{ ...nothing, ...withheld }],
        requestId === null ? null : `${S} ${S}`,
      ),
    );
  });

  it('passes on what does not', async () => {
    const refusal = new ApiError(422, 'POST /documents', [detailOf('Too large')], null);
    expect(await failing(refusal)).toEqual(refusal);
  });

  it('does not quote it either where it is the key that is refused', async () => {
    const cause = new ApiError(403, 'POST /documents', [detailOf('No: Name: Canary Example')], 'r-1');
    const error = await failing(new AuthenticationError(cause.message, { cause }));
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error.message).toBe(`POST /documents answered 403: 10027 No: ${S}: ${S} ${S} (request id r-1)`);
    expect(error.cause).toEqual(
      new ApiError(403, 'POST /documents', [detailOf(`No: ${S}: ${S} ${S}`)], 'r-1'),
    );
  });

  it.each([
    new UnknownOutcomeError('POST /documents', 'timed out after 30 s', null),
    new AuthenticationError('There is no API key'),
  ])('fails as it does, where nothing can be quoted: %s', async (failure) => {
    expect(await failing(failure)).toBe(failure);
  });
});

const ID = asRemoteId('id-1');
const NUMBER = { id: 'id-1', phone_number: '+49300000001' };
const GROUP = { country_code: 'DE', phone_number_type: 'local', action: 'ordering', status: 'approved' };
const SUB_ORDER = { country_code: 'DE', phone_number_type: 'local', status: 'pending' };
const GERMAN = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };

describe('what stands for one id', () => {
  it.each<[string, (client: ReadClient) => Promise<{ id: string }>, object, object, object?]>([
    ['/requirement_groups/{id}', (client) => getGroup(client, ID), { id: 'id-1' }, GROUP],
    ['/documents/{id}', (client) => getDocument(client, ID), { id: 'id-1' }, {}],
    ['/addresses/{id}', (client) => getAddress(client, ID), { id: 'id-1' }, {}],
    [
      '/number_orders/{number_order_id}',
      (client) => getNumberOrder(client, ID),
      { number_order_id: 'id-1' },
      { status: 'pending' },
    ],
    [
      '/sub_number_orders/{sub_number_order_id}',
      (client) => getSubNumberOrder(client, ID),
      { sub_number_order_id: 'id-1' },
      SUB_ORDER,
      { 'filter[include_phone_numbers]': 'true' },
    ],
    [
      '/number_order_phone_numbers/{number_order_phone_number_id}',
      (client) => getNumberOrderPhoneNumber(client, ID),
      { number_order_phone_number_id: 'id-1' },
      NUMBER,
    ],
    ['/porting_orders/{id}', (client) => getPortingOrder(client, ID), { id: 'id-1' }, { status: 'draft' }],
  ])(
    'is asked for at %s, and is believed only if it is about that',
    async (template, ask, params, row, query = {}) => {
      const client = answering(() => ({ data: { ...row, id: 'ID-1' } }));
      const decoded = await ask(client);
      expect(decoded.id).toBe('ID-1');
      // By our names, of which each has one that no answer has.
      expect(Object.keys(decoded).join()).toMatch(/[A-Z]/);
      expect(client.asked).toEqual([{ template, params, query }]);
      expect((await ask(answering(() => ({ ...row, id: 'id-1' })))).id).toBe('id-1');
      await expect(ask(answering(() => ({ data: { ...row, id: 'id-2' } })))).rejects.toThrow(
        `GET ${template} answered a row whose \`id\` is not the one that was asked for. `,
      );
    },
  );

  it('may be a file', async () => {
    const client = answering(() => Buffer.from('%PDF'));
    expect(await downloadDocument(client, ID)).toEqual(Buffer.from('%PDF'));
    expect(client.asked).toEqual([
      { template: '/documents/{id}/download', params: { id: 'id-1' }, query: {} },
    ]);
  });
});

describe('what a combination demands', () => {
  const row = { country_code: 'DE', phone_number_type: 'local', action: 'ordering' };

  it('is asked for by all three', async () => {
    const client = answering(() => ({ data: [row] }));
    expect(await getRegulatoryRequirements(client, GERMAN)).toEqual([{ ...GERMAN, requirements: [] }]);
    const query = {
      'filter[country_code]': 'DE',
      'filter[phone_number_type]': 'local',
      'filter[action]': 'ordering',
    };
    expect(client.asked).toEqual([{ template: '/regulatory_requirements', params: {}, query }]);
  });

  it.each([
    [{ data: null }, 'a row whose `data` is null, not a list'],
    [{ data: [7] }, 'a row whose `data[]` is a number, not an object'],
    ['text', 'a row whose `data` is a text, not a list'],
  ])('is not believed to be nothing where %j is answered', async (body, fault) => {
    const asked = getRegulatoryRequirements(
      answering(() => body),
      GERMAN,
    );
    await expect(asked).rejects.toBeInstanceOf(MalformedAnswerError);
    await expect(asked).rejects.toThrow(`GET /regulatory_requirements answered ${fault}. `);
  });
});

describe('a list', () => {
  const rowsOf = (rows: readonly object[]) => rows.map((row, index) => ({ id: `${index}`, ...row }));
  const references = ['mine', 'MINE', 'mine-too', null].map((customer_reference) => ({ customer_reference }));
  type Listed = readonly ({ readonly id?: string; readonly documentId?: string } | null)[];

  it.each<
    [string, (client: ReadClient) => Promise<Listed>, readonly object[], readonly string[], object?, object?]
  >([
    ['/requirement_groups', async (client) => (await listGroups(client)).rows, [GROUP, GROUP], ['0', '1']],
    [
      '/requirement_groups by their reference',
      (client) => listGroupsByReference(client, 'mine'),
      references.map((reference) => ({ ...GROUP, ...reference })),
      ['0'],
      { 'filter[customer_reference]': 'mine' },
    ],
    ['/requirement_groups in full', listGroupsInFull, [{ ...GROUP, regulatory_requirements: [] }], ['0']],
    [
      '/requirement_groups by their status',
      (client) => listGroupsByStatus(client, 'approved'),
      [GROUP, { ...GROUP, status: 'declined' }],
      ['0'],
      { 'filter[status]': 'approved' },
    ],
    ['/documents', async (client) => (await listDocuments(client)).rows, references, ['0', '1', '2', '3']],
    [
      '/documents page by page',
      async (client) => (await (await beginDocuments(client)).finish()).rows,
      references,
      ['0', '1', '2', '3'],
    ],
    [
      '/documents by their reference',
      (client) => listDocumentsByReference(client, 'mine'),
      references,
      ['0'],
      { 'filter[customer_reference][eq]': 'mine' },
    ],
    ['/document_links', listDocumentLinks, [{ document_id: 'd' }], ['d']],
    ['/addresses', async (client) => (await listAddresses(client)).rows, references, ['0', '1', '2', '3']],
    [
      '/addresses page by page',
      async (client) => (await (await beginAddresses(client)).finish()).rows,
      references,
      ['0', '1', '2', '3'],
    ],
    [
      '/addresses by their reference',
      (client) => listAddressesByReference(client, 'mine'),
      references,
      ['0'],
      { 'filter[customer_reference][eq]': 'mine' },
    ],
    [
      '/number_orders',
      (client) => listNumberOrders(client),
      [{ status: 'pending' }, { status: 'success' }],
      ['0', '1'],
    ],
    [
      '/number_orders by their age',
      (client) => listNumberOrders(client, Date.UTC(2026, 5, 1)),
      [{ status: 'pending' }],
      ['0'],
      { 'filter[created_at][gt]': '2026-06-01T00:00:00.000Z' },
    ],
    [
      '/number_orders by their reference',
      (client) => listNumberOrdersByReference(client, 'mine'),
      references.map((reference) => ({ status: 'pending', ...reference })),
      ['0'],
      { 'filter[customer_reference]': 'mine' },
    ],
    [
      '/sub_number_orders of one order',
      (client) => listSubNumberOrders(client, ID),
      ['id-1', 'id-2', null].map((order_request_id) => ({ ...SUB_ORDER, order_request_id })),
      ['0'],
      { 'filter[order_request_id]': 'id-1' },
    ],
    [
      '/sub_number_orders that are pending',
      listPendingSubNumberOrders,
      [SUB_ORDER, { ...SUB_ORDER, status: 'success' }],
      ['0'],
      { 'filter[status]': 'pending' },
    ],
    [
      '/number_order_phone_numbers of one order',
      (client) => listNumberOrderPhoneNumbers(client, 'DE', { numberOrderId: ID }),
      ['id-1', 'id-2'].map((id) => ({ phone_number: '1', order_request_id: id, sub_number_order_id: 'x' })),
      ['0'],
      { 'filter[country_code]': 'DE' },
    ],
    [
      '/number_order_phone_numbers of one sub order',
      (client) => listNumberOrderPhoneNumbers(client, 'DE', { subNumberOrderId: ID }),
      ['id-2', 'id-1'].map((id) => ({ phone_number: '1', order_request_id: 'x', sub_number_order_id: id })),
      ['1'],
      { 'filter[country_code]': 'DE' },
    ],
    [
      '/number_order_phone_numbers',
      listAllNumberOrderPhoneNumbers,
      [{ phone_number: '1' }, { phone_number: '2', status: 'failure' }],
      ['0', '1'],
    ],
    [
      '/number_order_phone_numbers in full',
      (client) => listAllNumberOrderPhoneNumbersInFull(client, ({ status }) => status !== 'failure'),
      [
        { phone_number: '1', regulatory_requirements: [] },
        { phone_number: '2', status: 'failure' },
      ],
      ['0'],
    ],
    ['/porting_orders', listPortingOrders, [{ status: 'draft' }, { status: 'ported' }], ['0', '1']],
    [
      '/porting_orders in brief',
      listPortingOrdersInBrief,
      [{ status: 'draft' }, { status: 'ported' }],
      ['0', '1'],
      { include_phone_numbers: 'false' },
    ],
    [
      '/porting_orders in full',
      (client) => listPortingOrdersInFull(client, ({ status }) => status !== 'ported'),
      [{ status: 'draft', documents: {} }, { status: 'ported' }],
      ['0'],
      { include_phone_numbers: 'false' },
    ],
    [
      '/porting_orders/{id}/requirements',
      async (client) =>
        (await listPortingRequirements(client, ID)).map(({ requirementId }) => ({ id: requirementId })),
      [{ requirement_type_id: 'r' }],
      ['r'],
      {},
      { id: 'id-1' },
    ],
    [
      '/porting_orders/{id}/requirements in full',
      async (client) =>
        (await listPortingRequirementsInFull(client, ID)).map(({ requirementId }) => ({ id: requirementId })),
      [{ requirement_type_id: 'r', field_value: null }],
      ['r'],
      {},
      { id: 'id-1' },
    ],
  ])(
    'of %s holds what was asked for, and nothing else',
    async (name, list, rows, ids, query = {}, params = {}) => {
      const [template] = name.split(' ');
      const client = answering(() => rowsOf(rows));
      expect((await list(client)).map((row) => row?.id ?? row?.documentId)).toEqual(ids);
      expect(client.asked).toEqual([{ template, params, query }]);
    },
  );

  it('in full asks of decoded rows whether they matter, and decodes those that do', async () => {
    const numbers = await listAllNumberOrderPhoneNumbersInFull(
      answering(() => rowsOf([{ phone_number: '1', regulatory_requirements: [] }, { phone_number: '2' }])),
      ({ phoneNumber }) => phoneNumber === '1',
    );
    expect(numbers).toMatchObject([{ id: '0', phoneNumber: '1', requirements: [] }]);
    const orders = await listPortingOrdersInFull(
      answering(() =>
        rowsOf([{ status: { value: 'draft' }, documents: {} }, { status: { value: 'ported' } }]),
      ),
      ({ status }) => status === 'draft',
    );
    expect(orders).toMatchObject([{ id: '0', status: 'draft', documentIds: [] }]);
  });

  it('of comments is about one group, whatever the server answers', async () => {
    const client = answering(() =>
      ['id-1', 'id-2'].map((comment_record_id) => ({ id: comment_record_id, comment_record_id, body: 'x' })),
    );
    expect(await listGroupComments(client, ID)).toEqual([
      {
        id: 'id-1',
        body: 'x',
        byReviewer: false,
        commenter: null,
        createdAt: '',
        readAt: null,
        recordId: 'id-1',
      },
    ]);
    const query = {
      'filter[comment_record_type]': 'requirement_group',
      'filter[comment_record_id]': 'id-1',
    };
    expect(client.asked).toEqual([{ template: '/comments', params: {}, query }]);
  });

  it('of the catalogue is about one country, and one version where that is asked for', async () => {
    const rows = [
      ['DE', 1],
      ['DE', 2],
      ['FR', 2],
    ].map(([country_code, version]) => ({ id: `${country_code} ${version}`, country_code, version }));
    const client = answering(() => rows);
    const shown = (sets: readonly { countryCode: string; version: number | null }[]) =>
      sets.map(({ countryCode, version }) => `${countryCode} ${version}`);
    expect(shown(await listRequirementSets(client, 'DE'))).toEqual(['DE 1', 'DE 2']);
    expect(shown(await listRequirementSetsOfVersion(client, 'DE', 2))).toEqual(['DE 2']);
    expect(client.asked).toEqual([
      { template: '/requirements', params: {}, query: { 'filter[country_code]': 'DE' } },
      { template: '/requirements', params: {}, query: { 'filter[country_code]': 'DE', version: '2' } },
    ]);
  });

  it('comes with the server’s clock, and where several requests were needed with the last', async () => {
    const client = answering(() => [], 1_800_000_000_000);
    expect(await listDocuments(client)).toEqual({ rows: [], dateMs: 1_800_000_000_000 });
    expect(await listDocumentsByReferences(client, ['mine'])).toEqual({
      rows: [],
      dateMs: 1_800_000_000_000,
    });
    expect(await listDocumentsByReferences(client, [])).toEqual({ rows: [], dateMs: null });
  });

  it('of documents by references holds none of any other', async () => {
    const client = answering(() => rowsOf(references));
    const { rows } = await listDocumentsByReferences(client, ['mine', 'mine-too']);
    expect(rows.map(({ id }) => id)).toEqual(['0', '2']);
  });
});

describe('a request that writes', () => {
  const values = [{ requirementId: 'r', value: new Sensitive('Example GmbH') }];
  const written = [{ requirement_id: 'r', field_value: 'Example GmbH' }];
  const mine = asReference('mine');
  const groupId = asRemoteId('g');
  const settings: readonly SettingToWrite[] = [
    { path: 'end_user.admin.pin_passcode', value: new Sensitive('0000') },
    { path: 'end_user.admin.entity_name', value: new Sensitive('Example GmbH') },
    { path: 'end_user.location.locality', value: null },
    { path: 'customer_reference', value: new Sensitive('mine') },
    { path: 'messaging.enable_messaging', value: false },
    { path: 'user_feedback.user_rating', value: 4 },
    { path: 'phone_number_configuration.tags', value: [new Sensitive('a'), new Sensitive('b')] },
  ];

  it.each<[string, (client: WriteClient) => Promise<unknown>, Write]>([
    [
      'creates a group',
      (client) => createGroup(client, { combination: GERMAN, reference: mine, values }),
      {
        method: 'POST',
        template: '/requirement_groups',
        repeat: 'never',
        body: {
          kind: 'json',
          value: {
            country_code: 'DE',
            phone_number_type: 'local',
            action: 'ordering',
            customer_reference: 'mine',
            regulatory_requirements: written,
          },
        },
      },
    ],
    [
      'changes a group',
      (client) => patchGroup(client, ID, { reference: 'mine', values }),
      {
        method: 'PATCH',
        template: '/requirement_groups/{id}',
        params: { id: 'id-1' },
        repeat: 'safe',
        body: { kind: 'json', value: { customer_reference: 'mine', regulatory_requirements: written } },
      },
    ],
    [
      'changes nothing of a group',
      (client) => patchGroup(client, ID, { reference: null, values: [] }),
      {
        method: 'PATCH',
        template: '/requirement_groups/{id}',
        params: { id: 'id-1' },
        repeat: 'safe',
        body: { kind: 'json', value: {} },
      },
    ],
    [
      'submits a group',
      (client) => submitGroup(client, ID),
      {
        method: 'POST',
        template: '/requirement_groups/{id}/submit_for_approval',
        params: { id: 'id-1' },
        repeat: 'never',
      },
    ],
    [
      'deletes a group',
      (client) => deleteGroup(client, ID),
      { method: 'DELETE', template: '/requirement_groups/{id}', params: { id: 'id-1' }, repeat: 'safe' },
    ],
    [
      'deletes a document',
      (client) => deleteDocument(client, ID),
      { method: 'DELETE', template: '/documents/{id}', params: { id: 'id-1' }, repeat: 'safe' },
    ],
    [
      'deletes an address',
      (client) => deleteAddress(client, ID),
      { method: 'DELETE', template: '/addresses/{id}', params: { id: 'id-1' }, repeat: 'safe' },
    ],
    [
      'uploads a document',
      (client) => uploadDocument(client, UPLOAD),
      {
        method: 'POST',
        template: '/documents',
        repeat: 'never',
        body: {
          kind: 'multipart',
          fields: { customer_reference: 'regsync/acme/doc/0' },
          file: { field: 'file', filename: 'document.txt', contentType: 'text/plain', bytes: UPLOAD.bytes },
        },
      },
    ],
    [
      'places an order',
      (client) =>
        placeNumberOrder(client, {
          reference: mine,
          phoneNumbers: [
            { phoneNumber: '+49300000001', groupId },
            { phoneNumber: '+49300000002', groupId: null },
          ],
          settings: { connection_id: '7' },
        }),
      {
        method: 'POST',
        template: '/number_orders',
        repeat: 'never',
        body: {
          kind: 'json',
          value: {
            phone_numbers: [
              { phone_number: '+49300000001', requirement_group_id: 'g' },
              { phone_number: '+49300000002' },
            ],
            customer_reference: 'mine',
            connection_id: '7',
          },
        },
      },
    ],
    [
      'changes an order',
      (client) => patchNumberOrder(client, ID, { reference: 'mine', values }),
      {
        method: 'PATCH',
        template: '/number_orders/{number_order_id}',
        params: { number_order_id: 'id-1' },
        repeat: 'safe',
        body: { kind: 'json', value: { customer_reference: 'mine', regulatory_requirements: written } },
      },
    ],
    [
      'changes a sub order',
      (client) => patchSubNumberOrder(client, ID, values),
      {
        method: 'PATCH',
        template: '/sub_number_orders/{sub_number_order_id}',
        params: { sub_number_order_id: 'id-1' },
        repeat: 'safe',
        body: { kind: 'json', value: { regulatory_requirements: written } },
      },
    ],
    [
      'changes a number of an order',
      (client) => patchNumberOrderPhoneNumber(client, ID, values),
      {
        method: 'PATCH',
        template: '/number_order_phone_numbers/{number_order_phone_number_id}',
        params: { number_order_phone_number_id: 'id-1' },
        repeat: 'safe',
        body: { kind: 'json', value: { regulatory_requirements: written } },
      },
    ],
    [
      'gives a sub order a group',
      (client) => attachGroupToSubNumberOrder(client, ID, groupId),
      {
        method: 'POST',
        template: '/sub_number_orders/{id}/requirement_group',
        params: { id: 'id-1' },
        repeat: 'never',
        body: { kind: 'json', value: { requirement_group_id: 'g' } },
      },
    ],
    [
      'gives a number of an order a group',
      (client) => attachGroupToPhoneNumber(client, ID, groupId),
      {
        method: 'POST',
        template: '/number_order_phone_numbers/{id}/requirement_group',
        params: { id: 'id-1' },
        repeat: 'never',
        body: { kind: 'json', value: { requirement_group_id: 'g' } },
      },
    ],
    [
      'changes a porting order',
      (client) => patchPortingOrder(client, ID, { groupId, settings, requirements: values }),
      {
        method: 'PATCH',
        template: '/porting_orders/{id}',
        params: { id: 'id-1' },
        repeat: 'safe',
        body: {
          kind: 'json',
          value: {
            requirement_group_id: 'g',
            end_user: {
              admin: { pin_passcode: '0000', entity_name: 'Example GmbH' },
              location: { locality: null },
            },
            customer_reference: 'mine',
            messaging: { enable_messaging: false },
            user_feedback: { user_rating: 4 },
            phone_number_configuration: { tags: ['a', 'b'] },
            requirements: [{ requirement_type_id: 'r', field_value: 'Example GmbH' }],
          },
        },
      },
    ],
    [
      'changes nothing of a porting order',
      (client) => patchPortingOrder(client, ID, {}),
      {
        method: 'PATCH',
        template: '/porting_orders/{id}',
        params: { id: 'id-1' },
        repeat: 'safe',
        body: { kind: 'json', value: {} },
      },
    ],
  ])('says all of it, and whether it may be repeated: one that %s', async (_, write, sent) => {
    const client = answering(() => ({ data: { id: 'made' } }));
    await write(client);
    expect(client.sent).toEqual([sent]);
  });

  it.each<[string, (client: WriteClient) => Promise<unknown>]>([
    [
      'POST /requirement_groups',
      (client) => createGroup(client, { combination: GERMAN, reference: mine, values }),
    ],
    ['POST /number_orders', (client) => placeNumberOrder(client, { reference: mine, phoneNumbers: [] })],
    ['POST /documents', (client) => uploadDocument(client, UPLOAD)],
    ['POST /addresses', (client) => createAddress(client, addressOf({ locality: 'Berlin' }), mine)],
  ])('answers what it made, with an envelope or without: %s', async (request, make) => {
    const made = await Promise.all(
      [{ id: 'made' }, { data: { id: 'made' } }].map((body) => make(answering(() => body))),
    );
    expect(made.map((one) => (typeof one === 'string' ? one : (one as { id: string }).id))).toEqual([
      'made',
      'made',
    ]);
    const failure = make(answering(() => ({ data: { id: null } })));
    await expect(failure).rejects.toBeInstanceOf(MalformedAnswerError);
    await expect(failure).rejects.toThrow(
      `${request} answered a row whose \`id\` is null, not an id. regsync does not know the new id. Apply again in a minute: that run looks for it by its reference first.`,
    );
    await expect(failure).rejects.toHaveProperty('cause.message', 'a row whose `id` is null, not an id');
    await expect(make(answering(() => null))).rejects.toThrow(
      `${request} answered a row that is null, not an object. regsync does not know the new id. Apply again in a minute: that run looks for it by its reference first.`,
    );
  });

  it('of an upload answers the digest of what was stored, where the answer has it', async () => {
    expect(
      await uploadDocument(
        answering(() => ({ data: { id: 'd', sha256: 'AB' } })),
        UPLOAD,
      ),
    ).toEqual({
      id: 'd',
      sha256: 'ab',
    });
  });

  it.each([
    ['pdf', 'application/pdf'],
    ['png', 'image/png'],
    ['jpg', 'image/jpeg'],
    ['jpeg', 'image/jpeg'],
    ['csv', 'text/csv'],
    ['txt', 'text/plain'],
    ['json', 'application/json'],
    ['doc', 'application/msword'],
    ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['xls', 'application/vnd.ms-excel'],
    ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['xyz', 'application/octet-stream'],
  ])('of an upload names no file but by its extension: .%s is %s', async (extension, contentType) => {
    const client = answering(() => ({ id: 'd' }));
    await uploadDocument(client, { ...UPLOAD, extension });
    expect(client.sent[0]?.body).toMatchObject({ file: { filename: `document.${extension}`, contentType } });
  });

  it.each<[string, Partial<Record<AddressField, string>>, object]>([
    [
      'a person',
      { first_name: 'Jo', last_name: 'Example', locality: 'Berlin', borough: '' },
      { first_name: 'Jo', last_name: 'Example', business_name: '', locality: 'Berlin' },
    ],
    [
      'a company',
      { business_name: 'Example GmbH', first_name: '', locality: 'Berlin' },
      { first_name: '', last_name: '', business_name: 'Example GmbH', locality: 'Berlin' },
    ],
  ])('of an address names all three names, as its schema wants: %s', async (_, fields, value) => {
    for (const validates of [true, false]) {
      const client = answering(() => ({ data: { id: 'a', locality: 'Berlin' } }));
      const made = await createAddress(client, addressOf(fields, validates), mine);
      expect(made).toMatchObject({ id: 'a', reference: null, createdAtMs: null });
      expect(made.fields.get('locality')).toEqual(new Sensitive('Berlin'));
      expect(client.sent).toEqual([
        {
          method: 'POST',
          template: '/addresses',
          repeat: 'never',
          body: {
            kind: 'json',
            value: { ...value, customer_reference: 'mine', address_book: false, validate_address: validates },
          },
        },
      ]);
    }
  });
});

function addressOf(fields: Partial<Record<AddressField, string>>, validateAddress = false): DesiredAddress {
  const entries = Object.entries(fields) as [AddressField, string][];
  return {
    name: null,
    fields: new Map(entries.map(([field, text]) => [field, new Sensitive(text)])),
    validateAddress,
    sha256: 'a'.repeat(64),
    source: { file: 'groups/a.yaml', line: 1, column: 1 },
  };
}

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

it.each([1, 49, 50, 51, 100, 101, 120])(
  'each of %i documents is asked for by its reference, once',
  async (count) => {
    const client = answering(({ query }) =>
      [query['filter[customer_reference][in][]'] ?? []].flat().map((customer_reference) => ({
        id: customer_reference,
        customer_reference,
      })),
    );
    const references = Array.from({ length: count }, (_, index) => `regsync/acme/doc/${index}`);
    const { rows } = await listDocumentsByReferences(client, references);
    expect(rows.map(({ id }) => id)).toEqual(references);
    expect(client.asked.map(({ template }) => template)).toEqual(
      Array(Math.ceil(count / REFERENCES_AT_ONCE)).fill('/documents'),
    );
  },
);

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
