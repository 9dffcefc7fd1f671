import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  digestOf,
  digestsEqual,
  fingerprintValue,
} from '../../../src/kinds/values/fingerprint.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { planKeys } from '../../support/plans.ts';

/** As HKDF gives them for a place that is written down, here as in every plan that somebody has kept. */
const VALUES = [
  'bb7c3325994df8ad216a70d6faaf2703a0383fb84099e3f7e4087dabdbb01ca3',
  '400a9c625bf569c24ce697c58bc8366ef0148aa2a343066edf9899aa32aae908',
];

describe('the keys of plans', () => {
  const baseUrl = 'https://api.telnyx.com/v2';
  const hex = (...given: Parameters<typeof planKeys>) => {
    const { value, plan } = planKeys(...given);
    return [value.toString('hex'), plan.toString('hex')];
  };

  it('are always the same for the same secret and place, so that plans of an older version count', () => {
    expect(hex()).toEqual(VALUES);
    expect(hex('KEYsample', { scope: 'acme', account: null, baseUrl })).toEqual(VALUES);
  });

  it('are all different where the secret, the scope, the account or the address is another', () => {
    const keys = [
      hex(),
      hex('KEYother'),
      hex('KEYsample', { scope: 'other' }),
      hex('KEYsample', { account: 'production' }),
      hex('KEYsample', { account: '' }),
      hex('KEYsample', { baseUrl: 'https://example.com/v2' }),
      hex('KEYsample', { scope: baseUrl, baseUrl: 'acme' }),
    ].flat();
    expect(new Set(keys).size).toBe(14);
  });
});

describe('a fingerprint of a value', () => {
  const print = (group: string, id: string, text: string, secret = 'KEYsample') =>
    fingerprintValue(planKeys(secret), group, id, new Sensitive(text));

  it('is of the group, the requirement, the value and the key', () => {
    const prints = [
      print('de', '1', 'a'),
      print('fr', '1', 'a'),
      print('de', '2', 'a'),
      print('de', '1', 'b'),
      print('de', '1', 'a', 'KEYother'),
      print('de1', '', 'a'),
    ];
    expect(new Set(prints).size).toBe(prints.length);
    expect(print('de', '1', 'a')).toBe(prints[0]);
    for (const one of prints) expect(one).toMatch(/^«[0-9a-f]{8}»$/);
  });
});

describe('a digest', () => {
  it('is 64 hex of what a value says, whatever the order of its keys', () => {
    const of = (value: unknown) => digestOf(planKeys(), value);
    expect(of({ a: 1, b: 2 })).toMatch(/^[0-9a-f]{64}$/);
    expect(of({ b: 2, a: 1 })).toBe(of({ a: 1, b: 2 }));
    expect(of({ a: 1, b: 3 })).not.toBe(of({ a: 1, b: 2 }));
  });

  it.each([
    ['the same', 'abc', 'abc', true],
    ['one letter', 'abc', 'abd', false],
    ['a beginning', 'abc', 'ab', false],
    ['more', 'abc', 'abcd', false],
    ['nothing', '', '', true],
  ])('equals another one or not: %s', (_, a, b, equal) => {
    expect(digestsEqual(a, b)).toBe(equal);
  });
});

describe('JSON in one form', () => {
  it.each<[unknown, string]>([
    [null, 'null'],
    [undefined, 'null'],
    ['"', '"\\""'],
    [[], '[]'],
    [[2, 1, undefined], '[2,1,null]'],
    [{}, '{}'],
    [{ b: 1, a: { d: [true], c: null }, e: undefined }, '{"a":{"c":null,"d":[true]},"b":1}'],
    [{ é: 1, z: 2, Z: 3 }, '{"Z":3,"z":2,"é":1}'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});
