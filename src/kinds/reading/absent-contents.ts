import { reveal, Sensitive } from '../../model/privacy/sensitive.ts';
import type { Problem, SourcePosition } from '../../model/problem.ts';
import {
  asRemoteId,
  type DesiredGroup,
  type DesiredNumberOrder,
  type DesiredPortingOrder,
  type DesiredRequirement,
  type RemoteId,
} from '../../model/resource.ts';
import { unlessUnknown } from '../../telnyx/absence.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { getAddress } from '../../telnyx/endpoints/addresses.ts';
import { getDocument } from '../../telnyx/endpoints/documents.ts';
import type { AddressRow, DocumentRow } from '../../telnyx/types.ts';

/** The manifests of a run that may name documents and addresses by their ids. */
interface Naming {
  readonly RequirementGroup: readonly DesiredGroup[];
  readonly NumberOrder: readonly DesiredNumberOrder[];
  readonly PortingOrder: readonly DesiredPortingOrder[];
}

export interface ContentsAtTelnyx {
  readonly documents: readonly DocumentRow[];
  readonly addresses: readonly AddressRow[];
  /** The ids in manifests that Telnyx does not know. */
  readonly problems: readonly Problem[];
}

/**
 * Looks for the documents and addresses that manifests name by their ids. Each id that the lists lack costs
 * one request, because a list may lag behind an upload. Lists that contain every id cost none.
 */
export async function findNamedContents(
  client: ReadClient,
  naming: Naming,
  listed: Omit<ContentsAtTelnyx, 'problems'>,
): Promise<ContentsAtTelnyx> {
  const named = namedContents(naming);
  const [documents, addresses] = await Promise.all([
    findUnlisted(listed.documents, named.documents, (id) => getDocument(client, id)),
    findUnlisted(listed.addresses, named.addresses, (id) => getAddress(client, id)),
  ]);
  return {
    documents: [...listed.documents, ...documents.found],
    addresses: [...listed.addresses, ...addresses.found],
    problems: [...documents.missing.map(absentDocument), ...addresses.missing.map(absentAddress)],
  };
}

interface NamedId {
  readonly id: RemoteId;
  readonly source: SourcePosition;
}

function namedContents({ RequirementGroup, NumberOrder, PortingOrder }: Naming) {
  const documents: NamedId[] = [];
  const addresses: NamedId[] = [];
  const take = ({ requirements }: { readonly requirements: readonly DesiredRequirement[] }) => {
    for (const requirement of requirements) {
      const { content, contentSource: source } = requirement;
      if (content.kind === 'document_id') documents.push({ id: content.id, source });
      if (content.kind === 'address_id') addresses.push({ id: content.id, source });
    }
  };
  for (const object of [...RequirementGroup, ...NumberOrder, ...PortingOrder]) take(object);
  for (const order of PortingOrder) {
    for (const { path, value, source } of order.settings) {
      if (path !== EMERGENCY_ADDRESS || !(value instanceof Sensitive) || value.isEmpty) continue;
      addresses.push({ id: asRemoteId(reveal(value)), source });
    }
  }
  return { documents, addresses };
}

const EMERGENCY_ADDRESS = 'phone_number_configuration.emergency_address_id';

async function findUnlisted<Row extends { readonly id: string }>(
  rows: readonly Row[],
  named: readonly NamedId[],
  get: (id: RemoteId) => Promise<Row>,
): Promise<{ readonly found: readonly Row[]; readonly missing: readonly NamedId[] }> {
  if (named.length === 0) return { found: [], missing: [] };
  const known = new Set(rows.map(({ id }) => id));
  const unlisted = named.filter(({ id }) => !known.has(id));
  const ids = [...new Set(unlisted.map(({ id }) => id))];
  const answers = await Promise.all(ids.map((id) => unlessUnknown(() => get(id))));
  const found = answers.filter((row) => row !== null);
  const gone = new Set(ids.filter((_, index) => answers[index] === null));
  return { found, missing: unlisted.filter(({ id }) => gone.has(id)) };
}

function absentDocument({ id, source }: NamedId): Problem {
  return {
    severity: 'error',
    code: 'document-not-found',
    message: `Telnyx has no document ${id}`,
    hint: 'Correct the id, or name a file instead: `document: { file: … }`. Telnyx deletes a document that nothing uses within 30 minutes.',
    source,
  };
}

function absentAddress({ id, source }: NamedId): Problem {
  return {
    severity: 'error',
    code: 'address-not-found',
    message: `Telnyx has no address ${id}`,
    hint: 'Correct the id, or give the fields of the address instead.',
    source,
  };
}
