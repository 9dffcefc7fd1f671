import { bindRequirements } from '../catalogue/bind.ts';
import { checkText } from '../catalogue/criteria.ts';
import { WITHOUT_PRE_APPROVAL } from '../kinds/requirement-group/approval.ts';
import { isPlaceholder } from '../manifest/mistakes/unmeant.ts';
import { validateAddress } from '../manifest/validators.js';
import { readDate } from '../model/calendar.ts';
import {
  ADDRESS_FIELDS,
  type AddressField,
  asReference,
  asRemoteId,
  type Catalogue,
  type DesiredGroup,
  type ObservedGroup,
  type ObservedRequirement,
  type OrderKind,
  type Reference,
  type RemoteId,
  type RequirementDefinition,
} from '../model/resource.ts';
import { reveal, type Sensitive } from '../model/sensitive.ts';
import type { Account } from '../observe/account.ts';
import type { AddressRow, DocumentRow } from '../telnyx/types.ts';
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

/** A group that is to have a manifest. */
export interface Candidate {
  readonly group: ObservedGroup;
  /** What it answers to: its own requirements, described by the catalogue as far as that knows them. */
  readonly demands: readonly RequirementDefinition[];
}

export function findCandidates(groups: readonly ObservedGroup[], catalogue: Catalogue): Candidate[] {
  return groups.map((group) => {
    const bare = { ...BARE, combination: group.combination };
    const matches = new Map([[BARE.name, { group, superseded: [] }]]);
    const [bound] = bindRequirements([bare], catalogue, matches).groups;
    return { group, demands: bound?.demands ?? [] };
  });
}

/** A manifest that states nothing: binding it tells what there is to state. */
const BARE: Omit<DesiredGroup, 'combination'> = {
  name: '',
  reference: asReference(''),
  statesReference: false,
  id: null,
  approval: 'none',
  partial: true,
  requirements: [],
  attach: [],
  source: { file: '', line: 1, column: 1 },
};

/** The documents that the requirements of the candidates hold, each once. */
export function heldDocuments(candidates: readonly Candidate[], { documents }: Account): DocumentRow[] {
  const held = new Set(candidates.flatMap(documentValues));
  return documents.filter(({ id }) => held.has(id));
}

function documentValues({ group, demands }: Candidate): string[] {
  const types = new Map(demands.map(({ id, fieldType }) => [id, fieldType]));
  return group.requirements.flatMap(({ requirementId, value }) => {
    const type = types.get(requirementId);
    return type === 'document' || type === 'unknown' ? [reveal(value)] : [];
  });
}

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
  const context: Context = {
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

interface Context {
  readonly documents: ReadonlyMap<string, DocumentRow>;
  readonly addresses: ReadonlyMap<string, AddressRow>;
  readonly downloads: ReadonlyMap<string, Download>;
}

function draftGroup({ group, demands }: Candidate, context: Context): Draft {
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

type Found = Omit<DraftValue, 'requirement'> | { readonly why: string };

function draftValue(
  definition: RequirementDefinition,
  held: ObservedRequirement | undefined,
  context: Context,
): Found {
  if (definition.fieldType === 'action') return { why: 'an action, fulfilled on each order' };
  if (held === undefined || reveal(held.value).trim() === '') return { why: 'Telnyx has no value' };
  switch (definition.fieldType) {
    case 'textual':
    case 'datetime':
      return draftText(held, definition);
    case 'document':
      return draftDocument(held, context);
    case 'address':
      return draftAddress(held, context);
    case 'unknown': {
      const value = reveal(held.value);
      if (context.documents.has(value)) return draftDocument(held, context);
      return context.addresses.has(value) ? draftAddress(held, context) : draftText(held, definition);
    }
    default:
      return definition.fieldType satisfies never;
  }
}

/** A text that Telnyx took and that breaks what is demanded today would make every plan fail. */
function draftText({ value }: ObservedRequirement, definition: RequirementDefinition): Found {
  if (!reveal(value).isWellFormed())
    return { why: 'the text holds half a character, which YAML cannot write' };
  if (isPlaceholder(reveal(value))) return { why: 'the text is a placeholder that nothing has filled in' };
  const broken = checkText(value, definition).filter(({ severity }) => severity === 'error');
  if (broken.length > 0) {
    return {
      why: `the text breaks what Telnyx demands today (${broken.map(({ code }) => code).join(', ')})`,
    };
  }
  return { content: { kind: 'text', text: value }, note: null };
}

function draftDocument({ value, expiresAt }: ObservedRequirement, context: Context): Found {
  const id = reveal(value);
  if (!context.documents.has(id)) return { why: 'Telnyx lists no such document any more' };
  const download = context.downloads.get(id);
  if (download?.kind === 'file') {
    const { kind: _, ...file } = download;
    const document = { ...file, expires: readDate(expiresAt) };
    return { content: { kind: 'document', document }, note: null };
  }
  if (!UUID.test(id)) return { why: 'the document has an id that no manifest can name' };
  return { content: { kind: 'document_id', id: asRemoteId(id) }, note: download?.why ?? null };
}

/** Manifests write ids in lowercase. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function draftAddress({ value }: ObservedRequirement, context: Context): Found {
  const id = reveal(value);
  const address = context.addresses.get(id);
  if (address === undefined) return { why: 'Telnyx lists no such address any more' };
  if (isStatable(address) && !holdsPlaceholder(address))
    return { content: { kind: 'address', address }, note: null };
  if (!/^\d+$/.test(id)) return { why: 'the address has an id that no manifest can name' };
  return {
    content: { kind: 'address_id', id: address.id },
    note: isStatable(address)
      ? 'a field of the address is a placeholder that nothing has filled in: named by its id'
      : 'the address lacks what a manifest must state: named by its id',
  };
}

function holdsPlaceholder(address: AddressRow): boolean {
  return statedFields(address).some(([, value]) => isPlaceholder(value));
}

/** The fields of an address that say something: what a manifest states of it. */
export function statedFields({ fields }: AddressRow): [AddressField, string][] {
  return ADDRESS_FIELDS.flatMap((field) => {
    const value = fields.get(field);
    const text = value === undefined ? '' : reveal(value);
    return text.trim() === '' ? [] : [[field, text]];
  });
}

function isStatable(address: AddressRow): boolean {
  const fields = statedFields(address);
  const manifest = {
    apiVersion: 'regsync/v1',
    kind: 'Address',
    name: 'x',
    ...Object.fromEntries(fields),
  };
  return validateAddress(manifest) && fields.every(([, text]) => text.isWellFormed());
}
