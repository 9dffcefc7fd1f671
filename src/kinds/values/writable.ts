import type { Observed } from '../../model/observed.ts';
import type { ValueWrite, WritableValue } from '../../model/plan/change.ts';
import type { Sensitive } from '../../model/privacy/sensitive.ts';
import type { BoundValue } from '../../model/resource.ts';
import { desiredForm, observedForm } from './normal-form.ts';
import { findReusableAddress, findReusableDocument } from './reuse.ts';

/**
 * Returns how a stated value takes the place of a held one.
 *
 * @param held absent for an object that is still to be made, or that lacks the requirement.
 */
export function writeOf(
  stated: BoundValue,
  observed: Observed,
  held?: { readonly value: Sensitive; readonly status: string | null },
): ValueWrite {
  const { id, name, fieldType } = stated.requirement;
  return {
    requirementId: id,
    requirementName: name,
    fieldType,
    value: writable(stated, observed),
    before: held === undefined ? null : observedForm(held.value, stated, observed),
    after: desiredForm(stated),
    observedStatus: held?.status ?? null,
    source: stated.contentSource,
  };
}

/** Returns a value as the applier writes it. An object that is already at Telnyx is used again. */
export function writable({ content }: BoundValue, observed: Observed): WritableValue {
  switch (content.kind) {
    case 'text':
      return { kind: 'text', text: content.text };
    case 'document': {
      const { document } = content;
      return {
        kind: 'document',
        document,
        reuse: findReusableDocument(document.sha256, observed)?.id ?? null,
      };
    }
    case 'address': {
      const { address } = content;
      return { kind: 'address', address, reuse: findReusableAddress(address, observed)?.id ?? null };
    }
    case 'document_id':
    case 'address_id':
      return { kind: 'remote', id: content.id };
    default:
      return content satisfies never;
  }
}
