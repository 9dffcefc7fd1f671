import { posix } from 'node:path';
import { indexRows } from '../kinds/reading/index-rows.ts';
import { schemaPath } from '../model/text/schema-path.ts';
import type { ComposedManifest, Composition, Surroundings } from './composition.ts';
import { placeDocuments, type Shared, shareContents, usesIn } from './contents.ts';
import { contentEntries, type EntryContext, groupEntries } from './entries.ts';
import type { GeneratedManifest } from './generate-manifests.ts';
import { nameGroups } from './group-names.ts';
import { Names } from './names.ts';
import { type Entry, writeYaml } from './yaml-text.ts';

/** Composes the text of manifests and the paths of documents from drafts. */
export function compose(manifests: readonly GeneratedManifest[], surroundings: Surroundings): Composition {
  const names = new Names(surroundings.names);
  const paths = new Names(surroundings.paths);
  const groups = nameGroups(manifests, surroundings, { names, paths });
  const uses = usesIn(groups);
  const documents = placeDocuments(uses, surroundings, paths);
  const shared = shareContents(uses, surroundings, names);
  const { folder, sealed } = surroundings;
  const place = { folder, documents, shared, sealed };
  const byHome = indexRows(shared.all, ({ home }) => home);
  const own = groups.map((group): ComposedManifest => {
    const additions = byHome.get(group.name) ?? [];
    const entries = [
      groupEntries(group, place),
      ...additions.map((content) => contentEntries(content, place)),
    ];
    return { path: group.path, text: writeManifests(group.path, entries), groups: [group.name] };
  });
  return {
    manifests: [...composeShared(shared, place, paths), ...own],
    documents: [...documents.values()],
    groups,
    plaintexts: sealed?.plaintexts ?? new Map(),
  };
}

/** Writes the documents of one file, below a line by which editors find the schema. */
function writeManifests(path: string, documents: readonly (readonly Entry[])[]): string {
  return `# yaml-language-server: $schema=${schemaPath(path)}\n${writeYaml(documents)}`;
}

/** The most contents in a file, which keeps it far below the limit of 1 MiB. */
const CONTENTS_A_FILE = 200;

/** A ciphertext of a field takes up to ten times the room of the text, and more with many recipients. */
const SEALED_CONTENTS_A_FILE = 10;

function composeShared({ all }: Shared, place: EntryContext, paths: Names): ComposedManifest[] {
  return (['Document', 'Address'] as const).flatMap((kind) => {
    const contents = all.filter((content) => content.kind === kind && content.home === null);
    const base = posix.join(place.folder, kind === 'Document' ? 'documents' : 'addresses');
    const most = place.sealed === null ? CONTENTS_A_FILE : SEALED_CONTENTS_A_FILE;
    const starts = contents.flatMap((_, index) => (index % most === 0 ? [index] : []));
    return starts.map((start): ComposedManifest => {
      const part = contents.slice(start, start + most);
      const path = paths.claim(base, '.yaml');
      return {
        path,
        text: writeManifests(
          path,
          part.map((content) => contentEntries(content, place)),
        ),
        groups: [...new Set(part.flatMap(({ users }) => users))],
      };
    });
  });
}
