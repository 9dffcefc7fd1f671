import { describe, expect, it } from 'vitest';
import { openRepository } from '../../../src/manifest/repository.ts';
import { loadDesired } from '../../../src/resolve/load.ts';
import { CONFIG, codes, group, groupWith, places, workspace } from '../workspace.ts';

const PDF = '%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n';
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const JPEG = Buffer.from('ffd8ffe000104a464946', 'hex');
const ZIP = Buffer.from('504b030414000000', 'hex');
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');
const HEIC = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n';
const GIT_CRYPT = Buffer.from('\0GITCRYPT\0\x01\x02\x03', 'latin1');
const ANNEX = '/annex/objects/SHA256E-s5--00.pdf\n';
const SOPS =
  '{\n\t"data": "ENC[AES256_GCM,data:AAAA,iv:AA=,tag:AA==,type:str]",\n\t"sops": {"version": "3.9.0"}\n}\n';
const HTML = '<!DOCTYPE html>\n<html><body>Sign in</body></html>\n';
const BOM = '\ufeff';

/** A manifest whose document is `documents/${name}`; the path is on line 10. */
async function loadDocument(name: string, content: string | Uint8Array) {
  const { root } = await workspace({
    'groups/a.yaml': groupWith(`document:\n      file: ../documents/${name}`),
    [`documents/${name}`]: content,
    'shared/registration.pdf': PDF,
    'shared/list.csv': 'a,b\n1,2\n',
    'regsync.yaml': `${CONFIG}allow_plaintext_documents: true\n`,
  });
  const repository = await openRepository({ cwd: root });
  return (await loadDesired(repository, { env: null, warnsOfPlaintext: true })).problems;
}

describe('a document that is plainly something else than its name says', () => {
  it.each<[string, string, string | Uint8Array, string]>([
    ['the text of a link', 'a.pdf', '../shared/registration.pdf', 'link-as-text'],
    ['the text of a link that leads nowhere', 'a.jpg', '../gone/photo.jpg', 'link-as-text'],
    ['the text of a link to a text', 'a.csv', '../shared/list.csv', 'link-as-text'],
    ['a Git LFS pointer', 'a.csv', LFS, 'lfs-pointer'],
    ['what git-crypt encrypted', 'a.pdf', GIT_CRYPT, 'git-crypt'],
    ['what git-crypt encrypted, of a text', 'a.txt', GIT_CRYPT, 'git-crypt'],
    ['what sops encrypted', 'a.json', SOPS, 'sops'],
    ['a pointer of git-annex', 'a.pdf', ANNEX, 'git-annex'],
    ['a link of git-annex as text', 'a.pdf', '../.git/annex/objects/x/y/SHA256E-s5--00.pdf', 'git-annex'],
    ['a vault', 'a.txt', '$ANSIBLE_VAULT;1.1;AES256\n3031\n', 'encrypted-elsewhere'],
    ['an HTML page', 'a.pdf', HTML, 'html-page'],
    ['an HTML page behind a byte order mark and blanks', 'a.txt', `${BOM}\r\n  <html>`, 'html-page'],
    ['an HTML page behind a comment', 'a.doc', '<!-- saved -->\n<HTML>', 'html-page'],
    ['a ZIP archive', 'a.pdf', ZIP, 'other-content'],
    ['a ZIP archive named as a text', 'a.csv', ZIP, 'other-content'],
    ['a HEIC image', 'a.jpg', HEIC, 'other-content'],
    ['a PNG image named as another', 'a.jpeg', PNG, 'other-content'],
    ['a PDF named as an image', 'a.png', PDF, 'other-content'],
    ['a PDF named as a text', 'a.txt', PDF, 'other-content'],
    ['an age file without .age', 'a.pdf', 'age-encryption.org/v1\n-> X25519 a\n', 'unnamed-age-file'],
    ['half a PDF', 'a.pdf', PDF.slice(0, 30), 'cut-off'],
    ['half a large PDF', 'a.pdf', Buffer.concat([Buffer.from(PDF), Buffer.alloc(300_000, 'x')]), 'cut-off'],
    ['half a PDF, filled up', 'a.pdf', `${PDF.slice(0, 30)}${'\0'.repeat(300_000)}`, 'cut-off'],
  ])('is a problem at its line: %s', async (_, name, content, code) => {
    const problems = await loadDocument(name, content);
    expect(places(problems)).toEqual([`groups/a.yaml:10:13 ${code}`]);
    expect(problems[0]).toMatchObject({ severity: 'error', hint: expect.stringMatching(/\w/) });
  });

  it.each<[string, string, string | Uint8Array]>([
    ['a PDF', 'a.pdf', PDF],
    ['a PDF 2.0 in capitals', 'A.PDF', PDF.replace('1.7', '2.0')],
    ['a PDF behind 1,024 other bytes', 'a.pdf', `${'x'.repeat(1024)}${PDF}`],
    ['a PDF with other bytes behind its end', 'a.pdf', `${PDF}${'\0'.repeat(1024)}`],
    ['a PDF that is filled up', 'a.pdf', `${PDF}${'\0'.repeat(5000)}`],
    ['a PDF that is filled up by far', 'a.pdf', `${PDF}${'\0'.repeat(600_000)}`],
    [
      'a large PDF',
      'a.pdf',
      Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(600_000), Buffer.from(PDF)]),
    ],
    ['a JPEG named .jpeg', 'a.jpeg', JPEG],
    ['a JPEG named .JPG', 'a.JPG', JPEG],
    ['a PNG', 'a.png', PNG],
    ['a CSV with a byte order mark', 'a.csv', `${BOM}name,number\nJane,1\n`],
    ['a Word document', 'a.docx', ZIP],
    ['an Excel workbook', 'a.xlsx', ZIP],
    ['an old Word document', 'a.doc', OLE],
    ['an old Excel workbook', 'a.xls', OLE],
    ['a text', 'a.txt', 'Customer support of Example GmbH\n'],
    ['a text that only speaks of a page', 'a.txt', 'Write <html> at the top\n'],
    ['a text that looks like a path to nothing', 'a.txt', 'Unter den Linden 1/2'],
    ['JSON', 'a.json', '{"a": 1}\n'],
  ])('is not %s', async (_, name, content) => {
    expect(await loadDocument(name, content)).toEqual([]);
  });

  it.each([
    ['a.pdf', 'a PDF'],
    ['a.jpg', 'a JPEG image'],
    ['a.docx', 'a Word document'],
  ])('may be unknown bytes, of which only a warning is given: %s', async (name, type) => {
    expect(await loadDocument(name, 'some bytes that nobody knows')).toMatchObject([
      {
        severity: 'warning',
        code: 'unrecognised-content',
        message: `"documents/${name}" does not begin like ${type}`,
      },
    ]);
  });
});

describe('a text that is plainly something else', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['a Git LFS pointer', LFS, 'lfs-pointer'],
    ['what git-crypt encrypted', GIT_CRYPT, 'git-crypt'],
    ['what sops encrypted', SOPS, 'sops'],
    ['a pointer of git-annex', ANNEX, 'git-annex'],
    ['an HTML page', HTML, 'html-page'],
    ['the text of a link', 'real.txt', 'link-as-text'],
    ['a text as a word processor keeps it', '{\\rtf1\\ansi Jane Roe}', 'other-content'],
    ['a PDF in plain letters', PDF, 'other-content'],
    ['an age file', '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n', 'unnamed-age-file'],
  ])('is a problem wherever a text is read from a file: %s', async (_, content, code) => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith('text_from: { file: ../values/contact.txt }'),
      'groups/port.yaml': [
        'apiVersion: regsync/v1',
        'kind: PortingOrder',
        'name: port',
        'id: 5ef8ab9b-0000-4000-8000-000000000001',
        'end_user:',
        '  admin:',
        '    entity_name: { file: ../values/contact.txt }',
        '',
      ].join('\n'),
      'values/contact.txt': content,
      'values/real.txt': 'Jane Roe',
    });
    const { problems } = await load({});
    expect(codes(problems)).toEqual([code, code]);
    expect(problems.map(({ source }) => `${source?.file}:${source?.line}`)).toEqual([
      'groups/a.yaml:9',
      'groups/port.yaml:7',
    ]);
  });

  it.each([
    ['of a file', 'text_from: { file: ../values/contact.txt }'],
    ['of a variable', 'text_from: { env: REGSYNC_VAR_CONTACT }'],
  ])('has the line ends of git, whatever the checkout has: %s', async (_, value) => {
    const text = 'Jane Roe\r\nExample GmbH\r\n';
    const { load } = await workspace({ 'groups/a.yaml': groupWith(value), 'values/contact.txt': text });
    const { desired, problems } = await load({ REGSYNC_VAR_CONTACT: text });
    const other = await workspace({ 'groups/a.yaml': groupWith('text: "Jane Roe\\nExample GmbH"') });
    expect(problems).toEqual([]);
    expect(desired.RequirementGroup[0]?.requirements[0]?.content).toEqual(
      (await other.load()).desired.RequirementGroup[0]?.requirements[0]?.content,
    );
  });

  it.each<[string, string | Uint8Array, string]>([
    ['a Git LFS pointer', LFS, 'lfs-pointer'],
    ['what git-crypt encrypted', GIT_CRYPT, 'git-crypt'],
    ['the text of a link', '../shared/a.yaml', 'link-as-text'],
    ['an HTML page', HTML, 'html-page'],
  ])('is a problem in place of a manifest and of the configuration, too: %s', async (_, content, code) => {
    const { load } = await workspace({
      'groups/a.yaml': content,
      'groups/b.yaml': group('b'),
      'shared/a.yaml': group('a'),
    });
    expect(places((await load()).problems)).toEqual([`groups/a.yaml:1:1 ${code}`]);
    const { root } = await workspace({ 'regsync.yaml': content, 'shared/a.yaml': CONFIG });
    if (code === 'link-as-text') return;
    await expect(openRepository({ cwd: root })).rejects.toMatchObject({ problems: [{ code }] });
  });
});

describe('a text document whose line ends git has changed', () => {
  const LF = 'number\n+49300000000\n';
  const LF_DIGEST = 'b3bf5a6dbb2d0f6ba8a7e9b4d7d9ba6e6a9ea2a4e6d2d1ad9ec3f5b36cd7dd23';

  it.each([
    ['LF', LF, LF.replaceAll('\n', '\r\n')],
    ['CRLF', LF.replaceAll('\n', '\r\n'), LF],
  ])('is said to fit its pin with %s, and how git leaves it alone', async (ends, pinned, there) => {
    const { createHash } = await import('node:crypto');
    const sha256 = createHash('sha256').update(pinned).digest('hex');
    const { load } = await workspace({
      'groups/a.yaml': groupWith(`document: { file: ../documents/n.csv, sha256: ${sha256} }`),
      'documents/n.csv': there,
    });
    expect((await load()).problems).toMatchObject([
      {
        code: 'digest-mismatch',
        message: expect.stringContaining(`in its line ends alone, which should be ${ends}`),
        hint: expect.stringContaining('`documents/** -text` to .gitattributes'),
      },
    ]);
  });

  it('and whose words differ, too, is only said to be another', async () => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith(`document: { file: ../documents/n.csv, sha256: ${LF_DIGEST} }`),
      'documents/n.csv': `${LF}more\n`,
    });
    expect((await load()).problems).toMatchObject([
      { code: 'digest-mismatch', hint: expect.stringContaining('If you changed the file on purpose') },
    ]);
  });
});
