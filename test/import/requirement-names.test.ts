import { describe, expect, it, test } from 'vitest';
import { findCandidates } from '../../src/import/candidates.ts';
import { phrase, writeYaml } from '../../src/import/yaml-text.ts';
import type { Lock } from '../../src/model/lock.ts';
import { accountOf, catalogueOf, composeAll, groupRow, IDS } from './accounts.ts';

const textual = (id: string, name: string) => ({ id, name, field_type: 'textual' });

function clearNames(requirements: readonly object[], lock: Lock | null = null): string[] {
  const account = accountOf({ groups: [groupRow({ [IDS.text]: ['textual', 'Desk'] })] });
  const [candidate] = findCandidates(account.groups, catalogueOf(requirements), lock);
  return [...(candidate?.named ?? [])];
}

function lockOf(
  requirements: readonly { id: string; name: string; formerNames?: readonly string[] }[],
): Lock {
  const combination = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
  const locked = requirements.map((requirement) => ({ formerNames: [], ...requirement }));
  return { sets: [{ combination, requirements: locked, former: [] }] } as unknown as Lock;
}

describe('a requirement of an imported manifest', () => {
  it('is called by its name', () => {
    const account = accountOf({ groups: [groupRow({ [IDS.text]: ['textual', 'Desk'] })] });
    const { manifests } = composeAll(account, catalogueOf([textual(IDS.text, 'Contact Info')]));
    expect(manifests[0]?.text).toContain('  - requirement: Contact Info\n    text: "Desk"\n');
    expect(manifests[0]?.text).not.toContain(IDS.text);
  });

  it('is called by its id, with its name above, where another one has this name', () => {
    const account = accountOf({ groups: [groupRow({ [IDS.text]: ['textual', 'Desk'] })] });
    const catalogue = catalogueOf([textual(IDS.text, 'Contact Info'), textual(IDS.unknown, 'Contact Info')]);
    const { manifests } = composeAll(account, catalogue);
    expect(manifests[0]?.text).toContain(`  # Contact Info\n  - requirement: ${IDS.text}\n`);
  });

  test.each([
    ['a name of its own', 'Contact Info', [IDS.text]],
    ['a name with blanks at its ends', ' Contact Info ', []],
    ['a name of several lines', 'Contact\nInfo', []],
    ['a name with a character that does not show', 'Contact\u200bInfo', []],
    ['a name as long as a sentence', 'x'.repeat(101), []],
    ['the id of another requirement for a name', IDS.address, [IDS.text]],
  ])('is called by its id unless its name is clear: %s', (_, name, expected) => {
    expect(clearNames([textual(IDS.text, name)])).toEqual(expected);
  });

  it('is called by its id where the lock means another one by this name, as the next plan would', () => {
    const catalogue = [textual(IDS.text, 'Contact Info')];
    expect(clearNames(catalogue, lockOf([{ id: IDS.text, name: 'Contact Info' }]))).toEqual([IDS.text]);
    const other = lockOf([{ id: IDS.unknown, name: 'New', formerNames: ['Contact Info'] }]);
    expect(clearNames(catalogue, other)).toEqual([]);
  });
});

test.each([
  ['Contact Info', 'Contact Info'],
  ['Identity Card', 'Identity Card'],
  ['Address', 'Address'],
  ['No', '"No"'],
  ['Tax ID: number', '"Tax ID: number"'],
  ['Proof (a #1)', '"Proof (a #1)"'],
  ['Identität', '"Identität"'],
  ['1 2', '"1 2"'],
])('the name %j is written as %s', (name, written) => {
  expect(writeYaml([[{ key: 'requirement', value: phrase(name) }]])).toBe(`requirement: ${written}\n`);
});
