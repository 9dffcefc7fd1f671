import { DE_REQUIREMENTS, type TestRepository } from './test-repository.ts';

/**
 * One account in which a plan has some fifty changes, of every kind and verb. `BEFORE` is applied, then the account is
 * lived in, and `AFTER` is what the manifests say now.
 */

type Manifests = Readonly<Record<string, string>>;

const HEAD = 'apiVersion: regsync/v1\n';

interface German {
  readonly contact?: string;
  readonly proof?: string;
  readonly address?: string;
  readonly extra?: string;
  readonly country?: string;
}

function german(name: string, given: German = {}): string {
  const { contact = `Compliance desk of ${name}`, proof = 'local-address-proof.pdf', extra = '' } = given;
  const address = given.address ?? 'acme-berlin';
  return `${HEAD}kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering
${extra}requirements:
  - requirement: Contact Info
    text: "${contact}"
  - requirement: ${DE_REQUIREMENTS.registration}
    document: { file: ../documents/registration.pdf }
  - requirement: ${DE_REQUIREMENTS.proof}
    document: { file: ../documents/${proof} }
  - requirement: ${DE_REQUIREMENTS.form}
    document: { file: ../documents/registration.pdf }
  - requirement: ${DE_REQUIREMENTS.address}
    address: ${address}
`;
}

function french(name: string, file: string, extra = ''): string {
  return `${HEAD}kind: RequirementGroup
name: ${name}
country_code: FR
phone_number_type: local
action: ordering
${extra}requirements:
  - requirement: Proof of Address
    document: { file: ../documents/${file} }
`;
}

function address(name: string, street: string): string {
  return `${HEAD}kind: Address
name: ${name}
business_name: Example GmbH
street_address: "${street}"
locality: Berlin
postal_code: "10115"
country_code: DE
`;
}

function order(name: string, numbers: readonly string[], extra = ''): string {
  const list = numbers.map((number) => `  - "${number}"\n`).join('');
  return `${HEAD}kind: NumberOrder\nname: ${name}\n${extra}phone_numbers:\n${list}`;
}

function porting(given: { readonly name: string; readonly pin: string; readonly extra?: string }): string {
  return `${HEAD}kind: PortingOrder
name: berlin-port
id: ${PORTING_ORDER}
customer_reference: ${given.name}
end_user:
  admin:
    entity_name: Example GmbH
    pin_passcode: "${given.pin}"
${given.extra ?? ''}`;
}

const PORTING_ORDER = '7d1f3c86-0000-4000-8000-000000000002';

const many = (stem: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${stem}-${String(index + 1).padStart(2, '0')}`);

const EDITED = many('edited', 10);
const REPLACED = many('replaced', 3);
const DELETED = many('deleted', 4);
const CREATED = many('created', 10);
const STILL = many('still', 4);

const BEFORE: Manifests = manifests([
  address('acme-berlin', 'Musterstraße 1'),
  ...EDITED.map((name) => german(name)),
  ...REPLACED.map((name) => french(name, 'address-fr.png')),
  ...DELETED.map((name) => french(name, 'address-fr.png')),
  ...STILL.map((name) => german(name)),
  german('ordered'),
  order('berlin', ['+49300000001', '+49300000002'], 'requirement_group: ordered\n'),
  order('kiel', ['+49300000003']),
]);

const AFTER: Manifests = manifests([
  address('acme-berlin', 'Musterstraße 1'),
  address('acme-hamburg', 'Beispielweg 20'),
  ...EDITED.map((name, index) =>
    german(name, {
      contact: index % 2 === 0 ? `Night desk of ${name}` : `Compliance desk of ${name}`,
      proof: index % 3 === 0 ? 'local-address-proof.pdf' : 'registration.pdf',
      address: index % 4 === 0 ? 'acme-hamburg' : 'acme-berlin',
      extra: index === 5 ? 'approval: none\n' : '',
    }),
  ),
  ...REPLACED.map((name) => german(name)),
  ...CREATED.map((name, index) =>
    index < 5
      ? german(name, {
          address: index < 3 ? 'acme-hamburg' : `{ ${inlineAddress(index)} }`,
          extra: index === 0 ? 'customer_reference: CRM 0001\n' : '',
        })
      : french(name, `own-${index}.png`),
  ),
  ...STILL.map((name) => german(name)),
  german('ordered', { contact: 'Front desk of ordered' }),
  french('adopted', 'address-fr.png', 'id: 7d1f3c86-0000-4000-8000-000000000009\n'),
  order('berlin', ['+49300000001', '+49300000002'], 'requirement_group: ordered\n'),
  order(
    'kiel',
    ['+49300000003'],
    `customer_reference: Kiel 2026\nrequirements:\n  - requirement: ${DE_REQUIREMENTS.contact}\n    text: Jo Example\n`,
  ),
  order('fresh', ['+49300000004'], 'requirement_group: created-01\n'),
  porting({ name: 'Acct 123abc', pin: '8091', extra: '  location:\n    locality: Berlin\n' }),
]);

/** The sandbox's time when the account is planned; an hour before, it is lived in. */
export const NOW_MS = Date.parse('2026-06-01T13:00:00Z');

/** Manifests and the documents that they name, as files. */
export const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'regsync.yaml': 'apiVersion: regsync/v1\nkind: Config\nscope: acme\nlimits: { max_delete_fraction: 0.5 }\n',
  ...AFTER,
  ...Object.fromEntries(CREATED.map((_, index) => [`documents/own-${index}.png`, picture(index)])),
};

function manifests(documents: readonly string[]): Manifests {
  return { 'groups/all.yaml': documents.join('---\n') };
}

function inlineAddress(index: number): string {
  return `business_name: Example GmbH, street_address: Musterstraße ${index}, locality: Berlin, postal_code: "10115", country_code: DE`;
}

/** A PNG of one pixel, and a chunk of text that tells it from the others. */
function picture(index: number): Uint8Array {
  const head = Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de', 'hex');
  const end = Buffer.from('0000000c4944415408d763f8cfc000000301010018dd8db00000000049454e44ae426082', 'hex');
  const text = Buffer.from(`tEXtNumber\0${index}`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length - 4);
  return Buffer.concat([head, length, text, Buffer.alloc(4), end]);
}

/** Brings an empty sandbox into the state that `AFTER` is planned against. */
export async function liveIn(repository: TestRepository): Promise<void> {
  await repository.control('clock', { now: '2026-06-01T12:00:00Z' });
  for (const [path, content] of Object.entries({ ...FILES, ...BEFORE }))
    await repository.write(path, content);
  const { code, err } = await repository.run(['apply', '--yes', '--allow-orders']);
  if (code !== 0) throw new Error(err);
  const groups = new Map(
    (await repository.state()).groups.map(({ customer_reference, id }) => [customer_reference ?? '', id]),
  );
  const of = (name: string) => groups.get(`regsync/acme/${name}`) ?? '';
  const verb = (name: string, word: string, body: unknown) =>
    repository.control(`groups/${of(name)}/${word}`, body);
  for (const name of [...EDITED.slice(0, 3), ...REPLACED.slice(0, 2), ...STILL, 'ordered'])
    await verb(name, 'approve', {});
  const comment = 'The scan of the proof is not legible.';
  for (const name of EDITED.slice(3, 5)) {
    await verb(name, 'decline', { requirement_ids: [DE_REQUIREMENTS.proof], comment });
  }
  await verb(EDITED[6] ?? '', 'approve', { expires_in_days: 20 });
  await verb(DELETED[0] ?? '', 'approve', {});
  await repository.control('groups', {
    id: '7d1f3c86-0000-4000-8000-000000000009',
    country_code: 'FR',
    phone_number_type: 'local',
    action: 'ordering',
    customer_reference: 'OLD REF',
    status: 'unapproved',
  });
  await repository.control('porting_orders', {
    id: PORTING_ORDER,
    phone_numbers: ['+49300000009'],
    status: 'exception',
    details: [{ code: 'PASSCODE_PIN_INVALID', description: 'The PIN is not the one of the account.' }],
    end_user: { admin: { entity_name: 'Example AG', pin_passcode: '0000' } },
  });
}
