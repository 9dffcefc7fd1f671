import { describe, expect, it } from 'vitest';
import { mergeSet, readCatalogue, selectSets } from '../../src/catalogue/live.ts';
import { ApiError } from '../../src/model/errors.ts';
import { decodeRegulatory, decodeRequirementSet } from '../../src/telnyx/decode/catalogue.ts';
import { answering } from '../telnyx/memory-client.ts';

const COMBINATION = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };

function set(given: Record<string, unknown>) {
  const type = {
    id: 'A',
    name: 'From requirements',
    type: 'textual',
    acceptance_criteria: { max_length: 20, regex: null },
  };
  return decodeRequirementSet({
    country_code: 'de',
    phone_number_type: 'local',
    action: 'ordering',
    version: 3,
    requirement_types: [type],
    ...given,
  });
}

function regulatory(given: Record<string, unknown> = {}) {
  const requirement = {
    id: 'a',
    name: 'Contact',
    field_type: 'textual',
    acceptance_criteria: { regex: '^x', case_sensitive: 'true', max_length: '' },
  };
  return decodeRegulatory({
    country_code: 'DE',
    phone_number_type: 'local',
    action: 'ordering',
    regulatory_requirements: [requirement],
    ...given,
  });
}

describe('the catalogue is read from two endpoints', () => {
  it('merges what each of them knows, by id', () => {
    const merged = mergeSet(COMBINATION, [set({})], [regulatory()]);
    expect(merged.version).toBe(3);
    expect(merged.requirements).toMatchObject([
      {
        id: 'a',
        name: 'Contact',
        fieldType: 'textual',
        criteria: { maxLength: 20, regex: '^x', caseSensitive: true },
      },
    ]);
  });

  it('reads the array under its present and its former name', () => {
    const former = set({
      requirement_types: undefined,
      requirements_types: [{ id: 'b', name: 'Old', type: 'document' }],
    });
    expect(mergeSet(COMBINATION, [former], []).requirements).toMatchObject([
      { id: 'b', fieldType: 'document' },
    ]);
  });

  it.each([
    ['both actions', 'local', { action: 'both' }],
    ['all number types', 'local', { phone_number_type: '' }],
    ['a type spelt with a hyphen', 'toll_free', { phone_number_type: 'toll-free' }],
  ])('understands a row for %s', (_, phoneNumberType, given) => {
    expect(mergeSet({ ...COMBINATION, phoneNumberType }, [set(given)], []).requirements).toHaveLength(1);
  });

  it('ignores rows that a server answers although they were not asked for', () => {
    const others = [set({ phone_number_type: 'mobile' }), set({ action: 'porting' })];
    expect(mergeSet(COMBINATION, others, [regulatory({ country_code: 'FR' })]).requirements).toEqual([]);
  });

  it('prefers the row of the whole country to that of one locality', () => {
    const local = set({
      locality: 'Berlin',
      requirement_types: [{ id: 'b', name: 'Local', type: 'document' }],
    });
    expect(mergeSet(COMBINATION, [local, set({})], []).requirements.map(({ id }) => id)).toEqual(['a']);
  });

  it('prefers the row of its own number type to that of all types', () => {
    const all = set({
      phone_number_type: '',
      version: 9,
      requirement_types: [{ id: 'b', name: 'For all types', type: 'document' }],
    });
    const merged = mergeSet(COMBINATION, [all, set({})], []);
    expect([merged.version, merged.requirements.map(({ id }) => id)]).toEqual([3, ['a']]);
  });

  it('an unknown field type is kept as unknown, not dropped', () => {
    const odd = regulatory({ regulatory_requirements: [{ id: 'c', name: 'New', field_type: 'hologram' }] });
    expect(mergeSet(COMBINATION, [], [odd]).requirements).toMatchObject([{ id: 'c', fieldType: 'unknown' }]);
  });
});

describe('a requirement that both endpoints know', () => {
  const full = (which: string, given: object = {}) => ({
    id: 'r',
    name: `name of ${which}`,
    description: `description of ${which}`,
    example: `example of ${which}`,
    ...given,
  });
  const all = (which: string, count: number) => ({
    min_length: count,
    max_length: count,
    acceptable_characters: which,
    acceptable_values: [which],
    regex: which,
    case_sensitive: count === 1,
    time_limit: which,
    locality_limit: which,
  });
  const asCriteria = (which: string, count: number) => ({
    minLength: count,
    maxLength: count,
    acceptableCharacters: which,
    acceptableValues: [which],
    regex: which,
    caseSensitive: count === 1,
    timeLimit: which,
    localityLimit: which,
  });
  const none = {
    minLength: null,
    maxLength: null,
    acceptableCharacters: null,
    acceptableValues: [],
    regex: null,
    caseSensitive: null,
    timeLimit: null,
    localityLimit: null,
  };
  const merge = (demanded: object | null, detail: object | null) =>
    mergeSet(
      COMBINATION,
      detail === null ? [] : [set({ requirement_types: [detail] })],
      demanded === null ? [] : [regulatory({ regulatory_requirements: [demanded] })],
    ).requirements;

  it('has its name and its criteria from the one that demands it, and its words from the one that describes it', () => {
    const demanded = full('a', { field_type: 'textual', acceptance_criteria: all('a', 1) });
    const detail = full('b', { type: 'document', acceptance_criteria: all('b', 2) });
    expect(merge(demanded, detail)).toEqual([
      {
        id: 'r',
        name: 'name of a',
        fieldType: 'textual',
        description: 'description of b',
        example: 'example of b',
        criteria: asCriteria('a', 1),
      },
    ]);
  });

  it('has from the other what the one does not say', () => {
    expect(merge({ id: 'r' }, full('b', { type: 'document', acceptance_criteria: all('b', 2) }))).toEqual([
      {
        id: 'r',
        name: 'name of b',
        fieldType: 'document',
        description: 'description of b',
        example: 'example of b',
        criteria: asCriteria('b', 2),
      },
    ]);
    expect(
      merge(full('a', { field_type: 'textual', acceptance_criteria: all('a', 1) }), { id: 'r' }),
    ).toEqual([
      {
        id: 'r',
        name: 'name of a',
        fieldType: 'textual',
        description: 'description of a',
        example: 'example of a',
        criteria: asCriteria('a', 1),
      },
    ]);
  });

  it.each<[string, object | null, object | null]>([
    ['both', { id: 'r' }, { id: 'r' }],
    ['one', { id: 'r' }, null],
    ['the other', null, { id: 'r' }],
  ])('is called by its id where nothing is said of it by %s', (_, demanded, detail) => {
    expect(merge(demanded, detail)).toEqual([
      { id: 'r', name: 'r', fieldType: 'unknown', description: '', example: '', criteria: none },
    ]);
  });

  it('is not demanded where the one that demands knows others', () => {
    expect(merge({ id: 'other' }, full('b')).map(({ id }) => id)).toEqual(['other']);
  });
});

describe('the rows for a combination', () => {
  const rows = (...given: readonly Record<string, unknown>[]) => given.map((one) => set(one));
  const own = {};
  const local = { locality: 'Berlin' };
  const all = { phone_number_type: '' };
  const allLocal = { phone_number_type: '', locality: 'Berlin' };

  it.each([
    ['its own, for the whole country', [allLocal, all, local, own], [own]],
    ['its own, for a locality, before those of all types', [allLocal, all, local], [local]],
    ['those of all types, for the whole country', [allLocal, all], [all]],
    ['those of all types, for a locality', [allLocal], [allLocal]],
    [
      'for its action or for both',
      [{ action: 'porting' }, { action: 'both' }, own],
      [{ action: 'both' }, own],
    ],
    ['none', [{ phone_number_type: 'mobile' }, { action: 'porting' }], []],
  ])('are %s', (_, given, expected) => {
    expect(selectSets(COMBINATION, rows(...given))).toEqual(rows(...expected));
  });

  it('have the version that the first of them says', () => {
    const versions = [null, 4, 5].map((version) => set({ version }));
    expect(mergeSet(COMBINATION, versions, []).version).toBe(4);
    expect(mergeSet(COMBINATION, [set({ version: null })], []).version).toBeNull();
    expect(mergeSet(COMBINATION, [], []).version).toBeNull();
  });
});

describe('the catalogue of several combinations', () => {
  const FR = { ...COMBINATION, countryCode: 'FR' };
  const row = { id: '1', phone_number_type: 'local', action: 'ordering', requirement_types: [{ id: 'a' }] };
  const telnyx = (status: number) =>
    answering(({ template, query }) =>
      template === '/requirements'
        ? [{ ...row, country_code: query['filter[country_code]'] }]
        : new ApiError(status, `GET ${template}`, [], null),
    );

  it('asks for the sets of each country once, and for each combination once', async () => {
    const client = telnyx(404);
    const porting = { ...COMBINATION, action: 'porting' };
    const catalogue = await readCatalogue(client, [COMBINATION, FR, porting, { ...COMBINATION }]);
    expect([...catalogue].map(([key, { requirements }]) => [key, requirements.map(({ id }) => id)])).toEqual([
      ['DE/local/ordering', ['a']],
      ['FR/local/ordering', ['a']],
      ['DE/local/porting', []],
    ]);
    expect(client.asked.map(({ template }) => template).sort()).toEqual([
      ...Array(3).fill('/regulatory_requirements'),
      ...Array(2).fill('/requirements'),
    ]);
  });

  it.each([400, 404, 422])('does without the endpoint that answers %i', async (status) => {
    expect((await readCatalogue(telnyx(status), [COMBINATION])).get('DE/local/ordering')).toMatchObject({
      combination: COMBINATION,
      requirements: [{ id: 'a' }],
    });
  });

  it.each([403, 409])('is not known where that answers %i', async (status) => {
    await expect(readCatalogue(telnyx(status), [COMBINATION])).rejects.toBeInstanceOf(ApiError);
  });
});
