import { hashAddressFields } from '../../model/address.ts';
import type { Observed, ObservedDocument } from '../../model/observed.ts';
import { reveal, Sensitive } from '../../model/privacy/sensitive.ts';
import { digestInReference } from '../../model/reference-names.ts';
import type { FieldType } from '../../model/requirements.ts';
import type { BoundValue, DesiredAddress } from '../../model/resource.ts';
import { normaliseDate, normaliseText } from '../../model/text/normal-text.ts';
import { isAddressOf, isDocumentOf } from '../../model/text/same-content.ts';

/**
 * Returns the form in which both sides are compared, so that equal values are equal texts and no difference
 * is a phantom. A text is in NFC and trimmed, a date is an instant, a document is its content, an address is
 * its fields. A value that the manifest gives by remote id is compared by that id.
 */
export function desiredForm({ content, requirement }: BoundValue): Sensitive {
  switch (content.kind) {
    case 'text':
      return new Sensitive(`text:${textForm(reveal(content.text), requirement.fieldType)}`);
    case 'document':
      return new Sensitive(documentForm(content.document.sha256));
    case 'address':
      return new Sensitive(addressForm(content.address.sha256));
    case 'document_id':
    case 'address_id':
      return new Sensitive(`id:${content.id}`);
    default:
      return content satisfies never;
  }
}

/**
 * Returns null if the requirement has no value. A value that points to something that is gone equals nothing.
 */
export function observedForm(value: Sensitive, desired: BoundValue, observed: Observed): Sensitive | null {
  const text = reveal(value);
  if (text === '') return null;
  const { content, requirement } = desired;
  switch (content.kind) {
    case 'text': {
      const normalised = textForm(text, requirement.fieldType);
      return normalised === '' ? null : new Sensitive(`text:${normalised}`);
    }
    case 'document':
      return new Sensitive(observedDocumentForm(text, content.document.sha256, observed));
    case 'address':
      return new Sensitive(observedAddressForm(text, content.address, observed));
    case 'document_id':
      return new Sensitive(observed.documents.byId.has(text) ? `id:${text}` : `gone:${text}`);
    case 'address_id':
      return new Sensitive(observed.addresses.byId.has(text) ? `id:${text}` : `gone:${text}`);
    default:
      return content satisfies never;
  }
}

/**
 * Returns true if both forms are equal. It makes neither, because nearly all of tens of thousands of values
 * are equal.
 */
export function isHeld(value: Sensitive, desired: BoundValue, observed: Observed): boolean {
  const text = reveal(value);
  const { content, requirement } = desired;
  switch (content.kind) {
    case 'text': {
      const held = textForm(text, requirement.fieldType);
      return held !== '' && held === textForm(reveal(content.text), requirement.fieldType);
    }
    case 'document': {
      const document = observed.documents.byId.get(text);
      return document !== undefined && isDocumentOf(document, content.document.sha256);
    }
    case 'address': {
      const address = observed.addresses.byId.get(text);
      return address !== undefined && isAddressOf(address, content.address);
    }
    case 'document_id':
      return text === content.id && observed.documents.byId.has(text);
    case 'address_id':
      return text === content.id && observed.addresses.byId.has(text);
    default:
      return content satisfies never;
  }
}

function textForm(text: string, fieldType: FieldType): string {
  return fieldType === 'datetime' ? normaliseDate(text) : normaliseText(text);
}

function documentForm(sha256: string): string {
  return `document:${sha256.slice(0, 32)}`;
}

function addressForm(sha256: string): string {
  return `address:${sha256.slice(0, 32)}`;
}

function observedDocumentForm(id: string, desiredSha256: string, observed: Observed): string {
  const document = observed.documents.byId.get(id);
  if (document === undefined) return `gone:${id}`;
  if (isDocumentOf(document, desiredSha256)) return documentForm(desiredSha256);
  const digest = digestOf(document);
  return digest === null ? `id:${id}` : documentForm(digest);
}

function digestOf({ sha256, reference }: ObservedDocument): string | null {
  return sha256 ?? digestInReference(reference, 'doc');
}

function observedAddressForm(id: string, desired: DesiredAddress, observed: Observed): string {
  const address = observed.addresses.byId.get(id);
  if (address === undefined) return `gone:${id}`;
  return addressForm(isAddressOf(address, desired) ? desired.sha256 : hashAddressFields(address.fields));
}
