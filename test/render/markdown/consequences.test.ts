import { describe, expect, it } from 'vitest';
import { renderConsequence, replacedCombination } from '../../../src/render/markdown/consequences.ts';

describe('What a change leads to', () => {
  it.each([
    ['restarts the review', 'This restarts the review.'],
    ['this group is approved: expect a new review', 'This group is approved: expect a new review.'],
    [
      'group 1db4 (FR/local/ordering, unapproved) is deleted',
      'Group `1db4` (`FR/local/ordering`, `unapproved`) is deleted.',
    ],
    [
      'group 1db4 (FR/local/ordering, approved) is deleted; it is approved, and a new group starts unapproved',
      'Group `1db4` (`FR/local/ordering`, `approved`) is deleted. It is approved, and a new group starts unapproved.',
    ],
    [
      'the same content is submitted again: nothing in it changed since a reviewer declined it',
      'The same content is submitted again: nothing in it changed since a reviewer declined it.',
    ],
    [
      'the same content is submitted again: nothing in it changed since it expired',
      'The same content is submitted again: nothing in it changed since it expired.',
    ],
    ['nobody has answered the reviewer yet', 'Nobody has answered the reviewer yet.'],
    ['orders 1 phone number, which costs money', 'This orders 1 phone number, which costs money.'],
    ['orders 12 phone numbers, which costs money', 'This orders 12 phone numbers, which costs money.'],
    [
      'number order 74c2 has exactly these numbers: nothing is ordered',
      'Number order `74c2` has exactly these numbers: nothing is ordered.',
    ],
    [
      'the approved "Tax `ID`" is overwritten: expect a new review',
      'The approved value of `` Tax `ID` `` is overwritten: expect a new review.',
    ],
    [
      'sends the names of a person to Telnyx to start "Identity `Check`"',
      'This sends the names of a person to Telnyx to start `` Identity `Check` ``.',
    ],
    [
      'sends the names of a person to Telnyx to start "Identity Check": an earlier link ends',
      'This sends the names of a person to Telnyx to start `Identity Check`. An earlier link ends.',
    ],
    [
      'porting order 74c2 loses its own Tax ID, Local Address',
      'Porting order `74c2` loses its own values of `Tax ID, Local Address`.',
    ],
    [
      'orders take no group with an action ("Identity Check"): its values are written to each order',
      'Orders take no group with an action (`"Identity Check"`). Its values are written to each order.',
    ],
    ['goes to review: IT has no pre-approval', 'This goes to review: IT has no pre-approval.'],
    [
      'goes to review: this run creates the group "de-local"',
      'This goes to review: this run creates the group `de-local`.',
    ],
    [
      'goes to review: this run changes the group "de-local"',
      'This goes to review: this run changes the group `de-local`.',
    ],
    [
      'goes to review: the group "de-local" is pending-approval',
      'This goes to review: the group `de-local` is `pending-approval`.',
    ],
    [
      'goes to review: it has values of its own and no group',
      'This goes to review: it has values of its own and no group.',
    ],
    [
      'waits for values: the group "de-local" is incomplete',
      'This waits for values: the group `de-local` is incomplete.',
    ],
    [
      'can be activated at once: the group "de-local" is approved',
      'This can be activated at once: the group `de-local` is approved.',
    ],
    [
      'is activated at once only if its numbers have no requirements: it names no group',
      'This is activated at once only if its numbers have no requirements: it names no group.',
    ],
    [
      'is activated at once only if the address for "Local Address" is where the numbers are, which regsync cannot check in advance',
      'This is activated at once only if the address for `Local Address` is where the numbers are. regsync cannot check that in advance.',
    ],
    [
      'may not be activated at once: the address for "Local Address" is not in FR',
      'This may not be activated at once: the address for `Local Address` is not in FR.',
    ],
    [
      'may be declined: the address for "Local Address" is not in IT',
      'This may be declined: the address for `Local Address` is not in IT.',
    ],
  ])('is prose, with names and ids as code: %s', (text, prose) => {
    expect(renderConsequence(text)).toBe(prose);
  });

  it.each([
    'see https://example.com @everybody',
    'restarts the review\nrestarts the review',
    'group a b (FR, approved) is deleted',
    'orders <b>1</b> phone number, which costs money',
  ])('is code where regsync has no such sentence: %j', (text) => {
    expect(renderConsequence(text)).toMatch(/^`[^`]*`$/);
  });
});

describe('What is replaced', () => {
  it.each<[readonly string[], readonly string[] | null]>([
    [
      ['restarts the review', 'group 1db4 (FR/toll_free/ordering, approved) is deleted; it is'],
      ['FR', 'toll_free', 'ordering'],
    ],
    [['group 1db4 (FR, approved) is deleted'], null],
    [[], null],
  ])('is read from %j', (consequences, combination) => {
    expect(replacedCombination(consequences)).toEqual(combination);
  });
});
