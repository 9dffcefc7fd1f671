// The script that somebody would write: Telnyx's own client, one request after another, and a look at the status in the end.
import { readFile } from 'node:fs/promises';
import Telnyx from 'telnyx';
import { ADDRESS_FIELDS, describeGroup, KEY, listWork } from './apply-work.mjs';

const [repository, baseURL] = process.argv.slice(2);
const client = new Telnyx({ apiKey: KEY, baseURL });

const address = await client.addresses.create({
  ...ADDRESS_FIELDS,
  address_book: false,
  validate_address: false,
});
for (const { name, files } of await listWork(repository)) {
  const ids = [];
  for (const file of files) ids.push(await upload(name, file));
  // The client's types know no envelope; the API answers with one.
  const created = await client.requirementGroups.create(describeGroup(name, ids, address.data.id));
  const { id } = created.data ?? created;
  await client.requirementGroups.submitForApproval(id);
  const shown = await client.requirementGroups.retrieve(id);
  const { status } = shown.data ?? shown;
  if (status !== 'pending-approval') throw new Error(`${name} is ${status}`);
}

async function upload(name, file) {
  const content = await readFile(file);
  const answer = await client.documents.uploadJson({
    document: { file: content.toString('base64'), filename: 'document.txt', customer_reference: name },
  });
  return answer.data.id;
}
