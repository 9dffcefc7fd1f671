import { cp, lstat, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frenchGroup, germanGroup, type Rehearsal, rehearse } from '../support/rehearsal.ts';

/** Paths on the command line, and the ways in which people come to a repository. */

const SHARED = `apiVersion: regsync/v1
kind: Document
name: registration
file: ../documents/registration.pdf
`;

let stage: Rehearsal;
let elsewhere: string;
beforeEach(async () => {
  stage = await rehearse({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
  elsewhere = await mkdtemp(join(tmpdir(), 'regsync-elsewhere-'));
});
afterEach(async () => {
  await stage.end();
  await rm(elsewhere, { recursive: true });
});

describe('a path through a link', () => {
  const broken = frenchGroup({ file: '../documents/missing.png' });

  it.each([
    [
      'to the repository',
      () => symlink(stage.folder, join(elsewhere, 'link')),
      () => join(elsewhere, 'link/groups'),
    ],
    ['to a folder', () => symlink('groups', join(stage.folder, 'other')), () => 'other'],
    ['to a file', () => symlink('fr.yaml', join(stage.folder, 'groups/zz.yaml')), () => 'groups/zz.yaml'],
  ])('%s hides no mistake', async (_, link, path) => {
    await link();
    await stage.write('groups/fr.yaml', broken);
    const { code, out, err } = await stage.run(['validate', path()]);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('file-not-found');
  });

  it('leads to a plan that means the same elsewhere', async () => {
    await symlink(stage.folder, join(elsewhere, 'link'));
    const plan = join(elsewhere, 'plan.json');
    const made = await stage.run(['plan', join(elsewhere, 'link/groups/fr.yaml'), '--out', plan]);
    expect([made.code, made.out]).toEqual([0, expect.stringContaining('1 to create')]);
    const copy = join(elsewhere, 'copy');
    await cp(stage.folder, copy, { recursive: true });
    const { code, out } = await stage.run(['apply', '--plan', plan], { cwd: copy });
    expect([code, out]).toEqual([0, expect.stringContaining('fr-local')]);
    expect((await stage.state()).groups).toHaveLength(1);
  });

  it('that lies outside stands for nothing, whatever stands in the repository under that name', async () => {
    for (const command of ['validate', 'plan']) {
      const { code, err } = await stage.run([command, join(elsewhere, 'groups')]);
      expect([code, err]).toEqual([3, expect.stringContaining('unknown-path')]);
      expect((await stage.run([command, 'groups'], { cwd: join(stage.folder, 'documents') })).code).toBe(3);
    }
  });
});

describe('a slip in the place of a path', () => {
  it.each([
    ['fr-local', 'Write --target fr-local, or the path "groups/fr.yaml".'],
    ['fr-locl', 'Did you mean --target fr-local?'],
    ['fr.yaml', 'Did you mean "groups/fr.yaml"?'],
  ])('%s is followed by what to give instead', async (path, next) => {
    await stage.write('groups/fr.yaml', frenchGroup({ name: 'fr-local' }));
    const { code, err } = await stage.run(['plan', path]);
    expect([code, err]).toEqual([3, expect.stringContaining(next)]);
  });

  it('is a plan file: apply names the flag that it belongs to, with and without --yes', async () => {
    expect((await stage.run(['plan', '--out', 'plan.json'])).code).toBe(0);
    for (const yes of [[], ['--yes']]) {
      const { code, err } = await stage.run(['apply', 'plan.json', ...yes]);
      const said = 'plan.json is a plan file. To apply it, run: regsync apply --plan plan.json';
      expect([code, err]).toEqual([3, expect.stringContaining(said)]);
    }
  });
});

describe('a file without a group', () => {
  it('is checked like any other', async () => {
    await stage.write('groups/shared.yaml', SHARED);
    expect(await stage.run(['validate', 'groups/shared.yaml'])).toMatchObject({
      code: 0,
      out: 'Valid: 3 manifest files, 0 groups.\n',
    });
    expect(await stage.run(['validate', 'groups/shared.yaml', 'groups/de.yaml'])).toMatchObject({
      code: 0,
      out: 'Valid: 3 manifest files, 1 group.\n',
    });
    await stage.write('groups/shared.yaml', SHARED.replace('registration.pdf', 'missing.pdf'));
    const { code, err } = await stage.run(['validate', 'groups/shared.yaml']);
    expect([code, err]).toEqual([3, expect.stringContaining('groups/shared.yaml:4:')]);
    expect(err).not.toContain('unknown-path');
  });

  it('is nothing that a plan could be narrowed to', async () => {
    await stage.write('groups/shared.yaml', SHARED);
    const { code, err } = await stage.run(['plan', 'groups/shared.yaml']);
    expect([code, err]).toEqual([3, expect.stringContaining('')]);
  });
});

describe('--chdir', () => {
  it('is as if started there, for every path', async () => {
    await stage.write(
      'groups/inner/fr2.yaml',
      frenchGroup({ name: 'inner', file: '../../documents/address-fr.png' }),
    );
    const there = ['--chdir', join(stage.folder, 'groups')];
    const from = { cwd: elsewhere };
    expect(await stage.run(['validate', ...there, 'inner'], from)).toMatchObject({
      code: 0,
      err: expect.any(String),
    });
    const { code, out } = await stage.run([...there, 'plan', 'inner', '--out', 'inner/plan.json'], from);
    expect([code, out]).toEqual([0, expect.stringContaining('1 to create')]);
    expect(await readdir(elsewhere)).toEqual([]);
    expect(await readdir(join(stage.folder, 'groups/inner'))).toContain('plan.json');
    expect((await stage.run(['apply', ...there, '--plan', 'inner/plan.json'], from)).code).toBe(0);
  });
});

describe('a file that is written', () => {
  it('goes where a link leads, and the link stays', async () => {
    const [link, target] = [join(elsewhere, 'link.json'), join(elsewhere, 'plan.json')];
    await writeFile(target, 'before');
    await symlink(target, link);
    expect((await stage.run(['plan', '--out', link])).code).toBe(0);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await readFile(target, 'utf8'))).toMatchObject({ scope: 'acme' });
  });
});
