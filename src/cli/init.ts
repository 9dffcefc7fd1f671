import type { Command } from 'commander';
import { isTaken, type NewFile, writeNewFiles } from '../files/new-files.ts';
import { CONFIG_FILE } from '../manifest/repository.ts';
import { InvalidInputError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { SCHEMA_FOLDER } from '../model/text/schema-path.ts';
import { visible } from '../model/text/visible.ts';
import { renderBareJson } from '../render/json.ts';
import { addCommand, examples, type Finish, formatOption, runs } from './command.ts';
import { settleAnswers } from './init/answers.ts';
import { configText } from './init/config-text.ts';
import { firstManifest } from './init/first-manifest.ts';
import { findMissingGitLines, keepFolder } from './init/git-files.ts';
import { findPlace } from './init/place.ts';
import { reportFiles } from './init/report.ts';
import { pinWorkflows, WORKFLOWS } from './init/workflows.ts';
import { SCHEMAS } from './schema.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

/** Defines the command, its options and its help page. */
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
