import { describe, expect, it } from 'vitest';
import type { Lock } from '../../src/model/lock.ts';
import { touchedBy } from '../../src/resolve/touched.ts';
import { group as orderingGroup, workspace } from '../manifest/workspace.ts';

const DOCUMENT = 'apiVersion: regsync/v1\nkind: Document\nname: bill\nfile: ../documents/bill.pdf\n';
const ADDRESS = [
  'apiVersion: regsync/v1',
  'kind: Address',
  'name: berlin',
  'business_name: Example GmbH',
  'street_address: Unter den Linden 1',
  'locality: Berlin',
  'country_code: DE',
  '',
].join('\n');
/** Porting orders take groups for porting. */
const group = (name: string, rest: string) =>
  orderingGroup(name, rest).replace('action: ordering', 'action: porting');
const requirements = (...values: readonly string[]) =>
  `requirements:\n${values.map((value, index) => `  - requirement: R${index}\n    ${value}\n`).join('')}`;
const porting = (name: string, rest: string) =>
  `apiVersion: regsync/v1\nkind: PortingOrder\nname: ${name}\nid: 00000000-0000-4000-8000-0000000000${name.length.toString().padStart(2, '0')}\n${rest}`;

const BASE = {
  'groups/contents.yaml': `${DOCUMENT}---\n${ADDRESS}`,
  'groups/a.yaml': group('plain', requirements('text: Example GmbH')),
  'groups/b.yaml': group(
    'with-contents',
    requirements('document: bill', 'address: berlin', 'text_from: { file: ../texts/case.txt }'),
  ),
  'groups/c.yaml': group('inline', requirements('document: { file: ../documents/form.pdf }')),
  'groups/orders.yaml': porting('of-plain', 'requirement_group: plain\n'),
  'groups/other.yaml': porting('of-nobody', 'customer_reference: ORDER 1\n'),
  'documents/bill.pdf': 'bill\n',
  'documents/form.pdf': 'form\n',
  'texts/case.txt': 'Codes.\n',
};

type Files = Readonly<Record<string, string | null>>;

async function sideOf(changes: Files, lock: Lock | null = null) {
  const files = Object.entries({ ...BASE, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  const { load } = await workspace(Object.fromEntries(files));
  const { desired, problems } = await load({});
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  return { desired, lock };
}

async function touched(changes: Files) {
  return touchedBy(await sideOf({}), await sideOf(changes));
}

describe('A change touches', () => {
  it.each<[string, Files, readonly string[]]>([
    ['nothing, if nothing differs', {}, []],
    [
      'nothing, if manifests only move, in their file or to another',
      {
        'groups/a.yaml': null,
        'groups/c.yaml': null,
        'groups/b.yaml': `# Moved\n${group('inline', requirements('document: { file: ../documents/form.pdf }'))}---\n${BASE['groups/b.yaml']}---\n${BASE['groups/a.yaml']}`,
      },
      [],
    ],
    [
      'a group and the order of its values, if a text differs',
      { 'groups/a.yaml': group('plain', requirements('text: Example AG')) },
      ['PortingOrder/of-plain', 'RequirementGroup/plain'],
    ],
    [
      'a group with a named document, if the file differs',
      { 'documents/bill.pdf': 'another\n' },
      ['RequirementGroup/with-contents'],
    ],
    [
      'a group with a named document, if its expiry differs',
      { 'groups/contents.yaml': `${DOCUMENT}expires: 2030-01-31\n---\n${ADDRESS}` },
      ['RequirementGroup/with-contents'],
    ],
    [
      'a group with a file of its own, if that differs',
      { 'documents/form.pdf': 'another\n' },
      ['RequirementGroup/inline'],
    ],
    [
      'a group with a named address, if a field differs',
      { 'groups/contents.yaml': `${DOCUMENT}---\n${ADDRESS.replace('Linden 1', 'Linden 2')}` },
      ['RequirementGroup/with-contents'],
    ],
    [
      'a group whose text is in a file that differs',
      { 'texts/case.txt': 'Other codes.\n' },
      ['RequirementGroup/with-contents'],
    ],
    [
      'an order and not its group, if only the order differs',
      {
        'groups/orders.yaml': porting('of-plain', 'requirement_group: plain\ncustomer_reference: ORDER 2\n'),
      },
      ['PortingOrder/of-plain'],
    ],
    [
      'the group that an order names anew',
      { 'groups/other.yaml': porting('of-nobody', 'requirement_group: inline\n') },
      ['PortingOrder/of-nobody', 'RequirementGroup/inline'],
    ],
    ['a group that is new', { 'groups/d.yaml': group('new', 'partial: true\n') }, ['RequirementGroup/new']],
    [
      'a group whose guards or orders differ',
      { 'groups/c.yaml': `${BASE['groups/c.yaml']}deletion: forbid\n` },
      ['RequirementGroup/inline'],
    ],
    [
      'everything, if the repository has a former scope now',
      { 'regsync.yaml': 'apiVersion: regsync/v1\nkind: Config\nscope: acme\nformer_scope: old\n' },
      [
        'PortingOrder/of-nobody',
        'PortingOrder/of-plain',
        'RequirementGroup/inline',
        'RequirementGroup/plain',
        'RequirementGroup/with-contents',
      ],
    ],
  ])('%s', async (_, changes, names) => {
    expect(await touched(changes)).toEqual({ names, removed: [] });
  });

  it.each<[string, string, readonly string[]]>([
    ['its group, if it may be placed', '', ['NumberOrder/numbers', 'RequirementGroup/ordered']],
    ['nothing else, if it exists', 'id: 00000000-0000-4000-8000-0000000000ff\n', ['NumberOrder/numbers']],
  ])('with a number order %s', async (_, id, names) => {
    const order = (ending: number) => ({
      'groups/orders.yaml': null,
      'groups/numbers.yaml': `apiVersion: regsync/v1\nkind: NumberOrder\nname: numbers\n${id}phone_numbers: ["+493000000${ending}"]\nrequirement_group: ordered\n`,
      'groups/d.yaml': orderingGroup('ordered', 'partial: true\n'),
    });
    expect(touchedBy(await sideOf(order(11)), await sideOf(order(12))).names).toEqual(names);
  });

  it.each<[string, (text: string) => Files]>([
    [
      'differs',
      (text) => ({ 'groups/x.yaml': group('x', `customer_reference: CRM 1\n${requirements(text)}`) }),
    ],
    [
      'is removed',
      (text) => ({
        'groups/x.yaml': text.includes('AG')
          ? null
          : group('x', `customer_reference: CRM 1\n${requirements(text)}`),
      }),
    ],
  ])('a group with the reference of another that %s', async (_, files) => {
    const heir = {
      'groups/y.yaml': group('y', 'customer_reference: CRM 1\npartial: true\n').replace('local', 'mobile'),
    };
    const before = await sideOf({ ...heir, ...files('text: Example GmbH') });
    const { names } = touchedBy(before, await sideOf({ ...heir, ...files('text: Example AG') }));
    expect(names).toContain('RequirementGroup/y');
    expect(names.filter((name) => !/[xy]$/.test(name))).toEqual([]);
  });

  it('an order whose action states another person', async () => {
    const files = (surname: string) => ({
      'groups/other.yaml': porting(
        'of-nobody',
        `requirements:\n  - requirement: 00000000-0000-4000-8000-0000000000aa\n    action: { first_name: Erika, last_name: ${surname} }\n`,
      ),
    });
    const before = await sideOf(files('Muster'));
    expect(touchedBy(before, await sideOf(files('Muster'))).names).toEqual([]);
    expect(touchedBy(before, await sideOf(files('Beispiel'))).names).toEqual(['PortingOrder/of-nobody']);
  });

  it('nothing, if a manifest with an order and a document moves, and the document is encrypted anew', async () => {
    const sha256 = 'a'.repeat(64);
    const line = 'A'.repeat(43);
    const text = group(
      'moved',
      `attach:\n  - porting_order: 00000000-0000-4000-8000-0000000000bb\n${requirements(`document: { file: ../documents/card.pdf.age, sha256: ${sha256} }`)}`,
    );
    const files = (path: string, before: string, payload: string) => ({
      [path]: `${before}${text}`,
      'documents/card.pdf.age': `age-encryption.org/v1\n-> X25519 ${line}\n${line}\n--- ${line}\n${payload.repeat(40)}`,
    });
    const before = await sideOf(files('groups/d.yaml', '', 'one'));
    const after = await sideOf(files('groups/e.yaml', '# Moved\n', 'another'));
    expect(touchedBy(before, after)).toEqual({ names: [], removed: [] });
  });

  it('everything, if the base has nothing of the scope', async () => {
    const { names, removed } = touchedBy(null, await sideOf({}));
    expect([names.length, removed]).toEqual([5, []]);
  });

  it('the groups whose requirements in the lock differ, and no others', async () => {
    const set = (phoneNumberType: string, version: number): Lock['sets'][number] => ({
      combination: { countryCode: 'DE', phoneNumberType, action: 'porting' },
      added: false,
      version,
      next: null,
      requirements: [],
      former: [],
    });
    const before = { isSample: false, sets: [set('local', 1), set('mobile', 1)] };
    const mobile = { 'groups/d.yaml': group('mobile', 'partial: true\n').replace('local', 'mobile') };
    const after = { isSample: false, sets: [set('local', 1), set('mobile', 2)] };
    const sides = [await sideOf(mobile, before), await sideOf(mobile, after)] as const;
    expect(touchedBy(...sides).names).toEqual(['RequirementGroup/mobile']);
    const added = { ...after, sets: after.sets.map((one) => ({ ...one, version: 1, added: true })) };
    expect(touchedBy(sides[0], { ...sides[0], lock: added }).names).toEqual([]);
  });
});

describe('A change removes', () => {
  it('no manifest, and leaves a group behind, if a manifest means another group since', async () => {
    const own = await sideOf({ 'groups/c.yaml': `${BASE['groups/c.yaml']}customer_reference: CRM 1\n` });
    expect(touchedBy(await sideOf({}), own)).toEqual({
      names: ['RequirementGroup/inline'],
      removed: [
        { kind: 'RequirementGroup', name: 'inline', reference: 'regsync/acme/inline', means_other: true },
      ],
    });
  });

  it('no manifest either if only its `id:` is another, and names the former one', async () => {
    const withId = (id: string) =>
      sideOf({ 'groups/c.yaml': `${BASE['groups/c.yaml']}id: 00000000-0000-4000-8000-0000000000${id}\n` });
    expect(touchedBy(await withId('0a'), await withId('0b')).removed).toEqual([
      {
        ...{ kind: 'RequirementGroup', name: 'inline', reference: 'regsync/acme/inline', means_other: true },
        id: '00000000-0000-4000-8000-00000000000a',
      },
    ]);
  });

  it('manifests in the order of their names', async () => {
    const both = {
      'groups/d.yaml': `${group('zebra', 'partial: true\n')}---\n${group('ant', 'partial: true\n')}`,
    };
    const { removed } = touchedBy(await sideOf(both), await sideOf({}));
    expect(removed.map(({ name }) => name)).toEqual(['ant', 'zebra']);
  });

  it('manifests, with what its group is found by and why it stays', async () => {
    const before = await sideOf({
      'groups/a.yaml': null,
      'groups/orders.yaml': null,
      'groups/keep.yaml': group(
        'keep',
        'id: 00000000-0000-4000-8000-00000000000a\npartial: true\ndeletion: forbid\n',
      ),
    });
    const after = await sideOf({
      'groups/a.yaml': null,
      'groups/orders.yaml': null,
      'groups/c.yaml': null,
      'groups/other.yaml': null,
    });
    expect(touchedBy(before, after)).toEqual({
      names: [],
      removed: [
        {
          kind: 'RequirementGroup',
          name: 'inline',
          reference: 'regsync/acme/inline',
        },
        {
          kind: 'RequirementGroup',
          name: 'keep',
          reference: 'regsync/acme/keep',
          id: '00000000-0000-4000-8000-00000000000a',
          keeps: 'its manifest in groups/keep.yaml said `deletion: forbid` before this change',
        },
        { kind: 'PortingOrder', name: 'of-nobody' },
      ],
    });
  });
});
