import { describe, expect, it } from 'vitest';
import { findCandidates } from '../../src/import/candidates.ts';
import { compose } from '../../src/import/compose.ts';
import type { Composition, Surroundings } from '../../src/import/composition.ts';
import { documentKey } from '../../src/import/contents.ts';
import { type Download, generateManifests } from '../../src/import/generate-manifests.ts';
import { accountOf, catalogueOf, groupRow, IDS, surroundings } from './accounts.ts';

/** Two documents, by id, and an address. */
const [A, B] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const SEAT = '1000000000000000000';
const SHA256 = { [A]: 'a'.repeat(64), [B]: 'b'.repeat(64) };

const catalogue = catalogueOf([
  { id: IDS.text, name: 'Contact Info', field_type: 'textual' },
  { id: IDS.document, name: 'Registration', field_type: 'document' },
  { id: IDS.unknown, name: 'Passport of the Manager', field_type: 'document' },
  { id: IDS.address, name: 'Local Address', field_type: 'address' },
]);

interface Held {
  readonly registration?: string;
  readonly passport?: string;
  readonly isSeated?: boolean;
  readonly expires?: string;
}

function composed(groups: readonly Held[], given: Partial<Surroundings> = {}): Composition {
  const rows = groups.map(({ registration, passport, isSeated = false, expires }, index) => {
    const row = groupRow(
      {
        ...(registration === undefined ? {} : { [IDS.document]: ['document', registration] as const }),
        ...(passport === undefined ? {} : { [IDS.unknown]: ['document', passport] as const }),
        ...(isSeated ? { [IDS.address]: ['address', SEAT] as const } : {}),
      },
      { id: `0a000000-0000-4000-8000-00000000000${index}`, customer_reference: `CRM ${index}` },
    ) as { regulatory_requirements: object[] };
    const requirements = row.regulatory_requirements.map((own) => ({ ...own, expires_at: expires ?? null }));
    return { ...row, regulatory_requirements: requirements };
  });
  const address = {
    id: SEAT,
    business_name: 'Example GmbH',
    street_address: 'Beispielweg 1',
    locality: 'Berlin',
    country_code: 'DE',
  };
  const account = accountOf({
    groups: rows,
    documents: [{ id: A }, { id: B }],
    addresses: [address],
  });
  const downloads = new Map(
    [A, B].map((id): [string, Download] => [
      id,
      { kind: 'file', sha256: SHA256[id] ?? '', bytes: 7, extension: 'pdf' },
    ]),
  );
  const { manifests } = generateManifests(findCandidates(account.groups, catalogue), account, downloads);
  return compose(manifests, surroundings({ live: account.groups, ...given }));
}

/** `path: Kind name`, of every manifest that is written. */
function manifests({ manifests }: Composition): string[] {
  return manifests.flatMap(({ path, text }) => {
    const kinds = [...text.matchAll(/^kind: (.*)$/gm)].map(([, kind]) => kind);
    const names = [...text.matchAll(/^name: (.*)$/gm)].map(([, name]) => name);
    return kinds.map((kind, index) => `${path}: ${kind} ${names[index]}`);
  });
}

const groupAt = (index: number) => `groups/crm-${index}.yaml: RequirementGroup crm-${index}`;

describe('what groups hold has a manifest of its own or not', () => {
  it.each<[string, readonly Held[], readonly string[]]>([
    ['a document that one group uses once', [{ registration: A }], [groupAt(0)]],
    ['two documents of one group', [{ registration: A, passport: B }], [groupAt(0)]],
    [
      'a document that one group uses twice',
      [{ registration: A, passport: A }],
      [groupAt(0), 'groups/crm-0.yaml: Document crm-0-registration'],
    ],
    [
      'a document that two groups use',
      [{ registration: A }, { passport: A }],
      ['groups/documents.yaml: Document crm-0-registration', groupAt(0), groupAt(1)],
    ],
    [
      'an address that one group uses',
      [{ isSeated: true }],
      [groupAt(0), 'groups/crm-0.yaml: Address crm-0-local-address'],
    ],
    [
      'an address that two groups use',
      [{ isSeated: true }, { isSeated: true }],
      ['groups/addresses.yaml: Address crm-0-local-address', groupAt(0), groupAt(1)],
    ],
    [
      'a document and an address that two groups use',
      [
        { registration: A, isSeated: true },
        { registration: A, isSeated: true },
      ],
      [
        'groups/documents.yaml: Document crm-0-registration',
        'groups/addresses.yaml: Address crm-0-local-address',
        groupAt(0),
        groupAt(1),
      ],
    ],
    [
      'the same file that expires on two days',
      [
        { registration: A, expires: '2026-09-01' },
        { registration: A, expires: '2026-09-02' },
      ],
      [groupAt(0), groupAt(1)],
    ],
  ])('%s', (_, groups, expected) => {
    expect(manifests(composed(groups))).toEqual(expected);
  });

  it('but not where the repository has one already, whose name is used', () => {
    const key = documentKey({ sha256: SHA256[A] ?? '', expires: null });
    const documents = new Map([[key, 'our-registration']]);
    const composition = composed([{ registration: A }, { passport: A }], { documents });
    expect(manifests(composition)).toEqual([groupAt(0), groupAt(1)]);
    for (const { text } of composition.manifests) expect(text).toContain('document: our-registration');
  });

  it('under another name where that one is taken', () => {
    const names = ['Document/crm-0-registration', 'Address/crm-0-local-address'];
    const held = { registration: A, isSeated: true };
    expect(manifests(composed([held, held], { names })).slice(0, 2)).toEqual([
      'groups/documents.yaml: Document crm-0-registration-2',
      'groups/addresses.yaml: Address crm-0-local-address-2',
    ]);
  });

  it('which names the groups that cannot do without it', () => {
    const { manifests: written } = composed([{ registration: A }, { passport: B }, { passport: A }]);
    expect(written.map(({ path, groups }) => [path, groups])).toEqual([
      ['groups/documents.yaml', ['crm-0', 'crm-2']],
      ['groups/crm-0.yaml', ['crm-0']],
      ['groups/crm-1.yaml', ['crm-1']],
      ['groups/crm-2.yaml', ['crm-2']],
    ]);
  });
});

describe('a file of a document', () => {
  const placed = (groups: readonly Held[], given: Partial<Surroundings> = {}) =>
    composed(groups, given).documents.map(({ path, isThere, sha256, bytes }) => {
      expect([sha256.length, bytes]).toEqual([64, 7]);
      return [path, isThere];
    });

  it('is written once, and named after the group and the requirement', () => {
    expect(placed([{ registration: A, passport: B }, { registration: B }, { passport: A }])).toEqual([
      ['documents/crm-0-registration.pdf', false],
      ['documents/crm-0-passport-of-the-manager.pdf', false],
    ]);
  });

  it('stays where it lies already', () => {
    const documentPaths = new Map([[SHA256[A] ?? '', 'scans/old.pdf']]);
    expect(placed([{ registration: A }], { documentPaths })).toEqual([['scans/old.pdf', true]]);
  });

  it('has another name where that one is taken, and ends as it is to be encrypted', () => {
    expect(placed([{ registration: A }], { paths: ['documents/CRM-0-registration.pdf'] })).toEqual([
      ['documents/crm-0-registration-2.pdf', false],
    ]);
    expect(placed([{ registration: A }], { suffix: '.age' })).toEqual([
      ['documents/crm-0-registration.pdf.age', false],
    ]);
  });
});
