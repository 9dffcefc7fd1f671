import type { Basis, Finding, Verdict } from '../model/report/doctor.ts';
import { judgeMissing, judgeRequestId } from './connection.ts';
import type { AccountFacts, ListName } from './facts.ts';
import {
  judgeCriteria,
  judgeFieldTypes,
  judgeIds,
  judgePortingPin,
  judgePortingStatus,
  judgeReferenceForms,
  judgeRepeatedReferences,
  judgeRequirementsArray,
  judgeSha256,
  judgeTextFields,
  judgeTimes,
  judgeUnsetFields,
  judgeUserId,
} from './field-assumptions.ts';
import {
  judgeLinksFilter,
  judgeMobileFilter,
  judgeReferenceFilter,
  judgeReferencesFilter,
  judgeUnknownFilter,
} from './filter-assumptions.ts';
import { judgeEnvelope, judgeList, judgeMeta, judgePages, judgeSingle } from './list-assumptions.ts';
import {
  judgeCancelled,
  judgeDeadlines,
  judgeFilled,
  judgeNumbersInSubOrders,
  judgeRequirementStatuses,
  judgeScans,
  judgeStatuses,
} from './order-assumptions.ts';
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
    (facts) => judgeEnvelope(facts, 'requirement_groups'),
  ],
  [
    'group-envelope',
    'one group: envelope',
    'Does a single group come under `data`?',
    'contradictory',
    judgeSingle,
  ],
  [
    'groups-pages',
    'groups: pages',
    'Does the list of groups take page[number] and page[size]?',
    'unknown',
    (facts) => judgePages(facts, 'requirement_groups'),
  ],
  [
    'groups-meta',
    'groups: meta',
    'Does the list of groups say how many there are?',
    'contradictory',
    (facts) => judgeMeta(facts, 'requirement_groups'),
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
    (facts) => judgeReferenceFilter(facts, 'requirement_groups'),
  ],
  [
    'documents-reference-filter',
    'documents by reference',
    'Is filter[customer_reference][eq] of documents exact?',
    'documented',
    (facts) => judgeReferenceFilter(facts, 'documents'),
  ],
  [
    'documents-references-filter',
    'documents by references',
    'Which form of filter[customer_reference][in] is taken?',
    'unknown',
    judgeReferencesFilter,
  ],
  [
    'addresses-reference-filter',
    'addresses by reference',
    'Is filter[customer_reference][eq] of addresses exact?',
    'documented',
    (facts) => judgeReferenceFilter(facts, 'addresses'),
  ],
  [
    'orders-reference-filter',
    'orders by reference',
    'Is filter[customer_reference] of number orders exact?',
    'documented',
    (facts) => judgeReferenceFilter(facts, 'number_orders'),
  ],
  [
    'links-filter',
    'links by document',
    'Can document links be filtered by document?',
    'contradictory',
    judgeLinksFilter,
  ],
  [
    'unknown-filter',
    'unknown filters',
    'Are filters that do not exist ignored?',
    'unknown',
    judgeUnknownFilter,
  ],
  [
    'mobile-filter',
    'mobile requirements',
    'Does /requirements take filter[phone_number_type]=mobile?',
    'unknown',
    judgeMobileFilter,
  ],

  ['ids', 'ids', 'Are ids texts, also those of 64 bits?', 'documented', judgeIds],
  [
    'text-fields',
    'references and values',
    'Are references and values texts or null?',
    'documented',
    judgeTextFields,
  ],
  ['times', 'times', 'Can times be read, whatever their form?', 'contradictory', judgeTimes],
  [
    'unset-fields',
    'unset fields',
    'Are unset fields empty, left out or null?',
    'contradictory',
    judgeUnsetFields,
  ],
  ['user-id', 'owner of groups', 'Do groups say whose they are (user_id)?', 'contradictory', judgeUserId],
  ['sha256', 'digest of documents', 'Do documents come with their sha256?', 'documented', judgeSha256],
  ['scans', 'scans of documents', 'Are documents scanned at once?', 'unknown', judgeScans],
  [
    'requirements-array',
    'requirement_types',
    'Which name has the list in a row of /requirements?',
    'contradictory',
    judgeRequirementsArray,
  ],
  [
    'criteria',
    'regex and case',
    'Does /regulatory_requirements say regex and case_sensitive?',
    'documented',
    judgeCriteria,
  ],
  [
    'field-types',
    'types of requirements',
    'Are all types of requirements known?',
    'contradictory',
    judgeFieldTypes,
  ],
  ['statuses', 'statuses', 'Are all statuses known?', 'contradictory', judgeStatuses],
  [
    'reference-forms',
    'form of references',
    'Does a reference come back as regsync compares it?',
    'unknown',
    judgeReferenceForms,
  ],
  [
    'repeated-references',
    'references used twice',
    'Does a reference and combination mean one group?',
    'unknown',
    judgeRepeatedReferences,
  ],

  [
    'sub-orders-with-numbers',
    'numbers in sub orders',
    'Does the list of sub orders show phone numbers when asked?',
    'inferred',
    judgeNumbersInSubOrders,
  ],
  [
    'order-requirements',
    'requirements of orders',
    'Are the requirements of ordered numbers there at once?',
    'documented',
    judgeFilled,
  ],
  [
    'order-statuses',
    'statuses in orders',
    'Do requirements of ordered numbers say their status?',
    'contradictory',
    judgeRequirementStatuses,
  ],
  ['order-deadlines', 'deadlines of orders', 'Can deadlines be read?', 'contradictory', judgeDeadlines],
  [
    'cancelled-orders',
    'cancelled orders',
    'Which status do cancelled orders have?',
    'contradictory',
    judgeCancelled,
  ],
  [
    'porting-status',
    'status of portings',
    'Does the status of a porting order have details?',
    'documented',
    judgePortingStatus,
  ],
  ['porting-pin', 'PIN of portings', 'Does a porting order show its PIN?', 'documented', judgePortingPin],

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
    (facts) => judgeList(facts, name),
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
