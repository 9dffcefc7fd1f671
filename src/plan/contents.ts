import type { AddressChange, DocumentChange, WritableValue, WritingChange } from '../model/plan/change.ts';
import type { BoundValue, DesiredAddress, DesiredDocument } from '../model/resource.ts';
import { compareText } from '../model/text/compare-text.ts';

/**
 * The documents and addresses that groups and orders need before they can refer to them, each content once.
 */

export function planUploads(changes: readonly WritingChange[]): DocumentChange[] {
  return distinctByContent(changes, (value) =>
    value.kind === 'document' && value.reuse === null ? value.document : null,
  ).map(({ content, name }) => ({ kind: 'Document', name, source: content.source, document: content }));
}

export function planAddressCreations(changes: readonly WritingChange[]): AddressChange[] {
  return distinctByContent(changes, (value) =>
    value.kind === 'address' && value.reuse === null ? value.address : null,
  ).map(({ content, name }) => ({ kind: 'Address', name, source: content.source, address: content }));
}

/**
 * Returns one entry for each content, under the first manifest's name, else under the first place that gives
 * it inline.
 */
function distinctByContent<Content extends DesiredDocument | DesiredAddress>(
  changes: readonly WritingChange[],
  missingIn: (value: WritableValue) => Content | null,
): { readonly content: Content; readonly name: string }[] {
  const named = changes.flatMap((change) =>
    change.writes.flatMap(({ value, requirementId }) => {
      const content = missingIn(value);
      return content === null ? [] : [{ content, name: content.name ?? `${change.name}/${requirementId}` }];
    }),
  );
  const order = [...named].sort(
    (a, b) =>
      Number(a.content.name === null) - Number(b.content.name === null) || compareText(a.name, b.name),
  );
  const distinct = new Map<string, { content: Content; name: string }>();
  for (const use of order) if (!distinct.has(use.content.sha256)) distinct.set(use.content.sha256, use);
  return [...distinct.values()].sort((a, b) => compareText(a.name, b.name));
}

/** The contents by digest, because each change needs a few of tens of thousands. */
export interface MissingContents {
  readonly documents: ReadonlyMap<string, DocumentChange>;
  readonly addresses: ReadonlyMap<string, AddressChange>;
}

export function indexMissing(
  uploads: readonly DocumentChange[],
  creations: readonly AddressChange[],
): MissingContents {
  return {
    documents: new Map(uploads.map((upload) => [upload.document.sha256, upload])),
    addresses: new Map(creations.map((creation) => [creation.address.sha256, creation])),
  };
}

export function withDependencies<Writing extends WritingChange>(
  change: Writing,
  { documents, addresses }: MissingContents,
): Writing {
  const needed = new Set<DocumentChange | AddressChange | undefined>();
  for (const { value } of change.writes) {
    if (value.kind === 'document') needed.add(documents.get(value.document.sha256));
    if (value.kind === 'address') needed.add(addresses.get(value.address.sha256));
  }
  const names = [...needed]
    .filter((content) => content !== undefined)
    .sort(documentsFirst)
    .map(({ kind, name }) => `${kind}/${name}`);
  return { ...change, dependsOn: [...names, ...change.dependsOn] };
}

function documentsFirst(a: DocumentChange | AddressChange, b: DocumentChange | AddressChange): number {
  return Number(a.kind === 'Address') - Number(b.kind === 'Address') || compareText(a.name, b.name);
}

/** @param contents the contents that the manifests of the changes state. */
export function countReused(
  contents: readonly BoundValue['content'][],
  uploads: readonly DocumentChange[],
  creations: readonly AddressChange[],
): { documents: number; addresses: number } {
  const documents = new Set<string>();
  const addresses = new Set<string>();
  for (const content of contents) {
    if (content.kind === 'document') documents.add(content.document.sha256);
    if (content.kind === 'document_id') documents.add(content.id);
    if (content.kind === 'address') addresses.add(content.address.sha256);
    if (content.kind === 'address_id') addresses.add(content.id);
  }
  return { documents: documents.size - uploads.length, addresses: addresses.size - creations.length };
}
