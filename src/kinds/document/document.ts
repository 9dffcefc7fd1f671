import type { Content } from '../kind.ts';
import { describeDocument, documentEnd } from './describe.ts';
import { resolveDocument } from './resolve.ts';

/** A file of the repository, for any number of requirements. */
export const document: Content<'Document'> = {
  documentsIn: ({ fields }) => [{ path: [], document: fields }],
  textSourcesIn: () => [],
  describe: describeDocument,
  startAndEnd: documentEnd,
  define({ fields, origin }, resolution) {
    const place = { origin, path: [], name: fields.name };
    resolution.documents.set(fields.name, resolveDocument(fields, place, resolution));
  },
};
