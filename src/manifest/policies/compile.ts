import { Ajv, type ErrorObject } from 'ajv';
import { containsPattern, isUsablePattern } from '../../catalogue/pattern.ts';
import { Fault } from '../fault.ts';

/** Returns a JSON pointer to each violation of a value. */
export type FindViolations = (value: unknown) => readonly string[];

/**
 * Compiles a policy. An unknown keyword, format or reference is a fault, because a policy with a misspelt word
 * would never be violated. Patterns run in linear time: a pull request may contain any.
 */
export function compilePolicy(schema: object): FindViolations | Fault {
  const ajv = new Ajv({
    allErrors: true,
    strictSchema: true,
    strictNumbers: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    // Messages of the library may quote a value.
    messages: false,
    logger: false,
    addUsedSchema: false,
    code: { regExp: REGEXP },
  });
  ajv.addVocabulary(['x-severity']);
  try {
    const validate = ajv.compile(schema);
    // Such a function returns a promise, which would pass for the answer that nothing is violated.
    if ('$async' in validate) throw new Error('unknown keyword: "$async"');
    return (value) => {
      try {
        return validate(value) ? [] : placesOf(validate.errors ?? []);
      } catch (error) {
        if (error === TOO_LONG) return [''];
        throw error;
      }
    };
  } catch (error) {
    return new Fault('invalid-policy', `this policy cannot be used: ${reasonOf(error)}`, HINT);
  }
}

const HINT =
  'Policies are JSON Schema draft-07. Correct the schema; `regsync validate` checks it without a key.';

/** Names the mistake in the schema, which is no secret. */
function reasonOf(error: unknown): string {
  const { message } = error as Error;
  return message
    .replace(/^strict mode: /, '')
    .replace(/^no schema with key or ref .*json-schema\.org.*$/, 'its $schema is not draft-07');
}

/** The engine that the library calls for each `pattern`. */
const REGEXP = Object.assign(
  (pattern: string) => {
    if (!isUsablePattern(pattern))
      throw new Error(`the pattern ${JSON.stringify(pattern)} is invalid or too costly`);
    return {
      test: (text: string) => {
        const isFound = containsPattern(pattern, text);
        if (isFound === null) throw TOO_LONG;
        return isFound;
      },
    };
  },
  { code: '' },
);

/** A text that is too long to be checked violates the policy, also one that forbids the pattern. */
const TOO_LONG = new Error('a text is too long for its pattern');

/**
 * Returns each place once. The keywords that only combine others repeat what these report, so they count only
 * if nothing else does.
 */
function placesOf(errors: readonly ErrorObject[]): string[] {
  const own = errors.filter(({ keyword }) => !COMBINING.has(keyword));
  return [...new Set((own.length > 0 ? own : errors).map(({ instancePath }) => instancePath))];
}

const COMBINING: ReadonlySet<string> = new Set(['if', 'anyOf', 'oneOf']);
