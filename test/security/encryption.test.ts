import { mkdtemp, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Encrypter } from 'age-encryption';
import { describe, expect, it, onTestFinished } from 'vitest';
import { armor } from '../../src/manifest/encryption/ciphertext.ts';
import { encryptFor } from '../../src/manifest/encryption/recipients.ts';
import { type AgeKeyPair, newAgeKeyPair, sha256 } from '../support/age-keys.ts';
import { DE_REQUIREMENTS, type Result, type TestRepository } from '../support/test-repository.ts';
import { everythingFrom, placesOf, repositoryWith, textGroup } from './hostile.ts';

/** Encrypted documents and texts against the whole program. Chapters are named as in SECURITY.md. */

const PASSPORTS = { jane: 'Passport-of-Jane-4711', john: 'Passport-of-John-4712' };

function group(name: string, file: string, pin: string): string {
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering
partial: true
requirements:
  - requirement: ${DE_REQUIREMENTS.registration}
    document:
      file: ../documents/${file}
      sha256: ${pin}
`;
}

interface Scene {
  readonly repository: TestRepository;
  readonly owner: AgeKeyPair;
  readonly apply: (owner?: AgeKeyPair, ...args: readonly string[]) => Promise<Result>;
  readonly writes: () => Promise<number>;
}

/** Two groups, each with a passport of its own. */
async function twoPassports(): Promise<Scene> {
  const owner = await newAgeKeyPair();
  const repository = await repositoryWith({
    'groups/jane.yaml': group('jane', 'jane.pdf.age', sha256(PASSPORTS.jane)),
    'groups/john.yaml': group('john', 'john.pdf.age', sha256(PASSPORTS.john)),
  });
  for (const [name, passport] of Object.entries(PASSPORTS)) {
    await repository.write(
      `documents/${name}.pdf.age`,
      await encryptFor([owner.recipient], Buffer.from(passport)),
    );
  }
  return {
    repository,
    owner,
    apply: (who, ...args) =>
      repository.run(
        ['apply', '--yes', ...args],
        who === undefined ? {} : { env: { REGSYNC_AGE_IDENTITY: who.identity } },
      ),
    writes: async () => (await repository.requests()).filter(({ method }) => method !== 'GET').length,
  };
}

function expectNothingOf(result: Result, ...secrets: readonly string[]): void {
  for (const secret of secrets) expect(everythingFrom(result)).not.toContain(secret);
}

describe('Ciphertext swap', () => {
  it('two encrypted files in the place of each other are refused before anything is written, at the lines that pin them', async () => {
    const { repository, owner, apply, writes } = await twoPassports();
    expect((await repository.run(['plan', '--out', 'plan.json'])).code).toBe(0);
    await rename(
      join(repository.folder, 'documents/jane.pdf.age'),
      join(repository.folder, 'documents/away'),
    );
    await rename(
      join(repository.folder, 'documents/john.pdf.age'),
      join(repository.folder, 'documents/jane.pdf.age'),
    );
    await rename(
      join(repository.folder, 'documents/away'),
      join(repository.folder, 'documents/john.pdf.age'),
    );
    for (const result of [
      await apply(owner, '--format', 'json'),
      await repository.run(['apply', '--plan', 'plan.json', '--format', 'json'], {
        env: { REGSYNC_AGE_IDENTITY: owner.identity },
      }),
    ]) {
      expect(placesOf(result)).toEqual([
        'groups/jane.yaml:11 digest-mismatch',
        'groups/john.yaml:11 digest-mismatch',
      ]);
      expect(result.err).toContain('documents/jane.pdf.age');
      expectNothingOf(result, ...Object.values(PASSPORTS));
    }
    expect(await writes()).toBe(0);
  });

  it('a file that somebody else has encrypted for the recipients is refused too', async () => {
    const { repository, owner, apply, writes } = await twoPassports();
    const forged = await encryptFor([owner.recipient], Buffer.from('Passport-of-Mallory-4713'));
    await repository.write('documents/jane.pdf.age', forged);
    const result = await apply(owner, '--format', 'json');
    expect(placesOf(result)).toEqual(['groups/jane.yaml:11 digest-mismatch']);
    // The digest of what is in it would be worth guessing at: only the pinned one stands anywhere.
    expectNothingOf(result, 'Mallory', sha256('Passport-of-Mallory-4713'));
    expect(await writes()).toBe(0);
  });

  it('without a pin there is nothing to hold a file to, so none is a problem, for validate and plan as well', async () => {
    const { repository } = await twoPassports();
    await repository.write('groups/jane.yaml', group('jane', 'jane.pdf.age', '').replace(/ *sha256.*\n/, ''));
    for (const command of ['validate', 'plan', 'apply']) {
      const result = await repository.run([
        command,
        '--format',
        'json',
        ...(command === 'apply' ? ['--yes'] : []),
      ]);
      expect(placesOf(result)).toEqual(['groups/jane.yaml:11 missing-digest']);
    }
  });

  it('rekey refuses swapped files as well, and keeps all of them as they are', async () => {
    const { repository, owner } = await twoPassports();
    await repository.write('.regsync/recipients', (await newAgeKeyPair()).recipient);
    const swapped = await readFile(join(repository.folder, 'documents/john.pdf.age'));
    await repository.write('documents/jane.pdf.age', swapped);
    const result = await repository.run(['rekey', '--format', 'json'], {
      env: { REGSYNC_AGE_IDENTITY: owner.identity },
    });
    expect(placesOf(result)).toEqual(['groups/jane.yaml:11 digest-mismatch']);
    expect(Buffer.compare(await readFile(join(repository.folder, 'documents/jane.pdf.age')), swapped)).toBe(
      0,
    );
  });
});

describe('Decryption oracle', () => {
  const SECRET = 'Tax-Number-4714-Zoë';

  async function inline(recipient: string, indentation: string): Promise<string> {
    const lines = armor(await encryptFor([recipient], Buffer.from(SECRET)))
      .trimEnd()
      .split('\n');
    return lines.map((line) => `${indentation}${line}\n`).join('');
  }

  async function withText(manifest: (block: string) => string) {
    const owner = await newAgeKeyPair();
    const repository = await repositoryWith({});
    await repository.write('groups/de.yaml', manifest(await inline(owner.recipient, '        ')));
    const run = (...args: readonly string[]) =>
      repository.run(args, { env: { REGSYNC_AGE_IDENTITY: owner.identity } });
    return { stage: repository, owner, run };
  }

  it.each([
    ['a name', (block: string) => textGroup('text: x').replace('name: de-local', `name: |\n${block}`)],
    ['a reference', (block: string) => `${textGroup('text: x')}customer_reference: |\n${block}`],
    ['a requirement', (block: string) => textGroup('text: x').replace('Contact Info', `|\n${block}`)],
    ['a text', (block: string) => textGroup(`text: |\n${block}`)],
    ['a variable', (block: string) => textGroup(`text_from:\n      env: |\n${block}`)],
    ['a path', (block: string) => textGroup(`text_from:\n      file: |\n${block}`)],
  ])('a ciphertext that is moved to where %s stands is not decrypted there', async (_, manifest) => {
    const { stage: repository, run } = await withText(manifest);
    for (const args of [['validate'], ['plan'], ['apply', '--yes'], ['status']]) {
      expectNothingOf(await run(...args), SECRET, sha256(SECRET));
    }
    const values = (await repository.state()).groups.flatMap((row) => row.regulatory_requirements);
    expect(values.map(({ field_value }) => field_value)).not.toContain(SECRET);
  });

  it('what is decrypted is in no output, whoever repeats it, and in no fingerprint that could be guessed', async () => {
    const { stage: repository, run } = await withText((block) =>
      textGroup(`text_from:\n      age: |\n${block}`),
    );
    const results = [
      await run('plan', '--out', 'plan.json', '--format', 'json'),
      await run('plan', '--show-values'),
      await run('plan', '--verbose'),
    ];
    for (const body of ['echo', 'echo_html']) {
      await repository.control('faults', { kind: 'status', status: 422, body, match: { method: 'POST' } });
      results.push(await run('apply', '--yes', '--format', 'json'));
    }
    results.push(await run('apply', '--yes'));
    results.push(await run('status'), await run('status', '--format', 'json'));
    expect((await repository.state()).groups[0]?.regulatory_requirements[0]?.field_value).toBe(SECRET);
    results.push({
      code: 0,
      signal: null,
      out: await readFile(join(repository.folder, 'plan.json'), 'utf8'),
      err: '',
    });
    for (const result of results) expectNothingOf(result, SECRET, sha256(SECRET).slice(0, 32));
  });

  it('a text that is pointed to as a document needs the digest of what is in it, and does not tell it', async () => {
    const {
      stage: repository,
      owner,
      run,
    } = await withText(() => group('de', 'text.txt.age', 'a'.repeat(64)));
    await repository.write(
      'documents/text.txt.age',
      await encryptFor([owner.recipient], Buffer.from(SECRET)),
    );
    const result = await run('apply', '--yes');
    expect(result.code).toBe(3);
    expectNothingOf(result, SECRET, sha256(SECRET).slice(0, 16));
    expect((await repository.state()).documents).toEqual([]);
  });
});

describe('Identity', () => {
  it('is not needed to validate and to plan, nor to apply where nothing encrypted is to be uploaded', async () => {
    const { repository, owner, apply } = await twoPassports();
    expect((await repository.run(['validate'])).code).toBe(0);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(2);
    const first = await apply(owner);
    expect(first.code, first.err).toBe(0);
    expect((await repository.state()).documents.map((document) => document.sha256).sort()).toEqual(
      Object.values(PASSPORTS).map(sha256).sort(),
    );
    const again = await apply();
    expect([again.code, again.err]).toEqual([0, expect.stringContaining('No changes')]);
    // The same passport in a third group is reused.
    await repository.write('groups/third.yaml', group('third', 'jane.pdf.age', sha256(PASSPORTS.jane)));
    expect((await apply()).code).toBe(0);
  });

  it('that is missing or another is known before the first write, with all documents that need it', async () => {
    const { apply, writes } = await twoPassports();
    for (const [who, code] of [
      [undefined, 'missing-identity'],
      [await newAgeKeyPair(), 'wrong-identity'],
    ] as const) {
      const result = await apply(who, '--format', 'json');
      expect(placesOf(result)).toEqual([`groups/jane.yaml:11 ${code}`, `groups/john.yaml:11 ${code}`]);
      expect(JSON.parse(result.out)).toMatchObject({
        error: {
          message: expect.stringContaining('nothing was applied: regsync cannot decrypt 2 documents'),
        },
      });
    }
    expect(await writes()).toBe(0);
  });

  it('may be one of several, in a file with comments', async () => {
    const { repository, owner } = await twoPassports();
    const folder = await mkdtemp(join(tmpdir(), 'regsync-keys-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const keys = join(folder, 'keys.txt');
    await writeFile(
      keys,
      `# created: today\n${(await newAgeKeyPair()).identity}\n\n# public key: x\n${owner.identity}\n`,
    );
    const applied = await repository.run(['apply', '--yes'], { env: { REGSYNC_AGE_IDENTITY_FILE: keys } });
    expect(applied.code, applied.err).toBe(0);
  });

  it('that git could carry is refused, by its own path or through a link', async () => {
    const { repository, owner, writes } = await twoPassports();
    await repository.write('key.txt', `${owner.identity}\n`);
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'regsync-keys-')));
    onTestFinished(() => rm(folder, { recursive: true }));
    await symlink(join(repository.folder, 'key.txt'), join(folder, 'link.txt'));
    for (const path of ['key.txt', join(repository.folder, 'key.txt'), join(folder, 'link.txt')]) {
      const result = await repository.run(['apply', '--yes'], { env: { REGSYNC_AGE_IDENTITY_FILE: path } });
      expect([result.code, result.err]).toEqual([3, expect.stringContaining('points into the repository')]);
      expectNothingOf(result, owner.identity);
    }
    expect(await writes()).toBe(0);
  });

  it.each([
    ['mistyped', (identity: string) => identity.replace(/.$/, (last) => (last === 'Q' ? 'P' : 'Q'))],
    ['cut', (identity: string) => identity.slice(0, 60)],
    ['in lower case', (identity: string) => identity.toLowerCase()],
    ['in quotes', (identity: string) => `"${identity}"`],
    ['a recipient after all', () => 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq'],
  ])('that is %s is refused without being repeated', async (_, spoil) => {
    const { repository, owner, writes } = await twoPassports();
    const spoilt = spoil(owner.identity);
    const result = await repository.run(['apply', '--yes'], { env: { REGSYNC_AGE_IDENTITY: spoilt } });
    expect([result.code, result.err]).toEqual([3, expect.stringContaining('REGSYNC_AGE_IDENTITY: line 1')]);
    expectNothingOf(result, spoilt, owner.identity.slice(20, 50), owner.identity.toLowerCase().slice(20, 50));
    expect(await writes()).toBe(0);
  });

  it('that somebody has pasted where names stand is not printed by whoever has it', async () => {
    const { owner, repository } = await twoPassports();
    await repository.write('groups/de.yaml', textGroup('text: x').replace('Contact Info', owner.identity));
    const env = { REGSYNC_AGE_IDENTITY: owner.identity };
    const result = await repository.run(['plan'], { env });
    expect([result.code, result.err]).toEqual([3, expect.stringContaining('«sensitive»')]);
    expectNothingOf(result, owner.identity);
  });

  it('that is given twice is not guessed at', async () => {
    const { repository, owner } = await twoPassports();
    const env = { REGSYNC_AGE_IDENTITY: owner.identity, REGSYNC_AGE_IDENTITY_FILE: '/dev/null' };
    const result = await repository.run(['apply', '--yes'], { env });
    expect([result.code, result.err]).toEqual([3, expect.stringContaining('both set')]);
  });
});

describe('Hostile age files', () => {
  const BODY = Buffer.alloc(32).toString('base64').replace(/=+$/, '');
  const SHARE = Buffer.alloc(32, 9).toString('base64').replace(/=+$/, '');

  async function passphrase(): Promise<Uint8Array> {
    const encrypter = new Encrypter();
    encrypter.setScryptWorkFactor(1);
    encrypter.setPassphrase('open sesame');
    return encrypter.encrypt('x');
  }

  it.each<[string, string, () => Promise<Uint8Array | string>]>([
    ['with a passphrase', 'passphrase-encrypted', passphrase],
    [
      'that asks for 2^60 rounds of scrypt',
      'passphrase-encrypted',
      async () => `age-encryption.org/v1\n-> scrypt ${SHARE} 60\n${BODY}\n--- ${BODY}\n`,
    ],
    [
      'with a passphrase beside recipients',
      'passphrase-encrypted',
      async () =>
        `age-encryption.org/v1\n-> X25519 ${SHARE}\n${BODY}\n-> scrypt ${SHARE} 60\n${BODY}\n--- ${BODY}\n`,
    ],
    [
      'for a million recipients',
      'damaged-file',
      async () => `age-encryption.org/v1\n${`-> X25519 ${SHARE}\n${BODY}\n`.repeat(150_000)}--- ${BODY}\n`,
    ],
    [
      'with a header of one endless line',
      'damaged-file',
      async () => `age-encryption.org/v1\n-> ${'x'.repeat(15_000_000)}`,
    ],
    [
      'with a stanza of one word',
      'damaged-file',
      async () => `age-encryption.org/v1\n-> X25519\n\n--- ${BODY}\n`,
    ],
    [
      'with a point of low order',
      'damaged-file',
      async () =>
        `age-encryption.org/v1\n-> X25519 ${BODY}A\n${BODY}\n--- ${BODY}\n`.replace(`${BODY}A`, BODY),
    ],
    [
      'that is larger than any document',
      'too-large',
      async () => `age-encryption.org/v1\n${'x'.repeat(28_000_000)}`,
    ],
  ])('one %s is refused for what it is, and costs little', async (_, code, make) => {
    const { repository, owner, apply, writes } = await twoPassports();
    await repository.write('documents/jane.pdf.age', await make());
    expect(placesOf(await apply(owner, '--format', 'json'))).toEqual([`groups/jane.yaml:11 ${code}`]);
    expect(await writes()).toBe(0);
  });
});
