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
