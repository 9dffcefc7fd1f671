import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBase, selectAlso } from '../../../src/cli/apply/base.ts';
import type { Project } from '../../../src/cli/session/project.ts';
import type { Terminal } from '../../../src/cli/session/terminal.ts';
import { InvalidInputError } from '../../../src/model/errors.ts';
import { byKind, selectAll } from '../../../src/model/kinds.ts';
import type { Desired } from '../../../src/model/resource.ts';

const GROUP = `apiVersion: regsync/v1
kind: RequirementGroup
name: example-fr
country_code: FR
phone_number_type: local
action: ordering
partial: true
requirements:
  - requirement: Contact Info
    text: Example GmbH
`;
const configOf = (fields: string) => `apiVersion: regsync/v1\nkind: Config\n${fields}\n`;

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'regsync-base-')));
});
afterEach(() => rm(folder, { recursive: true }));

/** Loads a base with these files for a run of the scope `acme`. */
async function load(files: Readonly<Record<string, string>>): Promise<Project | null> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const terminal = {
    cwd: '/elsewhere',
    env: {},
    meter: { enter: () => {} },
    err: () => expect.unreachable(),
  };
  const current = { repository: { config: { scope: 'acme' } } };
  return loadBase(terminal as unknown as Terminal, {} as never, current as Project, folder);
}

describe('the base of a change under review', () => {
  it('is the project of its folder where it is of the same scope', async () => {
    const base = await load({ 'regsync.yaml': configOf('scope: acme'), 'groups/fr.yaml': GROUP });
    expect(base?.desired.RequirementGroup.map(({ name }) => name)).toEqual(['example-fr']);
  });

  it('is one without manifests, too, so that all of the current ones are new', async () => {
    const base = await load({ 'regsync.yaml': configOf('scope: acme'), 'groups/.keep': '' });
    expect(base?.desired.RequirementGroup).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['of another scope', { 'regsync.yaml': configOf('scope: other'), 'groups/fr.yaml': GROUP }],
    ['of a longer scope', { 'regsync.yaml': configOf('scope: acme-2'), 'groups/fr.yaml': GROUP }],
    ['without a configuration', { 'groups/fr.yaml': GROUP }],
  ])('has nothing to compare with where it is %s', async (_, files) => {
    expect(await load(files)).toBeNull();
  });

  it.each<[string, string, string]>([
    ['its configuration', 'scope: [', GROUP],
    ['a manifest', 'scope: acme', 'kind: ['],
  ])('is not taken for empty where %s is broken', async (_, fields, group) => {
    const broken = load({ 'regsync.yaml': configOf(fields), 'groups/fr.yaml': group });
    await expect(broken).rejects.toBeInstanceOf(InvalidInputError);
  });
});

it('of a selection, the base reads what it has too, kind by kind', () => {
  const desired = (...names: string[]) =>
    byKind((kind) =>
      kind === 'RequirementGroup' ? names.map((name) => ({ name })) : [],
    ) as unknown as Desired;
  const selected = { ...selectAll(desired('a', 'b')), NumberOrder: new Set(['c']) };
  expect(selectAlso(selected, desired('b', 'c'))).toEqual(selectAll(desired('b')));
});
