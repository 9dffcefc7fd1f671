import { describe, expect, it } from 'vitest';
import { WITHOUT_PRE_APPROVAL } from '../../src/kinds/requirement-group/approval.ts';
import type { ObservedGroup, ObservedMatch } from '../../src/model/observed.ts';
import type { NamedOrder } from '../../src/model/orders/observed-order.ts';
import type { Change, GroupChange } from '../../src/model/plan/change.ts';
import type { PlanInput } from '../../src/model/plan/decisions.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { asReference, asRemoteId, type BoundGroup } from '../../src/model/resource.ts';
import { planChanges } from '../../src/plan/plan.ts';
import { desiredOrder, observedOrder } from '../support/ordered.ts';
import {
  ACTION_ID,
  ADDRESS_ID,
  addressValue,
  CONTACT,
  DOCUMENT_ID,
  definition,
  desiredGroup,
  documentValue,
  LOCAL_ADDRESS,
  observedAddress,
  observedDocument,
  observedGroup,
  observedWorld,
  planInput,
  READ_AT_MS,
  REGISTRATION,
  TEXT_ID,
  textValue,
  VERIFICATION,
} from '../support/plan-inputs.ts';
import { desiredPort, observedPort, portingInput } from '../support/ported.ts';

function groupChange(input: PlanInput): GroupChange | undefined {
  return planChanges(input).changes.find(
    (change): change is GroupChange => change.kind === 'RequirementGroup',
  );
}

function names(changes: readonly Change[], kind: Change['kind']): string[] {
  return changes.filter((change) => change.kind === kind).map(({ name }) => name);
}

const UNKNOWN_TO_TELNYX = observedWorld({});

describe('values are compared in normal form', () => {
  const held = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };

  function writesFor(
    values: Record<string, string>,
    desired = desiredGroup(),
    documents = [observedDocument('doc-1', 'registration')],
  ) {
    const group = observedGroup(values);
    const observed = observedWorld({ matches: { 'de-local': { group, superseded: [] } }, documents });
    return (
      groupChange(planInput({ RequirementGroup: [desired], observed }))?.writes.map(
        ({ requirementId }) => requirementId,
      ) ?? []
    );
  }

  it('a PATCH holds only the requirement that differs', () => {
    expect(writesFor({ ...held, [TEXT_ID]: 'Somebody else' })).toEqual([TEXT_ID]);
  });

  it('blanks around a text and its Unicode composition are no difference', () => {
    const composed = desiredGroup({
      values: [textValue('  Müller GmbH '.normalize('NFD')), documentValue('registration')],
    });
    expect(writesFor({ ...held, [TEXT_ID]: 'Müller GmbH'.normalize('NFC') }, composed)).toEqual([]);
  });

  it('case is a difference', () => {
    expect(writesFor({ ...held, [TEXT_ID]: 'COMPLIANCE DESK' })).toEqual([TEXT_ID]);
  });

  it('a date is the same instant however the API writes it', () => {
    const since = definition(TEXT_ID, 'Since', 'datetime');
    const dated = desiredGroup({ values: [textValue('2026-03-01', since)], definitions: [since] });
    expect(writesFor({ [TEXT_ID]: '2026-03-01T00:00:00.000000+00:00' }, dated)).toEqual([]);
    expect(writesFor({ [TEXT_ID]: '2026-03-02T00:00:00.000Z' }, dated)).toEqual([TEXT_ID]);
  });

  it('of several rows for one requirement the last one counts', () => {
    const rows = (...texts: string[]) => {
      const group = observedGroup(held);
      const [contact] = group.requirements;
      if (contact === undefined) throw new Error('there is one');
      const repeated = texts.map((text) => ({ ...contact, value: new Sensitive(text) }));
      const requirements = [...repeated, ...group.requirements.slice(1)];
      const observed = observedWorld({
        matches: { 'de-local': { group: { ...group, requirements }, superseded: [] } },
        documents: [observedDocument('doc-1', 'registration')],
      });
      return groupChange(planInput({ RequirementGroup: [desiredGroup()], observed }))?.writes.length;
    };
    expect(rows('Somebody else', 'Compliance desk')).toBe(0);
    expect(rows('Compliance desk', 'Somebody else')).toBe(1);
  });

  it('a document is its content: another id with the same bytes is no difference', () => {
    const documents = [observedDocument('doc-9', 'registration', { reference: null })];
    expect(writesFor({ ...held, [DOCUMENT_ID]: 'doc-9' }, desiredGroup(), documents)).toEqual([]);
  });

  it('our reference tells the content where the API returns no digest', () => {
    const documents = [observedDocument('doc-1', 'registration', { sha256: null })];
    expect(writesFor(held, desiredGroup(), documents)).toEqual([]);
  });

  it('a value that points to a document that is gone is a difference', () => {
    expect(writesFor(held, desiredGroup(), [])).toEqual([DOCUMENT_ID]);
  });

  it('a document given by id is compared by that id', () => {
    const content = { kind: 'document_id' as const, id: asRemoteId('doc-2') };
    const source = { file: 'groups/a.yaml', line: 1, column: 1 };
    const value = { requirement: REGISTRATION, content, source, contentSource: source };
    const pinned = desiredGroup({ values: [textValue('Compliance desk'), value] });
    const documents = [observedDocument('doc-1', 'registration'), observedDocument('doc-2', 'registration')];
    expect(writesFor(held, pinned, documents)).toEqual([DOCUMENT_ID]);
    expect(writesFor({ ...held, [DOCUMENT_ID]: 'doc-2' }, pinned, documents)).toEqual([]);
  });

  it('an address is its fields, whatever blanks they were stored with', () => {
    const desired = desiredGroup({ values: [addressValue('Musterstraße 1')], definitions: [LOCAL_ADDRESS] });
    const group = observedGroup({ [ADDRESS_ID]: '900' });
    const world = (reference: null | undefined) =>
      observedWorld({
        matches: { 'de-local': { group, superseded: [] } },
        addresses: [observedAddress('900', ' Musterstraße  1', reference === null ? { reference } : {})],
      });
    expect(
      groupChange(planInput({ RequirementGroup: [desired], observed: world(undefined) }))?.writes,
    ).toEqual([]);
    expect(groupChange(planInput({ RequirementGroup: [desired], observed: world(null) }))?.writes).toEqual(
      [],
    );
  });
});

describe('documents and addresses', () => {
  it('the same bytes are uploaded once, under the Document manifest’s name', () => {
    const second = definition('55555555-5555-4555-8555-555555555555', 'Proof', 'document');
    const group = desiredGroup({
      values: [
        documentValue('registration'),
        documentValue('registration', second, { name: 'acme-registration' }),
      ],
      definitions: [REGISTRATION, second],
    });
    const { changes } = planChanges(planInput({ RequirementGroup: [group], observed: UNKNOWN_TO_TELNYX }));
    expect(names(changes, 'Document')).toEqual(['acme-registration']);
    expect(
      groupChange(planInput({ RequirementGroup: [group], observed: UNKNOWN_TO_TELNYX }))?.dependsOn,
    ).toEqual(['Document/acme-registration']);
  });

  it('a group depends on its own of them, documents first, by name', () => {
    const second = definition('55555555-5555-4555-8555-555555555555', 'Proof', 'document');
    const group = desiredGroup({
      values: [
        addressValue('Musterstraße 1', { name: 'a-site' }),
        documentValue('registration', REGISTRATION, { name: 'c-registration' }),
        documentValue('proof', second, { name: 'b-proof' }),
      ],
      definitions: [LOCAL_ADDRESS, REGISTRATION, second],
    });
    const other = desiredGroup({
      name: 'another',
      reference: asReference('regsync/acme/another'),
      values: [documentValue('other', REGISTRATION, { name: 'a-other' })],
      definitions: [REGISTRATION],
    });
    const decisions = planChanges(
      planInput({ RequirementGroup: [group, other], observed: UNKNOWN_TO_TELNYX }),
    );
    const needs = decisions.changes.flatMap((change) =>
      change.kind === 'RequirementGroup' ? [[change.name, change.dependsOn]] : [],
    );
    expect(Object.fromEntries(needs)).toEqual({
      another: ['Document/a-other'],
      'de-local': ['Document/b-proof', 'Document/c-registration', 'Address/a-site'],
    });
  });

  it('a file given inline is named after its group and requirement', () => {
    const { changes } = planChanges(
      planInput({ RequirementGroup: [desiredGroup()], observed: UNKNOWN_TO_TELNYX }),
    );
    expect(names(changes, 'Document')).toEqual([`de-local/${DOCUMENT_ID}`]);
  });

  it('an address that exists is reused, and counted so', () => {
    const desired = desiredGroup({ values: [addressValue('Musterstraße 1')], definitions: [LOCAL_ADDRESS] });
    const observed = observedWorld({ addresses: [observedAddress('900', 'Musterstraße 1')] });
    const decisions = planChanges(planInput({ RequirementGroup: [desired], observed }));
    expect(names(decisions.changes, 'Address')).toEqual([]);
    expect(decisions.reused).toEqual({ documents: 0, addresses: 1 });
  });

  const minutes = (count: number) => ({ linked: false, createdAtMs: READ_AT_MS - count * 60_000 });

  it.each([
    ['linked, however old', [observedDocument('old', 'registration')], 'old'],
    ['unlinked for 20 minutes', [observedDocument('young', 'registration', minutes(20))], 'young'],
    ['unlinked for longer', [observedDocument('late', 'registration', minutes(21))], null],
    [
      'unlinked since nobody knows when',
      [observedDocument('?', 'registration', { linked: false, createdAtMs: null })],
      null,
    ],
    [
      'two of them: the linked one',
      [observedDocument('new', 'registration', minutes(1)), observedDocument('linked', 'registration')],
      'linked',
    ],
    [
      'two unlinked: the newest',
      [observedDocument('a', 'registration', minutes(9)), observedDocument('b', 'registration', minutes(2))],
      'b',
    ],
    [
      'infected',
      [observedDocument('bad', 'registration', { rejected: 'infected', ...minutes(1) })],
      undefined,
    ],
  ])('an upload that is %s', (_, documents, reuse) => {
    const change = groupChange(
      planInput({ RequirementGroup: [desiredGroup()], observed: observedWorld({ documents }) }),
    );
    const value = change?.writes.find(({ requirementId }) => requirementId === DOCUMENT_ID)?.value;
    expect(value?.kind === 'document' ? value.reuse : undefined).toBe(reuse);
  });

  it.each(['infected', 'denied'] as const)(
    '%s content stops only its own group, which needs attention',
    (rejected) => {
      const documents = [observedDocument('bad', 'registration', { rejected })];
      const other = desiredGroup({ name: 'other', values: [textValue('x')], definitions: [CONTACT] });
      const decisions = planChanges(
        planInput({ RequirementGroup: [desiredGroup(), other], observed: observedWorld({ documents }) }),
      );
      expect(names(decisions.changes, 'RequirementGroup')).toEqual(['other']);
      expect(decisions.attention.map(({ code, name }) => [code, name])).toEqual([
        [`${rejected}-document`, 'de-local'],
      ]);
    },
  );
});

describe('adoption and replacement', () => {
  const DOCUMENTS = [observedDocument('doc-1', 'registration')];
  const HELD = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };
  const pin = { id: asRemoteId('group'), source: { file: 'groups/a.yaml', line: 9, column: 5 } };

  it('an adopted group keeps its reference when the manifest states none', () => {
    const group = observedGroup(HELD, { status: 'approved', reference: null });
    const observed = observedWorld({
      matches: { 'de-local': { group, superseded: [] } },
      documents: DOCUMENTS,
    });
    expect(
      planChanges(planInput({ RequirementGroup: [desiredGroup({ id: pin })], observed })).changes,
    ).toEqual([]);
  });

  it('a stated reference that differs is an adoption, and of an approved group nothing else', () => {
    const group = observedGroup(HELD, { status: 'approved', reference: null });
    const observed = observedWorld({
      matches: { 'de-local': { group, superseded: [] } },
      documents: DOCUMENTS,
    });
    const change = groupChange(
      planInput({ RequirementGroup: [desiredGroup({ id: pin, statesReference: true })], observed }),
    );
    expect(change?.verb).toBe('adopt');
    expect(change?.actions).toEqual(['adopt']);
  });

  it('a replacement that broke off goes on where it stopped', () => {
    const old = observedGroup(HELD, {
      id: asRemoteId('old'),
      combination: { countryCode: 'DE', phoneNumberType: 'national', action: 'ordering' },
    });
    const made = observedGroup(HELD, { status: 'pending-approval' });
    const observed = observedWorld({
      matches: { 'de-local': { group: made, superseded: [old] } },
      documents: DOCUMENTS,
    });
    const change = groupChange(
      planInput({
        RequirementGroup: [desiredGroup()],
        observed,
        gates: { ...CLOSED_GATES, allow_replace: true },
      }),
    );
    expect(change?.verb).toBe('replace');
    expect(change?.actions).toEqual(['delete']);
    expect(change?.deletes.map(({ id }) => id)).toEqual(['old']);
  });
});

describe('orphans and limits', () => {
  const orphan = (name: string, status = 'unapproved') =>
    observedGroup({}, { id: asRemoteId(`id-${name}`), reference: `regsync/acme/${name}` as never, status });
  const prune = (allow_delete: string[] = []) => ({
    ...CLOSED_GATES,
    prune: true,
    allow_delete,
  });

  it('an orphan is only mentioned without --prune', () => {
    const decisions = planChanges(
      planInput({ RequirementGroup: [], observed: observedWorld({ orphans: [orphan('gone')] }) }),
    );
    expect(decisions.changes).toEqual([]);
    expect(decisions.attention).toMatchObject([{ code: 'orphaned', name: 'gone' }]);
  });

  it('--prune deletes it; an approved one only when it is named', () => {
    const observed = observedWorld({ orphans: [orphan('gone'), orphan('kept', 'approved')] });
    const kept = planChanges(planInput({ RequirementGroup: [], observed, gates: prune() }));
    expect(names(kept.changes, 'RequirementGroup')).toEqual(['gone']);
    expect(kept.attention).toMatchObject([{ code: 'orphaned', name: 'kept' }]);
    const both = planChanges(planInput({ RequirementGroup: [], observed, gates: prune(['kept']) }));
    expect(names(both.changes, 'RequirementGroup')).toEqual(['gone', 'kept']);
  });

  it('a narrowed run prunes nothing, and says so', () => {
    const observed = observedWorld({ orphans: [orphan('gone')] });
    const decisions = planChanges(
      planInput({ RequirementGroup: [], observed, gates: prune(), narrowedBy: ['--target'] }),
    );
    expect(decisions.changes).toEqual([]);
    expect(decisions.diagnostics.map(({ code }) => code)).toEqual(['prune-needs-all']);
  });

  it.each([
    ['as many as max_deletes', 10, 100, []],
    ['one more than max_deletes', 11, 100, ['limit-exceeded']],
    ['exactly the fraction', 3, 10, []],
    ['more than the fraction', 4, 10, ['limit-exceeded']],
    ['more than the fraction of fewer than ten groups', 9, 9, []],
  ])('deleting %s', (_, count, ownedGroups, codes) => {
    const orphans = Array.from({ length: count }, (__, index) => orphan(`gone-${index}`));
    const decisions = planChanges(
      planInput({ RequirementGroup: [], observed: observedWorld({ orphans, ownedGroups }), gates: prune() }),
    );
    expect(decisions.diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(names(decisions.changes, 'RequirementGroup')).toHaveLength(count);
    for (const { message } of decisions.diagnostics) expect(message).toContain(String(count));
  });
});

describe('attention', () => {
  const DOCUMENTS = [observedDocument('doc-1', 'registration')];
  const HELD = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };

  function attentionFor(
    group: ReturnType<typeof observedGroup>,
    desired = desiredGroup(),
    comments = new Map(),
  ) {
    const observed = observedWorld({
      matches: { 'de-local': { group, superseded: [] } },
      documents: DOCUMENTS,
      comments,
    });
    return planChanges(planInput({ RequirementGroup: [desired], observed })).attention;
  }

  it('tells which requirement was declined and what the reviewer wrote', () => {
    const group = observedGroup(HELD, { status: 'declined', requirementStatus: 'declined' });
    const comments = new Map([
      [
        group.id,
        [
          { body: 'illegible scan', byReviewer: true, createdAt: '' },
          { body: 'our own', byReviewer: false, createdAt: '' },
        ],
      ],
    ]);
    const messages = attentionFor(group, desiredGroup(), comments).map(({ message }) => message);
    expect(messages).toEqual(['declined: Contact Info, Registration', 'Reviewer: "illegible scan"']);
  });

  it('warns of an expiry at Telnyx within warn_days, and not of a later one', () => {
    const soon = observedGroup(HELD, { status: 'approved', expiresAt: '2026-06-21T00:00:00.000000Z' });
    expect(attentionFor(soon)[0]).toMatchObject({
      code: 'expiring',
      expires: '2026-06-21',
      message: 'Contact Info expires in 20 days (2026-06-21)',
    });
    expect(attentionFor(observedGroup(HELD, { status: 'approved', expiresAt: '2026-07-02' }))).toEqual([]);
  });

  it('what expires today has not expired yet', () => {
    const today = observedGroup(HELD, { status: 'approved', expiresAt: '2026-06-01T00:00:00.000000Z' });
    expect(attentionFor(today)[0]).toMatchObject({
      code: 'expiring',
      message: 'Contact Info expires today (2026-06-01)',
    });
    const yesterday = observedGroup(HELD, { status: 'approved', expiresAt: '2026-05-31T23:59:59Z' });
    expect(attentionFor(yesterday)[0]).toMatchObject({
      code: 'expired',
      message: 'Contact Info expired on 2026-05-31, yesterday',
    });
  });

  it('warns of an expiry that the manifest states, and of one that has passed', () => {
    const stated = desiredGroup({
      values: [
        textValue('Compliance desk'),
        documentValue('registration', REGISTRATION, { expires: '2026-05-31' }),
      ],
    });
    expect(attentionFor(observedGroup(HELD, { status: 'approved' }), stated)).toMatchObject([
      { code: 'expired', expires: '2026-05-31' },
    ]);
  });

  it('warns once of a day that both the manifest and Telnyx name, and of each where they differ', () => {
    const values = (expires: string) => [documentValue('registration', REGISTRATION, { expires })];
    const held = { [DOCUMENT_ID]: HELD[DOCUMENT_ID] };
    const told = observedGroup(held, { status: 'approved', expiresAt: '2026-05-31T00:00:00Z' });
    const definitions = [REGISTRATION];
    const days = (expires: string) =>
      attentionFor(told, desiredGroup({ values: values(expires), definitions })).map((item) => item.expires);
    expect(days('2026-05-31')).toEqual(['2026-05-31']);
    expect(days('2026-06-02')).toEqual(['2026-06-02', '2026-05-31']);
  });

  it('an action requirement cannot be filled in a group, so the group is never submitted', () => {
    const group = observedGroup({ ...HELD, [ACTION_ID]: '' });
    const desired = desiredGroup({ definitions: [CONTACT, REGISTRATION, VERIFICATION] });
    expect(attentionFor(group, desired)).toMatchObject([{ code: 'action-required' }]);
  });

  it('an unfulfilled group in a country that asks for one to order is mentioned', () => {
    const desired = desiredGroup({
      combination: { countryCode: 'CH', phoneNumberType: 'local', action: 'ordering' },
      values: [textValue('Compliance desk')],
      partial: true,
    });
    const group = observedGroup({ ...HELD, [DOCUMENT_ID]: '' });
    expect(attentionFor(group, desired)).toMatchObject([{ code: 'unfulfilled' }]);
  });

  it('a requirement that the group does not know is not written to it', () => {
    const added = definition('66666666-6666-4666-8666-666666666666', 'New Rule', 'textual');
    const desired = desiredGroup({ values: [...desiredGroup().values, textValue('x', added)] });
    const group = observedGroup(HELD, { status: 'approved' });
    expect(attentionFor(group, desired)).toMatchObject([{ code: 'requirements-changed' }]);
    const observed = observedWorld({
      matches: { 'de-local': { group, superseded: [] } },
      documents: DOCUMENTS,
    });
    expect(planChanges(planInput({ RequirementGroup: [desired], observed })).changes).toEqual([]);
  });
});

/* ---- The decisions as a whole ---- */

const LINE = { file: 'groups/a.yaml', line: 1 };
const PIN = { id: asRemoteId('group-1'), source: { file: 'groups/a.yaml', line: 9, column: 5 } };
const OPEN = {
  ...CLOSED_GATES,
  prune: true,
  allow_replace: true,
  allow_delete: ['gone'],
  allow_orders: true,
};

/** Of one text. */
function textGroup(name: string, given: Parameters<typeof desiredGroup>[0] = {}) {
  const reference = asReference(`regsync/acme/${name}`);
  return desiredGroup({ name, reference, values: [textValue('new')], definitions: [CONTACT], ...given });
}

function held(id: string, text: string, given: Parameters<typeof observedGroup>[1] = {}) {
  return observedGroup({ [TEXT_ID]: text }, { id: asRemoteId(id), ...given });
}

const found = (group: ObservedGroup | null, ...superseded: readonly ObservedGroup[]) => ({
  group,
  superseded,
});

describe('a change of a group', () => {
  const write = (before: string | null, status: string | null) => ({
    requirementId: TEXT_ID,
    requirementName: 'Contact Info',
    fieldType: 'textual',
    value: { kind: 'text', text: new Sensitive('new') },
    before: before === null ? null : new Sensitive(`text:${before}`),
    after: new Sensitive('text:new'),
    observedStatus: status,
    source: { file: 'groups/a.yaml', line: 1, column: 1 },
  });
  const desired = textGroup('a');
  const common = {
    kind: 'RequirementGroup',
    name: 'a',
    source: desired.source,
    desired,
    writesReference: null,
    attaches: [],
    deletes: [],
    dependsOn: [],
    consequences: [],
  };
  const changeOf = (
    match: ObservedMatch | null,
    group = desired,
    world: Partial<PlanInput['observed']> = {},
  ) => {
    const matches = match === null ? {} : { a: match };
    const observed = { ...observedWorld({ matches }), ...world };
    const { changes } = planChanges(planInput({ RequirementGroup: [group], observed, gates: OPEN }));
    return changes;
  };
  const LOST = '; it is approved, and a new group starts unapproved';

  it('that is not there creates it with all values', () => {
    expect(changeOf(null)).toEqual([
      {
        ...common,
        verb: 'create',
        actions: ['create', 'submit'],
        observed: null,
        writes: [write(null, null)],
      },
    ]);
  });

  it('that differs updates it, and says what it held and in which status', () => {
    const group = held('1', 'old', { status: 'approved', requirementStatus: 'approved' });
    expect(changeOf(found(group))).toEqual([
      {
        ...common,
        verb: 'update',
        actions: ['update', 'submit'],
        observed: group,
        writes: [write('old', 'approved')],
        consequences: ['this group is approved: expect a new review'],
      },
    ]);
  });

  it('that holds nothing updates it', () => {
    const group = held('1', '');
    expect(changeOf(found(group))).toEqual([
      {
        ...common,
        verb: 'update',
        actions: ['update', 'submit'],
        observed: group,
        writes: [write(null, 'unapproved')],
      },
    ]);
  });

  it('that supersedes others deletes them by id, each with what is lost', () => {
    const old = held('2', 'old', { status: 'approved' });
    const older = held('1', 'old', {
      combination: { countryCode: 'FR', phoneNumberType: 'mobile', action: 'porting' },
      status: 'no-longer-eligible',
    });
    expect(changeOf(found(null, old, older))).toEqual([
      {
        ...common,
        verb: 'replace',
        actions: ['create', 'submit', 'delete'],
        observed: null,
        writes: [write(null, null)],
        deletes: [older, old],
        consequences: [
          'group 1 (FR/mobile/porting, no-longer-eligible) is deleted',
          `group 2 (DE/local/ordering, approved) is deleted${LOST}`,
        ],
      },
    ]);
  });

  it('that supersedes others and is there already keeps the status that it has', () => {
    const [retired, group] = [held('2', 'new', { status: 'no-longer-eligible' }), held('1', 'new')];
    expect(changeOf(found(group, retired))).toMatchObject([
      { actions: ['submit', 'delete'], observed: group },
    ]);
    const approved = held('1', 'new', { status: 'approved' });
    expect(changeOf(found(approved, retired))).toMatchObject([{ verb: 'replace', actions: ['delete'] }]);
  });

  it('whose superseded group can be used again creates a new one', () => {
    expect(changeOf(found(null, held('2', 'new', { status: 'approved' })))).toMatchObject([
      { verb: 'replace', actions: ['create', 'submit', 'delete'], observed: null },
    ]);
  });

  it.each<[string, Partial<BoundGroup>, string | null, string | undefined, string | null]>([
    ['has the reference', { id: PIN }, 'regsync/acme/a', undefined, null],
    ['has it between blanks', { id: PIN, statesReference: true }, ' regsync/acme/a ', undefined, null],
    ['has none, and none is stated', { id: PIN }, null, undefined, null],
    ['has none, and one is stated', { id: PIN, statesReference: true }, null, undefined, 'regsync/acme/a'],
    ['has one of the former scope', {}, 'regsync/old/a', 'old', 'regsync/acme/a'],
    ['has one of a scope that is not the former one', {}, 'regsync/older/a', 'old', null],
    ['has one of another scope', {}, 'regsync/old/a', undefined, null],
    ['has one of a scope called undefined', {}, 'regsync/undefined/a', undefined, null],
  ])('that %s adopts it or not', (_, given, reference, formerScope, written) => {
    const group = held('1', 'new', {
      status: 'approved',
      reference: reference === null ? null : asReference(reference),
    });
    const former = formerScope === undefined ? {} : { formerScope };
    const adopted = {
      ...common,
      verb: 'adopt',
      actions: ['adopt'],
      desired: textGroup('a', given),
      observed: group,
      writes: [],
      writesReference: written,
    };
    expect(changeOf(found(group), textGroup('a', given), former)).toEqual(written === null ? [] : [adopted]);
  });

  it('that differs writes the reference with the values', () => {
    const group = held('1', 'old', { reference: null });
    expect(changeOf(found(group), textGroup('a', { id: PIN, statesReference: true }))).toMatchObject([
      { verb: 'update', actions: ['update', 'submit'], writesReference: 'regsync/acme/a' },
    ]);
  });

  it('writes values by requirement, whatever the order of the manifest, and only those that it can hold', () => {
    const [late, early] = ['f', '0'].map((digit) =>
      definition(`${digit}0000000-0000-4000-8000-000000000000`, digit, 'textual'),
    );
    if (late === undefined || early === undefined) throw new Error('there are two');
    const unknown = definition('90000000-0000-4000-8000-000000000000', 'unknown', 'textual');
    const values = [textValue('3', late), textValue('2'), textValue('9', unknown), textValue('1', early)];
    const [change] = changeOf(null, textGroup('a', { values, definitions: [CONTACT, late, early] }));
    expect(change?.kind === 'RequirementGroup' && change.writes.map((own) => own.requirementId)).toEqual([
      early.id,
      TEXT_ID,
      late.id,
    ]);
  });
});

describe('changes', () => {
  it('are in the order of their verbs, and by name within each', () => {
    const names = ['create', 'adopt', 'update', 'replace', 'unchanged', 'equal'];
    const groups = names
      .flatMap((verb) => [`${verb}-2`, `${verb}-1`])
      .map((name) => textGroup(name, name.startsWith('adopt') ? { id: PIN, statesReference: true } : {}));
    const approved = { status: 'approved' };
    const matchOf = (name: string): ObservedMatch => {
      switch (name.slice(0, -2)) {
        case 'adopt':
          return found(held(name, 'new', { ...approved, reference: null }));
        case 'update':
          return found(held(name, 'old'));
        case 'replace':
          return found(null, held(name, 'old'));
        case 'unchanged':
          return found(held(name, 'new'));
        case 'equal':
          return found(held(name, 'new', approved));
        default:
          return found(null);
      }
    };
    const matches = Object.fromEntries(groups.map(({ name }) => [name, matchOf(name)]));
    const orphan = (name: string) => held(name, 'x', { reference: asReference(`regsync/acme/${name}`) });
    const observed = observedWorld({ matches, orphans: [orphan('delete-2'), orphan('delete-1')] });
    const limits = { maxDeletes: 10, maxDeleteFraction: 1 };
    const { changes, unchanged, diagnostics } = planChanges(
      planInput({ RequirementGroup: groups, observed, limits, gates: { ...OPEN, allow_delete: [] } }),
    );
    expect(changes.map((change) => ('verb' in change ? [change.verb, change.name] : []))).toEqual(
      ['delete', 'replace', 'update', 'adopt', 'create', 'unchanged'].flatMap((verb) => [
        [verb, `${verb}-1`],
        [verb, `${verb}-2`],
      ]),
    );
    // What is submitted alone counts as unchanged, as what equals its manifest does.
    expect([unchanged, diagnostics]).toEqual([4, []]);
  });

  it('are summed up with whose account it is, what is used again, and what is in the run', () => {
    const second = definition('55555555-5555-4555-8555-555555555555', 'Proof', 'document');
    const third = definition('66666666-6666-4666-8666-666666666666', 'Seat', 'address');
    const source = PIN.source;
    const byId = (kind: 'document_id' | 'address_id', requirement: typeof second) => ({
      requirement,
      content: { kind, id: asRemoteId('900') },
      source,
      contentSource: source,
    });
    const values = [
      documentValue('registration'),
      addressValue('Musterstraße 1'),
      byId('document_id', second),
      byId('address_id', third),
    ];
    const definitions = [REGISTRATION, LOCAL_ADDRESS, second, third];
    const group = desiredGroup({ values, definitions });
    const { changes: _, ...others } = planChanges(
      planInput({
        RequirementGroup: [group],
        observed: { ...observedWorld({}), users: ['user-1'] },
        regulation: [{ code: 'requirements-changed', name: 'de-local', message: 'new' }],
      }),
    );
    expect(others).toEqual({
      users: ['user-1'],
      reused: { documents: 1, addresses: 1 },
      unchanged: 0,
      manifests: { RequirementGroup: 1, NumberOrder: 0, PortingOrder: 0 },
      attention: [{ code: 'requirements-changed', name: 'de-local', message: 'new' }],
      diagnostics: [],
    });
  });

  it('that only submit use nothing again', () => {
    const group = observedGroup({ [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' });
    const documents = [observedDocument('doc-1', 'registration')];
    const observed = observedWorld({ matches: { 'de-local': found(group) }, documents });
    const { changes, reused } = planChanges(planInput({ RequirementGroup: [desiredGroup()], observed }));
    expect(changes).toMatchObject([{ verb: 'unchanged', actions: ['submit'] }]);
    expect(reused).toEqual({ documents: 0, addresses: 0 });
  });
});

describe('orphans', () => {
  const orphan = (id: string, name: string, given: Parameters<typeof observedGroup>[1] = {}) =>
    held(id, 'x', { reference: asReference(`regsync/acme/${name}`), ...given });
  const planned = (orphans: readonly ObservedGroup[], given: Partial<PlanInput> = {}) =>
    planChanges(planInput({ RequirementGroup: [], observed: observedWorld({ orphans }), ...given }));
  const said = (id: string, name: string, text: string) => ({
    code: 'orphaned',
    name,
    message: `orphaned group ${id} (DE/local/ordering, ${text}`,
  });

  it('are deleted as a whole', () => {
    const gone = orphan('1', 'gone', { status: 'approved' });
    expect(planned([gone], { gates: OPEN }).changes).toEqual([
      {
        kind: 'RequirementGroup',
        name: 'gone',
        source: null,
        verb: 'delete',
        actions: ['delete'],
        desired: null,
        observed: gone,
        writes: [],
        writesReference: null,
        attaches: [],
        deletes: [gone],
        dependsOn: [],
        consequences: [
          'group 1 (DE/local/ordering, approved) is deleted; it is approved, and a new group starts unapproved',
        ],
      },
    ]);
  });

  it('are named by their references, and those of one name by their ids', () => {
    const orphans = [
      orphan('2', 'b'),
      orphan('1', 'b'),
      held('3', 'x', { reference: asReference(' regsync/acme/a ') }),
      held('4', 'x', { reference: null }),
      held('0', 'x', { reference: null }),
      held('5', 'x', { reference: asReference('CRM regsync/acme/a') }),
    ];
    const { attention } = planned(orphans);
    const why = 'unapproved): no manifest names it; to delete it, add --prune';
    expect(attention).toEqual([
      said('0', '', why),
      said('4', '', why),
      said('3', 'a', why),
      said('5', 'CRM regsync/acme/a', why),
      said('1', 'b', why),
      said('2', 'b', why),
    ]);
  });

  it.each<[string, Partial<PlanInput>, string | null]>([
    [
      'without --prune',
      { gates: { ...OPEN, prune: false } },
      'no manifest names it; to delete it, add --prune',
    ],
    [
      'in a shard',
      { gates: OPEN, narrowedBy: ['--shard'] },
      'no manifest names it; to delete it, add --prune',
    ],
    [
      'in a run with exclusions',
      { gates: OPEN, narrowedBy: ['--exclude'] },
      'no manifest names it; to delete it, add --prune',
    ],
    [
      'with --prune, and another one named',
      { gates: { ...OPEN, allow_delete: ['other'] } },
      'it is approved, so regsync keeps it; to delete it, add --allow-delete gone',
    ],
    ['with --prune, and named', { gates: OPEN }, null],
  ])('that are approved are kept %s', (_, given, why) => {
    const { changes, attention } = planned([orphan('1', 'gone', { status: 'approved' })], given);
    expect(changes.map(({ name }) => name)).toEqual(why === null ? ['gone'] : []);
    expect(attention).toEqual(why === null ? [] : [said('1', 'gone', `approved): ${why}`)]);
  });

  it.each<[PlanInput['narrowedBy'][number]]>([['paths'], ['--target']])(
    'are not mentioned by a run of certain names (%s), nor are groups of the former scope',
    (narrowing) => {
      const former = orphan('2', 'x', { reference: asReference('regsync/old/x') });
      const observed = {
        ...observedWorld({ orphans: [orphan('1', 'gone')] }),
        ...{ formerScope: 'old', unclaimed: [former] },
      };
      const said = (narrowedBy: PlanInput['narrowedBy']) =>
        planChanges(planInput({ RequirementGroup: [], observed, gates: OPEN, narrowedBy })).attention.map(
          ({ code }) => code,
        );
      expect(said([])).toEqual(['former-scope']);
      expect(said(['--shard'])).toEqual(['orphaned', 'former-scope']);
      expect(said([narrowing, '--exclude'])).toEqual([]);
    },
  );

  it('may be of a manifest that was renamed, where one alone creates a group like it', () => {
    const hint = (groups: readonly BoundGroup[], given: Partial<PlanInput['observed']> = {}) => {
      const orphans = [orphan('1', 'gone')];
      const observed = { ...observedWorld({ orphans }), ...given };
      const { attention } = planChanges(planInput({ RequirementGroup: groups, observed }));
      return attention.find(({ code }) => code === 'orphaned')?.message.match(/\. If .*/)?.[0];
    };
    const renamed = '. If "b" is its manifest, renamed, add this line there: id: 1';
    expect(hint([textGroup('b')])).toBe(renamed);
    expect(hint([textGroup('b'), textGroup('c')])).toBeUndefined();
    expect(hint([textGroup('b'), textGroup('c'), textGroup('d')])).toBeUndefined();
    const elsewhere = { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' };
    expect(hint([textGroup('b', { combination: elsewhere })])).toBeUndefined();
    expect(hint([textGroup('b'), textGroup('c', { combination: elsewhere })])).toBe(renamed);
    const matches = new Map([['b', found(held('2', 'old'))]]);
    expect(hint([textGroup('b')], { RequirementGroup: matches }), 'it is updated').toBeUndefined();
    const unclaimed = [held('1', 'new', { reference: asReference('regsync/acme/gone') })];
    expect(hint([textGroup('b')], { unclaimed }), 'its own hint says so').toBeUndefined();
    const withAction = textGroup('b', { definitions: [CONTACT, VERIFICATION] });
    expect(hint([withAction]), 'something else is said of it').toBe(renamed);
  });
});

describe('a plan that deletes', () => {
  const orphans = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      held(`id-${index}`, 'x', { reference: asReference(`regsync/acme/gone-${index}`) }),
    );
  const diagnosed = (given: Partial<PlanInput>, count = 3, ownedGroups = 100) =>
    planChanges(
      planInput({
        RequirementGroup: [],
        observed: observedWorld({ orphans: orphans(count), ownedGroups }),
        gates: { ...OPEN, allow_delete: [] },
        limits: { maxDeletes: 2, maxDeleteFraction: 0.3 },
        ...given,
      }),
    ).diagnostics;
  const exceeded = (message: string) => [{ severity: 'error', code: 'limit-exceeded', message }];

  it('keeps to the limits, with what is deleted in other shards', () => {
    expect(diagnosed({}, 2)).toEqual([]);
    expect(diagnosed({ deletesElsewhere: 0 }, 2)).toEqual([]);
    expect(diagnosed({})).toEqual(
      exceeded(
        '3 groups would be deleted; limits.max_deletes allows 2. To allow it, write max_deletes: 3 below limits in regsync.yaml.',
      ),
    );
    expect(diagnosed({ deletesElsewhere: 1 }, 2)).toEqual(
      exceeded(
        '3 groups would be deleted; limits.max_deletes allows 2; 1 of them in other shards. To allow it, write max_deletes: 3 below limits in regsync.yaml.',
      ),
    );
  });

  it('replaces groups behind a gate, and says which by which', () => {
    const old = [
      held('2', 'x', { status: 'approved' }),
      held('1', 'x', { combination: { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' } }),
    ];
    const groups = [textGroup('a'), textGroup('b')];
    const matches = { a: found(null, ...old), b: found(held('3', 'old')) };
    const observed = observedWorld({ matches });
    const diagnostics = (allow_replace: boolean) =>
      planChanges(
        planInput({ RequirementGroup: groups, observed, gates: { ...CLOSED_GATES, allow_replace } }),
      ).diagnostics;
    expect(diagnostics(false)).toEqual([
      {
        severity: 'error',
        code: 'replace-not-allowed',
        message:
          '"a" replaces 1 (FR/local/ordering, unapproved), 2 (DE/local/ordering, approved) by a new group for DE/local/ordering. To allow it, add --allow-replace',
        name: 'a',
        source: LINE,
      },
    ]);
    expect(diagnostics(true)).toEqual([]);
  });
});

describe('a plan of an account that others use, too', () => {
  const unclaimed = [
    held('2', 'x', { reference: asReference('regsync/old/b') }),
    held('1', 'x', { reference: asReference('regsync/old/a') }),
    held('3', 'x', { reference: asReference('regsync/other/c') }),
    held('4', 'x', { reference: asReference('regsync/undefined/d') }),
    held('5', 'x', { reference: null }),
  ];
  const codes = (given: Partial<PlanInput['observed']>, others: Partial<PlanInput> = {}) =>
    planChanges(
      planInput({ RequirementGroup: [], observed: { ...observedWorld({}), ...given }, ...others }),
    ).attention.map(({ code, name }) => `${name} ${code}`);

  it('names the groups of the former scope that no manifest adopts, by their references', () => {
    expect(codes({ unclaimed, formerScope: 'old' })).toEqual(['a former-scope', 'b former-scope']);
    expect(codes({ unclaimed })).toEqual([]);
    expect(codes({ formerScope: 'old' })).toEqual([]);
  });

  it('names the groups that no manifest manages any more, but for those that it deletes', () => {
    const source = { file: 'groups/a.yaml', line: 1, column: 1 };
    const orphans = ['gone', 'lost'].map((name, index) =>
      held(String(index), 'x', { reference: asReference(`regsync/acme/${name}`) }),
    );
    const [gone = null, lost = null] = orphans;
    const base = {
      groups: [
        { name: 'gone', source },
        { name: 'lost', source },
      ],
      matches: new Map([
        ['gone', found(gone)],
        ['lost', found(lost)],
      ]),
    };
    expect(codes({ orphans }, { base })).toEqual([
      'gone orphaned',
      'lost orphaned',
      'gone no-longer-managed',
      'lost no-longer-managed',
    ]);
    expect(codes({ orphans }, { base, gates: OPEN })).toEqual([]);
    const kept = orphans.map((orphan, index) => (index === 0 ? orphan : { ...orphan, status: 'approved' }));
    expect(codes({ orphans: kept }, { base, gates: OPEN })).toEqual([
      'lost orphaned',
      'lost no-longer-managed',
    ]);
  });
});

describe('what is said in a plan', () => {
  it('is said of groups by their names, whatever the order of the manifests, and of nobody where there is none', () => {
    const groups = ['b', 'c', 'a'].map((name) => textGroup(name, { definitions: [CONTACT, VERIFICATION] }));
    const { attention, users } = planChanges(
      planInput({ RequirementGroup: groups, observed: observedWorld({}) }),
    );
    expect(attention.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(users).toEqual([]);
  });

  it('counts no order that is left out, and all others that are in the run', () => {
    const orders = ['rival', 'placed'].map((name) => desiredOrder(name));
    const rivals = { ids: ['1', '2'].map(asRemoteId), inCommon: 'reference' as const };
    const observed = { ...observedWorld({}), rivalOrders: new Map([['rival', rivals]]) };
    const input = planInput({ RequirementGroup: [], NumberOrder: orders, observed, gates: OPEN });
    expect(planChanges(input).manifests).toEqual({ RequirementGroup: 0, NumberOrder: 1, PortingOrder: 0 });
  });

  it('counts no document as used again that a closed porting order keeps as it is', () => {
    const stated = { customer_reference: new Sensitive('new') };
    const desired = desiredPort(stated, { values: [documentValue('registration')] });
    const documents = [observedDocument('doc-1', 'registration')];
    const reused = (isOpen: boolean) => {
      const input = portingInput(desired, observedPort({}, { isOpen }));
      const { changes, ...decisions } = planChanges({
        ...input,
        observed: {
          ...input.observed,
          ...observedWorld({ documents }),
          PortingOrder: input.observed.PortingOrder,
        },
      });
      expect(changes).toMatchObject([{ kind: 'PortingOrder', verb: 'update' }]);
      return decisions.reused.documents;
    };
    expect([reused(true), reused(false)]).toEqual([1, 0]);
  });
});

describe('a manifest that could mean several groups', () => {
  it('is left out with its reason and its dates, and counts as neither changed nor unchanged', () => {
    const expiring = (id: string, day: string) => held(id, 'old', { expiresAt: `2026-06-${day}T00:00:00Z` });
    const rivals = [expiring('1', '03'), expiring('2', '03'), expiring('3', '04')];
    const match = { ...found(null), rivals };
    const observed = observedWorld({ matches: { a: match } });
    const decisions = planChanges(planInput({ RequirementGroup: [textGroup('a')], observed }));
    const expires = (day: string, days: number) => ({
      code: 'expiring',
      name: 'a',
      message: `Contact Info expires in ${days} days (2026-06-${day})`,
      source: LINE,
      expires: `2026-06-${day}`,
    });
    expect(decisions).toMatchObject({ changes: [], unchanged: 0 });
    expect(decisions.attention).toEqual([expires('03', 2), expires('04', 3)]);
    expect(decisions.diagnostics).toMatchObject([{ code: 'duplicate-groups', name: 'a' }]);
  });
});

describe('order', () => {
  it('is the same whatever the order of the input', () => {
    const groups = ['c', 'a', 'b'].map((name) =>
      desiredGroup({ name, values: [textValue(name), documentValue(name)] }),
    );
    const plan = (order: typeof groups) =>
      planChanges(planInput({ RequirementGroup: order, observed: UNKNOWN_TO_TELNYX })).changes.map(
        ({ kind, name }) => `${kind}/${name}`,
      );
    expect(plan([...groups].reverse())).toEqual(plan(groups));
  });
});

describe('the orders of a group', () => {
  const held = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };
  const order = (id: string, text: string, given: object = {}): NamedOrder => ({
    kind: 'porting_order',
    id: asRemoteId(id),
    status: 'draft',
    isOpen: true,
    countryCode: null,
    phoneNumberType: null,
    subNumberOrderId: null,
    holdings: [
      [{ requirementId: TEXT_ID, fieldType: 'textual', value: new Sensitive(text), status: 'declined' }],
    ],
    source: { file: 'groups/a.yaml', line: 9, column: 5 },
    ...given,
  });
  const plan = (...orders: readonly NamedOrder[]) =>
    planChanges(
      planInput({
        RequirementGroup: [desiredGroup()],
        observed: observedWorld({
          matches: { 'de-local': { group: observedGroup(held, { status: 'approved' }), superseded: [] } },
          documents: [observedDocument('doc-1', 'registration')],
          orders: { 'de-local': orders },
        }),
      }),
    );

  it.each<[string, Partial<BoundGroup>]>([
    ['says approval: none', { approval: 'none' }],
    [
      'is of a country without pre-approval',
      { combination: { ...desiredGroup().combination, countryCode: 'IT' } },
    ],
  ])('are not said to come with a second review where the manifest %s', (_, given) => {
    const group = desiredGroup(given);
    const { combination } = group;
    const consequencesWith = (resubmit: readonly string[]) =>
      planChanges(
        planInput({
          RequirementGroup: [group],
          observed: observedWorld({
            matches: {
              'de-local': { group: observedGroup(held, { status: 'declined', combination }), superseded: [] },
            },
            documents: [observedDocument('doc-1', 'registration')],
            orders: { 'de-local': [order('port-1', 'Somebody')] },
          }),
          gates: { ...CLOSED_GATES, resubmit },
        }),
      ).changes.map((change) => [
        'actions' in change && change.actions,
        'consequences' in change && change.consequences,
      ]);
    const alone = [[['attach'], ['porting order port-1 loses its own "Contact Info"']]];
    expect([consequencesWith([]), consequencesWith(['de-local'])]).toEqual([alone, alone]);
  });

  it('are part of what it changes, and of what a person should know', () => {
    const open = order('port-1', 'Somebody');
    const { changes, attention } = plan(open, order('port-2', 'x', { isOpen: false, status: 'ported' }));
    expect(changes).toMatchObject([
      {
        verb: 'unchanged',
        actions: ['attach'],
        writes: [],
        attaches: [{ order: open }],
        consequences: ['porting order port-1 loses its own "Contact Info"'],
      },
    ]);
    expect(attention).toEqual([
      {
        code: 'order-closed',
        name: 'de-local',
        message: 'porting order port-2 is ported and cannot take a group any more: remove the entry',
        source: { file: 'groups/a.yaml', line: 9 },
      },
    ]);
  });

  it('that carry its values change nothing', () => {
    const { changes, attention } = plan(order('port-1', 'Compliance desk'));
    expect([changes, attention.map(({ code }) => code)]).toEqual([[], ['order-declined']]);
  });
});

describe('a group is submitted', () => {
  const HELD = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };
  const partial = { values: [textValue('Compliance desk')], partial: true };
  const french = { combination: { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' } };
  const actionsOf = (given: Partial<BoundGroup>, group: ObservedGroup | null): readonly string[] => {
    const observed = observedWorld({
      matches: { 'de-local': { group, superseded: [] } },
      documents: [observedDocument('doc-1', 'registration')],
    });
    return groupChange(planInput({ RequirementGroup: [desiredGroup(given)], observed }))?.actions ?? [];
  };

  it.each<[string, Partial<BoundGroup>, ObservedGroup | null, readonly string[]]>([
    ['that is made with all its values', {}, null, ['create', 'submit']],
    ['that is there with all its values', {}, observedGroup(HELD), ['submit']],
    ['whose other values somebody else has set', partial, observedGroup(HELD), ['submit']],
    ['that gets what it lacked', {}, observedGroup({ ...HELD, [DOCUMENT_ID]: '' }), ['update', 'submit']],
    ['that was declined and changes', {}, observedGroup({}, { status: 'declined' }), ['update', 'submit']],
  ])('%s', (_, given, group, actions) => {
    expect(actionsOf(given, group)).toEqual(actions);
  });

  it.each<[string, Partial<BoundGroup>, ObservedGroup | null, readonly string[]]>([
    ['it is made, and its manifest says so', { approval: 'none' }, null, ['create']],
    ['it is there, and its manifest says so', { approval: 'none' }, observedGroup(HELD), []],
    ['it is made without a value', partial, null, ['create']],
    ['it is there without a value', partial, observedGroup({ ...HELD, [DOCUMENT_ID]: '' }), []],
    [
      'it is made, and an action is left',
      { definitions: [CONTACT, REGISTRATION, VERIFICATION] },
      null,
      ['create'],
    ],
    [
      'it is there, and an action is left',
      { definitions: [CONTACT, REGISTRATION, VERIFICATION] },
      observedGroup({ ...HELD, [ACTION_ID]: 'x' }),
      [],
    ],
    ['it is under review', {}, observedGroup(HELD, { status: 'pending-approval' }), []],
    ['it is approved', {}, observedGroup(HELD, { status: 'approved' }), []],
  ])('but not where %s', (_, given, group, actions) => {
    expect(actionsOf(given, group)).toEqual(actions);
  });

  it('but not where a country has no pre-approval', () => {
    const [country = ''] = WITHOUT_PRE_APPROVAL;
    const combination = { ...french.combination, countryCode: country };
    expect(actionsOf(french, null)).toEqual(['create', 'submit']);
    expect(actionsOf({ combination }, null)).toEqual(['create']);
  });
});

describe('a plan of everything at once', () => {
  const source = { file: 'groups/a.yaml', line: 1 };

  it('has what is uploaded, then what is created, then what waits for both, and counts each kind by itself', () => {
    const other = definition('55555555-5555-4555-8555-555555555555', 'Other', 'document');
    const group = desiredGroup({
      values: [documentValue('registration'), documentValue('other', other), addressValue('Musterstraße 1')],
      definitions: [REGISTRATION, other, LOCAL_ADDRESS],
    });
    const { changes, reused } = planChanges(
      planInput({ RequirementGroup: [group], observed: observedWorld({}) }),
    );
    expect(changes.map(({ kind, name }) => `${kind}/${name}`)).toEqual([
      `Document/de-local/${REGISTRATION.id}`,
      `Document/de-local/${other.id}`,
      `Address/de-local/${LOCAL_ADDRESS.id}`,
      'RequirementGroup/de-local',
    ]);
    expect(changes.at(-1)).toMatchObject({
      dependsOn: [
        `Document/de-local/${REGISTRATION.id}`,
        `Document/de-local/${other.id}`,
        `Address/de-local/${LOCAL_ADDRESS.id}`,
      ],
    });
    expect(reused).toEqual({ documents: 0, addresses: 0 });
  });

  it('says of groups, of orphans, of references, of what lost its manifest, of orders and of the regulator, in this order', () => {
    const taken = observedDocument('taken', 'registration', { sha256: 'b'.repeat(64) });
    const orphan = observedGroup({}, { id: asRemoteId('g9'), reference: asReference('regsync/acme/gone') });
    const former = observedGroup({}, { id: asRemoteId('g8'), reference: asReference('regsync/old/x') });
    const world = observedWorld({
      matches: {
        'de-local': { group: observedGroup({}), superseded: [] },
      },
      orphans: [orphan],
      documents: [taken],
      numberOrders: { berlin: observedOrder('berlin', { status: 'failure', subOrders: [] }) },
    });
    const { attention } = planChanges(
      planInput({
        RequirementGroup: [
          desiredGroup({
            values: [documentValue('registration', REGISTRATION, { expires: '2026-06-02' })],
            partial: true,
          }),
        ],
        NumberOrder: [desiredOrder('berlin')],
        observed: { ...world, formerScope: 'old', unclaimed: [former] },
        regulation: [{ code: 'requirements-changed', name: 'de-local', message: 'new' }],
      }),
    );
    expect(attention.map(({ code, name }) => `${name} ${code}`)).toEqual([
      'de-local expiring',
      'gone orphaned',
      'de-local reference-taken',
      'x former-scope',
      'berlin order-failed',
      'de-local requirements-changed',
    ]);
    expect(attention[2]).toEqual({
      code: 'reference-taken',
      name: 'de-local',
      message:
        'Registration: document taken has the right reference and another sha256, so regsync does not use it and makes another one',
      source,
    });
  });

  it('says of an address under our reference that its fields are others', () => {
    const foreign = {
      ...observedAddress('taken', 'Musterstraße 1'),
      fields: observedAddress('x', 'Elsewhere 2').fields,
    };
    const group = desiredGroup({ values: [addressValue('Musterstraße 1')], definitions: [LOCAL_ADDRESS] });
    const observed = observedWorld({ addresses: [foreign] });
    const { attention } = planChanges(planInput({ RequirementGroup: [group], observed }));
    expect(attention.find(({ code }) => code === 'reference-taken')?.message).toBe(
      `${LOCAL_ADDRESS.name}: address taken has the right reference and other fields, so regsync does not use it and makes another one`,
    );
  });

  it('refuses for closed gates, for what is left out, for orders, and says which gates are idle, in this order', () => {
    const superseded = observedGroup({}, { id: asRemoteId('g7'), ...{ status: 'unapproved' } });
    const rivals = ['1', '2'].map((id) => observedGroup({}, { id: asRemoteId(id) }));
    const two = desiredGroup({ name: 'two', reference: asReference('regsync/acme/two') });
    const { diagnostics } = planChanges(
      planInput({
        RequirementGroup: [desiredGroup(), two],
        NumberOrder: [desiredOrder('berlin')],
        observed: observedWorld({
          matches: {
            'de-local': { group: null, superseded: [superseded] },
            two: { group: null, superseded: [], rivals },
          },
        }),
        gates: { ...CLOSED_GATES, allow_delete: ['nobody'] },
      }),
    );
    expect(diagnostics.map(({ code }) => code)).toEqual([
      'replace-not-allowed',
      'duplicate-groups',
      'orders-not-allowed',
      'allow-delete-without-effect',
    ]);
  });
});
