import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../src/model/plan/outcome.ts';
import type { Plan } from '../src/model/plan/plan.ts';
import { startSandbox } from '../src/sandbox/server.ts';
import { type Result, runHere } from './support/servers/host.ts';
import { ROOT, SAMPLE_KEY, type SandboxState } from './support/test-repository.ts';

const EXAMPLES = join(ROOT, 'examples');

/** Workflows, what keeps them up to date, and a Job for Kubernetes: other tests are about them. */
const NO_REPOSITORIES: ReadonlySet<string> = new Set([
  'github',
  'gitlab',
  'sharded-workflow',
  'updates',
  'kubernetes',
]);

/** Found by listing: an example that nobody promises anything about fails. */
const folders = readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !NO_REPOSITORIES.has(entry.name))
  .map((entry) => entry.name);

interface Promised {
  readonly env?: Readonly<Record<string, string>>;
  /** Of every command. */
  readonly args?: readonly string[];
  /** Where the sandbox's clock starts. */
  readonly today?: string;
  /** Flags of plan and apply. */
  readonly gates?: readonly string[];
  /** Of the first plan, by kind and name. */
  readonly changes: Readonly<Record<string, string>>;
  /** Of the first plan: code and name. */
  readonly attention?: readonly string[];
  /** What the apply did, in total. */
  readonly operations: Readonly<Partial<Record<string, number>>>;
  /** What the sandbox holds afterwards, by the group's reference. */
  readonly groups: Readonly<Record<string, string>>;
  /** What else the example shows. */
  readonly also?: (repository: ExampleRepository) => Promise<void>;
}

const PROMISED: Readonly<Record<string, Promised>> = {
  minimal: {
    changes: {
      'Document/fr-local/6a09cdc3-8948-47f0-aa62-74ac943d6c58': 'upload',
      'RequirementGroup/fr-local': 'create, submit',
    },
    operations: { upload: 1, create: 1, submit: 1 },
    groups: { 'regsync/example-minimal/fr-local': 'pending-approval' },
  },

  'shared-documents': {
    changes: {
      'Document/registration': 'upload',
      'Document/signed-form': 'upload',
      'Document/utility-bill': 'upload',
      'Address/berlin-office': 'create',
      'RequirementGroup/de-local': 'create, submit',
      'RequirementGroup/nl-national': 'create, submit',
    },
    operations: { upload: 3, create_address: 1, create: 2, submit: 2 },
    groups: {
      'regsync/example-shared/de-local': 'pending-approval',
      'regsync/example-shared/nl-national': 'pending-approval',
    },
  },

  'inline-address-and-document': {
    changes: {
      'Document/pt-local/6a09cdc3-8948-47f0-aa62-74ac943d6c58': 'upload',
      'Address/pt-local/64c3ead1-2650-42cb-8a22-e8bba64b19b9': 'create',
      'RequirementGroup/pt-local': 'create, submit',
    },
    operations: { upload: 1, create_address: 1, create: 1, submit: 1 },
    groups: { 'regsync/example-inline/pt-local': 'pending-approval' },
  },

  'text-from': {
    env: { REGSYNC_VAR_DK_COMPANY_NUMBER: '00000000' },
    changes: {
      'Address/dk-local/64c3ead1-2650-42cb-8a22-e8bba64b19b9': 'create',
      'Address/gb-local/64c3ead1-2650-42cb-8a22-e8bba64b19b9': 'create',
      'RequirementGroup/dk-local': 'create, submit',
      'RequirementGroup/gb-local': 'create, submit',
    },
    operations: { create_address: 2, create: 2, submit: 2 },
    groups: {
      'regsync/example-text-from/dk-local': 'pending-approval',
      'regsync/example-text-from/gb-local': 'pending-approval',
    },
    also: async (repository) => {
      const values = (await repository.state()).groups.flatMap((group) =>
        group.regulatory_requirements.map(({ field_value }) => field_value),
      );
      expect(values).toContain('00000000');
      const useCase = await readFile(join(repository.folder, 'texts/use-case.txt'), 'utf8');
      expect(values).toContain(useCase.trimEnd());
      const unset = await repository.run(['plan'], { REGSYNC_VAR_DK_COMPANY_NUMBER: undefined });
      expect(unset.code).toBe(3);
      expect(unset.err).toContain('REGSYNC_VAR_DK_COMPANY_NUMBER is not set');
    },
  },

  'partial-group': {
    changes: { 'RequirementGroup/au-mobile': 'create', 'RequirementGroup/de-local': 'create' },
    attention: ['action-required au-mobile'],
    operations: { create: 2 },
    groups: {
      'regsync/example-partial/au-mobile': 'unapproved',
      'regsync/example-partial/de-local': 'unapproved',
    },
  },

  accounts: {
    env: { TELNYX_API_KEY_RETAIL: `${SAMPLE_KEY}1`, TELNYX_API_KEY_WHOLESALE: `${SAMPLE_KEY}2` },
    args: ['--account', 'retail'],
    changes: {
      'Document/fr-local/6a09cdc3-8948-47f0-aa62-74ac943d6c58': 'upload',
      'Document/nl-national/6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2': 'upload',
      'RequirementGroup/fr-local': 'create, submit',
      'RequirementGroup/nl-national': 'create, submit',
    },
    operations: { upload: 2, create: 2, submit: 2 },
    groups: {
      'regsync/example-retail/fr-local': 'pending-approval',
      'regsync/example-retail/nl-national': 'pending-approval',
    },
    also: async (repository) => {
      expect((await repository.run(['apply', '--yes', '--account', 'wholesale'])).code).toBe(0);
      expect((await repository.run(['plan', '--account', 'wholesale'])).out).toContain('No changes. 1 group');
      expect((await repository.run(['plan', '--account', 'retail'])).out).toContain('No changes. 2 groups');
      const { groups } = await repository.state();
      expect(groups.map(({ customer_reference }) => customer_reference)).toContain(
        'regsync/example-wholesale/fr-local',
      );
      expect((await repository.run(['matrix', '--account', 'wholesale', '--shards', '2'])).out).toBe(
        '{"include":[{"account":"wholesale","shard":"1/2"},{"account":"wholesale","shard":"2/2"}]}\n',
      );
    },
  },

  'approval-none': {
    changes: {
      'Document/de-porting/9ec0b9cc-d53e-486a-937e-797d9117e043': 'upload',
      'Document/it-local/b3dc7ee5-3b37-4f06-9ab6-a8e74c311282': 'upload',
      'Address/it-local/a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b': 'create',
      'RequirementGroup/de-porting': 'create',
      'RequirementGroup/it-local': 'create',
    },
    operations: { upload: 2, create_address: 1, create: 2 },
    groups: {
      'regsync/example-approval-none/de-porting': 'unapproved',
      'regsync/example-approval-none/it-local': 'unapproved',
    },
  },

  'adopt-existing': {
    changes: { 'RequirementGroup/de-local': 'adopt' },
    operations: { patch: 1 },
    groups: { 'BERLIN-OFFICE-001': 'approved' },
  },

  attach: {
    changes: {
      'Document/de-porting/9ec0b9cc-d53e-486a-937e-797d9117e043': 'upload',
      'RequirementGroup/de-porting': 'create, submit, attach',
    },
    operations: { upload: 1, create: 1, submit: 1, attach: 1 },
    groups: { 'regsync/example-attach/de-porting': 'pending-approval' },
    also: async (repository) => {
      expect((await repository.run(['status'])).out).toMatch(
        /@ {2}porting order 7d1f3c86-0000-4000-8000-000000000001 {2}in-process {2}carries the group's values/,
      );
      const path = join(repository.folder, 'groups/de-porting.yaml');
      await writeFile(path, (await readFile(path, 'utf8')).replace('0000123456', '0000654321'));
      expect((await repository.run(['plan'])).out).toContain(
        'Plan: 0 to create, 1 to update, 0 to delete, 1 to submit, 1 to attach.',
      );
    },
  },

  'porting-order': {
    env: { REGSYNC_VAR_PORTING_PIN: '8091' },
    changes: {
      'Document/de-porting/9ec0b9cc-d53e-486a-937e-797d9117e043': 'upload',
      'RequirementGroup/de-porting': 'create, submit, attach',
      'PortingOrder/berlin-port': 'update',
    },
    attention: ['order-exception berlin-port'],
    operations: { upload: 1, create: 1, submit: 1, attach: 1, patch: 1 },
    groups: { 'regsync/example-porting/de-porting': 'pending-approval' },
    also: async (repository) => {
      const path = join(repository.folder, 'groups/berlin.yaml');
      await writeFile(path, (await readFile(path, 'utf8')).replace('customer_reference: Acct 123abc', ''));
      expect((await repository.run(['plan'])).out).toContain('No changes.');
      const { out } = await repository.run(['plan'], { REGSYNC_VAR_PORTING_PIN: '8092' });
      expect(out).toContain('1 order to update.');
      expect(out).not.toContain('8092');
    },
  },

  'number-order': {
    gates: ['--allow-orders'],
    changes: {
      'Document/fr-fax/6a09cdc3-8948-47f0-aa62-74ac943d6c58': 'upload',
      'RequirementGroup/fr-local': 'create, submit',
      'NumberOrder/fr-fax': 'create, update',
      'NumberOrder/fr-hotline': 'create',
    },
    operations: { upload: 1, create: 3, patch: 1, submit: 1 },
    groups: { 'regsync/example-number-order/fr-local': 'pending-approval' },
    also: async (repository) => {
      const closed = await repository.run(['plan', '--target', 'fr-hotline']);
      expect(closed.out).toContain('No changes.');
      expect((await repository.run(['status'])).out).toMatch(
        /@ {2}sub number order .* carries the group's values/,
      );
    },
  },

  expiry: {
    today: '2026-12-15',
    changes: {
      'Document/fr-local/6a09cdc3-8948-47f0-aa62-74ac943d6c58': 'upload',
      'Document/identity-card': 'upload',
      'RequirementGroup/fr-local': 'create, submit',
      'RequirementGroup/se-mobile': 'create, submit',
    },
    attention: ['expiring se-mobile'],
    operations: { upload: 2, create: 2, submit: 2 },
    groups: {
      'regsync/example-expiry/fr-local': 'pending-approval',
      'regsync/example-expiry/se-mobile': 'pending-approval',
    },
    also: async (repository) => {
      expect((await repository.run(['plan', '--fail-on-expiry', '60'])).code).toBe(6);
      expect((await repository.run(['plan', '--fail-on-expiry', '30'])).code).toBe(0);
    },
  },

  'pinned-digests': {
    changes: {
      'Document/fr-local/6a09cdc3-8948-47f0-aa62-74ac943d6c58': 'upload',
      'Document/registration': 'upload',
      'RequirementGroup/fr-local': 'create, submit',
      'RequirementGroup/nl-mobile': 'create, submit',
    },
    operations: { upload: 2, create: 2, submit: 2 },
    groups: {
      'regsync/example-pinned/fr-local': 'pending-approval',
      'regsync/example-pinned/nl-mobile': 'pending-approval',
    },
    also: async (repository) => {
      await appendFile(join(repository.folder, 'documents/registration.pdf'), 'changed');
      const { code, err } = await repository.run(['plan']);
      expect(code).toBe(3);
      expect(err).toContain('the file differs from the one that "sha256" pins');
    },
  },

  'encrypted-documents': {
    env: { REGSYNC_AGE_IDENTITY_FILE: join(ROOT, 'test/fixtures/example-identity.txt') },
    changes: {
      'Document/fr-local/6a09cdc3-8948-47f0-aa62-74ac943d6c58': 'upload',
      'Document/registration': 'upload',
      'RequirementGroup/fr-local': 'create, submit',
      'RequirementGroup/nl-mobile': 'create, submit',
    },
    operations: { upload: 2, create: 2, submit: 2 },
    groups: {
      'regsync/example-encrypted/fr-local': 'pending-approval',
      'regsync/example-encrypted/nl-mobile': 'pending-approval',
    },
    also: async (repository) => {
      const nobody = { REGSYNC_AGE_IDENTITY_FILE: undefined };
      expect((await repository.run(['plan', '--detailed-exitcode'], nobody)).code).toBe(0);
      const uploaded = (await repository.state()).documents.map((document) => document.sha256);
      for (const pin of uploaded) {
        const manifests = ['groups/fr.yaml', 'groups/nl.yaml'].map((path) => join(repository.folder, path));
        expect(manifests.map((path) => readFileSync(path, 'utf8')).join('')).toContain(pin);
      }
      const rekeyed = await repository.run(['rekey']);
      expect([rekeyed.code, rekeyed.out]).toEqual([0, expect.stringContaining('Encrypted again: 1.')]);
    },
  },

  policies: {
    env: { REGSYNC_AGE_IDENTITY_FILE: join(ROOT, 'test/fixtures/example-identity.txt') },
    today: '2026-11-26T12:00:00Z',
    changes: {
      'Document/utility-bill': 'upload',
      'Address/pt-local/64c3ead1-2650-42cb-8a22-e8bba64b19b9': 'create',
      'RequirementGroup/pt-local': 'create, submit',
    },
    operations: { upload: 1, create_address: 1, create: 1, submit: 1 },
    groups: { 'regsync/example-policies/pt-local': 'pending-approval' },
    also: async (repository) => {
      const titles = async (args: readonly string[]) => {
        const { code, out, err } = await repository.run(args);
        const said = [...(out + err).matchAll(/policy "([^"]+)"/g)].map(([, title]) => title);
        return [code, ...new Set(said)];
      };
      const tell = async (path: string, body: object) => {
        const headers = { 'content-type': 'application/json' };
        const sent = { method: 'POST', body: JSON.stringify(body), headers };
        expect((await fetch(`${repository.origin}/_sandbox/${path}`, sent)).status).toBe(200);
      };
      await tell('groups', { customer_reference: 'regsync/example-policies/old' });
      expect(await titles(['plan', '--prune', '--out', 'plan.json'])).toEqual([0]);
      // It is Friday in Lisbon.
      await tell('clock', { advance_seconds: 12 * 3600 });
      expect(await titles(['plan', '--prune'])).toEqual([0, 'No deletes on a Friday']);
      expect(await titles(['apply', '--plan', 'plan.json'])).toEqual([5, 'No deletes on a Friday']);
      expect((await repository.state()).groups).toHaveLength(2);
      await tell('clock', { advance_seconds: 24 * 3600 });
      expect(await titles(['apply', '--plan', 'plan.json'])).toEqual([0]);
      expect((await repository.state()).groups).toHaveLength(1);

      const pt = join(repository.folder, 'groups/pt.yaml');
      const text = await readFile(pt, 'utf8');
      await cp(
        join(EXAMPLES, 'minimal/documents/utility-bill.png'),
        join(repository.folder, 'documents/bill.png'),
      );
      await writeFile(
        pt,
        text.replace('document: utility-bill', 'document: { file: ../documents/bill.png }'),
      );
      expect(await titles(['validate'])).toEqual([
        3,
        'Every document is encrypted',
        'Documents of Portugal have two recipients',
      ]);
      const forOne = join(EXAMPLES, 'encrypted-documents/documents/registration.pdf.age');
      await cp(forOne, join(repository.folder, 'documents/utility-bill.pdf.age'));
      await writeFile(pt, text);
      expect(await titles(['validate'])).toEqual([3, 'Documents of Portugal have two recipients']);
    },
  },

  'several-countries': {
    changes: {
      'Document/gb-mobile/51a8b4c1-cf03-469a-8ffe-66e69d66103c': 'upload',
      'Document/passport': 'upload',
      'Address/ch-local/a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b': 'create',
      'Address/london-office': 'create',
      'Address/no-local/64c3ead1-2650-42cb-8a22-e8bba64b19b9': 'create',
      'RequirementGroup/ch-local': 'create, submit',
      'RequirementGroup/gb-local': 'create, submit',
      'RequirementGroup/gb-mobile': 'create, submit',
      'RequirementGroup/no-local': 'create, submit',
    },
    operations: { upload: 2, create_address: 3, create: 4, submit: 4 },
    groups: {
      'regsync/example-countries/ch-local': 'pending-approval',
      'regsync/example-countries/gb-local': 'pending-approval',
      'regsync/example-countries/gb-mobile': 'pending-approval',
      'regsync/example-countries/no-local': 'pending-approval',
    },
    also: async (repository) => {
      expect((await repository.run(['lock', '--check'])).out).toBe(
        'No changes. regsync.lock.yaml holds what Telnyx demands: 4 combinations.\n',
      );
      const path = join(repository.folder, 'countries/gb/mobile.yaml');
      const manifest = await readFile(path, 'utf8');
      await writeFile(path, manifest.replace('requirement: Use Case', 'requirement: Usecase'));
      const { code, err } = await repository.run(['validate'], { TELNYX_API_KEY: undefined });
      expect(code).toBe(3);
      expect(err).toContain('Did you mean "Use Case"?');
    },
  },
};

/** A copy of one example, the sandbox beside it, and the program between them. */
interface ExampleRepository {
  readonly folder: string;
  readonly origin: string;
  readonly run: (
    args: readonly string[],
    env?: Readonly<Record<string, string | undefined>>,
  ) => Promise<Result>;
  readonly state: () => Promise<SandboxState>;
  readonly end: () => Promise<void>;
}

/** What has to be at Telnyx before regsync comes. */
const PLANTED = [
  ['live-group.json', 'groups'],
  ['live-porting-order.json', 'porting_orders'],
] as const;

async function openExample(
  example: string,
  { env: wanted, args: always = [], today }: Promised,
): Promise<ExampleRepository> {
  const folder = await copyOf(join(EXAMPLES, example));
  const sandbox = await startSandbox(today === undefined ? {} : { startAtMs: Date.parse(today) });
  for (const [file, path] of PLANTED) {
    if (!existsSync(join(folder, file))) continue;
    const body = await readFile(join(folder, file));
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${sandbox.origin}/_sandbox/${path}`, { method: 'POST', body, headers });
    expect(answer.status).toBe(200);
  }
  return {
    folder,
    origin: sandbox.origin,
    run: (args, env) => {
      const connection = { TELNYX_BASE_URL: sandbox.url, TELNYX_API_KEY: SAMPLE_KEY };
      const all = args.includes('--account') ? args : [...args, ...always];
      return runHere(all, { cwd: folder, env: { ...connection, ...wanted, ...env } });
    },
    state: async () => {
      const answer = await fetch(`${sandbox.origin}/_sandbox/state`);
      return ((await answer.json()) as { data: SandboxState }).data;
    },
    end: async () => {
      await sandbox.close();
      await rm(dirname(folder), { recursive: true });
    },
  };
}

/** Elsewhere, so that no state gets into the tree; without the state that trying an example may have left in it. */
async function copyOf(folder: string): Promise<string> {
  const copy = join(await mkdtemp(join(tmpdir(), 'regsync-examples-')), basename(folder));
  await cp(folder, copy, { recursive: true, filter: (path) => !basename(path).startsWith('sandbox.json') });
  return copy;
}

it('every example is promised something, and every promise is about an example', () => {
  expect(folders).not.toEqual([]);
  expect([...folders].sort()).toEqual(Object.keys(PROMISED).sort());
});

describe.each(Object.entries(PROMISED))('the example %s', (name, promised) => {
  let repository: ExampleRepository;
  beforeEach(async () => {
    repository = await openExample(name, promised);
  });
  afterEach(() => repository.end());

  it('is valid, does what it promises, and then has nothing left to do', async () => {
    expect(await readJson(repository.run(['validate', '--format', 'json']))).toMatchObject({
      valid: true,
      diagnostics: [],
    });

    const gates = promised.gates ?? [];
    const plan = await readJson<Plan>(repository.run(['plan', ...gates, '--format', 'json']));
    expect(changesOf(plan)).toEqual(promised.changes);
    expect(plan.attention.map(({ code, name }) => `${code} ${name}`)).toEqual(promised.attention ?? []);
    expect(plan).toMatchObject({ applyable: true, diagnostics: [] });

    const { outcomes } = await readJson<{ outcomes: Outcome[] }>(
      repository.run(['apply', '--yes', ...gates, '--format', 'json']),
    );
    expect(outcomes.filter(({ error, warnings }) => error !== null || warnings.length > 0)).toEqual([]);
    expect(count(outcomes.flatMap(({ operations }) => operations))).toEqual(promised.operations);

    const { groups, documents, addresses } = await repository.state();
    const statuses = groups.map(({ customer_reference, status }) => [customer_reference, status]);
    expect(Object.fromEntries(statuses)).toEqual(promised.groups);
    expect(documents).toHaveLength(promised.operations.upload ?? 0);
    expect(addresses).toHaveLength(promised.operations.create_address ?? 0);

    const again = await repository.run(['plan', '--detailed-exitcode']);
    expect(again.out).toContain('No changes.');
    expect(again.code).toBe(0);
    await promised.also?.(repository);
  });
});

async function readJson<Document>(running: Promise<Result>): Promise<Document> {
  const { code, out, err } = await running;
  expect(code, out + err).toBe(0);
  return JSON.parse(out) as Document;
}

function changesOf({ changes }: Plan): Record<string, string> {
  return Object.fromEntries(
    changes.map(({ kind, name, actions }) => [`${kind}/${name}`, actions.join(', ')]),
  );
}

function count(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

describe('the YAML files of the examples', () => {
  // Nobody edits a lock, and what is for others has other schemas.
  const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      /\.ya?ml$/.test(file) &&
      basename(file) !== 'regsync.lock.yaml' &&
      !NO_REPOSITORIES.has(file.split('/')[0] ?? ''),
  );

  it.each(files)('%s begins with the schema that it follows', (file) => {
    const path = join(EXAMPLES, file);
    const [first = ''] = readFileSync(path, 'utf8').split('\n');
    const schema = first.match(/^# yaml-language-server: \$schema=(\S+)$/)?.[1] ?? '';
    const expected = basename(file) === 'regsync.yaml' ? 'config' : 'manifest';
    expect(relative(ROOT, resolve(dirname(path), schema))).toBe(`schemas/${expected}.schema.json`);
    expect(existsSync(resolve(dirname(path), schema))).toBe(true);
  });
});

describe('examples/README.md', () => {
  const text = readFileSync(join(EXAMPLES, 'README.md'), 'utf8');

  it.each(folders)('names %s and says how to try it', (folder) => {
    expect(text).toContain(`- [\`${folder}\`](${folder}): `);
    expect(text).toMatch(new RegExp(`regsync plan .*--chdir examples/${folder}\`?$`, 'm'));
  });

  it('shows commands that work', async () => {
    const examples = await copyOf(EXAMPLES);
    const shown = [...text.matchAll(/^(?:\$ | {2}`)((?:[A-Z_]+=\S+ )?regsync .*--sandbox [^`\n]*)`?$/gm)];
    const commands = shown.map(([, command = '']) => command);
    expect(commands.length).toBeGreaterThanOrEqual(folders.length);
    for (const command of commands) {
      const result = await runAsShown(command, dirname(examples));
      expect([command, result.code]).toEqual([command, command.includes('--fail-on-expiry') ? 6 : 0]);
    }
    const [, transcript = ''] = text.match(/^(No changes\..*)$/m) ?? [];
    const again = await runAsShown('regsync plan --sandbox --chdir examples/minimal', dirname(examples));
    expect(again.out.trimEnd().split('\n').at(-1)).toBe(transcript);
    await rm(dirname(examples), { recursive: true });
  });
});

/** `NAME=value regsync plan …` */
function runAsShown(command: string, cwd: string): Promise<Result> {
  const words = command.split(' ');
  const start = words.indexOf('regsync');
  const env = Object.fromEntries(words.slice(0, start).map((word) => word.split('=')));
  return runHere(words.slice(start + 1), { cwd, env });
}
