import { describe, expect, it } from 'vitest';
import { ASSUMPTIONS, judgeAssumptions } from '../../src/doctor/assumptions.ts';
import type { AccountFacts, ListFacts, ListName, ProbeAnswer } from '../../src/doctor/facts.ts';

const UUID = '963416f6-4532-4800-b461-a1e09a325027';

function answer(body: unknown, status = 200, headers: Record<string, string> = {}): ProbeAnswer {
  return { status, headers, body, isJson: true, failure: null };
}

function list(rows: readonly object[], given: Partial<ListFacts> = {}): ListFacts {
  const first = answer({ data: rows, meta: { total_results: rows.length } });
  return { first, second: null, failure: null, ...given };
}

function group(given: object = {}): object {
  return {
    id: UUID,
    country_code: 'DE',
    phone_number_type: 'local',
    action: 'ordering',
    customer_reference: 'Example 0001',
    status: 'approved',
    user_id: 'c142e29a-3f38-40a0-9538-7a7f0f744088',
    created_at: '2026-01-02T03:04:05.000000Z',
    regulatory_requirements: [
      { requirement_id: UUID, field_type: 'textual', field_value: 'x', status: 'approved' },
    ],
    ...given,
  };
}

function facts(
  lists: Partial<Record<ListName, ListFacts>>,
  probes: Readonly<Record<string, ProbeAnswer>> = {},
): AccountFacts {
  return {
    lists: new Map(Object.entries(lists) as [ListName, ListFacts][]),
    probes: new Map(Object.entries(probes)),
  };
}

function judge(id: string, given: AccountFacts) {
  const found = judgeAssumptions(given, null).find((finding) => finding.id === id);
  return [found?.status, found?.message, found?.exit ?? 0];
}

describe('an assumption', () => {
  it('has an id of its own, and asks a question', () => {
    expect(new Set(ASSUMPTIONS.map(({ id }) => id)).size).toBe(ASSUMPTIONS.length);
    for (const { question } of ASSUMPTIONS) expect(question).toMatch(/^[A-Z].*\?$/);
  });

  it('is told to have nothing to look at in an empty account, and is never held against it', () => {
    for (const given of [facts({}), facts({ requirement_groups: list([]), documents: list([]) })]) {
      expect(judgeAssumptions(given, null).filter(({ status }) => status === 'unhandled')).toEqual([]);
    }
    expect(judgeAssumptions(facts({}), null).every(({ isSeen }) => !isSeen)).toBe(true);
  });
});

const REFERENCE_ROW = facts({ requirement_groups: list([group()]) }).lists;

/** What regsync cannot work with. */
describe('what is not handled is exit 8', () => {
  it.each<[id: string, what: string, given: AccountFacts, says: RegExp]>([
    [
      'groups-envelope',
      'no list',
      facts({ requirement_groups: list([], { first: answer({ groups: [] }) }) }),
      /not a list/,
    ],
    [
      'groups-envelope',
      'a row without id',
      facts({
        requirement_groups: list([group()], { failure: 'The API answered a requirement group without id' }),
      }),
      /without id/,
    ],
    [
      'groups-envelope',
      'a list that fails',
      facts({ requirement_groups: list([], { first: { ...answer(null, 0), failure: 'No usable answer' } }) }),
      /No usable answer/,
    ],
    ['list-documents', '404', facts({ documents: list([], { first: answer({}, 404) }) }), /answers 404/],
    [
      'groups-pages',
      'pages that repeat, and a total that does not fit',
      facts({
        requirement_groups: list([group(), group({ id: 'b' })], {
          second: answer({ data: [group(), group({ id: 'b' })] }),
          failure: 'every page gives the same rows',
        }),
      }),
      /same rows/,
    ],
    ['ids', 'numbers of 64 bits', facts({ addresses: list([{ id: 2 ** 61 }]) }), /not texts in \/addresses/],
    [
      'text-fields',
      'a value that is a number',
      facts({ requirement_groups: list([group({ customer_reference: 4711 })]) }),
      /customer_reference of another type/,
    ],
    [
      'requirements-array',
      'another name for the list',
      facts({ requirements: list([{ id: UUID, types: [] }]) }),
      /cannot read requirements/,
    ],
    [
      'groups-reference-filter',
      'a filter that is refused',
      { lists: REFERENCE_ROW, probes: new Map([['requirement_groups-by-reference', answer({}, 400)]]) },
      /refused \(400\)/,
    ],
    [
      'groups-reference-filter',
      'a filter that misses',
      { lists: REFERENCE_ROW, probes: new Map([['requirement_groups-by-reference', answer({ data: [] })]]) },
      /misses a row/,
    ],
    ['group-envelope', 'a group that is not found', facts({}, { group: answer({}, 404) }), /answers 404/],
    [
      'missing',
      'success for an id that nothing has',
      facts({}, { missing: answer({ data: {} }) }),
      /not there/,
    ],
  ])('%s: %s', (id, _, given, says) => {
    const [status, message, exit] = judge(id, given);
    expect([status, exit]).toEqual(['unhandled', 8]);
    expect(message).toMatch(says);
  });
});

describe('what is otherwise but handled', () => {
  it.each<[id: string, given: AccountFacts, says: string]>([
    [
      'groups-reference-filter',
      {
        lists: REFERENCE_ROW,
        probes: new Map([
          ['requirement_groups-by-reference', answer({ data: [group()] })],
          ['requirement_groups-by-nonsense', answer({ data: [group()] })],
        ]),
      },
      'it is ignored, and regsync selects by itself',
    ],
    [
      'groups-pages',
      facts({
        requirement_groups: list([group(), group({ id: 'b' })], { second: answer({ data: [group()] }) }),
      }),
      'page[number] is ignored',
    ],
    [
      'groups-meta',
      facts({ requirement_groups: list([group()], { first: answer([group()]) }) }),
      'no `meta`: regsync reads on until nothing new comes, and reads twice',
    ],
    [
      'statuses',
      facts({
        requirement_groups: list([
          group({ status: 'on-hold' }),
          group({ id: 'b', status: 'Jane Example 4711' }),
        ]),
      }),
      'unknown to regsync: "on-hold" and 1 more in /requirement_groups; shown as they are',
    ],
    [
      'field-types',
      facts({ requirement_groups: list([group({ regulatory_requirements: [{ field_type: 'video' }] })]) }),
      'unknown to regsync: "video"; values of those are not checked',
    ],
    [
      'reference-forms',
      facts({ requirement_groups: list([group({ customer_reference: ' Example 0001' }), group()]) }),
      '1 of 2 are not in normal form (NFC, no blanks around): name those groups by `id:`',
    ],
    [
      'repeated-references',
      facts({ requirement_groups: list([group(), group({ id: 'b' })]) }),
      '1 reference of several groups of one combination: name the one that is meant by `id:`',
    ],
    [
      'times',
      facts({ requirement_groups: list([group({ created_at: '02.01.2026' })]) }),
      '1 of 1 created_at cannot be read: the age of those is not known',
    ],
    [
      'sha256',
      facts({ documents: list([{ id: UUID, sha256: 'abc=' }]) }),
      'in another form: it never matches, and documents are known by their reference alone',
    ],
    [
      'user-id',
      facts({ requirement_groups: list([group({ user_id: null })]) }),
      'user_id is missing; regsync does not use it',
    ],
    [
      'mobile-filter',
      facts({}, { mobile: answer({}, 422) }),
      'refused (422); regsync asks for all types of a country',
    ],
    [
      'criteria',
      facts(
        {},
        {
          regulatory: answer({
            data: [{ regulatory_requirements: [{ acceptance_criteria: { regex: '' } }] }],
          }),
        },
      ),
      'without case_sensitive: values are not checked by it before they are sent',
    ],
    ['missing', facts({}, { missing: answer({ error: 'x' }, 404) }), '404, with another body than described'],
    [
      'request-id',
      facts({}, { missing: answer({}, 404, { 'x-telnyx-request-id': 'x' }) }),
      'x-telnyx-request-id',
    ],
    [
      'porting-status',
      facts({ porting_orders: list([{ id: UUID, status: 'draft' }]) }),
      'without details: exceptions are not explained',
    ],
    [
      'porting-pin',
      facts({
        porting_orders: list([
          { id: UUID, end_user: { admin: { pin_passcode: '****' } } },
          { id: UUID, end_user: { admin: { pin_passcode: '12*4' } } },
          { id: UUID, end_user: { admin: { pin_passcode: null } } },
          { id: UUID },
        ]),
      }),
      'masked in 1 of 2: a new PIN alone is not seen as a change',
    ],
  ])('%s', (id, given, says) => {
    expect(judge(id, given)).toEqual(['handled', says, 0]);
  });
});

describe('what is as expected', () => {
  it.each<[id: string, given: AccountFacts, says: string]>([
    ['statuses', facts({ requirement_groups: list([group({ status: 'pending approval' })]) }), 'known'],
    [
      'times',
      facts({ requirement_groups: list([group(), group({ created_at: '2026-01-02T03:04:05+00:00' })]) }),
      'created_at: microseconds, Z and offset',
    ],
    [
      'porting-pin',
      facts({ porting_orders: list([{ id: UUID, end_user: { admin: { pin_passcode: '12*4' } } }]) }),
      'shown',
    ],
    ['ids', facts({ addresses: list([{ id: '2473491569332717266' }]) }), 'texts'],
    ['user-id', facts({ requirement_groups: list([group()]) }), 'user_id, the same in all'],
  ])('%s', (id, given, says) => {
    expect(judge(id, given)).toEqual(['expected', says, 0]);
  });
});
