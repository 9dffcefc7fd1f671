import { describe, expect, it, test } from 'vitest';
import { findMentions, nameEncrypted } from '../../../src/cli/encryption/name-encrypted.ts';
import type { RepositoryPath } from '../../../src/manifest/files/paths.ts';
import { parseManifests } from '../../../src/manifest/parse.ts';

const PATH = 'groups/a.yaml' as RepositoryPath;
const [OLD, NEW] = ['a'.repeat(64), 'f'.repeat(64)];

const DOCUMENT = {
  names: ['documents/bill.pdf', 'documents/bill.pdf.age'] as RepositoryPath[],
  encrypted: 'documents/bill.pdf.age' as RepositoryPath,
  sha256: NEW,
};

const HEAD = `apiVersion: regsync/v1
kind: RequirementGroup
name: a
country_code: FR
phone_number_type: local
action: ordering
requirements:
`;
const NAMED = 'apiVersion: regsync/v1\nkind: Document\nname: bill\n';

function updated(text: string): string | null {
  const parsed = parseManifests(PATH, text.replace(/^\ufeff/, ''));
  expect(parsed.problems).toEqual([]);
  return nameEncrypted(PATH, text, findMentions([parsed], [DOCUMENT]));
}

describe('the manifest that names a document', () => {
  test.each([
    [
      'in a block, without a digest',
      `${HEAD}  - requirement: Proof  # why\n    document:\n      file: ../documents/bill.pdf  # of May\n      expires: 2027-01-31\n`,
      `${HEAD}  - requirement: Proof  # why\n    document:\n      file: ../documents/bill.pdf.age  # of May\n      sha256: ${NEW}\n      expires: 2027-01-31\n`,
    ],
    [
      'in a block, with the digest above',
      `${HEAD}  - requirement: Proof\n    document:\n      sha256: ${OLD} # pinned\n\n      # the bill\n      file: '../documents/bill.pdf'\n`,
      `${HEAD}  - requirement: Proof\n    document:\n      sha256: ${NEW} # pinned\n\n      # the bill\n      file: '../documents/bill.pdf.age'\n`,
    ],
    [
      'in braces',
      `${HEAD}- {requirement: Proof,document: {   file: ../documents/bill.pdf , expires: 2027-01-31}}\n`,
      `${HEAD}- {requirement: Proof,document: {   file: ../documents/bill.pdf.age, sha256: ${NEW} , expires: 2027-01-31}}\n`,
    ],
    [
      'in braces, with a digest',
      `${HEAD}  - requirement: Proof\n    document: { file: "../documents/bill.pdf", sha256: ${OLD} }\n`,
      `${HEAD}  - requirement: Proof\n    document: { file: "../documents/bill.pdf.age", sha256: ${NEW} }\n`,
    ],
    [
      'as a Document, by a roundabout path, with CRLF and without a last line end',
      `\ufeff${NAMED}file: ../groups/../documents/bill.pdf`.replaceAll('\n', '\r\n'),
      `\ufeff${NAMED}file: ../documents/bill.pdf.age\nsha256: ${NEW}`.replaceAll('\n', '\r\n'),
    ],
    [
      'by the encrypted file already, whose content is new',
      `${NAMED}file: ../documents/bill.pdf.age\nsha256: ${OLD}\n`,
      `${NAMED}file: ../documents/bill.pdf.age\nsha256: ${NEW}\n`,
    ],
    [
      'twice, and another one',
      `${HEAD}  - requirement: A\n    document: { file: ../documents/bill.pdf }\n  - requirement: B\n    document: { file: ../documents/other.pdf, sha256: ${OLD} }\n  - requirement: C\n    document: { file: ../documents/bill.pdf }\n`,
      `${HEAD}  - requirement: A\n    document: { file: ../documents/bill.pdf.age, sha256: ${NEW} }\n  - requirement: B\n    document: { file: ../documents/other.pdf, sha256: ${OLD} }\n  - requirement: C\n    document: { file: ../documents/bill.pdf.age, sha256: ${NEW} }\n`,
    ],
    [
      'by an anchor and its alias',
      `${HEAD}  - requirement: A\n    document: &bill\n      file: ../documents/bill.pdf\n  - requirement: B\n    document: *bill\n`,
      `${HEAD}  - requirement: A\n    document: &bill\n      file: ../documents/bill.pdf.age\n      sha256: ${NEW}\n  - requirement: B\n    document: *bill\n`,
    ],
    [
      'in the second of several YAML documents, after a comment and a blank line',
      `# one\n${HEAD}  []\n---\n\n# two\n${NAMED}"file": ../documents/bill.pdf\n`,
      `# one\n${HEAD}  []\n---\n\n# two\n${NAMED}"file": ../documents/bill.pdf.age\nsha256: ${NEW}\n`,
    ],
    [
      'as a text, which has no digest',
      `${HEAD}  - requirement: A\n    text_from: { file: ../documents/bill.pdf }\n  - requirement: B\n    address:\n      business_name: { file: ../documents/bill.pdf }\n      street_address: A 1\n      locality: Paris\n      country_code: FR\n`,
      `${HEAD}  - requirement: A\n    text_from: { file: ../documents/bill.pdf.age }\n  - requirement: B\n    address:\n      business_name: { file: ../documents/bill.pdf.age }\n      street_address: A 1\n      locality: Paris\n      country_code: FR\n`,
    ],
  ])('%s gets the new path and digest, and keeps every other character', (_, before, after) => {
    expect(updated(before)).toBe(after);
  });

  it('keeps its text where the path cannot be changed alone: it is written over two lines', () => {
    const text = `${NAMED}file:\n  "../documents/\\\n  bill.pdf"\n`;
    const result = updated(text);
    // What is returned reads as it is meant, or nothing is.
    if (result !== null)
      expect(parseManifests(PATH, result).manifests[0]?.fields).toMatchObject({ sha256: NEW });
  });

  it('is not changed where it names another document', () => {
    const parsed = parseManifests(PATH, `${NAMED}file: ../documents/bill.pdf.bak.pdf\n`);
    expect(findMentions([parsed], [DOCUMENT])).toEqual([]);
  });
});
