import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCHEMAS, type SchemaName } from '../../../src/cli/schema.ts';
import { germanGroup, openTestRepository, type TestRepository } from '../../support/test-repository.ts';

/** Every command with `--format json`, in an order in which each has something to report. */
const STEPS: readonly (readonly [args: string, schema: SchemaName | null])[] = [
  ['validate', 'validate'],
  ['lock --add DE/local/porting', 'lock-report'],
  ['lock --check', 'lock-report'],
  ['explain', null],
  ['plan', 'plan'],
  ['ci plan', 'plan'],
  ['ci drift', 'plan'],
  ['ci validate', 'validate'],
  ['apply --yes --record record.jsonl', 'outcomes'],
  ['audit record.jsonl', 'audit'],
  ['ci apply --allow-unreviewed', 'outcomes'],
  ['status', 'status'],
  ['reply de-local Thanks --mark-read --yes', 'reply'],
  ['report', 'status'],
  ['release de-local --yes', 'outcomes'],
  ['import --plaintext', 'import'],
  ['gc', 'gc'],
  ['gc --yes', 'gc'],
  ['new GB local ordering --name gb', null],
  ['encrypt documents/registration.pdf', null],
  ['doctor', null],
  ['matrix --shards 2', 'matrix'],
];

const FAILURES = [
  'plan --target nobody',
  'apply --yes --target nobody',
  'validate nowhere.yaml',
  'status --shard 9/8',
  'explain XX',
  'encrypt documents/none.pdf',
  'audit none.jsonl',
  'release nobody --yes',
  'decrypt documents/none.pdf.age',
  'keygen --out key.txt',
  'import',
  'validate --staged',
  'lock --add XX/local/ordering',
  'ci apply',
  'plan --no-such-option',
  'reply nobody Thanks --yes',
  'reply de-local Thanks',
];

let repository: TestRepository;
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });

function expectToFollow(schema: SchemaName, document: unknown): void {
  const { $id: _, ...plain } = SCHEMAS[schema] as { $id: string };
  const validate = ajv.compile(plain);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
}

beforeAll(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
  // The API of the rehearsal takes this recipient of age; nobody has its identity.
  await repository.write(
    '.regsync/recipients',
    'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n',
  );
});
afterAll(() => repository.end());

describe('With --format json', () => {
  it.each(STEPS)(
    '%s prints one document with its format_version, as its schema says',
    async (args, schema) => {
      const { out, code } = await repository.run([...args.split(' '), '--format', 'json', '--quiet']);
      const document = JSON.parse(out);
      expect([0, 2]).toContain(code);
      if (schema !== 'matrix') expect(Object.keys(document)[0]).toBe('format_version');
      if (schema !== null) expectToFollow(schema, document);
    },
  );

  it.each(FAILURES)('a failed %s prints an error with its format_version', async (args) => {
    const { out, code } = await repository.run([...args.split(' '), '--format', 'json', '--quiet']);
    expect(code).toBeGreaterThan(2);
    expectToFollow('error', JSON.parse(out));
  });

  it('every schema is what `regsync schema NAME` prints, and is a schema', async () => {
    for (const name of Object.keys(SCHEMAS) as SchemaName[]) {
      const { out } = await repository.run(['schema', name]);
      expect(JSON.parse(out)).toEqual(SCHEMAS[name]);
      expect(ajv.validateSchema(SCHEMAS[name]), name).toBe(true);
    }
  });
});
