import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { renameSync, symlinkSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readPlanFile } from '../../src/cli/apply/plan-file.ts';
import { canonicalJson, derivePlanKeys } from '../../src/kinds/values/fingerprint.ts';
import { readDocumentBytes } from '../../src/manifest/encryption/read-plaintext.ts';
import { InvalidInputError, RefusedError } from '../../src/model/errors.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { isAuthentic } from '../../src/plan/exact.ts';
import { replaceInFileSystem } from '../support/file-system.ts';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  type Result,
  SAMPLE_KEY,
  type TestRepository,
} from '../support/test-repository.ts';
import { answerJson, serve } from '../telnyx/scripted-server.ts';
import {
  ESCAPES,
  everythingFrom,
  groupOf,
  mapObjects,
  placesOf,
  relay,
  repositoryRequiring,
  repositoryWith,
  textGroup,
  UNPRINTABLE,
} from './hostile.ts';

/**
 * Hostile input against the whole program: what it printed, how it ended, what the server received. One chapter for each
 * risk that SECURITY.md names; the details of each guard are tested where the guard is.
 */

async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'regsync-hostile-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('Path traversal', () => {
  /** A repository and a folder beside it whose file says so. */
  async function neighbours(): Promise<{ outside: string; inside: string; at: (path: string) => string }> {
    const [outside, inside] = [await temporaryFolder(), await temporaryFolder()];
    const at = (path: string): string => join(inside, path);
    await mkdir(at('documents'));
    await writeFile(at('documents/bill.pdf'), 'inside');
    await writeFile(join(outside, 'bill.pdf'), 'OUTSIDE');
    return { outside, inside, at };
  }

  it('a path out of the repository, by letters or by links, is a problem at its line and nothing is sent', async () => {
    const repository = await repositoryWith({ '.git/config': 'OUTSIDE' });
    const { outside } = await neighbours();
    const links = {
      'documents/link.pdf': join(outside, 'bill.pdf'),
      'documents/folder': outside,
      'documents/up.txt': '../../../../../../../../etc/hosts',
      'documents/git.txt': '../.git/config',
      'documents/endless.txt': '/dev/zero',
    };
    for (const [path, destination] of Object.entries(links)) {
      await symlink(destination, join(repository.folder, path));
    }
    await mkdir(join(repository.folder, 'documents/folder.pdf'));
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(repository.folder, 'documents/pipe.pdf')]);
    const paths: Record<string, string> = {
      '../../bill.pdf': 'unsafe-path',
      '../documents/../../bill.pdf': 'unsafe-path',
      [`${outside}/bill.pdf`]: 'unsafe-path',
      'C:\\bill.pdf': 'unsafe-path',
      'c:bill.pdf': 'unsafe-path',
      '..\\..\\bill.pdf': 'unsafe-path',
      '../.git/config.txt': 'unsafe-path',
      '../.GIT/config.txt': 'unsafe-path',
      'bill.pdf\0.txt': 'unsafe-path',
      '../documents/link.pdf': 'unsafe-path',
      '../documents/folder/bill.pdf': 'unsafe-path',
      '../documents/up.txt': 'unsafe-path',
      '../documents/git.txt': 'unsafe-path',
      '../documents/endless.txt': 'unsafe-path',
      '../documents/folder.pdf': 'not-a-file',
      '../documents/pipe.pdf': 'not-a-file',
    };
    const documents = Object.keys(paths).map((path) => `document: { file: ${JSON.stringify(path)} }`);
    const texts = Object.keys(paths).map((path) => `text_from: { file: ${JSON.stringify(path)} }`);
    await repository.write('groups/de.yaml', groupOf([...documents, ...texts]));
    const result = await repository.run(['plan', '--format', 'json']);
    const codes = [...Object.values(paths), ...Object.values(paths)];
    expect(placesOf(result)).toEqual(codes.map((code, index) => `groups/de.yaml:${8 + index} ${code}`));
    expect(everythingFrom(result)).not.toContain('OUTSIDE');
    expect(await repository.requests()).toEqual([]);
  });

  it('manifests are not looked for outside either', async () => {
    const repository = await repositoryWith({ 'groups/fr.yaml': frenchGroup() });
    const outside = await temporaryFolder();
    await writeFile(join(outside, 'evil.yaml'), textGroup('text: OUTSIDE'));
    await symlink(outside, join(repository.folder, 'groups/folder'));
    await symlink(join(outside, 'evil.yaml'), join(repository.folder, 'groups/link.yaml'));
    expect(placesOf(await repository.run(['plan', '--format', 'json']))).toEqual([
      'groups/folder:1 unsafe-path',
      'groups/link.yaml:1 unsafe-path',
    ]);
    const config = `apiVersion: regsync/v1\nkind: Config\nscope: acme\nmanifests: [groups, ../, ${outside}]\n`;
    await repository.write('regsync.yaml', config);
    expect(placesOf(await repository.run(['plan', '--format', 'json']))).toEqual([
      'regsync.yaml:4 unsafe-path',
      'regsync.yaml:4 unsafe-path',
    ]);
    expect(await repository.requests()).toEqual([]);
  });

  it('a link within the repository is fine, and what is uploaded is what was hashed', async () => {
    const repository = await repositoryWith({
      'groups/fr.yaml': frenchGroup({ file: '../documents/link.pdf' }),
    });
    await symlink('registration.pdf', join(repository.folder, 'documents/link.pdf'));
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    const bytes = await readFile(join(repository.folder, 'documents/registration.pdf'));
    const [uploaded] = (await repository.state()).documents;
    expect(uploaded?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it.each([
    ['the file', 'documents/bill.pdf', 'bill.pdf'],
    ['the folder above it', 'documents', '.'],
  ])('a link that takes the place of %s between check and open is not followed', async (_, path, leadsTo) => {
    const { outside, inside, at } = await neighbours();
    let raced = 0;
    replaceInFileSystem('openSync', (openSync) => (...parameters) => {
      if (raced++ === 0) {
        renameSync(at(path), at('away'));
        symlinkSync(join(outside, leadsTo), at(path));
      }
      return openSync(...parameters);
    });
    const read = await readDocumentBytes(inside, 'documents/bill.pdf').catch((error: unknown) => error);
    expect(raced).toBeGreaterThan(0);
    expect(read).toBeInstanceOf(InvalidInputError);
  });

  it('a link that comes and goes all the time is never followed', async () => {
    const { outside, inside, at } = await neighbours();
    const swapper = new Worker(SWAP_FOREVER, {
      eval: true,
      workerData: { outside, path: at('documents/bill.pdf') },
    });
    await new Promise((resolve) => swapper.once('message', resolve));
    const seen = { inside: 0, 'unsafe-path': 0, OUTSIDE: 0 } as Record<string, number>;
    // Until both states have been met often, which a busy machine may take its time for.
    const isEnough = (reads: number): boolean =>
      seen.OUTSIDE !== 0 || (reads >= 2_000 && Math.min(seen.inside ?? 0, seen['unsafe-path'] ?? 0) >= 100);
    for (let reads = 0; !isEnough(reads) && reads < 100_000; reads += 1) {
      const read = await readDocumentBytes(inside, 'documents/bill.pdf').then(
        (bytes) => bytes.toString(),
        (error: InvalidInputError) => error.problems[0]?.code ?? 'no problem',
      );
      seen[read] = (seen[read] ?? 0) + 1;
    }
    await swapper.terminate();
    expect(seen.OUTSIDE).toBe(0);
    expect(seen.inside).toBeGreaterThan(0);
    expect(seen['unsafe-path']).toBeGreaterThan(0);
  });

  const SWAP_FOREVER = `
    const { renameSync, symlinkSync, writeFileSync } = require('node:fs');
    const { parentPort, workerData: { outside, path } } = require('node:worker_threads');
    for (let count = 0; ; count += 1) {
      if (count === 1) parentPort.postMessage('swapping');
      symlinkSync(outside + '/bill.pdf', path + '.new');
      renameSync(path + '.new', path);
      writeFileSync(path + '.new', 'inside');
      renameSync(path + '.new', path);
    }`;
});

describe('YAML depth', () => {
  it('nesting that would abort the process is a problem at its line, in manifests and in the configuration', async () => {
    const bombs = {
      'brackets.yaml': '['.repeat(100_000),
      'closed-brackets.yaml': '['.repeat(5_000) + ']'.repeat(5_000),
      'dashes.yaml': '- '.repeat(100_000),
      'indented.yaml': Array.from({ length: 1_000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'),
      'mappings.yaml': '{a: '.repeat(100_000),
      'questions.yaml': '? '.repeat(100_000),
    };
    const repository = await repositoryWith({ 'groups/fr.yaml': frenchGroup() });
    for (const [name, text] of Object.entries(bombs)) await repository.write(`groups/${name}`, text);
    expect(placesOf(await repository.run(['plan', '--format', 'json']))).toEqual([
      'groups/brackets.yaml:1 too-deep',
      'groups/closed-brackets.yaml:1 too-deep',
      'groups/dashes.yaml:1 too-deep',
      'groups/indented.yaml:65 too-deep',
      'groups/mappings.yaml:1 too-deep',
      'groups/questions.yaml:1 too-deep',
    ]);
    await repository.write('regsync.yaml', bombs['brackets.yaml']);
    expect(placesOf(await repository.run(['plan', '--format', 'json']))).toEqual(['regsync.yaml:1 too-deep']);
    expect(await repository.requests()).toEqual([]);
  });
});

describe('YAML size', () => {
  it('files that are too large, or small and laborious, are problems before they take long', async () => {
    const lines = (count: number, line: (index: number) => string): string =>
      Array.from({ length: count }, (_, index) => line(index)).join('\n');
    const repository = await repositoryWith({
      'groups/a-flat.yaml': lines(500_000, () => 'key: value'),
      'groups/b-keys.yaml': lines(70_000, (index) => `k${index}: v`),
      'groups/c-commas.yaml': `[${','.repeat(1_000_000)}`,
    });
    await truncate(join(repository.folder, 'documents/registration.pdf'), 20_000_001);
    await repository.write(
      'groups/d-document.yaml',
      textGroup('document: { file: ../documents/registration.pdf }'),
    );
    expect(placesOf(await repository.run(['plan', '--format', 'json']))).toEqual([
      'groups/a-flat.yaml:1 too-large',
      'groups/b-keys.yaml:1 missing-key',
      'groups/c-commas.yaml:1 too-large',
      'groups/d-document.yaml:9 too-large',
    ]);
    expect(await repository.requests()).toEqual([]);
  });

  it('what would take quadratic time is refused, or takes none', async () => {
    const list = (count: number, item: (index: number) => string): string =>
      Array.from({ length: count }, (_, index) => item(index)).join(', ');
    const repository = await repositoryWith({
      'groups/a-backslashes.yaml': textGroup(`text: "${'\\'.repeat(1_000_000)}x"`, 'backslashes'),
      'groups/b-items.yaml': textGroup('text: x').replace(
        /requirements:.*$/s,
        `requirements: [${list(80_000, () => '5')}]\n`,
      ),
      'groups/c-keys.yaml': textGroup(`address: {${list(20_000, () => 'a: b')}}`, 'keys'),
      'groups/d-unknown-keys.yaml': textGroup(
        `address: {${list(20_000, (index) => `k${index}: b`)}}`,
        'known',
      ),
    });
    const places = placesOf(await repository.run(['plan', '--format', 'json']));
    expect(places).toContain('groups/b-items.yaml:7 too-large');
    expect(places).toContain('groups/c-keys.yaml:9 duplicate-key');
    expect(places).toContain('groups/d-unknown-keys.yaml:9 unknown-key');
    expect(places.filter((place) => place.includes('a-backslashes'))).toEqual([]);
  });

  it('thousands of names that are nearly right are unknown, and that is all', async () => {
    const count = 600;
    const documents = Array.from(
      { length: count },
      (_, index) =>
        `--- {apiVersion: regsync/v1, kind: Document, name: document-number-${index}, file: x.pdf}\n`,
    );
    const groups = Array.from({ length: count }, (_, index) =>
      textGroup(`document: dokument-nummer-${index}`, `group-${index}`),
    );
    const repository = await repositoryWith({ 'groups/x.pdf': 'x', 'groups/a.yaml': documents.join('') });
    await repository.write('groups/b.yaml', groups.slice(0, count / 2).join('---\n'));
    await repository.write('groups/c.yaml', groups.slice(count / 2).join('---\n'));
    const places = placesOf(await repository.run(['plan', '--format', 'json']));
    expect(places).toHaveLength(count);
    expect(places.every((place) => place.endsWith(' unknown-reference'))).toBe(true);
  });
});

describe('YAML aliases', () => {
  it('a billion laughs, merge keys and tags are problems', async () => {
    const laughs = ['a: &a [lol, lol]'];
    for (const [name, earlier] of ['ba', 'cb', 'dc', 'ed'].map((pair) => [...pair])) {
      laughs.push(`${name}: &${name} [${Array(9).fill(`*${earlier}`).join(', ')}]`);
    }
    const repository = await repositoryWith({
      'groups/a-laughs.yaml': laughs.join('\n'),
      'groups/b-merge.yaml': `base: &base { approval: none }\n<<: *base\n`,
      'groups/c-function.yaml': textGroup('text: !!js/function "process.exit()"'),
      'groups/d-binary.yaml': textGroup('text: !!binary aGVsbG8='),
      'groups/e-own.yaml': textGroup('text: !env HOME'),
      'groups/f-unknown.yaml': textGroup('text: *nobody'),
      'groups/g-circle.yaml': textGroup('address: &circle { street_address: *circle }'),
    });
    expect(placesOf(await repository.run(['plan', '--format', 'json']))).toEqual([
      'groups/a-laughs.yaml:3 too-many-aliases',
      'groups/b-merge.yaml:2 merge-key',
      'groups/c-function.yaml:9 yaml-tag',
      'groups/d-binary.yaml:9 yaml-tag',
      'groups/e-own.yaml:9 yaml-tag',
      'groups/f-unknown.yaml:9 unknown-anchor',
      'groups/g-circle.yaml:9 unknown-anchor',
    ]);
  });
});

describe('YAML scalars', () => {
  it('what YAML reads as a number, a truth value or nothing is a problem that says "quote it"', async () => {
    const values = ['0123', '+14155550100', '1e3', '0x1F', '.inf', 'true', 'null', '~', '-0'];
    const repository = await repositoryWith({
      'groups/de.yaml': groupOf(values.map((value) => `text: ${value}`)),
    });
    const result = await repository.run(['plan', '--format', 'json']);
    expect(placesOf(result)).toEqual(values.map((_, index) => `groups/de.yaml:${8 + index} quote-it`));
    for (const value of ['14155550100', '4155', '1000', '0123']) expect(result.out).not.toContain(value);
    expect(result.out).toContain('quote it');
  });

  it('strings arrive as they are written', async () => {
    const values = ['"0123"', "'+14155550100'", '"1e3"', 'NO', 'off', '1_000', '2026-01-31', '12:30:45'];
    const repository = await repositoryRequiring(
      values.map(() => ({})),
      groupOf(values.map((value) => `text: ${value}`)),
    );
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    const [group] = (await repository.state()).groups;
    const held = group?.regulatory_requirements.map(({ field_value }) => field_value);
    expect(held?.sort()).toEqual(values.map((value) => value.replace(/["']/g, '')).sort());
  });
});

describe('`__proto__` and `constructor` keys', () => {
  it('are unknown keys at every level of manifests and configuration', async () => {
    const repository = await repositoryWith({
      'groups/de.yaml': `apiVersion: regsync/v1
kind: RequirementGroup
name: de-local
country_code: DE
phone_number_type: local
action: ordering
__proto__: { partial: true }
constructor: { prototype: { partial: true } }
requirements:
  - requirement: Contact Info
    text: Jane Roe
    __proto__: { document: { file: x.pdf } }
  - requirement: Registration
    document: { file: ../documents/registration.pdf, constructor: x }
  - requirement: Address
    address: { business_name: Example GmbH, country_code: DE, street_address: x, locality: x, __proto__: x }
  - requirement: Text
    text_from: { env: REGSYNC_VAR_X, prototype: x }
`,
      'groups/kind.yaml': 'kind: __proto__\n---\nkind: constructor\n---\n__proto__: { kind: Document }\n',
    });
    expect(placesOf(await repository.run(['plan', '--format', 'json']))).toEqual([
      'groups/de.yaml:7 unknown-key',
      'groups/de.yaml:8 unknown-key',
      'groups/de.yaml:12 unknown-key',
      'groups/de.yaml:14 unknown-key',
      'groups/de.yaml:16 unknown-key',
      'groups/de.yaml:18 unknown-key',
      'groups/kind.yaml:1 unknown-kind',
      'groups/kind.yaml:3 unknown-kind',
      'groups/kind.yaml:5 missing-key',
    ]);
    const config =
      'apiVersion: regsync/v1\nkind: Config\nscope: acme\nlimits: { __proto__: { max_deletes: 99 } }\n';
    await repository.write('regsync.yaml', config);
    expect(placesOf(await repository.run(['plan', '--format', 'json']))).toEqual([
      'regsync.yaml:4 unknown-key',
    ]);
  });

  it('in every answer of the API change nothing', async () => {
    const repository = await repositoryWith({ 'groups/de.yaml': germanGroup() });
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await repository.control('groups/decline?reference=regsync/acme/de-local', { comment: 'Illegible' });
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Another desk' }));
    const value = { status: 'approved', id: 'x', customer_reference: null, total_results: 0, polluted: true };
    const server = await relay(repository.sandbox, ({ status, body }) => ({
      status,
      body: mapObjects(body, (mapping) =>
        Object.defineProperty({ constructor: { prototype: value }, ...mapping }, '__proto__', {
          value,
          enumerable: true,
        }),
      ),
    }));
    const env = { REGSYNC_PLAN_KEY: 'one key of plans for both of the runs' };
    for (const command of [['plan', '--format', 'json'], ['status']]) {
      const [honest, poisoned] = await Promise.all([
        repository.run(command, { env }),
        repository.run(command, { env: { ...env, TELNYX_BASE_URL: server.baseUrl } }),
      ]);
      expect(poisoned.code).toBe(0);
      // A plan is bound to the API's address: everything but what is keyed must be the same.
      expect(withoutKeyed(poisoned.out)).toBe(withoutKeyed(honest.out));
    }
    expect(server.seen.length).toBeGreaterThan(8);
  });

  it.each(['constructor', '__proto__'])(
    'as a status or a type that the API gives, %s is only unknown',
    async (name) => {
      const repository = await repositoryWith({ 'groups/de.yaml': germanGroup() });
      expect((await repository.run(['apply', '--yes'])).code).toBe(0);
      await repository.control(
        'groups?reference=regsync/acme/de-local',
        {
          status: name,
          regulatory_requirements: [
            { requirement_id: DE_REQUIREMENTS.contact, field_type: name, status: name },
          ],
        },
        'PATCH',
      );
      const [plan, status] = await Promise.all([repository.run(['plan']), repository.run(['status'])]);
      expect(plan).toMatchObject({ code: 0, signal: null });
      expect(plan.out).toContain(`has a status that regsync does not know: "${name}"`);
      expect(status).toMatchObject({ code: 0, signal: null });
      expect(status.out).toContain(name);
    },
  );
});

function withoutKeyed(text: string): string {
  return text.replace(/\b[0-9a-f]{64}\b/g, '<digest>').replace(/«[0-9a-f]{8}»/g, '«print»');
}

describe('Regular expressions from the API', () => {
  function repositoryWithPatterns(patterns: readonly string[], value: string): Promise<TestRepository> {
    return repositoryRequiring(
      patterns.map((regex) => ({ regex })),
      groupOf(patterns.map(() => `text: "${value}"`)),
    );
  }

  it('patterns that take ages to match are evaluated all the same: the value is wrong at its line', async () => {
    const patterns = ['^(a+)+$', '^(a|aa)+$', '^(a|a?)+$', '^(.*a){20}$', '^((a*)*)*$', '(x+x+)+y'];
    const repository = await repositoryWithPatterns(patterns, `${'a'.repeat(60)}!`);
    expect(placesOf(await repository.run(['plan', '--format', 'json']))).toEqual(
      patterns.map((_, index) => `groups/de.yaml:${8 + index} pattern-mismatch`),
    );
  });

  it('patterns that cannot be evaluated in linear time, or are too long, are a warning and no error', async () => {
    const patterns = [
      '^(a)\\1$',
      '^(?=a).*$',
      '^(?<!b)a$',
      '((a{1,100}){1,100}){1,100}',
      '('.repeat(1_000),
      'a?'.repeat(501),
      '[',
      '*',
    ];
    const repository = await repositoryWithPatterns(patterns, 'a'.repeat(60));
    const { code, err } = await repository.run(['plan']);
    expect(code).toBe(0);
    expect(err.match(/criteria-not-checked/g)).toHaveLength(patterns.length);
  });
});

describe('Response bombs', () => {
  it.each(['gzip_bomb', 'endless'])(
    'a %s ends at a counted number of bytes, and is not asked for again',
    async (kind) => {
      const repository = await repositoryWith({ 'groups/fr.yaml': frenchGroup() });
      await repository.control('faults', {
        kind,
        times: 99,
        match: { method: 'GET', path: '^/requirement_groups$' },
      });
      const { code, signal, err } = await repository.run(['plan']);
      expect({ code, signal }).toEqual({ code: 8, signal: null });
      expect(err).toContain('an answer of more than 8 MiB');
      const asked = (await repository.requests()).filter(({ path }) => path === '/requirement_groups');
      expect(asked).toHaveLength(1);
    },
  );

  it('a list that announces a billion rows is given up after its first page', async () => {
    const repository = await repositoryWith({ 'groups/fr.yaml': frenchGroup() });
    let pages = 0;
    const server = await serve((response, { url }) => {
      if (url.pathname !== '/v2/requirement_groups') return answerJson(response, { data: [] });
      pages += 1;
      const combination = { country_code: 'FR', phone_number_type: 'local', action: 'ordering' };
      const meta = { total_results: 1e9, total_pages: 4e6 };
      answerJson(response, { data: [{ id: `row-${pages}`, ...combination, status: 'approved' }], meta });
    });
    const { code, signal, err } = await repository.run(['plan'], {
      env: { TELNYX_BASE_URL: server.baseUrl },
    });
    expect({ code, signal }).toEqual({ code: 8, signal: null });
    expect(err).toContain('the list does not end after 10000 pages');
    expect(pages).toBe(1);
  });
});

describe('Redirects', () => {
  const REQUESTS = {
    'a read': { method: 'GET' },
    'an upload': { method: 'POST', path: '^/documents$' },
    'a new address': { method: 'POST', path: '^/addresses$' },
    'a new group': { method: 'POST', path: '^/requirement_groups$' },
    'a submission': { method: 'POST', path: 'submit_for_approval$' },
  };

  it.each([302, 307])(
    '%i is not followed, whatever was asked: the other server sees nothing',
    async (status) => {
      const elsewhere = await serve((response) => answerJson(response, { data: [] }));
      const location = `${elsewhere.baseUrl}/canary`;
      const attempts = Object.values(REQUESTS).map(async (match) => {
        const repository = await repositoryWith({ 'groups/de.yaml': germanGroup() });
        await repository.control('faults', { kind: 'redirect', status, location, times: 99, match });
        return { match, result: await repository.run(['apply', '--yes']) };
      });
      const ended = await Promise.all(attempts);
      expect(elsewhere.seen).toEqual([]);
      for (const { match, result } of ended) {
        expect(result.code).toBe(match.method === 'GET' ? 8 : 4);
        expect(everythingFrom(result)).toContain('with a redirect, and regsync does not follow it');
        expect(everythingFrom(result)).not.toContain('canary');
      }
    },
  );
});

describe('Base URL', () => {
  it('over plain http, with a password, or that is none, is refused and not repeated', async () => {
    const urls = [
      'http://api.example.com/v2',
      'http://127.0.0.1.example.com/v2',
      'https://jane:canary@127.0.0.1/v2',
      'https://api.example.com/v2?canary',
      'file:///canary',
      'canary',
    ];
    const repository = await repositoryWith({ 'groups/fr.yaml': frenchGroup() });
    const results = urls.map((url) => repository.run(['plan'], { env: { TELNYX_BASE_URL: url } }));
    for (const result of await Promise.all(results)) {
      expect(result.code).toBe(3);
      expect(result.err).toMatch(/error: TELNYX_BASE_URL (?:is not|must)/);
      expect(everythingFrom(result)).not.toContain('canary');
    }
  });

  it('is not taken from the repository', async () => {
    const elsewhere = await serve((response) => answerJson(response, { data: [] }));
    const repository = await repositoryWith({
      'groups/fr.yaml': frenchGroup({ extra: `base_url: ${elsewhere.baseUrl}\n` }),
      '.env': `TELNYX_BASE_URL=${elsewhere.baseUrl}\n`,
    });
    expect(placesOf(await repository.run(['plan', '--format', 'json']))).toEqual([
      'groups/fr.yaml:7 unknown-key',
    ]);
    await repository.write('groups/fr.yaml', frenchGroup());
    expect((await repository.run(['plan'])).code).toBe(0);
    await repository.write(
      'regsync.yaml',
      `apiVersion: regsync/v1\nkind: Config\nscope: acme\nbase_url: ${elsewhere.baseUrl}\n`,
    );
    expect(placesOf(await repository.run(['plan', '--format', 'json']))).toEqual([
      'regsync.yaml:4 unknown-key',
    ]);
    expect(elsewhere.seen).toEqual([]);
  });

  it('is the beginning of every path, whatever the ids that the API gives', async () => {
    const ids = ['../documents?x=1#', 'a/../../addresses', '%2e%2e/documents', 'a\\b', 'é\u202e'];
    const repository = await repositoryWith({});
    for (const [index, id] of ids.entries()) {
      await repository.write(`groups/${index}.yaml`, germanGroup({ name: `group-${index}` }));
      const customer_reference = `regsync/acme/group-${index}`;
      await repository.control('groups', { id, customer_reference, status: 'unapproved' });
    }
    await repository.run(['apply', '--yes']);
    const paths = (await repository.requests()).map(({ path }) => path.replace('/submit_for_approval', ''));
    const beyondLists = paths.filter((path) => /^\/[a-z_]+\/./.test(path));
    expect(new Set(beyondLists)).toEqual(
      new Set(ids.map((id) => `/requirement_groups/${encodeURIComponent(id)}`)),
    );
  });
});

/** A text in all the forms in which APIs, gateways and validators repeat what they were sent. */
function formsOf(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const json = JSON.stringify(text).slice(1, -1);
  const named = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  const url = encodeURIComponent(text);
  const strictUrl = url.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return [
    text,
    text.toUpperCase(),
    text.normalize('NFD'),
    json,
    json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    text.replace(/[&<>"']/g, (mark) => named[mark as keyof typeof named]),
    text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`),
    text.replace(/[&<>"']/g, (mark) => `&#x${mark.charCodeAt(0).toString(16)};`),
    encodeURI(text),
    url,
    url.toLowerCase(),
    strictUrl,
    strictUrl.replaceAll('%20', '+'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}

function expectWithout(result: Result, secrets: readonly string[]): void {
  const text = everythingFrom(result);
  for (const secret of secrets) {
    for (const form of formsOf(secret)) expect(text.includes(form), `${form} in ${text}`).toBe(false);
  }
}

describe('API key in errors', () => {
  const CANARY = 'KEY4718CANARY_sample-key';

  const ECHOES: readonly Script[] = [
    (response) => {
      const errors = formsOf(CANARY).map((detail) => ({ code: detail, detail, source: { pointer: detail } }));
      answerJson(response, { errors }, 401, { 'x-request-id': CANARY });
    },
    (response, { headers }) => response.writeHead(502).end(`<pre>${headers.authorization}</pre>`),
    (response, { headers }) => response.socket?.end(`${headers.authorization}\r\n\r\n`),
    (response, { headers }) =>
      answerJson(response, { data: [{ id: headers.authorization, status: headers.authorization }] }),
  ];

  it('a server that repeats it, in an error, as HTML, as no HTTP, or as data, does not get it printed', async () => {
    const repository = await repositoryWith({ 'groups/de.yaml': germanGroup() });
    const commands = [['plan'], ['gc', '--format', 'json'], ['apply', '--yes', '--verbose', '--no-lock']];
    const runs = ECHOES.map(async (script) => {
      const server = await serve(script);
      const env = { TELNYX_API_KEY: CANARY, TELNYX_BASE_URL: server.baseUrl };
      const results = await Promise.all(commands.map((args) => repository.run(args, { env })));
      expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${CANARY}`);
      return results;
    });
    for (const result of (await Promise.all(runs)).flat()) {
      expect([7, 8]).toContain(result.code);
      expectWithout(result, [CANARY]);
    }
  });

  it.each([
    ['a line break inside', `${CANARY}\n${CANARY}`],
    ['a control character inside', `${CANARY}\u001b[31m${CANARY}`],
    ['another beginning', `sk-${CANARY}`],
  ])('with %s it is refused by a message of our own', async (_, key) => {
    const repository = await repositoryWith({ 'groups/fr.yaml': frenchGroup() });
    const file = join(await temporaryFolder(), 'key');
    await writeFile(file, key);
    const fromFile = repository.run(['plan', '--api-key-file', file], { env: { TELNYX_API_KEY: undefined } });
    const fromVariable = repository.run(['plan'], { env: { TELNYX_API_KEY: key } });
    for (const result of await Promise.all([fromFile, fromVariable])) {
      expect(result.code).toBe(7);
      expect(result.err).toContain('The API key');
      expect(everythingFrom(result)).not.toContain('CANARY');
    }
    expect(await repository.requests()).toEqual([]);
  });

  it('is not taken from a file that git could carry', async () => {
    const repository = await repositoryWith({
      'groups/fr.yaml': frenchGroup(),
      'key.txt': CANARY,
      '..key': CANARY,
    });
    for (const file of ['key.txt', '..key']) {
      const result = await repository.run(['plan', '--api-key-file', file]);
      expect(result.code).toBe(3);
      expectWithout(result, [CANARY]);
    }
    expect(await repository.requests()).toEqual([]);
  });

  it('is not taken through a link that leads into the repository, and is through one that leads out', async () => {
    const repository = await repositoryWith({ 'groups/fr.yaml': frenchGroup(), 'key.txt': CANARY });
    const outside = await temporaryFolder();
    await symlink(join(repository.folder, 'key.txt'), join(outside, 'in'));
    await writeFile(join(outside, 'key'), CANARY);
    await symlink(join(outside, 'key'), join(repository.folder, 'out'));
    const into = await repository.run(['plan', '--api-key-file', join(outside, 'in')]);
    expect([into.code, into.err]).toEqual([3, expect.stringContaining('points into the repository')]);
    expectWithout(into, [CANARY]);
    expect(await repository.requests()).toEqual([]);
    const out = await repository.run(['plan', '--api-key-file', 'out'], {
      env: { TELNYX_API_KEY: undefined },
    });
    expect(out.code, out.err).toBe(0);
    expect(await repository.requests()).not.toEqual([]);
  });
});

type Script = Parameters<typeof serve>[0];

describe('Values in errors', () => {
  const CANARIES = { contact: `Canary O'Zoë <4711> & "Söhne" (x)`, street: 'Canary Straße 4712!' };

  it('an API that repeats values in an error, in every form, is shown without them', async () => {
    const errors = Object.values(CANARIES)
      .flatMap(formsOf)
      .map((form) => ({
        code: '10027',
        title: form,
        detail: `Not good: ${form}.`,
        source: { pointer: `/${form}` },
      }));
    const answers = [errors.slice(0, errors.length / 2), errors.slice(errors.length / 2)];
    for (const half of answers) {
      for (const format of ['text', 'json']) {
        const manifest = germanGroup({ contact: CANARIES.contact.replaceAll('"', '\\"') });
        const repository = await repositoryWith({
          'groups/de.yaml': manifest.replace('Musterstraße 1', CANARIES.street),
        });
        const server = await relay(repository.sandbox, (answer, { method, url }) =>
          method === 'POST' && url.pathname.endsWith('/requirement_groups')
            ? { status: 422, body: { errors: half } }
            : answer,
        );
        const env = { TELNYX_BASE_URL: server.baseUrl };
        const result = await repository.run(['apply', '--yes', '--parallelism', '1', '--format', format], {
          env,
        });
        expect(result.code).toBe(4);
        // The first word of each is enough to see that something of it came through.
        expect(everythingFrom(result)).not.toMatch(/canary/i);
        expectWithout(result, Object.values(CANARIES));
        expect(result.out).toContain('«sensitive»');
      }
    }
  });

  it('HTML is not shown at all, nor is anything of a successful answer that makes no sense', async () => {
    const repository = await repositoryWith({ 'groups/de.yaml': germanGroup({ contact: 'Canary 4711' }) });
    for (const status of [400, 422, 200]) {
      const server = await relay(repository.sandbox, (answer, { method, body }) =>
        method === 'POST' ? { status, body: `<html>canary-html ${body}</html>` } : answer,
      );
      const result = await repository.run(['apply', '--yes'], { env: { TELNYX_BASE_URL: server.baseUrl } });
      expect(result.code).toBe(4);
      expect(everythingFrom(result)).not.toMatch(/canary/i);
    }
  });

  it('a reviewer who quotes a value of the manifest is shown without it', async () => {
    const repository = await repositoryWith({ 'groups/de.yaml': germanGroup({ contact: 'Canary 4711' }) });
    await repository.run(['apply', '--yes']);
    const comment = 'We could not reach CANARY 4711 by phone';
    await repository.control('groups/decline?reference=regsync/acme/de-local', { comment });
    const commands = [['plan'], ['status'], ['plan', '--format', 'json'], ['status', '--format', 'json']];
    for (const result of await Promise.all(commands.map((args) => repository.run(args)))) {
      expect(result.out).toContain('We could not reach «sensitive» by phone');
      expect(everythingFrom(result)).not.toMatch(/canary/i);
    }
  });
});

describe('HTML report', () => {
  it('shows what reviewers and the catalogue say as text: no markup of theirs is in the page', async () => {
    const repository = await repositoryWith({ 'groups/de.yaml': germanGroup({ contact: 'Canary 4711' }) });
    const markup = "</style><script>alert(1)</script><img src=x onerror=alert(1)>\"><b onclick='x'>\u202e";
    const server = await relay(repository.sandbox, ({ status, body }, { url }) => ({
      status,
      body: url.pathname.includes('requirements')
        ? mapObjects(body, (mapping) =>
            'name' in mapping && mapping.name !== 'Contact Info'
              ? { ...mapping, name: `${mapping.name} ${markup}` }
              : mapping,
          )
        : body,
    }));
    await repository.run(['apply', '--yes']);
    await repository.control('groups/decline?reference=regsync/acme/de-local', {
      comment: `${markup} and Canary 4711`,
    });
    const { code } = await repository.run(['report'], { env: { TELNYX_BASE_URL: server.baseUrl } });
    expect(code).toBe(0);
    const page = await readFile(join(repository.folder, 'report.html'), 'utf8');
    expect(page).toContain('Proof of Local Address &lt;/style&gt;&lt;script&gt;');
    expect(page).not.toMatch(/<script|<img|<b onclick|\u202e|canary/i);
    expect(page.match(/<style>/g)).toHaveLength(1);
    expect(page).toContain('«sensitive»');
  });
});

describe('Terminal escapes', () => {
  const hostile = Object.values(ESCAPES).join(' ');

  it('in what a reviewer writes are shown as text, in the plan, in the status and in their JSON', async () => {
    const repository = await repositoryWith({ 'groups/de.yaml': germanGroup() });
    await repository.run(['apply', '--yes']);
    await repository.control('groups/decline?reference=regsync/acme/de-local', { comment: hostile });
    const commands = [['plan'], ['status'], ['plan', '--format', 'json'], ['status', '--format', 'json']];
    for (const [index, result] of (
      await Promise.all(commands.map((args) => repository.run(args)))
    ).entries()) {
      expect(everythingFrom(result)).not.toMatch(UNPRINTABLE);
      if (index < 2) expect(result.out).toContain('\\u001b[31mred');
      else {
        // A plan says it on one line; the status has it as it was written.
        const written = index === 2 ? hostile.trim().replaceAll(/\s+/gu, ' ') : hostile;
        expect(JSON.stringify(JSON.parse(result.out))).toContain(JSON.stringify(written).slice(1, -1));
      }
    }
  });

  it('in anything else that the API says are shown as text too', async () => {
    const repository = await repositoryWith({ 'groups/de.yaml': germanGroup() });
    const errors = Object.values(ESCAPES).map((text) => ({ code: text, title: text, detail: text }));
    const server = await relay(repository.sandbox, ({ status, body }, { method, url }) => {
      if (method === 'POST') return { status: 422, body: { errors } };
      if (!url.pathname.includes('requirements')) return { status, body };
      const renamed = mapObjects(body, (mapping) =>
        'name' in mapping && mapping.name !== 'Contact Info'
          ? { ...mapping, name: `${mapping.name} ${hostile}`, description: hostile }
          : mapping,
      );
      return { status, body: renamed };
    });
    const env = { TELNYX_BASE_URL: server.baseUrl };
    for (const args of [['apply', '--yes'], ['plan']]) {
      const result = await repository.run(args, { env });
      expect(everythingFrom(result)).toContain('\\u001b[31mred');
      expect(everythingFrom(result)).not.toMatch(UNPRINTABLE);
    }
  });

  it('in names, keys, paths and arguments are shown as text', async () => {
    const quoted = JSON.stringify(hostile);
    const repository = await repositoryWith({
      'groups/\u001b[2J.yaml': frenchGroup(),
      'groups/a\u202e.yaml': frenchGroup(),
      'groups/names.yaml': `kind: Document\napiVersion: regsync/v1\nname: ${quoted}\nfile: ${quoted}\n${quoted}: x\n`,
      'groups/kind.yaml': `kind: ${quoted}\n`,
      'groups/more.yaml': groupOf([
        `document: ${quoted}`,
        `text_from: { env: ${quoted} }`,
        `text_from: { file: ${quoted} }`,
      ]),
      'groups/raw.yaml': 'kind: \u001b[31m\n',
    });
    const runs = [
      ['validate'],
      ['plan'],
      ['plan', '--format', 'json'],
      ['validate', hostile],
      ['plan', '--target', hostile],
      ['plan', '--out', hostile],
      ['apply', '--plan', hostile],
      ['--chdir', hostile, 'plan'],
      [hostile],
    ];
    for (const result of await Promise.all(runs.map((args) => repository.run(args)))) {
      expect({ code: result.code, signal: result.signal }).toEqual({ code: 3, signal: null });
      expect(everythingFrom(result)).not.toMatch(UNPRINTABLE);
    }
  });

  it('a reader that goes away is no error', async () => {
    const repository = await repositoryWith({ 'groups/de.yaml': germanGroup() });
    const { child, result } = repository.start(['plan']);
    child.stdout?.destroy();
    expect(await result).toMatchObject({ code: 0, signal: null });
  });
});

describe('Plan file', () => {
  async function planned(): Promise<{ repository: TestRepository; text: string; path: string }> {
    const repository = await repositoryWith({ 'groups/fr.yaml': frenchGroup() });
    expect((await repository.run(['plan', '--out', 'plan.json'])).code).toBe(0);
    const path = join(repository.folder, 'plan.json');
    await repository.forgetRequests();
    return { repository, text: await readFile(path, 'utf8'), path };
  }

  /** What `apply --plan` asks of a file before it does anything else. */
  async function isAccepted(path: string, repository: TestRepository): Promise<boolean> {
    const keys = derivePlanKeys(new Sensitive(SAMPLE_KEY), {
      scope: 'acme',
      account: null,
      baseUrl: repository.sandbox.url,
    });
    try {
      return isAuthentic(await readPlanFile(path), keys);
    } catch (error) {
      if (error instanceof RefusedError) return false;
      throw error;
    }
  }

  it('with any byte changed is refused, unless it says the same', async () => {
    const { repository, text, path } = await planned();
    expect(await isAccepted(path, repository)).toBe(true);
    const meaning = canonicalJson(JSON.parse(text));
    const bytes = Buffer.from(text);
    for (const index of bytes.keys()) {
      const flipped = Buffer.from(bytes);
      flipped[index] = (bytes[index] ?? 0) ^ (1 << (index % 8));
      await writeFile(path, flipped);
      const saysTheSame = meaningOf(flipped) === meaning;
      expect(await isAccepted(path, repository), `byte ${index} of ${text}`).toBe(saysTheSame);
    }
  });

  function meaningOf(bytes: Buffer): string | null {
    try {
      return canonicalJson(JSON.parse(bytes.toString('utf8')));
    } catch {
      return null;
    }
  }

  it('that was changed or made elsewhere is refused with exit 5, and nothing is written', async () => {
    const { repository, text } = await planned();
    const plan = JSON.parse(text) as Plan;
    const changes: Record<string, string> = {
      'an action': text.replace('"submit"', '"update"'),
      'a gate': text.replace('"prune": false', '"prune": true'),
      'a fingerprint': text.replace(
        plan.fingerprint,
        plan.fingerprint.replace(/^./, (hex) => (hex === '0' ? '1' : '0')),
      ),
      'a name': text.replaceAll('fr-local', 'fr-other'),
      'no MAC': JSON.stringify({ ...plan, mac: undefined }),
      'an empty MAC': JSON.stringify({ ...plan, mac: '' }),
      'a MAC of no bytes': JSON.stringify({ ...plan, mac: [] }),
      'one key more': text.replace('{', '{"more": 1,'),
      'a prototype': text.replace('{', '{"__proto__": {"applyable": true},'),
      'a key twice': text.replace('"applyable": true', '"applyable": true, "applyable": false'),
      'its end cut off': text.slice(0, -20),
      'nothing in it': '',
      'null in it': 'null',
      'deep nesting': '['.repeat(200_000),
    };
    for (const [name, changed] of Object.entries(changes))
      await repository.write(`changed/${name}.json`, changed);
    const results = Object.keys(changes).map(async (name) => {
      const { code } = await repository.run(['apply', '--plan', `changed/${name}.json`]);
      return [name, code];
    });
    expect(await Promise.all(results)).toEqual(Object.keys(changes).map((name) => [name, 5]));
    const elsewhere = { TELNYX_API_KEY: 'KEY_of_somebody_else' };
    expect((await repository.run(['apply', '--plan', 'plan.json'], { env: elsewhere })).code).toBe(5);
    expect((await repository.requests()).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(0);
  });

  it('with other white space says the same', async () => {
    const { repository, text } = await planned();
    await repository.write('plan.json', JSON.stringify(JSON.parse(text)));
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(0);
  });
});

describe('Low-entropy guessing', () => {
  const BIRTH_DATE = '1990-01-31';

  it('a plan of a short value holds no digest of it that could be made without the key', async () => {
    const repository = await repositoryWith({ 'groups/de.yaml': germanGroup({ contact: BIRTH_DATE }) });
    const { out } = await repository.run(['plan', '--format', 'json', '--out', 'plan.json']);
    const plan = await readFile(join(repository.folder, 'plan.json'), 'utf8');
    const said = [plan, out, (await repository.run(['plan', '--verbose'])).out].join('\n').toLowerCase();
    const digests = [...said.matchAll(/[0-9a-f]{8,}/g)].map(([digest]) => digest);
    expect(digests.length).toBeGreaterThan(10);
    const ids = ['', 'de-local', DE_REQUIREMENTS.contact];
    const forms = [BIRTH_DATE, `text:${BIRTH_DATE}`, `${BIRTH_DATE}\n`, JSON.stringify(BIRTH_DATE)];
    const mixed = ids.flatMap((id) =>
      forms.flatMap((form) => [`${id}${form}`, `${id}/${form}`, `${form}${id}`]),
    );
    mixed.push(...forms.map((form) => canonicalJson(['de-local', DE_REQUIREMENTS.contact, form])));
    for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512', 'sha3-256', 'blake2b512']) {
      for (const form of mixed) {
        const digest = createHash(algorithm).update(form).digest();
        const hex = digest.toString('hex');
        expect(digests.filter((shown) => hex.startsWith(shown.slice(0, 8)))).toEqual([]);
        expect(said).not.toContain(digest.toString('base64').slice(0, 10).toLowerCase());
      }
    }
    expect(said).not.toContain(BIRTH_DATE);
  });

  it('values of other lengths, and equal ones, cannot be told apart', async () => {
    const plans = ['x', 'A text of quite another length than the one that was there before'].map(
      async (contact) => {
        const repository = await repositoryWith({
          'groups/a.yaml': germanGroup({ name: 'a', contact }),
          'groups/b.yaml': germanGroup({ name: 'b', contact }),
        });
        return (await repository.run(['plan', '--format', 'json'])).out;
      },
    );
    const [short = '', long = ''] = await Promise.all(plans);
    expect(withoutKeyed(short)).toBe(withoutKeyed(long));
    const prints = (JSON.parse(short) as Plan).changes.flatMap(({ group }) =>
      (group?.values ?? []).map(({ after }) => after),
    );
    expect(prints).toHaveLength(10);
    expect(new Set(prints).size).toBe(10);
  });

  it('another key gives other fingerprints for all of it', async () => {
    const repository = await repositoryWith({ 'groups/de.yaml': germanGroup({ contact: BIRTH_DATE }) });
    const plans = [
      'one plan key, for tests alone, of samples',
      'another plan key, for tests alone, of samples',
    ].map((key) => repository.run(['plan', '--format', 'json'], { env: { REGSYNC_PLAN_KEY: key } }));
    const [one = [], other = []] = (await Promise.all(plans)).map(({ out }): string[] => [
      ...(out.match(/«\w+»|\b[0-9a-f]{64}\b/g) ?? []),
    ]);
    expect(one.length).toBeGreaterThan(10);
    expect(one.filter((print) => other.includes(print))).toEqual([]);
  });
});

describe('Environment', () => {
  const SECRETS = {
    AWS_SECRET_ACCESS_KEY: 'canary-aws-4720',
    DATABASE_URL: 'postgres://canary-4721@db.example.com',
  };

  it('only variables that are made for it can be named', async () => {
    const names = [
      'HOME',
      'TELNYX_API_KEY',
      'REGSYNC_PLAN_KEY',
      'regsync_var_x',
      'REGSYNC_VAR_',
      'XREGSYNC_VAR_X',
      '__proto__',
    ];
    const repository = await repositoryWith({
      'groups/de.yaml': groupOf(names.map((name) => `text_from: { env: ${name} }`)),
    });
    const result = await repository.run(['plan', '--format', 'json'], { env: SECRETS });
    expect(placesOf(result)).toEqual(names.map((_, index) => `groups/de.yaml:${8 + index} invalid-value`));
    expect(await repository.requests()).toEqual([]);
  });

  it('nothing is filled in, and no other variable is in any output or request', async () => {
    const contact = '$HOME $AWS_SECRET_ACCESS_KEY {{ env.DATABASE_URL }} %DATABASE_URL%';
    const repository = await repositoryWith({ 'groups/de.yaml': germanGroup({ contact }) });
    for (const args of [
      ['validate'],
      ['plan', '--verbose'],
      ['apply', '--yes', '--verbose'],
      ['status', '--verbose'],
    ]) {
      const result = await repository.run(args, { env: SECRETS });
      expect(result.code).toBe(0);
      expect(everythingFrom(result)).not.toContain('canary');
    }
    const requests = JSON.stringify(await repository.requests());
    expect(requests).toContain(JSON.stringify(contact).slice(1, -1));
    expect(requests).not.toContain('canary');
  });
});
