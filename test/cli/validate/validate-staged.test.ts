import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { newAgeKeyPair, sha256 } from '../../support/age-keys.ts';
import { whenInstalled } from '../../support/programs/programs.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  ROOT,
  type TestRepository,
} from '../../support/test-repository.ts';

const owner = await newAgeKeyPair();

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({
    'groups/fr.yaml': frenchGroup(),
    '.regsync/recipients': owner.recipient,
  });
});
afterEach(() => repository.end());

function git(...args: readonly string[]): string {
  const person = ['-c', 'user.name=Jane Roe', '-c', 'user.email=jane@example.com'];
  return execFileSync('git', [...person, ...args], {
    cwd: repository.folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: repository.folder, GIT_CONFIG_NOSYSTEM: '1' },
  });
}

const staged = (args: readonly string[] = [], options = {}) =>
  repository.run(['validate', '--staged', ...args], options);

/** The copies of these tests: others may run at the same time. */
const leftovers = async () =>
  (await readdir(tmpdir()))
    .filter((name) => name.startsWith('regsync-staged-'))
    .filter((name) => existsSync(join(tmpdir(), name, 'groups/leftover.yaml')));

async function commitEverything(): Promise<void> {
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'before');
}

describe.runIf(whenInstalled('git'))('regsync validate --staged', () => {
  it('checks what git is about to commit, and not what the working tree has', async () => {
    await commitEverything();
    await repository.write('groups/fr.yaml', frenchGroup({ name: 'UPPER' }));
    git('add', 'groups/fr.yaml');
    await repository.write('groups/fr.yaml', frenchGroup());
    const wrong = await staged();
    expect([wrong.code, wrong.out]).toEqual([3, '']);
    expect(wrong.err).toContain('groups/fr.yaml:3:7  invalid-value');
    expect(wrong.err).toContain('Correct the files, `git add` them, and commit again.');

    git('add', 'groups/fr.yaml');
    await repository.write('groups/fr.yaml', 'kind: [');
    await repository.write('groups/more.yaml', 'kind: [');
    await repository.write('groups/other.yaml', frenchGroup({ name: 'other' }));
    git('add', 'groups/other.yaml');
    const right = await staged();
    expect([right.code, right.out], right.err).toEqual([0, 'Valid: 2 manifest files, 2 groups.\n']);
  });

  it('counts a manifest that the commit deletes as deleted', async () => {
    await repository.write('groups/other.yaml', frenchGroup({ name: 'other' }));
    await commitEverything();
    git('rm', '--quiet', 'groups/other.yaml');
    expect(await staged()).toMatchObject({ code: 0, out: 'Valid: 1 manifest file, 1 group.\n' });
  });

  it('refuses a plaintext document that the commit adds, where a manifest names it and where none does', async () => {
    git('init', '--quiet');
    git('add', '--all');
    const { code, err } = await staged();
    expect(code).toBe(3);
    expect(err).toContain('groups/fr.yaml:9:15  plaintext-document  "documents/address-fr.png"');
    expect(err).toContain('plaintext-document  "documents/registration.pdf"');
    expect(err).toContain('3 problems in 1 manifest file.');
    expect(err).toContain('git rm --cached documents/registration.pdf');
    const json = await staged(['--format', 'json']);
    expect(JSON.parse(json.out).diagnostics.map((problem: { code: string }) => problem.code)).toEqual([
      'plaintext-document',
      'plaintext-document',
      'plaintext-document',
    ]);
  });

  it('refuses a document that is only named like an encrypted one', async () => {
    await commitEverything();
    await repository.write('documents/passport.pdf.age', '%PDF-1.4\nx\n%%EOF\n');
    git('add', '--all');
    const { code, err } = await staged();
    expect([code, err]).toEqual([3, expect.stringContaining('not-encrypted  "documents/passport.pdf.age"')]);
  });

  it('only warns of one that was committed before, because that commit is past', async () => {
    await commitEverything();
    await repository.write('groups/other.yaml', frenchGroup({ name: 'other' }));
    git('add', '--all');
    const { code, err } = await staged();
    expect(code, err).toBe(0);
    expect(err).toContain('plaintext-document  warning');
  });

  it('lets a plaintext document pass where the configuration allows it', async () => {
    const config = 'apiVersion: regsync/v1\nkind: Config\nscope: acme\nallow_plaintext_documents: true\n';
    await repository.write('regsync.yaml', config);
    git('init', '--quiet');
    git('add', '--all');
    expect((await staged()).code).toBe(0);
  });

  it('lets an encrypted document pass', async () => {
    await rm(join(repository.folder, 'documents/registration.pdf'));
    await rm(join(repository.folder, 'documents/local-address-proof.pdf'));
    const encrypted = await repository.run(['encrypt', 'documents/address-fr.png', '--update', '--remove'], {
      env: { REGSYNC_AGE_IDENTITY: owner.identity },
    });
    expect(encrypted.code, encrypted.err).toBe(0);
    git('init', '--quiet');
    git('add', '--all');
    const { code, err } = await staged();
    expect(code, err).toBe(0);
  });

  it('refuses the secret half of a key, wherever it is, and does not repeat it', async () => {
    await commitEverything();
    await repository.write('notes/key.txt', `# mine\n${owner.identity}\n`);
    git('add', '--all');
    const { code, err } = await staged();
    expect(code).toBe(3);
    expect(err).toContain('secret-key  "notes/key.txt"');
    expect(err).toContain('`git rm --cached notes/key.txt`');
    expect(err).not.toContain(owner.identity);
  });

  it('keeps the list of recipients in the commit, where a secret key is in it', async () => {
    await commitEverything();
    await repository.write('.regsync/recipients', `${owner.recipient}\n${owner.identity}\n`);
    git('add', '--all');
    const { code, err } = await staged();
    expect(code).toBe(3);
    expect(err).toContain('Remove its line, and `git add .regsync/recipients`.');
    expect(err).not.toContain('git rm');
    expect(err).not.toContain(owner.identity);
  });

  it('finds a key in UTF-16, as PowerShell writes it, and far into a file, but not behind a link', async () => {
    await commitEverything();
    await writeFile(
      join(repository.folder, 'wide.txt'),
      Buffer.from(`\ufeff${owner.identity}\r\n`, 'utf16le'),
    );
    await repository.write('long.txt', `${'x\n'.repeat(50_000)}${owner.identity}\n`);
    await symlink(join(repository.folder, 'wide.txt'), join(repository.folder, 'link.txt'));
    git('add', '--all');
    const { err } = await staged();
    expect(err.match(/secret-key {2}"[^"]*"/g)).toEqual(['secret-key  "long.txt"', 'secret-key  "wide.txt"']);
  });

  it('refuses a plaintext document also under a path that no manifest could name', async () => {
    await commitEverything();
    await repository.write('documents/a\\b.pdf', '%PDF-1.4\nx\n%%EOF\n');
    git('add', '--all');
    const { code, err } = await staged();
    expect([code, err]).toEqual([3, expect.stringContaining('plaintext-document')]);
  });

  it('says so where nothing of the repository is staged, and needs nothing else', async () => {
    await commitEverything();
    await repository.write('groups/fr.yaml', 'kind: [');
    const { code, out } = await staged();
    expect([code, out]).toEqual([0, 'Nothing to check: the next commit does not change this repository.\n']);
    expect(JSON.parse((await staged(['--format', 'json'])).out)).toMatchObject({ valid: true, files: 0 });
  });

  it('outside of git says what to do', async () => {
    const { code, err } = await staged();
    expect(code).toBe(3);
    expect(err).toContain('this is not a git repository. Run `regsync validate` without it, or `git init`');
    const without = await staged([], { env: { PATH: repository.folder } });
    expect([without.code, without.err]).toEqual([3, expect.stringContaining('git is not installed')]);
  });

  it('says which file is missing if the configuration is not staged', async () => {
    git('init', '--quiet');
    git('add', 'groups');
    const { code, err } = await staged();
    expect([code, err]).toEqual([3, expect.stringContaining('git add regsync.yaml')]);
  });

  it('works in a folder of a larger repository, from any folder, with paths', async () => {
    await mkdir(join(repository.folder, 'telecom'));
    for (const name of ['regsync.yaml', 'groups', 'documents'])
      execFileSync('mv', [join(repository.folder, name), join(repository.folder, 'telecom', name)]);
    await repository.write('telecom/groups/Zoë/de.yaml', germanGroup().replaceAll('../doc', '../../doc'));
    await commitEverything();
    await repository.write('telecom/groups/fr.yaml', frenchGroup({ name: 'UPPER' }));
    await repository.write('elsewhere.txt', 'x');
    git('add', 'elsewhere.txt');
    const cwd = join(repository.folder, 'telecom/groups');
    expect((await staged([], { cwd })).out).toContain('Nothing to check');
    git('add', '--all');
    expect((await staged([], { cwd })).err).toContain('groups/fr.yaml:3:7  invalid-value');
    const other = await staged(['Zoë'], { cwd });
    expect([other.code, other.out], other.err).toEqual([0, 'Valid: 2 manifest files, 1 group.\n']);
  });

  it('checks what `git commit --all` commits, as a hook of git in a larger repository', async () => {
    await mkdir(join(repository.folder, 'telecom'));
    for (const name of ['regsync.yaml', 'groups', 'documents'])
      execFileSync('mv', [join(repository.folder, name), join(repository.folder, 'telecom', name)]);
    await commitEverything();
    const hook = `#!/bin/sh\ncd telecom && exec '${process.execPath}' '${ROOT}/dist/regsync.js' validate --staged\n`;
    await writeFile(join(repository.folder, '.git/hooks/pre-commit'), hook, { mode: 0o755 });
    await repository.write('telecom/groups/fr.yaml', frenchGroup({ name: 'UPPER' }));
    expect(() => git('commit', '--quiet', '--all', '--message', 'wrong')).toThrow('invalid-value');
    await repository.write('telecom/groups/fr.yaml', frenchGroup({ name: 'lower' }));
    git('commit', '--quiet', '--all', '--message', 'right');
    expect(git('log', '--format=%s')).toBe('right\nbefore\n');
  });

  it('reads no file outside through a link that is staged', async () => {
    const outside = await openTestRepository({ 'secret.txt': 'kind: Secret\n' });
    await commitEverything();
    await symlink(join(outside.folder, 'secret.txt'), join(repository.folder, 'groups/link.yaml'));
    git('add', '--all');
    const { code, err } = await staged();
    await outside.end();
    expect(code).toBe(3);
    expect(err).toContain('groups/link.yaml');
  });

  it('leaves nothing behind, and changes neither the index nor the working tree', async () => {
    await commitEverything();
    await repository.write('groups/leftover.yaml', frenchGroup({ name: 'UPPER' }));
    git('add', '--all');
    const index = sha256(await readFile(join(repository.folder, '.git/index')));
    await staged();
    expect(await leftovers()).toEqual([]);
    expect(sha256(await readFile(join(repository.folder, '.git/index')))).toBe(index);
  });

  it('is what the hook for pre-commit runs', async () => {
    const hooks = parse(await readFile(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'));
    expect(hooks).toMatchObject([
      { id: 'regsync-validate', entry: 'regsync validate --staged', language: 'node', pass_filenames: false },
    ]);
  });
});
