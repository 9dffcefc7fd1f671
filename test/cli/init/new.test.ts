import { mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyFolder, readTree } from '../../support/folders.ts';
import { runInShell } from '../../support/programs/shell.ts';
import { CLI, germanGroup, openTestRepository, type TestRepository } from '../../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

const GERMAN = ['new', 'DE', 'local', 'ordering', '--name', 'acme-de'];

const NO_STRINGS_IN_YAML = [
  ...['2024', '1e3', '0x1f', '1.5', '0o17', '0b11', '1_000', '2024-01-31', '1.'],
  ...['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n'],
];

describe('new', () => {
  it('writes a manifest in which validate finds the blanks and nothing else', async () => {
    const { code, out, err } = await repository.run(GERMAN);
    expect([code, out]).toEqual([
      0,
      'Wrote groups/acme-de.yaml: 5 requirements to fill in (1 text, 3 documents, 1 address).\n',
    ]);
    expect(err).toContain('regsync validate groups/acme-de.yaml');
    const checked = await repository.run(['validate', 'groups/acme-de.yaml', '--format', 'json']);
    expect(checked.code).toBe(3);
    const codes = JSON.parse(checked.out).diagnostics.map(({ code: found }: { code: string }) => found);
    expect(codes).toEqual(Array(8).fill('empty-value'));
  });

  it('reads only, and the plan of the filled manifest creates the group', async () => {
    await repository.run(GERMAN);
    expect((await repository.requests()).every(({ method }) => method === 'GET')).toBe(true);
    const path = 'groups/acme-de.yaml';
    const text = await readFile(join(repository.folder, path), 'utf8');
    const filled = text
      .replaceAll('file: ""', 'file: ../documents/registration.pdf')
      .replaceAll('""', '"something"');
    await repository.write(path, filled);
    expect((await repository.run(['validate'])).code).toBe(0);
    const { out } = await repository.run(['plan', '--target', 'acme-de']);
    expect(out).toContain('Plan: 1 to create');
  });

  it('takes the words as people write them', async () => {
    const { code } = await repository.run(['new', 'de', 'Local', 'ORDERING', '--name', 'acme-de', '--quiet']);
    expect(code).toBe(0);
    expect(await readFile(join(repository.folder, 'groups/acme-de.yaml'), 'utf8')).toContain(
      'country_code: DE\nphone_number_type: local\naction: ordering\n',
    );
  });

  it('writes where --out says, with the way to the schema from there', async () => {
    const args = [...GERMAN, '--out', 'groups/berlin/office/main.yaml', '--format', 'json'];
    const { code, out } = await repository.run(args);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      written: ['groups/berlin/office/main.yaml'],
      group: 'acme-de',
      requirements: [{ name: 'Contact Info', field_type: 'textual' }, {}, {}, {}, { field_type: 'address' }],
    });
    const text = await readFile(join(repository.folder, 'groups/berlin/office/main.yaml'), 'utf8');
    expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../../../schemas/manifest.schema.json');
  });

  it.each(NO_STRINGS_IN_YAML)('takes the name %s, which YAML would read as something else', async (name) => {
    expect((await repository.run(['new', 'NO', 'local', 'ordering', '--name', name, '--sandbox'])).code).toBe(
      0,
    );
    const { out } = await repository.run(['validate', `groups/${name}.yaml`, '--format', 'json']);
    const codes = JSON.parse(out).diagnostics.map(({ code }: { code: string }) => code);
    expect(new Set(codes)).toEqual(new Set(['empty-value']));
    const again = await repository.run(['new', 'FR', 'local', 'ordering', '--name', name, '--sandbox']);
    expect(again.err).toContain(`the group "${name}" already exists`);
  });

  it('warns when no command would read what it wrote', async () => {
    const { code, err } = await repository.run([...GERMAN, '--out', 'elsewhere.yaml']);
    expect(code).toBe(0);
    expect(err).toContain('elsewhere.yaml is outside of `manifests`');
  });

  it.each([
    ['a name that a manifest has', ['--name', 'de-local'], 'in groups/de.yaml'],
    ['a name that cannot be one', ['--name', '../acme'], 'cannot be a name'],
    ['a path out of the repository', ['--out', '../acme.yaml'], 'is not in the repository'],
    ['a path that is no manifest’s', ['--out', 'groups/acme.txt'], 'must end in .yaml'],
    ['a file that is there', ['--out', 'groups/de.yaml'], 'new never overwrites a file'],
  ])('refuses %s, and writes nothing', async (_, args, message) => {
    const before = await readTree(repository.folder);
    const { code, err } = await repository.run([...GERMAN, ...args]);
    expect(code).toBe(3);
    expect(err).toContain(message);
    expect(await readTree(repository.folder)).toEqual(before);
  });

  it.each([
    ['UK local ordering', '"UK" is not a country code (ISO 3166-1 alpha-2). Did you mean "GB"?'],
    ['DE lokal ordering', '"lokal" is not a type of phone numbers. Did you mean "local"?'],
    ['DE local order', '"order" is not an action.'],
    ['US local ordering', 'Telnyx lists no requirements for US local ordering'],
  ])('says what is wrong with %s', async (words, message) => {
    const { code, err } = await repository.run(['new', ...words.split(' '), '--name', 'acme']);
    expect(code).toBe(3);
    expect(err).toContain(message);
  });

  it('does not follow a link out of the repository', async () => {
    const outside = await emptyFolder();
    await symlink(outside, join(repository.folder, 'groups/link'));
    const { code, err } = await repository.run([...GERMAN, '--out', 'groups/link/acme.yaml']);
    expect(code).toBe(3);
    expect(err).toContain('leads out of the repository');
    expect(await readTree(outside)).toEqual({});
  });

  it('works beside manifests that are not finished', async () => {
    await repository.run(GERMAN);
    const { code } = await repository.run(['new', 'FR', 'local', 'ordering', '--name', 'acme-fr']);
    expect(code).toBe(0);
    const again = await repository.run([
      'new',
      'FR',
      'local',
      'ordering',
      '--name',
      'acme-de',
      '--out',
      'groups/x.yaml',
    ]);
    expect(again.err).toContain('the group "acme-de" already exists in groups/acme-de.yaml');
  });

  it('says of sample data that it is that, in the manifest too', async () => {
    const { code } = await repository.run([...GERMAN, '--sandbox']);
    expect(code).toBe(0);
    expect(await readFile(join(repository.folder, 'groups/acme-de.yaml'), 'utf8')).toContain('sample data');
  });

  it('needs neither network nor key for what the lock knows', async () => {
    expect((await repository.run(['lock', '--add', 'DE/local/porting'])).code).toBe(0);
    await repository.forgetRequests();
    const args = ['new', 'DE', 'local', 'porting', '--name', 'acme-porting'];
    expect((await repository.run(args, { env: { TELNYX_API_KEY: undefined } })).code).toBe(0);
    expect(await repository.requests()).toEqual([]);
    const text = await readFile(join(repository.folder, 'groups/acme-porting.yaml'), 'utf8');
    expect(text.replace(/\n# /g, ' ')).toContain('as regsync.lock.yaml says');
    expect(text).toContain('  # Length: 6 to 12 characters\n');
  });

  it('writes nothing when there is no key, or nobody answers', async () => {
    const before = await readTree(repository.folder);
    expect((await repository.run(GERMAN, { env: { TELNYX_API_KEY: undefined } })).code).toBe(7);
    await repository.control('faults', { kind: 'status', status: 403, times: 99, match: { method: 'GET' } });
    expect((await repository.run(GERMAN)).code).toBe(7);
    expect(await readTree(repository.folder)).toEqual(before);
  });

  it('keeps what the API says in its comments', async () => {
    await repository.control(
      'catalogue/DE/local/ordering',
      {
        replace: [
          {
            id: '2708e569-696a-4fc7-9305-5fdb3eb9c7dd',
            type: 'textual',
            name: 'Contact\nrequirements: 1 # "',
            description: 'one\n---\napiVersion: evil\r\n\u2028kind: Document',
            example: '\u001b]8;;https://example.com\u0007',
          },
        ],
      },
      'PATCH',
    );
    expect((await repository.run(GERMAN)).code).toBe(0);
    const text = await readFile(join(repository.folder, 'groups/acme-de.yaml'), 'utf8');
    expect(text).toContain('# one --- apiVersion: evil kind: Document\n');
    expect(text).toContain('  - requirement: 2708e569-696a-4fc7-9305-5fdb3eb9c7dd\n    text: ""\n');
    expect(text).not.toContain('\u001b');
    const { out } = await repository.run(['validate', 'groups/acme-de.yaml', '--format', 'json']);
    expect(JSON.parse(out).diagnostics).toMatchObject([{ code: 'empty-value' }]);
  });

  it('needs a repository', async () => {
    const { code, err } = await repository.run([...GERMAN, '--chdir', tmpdir()]);
    expect(code).toBe(3);
    expect(err).toContain('regsync init');
  });

  it('goes into the first folder of manifests', async () => {
    await repository.write(
      'regsync.yaml',
      'apiVersion: regsync/v1\nkind: Config\nscope: acme\nmanifests: [one.yaml, countries/, groups]\n',
    );
    await mkdir(join(repository.folder, 'countries'));
    expect((await repository.run(GERMAN)).out).toContain('Wrote countries/acme-de.yaml');
  });
});

describe('what new says comes next', () => {
  /** Types in `cwd` what is said there, with a program `regsync` in the path. */
  async function follow(err: string, cwd: string) {
    const bin = await emptyFolder();
    const program = `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`;
    await writeFile(join(bin, 'regsync'), program, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env.PATH}`, HOME: tmpdir() };
    const [, there = ''] = /^ {2}1\. (cd .+?) {2,}\S/m.exec(err) ?? [];
    const lines = [...err.matchAll(/^ {2}\d\. (regsync validate|.*regsync schema)(.+?) {2,}\S/gm)];
    const commands = lines.map(([, start, rest]) => `${start}${rest}`);
    const results = [];
    for (const command of commands)
      results.push(await runInShell(there === '' ? command : `${there} && ${command}`, { cwd, env }));
    return { commands, results };
  }

  const schema = async () => (await repository.run(['schema', 'manifest'])).out;

  it.each([
    ['in the repository', '.', ['regsync validate groups/acme-de.yaml', 'mkdir -p schemas &&']],
    ['in a folder of it', 'groups', ['regsync validate acme-de.yaml', 'mkdir -p ../schemas &&']],
  ])('works where it is said: %s', async (_, place, [validate = '', make = '']) => {
    const cwd = join(repository.folder, place);
    const { err } = await repository.run(GERMAN, { cwd });
    const { commands, results } = await follow(err, cwd);
    expect(commands).toEqual([validate, expect.stringContaining(make)]);
    expect(results).toMatchObject([{ code: 3, err: expect.stringContaining('empty-value') }, { code: 0 }]);
    expect(await readFile(join(repository.folder, 'schemas/manifest.schema.json'), 'utf8')).toBe(
      await schema(),
    );
  });

  it('makes no folder that is there, and says nothing of a schema that is there', async () => {
    await mkdir(join(repository.folder, 'schemas'));
    const { err } = await repository.run(GERMAN);
    expect(err).toContain('5. regsync schema manifest > schemas/manifest.schema.json');
    await repository.write('schemas/manifest.schema.json', await schema());
    const again = await repository.run(['new', 'FR', 'local', 'ordering', '--name', 'acme-fr']);
    expect(again.err).not.toContain('regsync schema');
  });

  it('works where a folder has a name that a shell takes apart', async () => {
    const top = await emptyFolder();
    await rename(join(repository.folder, 'groups'), join(repository.folder, "it's $HOME"));
    const config = `apiVersion: regsync/v1\nkind: Config\nscope: acme\nmanifests: ["it's $HOME"]\n`;
    await repository.write('regsync.yaml', config);
    await symlink(repository.folder, join(top, '-a & b'));
    const { err } = await repository.run([...GERMAN, '--chdir=-a & b'], { cwd: top });
    const { results } = await follow(err, top);
    expect(results[1]).toMatchObject({ code: 0, err: '' });
    expect(await readFile(join(repository.folder, 'schemas/manifest.schema.json'), 'utf8')).toBe(
      await schema(),
    );
    const here = await repository.run(['new', 'FR', 'local', 'ordering', '--name', 'acme-fr']);
    const { commands, results: checked } = await follow(here.err, repository.folder);
    expect(commands).toEqual([`regsync validate 'it'\\''s $HOME/acme-fr.yaml'`]);
    expect(checked).toMatchObject([{ code: 3, err: expect.stringContaining('empty-value') }]);
  });
});
