import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SCHEMAS } from '../../src/cli/schema.ts';
import { EXIT } from '../../src/model/exit.ts';
import { ROOT } from './root.ts';
import { runHere } from './servers/host.ts';

/** What docs/compatibility.md freezes, a line for each thing. */
export interface PublicInterface {
  /** What users may rely on: none of it may go. */
  readonly offers: readonly string[];
  /** What users must give: nothing may be added. */
  readonly demands: readonly string[];
}

/** A sentence for each thing that a user of the one would find gone, or would have to give anew, in the other. */
export function findBreaks(frozen: PublicInterface, current: PublicInterface): string[] {
  const gone = frozen.offers.filter((line) => !current.offers.includes(line));
  const added = current.demands.filter((line) => !frozen.demands.includes(line));
  // What is new may demand what it likes.
  const isNew = (line: string) => {
    const parent = line.replace(/[. ][^. ]*$/, '');
    return !frozen.offers.some((offer) => offer === parent || /^[. [,]/.test(afterStart(offer, parent)));
  };
  return [
    ...gone.map((line) => `${line} is gone`),
    ...added.filter((line) => !isNew(line)).map((line) => `${line} must be given`),
  ];
}

function afterStart(text: string, start: string): string {
  return text.startsWith(start) ? text.slice(start.length) : '';
}

export async function readPublicInterface(): Promise<PublicInterface> {
  const [commands, schemas, action] = [await readCommands(), readSchemas(), readAction()];
  return {
    offers: [
      ...Object.entries(EXIT).map(([name, code]) => `exit code ${code} ${name}`),
      ...commands.offers,
      ...action.offers,
      ...schemas.offers,
      ...readOutputs(),
    ].sort(),
    demands: [...commands.demands, ...action.demands, ...schemas.demands].sort(),
  };
}

async function help(...args: string[]): Promise<string> {
  const { out } = await runHere([...args, '--help'], { cwd: tmpdir(), env: { COLUMNS: '400' } });
  return out;
}

/** By their help pages. */
async function readCommands(): Promise<PublicInterface> {
  const [, list = ''] = (await help()).match(/\nCommands:\n([\s\S]*?)\n\n/) ?? [];
  const names = [...list.matchAll(/^ {2}([a-z]\w*)/gm)].map(([, name = '']) => name);
  const pages = await Promise.all(names.map(async (name) => [name, await help(name)] as const));
  return {
    offers: pages.flatMap(([name, page]) => [
      `command ${name}`,
      ...[...page.matchAll(/^ {2}(?:-\w, )?(--[\w-]+(?: [<[][^ ]+)?)/gm)].map(
        ([, flag]) => `command ${name} ${flag}`,
      ),
      ...choicesOf(page).map((choice) => `command ${name} ${choice}`),
    ]),
    demands: pages.flatMap(([name, page]) =>
      [...(page.match(/^Usage: .*$/m)?.[0] ?? '').matchAll(/<[\w.-]+>/g)].map(
        ([word]) => `command ${name} ${word}`,
      ),
    ),
  };
}

/** `--format json`, `step plan` */
function choicesOf(page: string): string[] {
  return page
    .replaceAll(/\n {10,}/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const [, name = '', words = ''] = line.match(/^ {2}(\S+) .*\(choices: ((?:"[^"]+"(?:, )?)+)/) ?? [];
      return [...words.matchAll(/"([^"]+)"/g)].map(([, word]) => `${name} ${word}`);
    });
}

function readAction(): PublicInterface {
  const { inputs, outputs } = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
    inputs: Record<string, { default?: string; required?: boolean }>;
    outputs: Record<string, unknown>;
  };
  return {
    offers: [
      ...Object.entries(inputs).map(([name, { default: usual }]) =>
        usual === undefined ? `action input ${name}` : `action input ${name}, usually ${usual}`,
      ),
      ...Object.keys(outputs).map((name) => `action output ${name}`),
    ],
    demands: Object.entries(inputs).flatMap(([name, { required }]) =>
      required ? [`action input ${name}`] : [],
    ),
  };
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly const?: unknown;
  readonly oneOf?: readonly Schema[];
}

function readSchemas(): PublicInterface {
  const pairs = Object.keys(SCHEMAS).flatMap((name) => {
    const schema = JSON.parse(readFileSync(join(ROOT, `schemas/${name}.schema.json`), 'utf8')) as Schema;
    return [
      [name, schema] as const,
      ...Object.entries(schema.$defs ?? {}).map(([key, each]) => [`${name} ${key}`, each] as const),
    ];
  });
  const found = pairs.map(([place, schema]) => walk(place, schema));
  return {
    offers: found.flatMap(({ offers }) => offers),
    demands: found.flatMap(({ demands }) => demands),
  };
}

function walk(place: string, schema: Schema): PublicInterface {
  const below = [
    ...Object.entries(schema.properties ?? {}).map(([key, each]) => walk(`${place}.${key}`, each)),
    ...(schema.items === undefined ? [] : [walk(`${place}[]`, schema.items)]),
  ];
  return {
    offers: [
      ...Object.entries(schema.properties ?? {}).map(([key, { const: only }]) =>
        only === undefined ? `${place}.${key}` : `${place}.${key} is ${only}`,
      ),
      ...below.flatMap(({ offers }) => offers),
    ],
    // Users write manifests and a configuration, and regsync of any version reads their lock. It alone makes the rest.
    demands: !/^(?:manifest|config|lock)\b(?!-)/.test(place)
      ? []
      : [
          ...(schema.required ?? []).map((key) => `${place}.${key}`),
          ...below.flatMap(({ demands }) => demands),
        ],
  };
}

/** The keys of all that `--format json` prints, as `src/model` declares them. */
function readOutputs(): string[] {
  const files = ['outputs', 'report/status', 'report/import', 'problem', 'plan/plan', 'plan/outcome'];
  return files.flatMap((file) => {
    const text = readFileSync(join(ROOT, `src/model/${file}.ts`), 'utf8');
    const interfaces = [...text.matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)];
    return interfaces.flatMap(([, name, body = '']) =>
      [...body.matchAll(/^ {2}readonly (\w+)(\??):/gm)].map(
        ([, key, optional]) => `output ${name}.${key}${optional}`,
      ),
    );
  });
}
