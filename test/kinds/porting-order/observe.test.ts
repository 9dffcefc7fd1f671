import { describe, expect, it } from 'vitest';
import { observePortingOrders } from '../../../src/kinds/porting-order/observe.ts';
import { Redactor } from '../../../src/model/privacy/redactor.ts';
import type { DesiredPortingOrder } from '../../../src/model/resource.ts';
import { manifests, portingManifest, selection, stated } from '../../support/manifests.ts';
import { type ClientScript, scriptedClient } from '../../support/scripted-client.ts';
import { GONE, refused } from '../../support/scripted-run.ts';

const ORDER = 'GET /porting_orders/id-port';
const REQUIREMENTS = 'GET /porting_orders/id-port/requirements';
const ACTIONS = 'GET /porting_orders/id-port/action_requirements';
const row = {
  id: 'id-port',
  customer_reference: 'PORT 1',
  status: { value: 'draft' },
  porting_phone_numbers_count: 2,
  end_user: { admin: { pin_passcode: '8091-sample' } },
};
const demanded = [
  {
    requirement_type: { id: 'a', name: 'Contact' },
    field_type: 'textual',
    field_value: 'Jo Example',
    requirement_status: 'approved',
  },
  { requirement_type_id: 'b', field_type: 'document', field_value: '' },
];

async function read(script: ClientScript, ...orders: readonly DesiredPortingOrder[]) {
  const { client, asked } = scriptedClient({ [ACTIONS]: [], ...script });
  const redactor = new Redactor();
  const selected = selection({ PortingOrder: orders.map(({ name }) => name) });
  const { objects, problems } = await observePortingOrders(client, manifests({ PortingOrder: orders }), {
    selected,
    redactor,
  });
  return { orders: Object.fromEntries(objects), problems, asked, mask: redactor };
}

describe('a porting order that has a manifest', () => {
  it('is read with what it demands where the manifest states something of that', async () => {
    const {
      orders,
      problems,
      asked,
      mask: redactor,
    } = await read(
      { [ORDER]: row, [REQUIREMENTS]: demanded },
      portingManifest('port', { requirements: [stated('documents.loa'), stated('A')] }),
    );
    expect(orders).toEqual({
      port: {
        id: 'id-port',
        reference: 'PORT 1',
        status: 'draft',
        isOpen: true,
        phoneNumbersCount: 2,
        requirementsMet: null,
        settings: expect.any(Map),
        requirements: [
          {
            requirementId: 'a',
            name: 'Contact',
            fieldType: 'textual',
            value: expect.anything(),
            status: 'approved',
          },
          { requirementId: 'b', name: null, fieldType: 'document', value: expect.anything(), status: null },
        ],
      },
    });
    expect([...(orders.port?.settings.keys() ?? [])]).toEqual([
      'customer_reference',
      'end_user.admin.pin_passcode',
    ]);
    expect([problems, asked]).toEqual([[], [ORDER, REQUIREMENTS, ACTIONS]]);
    // Telnyx may repeat what it holds.
    expect(redactor.coverError('"Jo Example" and "8091-sample" are wrong', ['id-port'])).toBe(
      '"«sensitive»" and "«sensitive»" are wrong',
    );
  });

  it.each([[[]], [[stated('documents.loa')]]])(
    'is read alone where nothing else is stated: %#',
    async (requirements) => {
      const { orders, problems, asked } = await read(
        { [ORDER]: row },
        portingManifest('port', { requirements }),
      );
      expect(orders.port?.requirements).toEqual([]);
      expect([problems, asked]).toEqual([[], [ORDER, ACTIONS]]);
    },
  );

  it('is closed where it takes no group any more', async () => {
    const { orders } = await read(
      { [ORDER]: { ...row, status: { value: 'ported' } } },
      portingManifest('port'),
    );
    expect(orders.port).toMatchObject({ status: 'ported', isOpen: false });
  });

  it.each([GONE, refused(422)])(
    'and is not there is a problem of its manifest, and of no other',
    async (answer) => {
      const { orders, problems } = await read(
        {
          [ORDER]: answer,
          'GET /porting_orders/id-other': { ...row, id: 'id-other' },
          'GET /porting_orders/id-other/action_requirements': [],
        },
        portingManifest('port'),
        portingManifest('other'),
      );
      expect(Object.keys(orders)).toEqual(['other']);
      expect(problems).toEqual([
        {
          severity: 'error',
          code: 'order-not-found',
          message: 'Telnyx has no porting order id-port',
          hint: 'Correct `id:`, or remove the manifest. Create porting orders at Telnyx: regsync only edits them.',
          source: portingManifest('port').id.source,
        },
      ]);
    },
  );

  it('is read with its actions while it is open, whose links nobody may repeat', async () => {
    const link = 'https://verify.example.com/one';
    const action = { id: 'act-1', requirement_type_id: 'A', status: 'pending', action_url: link };
    const { orders, mask: redactor } = await read(
      { [ORDER]: row, [ACTIONS]: [action] },
      portingManifest('port'),
    );
    expect(orders.port?.actions).toMatchObject([{ requirementId: 'a', id: 'act-1', state: 'started' }]);
    expect(redactor.cover(`Please use ${link}`)).toBe('Please use «sensitive»');
  });

  it.each([GONE, []])('has no actions where Telnyx knows of none', async (answer) => {
    const { orders } = await read({ [ORDER]: row, [ACTIONS]: answer }, portingManifest('port'));
    expect(orders.port).not.toHaveProperty('actions');
  });

  it('that cannot be read ends the reading', async () => {
    await expect(read({ [ORDER]: refused(400) }, portingManifest('port'))).rejects.toThrow('answered 400');
  });

  it.each<[string, readonly object[], string]>([
    ['what it does demand', demanded, 'It demands a (Contact), b (?).'],
    ['that nothing is said yet', [], 'It does not list its requirements yet.'],
  ])('and does not demand what is stated is a problem with %s', async (_, answer, hint) => {
    const { problems } = await read(
      { [ORDER]: row, [REQUIREMENTS]: answer },
      portingManifest('port', { requirements: [stated('documents.invoice'), stated('x')] }),
    );
    expect(problems).toEqual([
      {
        severity: 'error',
        code: 'unknown-requirement',
        message: 'porting order id-port does not demand x',
        hint,
        source: stated('x').source,
      },
    ]);
  });
});
