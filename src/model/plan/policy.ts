import type { Severity } from '../problem.ts';

/** A rule that a user states as a JSON Schema. */
export interface Policy {
  readonly title: string;
  /** The author's explanation. Empty if there is none. */
  readonly description: string;
  readonly severity: Exclude<Severity, 'notice'>;
  /** The path of the schema, relative to the repository's root. */
  readonly file: string;
  readonly over: 'manifest' | 'plan';
  /** The time zone of the weekday and the hour. */
  readonly timeZone: string;
  /** Returns a JSON pointer to each place that violates it. Empty if the value satisfies it. */
  readonly findViolations: (value: unknown) => readonly string[];
}

/** The most places that are reported of one policy and one value. */
const MAX_PLACES = 10;

/** Says which policy is violated and where. It repeats the author's words, and never a value. */
export function violationMessages(policy: Policy, places: readonly string[]): readonly ViolationMessage[] {
  const shown = places.slice(0, MAX_PLACES);
  const more = places.length - shown.length;
  const advice = policy.description === '' ? '' : `: ${policy.description}`;
  return shown.map((path, index) => {
    const others = more > 0 && index === shown.length - 1 ? ` and at ${more} more places` : '';
    const at = path === '' ? 'as a whole' : `at ${path}`;
    return {
      path,
      message: `policy "${policy.title}" (${policy.file}) is violated ${at}${others}${advice}`,
    };
  });
}

export interface ViolationMessage {
  /** The JSON pointer. */
  readonly path: string;
  readonly message: string;
}

export const POLICY_VIOLATED = 'policy-violated';
