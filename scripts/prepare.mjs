// Builds what is installed. npm runs it after `npm ci` in a clone, before it packs, and for an installation from a git URL or
// a fresh clone. For a global one of these two, npm installs nothing of what builds: then this does.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, realpathSync, unlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const tools = join(root, 'node_modules/rolldown/package.json');

if (!existsSync(tools)) installTools();
if (process.env._PACOTE_NO_PREPARE_ && process.env.npm_config_global === 'true') removeLink();
if (existsSync(tools)) {
  const { build } = await import('./build.mjs');
  await build();
} else {
  console.error(
    `regsync cannot be built: what builds it could not be installed in ${root} (see above).
Give npm access to its registry, run \`npm ci\` in that folder, and then the same command again.`,
  );
  process.exitCode = 1;
}

/** As the lock file says, beside the sources, whatever npm was asked to do around this. */
function installTools() {
  const { npm_config_global: _, npm_config_omit: __, NODE_ENV: ___, npm_execpath, ...env } = process.env;
  if (npm_execpath === undefined) return;
  const options = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  spawnSync(process.execPath, [npm_execpath, 'ci', ...options], { cwd: root, env, stdio: ['ignore', 2, 2] });
}

/**
 * For `npm install --global git+…`, npm clones into a temporary folder, and has an npm of its own install there what builds. That
 * one takes over `--global` and links the temporary folder to where the package belongs. The first npm would unpack the package
 * through that link, and delete it with the folder: it says "added 1 package", and there is no command. With a folder in the
 * place of the link, it unpacks into that.
 */
function removeLink() {
  const prefix = process.env.npm_config_global_prefix ?? '';
  const link = join(prefix, process.platform === 'win32' ? '' : 'lib', 'node_modules', 'regsync');
  if (!lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  if (realpathSync(link) !== realpathSync(root)) return;
  unlinkSync(link);
  mkdirSync(link);
}
