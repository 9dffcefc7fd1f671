import { expect, it } from 'vitest';
import { BERLIN_NUMBER, connect, GERMAN } from './connection.ts';

const WRITTEN = ` Zu\u0308rich  ${'7'.repeat(300)} `;

it.each([
  ['keep', WRITTEN],
  ['trim', WRITTEN.trim()],
  ['compose', WRITTEN.normalize('NFC')],
  ['fold', WRITTEN.replace('  ', ' ')],
  ['cut', WRITTEN.slice(0, 255)],
  ['drop', null],
])(
  'A sandbox that is told to %s references does so with those of groups and of number orders.',
  async (references, stored) => {
    const { api, control } = await connect();
    await control('PATCH', '/quirks', { references });
    const group = await api('POST', '/requirement_groups', { ...GERMAN, customer_reference: WRITTEN });
    expect(group.body.data.customer_reference).toBe(stored);
    const order = await api('POST', '/number_orders', {
      phone_numbers: [{ phone_number: BERLIN_NUMBER }],
      customer_reference: 'PO 7',
    });
    const { data } = (
      await api('PATCH', `/number_orders/${order.body.data.id}`, { customer_reference: WRITTEN })
    ).body;
    expect(data.customer_reference).toBe(stored ?? '');
  },
);
