import { describe, expect, it } from 'vitest';
import { reportStatus, type StatusInput } from '../../../src/kinds/requirement-group/status.ts';
import type { Observed } from '../../../src/model/observed.ts';
import type { NamedOrder } from '../../../src/model/orders/observed-order.ts';
import type { Attention } from '../../../src/model/plan/plan.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { asRemoteId, type BoundGroup } from '../../../src/model/resource.ts';
import { planChanges } from '../../../src/plan/plan.ts';
import {
  DOCUMENT_ID,
  definition,
  desiredGroup,
  documentValue,
  observedDocument,
  observedGroup,
  observedWorld,
  planInput,
  REGISTRATION,
  TEXT_ID,
  textValue,
} from '../../support/plan-inputs.ts';

const EQUAL = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };
const DOCUMENTS = [observedDocument('doc-1', 'registration')];

function report(groups: readonly BoundGroup[], observed: Observed, given: Partial<StatusInput> = {}) {
  const decisions = planChanges(planInput({ RequirementGroup: groups, observed }));
  return reportStatus({
    version: '0.0.0-test',
    RequirementGroup: groups,
    NumberOrder: [],
    PortingOrder: [],
    observed,
    decisions,
    warnDays: 30,
    ...given,
  });
}

const worldOf = (group: ReturnType<typeof observedGroup> | null, given: object = {}): Observed => ({
  ...observedWorld({ matches: { 'de-local': { group, superseded: [] } }, documents: DOCUMENTS }),
  ...given,
});

const approved = (given: Parameters<typeof observedGroup>[1] = {}) =>
  observedGroup(EQUAL, { status: 'approved', requirementStatus: 'approved', ...given });

describe('a report', () => {
  it('of a group has all that Telnyx says of it, and no value', () => {
    const group = approved({ expiresAt: '2026-06-11T00:00:00Z' });
    const desired = desiredGroup({
      values: [
        textValue('Compliance desk'),
        documentValue('registration', REGISTRATION, { expires: '2026-06-06' }),
      ],
    });
    const comments = new Map([
      [
        group.id,
        [
          { body: 'illegible scan', byReviewer: true, createdAt: '2026-05-01T00:00:00Z' },
          { body: 'sent anew', byReviewer: false, createdAt: '2026-05-02T00:00:00Z' },
        ],
      ],
    ]);
    const { state, attention, ...others } = report([desired], worldOf(group, { comments }));
    expect(state).toMatch(/^[0-9a-f]{64}$/);
    expect(attention.map(({ code }) => code)).toEqual(['expiring', 'expiring', 'expiring']);
    const told = { date: '2026-06-11', days: 10, stated_by: 'telnyx' };
    const stated = { date: '2026-06-06', days: 5, stated_by: 'manifest' };
    const source = { file: 'groups/a.yaml', line: 1 };
    const requirement = {
      has_value: true,
      status: 'approved',
      expires_at: '2026-06-11T00:00:00Z',
      expires: null,
      expiry: told,
      source,
    };
    expect(others).toEqual({
      format_version: '1.0',
      regsync_version: '0.0.0-test',
      scope: 'acme',
      read_at: '2026-06-01T12:00:00.000Z',
      warn_days: 30,
      summary: {
        groups: 1,
        standings: {
          expired: 0,
          'needs-work': 0,
          expiring: 1,
          unknown: 0,
          open: 0,
          'under-review': 0,
          approved: 0,
        },
        attention: 3,
      },
      groups: [
        {
          name: 'de-local',
          id: group.id,
          country_code: 'DE',
          phone_number_type: 'local',
          action: 'ordering',
          status: 'approved',
          standing: 'expiring',
          actions: [],
          expiry: stated,
          requirements: [
            { requirement_id: TEXT_ID, name: 'Contact Info', field_type: 'textual', ...requirement },
            {
              requirement_id: DOCUMENT_ID,
              name: 'Registration',
              field_type: 'document',
              ...requirement,
              expires: '2026-06-06',
              expiry: stated,
            },
          ],
          comments: [
            { body: 'illegible scan', created_at: '2026-05-01T00:00:00Z', by: 'reviewer' },
            { body: 'sent anew', created_at: '2026-05-02T00:00:00Z', by: 'user' },
          ],
          source,
        },
      ],
    });
  });

  it('of a group that is not there says what is to become of it', () => {
    const [group] = report([desiredGroup()], worldOf(null)).groups;
    expect(group).toMatchObject({
      id: null,
      status: 'absent',
      standing: 'open',
      actions: ['create', 'submit'],
      expiry: null,
      comments: [],
    });
    expect(group?.requirements).toMatchObject([
      { has_value: false, status: null, expires_at: null, expires: null, expiry: null },
      { has_value: false, status: null, expires_at: null, expires: null, expiry: null },
    ]);
    expect(group).not.toHaveProperty('orders');
  });

  it('of a manifest that Telnyx has nothing of at all is the same', () => {
    expect(report([desiredGroup()], observedWorld({})).groups).toMatchObject([
      { id: null, status: 'absent' },
    ]);
  });

  it('of a group that is to be replaced shows the old one while there is no other', () => {
    const old = approved({ id: asRemoteId('old'), status: 'no-longer-eligible' });
    const match = (group: ReturnType<typeof observedGroup> | null) =>
      worldOf(null, { RequirementGroup: new Map([['de-local', { group, superseded: [old] }]]) });
    const standings = (group: ReturnType<typeof observedGroup> | null) =>
      report([desiredGroup()], match(group)).groups.map(({ id, status, standing }) => [id, status, standing]);
    expect(standings(null)).toEqual([['old', 'no-longer-eligible', 'needs-work']]);
    expect(standings(approved({ id: asRemoteId('new') }))).toEqual([['new', 'approved', 'approved']]);
  });

  it('of a group has what its manifest states beyond it, and what holds nothing', () => {
    const added = definition('66666666-6666-4666-8666-666666666666', 'New Rule', 'textual');
    const source = { file: 'groups/b.yaml', line: 4, column: 1 };
    const values = [{ ...textValue('x', added), contentSource: source }];
    const desired = desiredGroup({ values, partial: true });
    const [group] = report([desired], worldOf(observedGroup({ [TEXT_ID]: '' }))).groups;
    expect(group?.requirements.map((own) => [own.name, own.has_value, own.status, own.source])).toEqual([
      ['Contact Info', false, 'unapproved', null],
      ['Registration', false, null, null],
      ['New Rule', false, null, { file: 'groups/b.yaml', line: 4 }],
    ]);
  });

  it('has the groups by name, and counts what they are', () => {
    const statuses = ['approved', 'declined', 'expired', 'odd', 'pending-approval', 'unapproved'];
    const groups = statuses.toReversed().map((name) => desiredGroup({ name }));
    const matches = Object.fromEntries(
      statuses.map((status) => [status, { group: observedGroup(EQUAL, { status }), superseded: [] }]),
    );
    const { groups: shown, summary } = report(groups, observedWorld({ matches, documents: DOCUMENTS }));
    expect(shown.map(({ name, standing }) => [name, standing])).toEqual([
      ['approved', 'approved'],
      ['declined', 'needs-work'],
      ['expired', 'expired'],
      ['odd', 'unknown'],
      ['pending-approval', 'under-review'],
      ['unapproved', 'open'],
    ]);
    expect(summary).toEqual({
      groups: 6,
      standings: {
        expired: 1,
        'needs-work': 1,
        expiring: 0,
        unknown: 1,
        open: 1,
        'under-review': 1,
        approved: 1,
      },
      attention: 4,
    });
  });

  it.each([
    ['approved', '2026-07-01', 'expiring'],
    ['approved', '2026-07-02', 'approved'],
    ['approved', '2026-06-01', 'expiring'],
    ['approved', '2026-05-31', 'expired'],
    ['pending-approval', '2026-05-31', 'expired'],
    ['unapproved', '2026-05-31', 'expired'],
    ['declined', '2026-05-31', 'expired'],
    ['pending-approval', '2026-06-02', 'under-review'],
  ])('of a group that is %s and expires on %s has it %s', (status, expiresAt, standing) => {
    const group = observedGroup(EQUAL, { status, expiresAt });
    expect(report([desiredGroup()], worldOf(group)).groups[0]?.standing).toBe(standing);
  });

  it('has the shard that it is of', () => {
    expect(report([], observedWorld({}), { shard: '3/8' })).toMatchObject({ shard: '3/8', groups: [] });
    expect(report([], observedWorld({}))).not.toHaveProperty('shard');
  });

  it('of a group that is attached has its orders, and what was declined in them', () => {
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
        [
          {
            requirementId: TEXT_ID,
            fieldType: 'textual',
            value: new Sensitive('Compliance desk'),
            status: 'declined',
          },
        ],
      ],
      source: { file: 'groups/a.yaml', line: 9, column: 5 },
    };
    const orders = new Map([['de-local', [order]]]);
    expect(report([desiredGroup()], worldOf(approved(), { orders })).groups[0]?.orders).toEqual([
      {
        kind: 'sub_number_order',
        id: 'order-1',
        status: 'pending',
        state: 'carries',
        declined: ['Contact Info'],
        source: { file: 'groups/a.yaml', line: 9 },
      },
    ]);
  });

  it('takes what an order of the same name does for nothing that the group does', () => {
    const order = { kind: 'NumberOrder', name: 'de-local', actions: ['create'] };
    const decisions = { changes: [order], attention: [] } as unknown as StatusInput['decisions'];
    expect(report([desiredGroup()], worldOf(null), { decisions }).groups[0]?.actions).toEqual([]);
  });
});

describe('the state of a report', () => {
  const DAY_MS = 86_400_000;
  const orphaned = (message: string, code: Attention['code'] = 'orphaned'): Attention => ({
    code,
    name: 'x',
    message,
  });
  const stateOf = (
    group: ReturnType<typeof observedGroup>,
    given: object = {},
    attention: Attention[] = [],
  ) => {
    const observed = worldOf(group, given);
    return report([desiredGroup()], observed, { decisions: { changes: [], attention } }).state;
  };
  const group = approved({ expiresAt: '2026-07-02T00:00:00Z' });
  const base = () => stateOf(group);

  it('is the same on another day', () => {
    const later = { readAtMs: observedWorld({}).readAtMs + 7 * DAY_MS };
    expect(stateOf(group, later)).toBe(base());
    expect(stateOf(group, {}, [orphaned('soon', 'expiring')])).toBe(base());
  });

  it('is another one where something changed', () => {
    const comment = { body: 'x', byReviewer: true, createdAt: '' };
    const states = [
      base(),
      stateOf({ ...group, status: 'declined' }),
      stateOf(approved({ expiresAt: '2026-07-03T00:00:00Z' })),
      stateOf(group, { comments: new Map([[group.id, [comment]]]) }),
      stateOf(group, {}, [orphaned('one')]),
      stateOf(group, {}, [orphaned('another')]),
      stateOf(group, {}, [orphaned('of an order', 'order-comment')]),
      stateOf(group, {}, [orphaned('of an exception', 'order-exception')]),
    ];
    expect(new Set(states).size).toBe(states.length);
  });
});

it('A group that demands nothing has no requirement to report.', () => {
  const desired = desiredGroup({ values: [], definitions: [], partial: true });
  const [group] = report([desired], worldOf(observedGroup({}))).groups;
  expect(group).toMatchObject({ requirements: [], expiry: null });
});
