/**
 * Where regsync or its sandbox knowingly leaves the vendor's OpenAPI description, and why. Nothing else is excused, and
 * one of these that no longer occurs fails the check.
 *
 * `excuses(violation, exchange)`: whether this deviation explains the violation.
 * `reshapes(schema, exchange)`: the schema that really holds for an answer, so that what it wraps is still checked.
 */
export const DEVIATIONS = [
  {
    id: 'groups-in-an-envelope',
    what: 'Requirement groups are answered as {data, meta}, one of them as {data}; described is the bare list or group.',
    why: 'The guides show the envelope and live answers have it. regsync reads both, and the sandbox can answer both.',
    reshapes: (schema, { path, status, body }) =>
      isGroups(path) && status === 200 && 'data' in JSON.parse(body) ? inEnvelope(schema) : null,
  },
  {
    id: 'paging-of-lists-that-declare-none',
    what: 'page[number] and page[size] are sent to lists that do not declare them.',
    why: 'The guides show paged answers of groups, and the others declare a `meta`. A list cut short would make duplicates.',
    excuses: ({ side, rule, at, value }, { path }) =>
      side === 'request' &&
      rule === 'query' &&
      at === 'page' &&
      isPage(value) &&
      /^\/(requirement_groups|comments|sub_number_orders|number_order_phone_numbers|advanced_orders)$/.test(
        path,
      ),
  },
  {
    id: 'owner-of-groups',
    what: 'Requirement groups have a user_id that is not described.',
    why: "The guides' samples have it.",
    excuses: ({ rule, at }, { path }) =>
      isGroups(path) && rule === 'unevaluatedProperties' && at.endsWith('/user_id'),
  },
  {
    id: 'groups-no-longer-eligible',
    what: 'The status "no-longer-eligible" is missing from the enumeration.',
    why: 'The newest guide documents it.',
    excuses: ({ rule, at, value }, { path }) =>
      isGroups(path) && rule === 'enum' && at.endsWith('/status') && value === 'no-longer-eligible',
  },
  {
    id: 'null-expiry-of-requirements',
    what: 'expires_at of a requirement that does not expire is null; described is a date.',
    why: "The guides' samples show null.",
    excuses: isNullAt((path) => isGroups(path), /\/regulatory_requirements\/\d+\/expires_at$/),
  },
  {
    id: 'null-reference-of-groups',
    what: 'customer_reference of a group that has none is null; described is a string.',
    why: "The guides' samples show null.",
    excuses: isNullAt((path) => isGroups(path), /\/customer_reference$/),
  },
  {
    id: 'null-acceptance-criteria',
    what: 'Criteria that do not apply are null; described are strings and integers.',
    why: "The guides' samples show null. The sandbox leaves them out or null (quirk unset_fields).",
    excuses: isNullAt(
      (path) => /^\/(requirements|requirement_types|regulatory_requirements)$/.test(path),
      /\/acceptance_criteria\/\w+$/,
    ),
  },
  {
    id: 'null-fields-of-addresses-and-documents',
    what: 'Fields that were never set are null; described are strings.',
    why: 'Not documented for these, but what groups do. The sandbox answers "" or null (quirk unset_fields); regsync reads both.',
    excuses: isNullAt((path) => /^\/(addresses|documents)$/.test(path), /^\/data\/\d+\/\w+$/),
  },
  {
    id: 'null-read-at-of-comments',
    what: 'read_at of an unread comment is null; described is a date.',
    why: 'As above: left out, or null with the quirk unset_fields.',
    excuses: isNullAt((path) => path === '/comments', /\/read_at$/),
  },
  {
    id: 'types-of-requirement-sets',
    what: 'phone_number_type of a set may be "mobile", or "" for all types; the enumeration has neither.',
    why: 'Groups take mobile, and the field is documented to be blank where a set holds for all types.',
    excuses: ({ rule, at, value }, { path }) =>
      path.startsWith('/requirements') &&
      rule === 'enum' &&
      at.endsWith('/phone_number_type') &&
      ['', 'mobile'].includes(value),
  },
  {
    id: 'action-requirements',
    what: 'A requirement, of the catalogue or of an order, may be an "action"; the enumerations have no such type.',
    why: 'The guides document it, with an Australian identity check as the one example.',
    excuses: ({ rule, at, value }) => rule === 'enum' && /\/(field_)?type$/.test(at) && value === 'action',
  },
  {
    id: 'former-name-of-requirement-types',
    what: 'The list in a set is called requirements_types.',
    why: 'Its name until early 2026, still in the documentation pages. regsync reads both; the sandbox has a quirk for it.',
    reshapes: (schema, { path, body }) =>
      path === '/requirements' && body.includes('"requirements_types"') ? withFormerName(schema) : null,
  },
  {
    id: 'deletion-without-a-body',
    what: 'DELETE of a group answers 204; described is 200 with the group.',
    why: 'The guides say 204. regsync reads both; the sandbox has a quirk for it.',
    excuses: ({ rule }, { method, path, status }) =>
      rule === 'status' && status === 204 && method === 'DELETE' && isGroups(path),
  },
  {
    id: 'statuses-of-requirements-on-orders',
    what: 'Requirements of ordered numbers have a status; it is described only in the answers to attaching a group.',
    why: "The vendor's client has it with sub orders. The sandbox has it everywhere, or as described (quirk order_requirement_statuses); regsync reads both.",
    excuses: ({ side, rule, at }, { path }) =>
      side === 'answer' &&
      rule === 'unevaluatedProperties' &&
      /\/regulatory_requirements\/\d+\/status$/.test(at) &&
      /^\/number_order/.test(path),
  },
  {
    id: 'cancelled-orders',
    what: 'The status of a cancelled order or sub order is "cancelled"; the enumeration has pending, success and failure.',
    why: 'The guide on number orders has it. The sandbox can say "failure" (quirk cancelled_orders).',
    excuses: ({ rule, at, value }, { path }) =>
      /^\/(sub_)?number_orders/.test(path) &&
      rule === 'enum' &&
      /^\/data(\/\d+)?\/status$/.test(at) &&
      value === 'cancelled',
  },
  {
    id: 'porting-orders-not-found',
    what: 'A porting order that does not exist is 404; described are 200, 401 and 422.',
    why: 'The general pages on errors give it to all endpoints.',
    excuses: ({ rule }, { path, status }) =>
      rule === 'status' && status === 404 && path.startsWith('/porting_orders/'),
  },
  {
    id: 'errors-of-external-requirements',
    what: 'An action requirement that does not exist is 404, and what is wrong with its start 422; described is 200 alone.',
    why: "The description of these endpoints is made of the vendor's client, which knows no errors.",
    excuses: ({ rule }, { path, status }) =>
      rule === 'status' && [404, 422].includes(status) && path.startsWith('/external_requirements/'),
  },
  {
    id: 'comments-on-advanced-orders',
    what: 'Comments may be about an "advanced_number_order"; the enumeration has requirement_group and sub_number_order.',
    why: 'The guides have it.',
    excuses: ({ rule, at, value }, { path }) =>
      path.startsWith('/comments') &&
      rule === 'enum' &&
      at.endsWith('/comment_record_type') &&
      value === 'advanced_number_order',
  },
  {
    id: 'advanced-orders-in-an-envelope',
    what: 'An advanced order may be answered as {data}, and their list with a meta; described are neither.',
    why: 'What groups do, whose description has no envelope either. The sandbox can answer both (quirk advanced_orders_envelope).',
    reshapes: (schema, { path, status, body }) => {
      if (!path.startsWith('/advanced_orders') || status !== 200) return null;
      const answered = JSON.parse(body);
      if ('meta' in answered) return inEnvelope(schema.properties.data);
      return 'data' in answered && !('data' in schema.properties) ? inEnvelope(schema) : null;
    },
  },
  undeclaredStatus(
    403,
    'The general pages on errors give it to all endpoints: a valid key without the permission.',
  ),
  undeclaredStatus(
    415,
    'The list of error codes has "unsupported media type" and gives it to no endpoint in particular.',
  ),
  undeclaredStatus(429, 'The page on rate limits gives it to all endpoints, and it was measured on these.'),
];

function isGroups(path) {
  return /^\/requirement_groups(\/|$)/.test(path);
}

/** As the lists that do declare paging have it. */
function isPage({ number, size, ...others }) {
  return Number(number) >= 1 && Number(size) >= 1 && Number(size) <= 250 && Object.keys(others).length === 0;
}

function inEnvelope(schema) {
  const count = { type: 'integer' };
  const meta = { total_pages: count, total_results: count, page_number: count, page_size: count };
  const isList = schema.type === 'array';
  return {
    type: 'object',
    properties: { data: schema, ...(isList ? { meta: { type: 'object', properties: meta } } : {}) },
    required: ['data'],
  };
}

function withFormerName(schema) {
  const text = JSON.stringify(schema);
  return JSON.parse(text.replace('"requirement_types":', '"requirements_types":'));
}

function isNullAt(isPath, place) {
  return ({ side, rule, at, value }, { path }) =>
    side === 'answer' && rule === 'type' && value === null && isPath(path) && place.test(at);
}

function undeclaredStatus(code, why) {
  return {
    id: `status-${code}`,
    what: `${code} is answered where the description does not declare it.`,
    why,
    excuses: ({ rule }, { status }) => rule === 'status' && status === code,
  };
}
