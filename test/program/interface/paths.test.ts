import { cp, lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

/** Paths on the command line, and the ways in which people come to a repository. */

const SHARED = `apiVersion: regsync/v1
kind: Document
name: registration
file: ../documents/registration.pdf
`;

let repository: TestRepository;
let elsewhere: string;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
  elsewhere = await mkdtemp(join(tmpdir(), 'regsync-elsewhere-'));
});
afterEach(async () => {
  await repository.end();
  await rm(elsewhere, { recursive: true });
});

describe('a path through a link', () => {
  const broken = frenchGroup({ file: '../documents/missing.png' });

  it.each([
    [
      'to the repository',
      () => symlink(repository.folder, join(elsewhere, 'link')),
      () => join(elsewhere, 'link/groups'),
    ],
    ['to a folder', () => symlink('groups', join(repository.folder, 'other')), () => 'other'],
    [
      'to a file',
      () => symlink('fr.yaml', join(repository.folder, 'groups/zz.yaml')),
      () => 'groups/zz.yaml',
    ],
  ])('%s hides no mistake', async (_, link, path) => {
    await link();
    await repository.write('groups/fr.yaml', broken);
    const { code, out, err } = await repository.run(['validate', path()]);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('file-not-found');
  });

  it('leads to a plan that means the same elsewhere', async () => {
    await symlink(repository.folder, join(elsewhere, 'link'));
    const plan = join(elsewhere, 'plan.json');
    const made = await repository.run(['plan', join(elsewhere, 'link/groups/fr.yaml'), '--out', plan]);
    expect([made.code, made.out]).toEqual([0, expect.stringContaining('1 to create')]);
    const copy = join(elsewhere, 'copy');
    await cp(repository.folder, copy, { recursive: true });
    const { code, out } = await repository.run(['apply', '--plan', plan], { cwd: copy });
    expect([code, out]).toEqual([0, expect.stringContaining('fr-local')]);
    expect((await repository.state()).groups).toHaveLength(1);
  });

  it('that lies outside stands for nothing, whatever stands in the repository under that name', async () => {
    for (const command of ['validate', 'plan']) {
      const { code, err } = await repository.run([command, join(elsewhere, 'groups')]);
      expect([code, err]).toEqual([3, expect.stringContaining('unknown-path')]);
      expect(
        (await repository.run([command, 'groups'], { cwd: join(repository.folder, 'documents') })).code,
      ).toBe(3);
    }
  });
});

describe('a slip in the place of a path', () => {
  it.each([
    ['fr-local', 'Write --target fr-local, or the path "groups/fr.yaml".'],
    ['fr-locl', 'Did you mean --target fr-local?'],
    ['fr.yaml', 'Did you mean "groups/fr.yaml"?'],
  ])('%s is followed by what to give instead', async (path, next) => {
    await repository.write('groups/fr.yaml', frenchGroup({ name: 'fr-local' }));
    const { code, err } = await repository.run(['plan', path]);
    expect([code, err]).toEqual([3, expect.stringContaining(next)]);
  });

  it('is a plan file: apply names the flag that it belongs to, with and without --yes', async () => {
    expect((await repository.run(['plan', '--out', 'plan.json'])).code).toBe(0);
    for (const yes of [[], ['--yes']]) {
      const { code, err } = await repository.run(['apply', 'plan.json', ...yes]);
      const said = 'plan.json is a plan file. To apply it, run: regsync apply --plan plan.json';
      expect([code, err]).toEqual([3, expect.stringContaining(said)]);
    }
  });
});

describe('a file without a group', () => {
  it('is checked like any other', async () => {
    await repository.write('groups/shared.yaml', SHARED);
    expect(await repository.run(['validate', 'groups/shared.yaml'])).toMatchObject({
      code: 0,
      out: 'Valid: 3 manifest files, 0 groups.\n',
    });
    expect(await repository.run(['validate', 'groups/shared.yaml', 'groups/de.yaml'])).toMatchObject({
      code: 0,
      out: 'Valid: 3 manifest files, 1 group.\n',
    });
    await repository.write('groups/shared.yaml', SHARED.replace('registration.pdf', 'missing.pdf'));
    const { code, err } = await repository.run(['validate', 'groups/shared.yaml']);
    expect([code, err]).toEqual([3, expect.stringContaining('groups/shared.yaml:4:')]);
    expect(err).not.toContain('unknown-path');
  });

  it('is nothing that a plan could be narrowed to', async () => {
    await repository.write('groups/shared.yaml', SHARED);
    const { code, err } = await repository.run(['plan', 'groups/shared.yaml']);
    expect([code, err]).toEqual([3, expect.stringContaining('')]);
  });
});

describe('--chdir', () => {
  it('is as if started there, for every path', async () => {
    await repository.write(
      'groups/inner/fr2.yaml',
      frenchGroup({ name: 'inner', file: '../../documents/address-fr.png' }),
    );
    const there = ['--chdir', join(repository.folder, 'groups')];
    const from = { cwd: elsewhere };
    expect(await repository.run(['validate', ...there, 'inner'], from)).toMatchObject({
      code: 0,
      err: expect.any(String),
    });
    const { code, out } = await repository.run([...there, 'plan', 'inner', '--out', 'inner/plan.json'], from);
    expect([code, out]).toEqual([0, expect.stringContaining('1 to create')]);
    expect(await readdir(elsewhere)).toEqual([]);
    expect(await readdir(join(repository.folder, 'groups/inner'))).toContain('plan.json');
    expect((await repository.run(['apply', ...there, '--plan', 'inner/plan.json'], from)).code).toBe(0);
  });
});

describe('a file that is written', () => {
  it('goes where a link leads, and the link stays', async () => {
    const [link, target] = [join(elsewhere, 'link.json'), join(elsewhere, 'plan.json')];
    await writeFile(target, 'before');
    await symlink(target, link);
    expect((await repository.run(['plan', '--out', link])).code).toBe(0);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await readFile(target, 'utf8'))).toMatchObject({ scope: 'acme' });
  });
});
