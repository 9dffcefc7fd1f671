import { describe, expect, it } from 'vitest';
import { groupWith, workspace } from '../workspace.ts';

const PDF = '%PDF-1.7\n%%EOF\n';

async function hintAt(
  written: string,
  there: string,
  manifest = 'groups/a.yaml',
): Promise<string | undefined> {
  const { load } = await workspace({
    [manifest]: groupWith(`document: { file: ${JSON.stringify(written)} }`),
    [there]: PDF,
  });
  const { problems } = await load();
  expect(problems.map(({ code }) => code)).toEqual(['file-not-found']);
  return problems[0]?.hint;
}

describe('a path that leads to no file', () => {
  it.each([
    [
      'a name that looks the same',
      '../documents/M\u00fcller.pdf',
      'documents/Mu\u0308ller.pdf',
      /another Unicode form \(decomposed, here composed\).*Rename the file/,
    ],
    [
      'a folder that looks the same',
      '../Mu\u0308ller/a.pdf',
      'M\u00fcller/a.pdf',
      /^the root of the repository holds a name.*\(composed, here decomposed\)/,
    ],
    [
      'a name in other capitals',
      '../documents/bill.pdf',
      'documents/Bill.PDF',
      /holds "Bill\.PDF", which differs in capital letters/,
    ],
    ['a folder in other capitals', '../documents/bill.pdf', 'Documents/bill.pdf', /holds "Documents"/],
    [
      'a slip of one letter',
      '../documents/registartion.pdf',
      'documents/registration.pdf',
      /^Did you mean "registration\.pdf", in "documents"\?$/,
    ],
    [
      'the same path from the root',
      'documents/bill.pdf',
      'documents/bill.pdf',
      /Write "\.\.\/documents\/bill\.pdf", which exists\.$/,
    ],
    ['the .age twin', '../documents/bill.pdf', 'documents/bill.pdf.age', /let "file" end in \.age/],
    [
      'nothing near',
      '../documents/bill.pdf',
      'documents/passport-of-somebody.pdf',
      /^Paths begin at the manifest, so this one means "documents\/bill\.pdf"/,
    ],
  ])('says so of %s', async (_, written, there, hint) => {
    expect(await hintAt(written, there)).toMatch(hint);
  });

  it('is written from the manifest, however deep that lies', async () => {
    expect(await hintAt('documents/bill.pdf', 'documents/bill.pdf', 'groups/de/a.yaml')).toMatch(
      /Write "\.\.\/\.\.\/documents\/bill\.pdf", which exists\.$/,
    );
  });

  it('may be that of a text, or of a folder of manifests', async () => {
    const { load } = await workspace({
      'regsync.yaml': 'apiVersion: regsync/v1\nkind: Config\nscope: acme\nmanifests: [groups, Extra]\n',
      'groups/a.yaml': groupWith('text_from: { file: ../values/Contact.txt }'),
      'values/contact.txt': 'Jane Roe',
      'extra/b.yaml': groupWith('text: x').replace('name: acme', 'name: b'),
    });
    expect((await load({})).problems.map(({ hint }) => hint)).toEqual([
      expect.stringContaining('holds "contact.txt", which differs in capital letters'),
      expect.stringContaining('holds "extra", which differs in capital letters'),
    ]);
  });
});
