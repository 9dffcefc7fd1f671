// Holds regsync and its sandbox against the vendor's OpenAPI description: `node scripts/check-openapi.mjs PATH`.
// A season of regsync's life is recorded between the two, and every request and answer has to be as described, but for
// what scripts/openapi-deviations.mjs names.
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { callDirectly } from './openapi/direct-calls.mjs';
import { callForOrders } from './openapi/order-calls.mjs';
import { MISTAKE } from './openapi/plain-client.mjs';
import { startRecorder } from './openapi/recorder.mjs';
import { KINDS_OF_REQUEST, rehearse } from './openapi/rehearsal.mjs';
import { SABOTAGE } from './openapi/sabotage.mjs';
import { importSources } from './openapi/sources.mjs';
import { findOperation, findViolations, readSpecification } from './openapi/specification.mjs';
import { DEVIATIONS } from './openapi-deviations.mjs';
import { startSandboxProcess } from './sandbox-process.mjs';

const root = resolve(import.meta.dirname, '..');
const cli = join(root, 'dist/regsync.js');
/** Of each operation it says what answers it, or why the sandbox has none. */
const TABLE = 'sandbox/server/routes.ts';
/** In src/telnyx/endpoints/, what endpoints share. */
const SHARED_BY_ENDPOINTS = ['rows.ts', 'writes.ts'];

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error('usage: node scripts/check-openapi.mjs PATH-OF-THE-DESCRIPTION');
  process.exit(3);
}
const operations = readSpecification(JSON.parse(await readFile(path, 'utf8')));
const table = await readTable();
const refusals = new Map(table.flatMap(({ name, refused }) => (refused === null ? [] : [[name, refused]])));
const exchanges = (await record()).map((exchange) => ({
  ...exchange,
  operation: findOperation(operations, exchange),
  isMistake: MISTAKE in exchange.requestHeaders,
  isOurs: /^regsync\//.test(exchange.requestHeaders['user-agent']),
}));
const occurred = new Map(DEVIATIONS.map(({ id }) => [id, 0]));
const faults = [
  ...exchanges.flatMap((exchange) => judge(exchange, occurred)),
  ...unusedDeviations(),
  ...differentTables(),
  ...missingOperations(),
  ...strangeKinds(),
  ...(await unknownEndpoints()),
  ...undetectedSabotage(),
];
report();
process.exitCode = faults.length === 0 ? 0 : 1;

/* ---- What happened ---- */

async function readTable() {
  const { API_OPERATIONS } = await importSources({ [TABLE]: '{ API_OPERATIONS }' });
  return API_OPERATIONS.map(([method, template, act]) => {
    return { name: `${method} ${template}`, method, template, refused: act.refused ?? null };
  });
}

async function record() {
  const sandbox = await startSandboxProcess(cli);
  const recorder = await startRecorder(sandbox.origin);
  const stage = {
    cli,
    example: join(root, 'examples/shared-documents'),
    apiUrl: `${recorder.origin}/v2`,
    control: (...request) => control(sandbox.origin, ...request),
  };
  try {
    await rehearse(stage);
    await callForOrders(stage);
    await callDirectly(
      stage,
      table.filter(({ refused }) => refused !== null),
    );
  } finally {
    await recorder.stop();
    await sandbox.stop();
  }
  return recorder.exchanges;
}

async function control(origin, path, body, method = 'POST') {
  const answer = await fetch(`${origin}/_sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`/_sandbox/${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()).data;
}

/* ---- What is wrong with it ---- */

/** Violations that no deviation excuses; those that one does are counted. Of a refusal, that it is not the one in the table. */
function judge(exchange, counts) {
  const refused = refusals.get(exchange.operation?.name);
  if (refused !== undefined)
    return isRefusal(exchange, refused) ? [] : [describeAnswer(exchange, 'does not refuse')];
  const count = ({ id }) => counts.set(id, counts.get(id) + 1);
  const reshape = (schema) => {
    for (const deviation of DEVIATIONS) {
      const reshaped = deviation.reshapes?.(schema, exchange) ?? null;
      if (reshaped === null) continue;
      count(deviation);
      return reshaped;
    }
    return schema;
  };
  return findViolations(exchange.operation, exchange, reshape).flatMap((violation) => {
    const excuse = DEVIATIONS.find((deviation) => deviation.excuses?.(violation, exchange));
    if (excuse === undefined) return [describe(exchange, violation)];
    count(excuse);
    return [];
  });
}

/** Rows of a list alike read alike, so that a fault of all of them is reported once. */
function describe({ operation, method, path, status }, { side, rule, at, detail, value }) {
  const where = `${operation?.name ?? `${method} ${path}`}, ${side}${side === 'answer' ? ` ${status}` : ''}`;
  const place = at.replace(/\/\d+(?=\/|$)/g, '/*');
  const sample = value === undefined || typeof value === 'object' ? '' : `: ${JSON.stringify(value)}`;
  return `${where}: ${rule} ${place} ${detail}${sample}`;
}

function unusedDeviations() {
  return DEVIATIONS.filter(({ id }) => occurred.get(id) === 0).map(
    ({ id }) => `the deviation "${id}" never occurs: remove it from scripts/openapi-deviations.mjs`,
  );
}

/** What the sandbox has, and what it refuses, is together what is described. */
function differentTables() {
  const described = new Set(operations.map(({ name }) => name));
  const known = new Set(table.map(({ name }) => name));
  return [
    ...[...described].filter((name) => !known.has(name)).map((name) => `${name} is not in ${TABLE}`),
    ...[...known]
      .filter((name) => !described.has(name))
      .map((name) => `${name} in ${TABLE} is not described`),
  ];
}

/** What the sandbox has was done at least once, and what it refuses was asked for. */
function missingOperations() {
  const isDone = ({ operation, status }) =>
    refusals.has(operation?.name) ? status !== null : status >= 200 && status < 300;
  const done = new Set(exchanges.filter(isDone).map(({ operation }) => operation?.name));
  return operations.filter(({ name }) => !done.has(name)).map(({ name }) => `${name} was never answered`);
}

function isRefusal({ status, body }, refused) {
  if (status !== 404) return false;
  const { errors } = JSON.parse(body.toString());
  return errors.length === 1 && errors[0].code === '10003' && errors[0].detail === refused;
}

function describeAnswer({ operation, status }, what) {
  return `${operation.name}, answer ${status}: ${what} as ${TABLE} says`;
}

function strangeKinds() {
  const sent = new Set(exchanges.filter(({ isOurs }) => isOurs).map(kindOf));
  return [
    ...KINDS_OF_REQUEST.filter((kind) => !sent.has(kind)).map((kind) => `regsync never sent ${kind}`),
    ...[...sent]
      .filter((kind) => !KINDS_OF_REQUEST.includes(kind))
      .map((kind) => `regsync sent ${kind}, which scripts/openapi/rehearsal.mjs does not know`),
  ];
}

/** Each request that regsync makes has a function of its own there; those that only begin a list, or read one more strictly, send no other. */
async function unknownEndpoints() {
  const folder = join(root, 'src/telnyx/endpoints');
  const sources = await Promise.all(
    (await readdir(folder))
      .filter((file) => !SHARED_BY_ENDPOINTS.includes(file))
      .map((file) => readFile(join(folder, file), 'utf8')),
  );
  const functions = sources.flatMap(
    (source) => source.match(/^export async function (?!begin|\w+InFull\()/gm) ?? [],
  );
  return functions.length === KINDS_OF_REQUEST.length
    ? []
    : [
        `src/telnyx/endpoints/ has ${functions.length} requests, the rehearsal knows ${KINDS_OF_REQUEST.length}`,
      ];
}

function kindOf({ operation, method, path, query }) {
  const names = [...new Set(query.keys())].filter((name) => !name.startsWith('page[')).sort();
  return [operation?.name ?? `${method} ${path}`, ...names].join(' ');
}

function undetectedSabotage() {
  return SABOTAGE.flatMap(({ what, on, spoil }) => {
    const sound = exchanges.find(on);
    if (sound === undefined) return [`nothing was recorded that "${what}" could be tried on`];
    const { operation: _, ...spoilt } = spoil(sound);
    const broken = { ...spoilt, operation: findOperation(operations, spoilt) };
    return judge(broken, new Map(occurred)).length > 0 ? [] : [`not found when tried: ${what}`];
  });
}

/* ---- The report ---- */

function report() {
  console.log('  sent  by regsync  operation, or why the sandbox has none');
  for (const { name } of operations) {
    const of = exchanges.filter(({ operation }) => operation?.name === name);
    const why = refusals.has(name) ? `: ${refusals.get(name)}` : '';
    console.log(
      `${column(of.length, 6)}${column(of.filter(({ isOurs }) => isOurs).length, 12)}  ${name}${why}`,
    );
  }
  console.log('\nDeviations from the description, and how often they occurred:');
  for (const { id, what, why } of DEVIATIONS) {
    console.log(`${column(occurred.get(id), 6)}  ${id}\n        ${what}\n        ${why}`);
  }
  console.log(`\n${summary()}`);
  for (const fault of new Set(faults)) console.error(`FAULT  ${fault}`);
}

function summary() {
  const mistakes = exchanges.filter(({ isMistake }) => isMistake).length;
  const answers = exchanges.filter(({ status }) => status !== null).length;
  const found = SABOTAGE.length - undetectedSabotage().length;
  return [
    `${exchanges.length - mistakes} requests (and ${mistakes} mistakes made on purpose) and ${answers} answers checked,`,
    `${operations.length} operations (${refusals.size} of them refused), ${DEVIATIONS.length} deviations;`,
    `${found} of ${SABOTAGE.length} broken exchanges found when tried;`,
    faults.length === 0 ? 'no fault.' : `${new Set(faults).size} at fault:`,
  ].join(' ');
}

function column(value, width) {
  return String(value).padStart(width);
}
