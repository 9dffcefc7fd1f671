import { code } from './markdown.ts';

/** Renders a consequence as prose. Names and ids in it come from outside and become code. */
export function renderConsequence(text: string): string {
  for (const [pattern, sentence] of SENTENCES) {
    const found = text.match(pattern);
    if (found !== null) return sentence(found.slice(1).map((part = '') => part));
  }
  return code(text);
}

type Sentence = (parts: readonly string[]) => string;

/** The pattern of each consequence in a plan, and its sentence. Other texts are shown as code. */
const SENTENCES: readonly (readonly [RegExp, Sentence])[] = [
  [/^restarts the review$/, () => 'This restarts the review.'],
  [/^this group is approved: expect a new review$/, () => 'This group is approved: expect a new review.'],
  [
    /^the same content is submitted again: nothing in it changed since (a reviewer declined it|it expired)$/,
    ([since]) => `The same content is submitted again: nothing in it changed since ${since}.`,
  ],
  [/^nobody has answered the reviewer yet$/, () => 'Nobody has answered the reviewer yet.'],
  [
    /^group (\S+) \((\S+), (\S+)\) is deleted(; it is approved, and a new group starts unapproved)?$/,
    ([id = '', combination = '', status = '', isLost]) =>
      `Group ${code(id)} (${code(combination)}, ${code(status)}) is deleted.` +
      (isLost ? ' It is approved, and a new group starts unapproved.' : ''),
  ],
  [
    /^orders (\d+) phone (numbers?), which costs money$/,
    ([number, noun]) => `This orders ${number} phone ${noun}, which costs money.`,
  ],
  [
    /^number order (\S+) has exactly these numbers: nothing is ordered$/,
    ([id = '']) => `Number order ${code(id)} has exactly these numbers: nothing is ordered.`,
  ],
  [
    /^sends the names of a person to Telnyx to start "(.*?)"(: an earlier link ends)?$/,
    ([name = '', isAgain]) =>
      `This sends the names of a person to Telnyx to start ${code(name)}.${isAgain ? ' An earlier link ends.' : ''}`,
  ],
  [
    /^porting order (\S+) loses its own (.*)$/,
    ([id = '', names = '']) => `Porting order ${code(id)} loses its own values of ${code(names)}.`,
  ],
  [
    /^orders take no group with an action \((.*)\): its values are written to each order$/,
    ([names = '']) =>
      `Orders take no group with an action (${code(names)}). Its values are written to each order.`,
  ],
  [
    /^the approved "(.*)" is overwritten: expect a new review$/,
    ([name = '']) => `The approved value of ${code(name)} is overwritten: expect a new review.`,
  ],
  [
    /^goes to review: ([A-Z]{2}) has no pre-approval$/,
    ([country]) => `This goes to review: ${country} has no pre-approval.`,
  ],
  [
    /^goes to review: this run (creates|changes) the group "(.*)"$/,
    ([verb, name = '']) => `This goes to review: this run ${verb} the group ${code(name)}.`,
  ],
  [
    /^goes to review: the group "(.*)" is (.*)$/,
    ([name = '', status = '']) => `This goes to review: the group ${code(name)} is ${code(status)}.`,
  ],
  [
    /^goes to review: it has values of its own and no group$/,
    () => 'This goes to review: it has values of its own and no group.',
  ],
  [
    /^waits for values: the group "(.*)" is incomplete$/,
    ([name = '']) => `This waits for values: the group ${code(name)} is incomplete.`,
  ],
  [
    /^can be activated at once: the group "(.*)" is approved$/,
    ([name = '']) => `This can be activated at once: the group ${code(name)} is approved.`,
  ],
  [
    /^is activated at once only if its numbers have no requirements: it names no group$/,
    () => 'This is activated at once only if its numbers have no requirements: it names no group.',
  ],
  [
    /^is activated at once only if the address for "(.*)" is where the numbers are, which regsync cannot check in advance$/,
    ([name = '']) =>
      `This is activated at once only if the address for ${code(name)} is where the numbers are. regsync cannot check that in advance.`,
  ],
  [
    /^may not be activated at once: the address for "(.*)" is not in ([A-Z]{2})$/,
    ([name = '', country]) =>
      `This may not be activated at once: the address for ${code(name)} is not in ${country}.`,
  ],
  [
    /^may be declined: the address for "(.*)" is not in ([A-Z]{2})$/,
    ([name = '', country]) => `This may be declined: the address for ${code(name)} is not in ${country}.`,
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
