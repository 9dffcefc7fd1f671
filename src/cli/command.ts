import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from '../model/exit.ts';
import { flagOf, GATE_NAMES, GATES } from '../model/plan/gates.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

/** Takes the exit code of a command. */
export type Finish = (code: ExitCode) => void;

/** A function that adds a command, its options and its help page. Every file of a command exports one, as `define`. */
export type DefineCommand = (program: Command, terminal: Terminal, finish: Finish) => void;

/** The hidden command of the scripts that `regsync completion` prints. */
export const COMPLETE = '__complete';

const GLOBAL = 'Global options:';

/** Adds the options that every command has. They come after its own on the help page. */
export function addGlobalOptions(command: Command): Command {
  return command
    .optionsGroup(GLOBAL)
    .addHelpOption(new Option('-h, --help', 'print help').helpGroup(GLOBAL))
    .option('--chdir <dir>', 'run as if started in this folder')
    .option('--config <file>', 'use this regsync.yaml')
    .option('--account <name>', 'one of the accounts in regsync.yaml')
    .option(
      '--api-key-file <file>',
      'read the API key from a file outside the repository (else TELNYX_API_KEY)',
    )
    .option('--sandbox', 'use the embedded simulator of Telnyx; its state is in .regsync/sandbox.json')
    .option('--color', 'colours, even if the output is not a terminal (also: FORCE_COLOR)')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('--quiet', 'print only results and errors')
    .option('--verbose', 'print requests, bytes, retries and times to stderr at the end');
}

/** Adds a command. Global options may come before or after its name: `buildProgram` adds them to each. */
export function addCommand(program: Command, usage: string, description: string): Command {
  return program.command(usage).description(description);
}

export function optionsOf<Options extends GlobalOptions>(command: Command): Options {
  const given = Object.entries(command.opts()).filter(([, value]) => value !== undefined);
  return { ...command.parent?.opts(), ...Object.fromEntries(given) } as Options;
}

/**
 * Returns the action of a command: it runs `act` with the arguments and the options that the user typed, and
 * finishes with its exit code.
 */
export function runs<Typed extends unknown[]>(
  act: (terminal: Terminal, ...typed: Typed) => ExitCode | Promise<ExitCode>,
  terminal: Terminal,
  finish: Finish,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    // Commander adds the options and the command to the arguments.
    const command = given.at(-1) as Command;
    const typed = [...given.slice(0, -2), optionsOf(command)];
    finish(await act(terminal, ...(typed as Typed)));
  };
}

export const PLAN_KEY_HELP = `
To apply with another API key than the plan was made with, give both runs the same
REGSYNC_PLAN_KEY of 32 characters or more: openssl rand -hex 32 makes one.`;

export function addGates(command: Command): Command {
  addTargets(command);
  for (const gate of GATE_NAMES) {
    const { takes, help } = GATES[gate];
    if (takes === 'names') command.option(`${flagOf(gate)} <name>`, help, collect);
    else command.option(flagOf(gate), help);
  }
  return command.addOption(shardOption());
}

/** Adds the options that narrow a run by name. */
export function addTargets(command: Command): Command {
  return command
    .option(
      '--target <name>',
      'only this group or order, as a name, a pattern (de-*) or Kind/name (may be repeated)',
      collect,
    )
    .option(
      '--exclude <name>',
      'all except this group or order, written in the same way (may be repeated)',
      collect,
    );
}

export function shardOption(): Option {
  return new Option(
    '--shard <i/n>',
    'only the i-th of n parts, divided by name; auto: read both from a Kubernetes Job or GitLab',
  );
}

export function changedSinceOption(): Option {
  return new Option(
    '--changed-since <base>',
    'only what differs from this branch, commit or folder, and what depends on it',
  );
}

/** @param steps the steps of `ci` that take the option, such as `apply: `. */
export function failOnExpiryOption(steps = ''): Option {
  const help = `${steps}exit 6 if anything expires within this many days`;
  return new Option('--fail-on-expiry <days>', help).argParser(wholeNumber(0, 36_500));
}

export function parallelismOption(steps = ''): Option {
  const help = `${steps}number of groups in parallel`;
  return new Option('--parallelism <n>', help).argParser(wholeNumber(1, 64)).default(8);
}

export function recordOption(steps = ''): Option {
  return new Option('--record <file>', `${steps}append a line for each write to this file, for auditors`);
}

export function formatOption(...formats: string[]): Option {
  const [first] = formats;
  return new Option('--format <format>', 'format of the result').choices(formats).default(first);
}

export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
}

export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
  };
}

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

/** Returns milliseconds for a text such as `90s`, `30m`, `2h` or `1h30m`. */
export function duration(text: string): number {
  const parts = /^(?:\d{1,6}[dhms])+$/.test(text) ? (text.match(/\d+[dhms]/g) ?? []) : [];
  const seconds = parts.reduce(
    (sum, part) => sum + Number.parseInt(part, 10) * (SECONDS_PER_UNIT[part.slice(-1)] ?? 0),
    0,
  );
  if (seconds > 0 && seconds <= 90 * 86_400) return seconds * 1000;
  throw new InvalidArgumentError('Write a duration such as 90s, 30m, 2h or 3d, at most 90 days.');
}
