import { refusal } from '../server/answer.ts';

/**
 * The behaviours of the real API that are unknown or vary. The defaults are the best guess. A client is only
 * correct if it works with every value.
 */
export interface Quirks {
  /** The effect of a changed value on a group that was already submitted. */
  readonly patch_effect: 'unapprove' | 'requirement-only' | 'keep' | 'refuse';
  /**
   * The response to values that break a requirement's acceptance criteria: they are left to the reviewer, or
   * refused.
   */
  readonly criteria: 'accept' | 'refuse';
  /** The response to values that name documents whose virus scan has not ended. */
  readonly unscanned_documents: 'accept' | 'refuse';
  /** `bare` answers the creation of a group with an empty list of requirements. */
  readonly groups_post_answer: 'full' | 'bare';
  /** `bare` answers requirement_groups without `data` and `meta`, as the vendor's description says. */
  readonly groups_list_envelope: 'data' | 'bare';
  readonly groups_reference_filter: 'exact' | 'contains';
  /** The name of the list in a `/requirements` row: the current or the former one. */
  readonly requirements_array: 'requirement_types' | 'requirements_types';
  readonly documents_sha256: boolean;
  /**
   * The time until a document is scanned, on the sandbox's clock. With 0 it is scanned at the next request.
   */
  readonly scan_delay_seconds: number;
  /** The result of `validate_address: true` outside US and CA. */
  readonly addresses_validate_abroad: 'fail' | 'pass';
  readonly delete_answer: 200 | 204;
  /**
   * The form of unset fields. `spec` writes "" or leaves them out, as the vendor's description allows. `null`
   * follows its guides, where the times of orders also end in `+00:00`.
   */
  readonly unset_fields: 'spec' | 'null';
  readonly unknown_filters: 'ignore' | 'refuse';
  /** The names of lists (`requirement_groups`, `comments`, …) that answer all rows for any page. */
  readonly ignore_paging: readonly string[];
  /** The lists in `ignore_paging` answer without `meta`. */
  readonly no_meta: boolean;
  /**
   * The time from placing an order to its requirements, on the sandbox's clock. With 0 they appear at the
   * next request.
   */
  readonly order_fill_delay_seconds: number;
  /**
   * The response to a group for an order that has no requirements yet: accepted, or refused until it has
   * them.
   */
  readonly attach_before_filled: 'accept' | 'refuse';
  /** The status of a group's approved values on an order: approved, or reviewed again. */
  readonly approved_values: 'approve' | 'review';
  /** The time for missing values from placing an order and from each rejection, on the sandbox's clock. */
  readonly order_deadline_days: number;
  /** `malformed` writes deadlines without their first digit, as in a sample of the vendor's. */
  readonly order_deadlines: 'iso' | 'malformed';
  /** The status of cancelled orders: the one in the guide, or one from the vendor's description. */
  readonly cancelled_orders: 'cancelled' | 'failure';
  /**
   * The places where requirements of ordered numbers have a status. `described` means only where the vendor's
   * description has it.
   */
  readonly order_requirement_statuses: 'everywhere' | 'described';
  /**
   * True if only phone numbers that a search has shown can be ordered. `/_sandbox/searched-numbers` sets
   * them.
   */
  readonly numbers_must_be_searched: boolean;
  /** The age in real time below which objects are missing from lists. */
  readonly list_lag_ms: number;
  /**
   * The form in which groups and number orders store a `customer_reference`, which is not documented. `cut`
   * keeps 255 characters.
   */
  readonly references: 'keep' | 'trim' | 'compose' | 'fold' | 'cut' | 'drop';
  /**
   * `shallow` replaces each nested object in a PATCH of a porting order as a whole, and clears the fields
   * that it leaves out.
   */
  readonly porting_patch: 'merge' | 'shallow';
  /** The form in which a porting order shows its PIN: in full, as stars, or not at all. */
  readonly porting_pin: 'shown' | 'masked' | 'hidden';
  /**
   * The response to a declined or expired group that is submitted again unchanged. `after-answer` accepts a
   * declined one only after a comment of the customer.
   */
  readonly resubmission: 'accept' | 'after-answer' | 'refuse';
  /** `block` refuses to submit or use a group with an action requirement, which no group can fulfil. */
  readonly action_requirements: 'block' | 'pass';
  /**
   * The time from starting an action to its link, on the sandbox's clock. With 0 the answer contains the
   * link.
   */
  readonly action_link_delay_seconds: number;
  /** `bare` follows the description: single orders without `data`, and the list without `meta` and pages. */
  readonly advanced_orders_envelope: 'bare' | 'data';
  /**
   * `list` writes status and type of an advanced order as lists of one, as the vendor's client types them.
   */
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
  if (!fits) throw refusal(422, '10032', `${JSON.stringify(value)} is not a value of the quirk "${name}".`);
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
