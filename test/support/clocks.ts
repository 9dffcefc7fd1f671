import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Build } from './programs/builds.ts';

/**
 * The program with clocks that run faster: src/build.ts reads the scale as it is loaded.
 *
 * @param usual the program as it is shipped.
 * @param timeScale 0.2: a second of the program is a fifth of one.
 * @returns what is written into `folder`.
 */
export function writeWithClocks(folder: string, usual: Build, timeScale: number): Build {
  const quick = { module: join(folder, 'program.cjs'), file: join(folder, 'regsync.js') };
  const set = `globalThis.REGSYNC_TIME_SCALE = ${timeScale};\n`;
  const [module, file] = [usual.module, usual.file].map((path) => JSON.stringify(path));
  mkdirSync(folder, { recursive: true });
  writeFileSync(quick.file, `${set}require(${file});\n`);
  // Loaded once more, beside the one with the usual clocks.
  writeFileSync(
    quick.module,
    `const loaded = require.cache[${module}];
delete require.cache[${module}];
${set}module.exports = require(${module});
delete globalThis.REGSYNC_TIME_SCALE;
require.cache[${module}] = loaded;
`,
  );
  return quick;
}
