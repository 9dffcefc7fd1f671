import { describe, expect, it, test } from 'vitest';
import { undescribed } from '../../src/catalogue/knowledge.ts';
import { isPersonal, warnOfPlainIdentity } from '../../src/catalogue/plain-identity.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import type { BoundValue } from '../../src/model/resource.ts';

describe('a requirement says who somebody is', () => {
  test.each<[string, string, boolean]>([
    ['Date of Birth', '', true],
    ['Birthdate', '', true],
    ['Place of birth', '', true],
    ['Passport Number', '', true],
    ['ID Number', '', true],
    ['National ID', '', true],
    ['Personal identification code', '', true],
    ['Tax Code', '', true],
    ['Tax ID', '', true],
    ['Tax Number', '', true],
    ['VAT number', '', true],
    ['Fiscal Code', '', true],
    ['NIF', '', true],
    ['Codice fiscale', '', true],
    ['Social Security Number', '', true],
    ['End user', 'The number of the identity card', true],
    ['End user', 'Their date of birth, as in the passport', true],
    ['Contact Info', 'Name and telephone number of the contact', false],
    ['Company Registration Number', 'As the commercial register has it', false],
    ['Use Case', 'What the numbers are for. Calls to taxi drivers, for example', false],
    ['Considerate', '', false],
    ['Video identification', 'How the end user identifies', false],
    ['Order id', 'The id of the porting order', false],
  ])('by the words %j, %j: %s', (name, description, expected) => {
    expect(isPersonal({ name, description, fieldType: 'textual' })).toBe(expected);
  });

  test.each(['document', 'address', 'action'] as const)('but not as a %s, which is no text', (fieldType) => {
    expect(isPersonal({ name: 'Passport', description: '', fieldType })).toBe(false);
  });
});

function value(name: string, file: string, line: number, kind: 'text' | 'document_id' = 'text'): BoundValue {
  const source = { file, line, column: 5 };
  const content = kind === 'text' ? { kind, text: new Sensitive('X 1') } : { kind, id: '' as never };
  return { requirement: undescribed(name, 'textual', name), content, source, contentSource: source };
}

describe('the warning of readable texts', () => {
  it('is one line for any number of files, and shows no text', () => {
    const values = [
      value('Tax ID', 'groups/b.yaml', 3),
      value('Contact Info', 'groups/a.yaml', 2),
      value('Date of Birth', 'groups/a.yaml', 9),
      value('Tax ID', 'groups/a.yaml', 14),
    ];
    expect(warnOfPlainIdentity(values)).toEqual([
      {
        severity: 'warning',
        code: 'plaintext-identity',
        message:
          'the text for "Date of Birth" is readable for everybody who can read the repository, and so are 2 more texts of this kind in 2 files',
        hint: expect.stringContaining('regsync encrypt -'),
        source: { file: 'groups/a.yaml', line: 9, column: 5 },
      },
    ]);
  });

  test.each([
    ['one', [value('Tax ID', 'a', 1)], /repository$/],
    [
      'two',
      [value('Tax ID', 'a', 1), value('NIF', 'a', 2)],
      /repository, and so is 1 more text of this kind$/,
    ],
  ])('counts %s', (_, values, message) => {
    expect(warnOfPlainIdentity(values)[0]?.message).toMatch(message);
  });

  it('is not given for documents, nor where no text is of this kind', () => {
    expect(warnOfPlainIdentity([value('Passport', 'a', 1, 'document_id'), value('Desk', 'a', 2)])).toEqual(
      [],
    );
  });
});
