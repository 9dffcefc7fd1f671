import type { DocumentChange } from '../../model/plan/change.ts';
import type { Content } from '../kind.ts';
import { describeMade } from '../values/describe-values.ts';
import { resolveDocument } from './resolve.ts';

/** A file of the repository, for any number of requirements. */
export const document: Content<'Document'> = {
  documentsIn: ({ fields }) => [{ path: [], document: fields }],
  textSourcesIn: () => [],
  describe(change, keys) {
    const { path, bytes, sha256 } = change.document;
    return {
      ...describeMade({ ...change, sha256, end: end(change) }, 'upload', keys),
      document: { path, bytes },
    };
  },
  startAndEnd: end,
  define({ fields, origin }, resolution) {
    const place = { origin, path: [], name: fields.name };
    resolution.documents.set(fields.name, resolveDocument(fields, place, resolution));
  },
};

/** Returns where the change leads. It starts from nothing. */
function end({ kind, name, document }: DocumentChange): unknown {
  return [kind, name, document.sha256];
}
