import { describe, expect, it } from 'vitest';
import { MalformedAnswerError, UnreachableError } from '../../src/model/errors.ts';
import { asRemoteId, type RemoteId } from '../../src/model/resource.ts';
import { reveal } from '../../src/model/sensitive.ts';
import { openReadClient, openWriteClient } from '../../src/telnyx/client.ts';
import {
  createGroup,
  getAddress,
  getDocument,
  getGroup,
  getNumberOrder,
  getNumberOrderPhoneNumber,
  getPortingOrder,
  getRegulatoryRequirements,
  getSubNumberOrder,
  listAddresses,
  listAllNumberOrderPhoneNumbersInFull,
  listDocumentLinks,
  listGroupComments,
  listGroups,
  listGroupsInFull,
  listNumberOrdersByReference,
  listPortingOrdersInFull,
  listPortingRequirements,
  listPortingRequirementsInFull,
  listRequirementSets,
} from '../../src/telnyx/endpoints.ts';
import { answerJson, optionsFor, serve } from './scripted-server.ts';

const ID = asRemoteId('5ef8ab9b-0000-4000-8000-000000000001');
const GERMAN = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
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
  flag: ['7', `["${CANARY}"]`, `{"a":"${CANARY}"}`],
} as const;
type Kind = keyof typeof WRONG;

/** `id!`: without it the row is none. `a.b` and `a.0.b` are nested. */
interface Decoder {
  readonly request: string;
  /** With the id that the row says to have, where one is asked for. */
  readonly ask: (client: ReturnType<typeof openReadClient>, id: RemoteId) => Promise<unknown>;
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
    fields: { body: 'text', commenter_type: 'text', created_at: 'text', comment_record_id: 'entered' },
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

async function serveRows() {
  let body: unknown = null;
  const server = await serve((response) => answerJson(response, body));
  const client = openReadClient(optionsFor(server));
  const answer = (row: unknown, { answer: how, ask }: Decoder) => {
    body = how === 'list' ? { data: [row], meta: { total_results: 1, total_pages: 1 } } : { data: row };
    const { id } = (row ?? {}) as { readonly id?: unknown };
    const isAskable = typeof id === 'number' || (typeof id === 'string' && id !== '');
    return ask(client, isAskable ? asRemoteId(`${id}`) : ID);
  };
  return { answer };
}

describe.each(Object.entries(DECODERS))('%s', (_, decoder) => {
  it('is believed as it should be, and when what may be missing is missing or null', async () => {
    const { answer } = await serveRows();
    await expect(answer(decoder.row, decoder)).resolves.toBeDefined();
    for (const path of Object.keys(decoder.fields).filter((path) => !path.endsWith('!'))) {
      if (path.includes('.0') && !path.includes('.0.')) continue;
      for (const json of [null, 'null']) {
        await expect(answer(withField(decoder.row, path, json), decoder), path).resolves.toBeDefined();
      }
    }
  });

  it('is not believed when a field is of the wrong type, and no error repeats what it holds', async () => {
    const { answer } = await serveRows();
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
    const { answer } = await serveRows();
    expect(await failureOf(answer(JSON.parse(json), decoder))).toBeInstanceOf(MalformedAnswerError);
  });
});

describe('an id', () => {
  it('may be a number that JSON does not round', async () => {
    const { answer } = await serveRows();
    const held = { ...requirement, field_type: 'address', field_value: 9007199254740991 };
    const row = { ...group, id: 42, regulatory_requirements: [held] };
    const { id, requirements } = (await answer(row, groupDecoder())) as Awaited<ReturnType<typeof getGroup>>;
    expect([id, reveal(requirements[0]?.value ?? never())]).toEqual(['42', '9007199254740991']);
  });

  it('that was rounded is named as such', async () => {
    const { answer } = await serveRows();
    const error = await failureOf(answer({ ...group, id: 2 ** 61 }, groupDecoder()));
    expect(error.message).toContain('`id` is a number too large to be read exactly, not an id');
  });

  it('that was rounded to that of another row hides neither of them', async () => {
    const rows = [2 ** 61, 2 ** 61].map((id) => ({ ...group, id }));
    const server = await serve((response) => answerJson(response, rows));
    expect(await failureOf(listAddresses(openReadClient(optionsFor(server))))).toBeInstanceOf(
      MalformedAnswerError,
    );
  });
});

describe('a status', () => {
  it('is one word, whether it comes with a blank, as in guides, or with a hyphen', async () => {
    const { answer } = await serveRows();
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
    const client = openReadClient(optionsFor(server));
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
    const server = await serve((response) =>
      answerJson(response, { data: [row], meta: { total_results: 1 } }),
    );
    expect(await failureOf(ask(openReadClient(optionsFor(server)), ID))).toBeInstanceOf(MalformedAnswerError);
  });

  it('may leave out what does not matter any more', async () => {
    const rows = [{ ...number, status: 'failure', regulatory_requirements: null }];
    const server = await serve((response) =>
      answerJson(response, { data: rows, meta: { total_results: 1 } }),
    );
    const numbers = listAllNumberOrderPhoneNumbersInFull(
      openReadClient(optionsFor(server)),
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
    const server = await serve((response) => answerJson(response, body));
    const made = createGroup(openWriteClient(optionsFor(server)), {
      combination: GERMAN,
      reference: 'mine' as never,
      values: [],
    });
    const error = await failureOf(made);
    expect(error).toBeInstanceOf(MalformedAnswerError);
    expect(error.message).toMatch(/^POST \/requirement_groups answered a row (whose `id`|that) is /);
    expect(error.message).toContain('What it made is not known. Apply again in a minute');
    expect(error.message).not.toContain('Canary');
    expect(server.seen).toHaveLength(1);
  });
});

function groupDecoder(): Decoder {
  return DECODERS['a requirement group'] ?? never();
}

function numbersInFull(client: ReturnType<typeof openReadClient>) {
  return listAllNumberOrderPhoneNumbersInFull(client, () => true);
}

function portingInFull(client: ReturnType<typeof openReadClient>) {
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
