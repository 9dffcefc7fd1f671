import { describe, expect, it } from 'vitest';
import { listTwins, refuseYounger } from '../../../../src/kinds/requirement-group/identity/twins.ts';
import type { ObservedGroup } from '../../../../src/model/observed.ts';
import { asReference, asRemoteId } from '../../../../src/model/resource.ts';
import { desiredGroup, observedGroup, observedWorld } from '../../../support/plan-inputs.ts';
import { inTurn } from '../../../support/scripted-client.ts';
import { at, endOf, groupRow, scriptedRun } from '../../../support/scripted-run.ts';

const LIST = 'GET /requirement_groups?filter[customer_reference]=regsync/acme/de-local';
const DESIRED = desiredGroup({ source: at(5) });

/** @param day in May on which it was made; null where Telnyx does not say. */
function group(id: string, day: number | null = null, given: Partial<ObservedGroup> = {}): ObservedGroup {
  const createdAt = day === null ? null : `2026-05-0${day}T10:00:00.000Z`;
  return observedGroup({}, { id: asRemoteId(id), createdAt, ...given });
}

describe('groups that a manifest could mean', () => {
  it('are those of its reference and combination that are not known and can be used, oldest first', async () => {
    const combination = { countryCode: 'DE', phoneNumberType: 'local', action: 'porting' };
    const rows = [
      group('younger', 3),
      group('undated'),
      group('older', 2),
      group('porting', 1, { combination }),
      group('known', 1),
      group('spent', 1, { status: 'no-longer-eligible' }),
      group('other', 1, { reference: asReference('regsync/acme/other') }),
    ];
    const matches = { 'de-local': { group: group('known'), superseded: [] } };
    const { run, asked } = scriptedRun(
      { [LIST]: rows.map(groupRow) },
      { observed: observedWorld({ matches }) },
    );
    const found = await listTwins(run.writer, DESIRED);
    expect(found.map(({ id }) => id)).toEqual(['older', 'younger', 'undated']);
    expect(asked).toEqual([LIST]);
  });
});

describe('a group that was just made', () => {
  const made = group('made', 4);
  const after = (...lists: (readonly ObservedGroup[])[]) => {
    const { run, asked } = scriptedRun({ [LIST]: inTurn(...lists.map((list) => list.map(groupRow))) });
    return { end: endOf(refuseYounger(run, DESIRED, made)), asked };
  };
  const LOOKS = [LIST, 'wait 500', LIST, 'wait 1500', LIST, 'wait 3000', LIST];

  it.each<[string, (readonly ObservedGroup[])[], unknown[]]>([
    ['at once', [[made]], [LIST]],
    ['after half a second', [[], [made]], LOOKS.slice(0, 3)],
    ['after five seconds', [[], [], [], [made]], LOOKS],
  ])('and is listed alone, %s, has nothing to be said about it', async (_, lists, expected) => {
    const { end, asked } = after(...lists);
    expect(await end).toBeNull();
    expect(asked).toEqual(expected);
  });

  it('and is not listed for five seconds is warned of', async () => {
    const { end, asked } = after([]);
    expect(await end).toBe(
      'Telnyx\'s list does not show group made yet, five seconds after it was made: until it does, another run would make the group a second time. Write "id: made" into the manifest if you run again at once',
    );
    expect(asked).toEqual(LOOKS);
  });

  it.each<[string, readonly ObservedGroup[]]>([
    ['beside it', [group('later', 6), made, group('late', 5)]],
    ['and it is not', [group('later', 6), group('late', 5)]],
  ])('stays where younger ones are listed %s, and both runs learn of it', async (_, list) => {
    expect(await after(list).end).toBe(
      '3 groups have this reference, oldest first: made (unapproved), late (unapproved), later (unapproved). None is deleted. Write "id: made" into the manifest to keep the oldest',
    );
  });

  it('is not used where an older one is there', async () => {
    expect(await after([made, group('first', 3, { status: 'approved' })]).end).toEqual({
      code: 'duplicate-groups',
      message:
        '2 groups have this reference, oldest first: first (approved), made (unapproved). None is deleted. Write "id: first" into the manifest to keep the oldest',
      line: 5,
    });
  });
});
