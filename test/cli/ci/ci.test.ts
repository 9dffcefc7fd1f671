import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => repository.end());

const ci = (...args: string[]) => repository.run(['ci', ...args]);
const fileOf = (path: string) => readFile(join(repository.folder, path), 'utf8');
const writes = async () => (await repository.requests()).filter(({ method }) => method !== 'GET').length;

describe('ci', () => {
  it('plans to Markdown and a file, applies exactly that file, and leaves nothing to do', async () => {
    const planned = await ci('plan', '--out', 'plan.json', '--fail-on', 'changes');
    expect(planned.code).toBe(2);
    expect(planned.out).toMatch(/^### regsync plan · 2 groups change\n/);
    expect(await writes()).toBe(0);
    const applied = await ci('apply', '--plan', 'plan.json');
    expect(applied.code).toBe(0);
    expect(applied.out).toMatch(/^### regsync apply · 2 groups done\n/);
    expect((await repository.state()).groups.map(({ status }) => status)).toEqual([
      'pending-approval',
      'pending-approval',
    ]);
    expect((await ci('plan', '--fail-on', 'changes')).code).toBe(0);
  });

  it('adds the Markdown to a file, and stdout is for people then', async () => {
    await repository.write('summary.md', 'Before.\n');
    const { out } = await ci('plan', '--summary', 'summary.md');
    expect(out).toMatch(/^regsync plan {3}scope acme/);
    await ci('validate', '--summary', 'summary.md');
    const summary = await fileOf('summary.md');
    expect(summary).toMatch(/^Before\.\n### regsync plan/);
    expect(summary).toContain('**regsync validate** · valid: 2 manifest files, 2 groups.');
    expect((await ci('plan', '--summary', 'nowhere/summary.md')).code).toBe(3);
  });

  it('applies by a fingerprint, whole or short, and nothing with another', async () => {
    const { fingerprint } = JSON.parse((await ci('plan', '--format', 'json')).out);
    const unsaid = await ci('apply');
    expect([unsaid.code, await writes()]).toEqual([5, 0]);
    expect(unsaid.out).toContain(`regsync ci apply --fingerprint ${fingerprint.slice(0, 8)}`);
    const other = await ci('apply', '--fingerprint', '0123abcd');
    expect([other.code, other.err]).toEqual([
      5,
      expect.stringContaining(`the plan is now ${fingerprint.slice(0, 8)}, not 0123abcd:`),
    ]);
    expect((await ci('apply', '--fingerprint', 'abc')).code).toBe(3);
    expect((await ci('apply', '--fingerprint', fingerprint, '--plan', 'plan.json')).code).toBe(3);
    expect(await writes()).toBe(0);
    expect((await ci('apply', '--fingerprint', fingerprint.slice(0, 8))).code).toBe(0);
    // What is done is no change: nothing has to be reviewed.
    expect((await ci('apply')).code).toBe(0);
  });

  it('says how to apply what it refused, narrowed and opened as it was', async () => {
    const narrowed = ['groups', '--target', 'de-local', '--prune', '--allow-replace', '--chdir', '.'];
    const { out } = await ci('apply', ...narrowed);
    const [, line = ''] = /`regsync (ci apply .*)`/.exec(out) ?? [];
    expect(line).toContain('--prune --allow-replace');
    const { code, err } = await repository.run(line.split(' '));
    expect(code, err).toBe(0);
    expect((await repository.state()).groups).toHaveLength(1);
  });

  it('refuses a stale plan with the difference, in Markdown and in JSON', async () => {
    await ci('plan', '--out', 'plan.json');
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Somebody else' }));
    const refused = await ci('apply', '--plan', 'plan.json');
    expect(refused.code).toBe(5);
    for (const text of [refused.out, refused.err])
      expect(text).toContain('its manifest changed since the plan was reviewed');
    const asJson = await ci('apply', '--plan', 'plan.json', '--format', 'json');
    expect(JSON.parse(asJson.out).error.code).toBe('refused');
    expect(await writes()).toBe(0);
    expect((await ci('apply', '--allow-unreviewed', '--format', 'json')).code).toBe(0);
  });

  it('tells what existed before from what the change brings, with the base at hand', async () => {
    const base = await mkdtemp(join(tmpdir(), 'regsync-base-'));
    await cp(repository.folder, base, { recursive: true });
    await rm(join(base, 'groups/de.yaml'));
    const [ours = '', before = ''] = (await ci('plan', '--base', base)).out.split(
      'Not from this pull request',
    );
    expect([ours.includes('`de-local`'), ours.includes('`fr-local`')]).toEqual([true, false]);
    expect(before).toContain('`fr-local`');
    await writeFile(join(base, 'groups/fr.yaml'), 'kind: Nothing');
    const unknown = await ci('plan', '--base', base);
    expect([unknown.code, unknown.out.includes('Not from this pull request')]).toEqual([0, false]);
    expect(unknown.err).toContain('could not be planned');
    await rm(join(base, 'regsync.yaml'));
    expect((await ci('plan', '--base', base)).err).not.toContain('could not be planned');
    expect((await ci('plan', '--base', join(base, 'nowhere'))).code).toBe(3);
    await rm(base, { recursive: true });
  });

  it('takes nothing of another scope for what existed before', async () => {
    // Its reference does not tell the scopes apart.
    await repository.write('groups/fr.yaml', frenchGroup({ extra: 'customer_reference: FR 1\n' }));
    const base = await mkdtemp(join(tmpdir(), 'regsync-base-'));
    await cp(repository.folder, base, { recursive: true });
    await writeFile(join(base, 'regsync.yaml'), 'apiVersion: regsync/v1\nkind: Config\nscope: other\n');
    const { code, out, err } = await ci('plan', '--base', base);
    expect(code).toBe(0);
    expect(out).toContain('`fr-local`');
    expect(out).not.toContain('Not from this pull request');
    expect(err).not.toContain('could not be planned');
    await rm(base, { recursive: true });
  });

  it('prunes by a plan that did, though no manifest is left', async () => {
    await ci('apply', '--allow-unreviewed');
    await rm(join(repository.folder, 'groups/de.yaml'));
    await rm(join(repository.folder, 'groups/fr.yaml'));
    expect((await ci('plan', '--prune', '--out', 'plan.json')).code).toBe(0);
    expect((await ci('apply', '--plan', 'plan.json', '--prune')).code).toBe(0);
    expect((await repository.state()).groups).toEqual([]);
  });

  it('says what differs, expires or was declined', async () => {
    await ci('apply', '--allow-unreviewed');
    await repository.control('approve-all', {});
    expect((await ci('drift')).out).toContain('No changes. 2 groups match their manifests.');
    await repository.control('groups/decline?reference=regsync/acme/de-local', { comment: 'Not legible' });
    const { code, out } = await ci('drift');
    expect(code).toBe(0);
    expect(out).toMatch(/^### regsync acme: 6 need attention\n/);
    expect(out).toContain('Not legible');
  });

  it('validates without a key, and says what is wrong', async () => {
    const env = { TELNYX_API_KEY: undefined };
    expect((await repository.run(['ci', 'validate'], { env })).code).toBe(0);
    await repository.write('groups/de.yaml', 'kind: Nothing\n');
    const { code, out } = await repository.run(['ci', 'validate'], { env });
    expect(code).toBe(3);
    expect(out).toContain('groups/de.yaml:1:7');
    const asJson = await repository.run(['ci', 'validate', '--format', 'json'], { env });
    expect(JSON.parse(asJson.out).error.code).toBe('invalid');
    expect(await repository.requests()).toEqual([]);
  });
});
