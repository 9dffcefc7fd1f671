import { posix } from 'node:path';

/** The folder of a repository for the schemas that editors read. `regsync init` writes them. */
export const SCHEMA_FOLDER = 'schemas';

/** Returns the path of the schema relative to the manifest. */
export function schemaPath(manifest: string): string {
  return posix.relative(posix.dirname(manifest), `${SCHEMA_FOLDER}/manifest.schema.json`);
}
