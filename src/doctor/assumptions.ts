import type { Basis, Finding, Verdict } from '../model/report/doctor.ts';
import { judgeMissing, judgeRequestId } from './connection.ts';
import type { AccountFacts, ListName } from './facts.ts';
import * as fields from './field-assumptions.ts';
import * as filters from './filter-assumptions.ts';
import * as lists from './list-assumptions.ts';
import * as orders from './order-assumptions.ts';
import { unseen } from './verdict.ts';

/** What regsync takes the API to be like, where nobody has written it down for certain, and GETs alone can settle it. */
export interface Assumption {
  readonly id: string;
  readonly subject: string;
  readonly question: string;
  readonly basis: Basis;
  readonly judge: (facts: AccountFacts) => Verdict;
}

type Line = readonly [
  id: string,
  subject: string,
  question: string,
  basis: Basis,
  judge: Assumption['judge'],
];

/** These declare no paging parameters. */
const UNDESCRIBED: ReadonlySet<ListName> = new Set([
  'comments',
  'sub_number_orders',
  'number_order_phone_numbers',
]);

const LINES: readonly Line[] = [
  [
    'groups-envelope',
    'groups: envelope',
    'Do groups come under `data`?',
    'contradictory',
    (facts) => lists.judgeEnvelope(facts, 'requirement_groups'),
  ],
  [
    'group-envelope',
    'one group: envelope',
    'Does a single group come under `data`?',
    'contradictory',
    lists.judgeSingle,
  ],
  [
    'groups-pages',
    'groups: pages',
    'Does the list of groups take page[number] and page[size]?',
    'unknown',
    (facts) => lists.judgePages(facts, 'requirement_groups'),
  ],
  [
    'groups-meta',
    'groups: meta',
    'Does the list of groups say how many there are?',
    'contradictory',
    (facts) => lists.judgeMeta(facts, 'requirement_groups'),
  ],
  ...listLines([
    'documents',
    'addresses',
    'document_links',
    'requirements',
    'comments',
    'number_orders',
    'sub_number_orders',
    'number_order_phone_numbers',
    'porting_orders',
  ]),

  [
    'groups-reference-filter',
    'groups by reference',
    'Is filter[customer_reference] of groups exact?',
    'unknown',
    (facts) => filters.judgeReferenceFilter(facts, 'requirement_groups'),
  ],
  [
    'documents-reference-filter',
    'documents by reference',
    'Is filter[customer_reference][eq] of documents exact?',
    'documented',
    (facts) => filters.judgeReferenceFilter(facts, 'documents'),
  ],
  [
    'documents-references-filter',
    'documents by references',
    'Which form of filter[customer_reference][in] is taken?',
    'unknown',
    filters.judgeReferencesFilter,
  ],
  [
    'addresses-reference-filter',
    'addresses by reference',
    'Is filter[customer_reference][eq] of addresses exact?',
    'documented',
    (facts) => filters.judgeReferenceFilter(facts, 'addresses'),
  ],
  [
    'orders-reference-filter',
    'orders by reference',
    'Is filter[customer_reference] of number orders exact?',
    'documented',
    (facts) => filters.judgeReferenceFilter(facts, 'number_orders'),
  ],
  [
    'links-filter',
    'links by document',
    'Can document links be filtered by document?',
    'contradictory',
    filters.judgeLinksFilter,
  ],
  [
    'unknown-filter',
    'unknown filters',
    'Are filters that do not exist ignored?',
    'unknown',
    filters.judgeUnknownFilter,
  ],
  [
    'mobile-filter',
    'mobile requirements',
    'Does /requirements take filter[phone_number_type]=mobile?',
    'unknown',
    filters.judgeMobileFilter,
  ],

  ['ids', 'ids', 'Are ids texts, also those of 64 bits?', 'documented', fields.judgeIds],
  [
    'text-fields',
    'references and values',
    'Are references and values texts or null?',
    'documented',
    fields.judgeTextFields,
  ],
  ['times', 'times', 'Can times be read, whatever their form?', 'contradictory', fields.judgeTimes],
  [
    'unset-fields',
    'unset fields',
    'Are unset fields empty, left out or null?',
    'contradictory',
    fields.judgeUnsetFields,
  ],
  [
    'user-id',
    'owner of groups',
    'Do groups say whose they are (user_id)?',
    'contradictory',
    fields.judgeUserId,
  ],
  ['sha256', 'digest of documents', 'Do documents come with their sha256?', 'documented', fields.judgeSha256],
  ['scans', 'scans of documents', 'Are documents scanned at once?', 'unknown', orders.judgeScans],
  [
    'requirements-array',
    'requirement_types',
    'Which name has the list in a row of /requirements?',
    'contradictory',
    fields.judgeRequirementsArray,
  ],
  [
    'criteria',
    'regex and case',
    'Does /regulatory_requirements say regex and case_sensitive?',
    'documented',
    fields.judgeCriteria,
  ],
  [
    'field-types',
    'types of requirements',
    'Are all types of requirements known?',
    'contradictory',
    fields.judgeFieldTypes,
  ],
  ['statuses', 'statuses', 'Are all statuses known?', 'contradictory', orders.judgeStatuses],
  [
    'reference-forms',
    'form of references',
    'Does a reference come back as regsync compares it?',
    'unknown',
    fields.judgeReferenceForms,
  ],
  [
    'repeated-references',
    'references used twice',
    'Does a reference and combination mean one group?',
    'unknown',
    fields.judgeRepeatedReferences,
  ],

  [
    'sub-orders-with-numbers',
    'numbers in sub orders',
    'Does the list of sub orders show phone numbers when asked?',
    'inferred',
    orders.judgeNumbersInSubOrders,
  ],
  [
    'order-requirements',
    'requirements of orders',
    'Are the requirements of ordered numbers there at once?',
    'documented',
    orders.judgeFilled,
  ],
  [
    'order-statuses',
    'statuses in orders',
    'Do requirements of ordered numbers say their status?',
    'contradictory',
    orders.judgeRequirementStatuses,
  ],
  [
    'order-deadlines',
    'deadlines of orders',
    'Can deadlines be read?',
    'contradictory',
    orders.judgeDeadlines,
  ],
  [
    'cancelled-orders',
    'cancelled orders',
    'Which status do cancelled orders have?',
    'contradictory',
    orders.judgeCancelled,
  ],
  [
    'porting-status',
    'status of portings',
    'Does the status of a porting order have details?',
    'documented',
    fields.judgePortingStatus,
  ],
  [
    'porting-pin',
    'PIN of portings',
    'Does a porting order show its PIN?',
    'documented',
    fields.judgePortingPin,
  ],

  [
    'missing',
    'unknown ids',
    'Does an id that nothing has answer 404, code 10005?',
    'inferred',
    (facts) => ofProbe(facts, 'missing', judgeMissing),
  ],
  [
    'request-id',
    'request id',
    'Which header names the request?',
    'unknown',
    (facts) => ofProbe(facts, 'missing', ({ headers }) => judgeRequestId(headers)),
  ],
];

/** Of lists that are described with pages and `meta`, one line for each. */
function listLines(names: readonly ListName[]): readonly Line[] {
  return names.map((name) => [
    `list-${name.replaceAll('_', '-')}`,
    name.replaceAll('_', ' '),
    `Does /${name} come under \`data\`, in pages, with \`meta\`?`,
    UNDESCRIBED.has(name) ? 'inferred' : 'documented',
    (facts) => lists.judgeList(facts, name),
  ]);
}

function ofProbe(
  { probes }: AccountFacts,
  id: string,
  judge: (answer: NonNullable<ReturnType<AccountFacts['probes']['get']>>) => Verdict,
): Verdict {
  const answer = probes.get(id);
  return answer === undefined || answer.status === 0 ? unseen('nothing was answered') : judge(answer);
}

export const ASSUMPTIONS: readonly Assumption[] = LINES.map(([id, subject, question, basis, judge]) => ({
  id,
  subject,
  question,
  basis,
  judge,
}));

export function judgeAssumptions(facts: AccountFacts, account: string | null): readonly Finding[] {
  return ASSUMPTIONS.map(({ id, subject, question, basis, judge }) => ({
    id,
    section: 'api',
    account,
    subject,
    ...judge(facts),
    assumption: { question, basis },
  }));
}
