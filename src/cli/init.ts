import { readFile } from 'node:fs/promises';
import { basename, dirname, join, posix, relative } from 'node:path';
import type { Command } from 'commander';
import { isTaken, type NewFile, writeNewFiles } from '../files/new-files.ts';
import { findUpwards, isFolder, realPathOf } from '../files/paths.ts';
import { isNamedLikeManifest } from '../manifest/files/read-confined.ts';
import { CONFIG_FILE, type ConfiguredAccount, findRepository } from '../manifest/repository.ts';
import { InvalidInputError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { writeWord } from '../model/plain-word.ts';
import { type Combination, GROUP_ACTIONS, PHONE_NUMBER_TYPES } from '../model/resource.ts';
import { visible } from '../model/visible.ts';
import { renderJson } from '../render/json.ts';
import { renderNextSteps, type Step } from '../render/next-steps.ts';
import { renderBareSkeleton, renderSkeleton } from '../render/skeleton.ts';
import { addCommand, examples, type Finish, formatOption, optionsOf } from './command.ts';
import { WORKFLOWS } from './init/workflows.ts';
import { checkGroupName, readOne, SCHEMA_FOLDER, schemaPath } from './new.ts';
import { SCHEMAS } from './schema.ts';
import { goThere } from './session/again.ts';
import { accessOf } from './session/api.ts';
import { readAction, readCombination, readCountry, readType } from './session/combination.ts';
import { optionsForRepository } from './session/project.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

/** Defines the command, its options and its help page. */
export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'init', 'set a repository up: regsync.yaml, a first manifest, workflow files')
    .option('--scope <name>', 'what the repository owns at Telnyx: groups called regsync/<name>/…')
    .option('--country <country>', 'of the first group, such as DE')
    .option('--type <type>', 'of its numbers: local, toll_free, mobile, national or shared_cost')
    .option('--action <action>', 'ordering or porting')
    .option('--name <name>', 'of the first group (default: <scope>-<country>-<type>)')
    .option('--no-workflows', 'write no GitHub workflow files')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples(
        'regsync init',
        'regsync init --scope acme --country DE --type local --action ordering --no-workflows --sandbox',
      ),
    )
    .action(async (_, command: Command) => {
      finish(await init(terminal, optionsOf<InitCommandOptions>(command)));
    });
}

export interface InitCommandOptions extends GlobalOptions {
  readonly scope?: string;
  readonly country?: string;
  readonly type?: string;
  readonly action?: string;
  readonly name?: string;
  readonly workflows: boolean;
  readonly format: 'text' | 'json';
}

/** Sets a repository up. Nothing that is there is overwritten; everything is looked at before the first file is written. */
export async function init(terminal: Terminal, options: InitCommandOptions): Promise<ExitCode> {
  const place = await findPlace(terminal, options);
  const answers = await settle(terminal, options, place);
  const first = await firstManifest(terminal, options, place, answers);
  const wanted = [
    { path: CONFIG_FILE, text: configText(answers.scope) },
    { path: `${SCHEMA_FOLDER}/manifest.schema.json`, text: renderJson(SCHEMAS.manifest) },
    { path: `${SCHEMA_FOLDER}/config.schema.json`, text: renderJson(SCHEMAS.config) },
    ...(first === null ? keepFolder(place.root, place.manifests) : [first]),
    ...keepFolder(place.root, 'documents'),
    ...(options.workflows ? WORKFLOWS : []),
  ];
  const written: NewFile[] = [];
  const kept: string[] = [];
  for (const file of wanted) {
    if (await isTaken(place.root, file.path)) kept.push(file.path);
    else written.push(file);
  }
  const lines = [...(await linesFor(place.root, IGNORE)), ...(await linesFor(place.root, ATTRIBUTES))];
  const additions: NewFile[] = [];
  for (const file of lines) ((await isTaken(place.root, file.path)) ? additions : written).push(file);
  await writeNewFiles(place.root, written, additions);
  report(terminal, options, {
    place,
    written: [...written, ...additions].map(({ path }) => path),
    kept,
    scope: answers.scope,
    first: first?.path ?? null,
  });
  return EXIT.ok;
}

/* ---- Where ---- */

interface Place {
  readonly root: string;
  /** The scope of a configuration that is there already. */
  readonly scope: string | null;
  readonly account: ConfiguredAccount | null;
  /** The folder for manifests. */
  readonly manifests: string;
}

async function findPlace(terminal: Terminal, options: InitCommandOptions): Promise<Place> {
  if (options.config !== undefined) {
    throw new InvalidInputError(
      'init writes regsync.yaml: --config means nothing here; say with --chdir DIR where',
    );
  }
  const root = realPathOf(terminal.cwd);
  if (!isFolder(root)) throw new InvalidInputError(`no folder ${visible(root)}`);
  const above = findUpwards(root, CONFIG_FILE);
  if (above !== null && dirname(above) !== root) {
    throw new InvalidInputError(
      `${visible(dirname(above))} is a repository of regsync already, and this folder is part of it. Nothing was written.`,
    );
  }
  const repository = await findRepository(optionsForRepository(terminal, options));
  const folder = repository?.config.manifests.find((entry) => !isNamedLikeManifest(entry)) ?? 'groups';
  return {
    root,
    scope: repository?.config.scope ?? null,
    account: repository?.config.account ?? null,
    manifests: posix.normalize(folder).replace(/\/$/, ''),
  };
}

/* ---- What: flags, else questions ---- */

interface Answers {
  readonly scope: string;
  readonly first: { readonly combination: Combination; readonly name: string } | null;
}

async function settle(terminal: Terminal, options: InitCommandOptions, place: Place): Promise<Answers> {
  if (terminal.isInteractive && !options.quiet)
    terminal.err(`Setting up regsync in ${visible(place.root)}\n\n`);
  const scope = await settleScope(terminal, options, place);
  const combination = await settleCombination(terminal, options);
  if (combination === null) {
    if (options.name !== undefined)
      throw new InvalidInputError('--name needs --country, --type and --action');
    return { scope, first: null };
  }
  const usual = usualName(scope, combination);
  const asks = terminal.isInteractive && options.country === undefined;
  const name =
    options.name !== undefined || !asks
      ? checkGroupName(options.name ?? usual)
      : await askUntil(terminal, `Name of this group in the repository [${usual}]: `, (text) =>
          checkGroupName(text || usual),
        );
  return { scope, first: { combination, name } };
}

async function settleScope(terminal: Terminal, options: InitCommandOptions, place: Place): Promise<string> {
  if (place.scope !== null) {
    if (options.scope === undefined || options.scope === place.scope) return place.scope;
    throw new InvalidInputError(
      `regsync.yaml says scope ${place.scope}, not ${visible(options.scope)}; it is not changed. Nothing was written.`,
    );
  }
  if (options.scope !== undefined) return checkScope(options.scope);
  if (!terminal.isInteractive) {
    throw new InvalidInputError(
      'nobody can be asked here: give --scope NAME, which says what this repository owns at Telnyx',
    );
  }
  const usual = scopeFrom(basename(place.root));
  const shown = usual === '' ? '' : ` [${usual}]`;
  const question = `Scope: a short name for what this repository owns at Telnyx, such as your company${shown}: `;
  return askUntil(terminal, question, (text) => checkScope(text || usual));
}

const SCOPE = /^[a-z0-9][a-z0-9-]{0,31}$/;

function checkScope(text: string): string {
  if (SCOPE.test(text)) return text;
  const rule = 'up to 32 lowercase letters, digits and dashes, a letter or digit first';
  throw new InvalidInputError(`"${visible(text.slice(0, 60))}" cannot be a scope: ${rule}`);
}

function scopeFrom(folder: string): string {
  return folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 32)
    .replace(/-+$/, '');
}

async function settleCombination(
  terminal: Terminal,
  options: InitCommandOptions,
): Promise<Combination | null> {
  const { country, type, action } = options;
  if (country !== undefined && type !== undefined && action !== undefined) {
    return readCombination(country, type, action);
  }
  const given = [country, type, action].filter((word) => word !== undefined);
  if (!terminal.isInteractive) {
    if (given.length === 0) return null;
    throw new InvalidInputError('the first group needs all three: --country, --type and --action');
  }
  const countryCode =
    country === undefined
      ? await askUntil(terminal, 'Country of the first group, such as DE (empty: no group yet): ', (text) =>
          text === '' ? '' : readCountry(text),
        )
      : readCountry(country);
  if (countryCode === '') return null;
  return {
    countryCode,
    phoneNumberType: await askChoice(terminal, 'Type of its numbers', type, PHONE_NUMBER_TYPES, readType),
    action: await askChoice(terminal, 'Action', action, GROUP_ACTIONS, readAction),
  };
}

async function askChoice(
  terminal: Terminal,
  label: string,
  given: string | undefined,
  choices: readonly string[],
  read: (text: string) => string,
): Promise<string> {
  if (given !== undefined) return read(given);
  const [usual = ''] = choices;
  return askUntil(terminal, `${label}: ${choices.join(', ')} [${usual}]: `, (text) => read(text || usual));
}

/** Again, saying why, until the answer will do. */
async function askUntil(
  terminal: Terminal,
  question: string,
  read: (text: string) => string,
): Promise<string> {
  for (;;) {
    const answer = (await terminal.ask(question)).trim();
    try {
      return read(answer);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      terminal.err(`  ${error.message}\n`);
    }
  }
}

/** `acme-de-local`, `acme-de-toll-free-porting` */
function usualName(scope: string, { countryCode, phoneNumberType, action }: Combination): string {
  const words = [scope, countryCode.toLowerCase(), phoneNumberType.replaceAll('_', '-')];
  return [...words, ...(action === 'ordering' ? [] : [action])].join('-');
}

/* ---- The files ---- */

async function firstManifest(
  terminal: Terminal,
  options: InitCommandOptions,
  place: Place,
  { scope, first }: Answers,
): Promise<NewFile | null> {
  if (first === null) return null;
  const { combination, name } = first;
  const path = posix.join(place.manifests, `${name}.yaml`);
  const head = { name, combination, schemaPath: schemaPath(path) };
  if (!canReadDefinitions(terminal, options, place)) {
    if (!options.quiet) terminal.err(WITHOUT_KEY);
    return { path, text: renderBareSkeleton({ ...head, origin: '' }) };
  }
  const repository = { root: place.root, config: { scope, account: place.account } };
  const { set, origin } = await readOne(terminal, options, { repository, combination });
  return { path, text: renderSkeleton(set, { ...head, origin }) };
}

function canReadDefinitions(
  terminal: Terminal,
  { sandbox, apiKeyFile }: GlobalOptions,
  { account }: Place,
): boolean {
  const key = terminal.env[accessOf(account, terminal.env).keyEnv];
  return sandbox === true || apiKeyFile !== undefined || Boolean(key?.trim());
}

const WITHOUT_KEY =
  'notice: there is no API key (TELNYX_API_KEY or --api-key-file), so the first manifest does not say what is demanded.\n';

/** Git keeps no empty folders. */
function keepFolder(root: string, folder: string): NewFile[] {
  return folder === '' || folder === '.' || isFolder(join(root, folder))
    ? []
    : [{ path: `${folder}/.gitkeep`, text: '' }];
}

function configText(scope: string): string {
  return `# yaml-language-server: $schema=${SCHEMA_FOLDER}/config.schema.json
apiVersion: regsync/v1
kind: Config

# What this repository owns at Telnyx: the groups whose reference begins with regsync/${scope}/. Another repository needs
# another scope. To change it later, write the old one below it as \`former_scope:\`. Then apply keeps those groups.
scope: ${writeWord(scope)}

# The folders that hold manifests.
manifests: [groups]

# How much one run may delete; a plan that would delete more is refused as a whole. These are the defaults.
# limits: { max_deletes: 10, max_delete_fraction: 0.3 }

# How many days ahead plan and status name what expires. This is the default.
# expiry: { warn_days: 30 }
`;
}

/** Lines that a file of git's is to have. */
interface WantedLines {
  readonly path: string;
  readonly lines: readonly {
    readonly text: string;
    /** A line that says the same already. */
    readonly isThere: RegExp;
  }[];
}

/** Not the whole folder: other files in it may be for everybody. */
const IGNORE: WantedLines = {
  path: '.gitignore',
  lines: [
    {
      text: "# The state of regsync's sandbox\n.regsync/sandbox.json*\n",
      isThere: /^(?:\*\*\/|\/)?\.regsync(?:\/?|\/\*|\/sandbox\.json\*)$/,
    },
    {
      text: '# While an apply runs\n.regsync/apply.lock*\n',
      isThere: /^(?:\*\*\/|\/)?\.regsync(?:\/?|\/\*|\/apply\.lock\*)$/,
    },
  ],
};

/** A checkout on Windows would give CSV and text documents other bytes, and so another digest. */
const ATTRIBUTES: WantedLines = {
  path: '.gitattributes',
  lines: [
    {
      text: '# Documents are uploaded byte for byte: git leaves their line ends as they are\ndocuments/** -text\n',
      isThere: /^(?:\*\*?|\/?documents\/\*\*)\s(?:.*\s)?(?:-text|binary)(?:\s|$)/,
    },
  ],
};

/** What the file lacks, to be added at its end: no line of it is replaced. */
async function linesFor(root: string, { path, lines }: WantedLines): Promise<NewFile[]> {
  const found = await readFile(join(root, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new InvalidInputError(`${path} cannot be read (${error.code}). Nothing was written.`);
  });
  const present = found.split(/\r?\n/).map((line) => line.trim());
  const missing = lines.filter(({ isThere }) => !present.some((line) => isThere.test(line)));
  if (missing.length === 0) return [];
  const end = found === '' || found.endsWith('\n') ? '' : '\n';
  return [{ path, text: `${end}${missing.map(({ text }) => text).join('')}` }];
}

/* ---- What was done, and what comes next ---- */

interface Done {
  readonly place: Place;
  readonly written: readonly string[];
  readonly kept: readonly string[];
  readonly scope: string;
  /** The path of the first manifest. */
  readonly first: string | null;
}

function report(terminal: Terminal, options: InitCommandOptions, done: Done): void {
  const { place, written, kept } = done;
  if (options.format === 'json') terminal.out(renderJson({ written, kept }));
  else terminal.out(renderFiles(written, kept));
  if (options.quiet) return;
  const gitFolder = findUpwards(place.root, '.git');
  const top = gitFolder === null ? place.root : dirname(gitFolder);
  if (options.workflows && top !== place.root) {
    terminal.err(
      `warning: GitHub reads workflows only at the top of a git repository, which is ${visible(top)}. Move .github there, and give its commands --chdir ${visible(relative(top, place.root))}.\n`,
    );
  }
  terminal.err(renderNextSteps(nextSteps(done, options)));
}

function renderFiles(written: readonly string[], kept: readonly string[]): string {
  const lines = [
    ...written.map((path) => `  + ${visible(path)}`),
    ...kept.map((path) => `    ${visible(path)}    is there already: kept`),
  ];
  const head = written.length === 0 ? 'Nothing to write.' : 'Wrote:';
  return `${[head, ...lines].join('\n')}\n`;
}

function nextSteps({ scope, first }: Done, options: InitCommandOptions): readonly Step[] {
  const rehearse = options.sandbox ? ' --sandbox' : '';
  return [
    ...goThere(options),
    first === null
      ? [`regsync new DE local ordering --name ${scope}-de-local${rehearse}`, 'writes a manifest to fill in']
      : [`edit ${first}`, 'fill it in; documents go into documents/'],
    ['regsync validate', 'says what is still missing'],
    [`regsync doctor${rehearse}`, 'says what stands between this machine and Telnyx, with your key'],
    [`regsync plan${rehearse}`, 'shows what would change at Telnyx'],
    ...(options.workflows
      ? [
          [
            'commit and push',
            'the workflows need the secret TELNYX_API_KEY, and the pins that their comments name; where apply has another key, also REGSYNC_PLAN_KEY, which “openssl rand -hex 32” makes',
          ] as const,
        ]
      : []),
  ];
}
