import { mergeSet } from '../../src/catalogue/live.ts';
import { findCandidates, heldDocuments } from '../../src/import/candidates.ts';
import { compose } from '../../src/import/compose.ts';
import type { Composition, Surroundings } from '../../src/import/composition.ts';
import { judgeDownload, reasonToLeave } from '../../src/import/download.ts';
import {
  type Download,
  type GeneratedManifest,
  generateManifests,
} from '../../src/import/generate-manifests.ts';
import { attachOrders } from '../../src/import/orders.ts';
import { byKind, type DesiredByKind } from '../../src/model/kinds.ts';
import type { Holding } from '../../src/model/orders/observed-order.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import type { Catalogue } from '../../src/model/requirements.ts';
import { asRemoteId, combinationKey } from '../../src/model/resource.ts';
import type { Account } from '../../src/observe/account.ts';
import type { AccountOrder } from '../../src/observe/account-orders.ts';
import type { Loaded } from '../../src/resolve/load.ts';
import { decodeRegulatory } from '../../src/telnyx/decode/catalogue.ts';
import { decodeAddress, decodeDocument, decodeGroup } from '../../src/telnyx/decode/resources.ts';

/** Accounts as the API would tell them, without an API. */
const SCOPE = 'acme';

export const IDS = {
  text: '11111111-1111-4111-8111-111111111111',
  document: '22222222-2222-4222-8222-222222222222',
  address: '33333333-3333-4333-8333-333333333333',
  unknown: '55555555-5555-4555-8555-555555555555',
} as const;

export interface ApiAccount {
  readonly groups: readonly object[];
  readonly documents?: readonly object[];
  readonly addresses?: readonly object[];
  readonly orders?: readonly AccountOrder[];
}

export function groupRow(
  values: Readonly<Record<string, readonly [type: string, value: string]>>,
  given: object = {},
): object {
  return {
    id: '0a000000-0000-4000-8000-000000000001',
    country_code: 'DE',
    phone_number_type: 'local',
    action: 'ordering',
    customer_reference: 'CRM-0001',
    status: 'approved',
    regulatory_requirements: Object.entries(values).map(([requirement_id, [field_type, field_value]]) => ({
      requirement_id,
      field_type,
      field_value,
      status: 'approved',
      expires_at: null,
    })),
    ...given,
  };
}

export function accountOf({ groups, documents = [], addresses = [], orders = [] }: ApiAccount): Account {
  return {
    groups: groups.map(decodeGroup),
    documents: documents.map(decodeDocument),
    addresses: addresses.map(decodeAddress),
    orders,
    readAtMs: Date.parse('2026-06-01T12:00:00Z'),
  };
}

/** `[value, status]` by requirement id. */
export type Held = Readonly<Record<string, readonly [value: string, status?: string | null]>>;

/** A pending German sub order with one phone number for each holding. Ids end in `id`. */
export function subOrder(id: number, held: readonly Held[], given: Partial<AccountOrder> = {}): AccountOrder {
  const common = {
    isOpen: true,
    countryCode: 'DE',
    phoneNumberType: 'local',
    subNumberOrderId: asRemoteId(uuid(0x0d, id)),
  };
  const holdings = held.map(holdingOf);
  return {
    ...common,
    kind: 'sub_number_order',
    id: common.subNumberOrderId,
    status: 'pending',
    holdings,
    reference: null,
    numberOrderId: asRemoteId(uuid(0x0e, id)),
    phoneNumbersCount: held.length,
    parts: holdings.map((holding, index) => ({
      ...common,
      kind: 'phone_number',
      id: asRemoteId(uuid(0x0f, 100 * id + index)),
      status: 'pending',
      holdings: [holding],
    })),
    ...given,
  };
}

export function portingOrder(id: number, held: Held, given: Partial<AccountOrder> = {}): AccountOrder {
  return {
    kind: 'porting_order',
    id: asRemoteId(uuid(0x0c, id)),
    status: 'draft',
    isOpen: true,
    countryCode: null,
    phoneNumberType: 'local',
    subNumberOrderId: null,
    holdings: [holdingOf(held)],
    reference: null,
    numberOrderId: null,
    phoneNumbersCount: 1,
    parts: [],
    ...given,
  };
}

function uuid(kind: number, number: number): string {
  return `${kind.toString(16).padStart(2, '0')}000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function holdingOf(held: Held): Holding {
  return Object.entries(held).map(([requirementId, [value, status = 'pending-approval']]) => ({
    requirementId,
    fieldType: 'textual',
    value: new Sensitive(value),
    status,
  }));
}

/** One German set. */
export function catalogueOf(requirements: readonly object[]): Catalogue {
  const combination = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
  const row = decodeRegulatory({
    country_code: 'DE',
    phone_number_type: 'local',
    action: 'ordering',
    regulatory_requirements: requirements,
  });
  return new Map([[combinationKey(combination), mergeSet(combination, [], [row])]]);
}

export const NOTHING_LOADED: Loaded = {
  desired: { scope: SCOPE, ...(byKind(() => []) as DesiredByKind) },
  named: { documents: [], addresses: [] },
  problems: [],
  files: 0,
  parsed: [],
  contents: { documents: new Map(), texts: new Map(), ciphertexts: new Map() },
};

export function surroundings(given: Partial<Surroundings> = {}): Surroundings {
  return {
    scope: SCOPE,
    folder: 'groups',
    suffix: '',
    sealed: null,
    names: [],
    paths: [],
    addresses: new Map(),
    documents: new Map(),
    documentPaths: new Map(),
    live: [],
    ...given,
  };
}

/** @param contents bytes by document id. */
export function generateAll(
  account: Account,
  catalogue: Catalogue,
  contents: Readonly<Record<string, Buffer>> = {},
): readonly GeneratedManifest[] {
  const candidates = findCandidates(account.groups, catalogue);
  const downloads = heldDocuments(candidates, account).map((row): [string, Download] => {
    const why = reasonToLeave(row);
    const bytes = contents[row.id] ?? Buffer.from('');
    return [row.id, why === null ? judgeDownload(row, bytes) : { kind: 'left', why }];
  });
  return attachOrders(generateManifests(candidates, account, new Map(downloads)).manifests, account, []);
}

export function composeAll(account: Account, catalogue: Catalogue, contents = {}): Composition {
  return compose(generateAll(account, catalogue, contents), surroundings({ live: account.groups }));
}
