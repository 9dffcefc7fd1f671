import { SAMPLE_KEY } from './rehearsal.mjs';

/**
 * What regsync does not ask of the sandbox, but others may: every endpoint with every parameter that is described, and
 * the mistakes that a client can make.
 * @param stage `{apiUrl, control}`
 * @param refused `[{method, template}]`: what the sandbox does not have.
 */
export async function callDirectly({ apiUrl, control }, refused) {
  const api = connect(apiUrl);
  await readAll(api);
  const documentId = await handleDocuments(api);
  const groupId = await handleGroups(api, documentId);
  await handleAddresses(api);
  await handleComments(api, groupId);
  await handleNumberOrders(api, control);
  await handlePortingOrders(api, control);
  await handleAdvancedOrders(api, control);
  await askForWhatIsRefused(api, refused);
  await makeMistakes(api, groupId);
  await beRefused(api, control);
  await lookDifferent(api, control, groupId);
}

const CONTACT_INFO = '2708e569-696a-4fc7-9305-5fdb3eb9c7dd';
const PROOF_OF_ADDRESS = '6a09cdc3-8948-47f0-aa62-74ac943d6c58';
const NOWHERE = '00000000-0000-4000-8000-000000000000';

async function readAll(api) {
  const { data: sets } = await api.get(
    '/requirements?filter[country_code]=DE&filter[phone_number_type]=local&filter[action]=ordering&page[number]=1&page[size]=5&sort[]=-created_at&version=1',
  );
  await api.get('/requirements?sort[]=country_code&sort[]=phone_number_type&page[size]=250');
  await api.get(`/requirements/${sets[0].id}?version=1`);
  await api.get('/requirement_types?filter[name][contains]=proof&sort[]=-name');
  await api.get('/requirement_types');
  await api.get(`/requirement_types/${CONTACT_INFO}`);
  await api.get('/regulatory_requirements');
  await api.get('/regulatory_requirements?filter[phone_number]=%2B4930000000');
  await api.get('/phone_numbers_regulatory_requirements?filter[phone_number]=%2B4930000000,%2B33100000000');
}

async function handleDocuments(api) {
  const { data: uploaded } = await api.post('/documents', {
    file: Buffer.from('%PDF-1.4\n% SAMPLE document\n%%EOF\n').toString('base64'),
    filename: 'a sample.pdf',
    customer_reference: 'SAMPLE 1',
  });
  await api.upload('/documents', { customer_reference: 'SAMPLE 2' }, '%PDF-1.4\n% SAMPLE form\n%%EOF\n');
  await api.get(
    '/documents?filter[customer_reference][in][]=SAMPLE 1&filter[customer_reference][in][]=SAMPLE 2&filter[filename][contains]=sample&filter[created_at][gt]=2020-01-01T00:00:00Z&filter[created_at][lt]=2099-01-01T00:00:00Z&sort[]=filename&sort[]=-updated_at&page[number]=1&page[size]=2',
  );
  await api.get(`/documents/${uploaded.id}`);
  await api.patch(`/documents/${uploaded.id}`, { filename: 'renamed.pdf', customer_reference: 'SAMPLE 3' });
  await api.get(`/documents/${uploaded.id}/download`);
  await api.get(`/documents/${uploaded.id}/download_link`);
  const { data: unwanted } = await api.post('/documents', {
    file: Buffer.from('unwanted').toString('base64'),
    filename: 'unwanted.txt',
  });
  await api.delete(`/documents/${unwanted.id}`);
  return uploaded.id;
}

async function handleGroups(api, documentId) {
  const { data: group } = await api.post('/requirement_groups', {
    country_code: 'FR',
    phone_number_type: 'local',
    action: 'ordering',
  });
  await api.get(
    '/requirement_groups?filter[country_code]=FR&filter[phone_number_type]=local&filter[action]=ordering&filter[status]=unapproved',
  );
  await api.mistake('POST', `/requirement_groups/${group.id}/submit_for_approval`);
  await api.patch(`/requirement_groups/${group.id}`, {
    customer_reference: 'SAMPLE',
    regulatory_requirements: [{ requirement_id: PROOF_OF_ADDRESS, field_value: documentId }],
  });
  await api.get(
    `/document_links?filter[linked_record_type]=requirement_group&filter[linked_resource_id]=${group.id}`,
  );
  await api.mistake('DELETE', `/documents/${documentId}`);
  await api.get(`/regulatory_requirements?filter[requirement_group_id]=${group.id}`);
  return group.id;
}

async function handleAddresses(api) {
  const address = {
    first_name: 'Jo',
    last_name: 'Example',
    business_name: 'Example Inc.',
    phone_number: '+1 555 0100',
    street_address: '1 Example Street',
    extended_address: 'Floor 3',
    locality: 'Example City',
    administrative_area: 'CA',
    neighborhood: 'Example Heights',
    borough: 'Example Borough',
    postal_code: '90000',
    country_code: 'US',
    customer_reference: 'SAMPLE',
    address_book: true,
    validate_address: true,
  };
  const { data: created } = await api.post('/addresses', address);
  await api.get(`/addresses/${created.id}`);
  await api.get(
    '/addresses?filter[customer_reference]=sample&filter[used_as_emergency]=false&filter[street_address][contains]=example&filter[address_book][eq]=true&sort=street_address&page[number]=1&page[size]=5',
  );
  await api.get('/addresses?filter[customer_reference][contains]=sample');
  const { country_code, street_address, postal_code } = address;
  await api.post('/addresses/actions/validate', { country_code, street_address, postal_code });
  await api.post('/addresses/actions/validate', {
    country_code,
    street_address: 'nowhere',
    postal_code: '-',
  });
  await api.delete(`/addresses/${created.id}`);
}

async function handleComments(api, groupId) {
  const { data: comment } = await api.post('/comments', {
    body: 'Is anything missing?',
    comment_record_type: 'requirement_group',
    comment_record_id: groupId,
  });
  await api.get(
    `/comments?filter[comment_record_type]=requirement_group&filter[comment_record_id]=${groupId}`,
  );
  await api.get(`/comments/${comment.id}`);
  await api.patch(`/comments/${comment.id}/read`);
}

async function handleNumberOrders(api, control) {
  const { data: order } = await api.post('/number_orders', {
    phone_numbers: [{ phone_number: '+33100000001', bundle_id: 'bc8e4d67-33a0-4cbb-af74-7b58f05bd494' }],
  });
  const orderPath = `/number_orders/${order.id}`;
  await api.get(
    '/number_orders?filter[status]=pending&filter[created_at][gt]=2020-01-01T00:00:00Z&filter[created_at][lt]=2099-01-01T00:00:00Z&filter[phone_numbers_count]=1&filter[customer_reference]=SAMPLE&filter[requirements_met]=false&page[number]=1&page[size]=5',
  );
  await api.get(
    `/sub_number_orders?filter[status]=pending&filter[order_request_id]=${order.id}&filter[country_code]=FR&filter[phone_number_type]=local&filter[phone_numbers_count]=1`,
  );
  const { data: read } = await api.get(orderPath);
  const numberPath = `/number_order_phone_numbers/${read.phone_numbers[0].id}`;
  const subOrderPath = `/sub_number_orders/${read.sub_number_orders_ids[0]}`;
  await api.get('/number_order_phone_numbers');
  await api.get(`${subOrderPath}?filter[include_phone_numbers]=false`);
  await api.mistake('POST', `${subOrderPath}/requirement_group`, { requirement_group_id: NOWHERE });
  await api.mistake('POST', `${numberPath}/requirement_group`, {});
  await api.mistake('PATCH', numberPath, { regulatory_requirements: [{ requirement_id: NOWHERE }] });
  await api.post('/comments', {
    body: 'Is anything missing?',
    comment_record_type: 'sub_number_order',
    comment_record_id: read.sub_number_orders_ids[0],
  });
  await control(`number_orders/${order.id}/decline`, { requirement_ids: [PROOF_OF_ADDRESS] });
  await api.get(numberPath);
  await api.patch(`${subOrderPath}/cancel`);
  for (const path of [orderPath, subOrderPath, numberPath]) await api.get(path);
  await api.mistake('PATCH', `${subOrderPath}/cancel`);
}

async function handlePortingOrders(api, control) {
  const { id } = await control('porting_orders', { phone_numbers: ['+49300000002'] });
  const { data: invoice } = await api.post('/documents', {
    file: Buffer.from('%PDF-1.4\n% SAMPLE invoice\n%%EOF\n').toString('base64'),
    filename: 'invoice.pdf',
  });
  await api.patch(`/porting_orders/${id}`, {
    customer_reference: 'SAMPLE',
    customer_group_reference: 'SAMPLE GROUP',
    webhook_url: 'https://example.com/porting',
    activation_settings: { foc_datetime_requested: '2030-01-31T10:00:00Z' },
    documents: { invoice: invoice.id, loa: null },
    end_user: {
      admin: { entity_name: 'Example GmbH', pin_passcode: null },
      location: { country_code: 'DE', locality: 'Berlin' },
    },
    messaging: { enable_messaging: false },
    misc: { type: 'full' },
    phone_number_configuration: { connection_id: '346789098765567', tags: ['sample'] },
    requirements: [{ requirement_type_id: CONTACT_INFO, field_value: 'Jo Example' }],
    user_feedback: { user_comment: null, user_rating: null },
  });
  await api.get(
    '/porting_orders?filter[customer_reference]=SAMPLE&filter[customer_group_reference]=SAMPLE GROUP&filter[phone_numbers][country_code]=DE&filter[phone_numbers][phone_number][contains]=3000&filter[misc][type]=full&filter[end_user][admin][entity_name]=Example GmbH&sort[value]=-created_at&include_phone_numbers=true&page[number]=1&page[size]=5',
  );
  await api.get(`/porting_orders/${id}?include_phone_numbers=false`);
  await api.get(`/porting_orders/${id}/requirements?page[number]=1&page[size]=1`);
  for (const status of ['submitted', 'foc-date-confirmed', 'ported']) {
    await control(`porting_orders/${id}/move`, { status });
    await api.get(`/porting_orders/${id}`);
  }
  await api.mistake('PATCH', `/porting_orders/${id}`, { requirement_group_id: NOWHERE });
  await handlePortingActions(api, control, id);
}

async function handlePortingActions(api, control, id) {
  await control(`porting_orders/${id}/demand-action`, {});
  const path = `/porting_orders/${id}/action_requirements`;
  const query =
    'filter[status]=created&filter[action_type]=au_id_verification&sort[value]=-updated_at&page[number]=1&page[size]=5';
  const { data: actions } = await api.get(`${path}?${query}`);
  const [action] = actions;
  await api.get(
    `${path}?filter[id][]=${action.id}&filter[requirement_type_id]=${action.requirement_type_id}`,
  );
  await api.mistake('POST', `${path}/${action.id}/initiate`, { first_name: 'Jo', last_name: 'Example' });
  await api.mistake('POST', `${path}/${NOWHERE}/initiate`, {
    params: { first_name: 'Jo', last_name: 'Example' },
  });
  await api.mistake('POST', `/porting_orders/${id}/comments`, {});
  await api.get(`/porting_orders/${id}/comments?page[number]=1&page[size]=5`);
}

async function handleAdvancedOrders(api, control) {
  const path = (id) => `/advanced_orders/${id}/requirement_group`;
  const { id } = await api.post('/advanced_orders', ADVANCED_ORDER);
  await api.get('/advanced_orders');
  await api.get(`/advanced_orders/${id}`);
  await api.mistake('PATCH', path(id), { requirement_group_id: NOWHERE });
  await api.mistake('PATCH', path(NOWHERE), { requirement_group_id: NOWHERE });
  await api.mistake('POST', '/advanced_orders', { quantity: 0 });
  await control(`advanced_orders/${id}/ask`, { comment: 'In which town?' });
  await api.post('/comments', {
    body: 'In any.',
    comment_record_type: 'advanced_number_order',
    comment_record_id: id,
  });
  await api.get(
    `/comments?filter[comment_record_type]=advanced_number_order&filter[comment_record_id]=${id}`,
  );
  await control('quirks', { advanced_orders_envelope: 'data', advanced_orders_words: 'list' }, 'PATCH');
  await api.get('/advanced_orders');
  await api.get(`/advanced_orders/${id}`);
  await control('quirks', { advanced_orders_envelope: 'bare', advanced_orders_words: 'text' }, 'PATCH');
}

const ADVANCED_ORDER = {
  country_code: 'FR',
  phone_number_type: 'local',
  area_code: '1',
  comments: 'Any town',
  customer_reference: 'SAMPLE',
  features: ['voice'],
  quantity: 2,
};

async function askForWhatIsRefused(api, refused) {
  for (const { method, template } of refused) {
    const path = template.replaceAll(/\{[^}]+\}/g, NOWHERE);
    await api.mistake(method, path, method === 'POST' ? {} : undefined);
  }
}

/** Requests that break the description on purpose: only their answers are checked. */
async function makeMistakes(api, groupId) {
  for (const path of [
    `/requirement_groups/${NOWHERE}`,
    `/requirements/${NOWHERE}`,
    `/requirement_types/${NOWHERE}`,
    `/documents/${NOWHERE}`,
    '/addresses/1',
    `/comments/${NOWHERE}`,
    `/number_orders/${NOWHERE}`,
    `/sub_number_orders/${NOWHERE}`,
    `/number_order_phone_numbers/${NOWHERE}`,
    `/porting_orders/${NOWHERE}`,
    `/porting_orders/${NOWHERE}/comments`,
    `/porting_orders/${NOWHERE}/action_requirements`,
    `/advanced_orders/${NOWHERE}`,
    `/external_requirements/${NOWHERE}/sub_number_orders/${NOWHERE}`,
  ]) {
    await api.mistake('GET', path);
  }
  await api.mistake('POST', '/requirement_groups', {});
  await api.mistake('POST', '/requirement_groups', '{');
  await api.mistake('POST', '/requirement_groups', 'text', 'text/plain');
  await api.mistake('PATCH', `/requirement_groups/${groupId}`, {
    regulatory_requirements: [{ requirement_id: PROOF_OF_ADDRESS, field_value: 'no document' }],
  });
  await api.mistake('GET', '/requirement_groups?page[size]=1000');
  await api.mistake('POST', '/documents', { filename: 'empty.pdf' });
  await api.mistake('POST', '/addresses', {});
  await api.mistake('POST', '/addresses/actions/validate', {});
  await api.mistake('POST', '/comments', {});
  await api.mistake('POST', '/number_orders', {});
  await api.mistake('POST', '/number_orders', { phone_numbers: [{ phone_number: '+41100000001' }] });
}

async function beRefused(api, control) {
  for (const path of [
    '/requirement_groups',
    '/requirements',
    '/documents',
    '/addresses',
    '/comments',
    '/number_orders',
    '/sub_number_orders',
    '/number_order_phone_numbers',
    '/porting_orders',
    '/porting_orders/exception_types',
    '/advanced_orders',
  ]) {
    await api.mistake('GET', path, undefined, undefined, { authorization: 'Bearer none' });
    const stranger = { key: 'KEY_stranger', state: 'forbidden' };
    await control('keys', stranger);
    await api.mistake('GET', path, undefined, undefined, { authorization: `Bearer ${stranger.key}` });
    await control('rate-limit', { limit: 0, windowMs: 60_000 }, 'PUT');
    await api.mistake('GET', path);
    await control('rate-limit', {}, 'PUT');
  }
}

/** The same as before under the API's other guises: bare groups, unset fields as null, deletions without a body. */
async function lookDifferent(api, control, groupId) {
  await control(`groups/${groupId}/retire`, {});
  await api.get(`/requirement_groups/${groupId}`);
  await control('quirks', { groups_list_envelope: 'bare' }, 'PATCH');
  await api.get('/requirement_groups');
  await api.get(`/requirement_groups/${groupId}`);
  await control(
    'quirks',
    { unset_fields: 'null', delete_answer: 204, requirements_array: 'requirements_types' },
    'PATCH',
  );
  for (const path of ['/documents', '/addresses', '/comments', '/requirements', '/requirement_types']) {
    await api.get(path);
  }
  await api.get('/regulatory_requirements?filter[country_code]=DE');
  await api.delete(`/requirement_groups/${groupId}`);
}

function connect(apiUrl) {
  const send = async (method, path, options = {}) => {
    const { body, headers = {}, mayFail = false } = options;
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${SAMPLE_KEY}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    if (answer.ok !== !mayFail) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return (answer.headers.get('content-type') ?? '').includes('json') ? JSON.parse(text) : null;
  };
  const json = (value) => ({ body: JSON.stringify(value), headers: { 'content-type': 'application/json' } });
  return {
    get: (path) => send('GET', path),
    post: (path, value) => send('POST', path, json(value)),
    patch: (path, value) => send('PATCH', path, value === undefined ? {} : json(value)),
    delete: (path) => send('DELETE', path),
    upload: (path, fields, content) => {
      const body = new FormData();
      for (const [name, value] of Object.entries(fields)) body.append(name, value);
      body.append('file', new Blob([content]), 'sample.pdf');
      return send('POST', path, { body });
    },
    /** Sent with a header by which the check knows it. */
    mistake: (method, path, body, type = 'application/json', headers = {}) =>
      send(method, path, {
        mayFail: true,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        headers: { ...(body === undefined ? {} : { 'content-type': type }), [MISTAKE]: 'yes', ...headers },
      }),
  };
}

export const MISTAKE = 'x-regsync-mistake';
