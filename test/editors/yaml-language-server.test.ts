import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADDRESS_FIELDS, GROUP_ACTIONS, PHONE_NUMBER_TYPES } from '../../src/model/resource.ts';
import { emptyFolder } from '../support/folders.ts';
import { type Editor, type OpenFile, startEditor } from '../support/programs/language-client.ts';
import { runHere } from '../support/servers/host.ts';
import { ROOT } from '../support/test-repository.ts';

/** A manifest as an editor sees it: the schema is named in its first line, and lies in the repository. */
const MODELINE = '# yaml-language-server: $schema=../schemas/manifest.schema.json\n';
const GROUP = `${MODELINE}apiVersion: regsync/v1
kind: RequirementGroup
name: acme-de
country_code: DE
phone_number_type: local
action: ordering
`;

let editor: Editor;
beforeAll(async () => {
  editor = await startEditor();
});
afterAll(() => editor.close());

let file: OpenFile;
beforeEach(async () => {
  const folder = await emptyFolder();
  await mkdir(join(folder, 'groups'));
  await cp(join(ROOT, 'schemas'), join(folder, 'schemas'), { recursive: true });
  file = editor.open(join(folder, 'groups/de.yaml'));
});

async function diagnose(text: string): Promise<readonly string[]> {
  const diagnostics = file.diagnose();
  file.write(text);
  return diagnostics;
}

async function complete(marked: string): Promise<readonly string[]> {
  file.write(marked);
  return file.complete();
}

async function hover(marked: string): Promise<string> {
  file.write(marked);
  return file.hover();
}

describe('an editor with the language server for YAML', () => {
  it('offers the kinds, and then the keys of the kind that is written', async () => {
    expect(await complete(`${MODELINE}apiVersion: regsync/v1\nkind: |`)).toEqual(
      expect.arrayContaining(['RequirementGroup', 'Document', 'Address']),
    );
    const group = await complete(`${MODELINE}apiVersion: regsync/v1\nkind: RequirementGroup\n|`);
    expect(group).toEqual(
      expect.arrayContaining(['name', 'country_code', 'phone_number_type', 'action', 'requirements']),
    );
    expect(group).not.toContain('street_address');
    const document = await complete(`${MODELINE}apiVersion: regsync/v1\nkind: Document\n|`);
    expect(document).toEqual(expect.arrayContaining(['file', 'sha256', 'expires']));
    expect(document).not.toContain('phone_number_type');
  });

  it.each([
    ['phone_number_type', PHONE_NUMBER_TYPES],
    ['action', GROUP_ACTIONS],
    ['approval', ['submit', 'none']],
    ['partial', ['true', 'false']],
  ])('offers the values of %s', async (key, values) => {
    const text = GROUP.replace(new RegExp(`^${key}:.*\n`, 'm'), '');
    expect([...(await complete(`${text}${key}: |`))].sort()).toEqual([...values].sort());
  });

  it('offers the country codes', async () => {
    const codes = await complete(GROUP.replace('country_code: DE', 'country_code: |'));
    expect(codes).toHaveLength(249);
    expect(codes).toContain('DE');
  });

  it('offers the forms of a value, and the fields of an address', async () => {
    const entry = `${GROUP}requirements:\n  - requirement: Local Address\n    `;
    expect(await complete(`${entry}|`)).toEqual(
      expect.arrayContaining(['text', 'text_from', 'document', 'address']),
    );
    expect(await complete(`${entry}address:\n      business_name: x\n      |`)).toEqual(
      expect.arrayContaining(ADDRESS_FIELDS.filter((field) => field !== 'business_name')),
    );
  });

  it.each([
    ['phone_num|ber_type: local', 'phone_number_type: local', 'each type has its own demands'],
    ['act|ion: ordering', 'action: ordering', 'numbers that come from another carrier'],
    ['country_c|ode: DE', 'country_code: DE', 'GB for the United Kingdom'],
  ])('explains a key under the cursor: %s', async (marked, plain, text) => {
    expect(await hover(GROUP.replace(plain, marked))).toContain(text);
  });

  it('explains a value with an example', async () => {
    const text = await hover(`${GROUP}requirements:\n  - requirement: Contact Info\n    te|xt: x\n`);
    expect(text).toContain('The value of a textual requirement');
    expect(text).toContain('Jane Roe, Example GmbH, +49 30 0000000');
  });

  it('underlines an unknown key, a wrong type and a wrong value, each in its line', async () => {
    const wrong = GROUP.replace('phone_number_type: local', 'phone_number_type: landline');
    const found = await diagnose(`${wrong}nmae: x\npartial: maybe\nid: 12\n`);
    expect(found).toHaveLength(4);
    expect(found).toEqual(
      expect.arrayContaining([
        '8: Property nmae is not allowed.',
        '9: Incorrect type. Expected "boolean".',
        '10: Incorrect type. Expected "string".',
        expect.stringMatching(/^6: Value is not accepted\. Valid values: "local", "toll_free"/),
      ]),
    );
  });

  it('underlines two values of one requirement, and none', async () => {
    const entry = `${GROUP}requirements:\n  - requirement: Contact Info\n`;
    expect(await diagnose(`${entry}    text: x\n    document: y\n`)).not.toEqual([]);
    expect(await diagnose(`${entry}\n`)).not.toEqual([]);
    expect(await diagnose(`${entry}    text: x\n`)).toEqual([]);
  });

  it('underlines the blanks of a new manifest, and nothing more in it', async () => {
    const folder = await emptyFolder();
    const run = (...args: string[]) => runHere(args, { cwd: folder, env: {} });
    const first = ['--country', 'DE', '--type', 'local', '--action', 'ordering'];
    expect((await run('init', '--scope', 'acme', '--sandbox', ...first)).code).toBe(0);
    const path = join(folder, 'groups/acme-de-local.yaml');
    const text = await readFile(path, 'utf8');
    file = editor.open(path);
    const blanks = text.split('\n').flatMap((line, index) => (line.includes(': ""') ? [index + 1] : []));
    const found = await diagnose(text);
    expect(found.map((entry) => Number.parseInt(entry, 10)).sort((a, b) => a - b)).toEqual(blanks);
    expect(new Set(found.map((entry) => entry.replace(/^\d+: /, '')))).toEqual(
      new Set(['must not be empty']),
    );
  });

  it('finds no fault in what the examples show', async () => {
    const examples = join(ROOT, 'examples');
    const paths = await readdir(examples, { recursive: true });
    const manifests = paths.filter((path) => /\.yaml$/.test(path) && !/regsync(?:\.lock)?\.yaml$/.test(path));
    expect(manifests.length).toBeGreaterThan(8);
    for (const path of manifests) {
      const text = await readFile(join(examples, path), 'utf8');
      const inFolder = text.replace(/\$schema=\S+/, '$schema=../schemas/manifest.schema.json');
      expect([path, await diagnose(inFolder.replaceAll('|', '¦'))]).toEqual([path, []]);
    }
  });
});
