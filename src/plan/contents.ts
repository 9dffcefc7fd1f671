import { compareText } from '../model/order.ts';
import type { AddressChange, DocumentChange, WritingChange } from '../model/plan.ts';
import type { BoundValue, DesiredAddress, DesiredDocument } from '../model/resource.ts';

/** Documents and addresses that have to be made before groups and orders can refer to them: each content once. */

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

/** One entry for each content, under the first manifest's name, else the first place that gives it inline. */
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

export function withDependencies<Writing extends WritingChange>(
  change: Writing,
  uploads: readonly DocumentChange[],
  creations: readonly AddressChange[],
): Writing {
  const contents = new Set(
    change.writes.flatMap(({ value }) => {
      if (value.kind === 'document') return [value.document.sha256];
      return value.kind === 'address' ? [value.address.sha256] : [];
    }),
  );
  const needed = [
    ...uploads.filter(({ document }) => contents.has(document.sha256)).map(({ name }) => `Document/${name}`),
    ...creations.filter(({ address }) => contents.has(address.sha256)).map(({ name }) => `Address/${name}`),
  ];
  return { ...change, dependsOn: [...needed, ...change.dependsOn] };
}

/** @param contents what those state that change. */
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
