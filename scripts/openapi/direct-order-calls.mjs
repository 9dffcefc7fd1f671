/** The endpoints of orders, with every parameter that is described, and mistakes. */

export const CONTACT_INFO = '2708e569-696a-4fc7-9305-5fdb3eb9c7dd';
export const PROOF_OF_ADDRESS = '6a09cdc3-8948-47f0-aa62-74ac943d6c58';
/** No id of anything. */
export const NOWHERE = '00000000-0000-4000-8000-000000000000';

export async function handleNumberOrders(api, control) {
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

export async function handlePortingOrders(api, control) {
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

export async function handleAdvancedOrders(api, control) {
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
