import { resolve } from 'node:path';
import type { Command } from 'commander';
import { pathFrom, realPathOf } from '../files/paths.ts';
import { findRepositories, type Repository, uniteRepositories } from '../manifest/repository.ts';
import { InvalidInputError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import type { RequirementDefinition } from '../model/requirements.ts';
import { type Combination, combinationKey } from '../model/resource.ts';
import { suggest } from '../model/text/suggestion.ts';
import { visible } from '../model/text/visible.ts';
import { renderJson } from '../render/json.ts';
import {
  type Regulation,
  renderCountryText,
  renderRequirementsText,
} from '../render/text/requirements-text.ts';
import { type GroupHead, readGroupHeads } from '../resolve/heads.ts';
import { addCommand, examples, type Finish, formatOption, runs } from './command.ts';
import { COUNTRY_CODES, readCombination } from './session/combination.ts';
import { readCountryDefinitions, readDefinitions } from './session/definitions.ts';
import { openProjectRepositories, optionsForRepository } from './session/project.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'explain', 'show the requirements of countries: names, examples, accepted values')
    .argument('[group-or-country...]', 'a group or its file, DE, or DE local ordering (default: all in use)')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples(
        'regsync explain',
        'regsync explain DE --sandbox',
        'regsync explain DE local ordering --sandbox',
        'regsync explain groups/de.yaml --format json',
      ),
    )
    .action(runs(explain, terminal, finish));
}

export interface ExplainCommandOptions extends GlobalOptions {
  readonly format: 'text' | 'json';
}

/**
 * Prints the requirements of countries. Three words name a combination, one word a group or its file. Without
 * words, it prints all combinations that the manifests use.
 */
export async function explain(
  terminal: Terminal,
  words: readonly string[],
  options: ExplainCommandOptions,
): Promise<ExitCode> {
  const { repository, wanted, country } = await findWanted(terminal, wordsOf(words), options);
  const combinations = [...wanted.values()].map(({ combination }) => combination);
  const definitions =
    country === undefined
      ? await readDefinitions(terminal, options, { repository, combinations })
      : await readCountryDefinitions(terminal, options, { repository, countryCode: country });
  const demands = definitions.map(({ set, origin }) => ({
    set,
    origin,
    groups: wanted.get(combinationKey(set.combination))?.groups ?? [],
  }));
  if (options.format === 'json') {
    terminal.out(renderJson({ combinations: demands.map(toJson) }));
    return EXIT.ok;
  }
  const origins = [...new Set(demands.map(({ origin }) => origin))];
  if (!options.quiet) terminal.err(`As ${origins.join(', or as ')}.\n\n`);
  const page = { paint: terminal.outPaint, width: pageWidth(terminal) };
  terminal.out(
    country === undefined ? renderRequirementsText(demands, page) : renderCountryText(country, demands, page),
  );
  return EXIT.ok;
}

/** Returns the words of the command line. `DE/local/ordering` or `'DE local ordering'` is one word for three. */
function wordsOf(written: readonly string[]): readonly string[] {
  const [first = '', ...others] = written;
  const parts = first.trim().split(/\/| +/);
  const isCombination =
    others.length === 0 && parts.length === 3 && COUNTRY_CODES.includes(parts[0]?.toUpperCase() ?? '');
  return isCombination ? parts : written;
}

/** Returns the width of the page: wider lines are hard to read, and narrower ones leave too little room. */
function pageWidth({ outColumns }: Terminal): number {
  return Math.min(100, Math.max(40, outColumns ?? 80));
}

interface Wanted {
  readonly combination: Combination;
  readonly groups: readonly string[];
}

interface Question {
  /** The repository. Null if there is none: a combination can be looked up anywhere. */
  readonly repository: Repository | null;
  /** The combinations to look up, by `combinationKey`. */
  readonly wanted: ReadonlyMap<string, Wanted>;
  /** The code of the country of which everything is wanted. Absent if only combinations are. */
  readonly country?: string;
}

async function findWanted(
  terminal: Terminal,
  words: readonly string[],
  options: GlobalOptions,
): Promise<Question> {
  const [country, type, action] = words;
  if (country !== undefined && type !== undefined && action !== undefined && words.length === 3) {
    const combination = readCombination(country, type, action);
    const [repository] = (await findRepositories(optionsForRepository(terminal, options))) ?? [null];
    return { repository, wanted: new Map([[combinationKey(combination), { combination, groups: [] }]]) };
  }
  const code = country?.toUpperCase() ?? '';
  if (words.length === 1 && COUNTRY_CODES.includes(code)) {
    const found = await findRepositories(optionsForRepository(terminal, options));
    const heads = found === null ? [] : await readGroupHeads(uniteRepositories(found));
    if (!heads.some(({ name }) => name === country))
      return { repository: found?.[0] ?? null, wanted: new Map(), country: code };
  }
  if (words.length > 1) {
    throw new InvalidInputError(
      'explain takes a country (DE), a country, type and action (DE local ordering), or one group: its name or its file',
    );
  }
  // The requirements do not depend on the account, so that any of them will do.
  const repositories = await openProjectRepositories(terminal, options);
  const [repository] = repositories;
  const heads = await readGroupHeads(uniteRepositories(repositories));
  const chosen = country === undefined ? heads : chooseHeads(terminal, repository, heads, country);
  if (chosen.length === 0) {
    throw new InvalidInputError(
      'no manifest states a country, type and action. Write them: regsync explain DE local ordering',
    );
  }
  return { repository, wanted: byCombination(chosen) };
}

function chooseHeads(
  terminal: Terminal,
  repository: Repository,
  heads: readonly GroupHead[],
  written: string,
): readonly GroupHead[] {
  const named = heads.filter(({ name }) => name === written);
  const place = pathFrom(repository.root, resolve(realPathOf(terminal.cwd), written));
  const chosen = named.length > 0 ? named : heads.filter(({ file }) => file === place);
  if (chosen.length > 0) return chosen;
  const shown = `"${visible(written.slice(0, 80))}"`;
  const meant = suggest(
    written,
    heads.map(({ name }) => name),
  );
  const hint =
    meant === null
      ? 'Write the name or the file of a group, or a country, type and action, such as DE local ordering.'
      : `Did you mean "${meant}"?`;
  throw new InvalidInputError(`${shown} is not the name or the file of a group. ${hint}`);
}

function byCombination(heads: readonly GroupHead[]): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  for (const { name, file, combination } of heads) {
    if (combination === null) {
      const message = `${visible(file)}: the group "${name}" does not state its country, type and action`;
      throw new InvalidInputError(`${message}. Run \`regsync validate\``);
    }
    const key = combinationKey(combination);
    const groups = [...(wanted.get(key)?.groups ?? []), name];
    wanted.set(key, { combination, groups });
  }
  return new Map([...wanted].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns the requirements under the field names of the API. */
function toJson({ set, groups, origin }: Regulation & { readonly origin: string }): object {
  const { countryCode, phoneNumberType, action } = set.combination;
  return {
    country_code: countryCode,
    phone_number_type: phoneNumberType,
    action,
    version: set.version,
    origin,
    groups,
    requirements: set.requirements.map(requirementToJson),
  };
}

function requirementToJson({
  id,
  name,
  fieldType,
  description,
  example,
  criteria,
}: RequirementDefinition): object {
  return {
    id,
    name,
    field_type: fieldType,
    description,
    example,
    acceptance_criteria: {
      min_length: criteria.minLength,
      max_length: criteria.maxLength,
      acceptable_characters: criteria.acceptableCharacters,
      acceptable_values: criteria.acceptableValues,
      regex: criteria.regex,
      case_sensitive: criteria.caseSensitive,
      time_limit: criteria.timeLimit,
      locality_limit: criteria.localityLimit,
    },
  };
}
