import { type ImportSelection, selectGroups, type Wanted } from '../../import/select.ts';
import { explainCountry } from '../../manifest/mistakes/countries.ts';
import { InvalidInputError, RefusedError } from '../../model/errors.ts';
import { type Problem, sortProblems } from '../../model/problem.ts';
import type { Desired } from '../../model/resource.ts';
import { type Account, observeAccount } from '../../observe/account.ts';
import { inShell, placeWords } from '../session/again.ts';
import { COUNTRY_CODES } from '../session/combination.ts';
import { refuseProblems } from '../session/project.ts';
import type { ImportCommandOptions } from './import.ts';

/**
 * Refuses an import that does not say how the repository keeps what is private: what git has once, it keeps.
 * Prints the same command with each choice.
 */
export function refuseWithoutChoice(ids: readonly string[], options: ImportCommandOptions): void {
  if (options.encrypt || options.plaintext || !options.documents) return;
  const given = words(ids, options);
  const problems = CHOICES.map(
    ([flag, effect]): Problem => ({
      severity: 'error',
      code: 'import-choice',
      message: inShell(['regsync', 'import', flag, ...given]),
      hint: effect,
    }),
  );
  throw new InvalidInputError(
    'an import writes private values. Choose how this repository keeps them, with one of these commands. Nothing was read',
    problems,
  );
}

const CHOICES: readonly (readonly [flag: string, effect: string])[] = [
  [
    '--encrypt',
    'Encrypts documents, texts and address fields for .regsync/recipients. If you have no key, run `regsync keygen --add` first.',
  ],
  ['--plaintext', 'Writes all of them in plain text: everyone with access to the repository can read them.'],
  ['--no-documents', 'Leaves documents at Telnyx, and writes texts and address fields in plain text.'],
];

/** Returns the rest of the command line as it was given. */
function words(ids: readonly string[], options: ImportCommandOptions): string[] {
  const { country, type, action, status, reference, out, orders } = options;
  const filters = { country, type, action, status, reference, out };
  return [
    ...ids,
    ...Object.entries(filters).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ...(orders ? [] : ['--no-orders']),
    ...placeWords(options),
  ];
}

export interface ImportFilters {
  readonly country?: string;
  readonly type?: string;
  readonly action?: string;
  readonly status?: string;
  readonly reference?: string;
}

/** @throws InvalidInputError for a filter that cannot match any group. */
export function readWanted(ids: readonly string[], filters: ImportFilters): Wanted {
  const wrong = ids.filter((id) => !GROUP_ID.test(id));
  if (wrong.length > 0) {
    throw new InvalidInputError(
      `${wrong.join(', ')} is not an id: ids of groups are UUIDs. To choose by customer_reference, use --reference PREFIX`,
    );
  }
  return {
    ids: ids.length === 0 ? null : new Set(ids.map((id) => id.toLowerCase())),
    countryCode: filters.country === undefined ? null : readCountry(filters.country),
    phoneNumberType: filters.type ?? null,
    action: filters.action ?? null,
    status: filters.status?.replaceAll(' ', '-') ?? null,
    referencePrefix: filters.reference ?? null,
  };
}

const GROUP_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns the country code. Throws if no manifest can have it, because it would select nothing. */
function readCountry(written: string): string {
  const code = written.toUpperCase();
  if (COUNTRY_CODES.includes(code)) return code;
  const { message, hint } = explainCountry(written, []);
  throw new InvalidInputError(`--country: ${message}. ${hint ?? 'Write it like DE.'}`);
}

/**
 * Returns the groups to import. Leaves out those that belong to a manifest, and throws if the manifests have
 * a problem.
 */
export function selectFrom(account: Account, wanted: Wanted, desired: Desired): ImportSelection {
  const { observed, problems, refusals } = observeAccount(account, desired);
  refuseProblems(sortProblems(problems));
  if (refusals.length > 0) {
    throw new RefusedError(refusals.map((refusal) => refusal.message).join('; '), sortProblems(refusals));
  }
  const live = new Set<string>(account.groups.map(({ id }) => id));
  const absent = [...(wanted.ids ?? [])].filter((id) => !live.has(id));
  if (absent.length > 0)
    throw new InvalidInputError(
      `Telnyx has no requirement group ${absent.join(', ')}; regsync wrote nothing`,
    );
  return selectGroups(wanted, account.groups, { desired, matches: observed.RequirementGroup });
}
