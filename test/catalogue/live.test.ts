import { describe, expect, it } from 'vitest';
import { mergeSet } from '../../src/catalogue/live.ts';
import { decodeRegulatory, decodeRequirementSet } from '../../src/telnyx/decode.ts';

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
