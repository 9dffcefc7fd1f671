import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, rename, symlink, truncate } from 'node:fs/promises';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readDocumentBytes } from '../../../src/manifest/encryption/read-plaintext.ts';
import { Fault } from '../../../src/manifest/fault.ts';
import { readRegularFile } from '../../../src/manifest/files/read-confined.ts';
import { InvalidInputError } from '../../../src/model/errors.ts';
import { groupWith, places, workspace } from '../workspace.ts';

/** Node cannot make one itself. */
function makePipe(path: string): void {
  execFileSync('sh', ['-c', 'mkfifo "$0"', path]);
}

/** A manifest whose document is `file`; the path is on line 10. */
function withDocument(file: string): string {
  return groupWith(`document:\n      file: ${JSON.stringify(file)}`);
}

describe('a document', () => {
  it('is found through a link within the repository, and through a hard link', async () => {
    const { at, load } = await workspace({
      'groups/a.yaml': withDocument('../linked.pdf'),
      'groups/b.yaml': withDocument('../hard.pdf').replace('name: acme', 'name: b'),
      'real/bill.pdf': 'x',
    });
    await symlink('real/bill.pdf', at('linked.pdf'));
    await link(at('real/bill.pdf'), at('hard.pdf'));
    const { desired, problems } = await load();
    expect(problems).toEqual([]);
    expect(desired.RequirementGroup.map(({ requirements }) => requirements[0]?.content)).toMatchObject([
      { document: { path: 'linked.pdf', bytes: 1 } },
      { document: { path: 'hard.pdf', bytes: 1 } },
    ]);
  });

  it.each([
    ['a link to a file outside', 'file-outside.pdf', 'unsafe-path'],
    ['a link to a folder outside', 'folder-outside/bill.pdf', 'unsafe-path'],
    ['a link up and out', 'up.pdf', 'unsafe-path'],
    ['a link into .git', 'git.txt', 'unsafe-path'],
    ['a link to itself', 'loop.pdf', 'unreadable'],
    ['a link to nothing', 'dangling.pdf', 'file-not-found'],
    ['a folder', 'folder.pdf', 'not-a-file'],
    ['a pipe that nobody writes to', 'pipe.pdf', 'not-a-file'],
    ['a device', 'device.txt', 'unsafe-path'],
    ['not there', 'missing.pdf', 'file-not-found'],
    ['below a file', 'bill.pdf/below.pdf', 'file-not-found'],
    ['of an endless name', `${'x'.repeat(300)}.pdf`, 'unreadable'],
    ['empty', 'empty.pdf', 'empty-file'],
    ['a Git LFS pointer', 'pointer.pdf', 'lfs-pointer'],
    ['a byte too large', 'large.pdf', 'too-large'],
  ])('that is %s is a problem', async (_, file, code) => {
    const outside = await workspace({ 'bill.pdf': 'x' });
    const { at, load } = await workspace({
      'groups/a.yaml': withDocument(`../documents/${file}`),
      'documents/bill.pdf': 'x',
      'documents/empty.pdf': '',
      'documents/pointer.pdf': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
      'documents/large.pdf': 'x',
      '.git/config': 'x',
    });
    await truncate(at('documents/large.pdf'), 20_000_001);
    await mkdir(at('documents/folder.pdf'));
    makePipe(at('documents/pipe.pdf'));
    await symlink('/etc/hosts', at('documents/file-outside.pdf'));
    await symlink(outside.root, at('documents/folder-outside'));
    await symlink('../../../../../../../../etc/hosts', at('documents/up.pdf'));
    await symlink('../.git/config', at('documents/git.txt'));
    await symlink('loop.pdf', at('documents/loop.pdf'));
    await symlink('nothing.pdf', at('documents/dangling.pdf'));
    await symlink('/dev/zero', at('documents/device.txt'));
    const { desired, problems } = await load();
    expect(places(problems)).toEqual([`groups/a.yaml:10:13 ${code}`]);
    expect(desired.RequirementGroup[0]?.requirements).toEqual([]);
  });

  it('of exactly 20,000,000 bytes is fine', async () => {
    const { at, load } = await workspace({ 'groups/a.yaml': withDocument('a.pdf'), 'groups/a.pdf': 'x' });
    await truncate(at('groups/a.pdf'), 20_000_000);
    expect((await load()).problems).toEqual([]);
  });

  it('has the digest of all of it, however many pieces it is read in', async () => {
    const bytes = randomBytes(1_000_003);
    const { load } = await workspace({ 'groups/a.yaml': withDocument('a.pdf'), 'groups/a.pdf': bytes });
    const { desired } = await load();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(desired.RequirementGroup[0]?.requirements[0]?.content).toMatchObject({
      document: { sha256, bytes: 1_000_003 },
    });
  });

  it('is read again for its upload, under the same rules', async () => {
    const { root, at } = await workspace({ 'documents/bill.pdf': 'bye' });
    await symlink('/etc/hosts', at('documents/out.pdf'));
    expect((await readDocumentBytes(root, 'documents/bill.pdf')).toString()).toBe('bye');
    for (const path of ['documents/out.pdf', '../bill.pdf', '/etc/hosts', 'documents/missing.pdf']) {
      await expect(readDocumentBytes(root, path)).rejects.toThrow(InvalidInputError);
    }
    const error = await readDocumentBytes(root, 'documents/out.pdf').catch(
      (thrown: InvalidInputError) => thrown,
    );
    expect(error).toMatchObject({
      problems: [{ code: 'unsafe-path', source: { file: 'documents/out.pdf', line: 1, column: 1 } }],
    });
  });

  it('is not read through a link that is put in its place after it was looked at', async () => {
    const { at } = await workspace({ 'documents/bill.pdf': 'x' });
    await rename(at('documents/bill.pdf'), at('documents/moved.pdf'));
    await symlink('/etc/hosts', at('documents/bill.pdf'));
    const read = readRegularFile(at('documents/bill.pdf'), 1000);
    expect(read).toBeInstanceOf(Fault);
    expect(read).toMatchObject({ code: 'unreadable' });
  });

  it('that is a socket is a problem', async () => {
    const { at } = await workspace({ 'documents/bill.pdf': 'x' });
    const server = createServer();
    await new Promise<void>((done) => server.listen(at('s.pdf'), done));
    expect(readRegularFile(at('s.pdf'), 1000)).toMatchObject({ code: 'unreadable' });
    server.close();
  });
});
