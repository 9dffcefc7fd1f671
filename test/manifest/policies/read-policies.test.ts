import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPolicies } from '../../../src/manifest/policies/read-policies.ts';
import type { Config } from '../../../src/manifest/repository.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'regsync-policies-'));
});
afterEach(() => rm(root, { recursive: true }));

const source = { file: 'regsync.yaml', line: 5, column: 11 };

async function read(schema: unknown, entry: object = {}) {
  const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
  await writeFile(join(root, 'a.json'), text);
  const policies = [{ file: 'a.json', over: 'plan', source, ...entry }];
  return readPolicies({ root, config: { policies } as unknown as Config });
}

describe('a policy whose file does not exist', () => {
  it.each([
    [
      'has a similar name, which is suggested',
      'b.json',
      'Did you mean "a.json", in the root of the repository?',
    ],
    [
      'has its path from the configuration',
      'policies/night.json',
      'Write its path from the folder of regsync.yaml.',
    ],
  ])('%s', async (_, file, hint) => {
    const { policies, problems } = await read({ title: 'A' }, { file });
    expect(policies).toEqual([]);
    expect(problems).toMatchObject([{ code: 'file-not-found', hint, source }]);
  });
});

describe('a policy that cannot be used', () => {
  it.each<[string, unknown, object, string, string]>([
    ['is not JSON', '{', {}, 'a.json', '"a.json" is not JSON'],
    ['is not an object', [], {}, 'a.json', 'a policy is a JSON object'],
    ['has no title', { type: 'object' }, {}, 'a.json', 'has no "title"'],
    ['has another severity', { title: 'A', 'x-severity': 'notice' }, {}, 'a.json', '"x-severity" must be'],
    ['has an unknown keyword', { title: 'A', propertis: {} }, {}, 'a.json', 'unknown keyword: "propertis"'],
    ['has an unknown keyword further in', { title: 'A', properties: { a: { x: 1 } } }, {}, 'a.json', '"x"'],
    [
      'has an unknown format',
      { title: 'A', properties: { a: { format: 'day' } } },
      {},
      'a.json',
      'unknown format "day"',
    ],
    ['answers later', { title: 'A', $async: true }, {}, 'a.json', 'unknown keyword: "$async"'],
    ['has a wrong type', { title: 'A', type: 'dictionary' }, {}, 'a.json', 'schema is invalid'],
    [
      'refers to another file',
      { title: 'A', $ref: 'b.json' },
      {},
      'a.json',
      "can't resolve reference b.json",
    ],
    [
      'is of another draft',
      { title: 'A', $schema: 'https://json-schema.org/draft/2020-12/schema' },
      {},
      'a.json',
      'not draft-07',
    ],
    [
      'has a pattern that backtracks',
      { title: 'A', pattern: '(?=a)b' },
      {},
      'a.json',
      'invalid or too costly',
    ],
    ['is missing', { title: 'A' }, { file: 'b.json' }, 'regsync.yaml', 'b.json'],
    [
      'leads out of the repository',
      { title: 'A' },
      { file: '../a.json' },
      'regsync.yaml',
      'leads out of the repository',
    ],
    ['names no time zone', { title: 'A' }, { time_zone: 'Mars/Olympus' }, 'regsync.yaml', 'Mars/Olympus'],
  ])('because it %s is a problem at its file', async (_, schema, entry, file, message) => {
    const { policies, problems } = await read(schema, entry);
    expect(policies).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.source?.file).toBe(file);
    expect(problems[0]?.message).toContain(message);
    expect(problems[0]?.severity).toBe('error');
  });
});

describe('policies', () => {
  const places = async (schema: object, value: unknown) => {
    const { policies, problems } = await read({ title: 'A', ...schema });
    expect(problems).toEqual([]);
    return policies[0]?.findViolations(value);
  };

  it('names each place once, and not the keywords that combine others', async () => {
    const short = { maxLength: 1 };
    const schema = { if: false, else: { properties: { a: { anyOf: [short, short] }, b: short } } };
    expect(await places(schema, { a: 'long', b: 'long' })).toEqual(['/a', '/b']);
    expect(await places(schema, { a: '', b: '' })).toEqual([]);
  });

  it('that only combines others names the whole', async () => {
    expect(await places({ if: { not: { required: ['a'] } }, else: false }, { a: 1 })).toEqual(['']);
  });

  it('finds a pattern anywhere in a text, as JSON Schema says, in linear time', async () => {
    const schema = { properties: { a: { pattern: '(x+x+)+y' } } };
    expect(await places(schema, { a: `-${'x'.repeat(200)}y-` })).toEqual([]);
    expect(await places(schema, { a: 'x'.repeat(5000) })).toEqual(['/a']);
  });

  it('is violated by a text that is too long to be searched, also where it forbids the pattern', async () => {
    const schema = { properties: { a: { not: { pattern: 'secret' } } } };
    expect(await places(schema, { a: 'x'.repeat(100) })).toEqual([]);
    expect(await places(schema, { a: `secret${'x'.repeat(900_000)}` })).toEqual(['']);
  });

  it('is an error unless it says otherwise, and knows its file', async () => {
    const { policies } = await read({ title: 'A' });
    expect(policies[0]).toMatchObject({
      severity: 'error',
      file: 'a.json',
      timeZone: 'UTC',
      description: '',
    });
  });
});
