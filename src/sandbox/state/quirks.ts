import { refusal } from '../server/answer.ts';

/**
 * Where nobody outside knows what the real API does, or where it is known to do several things, a quirk decides.
 * The defaults are the best guess; a client is only right when it works with every value.
 */
export interface Quirks {
  /** What a changed value does to a group that was already submitted. */
  readonly patch_effect: 'unapprove' | 'requirement-only' | 'keep' | 'refuse';
  /** Values that break a requirement's acceptance criteria: left to the reviewer, or refused at once. */
  readonly criteria: 'accept' | 'refuse';
  /** Documents whose virus scan has not ended, as values. */
  readonly unscanned_documents: 'accept' | 'refuse';
  /** `bare`: a created group is answered with an empty list of requirements. */
  readonly groups_post_answer: 'full' | 'bare';
  /** `bare`: every answer of requirement_groups comes without `data` and `meta`, as the vendor's description says. */
  readonly groups_list_envelope: 'data' | 'bare';
  readonly groups_reference_filter: 'exact' | 'contains';
  /** What the list of a `/requirements` row is called: the present and the former name. */
  readonly requirements_array: 'requirement_types' | 'requirements_types';
  readonly documents_sha256: boolean;
  /** On the sandbox's clock. With 0 a document is scanned at the next request. */
  readonly scan_delay_seconds: number;
  /** `validate_address: true` outside US and CA. */
  readonly addresses_validate_abroad: 'fail' | 'pass';
  readonly delete_answer: 200 | 204;
  /**
   * `spec`: unset fields are "" or left out, as the vendor's description allows; `null`: as in its guides, where the times of orders
   * end in `+00:00` besides.
   */
  readonly unset_fields: 'spec' | 'null';
  readonly unknown_filters: 'ignore' | 'refuse';
  /** Names of lists (`requirement_groups`, `comments`, …) that answer everything, whatever page is asked for. */
  readonly ignore_paging: readonly string[];
  /** The lists in `ignore_paging` answer without `meta`. */
  readonly no_meta: boolean;
  /** On the sandbox's clock: from placing an order to its requirements. With 0 they are there at the next request. */
  readonly order_fill_delay_seconds: number;
  /** A group for an order whose requirements are not there yet: taken, or refused until they are. */
  readonly attach_before_filled: 'accept' | 'refuse';
  /** What the approved values of a group are on an order: approved at once, or reviewed again. */
  readonly approved_values: 'approve' | 'review';
  /** On the sandbox's clock, from placing an order and from each rejection. */
  readonly order_deadline_days: number;
  /** `malformed`: without their first digit, as a sample of the vendor's has it. */
  readonly order_deadlines: 'iso' | 'malformed';
  /** The status of cancelled orders: as in the guide, or one that the vendor's description knows. */
  readonly cancelled_orders: 'cancelled' | 'failure';
  /** Where requirements of ordered numbers say their status; `described`: only where the vendor's description has it. */
  readonly order_requirement_statuses: 'everywhere' | 'described';
  /** Only phone numbers that a search has shown can be ordered; `/_sandbox/searched-numbers` says which were. */
  readonly numbers_must_be_searched: boolean;
  /** Objects younger than this, in real time, are missing from lists. */
  readonly list_lag_ms: number;
  /** How groups and number orders store a `customer_reference`: documented nowhere. `cut`: at 255 characters. */
  readonly references: 'keep' | 'trim' | 'compose' | 'fold' | 'cut' | 'drop';
  /** `shallow`: a PATCH of a porting order takes each nested object whole, and clears what that leaves out. */
  readonly porting_patch: 'merge' | 'shallow';
  /** What a porting order shows of the PIN that was written to it: all, as many stars, or nothing. */
  readonly porting_pin: 'shown' | 'masked' | 'hidden';
  /**
   * A group that was declined, or has expired, submitted again with the same content. `after-answer`: a declined one only once
   * the customer has said something.
   */
  readonly resubmission: 'accept' | 'after-answer' | 'refuse';
  /** Whether an action requirement, which no group can fulfil, keeps its group from being submitted and used. */
  readonly action_requirements: 'block' | 'pass';
  /** On the sandbox's clock: from starting an action to its link. With 0 the link is in the answer. */
  readonly action_link_delay_seconds: number;
  /** `bare`: as described, single ones without `data`, and the list without `meta` and pages. */
  readonly advanced_orders_envelope: 'bare' | 'data';
  /** `list`: status and type of an advanced order are lists of one, as the vendor's client types them. */
  readonly advanced_orders_words: 'text' | 'list';
}

export const DEFAULT_QUIRKS: Quirks = {
  patch_effect: 'unapprove',
  criteria: 'accept',
  unscanned_documents: 'accept',
  groups_post_answer: 'full',
  groups_list_envelope: 'data',
  groups_reference_filter: 'exact',
  requirements_array: 'requirement_types',
  documents_sha256: true,
  scan_delay_seconds: 0,
  addresses_validate_abroad: 'fail',
  delete_answer: 200,
  unset_fields: 'spec',
  unknown_filters: 'ignore',
  ignore_paging: [],
  no_meta: false,
  order_fill_delay_seconds: 0,
  attach_before_filled: 'accept',
  approved_values: 'approve',
  order_deadline_days: 30,
  order_deadlines: 'iso',
  cancelled_orders: 'cancelled',
  order_requirement_statuses: 'everywhere',
  numbers_must_be_searched: false,
  list_lag_ms: 0,
  references: 'keep',
  porting_patch: 'merge',
  porting_pin: 'shown',
  resubmission: 'accept',
  action_requirements: 'block',
  action_link_delay_seconds: 0,
  advanced_orders_envelope: 'bare',
  advanced_orders_words: 'text',
};

export function changeQuirks(quirks: Quirks, changes: Readonly<Record<string, unknown>>): Quirks {
  for (const [name, value] of Object.entries(changes)) checkQuirk(name, value);
  return { ...quirks, ...changes };
}

function checkQuirk(name: string, value: unknown): void {
  if (!Object.hasOwn(ALLOWED, name)) {
    throw refusal(422, '10027', `There is no quirk "${name}". Known: ${Object.keys(ALLOWED).join(', ')}.`);
  }
  const allowed = ALLOWED[name as keyof Quirks];
  const fits = Array.isArray(allowed) ? allowed.includes(value) : (allowed as Check)(value);
  if (!fits) throw refusal(422, '10032', `${JSON.stringify(value)} is no value of the quirk "${name}".`);
}

type Check = (value: unknown) => boolean;

const isDuration: Check = (value) => typeof value === 'number' && value >= 0;
const isNameList: Check = (value) => Array.isArray(value) && value.every((name) => typeof name === 'string');

const ALLOWED: Readonly<Record<keyof Quirks, readonly unknown[] | Check>> = {
  patch_effect: ['unapprove', 'requirement-only', 'keep', 'refuse'],
  criteria: ['accept', 'refuse'],
  unscanned_documents: ['accept', 'refuse'],
  groups_post_answer: ['full', 'bare'],
  groups_list_envelope: ['data', 'bare'],
  groups_reference_filter: ['exact', 'contains'],
  requirements_array: ['requirement_types', 'requirements_types'],
  documents_sha256: [true, false],
  scan_delay_seconds: isDuration,
  addresses_validate_abroad: ['fail', 'pass'],
  delete_answer: [200, 204],
  unset_fields: ['spec', 'null'],
  unknown_filters: ['ignore', 'refuse'],
  ignore_paging: isNameList,
  no_meta: [true, false],
  order_fill_delay_seconds: isDuration,
  attach_before_filled: ['accept', 'refuse'],
  approved_values: ['approve', 'review'],
  order_deadline_days: isDuration,
  order_deadlines: ['iso', 'malformed'],
  cancelled_orders: ['cancelled', 'failure'],
  order_requirement_statuses: ['everywhere', 'described'],
  numbers_must_be_searched: [true, false],
  list_lag_ms: isDuration,
  references: ['keep', 'trim', 'compose', 'fold', 'cut', 'drop'],
  porting_patch: ['merge', 'shallow'],
  porting_pin: ['shown', 'masked', 'hidden'],
  resubmission: ['accept', 'after-answer', 'refuse'],
  action_requirements: ['block', 'pass'],
  action_link_delay_seconds: isDuration,
  advanced_orders_envelope: ['bare', 'data'],
  advanced_orders_words: ['text', 'list'],
};
