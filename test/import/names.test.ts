import { describe, expect, it, test } from 'vitest';
import { fileBase, Names, slug } from '../../src/import/names.ts';
import { runs } from '../properties/runs.ts';
import { fc } from '../support/fast-check.ts';

describe('a slug', () => {
  test.each([
    ['MY REF 001', 'my-ref-001'],
    ['../../etc/passwd', 'etc-passwd'],
    ['..\\..\\Windows\\win.ini', 'windows-win.ini'],
    ['/absolute', 'absolute'],
    ['C:\\x', 'c-x'],
    ['.git/config', 'git-config'],
    ['.hidden', 'hidden'],
    ['a\nb', 'a-b'],
    ['a\u0000b', 'a-b'],
    ['CON', 'x-con'],
    ['con.txt', 'x-con.txt'],
    ['Com¹', 'x-com1'],
    ['console', 'console'],
    ['nul.', 'x-nul'],
    ['Zoë & Söhne', 'zoe-sohne'],
    ['漢字', ''],
    ['…', ''],
    ['', ''],
    ['a..b', 'a-b'],
    ['-rf', 'rf'],
    ['~root', 'root'],
    ['a'.repeat(500), 'a'.repeat(48)],
    ['regsync.lock', 'regsync.lock'],
  ])('of %j is %j', (text, expected) => {
    expect(slug(text)).toBe(expected);
  });

  it('of anything is a name that leads nowhere, on any system', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const made = slug(text);
        expect(made).toMatch(/^(?:[a-z0-9](?:[a-z0-9._-]{0,48}[a-z0-9])?)?$/);
        expect(made).not.toContain('..');
        expect(made).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/);
      }),
      runs(1000),
    );
  });
});

test('a file for a name that a manifest may have and a file may not has another name', () => {
  expect(['con', 'nul.x', 'a.', 'de-local'].map(fileBase)).toEqual(['x-con', 'x-nul.x', 'a', 'de-local']);
});

describe('names', () => {
  it('are given once, numbered, whatever their case', () => {
    const names = new Names(['groups/A.yaml', 'groups/a-2.YAML']);
    expect(names.claim('groups/a', '.yaml')).toBe('groups/a-3.yaml');
    expect(names.claim('groups/a', '.yaml')).toBe('groups/a-4.yaml');
    expect(names.claim('groups/b', '.yaml')).toBe('groups/b.yaml');
  });

  it('are given to thousands that want the same one', () => {
    const names = new Names([]);
    const given = Array.from({ length: 20_000 }, () => names.claim('a'));
    expect(new Set(given).size).toBe(given.length);
    expect(given.at(-1)).toBe('a-20000');
  });
});
