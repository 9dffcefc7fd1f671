import { InvalidInputError } from '../../model/errors.ts';
import type { Problem } from '../../model/problem.ts';
import type { ImportCommandOptions } from '../import.ts';
import { inShell, placeWords } from '../session/again.ts';

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
    'an import writes what is private: choose how this repository keeps it, with one of these. Nothing was read',
    problems,
  );
}

const CHOICES: readonly (readonly [flag: string, effect: string])[] = [
  [
    '--encrypt',
    'Documents, texts and address fields are encrypted for .regsync/recipients. `regsync keygen --add` makes a key first.',
  ],
  ['--plaintext', 'All of them are written as they are: everybody who reads the repository can read them.'],
  ['--no-documents', 'Documents stay at Telnyx. Texts and address fields are written as they are.'],
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
