import type { FieldType, RequirementDefinition, RequirementSet } from '../model/requirements.ts';
import type { Combination } from '../model/resource.ts';
import { isReadAsSomethingElse, writeWord } from '../model/text/plain-word.ts';
import { asParagraph } from './text/paragraph.ts';
import { wrapToWidth } from './text/width.ts';
import { describeRequirement, FIELD_TYPE_WORDS } from './words/requirement-words.ts';

/** The largest width of a comment in columns. */
const WIDTH = 100;

export interface TemplateHead {
  readonly name: string;
  readonly combination: Combination;
  /** The path of the schema relative to the manifest, for editors. */
  readonly schemaPath: string;
  /** The source of the requirements, which follows `as`: `Telnyx describes it` */
  readonly origin: string;
}

/**
 * Renders a manifest to fill in. Each placeholder is a value that `validate` refuses at its line, so that
 * none is forgotten. Text of the API is in comments, which it cannot end.
 */
export function renderTemplate(set: RequirementSet, head: TemplateHead): string {
  const version = set.version === null ? '' : `, version ${set.version}`;
  const blocks = set.requirements.map((definition) => requirementLines(definition, set).join('\n'));
  const demanded = `What ${describe(head.combination)} demands${version}, as ${head.origin}.`;
  const isAskedLater = set.requirements.every(({ fieldType }) => fieldType === 'action');
  const list = isAskedLater ? 'requirements: []' : 'requirements:';
  return `${[...headLines(head, [demanded, HOW]), list, blocks.join('\n\n')].join('\n')}\n`;
}

const HOW =
  'Fill in every "". A document is a path that begins at this file, as in ../documents/registration.pdf.';

/** Renders a valid manifest without requirements, for use when they could not be read. */
export function renderBareTemplate(head: TemplateHead): string {
  const { combination, name } = head;
  const { countryCode, phoneNumberType, action } = combination;
  const lines = [
    `What ${describe(combination)} demands was not known when this was written: there was no API key.`,
    `\`regsync explain ${countryCode} ${phoneNumberType} ${action}\` says it, and \`regsync plan\` names what is missing here.`,
  ];
  const forms = comments(
    [
      'One entry for each requirement, in one of these forms:',
      '- requirement: Contact Info',
      '  text: "Compliance desk, Example GmbH"',
      '- requirement: Business Registration',
      '  document: { file: ../documents/registration.pdf }',
      '- requirement: Local Address',
      `  address: ${name}-address    # an Address manifest of this name, or its fields`,
    ],
    '  ',
  );
  return `${[...headLines(head, lines), 'requirements: []', ...forms].join('\n')}\n`;
}

function headLines(head: TemplateHead, remarks: readonly string[]): string[] {
  const { countryCode, phoneNumberType, action } = head.combination;
  return [
    `# yaml-language-server: $schema=${head.schemaPath}`,
    ...remarks.flatMap((remark) => comments(wrapToWidth(remark, WIDTH - 2), '')),
    'apiVersion: regsync/v1',
    'kind: RequirementGroup',
    `name: ${writeWord(head.name)}`,
    `country_code: ${writeWord(countryCode)}`,
    `phone_number_type: ${phoneNumberType}`,
    `action: ${action}`,
  ];
}

function describe({ countryCode, phoneNumberType, action }: Combination): string {
  return `${countryCode} ${phoneNumberType} ${action}`;
}

/* ---- One requirement: its description, and the placeholder ---- */

function requirementLines(definition: RequirementDefinition, set: RequirementSet): string[] {
  const written = writtenAs(definition, set.requirements);
  const isNamed = written === definition.name;
  const kind = FIELD_TYPE_WORDS[definition.fieldType];
  const title = `${definition.name} (${kind}${isNamed ? `, ${definition.id}` : ''})`;
  const remarks = [asParagraph(title), ...describeRequirement(definition)].map(disarm);
  return [
    ...comments(
      remarks.flatMap((remark) => wrapToWidth(remark, WIDTH - 4)),
      '  ',
    ),
    ...blankLines(definition.fieldType, written, set.combination.countryCode),
  ];
}

function comments(lines: readonly string[], indentation: string): string[] {
  return lines.map((line) => `${indentation}# ${line}`.trimEnd());
}

/** Breaks up words in comments that editors execute. */
function disarm(text: string): string {
  return text
    .replace(/yaml-language-server/giu, 'yaml language server')
    .replaceAll('$schema', '$ schema')
    .replace(/\b(vim?|ex)(?=[<=>]?\d*:)/giu, '$1 ')
    .replaceAll('-*-', '- * -')
    .replace(/local variables:/giu, 'local variables');
}

/** Returns the name of a requirement if it is unique and plain in YAML, or else its id. */
function writtenAs(definition: RequirementDefinition, all: readonly RequirementDefinition[]): string {
  const { id, name } = definition;
  const isUnique = all.filter((other) => sameName(other.name, name)).length === 1;
  if (isUnique && isPlainWords(name)) return name;
  return writeWord(id);
}

function sameName(a: string, b: string): boolean {
  return a.normalize('NFC').trim() === b.normalize('NFC').trim();
}

/**
 * Returns true if neither YAML nor a reader can misread the name, unlike `true`, `12`, `a: b`, `a #b` or two
 * blanks.
 */
function isPlainWords(name: string): boolean {
  return (
    /^[A-Za-z][A-Za-z0-9/().'-]*( [A-Za-z0-9/().'-]+)*$/.test(name) &&
    name.length <= 60 &&
    !isReadAsSomethingElse(name)
  );
}

const FIRST_LINE = '  - requirement: ';

function blankLines(fieldType: FieldType, written: string, countryCode: string): string[] {
  switch (fieldType) {
    case 'action':
      return [];
    case 'document':
      return [FIRST_LINE + written, '    document:', '      file: ""'];
    case 'address':
      return [FIRST_LINE + written, '    address:', ...addressLines(countryCode)];
    case 'textual':
    case 'datetime':
    case 'unknown':
      return [FIRST_LINE + written, '    text: ""'];
    default:
      return fieldType satisfies never;
  }
}

function addressLines(countryCode: string): string[] {
  return [
    '      business_name: ""    # for a person: first_name and last_name',
    '      street_address: ""',
    '      locality: ""',
    ...(WITH_STATES.has(countryCode) ? ['      administrative_area: ""    # the two-letter code'] : []),
    '      postal_code: ""',
    `      country_code: ${writeWord(countryCode)}`,
  ];
}

/** The countries where Telnyx validates addresses, and for which it requires the state or province. */
const WITH_STATES: ReadonlySet<string> = new Set(['US', 'CA']);
