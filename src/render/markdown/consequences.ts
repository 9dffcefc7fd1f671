import { code } from './markdown.ts';

/** Renders a consequence as prose. Names and ids in it come from outside and become code. */
export function renderConsequence(text: string): string {
  for (const [pattern, sentence] of SENTENCES) {
    const found = text.match(pattern);
    if (found === null) continue;
    return sentence.replace(/([$%])(\d)/g, (_, sign, number) => {
      const part = found[Number(number)] ?? '';
      return sign === '$' ? code(part) : part;
    });
  }
  return code(text);
}

/**
 * The pattern of each consequence in a plan, and its sentence. `$1` is the first part as code, and `%1` the part as
 * it is, for which the pattern takes only our own words and codes of countries. Other texts are shown as code.
 */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^restarts the review$/, 'This restarts the review.'],
  [/^this group is approved: expect a new review$/, 'This group is approved: expect a new review.'],
  [
    /^the same content is submitted again: nothing in it changed since (a reviewer declined it|it expired)$/,
    'The same content is submitted again: nothing in it changed since %1.',
  ],
  [/^nobody has answered the reviewer yet$/, 'Nobody has answered the reviewer yet.'],
  [/^group (\S+) \((\S+), (\S+)\) is deleted$/, 'Group $1 ($2, $3) is deleted.'],
  [
    /^group (\S+) \((\S+), (\S+)\) is deleted; it is approved, and a new group starts unapproved$/,
    'Group $1 ($2, $3) is deleted. It is approved, and a new group starts unapproved.',
  ],
  [/^orders (\d+) phone (numbers?), which costs money$/, 'This orders %1 phone %2, which costs money.'],
  [
    /^number order (\S+) has exactly these numbers: nothing is ordered$/,
    'Number order $1 has exactly these numbers: nothing is ordered.',
  ],
  [
    /^sends the names of a person to Telnyx to start "(.*?)": an earlier link ends$/,
    'This sends the names of a person to Telnyx to start $1. An earlier link ends.',
  ],
  [
    /^sends the names of a person to Telnyx to start "(.*?)"$/,
    'This sends the names of a person to Telnyx to start $1.',
  ],
  [/^porting order (\S+) loses its own (.*)$/, 'Porting order $1 loses its own values of $2.'],
  [
    /^orders take no group with an action \((.*)\): its values are written to each order$/,
    'Orders take no group with an action ($1). Its values are written to each order.',
  ],
  [
    /^the approved "(.*)" is overwritten: expect a new review$/,
    'The approved value of $1 is overwritten: expect a new review.',
  ],
  [/^goes to review: ([A-Z]{2}) has no pre-approval$/, 'This goes to review: %1 has no pre-approval.'],
  [
    /^goes to review: this run (creates|changes) the group "(.*)"$/,
    'This goes to review: this run %1 the group $2.',
  ],
  [/^goes to review: the group "(.*)" is (.*)$/, 'This goes to review: the group $1 is $2.'],
  [
    /^goes to review: it has values of its own and no group$/,
    'This goes to review: it has values of its own and no group.',
  ],
  [
    /^waits for values: the group "(.*)" is incomplete$/,
    'This waits for values: the group $1 is incomplete.',
  ],
  [
    /^can be activated at once: the group "(.*)" is approved$/,
    'This can be activated at once: the group $1 is approved.',
  ],
  [
    /^is activated at once only if its numbers have no requirements: it names no group$/,
    'This is activated at once only if its numbers have no requirements: it names no group.',
  ],
  [
    /^is activated at once only if the address for "(.*)" is where the numbers are, which regsync cannot check in advance$/,
    'This is activated at once only if the address for $1 is where the numbers are. regsync cannot check that in advance.',
  ],
  [
    /^may not be activated at once: the address for "(.*)" is not in ([A-Z]{2})$/,
    'This may not be activated at once: the address for $1 is not in %2.',
  ],
  [
    /^may be declined: the address for "(.*)" is not in ([A-Z]{2})$/,
    'This may be declined: the address for $1 is not in %2.',
  ],
];

/** Returns the combination of the group that a replace deletes, or null if no consequence names it. */
export function replacedCombination(consequences: readonly string[]): readonly string[] | null {
  for (const text of consequences) {
    const parts = text.match(/^group \S+ \((\S+), \S+\) is deleted/)?.[1]?.split('/');
    if (parts?.length === 3) return parts;
  }
  return null;
}
