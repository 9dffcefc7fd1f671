import { describe, expect, it } from 'vitest';
import { parseConfig, parseManifests } from '../../../src/manifest/parse.ts';
import { readPlainYaml } from '../../../src/manifest/yaml/read-plain-yaml.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { workspace } from '../workspace.ts';

/** `9 error cut-off`. A column would tell how long a hidden value is. */
function found(problems: readonly Problem[]): string[] {
  return problems.map(({ source, severity, code }) => `${source?.line} ${severity} ${code}`);
}

function problemsOf(text: string): readonly Problem[] {
  return parseManifests('groups/a.yaml', text).problems;
}

const UUID = '2708e569-696a-4fc7-9305-5fdb3eb9c7dd';

/** `value` begins in line 9, column 5. */
function groupWith(value: string, head = ''): string {
  return `apiVersion: regsync/v1
kind: RequirementGroup
name: acme
country_code: DE
phone_number_type: local
action: ordering
${head === '' ? '' : `${head}\n`}requirements:
  - requirement: ${UUID}
    ${value}
`;
}

/** `field` stands in line 5. */
function addressWith(field: string): string {
  return `apiVersion: regsync/v1
kind: Address
name: office
business_name: Example GmbH
${field}
locality: Berlin
postal_code: "10115"
country_code: DE
`;
}

describe('a value that YAML ends at a "#"', () => {
  it.each([
    ['a text', groupWith('text: Compliance desk, Example GmbH #1'), '9 error cut-off'],
    ['a text, by a sentence', groupWith('text: Example GmbH # or so'), '9 error cut-off'],
    ['a text, far away', groupWith('text: Example GmbH   #1'), '9 error cut-off'],
    ['a text, by a tab', groupWith('text: Example GmbH\t# or so'), '9 error cut-off'],
    ['a text of two lines', groupWith('text: Compliance desk,\n      Example GmbH #1'), '10 error cut-off'],
    ['a text, on the next line', groupWith('text: Example GmbH\n      #1'), '10 error cut-off'],
    ['a text below its key', groupWith('text:\n      Example GmbH\n      #1'), '11 error cut-off'],
    ['a text above a blank line', groupWith('text: Example GmbH\n\n      #1'), '11 error cut-off'],
    ['a text above a remark', groupWith('text: Example GmbH\n      # c/o\n      #1'), '11 error cut-off'],
    ['a block', groupWith('text: |\n      Example GmbH\n     #1'), '11 error cut-off'],
    ['a folded block', groupWith('text: >-\n      Example GmbH\n\n     #1'), '12 error cut-off'],
    [
      'a text in braces',
      groupWith('document: { id: x, file: scan\n     #1.pdf\n      }'),
      '10 error cut-off',
    ],
    ['a text in brackets', groupWith('text: x', 'attach: [\n  a\n  #1\n  ]'), '9 error cut-off'],
    ['a name of a requirement', groupWith('text: x').replace(UUID, 'Contact #1'), '8 error cut-off'],
    ['a name of a document', groupWith('document: letter # signed'), '9 error cut-off'],
    ['a path', groupWith('document: { file: ../documents/scan #1.pdf\n      }'), '9 error cut-off'],
    ['a path of a text', groupWith('text_from:\n      file: ../texts/contact #1.txt'), '10 error cut-off'],
    [
      'an inline address',
      groupWith(
        'address: { business_name: X, country_code: DE,\n      street_address: 100 Main #200\n      }',
      ),
      '10 error cut-off',
    ],
    ['a reference', groupWith('text: x', 'customer_reference: REF #2'), '7 error cut-off'],
    ['a name', groupWith('text: x').replace('name: acme', 'name: acme #2'), '3 error cut-off'],
    ['a field of an address', addressWith('street_address: 100 Main Street #200'), '5 error cut-off'],
    [
      'a phone number in a list',
      `apiVersion: regsync/v1\nkind: NumberOrder\nname: a\nphone_numbers:\n  - "+49300000001"\n  - a #2\n`,
      '6 error cut-off',
    ],
  ])('is a problem where it is %s', (_what, text, problem) => {
    expect(found(problemsOf(text))).toContain(problem);
  });

  it('is a problem in the configuration', () => {
    const config = (text: string) => found(parseConfig('regsync.yaml', text).problems);
    const head = 'apiVersion: regsync/v1\nkind: Config\n';
    expect(config(`${head}scope: acme #2\n`)).toEqual(['3 error cut-off']);
    expect(config(`${head}scope: acme\nmanifests:\n  - groups #2\n`)).toEqual(['5 error cut-off']);
    expect(config(`${head}scope: acme  # the reseller\nlimits: { max_deletes: 10 } # enough\n`)).toEqual([]);
  });

  it('is shown without the value, and with what to do', () => {
    const [problem] = problemsOf(addressWith('street_address: 100 Main Street #200'));
    expect(problem).toEqual({
      severity: 'error',
      code: 'cut-off',
      message: '"street_address" ends before "#": YAML reads the rest of the line as a comment',
      hint: 'Put the value in quotes if "#…" belongs to it. If it is a comment, move it to the line above.',
      source: { file: 'groups/a.yaml', line: 5, column: 17 },
      excerpt: 'street_address: «…»',
    });
  });

  it.each([
    ['a comment set apart by two blanks', groupWith('text: Example GmbH  # the company')],
    ['an empty comment', groupWith('text: Example GmbH  #')],
    ['a comment behind quotes', groupWith('text: "Example GmbH" # the company')],
    ['a comment behind a block', groupWith('text: | # the company\n      Example GmbH')],
    ['a "#" within a word', groupWith('text: Example#1 GmbH')],
    ['a comment behind an id', groupWith('text: x').replace(UUID, `${UUID} # Contact Info`)],
    ['a comment behind a code', groupWith('text: x').replace('code: DE', 'code: DE # Germany')],
    ['a comment behind a word of few', groupWith('text: x', 'approval: none #!')],
    ['a comment behind true', groupWith('text: x', 'partial: true # for now')],
    ['a comment behind a list', groupWith('text: x', 'attach: [] # none')],
    ['a comment behind a mapping', groupWith('document: { file: a.pdf } # the extract')],
    ['a comment in a block', groupWith('text: |\n      Example GmbH\n      #1')],
    [
      'a line that is commented out below a block',
      groupWith('text: |\n      Example GmbH\n    #document: y'),
    ],
    ['an entry of braces', groupWith('document: {\n      file: a.pdf,\n      #sha256: y\n      }')],
    ['a comment on a line of its own', groupWith('text: Example GmbH\n    # the company')],
    ['a line that is commented out', groupWith('text: Example GmbH\n    #document: letter')],
    ['a comment with a blank, indented further', groupWith('text: Example GmbH\n      # the company')],
    ['a line that is commented out below a list', groupWith('text: x\n  #- requirement: y')],
  ])('is none in %s', (_what, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('is said when nothing is left of it', () => {
    expect(problemsOf(groupWith('text: #200'))[0]).toMatchObject({
      code: 'empty-value',
      message: '"text" has no value',
      hint: '"#" begins a comment here: put the value in quotes.',
    });
  });

  it('is found by the short way through YAML and by the long one alike', () => {
    const short = groupWith('text: Example GmbH #1');
    const long = `${short}\n---\n{}\n`;
    expect(readPlainYaml(short)).not.toBeNull();
    expect(readPlainYaml(long)).toBeNull();
    expect(problemsOf(long)[0]).toEqual(problemsOf(short)[0]);
  });
});

describe('what YAML takes for a sign of its own', () => {
  it.each([
    ['an anchor', 'text: &Co GmbH', '9 error unused-anchor'],
    ['a tag', 'text: ! urgent', '9 error yaml-tag'],
    ['a tag with a name', 'text: !urgent call', '9 error yaml-tag'],
    ['an alias', 'text: *1', '9 error unknown-anchor'],
    ['a reserved sign', 'text: @@NAME@@', '9 error invalid-yaml'],
    ['the end of a document', 'text: a\n... b', '10 error invalid-yaml'],
  ])('at the beginning of a value is a problem: %s', (_what, value, problem) => {
    expect(found(problemsOf(groupWith(value)))[0]).toBe(problem);
  });

  it('is fine where it is used as one', () => {
    const text = groupWith(`text: &company Example GmbH\n  - requirement: Other\n    text: *company`);
    expect(problemsOf(text)).toEqual([]);
  });
});

describe('a placeholder', () => {
  const PLACEHOLDERS = [
    `\${TAX_ID}`,
    `\${{ secrets.TAX_ID }}`,
    '{{ tax_id }}',
    '{{ .Values.name }} {{ .Values.city }}',
    '##TAX_ID##',
    '@@TAX_ID@@',
    'ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]',
  ];

  it.each(PLACEHOLDERS)('in place of a value is a problem: %s', (placeholder) => {
    const places = [
      problemsOf(groupWith(`text: "${placeholder}"`)),
      problemsOf(groupWith(`text: " ${placeholder} "`)),
      problemsOf(addressWith(`street_address: '${placeholder}'`)),
      problemsOf(groupWith('text: x', `customer_reference: "${placeholder}"`)),
    ];
    expect(places.map(found)).toEqual([
      ['9 error placeholder'],
      ['9 error placeholder'],
      ['5 error placeholder'],
      ['7 error placeholder'],
    ]);
    // A reference is no secret, and is shown.
    expect(JSON.stringify(places.slice(0, 3))).not.toMatch(/tax_id|secrets|Values|Zm9v/i);
  });

  it('comes with the key that takes a variable there', () => {
    const hintOf = (text: string) => problemsOf(text)[0]?.hint;
    expect(hintOf(groupWith('text: "##X##"'))).toBe(
      'Write the value itself, or read it from a variable: `text_from: { env: REGSYNC_VAR_NAME }`.',
    );
    expect(hintOf(addressWith('street_address: "##X##"'))).toBe(
      'Write the value itself, or read it from a variable: `street_address: { env: REGSYNC_VAR_NAME }`, if this key takes one.',
    );
  });

  it.each(PLACEHOLDERS)('is one in a variable and in a file, too: %s', async (placeholder) => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith('text_from: { env: REGSYNC_VAR_X }').replace('acme', 'a'),
      'groups/b.yaml': groupWith('text_from: { file: ../b.txt }').replace('acme', 'b'),
      'groups/c.yaml': PORTING_ORDER,
      'b.txt': `${placeholder}\r\n`,
    });
    const { problems } = await load({ REGSYNC_VAR_X: placeholder });
    expect(problems.map(({ source, code }) => `${source?.file}:${source?.line} ${code}`)).toEqual([
      'groups/a.yaml:9 placeholder',
      'groups/b.yaml:9 placeholder',
      'groups/c.yaml:7 placeholder',
    ]);
  });

  const PORTING_ORDER = `apiVersion: regsync/v1
kind: PortingOrder
name: port
id: ${UUID}
end_user:
  admin:
    pin_passcode: { env: REGSYNC_VAR_X }
`;

  it.each([
    '<your name>',
    'TODO',
    'todo: ask them',
    'xxx',
    'changeme',
    'TBD',
    '$TAX_ID',
    '%TAX_ID%',
    '__NAME__',
    '$(TAX_ID)',
    '#{TAX_ID}#',
    '<%= tax_id %>',
  ])('may be meant: a warning for %s', (text) => {
    expect(found(problemsOf(groupWith(`text: "${text}"`)))).toEqual(['9 warning looks-unfilled']);
  });

  it('is found below the header that editors read, which is none itself', () => {
    const header = '# yaml-language-server: $schema=../schemas/manifest.schema.json';
    const texts = [`${header}\n${groupWith('text: Straße 1')}`, `${header}\n${groupWith('text: $TAX_ID')}`];
    expect(texts.map((text) => found(problemsOf(text)))).toEqual([[], ['10 warning looks-unfilled']]);
  });

  it.each([
    `Example \${X} GmbH`,
    'Todorov, Example GmbH',
    'Xavier',
    'Changeme Street 1',
    '100 %',
    'a {b} c',
    'C## & Sons',
    '#1 Example Street',
  ])('is none in %s', (text) => {
    expect(problemsOf(groupWith(`text: "${text}"`))).toEqual([]);
  });
});

describe('a character that does not show', () => {
  const hints = (text: string): string[] =>
    problemsOf(groupWith(`text: "${text}"`)).map(({ severity, message }) => `${severity}: ${message}`);

  it.each([
    ['Example\u200bGmbH', 'U+200B'],
    ['\ufeffExample GmbH', 'U+FEFF'],
    ['Exam\u00adple', 'U+00AD'],
    ['Example\u2028GmbH', 'U+2028'],
    ['Example\u0085GmbH', 'U+0085'],
    ['Example \u202egnirt\u202c', 'U+202E, U+202C'],
    ['Example GmbH\u00a0', 'U+00A0'],
    ['\u3000Example GmbH', 'U+3000'],
    ['a\u200db', 'U+200D'],
    ['a\u{e0041}', 'U+E0041'],
    ['Example\\u200b', 'U+200B'],
  ])('is a warning that names it, and not the value: %j', (text, names) => {
    const [hint, ...others] = hints(text);
    expect(hint).toMatch(/^warning: "text" holds (?:a character that does|characters that do) not show: /);
    expect(hint?.endsWith(`: ${names}`)).toBe(true);
    expect(others).toEqual([]);
  });

  it.each([
    'Example\u00a0GmbH',
    '👩\u200d👩\u200d👧 family',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    '❤\ufe0f',
    'نمونه\u200cها',
    'क्\u200dष',
    'שלום\u200f!',
    '葛\u{e0100}城',
    'Musterstraße 1',
    'Line\\nLine',
  ])('is none in %j', (text) => {
    expect(hints(text)).toEqual([]);
  });

  it('is one in an address, in a variable and in a file, too', async () => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith('text_from: { env: REGSYNC_VAR_X }').replace('acme', 'a'),
      'groups/b.yaml': groupWith('text_from: { file: ../b.txt }').replace('acme', 'b'),
      'groups/c.yaml': addressWith('street_address: Example\u200bstraße 1'),
      'b.txt': 'Example\u200bGmbH\n',
    });
    const { problems } = await load({ REGSYNC_VAR_X: 'Example\u200bGmbH' });
    expect(problems.filter(({ code }) => code === 'hidden-character').map(({ message }) => message)).toEqual([
      'the text of this variable holds a character that does not show: U+200B',
      'the text of this file holds a character that does not show: U+200B',
      '"street_address" holds a character that does not show: U+200B',
    ]);
  });

  it('does not keep a reader of a long text busy', () => {
    const text = `x${' '.repeat(200_000)}\u200bx${'\u{e0041}'.repeat(100_000)}`;
    expect(hints(text)).toHaveLength(1);
  });
});

describe('curly quotes around a value', () => {
  it.each(['“Example GmbH”', '„Example GmbH“', '‘Example GmbH’', '”Example GmbH”'])(
    'are a warning: %s',
    (text) => {
      expect(found(problemsOf(groupWith(`text: ${text}`)))).toEqual(['9 warning curly-quotes']);
    },
  );

  it.each(['The “Example” GmbH', '“One” and “Two”', '’t Voorbeeld'])('are none in %s', (text) => {
    expect(problemsOf(groupWith(`text: ${text}`))).toEqual([]);
  });

  it('are said beside the problem that they make', () => {
    const text = groupWith('text: x').replace('name: acme', 'name: “acme”');
    expect(found(problemsOf(text))).toEqual(['3 warning curly-quotes', '3 error invalid-value']);
  });
});

describe('a file that was written to keep its reader busy', () => {
  const names = Array.from({ length: 2_000 }, (_, index) => `name-${index}-${'x'.repeat(200)}`);

  it.each([
    ['a list of many names on one line', `a: [${names.join(', ')}] # ü\n`],
    ['a mapping of many keys on one line', `a: { ${names.map((name) => `${name}: ü`).join(', ')} }\n`],
    [
      'aliases of aliases',
      `a: &a [${'ü,'.repeat(2_000)}]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c,*c,*c]\n`,
    ],
    ['a value before very many blanks', `a: ü${' '.repeat(200_000)}#x\n`],
  ])('is read to its end: %s', (_what, text) => {
    expect(problemsOf(`${text}kind: Address\n`).length).toBeGreaterThan(0);
  });
});
