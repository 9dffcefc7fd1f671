import {
  CONTACT_INFO,
  handleAdvancedOrders,
  handleNumberOrders,
  handlePortingOrders,
  NOWHERE,
  PROOF_OF_ADDRESS,
} from './direct-order-calls.mjs';
import { connect } from './plain-client.mjs';

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
