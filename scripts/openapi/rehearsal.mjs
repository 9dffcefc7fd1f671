import { spawn } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A season of regsync's life on the example of shared documents, so that every kind of request that it can send is sent.
 * @param stage `{cli, example, apiUrl, control}`; `control(path, body, method)` asks the sandbox's `/_sandbox`.
 */
export async function rehearse({ cli, example, apiUrl, control }) {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-openapi-'));
  await cp(example, folder, { recursive: true });
  const regsync = (...args) => run({ cli, folder, apiUrl }, args);
  const edit = async (file, from, to) => {
    const text = await readFile(join(folder, file), 'utf8');
    if (!text.includes(from)) throw new Error(`${file} of the example no longer holds "${from}"`);
    await writeFile(join(folder, file), text.replaceAll(from, to));
  };
  try {
    await createAll({ regsync, control });
    await importAll({ cli, apiUrl });
    await giveToOrders({ regsync, control, edit, folder, apiUrl });
    await answerTheReviewer({ regsync, control, edit });
    await replaceAndPrune({ regsync, control, edit, folder });
    await collectGarbage({ regsync, control, edit, folder });
    await adopt({ regsync, control, folder });
    await takeUpAnUpload({ regsync, folder, apiUrl });
    await readManyPages({ regsync, control });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const DE = 'regsync/example-shared/de-local';

/** Every answer to a POST is lost once: what was made is looked up by its reference. */
async function createAll({ regsync, control }) {
  await regsync('lock');
  await regsync('validate');
  await regsync('plan', '--detailed-exitcode', { expect: 2 });
  for (const path of ['^/documents$', '^/addresses$', '^/requirement_groups$', '/submit_for_approval$']) {
    await control('faults', { match: { method: 'POST', path }, kind: 'drop_after' });
  }
  await regsync('apply', '--yes');
  await regsync('status');
  await regsync('status', '--wait', '--timeout', '1s', { expect: 4 });
}

/** Into a repository that has nothing yet: the documents are downloaded. */
async function importAll({ cli, apiUrl }) {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-openapi-import-'));
  try {
    await mkdir(join(folder, 'groups'));
    const config = 'apiVersion: regsync/v1\nkind: Config\nscope: example-shared\n';
    await writeFile(join(folder, 'regsync.yaml'), config);
    await run({ cli, folder, apiUrl }, ['import', '--plaintext']);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A whole order, a phone number of another with an attachment that is lost on the way, and a porting order. */
async function giveToOrders({ regsync, control, edit, folder, apiUrl }) {
  const whole = await placeOrder(apiUrl, ['+49300000001']);
  const many = Array.from({ length: 51 }, (_, index) => `+4930000010${String(index).padStart(2, '0')}`);
  const large = await placeOrder(apiUrl, many);
  const single = await placeOrder(apiUrl, ['+49300000002']);
  const porting = await control('porting_orders', { phone_numbers: ['+49300000003'] });
  const entries = [
    `number_order: ${whole.id}`,
    `number_order: ${large.id}`,
    `phone_number: ${single.phone_numbers[0].id}`,
  ];
  const lines = `action: ordering\nattach: [{ ${entries.join(' }, { ')} }]`;
  await edit('groups/de.yaml', 'action: ordering', lines);
  await writeFile(join(folder, 'groups/porting.yaml'), portingGroup(porting.id));
  await control('faults', { match: { path: '/requirement_group$' }, kind: 'drop_after' });
  await regsync('plan', '--detailed-exitcode', { expect: 2 });
  await regsync('apply', '--yes');
  await regsync('plan', '--detailed-exitcode');
  await edit('groups/de.yaml', lines, 'action: ordering');
  await rm(join(folder, 'groups/porting.yaml'));
  await regsync('apply', '--prune', '--yes');
  for (const { id } of [whole, large, single]) await control(`number_orders/${id}/cancel`, {});
}

async function placeOrder(apiUrl, phoneNumbers) {
  const numbers = phoneNumbers.map((phone_number) => ({ phone_number }));
  const body = JSON.stringify({ phone_numbers: numbers });
  const answer = await fetch(`${apiUrl}/number_orders`, { method: 'POST', headers: HEADERS, body });
  return (await answer.json()).data;
}

function portingGroup(orderId) {
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: de-porting
country_code: DE
phone_number_type: local
action: porting
attach:
  - porting_order: ${orderId}
requirements:
  - requirement: Contact Info
    text: Compliance desk, Example GmbH
  - requirement: Letter of Authorization
    document: signed-form
  - requirement: Account Number
    text: "0000123456"
`;
}

async function answerTheReviewer({ regsync, control, edit }) {
  await control(`groups/decline?reference=${DE}`, {
    comment: 'Who is to be called?',
    requirement_ids: ['2708e569-696a-4fc7-9305-5fdb3eb9c7dd'],
  });
  await regsync('plan');
  await regsync('status');
  await edit('groups/de.yaml', 'Compliance desk', 'Jo Example');
  await regsync('plan', '--out', 'plan.json', '--detailed-exitcode', { expect: 2 });
  await regsync('apply', '--plan', 'plan.json');
  await control(`groups/approve?reference=${DE}`, { expires_in_days: 365 });
  await regsync('status');
}

async function replaceAndPrune({ regsync, control, edit, folder }) {
  await edit('groups/nl.yaml', 'phone_number_type: national', 'phone_number_type: mobile');
  await regsync('plan', '--allow-replace', '--detailed-exitcode', { expect: 2 });
  await regsync('apply', '--allow-replace', '--yes');
  await rm(join(folder, 'groups/nl.yaml'));
  await regsync('plan');
  await regsync('apply', '--prune', '--yes');
  await control(`groups/retire?reference=${DE}`, {});
  await regsync('apply', '--allow-replace', '--yes');
}

/** What is left over counts as garbage after half an hour. The new document is refused until it is scanned. */
async function collectGarbage({ regsync, control, edit, folder }) {
  await control('clock', { advance_seconds: 31 * 60 });
  await edit('shared/documents.yaml', 'Musterstraße 1', 'Musterstraße 2');
  await appendFile(join(folder, 'documents/utility-bill.pdf'), '% renewed\n');
  await control('quirks', { unscanned_documents: 'refuse', scan_delay_seconds: 1 }, 'PATCH');
  await regsync('apply', '--yes');
  await control('quirks', { unscanned_documents: 'accept', scan_delay_seconds: 0 }, 'PATCH');
  await regsync('gc');
  await regsync('gc', '--yes');
}

async function adopt({ regsync, control, folder }) {
  const { id } = await control('groups', {
    country_code: 'GB',
    phone_number_type: 'local',
    status: 'approved',
  });
  const manifest = `apiVersion: regsync/v1
kind: RequirementGroup
name: gb-local
id: ${id}
customer_reference: LONDON-OFFICE-001
country_code: GB
phone_number_type: local
action: ordering
partial: true
requirements: []
`;
  await writeFile(join(folder, 'groups/gb.yaml'), manifest);
  await regsync('apply', '--yes');
}

/** A document that was uploaded a moment ago and that no group holds yet: the links are asked for. */
async function takeUpAnUpload({ regsync, folder, apiUrl }) {
  const bytes = Buffer.from('%PDF-1.4\n% SAMPLE\n%%EOF\n');
  await writeFile(join(folder, 'documents/lease.pdf'), bytes);
  const body = { file: bytes.toString('base64'), filename: 'lease.pdf' };
  await fetch(`${apiUrl}/documents`, { method: 'POST', headers: HEADERS, body: JSON.stringify(body) });
  const manifest = `apiVersion: regsync/v1
kind: RequirementGroup
name: fr-local
country_code: FR
phone_number_type: local
action: ordering
requirements:
  - requirement: Proof of Address
    document: { file: ../documents/lease.pdf }
`;
  await writeFile(join(folder, 'groups/fr.yaml'), manifest);
  await regsync('apply', '--yes');
}

/** More groups than a page holds, first in the usual envelope and then bare, as the description says. */
async function readManyPages({ regsync, control }) {
  for (let count = 0; count < 260; count += 1)
    await control('groups', { customer_reference: `other ${count}` });
  await regsync('plan', '--detailed-exitcode');
  await control('quirks', { groups_list_envelope: 'bare' }, 'PATCH');
  await regsync('status');
  await control('quirks', { groups_list_envelope: 'data' }, 'PATCH');
}

export const SAMPLE_KEY = 'KEY0123456789ABCDEF_sample';
const HEADERS = { authorization: `Bearer ${SAMPLE_KEY}`, 'content-type': 'application/json' };

async function run({ cli, folder, apiUrl }, args) {
  const { expect = 0 } = typeof args.at(-1) === 'object' ? args.pop() : {};
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: { TELNYX_BASE_URL: apiUrl, TELNYX_API_KEY: SAMPLE_KEY },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const code = await new Promise((done) => child.on('close', done));
  if (code !== expect) throw new Error(`regsync ${args.join(' ')} exited ${code}, not ${expect}:\n${said}`);
}

/**
 * The kinds of request that regsync sends, page parameters left out. Another one that turns up, or one of these that does
 * not, fails the check: the rehearsal has to be brought up to date with `src/telnyx/endpoints/`.
 */
export const KINDS_OF_REQUEST = [
  'GET /requirement_groups',
  'GET /requirement_groups filter[customer_reference]',
  'GET /requirement_groups filter[status]',
  'GET /requirement_groups/{id}',
  'POST /requirement_groups',
  'PATCH /requirement_groups/{id}',
  'POST /requirement_groups/{id}/submit_for_approval',
  'DELETE /requirement_groups/{id}',
  'GET /documents',
  'GET /documents filter[customer_reference][eq]',
  'GET /documents filter[customer_reference][in][]',
  'GET /documents/{id}',
  'GET /documents/{id}/download',
  'POST /documents',
  'DELETE /documents/{id}',
  'GET /document_links',
  'GET /addresses',
  'GET /addresses filter[customer_reference][eq]',
  'GET /addresses/{id}',
  'POST /addresses',
  'DELETE /addresses/{id}',
  'GET /comments filter[comment_record_id] filter[comment_record_type]',
  'GET /requirements filter[country_code]',
  'GET /requirements filter[country_code] version',
  'GET /regulatory_requirements filter[action] filter[country_code] filter[phone_number_type]',
  'GET /number_orders',
  'GET /number_orders filter[customer_reference]',
  'GET /number_orders/{number_order_id}',
  'POST /number_orders',
  'PATCH /number_orders/{number_order_id}',
  'GET /sub_number_orders filter[order_request_id]',
  'GET /sub_number_orders filter[status]',
  'GET /sub_number_orders/{sub_number_order_id} filter[include_phone_numbers]',
  'PATCH /sub_number_orders/{sub_number_order_id}',
  'POST /sub_number_orders/{id}/requirement_group',
  'GET /number_order_phone_numbers',
  'GET /number_order_phone_numbers filter[country_code]',
  'GET /number_order_phone_numbers/{number_order_phone_number_id}',
  'PATCH /number_order_phone_numbers/{number_order_phone_number_id}',
  'POST /number_order_phone_numbers/{id}/requirement_group',
  'GET /porting_orders',
  'GET /porting_orders include_phone_numbers',
  'GET /porting_orders/{id}',
  'GET /porting_orders/{id}/requirements',
  'PATCH /porting_orders/{id}',
  'POST /comments',
  'PATCH /comments/{id}/read',
  'GET /porting_orders/{id}/comments',
  'POST /porting_orders/{id}/comments',
  'GET /porting_orders/{porting_order_id}/action_requirements',
  'POST /porting_orders/{porting_order_id}/action_requirements/{id}/initiate',
  'GET /external_requirements/{regulatory_requirement_id}/sub_number_orders/{sub_number_order_id}',
  'POST /external_requirements/{regulatory_requirement_id}/sub_number_orders/{sub_number_order_id}',
  'GET /advanced_orders',
  'GET /advanced_orders/{order_id}',
  'PATCH /advanced_orders/{advanced-order-id}/requirement_group',
];
