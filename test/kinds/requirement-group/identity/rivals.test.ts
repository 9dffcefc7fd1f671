import { describe, expect, it } from 'vitest';
import { duplicateGroups } from '../../../../src/kinds/requirement-group/identity/rivals.ts';
import { asReference, asRemoteId } from '../../../../src/model/resource.ts';
import { observedGroup, READ_AT_MS } from '../../../support/plan-inputs.ts';

const SOURCE = { file: 'groups/a.yaml', line: 7, column: 3 };

describe('a manifest that could mean several groups', () => {
  const rival = (id: string, status: string, createdAt: string | null) =>
    observedGroup({}, { id: asRemoteId(id), status, createdAt });
  const diagnose = (...rivals: ReturnType<typeof rival>[]) =>
    duplicateGroups(
      { name: 'de', reference: asReference('regsync/acme/de'), source: SOURCE },
      rivals,
      READ_AT_MS,
    );

  it('is told by which line it says which one', () => {
    expect(
      diagnose(
        rival('1', 'approved', '2026-05-20T08:00:00Z'),
        rival('2', 'unapproved', '2026-06-01T08:00:00Z'),
      ),
    ).toEqual({
      severity: 'error',
      code: 'duplicate-groups',
      kind: 'RequirementGroup',
      name: 'de',
      message:
        '"de" could mean any of 2 groups with the reference "regsync/acme/de", so none of them is touched. To say which one it means, add one of these lines to the manifest at groups/a.yaml:7: "id: 1" (approved, made 12 days ago, 2026-05-20T08:00:00Z) or "id: 2" (unapproved, made today, 2026-06-01T08:00:00Z). The other becomes an orphan.',
      source: { file: 'groups/a.yaml', line: 7 },
    });
  });

  it.each([
    [null, 'age unknown'],
    ['some day', 'age unknown'],
    ['2026-05-30T23:59:59Z', 'made 2 days ago, 2026-05-30T23:59:59Z'],
    ['2026-05-31T00:00:00Z', 'made yesterday, 2026-05-31T00:00:00Z'],
    ['2026-06-01T12:00:00Z', 'made today, 2026-06-01T12:00:00Z'],
    ['2026-06-02T00:00:00Z', 'made today, 2026-06-02T00:00:00Z'],
  ])('is told of a group that was made %s that it was %s', (createdAt, words) => {
    expect(diagnose(rival('1', 'approved', createdAt)).message).toContain(`"id: 1" (approved, ${words}).`);
  });

  it('is told so of a group of which nothing says when it was made', () => {
    expect(diagnose(observedGroup({}, { id: asRemoteId('1') })).message).toContain(
      '(unapproved, age unknown)',
    );
  });
});
