import { basename } from 'node:path';
import { InvalidInputError } from '../../model/errors.ts';
import { type Combination, GROUP_ACTIONS, PHONE_NUMBER_TYPES } from '../../model/resource.ts';
import { visible } from '../../model/text/visible.ts';
import { readAction, readCombination, readCountry, readType } from '../session/combination.ts';
import type { Terminal } from '../session/terminal.ts';
import type { InitCommandOptions } from './init.ts';
import { checkGroupName } from './new.ts';
import type { InitPlace } from './place.ts';

/** Returns the answers that init needs: from flags, otherwise from questions. */
export async function settleAnswers(
  terminal: Terminal,
  options: InitCommandOptions,
  place: InitPlace,
): Promise<Answers> {
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

export interface Answers {
  readonly scope: string;
  readonly first: { readonly combination: Combination; readonly name: string } | null;
}

async function settleScope(
  terminal: Terminal,
  options: InitCommandOptions,
  place: InitPlace,
): Promise<string> {
  if (place.scope !== null) {
    if (options.scope === undefined || options.scope === place.scope) return place.scope;
    throw new InvalidInputError(
      `regsync.yaml already has the scope ${place.scope}, not ${visible(options.scope)}. Drop --scope, or change regsync.yaml yourself. Nothing was written.`,
    );
  }
  if (options.scope !== undefined) return checkScope(options.scope);
  if (!terminal.isInteractive) {
    throw new InvalidInputError(
      'regsync cannot ask you: standard input is not a terminal. Add --scope NAME, a short name for this repository at Telnyx',
    );
  }
  const usual = scopeFrom(basename(place.root));
  const shown = usual === '' ? '' : ` [${usual}]`;
  const question = `Scope: a short name for this repository at Telnyx, such as your company${shown}: `;
  return askUntil(terminal, question, (text) => checkScope(text || usual));
}

const SCOPE = /^[a-z0-9][a-z0-9-]{0,31}$/;

function checkScope(text: string): string {
  if (SCOPE.test(text)) return text;
  const rule = 'up to 32 lowercase letters, digits and dashes, a letter or digit first';
  throw new InvalidInputError(`"${visible(text.slice(0, 60))}" cannot be a scope. Use ${rule}`);
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

/** Asks until the answer is valid. Prints the reason after each invalid one. */
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

/** Returns a name such as `acme-de-local` or `acme-de-toll-free-porting`. */
function usualName(scope: string, { countryCode, phoneNumberType, action }: Combination): string {
  const words = [scope, countryCode.toLowerCase(), phoneNumberType.replaceAll('_', '-')];
  return [...words, ...(action === 'ordering' ? [] : [action])].join('-');
}
