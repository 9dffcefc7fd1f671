import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encryptFor } from '../../../src/manifest/encryption/recipients.ts';
import { newAgeKeyPair, sha256 } from '../../support/age-keys.ts';
import { whenInstalled } from '../../support/programs/programs.ts';
import { openTestRepository, type TestRepository } from '../../support/test-repository.ts';

function group(name: string, country: string, requirements = ''): string {
  return [
    'apiVersion: regsync/v1',
    'kind: RequirementGroup',
    `name: ${name}`,
    `country_code: ${country}`,
    'phone_number_type: local',
    'action: ordering',
    'partial: true',
    requirements,
    '',
  ].join('\n');
}

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({
    'groups/de/a.yaml': group('a', 'DE'),
    'groups/fr/b.yaml': group('b', 'FR'),
  });
});
afterEach(() => repository.end());

function at(path: string): string {
  return join(repository.folder, path);
}

function git(...args: readonly string[]): void {
  const who = ['-c', 'user.name=Jane Roe', '-c', 'user.email=jane@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...who, ...args], { cwd: repository.folder, stdio: 'pipe' });
}

async function references(): Promise<(string | null)[]> {
  return (await repository.state()).groups.map(({ customer_reference }) => customer_reference).sort();
}

const BOTH = ['regsync/acme/a', 'regsync/acme/b'];

/** That no command takes the second group for deleted, and each says why it stops. */
async function expectRefused(...words: readonly string[]): Promise<void> {
  await repository.forgetRequests();
  for (const command of [['validate'], ['plan', '--prune'], ['apply', '--prune', '--yes']]) {
    const { code, err } = await repository.run(command);
    expect(code, err).toBe(3);
    for (const word of words) expect(err).toContain(word);
  }
  expect((await repository.requests()).filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(await references()).toEqual(BOTH);
}

describe('a manifest that somebody lost by accident', () => {
  beforeEach(async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect(await references()).toEqual(BOTH);
  });

  it.each(['b.YAML', 'b.Yml'])('is still read as %s', async (name) => {
    await rename(at('groups/fr/b.yaml'), at(`groups/fr/${name}`));
    const { code, out } = await repository.run(['plan', '--prune', '--detailed-exitcode']);
    expect([code, out]).toEqual([0, expect.stringContaining('No changes. 2 groups match')]);
  });

  it.each(['b.yaml.txt', 'b.yaml.bak', 'b.yml~', 'b', 'b.json'])(
    'under the name %s is not deleted by --prune',
    async (name) => {
      await rename(at('groups/fr/b.yaml'), at(`groups/fr/${name}`));
      await expectRefused(`groups/fr/${name}:1:1  misnamed-manifest`);
    },
  );

  it('beside the folder of manifests is named in a notice before --prune deletes it', async () => {
    await rename(at('groups/fr/b.yaml'), at('b.yaml'));
    for (const command of ['validate', 'plan --prune']) {
      const { code, err } = await repository.run(command.split(' '));
      expect([code, err]).toEqual([0, expect.stringContaining('b.yaml:1:1  stray-manifest  notice:')]);
    }
  });

  it.runIf(whenInstalled('git'))('in a sparse checkout is not deleted by --prune', async () => {
    git('init', '--quiet');
    git('add', 'groups', 'regsync.yaml');
    git('commit', '--quiet', '--message=x');
    git('sparse-checkout', 'set', 'groups/de');
    await expectRefused('groups/fr/b.yaml:1:1  not-checked-out', 'git sparse-checkout');
    const narrowed = await repository.run(['validate', 'groups/de']);
    expect([narrowed.code, narrowed.err]).toEqual([3, expect.stringContaining('not-checked-out')]);
    git('sparse-checkout', 'disable');
    expect((await repository.run(['plan', '--prune', '--detailed-exitcode'])).code).toBe(0);
  });

  it('in a submodule that was not fetched is not deleted by --prune', async () => {
    await rm(at('groups/fr/b.yaml'));
    await writeFile(at('.gitmodules'), '[submodule "groups/fr"]\n\tpath = groups/fr\n');
    await expectRefused('groups/fr:1:1  not-checked-out', 'this submodule was not fetched');
  });

  it('in a folder whose link git checked out as a text is not deleted by --prune', async () => {
    await mkdir(at('shared'));
    await rename(at('groups/fr'), at('shared/fr'));
    await writeFile(at('groups/fr'), '../shared/fr');
    await expectRefused('groups/fr:1:1  link-as-text');
  });

  it('like all others is deleted on purpose only: an empty folder needs --prune', async () => {
    for (const folder of ['de', 'fr']) await rm(at(`groups/${folder}`), { recursive: true });
    for (const command of ['validate', 'plan', 'apply --yes']) {
      const { code, err } = await repository.run(command.split(' '));
      expect([code, err]).toEqual([3, expect.stringContaining('no-manifests')]);
    }
    expect((await repository.run(['plan', '--prune'])).out).toContain('2 to delete');
    expect(await references()).toEqual(BOTH);
  });
});

describe('a file that is no document', () => {
  const DOCUMENT = 'requirements:\n  - requirement: 6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2\n';

  it('is never uploaded, and neither is what a text has in its place', async () => {
    await repository.write(
      'groups/de/a.yaml',
      group(
        'a',
        'DE',
        `${DOCUMENT}    document: { file: ../../documents/page.pdf }\n  - requirement: Contact Info\n    text_from: { file: ../../values/contact.txt }`,
      ),
    );
    await repository.write('documents/page.pdf', '<!doctype html><html></html>');
    await repository.write(
      'values/contact.txt',
      'version https://git-lfs.github.com/spec/v1\noid sha256:00\n',
    );
    for (const command of ['validate', 'plan', 'apply --yes']) {
      const { code, err } = await repository.run(command.split(' '));
      expect(code).toBe(3);
      expect(err).toContain('groups/de/a.yaml:10:15  html-page');
      expect(err).toContain('groups/de/a.yaml:12:16  lfs-pointer');
    }
    expect(await references()).toEqual([]);
  });

  it('is not uploaded either when it was encrypted: an apply ends before its first write', async () => {
    const page = '<!doctype html><html></html>';
    const jane = await newAgeKeyPair();
    await repository.write('documents/page.pdf.age', await encryptFor([jane.recipient], Buffer.from(page)));
    const value = `document: { file: ../../documents/page.pdf.age, sha256: ${sha256(page)} }`;
    await repository.write('groups/de/a.yaml', group('a', 'DE', `${DOCUMENT}    ${value}`));
    const { code, err } = await repository.run(['apply', '--yes'], {
      env: { REGSYNC_AGE_IDENTITY: jane.identity },
    });
    expect([code, err]).toEqual([3, expect.stringContaining('html-page')]);
    expect(await references()).toEqual([]);
  });
});

it('a text in a checkout with other line ends is the same text, and no approval is lost to it', async () => {
  const text = 'text_from: { file: ../../values/contact.txt }';
  await repository.write(
    'groups/de/a.yaml',
    group('a', 'DE', `requirements:\n  - requirement: Contact Info\n    ${text}`),
  );
  await repository.write('values/contact.txt', 'Jane Roe\nExample GmbH\n');
  expect((await repository.run(['apply', '--yes'])).code).toBe(0);
  await repository.write('values/contact.txt', 'Jane Roe\r\nExample GmbH\r\n');
  const { code, out } = await repository.run(['plan', '--detailed-exitcode']);
  expect([code, out]).toEqual([0, expect.stringContaining('No changes. 2 groups match')]);
});
