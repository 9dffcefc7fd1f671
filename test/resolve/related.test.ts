import { describe, expect, it } from 'vitest';
import type { RepositoryPath } from '../../src/manifest/files/paths.ts';
import { parseManifests } from '../../src/manifest/parse.ts';
import { findRelated, type Lines } from '../../src/resolve/related.ts';
import { ALWAYS_SOUGHT } from '../../src/resolve/words.ts';

type Files = Readonly<Record<string, string>>;

const group = (name: string, { text = 'Night desk', more = '', document = 'shared-form' } = {}) =>
  `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering
${more}requirements:
  - requirement: Contact Info
    text: ${text}
  - requirement: Signed Regulatory Form
    document: ${document}
`;
const paper = (name: string, file = `${name}.pdf`) => `apiVersion: regsync/v1
kind: Document
name: ${name}
file: ../documents/${file}
`;
const port = (name: string, of: string) => `apiVersion: regsync/v1
kind: PortingOrder
name: ${name}
id: 0000000c-0000-4000-8000-000000000000
requirement_group: ${of}
`;
const order = (name: string, of: string) => `apiVersion: regsync/v1
kind: NumberOrder
name: ${name}
phone_numbers: ["+49300000000"]
requirement_group: ${of}
`;

const BEFORE: Files = {
  'groups/first.yaml': group('first-site'),
  'groups/forms.yaml': `${paper('shared-form')}---\n${paper('other-form')}`,
  'groups/more.yaml': paper('third-form'),
  'groups/other.yaml': group('other-site', { document: 'other-form' }),
  'groups/second.yaml': group('second-site'),
};

/** A search like that of git, over texts. */
function linesWith(files: Files, texts: readonly string[]): Lines {
  const isSought = (line: string) => texts.some((text) => line.toLowerCase().includes(text.toLowerCase()));
  const found = Object.entries(files).map(
    ([path, text]) => [path, text.split('\n').filter(isSought)] as const,
  );
  return new Map(found.filter(([, lines]) => lines.length > 0));
}

/** Returns the files that are read, and what is told of the others. Null if all are to be read. */
async function read(before: Files, changed: Files, elsewhere: readonly string[] = []) {
  const now = { ...before, ...changed };
  const listed = Object.keys(now).sort() as RepositoryPath[];
  const parsed = new Set<string>();
  const related = await findRelated({
    listed,
    differing: new Set([...Object.keys(changed), ...elsewhere]),
    before: Object.keys(changed).flatMap((path) =>
      path in before ? [parseManifests(path, before[path] ?? '')] : [],
    ),
    parse: (path) => {
      parsed.add(path);
      return parseManifests(path, now[path] ?? '');
    },
    factLines: Promise.resolve(linesWith(now, ALWAYS_SOUGHT)),
    search: async (texts) => linesWith(now, texts),
  });
  if (related === null) return null;
  const names = [...parsed].sort().map((path) => path.replace(/^groups\/|\.yaml$/g, ''));
  expect(related.parsed).toHaveLength(names.length);
  expect(related.unreadFiles).toBe(listed.length - names.length);
  const concerned = new Set([...related.concerned].map(({ fields }) => fields.name));
  return {
    read: names,
    concerned: [...concerned].sort(),
    unread: related.unread,
    ids: [...related.idsElsewhere],
  };
}

describe('The manifests that a change may concern', () => {
  it('are the changed one and what it refers to, and not others that refer to the same', async () => {
    const changed = { 'groups/first.yaml': group('first-site', { text: 'Day desk' }) };
    expect(await read(BEFORE, changed)).toEqual({
      ...{ read: ['first', 'forms'], concerned: ['first-site'] },
      ...{ unread: 2, ids: [] },
    });
  });

  it('are all that refer to a changed one', async () => {
    const forms = `${paper('shared-form', 'new.pdf')}---\n${paper('other-form')}`;
    const found = await read(BEFORE, { 'groups/forms.yaml': forms });
    expect(found?.read).toEqual(['first', 'forms', 'second']);
  });

  it('are all that refer to a manifest whose file differs', async () => {
    const found = await read(BEFORE, {}, ['documents/other-form.pdf']);
    expect(found?.read).toEqual(['forms', 'other']);
  });

  it('are those that name a file that differs, and all that refer to these', async () => {
    const before = {
      ...BEFORE,
      'groups/forms.yaml': `${paper('shared-form', 'scan-1.pdf')}---\n${paper('other-form')}`,
    };
    expect((await read(before, {}, ['documents/scan-1.pdf']))?.read).toEqual(['first', 'forms', 'second']);
  });

  it('are those that refer to a name that the change takes away', async () => {
    const found = await read(BEFORE, { 'groups/forms.yaml': paper('other-form') });
    expect(found?.read).toEqual(['first', 'forms', 'second']);
  });

  it('are those that no changed manifest refers to any more, and all that still do', async () => {
    const dropped = { 'groups/other.yaml': group('other-site', { document: 'third-form' }) };
    const found = await read(BEFORE, dropped);
    expect(found?.read).toEqual(['forms', 'more', 'other']);
    expect(found?.concerned).toEqual(['other-form', 'other-site']);
    const shared = { 'groups/first.yaml': group('first-site', { document: 'third-form' }) };
    expect((await read(BEFORE, shared))?.read).toEqual(['first', 'forms', 'more', 'second']);
  });

  it('are those that have a name or a reference of the change as well', async () => {
    const twin = { 'groups/twin.yaml': group('second-site', { document: 'other-form' }) };
    expect((await read(BEFORE, twin))?.read).toEqual(['forms', 'second', 'twin']);
    const same = { more: 'customer_reference: Site number 7\n' };
    const before = { ...BEFORE, 'groups/second.yaml': group('second-site', same) };
    const changed = { 'groups/first.yaml': group('first-site', same) };
    expect((await read(before, changed))?.read).toEqual(['first', 'forms', 'second']);
  });

  it.each<[string, string]>([
    ['with an escape', group('"se\\u0063ond-site"')],
    [
      'as JSON',
      JSON.stringify({ kind: 'Document', apiVersion: 'regsync/v1', name: 'x-form', file: 'x.pdf' }),
    ],
    ['with another key that reads like its kind', group('second-site', { text: 'Of the kind: night' })],
    ['without a line that says its kind', '"kind":\n  Document\nname: x\n'],
  ])('are also those that are written %s', async (_, text) => {
    const before = { ...BEFORE, 'groups/second.yaml': text };
    const changed = { 'groups/first.yaml': group('first-site', { text: 'Day desk' }) };
    const found = await read(before, changed);
    // One that is broken leads to a reading of all.
    expect(found === null || found.read.includes('second')).toBe(true);
  });

  it('leave the ids of others, which may pin one of their groups', async () => {
    const id = '0000000A-0000-4000-8000-000000000000';
    const before = {
      ...BEFORE,
      'groups/other.yaml': group('other-site', { document: 'other-form', more: `id: ${id}\n` }),
    };
    const own = 'id: 0000000b-0000-4000-8000-000000000000\n';
    const changed = { 'groups/first.yaml': group('first-site', { more: own }) };
    expect((await read(before, changed))?.ids).toEqual([id.toLowerCase()]);
  });

  it('need no look at installed programs, unless a manifest names one', async () => {
    const installed = Array.from({ length: 2000 }, (_, index) => `node_modules/program/file-${index}.js`);
    const changed = { 'groups/first.yaml': group('first-site', { text: 'Day desk' }) };
    expect((await read(BEFORE, changed, installed))?.read).toEqual(['first', 'forms']);
    const before = { ...BEFORE, 'groups/other.yaml': paper('odd-form', '../node_modules/program/file-1.js') };
    expect((await read(before, changed, installed))?.read).toEqual(['first', 'forms', 'other']);
  });
});

describe('All manifests are read', () => {
  const changed = { 'groups/first.yaml': group('first-site', { text: 'Day desk' }) };
  it.each<[string, Files, Files, readonly string[]]>([
    ['if the change breaks a manifest', BEFORE, { 'groups/first.yaml': 'kind: RequirementGroup\n' }, []],
    [
      'if an order names a group of the change',
      { ...BEFORE, 'groups/order.yaml': order('numbers', 'first-site') },
      changed,
      [],
    ],
    ['if the change is of an order', BEFORE, { 'groups/order.yaml': order('numbers', 'other-site') }, []],
    [
      'if a porting order names a group of the change',
      { ...BEFORE, 'groups/port.yaml': port('numbers', 'first-site') },
      changed,
      [],
    ],
    [
      'if a group of the change names an order',
      BEFORE,
      {
        'groups/first.yaml': group('first-site', {
          more: 'attach:\n  - number_order: 00000000-0000-4000-8000-000000000000\n',
        }),
      },
      [],
    ],
    ['if a name is too short to search for', BEFORE, { 'groups/first.yaml': group('de') }, []],
    ['if a name has letters of several forms', BEFORE, {}, ['documents/Ausweis-Müller.pdf']],
    [
      'if very many files differ',
      BEFORE,
      {},
      Array.from({ length: 1001 }, (_, index) => `documents/scan-${index}.pdf`),
    ],
    [
      'if manifests are among installed programs',
      { ...BEFORE, 'node_modules/groups/x.yaml': group('x-site') },
      changed,
      [],
    ],
    [
      'if it concerns many of the files',
      {
        ...BEFORE,
        ...Object.fromEntries(
          Array.from({ length: 110 }, (_, index) => [`groups/${index}.yaml`, group(`site-${index}`)]),
        ),
      },
      { 'groups/forms.yaml': paper('shared-form', 'new.pdf') },
      [],
    ],
  ])('%s', async (_, before, files, elsewhere) => {
    expect(await read(before, files, elsewhere)).toBeNull();
  });
});
