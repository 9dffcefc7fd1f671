import { describe, expect, it } from 'vitest';
import type { Change, GroupChange } from '../../src/model/plan.ts';
import { asReference, asRemoteId } from '../../src/model/resource.ts';
import { Sensitive } from '../../src/model/sensitive.ts';
import { CLOSED_GATES, type PlanInput } from '../../src/plan/decisions.ts';
import { planChanges } from '../../src/plan/plan.ts';
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
} from '../support/worlds.ts';

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
      groupChange(planInput({ groups: [desired], observed }))?.writes.map(
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
    const dated = desiredGroup({ values: [textValue('2026-03-01', since)], demands: [since] });
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
      return groupChange(planInput({ groups: [desiredGroup()], observed }))?.writes.length;
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
    const desired = desiredGroup({ values: [addressValue('Musterstraße 1')], demands: [LOCAL_ADDRESS] });
    const group = observedGroup({ [ADDRESS_ID]: '900' });
    const world = (reference: null | undefined) =>
      observedWorld({
        matches: { 'de-local': { group, superseded: [] } },
        addresses: [observedAddress('900', ' Musterstraße  1', reference === null ? { reference } : {})],
      });
    expect(groupChange(planInput({ groups: [desired], observed: world(undefined) }))?.writes).toEqual([]);
    expect(groupChange(planInput({ groups: [desired], observed: world(null) }))?.writes).toEqual([]);
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
      demands: [REGISTRATION, second],
    });
    const { changes } = planChanges(planInput({ groups: [group], observed: UNKNOWN_TO_TELNYX }));
    expect(names(changes, 'Document')).toEqual(['acme-registration']);
    expect(groupChange(planInput({ groups: [group], observed: UNKNOWN_TO_TELNYX }))?.dependsOn).toEqual([
      'Document/acme-registration',
    ]);
  });

  it('a group depends on its own of them, documents first, by name', () => {
    const second = definition('55555555-5555-4555-8555-555555555555', 'Proof', 'document');
    const group = desiredGroup({
      values: [
        addressValue('Musterstraße 1', { name: 'a-site' }),
        documentValue('registration', REGISTRATION, { name: 'c-registration' }),
        documentValue('proof', second, { name: 'b-proof' }),
      ],
      demands: [LOCAL_ADDRESS, REGISTRATION, second],
    });
    const other = desiredGroup({
      name: 'another',
      reference: asReference('regsync/acme/another'),
      values: [documentValue('other', REGISTRATION, { name: 'a-other' })],
      demands: [REGISTRATION],
    });
    const decisions = planChanges(planInput({ groups: [group, other], observed: UNKNOWN_TO_TELNYX }));
    const needs = decisions.changes.flatMap((change) =>
      change.kind === 'RequirementGroup' ? [[change.name, change.dependsOn]] : [],
    );
    expect(Object.fromEntries(needs)).toEqual({
      another: ['Document/a-other'],
      'de-local': ['Document/b-proof', 'Document/c-registration', 'Address/a-site'],
    });
  });

  it('a file given inline is named after its group and requirement', () => {
    const { changes } = planChanges(planInput({ groups: [desiredGroup()], observed: UNKNOWN_TO_TELNYX }));
    expect(names(changes, 'Document')).toEqual([`de-local/${DOCUMENT_ID}`]);
  });

  it('an address that exists is reused, and counted so', () => {
    const desired = desiredGroup({ values: [addressValue('Musterstraße 1')], demands: [LOCAL_ADDRESS] });
    const observed = observedWorld({ addresses: [observedAddress('900', 'Musterstraße 1')] });
    const decisions = planChanges(planInput({ groups: [desired], observed }));
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
      planInput({ groups: [desiredGroup()], observed: observedWorld({ documents }) }),
    );
    const value = change?.writes.find(({ requirementId }) => requirementId === DOCUMENT_ID)?.value;
    expect(value?.kind === 'document' ? value.reuse : undefined).toBe(reuse);
  });

  it.each(['infected', 'denied'] as const)(
    '%s content stops only its own group, which needs attention',
    (rejected) => {
      const documents = [observedDocument('bad', 'registration', { rejected })];
      const other = desiredGroup({ name: 'other', values: [textValue('x')], demands: [CONTACT] });
      const decisions = planChanges(
        planInput({ groups: [desiredGroup(), other], observed: observedWorld({ documents }) }),
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
    expect(planChanges(planInput({ groups: [desiredGroup({ id: pin })], observed })).changes).toEqual([]);
  });

  it('a stated reference that differs is an adoption, and of an approved group nothing else', () => {
    const group = observedGroup(HELD, { status: 'approved', reference: null });
    const observed = observedWorld({
      matches: { 'de-local': { group, superseded: [] } },
      documents: DOCUMENTS,
    });
    const change = groupChange(
      planInput({ groups: [desiredGroup({ id: pin, statesReference: true })], observed }),
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
        groups: [desiredGroup()],
        observed,
        gates: { ...CLOSED_GATES, allowReplace: true },
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
  const prune = (allowDelete: string[] = []) => ({
    prune: true,
    allowReplace: false,
    allowDelete: new Set(allowDelete),
    allowOrders: false,
  });

  it('an orphan is only mentioned without --prune', () => {
    const decisions = planChanges(
      planInput({ groups: [], observed: observedWorld({ orphans: [orphan('gone')] }) }),
    );
    expect(decisions.changes).toEqual([]);
    expect(decisions.attention).toMatchObject([{ code: 'orphaned', name: 'gone' }]);
  });

  it('--prune deletes it; an approved one only when it is named', () => {
    const observed = observedWorld({ orphans: [orphan('gone'), orphan('kept', 'approved')] });
    const kept = planChanges(planInput({ groups: [], observed, gates: prune() }));
    expect(names(kept.changes, 'RequirementGroup')).toEqual(['gone']);
    expect(kept.attention).toMatchObject([{ code: 'orphaned', name: 'kept' }]);
    const both = planChanges(planInput({ groups: [], observed, gates: prune(['kept']) }));
    expect(names(both.changes, 'RequirementGroup')).toEqual(['gone', 'kept']);
  });

  it('a narrowed run prunes nothing, and says so', () => {
    const observed = observedWorld({ orphans: [orphan('gone')] });
    const decisions = planChanges(
      planInput({ groups: [], observed, gates: prune(), narrowedBy: ['--target'] }),
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
      planInput({ groups: [], observed: observedWorld({ orphans, ownedGroups }), gates: prune() }),
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
    return planChanges(planInput({ groups: [desired], observed })).attention;
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
    const [item] = attentionFor(group, desiredGroup(), comments);
    expect(item?.message).toBe('declined: Contact Info, Registration. Reviewer: "illegible scan"');
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
    const demands = [REGISTRATION];
    const days = (expires: string) =>
      attentionFor(told, desiredGroup({ values: values(expires), demands })).map((item) => item.expires);
    expect(days('2026-05-31')).toEqual(['2026-05-31']);
    expect(days('2026-06-02')).toEqual(['2026-06-02', '2026-05-31']);
  });

  it('an action requirement cannot be filled in a group, so the group is never submitted', () => {
    const group = observedGroup({ ...HELD, [ACTION_ID]: '' });
    const desired = desiredGroup({ demands: [CONTACT, REGISTRATION, VERIFICATION] });
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
    expect(planChanges(planInput({ groups: [desired], observed })).changes).toEqual([]);
  });
});

describe('order', () => {
  it('is the same whatever the order of the input', () => {
    const groups = ['c', 'a', 'b'].map((name) =>
      desiredGroup({ name, values: [textValue(name), documentValue(name)] }),
    );
    const plan = (order: typeof groups) =>
      planChanges(planInput({ groups: order, observed: UNKNOWN_TO_TELNYX })).changes.map(
        ({ kind, name }) => `${kind}/${name}`,
      );
    expect(plan([...groups].reverse())).toEqual(plan(groups));
  });
});
