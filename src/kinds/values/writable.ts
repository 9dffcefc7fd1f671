import type { Observed } from '../../model/observed.ts';
import type { WritableValue } from '../../model/plan/change.ts';
import type { BoundValue } from '../../model/resource.ts';
import { findReusableAddress, findReusableDocument } from './reuse.ts';

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
