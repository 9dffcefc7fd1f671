import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyFolder, readTree } from '../support/folders.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => repository.end());

describe('explain', () => {
  it('tells for reading what a combination demands', async () => {
    const { code, out, err } = await repository.run(['explain', 'de', 'local', 'porting']);
    expect(code).toBe(0);
    expect(out).toBe(`DE local porting   3 requirements · version 1

  Contact Info
    text, 2708e569-696a-4fc7-9305-5fdb3eb9c7dd
    Name, company and phone number of the person to contact about the number
    Example: Jo Example, Example GmbH, +49 30 0000000

  Letter of Authorization
    document, 9ec0b9cc-d53e-486a-937e-797d9117e043
    Allows the porting of the numbers listed, signed by their present holder
    Example: Signed letter as PDF
    Time limit: Less than 30 days old

  Account Number
    text, f9a8c3f0-14e0-49ac-922c-0caca5f75025
    The number of the account at the losing carrier
    Example: 0000123456
    Length: 6 to 12 characters
    Characters: 0123456789
`);
    expect(err).toContain('As Telnyx describes it.');
    expect((await repository.requests()).every(({ method }) => method === 'GET')).toBe(true);
  });

  it('lists everything that a country demands, in one request', async () => {
    await repository.forgetRequests();
    const { code, out } = await repository.run(['explain', 'de']);
    expect([code, out]).toEqual([
      0,
      `DE local ordering   5 requirements
  Contact Info · Business Registration · Proof of Local Address · Signed
  Regulatory Form · Local Address
DE local porting   3 requirements
  Contact Info · Letter of Authorization · Account Number

To see each in full: regsync explain DE local ordering
`,
    ]);
    const requests = (await repository.requests()).map(({ method, path }) => `${method} ${path}`);
    expect(requests).toEqual(['GET /requirements']);
    const { combinations } = JSON.parse((await repository.run(['explain', 'DE', '--format', 'json'])).out);
    expect(combinations).toMatchObject([
      { country_code: 'DE', phone_number_type: 'local', action: 'ordering' },
      { country_code: 'DE', phone_number_type: 'local', action: 'porting' },
    ]);
  });

  it('says so if Telnyx lists nothing for a country', async () => {
    const { code, out } = await repository.run(['explain', 'AQ']);
    expect([code, out]).toEqual([0, expect.stringContaining('Telnyx lists nothing for AQ.')]);
  });

  it('takes a combination as one word', async () => {
    const three = await repository.run(['explain', 'de', 'local', 'porting']);
    for (const word of ['de/local/porting', 'DE local porting'])
      expect(await repository.run(['explain', word])).toEqual(three);
  });

  it.each([
    ['a name', 'fr-local'],
    ['a file', 'groups/fr.yaml'],
  ])('takes %s of a group', async (_, word) => {
    const { code, out } = await repository.run(['explain', word]);
    expect(code).toBe(0);
    expect(out).toMatch(/^FR local ordering {3}1 requirement · version 1 · for fr-local\n/);
    expect(out).not.toContain('DE local');
  });

  it('tells everything that the manifests use, each combination once', async () => {
    await repository.write('groups/de-2.yaml', germanGroup({ name: 'de-two' }));
    const { combinations } = JSON.parse((await repository.run(['explain', '--format', 'json'])).out);
    expect(combinations).toMatchObject([
      { country_code: 'DE', phone_number_type: 'local', action: 'ordering', groups: ['de-two', 'de-local'] },
      { country_code: 'FR', groups: ['fr-local'] },
    ]);
    expect(combinations[0].requirements).toHaveLength(5);
    expect(combinations[1].requirements).toMatchObject([
      { name: 'Proof of Address', field_type: 'document', acceptance_criteria: { min_length: null } },
    ]);
  });

  it('explains a manifest that is still to be filled in', async () => {
    await repository.run(['new', 'PT', 'local', 'ordering', '--name', 'acme-pt']);
    const { code, out } = await repository.run(['explain', 'acme-pt']);
    expect(code).toBe(0);
    expect(out).toContain('Pattern: (pt)?[0-9]{9} (capitals do not matter)');
  });

  it('needs no repository for a combination, and leaves nothing behind', async () => {
    const folder = await emptyFolder();
    for (const args of [[], ['--sandbox']]) {
      const result = await repository.run(['explain', 'FR', 'local', 'ordering', ...args], { cwd: folder });
      expect(result.code).toBe(0);
      expect(result.out).toContain('Proof of Address');
    }
    expect(await readTree(folder)).toEqual({});
  });

  it('asks the lock first, without network and key, and the API for what that does not know', async () => {
    expect((await repository.run(['lock'])).code).toBe(0);
    await repository.control('catalogue/FR/local/ordering', { replace: [] }, 'PATCH');
    await repository.forgetRequests();
    const offline = await repository.run(['explain', 'fr-local'], { env: { TELNYX_API_KEY: undefined } });
    expect([offline.code, offline.err]).toEqual([0, expect.stringContaining('As regsync.lock.yaml says')]);
    expect(offline.out).toContain('Proof of Address');
    expect(await repository.requests()).toEqual([]);

    const { out, err } = await repository.run(['explain', 'DE', 'local', 'porting']);
    expect(out).toContain('Letter of Authorization');
    expect(err).toContain('As Telnyx describes it.');
  });

  it('does not take the sandbox’s sample data for what Telnyx demands, nor an edited lock for a lock', async () => {
    await repository.run(['lock']);
    const env = { TELNYX_API_KEY: undefined, TELNYX_BASE_URL: undefined };
    const elsewhere = await repository.run(['explain', 'fr-local'], { env });
    expect([elsewhere.code, elsewhere.err]).toEqual([
      7,
      expect.stringContaining('sample data of the sandbox'),
    ]);

    const path = join(repository.folder, 'regsync.lock.yaml');
    const text = await readFile(path, 'utf8');
    await repository.write('regsync.lock.yaml', text.replace('Proof of Address', 'Proof of Anything'));
    expect((await repository.run(['explain', 'fr-local'])).code).toBe(3);
  });

  it('says that nothing is demanded', async () => {
    const { code, out } = await repository.run(['explain', 'US', 'local', 'ordering']);
    expect(code).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain('Nothing is demanded, so no group is needed');
  });

  it.each([
    [['fr-locl'], 'Did you mean "fr-local"?'],
    [['DE', 'local'], 'a country, type and action'],
    [['DE', 'local', 'ordering', 'now'], 'a country, type and action'],
    [['groups/missing.yaml'], 'is not the name or the file of a group'],
  ])('says what is wrong with %j', async (words, message) => {
    const { code, err } = await repository.run(['explain', ...words]);
    expect(code).toBe(3);
    expect(err).toContain(message);
  });

  it('says so when a manifest does not tell what it is for', async () => {
    await repository.write('groups/odd.yaml', 'apiVersion: regsync/v1\nkind: RequirementGroup\nname: odd\n');
    const { code, err } = await repository.run(['explain', 'odd']);
    expect(code).toBe(3);
    expect(err).toContain('groups/odd.yaml: the group "odd" does not state its country, type and action');
  });

  it('prints what the API says without what acts on a terminal, and within its width', async () => {
    const add = {
      id: '00000000-0000-4000-8000-000000000000',
      type: 'textual',
      name: 'Odd \u001b[2J name',
      description: `${'words '.repeat(60)}\n\u202e`,
      example: 'x'.repeat(300),
    };
    await repository.control('catalogue/FR/local/ordering', { add: [add] }, 'PATCH');
    const { out } = await repository.run(['explain', 'fr-local']);
    expect(out).toContain('Odd \\u001b[2J name');
    expect(out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
