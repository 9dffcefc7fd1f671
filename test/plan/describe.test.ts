import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { digestOf, fingerprintValue } from '../../src/kinds/values/fingerprint.ts';
import type { Observed, ObservedGroup, ObservedMatch } from '../../src/model/observed.ts';
import type { NamedOrder } from '../../src/model/orders/observed-order.ts';
import type { Decisions, PlanInput } from '../../src/model/plan/decisions.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { asRemoteId, type BoundGroup, type BoundValue } from '../../src/model/resource.ts';
import { describePlan } from '../../src/plan/describe.ts';
import { isAuthentic } from '../../src/plan/exact.ts';
import { planChanges } from '../../src/plan/plan.ts';
import { desiredOrder, everyOrder } from '../support/ordered.ts';
import {
  ADDRESS_ID,
  addressValue,
  CONTACT,
  DOCUMENT_ID,
  desiredGroup,
  documentValue,
  LOCAL_ADDRESS,
  observedDocument,
  observedGroup,
  observedWorld,
  planInput,
  REGISTRATION,
  TEXT_ID,
  textValue,
} from '../support/plan-inputs.ts';
import { describedPlan, planKeys } from '../support/plans.ts';
import { everyPort } from '../support/ported.ts';

const CANARY = 'canary-4711 Example Person';
const GROUP = desiredGroup({
  values: [textValue(CANARY), documentValue('registration'), addressValue('Canary Street 4711')],
  definitions: [CONTACT, REGISTRATION, LOCAL_ADDRESS],
});

function described(decisions: Decisions) {
  const { options } = describedPlan(planInput({ RequirementGroup: [], observed: observedWorld({}) }));
  const cover = (text: string) => text;
  return describePlan(decisions, { scope: 'acme', version: '0.0.0-test', options, keys: planKeys(), cover });
}

describe('a plan as it is shown', () => {
  it('has the form that the contract gives', () => {
    const plan = describedPlan(planInput({ RequirementGroup: [GROUP], observed: observedWorld({}) }));
    expect(plan).toMatchObject({
      format_version: '1.0',
      regsync_version: '0.0.0-test',
      scope: 'acme',
      applyable: true,
      summary: {
        groups: { create: 1, update: 0, replace: 0, adopt: 0, delete: 0, unchanged: 0 },
        documents: { upload: 1, reuse: 0 },
        addresses: { create: 1, reuse: 0 },
        submit: 1,
        attach: 0,
        attention: 0,
      },
      attention: [],
      diagnostics: [],
    });
    expect(plan.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    const group = plan.changes.at(-1);
    expect(group).toMatchObject({
      kind: 'RequirementGroup',
      name: 'de-local',
      id: null,
      actions: ['create', 'submit'],
      source: { file: 'groups/a.yaml', line: 1 },
      depends_on: [`Document/de-local/${DOCUMENT_ID}`, `Address/de-local/${ADDRESS_ID}`],
    });
    expect(group?.patch.map(({ op, path }) => `${op} ${path}`)).toEqual([
      `add /requirements/${TEXT_ID}`,
      `add /requirements/${DOCUMENT_ID}`,
      `add /requirements/${ADDRESS_ID}`,
    ]);
    for (const { value } of group?.patch ?? []) expect(value).toMatch(/^«[0-9a-f]{8}»$/);
  });

  it('holds no value, no digest of a document and no remote id of one', () => {
    const observed = observedWorld({
      matches: {
        'de-local': {
          group: observedGroup({ [TEXT_ID]: 'older canary-4711', [DOCUMENT_ID]: 'doc-canary-4711' }),
          superseded: [],
        },
      },
      documents: [observedDocument('doc-canary-4711', 'another')],
    });
    const input = planInput({ RequirementGroup: [GROUP], observed });
    const shown = JSON.stringify(describedPlan(input));
    expect(shown.toLowerCase()).not.toContain('canary');
    for (const change of planChanges(input).changes) {
      if (change.kind === 'Document') expect(shown).not.toContain(change.document.sha256.slice(0, 16));
    }
  });

  it('cannot leak through inspection of the decisions either', () => {
    const decisions = planChanges(planInput({ RequirementGroup: [GROUP], observed: observedWorld({}) }));
    expect(inspect(decisions, { depth: 20 })).not.toContain('canary');
    expect(JSON.stringify(decisions)).not.toContain('canary');
  });

  it('shows equal fingerprints for equal values and other ones in other groups', () => {
    const print = (name: string, text: string) =>
      describedPlan(
        planInput({
          RequirementGroup: [desiredGroup({ name, values: [textValue(text)], definitions: [CONTACT] })],
          observed: observedWorld({}),
        }),
      ).changes.at(-1)?.patch[0]?.value;
    expect(print('a', 'same')).toBe(print('a', ' same '));
    expect(print('a', 'same')).not.toBe(print('a', 'other'));
    expect(print('a', 'same')).not.toBe(print('b', 'same'));
  });

  it('patches a reference of an adopted group in the open', () => {
    const group = observedGroup({ [TEXT_ID]: 'x' }, { status: 'approved', reference: 'MY OLD REF' as never });
    const pin = { id: asRemoteId('g'), source: { file: 'groups/a.yaml', line: 3, column: 1 } };
    const desired = desiredGroup({
      id: pin,
      statesReference: true,
      reference: 'MY REF' as never,
      values: [textValue('x')],
      definitions: [CONTACT],
    });
    const observed = observedWorld({ matches: { 'de-local': { group, superseded: [] } } });
    const [change] = describedPlan(planInput({ RequirementGroup: [desired], observed })).changes;
    expect(change?.actions).toEqual(['adopt']);
    expect(change?.patch).toEqual([{ op: 'replace', path: '/customer_reference', value: 'MY REF' }]);
  });
});

/* ---- Each change as a whole ---- */

const PRINT = expect.stringMatching(/^«[0-9a-f]{8}»$/);
const DIGEST = expect.stringMatching(/^[0-9a-f]{64}$/);
const GATES = {
  ...CLOSED_GATES,
  prune: true,
  allow_replace: true,
  allow_delete: ['gone'],
  allow_orders: true,
};

describe('a change as it is shown', () => {
  const source = { file: 'groups/a.yaml', line: 1 };
  const common = { id: null, source, depends_on: [], consequences: [], digest: DIGEST };
  const shown = (...given: Parameters<typeof planInput>) => describedPlan(planInput(...given)).changes;
  const groupOf = (group: BoundGroup, match: ObservedMatch | null, given: Partial<Observed> = {}) => {
    const matches = match === null ? {} : { 'de-local': match };
    const observed = { ...observedWorld({ matches }), ...given };
    return shown({ RequirementGroup: [group], observed, gates: GATES }).at(-1);
  };
  const textGroup = (given: Partial<BoundGroup> = {}) =>
    desiredGroup({ values: [textValue('new')], definitions: [CONTACT], ...given });
  const pin = { id: asRemoteId('group-1'), source: { file: 'groups/a.yaml', line: 3, column: 1 } };
  const value = (name: string, requirement_id: string, field_type: string) => ({
    requirement_id,
    name,
    field_type,
    before: null,
    after: PRINT,
    status: null,
  });
  const kind = {
    verb: 'create',
    country_code: 'DE',
    phone_number_type: 'local',
    action: 'ordering',
    status: null,
    values: [],
    deletes: [],
  };

  it('of a document, an address and a group that is created is whole', () => {
    const named = addressValue('Canary Street 4711', { name: 'seat' });
    const group = { ...GROUP, values: [...GROUP.values.slice(0, 2), named] };
    const document = { path: 'documents/registration.pdf', bytes: 12 };
    const inline = `de-local/${DOCUMENT_ID}`;
    expect(shown({ RequirementGroup: [group], observed: observedWorld({}) })).toEqual([
      {
        ...common,
        kind: 'Document',
        name: inline,
        actions: ['upload'],
        patch: [{ op: 'add', path: '/content', value: PRINT }],
        document,
      },
      {
        ...common,
        kind: 'Address',
        name: 'seat',
        actions: ['create'],
        patch: [{ op: 'add', path: '/fields', value: PRINT }],
      },
      {
        ...common,
        kind: 'RequirementGroup',
        name: 'de-local',
        actions: ['create', 'submit'],
        depends_on: [`Document/${inline}`, 'Address/seat'],
        patch: [TEXT_ID, DOCUMENT_ID, ADDRESS_ID].map((id) => ({
          op: 'add',
          path: `/requirements/${id}`,
          value: PRINT,
        })),
        group: {
          ...kind,
          values: [
            value('Contact Info', TEXT_ID, 'textual'),
            { ...value('Registration', DOCUMENT_ID, 'document'), document },
            { ...value('Local Address', ADDRESS_ID, 'address'), address: 'seat' },
          ],
        },
      },
    ]);
  });

  it('of a group that is updated has what it held, and a print of what its manifest does not state', () => {
    const held = { [TEXT_ID]: 'old', [DOCUMENT_ID]: 'doc-1', [ADDRESS_ID]: '' };
    const group = observedGroup(held, {
      status: 'approved',
      requirementStatus: 'declined',
      reference: 'OLD' as never,
    });
    const desired = textGroup({ id: pin, statesReference: true, reference: 'NEW' as never });
    expect(groupOf(desired, { group, superseded: [] })).toEqual({
      ...common,
      kind: 'RequirementGroup',
      name: 'de-local',
      id: group.id,
      actions: ['update', 'submit'],
      patch: [
        { op: 'replace', path: `/requirements/${TEXT_ID}`, value: PRINT },
        { op: 'replace', path: '/customer_reference', value: 'NEW' },
      ],
      consequences: ['this group is approved: expect a new review'],
      group: {
        ...kind,
        verb: 'update',
        status: 'approved',
        reference: 'OLD',
        values: [{ ...value('Contact Info', TEXT_ID, 'textual'), before: PRINT, status: 'declined' }],
        unstated: PRINT,
      },
    });
  });

  it('of a group that is made with a stated reference adds it', () => {
    const desired = textGroup({ statesReference: true, reference: 'NEW' as never });
    expect(groupOf(desired, null)?.patch).toEqual([
      { op: 'add', path: `/requirements/${TEXT_ID}`, value: PRINT },
      { op: 'add', path: '/customer_reference', value: 'NEW' },
    ]);
  });

  it('of a group without a reference adds the one that it gets', () => {
    const group = observedGroup({ [TEXT_ID]: 'new' }, { status: 'approved', reference: null });
    const change = groupOf(textGroup({ id: pin, statesReference: true, reference: 'NEW' as never }), {
      group,
      superseded: [],
    });
    expect(change?.patch).toEqual([{ op: 'add', path: '/customer_reference', value: 'NEW' }]);
    expect(change?.group).toMatchObject({ verb: 'adopt', reference: null });
  });

  it('of a group that is replaced has what is deleted, and what that holds as one print', () => {
    const old = (id: string, text: string, reference: string | null = null) =>
      observedGroup(
        { [TEXT_ID]: text, [DOCUMENT_ID]: '' },
        {
          id: asRemoteId(id),
          status: 'declined',
          reference: reference as never,
        },
      );
    const deletedOf = (...superseded: ObservedGroup[]) =>
      groupOf(textGroup(), { group: null, superseded })?.group?.deleted ?? [];
    expect(groupOf(textGroup(), { group: null, superseded: [old('1', 'x')] })?.group).toEqual({
      ...kind,
      verb: 'replace',
      values: [value('Contact Info', TEXT_ID, 'textual')],
      deletes: ['1'],
      deleted: [{ id: '1', status: 'declined', content: PRINT }],
    });
    const prints = deletedOf(old('1', 'x'), old('2', 'x'), old('3', 'y'), old('4', 'x', 'R')).map(
      ({ content }) => content,
    );
    expect(prints[0]).toBe(prints[1]);
    expect(new Set(prints).size).toBe(3);
  });

  it('of an orphan has the combination that it is of, and no line', () => {
    const gone = observedGroup(
      { [TEXT_ID]: 'x' },
      {
        id: asRemoteId('1'),
        combination: { countryCode: 'FR', phoneNumberType: 'mobile', action: 'porting' },
        reference: 'regsync/acme/gone' as never,
      },
    );
    const observed = observedWorld({ orphans: [gone] });
    expect(shown({ RequirementGroup: [], observed, gates: GATES })).toEqual([
      {
        ...common,
        kind: 'RequirementGroup',
        name: 'gone',
        id: '1',
        source: null,
        actions: ['delete'],
        patch: [],
        consequences: ['group 1 (FR/mobile/porting, unapproved) is deleted'],
        group: {
          ...kind,
          verb: 'delete',
          country_code: 'FR',
          phone_number_type: 'mobile',
          action: 'porting',
          status: 'unapproved',
          deletes: ['1'],
          deleted: [{ id: '1', status: 'unapproved', content: PRINT }],
        },
      },
    ]);
  });

  it('of a group that is attached has its orders, with what they get and lose', () => {
    const id = asRemoteId('order-1');
    const order: NamedOrder = {
      kind: 'sub_number_order',
      id,
      status: 'pending',
      isOpen: true,
      countryCode: 'DE',
      phoneNumberType: 'local',
      subNumberOrderId: id,
      holdings: [
        [{ requirementId: TEXT_ID, fieldType: 'textual', value: new Sensitive('old'), status: 'declined' }],
      ],
      source: { file: 'groups/b.yaml', line: 9, column: 5 },
    };
    const group = observedGroup({ [TEXT_ID]: 'new' }, { status: 'approved' });
    const orders = new Map([['de-local', [order]]]);
    const change = groupOf(textGroup(), { group, superseded: [] }, { orders });
    const named = { requirement_id: TEXT_ID, name: 'Contact Info' };
    expect(change).toMatchObject({ actions: ['attach'], patch: [] });
    expect(change?.group?.attaches).toEqual([
      {
        kind: 'sub_number_order',
        id: 'order-1',
        status: 'pending',
        source: { file: 'groups/b.yaml', line: 9 },
        requirements: [{ ...named, after: PRINT }],
        replaces: [{ ...named, before: PRINT }],
      },
    ]);
    const [attach] = change?.group?.attaches ?? [];
    expect(attach?.requirements[0]?.after).toBe(groupOf(textGroup(), null)?.group?.values[0]?.after);
  });

  it('of number orders is whole, whether they are placed, edited or adopted', () => {
    const input = { ...everyOrder(), RequirementGroup: [] };
    const matches = new Map([
      ['de-local', { group: observedGroup({ [TEXT_ID]: 'x' }, { status: 'approved' }), superseded: [] }],
    ]);
    const line = { file: 'groups/orders.yaml', line: 1 };
    const order = { kind: 'NumberOrder', source: line, depends_on: [], consequences: [], digest: DIGEST };
    const detail = { phone_numbers: 1, group: null, values: [], settings: [] };
    const id = '0000000000000000000';
    expect(
      describedPlan({ ...input, observed: { ...input.observed, RequirementGroup: matches }, gates: GATES })
        .changes,
    ).toEqual([
      {
        ...order,
        name: 'adopted',
        id: 'id-adopted',
        actions: ['adopt'],
        patch: [{ op: 'replace', path: '/customer_reference', value: 'MY REF 001' }],
        consequences: ['number order id-adopted has exactly these numbers: nothing is ordered'],
        order: { ...detail, verb: 'adopt', status: 'pending', reference: 'OLD REF' },
      },
      {
        ...order,
        name: 'edited',
        id: 'id-edited',
        actions: ['update'],
        patch: [{ op: 'add', path: `/requirements/${TEXT_ID}`, value: PRINT }],
        order: {
          ...detail,
          verb: 'update',
          status: 'pending',
          reference: 'regsync/acme/order/edited',
          values: [{ ...value('Contact Info', TEXT_ID, 'textual'), status: 'awaiting-value' }],
        },
      },
      {
        ...order,
        name: 'new',
        id: null,
        actions: ['create'],
        patch: [
          { op: 'add', path: '/customer_reference', value: 'regsync/acme/order/new' },
          { op: 'add', path: '/phone_numbers', value: [PRINT] },
          { op: 'add', path: '/requirement_group', value: 'de-local' },
          { op: 'add', path: '/connection_id', value: id },
        ],
        consequences: [
          'orders 1 phone number, which costs money',
          'can be activated at once: the group "de-local" is approved',
        ],
        order: {
          ...detail,
          verb: 'create',
          status: null,
          group: 'de-local',
          group_status: 'approved',
          group_values: PRINT,
          settings: [{ name: 'connection_id', before: null, after: id }],
        },
      },
    ]);
  });

  it('of an order with a group that is still to be made says so, and one without says nothing', () => {
    const orderOf = (given: object, groups: readonly BoundGroup[] = []) => {
      const numberOrders = [desiredOrder('new', { values: [textValue('Jo')], ...given })];
      const input = planInput({
        RequirementGroup: groups,
        NumberOrder: numberOrders,
        observed: observedWorld({}),
        gates: GATES,
      });
      return describedPlan(input).changes.at(-1);
    };
    const group = { name: 'de-local', source: pin.source };
    const made = orderOf({ group }, [textGroup()]);
    expect(made?.order?.group_status).toBeNull();
    expect(made?.order).not.toHaveProperty('group_values');
    expect(made?.depends_on).toEqual(['RequirementGroup/de-local']);
    expect(made?.patch).toContainEqual({ op: 'add', path: `/requirements/${TEXT_ID}`, value: PRINT });
    const alone = orderOf({});
    expect(alone?.order).toMatchObject({ group: null });
    expect(alone?.order).not.toHaveProperty('group_status');
    expect(alone?.patch.map(({ path }) => path)).not.toContain('/requirement_group');
  });

  it('of a porting order is whole', () => {
    const [change] = describedPlan(everyPort()).changes;
    const { settings, ...order } = change?.order ?? {};
    expect(settings).toHaveLength(4);
    expect({ ...change, order, patch: [] }).toEqual({
      kind: 'PortingOrder',
      name: 'port',
      id: 'id-port',
      actions: ['update'],
      source: { file: 'groups/port.yaml', line: 1 },
      depends_on: [],
      patch: [],
      consequences: ['the approved "Contact Info" is overwritten: expect a new review'],
      digest: DIGEST,
      order: {
        verb: 'update',
        status: 'exception',
        phone_numbers: 2,
        group: null,
        values: [{ ...value('Contact Info', TEXT_ID, 'textual'), before: PRINT, status: 'approved' }],
      },
    });
  });
});

describe('the digest of what is uploaded or created', () => {
  const digests = (...values: readonly BoundValue[]) =>
    describedPlan(
      planInput({
        RequirementGroup: [
          desiredGroup({ values, definitions: values.map(({ requirement }) => requirement) }),
        ],
        observed: observedWorld({}),
      }),
    )
      .changes.filter(({ kind }) => kind !== 'RequirementGroup')
      .map(({ digest }) => digest);
  const line = { source: { file: 'groups/z.yaml', line: 99, column: 1 } };

  it('is of its content, wherever that stands', () => {
    expect(
      digests(documentValue('one', REGISTRATION, { ...line, path: 'moved.pdf', expires: '2030-01-01' })),
    ).toEqual(digests(documentValue('one')));
    expect(digests(addressValue('Beispielweg 1', line))).toEqual(digests(addressValue('Beispielweg 1')));
  });

  it('moves with its content, and with whether an address is to be validated', () => {
    expect(digests(documentValue('two'))).not.toEqual(digests(documentValue('one')));
    const address = digests(addressValue('Beispielweg 1'));
    expect(digests(addressValue('Beispielweg 2'))).not.toEqual(address);
    expect(digests(addressValue('Beispielweg 1', { validateAddress: true }))).not.toEqual(address);
  });
});

describe('the summary of a plan', () => {
  it('counts what changes by its verb, what is submitted and what is attached', () => {
    const approved = { status: 'approved' };
    const match = (values: Record<string, string>, given: object = {}) => ({
      group: observedGroup(values, given),
      superseded: [],
    });
    const group = (name: string, given: Partial<BoundGroup> = {}) =>
      desiredGroup({ name, values: [textValue('new')], definitions: [CONTACT], ...given });
    const pin = { id: asRemoteId('1'), source: { file: 'groups/a.yaml', line: 3, column: 1 } };
    const orphan = observedGroup({}, { id: asRemoteId('9'), reference: 'regsync/acme/gone' as never });
    const input = planInput({
      RequirementGroup: [
        group('a-create'),
        group('b-update'),
        group('c-replace'),
        group('d-adopt', { id: pin, statesReference: true }),
        group('e-submit'),
        group('f-equal'),
        group('g-equal'),
      ],
      observed: observedWorld({
        matches: {
          'b-update': match({ [TEXT_ID]: 'old' }),
          'c-replace': { group: null, superseded: [observedGroup({}, { id: asRemoteId('8') })] },
          'd-adopt': match({ [TEXT_ID]: 'new' }, { ...approved, reference: null }),
          'e-submit': match({ [TEXT_ID]: 'new' }),
          'f-equal': match({ [TEXT_ID]: 'new' }, approved),
          'g-equal': match({ [TEXT_ID]: 'new' }, { status: 'declined' }),
        },
        orphans: [orphan],
        ownedGroups: 7,
      }),
      gates: GATES,
    });
    expect(describedPlan(input).summary).toEqual({
      groups: { create: 1, update: 1, replace: 1, adopt: 1, delete: 1, unchanged: 3 },
      documents: { upload: 0, reuse: 0 },
      addresses: { create: 0, reuse: 0 },
      submit: 4,
      attach: 0,
      attention: 1,
    });
  });

  it('counts each order that a group is attached to', () => {
    const order = (id: string): NamedOrder => ({
      kind: 'sub_number_order',
      id: asRemoteId(id),
      status: 'pending',
      isOpen: true,
      countryCode: 'DE',
      phoneNumberType: 'local',
      subNumberOrderId: asRemoteId(id),
      holdings: [
        [{ requirementId: TEXT_ID, fieldType: 'textual', value: new Sensitive('x'), status: 'declined' }],
      ],
      source: { file: 'groups/a.yaml', line: 9, column: 5 },
    });
    const names = ['a', 'b'];
    const input = planInput({
      RequirementGroup: names.map((name) =>
        desiredGroup({ name, values: [textValue('new')], definitions: [CONTACT] }),
      ),
      observed: observedWorld({ orders: { a: [order('1'), order('2')], b: [order('3')] } }),
    });
    expect(describedPlan(input).summary.attach).toBe(3);
  });

  it('is of a plan that may be applied, unless something closes it as a whole', () => {
    const applyable = (input: PlanInput) => describedPlan(input).applyable;
    expect(applyable(everyOrder())).toBe(false);
    expect(applyable({ ...everyOrder(), gates: GATES })).toBe(true);
    const rivals = [observedGroup({}), observedGroup({})];
    const matches = { 'de-local': { group: null, superseded: [], rivals } };
    const alone = planInput({ RequirementGroup: [desiredGroup()], observed: observedWorld({ matches }) });
    expect(applyable(alone)).toBe(true);
  });

  it('tells whose the account is by prints, and nothing where nobody says so', () => {
    const users = (...given: readonly string[]) => {
      const observed = { ...observedWorld({}), users: given };
      return describedPlan(planInput({ RequirementGroup: [], observed })).users;
    };
    expect(users('user-1', 'user-2')).toEqual(
      ['user-1', 'user-2'].map((id) => fingerprintValue(planKeys(), 'account', 'user', new Sensitive(id))),
    );
    expect(users()).toBeUndefined();
  });

  it('counts the orders of each kind that has manifests, and leaves out a kind that has none', () => {
    const { summary } = describedPlan({ ...everyOrder(), gates: GATES });
    expect(summary.number_orders).toEqual({ create: 1, update: 2, unchanged: 2 });
    expect(summary).not.toHaveProperty('porting_orders');
    const ported = describedPlan(everyPort()).summary;
    expect(ported.porting_orders).toEqual({ update: 1, unchanged: 0 });
    expect(ported).not.toHaveProperty('number_orders');
  });

  it('counts the actions to start, and says nothing of them where there are none', () => {
    const names = new Map([['first_name', new Sensitive('Jo')]] as const);
    const source = { file: 'groups/a.yaml', line: 7, column: 5 };
    const action = { requirement: { id: 'check', name: 'Identity Check' }, names, source };
    const other = { ...action, requirement: { id: 'other', name: 'Other Check' } };
    const planOf = (actions: readonly (typeof action)[]) =>
      describedPlan(
        planInput({
          RequirementGroup: [],
          NumberOrder: [desiredOrder('berlin', { actions }), desiredOrder('bonn')],
          observed: observedWorld({}),
          gates: { ...GATES, allow_actions: true },
        }),
      ).summary;
    expect(planOf([action, other])).toMatchObject({ start: 2, number_orders: { create: 2 } });
    expect(planOf([])).not.toHaveProperty('start');
  });

  it('counts no change of one kind as one of another', () => {
    const { NumberOrder, observed } = everyOrder();
    const port = everyPort();
    const both = describedPlan({
      ...port,
      NumberOrder,
      observed: { ...port.observed, NumberOrder: observed.NumberOrder },
      gates: GATES,
    });
    expect(both.summary).toMatchObject({
      number_orders: { create: 1, update: 2, unchanged: 2 },
      porting_orders: { update: 1, unchanged: 0 },
    });
  });
});

describe('the words of reviewers', () => {
  const words = ['2026-11-01: "The extract is too old."'];
  const decided = (said?: readonly string[]) => {
    const decisions = planChanges(planInput({ RequirementGroup: [GROUP], observed: observedWorld({}) }));
    const changes = decisions.changes.map((change) =>
      change.kind === 'RequirementGroup' && said !== undefined ? { ...change, said } : change,
    );
    return described({ ...decisions, changes });
  };

  it('are with the change that writes values, and nowhere else', () => {
    expect(decided(words).changes.map((change) => ['said' in change, change.said])).toEqual([
      [false, undefined],
      [false, undefined],
      [true, words],
    ]);
    expect(decided().changes.some((change) => 'said' in change)).toBe(false);
  });

  it('do not move the fingerprint, but the plan is signed with them', () => {
    expect(decided(words).fingerprint).toBe(decided().fingerprint);
    expect(decided(words).mac).not.toBe(decided().mac);
  });
});

describe('a text that Telnyx or a person gave', () => {
  it('is covered wherever a plan shows it', () => {
    const observed = observedWorld({
      matches: { KEY0000: { group: observedGroup({}, { status: 'KEY0000' }), superseded: [] } },
    });
    const group = desiredGroup({ name: 'KEY0000', values: [textValue('x')], definitions: [CONTACT] });
    const gates = { ...GATES, allow_delete: ['KEY0000'] };
    const decisions = planChanges(planInput({ RequirementGroup: [group], observed, gates }));
    const options = {
      ...describedPlan(planInput({ RequirementGroup: [], observed })).options,
      targets: ['KEY0000'],
    };
    const plan = describePlan(decisions, {
      scope: 'acme',
      version: '0.0.0-test',
      options,
      keys: planKeys(),
      cover: (text) => text.replaceAll('KEY0000', '«sensitive»'),
    });
    expect(JSON.stringify(plan)).not.toContain('KEY0000');
    expect(plan).toMatchObject({
      changes: [{ name: '«sensitive»' }],
      attention: [{ name: '«sensitive»' }],
      diagnostics: [{ name: '«sensitive»' }],
      options: { targets: ['«sensitive»'] },
    });
    expect(isAuthentic(plan, planKeys())).toBe(true);
  });
});

describe('the fingerprint', () => {
  const base = () => planInput({ RequirementGroup: [GROUP], observed: observedWorld({}) });

  it('is the same for the same worlds in another order', () => {
    const groups = ['a', 'b'].map((name) => desiredGroup({ name }));
    const one = describedPlan(planInput({ RequirementGroup: groups, observed: observedWorld({}) }));
    const two = describedPlan(
      planInput({ RequirementGroup: groups.toReversed(), observed: observedWorld({}) }),
    );
    expect(one.fingerprint).toBe(two.fingerprint);
  });

  it('is the same for the same changes in another order', () => {
    const decisions = planChanges({ ...everyOrder(), gates: GATES });
    const turned = { ...decisions, changes: decisions.changes.toReversed() };
    expect(decisions.changes.length).toBeGreaterThan(2);
    expect(described(turned).fingerprint).toBe(described(decisions).fingerprint);
  });

  it('knows nothing of file positions, so a manifest may move', () => {
    const moved = { ...GROUP, source: { file: 'groups/elsewhere.yaml', line: 99, column: 1 } };
    const plan = describedPlan(planInput({ RequirementGroup: [moved], observed: observedWorld({}) }));
    expect(plan.fingerprint).toBe(describedPlan(base()).fingerprint);
  });

  it.each([
    ['a value', { values: [textValue('other'), ...GROUP.values.slice(1)] }],
    [
      'the bytes of a document',
      { values: [GROUP.values[0], documentValue('renewed'), GROUP.values[2]] as never },
    ],
    ['the approval', { approval: 'none' as const }],
  ])('moves with %s', (_, difference) => {
    const changed = planInput({
      RequirementGroup: [{ ...GROUP, ...difference }],
      observed: observedWorld({}),
    });
    expect(describedPlan(changed).fingerprint).not.toBe(describedPlan(base()).fingerprint);
  });

  it('moves with the status and the values of the groups that are touched', () => {
    const plan = (status: string, text: string) => {
      const group = observedGroup({ [TEXT_ID]: text }, { status });
      return describedPlan(
        planInput({
          RequirementGroup: [GROUP],
          observed: observedWorld({ matches: { 'de-local': { group, superseded: [] } } }),
        }),
      ).fingerprint;
    };
    const prints = [plan('declined', 'a'), plan('expired', 'a'), plan('declined', 'b')];
    expect(new Set(prints).size).toBe(3);
  });

  it('moves with the key and with the API that it is for', () => {
    const prints = [
      planKeys(),
      planKeys('KEYother'),
      planKeys('KEYsample', { baseUrl: 'https://example.com/v2' }),
    ].map((keys) => describedPlan(base(), keys).fingerprint);
    expect(new Set(prints).size).toBe(3);
  });
});

describe('the MAC of a plan file', () => {
  const planFile = () => describedPlan(planInput({ RequirementGroup: [GROUP], observed: observedWorld({}) }));

  it('holds through a JSON round trip with any white space', () => {
    expect(isAuthentic(JSON.parse(JSON.stringify(planFile(), null, 7)), planKeys())).toBe(true);
  });

  it('breaks with each single value that is changed', () => {
    const plan = planFile();
    let changed = 0;
    const tamper = (value: unknown, path: readonly (string | number)[]): void => {
      if (typeof value === 'object' && value !== null) {
        for (const [key, entry] of Object.entries(value)) tamper(entry, [...path, key]);
        return;
      }
      const copy = structuredClone(plan) as unknown as Record<string, unknown>;
      let place: Record<string, unknown> = copy;
      for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
      place[String(path.at(-1))] =
        typeof value === 'boolean' ? !value : typeof value === 'number' ? value + 1 : `${value}x`;
      changed++;
      expect(isAuthentic(copy as never, planKeys()), path.join('.')).toBe(false);
    };
    tamper(plan, []);
    expect(changed).toBeGreaterThan(50);
  });

  it('is a digest of the whole plan, under a heading that no other digest has', () => {
    const { mac, ...rest } = planFile();
    expect(mac).toBe(digestOf(planKeys(), ['regsync plan', rest]));
  });

  it('is worth nothing with another key', () => {
    expect(isAuthentic(planFile(), planKeys('KEYother'))).toBe(false);
  });
});
