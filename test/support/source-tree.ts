import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './root.ts';

const PATHS = [
  ...['.github', 'docs', 'examples', 'schemas', 'scripts', 'src'],
  ...['CHANGELOG.md', 'Dockerfile', 'LICENSE', 'README.md', 'action.yml'],
  ...['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.types.json'],
];

/** The sources in another folder, with all that a build needs and nothing that one has made. */
export async function copySources(folder: string): Promise<void> {
  for (const path of PATHS)
    await cp(join(ROOT, path), join(folder, path), { recursive: true, filter: isSource });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
}

const isSource = (path: string) => !/validators\.js$|\.regsync\b/.test(path);
