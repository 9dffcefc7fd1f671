import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseManifests } from '../../src/manifest/parse.ts';
import type { FieldType, RequirementDefinition, RequirementSet } from '../../src/model/requirements.ts';
import { renderBareTemplate, renderTemplate } from '../../src/render/template.ts';
import { widthOf } from '../../src/render/text/width.ts';
import { runs } from '../properties/runs.ts';
import { fc } from '../support/fast-check.ts';

const COMBINATION = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
const HEAD = {
  name: 'acme-de',
  combination: COMBINATION,
  schemaPath: '../schemas/manifest.schema.json',
  origin: 'Telnyx describes it',
};
const NO_CRITERIA = {
  minLength: null,
  maxLength: null,
  acceptableCharacters: null,
  acceptableValues: [],
  regex: null,
  caseSensitive: null,
  timeLimit: null,
  localityLimit: null,
};

function definition(given: Partial<RequirementDefinition> = {}): RequirementDefinition {
  return {
    id: '2708e569-696a-4fc7-9305-5fdb3eb9c7dd',
    name: 'Contact Info',
    fieldType: 'textual',
    description: 'Whom to contact',
    example: '',
    criteria: NO_CRITERIA,
    ...given,
  };
}

function write(...requirements: readonly RequirementDefinition[]): string {
  return renderTemplate({ combination: COMBINATION, version: 1, requirements }, HEAD);
}

function read(text: string): { requirements: Record<string, unknown>[] } & Record<string, unknown> {
  const documents = parseAllDocuments(text);
  expect(documents).toHaveLength(1);
  expect(documents[0]?.errors).toEqual([]);
  return documents[0]?.toJS();
}

/** What an API could say to get out of a comment, or to give orders to an editor. */
const FRAGMENTS = [
  '\n',
  '\r',
  '\r\n',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u000b',
  '\u000c',
  '\u0000',
  '\u001b[2J',
  '\u202e',
  '\ufeff',
  '\ud800',
  ' # ',
  '---\n',
  '\n...\n',
  '\n%YAML 1.1\n',
  'id: 0\n',
  '\n  - requirement: x\n    text: y',
  '"',
  "'",
  '{ }',
  '&a *a !t',
  '| >',
  'yaml-language-server: $schema=https://example.com/x.json',
  '$schema: https://example.com/x.json',
  'vim: set modeline:',
  'ex:',
  '-*- mode: x -*-',
  'Local Variables:',
  'x'.repeat(300),
  ' ',
  'true',
];
const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ unit: 'binary', maxLength: 12 })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));
const nullable = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null });
const fieldType = fc.constantFrom<FieldType>(
  'textual',
  'datetime',
  'document',
  'address',
  'action',
  'unknown',
);
const hostileSet: fc.Arbitrary<RequirementSet> = fc
  .uniqueArray(
    fc.record({
      id: fc.oneof(fc.uuid(), fc.constantFrom('7', 'i: b', 'x\ny: z', '"i', '- i', '#i', '\u001b[2Ji', '~')),
      name: fc.oneof(
        hostileText,
        fc.constantFrom('Contact Info', 'Proof (of x)', 'No', '12', 'a: b', 'a #b', '- a'),
      ),
      fieldType,
      description: hostileText,
      example: hostileText,
      criteria: fc.record({
        minLength: nullable(fc.nat()),
        maxLength: nullable(fc.nat()),
        acceptableCharacters: nullable(hostileText),
        acceptableValues: fc.array(hostileText, { maxLength: 40 }),
        regex: nullable(hostileText),
        caseSensitive: nullable(fc.boolean()),
        timeLimit: nullable(hostileText),
        localityLimit: nullable(hostileText),
      }),
    }),
    { minLength: 1, maxLength: 5, selector: ({ id }) => id },
  )
  .map((requirements) => ({ combination: COMBINATION, version: 1, requirements }));

describe('whatever the API says about requirements', () => {
  it('the manifest holds one blank for each and nothing else, named so that regsync finds it', () => {
    fc.assert(
      fc.property(hostileSet, (set) => {
        const { requirements: written = [], ...head } = read(renderTemplate(set, HEAD));
        expect(head).toEqual({
          apiVersion: 'regsync/v1',
          kind: 'RequirementGroup',
          name: 'acme-de',
          country_code: 'DE',
          phone_number_type: 'local',
          action: 'ordering',
        });
        const demanded = set.requirements.filter(({ fieldType }) => fieldType !== 'action');
        expect(written.map(({ requirement: _, ...value }) => value)).toEqual(
          demanded.map(({ fieldType }) => BLANKS[fieldType]),
        );
        written.forEach(({ requirement }, index) => {
          const meant = set.requirements.filter(
            ({ id, name }) => id === requirement || name.normalize('NFC').trim() === requirement,
          );
          expect(meant.map(({ id }) => id)).toEqual([demanded[index]?.id]);
        });
      }),
      runs(300),
    );
  });

  it('it stands in comments of at most 100 columns that print as they are and give no orders to editors', () => {
    fc.assert(
      fc.property(hostileSet, (set) => {
        const [modeline, ...lines] = renderTemplate(set, HEAD).split('\n');
        expect(modeline).toBe('# yaml-language-server: $schema=../schemas/manifest.schema.json');
        for (const line of lines) {
          expect(widthOf(line)).toBeLessThanOrEqual(100);
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
          expect(line).not.toMatch(
            /yaml-language-server|\$schema|\b(?:vim?|ex)[<=>]?\d*:|-\*-|local variables:/i,
          );
        }
      }),
      runs(300),
    );
  });

  it('validate refuses every blank at its line and says to fill it in, and finds nothing else', () => {
    fc.assert(
      fc.property(hostileSet, (set) => {
        const text = renderTemplate(set, HEAD);
        const { problems } = parseManifests('groups/acme-de.yaml', text);
        const blanks = text
          .split('\n')
          .flatMap((line, index) => (/^ +[a-z_]+: ""/.test(line) ? [index + 1] : []));
        expect(problems.map(({ source }) => source?.line)).toEqual(blanks);
        for (const { code, hint } of problems) {
          expect(code).toBe('empty-value');
          expect(hint).toContain('Write the ');
        }
      }),
      runs(200),
    );
  });
});

const BLANKS: Readonly<Record<FieldType, object | null>> = {
  textual: { text: '' },
  datetime: { text: '' },
  unknown: { text: '' },
  document: { document: { file: '' } },
  address: {
    address: { business_name: '', street_address: '', locality: '', postal_code: '', country_code: 'DE' },
  },
  action: null,
};

describe('a skeleton', () => {
  it('is a sound manifest once its blanks are filled', () => {
    const set = (['textual', 'datetime', 'document', 'address', 'action'] as const).map((fieldType, index) =>
      definition({
        id: `00000000-0000-4000-8000-00000000000${index}`,
        name: `Requirement ${index}`,
        fieldType,
      }),
    );
    const filled = write(...set).replaceAll('""', '"something"');
    expect(parseManifests('groups/acme-de.yaml', filled)).toMatchObject({ manifests: [{}], problems: [] });
  });

  it('says name, kind, id, description, example and everything that is accepted', () => {
    const text = write(
      definition({
        example: 'Jane Roe',
        criteria: {
          minLength: 6,
          maxLength: 12,
          acceptableCharacters: '0-9',
          acceptableValues: ['One', 'Two'],
          regex: '^[0-9]+$',
          caseSensitive: false,
          timeLimit: 'Less than 6 months old',
          localityLimit: 'Same city',
        },
      }),
    );
    expect(text.split('\n').filter((line) => line.startsWith('  #'))).toEqual([
      '  # Contact Info (text, 2708e569-696a-4fc7-9305-5fdb3eb9c7dd)',
      '  # Whom to contact',
      '  # Example: Jane Roe',
      '  # Length: 6 to 12 characters',
      '  # Characters: 0-9',
      '  # One of: One, Two (capitals do not matter)',
      '  # Pattern: ^[0-9]+$ (capitals do not matter)',
      '  # Time limit: Less than 6 months old',
      '  # Locality: Same city',
    ]);
  });

  it.each([
    ['two of one name', [definition(), definition({ id: 'b3dc7ee5-3b37-4f06-9ab6-a8e74c311282' })]],
    ['a name that YAML reads otherwise', [definition({ name: 'No' })]],
    ['a name with a colon', [definition({ name: 'Proof: identity' })]],
    ['a name in another script', [definition({ name: 'Имя' })]],
  ])('calls a requirement by its id: %s', (_, definitions) => {
    const ids = definitions.map(({ id }) => id);
    expect(read(write(...definitions)).requirements.map(({ requirement }) => requirement)).toEqual(ids);
  });

  it('mentions an action and asks nothing for it', () => {
    const text = write(definition({ name: 'Identity Check', fieldType: 'action' }));
    expect(text).toContain('# Identity Check (action, ');
    expect(read(text).requirements).toEqual([]);
    expect(parseManifests('groups/a.yaml', text).problems).toEqual([]);
  });

  it('of a country whose addresses need a state asks for it', () => {
    const set = { combination: { ...COMBINATION, countryCode: 'US' }, version: null };
    const text = renderTemplate({ ...set, requirements: [definition({ fieldType: 'address' })] }, HEAD);
    expect(text).toContain('administrative_area: ""');
  });

  it('cuts what nobody could read', () => {
    expect(write(definition({ description: 'long '.repeat(100_000) })).length).toBeLessThan(4_000);
  });

  it('without a catalogue is sound, and says where to ask', () => {
    const text = renderBareTemplate(HEAD);
    expect(parseManifests('groups/acme-de.yaml', text)).toMatchObject({ manifests: [{}], problems: [] });
    expect(text).toContain('regsync explain DE local ordering');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});
