import { describe, expect, it, test } from 'vitest';
import { nameGroups } from '../../src/import/group-names.ts';
import { Names } from '../../src/import/names.ts';
import { accountOf, catalogueOf, generateAll, groupRow, surroundings } from './accounts.ts';

type Given = readonly [reference: string | null, country: string, type: string, action: string];

/** The names of these groups, or of those among them that are imported. */
function named(groups: readonly Given[], imported: readonly number[] = groups.map((_, index) => index)) {
  const rows = groups.map(([customer_reference, country_code, phone_number_type, action], index) =>
    groupRow(
      {},
      {
        id: `0a000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        customer_reference,
        country_code,
        phone_number_type,
        action,
      },
    ),
  );
  const account = accountOf({ groups: rows });
  const manifests = generateAll(account, catalogueOf([])).filter((_, index) => imported.includes(index));
  const made = nameGroups(manifests, surroundings({ live: account.groups }), {
    names: new Names([]),
    paths: new Names([]),
  });
  return made.map(({ name }) => name);
}

describe('the names of groups that share a reference', () => {
  test.each<[string, readonly Given[], readonly string[]]>([
    [
      'say the action where it differs',
      [
        ['CRM 1', 'DE', 'local', 'ordering'],
        ['CRM 1', 'DE', 'local', 'porting'],
        ['CRM 2', 'DE', 'local', 'porting'],
      ],
      ['crm-1-ordering', 'crm-1-porting', 'crm-2'],
    ],
    [
      'say the type where only that differs',
      [
        ['CRM 1', 'DE', 'local', 'ordering'],
        ['CRM 1', 'DE', 'toll_free', 'ordering'],
      ],
      ['crm-1-local', 'crm-1-toll_free'],
    ],
    [
      'say the country where only that differs',
      [
        ['CRM 1', 'DE', 'local', 'ordering'],
        ['CRM 1', 'FR', 'local', 'ordering'],
      ],
      ['crm-1-de', 'crm-1-fr'],
    ],
    [
      'say all of it where one word is not enough',
      [
        ['CRM 1', 'DE', 'local', 'ordering'],
        ['CRM 1', 'DE', 'local', 'porting'],
        ['CRM 1', 'DE', 'mobile', 'ordering'],
      ],
      ['crm-1-de-local-ordering', 'crm-1-de-local-porting', 'crm-1-de-mobile-ordering'],
    ],
    [
      'are numbered where nothing differs',
      [
        ['CRM 1', 'DE', 'local', 'ordering'],
        ['CRM 1', 'DE', 'local', 'ordering'],
      ],
      ['crm-1', 'crm-1-2'],
    ],
    [
      'are those of references that only read alike, too',
      [
        ['CRM 1', 'DE', 'local', 'ordering'],
        ['crm/1', 'DE', 'local', 'porting'],
      ],
      ['crm-1-ordering', 'crm-1-porting'],
    ],
    [
      'stay as they are without a reference, because these say all of it',
      [
        [null, 'DE', 'local', 'ordering'],
        [null, 'DE', 'local', 'porting'],
      ],
      ['de-local-ordering', 'de-local-porting'],
    ],
  ])('%s', (_, groups, names) => {
    expect(named(groups)).toEqual(names);
  });

  it('do not depend on which of them are imported', () => {
    const both: readonly Given[] = [
      ['CRM 1', 'DE', 'local', 'ordering'],
      ['CRM 1', 'DE', 'local', 'porting'],
    ];
    expect(named(both, [1])).toEqual(['crm-1-porting']);
  });

  it('leave room for a number, however long the reference is', () => {
    const long = 'x'.repeat(200);
    const names = named([
      [long, 'DE', 'shared_cost', 'ordering'],
      [long, 'DE', 'shared_cost', 'porting'],
      [long, 'FR', 'shared_cost', 'ordering'],
      [long, 'FR', 'shared_cost', 'ordering'],
    ]);
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[a-z0-9][a-z0-9._-]{0,62}$/);
  });
});
