import { createHash } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { checkComposition } from '../../src/import/check.ts';
import type { Composition } from '../../src/import/composition.ts';
import { settleComposition } from '../../src/import/settle.ts';
import {
  accountOf,
  catalogueOf,
  composeAll,
  generateAll,
  groupRow,
  IDS,
  NOTHING_LOADED,
  subOrder,
  surroundings,
} from './accounts.ts';

const PDF = Buffer.from('%PDF-1.4\nsample\n%%EOF\n');
const DOCUMENT = '00000000-0000-4000-8000-00000000000d';
const CONTENTS = { [DOCUMENT]: PDF };

const catalogue = catalogueOf([
  { id: IDS.text, name: 'Contact Info', field_type: 'textual' },
  { id: IDS.document, name: 'Registration', field_type: 'document' },
  { id: IDS.address, name: 'Local Address', field_type: 'address' },
]);

function group(id: number, reference: string, given: object = {}): object {
  return groupRow(
    {
      [IDS.text]: ['textual', 'Example GmbH'],
      [IDS.document]: ['document', DOCUMENT],
      [IDS.address]: ['address', '1000000000000000000'],
    },
    { id: idOf(id), customer_reference: reference, ...given },
  );
}

function idOf(id: number): string {
  return `0a000000-0000-4000-8000-00000000000${id}`;
}

const ROWS = {
  groups: [group(1, 'CRM 1'), group(2, 'CRM 2', { status: 'unapproved' }), group(3, 'regsync/acme/three')],
  documents: [{ id: DOCUMENT, sha256: createHash('sha256').update(PDF).digest('hex') }],
  addresses: [
    {
      id: '1000000000000000000',
      business_name: 'Example GmbH',
      street_address: 'Beispielweg 1',
      locality: 'Berlin',
      country_code: 'DE',
    },
  ],
};
const account = accountOf(ROWS);

const { documents, addresses } = account;
const CONTENT_ROWS = { documents, addresses };

const sound = composeAll(account, catalogue, CONTENTS);
const context = { loaded: NOTHING_LOADED, account, catalogue };

/** The same, with something else in the manifest at `path`. */
function with_(path: string, change: (text: string) => string): Composition {
  const manifests = sound.manifests.map((manifest) =>
    manifest.path === path ? { ...manifest, text: change(manifest.text) } : manifest,
  );
  expect(manifests).not.toEqual(sound.manifests);
  return { ...sound, manifests };
}

describe('what is about to be written', () => {
  it('is let pass when the next plan is empty', () => {
    expect([...checkComposition(sound, context)]).toEqual([]);
    expect(sound.manifests.map(({ path }) => path)).toEqual([
      'groups/documents.yaml',
      'groups/addresses.yaml',
      'groups/crm-1.yaml',
      'groups/crm-2.yaml',
      'groups/three.yaml',
    ]);
  });

  test.each([
    [
      'another text',
      'groups/crm-1.yaml',
      ['"Example GmbH"', '"Other GmbH"'],
      ['crm-1'],
      /not be empty: update.*"Contact Info"/,
    ],
    ['no pin', 'groups/crm-1.yaml', [/^id: .*\n/m, ''], ['crm-1'], /create/],
    ['a submission', 'groups/crm-2.yaml', ['approval: none', 'approval: submit'], ['crm-2'], /submit/],
    [
      'a text that YAML reads otherwise',
      'groups/three.yaml',
      ['"Example GmbH"', '0123'],
      ['three'],
      /wrong-type|quote-it/,
    ],
    ['an unclosed quote', 'groups/three.yaml', ['"Example GmbH"', '"Example'], ['three'], /invalid-yaml/],
    [
      'an unknown requirement',
      'groups/three.yaml',
      ['Contact Info', 'Contact'],
      ['three'],
      /unknown-requirement/,
    ],
    [
      'another address',
      'groups/addresses.yaml',
      ['Beispielweg 1', 'Beispielweg 2'],
      ['crm-1', 'crm-2', 'three'],
      /"Local Address"/,
    ],
    [
      'a wrong digest',
      'groups/documents.yaml',
      [/sha256: ../, 'sha256: ff'],
      ['crm-1', 'crm-2', 'three'],
      /digest-mismatch/,
    ],
    [
      'a name that is taken',
      'groups/crm-2.yaml',
      ['name: crm-2', 'name: crm-1'],
      ['crm-2'],
      /duplicate-name/,
    ],
  ] as const)('is objected to with %s', (_, path, [from, to], names, why) => {
    const objections = checkComposition(
      with_(path, (text) => text.replace(from, to)),
      context,
    );
    expect([...objections.keys()].sort()).toEqual(names);
    expect(objections.get(names[0])).toMatch(why);
  });

  it('is objected to where a manifest means another group that holds the same', () => {
    const other = with_('groups/crm-1.yaml', (text) => text.replace(/^id: .*$/m, `id: ${idOf(4)}`));
    const more = accountOf({ ...ROWS, groups: [...ROWS.groups, group(4, 'CRM 4')] });
    expect([...checkComposition(other, { ...context, account: more })]).toEqual([
      ['crm-1', 'its manifest would mean another group'],
    ]);
  });

  it('is objected to where a manifest outgrows what is read', () => {
    const long = with_('groups/crm-1.yaml', (text) => `${text}${'# \n'.repeat(400_000)}`);
    expect([...checkComposition(long, context)]).toEqual([
      ['crm-1', 'its manifest would be larger than 1 MiB'],
    ]);
  });
});

describe('orders in what is about to be written', () => {
  const held = {
    [IDS.text]: ['Example GmbH'],
    [IDS.document]: [DOCUMENT],
    [IDS.address]: ['1000000000000000000'],
  } as const;
  const [order, other] = [
    subOrder(1, [held, held]),
    subOrder(2, [{ ...held, [IDS.text]: ['Somebody else'] }]),
  ];
  const ordering = {
    ...context,
    account: { ...accountOf({ groups: [group(1, 'CRM 1')], orders: [order, other] }), ...CONTENT_ROWS },
  };
  const composition = composeAll(ordering.account, catalogue, CONTENTS);

  const changed = (change: (text: string) => string): Composition => {
    const manifests = composition.manifests.map((manifest) => ({ ...manifest, text: change(manifest.text) }));
    expect(manifests).not.toEqual(composition.manifests);
    return { ...composition, manifests };
  };

  it('are let pass when they carry the values', () => {
    expect(composition.groups[0]?.manifest.orders.map(({ id }) => id)).toEqual([order.id]);
    expect([...checkComposition(composition, ordering)]).toEqual([]);
  });

  test.each([
    ['one that differs', (text: string) => text.replace(order.id, other.id), /not be empty: attach/],
    ['none', (text: string) => text.replace(/attach:\n.*\n.*\n/, ''), /mean other orders/],
    ['another kind', (text: string) => text.replace('sub_number_order', 'phone_number'), /mean other orders/],
    ['one of porting', (text: string) => text.replace('sub_number_order', 'porting_order'), /order-mismatch/],
    [
      'a text',
      (text: string) => text.replace(order.id, 'ORDER'),
      /must be the sub number order's id at Telnyx/,
    ],
  ] as const)('are objected to with %s', (_, change, why) => {
    expect(checkComposition(changed(change), ordering).get('crm-1')).toMatch(why);
  });

  it('are given up before their group is', () => {
    const [manifest] = generateAll(ordering.account, catalogue, CONTENTS);
    const wrong = manifest?.orders.map((one) => ({ ...one, id: other.id })) ?? [];
    const manifests = manifest === undefined ? [] : [{ ...manifest, orders: wrong }];
    const settled = settleComposition(manifests, surroundings({ live: ordering.account.groups }), ordering);
    expect(settled.left).toEqual([]);
    expect(settled.composition.groups[0]?.manifest).toMatchObject({
      orders: [],
      orderNotes: ['attached to no order: the next plan would not be empty: attach'],
    });
    expect(settled.composition.manifests.map(({ text }) => text).join('')).not.toContain('attach:');
  });
});

test('a group that the check objects to is left out, and the others are written without it', () => {
  const manifests = generateAll(account, catalogue, CONTENTS).map((manifest) =>
    manifest.group.reference === 'CRM 2' ? { ...manifest, holdsBack: false } : manifest,
  );
  const { composition, left } = settleComposition(manifests, surroundings({ live: account.groups }), context);
  expect(composition.groups.map(({ name }) => name)).toEqual(['crm-1', 'three']);
  expect(left).toMatchObject([
    {
      group: { reference: 'CRM 2' },
      code: 'plan-not-empty',
      message: 'the next plan would not be empty: submit',
    },
  ]);
  expect(composition.manifests.map(({ text }) => text).join('')).not.toContain('crm-2');
});
