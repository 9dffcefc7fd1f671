import type { SettingPath } from '../../model/orders/porting.ts';
import type { Attention } from '../../model/plan/plan.ts';
import type { SourcePosition } from '../../model/problem.ts';
import type { RemoteId } from '../../model/resource.ts';
import { joined, named, type Sentence, sentence } from '../../model/text/sentence.ts';
import { about } from '../values/about.ts';

interface PortingException {
  /** The settings to change: the attention is at the first that the manifest states. */
  readonly paths: readonly SettingPath[];
  /** What is wrong, and what to do. */
  readonly advice: Sentence;
}

/** A Map, since the code comes from Telnyx. The 21 codes are documented, and what each is about follows from its name. */
const EXCEPTIONS: ReadonlyMap<string, PortingException> = new Map<string, PortingException>([
  [
    'ACCOUNT_NUMBER_MISMATCH',
    {
      paths: ['end_user.admin.account_number'],
      advice: sentence`the other carrier has another account number. Take it from its latest bill`,
    },
  ],
  [
    'AUTH_PERSON_MISMATCH',
    {
      paths: ['end_user.admin.auth_person_name'],
      advice: sentence`the other carrier has another authorised person. Ask it who that is`,
    },
  ],
  [
    'BTN_ATN_MISMATCH',
    {
      paths: ['end_user.admin.billing_phone_number'],
      advice: sentence`the other carrier has another billing number. Take it from its latest bill`,
    },
  ],
  [
    'ENTITY_NAME_MISMATCH',
    {
      paths: ['end_user.admin.entity_name'],
      advice: sentence`the other carrier has another name of the customer. Write it as on its latest bill`,
    },
  ],
  [
    'FOC_EXPIRED',
    {
      paths: ['activation_settings.foc_datetime_requested'],
      advice: sentence`the confirmed date has passed. Request a new one`,
    },
  ],
  [
    'FOC_REJECTED',
    {
      paths: ['activation_settings.foc_datetime_requested'],
      advice: sentence`the other carrier rejects the requested date. Request another one`,
    },
  ],
  [
    'LOCATION_MISMATCH',
    {
      paths: [
        'end_user.location.street_address',
        'end_user.location.extended_address',
        'end_user.location.locality',
        'end_user.location.administrative_area',
        'end_user.location.postal_code',
        'end_user.location.country_code',
      ],
      advice: sentence`the other carrier has another service address. Write it as on its latest bill`,
    },
  ],
  [
    'LSR_PENDING',
    {
      paths: [],
      advice: sentence`another request for these numbers is open. Have it cancelled at the other carrier, or wait`,
    },
  ],
  [
    'MAIN_BTN_PORTING',
    {
      paths: ['misc.new_billing_phone_number', 'misc.remaining_numbers_action', 'misc.type'],
      advice: sentence`the billing number is among those that are ported, and others remain. Port all of them, or name a new billing number`,
    },
  ],
  ['OSP_IRRESPONSIVE', { paths: [], advice: sentence`the other carrier does not answer. Call it` }],
  ['OTHER', { paths: [], advice: sentence`the reason is not in the list. Read the comments on the order` }],
  [
    'PASSCODE_PIN_INVALID',
    {
      paths: ['end_user.admin.pin_passcode'],
      advice: sentence`the other carrier does not accept the PIN. Ask it for the right one`,
    },
  ],
  [
    'PHONE_NUMBER_HAS_SPECIAL_FEATURE',
    {
      paths: [],
      advice: sentence`a number has a feature that the other carrier has to remove first. Ask it to`,
    },
  ],
  [
    'PHONE_NUMBER_MISMATCH',
    {
      paths: [],
      advice: sentence`a number is not on that account. Correct the numbers of the order at Telnyx`,
    },
  ],
  [
    'PHONE_NUMBER_NOT_PORTABLE',
    { paths: [], advice: sentence`a number cannot be ported. Take it out of the order at Telnyx` },
  ],
  [
    'PORT_TYPE_INCORRECT',
    { paths: ['misc.type'], advice: sentence`the port is partial and should be full, or the reverse` },
  ],
  [
    'PORTING_ORDER_SPLIT_REQUIRED',
    { paths: [], advice: sentence`these numbers have to be ported in several orders. Split it at Telnyx` },
  ],
  [
    'POSTAL_CODE_MISMATCH',
    {
      paths: ['end_user.location.postal_code'],
      advice: sentence`the other carrier has another postal code. Take it from its latest bill`,
    },
  ],
  [
    'RATE_CENTER_NOT_PORTABLE',
    {
      paths: [],
      advice: sentence`numbers of this area cannot be ported to Telnyx. Take them out of the order`,
    },
  ],
  ['SV_CONFLICT', { paths: [], advice: sentence`the other carrier objects. Ask it why` }],
  [
    'SV_UNKNOWN_FAILURE',
    { paths: [], advice: sentence`the registry of numbers failed. Wait, and then ask the support of Telnyx` },
  ],
]);

export interface ExceptionInput {
  readonly manifest: { readonly name: string; readonly source: SourcePosition };
  readonly order: {
    readonly id: RemoteId;
    readonly status: string;
    readonly exceptionCodes?: readonly string[];
  };
  /** Settings that the manifest states, with their lines. */
  readonly stated: readonly { readonly path: SettingPath; readonly source: SourcePosition }[];
  /** Those that the next apply changes. */
  readonly changed: ReadonlySet<SettingPath>;
}

/** Returns why an order is in exception and what to do, each reason at the line of the setting that it is about. */
export function exceptionAttention(input: ExceptionInput): Attention[] {
  const { manifest, order } = input;
  if (order.status !== 'exception') return [];
  const codes = order.exceptionCodes ?? [];
  if (codes.length === 0) {
    const message = sentence`porting order ${named(order.id)} is in exception, and Telnyx does not say why. Read the comments on the order`;
    return [about(manifest, 'order-exception', message)];
  }
  return codes.map((code) => explain(code, input));
}

function explain(code: string, { manifest, order, stated, changed }: ExceptionInput): Attention {
  const { paths, advice } = EXCEPTIONS.get(code) ?? UNKNOWN;
  const own = paths.flatMap((path) => stated.find((setting) => setting.path === path) ?? []);
  const shown = WORD.test(code) ? named(code) : '…';
  const next = nextStep(
    paths,
    own.map(({ path }) => path),
    changed,
  );
  const message = sentence`porting order ${named(order.id)} is in exception, ${shown}: ${advice}.${next}`;
  return about(manifest, 'order-exception', message, own[0]?.source);
}

/** What a code looks like. Anything else comes from nobody who should be quoted. */
const WORD = /^\w{1,64}$/;

const UNKNOWN: PortingException = {
  paths: [],
  advice: sentence`regsync does not know this code. Read the comments on the order`,
};

function nextStep(
  paths: readonly SettingPath[],
  stated: readonly SettingPath[],
  changed: ReadonlySet<SettingPath>,
): Sentence {
  const [first] = paths;
  if (first === undefined) return [];
  const written = stated.filter((path) => changed.has(path));
  if (written.length > 0) return sentence` The next apply changes ${joined(written.map(named), ', ')}.`;
  if (stated.length > 0) return sentence` Change ${joined(stated.map(named), ', ')}.`;
  return sentence` The manifest does not state ${named(first)}: add it, or correct it at Telnyx.`;
}
