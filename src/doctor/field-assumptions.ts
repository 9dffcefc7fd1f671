import type { Verdict } from '../model/report/doctor.ts';
import { normaliseText, parseTimestampMs } from '../model/text/normal-text.ts';
import {
  type AccountFacts,
  type AnswerRow,
  isRecord,
  type ListName,
  referencesIn,
  rowsIn,
  rowsOf,
  textOf,
  within,
} from './facts.ts';
import { formOf } from './shape.ts';
import { count, enumerate, expected, handled, unauthorised, unreadable, unseen } from './verdict.ts';

/** Verdicts about fields of rows: names, types and forms. No verdict repeats the content of a field. */

const NAMED_LISTS = [
  'requirement_groups',
  'documents',
  'addresses',
  'number_orders',
  'sub_number_orders',
  'number_order_phone_numbers',
  'porting_orders',
] as const satisfies readonly ListName[];

const NOTHING = unseen('nothing to look at: the account is empty');

export function judgeIds(facts: AccountFacts): Verdict {
  const ids = NAMED_LISTS.flatMap((name) => rowsOf(facts, name).map(({ id }) => ({ name, id })));
  if (ids.length === 0) return NOTHING;
  const wrong = new Set(ids.filter(({ id }) => textOf(id) === null).map(({ name }) => `/${name}`));
  if (wrong.size > 0) {
    return unreadable(`not texts in ${enumerate([...wrong])}: a number of 64 bits loses digits in JSON`);
  }
  return expected('texts');
}

/** Judges the types of text fields. regsync never reads a number or a mapping as "none". */
export function judgeTextFields(facts: AccountFacts): Verdict {
  const rows = NAMED_LISTS.flatMap((name) => rowsOf(facts, name));
  if (rows.length === 0) return NOTHING;
  const requirements = within(rowsOf(facts, 'requirement_groups'), 'regulatory_requirements');
  const wrong = [
    ...fieldIfWrong(rows, 'customer_reference'),
    ...fieldIfWrong(requirements, 'field_value'),
    ...fieldIfWrong(requirements, 'requirement_id'),
  ];
  return wrong.length === 0
    ? expected('texts or null')
    : unreadable(`${enumerate(wrong)} of another type: regsync cannot read them`);
}

function fieldIfWrong(rows: readonly AnswerRow[], field: string): string[] {
  return rows.some((row) => row[field] !== undefined && row[field] !== null && typeof row[field] !== 'string')
    ? [field]
    : [];
}

export function judgeTimes(facts: AccountFacts): Verdict {
  // Ordered numbers have no `created_at`.
  const rows = NAMED_LISTS.flatMap((name) => rowsOf(facts, name)).filter((row) => 'created_at' in row);
  const times = rows.map(({ created_at: time }) => textOf(time));
  if (times.length === 0) return NOTHING;
  const unread = times.filter((time) => time === null || parseTimestampMs(time) === null).length;
  const forms = new Set(times.flatMap((time) => (time === null ? [] : [formOf(time).replace('time, ', '')])));
  const shown = enumerate([...forms]) || 'none';
  return unread === 0
    ? expected(`created_at: ${shown}`)
    : handled(`${unread} of ${times.length} created_at cannot be read: the age of those is not known`);
}

/** Judges unset fields of addresses, documents and criteria, which have optional fields. */
export function judgeUnsetFields(facts: AccountFacts): Verdict {
  const criteria = criteriaIn(catalogueTypes(facts));
  const rows = [...rowsOf(facts, 'documents'), ...rowsOf(facts, 'addresses'), ...criteria];
  if (rows.length === 0) return NOTHING;
  const nulls = new Set(
    rows.flatMap((row) => Object.entries(row).flatMap(([field, value]) => (value === null ? [field] : []))),
  );
  return nulls.size === 0
    ? expected('empty or left out')
    : handled(`null in ${count(nulls.size, 'field')}, which means the same to regsync`);
}

function criteriaIn(types: readonly AnswerRow[]): readonly AnswerRow[] {
  return types.map(({ acceptance_criteria: criteria }) => criteria).filter(isRecord);
}

function catalogueTypes(facts: AccountFacts): readonly AnswerRow[] {
  const sets = rowsOf(facts, 'requirements');
  return [...within(sets, 'requirement_types'), ...within(sets, 'requirements_types'), ...regulatory(facts)];
}

function regulatory({ probes }: AccountFacts): readonly AnswerRow[] {
  return within(rowsIn(probes.get('regulatory')?.body) ?? [], 'regulatory_requirements');
}

export function judgeUserId(facts: AccountFacts): Verdict {
  const groups = rowsOf(facts, 'requirement_groups');
  if (groups.length === 0) return unseen('nothing to look at: the account has no group');
  const owners = new Set(groups.map(({ user_id: owner }) => textOf(owner)));
  if (owners.has(null)) return handled('user_id is missing; regsync does not use it');
  return owners.size === 1
    ? expected('user_id, the same in all')
    : handled(`user_id, ${owners.size} different ones: the key sees groups of several users`);
}

export function judgeSha256(facts: AccountFacts): Verdict {
  const documents = rowsOf(facts, 'documents');
  if (documents.length === 0) return unseen('nothing to look at: the account has no document');
  const digests = documents.map(({ sha256 }) => textOf(sha256));
  const missing = digests.filter((digest) => digest === null).length;
  if (missing > 0) {
    return handled(
      `missing in ${missing} of ${documents.length}: a plan may have to download documents without a reference of ours`,
    );
  }
  return digests.every((digest) => formOf(digest ?? '') === 'sha256')
    ? expected('64 hexadecimal digits')
    : handled('in another form: it never matches, and documents are known by their reference alone');
}

export function judgeRequirementsArray(facts: AccountFacts): Verdict {
  const sets = rowsOf(facts, 'requirements');
  if (sets.length === 0) return unseen('nothing to look at: no row for the country that was asked for');
  if (sets.every((row) => Array.isArray(row.requirement_types))) return expected('requirement_types');
  if (sets.every((row) => Array.isArray(row.requirement_types ?? row.requirements_types))) {
    return handled('requirements_types, the former name');
  }
  return unreadable('neither requirement_types nor requirements_types: regsync cannot read requirements');
}

export function judgeCriteria(facts: AccountFacts): Verdict {
  const answer = facts.probes.get('regulatory');
  if (answer === undefined) return unseen('nothing was answered');
  const { status, failure } = answer;
  if (failure !== null) return unreadable(failure);
  if ([400, 404, 422].includes(status)) {
    return handled(
      `/regulatory_requirements answers ${status} for a combination: /requirements decides alone`,
    );
  }
  if (status === 403)
    return unauthorised(
      'the key may not read /regulatory_requirements (403): give it the permission in the portal, or use another key',
    );
  if (status !== 200) return unreadable(`GET /regulatory_requirements answers ${status}`);
  const criteria = criteriaIn(regulatory(facts));
  if (criteria.length === 0) return unseen('nothing to look at: nothing is demanded there');
  const missing = ['regex', 'case_sensitive'].filter((field) => !criteria.some((one) => field in one));
  return missing.length === 0
    ? expected('both')
    : handled(`without ${enumerate(missing)}: values are not checked by it before they are sent`);
}

const FIELD_TYPES: ReadonlySet<unknown> = new Set([
  'textual',
  'text',
  'datetime',
  'document',
  'document_id',
  'address',
  'address_id',
  'action',
]);

export function judgeFieldTypes(facts: AccountFacts): Verdict {
  const types = [
    ...catalogueTypes(facts).map((type) => type.type ?? type.field_type),
    ...within(rowsOf(facts, 'requirement_groups'), 'regulatory_requirements').map(
      ({ field_type: type }) => type,
    ),
  ].filter((type) => type !== undefined && type !== null);
  if (types.length === 0) return NOTHING;
  const unknown = [...new Set(types)].filter((type) => !FIELD_TYPES.has(type));
  return unknown.length === 0
    ? expected('known')
    : handled(`unknown to regsync: ${nameWords(unknown)}; values of those are not checked`);
}

/** The most words that a verdict names. */
const MAX_WORDS = 10;

/** Names words of the API. A text that is not a plain word may be a value, and is only counted. */
export function nameWords(words: readonly unknown[]): string {
  const plain = words.filter(isPlainWord).slice(0, MAX_WORDS);
  const others = words.length - plain.length;
  return enumerate([...plain.map((word) => `"${word}"`), ...(others === 0 ? [] : [`${others} more`])]);
}

function isPlainWord(word: unknown): word is string {
  return typeof word === 'string' && word.length <= 40 && /^[a-z]+(?:[-_ ][a-z]+)*$/.test(word);
}

/** Counts references that differ from their normal form: NFC, without blanks around. */
export function judgeReferenceForms(facts: AccountFacts): Verdict {
  const references = NAMED_LISTS.flatMap((name) => referencesIn(rowsOf(facts, name)));
  if (references.length === 0) return unseen('nothing to look at: nothing has a reference');
  const others = references.filter((reference) => normaliseText(reference) !== reference).length;
  return others === 0
    ? expected(`${count(references.length, 'reference')}, all in normal form`)
    : handled(
        `${others} of ${references.length} are not in normal form (NFC, no blanks around): name those groups by \`id:\``,
      );
}

export function judgeRepeatedReferences(facts: AccountFacts): Verdict {
  const groups = rowsOf(facts, 'requirement_groups').filter(
    ({ customer_reference: one }) => textOf(one) !== null,
  );
  if (groups.length === 0) return unseen('nothing to look at: no group has a reference');
  const keys = groups.map(({ customer_reference, country_code, phone_number_type, action }) =>
    JSON.stringify([normaliseText(String(customer_reference)), country_code, phone_number_type, action]),
  );
  const repeated = new Set(keys.filter((key, index) => keys.indexOf(key) !== index)).size;
  return repeated === 0
    ? expected('none')
    : handled(
        `${count(repeated, 'reference')} of several groups of one combination: name the one that is meant by \`id:\``,
      );
}

export function judgePortingStatus(facts: AccountFacts): Verdict {
  const orders = rowsOf(facts, 'porting_orders');
  if (orders.length === 0) return unseen('nothing to look at: the account has no porting order');
  if (orders.every(({ status }) => isRecord(status) && Array.isArray(status.details)))
    return expected('value and details');
  return orders.every(({ status }) => textOf(isRecord(status) ? status.value : status) !== null)
    ? handled('without details: exceptions are not explained')
    : unreadable('it cannot be read');
}

/** Judges whether a PIN is shown or masked. Whether one is hidden cannot be told: it looks like none. */
export function judgePortingPin(facts: AccountFacts): Verdict {
  const pins = rowsOf(facts, 'porting_orders').flatMap(({ end_user: user }) => {
    const admin = isRecord(user) ? user.admin : null;
    return isRecord(admin) ? (textOf(admin.pin_passcode) ?? []) : [];
  });
  if (pins.length === 0) return unseen('nothing to look at: no porting order shows a PIN');
  const masked = pins.filter((pin) => /^[*•●]+$|[*•●]{2,}/.test(pin)).length;
  return masked === 0
    ? expected('shown')
    : handled(`masked in ${masked} of ${pins.length}: a new PIN alone is not seen as a change`);
}
