// The requests that regsync must make for its apply and nothing else, with eight in flight: what no apply can be faster than.
// The files are read, for they have to be sent; nothing is hashed, looked up, compared or paced.
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { ADDRESS_FIELDS, describeGroup, KEY, listWork } from './apply-work.mjs';

const [repository, baseUrl, inFlight] = process.argv.slice(2);
const IN_FLIGHT = Number(inFlight ?? 8);
const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });

const { id: addressId } = await sendJson('POST', '/addresses', {
  ...ADDRESS_FIELDS,
  address_book: false,
  validate_address: false,
});
const work = await listWork(repository);
await Promise.all(Array.from({ length: IN_FLIGHT }, workThrough));
agent.destroy();

async function workThrough() {
  for (let group = work.pop(); group !== undefined; group = work.pop()) {
    const ids = [];
    for (const file of group.files) ids.push((await upload(file)).id);
    const { id } = await sendJson('POST', '/requirement_groups', describeGroup(group.name, ids, addressId));
    const path = `/requirement_groups/${id}`;
    await send('GET', path);
    await send('POST', `${path}/submit_for_approval`);
    const { status } = await send('GET', path);
    if (status !== 'pending-approval') throw new Error(`${group.name} is ${status}`);
  }
}

async function upload(file) {
  const head = `--x\r\ncontent-disposition: form-data; name="file"; filename="document.txt"\r\ncontent-type: text/plain\r\n\r\n`;
  const parts = [Buffer.from(head), await readFile(file), Buffer.from('\r\n--x--\r\n')];
  return send('POST', '/documents', parts, 'multipart/form-data; boundary=x');
}

function sendJson(method, path, body) {
  return send(method, path, [Buffer.from(JSON.stringify(body))], 'application/json');
}

async function send(method, path, parts = [], contentType = undefined) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const headers = { authorization: `Bearer ${KEY}`, 'content-length': length };
  if (contentType !== undefined) headers['content-type'] = contentType;
  const sending = request(`${baseUrl}${path}`, { method, agent, headers });
  const answered = new Promise((resolve, reject) => sending.on('response', resolve).on('error', reject));
  for (const part of parts) sending.write(part);
  sending.end();
  const answer = await answered;
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (answer.statusCode >= 300) throw new Error(`${method} ${path} answered ${answer.statusCode}: ${text}`);
  return JSON.parse(text).data;
}
