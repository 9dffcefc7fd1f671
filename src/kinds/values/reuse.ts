import type {
  Observed,
  ObservedAddress,
  ObservedDocument,
  ObservedDocuments,
  ObservedRequirement,
} from '../../model/observed.ts';
import type { WritableValue } from '../../model/plan/change.ts';
import type { Attention } from '../../model/plan/plan.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import type { SourcePosition } from '../../model/problem.ts';
import { references } from '../../model/reference-names.ts';
import type { BoundGroup, DesiredAddress } from '../../model/resource.ts';
import { compareText } from '../../model/text/compare-text.ts';
import { isAddressOf, isDocumentOf } from '../../model/text/same-content.ts';
import { named, sentence } from '../../model/text/sentence.ts';
import { about } from './about.ts';

/**
 * Telnyx deletes unlinked uploads after 30 minutes (documented). An older one may be gone before it is
 * linked.
 */
const UNLINKED_REUSE_LIMIT_MS = 20 * 60_000;

/**
 * Returns an upload with this content that may be used, by our reference or else by the digest that the API
 * states. Of several, it returns a linked one, else the newest that is young enough, and never a rejected
 * one.
 */
export function findReusableDocument(sha256: string, observed: Observed): ObservedDocument | null {
  const { bySha256 } = observed.documents;
  return (
    best(ownCopies(sha256, observed), observed.readAtMs) ??
    best(bySha256.get(sha256) ?? [], observed.readAtMs)
  );
}

/** Returns the documents under our reference, unless Telnyx states another digest. */
function ownCopies(sha256: string, { documents, scope }: Observed): readonly ObservedDocument[] {
  const found = documents.byReference.get(references.document(scope, sha256)) ?? [];
  return found.filter((document) => isDocumentOf(document, sha256));
}

function best(candidates: readonly ObservedDocument[], readAtMs: number): ObservedDocument | null {
  const usable = candidates
    .filter((document) => document.rejected === null)
    .filter((document) => document.linked || ageMs(document, readAtMs) <= UNLINKED_REUSE_LIMIT_MS)
    .sort(
      (a, b) =>
        Number(b.linked) - Number(a.linked) ||
        ageMs(a, readAtMs) - ageMs(b, readAtMs) ||
        compareText(a.id, b.id),
    );
  return usable[0] ?? null;
}

/** Compares two times of the server's own clock. A document without a time counts as old. */
function ageMs(document: ObservedDocument, readAtMs: number): number {
  return document.createdAtMs === null ? Number.MAX_SAFE_INTEGER : readAtMs - document.createdAtMs;
}

export function findReusableAddress(address: DesiredAddress, observed: Observed): ObservedAddress | null {
  const candidates = addressesOfReference(address, observed).filter((found) => isAddressOf(found, address));
  const [first = null] = [...candidates].sort((a, b) => compareText(a.id, b.id));
  return first;
}

function addressesOfReference(
  { sha256 }: DesiredAddress,
  { addresses, scope }: Observed,
): readonly ObservedAddress[] {
  return addresses.byReference.get(references.address(scope, sha256)) ?? [];
}

/** An object that has the reference of something to be made, but is something else. It is left alone. */
export interface TakenReference {
  readonly id: string;
  readonly kind: 'document' | 'address';
}

export function findTakenReferences(value: WritableValue, observed: Observed): TakenReference[] {
  switch (value.kind) {
    case 'document': {
      const { sha256 } = value.document;
      const found = observed.documents.byReference.get(references.document(observed.scope, sha256)) ?? [];
      return found
        .filter((document) => !isDocumentOf(document, sha256))
        .map(({ id }) => ({ id, kind: 'document' }));
    }
    case 'address':
      return addressesOfReference(value.address, observed)
        .filter((address) => !isAddressOf(address, value.address))
        .map(({ id }) => ({ id, kind: 'address' }));
    case 'text':
    case 'remote':
      return [];
    default:
      return value satisfies never;
  }
}

export interface RejectedDocument {
  readonly rejected: 'infected' | 'denied';
  readonly path: string;
  readonly requirementName: string;
}

/**
 * Returns the documents of a group that Telnyx found infected or denied. The same bytes would be rejected
 * again, so this group alone waits for another file.
 */
export function rejectedDocuments(
  group: Pick<BoundGroup, 'values'>,
  observedGroup: {
    readonly requirements: readonly Pick<ObservedRequirement, 'requirementId' | 'value'>[];
  } | null,
  observed: Observed,
): RejectedDocument[] {
  if (!hasRejected(observed.documents)) return [];
  const held = new Map(
    observedGroup?.requirements.map((entry) => [entry.requirementId, reveal(entry.value)]),
  );
  return group.values.flatMap(({ content, requirement }): RejectedDocument[] => {
    if (content.kind !== 'document') return [];
    const { path, sha256 } = content.document;
    const holding = observed.documents.byId.get(held.get(requirement.id) ?? '');
    const copies = [...ownCopies(sha256, observed), ...(observed.documents.bySha256.get(sha256) ?? [])];
    const holdsThis = holding !== undefined && copies.some((copy) => copy.id === holding.id);
    const rejected = holdsThis ? holding : copies.find((copy) => copy.rejected !== null);
    const disputed = !holdsThis && copies.some((copy) => copy.rejected === null);
    if (rejected?.rejected == null || disputed) return [];
    return [{ rejected: rejected.rejected, path, requirementName: requirement.name }];
  });
}

/** Reports documents that keep everything else from being done to their object. */
export function rejectedAttention(
  manifest: { readonly name: string; readonly source: SourcePosition },
  noun: 'group' | 'order',
  documents: readonly RejectedDocument[],
): Attention[] {
  return documents.map(({ rejected, path, requirementName }) => {
    const found = rejected === 'infected' ? 'found a virus in' : 'denied';
    const message = sentence`${named(requirementName)}: Telnyx ${found} ${named(path)}; nothing is done to this ${noun} until it is replaced`;
    return about(manifest, rejected === 'infected' ? 'infected-document' : 'denied-document', message);
  });
}

/** Caches an answer that each group of an account needs. */
const rejections = new WeakMap<ObservedDocuments, boolean>();

function hasRejected(documents: ObservedDocuments): boolean {
  const known = rejections.get(documents);
  if (known !== undefined) return known;
  const found = [...documents.byId.values()].some(({ rejected }) => rejected !== null);
  rejections.set(documents, found);
  return found;
}
