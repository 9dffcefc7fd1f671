import { WITHOUT_PRE_APPROVAL } from '../kinds/requirement-group/approval.ts';
import type { ObservedGroup } from '../model/observed.ts';
import type { Sensitive } from '../model/privacy/sensitive.ts';
import type { RequirementDefinition } from '../model/requirements.ts';
import type { OrderKind, Reference, RemoteId } from '../model/resource.ts';
import type { Account } from '../observe/account.ts';
import type { AddressRow } from '../telnyx/types.ts';
import { type Candidate, documentValues } from './candidates.ts';
import { type GenerationContext, generateValue } from './generate-value.ts';
import type { Left } from './select.ts';

/** The contents of the generated manifest for one observed group. */
export interface GeneratedManifest {
  readonly group: ObservedGroup;
  /** The ids of the requirements that the manifest calls by their names. */
  readonly named: ReadonlySet<string>;
  readonly values: readonly GeneratedValue[];
  /** The requirements that the manifest leaves out, and the reasons. */
  readonly gaps: readonly Gap[];
  /** Is true if a plan would find a requirement missing. */
  readonly partial: boolean;
  /** Is true if every requirement has a value at Telnyx. An action never has one. */
  readonly isFulfilled: boolean;
  /**
   * Is true for a fulfilled group that was never submitted, and that a plan would submit if its manifest did
   * not prevent it.
   */
  readonly holdsBack: boolean;
  /** The open orders that carry the group's values and no other group's. */
  readonly orders: readonly GeneratedOrder[];
  /** The reasons why `orders` is incomplete. */
  readonly orderNotes: readonly string[];
}

/** An order, without the values that it contains. */
export interface GeneratedOrder {
  readonly kind: OrderKind;
  readonly id: RemoteId;
  /** The status as Telnyx states it. */
  readonly status: string;
  readonly reference: Reference | null;
  readonly phoneNumbersCount: number | null;
  /** The sub order that contains a phone number. Null for other kinds. */
  readonly within: RemoteId | null;
}

export interface GeneratedValue {
  readonly requirement: RequirementDefinition;
  readonly content: GeneratedContent;
  /** The reason why the content is less than it could be, or null. */
  readonly note: string | null;
}

export type GeneratedContent =
  | { readonly kind: 'text'; readonly text: Sensitive }
  | { readonly kind: 'document'; readonly document: GeneratedDocument }
  | { readonly kind: 'document_id'; readonly id: RemoteId }
  | { readonly kind: 'address'; readonly address: AddressRow }
  | { readonly kind: 'address_id'; readonly id: RemoteId };

export interface GeneratedDocument {
  readonly sha256: string;
  readonly bytes: number;
  /** The file extension for the content, without a dot. */
  readonly extension: string;
  /** The expiry date as `YYYY-MM-DD`, or null. */
  readonly expires: string | null;
}

export interface Gap {
  readonly requirement: RequirementDefinition;
  readonly why: string;
}

/** The result of downloading one document. */
export type Download =
  | {
      readonly kind: 'file';
      readonly sha256: string;
      readonly bytes: number;
      readonly extension: string;
    }
  /** The document stays at Telnyx, and the manifest names it by its id. */
  | { readonly kind: 'left'; readonly why: string }
  /** The download cannot be trusted, so the group is not imported. */
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Decides the manifest of each candidate, so that a later plan finds no difference. A group with a document
 * that cannot be trusted is not imported at all.
 *
 * @param downloads the results by document id. A document without one stays at Telnyx.
 */
export function generateManifests(
  candidates: readonly Candidate[],
  account: Account,
  downloads: ReadonlyMap<string, Download>,
): { readonly manifests: readonly GeneratedManifest[]; readonly left: readonly Left[] } {
  const context: GenerationContext = {
    documents: new Map(account.documents.map((document) => [document.id, document])),
    addresses: new Map(account.addresses.map((address) => [address.id, address])),
    downloads,
  };
  const manifests: GeneratedManifest[] = [];
  const left: Left[] = [];
  for (const candidate of candidates) {
    const found = documentValues(candidate).map((id) => downloads.get(id));
    const refused = found.find((download) => download?.kind === 'refused');
    if (refused?.kind !== 'refused') manifests.push(generateManifest(candidate, context));
    else
      left.push({
        group: candidate.group,
        code: 'document-refused',
        message: `${refused.why}; with --no-documents it is named by its id`,
      });
  }
  return { manifests, left };
}

function generateManifest(
  { group, definitions, named }: Candidate,
  context: GenerationContext,
): GeneratedManifest {
  const held = new Map(group.requirements.map((requirement) => [requirement.requirementId, requirement]));
  const values: GeneratedValue[] = [];
  const gaps: Gap[] = [];
  const distinct = new Map(definitions.map((definition) => [definition.id, definition]));
  for (const definition of distinct.values()) {
    const found = generateValue(definition, held.get(definition.id), context);
    if ('why' in found) gaps.push({ requirement: definition, ...found });
    else values.push({ requirement: definition, ...found });
  }
  const isFulfilled = definitions.every(
    ({ id, fieldType }) => fieldType !== 'action' && held.get(id)?.value.isEmpty === false,
  );
  return {
    group,
    named,
    values,
    gaps,
    partial: gaps.some(({ requirement }) => requirement.fieldType !== 'action'),
    isFulfilled,
    holdsBack:
      group.status === 'unapproved' &&
      !WITHOUT_PRE_APPROVAL.has(group.combination.countryCode) &&
      isFulfilled,
    orders: [],
    orderNotes: [],
  };
}
