import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { replaceInFileSystem } from '../../support/file-system.ts';
import { codes, groupWith, places, workspace } from '../workspace.ts';

/** Node cannot make one itself. */
function makePipe(path: string): void {
  execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
}

describe('the manifests of a folder', () => {
  it('are its *.yaml and *.yml and those below it, in order, but nothing that begins with a dot', async () => {
    const { load } = await workspace({
      'groups/b.yaml': groupWith('text: x').replace('name: acme', 'name: b'),
      'groups/a/deep/c.yml': groupWith('text: x').replace('name: acme', 'name: c'),
      'groups/README.md': '# not a manifest',
      'groups/.hidden.yaml': 'not: looked at',
      'groups/.git/config.yaml': 'not: looked at',
      'elsewhere/d.yaml': 'not: looked at',
    });
    const { desired, problems, files } = await load();
    expect(problems).toEqual([]);
    expect(files).toBe(2);
    expect(desired.RequirementGroup.map(({ source }) => source.file)).toEqual([
      'groups/a/deep/c.yml',
      'groups/b.yaml',
    ]);
  });

  it('are read once, however many links and entries lead to them', async () => {
    const { at, load } = await workspace({
      'regsync.yaml':
        'apiVersion: regsync/v1\nkind: Config\nscope: acme\nmanifests: [groups, groups/a.yaml, other]\n',
      'groups/a.yaml': groupWith('text: x'),
      'shared/b.yaml': groupWith('text: x').replace('name: acme', 'name: b'),
    });
    await mkdir(at('other'));
    await symlink('a.yaml', at('groups/again.yaml'));
    await symlink('../shared', at('groups/shared'));
    await symlink('..', at('groups/shared/up'));
    await symlink('../shared', at('other/shared'));
    const { desired, problems, files } = await load();
    expect(problems).toEqual([]);
    expect(files).toBe(2);
    expect(desired.RequirementGroup.map(({ source }) => source.file)).toEqual([
      'groups/a.yaml',
      'groups/shared/b.yaml',
    ]);
  });

  it.each([
    ['a manifest that is a link out of the repository', 'out.yaml', '/etc/hosts', 'unsafe-path'],
    ['a folder that is a link out of the repository', 'out', '/etc', 'unsafe-path'],
    ['a dangling link', 'gone.yaml', 'nowhere', 'file-not-found'],
    ['a link to itself', 'loop', 'loop', 'unreadable'],
    ['a link into .git', 'config.yaml', '../.git/config', 'unsafe-path'],
  ])('are not complete with %s: a problem', async (_, name, destination, code) => {
    const { at, load } = await workspace({ 'groups/a.yaml': groupWith('text: x'), '.git/config': '' });
    await symlink(destination, at(`groups/${name}`));
    expect(places((await load()).problems)).toEqual([`groups/${name}:1:1 ${code}`]);
  });

  it('are not complete with a folder that may not be read: a problem', async () => {
    const { at, load } = await workspace({
      'groups/a.yaml': groupWith('text: x'),
      'groups/secret/b.yaml': groupWith('text: x'),
    });
    const secret = at('groups/secret');
    replaceInFileSystem('readdirSync', (readdirSync) => (path: unknown, ...options: unknown[]) => {
      if (path === secret) throw Object.assign(new Error('denied'), { code: 'EACCES' });
      return Reflect.apply(readdirSync, null, [path, ...options]);
    });
    const { problems } = await load();
    expect(problems).toMatchObject([
      {
        severity: 'error',
        code: 'unreadable',
        message: 'cannot be read: permission denied',
        source: { file: 'groups/secret' },
      },
    ]);
  });

  it.each([
    ['a pipe', makePipe, 'not-a-file'],
    ['no UTF-8', (path: string) => writeFile(path, Buffer.from([0xff, 0xfe, 0x41])), 'not-utf8'],
    ['over 1 MiB', (path: string) => writeFile(path, '#'.repeat(1024 * 1024 + 1)), 'too-large'],
    ['5 MB of keys', (path: string) => writeFile(path, 'key: value\n'.repeat(500_000)), 'too-large'],
  ])('may not be %s', async (_, make, code) => {
    const { at, load } = await workspace({ 'groups/a.yaml': groupWith('text: x') });
    await make(at('groups/b.yaml'));
    expect(places((await load()).problems)).toEqual([`groups/b.yaml:1:1 ${code}`]);
  });

  it('may not have names that break a line or change the direction of text', async () => {
    const { load } = await workspace({ 'groups/a\n.yaml': 'x', 'groups/b\u202e.yaml': 'x' });
    const { problems } = await load();
    expect(codes(problems)).toEqual(['unsafe-path', 'unsafe-path']);
    expect(problems.map(({ source }) => source?.file)).toEqual([
      'groups/a\\u000a.yaml',
      'groups/b\\u202e.yaml',
    ]);
  });
});
