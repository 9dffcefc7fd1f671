import { createHash } from 'node:crypto';
import { hashAddressFields } from '../../src/model/address.ts';
import { type BoundByKind, byKind, type ObservedByKind } from '../../src/model/kinds.ts';
import type {
  Observed,
  ObservedAddress,
  ObservedDocument,
  ObservedGroup,
  ObservedMatch,
} from '../../src/model/observed.ts';
import type {
  NamedOrder,
  ObservedNumberOrder,
  ObservedPortingOrder,
} from '../../src/model/orders/observed-order.ts';
import type { PlanInput } from '../../src/model/plan/decisions.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { references } from '../../src/model/reference-names.ts';
import type { FieldType, RequirementDefinition } from '../../src/model/requirements.ts';
import {
  type AddressField,
  asRemoteId,
  type BoundGroup,
  type BoundValue,
  type DesiredAddress,
  type DesiredDocument,
} from '../../src/model/resource.ts';

/** Small worlds to subtract: one textual and one document requirement unless a test says otherwise. */
export const SCOPE = 'acme';
export const READ_AT_MS = Date.parse('2026-06-01T12:00:00Z');

export const TEXT_ID = '11111111-1111-4111-8111-111111111111';
export const DOCUMENT_ID = '22222222-2222-4222-8222-222222222222';
export const ADDRESS_ID = '33333333-3333-4333-8333-333333333333';
export const ACTION_ID = '44444444-4444-4444-8444-444444444444';
const GROUP_ID = '0a000000-0000-4000-8000-000000000001';

const SOURCE = { file: 'groups/a.yaml', line: 1, column: 1 };

export function definition(id: string, name: string, fieldType: FieldType): RequirementDefinition {
  const criteria = {
    minLength: null,
    maxLength: null,
    acceptableCharacters: null,
    acceptableValues: [],
    regex: null,
    caseSensitive: null,
    timeLimit: null,
    localityLimit: null,
  };
  return { id, name, fieldType, description: '', example: '', criteria };
}

export const CONTACT = definition(TEXT_ID, 'Contact Info', 'textual');
export const REGISTRATION = definition(DOCUMENT_ID, 'Registration', 'document');
export const LOCAL_ADDRESS = definition(ADDRESS_ID, 'Local Address', 'address');
export const VERIFICATION = definition(ACTION_ID, 'Identity Check', 'action');

function document(content: string, given: Partial<DesiredDocument> = {}): DesiredDocument {
  return {
    name: null,
    path: `documents/${content}.pdf`,
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
    expires: null,
    source: SOURCE,
    ...given,
  };
}

function address(street: string, given: Partial<DesiredAddress> = {}): DesiredAddress {
  const fields = new Map<AddressField, Sensitive>([
    ['business_name', new Sensitive('Example GmbH')],
    ['street_address', new Sensitive(street)],
    ['locality', new Sensitive('Berlin')],
    ['country_code', new Sensitive('DE')],
  ]);
  return {
    name: null,
    fields,
    validateAddress: false,
    sha256: hashAddressFields(fields),
    source: SOURCE,
    ...given,
  };
}

export function textValue(text: string, requirement = CONTACT): BoundValue {
  return {
    requirement,
    content: { kind: 'text', text: new Sensitive(text) },
    source: SOURCE,
    contentSource: SOURCE,
  };
}

export function documentValue(
  content: string,
  requirement = REGISTRATION,
  given: Partial<DesiredDocument> = {},
): BoundValue {
  const content_ = { kind: 'document' as const, document: document(content, given) };
  return { requirement, content: content_, source: SOURCE, contentSource: SOURCE };
}

export function addressValue(street: string, given: Partial<DesiredAddress> = {}): BoundValue {
  const content = { kind: 'address' as const, address: address(street, given) };
  return { requirement: LOCAL_ADDRESS, content, source: SOURCE, contentSource: SOURCE };
}

export function desiredGroup(given: Partial<BoundGroup> = {}): BoundGroup {
  const name = given.name ?? 'de-local';
  return {
    name,
    combination: { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' },
    reference: references.group(SCOPE, name),
    statesReference: false,
    id: null,
    approval: 'submit',
    partial: false,
    values: [textValue('Compliance desk'), documentValue('registration')],
    definitions: [CONTACT, REGISTRATION],
    attach: [],
    source: SOURCE,
    ...given,
  };
}

/** A group as Telnyx has it; values by requirement id, remote ids for documents and addresses. */
export function observedGroup(
  values: Readonly<Record<string, string>>,
  given: Partial<ObservedGroup> & { readonly requirementStatus?: string; readonly expiresAt?: string } = {},
): ObservedGroup {
  const { requirementStatus = 'unapproved', expiresAt = null, ...rest } = given;
  return {
    id: asRemoteId(GROUP_ID),
    combination: { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' },
    reference: references.group(SCOPE, 'de-local'),
    status: 'unapproved',
    requirements: Object.entries(values).map(([requirementId, value]) => ({
      requirementId,
      fieldType: TYPES[requirementId] ?? 'textual',
      value: new Sensitive(value),
      status: requirementStatus,
      expiresAt,
    })),
    ...rest,
  };
}

const TYPES: Readonly<Record<string, FieldType>> = {
  [TEXT_ID]: 'textual',
  [DOCUMENT_ID]: 'document',
  [ADDRESS_ID]: 'address',
  [ACTION_ID]: 'action',
};

/** An upload of ours, linked and clean unless said otherwise. */
export function observedDocument(
  id: string,
  content: string,
  given: Partial<ObservedDocument> = {},
): ObservedDocument {
  const { sha256 } = document(content);
  return {
    id: asRemoteId(id),
    reference: references.document(SCOPE, sha256),
    sha256,
    createdAtMs: READ_AT_MS - 3_600_000,
    rejected: null,
    linked: true,
    ...given,
  };
}

export function observedAddress(
  id: string,
  street: string,
  given: Partial<ObservedAddress> = {},
): ObservedAddress {
  const { sha256, fields } = address(street);
  return { id: asRemoteId(id), reference: references.address(SCOPE, sha256), fields, ...given };
}

export function observedWorld(given: {
  readonly matches?: Readonly<Record<string, ObservedMatch>>;
  readonly orphans?: readonly ObservedGroup[];
  readonly ownedGroups?: number;
  readonly documents?: readonly ObservedDocument[];
  readonly addresses?: readonly ObservedAddress[];
  readonly comments?: Observed['comments'];
  readonly orders?: Readonly<Record<string, readonly NamedOrder[]>>;
  readonly numberOrders?: Readonly<Record<string, ObservedNumberOrder>>;
  readonly portingOrders?: Readonly<Record<string, ObservedPortingOrder>>;
}): Observed {
  const matches = new Map(Object.entries(given.matches ?? {}));
  const documents = given.documents ?? [];
  const addresses = given.addresses ?? [];
  return {
    scope: SCOPE,
    ...(byKind(() => new Map()) as ObservedByKind),
    RequirementGroup: matches,
    orphans: given.orphans ?? [],
    ownedGroups: given.ownedGroups ?? matches.size + (given.orphans?.length ?? 0),
    documents: {
      byId: new Map(documents.map((entry) => [entry.id, entry])),
      byReference: grouped(documents, (entry) => entry.reference),
      bySha256: grouped(documents, (entry) => entry.sha256),
    },
    addresses: {
      byId: new Map(addresses.map((entry) => [entry.id, entry])),
      byReference: grouped(addresses, (entry) => entry.reference),
    },
    comments: given.comments ?? new Map(),
    orders: new Map(Object.entries(given.orders ?? {})),
    NumberOrder: new Map(Object.entries(given.numberOrders ?? {})),
    PortingOrder: new Map(Object.entries(given.portingOrders ?? {})),
    readAtMs: READ_AT_MS,
  };
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string | null): Map<string, Row[]> {
  const map = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== null) map.set(key, [...(map.get(key) ?? []), row]);
  }
  return map;
}

export function planInput(
  given: Partial<PlanInput> & Pick<PlanInput, 'RequirementGroup' | 'observed'>,
): PlanInput {
  return {
    ...(byKind(() => []) as BoundByKind),
    gates: CLOSED_GATES,
    limits: { maxDeletes: 10, maxDeleteFraction: 0.3 },
    warnDays: 30,
    narrowedBy: [],
    ...given,
  };
}
