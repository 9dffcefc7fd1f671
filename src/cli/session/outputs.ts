import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isInside, pathFrom, realPathOf, realPathToBe } from '../../files/paths.ts';
import { isSourceName } from '../../files/sources.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { visible } from '../../model/text/visible.ts';
import type { Terminal } from './terminal.ts';

/** The options of all commands that name a file to write, and the plan that an apply reads. */
export interface OutputOptions {
  readonly summary?: string;
  readonly out?: string;
  readonly record?: string;
  readonly links?: string;
  readonly plan?: string;
}

/** The files that a run reads. */
export interface RunInputs {
  /** The real path of the repository. */
  readonly root: string;
  /** The files of the repository, relative to it. */
  readonly inputs: ReadonlySet<string>;
}

export const WRITTEN = [
  'summary',
  'out',
  'record',
  'links',
] as const satisfies readonly (keyof OutputOptions)[];

/**
 * Refuses an output over a file that the run reads, and two outputs in one file. A mistyped name must neither
 * replace a manifest nor add text to the configuration.
 *
 * @throws InvalidInputError before anything is read from Telnyx or written.
 */
export function refuseOverInputs(
  { cwd }: Pick<Terminal, 'cwd'>,
  options: OutputOptions,
  { root, inputs }: RunInputs,
): void {
  const read = new Set([...inputs].map((path) => realPathOf(resolve(root, path))));
  const plan = options.plan === undefined ? null : realPathOf(resolve(cwd, options.plan));
  if (plan !== null) read.add(plan);
  const written = new Map<string, string>();
  for (const name of WRITTEN) {
    const given = options[name];
    if (given === undefined) continue;
    const path = realPathToBe(resolve(cwd, given));
    const other = written.get(path);
    if (read.has(path) || isSourceIn(root, path)) {
      const why = path === plan ? 'it is the plan that this run reads' : 'a file of your repository is there';
      throw new InvalidInputError(
        `--${name} cannot write to ${visible(given)}: ${why}. Name another file, for example --${name} ${EXAMPLES[name]}`,
      );
    }
    if (other !== undefined && !path.startsWith('/dev/')) {
      throw new InvalidInputError(
        `--${other} and --${name} both write to ${visible(given)}. Name another file, for example --${name} ${EXAMPLES[name]}`,
      );
    }
    written.set(path, name);
  }
}

const EXAMPLES: Readonly<Record<(typeof WRITTEN)[number], string>> = {
  summary: 'summary.md',
  out: 'plan.json',
  record: 'record.jsonl',
  links: '/tmp/links.json',
};

function isSourceIn(root: string, path: string): boolean {
  return isInside(root, path) && isSourceName(pathFrom(root, path)) && isFile(path);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
