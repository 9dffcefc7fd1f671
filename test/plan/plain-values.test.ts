import { describe, expect, it } from 'vitest';
import { asRemoteId } from '../../src/model/resource.ts';
import { plainValuesOf } from '../../src/plan/plain-values.ts';
import { planChanges } from '../../src/plan/plan.ts';
import { everyOrder } from '../support/ordered.ts';
import {
  ADDRESS_ID,
  addressValue,
  CONTACT,
  DOCUMENT_ID,
  definition,
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
import { everyPort } from '../support/ported.ts';

const PROOF = definition('55555555-5555-4555-8555-555555555555', 'Proof', 'document');
const key = (...parts: readonly string[]) => JSON.stringify(parts);

describe('values that are shown in the place of fingerprints', () => {
  const source = { file: 'groups/a.yaml', line: 1, column: 1 };
  const content = { kind: 'document_id' as const, id: asRemoteId('doc-9') };
  const group = desiredGroup({
    values: [
      textValue('Jo: Example'),
      documentValue('registration'),
      addressValue('Musterstraße 1'),
      { requirement: PROOF, content, source, contentSource: source },
    ],
    definitions: [CONTACT, REGISTRATION, LOCAL_ADDRESS, PROOF],
  });
  const { sha256 } = observedDocument('x', 'registration');
  const other = observedDocument('doc-1', 'another');
  const planned = (values: Record<string, string> | null) => {
    const held = values === null ? null : observedGroup(values);
    const matches = { 'de-local': { group: held, superseded: [] } };
    const observed = observedWorld({ matches, documents: [other] });
    return plainValuesOf(planChanges(planInput({ RequirementGroup: [group], observed })));
  };
  const after = {
    text: 'Jo: Example',
    document: `sha256 ${sha256}`,
    address: 'Example GmbH, Musterstraße 1, Berlin, DE',
    remote: 'doc-9',
  };

  it('of a group that is created have nothing before', () => {
    expect([...planned(null)]).toEqual([
      [key('RequirementGroup', 'de-local', TEXT_ID), { before: null, after: after.text }],
      [key('RequirementGroup', 'de-local', DOCUMENT_ID), { before: null, after: after.document }],
      [key('RequirementGroup', 'de-local', ADDRESS_ID), { before: null, after: after.address }],
      [key('RequirementGroup', 'de-local', PROOF.id), { before: null, after: after.remote }],
    ]);
  });

  it('of a group that is updated have what it holds before', () => {
    const held = { [TEXT_ID]: 'old', [DOCUMENT_ID]: 'doc-1', [ADDRESS_ID]: '900', [PROOF.id]: 'doc-1' };
    expect([...planned(held).values()]).toEqual([
      { before: 'old', after: after.text },
      { before: other.sha256?.slice(0, 32), after: after.document },
      { before: '900', after: after.address },
      { before: 'doc-1', after: after.remote },
    ]);
  });

  it('of orders are told apart from those of groups, and settings are among them', () => {
    expect([...plainValuesOf(planChanges({ ...everyOrder(), RequirementGroup: [] }))]).toEqual([
      [key('NumberOrder', 'edited', TEXT_ID), { before: null, after: 'Jo Example' }],
    ]);
    expect([...plainValuesOf(planChanges(everyPort()))]).toEqual([
      [key('PortingOrder', 'port', TEXT_ID), { before: 'Jo', after: 'Jo Example' }],
      [key('PortingOrder', 'port', 'customer_reference'), { before: 'old', after: 'new' }],
      [
        key('PortingOrder', 'port', 'webhook_url'),
        { before: 'https://example.com/porting', after: 'cleared' },
      ],
      [key('PortingOrder', 'port', 'end_user.admin.entity_name'), { before: null, after: 'Example GmbH' }],
      [key('PortingOrder', 'port', 'end_user.admin.pin_passcode'), { before: '0000', after: '8091' }],
    ]);
  });
});
