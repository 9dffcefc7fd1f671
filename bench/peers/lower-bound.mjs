// The least that the answer "nothing to change" can cost here: pages in parallel, a scanner of the plain subset of YAML that
// manifests are written in, hashes, one comparison. It trusts every byte that it reads: no caps, no positions, no confinement,
// no repetition of what fails. Nobody could use it; it shows how much of a plan is work, and how much is care.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { dirname, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';

/** Mappings and lists by indentation, values on the line of their key, plain or in quotes, comments. It believes that it is that. */
class PlainYaml {
  #lines = [];
  #next = 0;

  constructor(text) {
    for (const line of text.split('\n')) {
      const content = line.trimStart();
      if (content !== '' && content[0] !== '#')
        this.#lines.push({ indent: line.length - content.length, content });
    }
  }

  readDocuments() {
    const documents = [];
    for (let line = this.#line; line !== undefined; line = this.#line) {
      if (line.content === '---') this.#next += 1;
      else documents.push(this.#readMapping(0));
    }
    return documents;
  }

  get #line() {
    return this.#lines[this.#next];
  }

  #readBlock(leastIndent) {
    const line = this.#line;
    if (line === undefined || line.indent < leastIndent) return null;
    return line.content.startsWith('- ') ? this.#readList(line.indent) : this.#readMapping(line.indent);
  }

  #readList(indent) {
    const items = [];
    for (let line = this.#line; line?.indent === indent && line.content.startsWith('- '); line = this.#line) {
      const content = line.content.slice(2).trimStart();
      if (KEY.test(content)) {
        // Its keys stand where the first one does.
        line.indent += line.content.length - content.length;
        line.content = content;
        items.push(this.#readMapping(line.indent));
      } else {
        items.push(readScalar(content));
        this.#next += 1;
      }
    }
    return items;
  }

  #readMapping(indent) {
    const mapping = {};
    for (let line = this.#line; line?.indent === indent && line.content !== '---'; line = this.#line) {
      const colon = line.content.indexOf(':');
      const written = line.content.slice(colon + 1).trim();
      this.#next += 1;
      mapping[line.content.slice(0, colon)] =
        written === '' || written[0] === '#' ? this.#readBlock(indent) : readScalar(written);
    }
    return mapping;
  }
}

const KEY = /^\w+:(?: |$)/;

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

function isEqual({ text, document, address }, value, folder) {
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
  const named =
    typeof document === 'string' ? manifests.get(`Document/${document}`) : { folder, file: document.file };
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
    for (const { document } of requirements ?? []) {
      if (document?.file !== undefined) hash(join(folder, document.file));
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
    for (const manifest of new PlainYaml(readFileSync(path, 'utf8')).readDocuments()) {
      manifest.folder = dirname(path);
      found.set(`${manifest.kind}/${manifest.name}`, manifest);
    }
    if (++count % 100 === 0) await breathe();
  }
  return found;
}

function readScalar(written) {
  if (written[0] === '"' || written[0] === "'") return written.slice(1, written.indexOf(written[0], 1));
  const comment = written.indexOf(' #');
  const plain = comment === -1 ? written : written.slice(0, comment).trimEnd();
  if (plain === 'true') return true;
  if (plain === 'false') return false;
  if (plain === 'null' || plain === '~') return null;
  return /^-?\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : plain;
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
