import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NewFile } from '../../files/new-files.ts';
import { isFolder } from '../../files/paths.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { whyUnusable } from '../../model/text/file-error.ts';

/** Returns the lines that .gitignore and .gitattributes lack, to add at their ends. */
export async function findMissingGitLines(root: string): Promise<NewFile[]> {
  return [...(await linesFor(root, IGNORE)), ...(await linesFor(root, ATTRIBUTES))];
}

/** The lines that a file of git should have. */
interface WantedLines {
  readonly path: string;
  readonly lines: readonly {
    readonly text: string;
    /** Matches an existing line with the same effect. */
    readonly isThere: RegExp;
  }[];
}

/**
 * The folder `.regsync` itself is not ignored, because other files in it, such as the recipients, are for
 * everybody.
 */
const IGNORE: WantedLines = {
  path: '.gitignore',
  lines: [
    {
      text: "# The state of regsync's sandbox\n.regsync/sandbox.json*\n",
      isThere: /^(?:\*\*\/|\/)?\.regsync(?:\/?|\/\*|\/sandbox\.json\*)$/,
    },
    {
      text: '# The lock of a running apply\n.regsync/apply.lock*\n',
      isThere: /^(?:\*\*\/|\/)?\.regsync(?:\/?|\/\*|\/apply\.lock\*)$/,
    },
    {
      text: '# What a run writes: plans, the record for auditors, the report\nplan.json\n',
      isThere: /^(?:\*\*\/|\/)?(?:plan|\*)\.json$/,
    },
    { text: 'record.jsonl\n', isThere: /^(?:\*\*\/|\/)?(?:record|\*)\.jsonl$/ },
    { text: 'report.html\n', isThere: /^(?:\*\*\/|\/)?(?:report|\*)\.html$/ },
  ],
};

/**
 * The attribute keeps the bytes of CSV and text documents, and so their digests. Otherwise a checkout on
 * Windows changes them.
 */
const ATTRIBUTES: WantedLines = {
  path: '.gitattributes',
  lines: [
    {
      text: '# git must not change line ends of documents, because regsync uploads them byte for byte\ndocuments/** -text\n',
      isThere: /^(?:\*\*?|\/?documents\/\*\*)\s(?:.*\s)?(?:-text|binary)(?:\s|$)/,
    },
  ],
};

/** Returns the missing lines of the file, to add at its end. Replaces no line. */
async function linesFor(root: string, { path, lines }: WantedLines): Promise<NewFile[]> {
  const found = await readFile(join(root, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new InvalidInputError(`${path} cannot be read: ${whyUnusable(error)}. Nothing was written.`);
  });
  const present = found.split(/\r?\n/).map((line) => line.trim());
  const missing = lines.filter(({ isThere }) => !present.some((line) => isThere.test(line)));
  if (missing.length === 0) return [];
  const end = found === '' || found.endsWith('\n') ? '' : '\n';
  return [{ path, text: `${end}${missing.map(({ text }) => text).join('')}` }];
}

/** Returns a `.gitkeep` for a folder that does not exist, because git keeps no empty folders. */
export function keepFolder(root: string, folder: string): NewFile[] {
  return folder === '' || folder === '.' || isFolder(join(root, folder))
    ? []
    : [{ path: `${folder}/.gitkeep`, text: '' }];
}
