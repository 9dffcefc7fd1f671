// Builds what is installed. npm runs it after `npm ci` in a clone, before it packs, and for an installation from a git URL.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');

if (existsSync(join(root, 'node_modules/rolldown/package.json'))) {
  await import('./build.mjs').then(({ build }) => build());
} else {
  console.error(
    `regsync is not built yet, and what builds it is missing in ${root}.
Run \`npm ci\` in that folder, without --omit=dev, and then the same command again.`,
  );
  process.exitCode = 1;
}
