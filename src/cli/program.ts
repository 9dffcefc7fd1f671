import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { VERSION } from '../build.ts';
import { type Ending, endingOf } from '../model/ending.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { errorsLast, foldWarnings } from '../model/problem.ts';
import { visible } from '../model/text/visible.ts';
import { errorReport, renderErrorJson } from '../render/json.ts';
import { renderErrorEvent } from '../render/ndjson.ts';
import { renderProblemText } from '../render/text/problem-text.ts';
import { addGlobalOptions, COMPLETE, type DefineCommand, type Finish, optionsOf } from './command.ts';
import { ourCommandFor, ourOptionFor } from './foreign-words.ts';
import { endingAfterLoss, type GlobalOptions, type Terminal } from './session/terminal.ts';
import { type Host, openTerminal } from './shell.ts';

/** Runs a command line: parses the options, imports the command, runs it and returns the exit code. */
export async function run(args: readonly string[], host: Host = process): Promise<ExitCode> {
  const terminal = openTerminal(args, host);
  const exit = await runCommand(asOptions(args), terminal);
  return endingAfterLoss(exit, await terminal.settle());
}

/** Turns `help plan`, `version` and `-v`, which people type, into the options that they mean. */
function asOptions(args: readonly string[]): readonly string[] {
  const [first, ...others] = args;
  if (first === 'help') return others.length === 0 || commandIn(others) ? [...others, '--help'] : others;
  return first === 'version' || first === '-v' ? ['--version', ...others] : args;
}

async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = await buildProgram(args[0] ?? '', terminal, (code) => {
    exitCode = code;
  });
  try {
    if (args[0] === COMPLETE) return await sayCandidates(terminal, program, args.slice(1));
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(terminal, error, args, program);
  } finally {
    if (args.includes('--verbose') && args[0] !== COMPLETE) await sayCost(terminal);
  }
}

/** Prints the cost of a run, also of one that failed. Imported here, because few runs ask for it. */
async function sayCost(terminal: Terminal): Promise<void> {
  const cost = terminal.meter.sum();
  const { renderCostText } = await import('../render/text/cost-text.ts');
  terminal.err(renderCostText(cost));
}

/**
 * Prints a line for each candidate, for the scripts of `regsync completion`. Reads no network and reports no
 * errors.
 */
async function sayCandidates(
  terminal: Terminal,
  program: Command,
  words: readonly string[],
): Promise<ExitCode> {
  const [{ completeWords }, { readAccountNames, readManifestNames }] = await Promise.all([
    import('./completion/candidates.ts'),
    import('./completion/repository-names.ts'),
  ]);
  const terminalAt = ({ chdir = '.' }: GlobalOptions): Terminal => {
    return { ...terminal, cwd: resolve(terminal.cwd, chdir) };
  };
  const candidates = await completeWords(program, words, {
    groups: (place) => readManifestNames(terminalAt(place), place, 'groups'),
    targets: (place) => readManifestNames(terminalAt(place), place, 'targets'),
    accounts: (place) => readAccountNames(terminalAt(place), place),
  });
  for (const { word, note } of candidates) terminal.out(note === '' ? `${word}\n` : `${word}\t${note}\n`);
  return EXIT.ok;
}

/**
 * Defines only one command if the first word is its name, because to define all takes longer than to read a
 * manifest.
 */
async function buildProgram(first: string, terminal: Terminal, finish: Finish): Promise<Command> {
  const program = new Command('regsync')
    .description('Keeps Telnyx requirement groups in step with YAML manifests.')
    .version(VERSION, '--version', 'print the version')
    .helpCommand(false)
    // The errors are printed at the end, by report().
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err, outputError: () => {} })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', EXIT_CODES_HELP);
  program.hook('preAction', (_, command) => {
    const { chdir } = optionsOf<GlobalOptions>(command);
    if (chdir !== undefined) terminal.enter(chdir);
  });
  const asked = COMMANDS.get(first);
  const loaded = (asked === undefined ? [...COMMANDS.values()] : [asked]).map((load) => load());
  for (const { define } of await Promise.all(loaded)) define(program, terminal, finish);
  for (const command of program.commands) {
    addGlobalOptions(command).addHelpText('after', '\nEnvironment variables and exit codes: regsync --help');
  }
  return addGlobalOptions(program);
}

const EXIT_CODES_HELP = `
Environment:
  TELNYX_API_KEY              the API key, unless --api-key-file names a file
  TELNYX_BASE_URL             the address of the API (default: https://api.telnyx.com/v2)
  REGSYNC_PLAN_KEY            seals plans; 32 characters or more (default: made from the API key)
  REGSYNC_AGE_IDENTITY        decrypts documents; or REGSYNC_AGE_IDENTITY_FILE, a file with it
  REGSYNC_VAR_*               values for \`{ env: REGSYNC_VAR_… }\` in manifests
  HTTPS_PROXY, HTTP_PROXY     the proxy; NO_PROXY names hosts that need none
  NODE_EXTRA_CA_CERTS         the certificates of a private authority
  NO_COLOR, FORCE_COLOR       no colours; colours everywhere

Exit codes:
  0 fine · 1 unexpected error · 2 changes pending (plan --detailed-exitcode, ci --fail-on changes, lock --check)
  3 invalid configuration, usage or manifests
  4 some operations failed · 5 refused: stale plan, limit, closed gate · 6 expiry gate · 7 authentication or permission
  8 API unreachable · 130 interrupted

One command:                       regsync help plan
To begin:                          regsync init
A first look, without an account:  regsync plan --sandbox
What stands in the way:            regsync doctor
`;

/** The commands in the order of the help page. Each is imported at its first use. */
const COMMANDS = new Map<string, () => Promise<{ readonly define: DefineCommand }>>([
  ['init', () => import('./init/init.ts')],
  ['doctor', () => import('./doctor/doctor.ts')],
  ['new', () => import('./init/new.ts')],
  ['explain', () => import('./explain.ts')],
  ['validate', () => import('./validate/validate.ts')],
  ['plan', () => import('./plan.ts')],
  ['show', () => import('./show.ts')],
  ['apply', () => import('./apply/apply.ts')],
  ['audit', () => import('./record/audit.ts')],
  ['status', () => import('./status/status.ts')],
  ['report', () => import('./status/report.ts')],
  ['reply', () => import('./reply/reply.ts')],
  ['release', () => import('./release/release.ts')],
  ['import', () => import('./import/import.ts')],
  ['lock', () => import('./lock.ts')],
  ['gc', () => import('./gc.ts')],
  ['keygen', () => import('./encryption/keygen.ts')],
  ['encrypt', () => import('./encryption/encrypt.ts')],
  ['decrypt', () => import('./encryption/decrypt.ts')],
  ['rekey', () => import('./encryption/rekey.ts')],
  ['schema', () => import('./schema.ts')],
  ['sandbox', () => import('./sandbox.ts')],
  ['ci', () => import('./ci/ci.ts')],
  ['matrix', () => import('./matrix.ts')],
  ['completion', () => import('./completion/completion.ts')],
]);

/* ---- Errors end here ---- */

function report(terminal: Terminal, error: unknown, args: readonly string[], program: Command): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  // The command line is empty. Commander has printed the help page.
  if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.invalid;
  const ending = endingOfRun(error, args, program);
  for (const problem of errorsLast(foldWarnings(ending.problems)))
    terminal.err(renderProblemText(problem, terminal.errPaint));
  terminal.err(`${terminal.errPaint('red', 'error:')} ${visible(withoutProblem(ending))}\n`);
  if (ending.doctorHelps && mayBeTyped(args)) terminal.err(`${doctorsTurn(ending)}\n`);
  const told = { code: ending.code, message: ending.message };
  if (wants('json', args)) terminal.out(renderErrorJson(told, ending.problems));
  if (wants('ndjson', args)) terminal.out(renderErrorEvent(errorReport(told, ending.problems)));
  return ending.exit;
}

/** Returns the message without the only problem, which stands above it. */
function withoutProblem({ message, problems }: Ending): string {
  const [only] = problems;
  const repeated = problems.length === 1 && only !== undefined ? `: ${only.message}` : '';
  return repeated !== '' && message.endsWith(repeated) ? message.slice(0, -repeated.length) : message;
}

/** The message of a key or a setting names the next step. That of a network often cannot. */
function doctorsTurn({ exit }: Ending): string {
  return exit === EXIT.unreachable
    ? 'Run `regsync doctor` to find the cause.'
    : 'If that does not help, run `regsync doctor`.';
}

function endingOfRun(error: unknown, args: readonly string[], program: Command): Ending {
  if (!(error instanceof CommanderError)) return endingOf(error);
  const usage = error.message
    .replace(/^error: /, '')
    .replace(/^(unknown option '[^=']*)=.*'/, "$1'")
    .replaceAll('\n', ' ')
    .replace(/\.$/, '');
  const command = commandIn(args);
  const help = ['regsync', ...(command === undefined ? [] : [command]), '--help'].join(' ');
  const ours = ourWordFor(error, args, program);
  const message = ours === null ? `${usage}. See ${help}` : `${withoutGuess(usage)}. ${ours}. See ${help}`;
  return { exit: EXIT.invalid, code: 'usage', message, problems: [], doctorHelps: false };
}

/** Returns the next step if the user typed a word of another program. */
function ourWordFor({ code }: CommanderError, args: readonly string[], program: Command): string | null {
  if (code === 'commander.unknownCommand') {
    return ourCommandFor(args.find((arg) => !arg.startsWith('-')) ?? '');
  }
  if (code !== 'commander.unknownOption') return null;
  const command = program.commands.find((each) => each.name() === commandIn(args)) ?? program;
  const known = command.options.flatMap(({ long }) => long ?? []);
  const steps = args.flatMap((arg) => (arg.startsWith('-') ? (ourOptionFor(arg, known) ?? []) : []));
  return steps[0] ?? withoutValue(command, args);
}

/** Returns the next step for `--allow-orders=true`, whose name the parser calls unknown. */
function withoutValue({ options }: Command, args: readonly string[]): string | null {
  const switches = options.filter((option) => option.isBoolean()).flatMap(({ long }) => long ?? []);
  const found = switches.find((name) => args.some((arg) => arg.startsWith(`${name}=`)));
  return found === undefined ? null : `Write ${found} alone: it takes no value`;
}

/** Removes the parser's guess at a known word, because the meaning of the typed one is known. */
function withoutGuess(usage: string): string {
  return usage.replace(/ \(Did you mean .*\)$/, '');
}

function commandIn(args: readonly string[]): string | undefined {
  return args.find((arg) => COMMANDS.has(arg));
}

/**
 * Returns whether a person may type the next command. False in a pipeline, and with --quiet, which prints
 * only errors.
 */
function mayBeTyped(args: readonly string[]): boolean {
  return commandIn(args) !== 'ci' && !args.includes('--quiet');
}

function wants(format: 'json' | 'ndjson', args: readonly string[]): boolean {
  return args.some(
    (arg, index) => arg === `--format=${format}` || (arg === '--format' && args[index + 1] === format),
  );
}
