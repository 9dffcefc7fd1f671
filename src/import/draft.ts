import { WITHOUT_PRE_APPROVAL } from '../kinds/requirement-group/approval.ts';
import type { ObservedGroup, ObservedRequirement } from '../model/observed.ts';
import type { RequirementDefinition } from '../model/requirements.ts';
import type { OrderKind, Reference, RemoteId } from '../model/resource.ts';
import type { Sensitive } from '../model/sensitive.ts';
import type { Account } from '../observe/account.ts';
import type { AddressRow } from '../telnyx/types.ts';
import { type Candidate, documentValues } from './candidates.ts';
import { type DraftContext, draftValue } from './draft-value.ts';
import type { Left } from './select.ts';

/** One live group as a manifest is to state it. */
export interface Draft {
  readonly group: ObservedGroup;
  readonly values: readonly DraftValue[];
  /** Requirements of which the manifest states nothing, and why. */
  readonly gaps: readonly Gap[];
  /** Whether a plan would find a requirement missing. */
  readonly partial: boolean;
  /** Every requirement has a value at Telnyx. */
  readonly isFulfilled: boolean;
  /** Complete and never submitted: a plan would submit it. */
  readonly holdsBack: boolean;
  /** The open orders that carry its values, and no other group's. */
  readonly orders: readonly DraftOrder[];
  /** Why orders are missing there. */
  readonly orderNotes: readonly string[];
}

/** Nothing of what it holds is in it. */
export interface DraftOrder {
  readonly kind: OrderKind;
  readonly id: RemoteId;
  /** As Telnyx says it. */
  readonly status: string;
  readonly reference: Reference | null;
  readonly phoneNumbersCount: number | null;
  /** The sub order that a phone number is in, if it is one. */
  readonly within: RemoteId | null;
}

export interface DraftValue {
  readonly requirement: RequirementDefinition;
  readonly content: DraftContent;
  /** Why it is less than it could be. */
  readonly note: string | null;
}

export type DraftContent =
  | { readonly kind: 'text'; readonly text: Sensitive }
  | { readonly kind: 'document'; readonly document: DraftDocument }
  | { readonly kind: 'document_id'; readonly id: RemoteId }
  | { readonly kind: 'address'; readonly address: AddressRow }
  | { readonly kind: 'address_id'; readonly id: RemoteId };

export interface DraftDocument {
  readonly sha256: string;
  readonly bytes: number;
  /** By its content, without a dot. */
  readonly extension: string;
  /** `YYYY-MM-DD` */
  readonly expires: string | null;
}

export interface Gap {
  readonly requirement: RequirementDefinition;
  readonly why: string;
}

/** What became of the download of one document. */
export type Download =
  | {
      readonly kind: 'file';
      readonly sha256: string;
      readonly bytes: number;
      readonly extension: string;
    }
  /** It stays at Telnyx, and the manifest names it by its id. */
  | { readonly kind: 'left'; readonly why: string }
  /** Nothing may be concluded from it: the group is not imported. */
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Says what the manifest of each candidate is to state, so that nothing differs afterwards. A group of which one document
 * cannot be trusted is left alone as a whole.
 *
 * @param downloads by document id; what is not there stays at Telnyx.
 */
export function draftGroups(
  candidates: readonly Candidate[],
  account: Account,
  downloads: ReadonlyMap<string, Download>,
): { readonly drafts: readonly Draft[]; readonly left: readonly Left[] } {
  const context: DraftContext = {
    documents: new Map(account.documents.map((document) => [document.id, document])),
    addresses: new Map(account.addresses.map((address) => [address.id, address])),
    downloads,
  };
  const drafts: Draft[] = [];
  const left: Left[] = [];
  for (const candidate of candidates) {
    const found = documentValues(candidate).map((id) => downloads.get(id));
    const refused = found.find((download) => download?.kind === 'refused');
    if (refused?.kind !== 'refused') drafts.push(draftGroup(candidate, context));
    else
      left.push({
        group: candidate.group,
        code: 'document-refused',
        message: `${refused.why}; with --no-documents it is named by its id`,
      });
  }
  return { drafts, left };
}

function draftGroup({ group, demands }: Candidate, context: DraftContext): Draft {
  const held = new Map(group.requirements.map((requirement) => [requirement.requirementId, requirement]));
  const values: DraftValue[] = [];
  const gaps: Gap[] = [];
  const distinct = new Map(demands.map((definition) => [definition.id, definition]));
  for (const definition of distinct.values()) {
    const found = draftValue(definition, held.get(definition.id), context);
    if ('why' in found) gaps.push({ requirement: definition, ...found });
    else values.push({ requirement: definition, ...found });
  }
  const isFulfilled = hasAllValues(demands, held);
  return {
    group,
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

/** A value of any kind counts for Telnyx; an action never has one. */
function hasAllValues(
  demands: readonly RequirementDefinition[],
  held: ReadonlyMap<string, ObservedRequirement>,
): boolean {
  return demands.every(
    ({ id, fieldType }) => fieldType !== 'action' && held.get(id)?.value.isEmpty === false,
  );
}
