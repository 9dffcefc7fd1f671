// The least that the answer "nothing to change" can cost here: pages in parallel, a scanner that knows these very files and
// nothing else of YAML, hashes, one comparison. It trusts every byte that it reads: no caps, no positions, no confinement,
// no repetition of what fails. Nobody could use it; it shows how much of a plan is work, and how much is care.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { dirname, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';

const base = new URL(process.env.TELNYX_BASE_URL);
const agent = new Agent({ keepAlive: true, maxSockets: 8 });
const scope = /^scope: (.*)$/m.exec(readFileSync('regsync.yaml', 'utf8'))[1];

const listings = Promise.all(['/requirement_groups', '/documents', '/addresses'].map(listAll));
const manifests = await readManifests('groups');
const digests = await hashDocuments();
const [liveGroups, liveDocuments, liveAddresses] = await listings;
agent.destroy();

const groupsByReference = new Map(liveGroups.map((group) => [group.customer_reference, group]));
const documentsById = new Map(liveDocuments.map((document) => [document.id, document]));
const addressesById = new Map(liveAddresses.map((address) => [address.id, address]));
let groups = 0;
let changes = 0;
for (const group of manifests.values()) {
  if (group.kind !== 'RequirementGroup') continue;
  groups += 1;
  const live = groupsByReference.get(`regsync/${scope}/${group.name}`);
  const held = new Map(live?.regulatory_requirements.map((own) => [own.requirement_id, own.field_value]));
  for (const wanted of group.requirements) {
    if (!isEqual(wanted, held.get(wanted.requirement), group.folder)) changes += 1;
  }
}
console.log(changes === 0 ? `No changes. ${groups} groups match their manifests.` : `${changes} differ`);

function isEqual({ text, document, file, address }, value, folder) {
  if (text !== undefined) return text === value;
  if (address !== undefined) {
    const [wanted, live] = [manifests.get(`Address/${address}`), addressesById.get(value)];
    return (
      live !== undefined &&
      live.business_name === wanted.business_name &&
      live.street_address === wanted.street_address &&
      live.locality === wanted.locality &&
      live.postal_code === wanted.postal_code &&
      live.country_code === wanted.country_code
    );
  }
  const named = document === undefined ? { folder, file } : manifests.get(`Document/${document}`);
  return documentsById.get(value)?.sha256 === digests.get(join(named.folder, named.file));
}

async function hashDocuments() {
  const found = new Map();
  const hash = (path) => {
    if (!found.has(path)) found.set(path, createHash('sha256').update(readFileSync(path)).digest('hex'));
  };
  let count = 0;
  for (const { kind, folder, file, requirements } of manifests.values()) {
    if (kind === 'Document') hash(join(folder, file));
    for (const requirement of requirements ?? []) {
      if (requirement.file !== undefined) hash(join(folder, requirement.file));
    }
    if (++count % 100 === 0) await breathe();
  }
  return found;
}

async function readManifests(folder) {
  const found = new Map();
  let count = 0;
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.yaml')) continue;
    const path = join(folder, name);
    for (const manifest of scan(readFileSync(path, 'utf8'), dirname(path))) {
      found.set(`${manifest.kind}/${manifest.name}`, manifest);
    }
    if (++count % 100 === 0) await breathe();
  }
  return found;
}

function scan(text, folder) {
  const manifests = [];
  let manifest = { folder };
  let requirement = null;
  for (const line of text.split('\n')) {
    const written = line.trimStart();
    if (written === '---') {
      manifests.push(manifest);
      manifest = { folder };
      requirement = null;
      continue;
    }
    if (written === '' || written[0] === '#') continue;
    const colon = written.indexOf(':');
    const value = written.slice(colon + 2);
    const plain = value[0] === '"' ? value.slice(1, -1) : value;
    if (written.startsWith('- requirement:')) {
      requirement = { requirement: plain };
      manifest.requirements.push(requirement);
    } else if (written === 'requirements:') manifest.requirements = [];
    else if (value !== '') (requirement ?? manifest)[written.slice(0, colon)] = plain;
  }
  manifests.push(manifest);
  return manifests;
}

async function listAll(path) {
  const first = await getPage(path, 1);
  const rest = Array.from({ length: first.meta.total_pages - 1 }, (_, index) => getPage(path, index + 2));
  return [first, ...(await Promise.all(rest))].flatMap(({ data }) => data);
}

async function getPage(path, number) {
  const url = `${base.href}${path}?page[number]=${number}&page[size]=250`;
  const headers = { authorization: `Bearer ${process.env.TELNYX_API_KEY}` };
  const answer = await new Promise((resolve, reject) => {
    get(url, { agent, headers }, resolve).on('error', reject);
  });
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks));
}
