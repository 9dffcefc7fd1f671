import { type AccountFacts, type AnswerRow, type ListName, referencesIn, rowsOf, textOf } from './facts.ts';

/**
 * A GET that the doctor makes with a key. Most are those that regsync makes; a few test undocumented
 * behaviour.
 */
export interface Probe {
  readonly template: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
}

/** The lists that any plan may need, followed by those that only orders need. */
export const CORE_LISTS = ['requirement_groups', 'documents', 'document_links', 'addresses'] as const;
export const ORDER_LISTS = [
  'number_orders',
  'sub_number_orders',
  'number_order_phone_numbers',
  'porting_orders',
] as const;

/** Requests the requirements of a country that a group names. */
export function requirementsOf(facts: Pick<AccountFacts, 'lists'>): Probe {
  return { template: '/requirements', query: { 'filter[country_code]': combinationOf(facts).country } };
}

/** Requests the comments of a group that is likely to have some. Null if the account has no group. */
export function commentsOf(facts: Pick<AccountFacts, 'lists'>): Probe | null {
  const groups = rowsOf(facts, 'requirement_groups');
  const group = groups.find(({ status }) => status === 'declined') ?? groups[0];
  const id = textOf(group?.id);
  if (id === null) return null;
  return {
    template: '/comments',
    query: { 'filter[comment_record_type]': 'requirement_group', 'filter[comment_record_id]': id },
  };
}

/** Returns the probe that shows whether a list has pages. */
export function secondPageOf(probe: Probe): Probe {
  return { ...probe, query: { ...probe.query, 'page[number]': '2', 'page[size]': '1' } };
}

/** A reference that no row has. */
const NONSENSE = 'regsync-doctor-matches-nothing';
/** A well-formed id that nothing has: no random id contains so many zeros. */
const NO_ID = '00000000-0000-4000-8000-000000000000';

const PAGE = { 'page[number]': '1', 'page[size]': '250' };

/** Returns the probes that follow the lists, each by its id. */
export function probesFor(facts: Pick<AccountFacts, 'lists'>): ReadonlyMap<string, Probe> {
  const probes = new Map<string, Probe>();
  const ask = (id: string, template: string, query: Probe['query'] = {}) =>
    probes.set(id, { template, query: { ...query, ...PAGE } });

  askForReferences(facts, ask);
  const [group] = rowsOf(facts, 'requirement_groups');
  const groupId = textOf(group?.id);
  if (groupId !== null)
    probes.set('group', { template: '/requirement_groups/{id}', params: { id: groupId } });
  const linked = textOf(rowsOf(facts, 'document_links')[0]?.document_id);
  if (linked !== null) ask('links-by-document', '/document_links', { 'filter[document_id]': linked });

  ask('unknown-filter', '/requirement_groups', { 'filter[regsync_doctor]': NONSENSE });
  ask('sub-orders-with-numbers', '/sub_number_orders', { 'filter[include_phone_numbers]': 'true' });
  const { country, type, action } = combinationOf(facts);
  ask('mobile', '/requirements', {
    'filter[country_code]': country,
    'filter[phone_number_type]': 'mobile',
  });
  probes.set('regulatory', {
    template: '/regulatory_requirements',
    query: {
      'filter[country_code]': country,
      'filter[phone_number_type]': type,
      'filter[action]': action,
    },
  });
  probes.set('missing', { template: '/requirement_groups/{id}', params: { id: NO_ID } });
  return probes;
}

type Ask = (id: string, template: string, query: Probe['query']) => unknown;

/** Requests rows by an existing reference, by a part of it, and by one that does not exist. */
function askForReferences(facts: Pick<AccountFacts, 'lists'>, ask: Ask): void {
  for (const { name, filter } of REFERENCE_FILTERS) {
    const reference = referenceToAskFor(rowsOf(facts, name));
    if (reference === null) continue;
    ask(`${name}-by-reference`, `/${name}`, { [filter]: reference });
    ask(`${name}-by-part`, `/${name}`, { [filter]: reference.slice(0, -1) });
    ask(`${name}-by-nonsense`, `/${name}`, { [filter]: NONSENSE });
    if (name === 'documents') {
      ask('documents-by-references', '/documents', {
        'filter[customer_reference][in][]': [reference, NONSENSE],
      });
    }
  }
}

/** The filters as regsync writes them. */
const REFERENCE_FILTERS: readonly { readonly name: ListName; readonly filter: string }[] = [
  { name: 'requirement_groups', filter: 'filter[customer_reference]' },
  { name: 'documents', filter: 'filter[customer_reference][eq]' },
  { name: 'addresses', filter: 'filter[customer_reference][eq]' },
  { name: 'number_orders', filter: 'filter[customer_reference]' },
];

/** Returns a reference whose shortened form is not the reference of another row, or null. */
export function referenceToAskFor(rows: readonly AnswerRow[]): string | null {
  const references = new Set(referencesIn(rows));
  return (
    [...references].find((reference) => reference.length > 4 && !references.has(reference.slice(0, -1))) ??
    null
  );
}

/** Returns the combination to request from the catalogue: that of the newest group, or a default. */
function combinationOf(facts: Pick<AccountFacts, 'lists'>) {
  const group = rowsOf(facts, 'requirement_groups').find(({ country_code: code }) =>
    /^[A-Z]{2}$/.test(String(code)),
  );
  const [country, type, action] = [group?.country_code, group?.phone_number_type, group?.action].map(textOf);
  return { country: country ?? 'DE', type: type ?? 'local', action: action ?? 'ordering' };
}
