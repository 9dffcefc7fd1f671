import { describe, expect, it } from 'vitest';
import { Sensitive } from '../../src/model/sensitive.ts';
import { findDeviations } from '../../src/plan/exact.ts';
import { describedPlan } from '../support/plans.ts';
import { desiredPort, everyPort, observedPort, portingInput } from '../support/ported.ts';
import { TEXT_ID } from '../support/worlds.ts';

const PIN = 'end_user.admin.pin_passcode';

/** The plan for an order whose PIN is to be this. */
function planFor(pin: string, held: string) {
  const value = (text: string) => ({ [PIN]: new Sensitive(text) });
  return describedPlan(portingInput(desiredPort(value(pin)), observedPort(value(held))));
}

describe('a plan of porting orders', () => {
  it('names each setting by its path, shows the reference, and of all others fingerprints', () => {
    const [change] = describedPlan(everyPort()).changes;
    expect(change?.order?.settings).toEqual([
      { name: 'customer_reference', before: 'old', after: 'new' },
      { name: 'webhook_url', before: expect.stringMatching(/^«[0-9a-f]{8}»$/), after: null },
      { name: 'end_user.admin.entity_name', before: null, after: expect.stringMatching(/^«[0-9a-f]{8}»$/) },
      {
        name: PIN,
        before: expect.stringMatching(/^«[0-9a-f]{8}»$/),
        after: expect.stringMatching(/^«[0-9a-f]{8}»$/),
      },
    ]);
    expect(change?.patch.map(({ op, path }) => `${op} ${path}`).sort()).toEqual([
      'add /end_user/admin/entity_name',
      'remove /webhook_url',
      'replace /customer_reference',
      'replace /end_user/admin/pin_passcode',
      `replace /requirements/${TEXT_ID}`,
    ]);
    expect(change?.consequences).toEqual(['the approved "Contact Info" is overwritten: expect a new review']);
  });

  it('counts them, and a plan without any does not', () => {
    expect(describedPlan(everyPort()).summary.porting_orders).toEqual({ update: 1, unchanged: 0 });
    expect(planFor('1', '1').summary.porting_orders).toEqual({ update: 0, unchanged: 1 });
    expect(describedPlan({ ...everyPort(), portingOrders: [] }).summary).not.toHaveProperty('porting_orders');
  });

  it('has another fingerprint when what is stated or what is held changes, and another digest only when the former does', () => {
    const [plan, stated, held] = [planFor('8091', '0000'), planFor('8092', '0000'), planFor('8091', '0001')];
    expect(new Set([plan, stated, held].map(({ fingerprint }) => fingerprint)).size).toBe(3);
    const digests = [plan, stated, held].map(({ changes }) => changes[0]?.digest);
    expect([digests[0] === digests[1], digests[0] === digests[2]]).toEqual([false, true]);
    expect(findDeviations(plan, stated)).toHaveLength(1);
    expect(findDeviations(plan, held)).toMatchObject([
      { message: expect.stringContaining('somebody has changed it since') },
    ]);
  });
});
