import { expect, it } from 'vitest';
import type { PlanInput } from '../../src/model/plan/decisions.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';
import { asReference } from '../../src/model/resource.ts';
import { planChanges } from '../../src/plan/plan.ts';
import { desiredOrder, observedOrder } from '../support/ordered.ts';
import {
  DOCUMENT_ID,
  desiredGroup,
  observedDocument,
  observedGroup,
  observedWorld,
  planInput,
  TEXT_ID,
  textValue,
} from '../support/plan-inputs.ts';

const EQUAL = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };
const DIFFERENT = { ...EQUAL, [TEXT_ID]: 'Somebody else' };
const REJECTED = [observedDocument('doc-1', 'registration', { rejected: 'denied' })];
const DOCUMENTS = [observedDocument('doc-1', 'registration')];

/** What `--resubmit de-local` says of a world in which the group is declined unless it is given otherwise. */
function said(
  given: Partial<Parameters<typeof observedWorld>[0]>,
  input: Partial<PlanInput> = {},
  names: readonly string[] = ['de-local'],
): readonly string[] {
  const group = observedGroup(EQUAL, { status: 'declined' });
  const observed = observedWorld({
    matches: { 'de-local': { group, superseded: [] } },
    documents: DOCUMENTS,
    ...given,
  });
  const gates = { ...CLOSED_GATES, resubmit: names };
  const { diagnostics } = planChanges(
    planInput({ RequirementGroup: [desiredGroup()], observed, gates, ...input }),
  );
  const own = diagnostics.filter(({ code }) => code === 'resubmit-without-effect');
  for (const { severity, name } of own)
    expect([severity, names.includes(name ?? '')]).toEqual(['warning', true]);
  return own.map(({ message }) => message.replace(/^--resubmit (\S+) submits nothing again: /, '$1: '));
}

const match = (status: string, values: Record<string, string> = EQUAL) => ({
  matches: { 'de-local': { group: observedGroup(values, { status }), superseded: [] } },
});
const group = (given: Parameters<typeof desiredGroup>[0]) => ({ RequirementGroup: [desiredGroup(given)] });

it.each<[string, () => readonly string[], readonly string[]]>([
  ['of a declined group that is submitted again', () => said({}), []],
  ['of an expired group that is submitted again', () => said(match('expired')), []],
  [
    'of a name given twice',
    () => said(match('approved'), {}, ['de-local', 'de-local']),
    [expect.any(String)],
  ],
  [
    'of an approved group',
    () => said(match('approved')),
    [
      'de-local: it is approved, and only a declined or expired group is submitted again. Leave the flag out.',
    ],
  ],
  [
    'of a group that is submitted anyway',
    () => said(match('unapproved')),
    [
      'de-local: it is unapproved, and only a declined or expired group is submitted again. Leave the flag out.',
    ],
  ],
  [
    'of a group with new values',
    () => said(match('declined', DIFFERENT)),
    [
      'de-local: its values differ from those at Telnyx, so this plan submits the new ones. Leave the flag out.',
    ],
  ],
  [
    'of a group that is yet to be created',
    () => said({ matches: { 'de-local': { group: null, superseded: [] } } }),
    ['de-local: Telnyx has no such group yet. This plan creates it. Leave the flag out.'],
  ],
  [
    'of a manifest that could mean several groups',
    () =>
      said({
        matches: {
          'de-local': { group: null, superseded: [], rivals: [observedGroup(EQUAL), observedGroup(EQUAL)] },
        },
      }),
    ['de-local: several groups could be meant, so none is touched.'],
  ],
  [
    'of approval: none',
    () => said({}, group({ approval: 'none' })),
    ['de-local: its manifest says "approval: none".'],
  ],
  [
    'of a country without pre-approval',
    () =>
      said({}, group({ combination: { countryCode: 'IT', phoneNumberType: 'local', action: 'ordering' } })),
    ['de-local: IT has no pre-approval.'],
  ],
  [
    'of a group without a value',
    () =>
      said(
        match('declined', { [TEXT_ID]: 'Compliance desk' }),
        group({ partial: true, values: desiredGroup().values.slice(0, 1) }),
      ),
    ['de-local: it has no value for "Registration".'],
  ],
  [
    'of a group without two values',
    () => said(match('declined', {}), group({ partial: true, values: [] })),
    ['de-local: it has no value for "Contact Info", "Registration".'],
  ],
  [
    'of a group beside another whose values differ',
    () =>
      said(
        {
          matches: {
            ...match('declined').matches,
            'at-local': { group: observedGroup(DIFFERENT, { status: 'declined' }), superseded: [] },
          },
          documents: REJECTED,
        },
        {
          RequirementGroup: [
            desiredGroup({ name: 'at-local', partial: true, values: desiredGroup().values.slice(0, 1) }),
            desiredGroup(),
          ],
        },
      ),
    ['de-local: Telnyx rejected one of its documents. Replace that first.'],
  ],
  [
    'of a group beside an order of its name that gets values',
    () =>
      said(
        { documents: REJECTED, numberOrders: { 'de-local': observedOrder('de-local') } },
        { NumberOrder: [desiredOrder('de-local', { values: [textValue('Jo')] })] },
      ),
    ['de-local: Telnyx rejected one of its documents. Replace that first.'],
  ],
  [
    'of several names, in their order',
    () => said({}, {}, ['sweden', 'portugal']),
    [
      'portugal: no group has this name. See the names with: regsync status',
      'sweden: no group has this name. See the names with: regsync status',
    ],
  ],
  [
    'of a group whose document was rejected',
    () => said({ documents: REJECTED }),
    ['de-local: Telnyx rejected one of its documents. Replace that first.'],
  ],
  [
    'of a misspelled name',
    () => said({}, {}, ['de-locla']),
    ['de-locla: no group has this name. Did you mean "de-local"?'],
  ],
  [
    'of another name',
    () => said({}, {}, ['portugal']),
    ['portugal: no group has this name. See the names with: regsync status'],
  ],
  [
    'of an orphan',
    () =>
      said(
        {
          orphans: [observedGroup(EQUAL, { status: 'declined', reference: asReference('regsync/acme/old') })],
        },
        {},
        ['old'],
      ),
    ['old: no manifest names this group, and regsync leaves it as it is.'],
  ],
  [
    'of an order',
    () => said({}, { NumberOrder: [desiredOrder('berlin')] }, ['berlin']),
    ['berlin: it is an order, and only groups are submitted. To answer its reviewer, use: regsync reply'],
  ],
  [
    'of another name than that of an order',
    () => said({}, { NumberOrder: [desiredOrder('berlin')] }, ['portugal']),
    ['portugal: no group has this name. See the names with: regsync status'],
  ],
  [
    'of a group that paths leave out',
    () => said({}, { RequirementGroup: [], narrowedBy: ['paths', '--target'] }),
    ['de-local: this run does not act on it. Run it again without paths and --target.'],
  ],
  ['of a group of another shard', () => said({}, { RequirementGroup: [], narrowedBy: ['--shard'] }), []],
])('--resubmit without effect is reported %s', (_, found, expected) => {
  expect(found()).toEqual(expected);
});
