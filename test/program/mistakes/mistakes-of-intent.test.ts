import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerTo } from '../../support/mistakes.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

/** Mistakes of people who meant something else: each message names that, and what to type. */
let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

const said = (...args: string[]) => answerTo(repository, args);

async function applied(): Promise<void> {
  expect((await repository.run(['apply', '--yes'])).code).toBe(0);
}

describe('regsync tells people who meant something else', () => {
  it('that they gave a name in the place of a path', async () => {
    expect(await said('plan', 'de-local')).toContain(
      'Write --target de-local, or the path "groups/de.yaml".',
    );
  });

  it('how a group keeps its history when its manifest is renamed', async () => {
    await applied();
    const [group] = (await repository.state()).groups;
    await repository.write('groups/de.yaml', germanGroup({ name: 'de-ordering' }));
    expect(await said('plan')).toContain(`add this line to the manifest: id: ${group?.id}`);
  });

  it('how groups are kept when the scope changes', async () => {
    await applied();
    await repository.write('regsync.yaml', 'apiVersion: regsync/v1\nkind: Config\nscope: acne\n');
    expect(await said('plan')).toContain(
      'add this line below "scope" in regsync.yaml to keep the group: former_scope: acme',
    );
  });

  it('how to raise the limit of deletes', async () => {
    await repository.write('groups/fr.yaml', germanGroup({ name: 'other' }));
    await applied();
    await repository.write('groups/fr.yaml', '');
    const { rm } = await import('node:fs/promises');
    await rm(`${repository.folder}/groups/fr.yaml`);
    await repository.write(
      'regsync.yaml',
      'apiVersion: regsync/v1\nkind: Config\nscope: acme\nlimits: { max_deletes: 0 }\n',
    );
    const told = await said('plan', '--prune');
    expect(told).toContain('1 group would be deleted; limits.max_deletes allows 0');
    expect(told).toContain('To allow it, write max_deletes: 1 below limits in regsync.yaml.');
  });

  it('that a gate opens nothing, and how it would', async () => {
    await applied();
    const { rm } = await import('node:fs/promises');
    await rm(`${repository.folder}/groups/de.yaml`);
    await repository.write('groups/fr.yaml', frenchGroup());
    expect(await said('plan', '--prune', '--allow-delete', 'de-locl')).toContain(
      '--allow-delete de-locl deletes nothing: no orphan has this name. Did you mean "de-local"?',
    );
    await repository.write('groups/de.yaml', germanGroup());
    expect(await said('plan', '--prune', '--target', 'de-local')).toContain('run it again without --target');
  });

  it('that a plan is stale, and how to make a new one', async () => {
    expect((await repository.run(['plan', '--out', 'plan.json'])).code).toBe(0);
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Another desk, Example GmbH' }));
    const told = await said('apply', '--plan', 'plan.json');
    expect(told).toContain('RequirementGroup/de-local: its manifest changed since the plan was reviewed');
    expect(told).toContain('Make a new plan with `regsync plan --out FILE`, review it, and apply that one');
  });

  it('how to apply a plan file, and how to make a missing one', async () => {
    expect((await repository.run(['plan', '--out', 'plan.json'])).code).toBe(0);
    expect(await said('apply', 'plan.json')).toContain('To apply it, run: regsync apply --plan plan.json');
    const missing = await said('apply', '--plan', 'other.json');
    expect(missing).toContain('does not exist. Make one with `regsync plan --out FILE`');
    expect(missing).not.toContain('ENOENT');
  });

  it('which version wrote a plan, and that both need the same', async () => {
    await repository.write('plan.json', '{ "regsync_version": "9.9.9", "fingerprint": "00" }');
    expect(await said('apply', '--plan', 'plan.json')).toMatch(
      /is a plan of regsync 9\.9\.9, and this is \d+\.\d+\.\d+: .*Make a new plan with `regsync plan --out FILE`/,
    );
  });

  it('which keys a plan and its apply share', async () => {
    expect((await repository.run(['plan', '--out', 'plan.json'])).code).toBe(0);
    const told = await answerTo(repository, ['apply', '--plan', 'plan.json'], {
      env: { REGSYNC_PLAN_KEY: '0123456789abcdef0123456789abcdef' },
    });
    expect(told).toContain('Use the same REGSYNC_PLAN_KEY for plan and apply');
  });

  it('to drop a gate that the reviewed plan does not have', async () => {
    expect((await repository.run(['plan', '--out', 'plan.json'])).code).toBe(0);
    expect(await said('apply', '--plan', 'plan.json', '--prune')).toContain(
      'the reviewed plan was made without --prune. Drop it here, or make a new plan with it',
    );
  });

  it('both fingerprints where one is mistyped', async () => {
    const told = await said('ci', 'apply', '--fingerprint', 'deadbeef');
    expect(told).toMatch(/the plan is now [0-9a-f]{8}, not deadbeef/);
    expect(told).toMatch(/To apply exactly that plan, run: regsync ci apply --fingerprint [0-9a-f]{8}\n/);
  });

  it('the two letters of a country', async () => {
    expect(await said('new', 'Austria', 'local', 'ordering', '--name', 'at')).toContain('Write "AT".');
  });

  it('how to answer where nobody can be asked', async () => {
    expect(await said('apply')).toContain('Add --plan FILE to apply a reviewed plan, or --yes');
  });

  it('where a repository begins', async () => {
    const told = await answerTo(repository, ['plan'], { cwd: '/' });
    expect(told).toContain(
      'To begin a repository here, run `regsync init`. If you have one elsewhere, add --chdir DIR.',
    );
  });

  it('which path they mean from a subfolder', async () => {
    const told = await answerTo(repository, ['plan', 'groups/de.yaml'], {
      cwd: `${repository.folder}/groups`,
    });
    expect(told).toContain('Did you mean "groups/de.yaml"?');
  });

  it('how to encrypt for the first time', async () => {
    const told = await said('encrypt', 'documents/registration.pdf');
    expect(told).toContain('the file .regsync/recipients is missing: it lists the people to encrypt for');
    expect(told).toMatch(/keygen/);
  });
});
