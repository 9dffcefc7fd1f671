import { describe, expect, it } from 'vitest';
import { MalformedAnswerError, UnreachableError } from '../../src/model/errors.ts';
import { reveal } from '../../src/model/privacy/sensitive.ts';
import { asRemoteId, type RemoteId } from '../../src/model/resource.ts';
import { openReadClient, type ReadClient } from '../../src/telnyx/client.ts';
import { decodePortingAction, decodeSubOrderAction } from '../../src/telnyx/decode/actions.ts';
import { decodeAdvancedOrder } from '../../src/telnyx/decode/advanced-orders.ts';
import { decodeRegulatory, decodeRequirementSet } from '../../src/telnyx/decode/catalogue.ts';
import { decodeReference } from '../../src/telnyx/decode/common.ts';
import {
  decodeNumberOrder,
  decodeOrderedNumber,
  decodeOrderedNumberInFull,
  decodeSubNumberOrder,
} from '../../src/telnyx/decode/number-orders.ts';
import {
  decodePortingComment,
  decodePortingOrder,
  decodePortingOrderInFull,
  decodePortingRequirement,
  decodePortingRequirementInFull,
} from '../../src/telnyx/decode/porting-orders.ts';
import {
  decodeAddress,
  decodeComment,
  decodeDocument,
  decodeDocumentLink,
  decodeGroup,
  decodeGroupInFull,
} from '../../src/telnyx/decode/resources.ts';
import { getSubOrderAction, listPortingActions } from '../../src/telnyx/endpoints/actions.ts';
import { getAddress, listAddresses } from '../../src/telnyx/endpoints/addresses.ts';
import { getAdvancedOrder } from '../../src/telnyx/endpoints/advanced-orders.ts';
import { getRegulatoryRequirements, listRequirementSets } from '../../src/telnyx/endpoints/catalogue.ts';
import { listGroupComments } from '../../src/telnyx/endpoints/comments.ts';
import { getDocument, listDocumentLinks } from '../../src/telnyx/endpoints/documents.ts';
import {
  getNumberOrder,
  getNumberOrderPhoneNumber,
  getSubNumberOrder,
  listAllNumberOrderPhoneNumbersInFull,
  listNumberOrdersByReference,
} from '../../src/telnyx/endpoints/number-orders.ts';
import {
  getPortingOrder,
  listPortingComments,
  listPortingOrdersInFull,
  listPortingRequirements,
  listPortingRequirementsInFull,
} from '../../src/telnyx/endpoints/porting-orders.ts';
import {
  createGroup,
  getGroup,
  listGroups,
  listGroupsInFull,
} from '../../src/telnyx/endpoints/requirement-groups.ts';
import { answering, bare } from './memory-client.ts';
import { answerJson, HASTE, optionsFor, serve } from './scripted-server.ts';

const ID = asRemoteId('5ef8ab9b-0000-4000-8000-000000000001');
const GERMAN = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
const UNPAGED = ['/regulatory_requirements'];
/** Must never be repeated by an error: what is of the wrong type may be private all the same. */
const CANARY = 'Jo Canary, 1970-01-01';

/** As JSON. */
const WRONG = {
  text: ['7', 'true', `["${CANARY}"]`, `{"a":"${CANARY}"}`],
  entered: ['1.5', '2473491569332717266', 'true', `["${CANARY}"]`, `{"a":"${CANARY}"}`],
  list: ['7', 'true', `"${CANARY}"`, `{"a":"${CANARY}"}`],
  rows: ['7', 'true', `"${CANARY}"`, `{"a":"${CANARY}"}`, `["${CANARY}"]`, '[null]', `[["${CANARY}"]]`],
  object: ['7', 'true', `["${CANARY}"]`],
  count: ['true', `["${CANARY}"]`, `{"a":"${CANARY}"}`],
  words: ['7', 'true', '[7]', `{"a":"${CANARY}"}`],
  word: ['7', 'true', '[7]', '[]', `["${CANARY}","x"]`, `{"a":"${CANARY}"}`],
  flag: ['7', `["${CANARY}"]`, `{"a":"${CANARY}"}`],
} as const;
type Kind = keyof typeof WRONG;

/** `id!`: without it the row is none. `a.b` and `a.0.b` are nested. */
interface Decoder {
  readonly request: string;
  /** With the id that the row says to have, where one is asked for. */
  readonly ask: (client: ReadClient, id: RemoteId) => Promise<unknown>;
  /** How the row is answered. */
  readonly answer: 'one' | 'list';
  readonly row: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, Kind>>;
}

const requirement = { requirement_id: 'r', field_type: 'textual', field_value: 'x', status: 'approved' };
const ENTRY = {
  'regulatory_requirements.0.requirement_id!': 'entered',
  'regulatory_requirements.0.field_type': 'text',
  'regulatory_requirements.0.field_value': 'entered',
  'regulatory_requirements.0.status': 'text',
} as const;

const group = {
  id: 'g',
  country_code: 'DE',
  phone_number_type: 'local',
  action: 'ordering',
  customer_reference: 'mine',
  status: 'approved',
  regulatory_requirements: [{ ...requirement, expires_at: '2027-01-01T00:00:00Z' }],
};
const number = {
  id: 'n',
  phone_number: '+49300000001',
  order_request_id: 'o',
  sub_number_order_id: 's',
  country_code: 'DE',
  phone_number_type: 'local',
  status: 'pending',
  requirements_status: 'pending',
  requirements_met: false,
  deadline: '2027-01-01T00:00:00Z',
  locality: 'BERLIN',
  regulatory_requirements: [requirement],
};
const GROUP_FIELDS = {
  'id!': 'entered',
  'country_code!': 'text',
  'phone_number_type!': 'text',
  'action!': 'text',
  customer_reference: 'text',
  'status!': 'text',
  regulatory_requirements: 'rows',
  ...ENTRY,
  'regulatory_requirements.0.expires_at': 'text',
} as const;
const NUMBER_FIELDS = {
  'id!': 'entered',
  'phone_number!': 'text',
  order_request_id: 'entered',
  sub_number_order_id: 'entered',
  country_code: 'text',
  phone_number_type: 'text',
  status: 'text',
  requirements_status: 'text',
  requirements_met: 'flag',
  deadline: 'text',
  locality: 'text',
  regulatory_requirements: 'rows',
  ...ENTRY,
} as const;
const criteria = {
  min_length: '5',
  max_length: 9,
  regex: 'x',
  acceptable_values: ['a'],
  case_sensitive: 'true',
};
const CRITERIA = {
  acceptance_criteria: 'object',
  'acceptance_criteria.min_length': 'count',
  'acceptance_criteria.max_length': 'count',
  'acceptance_criteria.acceptable_characters': 'text',
  'acceptance_criteria.regex': 'text',
  'acceptance_criteria.case_sensitive': 'flag',
  'acceptance_criteria.time_limit': 'text',
} as const;
const demand = { id: 'r', name: 'N', type: 'textual', field_type: 'textual', acceptance_criteria: criteria };

const DECODERS: Readonly<Record<string, Decoder>> = {
  'a requirement group': {
    request: 'GET /requirement_groups/{id}',
    ask: (client, id) => getGroup(client, id),
    answer: 'one',
    row: group,
    fields: GROUP_FIELDS,
  },
  'a requirement group of a list': {
    request: 'GET /requirement_groups',
    ask: listGroups,
    answer: 'list',
    row: group,
    fields: GROUP_FIELDS,
  },
  'a document': {
    request: 'GET /documents/{id}',
    ask: (client, id) => getDocument(client, id),
    answer: 'one',
    row: { id: 'd', customer_reference: 'mine', sha256: 'ab', status: 'verified', av_scan_status: 'scanned' },
    fields: {
      'id!': 'entered',
      customer_reference: 'text',
      sha256: 'text',
      status: 'text',
      av_scan_status: 'text',
      created_at: 'text',
    },
  },
  'an address': {
    request: 'GET /addresses/{id}',
    ask: (client, id) => getAddress(client, id),
    answer: 'one',
    row: { id: '2473491569332717266', customer_reference: 'mine', locality: 'Berlin', postal_code: 10117 },
    fields: {
      'id!': 'entered',
      customer_reference: 'text',
      locality: 'entered',
      postal_code: 'entered',
      created_at: 'text',
    },
  },
  'a document link': {
    request: 'GET /document_links',
    ask: listDocumentLinks,
    answer: 'list',
    row: { id: 'l', document_id: 'd' },
    fields: { 'document_id!': 'entered' },
  },
  'a comment': {
    request: 'GET /comments',
    ask: (client) => listGroupComments(client, ID),
    answer: 'list',
    row: { id: 'c', body: 'x', commenter_type: 'admin', created_at: '', comment_record_id: ID },
    fields: {
      id: 'entered',
      body: 'text',
      commenter: 'text',
      commenter_type: 'text',
      created_at: 'text',
      read_at: 'text',
      comment_record_id: 'entered',
    },
  },
  'a number order': {
    request: 'GET /number_orders/{number_order_id}',
    ask: (client, id) => getNumberOrder(client, id),
    answer: 'one',
    row: { id: 'o', status: 'pending', sub_number_orders_ids: ['s'], phone_numbers: [number] },
    fields: {
      'id!': 'entered',
      customer_reference: 'text',
      'status!': 'text',
      requirements_met: 'flag',
      sub_number_orders_ids: 'list',
      'sub_number_orders_ids.0': 'entered',
      phone_numbers: 'rows',
      'phone_numbers.0.id!': 'entered',
      'phone_numbers.0.regulatory_requirements.0.field_value': 'entered',
      phone_numbers_count: 'count',
      connection_id: 'entered',
      billing_group_id: 'entered',
      created_at: 'text',
    },
  },
  'a number order that is looked for by its reference': {
    request: 'GET /number_orders',
    ask: (client) => listNumberOrdersByReference(client, 'mine'),
    answer: 'list',
    row: { id: 'o', status: 'pending', customer_reference: 'mine' },
    fields: { 'id!': 'entered', customer_reference: 'text' },
  },
  'a sub order': {
    request: 'GET /sub_number_orders/{sub_number_order_id}',
    ask: (client, id) => getSubNumberOrder(client, id),
    answer: 'one',
    row: {
      id: 's',
      country_code: 'DE',
      phone_number_type: 'local',
      status: 'pending',
      regulatory_requirements: [{ requirement_id: 'r' }],
      phone_numbers: [number],
    },
    fields: {
      'id!': 'entered',
      order_request_id: 'entered',
      'country_code!': 'text',
      'phone_number_type!': 'text',
      customer_reference: 'text',
      'status!': 'text',
      requirements_met: 'flag',
      phone_numbers_count: 'count',
      regulatory_requirements: 'rows',
      'regulatory_requirements.0.requirement_id!': 'entered',
      phone_numbers: 'rows',
    },
  },
  'an ordered number': {
    request: 'GET /number_order_phone_numbers/{number_order_phone_number_id}',
    ask: (client, id) => getNumberOrderPhoneNumber(client, id),
    answer: 'one',
    row: number,
    fields: NUMBER_FIELDS,
  },
  'a porting order': {
    request: 'GET /porting_orders/{id}',
    ask: (client, id) => getPortingOrder(client, id),
    answer: 'one',
    row: {
      id: 'p',
      status: { value: 'draft', details: [{ code: 'OTHER' }] },
      documents: { loa: 'd' },
      requirements: [{ field_value: 'd' }],
      phone_numbers: [{ phone_number: '+49300000001' }],
      end_user: { admin: { entity_name: 'Example GmbH' } },
      phone_number_configuration: { emergency_address_id: '1', tags: ['a'] },
      messaging: { enable_messaging: true },
    },
    fields: {
      'id!': 'entered',
      customer_reference: 'text',
      'status!': 'object',
      'status.value!': 'text',
      'status.details': 'rows',
      'status.details.0.code': 'text',
      phone_number_type: 'text',
      phone_numbers: 'rows',
      'phone_numbers.0.phone_number': 'text',
      porting_phone_numbers_count: 'count',
      documents: 'object',
      'documents.loa': 'entered',
      requirements: 'rows',
      'requirements.0.field_value': 'entered',
      requirements_met: 'flag',
      end_user: 'object',
      'end_user.admin': 'object',
      'end_user.admin.entity_name': 'entered',
      'phone_number_configuration.emergency_address_id': 'entered',
      'phone_number_configuration.tags': 'list',
      'phone_number_configuration.tags.0': 'text',
      'messaging.enable_messaging': 'flag',
    },
  },
  'a requirement of a porting order': {
    request: 'GET /porting_orders/{id}/requirements',
    ask: (client) => listPortingRequirements(client, ID),
    answer: 'list',
    row: { field_value: 'x', requirement_status: 'approved', requirement_type: { id: 'r', name: 'N' } },
    fields: {
      field_type: 'text',
      field_value: 'entered',
      requirement_status: 'text',
      'requirement_type!': 'object',
      'requirement_type.id!': 'entered',
      'requirement_type.name': 'text',
    },
  },
  'a row of the catalogue': {
    request: 'GET /requirements',
    ask: (client) => listRequirementSets(client, 'DE'),
    answer: 'list',
    row: { id: 'q', country_code: 'DE', action: 'ordering', version: 1, requirement_types: [demand] },
    fields: {
      'country_code!': 'text',
      phone_number_type: 'text',
      action: 'text',
      locality: 'text',
      version: 'count',
      effective_start_at: 'text',
      requirement_types: 'rows',
      'requirement_types.0.id!': 'entered',
      'requirement_types.0.name': 'text',
      'requirement_types.0.type': 'text',
      ...prefixed('requirement_types.0.', CRITERIA),
    },
  },
  'a row of regulatory requirements': {
    request: 'GET /regulatory_requirements',
    ask: (client) => getRegulatoryRequirements(client, GERMAN),
    answer: 'list',
    row: {
      country_code: 'DE',
      phone_number_type: 'local',
      action: 'ordering',
      regulatory_requirements: [demand],
    },
    fields: {
      'data[].country_code!': 'text',
      'data[].phone_number_type!': 'text',
      'data[].action!': 'text',
      'data[].regulatory_requirements': 'rows',
      'data[].regulatory_requirements.0.id!': 'entered',
      'data[].regulatory_requirements.0.name': 'text',
      ...prefixed('data[].regulatory_requirements.0.', CRITERIA),
    },
  },
  'a comment on a porting order': {
    request: 'GET /porting_orders/{id}/comments',
    ask: (client) => listPortingComments(client, ID),
    answer: 'list',
    row: { id: 'c', porting_order_id: ID, body: 'x', user_type: 'system', created_at: '' },
    fields: {
      id: 'entered',
      porting_order_id: 'entered',
      body: 'text',
      user_type: 'text',
      created_at: 'text',
    },
  },
  'an action requirement of a sub order': {
    request: 'GET /external_requirements/{regulatory_requirement_id}/sub_number_orders/{sub_number_order_id}',
    ask: (client) => getSubOrderAction(client, 'R', ID),
    answer: 'one',
    row: {
      regulatory_requirement_id: 'r',
      fields_required: [{ name: 'first_name', description: 'x', value: 'Jo' }],
      requirement_action: { type: 'x', value: 'https://verify.example.com/1' },
    },
    fields: {
      'regulatory_requirement_id!': 'entered',
      fields_required: 'rows',
      'fields_required.0.name!': 'text',
      'fields_required.0.description': 'text',
      'fields_required.0.value': 'entered',
      requirement_action: 'object',
      'requirement_action.value': 'entered',
    },
  },
  'an action requirement of a porting order': {
    request: 'GET /porting_orders/{porting_order_id}/action_requirements',
    ask: (client) => listPortingActions(client, ID),
    answer: 'list',
    row: { id: 'a', porting_order_id: ID, requirement_type_id: 'r', status: 'created' },
    fields: {
      'id!': 'entered',
      porting_order_id: 'entered',
      requirement_type_id: 'entered',
      action_type: 'text',
      'status!': 'text',
      action_url: 'entered',
      cancel_reason: 'text',
    },
  },
  'an advanced order': {
    request: 'GET /advanced_orders/{order_id}',
    ask: (client, id) => getAdvancedOrder(client, id),
    answer: 'one',
    row: { id: 'o', status: 'pending', orders: ['n'] },
    fields: {
      'id!': 'entered',
      customer_reference: 'text',
      country_code: 'text',
      phone_number_type: 'words',
      'status!': 'word',
      requirement_group_id: 'entered',
      quantity: 'count',
      orders: 'list',
      'orders.0': 'entered',
    },
  },
};

function prefixed(prefix: string, fields: Readonly<Record<string, Kind>>): Record<string, Kind> {
  return Object.fromEntries(Object.entries(fields).map(([path, kind]) => [`${prefix}${path}`, kind]));
}

function withField(row: object, path: string, json: string | null): unknown {
  const copy = structuredClone(row) as Record<string, never>;
  const steps = path.replace('data[].', '').split('.');
  const last = steps.pop() ?? '';
  const owner: Record<string, unknown> = steps.reduce((node, step) => node[step] as never, copy);
  if (json === null) delete owner[last];
  else owner[last] = JSON.parse(json);
  return copy;
}

/** As errors write it. */
function shown(path: string): string {
  return path.replaceAll(/\.0(?=\.|$)/g, '[]');
}

function serveRows() {
  const answer = (row: unknown, { answer: how, ask }: Decoder) => {
    // Some lists do not come in pages.
    const client = answering(({ template }) =>
      how === 'one' ? { data: row } : UNPAGED.includes(template) ? { data: [row] } : [row],
    );
    const { id } = (row ?? {}) as { readonly id?: unknown };
    const isAskable = typeof id === 'number' || (typeof id === 'string' && id !== '');
    return ask(client, isAskable ? asRemoteId(`${id}`) : ID);
  };
  return { answer };
}

describe.each(Object.entries(DECODERS))('%s', (_, decoder) => {
  it('is believed as it should be, and when what may be missing is missing or null', async () => {
    const { answer } = serveRows();
    await expect(answer(decoder.row, decoder)).resolves.toBeDefined();
    for (const path of Object.keys(decoder.fields).filter((path) => !path.endsWith('!'))) {
      if (path.includes('.0') && !path.includes('.0.')) continue;
      for (const json of [null, 'null']) {
        await expect(answer(withField(decoder.row, path, json), decoder), path).resolves.toBeDefined();
      }
    }
  });

  it('is not believed when a field is of the wrong type, and no error repeats what it holds', async () => {
    const { answer } = serveRows();
    for (const [field, kind] of Object.entries(decoder.fields)) {
      const path = field.replace('!', '');
      const wrong = [...WRONG[kind], ...(field.endsWith('!') ? [null, 'null', '""'] : [])];
      for (const json of wrong) {
        const error = await failureOf(answer(withField(decoder.row, path, json), decoder));
        const what = `${decoder.request} ${path} ${json}: ${error.message}`;
        expect(error, what).toBeInstanceOf(MalformedAnswerError);
        expect(error.message, what).toContain(`${decoder.request} answered a row whose \`${shown(path)}`);
        expect(error.message, what).toContain('check TELNYX_BASE_URL');
        expect(error.message, what).not.toMatch(/canary|1\.5|24734915/i);
      }
    }
  });

  it.each(['null', '7', '[]', '"x"'])('is not believed when the row is %s', async (json) => {
    const { answer } = serveRows();
    expect(await failureOf(answer(JSON.parse(json), decoder))).toBeInstanceOf(MalformedAnswerError);
  });
});

describe('an id', () => {
  it('may be a number that JSON does not round', async () => {
    const { answer } = serveRows();
    const held = { ...requirement, field_type: 'address', field_value: 9007199254740991 };
    const row = { ...group, id: 42, regulatory_requirements: [held] };
    const { id, requirements } = (await answer(row, groupDecoder())) as Awaited<ReturnType<typeof getGroup>>;
    expect([id, reveal(requirements[0]?.value ?? never())]).toEqual(['42', '9007199254740991']);
  });

  it('that was rounded is named as such', async () => {
    const { answer } = serveRows();
    const error = await failureOf(answer({ ...group, id: 2 ** 61 }, groupDecoder()));
    expect(error.message).toContain('`id` is a number too large to be read exactly, not an id');
  });

  it('that was rounded to that of another row hides neither of them', async () => {
    const rows = [2 ** 61, 2 ** 61].map((id) => ({ ...group, id }));
    expect(await failureOf(listAddresses(answering(() => rows)))).toBeInstanceOf(MalformedAnswerError);
  });
});

describe('a status', () => {
  it('is one word, whether it comes with a blank, as in guides, or with a hyphen', async () => {
    const { answer } = serveRows();
    for (const status of ['pending approval', 'pending-approval']) {
      const row = { ...group, status, regulatory_requirements: [{ ...requirement, status }] };
      expect(await answer(row, groupDecoder())).toMatchObject({
        status: 'pending-approval',
        requirements: [{ status: 'pending-approval' }],
      });
    }
  });
});

describe('an answer that is nested deeply', () => {
  it.each([
    ['in a row without an id', (deep: string) => `{"data":[{"a":${deep}}]}`],
    ['for a row', (deep: string) => `{"data":[${deep}]}`],
    ['for everything', (deep: string) => deep],
  ])('is malformed, and no fault of the program: %s', async (_, wrap) => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const server = await serve((response) => response.end(wrap(deep)));
    const client = openReadClient(optionsFor(server, { timing: { ...HASTE, attempts: 1 } }));
    expect(await failureOf(listGroups(client))).toBeInstanceOf(UnreachableError);
    expect(await failureOf(client.list('/things'))).toBeInstanceOf(UnreachableError);
  });
});

describe('a list whose meta is', () => {
  it.each([
    ['meta', { meta: [] }],
    ['meta', { meta: 'x' }],
    ['meta.total_results', { meta: { total_results: 'many' } }],
    ['meta.total_results', { meta: { total_results: -1 } }],
    ['meta.total_results', { meta: { total_results: [2] } }],
    ['meta.total_pages', { meta: { total_pages: 1.5 } }],
    ['meta.total_pages', { meta: { total_pages: {} } }],
  ])('malformed is not believed: %s of %j', async (path, answer) => {
    const server = await serve((response) => answerJson(response, { data: [group], ...answer }));
    const error = await failureOf(listGroups(openReadClient(optionsFor(server))));
    expect(error).toBeInstanceOf(MalformedAnswerError);
    expect(error.message).toContain(`GET /requirement_groups answered a row whose \`${path}\` is `);
  });
});

describe('rows from which is concluded that something is not in use', () => {
  it.each<[string, Decoder['ask'], unknown]>([
    [
      'a group without a list of requirements',
      listGroupsInFull,
      { ...group, regulatory_requirements: undefined },
    ],
    ['a group with null for its requirements', listGroupsInFull, { ...group, regulatory_requirements: null }],
    [
      'a group with a requirement without a value',
      listGroupsInFull,
      { ...group, regulatory_requirements: [{ requirement_id: 'r' }] },
    ],
    [
      'a number without a list of requirements',
      numbersInFull,
      { ...number, regulatory_requirements: undefined },
    ],
    ['a number with null for its requirements', numbersInFull, { ...number, regulatory_requirements: null }],
    ['a porting order without its documents', portingInFull, { id: 'p', status: 'draft' }],
    [
      'a porting order with null for its documents',
      portingInFull,
      { id: 'p', status: 'draft', documents: null },
    ],
    [
      'a requirement of a porting order without a value',
      (client) => listPortingRequirementsInFull(client, ID),
      { requirement_type_id: 'r' },
    ],
  ])('are not believed: %s', async (_, ask, row) => {
    expect(
      await failureOf(
        ask(
          answering(() => [row]),
          ID,
        ),
      ),
    ).toBeInstanceOf(MalformedAnswerError);
  });

  it('may leave out what does not matter any more', async () => {
    const rows = [{ ...number, status: 'failure', regulatory_requirements: null }];
    const numbers = listAllNumberOrderPhoneNumbersInFull(
      answering(() => rows),
      ({ status }) => status !== 'failure',
    );
    expect(await numbers).toEqual([]);
  });
});

describe('the answer to a POST', () => {
  it.each([
    ['an unsafe number for an id', { data: { id: 2 ** 61 } }],
    ['a list for an id', { data: { id: [CANARY] } }],
    ['no id', { data: {} }],
    ['a list', { data: [] }],
    ['nothing', null],
  ])('that has %s is malformed, and the POST is not sent again', async (_, body) => {
    const client = answering(() => body);
    const made = createGroup(client, {
      combination: GERMAN,
      reference: 'mine' as never,
      values: [],
    });
    const error = await failureOf(made);
    expect(error).toBeInstanceOf(MalformedAnswerError);
    expect(error.message).toMatch(/^POST \/requirement_groups answered a row (whose `id`|that) is /);
    expect(error.message).toContain('regsync does not know the new id. Apply again in a minute');
    expect(error.message).not.toContain('Canary');
    expect(client.sent).toHaveLength(1);
  });
});

/** An ordered number of which nothing is said but what it must have. */
const BARE_NUMBER = {
  id: 'n',
  phoneNumber: '+49300000001',
  numberOrderId: null,
  subNumberOrderId: null,
  countryCode: null,
  phoneNumberType: null,
  status: null,
  requirementsStatus: null,
  requirementsMet: null,
  deadlineMs: null,
  locality: null,
  requirements: [],
};
const BARE_CRITERIA = {
  minLength: null,
  maxLength: null,
  acceptableCharacters: null,
  acceptableValues: [],
  regex: null,
  caseSensitive: null,
  timeLimit: null,
  localityLimit: null,
};
const BARE_PORTING_ORDER = {
  id: 'p',
  reference: null,
  status: 'draft',
  exceptionCodes: [],
  phoneNumberType: null,
  phoneNumbers: [],
  phoneNumbersCount: null,
  documentIds: [],
  requirementsMet: null,
  settings: [],
};

describe('a row that says all that it can', () => {
  it.each<[string, (row: unknown) => unknown, object, object]>([
    [
      'a group',
      decodeGroup,
      {
        id: 'g',
        user_id: 'u',
        country_code: 'de',
        phone_number_type: 'toll-free-sms',
        action: 'ordering',
        customer_reference: 'mine',
        status: 'pending approval by us',
        created_at: '2026-01-31T09:30:00Z',
        regulatory_requirements: [
          {
            requirement_id: 'R-A',
            field_type: 'document_id',
            field_value: 'd',
            status: 'pending approval by us',
            expires_at: '2027-01-01T00:00:00Z',
          },
        ],
      },
      {
        id: 'g',
        userId: 'u',
        combination: { countryCode: 'DE', phoneNumberType: 'toll_free_sms', action: 'ordering' },
        reference: 'mine',
        status: 'pending-approval-by-us',
        createdAt: '2026-01-31T09:30:00Z',
        requirements: [
          {
            requirementId: 'r-a',
            fieldType: 'document',
            value: '«d»',
            status: 'pending-approval-by-us',
            expiresAt: '2027-01-01T00:00:00Z',
          },
        ],
      },
    ],
    [
      'a document',
      decodeDocument,
      {
        id: 'd',
        customer_reference: 'mine',
        sha256: 'ABC0',
        status: 'verified',
        av_scan_status: 'scanned',
        created_at: '2026-01-31T09:30:00Z',
      },
      {
        id: 'd',
        reference: 'mine',
        sha256: 'abc0',
        status: 'verified',
        scanStatus: 'scanned',
        createdAtMs: Date.UTC(2026, 0, 31, 9, 30),
      },
    ],
    ['a document link', decodeDocumentLink, { document_id: 'd' }, { documentId: 'd' }],
    [
      'a comment of a reviewer',
      decodeComment,
      {
        id: 'c',
        body: 'Please send page 2',
        commenter: 'reviewer@example.com',
        commenter_type: 'admin',
        created_at: '2026-01-31T09:30:00Z',
        read_at: '2026-02-01T09:30:00Z',
        comment_record_id: 'g',
      },
      {
        id: 'c',
        body: 'Please send page 2',
        byReviewer: true,
        commenter: 'reviewer@example.com',
        createdAt: '2026-01-31T09:30:00Z',
        readAt: '2026-02-01T09:30:00Z',
        recordId: 'g',
      },
    ],
    [
      'a comment of a user',
      decodeComment,
      { body: 'Here', commenter_type: 'user', created_at: '2026-01-31T09:30:00Z', comment_record_id: 'g' },
      {
        id: null,
        body: 'Here',
        byReviewer: false,
        commenter: null,
        createdAt: '2026-01-31T09:30:00Z',
        readAt: null,
        recordId: 'g',
      },
    ],
    [
      'a comment on a porting order',
      decodePortingComment,
      {
        id: 'c',
        porting_order_id: 'p',
        body: 'Which name?',
        user_type: 'admin',
        created_at: '2026-01-31T09:30:00Z',
      },
      {
        id: 'c',
        orderId: 'p',
        body: 'Which name?',
        userType: 'admin',
        byReviewer: true,
        createdAt: '2026-01-31T09:30:00Z',
      },
    ],
    [
      'an action requirement of a sub order',
      decodeSubOrderAction,
      {
        regulatory_requirement_id: 'R',
        fields_required: [{ name: 'first_name', description: 'Given name', type: 'string', value: 'Jo' }],
        requirement_action: { type: 'id_verification', value: 'https://verify.example.com/1' },
      },
      {
        requirementId: 'r',
        fields: [{ name: 'first_name', description: 'Given name', value: '«Jo»' }],
        link: '«https://verify.example.com/1»',
      },
    ],
    [
      'an action requirement of a porting order',
      decodePortingAction,
      {
        id: 'a',
        porting_order_id: 'p',
        requirement_type_id: 'R',
        action_type: 'au_id_verification',
        status: 'cancelled',
        action_url: 'https://verify.example.com/1',
        cancel_reason: 'Too late',
      },
      {
        id: 'a',
        orderId: 'p',
        requirementId: 'r',
        actionType: 'au_id_verification',
        status: 'cancelled',
        link: '«https://verify.example.com/1»',
        cancelReason: 'Too late',
      },
    ],
    [
      'an advanced order',
      decodeAdvancedOrder,
      {
        id: 'o',
        customer_reference: 'mine',
        country_code: 'fr',
        phone_number_type: 'toll-free',
        status: 'hold',
        requirement_group_id: 'g',
        quantity: '3',
        orders: ['n'],
      },
      {
        id: 'o',
        reference: 'mine',
        countryCode: 'FR',
        phoneNumberTypes: ['toll_free'],
        status: 'hold',
        groupId: 'g',
        quantity: 3,
        numberOrderIds: ['n'],
      },
    ],
    [
      'an advanced order whose words are lists',
      decodeAdvancedOrder,
      { id: 'o', phone_number_type: ['local', 'mobile'], status: ['pending'] },
      {
        id: 'o',
        reference: null,
        countryCode: null,
        phoneNumberTypes: ['local', 'mobile'],
        status: 'pending',
        groupId: null,
        quantity: null,
        numberOrderIds: [],
      },
    ],
    [
      'a number order',
      decodeNumberOrder,
      {
        id: 'o',
        customer_reference: 'mine',
        status: 'pending',
        requirements_met: false,
        sub_number_orders_ids: ['s', 's2'],
        phone_numbers: [{ id: 'n', phone_number: '+49300000001' }],
        phone_numbers_count: 51,
        connection_id: 7,
        messaging_profile_id: 'm',
        billing_group_id: 'b',
        created_at: '2026-01-31T09:30:00Z',
      },
      {
        id: 'o',
        reference: 'mine',
        status: 'pending',
        requirementsMet: false,
        subNumberOrderIds: ['s', 's2'],
        phoneNumbers: [BARE_NUMBER],
        phoneNumbersCount: 51,
        settings: { connection_id: '7', messaging_profile_id: 'm', billing_group_id: 'b' },
        createdAtMs: Date.UTC(2026, 0, 31, 9, 30),
      },
    ],
    [
      'a sub order',
      decodeSubNumberOrder,
      {
        id: 's',
        order_request_id: 'o',
        country_code: 'de',
        phone_number_type: 'toll-free-sms',
        customer_reference: 'mine',
        status: 'pending',
        requirements_met: true,
        phone_numbers_count: 1,
        regulatory_requirements: [{ requirement_id: 'R-A' }],
        phone_numbers: [{ id: 'n', phone_number: '+49300000001' }],
      },
      {
        id: 's',
        numberOrderId: 'o',
        countryCode: 'DE',
        phoneNumberType: 'toll_free_sms',
        reference: 'mine',
        status: 'pending',
        requirementsMet: true,
        phoneNumbersCount: 1,
        requirementIds: ['r-a'],
        phoneNumbers: [BARE_NUMBER],
      },
    ],
    [
      'an ordered number',
      decodeOrderedNumber,
      {
        id: 'n',
        phone_number: '+49300000001',
        order_request_id: 'o',
        sub_number_order_id: 's',
        country_code: 'de',
        phone_number_type: 'toll-free-sms',
        status: 'pending',
        requirements_status: 'requirement-info-pending',
        requirements_met: true,
        deadline: '2026-01-31T09:30:00Z',
        locality: 'BERLIN',
        regulatory_requirements: [
          {
            requirement_id: 'R-A',
            field_type: 'address',
            field_value: 7,
            status: 'pending approval by us',
            requirement_status: 'other',
          },
        ],
      },
      {
        id: 'n',
        phoneNumber: '+49300000001',
        numberOrderId: 'o',
        subNumberOrderId: 's',
        countryCode: 'DE',
        phoneNumberType: 'toll_free_sms',
        status: 'pending',
        requirementsStatus: 'requirement-info-pending',
        requirementsMet: true,
        deadlineMs: Date.UTC(2026, 0, 31, 9, 30),
        locality: 'BERLIN',
        requirements: [
          { requirementId: 'r-a', fieldType: 'address', value: '«7»', status: 'pending-approval-by-us' },
        ],
      },
    ],
    [
      'a porting order',
      decodePortingOrder,
      {
        id: 'p',
        customer_reference: 'mine',
        status: { value: 'exception', details: [{ code: 'OTHER', description: 'private' }, {}] },
        phone_number_type: 'toll-free-sms',
        phone_numbers: [{ phone_number: '+49300000001' }, {}],
        porting_phone_numbers_count: 2,
        documents: { loa: 'd', invoice: null },
        requirements: [{ field_value: 'd' }, { field_value: 'd2' }, { field_value: '' }],
        requirements_met: true,
        webhook_url: 'https://hooks.example.com',
        end_user: {
          admin: { entity_name: 'Example GmbH', account_number: 7 },
          location: { country_code: 'DE' },
        },
        activation_settings: { foc_datetime_requested: '2026-01-31T09:30:00Z' },
        misc: null,
        messaging: { enable_messaging: 'false' },
        phone_number_configuration: { tags: ['a', 'b'], connection_id: '' },
        user_feedback: { user_rating: '4' },
      },
      {
        id: 'p',
        reference: 'mine',
        status: 'exception',
        exceptionCodes: ['OTHER'],
        phoneNumberType: 'toll_free_sms',
        phoneNumbers: ['+49300000001'],
        phoneNumbersCount: 2,
        documentIds: ['d', 'd2'],
        requirementsMet: true,
        settings: [
          ['customer_reference', '«mine»'],
          ['webhook_url', '«https://hooks.example.com»'],
          ['end_user.admin.entity_name', '«Example GmbH»'],
          ['end_user.admin.account_number', '«7»'],
          ['end_user.location.country_code', '«DE»'],
          ['misc.type', null],
          ['misc.remaining_numbers_action', null],
          ['misc.new_billing_phone_number', null],
          ['messaging.enable_messaging', false],
          ['activation_settings.foc_datetime_requested', '«2026-01-31T09:30:00Z»'],
          ['phone_number_configuration.connection_id', null],
          ['phone_number_configuration.tags', ['«a»', '«b»']],
          ['user_feedback.user_rating', 4],
          ['documents.loa', '«d»'],
          ['documents.invoice', null],
        ],
      },
    ],
    [
      'a porting order with its status as a text',
      decodePortingOrder,
      { id: 'p', status: 'draft' },
      BARE_PORTING_ORDER,
    ],
    [
      'a requirement of a porting order, with its type as an object',
      decodePortingRequirement,
      {
        requirement_type: { id: 'R-A', name: 'Contact' },
        requirement_type_id: 'other',
        field_type: 'textual',
        field_value: 'x',
        status: 'other',
        requirement_status: 'requirement info pending',
      },
      {
        requirementId: 'r-a',
        fieldType: 'textual',
        value: '«x»',
        status: 'requirement-info-pending',
        name: 'Contact',
      },
    ],
    [
      'a requirement of a porting order, with the id of its type alone',
      decodePortingRequirement,
      { requirement_type_id: 'R-A', field_type: 'text', requirement_status: 'approved' },
      { requirementId: 'r-a', fieldType: 'textual', value: '«»', status: 'approved', name: null },
    ],
    [
      'a row of the catalogue',
      decodeRequirementSet,
      {
        country_code: 'de',
        phone_number_type: 'toll-free-sms',
        action: 'porting',
        locality: 'BERLIN',
        version: '3',
        effective_start_at: '2026-01-31T09:30:00Z',
        requirement_types: [
          {
            id: 'R-A',
            name: 'Contact',
            label: 'Other',
            type: 'datetime',
            field_type: 'other',
            description: 'Whom to ask',
            example: '+49 30 0000000',
            acceptance_criteria: {
              min_length: '5',
              max_length: 9,
              acceptable_characters: 'a-z',
              acceptable_values: ['a', '', 'b'],
              regex: '^x',
              case_sensitive: 'yes',
              time_limit: 'Current',
              locality_limit: 'Same country',
            },
          },
        ],
        requirements_types: [{ id: 'other' }],
      },
      {
        countryCode: 'DE',
        phoneNumberType: 'toll_free_sms',
        action: 'porting',
        locality: 'BERLIN',
        version: 3,
        effectiveStartAt: '2026-01-31T09:30:00Z',
        requirements: [
          {
            id: 'r-a',
            name: 'Contact',
            fieldType: 'datetime',
            description: 'Whom to ask',
            example: '+49 30 0000000',
            criteria: {
              minLength: 5,
              maxLength: 9,
              acceptableCharacters: 'a-z',
              acceptableValues: ['a', 'b'],
              regex: '^x',
              caseSensitive: true,
              timeLimit: 'Current',
              localityLimit: 'Same country',
            },
          },
        ],
      },
    ],
    [
      'a row of regulatory requirements',
      decodeRegulatory,
      {
        country_code: 'de',
        phone_number_type: 'toll-free-sms',
        action: 'porting',
        regulatory_requirements: [{ id: 'R-A', label: 'Contact', type: 'other', field_type: 'address_id' }],
      },
      {
        countryCode: 'DE',
        phoneNumberType: 'toll_free_sms',
        action: 'porting',
        requirements: [
          {
            id: 'r-a',
            name: 'Contact',
            fieldType: 'address',
            description: '',
            example: '',
            criteria: BARE_CRITERIA,
          },
        ],
      },
    ],
  ])('is decoded whole: %s', (_, decode, row, decoded) => {
    expect(bare(decode(row))).toEqual(decoded);
  });

  it('is decoded whole: an address, without the fields that are empty', () => {
    const given = { id: 7, customer_reference: 'mine', created_at: '2026-01-31T09:30:00Z' };
    const row = decodeAddress({ ...given, locality: 'Berlin', postal_code: 10117, business_name: '' });
    expect(bare(row)).toEqual({
      id: '7',
      reference: 'mine',
      fields: [
        ['locality', '«Berlin»'],
        ['postal_code', '«10117»'],
      ],
      createdAtMs: Date.UTC(2026, 0, 31, 9, 30),
    });
  });
});

describe('a row that says no more than it must', () => {
  const bareGroup = {
    id: 'g',
    country_code: 'DE',
    phone_number_type: 'local',
    action: 'ordering',
    status: 'x',
  };

  it.each<[string, (row: unknown) => unknown, object, object]>([
    [
      'a group',
      decodeGroup,
      { ...bareGroup, regulatory_requirements: [{ requirement_id: 'r' }] },
      {
        id: 'g',
        userId: null,
        combination: { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' },
        reference: null,
        status: 'x',
        createdAt: null,
        requirements: [
          { requirementId: 'r', fieldType: 'unknown', value: '«»', status: null, expiresAt: null },
        ],
      },
    ],
    [
      'a document',
      decodeDocument,
      { id: 'd', created_at: 'yesterday' },
      { id: 'd', reference: null, sha256: null, status: null, scanStatus: null, createdAtMs: null },
    ],
    [
      'a comment',
      decodeComment,
      {},
      {
        id: null,
        body: '',
        byReviewer: false,
        commenter: null,
        createdAt: '',
        readAt: null,
        recordId: null,
      },
    ],
    [
      'a comment on a porting order',
      decodePortingComment,
      {},
      { id: null, orderId: null, body: '', userType: null, byReviewer: false, createdAt: '' },
    ],
    [
      'an action requirement of a sub order',
      decodeSubOrderAction,
      { regulatory_requirement_id: 'r' },
      { requirementId: 'r', fields: [], link: null },
    ],
    [
      'an action requirement of a sub order that has no link yet',
      decodeSubOrderAction,
      {
        regulatory_requirement_id: 'r',
        fields_required: [{ name: 'x' }],
        requirement_action: { value: null },
      },
      { requirementId: 'r', fields: [{ name: 'x', description: '', value: null }], link: null },
    ],
    [
      'an action requirement of a porting order',
      decodePortingAction,
      { id: 'a', status: 'created' },
      {
        id: 'a',
        orderId: null,
        requirementId: null,
        actionType: null,
        status: 'created',
        link: null,
        cancelReason: null,
      },
    ],
    [
      'a number order',
      decodeNumberOrder,
      { id: 'o', status: 'pending' },
      {
        id: 'o',
        reference: null,
        status: 'pending',
        requirementsMet: null,
        subNumberOrderIds: [],
        phoneNumbers: [],
        phoneNumbersCount: null,
        settings: { connection_id: null, messaging_profile_id: null, billing_group_id: null },
        createdAtMs: null,
      },
    ],
    [
      'a sub order',
      decodeSubNumberOrder,
      { id: 's', country_code: 'DE', phone_number_type: 'local', status: 'pending', phone_numbers: null },
      {
        id: 's',
        numberOrderId: null,
        countryCode: 'DE',
        phoneNumberType: 'local',
        reference: null,
        status: 'pending',
        requirementsMet: null,
        phoneNumbersCount: null,
        requirementIds: [],
        phoneNumbers: null,
      },
    ],
    ['an ordered number', decodeOrderedNumber, { id: 'n', phone_number: '+49300000001' }, BARE_NUMBER],
    ['a porting order', decodePortingOrder, { id: 'p', status: { value: 'draft' } }, BARE_PORTING_ORDER],
    [
      'a row of the catalogue, under the former name of its list',
      decodeRequirementSet,
      { country_code: 'DE', requirements_types: [{ id: 'r' }] },
      {
        countryCode: 'DE',
        phoneNumberType: null,
        action: 'both',
        locality: null,
        version: null,
        effectiveStartAt: null,
        requirements: [
          { id: 'r', name: '', fieldType: 'unknown', description: '', example: '', criteria: BARE_CRITERIA },
        ],
      },
    ],
  ])('is decoded whole: %s', (_, decode, row, decoded) => {
    expect(bare(decode(row))).toEqual(decoded);
  });

  it.each([
    ['textual', 'textual'],
    ['text', 'textual'],
    ['datetime', 'datetime'],
    ['document', 'document'],
    ['document_id', 'document'],
    ['address', 'address'],
    ['address_id', 'address'],
    ['action', 'action'],
    ['hologram', 'unknown'],
    [undefined, 'unknown'],
  ])('has a type by whichever name it has it: %s is %s', (field_type, fieldType) => {
    const row = { ...bareGroup, regulatory_requirements: [{ requirement_id: 'r', field_type }] };
    expect(decodeGroup(row).requirements.map((one) => one.fieldType)).toEqual([fieldType]);
  });

  it('has criteria that are sentences in the place of a list: then there are none', () => {
    const acceptance_criteria = { acceptable_values: 'Any of the following: a, b', min_length: 'five' };
    const row = { country_code: 'DE', requirement_types: [{ id: 'r', acceptance_criteria }] };
    expect(decodeRequirementSet(row).requirements.map(({ criteria }) => criteria)).toEqual([BARE_CRITERIA]);
  });

  it('that is a porting order says where one of its documents is malformed', () => {
    expect(() => decodePortingOrder({ id: 'p', status: 'draft', documents: { loa: true } })).toThrow(
      'a row whose `documents.loa` is true or false, not an id',
    );
  });

  it('has a reference, whatever it is a row of', () => {
    expect([{ customer_reference: 'mine' }, { customer_reference: '' }, {}].map(decodeReference)).toEqual([
      'mine',
      null,
      null,
    ]);
  });
});

describe('a row that has to say all that it holds', () => {
  const value = { requirement_id: 'r', field_value: null };
  const number = { id: 'n', phone_number: '+49300000001' };
  const group = { id: 'g', country_code: 'DE', phone_number_type: 'local', action: 'ordering', status: 'x' };

  it.each<[string, (row: unknown) => unknown, (row: unknown) => unknown, object]>([
    ['a group', decodeGroupInFull, decodeGroup, { ...group, regulatory_requirements: [value] }],
    [
      'an ordered number',
      decodeOrderedNumberInFull,
      decodeOrderedNumber,
      { ...number, regulatory_requirements: [value] },
    ],
    [
      'a requirement of a porting order',
      decodePortingRequirementInFull,
      decodePortingRequirement,
      { requirement_type_id: 'r', field_value: null },
    ],
    [
      'a porting order',
      decodePortingOrderInFull,
      decodePortingOrder,
      { id: 'p', status: 'draft', documents: {} },
    ],
  ])('is decoded as any other where it does: %s', (_, decodeInFull, decode, row) => {
    expect(bare(decodeInFull(row))).toEqual(bare(decode(row)));
  });

  it.each<[string, (row: unknown) => unknown, unknown, string]>([
    ['a group', decodeGroupInFull, group, 'a row whose `regulatory_requirements` is missing, not a list'],
    [
      'a group',
      decodeGroupInFull,
      { ...group, regulatory_requirements: [{ requirement_id: 'r' }] },
      'a row whose `regulatory_requirements[].field_value` is missing, not a text',
    ],
    [
      'an ordered number',
      decodeOrderedNumberInFull,
      { ...number, regulatory_requirements: null },
      'a row whose `regulatory_requirements` is null, not a list',
    ],
    [
      'a requirement of a porting order',
      decodePortingRequirementInFull,
      { requirement_type_id: 'r' },
      'a row whose `field_value` is missing, not a text',
    ],
    [
      'a porting order',
      decodePortingOrderInFull,
      { id: 'p', status: 'draft' },
      'a row whose `documents` is missing, not an object',
    ],
  ])('is malformed where it does not: %s', (_, decode, row, message) => {
    expect(() => decode(row)).toThrow(expect.objectContaining({ message }));
  });

  it.each<[string, (row: unknown) => unknown]>([
    ['a requirement group', decodeGroup],
    ['a requirement group', decodeGroupInFull],
    ['a document', decodeDocument],
    ['an address', decodeAddress],
    ['a document link', decodeDocumentLink],
    ['a comment', decodeComment],
    ['a number order', decodeNumberOrder],
    ['a sub number order', decodeSubNumberOrder],
    ['a phone number of an order', decodeOrderedNumber],
    ['a phone number of an order', decodeOrderedNumberInFull],
    ['a porting order', decodePortingOrder],
    ['a porting order', decodePortingOrderInFull],
    ['a requirement of a porting order', decodePortingRequirement],
    ['a requirement of a porting order', decodePortingRequirementInFull],
    ['a requirement', decodeRequirementSet],
    ['a regulatory requirement', decodeRegulatory],
    ['a row', decodeReference],
  ])('is no text in the place of %s', (noun, decode) => {
    expect(() => decode('canary')).toThrow(
      expect.objectContaining({ message: `a row that is a text, not ${noun}` }),
    );
  });
});

function groupDecoder(): Decoder {
  return DECODERS['a requirement group'] ?? never();
}

function numbersInFull(client: ReadClient) {
  return listAllNumberOrderPhoneNumbersInFull(client, () => true);
}

function portingInFull(client: ReadClient) {
  return listPortingOrdersInFull(client, () => true);
}

function never(): never {
  throw new Error('It is there');
}

function failureOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: unknown) => error as Error,
  );
}
