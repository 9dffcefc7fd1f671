import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { DEFAULT_QUIRKS } from '../../src/sandbox/state/quirks.ts';
import { ROOT } from './root.ts';
import { type Result, runHere } from './servers/host.ts';

/**
 * The parts of the pages that are made from the program and from the schemas. In a page they stand between
 * `<!-- generated: KIND NAME -->` and `<!-- end -->`.
 */
const PART = /<!-- generated: (\S+)(?: (\S+))? -->\n[\s\S]*?<!-- end -->/g;

export function hasParts(page: string): boolean {
  return page.search(PART) !== -1;
}

/** The page with each part as it should be. */
export async function generateParts(page: string): Promise<string> {
  const parts = await Promise.all(
    [...page.matchAll(PART)].map(async ([, kind = '', name = '']) => {
      const head = name === '' ? kind : `${kind} ${name}`;
      return `<!-- generated: ${head} -->\n\n${(await generate(kind, name)).trim()}\n\n<!-- end -->`;
    }),
  );
  return page.replace(PART, () => parts.shift() ?? '');
}

async function generate(kind: string, name: string): Promise<string> {
  switch (kind) {
    case 'commands':
      return commandReference();
    case 'global-options':
      return optionTable((await helpOf(['plan'])).globalOptions);
    case 'schema':
      return schemaTable(name);
    case 'quirks':
      return quirkTable();
    case 'action':
      return actionTable(name);
    default:
      throw new Error(`There is no part "${kind}"`);
  }
}

/* ---- Commands, from their help pages ---- */

interface HelpPage {
  readonly usage: string;
  readonly description: string;
  readonly arguments: readonly Entry[];
  readonly options: readonly Entry[];
  readonly globalOptions: readonly Entry[];
  readonly commands: readonly Entry[];
  /** The examples, without prompts, and what is said below them. */
  readonly rest: string;
}

interface Entry {
  readonly term: string;
  readonly text: string;
}

async function helpOf(args: readonly string[]): Promise<HelpPage> {
  const { out }: Result = await runHere([...args, '--help'], { cwd: ROOT, env: {} });
  const [usage = '', description = ''] = out.split('\n\n');
  const [, rest = ''] = out.match(/\n(Examples:\n[\s\S]*?)\nEnvironment variables/) ?? [];
  return {
    usage: usage.replace('Usage: ', ''),
    description: description.replaceAll('\n', ' ').trim(),
    arguments: entriesUnder(out, 'Arguments'),
    options: entriesUnder(out, 'Options'),
    globalOptions: entriesUnder(out, 'Global options'),
    commands: entriesUnder(out, 'Commands'),
    rest: rest.replaceAll(/^ {2}\$ /gm, '  '),
  };
}

/** `  term   text`, whose further lines are indented to the text. */
function entriesUnder(help: string, title: string): Entry[] {
  const [, block = ''] = help.match(new RegExp(`\\n${title}:\\n((?: .*\\n)+)`)) ?? [];
  const entries: { term: string; text: string }[] = [];
  for (const line of block.split('\n')) {
    const [, term = '', text = ''] = line.match(/^ {2}(\S.*?) {2,}(.*)$/) ?? [];
    const last = entries.at(-1);
    if (term !== '') entries.push({ term, text });
    else if (last !== undefined && line.trim() !== '') last.text += ` ${line.trim()}`;
  }
  return entries;
}

async function commandNames(): Promise<string[]> {
  return (await helpOf([])).commands.map(({ term }) => term.split(' ')[0] ?? '');
}

async function commandReference(): Promise<string> {
  const sections = (await commandNames()).map(async (name) => {
    const help = await helpOf([name]);
    const own = help.options;
    return [
      `### \`regsync ${name}\``,
      `${sentence(help.description)}`,
      `\`\`\`text\n${help.usage}\n\`\`\``,
      ...(help.arguments.length > 0 ? [optionTable(help.arguments, 'argument')] : []),
      ...(own.length > 0 ? [optionTable(own)] : []),
      ...(help.rest === '' ? [] : [`\`\`\`text\n${help.rest.trim()}\n\`\`\``]),
    ].join('\n\n');
  });
  return (await Promise.all(sections)).join('\n\n');
}

function optionTable(entries: readonly Entry[], title = 'option'): string {
  const rows = entries.map(({ term, text }) => [`\`${term}\``, cell(text)]);
  return table([title, 'meaning'], rows);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`.replace(/([^.!?)])$/, '$1.');
}

/* ---- Keys, from the schemas ---- */

/** An object that follows a schema. */
type Example = Readonly<Record<string, unknown>>;

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly description?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly then?: Schema;
  readonly else?: Schema;
}

function readSchema(name: string): Schema {
  return JSON.parse(readFileSync(join(ROOT, `schemas/${name}.schema.json`), 'utf8')) as Schema;
}

/** @param name `manifest`, or with one of its definitions: `manifest#Document`. */
function schemaTable(name: string): string {
  const [file = '', definition] = name.split('#');
  const root = readSchema(file);
  const schema = definition === undefined ? root : root.$defs?.[definition];
  if (schema?.properties === undefined) throw new Error(`There is no object ${name}`);
  return table(['key', 'type', 'default', 'example', 'meaning'], rowsOf(schema, root, ''));
}

function rowsOf(object: Schema, root: Schema, prefix: string, example?: Example): string[][] {
  const { properties = {}, required = [], examples = [] } = object;
  const whole = example ?? (Object.assign({}, ...examples) as Example);
  return Object.entries(properties).flatMap(([key, reference]) => {
    const schema = resolved(reference, root);
    const isList = schema.items !== undefined;
    const path = `${prefix}${key}${isList ? '[]' : ''}`;
    const inner = resolved(schema.items ?? schema, root);
    const name = required.includes(key) ? `\`${path}\` (required)` : `\`${path}\``;
    const row = [
      name,
      typeOf(schema, root),
      inCode(schema.default),
      exampleOf(schema, whole[key]),
      cell(schema.description ?? ''),
    ];
    // What has a chapter of its own, or stands for several shapes, is described there.
    const isElsewhere = (schema.items ?? reference).$ref !== undefined;
    return [
      row,
      ...(isElsewhere ? [] : rowsOf(inner, root, `${path}.`, [whole[key]].flat()[0] as Example | undefined)),
    ];
  });
}

function resolved(schema: Schema, root: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...own } = schema;
  return { ...root.$defs?.[$ref.replace('#/$defs/', '')], ...own };
}

function typeOf(schema: Schema, root: Schema): string {
  if (schema.const !== undefined) return inCode(schema.const);
  if (schema.enum !== undefined && schema.enum.length < 12) return schema.enum.map(inCode).join(', ');
  if (schema.items !== undefined) {
    const { $ref } = schema.items;
    const item = resolved(schema.items, root);
    // Only an object has a table of its own.
    return `list of ${$ref === undefined || item.properties === undefined ? typeOf(item, root) : linkTo($ref)}`;
  }
  const types = [schema.type ?? []].flat().map((type) => (type === 'object' ? 'mapping' : type));
  return types.length === 0 ? 'mapping' : types.join(' or ');
}

function linkTo(reference: string): string {
  const name = reference.replace('#/$defs/', '');
  return `[${name}](#${name.toLowerCase()})`;
}

function inCode(value: unknown): string {
  return value === undefined ? '' : `\`${JSON.stringify(value).replace(/^"(.*)"$/, '$1')}\``;
}

/**
 * The schema's own example, that of the whole object, or the most plain value that the key takes. Objects and lists of them have keys
 * with examples of their own.
 */
function exampleOf(schema: Schema, ofParent: unknown): string {
  const { examples = [], enum: choices = [], default: usual, type } = schema;
  const plain = [examples[0], ofParent, choices[0], usual].find((value) => value !== undefined);
  if (plain === undefined || (examples.length === 0 && !isPlain(plain)))
    return type === 'boolean' ? inCode(true) : '';
  return cell(inCode(plain).replaceAll('","', '", "'));
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every(isPlain);
  return typeof value !== 'object' || value === null;
}

/* ---- The action, from action.yml ---- */

/** @param name `inputs` or `outputs`. */
function actionTable(name: string): string {
  const described = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Record<
    string,
    Record<string, { readonly description: string; readonly default?: string }>
  >;
  const rows = Object.entries(described[name] ?? {}).map(([key, { description, default: usual }]) => [
    `\`${key}\``,
    ...(name === 'inputs' ? [usual === undefined ? '' : `\`${usual}\``] : []),
    cell(description),
  ]);
  return table(name === 'inputs' ? ['input', 'default', 'meaning'] : ['output', 'meaning'], rows);
}

/* ---- Quirks, from the simulator's own list ---- */

function quirkTable(): string {
  const source = readFileSync(join(ROOT, 'src/sandbox/state/quirks.ts'), 'utf8');
  const [, body = ''] = source.match(/export interface Quirks \{\n([\s\S]*?)\n\}/) ?? [];
  const rows = [...body.matchAll(/(?:\/\*\*([\s\S]*?)\*\/\s*)?readonly (\w+): ([^;]+);/g)].map(
    ([, comment = '', name = '', type = '']) => {
      const usual = DEFAULT_QUIRKS[name as keyof typeof DEFAULT_QUIRKS];
      const values = type.replace('readonly ', '').replaceAll("'", '').replaceAll(' | ', '`, `');
      const meaning = comment
        .replaceAll(/\n\s*\*/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim();
      return [`\`${name}\``, `\`${values}\``, inCode(usual), cell(meaning)];
    },
  );
  return table(['quirk', 'values', 'default', 'meaning'], rows);
}

/* ---- Tables ---- */

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** As it may stand in a table: a bar would end the cell, and `<` would begin a tag. */
function cell(text: string): string {
  const pieces = text
    .replaceAll('\n', ' ')
    .trim()
    .split(/(`[^`]*`)/);
  return pieces
    .map((piece) => (piece.startsWith('`') ? piece : piece.replaceAll('<', '&lt;')).replaceAll('|', '\\|'))
    .join('');
}
