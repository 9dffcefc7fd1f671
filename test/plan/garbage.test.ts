import { describe, expect, it } from 'vitest';
import { asReference, asRemoteId } from '../../src/model/resource.ts';
import { findGarbage, type Holdings, type OwnedContent } from '../../src/plan/garbage.ts';

const HOUR_MS = 3_600_000;
const ID = 'a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b';

function holding(
  changes: { readonly id?: string; readonly reference?: string; readonly createdAtMs?: number | null } = {},
): OwnedContent {
  const { id = ID, reference = 'regsync/acme/doc/0', createdAtMs = 0 } = changes;
  return { kind: 'Document', id: asRemoteId(id), reference: asReference(reference), createdAtMs };
}

function garbageOf(changes: Partial<Holdings>, wanted: readonly string[] = []): readonly string[] {
  const holdings = { holdings: [holding()], heldIds: new Set<string>(), readAtMs: HOUR_MS, ...changes };
  return findGarbage('acme', holdings, new Set(wanted)).map(({ id }) => id);
}

describe('garbage', () => {
  it('is what nothing refers to', () => {
    expect(garbageOf({})).toEqual([ID]);
  });

  it.each([ID, ID.toUpperCase()])('is not what is held, whatever its letters: %s', (held) => {
    expect(garbageOf({ heldIds: new Set([held]) })).toEqual([]);
    const shouted = [holding({ id: ID.toUpperCase() })];
    expect(garbageOf({ holdings: shouted, heldIds: new Set([held]) })).toEqual([]);
  });

  it('is not what a manifest wants', () => {
    expect(garbageOf({}, ['regsync/acme/doc/0'])).toEqual([]);
  });

  it.each(['regsync/acme2/doc/0', 'regsync/acm/doc/0', 'theirs'])(
    'is not of another scope: %s',
    (reference) => {
      expect(garbageOf({ holdings: [holding({ reference })] })).toEqual([]);
    },
  );

  it.each([
    ['of half an hour', HOUR_MS / 2, [ID]],
    ['of a moment less', HOUR_MS / 2 + 1, []],
    ['of the future', HOUR_MS + 1, []],
    ['of unknown age', null, []],
  ])('is or is not what is %s', (_, createdAtMs, expected) => {
    expect(garbageOf({ holdings: [holding({ createdAtMs })] })).toEqual(expected);
  });

  it('is not what has no reference', () => {
    expect(garbageOf({ holdings: [{ ...holding(), reference: null }] })).toEqual([]);
  });

  it('is listed by its kind, its reference and its id, and all of it that is garbage', () => {
    const address: OwnedContent = { ...holding({ id: 'a' }), kind: 'Address' };
    const [d1, d2, e1, held, wanted, young] = [
      holding({ id: 'd1' }),
      holding({ id: 'd2' }),
      holding({ id: 'c', reference: 'regsync/acme/doc/1' }),
      holding({ id: 'held' }),
      holding({ id: 'wanted', reference: 'regsync/acme/doc/2' }),
      holding({ id: 'young', createdAtMs: HOUR_MS }),
    ];
    const holdings = [young, d2, e1, held, wanted, address, d1];
    expect(
      findGarbage(
        'acme',
        { holdings, heldIds: new Set(['HELD', 'other']), readAtMs: HOUR_MS },
        new Set(['regsync/acme/doc/2']),
      ),
    ).toEqual([address, d1, d2, e1]);
  });
});
