import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'rolldown';

const sources = resolve(import.meta.dirname, '../../src');

/**
 * What TypeScript modules of `src/` export: they are bundled to be imported from here.
 * @param exports what is wanted, by the path in `src/`: `{'telnyx/client.ts': '{ openWriteClient }'}`
 */
export async function importSources(exports) {
  const entry = Object.entries(exports)
    .map(([path, names]) => `export ${names} from ${JSON.stringify(join(sources, path))};`)
    .join('\n');
  const folder = await mkdtemp(join(tmpdir(), 'regsync-openapi-'));
  const file = join(folder, 'sources.mjs');
  try {
    await build({
      input: 'sources',
      platform: 'node',
      plugins: [
        {
          name: 'entry',
          resolveId: (id) => (id === 'sources' ? '\0sources' : null),
          load: (id) => (id === '\0sources' ? entry : null),
        },
      ],
      output: { file, format: 'esm', codeSplitting: false },
      logLevel: 'silent',
    });
    return await import(pathToFileURL(file).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}
