import { describe, expect, it } from 'vitest';
import { group, places, workspace } from '../../manifest/workspace.ts';

const ORDER = 'apiVersion: regsync/v1\nkind: NumberOrder\nname: order\n';

async function check(order: string, country = 'DE') {
  const files = {
    'groups/a.yaml': group('acme').replace('country_code: DE', `country_code: ${country}`),
    'groups/o.yaml': `${ORDER}${order}\n`,
  };
  const { load } = await workspace(files);
  return (await load()).problems;
}

const WITH_GROUP = 'requirement_group: acme\n';

describe('numbers of another country than the group of their order', () => {
  it('are problems at their lines, which do not repeat them', async () => {
    const problems = await check(
      `${WITH_GROUP}phone_numbers:\n  - "+49300000001"\n  - "+33100000001"\n  - "+33100000002"`,
    );
    expect(places(problems)).toEqual([
      'groups/o.yaml:7:5 order-mismatch',
      'groups/o.yaml:8:5 order-mismatch',
    ]);
    expect(problems[0]?.message).toBe(
      'this number begins with +33, and the group "acme" is for numbers in DE',
    );
    expect(JSON.stringify(problems)).not.toContain('100000001');
  });

  it.each([
    ['of the country itself', '+49300000001', 'DE'],
    ['of a country that shares the calling code', '+14165550100', 'CA'],
    ['of a crown dependency', '+442000000001', 'JE'],
    ['of no country', '+80000000001', 'DE'],
  ])('are none if they are %s', async (_, number, country) => {
    expect(await check(`${WITH_GROUP}phone_numbers: ["${number}"]`, country)).toEqual([]);
  });

  it('are problems also in an order that exists', async () => {
    const id = 'id: 00000000-0000-4000-8000-000000000001\n';
    expect(places(await check(`${WITH_GROUP}${id}phone_numbers: ["+33100000001"]`))).toEqual([
      'groups/o.yaml:6:16 order-mismatch',
    ]);
  });
});

describe('an order without a group', () => {
  it.each([
    ['CH', '+41100000001'],
    ['DK', '+45100000001'],
    ['IT', '+39060000001'],
    ['NO', '+47200000001'],
    ['PT', '+351210000001'],
    ['SE', '+46800000001'],
  ])('is a problem where Telnyx demands a fulfilled one: %s', async (country, number) => {
    const [problem, ...others] = await check(`phone_numbers:\n  - "+49300000001"\n  - "${number}"`);
    expect(others).toEqual([]);
    expect(places(problem === undefined ? [] : [problem])).toEqual([
      'groups/o.yaml:6:5 order-needs-fulfilled-group',
    ]);
    expect(problem).toMatchObject({
      severity: 'error',
      message: `numbers in ${country} cannot be ordered without a fulfilled group, and this order names none`,
      hint: `Add \`requirement_group:\` with the name of a group for ${country}. If the order exists already, name it by \`id:\`.`,
    });
  });

  it('is one problem for each country, however many numbers there are', async () => {
    const numbers = ['+41100000001', '+41100000002', '+45100000001'].map((number) => `\n  - "${number}"`);
    expect(places(await check(`phone_numbers:${numbers.join('')}`))).toEqual([
      'groups/o.yaml:5:5 order-needs-fulfilled-group',
      'groups/o.yaml:7:5 order-needs-fulfilled-group',
    ]);
  });

  it.each([
    ['elsewhere', 'phone_numbers: ["+49300000001"]'],
    ['once the order exists', 'id: 00000000-0000-4000-8000-000000000001\nphone_numbers: ["+41100000001"]'],
  ])('is none %s', async (_, order) => {
    expect(await check(order)).toEqual([]);
  });
});
