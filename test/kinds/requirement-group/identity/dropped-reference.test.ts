import { describe, expect, it } from 'vitest';
import { refuseCopyWithoutReference } from '../../../../src/kinds/requirement-group/identity/dropped-reference.ts';
import type { ObservedGroup } from '../../../../src/model/observed.ts';
import { Sensitive } from '../../../../src/model/privacy/sensitive.ts';
import { asReference, asRemoteId } from '../../../../src/model/resource.ts';
import { desiredGroup, observedGroup, observedWorld } from '../../../support/plan-inputs.ts';
import { at, endOf } from '../../../support/scripted-run.ts';

const VALUES = { a: 'desk', b: '2026-06-01T00:00:00.000Z' };
const WRITTEN = [
  { requirementId: 'a', value: new Sensitive('desk') },
  { requirementId: 'b', value: new Sensitive('2026-06-01') },
];

function copy(
  values: Readonly<Record<string, string>> = VALUES,
  given: Partial<ObservedGroup> = {},
): ObservedGroup {
  return observedGroup(values, { id: asRemoteId('copy'), reference: null, ...given });
}

const refuse = (...unclaimed: readonly ObservedGroup[]) =>
  endOf(
    (async () =>
      refuseCopyWithoutReference(
        { ...observedWorld({}), unclaimed },
        desiredGroup({ source: at(3) }),
        WRITTEN,
      ))(),
  );

describe('a group that an earlier run may have made, without its reference', () => {
  it.each<[string, ObservedGroup]>([
    ['holds exactly the values', copy()],
    ['holds exactly the values, and others that are empty', copy({ ...VALUES, c: '' })],
  ])('%s, and is not made again', async (_, candidate) => {
    expect(await refuse(copy({}), candidate)).toEqual({
      code: 'already-there',
      message:
        'group copy holds exactly these values and has no customer_reference, which Telnyx may have dropped: none was created. Write `id: copy` into the manifest and leave customer_reference out, or delete the group at Telnyx',
      line: 3,
    });
  });

  it.each<[string, ObservedGroup]>([
    ['has a reference', copy(VALUES, { reference: asReference('THEIRS') })],
    ['was submitted', copy(VALUES, { status: 'pending-approval' })],
    [
      'is for something else',
      copy(VALUES, { combination: { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' } }),
    ],
    ['holds another value', copy({ ...VALUES, a: 'other' })],
    ['holds fewer values', copy({ a: 'desk' })],
    ['holds more values', copy({ ...VALUES, c: 'more' })],
    ['holds as many, for other requirements', copy({ a: 'desk', c: 'desk' })],
  ])('is none that %s', async (_, candidate) => {
    expect(await refuse(candidate)).toBeUndefined();
  });

  it('is not looked for where nothing is known of the account', async () => {
    const refusal = async () => refuseCopyWithoutReference(observedWorld({}), desiredGroup(), WRITTEN);
    expect(await endOf(refusal())).toBeUndefined();
  });
});
