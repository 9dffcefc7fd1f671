import { Fault } from '../../manifest/fault.ts';
import { resolvePath } from '../../manifest/files/paths.ts';
import type { Repository } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import type { Lines } from '../../resolve/related.ts';
import { runGitWithInput } from '../session/git.ts';
import type { Terminal } from '../session/terminal.ts';

/**
 * Returns the lines of manifests that contain one of the texts, by file, as far as git tracks it.
 *
 * @throws InvalidInputError if git fails.
 */
export async function searchManifests(
  { env }: Pick<Terminal, 'env'>,
  { root, config }: Repository,
  texts: readonly string[],
): Promise<Lines> {
  // An empty pattern would match every line.
  if (texts.length === 0) return new Map();
  const folders = config.manifests.flatMap((entry) => {
    const path = resolvePath('', entry);
    return path instanceof Fault ? [] : [`:(literal)${path}`];
  });
  const how = [
    '--text',
    '--null',
    '--ignore-case',
    '--fixed-strings',
    '--no-color',
    '--no-recurse-submodules',
  ];
  const args = [...PLAIN_LINES, 'grep', ...how, '-f', '-', '--', ...folders];
  const found = await runGitWithInput(env, root, args, `${texts.join('\n')}\n`).catch(nothingFound);
  const lines = new Map<string, string[]>();
  for (const each of found.split('\n')) {
    const end = each.indexOf('\0');
    if (end === -1) continue;
    const path = each.slice(0, end);
    const own = lines.get(path);
    if (own === undefined) lines.set(path, [each.slice(end + 1)]);
    else own.push(each.slice(end + 1));
  }
  return lines;
}

const PLAIN_LINES = ['fullName', 'lineNumber', 'column'].flatMap((key) => ['-c', `grep.${key}=false`]);

/** Git ends with 1 if no line contains one of the texts. */
function nothingFound(error: unknown): string {
  if ((error as { code?: unknown }).code === 1) return '';
  throw new InvalidInputError('git cannot search the manifests');
}
