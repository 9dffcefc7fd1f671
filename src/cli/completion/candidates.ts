import type { Argument, Command, Option } from 'commander';
import { GROUP_ACTIONS, PHONE_NUMBER_TYPES } from '../../model/resource.ts';
import { COUNTRY_CODES } from '../session/combination.ts';

/** A word that fits at the cursor. */
export interface Completion {
  readonly word: string;
  readonly note: string;
}

/** Marks that tell the shell to complete names of files, or of folders, itself. */
const FILES: Completion = { word: ':files', note: '' };
const FOLDERS: Completion = { word: ':folders', note: '' };

/** Readers of the names that depend on the repository. */
export interface RepositoryNames {
  readonly groups: (place: Place) => Promise<readonly Completion[]>;
  /** Reads the names of groups and orders. */
  readonly targets: (place: Place) => Promise<readonly Completion[]>;
  readonly accounts: (place: Place) => Promise<readonly Completion[]>;
}

/** The options by which a repository is found. */
interface Place {
  chdir?: string;
  config?: string;
  account?: string;
}

/**
 * Returns the words that fit in place of the last of `words`. Reads them from the definitions of the
 * commands, so that no second list can become stale.
 */
export async function completeWords(
  program: Command,
  words: readonly string[],
  names: RepositoryNames,
): Promise<readonly Completion[]> {
  const spoken = joinEquals(words);
  const current = spoken.at(-1) ?? '';
  const line = readLine(program, spoken.slice(0, -1));
  const complete = async (place: Value): Promise<readonly Completion[]> =>
    valuesOf(place, {
      groups: () => names.groups(line.place),
      targets: () => names.targets(line.place),
      accounts: () => names.accounts(line.place),
    });
  const all = await candidates(line, current, complete);
  return all.filter(({ word }) => word.startsWith(':') || word.startsWith(current));
}

/** Joins the three words into which Bash splits `--format=json`. */
function joinEquals(words: readonly string[]): readonly string[] {
  return words.flatMap((word, index) => {
    if (word !== '=' || !words[index - 1]?.startsWith('--')) return [word];
    return index === words.length - 1 ? [''] : [];
  });
}

interface Line {
  readonly program: Command;
  readonly command: Command;
  /** The number of arguments before the cursor. */
  readonly operands: number;
  readonly given: ReadonlySet<Option>;
  /** The option whose value comes next. */
  readonly pending: Option | null;
  readonly place: Place;
}

function readLine(program: Command, words: readonly string[]): Line {
  let command = program;
  let operands = 0;
  let pending: Option | null = null;
  const given = new Set<Option>();
  const place: Record<string, string> = {};
  for (const word of words) {
    if (pending !== null) {
      place[pending.attributeName()] = word;
      pending = null;
    } else if (word.startsWith('-')) {
      const [flag = '', value] = word.split('=', 2);
      const option = command.options.find(({ long, short }) => flag === long || flag === short);
      if (option === undefined) continue;
      given.add(option);
      if (!takesValue(option)) continue;
      if (value === undefined) pending = option;
      else place[option.attributeName()] = value;
    } else {
      const found = command === program && operands === 0 ? findCommand(program, word) : undefined;
      if (found === undefined) operands++;
      else command = found;
    }
  }
  return { program, command, operands, given, pending, place };
}

function findCommand(program: Command, word: string): Command | undefined {
  return program.commands.find((command) => command.name() === word);
}

function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

type Complete = (place: Value) => Promise<readonly Completion[]>;

async function candidates(line: Line, current: string, complete: Complete): Promise<readonly Completion[]> {
  const { program, command, operands, pending } = line;
  if (pending !== null) return complete(optionValue(pending));
  const [flag = '', value] = current.split('=', 2);
  if (value !== undefined && flag.startsWith('--')) {
    const option = command.options.find(({ long }) => long === flag);
    const found = option === undefined ? [] : await complete(optionValue(option));
    return found.map(({ word, note }) => ({ word: word.startsWith(':') ? word : `${flag}=${word}`, note }));
  }
  if (current.startsWith('-')) return optionsOf(line);
  if (command === program) return operands > 0 ? [] : commandsOf(program);
  const all = command.registeredArguments;
  const last = all.at(-1);
  const argument = all[operands] ?? (last?.variadic ? last : undefined);
  if (argument !== undefined) return complete({ ...argumentValue(argument), position: operands });
  return current === '' ? optionsOf(line) : [];
}

function commandsOf(program: Command): Completion[] {
  return program.commands.map((command) => ({ word: command.name(), note: command.description() }));
}

/** Returns the options that were not given yet, and those that may be repeated. */
function optionsOf({ command, given }: Line): Completion[] {
  const help = { word: '--help', note: 'print help' };
  const options = command.options.filter(
    (option) => !option.hidden && (!given.has(option) || option.parseArg),
  );
  return [
    ...options.map(({ long, flags, description }) => ({ word: long ?? flags, note: description })),
    help,
  ];
}

/* ---- Values ---- */

/** The value of an option, or an argument, to complete. */
interface Value {
  /** The name in `<…>` or `[…]`, or `group`, `target` or `account` for names of the repository. */
  readonly name: string;
  readonly choices: readonly string[];
  readonly position: number;
}

/** The options whose `<name>` must exist in the repository. */
const NAMED: ReadonlyMap<string | undefined, string> = new Map([
  ['--target', 'target'],
  ['--exclude', 'target'],
  ['--allow-delete', 'group'],
  ['--resubmit', 'group'],
  ['--account', 'account'],
]);

function optionValue(option: Option): Value {
  const name = /[<[]([a-z-]+)/.exec(option.flags)?.[1] ?? '';
  return {
    name: NAMED.get(option.long) ?? name,
    choices: option.argChoices ?? [],
    position: 0,
  };
}

function argumentValue(argument: Argument): Omit<Value, 'position'> {
  return { name: argument.name(), choices: argument.argChoices ?? [] };
}

async function valuesOf(
  { name, choices, position }: Value,
  read: Readonly<Record<keyof RepositoryNames, () => Promise<readonly Completion[]>>>,
): Promise<readonly Completion[]> {
  if (choices.length > 0) return choices.map(asCandidate);
  switch (name) {
    case 'file':
    case 'path':
      return [FILES];
    case 'dir':
      return [FOLDERS];
    case 'group':
      return read.groups();
    case 'target':
      return read.targets();
    case 'account':
      return read.accounts();
    case 'group-or-country':
      if (position === 0) return [...(await read.groups()), ...COUNTRY_CODES.map(asCandidate)];
      return (position === 1 ? PHONE_NUMBER_TYPES : position === 2 ? GROUP_ACTIONS : []).map(asCandidate);
    case 'country':
      return COUNTRY_CODES.map(asCandidate);
    case 'type':
      return PHONE_NUMBER_TYPES.map(asCandidate);
    case 'action':
      return GROUP_ACTIONS.map(asCandidate);
    default:
      return [];
  }
}

function asCandidate(word: string): Completion {
  return { word, note: '' };
}
