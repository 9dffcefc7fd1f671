import type { Command } from 'commander';
import { InvalidInputError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { addCommand, examples, type Finish, formatOption, runs, wholeNumber } from './command.ts';
import { openProjectRepositories } from './session/project.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'matrix', 'print one job for each account and shard, for strategy.matrix of a workflow')
    .option('--shards <n>', 'number of shards for the groups of each account', wholeNumber(1, 256), 1)
    .addOption(formatOption('json'))
    .addHelpText('after', examples('regsync matrix --shards 8'))
    .action(runs(matrix, terminal, finish));
}

export interface MatrixCommandOptions extends GlobalOptions {
  readonly shards: number;
}

/** The jobs that share a run, as `strategy.matrix` of a workflow. */
export interface Matrix {
  readonly include: readonly {
    /** The account of the job. Absent if the configuration has no accounts. */
    readonly account?: string;
    /** The `--shard` of the job, `1/1` if there is only one. */
    readonly shard: string;
  }[];
}

/** The limit of GitHub on the jobs of a matrix (documented). */
const MAX_JOBS = 256;

/** Prints the jobs as JSON in one line: each account in `--shards` parts. */
export async function matrix(terminal: Terminal, options: MatrixCommandOptions): Promise<ExitCode> {
  terminal.out(`${JSON.stringify(await composeMatrix(terminal, options, options.shards))}\n`);
  return EXIT.ok;
}

/** Returns the jobs. Reads only the configuration, no manifest. */
export async function composeMatrix(
  terminal: Terminal,
  options: GlobalOptions,
  shards: number,
): Promise<Matrix> {
  const repositories = await openProjectRepositories(terminal, options);
  const jobs = repositories.length * shards;
  if (jobs > MAX_JOBS) {
    throw new InvalidInputError(
      `${repositories.length} accounts in ${shards} shards are ${jobs} jobs, and GitHub allows ${MAX_JOBS}: use fewer shards`,
    );
  }
  const names = repositories.map(({ config }) =>
    config.account === null ? {} : { account: config.account.name },
  );
  const parts = Array.from({ length: shards }, (_, index) => `${index + 1}/${shards}`);
  return { include: names.flatMap((name) => parts.map((shard) => ({ ...name, shard }))) };
}
