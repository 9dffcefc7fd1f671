import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestRepository, type TestRepository } from '../../support/test-repository.ts';

const group = (name: string, country: string) => `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: ${country}
phone_number_type: local
action: ordering
partial: true
`;

let repository: TestRepository;
beforeAll(async () => {
  repository = await openTestRepository({
    'groups/de.yaml': `${group('de-main', 'DE')}---\n${group('de-branch', 'DE')}`,
    'groups/uk/gb.yaml': group('gb-main', 'GB'),
  });
});
afterAll(() => repository.end());

async function plan(...args: readonly string[]) {
  const { out, err, code } = await repository.run(['plan', '--format', 'json', ...args]);
  const document = JSON.parse(out);
  return { names: document.changes?.map(({ name }: { name: string }) => name), document, err, code };
}

describe('A run is narrowed', () => {
  it.each([
    ['a pattern of names', ['--target', 'de-*'], ['de-branch', 'de-main']],
    ['several names', ['--target', 'de-main', '--target', 'gb-main'], ['de-main', 'gb-main']],
    ['a kind and a name', ['--target', 'RequirementGroup/gb-*'], ['gb-main']],
    ['an exclusion', ['--exclude', 'de-main'], ['de-branch', 'gb-main']],
    ['an exclusion beside a target', ['--target', 'de-*', '--exclude', '*-main'], ['de-branch']],
    ['a pattern of paths', ['groups/**/g*.yaml'], ['gb-main']],
    ['a pattern of folders', ['groups/u*'], ['gb-main']],
    ['an exclusion beside a path', ['groups/de.yaml', '--exclude', 'de-main'], ['de-branch']],
  ])('by %s', async (_, args, names) => {
    expect((await plan(...args)).names).toEqual(names);
  });

  it.each([
    [['--target', 'xx-*'], 'no group or order has a name that matches "xx-*"'],
    [['--exclude', 'de-mian'], 'no group or order is named "de-mian"\n    Did you mean "de-main"?'],
    [['--target', 'Group/de-main'], '"Group" is not a kind of manifest'],
    [['--exclude', '*'], 'every group and order that the run would act on is excluded'],
    [['nowhere/*.yaml'], ' "nowhere/*.yaml"'],
  ])('by nothing that does not exist: %j', async (args, message) => {
    const { code, err } = await plan(...args);
    expect(code).toBe(3);
    expect(err).toContain(message);
  });

  it('in validate, status and report, too, and in what a plan file says', async () => {
    const validated = await repository.run([
      'validate',
      '--target',
      'de-*',
      '--exclude',
      'de-main',
      '--format',
      'json',
    ]);
    expect(JSON.parse(validated.out).groups).toEqual(['de-branch']);
    for (const command of ['status', 'report']) {
      const { out } = await repository.run([
        command,
        'groups/de.yaml',
        '--exclude',
        'de-main',
        '--format',
        'json',
      ]);
      expect(JSON.parse(out).groups.map(({ name }: { name: string }) => name)).toEqual(['de-branch']);
    }
    expect((await plan('--target', 'de-*', '--exclude', 'de-main')).document.options).toMatchObject({
      targets: ['de-*'],
      excludes: ['de-main'],
    });
  });

  it('takes its names from the reviewed plan, and refuses others; nothing else is made', async () => {
    await repository.run(['plan', '--exclude', 'de-*', '--out', 'plan.json']);
    const other = await repository.run(['apply', '--plan', 'plan.json', '--exclude', 'gb-main']);
    expect([other.code, other.err]).toEqual([3, expect.stringContaining('was made without this --exclude')]);
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(0);
    const { groups } = await repository.state();
    expect(groups.map(({ customer_reference }) => customer_reference)).toEqual(['regsync/acme/gb-main']);
    expect((await plan('--exclude', 'de-*')).names).toEqual([]);
  });

  it('prunes nothing, because --exclude leaves manifests out', async () => {
    const { err, document } = await plan('--prune', '--exclude', 'de-main');
    expect(JSON.stringify(document.diagnostics) + err).toContain('--prune deletes nothing beside --exclude');
  });
});
