import { join, posix, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { isTaken, writeNewFiles } from '../../files/new-files.ts';
import { isFolder, isInside, pathFrom, realPathOf } from '../../files/paths.ts';
import { isNamedLikeManifest } from '../../manifest/files/list-manifests.ts';
import type { Repository } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import type { RequirementSet } from '../../model/requirements.ts';
import type { Combination } from '../../model/resource.ts';
import { SCHEMA_FOLDER, schemaPath } from '../../model/text/schema-path.ts';
import { visible } from '../../model/text/visible.ts';
import { renderJson } from '../../render/json.ts';
import { renderTemplate } from '../../render/template.ts';
import { renderNextSteps, type Step } from '../../render/text/next-steps.ts';
import { FIELD_TYPE_WORDS } from '../../render/words/requirement-words.ts';
import { count } from '../../render/words/wording.ts';
import { GROUP_NAME, readGroupHeads } from '../../resolve/heads.ts';
import { isCoveredBy } from '../../resolve/selection.ts';
import { addCommand, examples, type Finish, formatOption, optionsOf } from '../command.ts';
import { goThere, pathInShell } from '../session/again.ts';
import { describeCombination, readCombination } from '../session/combination.ts';
import { type Definitions, type DefinitionsPlace, readDefinitions } from '../session/definitions.ts';
import { openProjectRepository } from '../session/project.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'new', 'write a manifest to fill in, with the requirements of the country as comments')
    .argument('<country>', 'ISO 3166-1 alpha-2, such as DE')
    .argument('<type>', 'local, toll_free, mobile, national or shared_cost')
    .argument('<action>', 'ordering or porting')
    .requiredOption('--name <name>', 'name of the group')
    .option('--out <file>', 'file to write (default: groups/<name>.yaml)')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples(
        'regsync new DE local ordering --name acme-de-local',
        'regsync new GB mobile ordering --name acme-gb-mobile --out groups/gb/mobile.yaml --sandbox',
      ),
    )
    .action(async (country: string, type: string, action: string, _, command: Command) => {
      const words = [country, type, action] as const;
      finish(await writeNewManifest(terminal, words, optionsOf<NewCommandOptions>(command)));
    });
}

export interface NewCommandOptions extends GlobalOptions {
  readonly name: string;
  readonly out?: string;
  readonly format: 'text' | 'json';
}

/** Writes a manifest with the requirements as comments and a placeholder for each. Only reads at Telnyx. */
export async function writeNewManifest(
  terminal: Terminal,
  words: readonly [country: string, type: string, action: string],
  options: NewCommandOptions,
): Promise<ExitCode> {
  const combination = readCombination(...words);
  const repository = await openProjectRepository(terminal, options);
  const path = manifestPath(terminal, repository, options);
  await refuseTaken(repository, path, options.name);
  const { set, origin } = await readOne(terminal, options, { repository, combination });
  const text = renderTemplate(set, { name: options.name, combination, schemaPath: schemaPath(path), origin });
  await writeNewFiles(repository.root, [{ path, text }]);
  await report(terminal, options, { repository, set, path });
  return EXIT.ok;
}

/** @throws InvalidInputError if there are no requirements, because a manifest would be pointless. */
export async function readOne(
  terminal: Terminal,
  options: GlobalOptions,
  { repository, combination }: { repository: DefinitionsPlace['repository']; combination: Combination },
): Promise<Definitions> {
  const combinations = [combination];
  const [definitions] = await readDefinitions(terminal, options, { repository, combinations });
  if (definitions !== undefined && definitions.set.requirements.length > 0) return definitions;
  throw new InvalidInputError(
    `Telnyx lists no requirements for ${describeCombination(combination)}: you need no group, or Telnyx does not offer these numbers. Nothing was written.`,
  );
}

/** @throws InvalidInputError if it cannot be the name of a group. */
export function checkGroupName(name: string): string {
  if (GROUP_NAME.test(name)) return name;
  const rule = 'up to 63 lowercase letters, digits, dots, dashes and underscores, a letter or digit first';
  throw new InvalidInputError(`"${visible(name.slice(0, 80))}" cannot be a name. Use ${rule}`);
}

/** Returns the path of the manifest, relative to the root, with `/`. */
function manifestPath(terminal: Terminal, repository: Repository, { name, out }: NewCommandOptions): string {
  checkGroupName(name);
  if (out === undefined) return defaultPath(repository, name);
  const absolute = resolve(realPathOf(terminal.cwd), out);
  const path = pathFrom(repository.root, absolute);
  if (path === '' || !isInside(repository.root, absolute)) {
    throw new InvalidInputError(`--out ${visible(out)} is not in the repository ${visible(repository.root)}`);
  }
  if (!isNamedLikeManifest(path)) {
    throw new InvalidInputError(`--out ${visible(out)} must end in .yaml: regsync reads no other manifests`);
  }
  return path;
}

function defaultPath(repository: Repository, name: string): string {
  const folder = repository.config.manifests.find((entry) => !isNamedLikeManifest(entry));
  if (folder !== undefined) return posix.join(folder, `${name}.yaml`);
  throw new InvalidInputError('`manifests` in regsync.yaml does not name a folder: add --out FILE');
}

async function refuseTaken(repository: Repository, path: string, name: string): Promise<void> {
  const namesake = (await readGroupHeads(repository)).find((head) => head.name === name);
  if (namesake !== undefined) {
    throw new InvalidInputError(
      `the group "${name}" already exists in ${visible(namesake.file)}: write another --name`,
    );
  }
  if (await isTaken(repository.root, path)) {
    throw new InvalidInputError(
      `${visible(path)} already exists, and new never overwrites a file: write another --name, or add --out FILE`,
    );
  }
}

interface Written {
  readonly repository: Repository;
  readonly set: RequirementSet;
  readonly path: string;
}

async function report(terminal: Terminal, options: NewCommandOptions, written: Written): Promise<void> {
  const { repository, set, path } = written;
  const blanks = set.requirements.filter(({ fieldType }) => fieldType !== 'action');
  if (options.format === 'json') {
    const requirements = set.requirements.map(({ id, name, fieldType }) => ({
      id,
      name,
      field_type: fieldType,
    }));
    terminal.out(renderJson({ written: [path], group: options.name, requirements }));
  } else {
    terminal.out(`Wrote ${visible(path)}: ${count(blanks.length, 'requirement')} to fill in${kinds(set)}.\n`);
  }
  if (options.quiet) return;
  const isCovered = repository.config.manifests.some((entry) => isCoveredBy(path, entry));
  if (!isCovered) {
    terminal.err(
      `warning: ${visible(path)} is outside of \`manifests\` in regsync.yaml, so no command reads it. Move it, or add its folder there.\n`,
    );
  }
  const hasSchema = await isTaken(repository.root, `${SCHEMA_FOLDER}/manifest.schema.json`);
  const cwd = realPathOf(terminal.cwd);
  terminal.err(renderNextSteps(nextSteps(written, cwd, options, hasSchema)));
}

/** Returns words such as ` (1 text, 3 documents, 1 address)`. */
function kinds({ requirements }: RequirementSet): string {
  const counts = new Map<string, number>();
  for (const { fieldType } of requirements) {
    const word = fieldType === 'unknown' ? 'of an unknown kind' : FIELD_TYPE_WORDS[fieldType];
    if (fieldType !== 'action') counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const parts = [...counts].map(([word, number]) =>
    word.startsWith('of ') ? `${number} ${word}` : count(number, word),
  );
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** Returns the next steps, with paths relative to `cwd`. */
function nextSteps(
  { repository: { root }, path }: Written,
  cwd: string,
  options: NewCommandOptions,
  hasSchema: boolean,
): readonly Step[] {
  const folder = isFolder(resolve(root, 'documents')) ? '' : ' (create it)';
  const rehearse = options.sandbox ? ' --sandbox' : '';
  const here = relative(cwd, resolve(root, path));
  return [
    ...goThere(options),
    [`edit ${here}`, `fill in every "", and put documents into documents/${folder}`],
    [`regsync lock${rehearse}`, 'keeps the requirements of the country for validate'],
    [`regsync validate ${pathInShell(here)}`, 'lists missing and wrong values'],
    [`regsync plan${rehearse}`, 'shows the changes at Telnyx'],
    ...(hasSchema ? [] : [[writeSchema(root, cwd), 'lets your editor complete and explain keys'] as const]),
  ];
}

function writeSchema(root: string, cwd: string): string {
  const folder = resolve(root, SCHEMA_FOLDER);
  const here = relative(cwd, folder) || '.';
  const makeFolder = isFolder(folder) ? '' : `mkdir -p ${pathInShell(here)} && `;
  return `${makeFolder}regsync schema manifest > ${pathInShell(join(here, 'manifest.schema.json'))}`;
}
