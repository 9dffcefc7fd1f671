import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FaultRepository, openRepository } from './repository.ts';

/**
 * The change set of which every request is disturbed: what the repository said before, what it says now, what must be
 * at Telnyx in the end, and what belongs to others. What is to be is written down here by hand, and asks none of the
 * program's own code.
 */

/* ---- The repository ---- */

const CONFIG = 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n';

const FILES: Readonly<Record<string, Buffer>> = Object.fromEntries(
  [
    'register-old',
    'register',
    'berlin-proof',
    'berlin-form',
    'bremen-papers',
    'hamburg-proof',
    'lyon-proof',
    'closed-proof',
  ].map((name) => [`${name}.pdf`, pdf(name)]),
);

function pdf(title: string): Buffer {
  return Buffer.from(`%PDF-1.4\n% ${title}: a sample, made for a rehearsal\n%%EOF\n`);
}

const ADDRESSES = `
---
apiVersion: regsync/v1
kind: Address
name: alley
business_name: Example GmbH
street_address: Musterallee 1
locality: Berlin
postal_code: "10115"
country_code: DE
---
apiVersion: regsync/v1
kind: Address
name: harbour
business_name: Example GmbH
street_address: Musterhafen 2
locality: Hamburg
postal_code: "20095"
country_code: DE
---
apiVersion: regsync/v1
kind: Address
name: street
business_name: Example Ltd
street_address: 3 Example Street
locality: London
postal_code: EX1 1EX
country_code: GB
`;

function germanOrdering(
  name: string,
  given: {
    readonly contact: string;
    readonly registration: string;
    readonly proof: string;
    readonly form: string;
    readonly address: string;
  },
): string {
  return `
---
apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering
requirements:
  - requirement: Contact Info
    text: ${given.contact}
  - requirement: Business Registration
    document: { file: ../documents/${given.registration} }
  - requirement: Proof of Local Address
    document: { file: ../documents/${given.proof} }
  - requirement: Signed Regulatory Form
    document: { file: ../documents/${given.form} }
  - requirement: Local Address
    address: ${given.address}
`;
}

function germanPorting(name: string): string {
  return `
---
apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: porting
requirements:
  - requirement: Contact Info
    text: Porting desk, Example GmbH
  - requirement: Letter of Authorization
    document: { file: ../documents/berlin-form.pdf }
  - requirement: Account Number
    text: "0000123456"
`;
}

function frenchOrdering(name: string, proof: string, approval: 'submit' | 'none'): string {
  return `
---
apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: FR
phone_number_type: local
action: ordering
approval: ${approval}
requirements:
  - requirement: Proof of Address
    document: { file: ../documents/${proof} }
`;
}

const BRITISH_ORDERING = `
---
apiVersion: regsync/v1
kind: RequirementGroup
name: london
country_code: GB
phone_number_type: local
action: ordering
requirements:
  - requirement: Use Case
    text: Customer support line of Example Ltd
  - requirement: National Address
    address: street
`;

const BEFORE = [
  germanOrdering('berlin', {
    contact: 'Old desk, Example GmbH',
    registration: 'register-old.pdf',
    proof: 'berlin-proof.pdf',
    form: 'berlin-form.pdf',
    address: 'alley',
  }),
  germanPorting('bremen'),
  frenchOrdering('lyon', 'lyon-proof.pdf', 'none'),
  BRITISH_ORDERING,
  frenchOrdering('closed-office', 'closed-proof.pdf', 'submit'),
  ADDRESSES,
];

/**
 * `berlin` gets another contact and another registration; `bremen` becomes a group of another action; `hamburg` is new
 * and shares a document with the one and an address with the other; `lyon` has only to be submitted; `london` stays.
 */
const AFTER = [
  germanOrdering('berlin', {
    contact: 'New desk, Example GmbH',
    registration: 'register.pdf',
    proof: 'berlin-proof.pdf',
    form: 'berlin-form.pdf',
    address: 'alley',
  }),
  germanOrdering('bremen', {
    contact: 'Bremen desk, Example GmbH',
    registration: 'bremen-papers.pdf',
    proof: 'bremen-papers.pdf',
    form: 'bremen-papers.pdf',
    address: 'harbour',
  }),
  germanOrdering('hamburg', {
    contact: 'Hamburg desk, Example GmbH',
    registration: 'register.pdf',
    proof: 'hamburg-proof.pdf',
    form: 'register.pdf',
    address: 'harbour',
  }),
  frenchOrdering('lyon', 'lyon-proof.pdf', 'submit'),
  BRITISH_ORDERING,
  ADDRESSES,
];

/* ---- What is to be in the end ---- */

/** Everything at Telnyx that does not belong to others, by content: ids are left out. */
export interface Picture {
  readonly groups: readonly GroupPicture[];
  readonly documents: readonly string[];
  readonly addresses: readonly string[];
}

export interface GroupPicture {
  readonly reference: string | null;
  readonly combination: string;
  readonly status: string;
  readonly values: Readonly<Record<string, string>>;
}

export const WANTED: Picture = {
  groups: [
    {
      reference: 'regsync/acme/berlin',
      combination: 'DE local ordering',
      status: 'pending-approval',
      values: {
        'Contact Info': 'New desk, Example GmbH',
        'Business Registration': 'register.pdf',
        'Proof of Local Address': 'berlin-proof.pdf',
        'Signed Regulatory Form': 'berlin-form.pdf',
        'Local Address': 'Musterallee 1, Berlin',
      },
    },
    {
      reference: 'regsync/acme/bremen',
      combination: 'DE local ordering',
      status: 'pending-approval',
      values: {
        'Contact Info': 'Bremen desk, Example GmbH',
        'Business Registration': 'bremen-papers.pdf',
        'Proof of Local Address': 'bremen-papers.pdf',
        'Signed Regulatory Form': 'bremen-papers.pdf',
        'Local Address': 'Musterhafen 2, Hamburg',
      },
    },
    {
      reference: 'regsync/acme/hamburg',
      combination: 'DE local ordering',
      status: 'pending-approval',
      values: {
        'Contact Info': 'Hamburg desk, Example GmbH',
        'Business Registration': 'register.pdf',
        'Proof of Local Address': 'hamburg-proof.pdf',
        'Signed Regulatory Form': 'register.pdf',
        'Local Address': 'Musterhafen 2, Hamburg',
      },
    },
    {
      reference: 'regsync/acme/lyon',
      combination: 'FR local ordering',
      status: 'pending-approval',
      values: { 'Proof of Address': 'lyon-proof.pdf' },
    },
  ],
  // Each content once, whatever happened on the way.
  documents: [
    'berlin-form.pdf',
    'berlin-proof.pdf',
    'bremen-papers.pdf',
    'hamburg-proof.pdf',
    'lyon-proof.pdf',
    'register-old.pdf',
    'register.pdf',
  ].map((file) => `${file} as ${documentReference(file)}`),
  addresses: ['Musterallee 1, Berlin', 'Musterhafen 2, Hamburg'],
};

/** The group that works until the one that takes its place does. */
export const REPLACED = { reference: 'regsync/acme/bremen', combination: 'DE local porting' };

function documentReference(file: string): string {
  const bytes = FILES[file];
  if (bytes === undefined) throw new Error(`There is no ${file}`);
  return `regsync/acme/doc/${digest(bytes).slice(0, 32)}`;
}

/* ---- The start ---- */

export interface Start {
  /** The folder of the manifests as they are now. Nothing writes into it. */
  readonly repository: string;
  /** The sandbox's state file before the apply. */
  readonly state: string;
  /** On the sandbox's clock: no point is later than another, however long they all take. */
  readonly now: string;
  /** Ids of everything that the apply has no business with. */
  readonly foreignIds: ReadonlySet<string>;
  readonly foreign: Foreign;
}

const GERMAN_ORDERING = { country_code: 'DE', phone_number_type: 'local', action: 'ordering' };
const CONTACT_INFO = '2708e569-696a-4fc7-9305-5fdb3eb9c7dd';
const REGISTRATION = '6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2';
const LOCAL_ADDRESS = 'a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b';

/** Made once: by an apply of what the repository said before, by reviewers, and by strangers. */
export async function prepareStart(): Promise<Start> {
  const [former, repository] = [await writeRepository(BEFORE), await writeRepository(AFTER)];
  const testRepository = await openRepository(former, null);
  try {
    const { code } = await testRepository.run('apply', '--yes');
    if (code !== 0) throw new Error(`The start could not be made\n${await testRepository.transcript()}`);
    await testRepository.control('POST', 'approve-all', {});
    const now = await leaveStaleUpload(testRepository);
    await addRetiredGroup(testRepository);
    await addStrangers(testRepository);
    await testRepository.control('PATCH', 'quirks', { groups_reference_filter: 'contains' });
    // A 429 names the end of the window: two seconds are soon over.
    await testRepository.control('PUT', 'rate-limit', { limit: 100_000, windowMs: 2000 });
    const world = await readWorld(testRepository);
    const foreignIds = findForeignIds(world);
    const state = await readFile(testRepository.stateFile, 'utf8');
    return { repository, state, now, foreignIds, foreign: selectForeign(world, foreignIds) };
  } finally {
    await testRepository.end();
    await rm(former, { recursive: true });
  }
}

/** As by a run that was killed 21 minutes ago: Telnyx may delete it any moment, so it is not to be used. */
async function leaveStaleUpload(testRepository: FaultRepository): Promise<string> {
  await uploadAs(testRepository, 'bremen-papers', documentReference('bremen-papers.pdf'));
  const { now } = await testRepository.control<{ now: string }>('POST', 'clock', {
    advance_seconds: 21 * 60,
  });
  return now;
}

/** A second group that makes room for the new `bremen`: of its very combination, but of no use any more. */
async function addRetiredGroup(testRepository: FaultRepository): Promise<void> {
  await testRepository.control('POST', 'groups', {
    ...GERMAN_ORDERING,
    customer_reference: REPLACED.reference,
    status: 'no-longer-eligible',
    regulatory_requirements: [{ requirement_id: CONTACT_INFO, field_value: 'Bremen desk, Example GmbH' }],
  });
}

function uploadAs(
  testRepository: FaultRepository,
  title: string,
  customer_reference: string,
): Promise<{ readonly id: string }> {
  const file = pdf(title).toString('base64');
  return testRepository.call('POST', '/documents', { file, filename: `${title}.pdf`, customer_reference });
}

async function writeRepository(manifests: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-faults-'));
  await mkdir(join(folder, 'groups'));
  await mkdir(join(folder, 'documents'));
  await writeFile(join(folder, 'regsync.yaml'), CONFIG);
  await writeFile(join(folder, 'groups/offices.yaml'), manifests.join(''));
  for (const [name, bytes] of Object.entries(FILES)) await writeFile(join(folder, 'documents', name), bytes);
  return folder;
}

/** Other scopes and people, with things that look as much as possible like ours. */
async function addStrangers(testRepository: FaultRepository): Promise<void> {
  const harbour = (customer_reference: string, address_book: boolean) =>
    testRepository.call('POST', '/addresses', {
      business_name: 'Example GmbH',
      street_address: 'Musterhafen 2',
      locality: 'Hamburg',
      postal_code: '20095',
      country_code: 'DE',
      customer_reference,
      address_book,
      validate_address: false,
    });
  const group = (customer_reference: string | null, values: Readonly<Record<string, string>>) =>
    testRepository.call('POST', '/requirement_groups', {
      ...GERMAN_ORDERING,
      customer_reference,
      regulatory_requirements: Object.entries(values).map(([requirement_id, field_value]) => ({
        requirement_id,
        field_value,
      })),
    });

  const theirs = await uploadAs(
    testRepository,
    'their-register',
    'regsync/acme-two/doc/00000000000000000000000000000000',
  );
  const office = await harbour('regsync/acme-two/addr/00000000000000000000000000000000', false);
  const values = { [CONTACT_INFO]: 'Hamburg desk, Example GmbH', [LOCAL_ADDRESS]: office.id };
  await group('regsync/acme-two/hamburg', { ...values, [REGISTRATION]: theirs.id });
  const declined = await group('Regsync/Acme/Hamburg', values);
  await testRepository.control('POST', `groups/${declined.id}/decline`, {
    comment: 'The registration is missing',
  });
  await group('formerly regsync/acme/hamburg', values);
  await group(null, { [CONTACT_INFO]: 'New desk, Example GmbH' });
  await uploadAs(testRepository, 'a-persons-upload', 'hamburg');
  await harbour('hamburg', true);
}

/* ---- Looking at what Telnyx holds ---- */

export interface World {
  readonly groups: readonly Group[];
  readonly documents: readonly {
    readonly id: string;
    readonly customer_reference: string | null;
    readonly sha256: string;
  }[];
  readonly addresses: readonly {
    readonly id: string;
    readonly street_address: string;
    readonly locality: string;
  }[];
  readonly links: readonly { readonly linked_resource_id: string }[];
  readonly comments: readonly unknown[];
  readonly requirement_types: readonly { readonly id: string; readonly name: string }[];
}

interface Group {
  readonly id: string;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly action: string;
  readonly customer_reference: string | null;
  readonly status: string;
  readonly regulatory_requirements: readonly {
    readonly requirement_id: string;
    readonly field_value: string;
  }[];
}

export function readWorld(testRepository: FaultRepository): Promise<World> {
  return testRepository.control<World>('GET', 'state');
}

/** Rows as they are, to the last field. */
export type Foreign = Pick<World, 'groups' | 'documents' | 'addresses' | 'links' | 'comments'>;

const CHANGED_GROUPS: readonly (string | null)[] = [
  'regsync/acme/berlin',
  'regsync/acme/bremen',
  'regsync/acme/lyon',
];

/** All that the groups to be changed do not hold: strangers' things, a group that stays, one that no manifest names, a stale upload. */
function findForeignIds({ groups, documents, addresses }: World): ReadonlySet<string> {
  const changed = groups.filter(({ customer_reference }) => CHANGED_GROUPS.includes(customer_reference));
  const ours = new Set(
    changed.flatMap((group) => [
      group.id,
      ...group.regulatory_requirements.map((value) => value.field_value),
    ]),
  );
  const ids = [...groups, ...documents, ...addresses].map(({ id }) => id);
  return new Set(ids.filter((id) => !ours.has(id)));
}

export function selectForeign(world: World, ids: ReadonlySet<string>): Foreign {
  const isForeign = ({ id }: { readonly id: string }) => ids.has(id);
  return {
    groups: world.groups.filter(isForeign),
    documents: world.documents.filter(isForeign),
    addresses: world.addresses.filter(isForeign),
    links: world.links.filter((link) => ids.has(link.linked_resource_id)),
    comments: world.comments,
  };
}

/** Everything that is not foreign, so that nothing too many escapes it, whatever its reference. */
export function takePicture(world: World, foreignIds: ReadonlySet<string>): Picture {
  const isOurs = ({ id }: { readonly id: string }) => !foreignIds.has(id);
  return {
    groups: world.groups
      .filter(isOurs)
      .map((group) => describeGroup(world, group))
      .sort((a, b) => compareText(a.reference ?? '', b.reference ?? '')),
    documents: world.documents
      .filter(isOurs)
      .map(({ sha256, customer_reference }) => `${fileOf(sha256)} as ${customer_reference}`)
      .sort(compareText),
    addresses: world.addresses.filter(isOurs).map(describeAddress).sort(compareText),
  };
}

function describeGroup(world: World, group: Group): GroupPicture {
  const names = new Map(world.requirement_types.map(({ id, name }) => [id, name]));
  return {
    reference: group.customer_reference,
    combination: `${group.country_code} ${group.phone_number_type} ${group.action}`,
    status: group.status,
    values: Object.fromEntries(
      group.regulatory_requirements.map(({ requirement_id, field_value }) => [
        names.get(requirement_id) ?? requirement_id,
        describeValue(world, field_value),
      ]),
    ),
  };
}

function describeValue({ documents, addresses }: World, value: string): string {
  const document = documents.find(({ id }) => id === value);
  if (document !== undefined) return fileOf(document.sha256);
  const address = addresses.find(({ id }) => id === value);
  return address === undefined ? value : describeAddress(address);
}

function describeAddress(address: World['addresses'][number]): string {
  return `${address.street_address}, ${address.locality}`;
}

function fileOf(sha256: string): string {
  const found = Object.entries(FILES).find(([, bytes]) => digest(bytes) === sha256);
  return found?.[0] ?? `an unknown document ${sha256}`;
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
