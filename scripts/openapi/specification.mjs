import { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * Holds recorded exchanges against an OpenAPI 3.1 document. Stricter than the document's words: where a schema lists
 * properties, there may be no others, for a validator that lets everything unknown pass would find nothing.
 */
export function readSpecification(document) {
  return Object.entries(document.paths).flatMap(([template, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({
      name: `${method.toUpperCase()} ${template}`,
      method: method.toUpperCase(),
      template,
      ...resolve(document, { ...item[method], parameters: item[method].parameters ?? [] }),
    })),
  );
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** References replaced by what they refer to. Throws where one goes in circles. */
function resolve(document, node, trail = []) {
  if (Array.isArray(node)) return node.map((child) => resolve(document, child, trail));
  if (typeof node !== 'object' || node === null) return node;
  const { $ref: reference, ...rest } = node;
  const own = Object.fromEntries(
    Object.entries(rest).map(([key, child]) => [key, resolve(document, child, trail)]),
  );
  if (typeof reference !== 'string') return own;
  if (trail.includes(reference)) throw new Error(`${reference} refers to itself`);
  const target = reference
    .slice('#/'.length)
    .split('/')
    .reduce((found, key) => found[key], document);
  return { ...resolve(document, target, [...trail, reference]), ...own };
}

/** By method and by path below the server's address; null where the document has no such operation. */
export function findOperation(operations, { method, path }) {
  const fitting = operations.filter(
    (operation) => operation.method === method && fits(operation.template, path),
  );
  return fitting.find(({ template }) => template === path) ?? fitting[0] ?? null;
}

function fits(template, path) {
  return new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
}

/**
 * What an exchange of an operation breaks. `reshape(schema)` may put another schema in the place of a declared answer.
 * A violation: `{side, rule, at, detail, value}`, where `rule` is `path`, `query`, `media-type`, `status`, `body`, or the
 * keyword of JSON Schema that was broken.
 */
export function findViolations(operation, exchange, reshape) {
  const { method, path } = exchange;
  if (operation === null) {
    return [{ side: 'request', rule: 'path', at: '', detail: `${method} ${path} is not described` }];
  }
  return [
    ...(exchange.isMistake ? [] : requestViolations(operation, exchange)),
    ...(exchange.status === null ? [] : answerViolations(operation, exchange, reshape)),
  ];
}

/* ---- Requests ---- */

function requestViolations(operation, exchange) {
  return [
    ...pathViolations(operation, exchange),
    ...queryViolations(operation, exchange),
    ...requestBodyViolations(operation, exchange),
  ].map((violation) => ({ side: 'request', ...violation }));
}

function pathViolations({ template, parameters }, { path }) {
  const parts = path.split('/');
  return template.split('/').flatMap((part, index) => {
    const name = part.match(/^\{([^}]+)\}$/)?.[1];
    if (name === undefined) return [];
    const declared = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name);
    if (declared === undefined) return [{ rule: 'path', at: name, detail: 'is no declared parameter' }];
    return schemaViolations(declared.schema, decodeURIComponent(parts[index])).map((violation) => ({
      ...violation,
      at: `{${name}}${violation.at}`,
    }));
  });
}

function queryViolations({ parameters }, { query }) {
  const declared = new Map(
    parameters
      .filter((parameter) => parameter.in === 'query')
      .map((parameter) => [parameter.name, parameter]),
  );
  const sent = readQuery(query);
  const undeclared = Object.keys(sent).filter((name) => !declared.has(name));
  const missing = [...declared.values()].filter(({ name, required }) => required && !(name in sent));
  return [
    ...undeclared.map((name) => ({
      rule: 'query',
      at: name,
      detail: 'is no declared parameter',
      value: sent[name],
    })),
    ...missing.map(({ name }) => ({ rule: 'query', at: name, detail: 'is required' })),
    ...[...declared]
      .filter(([name]) => name in sent)
      .flatMap(([name, { schema }]) =>
        schemaViolations(schema, inShapeOf(schema, sent[name]), 'texts').map((violation) => ({
          ...violation,
          at: `${name}${violation.at}`,
        })),
      ),
  ];
}

/** `filter[a][in][]=x&page[size]=5` → `{filter: {a: {in: ['x']}}, page: {size: '5'}}` */
function readQuery(query) {
  const read = {};
  for (const [name, value] of query) {
    const keys = name.match(/[^[\]]+/g);
    const last = keys.pop();
    const node = keys.reduce((parent, key) => (parent[key] ??= {}), read);
    node[last] = name.endsWith('[]') ? [...(node[last] ?? []), value] : value;
  }
  return read;
}

/** A list of one may be written without brackets. */
function inShapeOf(schema, value) {
  return schema.type === 'array' && typeof value === 'string' ? value.split(',') : value;
}

function requestBodyViolations({ requestBody }, { requestHeaders, requestBody: bytes }) {
  if (bytes.length === 0) {
    return requestBody?.required ? [{ rule: 'body', at: '', detail: 'is required and missing' }] : [];
  }
  if (requestBody === undefined) return [{ rule: 'body', at: '', detail: 'is sent, but none is described' }];
  const type = mediaType(requestHeaders);
  const described = requestBody.content[type];
  if (described === undefined) {
    return [{ rule: 'media-type', at: '', detail: `"${type}" is not one of those described` }];
  }
  const value =
    type === 'multipart/form-data' ? readForm(requestHeaders, bytes) : JSON.parse(bytes.toString());
  return schemaViolations(described.schema, value, 'request');
}

/** Field by field; a file counts as a string, as OpenAPI describes it. */
function readForm(headers, bytes) {
  const boundary = headers['content-type'].match(/boundary="?([^";]+)/)[1];
  const parts = bytes.toString('latin1').split(`--${boundary}`).slice(1, -1);
  return Object.fromEntries(
    parts.map((part) => [
      part.match(/content-disposition: form-data; name="([^"]*)"/i)[1],
      part.slice(part.indexOf('\r\n\r\n') + 4, -2),
    ]),
  );
}

/* ---- Answers ---- */

function answerViolations(operation, exchange, reshape) {
  return brokenByAnswer(operation, exchange, reshape).map((violation) => ({ side: 'answer', ...violation }));
}

function brokenByAnswer({ responses }, { status, headers, body }, reshape) {
  const response = responses[status] ?? responses.default;
  if (response === undefined) return [{ rule: 'status', at: '', detail: `${status} is not declared` }];
  // Several answers are described by a sentence only.
  if (response.content === undefined) return [];
  const type = mediaType(headers);
  const described = response.content[type] ?? response.content['*'];
  if (described === undefined) {
    return [{ rule: 'media-type', at: '', detail: `"${type}" is not one of those described` }];
  }
  if (!type.endsWith('json') || described.schema.format === 'binary') return [];
  return schemaViolations(reshape(described.schema), JSON.parse(body.toString()), 'answer');
}

function mediaType(headers) {
  return (headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
}

/* ---- Schemas ---- */

const FORMATS = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
  byte: /^[A-Za-z0-9+/\s]*={0,2}\s*$/,
  'json-pointer': /^(\/[^/]*)*$/,
  uri: /^[a-z][a-z0-9+.-]*:/i,
  binary: true,
};

const options = { allErrors: true, strict: false, verbose: true, formats: FORMATS };
/** The values of queries are texts: "5" is a number there. */
const validators = { exact: new Ajv2020(options), texts: new Ajv2020({ ...options, coerceTypes: true }) };
const compiled = new Map();

/** @param use `request`, `answer`, or `texts` for a query. */
function schemaViolations(schema, value, use = 'request') {
  const key = `${use} ${JSON.stringify(schema)}`;
  if (!compiled.has(key)) {
    const validator = use === 'texts' ? validators.texts : validators.exact;
    compiled.set(key, validator.compile(closed(schema, use === 'answer' ? 'writeOnly' : 'readOnly')));
  }
  const validate = compiled.get(key);
  return validate(value) ? [] : validate.errors.map(violationOf);
}

function violationOf({ keyword, instancePath, message, params, data }) {
  const property = params.unevaluatedProperty ?? params.additionalProperty ?? params.missingProperty;
  const at = property === undefined ? instancePath : `${instancePath}/${property}`;
  return { rule: keyword, at, detail: message, value: data };
}

/**
 * No properties but those listed, and none of those that only the other side may send. The branches of an `allOf` are
 * closed together, at the node that holds them.
 */
function closed(schema, foreign, isBranch = false) {
  if (typeof schema !== 'object' || schema === null) return schema;
  const result = { ...schema };
  if (schema.properties !== undefined) {
    const own = Object.entries(schema.properties).filter(([, property]) => property[foreign] !== true);
    result.properties = Object.fromEntries(own.map(([name, property]) => [name, closed(property, foreign)]));
  }
  if (schema.items !== undefined) result.items = closed(schema.items, foreign);
  if (schema.allOf !== undefined) result.allOf = schema.allOf.map((branch) => closed(branch, foreign, true));
  for (const key of ['oneOf', 'anyOf']) {
    if (schema[key] !== undefined) result[key] = schema[key].map((branch) => closed(branch, foreign));
  }
  const lists = schema.properties !== undefined || schema.allOf !== undefined;
  if (lists && !isBranch && schema.additionalProperties === undefined) result.unevaluatedProperties = false;
  return result;
}
