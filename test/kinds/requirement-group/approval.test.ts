import { describe, expect, it } from 'vitest';
import {
  APPROVAL,
  type ApprovalRule,
  decideApproval,
  FULFILLED_TO_ORDER,
  WITHOUT_PRE_APPROVAL,
} from '../../../src/kinds/requirement-group/approval.ts';
import type { GroupChange } from '../../../src/model/plan/change.ts';
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

const DOCUMENTS = [observedDocument('doc-1', 'registration')];
const EQUAL = { [TEXT_ID]: 'Compliance desk', [DOCUMENT_ID]: 'doc-1' };
const DIFFERENT = { [TEXT_ID]: 'Somebody else', [DOCUMENT_ID]: 'doc-1' };

function planFor(status: string | null, values: Record<string, string>) {
  const group = status === null ? null : observedGroup(values, { status, requirementStatus: status });
  const matches = { 'de-local': { group, superseded: [] } };
  return planChanges(
    planInput({
      RequirementGroup: [desiredGroup()],
      observed: observedWorld({ matches, documents: DOCUMENTS }),
    }),
  );
}

function groupChange(decisions: ReturnType<typeof planChanges>): GroupChange | undefined {
  return decisions.changes.find((change) => change.kind === 'RequirementGroup');
}

describe('the approval state machine, row by row', () => {
  const rows: readonly {
    readonly status: string | null;
    readonly values: 'differ' | 'equal';
    readonly actions: readonly string[];
    readonly consequence?: string;
    readonly attention?: string;
  }[] = [
    { status: null, values: 'differ', actions: ['create', 'submit'] },
    { status: 'unapproved', values: 'differ', actions: ['update', 'submit'] },
    { status: 'unapproved', values: 'equal', actions: ['submit'] },
    {
      status: 'pending-approval',
      values: 'differ',
      actions: ['update', 'submit'],
      consequence: 'restarts the review',
    },
    { status: 'pending-approval', values: 'equal', actions: [], attention: 'under-review' },
    {
      status: 'approved',
      values: 'differ',
      actions: ['update', 'submit'],
      consequence: 'this group is approved: expect a new review',
    },
    { status: 'approved', values: 'equal', actions: [] },
    { status: 'declined', values: 'differ', actions: ['update', 'submit'] },
    { status: 'declined', values: 'equal', actions: [], attention: 'declined' },
    { status: 'expired', values: 'differ', actions: ['update', 'submit'] },
    { status: 'expired', values: 'equal', actions: [], attention: 'expired' },
    { status: 'half-approved', values: 'differ', actions: ['update', 'submit'], attention: 'unknown-status' },
    { status: 'half-approved', values: 'equal', actions: [], attention: 'unknown-status' },
  ];

  it.each(rows)('$status, values $values → $actions, attention $attention', (row) => {
    const decisions = planFor(row.status, row.values === 'equal' ? EQUAL : DIFFERENT);
    const change = groupChange(decisions);
    expect(change?.actions ?? []).toEqual(row.actions);
    expect(change?.consequences ?? []).toEqual(row.consequence === undefined ? [] : [row.consequence]);
    expect(decisions.attention.map(({ code }) => code)).toEqual(
      row.attention === undefined ? [] : [row.attention],
    );
  });

  it.each(['differ', 'equal'] as const)(
    'no-longer-eligible, values %s → replaced, behind its gate',
    (values) => {
      const retired = observedGroup(values === 'equal' ? EQUAL : DIFFERENT, { status: 'no-longer-eligible' });
      const input = planInput({
        RequirementGroup: [desiredGroup()],
        observed: observedWorld({
          matches: { 'de-local': { group: null, superseded: [retired] } },
          documents: DOCUMENTS,
        }),
      });
      const closed = planChanges(input);
      expect(groupChange(closed)?.actions).toEqual(['create', 'submit', 'delete']);
      expect(closed.diagnostics.map(({ code }) => code)).toEqual(['replace-not-allowed']);
      const open = planChanges({ ...input, gates: { ...input.gates, allow_replace: true } });
      expect(open.diagnostics).toEqual([]);
      expect(groupChange(open)?.verb).toBe('replace');
    },
  );

  it('has a row for every status that Telnyx documents, for a group that does not exist, and for any other', () => {
    expect(Object.keys(APPROVAL).sort()).toEqual([
      'absent',
      'approved',
      'declined',
      'expired',
      'no-longer-eligible',
      'pending-approval',
      'unapproved',
      'unknown',
    ]);
  });

  it.each(['absent', 'unknown', '__proto__', 'constructor'])(
    'a live status called "%s" is data like any unknown one',
    (status) => {
      const decisions = planFor(status, EQUAL);
      expect(decisions.changes).toEqual([]);
      expect(decisions.attention.map(({ code }) => code)).toEqual(['unknown-status']);
    },
  );
});

describe('a status and whether values differ', () => {
  const NOTHING = { write: 'nothing', submit: false } as const;
  const PATCH = { write: 'patch', submit: true } as const;
  const CREATE = { write: 'create', submit: true } as const;
  const REPLACE = { write: 'replace', submit: true } as const;

  it.each<[status: string | null, differ: ApprovalRule, equal: ApprovalRule]>([
    [null, CREATE, CREATE],
    ['unapproved', PATCH, { write: 'nothing', submit: true }],
    [
      'pending-approval',
      { ...PATCH, consequence: 'restarts the review' },
      { ...NOTHING, attention: 'under-review' },
    ],
    ['approved', { ...PATCH, consequence: 'this group is approved: expect a new review' }, NOTHING],
    ['declined', PATCH, { ...NOTHING, attention: 'declined' }],
    ['expired', PATCH, { ...NOTHING, attention: 'expired' }],
    ['no-longer-eligible', REPLACE, REPLACE],
    ...['absent', 'unknown', '', 'Approved', '__proto__', 'toString'].map(
      (odd): [string, ApprovalRule, ApprovalRule] => [
        odd,
        { ...PATCH, attention: 'unknown-status' },
        { ...NOTHING, attention: 'unknown-status' },
      ],
    ),
  ])('of %j lead to %j, and to %j where all are equal', (status, differ, equal) => {
    expect([decideApproval(status, true), decideApproval(status, false)]).toEqual([differ, equal]);
  });

  const AGAIN = { write: 'nothing', submit: true } as const;
  it.each<[status: string | null, again: ApprovalRule]>([
    [null, CREATE],
    ['unapproved', { write: 'nothing', submit: true }],
    ['pending-approval', { ...NOTHING, attention: 'under-review' }],
    ['approved', NOTHING],
    ['declined', { ...AGAIN, attention: 'declined', consequence: expect.stringMatching(/declined it$/) }],
    ['expired', { ...AGAIN, attention: 'expired', consequence: expect.stringMatching(/it expired$/) }],
    ['no-longer-eligible', REPLACE],
    ['unknown', { ...NOTHING, attention: 'unknown-status' }],
  ])(
    'of %j lead to %j where equal values are to be submitted again, and differing ones as ever',
    (status, again) => {
      expect(decideApproval(status, false, true)).toEqual(again);
      expect(decideApproval(status, true, true)).toEqual(decideApproval(status, true));
    },
  );

  it('lead to no submission in Italy, and countries that need a fulfilled group to order are known', () => {
    expect([...WITHOUT_PRE_APPROVAL]).toEqual(['IT']);
    expect([...FULFILLED_TO_ORDER]).toEqual(['CH', 'DK', 'IT', 'NO', 'PT', 'SE']);
  });
});

describe('what keeps a group from being submitted', () => {
  it('approval: none writes and never submits', () => {
    const observed = observedWorld({
      matches: { 'de-local': { group: null, superseded: [] } },
      documents: DOCUMENTS,
    });
    const decisions = planChanges(
      planInput({ RequirementGroup: [desiredGroup({ approval: 'none' })], observed }),
    );
    expect(groupChange(decisions)?.actions).toEqual(['create']);
  });

  it('a requirement without a value leaves a partial group unsubmitted', () => {
    const [text] = desiredGroup().values;
    const partial = desiredGroup({ partial: true, values: text ? [text] : [] });
    const observed = observedWorld({ documents: DOCUMENTS });
    expect(groupChange(planChanges(planInput({ RequirementGroup: [partial], observed })))?.actions).toEqual([
      'create',
    ]);
  });

  it('a value that Telnyx holds and the manifest does not state counts as filled', () => {
    const [text] = desiredGroup().values;
    const partial = desiredGroup({ partial: true, values: text ? [text] : [] });
    const group = observedGroup(EQUAL);
    const observed = observedWorld({
      matches: { 'de-local': { group, superseded: [] } },
      documents: DOCUMENTS,
    });
    expect(groupChange(planChanges(planInput({ RequirementGroup: [partial], observed })))?.actions).toEqual([
      'submit',
    ]);
  });

  it('Italy has no pre-approval: the group is filled, and an attention item says why it is not submitted', () => {
    const combination = { countryCode: 'IT', phoneNumberType: 'local', action: 'ordering' };
    const decisions = planChanges(
      planInput({
        RequirementGroup: [desiredGroup({ combination })],
        observed: observedWorld({ documents: DOCUMENTS }),
      }),
    );
    expect(groupChange(decisions)?.actions).toEqual(['create']);
    expect(decisions.attention.map(({ code }) => code)).toEqual(['no-pre-approval']);
  });
});
