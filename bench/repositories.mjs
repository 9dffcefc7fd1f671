// A reseller's repository of any size, and the state of a Telnyx account that matches it: nothing is to be changed.
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startSandboxProcess } from '../scripts/sandbox-process.mjs';

export const SCOPE = 'reseller';

/** Of the German set for local numbers. */
const REQUIREMENTS = {
  contact: '2708e569-696a-4fc7-9305-5fdb3eb9c7dd',
  registration: '6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2',
  proof: '95cac7a7-cf24-4d34-81e4-e2d01a35adda',
  form: 'a3a856c0-2811-4eee-9607-ea60df9f5c32',
  address: 'a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b',
};

const GROUPS_PER_CUSTOMER = 5;
const GROUPS_PER_FORM = 100;
const FILES_PER_FOLDER = 100;
const DOCUMENT_BYTES = 1024;
const END_OF_PDF = '\n%%EOF\n';

/**
 * Writes a repository with this many groups into the folder, and starts a sandbox with the account that matches it, while
 * the work lasts.
 */
export async function inWorld({ cli, folder, size, fresh, latency }, work) {
  const root = join(folder, `repository-${size}`);
  const stateFile = join(folder, `account-${size}.json`);
  const world = describeWorld(size);
  writeRepository(root, world);
  await writeAccount(fresh, stateFile, world);
  const sandbox = await startSandboxProcess(cli, ['--state', stateFile, '--latency', latency]);
  try {
    await work({ root, world, sandbox });
  } finally {
    await sandbox.stop();
    await rm(root, { recursive: true });
    await rm(stateFile);
  }
}

/**
 * One file for each group: a text, three documents of 1 KiB and an address. A customer has five groups, which share the
 * company's registration; each has a proof of address and an address of its own; a signed form serves a hundred groups.
 */
function describeWorld(groupCount) {
  const groups = Array.from({ length: groupCount }, (_, index) => describeGroup(index));
  const documents = new Map();
  for (const { registration, proof, form } of groups) {
    for (const document of [registration, proof, form]) documents.set(document.name, document);
  }
  const forms = [...new Map(groups.map(({ form }) => [form.name, form])).values()];
  return { groups, documents: [...documents.values()], forms };
}

function describeGroup(index) {
  const number = digits(index);
  const customer = digits(Math.floor(index / GROUPS_PER_CUSTOMER));
  return {
    name: `customer-${customer}-site-${(index % GROUPS_PER_CUSTOMER) + 1}`,
    folder: folderOf(index),
    contact: `Compliance desk, Example ${customer} GmbH, +49 30 0000000`,
    registration: describeDocument(`registration-${customer}`, Math.floor(index / GROUPS_PER_CUSTOMER)),
    proof: describeDocument(`proof-${number}`, index),
    form: describeDocument(`form-${digits(Math.floor(index / GROUPS_PER_FORM))}`, 0),
    address: {
      name: `address-${number}`,
      fields: {
        business_name: `Example ${customer} GmbH`,
        country_code: 'DE',
        locality: 'Berlin',
        postal_code: '10117',
        street_address: `Beispielweg ${index + 1}`,
      },
    },
  };
}

function describeDocument(name, index) {
  const bytes = Buffer.alloc(DOCUMENT_BYTES, `%PDF-1.4\n% SAMPLE DATA: ${name}\n`);
  // regsync refuses a PDF without its end.
  bytes.write(END_OF_PDF, DOCUMENT_BYTES - END_OF_PDF.length);
  return { name, path: `${folderOf(index)}/${name}.pdf`, bytes, sha256: sha256(bytes) };
}

function folderOf(index) {
  return digits(Math.floor(index / FILES_PER_FOLDER));
}

function digits(number) {
  return String(number).padStart(5, '0');
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/* ---- Files ---- */

function writeRepository(root, { groups, documents, forms }) {
  const folders = new Set(['groups', 'documents']);
  const files = [['regsync.yaml', `apiVersion: regsync/v1\nkind: Config\nscope: ${SCOPE}\n`]];
  for (const { path, bytes } of documents) files.push([`documents/${path}`, bytes]);
  for (const group of groups) files.push([`groups/${group.folder}/${group.name}.yaml`, manifestOf(group)]);
  files.push(['groups/forms.yaml', forms.map(formManifest).join('---\n')]);
  for (const [path] of files) {
    const folder = path.split('/').slice(0, -1).join('/');
    if (!folders.has(folder)) mkdirSync(join(root, folder), { recursive: true });
    folders.add(folder);
  }
  for (const [path, content] of files) writeFileSync(join(root, path), content);
}

function manifestOf({ name, contact, registration, proof, form, address }) {
  return `# yaml-language-server: $schema=../../schemas/manifest.schema.json
apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering

requirements:
  # Contact Info
  - requirement: ${REQUIREMENTS.contact}
    text: ${contact}

  # Business Registration: shared by all groups of the customer
  - requirement: ${REQUIREMENTS.registration}
    document:
      file: ../../documents/${registration.path}
      sha256: ${registration.sha256}

  # Proof of Local Address
  - requirement: ${REQUIREMENTS.proof}
    document:
      file: ../../documents/${proof.path}
      expires: 2099-01-31

  # Signed Regulatory Form
  - requirement: ${REQUIREMENTS.form}
    document: ${form.name}

  # Local Address
  - requirement: ${REQUIREMENTS.address}
    address: ${address.name}
---
apiVersion: regsync/v1
kind: Address
name: ${address.name}
business_name: ${address.fields.business_name}
street_address: ${address.fields.street_address}
locality: ${address.fields.locality}
postal_code: "${address.fields.postal_code}"
country_code: ${address.fields.country_code}
validate_address: false
`;
}

function formManifest({ name, path }) {
  return `apiVersion: regsync/v1
kind: Document
name: ${name}
file: ../documents/${path}
`;
}

/* ---- The account ---- */

/** Writes the state of a sandbox that contains nothing, and returns its file. */
export async function writeFreshState(cli, folder) {
  const file = join(folder, 'fresh.json');
  const sandbox = await startSandboxProcess(cli, ['--state', file]);
  const headers = { 'content-type': 'application/json' };
  await fetch(`${sandbox.origin}/_sandbox/clock`, { method: 'POST', body: '{"advance_seconds":0}', headers });
  await sandbox.stop();
  return file;
}

/** `fresh`: the state file of a sandbox that holds nothing yet. */
async function writeAccount(fresh, stateFile, world) {
  const state = JSON.parse(await readFile(fresh, 'utf8'));
  const documents = new Map(
    world.documents.map((document, index) => [document.name, document_(document, index)]),
  );
  const addresses = new Map(
    world.groups.map(({ address }, index) => [address.name, address_(address, index)]),
  );
  const groups = world.groups.map((group, index) => group_(group, index, { documents, addresses }));
  const filled = {
    ...state,
    groups: groups.map((row) => [row.id, row]),
    documents: [...documents.values()].map((row) => [row.id, row]),
    links: groups.flatMap(linksOf).map((row) => [row.id, row]),
    addresses: [...addresses.values()].map((row) => [row.id, row]),
  };
  await writeFile(stateFile, JSON.stringify(filled));
}

function document_({ name, bytes, sha256 }, index) {
  return {
    id: uuid('d', index),
    filename: `${name}.pdf`,
    customer_reference: `regsync/${SCOPE}/doc/${sha256.slice(0, 32)}`,
    content_type: 'application/pdf',
    sha256,
    bytes: bytes.length,
    status: 'verified',
    av_scan_status: 'scanned',
    uploaded_ms: 0,
    unlinked_since_ms: null,
    ...times(index),
  };
}

function address_({ fields }, index) {
  const digest = sha256(JSON.stringify(fields));
  return {
    id: String(2_000_000_000_000_000_000n + BigInt(index)),
    fields: { ...fields, customer_reference: `regsync/${SCOPE}/addr/${digest.slice(0, 32)}` },
    validate_address: false,
    address_book: false,
    ...times(index),
  };
}

function group_(group, index, { documents, addresses }) {
  const requirement = (requirement_id, field_type, field_value) => {
    const { created_at, updated_at } = times(index);
    return {
      requirement_id,
      field_type,
      field_value,
      status: 'approved',
      expires_at: null,
      created_at,
      updated_at,
    };
  };
  return {
    id: uuid('a', index),
    country_code: 'DE',
    phone_number_type: 'local',
    action: 'ordering',
    customer_reference: `regsync/${SCOPE}/${group.name}`,
    status: 'approved',
    regulatory_requirements: [
      requirement(REQUIREMENTS.contact, 'textual', group.contact),
      requirement(REQUIREMENTS.registration, 'document', documents.get(group.registration.name).id),
      requirement(REQUIREMENTS.proof, 'document', documents.get(group.proof.name).id),
      requirement(REQUIREMENTS.form, 'document', documents.get(group.form.name).id),
      requirement(REQUIREMENTS.address, 'address', addresses.get(group.address.name).id),
    ],
    ...times(index),
  };
}

function linksOf(group, index) {
  const held = group.regulatory_requirements.filter(({ field_type }) => field_type === 'document');
  return held.map(({ field_value }, which) => ({
    id: uuid('e', index * held.length + which),
    document_id: field_value,
    linked_record_type: 'requirement_group',
    linked_resource_id: group.id,
    ...times(index),
  }));
}

function uuid(kind, index) {
  return `${kind}0000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

function times(index) {
  const created_at = `${new Date(Date.UTC(2026, 0, 1) + index).toISOString().slice(0, -1)}000Z`;
  return { created_at, updated_at: created_at, born_ms: 0 };
}
