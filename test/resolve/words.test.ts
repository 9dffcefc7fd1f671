import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../src/manifest/parse.ts';
import {
  identifiersOf,
  isReferenceLine,
  namesIn,
  readLine,
  wordOf,
  wordTest,
} from '../../src/resolve/words.ts';

describe('The word of a text', () => {
  it.each<[string, string | null]>([
    ['acme-berlin', 'acme-berlin'],
    ['Acme-Berlin', 'acme-berlin'],
    ['site 12 of Example', 'example'],
    ["it's-a-name", 's-a-name'],
    ['reports/2031.pdf', '2031.pdf'],
    ['00000000-0000-4000-8000-000000000000', '00000000-0000-4000-8000-000000000000'],
    ['abc', 'abc'],
    ['de', null],
    ['!!', null],
    ['a b c', null],
    ['Müller-GmbH', null],
    ['mu\u0308ller', null],
    ['tab\tstop', null],
  ])('of %j is %j, which YAML writes in no other way', (text, word) => {
    expect(wordOf(text)).toBe(word);
  });
});

describe('A line', () => {
  it.each<[string, boolean]>([
    ['name: acme-1', true],
    ['name: "ACME-1"', true],
    ['{name: acme-1}', true],
    ['  - address: acme-1 # and acme-10', true],
    ['name: acme-10', false],
    ['name: my-acme-1', false],
    ['name: acme-1.b', false],
    ['name: acmex1', false],
  ])('such as %j contains the word acme-1: %s', (line, expected) => {
    expect(wordTest(['other', 'acme-1'])(line)).toBe(expected);
  });

  it('contains none of no words', () => {
    expect(wordTest([])('')).toBe(false);
  });

  it.each<[string, boolean]>([
    ['    address: berlin-office', true],
    ['  - document: "form-1" # shared', true],
    ['requirement_group: acme', true],
    ['  -  document:  form-1', true],
    ['text: of the address: berlin-office', false],
    ["document: 'form-1'\r", true],
    ['name: berlin-office', false],
    ['address: &own berlin-office', false],
    ['address: *own', false],
    ['address: !!str berlin-office', false],
    ['{ address: berlin-office, name: x }', false],
    ['address: berlin-office\rname: x', false],
    ['document: { file: form-1.pdf }', false],
    ['other_address: berlin-office', false],
  ])('such as %j only refers to another manifest: %s', (line, expected) => {
    expect(isReferenceLine(line)).toBe(expected);
  });

  const unclear = { is: 'unclear' };
  const ID = '0000000A-0000-4000-8000-000000000000';
  it.each<[string, unknown]>([
    ['kind: RequirementGroup', { is: 'managed' }],
    ['kind:  PortingOrder # of one number\r', { is: 'managed' }],
    ['kind: Document', { is: 'content' }],
    ['kind: Config', unclear],
    ['kind: "RequirementGroup"', unclear],
    ['  kind: RequirementGroup', unclear],
    ['"kind": RequirementGroup', unclear],
    ['{kind: RequirementGroup}', unclear],
    ['? kind', unclear],
    ['\ufeffkind: RequirementGroup', unclear],
    ['kind: Document\rkind: Address', unclear],
    ['# kind: of text', null],
    ['  # kind: of text', null],
    ['kind: Address', { is: 'content' }],
    [`  # b"}], id: ${ID}}`, unclear],
    ["  # b'}], kind: Address}", unclear],
    ['KIND: Address', unclear],
    ['mankind: Document', null],
    ['text: of any kind', null],
    ['text: of a kind: one', unclear],
    ['{name: x, kind', unclear],
    ['text: kind words', null],
    [`id: ${ID}`, { is: 'id', id: ID.toLowerCase() }],
    [`    id: '${ID}' # of Telnyx`, { is: 'id', id: ID.toLowerCase() }],
    [`{ id: ${ID} }`, unclear],
    [`- id: ${ID}`, unclear],
    [`id:  ${ID}`, { is: 'id', id: ID.toLowerCase() }],
    [`id: ${ID}, name: acme`, unclear],
    [`"id" : ${ID}`, unclear],
    ['id: >-', unclear],
    ['connection_id: 12', null],
    ['text: valid', null],
    ['name: "\\x61cme"', unclear],
    ['# a \\ in a remark', unclear],
    ['name: acme', null],
  ])('such as %j tells %j', (line, expected) => {
    expect(readLine(line)).toEqual(expected);
  });
});

describe('A manifest', () => {
  const [manifest] = parseManifests(
    'groups/acme.yaml',
    `apiVersion: regsync/v1
kind: RequirementGroup
name: acme
country_code: DE
phone_number_type: local
action: ordering
id: 00000000-0000-4000-8000-000000000000
customer_reference: Site 1
requirements:
  - requirement: Contact Info
    text: not-a-name
  - requirement: Business Registration
    document: paper-1
  - requirement: Proof of Local Address
    document: { file: ../documents/proof.pdf }
  - requirement: Local Address
    address: office
`,
  ).manifests;
  const [order] = parseManifests(
    'groups/order.yaml',
    `apiVersion: regsync/v1
kind: NumberOrder
name: numbers
phone_numbers: ["+49300000000"]
requirement_group: acme
`,
  ).manifests;

  it('is meant by its name, its id and its reference', () => {
    expect(manifest && identifiersOf(manifest)).toEqual([
      'acme',
      '00000000-0000-4000-8000-000000000000',
      'Site 1',
    ]);
    expect(order && identifiersOf(order)).toEqual(['numbers']);
  });

  it('refers to the manifests that it names', () => {
    expect(manifest && namesIn(manifest)).toEqual(['paper-1', 'office']);
    expect(order && namesIn(order)).toEqual(['acme']);
  });
});
