import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { asRemoteId } from '../../src/model/resource.ts';
import { isAuthentic } from '../../src/plan/exact.ts';
import { planChanges } from '../../src/plan/plan.ts';
import { describedPlan, planKeys } from '../support/plans.ts';
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
} from '../support/worlds.ts';

const CANARY = 'canary-4711 Example Person';
const GROUP = desiredGroup({
  values: [textValue(CANARY), documentValue('registration'), addressValue('Canary Street 4711')],
  demands: [CONTACT, REGISTRATION, LOCAL_ADDRESS],
});

describe('a plan as it is shown', () => {
  it('has the form that the contract gives', () => {
    const plan = describedPlan(planInput({ groups: [GROUP], observed: observedWorld({}) }));
    expect(plan).toMatchObject({
      format_version: '1.0',
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
    const input = planInput({ groups: [GROUP], observed });
    const shown = JSON.stringify(describedPlan(input));
    expect(shown.toLowerCase()).not.toContain('canary');
    for (const change of planChanges(input).changes) {
      if (change.kind === 'Document') expect(shown).not.toContain(change.document.sha256.slice(0, 16));
    }
  });

  it('cannot leak through inspection of the decisions either', () => {
    const decisions = planChanges(planInput({ groups: [GROUP], observed: observedWorld({}) }));
    expect(inspect(decisions, { depth: 20 })).not.toContain('canary');
    expect(JSON.stringify(decisions)).not.toContain('canary');
  });

  it('shows equal fingerprints for equal values and other ones in other groups', () => {
    const print = (name: string, text: string) =>
      describedPlan(
        planInput({
          groups: [desiredGroup({ name, values: [textValue(text)], demands: [CONTACT] })],
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
      demands: [CONTACT],
    });
    const observed = observedWorld({ matches: { 'de-local': { group, superseded: [] } } });
    const [change] = describedPlan(planInput({ groups: [desired], observed })).changes;
    expect(change?.actions).toEqual(['adopt']);
    expect(change?.patch).toEqual([{ op: 'replace', path: '/customer_reference', value: 'MY REF' }]);
  });
});

describe('the fingerprint', () => {
  const base = () => planInput({ groups: [GROUP], observed: observedWorld({}) });

  it('is the same for the same worlds in another order', () => {
    const groups = ['a', 'b'].map((name) => desiredGroup({ name }));
    const one = describedPlan(planInput({ groups, observed: observedWorld({}) }));
    const two = describedPlan(planInput({ groups: groups.toReversed(), observed: observedWorld({}) }));
    expect(one.fingerprint).toBe(two.fingerprint);
  });

  it('knows nothing of file positions, so a manifest may move', () => {
    const moved = { ...GROUP, source: { file: 'groups/elsewhere.yaml', line: 99, column: 1 } };
    const plan = describedPlan(planInput({ groups: [moved], observed: observedWorld({}) }));
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
    const changed = planInput({ groups: [{ ...GROUP, ...difference }], observed: observedWorld({}) });
    expect(describedPlan(changed).fingerprint).not.toBe(describedPlan(base()).fingerprint);
  });

  it('moves with the status and the values of the groups that are touched', () => {
    const plan = (status: string, text: string) => {
      const group = observedGroup({ [TEXT_ID]: text }, { status });
      return describedPlan(
        planInput({
          groups: [GROUP],
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
  const planFile = () => describedPlan(planInput({ groups: [GROUP], observed: observedWorld({}) }));

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

  it('is worth nothing with another key', () => {
    expect(isAuthentic(planFile(), planKeys('KEYother'))).toBe(false);
  });
});
