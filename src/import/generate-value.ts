import { checkText } from '../catalogue/criteria.ts';
import { isPlaceholder } from '../manifest/mistakes/unmeant.ts';
import { validateAddress } from '../manifest/validators.js';
import type { ObservedRequirement } from '../model/observed.ts';
import { reveal } from '../model/privacy/sensitive.ts';
import type { RequirementDefinition } from '../model/requirements.ts';
import { ADDRESS_FIELDS, type AddressField, asRemoteId } from '../model/resource.ts';
import { readDate } from '../model/text/calendar.ts';
import type { AddressRow, DocumentRow } from '../telnyx/types.ts';
import type { Download, GeneratedValue } from './generate-manifests.ts';

/** Returns what a manifest states for one requirement of an observed group, or why it states nothing. */
export function generateValue(
  definition: RequirementDefinition,
  held: ObservedRequirement | undefined,
  context: GenerationContext,
): Found {
  if (definition.fieldType === 'action') return { why: 'an action, fulfilled on each order' };
  if (held === undefined || reveal(held.value).trim() === '') return { why: 'Telnyx has no value' };
  switch (definition.fieldType) {
    case 'textual':
    case 'datetime':
      return generateText(held, definition);
    case 'document':
      return generateDocument(held, context);
    case 'address':
      return generateAddress(held, context);
    case 'unknown': {
      const value = reveal(held.value);
      if (context.documents.has(value)) return generateDocument(held, context);
      return context.addresses.has(value) ? generateAddress(held, context) : generateText(held, definition);
    }
    default:
      return definition.fieldType satisfies never;
  }
}

export interface GenerationContext {
  readonly documents: ReadonlyMap<string, DocumentRow>;
  readonly addresses: ReadonlyMap<string, AddressRow>;
  readonly downloads: ReadonlyMap<string, Download>;
}

type Found = Omit<GeneratedValue, 'requirement'> | { readonly why: string };

/** Returns the text, unless it breaks the current criteria: every plan would then fail. */
function generateText({ value }: ObservedRequirement, definition: RequirementDefinition): Found {
  if (!reveal(value).isWellFormed())
    return { why: 'the text holds half a character, which YAML cannot write' };
  if (isPlaceholder(reveal(value))) return { why: 'kept at Telnyx: the text is a placeholder' };
  const broken = checkText(value, definition).filter(({ severity }) => severity === 'error');
  if (broken.length > 0) {
    return {
      why: `kept at Telnyx: the text breaks its current rules (${broken.map(({ code }) => code).join(', ')}). To manage it, correct the value and remove \`partial\``,
    };
  }
  return { content: { kind: 'text', text: value }, note: null };
}

function generateDocument({ value, expiresAt }: ObservedRequirement, context: GenerationContext): Found {
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

function generateAddress({ value }: ObservedRequirement, context: GenerationContext): Found {
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
      : 'the address lacks a required field: named by its id',
  };
}

function holdsPlaceholder(address: AddressRow): boolean {
  return statedFields(address).some(([, value]) => isPlaceholder(value));
}

/** Returns the fields of an address that are not empty, which are those that a manifest states. */
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
