import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerTo } from '../../support/mistakes.ts';
import { germanGroup, openTestRepository, type TestRepository } from '../../support/test-repository.ts';

/** Mistakes in single keys and values of a manifest: each message says where, what is wrong, and what to type. */
let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

const PROOF = '{ file: ../documents/local-address-proof.pdf }';
const ADDRESS = `
      business_name: Example GmbH
      street_address: Musterstraße 1
      locality: Berlin
      postal_code: "10115"
      country_code: DE
`;

describe('validate names the place, the mistake and the next step', () => {
  it.each<readonly [title: string, from: string | RegExp, to: string, where: string, next: string]>([
    [
      'of a misspelt key',
      'phone_number_type:',
      'phone_number_typ:',
      'groups/de.yaml:5:1  unknown-key',
      'Did you mean "phone_number_type"?',
    ],
    [
      'of UK in place of GB',
      'country_code: DE\n',
      'country_code: UK\n',
      'groups/de.yaml:4:15  unknown-country',
      'Did you mean "GB"?',
    ],
    [
      'of a country in lower case',
      'country_code: DE\n',
      'country_code: nl\n',
      'groups/de.yaml:4:15  unknown-country',
      'Did you mean "NL"?',
    ],
    [
      'of Norway, which some parsers take for false',
      'country_code: DE\n',
      'country_code: no\n',
      'groups/de.yaml:4:15  unknown-country',
      'Did you mean "NO"?',
    ],
    [
      'of toll-free with a dash',
      'phone_number_type: local',
      'phone_number_type: toll-free',
      'groups/de.yaml:5:20  unknown-value',
      'Did you mean "toll_free"?',
    ],
    [
      'of a tab',
      '  - requirement: Contact',
      '\t- requirement: Contact',
      'groups/de.yaml:8:1  invalid-yaml  a tab in the indentation',
      'Indent with spaces.',
    ],
    [
      'of a phone number without quotes',
      /text: ".*"/,
      'text: +493000000',
      'groups/de.yaml:9:11  quote-it',
      'Write text: "…".',
    ],
    [
      'of a postal code without quotes',
      'postal_code: "10115"',
      'postal_code: 01010',
      'groups/de.yaml:21:20  quote-it',
      'Write postal_code: "…".',
    ],
    [
      'of a date in the order of Germany',
      PROOF,
      PROOF.replace(' }', ', expires: 31.01.2027 }'),
      'groups/de.yaml:13:15  invalid-value  "expires" must be a date',
      'Write year, month and day, such as 2027-01-31.',
    ],
    [
      'of a text and a document for one requirement',
      /text: ".*"/,
      'text: Desk\n    document: { file: ../documents/registration.pdf }',
      'groups/de.yaml:10:5  several-values  this requirement has text and document',
      'Keep one of them, and delete the other.',
    ],
    [
      'of a path of Windows',
      '../documents/local-address-proof.pdf',
      '..\\documents\\local-address-proof.pdf',
      'groups/de.yaml:13:15  unsafe-path',
      'Separate folders with "/": write "../documents/local-address-proof.pdf".',
    ],
    [
      'of a manifest that somebody emptied',
      germanGroup(),
      '# Nothing\n',
      'groups/de.yaml:1:1  empty-manifest  this file is empty',
      'Write a manifest into it, or delete the file',
    ],
    [
      'of another digest than that of the document',
      PROOF,
      PROOF.replace(' }', `, sha256: ${'a'.repeat(64)} }`),
      'groups/de.yaml:13:15  digest-mismatch',
      'If you changed the file on purpose, write sha256: ',
    ],
    [
      'of a misspelt name of an address',
      `address:${ADDRESS}`,
      `address: acme-berln\n---\napiVersion: regsync/v1\nkind: Address\nname: acme-berlin\n${ADDRESS.replaceAll('      ', '')}`,
      'groups/de.yaml:17:14  unknown-reference  unknown address "acme-berln"',
      'Did you mean "acme-berlin"?',
    ],
  ])('%s', async (_, from, to, where, next) => {
    const text = germanGroup();
    const wrong = text.replace(from, () => to);
    expect(wrong).not.toBe(text);
    await repository.write('groups/de.yaml', wrong);
    const told = await answerTo(repository, ['validate']);
    expect(told).toContain(where);
    expect(told).toContain(next);
  });

  it('of a document that Git LFS has not fetched', async () => {
    const oid = 'a'.repeat(64);
    await repository.write(
      'documents/local-address-proof.pdf',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 690\n`,
    );
    const told = await answerTo(repository, ['validate']);
    expect(told).toContain('groups/de.yaml:13:15  lfs-pointer');
    expect(told).toContain('Run `git lfs pull` first.');
  });
});
