// The same question as `regsync plan` asks, as one would write it in an afternoon: the official client lists what there is,
// `yaml` reads the manifests, documents are hashed, and what differs is printed. It checks nothing and explains nothing.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Telnyx } from 'telnyx';
import { parse, parseAllDocuments } from 'yaml';

const client = new Telnyx();
const { scope } = parse(await readFile('regsync.yaml', 'utf8'));

const manifests = await readManifests('groups');
const documents = new Map(manifests.filter(({ kind }) => kind === 'Document').map((one) => [one.name, one]));
const addresses = new Map(manifests.filter(({ kind }) => kind === 'Address').map((one) => [one.name, one]));

const liveGroups = new Map((await listGroups()).map((group) => [group.customer_reference, group]));
const liveDocuments = await listById(client.documents.list({ 'page[size]': 250 }));
const liveAddresses = await listById(client.addresses.list({ 'page[size]': 250 }));

const digests = new Map();
const groups = manifests.filter(({ kind }) => kind === 'RequirementGroup');
let changes = 0;
for (const group of groups) {
  const live = liveGroups.get(`regsync/${scope}/${group.name}`);
  if (live === undefined) {
    report(`${group.name}: to be created`);
    continue;
  }
  for (const wanted of group.requirements) {
    const held = live.regulatory_requirements.find(
      ({ requirement_id }) => requirement_id === wanted.requirement,
    );
    if (!(await isEqual(wanted, held?.field_value ?? '', group.folder)))
      report(`${group.name}: ${wanted.requirement} differs`);
  }
}
if (changes === 0) console.log(`No changes. ${groups.length} groups match their manifests.`);

function report(change) {
  changes += 1;
  console.log(change);
}

async function isEqual({ text, document, address }, value, folder) {
  if (text !== undefined) return text.normalize('NFC').trim() === value.normalize('NFC').trim();
  if (document !== undefined) {
    const wanted = typeof document === 'string' ? documents.get(document) : { folder, ...document };
    return liveDocuments.get(value)?.sha256 === (await hashFile(join(wanted.folder, wanted.file)));
  }
  const {
    kind: _,
    name: __,
    folder: ___,
    apiVersion: ____,
    validate_address: _____,
    ...fields
  } = addresses.get(address);
  const live = liveAddresses.get(value);
  return live !== undefined && Object.entries(fields).every(([field, wanted]) => live[field] === wanted);
}

async function hashFile(path) {
  if (!digests.has(path))
    digests.set(
      path,
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
  return digests.get(path);
}

async function readManifests(folder) {
  const found = [];
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.yaml')) continue;
    const path = join(folder, name);
    for (const document of parseAllDocuments(await readFile(path, 'utf8'))) {
      found.push({ ...document.toJS(), folder: dirname(path) });
    }
  }
  return found;
}

/** The client takes this list for one that has no pages. */
async function listGroups() {
  const rows = [];
  for (let page = 1; ; page += 1) {
    const { data, meta } = await client.get('/requirement_groups', {
      query: { 'page[number]': page, 'page[size]': 250 },
    });
    rows.push(...data);
    if (page >= meta.total_pages) return rows;
  }
}

async function listById(pages) {
  const rows = new Map();
  for await (const row of pages) rows.set(row.id, row);
  return rows;
}
