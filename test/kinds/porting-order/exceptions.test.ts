import { describe, expect, it } from 'vitest';
import { exceptionAttention } from '../../../src/kinds/porting-order/exceptions.ts';
import type { SettingPath } from '../../../src/model/orders/porting.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import { listExceptionTypes } from '../../../src/sandbox/orders/porting-exceptions.ts';

const MANIFEST = { name: 'berlin-port', source: { file: 'groups/port.yaml', line: 2, column: 1 } };
const PIN = 'end_user.admin.pin_passcode';
const LOCALITY = 'end_user.location.locality';
const LINES: Readonly<Partial<Record<SettingPath, number>>> = { [PIN]: 12, [LOCALITY]: 15 };

/** `[message, line]` of each attention. */
function said(
  exceptionCodes: readonly string[],
  {
    status = 'exception',
    stated = [],
    changed = [],
  }: { status?: string; stated?: readonly SettingPath[]; changed?: readonly SettingPath[] } = {},
) {
  const attention = exceptionAttention({
    manifest: MANIFEST,
    order: { id: asRemoteId('id-port'), status, exceptionCodes },
    stated: stated.map((path) => ({ path, source: { ...MANIFEST.source, line: LINES[path] ?? 99 } })),
    changed: new Set(changed),
  });
  expect(new Set(attention.map(({ code, name, source }) => [code, name, source?.file].join()))).toEqual(
    new Set(attention.length === 0 ? [] : ['order-exception,berlin-port,groups/port.yaml']),
  );
  return attention.map(({ message, source }) => [message, source?.line]);
}

const BAD_PIN =
  'porting order id-port is in exception, PASSCODE_PIN_INVALID: the other carrier does not accept the PIN. Ask it for the right one.';
const BAD_PLACE =
  'porting order id-port is in exception, LOCATION_MISMATCH: the other carrier has another service address. Write it as on its latest bill.';

describe('a porting order', () => {
  it('that is not in exception has nothing to say', () => {
    expect(said(['PASSCODE_PIN_INVALID'], { status: 'in-process' })).toEqual([]);
  });

  it('in exception without a reason says so', () => {
    const message =
      'porting order id-port is in exception, and Telnyx does not say why. Read the comments on the order';
    expect(said([])).toEqual([[message, 2]]);
  });

  it.each<[string, string, Parameters<typeof said>[1], string, number]>([
    ['a stated field', 'PASSCODE_PIN_INVALID', { stated: [PIN] }, `${BAD_PIN} Change ${PIN}.`, 12],
    [
      'a field that this plan changes',
      'PASSCODE_PIN_INVALID',
      { stated: [PIN], changed: [PIN] },
      `${BAD_PIN} The next apply changes ${PIN}.`,
      12,
    ],
    [
      'a field that is not stated',
      'PASSCODE_PIN_INVALID',
      {},
      `${BAD_PIN} The manifest does not state ${PIN}: add it, or correct it at Telnyx.`,
      2,
    ],
    [
      'the first of its fields that is stated',
      'LOCATION_MISMATCH',
      { stated: [LOCALITY] },
      `${BAD_PLACE} Change ${LOCALITY}.`,
      15,
    ],
    [
      'no field of the manifest',
      'OSP_IRRESPONSIVE',
      { stated: [PIN] },
      'porting order id-port is in exception, OSP_IRRESPONSIVE: the other carrier does not answer. Call it.',
      2,
    ],
    [
      'what regsync does not know',
      'constructor',
      { stated: [PIN] },
      'porting order id-port is in exception, constructor: regsync does not know this code. Read the comments on the order.',
      2,
    ],
    [
      'what is not a word',
      'PIN of Jo Example',
      {},
      'porting order id-port is in exception, …: regsync does not know this code. Read the comments on the order.',
      2,
    ],
  ])('in exception because of %s says at its line what to do', (_, code, given, message, line) => {
    expect(said([code], given)).toEqual([[message, line]]);
  });

  it('in exception for several reasons says each', () => {
    expect(said(['LOCATION_MISMATCH', 'PASSCODE_PIN_INVALID'], { stated: [PIN] })).toEqual([
      [
        `${BAD_PLACE} The manifest does not state end_user.location.street_address: add it, or correct it at Telnyx.`,
        2,
      ],
      [`${BAD_PIN} Change ${PIN}.`, 12],
    ]);
  });

  it.each<[string, SettingPath]>([
    ['ACCOUNT_NUMBER_MISMATCH', 'end_user.admin.account_number'],
    ['AUTH_PERSON_MISMATCH', 'end_user.admin.auth_person_name'],
    ['BTN_ATN_MISMATCH', 'end_user.admin.billing_phone_number'],
    ['ENTITY_NAME_MISMATCH', 'end_user.admin.entity_name'],
    ['FOC_EXPIRED', 'activation_settings.foc_datetime_requested'],
    ['FOC_REJECTED', 'activation_settings.foc_datetime_requested'],
    ['LOCATION_MISMATCH', 'end_user.location.street_address'],
    ['MAIN_BTN_PORTING', 'misc.new_billing_phone_number'],
    ['PASSCODE_PIN_INVALID', PIN],
    ['PORT_TYPE_INCORRECT', 'misc.type'],
    ['POSTAL_CODE_MISMATCH', 'end_user.location.postal_code'],
  ])('in exception with %s points to %s', (code, path) => {
    const [[message] = []] = said([code], { stated: [path] });
    expect(message).toMatch(new RegExp(`Change ${path}\\.$`));
  });

  it('in exception with any documented code is told what to do', () => {
    const { data } = JSON.parse(String(listExceptionTypes().body)) as { data: { code: string }[] };
    const codes = data.map(({ code }) => code);
    expect(codes).toHaveLength(21);
    const messages = said(codes).map(([message]) => String(message));
    expect(messages.filter((message) => message.includes('does not know this code'))).toEqual([]);
  });
});
