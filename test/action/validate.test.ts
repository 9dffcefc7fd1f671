import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runUntrustedFork, runValidate } from '../../src/action/validate.ts';
import { actionRun, HEAD, MERGE, MemoryGitHub, PULL_REQUEST, PUSH } from '../support/action-run.ts';
import { frenchGroup } from '../support/test-repository.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regsync-validate-'));
  await mkdir(join(folder, 'groups'));
  await mkdir(join(folder, 'documents'));
  await writeFile(
    join(folder, 'documents/address-fr.png'),
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  );
  await writeFile(
    join(folder, 'regsync.yaml'),
    'apiVersion: regsync/v1\nkind: Config\nscope: acme\nallow_plaintext_documents: true\n',
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function runWith(manifest: string, event: typeof PULL_REQUEST | typeof PUSH = PULL_REQUEST) {
  await writeFile(join(folder, 'groups/fr.yaml'), manifest);
  return actionRun({ event, cwd: folder, workflow: { workspace: folder }, github: new MemoryGitHub() });
}

const VALID = '✅ **regsync validate** · valid: 1 manifest file, 1 group.\n';

describe('A check of manifests alone', () => {
  it('says that they are valid', async () => {
    const run = await runWith(frenchGroup());
    expect(await runValidate(run)).toBe(0);
    expect(run.summary).toEqual([VALID]);
    expect(run.said.issuedCommands).toEqual([]);
  });

  it.each([
    [PULL_REQUEST, HEAD],
    [PUSH, MERGE],
  ])('says what is wrong, beside the lines, on the page, and by its exit code', async (event, sha) => {
    const run = await runWith(frenchGroup().replace('country_code', 'cuntry'), event);
    expect(await runValidate(run)).toBe(3);
    expect(run.said.err).toContain('groups/fr.yaml:4:1');
    expect(run.said.issuedCommands).toContainEqual(
      expect.stringMatching(/^::error file=groups\/fr\.yaml,line=4,col=1,title=regsync%3A unknown-key::/),
    );
    expect(run.summary).toHaveLength(1);
    expect(run.summary[0]).toMatch(/^### regsync validate · \d problems? in 1 manifest file\n/);
    expect(run.summary[0]).toContain(
      `<a href="https://github.example.com/example/telephony/blob/${sha}/groups/fr.yaml#L4">`,
    );
  });
});

describe('A pull request of an outsider', () => {
  it('is told why it is only checked, and is', async () => {
    const run = await runWith(frenchGroup());
    expect(await runUntrustedFork(run, 'a pull request from a fork')).toBe(0);
    const message =
      'This is a pull request from a fork, which gets no secrets, so regsync checked its manifests and did not compare them with Telnyx. ' +
      'After the merge, apply shows the plan and applies nothing. Then start apply by hand with the fingerprint of that plan.';
    expect(run.said.issuedCommands).toEqual([`::notice title=regsync%3A outsider::${message}`]);
    expect(run.summary).toEqual([`> [!NOTE]\n> ${message}`, VALID]);
  });

  it('fails where its manifests are wrong', async () => {
    const run = await runWith('kind: Nothing\n');
    expect(await runUntrustedFork(run, 'a pull request from Dependabot')).toBe(3);
  });
});
