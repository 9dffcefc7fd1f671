// What both lower bounds do: pages in parallel while files are read, hashes, one comparison. It trusts every byte that it
// reads: no caps, no positions, no confinement, no repetition of what fails.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';

const base = process.env.TELNYX_BASE_URL;
const headers = { authorization: `Bearer ${process.env.TELNYX_API_KEY}` };

/**
 * Says whether anything differs.
 *
 * @param read the documents of a YAML text, as plain data
 * @param getJson what an address answers
 */
export async function planLeast({ read, getJson }) {
  const scope = /^scope: (.*)$/m.exec(readFileSync('regsync.yaml', 'utf8'))[1];
  const listings = Promise.all(
    ['/requirement_groups', '/documents', '/addresses'].map((path) => listAll(path, getJson)),
  );
  const manifests = await readManifests('groups', read);
  const digests = await hashDocuments(manifests);
  const [liveGroups, liveDocuments, liveAddresses] = await listings;
  const live = {
    groups: new Map(liveGroups.map((group) => [group.customer_reference, group])),
    documents: new Map(liveDocuments.map((document) => [document.id, document])),
    addresses: new Map(liveAddresses.map((address) => [address.id, address])),
  };
  let groups = 0;
  let changes = 0;
  for (const group of manifests.values()) {
    if (group.kind !== 'RequirementGroup') continue;
    groups += 1;
    const found = live.groups.get(`regsync/${scope}/${group.name}`);
    const held = new Map(found?.regulatory_requirements.map((own) => [own.requirement_id, own.field_value]));
    for (const wanted of group.requirements) {
      const value = held.get(wanted.requirement);
      if (!isEqual(wanted, value, group.folder, { manifests, digests, live })) changes += 1;
    }
  }
  console.log(changes === 0 ? `No changes. ${groups} groups match their manifests.` : `${changes} differ`);
}

function isEqual({ text, document, address }, value, folder, { manifests, digests, live }) {
  if (text !== undefined) return text === value;
  if (address !== undefined) {
    const [wanted, found] = [manifests.get(`Address/${address}`), live.addresses.get(value)];
    return (
      found !== undefined &&
      found.business_name === wanted.business_name &&
      found.street_address === wanted.street_address &&
      found.locality === wanted.locality &&
      found.postal_code === wanted.postal_code &&
      found.country_code === wanted.country_code
    );
  }
  const named =
    typeof document === 'string' ? manifests.get(`Document/${document}`) : { folder, file: document.file };
  return live.documents.get(value)?.sha256 === digests.get(join(named.folder, named.file));
}

async function hashDocuments(manifests) {
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

async function readManifests(folder, read) {
  const found = new Map();
  let count = 0;
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.yaml')) continue;
    const path = join(folder, name);
    for (const manifest of read(readFileSync(path, 'utf8'))) {
      manifest.folder = dirname(path);
      found.set(`${manifest.kind}/${manifest.name}`, manifest);
    }
    if (++count % 100 === 0) await breathe();
  }
  return found;
}

async function listAll(path, getJson) {
  const getPage = (number) => getJson(`${base}${path}?page[number]=${number}&page[size]=250`, headers);
  const first = await getPage(1);
  const rest = Array.from({ length: first.meta.total_pages - 1 }, (_, index) => getPage(index + 2));
  return [first, ...(await Promise.all(rest))].flatMap(({ data }) => data);
}
