import { posix } from 'node:path';
import type { Command } from 'commander';
import applyWorkflow from '../../../examples/github/regsync-apply.yml';
import driftWorkflow from '../../../examples/github/regsync-drift.yml';
import planWorkflow from '../../../examples/github/regsync-plan.yml';
import { isTaken, type NewFile, writeNewFiles } from '../../files/new-files.ts';
import { CONFIG_FILE } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import { writeWord } from '../../model/text/plain-word.ts';
import { SCHEMA_FOLDER, schemaPath } from '../../model/text/schema-path.ts';
import { visible } from '../../model/text/visible.ts';
import { renderBareJson } from '../../render/json.ts';
import { renderBareTemplate, renderTemplate } from '../../render/template.ts';
import { addCommand, examples, type Finish, formatOption, runs } from '../command.ts';
import { SCHEMAS } from '../schema.ts';
import { accessOf } from '../session/api.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import { type Answers, settleAnswers } from './answers.ts';
import { findMissingGitLines, keepFolder } from './git-files.ts';
import { readOne } from './new.ts';
import { findPlace, type InitPlace } from './place.ts';
import { reportFiles } from './report.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'init', 'set up a repository: regsync.yaml, a first manifest, workflow files')
    .option('--scope <name>', 'name for this repository at Telnyx: it owns groups called regsync/<name>/…')
    .option('--country <country>', 'country of the first group, such as DE')
    .option('--type <type>', 'type of its numbers: local, toll_free, mobile, national or shared_cost')
    .option('--action <action>', 'action of the first group: ordering or porting')
    .option('--name <name>', 'name of the first group (default: <scope>-<country>-<type>)')
    .option('--no-workflows', 'do not write GitHub workflow files')
    .option(
      '--pin <sha>',
      'commit of the regsync repository for the workflow files (default: v1, the newest release)',
    )
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples(
        'regsync init',
        'regsync init --scope acme --country DE --type local --action ordering --no-workflows --sandbox',
      ),
    )
    .action(runs(init, terminal, finish));
}

export interface InitCommandOptions extends GlobalOptions {
  readonly scope?: string;
  readonly country?: string;
  readonly type?: string;
  readonly action?: string;
  readonly name?: string;
  readonly workflows: boolean;
  readonly pin?: string;
  readonly format: 'text' | 'json';
}

/** Sets a repository up. Checks everything before it writes the first file, and overwrites no file. */
export async function init(terminal: Terminal, options: InitCommandOptions): Promise<ExitCode> {
  const workflows = settleWorkflows(options);
  const place = await findPlace(terminal, options);
  const answers = await settleAnswers(terminal, options, place);
  const first = await firstManifest(terminal, options, place, answers);
  const wanted = [
    { path: CONFIG_FILE, text: configText(answers.scope) },
    { path: `${SCHEMA_FOLDER}/manifest.schema.json`, text: renderBareJson(SCHEMAS.manifest) },
    { path: `${SCHEMA_FOLDER}/config.schema.json`, text: renderBareJson(SCHEMAS.config) },
    ...(first === null ? keepFolder(place.root, place.manifests) : [first]),
    ...keepFolder(place.root, 'documents'),
    ...workflows,
  ];
  const written: NewFile[] = [];
  const kept: string[] = [];
  for (const file of wanted) {
    if (await isTaken(place.root, file.path)) kept.push(file.path);
    else written.push(file);
  }
  const lines = await findMissingGitLines(place.root);
  const additions: NewFile[] = [];
  for (const file of lines) ((await isTaken(place.root, file.path)) ? additions : written).push(file);
  await writeNewFiles(place.root, written, additions);
  reportFiles(terminal, options, {
    place,
    written: [...written, ...additions].map(({ path }) => path),
    kept,
    scope: answers.scope,
    first: first?.path ?? null,
  });
  return EXIT.ok;
}

function settleWorkflows({ workflows, pin }: InitCommandOptions): readonly NewFile[] {
  if (pin === undefined) return workflows ? WORKFLOWS : [];
  if (!workflows) throw new InvalidInputError('--pin is for workflow files: drop --pin or --no-workflows');
  if (COMMIT.test(pin)) return pinWorkflows(pin);
  throw new InvalidInputError(
    `"${visible(pin.slice(0, 60))}" is not a whole commit. Write all 40 hex digits: \`git rev-parse v1^{commit}\` prints them in a clone of regsync`,
  );
}

const COMMIT = /^[0-9a-f]{40}$/;

/** Returns the manifest of a first group. It lists the requirements if there is a key to read them with. */
async function firstManifest(
  terminal: Terminal,
  options: InitCommandOptions,
  place: InitPlace,
  { scope, first }: Answers,
): Promise<NewFile | null> {
  if (first === null) return null;
  const { combination, name } = first;
  const path = posix.join(place.manifests, `${name}.yaml`);
  const head = { name, combination, schemaPath: schemaPath(path) };
  if (!canReadDefinitions(terminal, options, place)) {
    if (!options.quiet) terminal.err(WITHOUT_KEY);
    return { path, text: renderBareTemplate({ ...head, origin: '' }) };
  }
  const repository = { root: place.root, config: { scope, account: place.account } };
  const { set, origin } = await readOne(terminal, options, { repository, combination });
  return { path, text: renderTemplate(set, { ...head, origin }) };
}

function canReadDefinitions(
  terminal: Terminal,
  { sandbox, apiKeyFile }: GlobalOptions,
  { account }: InitPlace,
): boolean {
  const key = terminal.env[accessOf(account, terminal.env).keyEnv];
  return sandbox === true || apiKeyFile !== undefined || Boolean(key?.trim());
}

const WITHOUT_KEY =
  'notice: TELNYX_API_KEY is not set, so the first manifest lists no requirements. With a key, regsync new writes them.\n';

/** The workflow files of examples/github. The build puts their text into the bundle. */
const WORKFLOWS: readonly NewFile[] = [
  { path: '.github/workflows/regsync-plan.yml', text: planWorkflow },
  { path: '.github/workflows/regsync-apply.yml', text: applyWorkflow },
  { path: '.github/workflows/regsync-drift.yml', text: driftWorkflow },
];

/**
 * Returns the same files with a commit of regsync in place of its newest release. Renovate and Dependabot
 * read `# v1` and update it.
 */
function pinWorkflows(commit: string): readonly NewFile[] {
  return WORKFLOWS.map(({ path, text }) => ({
    path,
    text: text
      .replace(/^ *# v1 is the newest release\..*\n/m, '')
      .replace('regsync/regsync@v1', `regsync/regsync@${commit} # v1`),
  }));
}

/** Returns the text of a first regsync.yaml. */
function configText(scope: string): string {
  return `# yaml-language-server: $schema=${SCHEMA_FOLDER}/config.schema.json
apiVersion: regsync/v1
kind: Config

# This repository owns the groups at Telnyx whose reference begins with regsync/${scope}/. Another repository needs
# another scope. To change it later, write the old one below it as \`former_scope:\`. Then apply keeps those groups.
scope: ${writeWord(scope)}

# The folders that hold manifests.
manifests: [groups]

# The most that one run may delete. regsync refuses a plan that would delete more. These are the defaults.
# limits: { max_deletes: 10, max_delete_fraction: 0.3 }

# The number of days ahead that plan and status warn you of an expiry. This is the default.
# expiry: { warn_days: 30 }
`;
}
