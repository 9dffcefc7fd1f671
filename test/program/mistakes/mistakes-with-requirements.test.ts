import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerTo } from '../../support/mistakes.ts';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

/** Mistakes about what a country requires, and with the lock: each message says where, what is wrong, and what to type. */
let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

const said = (...args: string[]) => answerTo(repository, args);

async function lockAnd(edit: (lock: string) => string = (lock) => lock): Promise<void> {
  expect((await repository.run(['lock', '--sandbox'])).code).toBe(0);
  const lock = await readFile(join(repository.folder, 'regsync.lock.yaml'), 'utf8');
  await repository.write('regsync.lock.yaml', edit(lock));
}

const ALL =
  '"Contact Info", "Business Registration", "Proof of Local Address", "Signed Regulatory Form", "Local Address"';

describe('validate with a lock, and plan without one, name the place, the mistake and the next step', () => {
  it.each<readonly [title: string, from: string | RegExp, to: string, where: string, next: string]>([
    [
      'of a misspelt requirement',
      'Contact Info',
      'Contact Inf',
      'groups/de.yaml:8:18  unknown-requirement  DE local ordering has no requirement "Contact Inf"',
      'Did you mean "Contact Info"?',
    ],
    [
      'of a requirement of another country',
      DE_REQUIREMENTS.registration,
      'National Tax Number',
      'groups/de.yaml:10:18  unknown-requirement  DE local ordering has no requirement "National Tax Number"',
      `Write one of ${ALL}.`,
    ],
    [
      'of a text in the place of a document',
      'document: { file: ../documents/local-address-proof.pdf }',
      'text: local-address-proof.pdf',
      'groups/de.yaml:13:11  wrong-value-type  "Proof of Local Address" takes a document, not a text',
      'Write document: { file: PATH }, with a path relative to this manifest.',
    ],
    [
      'of a requirement that is left out',
      / {2}- requirement: Contact Info\n.*\n/,
      '',
      'groups/de.yaml:1:1  missing-requirement  group "de-local" leaves a requirement without a value: "Contact Info"',
      'Add the value. If you leave it out on purpose, add `partial: true`.',
    ],
  ])('%s', async (_, from, to, where, next) => {
    const text = germanGroup();
    const wrong = text.replace(from, to);
    expect(wrong).not.toBe(text);
    await repository.write('groups/de.yaml', wrong);
    const planned = await said('plan');
    await repository.write('groups/de.yaml', text);
    await lockAnd();
    await repository.write('groups/de.yaml', wrong);
    const validated = await said('validate');
    for (const told of [planned, validated]) {
      expect(told).toContain(where);
      expect(told).toContain(next);
    }
  });

  it('of a name that two requirements share', async () => {
    await repository.write(
      'groups/de.yaml',
      frenchGroup({ name: 'gb' })
        .replace('FR\nphone_number_type: local', 'GB\nphone_number_type: mobile')
        .replace('Proof of Address', 'Proof of Identity'),
    );
    const told = await said('plan');
    expect(told).toContain(
      'groups/de.yaml:8:18  ambiguous-requirement  "Proof of Identity" is the name of 2 requirements',
    );
    expect(told).toMatch(
      /Write the id instead: [0-9a-f-]{36} \(document: Of the .*\) or [0-9a-f-]{36} \(document: Of the /,
    );
  });
});

describe('a lock', () => {
  it('that is missing is one command away', async () => {
    expect(await said('validate')).toContain(
      'To check the requirements of countries, too, run `regsync lock`.',
    );
    expect(await said('lock', '--check')).toContain(
      'regsync.lock.yaml does not exist. Run `regsync lock`, and commit the file',
    );
  });

  it('in which a merge has left marks is written again', async () => {
    await lockAnd((lock) =>
      lock.replace('sample: true\n', '<<<<<<< HEAD\nsample: true\n=======\nsample: false\n>>>>>>> main\n'),
    );
    const told = await said('validate');
    expect(told).toContain('regsync.lock.yaml:5:1');
    expect(told).toContain('Take either side of the file, then run `regsync lock`.');
  });

  it('of the sandbox is not used for Telnyx', async () => {
    await lockAnd();
    const env = { TELNYX_BASE_URL: 'https://127.0.0.1:9/v2' };
    const told = await answerTo(repository, ['plan'], { env });
    expect(told).toContain(
      'regsync.lock.yaml contains sample data of the sandbox, so regsync does not use it',
    );
    expect(told).toContain('Run `regsync lock` to write the requirements of Telnyx.');
  });
});

it('plan names the line of an id that Telnyx does not know', async () => {
  await repository.write(
    'groups/de.yaml',
    germanGroup({ extra: 'id: 4689d4ed-0000-4000-8000-000000000000\n' }),
  );
  const told = await said('plan');
  expect(told).toContain('groups/de.yaml:7:5  group-not-found');
  expect(told).toContain('Correct `id:`, or remove that line to create a new group.');
});
