import type { AddressChange, DocumentChange, WritingChange } from '../model/plan/change.ts';
import type { BoundValue, DesiredAddress, DesiredDocument } from '../model/resource.ts';
import { compareText } from '../model/text/compare-text.ts';

/**
 * The documents and addresses that groups and orders need before they can refer to them, each content once.
 */

export function planUploads(changes: readonly WritingChange[]): DocumentChange[] {
  const missing = changes.flatMap((change) =>
    change.writes.flatMap(({ value, requirementId }) =>
      value.kind === 'document' && value.reuse === null
        ? [{ content: value.document, inlineName: `${change.name}/${requirementId}` }]
        : [],
    ),
  );
  return distinctByContent(missing).map(({ content, name }) => ({
    kind: 'Document',
    name,
    source: content.source,
    document: content,
  }));
}

export function planAddressCreations(changes: readonly WritingChange[]): AddressChange[] {
  const missing = changes.flatMap((change) =>
    change.writes.flatMap(({ value, requirementId }) =>
      value.kind === 'address' && value.reuse === null
        ? [{ content: value.address, inlineName: `${change.name}/${requirementId}` }]
        : [],
    ),
  );
  return distinctByContent(missing).map(({ content, name }) => ({
    kind: 'Address',
    name,
    source: content.source,
    address: content,
  }));
}

/**
 * Returns one entry for each content, under the first manifest's name, else under the first place that gives
 * it inline.
 */
function distinctByContent<Content extends DesiredDocument | DesiredAddress>(
  uses: readonly { readonly content: Content; readonly inlineName: string }[],
): { readonly content: Content; readonly name: string }[] {
  const named = uses.map(({ content, inlineName }) => ({ content, name: content.name ?? inlineName }));
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
  const documents = new Set(
    contents.flatMap((content) => {
      if (content.kind === 'document') return [content.document.sha256];
      return content.kind === 'document_id' ? [content.id as string] : [];
    }),
  );
  const addresses = new Set(
    contents.flatMap((content) => {
      if (content.kind === 'address') return [content.address.sha256];
      return content.kind === 'address_id' ? [content.id as string] : [];
    }),
  );
  return { documents: documents.size - uploads.length, addresses: addresses.size - creations.length };
}
