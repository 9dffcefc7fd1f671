import { describe, expect, it } from 'vitest';
import type { ObservedGroup, ObservedMatch } from '../../../src/model/observed.ts';
import type { NamedOrder } from '../../../src/model/orders/observed-order.ts';
import { CLOSED_GATES } from '../../../src/model/plan/gates.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asReference, asRemoteId, type BoundGroup } from '../../../src/model/resource.ts';
import { planChanges } from '../../../src/plan/plan.ts';
import {
  DOCUMENT_ID,
  desiredGroup,
  observedDocument,
  observedGroup,
  observedWorld,
  planInput,
  TEXT_ID,
} from '../../support/plan-inputs.ts';

const HELD = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };
const OTHER = { ...HELD, [TEXT_ID]: 'Somebody else' };

function planned(given: Partial<BoundGroup>, match: ObservedMatch) {
  return planChanges(
    planInput({
      RequirementGroup: [desiredGroup(given)],
      observed: observedWorld({
        matches: { 'de-local': match },
        documents: [observedDocument('doc-1', 'registration')],
      }),
      gates: { ...CLOSED_GATES, allow_replace: true },
    }),
  );
}

const alone = (group: ObservedGroup | null): ObservedMatch => ({ group, superseded: [] });
const old = observedGroup(HELD, {
  id: asRemoteId('0b000000-0000-4000-8000-000000000002'),
  combination: { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' },
  status: 'approved',
});

describe('a group with manage: observe', () => {
  it.each<[string, ObservedMatch, string]>([
    ['does not exist', alone(null), 'Telnyx has no group that it means'],
    [
      'has another value',
      alone(observedGroup(OTHER, { status: 'approved' })),
      '"Contact Info" has another value',
    ],
    [
      'lacks a value',
      alone(observedGroup({ [DOCUMENT_ID]: 'doc-1' })),
      '"Contact Info" has no value at Telnyx',
    ],
    ['is not submitted', alone(observedGroup(HELD)), 'it is not submitted for review'],
    [
      'is of another country',
      { group: null, superseded: [old] },
      `group ${old.id} (approved) would be replaced`,
    ],
    ['could be one of two', { group: null, superseded: [], rivals: [old, old] }, 'any of 2 groups'],
  ])('that %s is named as attention, and nothing is changed', (_, match, message) => {
    const plan = planned({ isWatched: true }, match);
    expect(plan.changes).toEqual([]);
    expect(plan.diagnostics).toEqual([]);
    const [found, ...others] = plan.attention.filter(({ code }) => code === 'observed-differs');
    expect(found?.message).toContain(message);
    expect(found?.message).toContain('remove that line');
    expect(found?.message).not.toContain('Somebody else');
    expect(others).toEqual([]);
    expect(plan.unchanged).toBe(0);
    // The same world is a change for a manifest that writes, unless it cannot know which group is meant.
    const writing = planned({}, match);
    expect(writing.changes.length + writing.diagnostics.length).toBeGreaterThan(0);
  });

  const NOTHING_IS_WRITTEN =
    'Nothing is written, because the manifest says `manage: observe`. To have it written, remove that line.';
  const second = { ...old, id: asRemoteId('0b000000-0000-4000-8000-000000000003'), status: 'declined' };
  const stated = { statesReference: true, reference: asReference('PO 7') };
  const orderOf = (text: string): NamedOrder => ({
    kind: 'porting_order',
    id: asRemoteId('port-1'),
    status: 'exception',
    isOpen: true,
    countryCode: null,
    phoneNumberType: 'local',
    subNumberOrderId: null,
    holdings: [
      [{ requirementId: TEXT_ID, fieldType: 'textual', value: new Sensitive(text), status: 'declined' }],
    ],
    source: { file: 'groups/a.yaml', line: 9, column: 5 },
  });

  it.each<[string, Partial<BoundGroup>, ObservedMatch, readonly NamedOrder[], string]>([
    [
      'lacks one value and has another, which is then submitted without saying',
      {},
      alone(observedGroup({ [TEXT_ID]: 'Somebody else' }, { status: 'declined' })),
      [],
      '"Contact Info" has another value at Telnyx; "Registration" has no value at Telnyx',
    ],
    [
      'has another reference',
      stated,
      alone(observedGroup(HELD, { status: 'approved' })),
      [],
      'its customer_reference is another one',
    ],
    [
      'has another reference, and is not submitted',
      stated,
      alone(observedGroup(HELD)),
      [],
      'its customer_reference is another one',
    ],
    [
      'has an order with other values',
      {},
      alone(observedGroup(HELD, { status: 'approved' })),
      [orderOf('x')],
      'porting order port-1 holds other values',
    ],
    ['is not submitted', {}, alone(observedGroup(HELD)), [], 'it is not submitted for review'],
    [
      'is two of another country',
      {},
      { group: null, superseded: [old, second] },
      [],
      `group ${old.id} (approved), ${second.id} (declined) would be replaced, for it is not what it states`,
    ],
    [
      'is one, beside one of another country',
      {},
      { group: observedGroup(OTHER, { status: 'approved' }), superseded: [old] },
      [],
      `group ${old.id} (approved) would be replaced, for it is not what it states; "Contact Info" has another value at Telnyx`,
    ],
    ['does not exist', {}, alone(null), [], 'Telnyx has no group that it means'],
    [
      'could be one of two',
      {},
      { group: null, superseded: [], rivals: [old, second] },
      [],
      `it could mean any of 2 groups with this reference; add the line of the one that it means: id: ${old.id} (approved) or id: ${second.id} (declined)`,
    ],
  ])('that %s is said to differ by that and nothing else', (_, given, match, orders, differences) => {
    const observed = observedWorld({
      matches: { 'de-local': match },
      documents: [observedDocument('doc-1', 'registration')],
      orders: { 'de-local': orders },
    });
    const RequirementGroup = [desiredGroup({ isWatched: true, ...given })];
    const { changes, attention } = planChanges(planInput({ RequirementGroup, observed }));
    expect(changes).toEqual([]);
    expect(attention.filter(({ code }) => code === 'observed-differs').map(({ message }) => message)).toEqual(
      [`differs from its manifest: ${differences}. ${NOTHING_IS_WRITTEN}`],
    );
  });

  it('that is as stated counts as unchanged, and its standing is told', () => {
    const plan = planned({ isWatched: true }, alone(observedGroup(HELD, { status: 'pending-approval' })));
    expect(plan.changes).toEqual([]);
    expect(plan.attention.map(({ code }) => code)).toEqual(['under-review']);
    expect(plan.unchanged).toBe(1);
  });

  it('does not say that a copy would be made of a group that holds the same', () => {
    const copy = observedGroup(HELD, { reference: asReference('bought in 2024') });
    const input = planInput({
      RequirementGroup: [desiredGroup({ isWatched: true })],
      observed: {
        ...observedWorld({ documents: [observedDocument('doc-1', 'registration')] }),
        unclaimed: [copy],
      },
    });
    expect(planChanges(input).attention.map(({ code }) => code)).toEqual(['observed-differs']);
  });
});

describe('a group with deletion: forbid', () => {
  it.each<[string, ObservedMatch]>([
    ['is of another country', { group: null, superseded: [old] }],
    [
      'is no longer eligible',
      { group: null, superseded: [observedGroup(HELD, { status: 'no-longer-eligible' })] },
    ],
    ['was replaced half', { group: observedGroup(HELD), superseded: [old] }],
  ])('that %s is not replaced: it alone is left out, with an error', (_, match) => {
    const plan = planned({ forbidsDeletion: true }, match);
    expect(plan.changes).toEqual([]);
    expect(plan.diagnostics.map(({ code, name, severity }) => [code, name, severity])).toEqual([
      ['deletion-forbidden', 'de-local', 'error'],
    ]);
    expect(plan.diagnostics[0]?.message).toContain('groups/a.yaml:1');
    expect(planned({}, match).changes.some(({ name }) => name === 'de-local')).toBe(true);
  });

  const source = { file: 'groups/before.yaml', line: 3, column: 1 };
  const before = (name: string, guard: object) => ({
    groups: [{ name, source, ...guard }],
    matches: new Map([[name, alone(old)]]),
  });

  it.each<[string, object, string | null]>([
    [
      'the last commit in git',
      { kept: new Map([['de-local', 'the last commit of groups/a.yaml says `deletion: forbid`']]) },
      'the last commit of groups/a.yaml says',
    ],
    [
      'the base',
      { base: before('de-local', { forbidsDeletion: true }) },
      'groups/before.yaml said `deletion',
    ],
    [
      'the base, under another name',
      { base: before('former', { forbidsDeletion: true }) },
      'before.yaml said',
    ],
    [
      'the base, which only watched it',
      { base: before('de-local', { isWatched: true }) },
      '`manage: observe`',
    ],
    ['nobody: the base says nothing', { base: before('de-local', {}) }, null],
  ])('is not replaced in the change that removes the line, as said by %s', (_, given, why) => {
    const plan = planChanges(
      planInput({
        RequirementGroup: [desiredGroup({})],
        observed: observedWorld({
          matches: { 'de-local': { group: null, superseded: [old] } },
          documents: [observedDocument('doc-1', 'registration')],
        }),
        gates: { ...CLOSED_GATES, allow_replace: true },
        ...given,
      }),
    );
    const forbidden = plan.diagnostics.filter(({ code }) => code === 'deletion-forbidden');
    expect(plan.changes.some(({ name }) => name === 'de-local')).toBe(why === null);
    expect(forbidden.map(({ message }) => message.includes(why ?? ''))).toEqual(why === null ? [] : [true]);
  });

  it('says what it would lose, and how to allow that', () => {
    const two = { ...old, id: asRemoteId('g2'), status: 'declined' };
    const plan = planned({ forbidsDeletion: true }, { group: null, superseded: [old, two] });
    expect(plan.diagnostics).toEqual([
      {
        severity: 'error',
        code: 'deletion-forbidden',
        kind: 'RequirementGroup',
        name: 'de-local',
        message: `"de-local" would replace ${old.id} (FR/local/ordering, approved), g2 (FR/local/ordering, declined) by a group for DE/local/ordering, and its manifest says \`deletion: forbid\`: nothing is done to it. To keep the group, restore the country, the type and the action. To replace it, remove that line at groups/a.yaml:1 in a change of its own, and apply that one first.`,
        source: { file: 'groups/a.yaml', line: 1 },
      },
    ]);
  });

  it('is written like any other while nothing of it is deleted', () => {
    const plan = planned({ forbidsDeletion: true }, alone(observedGroup(OTHER, { status: 'approved' })));
    expect(plan.changes.flatMap((change) => ('actions' in change ? change.actions : []))).toEqual([
      'update',
      'submit',
    ]);
  });
});

describe('an orphan whose manifest protected it', () => {
  const orphan = (name: string, status = 'unapproved') =>
    observedGroup(HELD, { id: asRemoteId(name), reference: asReference(`regsync/acme/${name}`), status });
  const prune = { ...CLOSED_GATES, prune: true, allow_delete: ['kept'] };
  const source = { file: 'groups/de.yaml', line: 1, column: 1 };
  const before = (guard: object) => ({
    groups: [{ name: 'kept', source, ...guard }],
    matches: new Map([['kept', alone(orphan('kept'))]]),
  });

  it.each<[string, object, string]>([
    [
      'git says so',
      { kept: new Map([['kept', 'its last manifest says `deletion: forbid`']]) },
      'its last manifest',
    ],
    [
      'the base says deletion: forbid',
      { base: before({ forbidsDeletion: true }) },
      'groups/de.yaml said `deletion: forbid`',
    ],
    [
      'the base says manage: observe',
      { base: before({ isWatched: true }) },
      'groups/de.yaml said `manage: observe`',
    ],
  ])('is kept where %s; others go, and an opened gate says that it does nothing', (_, given, why) => {
    const observed = observedWorld({ orphans: [orphan('kept'), orphan('other')] });
    const plan = planChanges(planInput({ RequirementGroup: [], observed, gates: prune, ...given }));
    expect(plan.changes.map(({ name }) => name)).toEqual(['other']);
    const [kept] = plan.attention.filter(({ code }) => code === 'deletion-forbidden');
    expect(kept).toMatchObject({ name: 'kept' });
    expect(kept?.message).toContain(why);
    expect(kept?.message).toContain('regsync release kept');
    expect(plan.diagnostics.map(({ code, message }) => [code, message.includes(why)])).toEqual([
      ['allow-delete-without-effect', true],
    ]);
  });

  it('is kept where the base meant it by its id, under another name', () => {
    const orphans = [orphan('first-name')];
    const match = {
      ...before({ forbidsDeletion: true }),
      matches: new Map([['kept', alone(orphan('first-name'))]]),
    };
    const input = planInput({
      RequirementGroup: [],
      observed: observedWorld({ orphans }),
      gates: prune,
      base: match,
    });
    const plan = planChanges(input);
    expect(plan.changes).toEqual([]);
    expect(plan.attention.map(({ code, name }) => [code, name])).toContainEqual([
      'deletion-forbidden',
      'first-name',
    ]);
  });

  it.each<[string, ReadonlyMap<string, ObservedMatch>]>([
    ['had no group', new Map([['kept', alone(null)]])],
    ['was not looked for', new Map()],
  ])('is kept by its name where its manifest in the base %s', (_, matches) => {
    const base = { ...before({ forbidsDeletion: true }), matches };
    const observed = observedWorld({ orphans: [orphan('kept'), orphan('undefined')] });
    const input = planInput({ RequirementGroup: [], observed, gates: prune, base });
    expect(planChanges(input).changes.map(({ name }) => name)).toEqual(['undefined']);
  });

  it('is deleted where the base says nothing', () => {
    const observed = observedWorld({ orphans: [orphan('kept')] });
    const input = planInput({ RequirementGroup: [], observed, gates: prune, base: before({}) });
    expect(planChanges(input).changes.map(({ name }) => name)).toEqual(['kept']);
  });
});
