// Where in the sources a line of a stack trace is that a user reported, by the source maps of a build of the same version:
// `node scripts/locate.mjs chunks/plan.js:12:3456 [index.js:1:2345 …]`. `index.js` is the action's bundle. Builds of one commit
// are equal, so check out the tag, run `npm ci` and `npm run bundle:action`, and no map has to be kept.
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { basename, join, posix, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const PLACE = /(?:^|[\\/(])((?:chunks[\\/])?[\w.-]+\.js):(\d+):(\d+)\)?$/;

for (const text of process.argv.slice(2)) console.log(`${text}  ${locate(text)}`);

function locate(text) {
  const [, file, line, column] = PLACE.exec(text) ?? [];
  if (file === undefined) return 'is no place in a bundle: FILE.js:LINE:COLUMN';
  const folder = basename(file) === 'index.js' ? 'action' : 'dist';
  const map = join(root, folder, `${file.replaceAll('\\', '/')}.map`);
  if (!existsSync(map)) return `has no map at ${map}: run npm ci, or npm run bundle:action`;
  // V8 counts from 1, maps from 0.
  const entry = new SourceMap(JSON.parse(readFileSync(map, 'utf8'))).findEntry(line - 1, column - 1);
  if (entry.originalSource === undefined) return 'has no source';
  const source = posix.normalize(posix.join(posix.dirname(`${folder}/${file}`), entry.originalSource));
  return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}
