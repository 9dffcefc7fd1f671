const OF_SUB_ORDER =
  '/external_requirements/{regulatory_requirement_id}/sub_number_orders/{sub_number_order_id}';

/**
 * The check checked: exchanges broken on purpose, each of which must be found. A check that lets everything pass would
 * look just like one that has nothing to find.
 */
export const SABOTAGE = [
  answer('an address id that is a number', 'GET /addresses', 200, ({ data }) => {
    data[0].id = Number(data[0].id);
  }),
  answer('a property of a group that nobody described', 'GET /requirement_groups', 200, ({ data }) => {
    data[0].surprise = true;
  }),
  answer('a status of a group that nobody described', 'GET /requirement_groups/{id}', 200, ({ data }) => {
    data.status = 'fine';
  }),
  answer('groups in another envelope', 'GET /requirement_groups', 200, (body) => {
    body.rows = body.data;
    delete body.data;
  }),
  answer('a count of pages as text', 'GET /documents', 200, ({ meta }) => {
    meta.total_pages = String(meta.total_pages);
  }),
  answer('a time that is none', 'GET /comments', 200, ({ data }) => {
    data[0].created_at = 'yesterday';
  }),
  answer('an id that is no UUID', 'GET /documents', 200, ({ data }) => {
    data[0].id = 'document-1';
  }),
  answer('an error without a code', 'GET /documents/{id}', 404, ({ errors }) => {
    delete errors[0].code;
  }),
  answer('criteria that are numbers', 'GET /regulatory_requirements', 200, ({ data }) => {
    data[0].regulatory_requirements[0].acceptance_criteria.min_length = 5;
  }),
  answer('a sub order that says which group it carries', 'GET /sub_number_orders', 200, ({ data }) => {
    data[0].requirement_group_id = data[0].id;
  }),
  answer('a number order with a status of numbers', 'GET /number_orders', 200, ({ data }) => {
    data[0].status = 'approved';
  }),
  answer(
    'an ordered number without the form of an id',
    'GET /number_order_phone_numbers',
    200,
    ({ data }) => {
      data[0].sub_number_order_id = 'sub order 1';
    },
  ),
  answer('a porting order with a plain status', 'GET /porting_orders/{id}', 200, ({ data }) => {
    data.status = data.status.value;
  }),
  answer(
    'a porting requirement that is an address',
    'GET /porting_orders/{id}/requirements',
    200,
    ({ data }) => {
      data[0].field_type = 'address';
    },
  ),
  answer(
    'an exception code that nobody described',
    'GET /porting_orders/exception_types',
    200,
    ({ data }) => {
      data[0].code = 'BAD_MOOD';
    },
  ),
  answer('a comment on a porting order by nobody', 'GET /porting_orders/{id}/comments', 200, ({ data }) => {
    data[0].user_type = 'nobody';
  }),
  answer(
    'an action that is halfway',
    'GET /porting_orders/{porting_order_id}/action_requirements',
    200,
    ({ data }) => {
      data[0].status = 'halfway';
    },
  ),
  answer('a link that is an object', `GET ${OF_SUB_ORDER}`, 200, ({ data }) => {
    data.requirement_action.value = { url: data.requirement_action.value };
  }),
  answer('an advanced order for a group by its name', 'GET /advanced_orders', 200, ({ data }) => {
    data[0].requirement_group_id = 'my group';
  }),
  answer('a refusal in other words', 'GET /notification_settings', 404, ({ errors }) => {
    errors[0].detail = 'No.';
  }),
  request('names at the top of the body', `POST ${OF_SUB_ORDER}`, (body) => {
    Object.assign(body, body.requirement);
    delete body.requirement;
  }),
  request('a number order for plain numbers', 'POST /number_orders', (body) => {
    body.phone_numbers = body.phone_numbers.map(({ phone_number }) => phone_number);
  }),
  request('an attachment without its group', 'POST /sub_number_orders/{id}/requirement_group', (body) => {
    delete body.requirement_group_id;
  }),
  request('a status written to a porting order', 'PATCH /porting_orders/{id}', (body) => {
    body.status = 'submitted';
  }),
  query('a number searched by its order', 'GET /number_order_phone_numbers', 'filter[order_id]', 'x'),
  {
    what: 'a status that is not declared',
    on: ({ operation, status }) => operation?.name === 'GET /requirement_groups' && status === 200,
    spoil: (exchange) => ({ ...exchange, status: 418 }),
  },
  {
    what: 'an answer in HTML',
    on: ({ operation, status }) => operation?.name === 'GET /documents' && status === 200,
    spoil: (exchange) => ({ ...exchange, headers: { 'content-type': 'text/html' } }),
  },
  request('a group without a country', 'POST /requirement_groups', (body) => {
    delete body.country_code;
  }),
  request('a status written to a group', 'PATCH /requirement_groups/{id}', (body) => {
    body.status = 'approved';
  }),
  request('a digest written to a document', 'PATCH /documents/{id}', (body) => {
    body.sha256 = '0'.repeat(64);
  }),
  request('an address without names', 'POST /addresses', (body) => {
    delete body.first_name;
  }),
  {
    what: 'a form with another field',
    on: ({ operation, requestHeaders }) =>
      operation?.name === 'POST /documents' && requestHeaders['content-type'].startsWith('multipart/'),
    spoil: (exchange) => ({
      ...exchange,
      requestBody: Buffer.from(
        exchange.requestBody.toString('latin1').replace('customer_reference', 'reference'),
        'latin1',
      ),
    }),
  },
  query('a filter that is not declared', 'GET /requirement_groups', 'filter[name]', 'x'),
  query('an operator of a filter that is not declared', 'GET /documents', 'filter[filename][eq]', 'x'),
  query('a page that is too large', 'GET /documents', 'page[size]', '1000'),
  query('a field that lists are not sorted by', 'GET /documents', 'sort[]', 'status'),
  {
    what: 'a path that does not exist',
    on: ({ operation }) => operation?.name === 'POST /requirement_groups/{id}/submit_for_approval',
    spoil: (exchange) => ({ ...exchange, path: exchange.path.replace('submit_for_approval', 'submit') }),
  },
];

/** @param change works on the parsed body in place. */
function answer(what, name, code, change) {
  return {
    what,
    on: ({ operation, status, body }) =>
      operation?.name === name && status === code && hasRows(JSON.parse(body)),
    spoil: (exchange) => ({ ...exchange, body: changed(exchange.body, change) }),
  };
}

function hasRows({ data, errors }) {
  return errors !== undefined || (Array.isArray(data) ? data.length > 0 : data !== undefined);
}

function request(what, name, change) {
  return {
    what,
    on: ({ operation, isMistake, requestHeaders }) =>
      operation?.name === name && !isMistake && requestHeaders['content-type'] === 'application/json',
    spoil: (exchange) => ({ ...exchange, requestBody: changed(exchange.requestBody, change) }),
  };
}

function query(what, name, parameter, value) {
  return {
    what,
    on: ({ operation, isMistake }) => operation?.name === name && !isMistake,
    spoil: (exchange) => ({ ...exchange, query: new URLSearchParams([[parameter, value]]) }),
  };
}

function changed(bytes, change) {
  const body = JSON.parse(bytes);
  change(body);
  return Buffer.from(JSON.stringify(body));
}
