import { describe, expect, it } from 'vitest';
import { neededInputs, shutOnCommandLine } from '../../../src/cli/apply/shut-gates.ts';
import { gateWords, goThere, inShell, pathInShell, placeWords } from '../../../src/cli/session/again.ts';

describe('a command line for a person to copy', () => {
  it.each([
    [['regsync', 'plan'], 'regsync plan'],
    [['groups/de.yaml', '--shard', '3/8', 'a@b+c=d,e:f%g'], 'groups/de.yaml --shard 3/8 a@b+c=d,e:f%g'],
    [['', 'two words'], "'' 'two words'"],
    [["it's"], "'it'\\''s'"],
    [['$HOME', '`id`', 'a;b', 'a\nb', '*', '~'], "'$HOME' '`id`' 'a;b' 'a\nb' '*' '~'"],
    [['grün'], "'grün'"],
  ])('is %j in a shell: %s', (words, line) => {
    expect(inShell(words)).toBe(line);
  });

  it.each([
    ['groups/de.yaml', 'groups/de.yaml'],
    ['-x.yaml', './-x.yaml'],
    ['-x y', "'./-x y'"],
  ])('names the path %s as %s', (path, written) => {
    expect(pathInShell(path)).toBe(written);
  });

  it('goes to where the repository is, if somebody said that', () => {
    expect(goThere({})).toEqual([]);
    expect(goThere({ chdir: '-a b' })).toEqual([["cd './-a b'", 'where the repository is']]);
  });

  it.each([
    [{}, []],
    [{ chdir: 'a' }, ['--chdir', 'a']],
    [{ config: 'b.yaml' }, ['--config', 'b.yaml']],
    [{ account: 'eu' }, ['--account', 'eu']],
    [{ apiKeyFile: '../key' }, ['--api-key-file', '../key']],
    [{ sandbox: true }, ['--sandbox']],
    [{ sandbox: false, quiet: true }, []],
    [
      { sandbox: true, apiKeyFile: 'k', account: 'eu', config: 'b', chdir: 'a' },
      ['--chdir', 'a', '--config', 'b', '--account', 'eu', '--api-key-file', 'k', '--sandbox'],
    ],
  ])('means the same place as %j', (options, words) => {
    expect(placeWords(options)).toEqual(words);
  });

  it.each([
    [{}, []],
    [{ target: ['a', 'b'] }, ['--target', 'a', '--target', 'b']],
    [{ prune: true }, ['--prune']],
    [{ allowReplace: true }, ['--allow-replace']],
    [{ allowDelete: ['a', 'b'] }, ['--allow-delete', 'a', '--allow-delete', 'b']],
    [{ allowOrders: true }, ['--allow-orders']],
    [{ shard: '3/8' }, ['--shard', '3/8']],
    [{ prune: false, allowReplace: false, allowOrders: false, target: [], allowDelete: [] }, []],
  ])('is narrowed and allowed as %j', (options, words) => {
    expect(gateWords(options)).toEqual(words);
  });
});

describe('gates that whoever applies keeps shut', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

  it.each([
    [[{ gate: 'prune', names: ['a'] }], '--prune (for "a")', 'prune: true (for "a")'],
    [[{ gate: 'allow_replace', names: ['a'] }], '--allow-replace (for "a")', 'allow-replace: true (for "a")'],
    [[{ gate: 'allow_orders', names: ['a'] }], '--allow-orders (for "a")', 'allow-orders: true (for "a")'],
    [
      [{ gate: 'allow_delete', names: ['a', 'b c'] }],
      `--allow-delete a --allow-delete 'b c' (for "a", "b c")`,
      'allow-delete: a, b c (for "a", "b c")',
    ],
    [
      [
        { gate: 'prune', names },
        { gate: 'allow_replace', names: names.slice(0, 5) },
      ],
      '--prune (for "a", "b", "c", "d", "e", 2 more) and --allow-replace (for "a", "b", "c", "d", "e")',
      'prune: true (for "a", "b", "c", "d", "e", 2 more) and allow-replace: true (for "a", "b", "c", "d", "e")',
    ],
  ] as const)('are named with what opens them: %j', (gates, flags, inputs) => {
    expect(shutOnCommandLine(gates)).toBe(`the plan needs ${flags}: add it to this command`);
    expect(neededInputs(gates)).toBe(inputs);
  });
});
