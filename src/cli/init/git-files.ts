import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewFile } from '../../files/new-files.ts';
import { isFolder } from '../../files/paths.ts';
import { InvalidInputError } from '../../model/errors.ts';

/** Returns the lines that .gitignore and .gitattributes lack, to be added at their ends. */
export async function findMissingGitLines(root: string): Promise<NewFile[]> {
  return [...(await linesFor(root, IGNORE)), ...(await linesFor(root, ATTRIBUTES))];
}

/** Lines that a file of git's is to have. */
interface WantedLines {
  readonly path: string;
  readonly lines: readonly {
    readonly text: string;
    /** A line that says the same already. */
    readonly isThere: RegExp;
  }[];
}

/** Not the whole folder: other files in it may be for everybody. */
const IGNORE: WantedLines = {
  path: '.gitignore',
  lines: [
    {
      text: "# The state of regsync's sandbox\n.regsync/sandbox.json*\n",
      isThere: /^(?:\*\*\/|\/)?\.regsync(?:\/?|\/\*|\/sandbox\.json\*)$/,
    },
    {
      text: '# While an apply runs\n.regsync/apply.lock*\n',
      isThere: /^(?:\*\*\/|\/)?\.regsync(?:\/?|\/\*|\/apply\.lock\*)$/,
    },
  ],
};

/** A checkout on Windows would give CSV and text documents other bytes, and so another digest. */
const ATTRIBUTES: WantedLines = {
  path: '.gitattributes',
  lines: [
    {
      text: '# Documents are uploaded byte for byte: git leaves their line ends as they are\ndocuments/** -text\n',
      isThere: /^(?:\*\*?|\/?documents\/\*\*)\s(?:.*\s)?(?:-text|binary)(?:\s|$)/,
    },
  ],
};

/** What the file lacks, to be added at its end: no line of it is replaced. */
async function linesFor(root: string, { path, lines }: WantedLines): Promise<NewFile[]> {
  const found = await readFile(join(root, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new InvalidInputError(`${path} cannot be read (${error.code}). Nothing was written.`);
  });
  const present = found.split(/\r?\n/).map((line) => line.trim());
  const missing = lines.filter(({ isThere }) => !present.some((line) => isThere.test(line)));
  if (missing.length === 0) return [];
  const end = found === '' || found.endsWith('\n') ? '' : '\n';
  return [{ path, text: `${end}${missing.map(({ text }) => text).join('')}` }];
}

/** Git keeps no empty folders. */
export function keepFolder(root: string, folder: string): NewFile[] {
  return folder === '' || folder === '.' || isFolder(join(root, folder))
    ? []
    : [{ path: `${folder}/.gitkeep`, text: '' }];
}
