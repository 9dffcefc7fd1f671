import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { VERSION } from './build.ts';
import type { ApplyCommandOptions } from './commands/apply.ts';
import type { EncryptCommandOptions } from './commands/encrypt.ts';
import type { GcCommandOptions } from './commands/gc.ts';
import type { ImportCommandOptions } from './commands/import.ts';
import type { PlanCommandOptions } from './commands/plan.ts';
import type { RekeyCommandOptions } from './commands/rekey.ts';
import type { SandboxCommandOptions } from './commands/sandbox.ts';
import type { SchemaName } from './commands/schema.ts';
import type { StatusCommandOptions } from './commands/status.ts';
import type { GlobalOptions, Terminal } from './commands/terminal.ts';
import type { ValidateCommandOptions } from './commands/validate.ts';
import {
  ApiError,
  AuthenticationError,
  InterruptedError,
  InvalidInputError,
  OutputError,
  RefusedError,
  UnreachableError,
} from './model/errors.ts';
import { EXIT, type ExitCode } from './model/exit.ts';
import type { Problem } from './model/problem.ts';
import { GROUP_ACTIONS, PHONE_NUMBER_TYPES } from './model/resource.ts';
import { visible } from './model/visible.ts';
import { renderErrorJson } from './render/json.ts';
import { renderProblemText } from './render/problem-text.ts';
import { openTerminal } from './shell.ts';

/** The command line: options → a command → an exit code. Each command is loaded when it is asked for. */
export async function run(args: readonly string[]): Promise<ExitCode> {
  const terminal = openTerminal(args);
  let exitCode: ExitCode = EXIT.ok;
  const program = buildProgram(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(terminal, error, wantsJson(args));
  }
}

type Finish = (code: ExitCode) => void;

function buildProgram(terminal: Terminal, finish: Finish): Command {
  const program = new Command('regsync')
    .description('Keeps Telnyx requirement groups in step with YAML manifests.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .configureOutput({ writeOut: terminal.out, writeErr: () => {} })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', EXIT_CODES_HELP);
  addGlobalOptions(program);
  addValidate(program, terminal, finish);
  addPlan(program, terminal, finish);
  addApply(program, terminal, finish);
  addStatus(program, terminal, finish);
  addImport(program, terminal, finish);
  addGc(program, terminal, finish);
  addEncrypt(program, terminal, finish);
  addRekey(program, terminal, finish);
  addSchema(program, terminal, finish);
  addSandbox(program, terminal, finish);
  return program;
}

const EXIT_CODES_HELP = `
Exit codes:
  0 fine · 1 unexpected error · 2 changes pending (plan --detailed-exitcode) · 3 invalid configuration, usage or manifests
  4 some operations failed · 5 refused: stale plan, limit, closed gate · 6 expiry gate · 7 authentication or permission
  8 API unreachable · 130 interrupted

A first look, without an account:  regsync plan --sandbox
`;

function addGlobalOptions(command: Command): Command {
  return command
    .option('--chdir <dir>', 'run as if started in this folder')
    .option('--config <file>', 'use this regsync.yaml')
    .option(
      '--api-key-file <file>',
      'read the API key from a file outside the repository (else TELNYX_API_KEY)',
    )
    .option('--sandbox', 'use the embedded Telnyx stand-in, its state in .regsync/sandbox.json')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('--quiet', 'say only results and errors')
    .option('--verbose', 'say more on stderr');
}

/** A command whose global options may stand before or behind its name. */
function addCommand(program: Command, usage: string, description: string): Command {
  return addGlobalOptions(
    program.command(usage).description(description).helpOption('-h, --help', 'print help'),
  );
}

function optionsOf<Options extends GlobalOptions>(command: Command): Options {
  const given = Object.entries(command.opts()).filter(([, value]) => value !== undefined);
  return { ...command.parent?.opts(), ...Object.fromEntries(given) } as Options;
}

function addValidate(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'validate [path...]', 'check the manifests offline, without a key')
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync validate', 'regsync validate groups/de.yaml --format json'))
    .action(async (paths: string[], _, command: Command) => {
      const { validate } = await import('./commands/validate.ts');
      finish(await validate(terminal, paths, optionsOf<ValidateCommandOptions>(command)));
    });
}

function addPlan(program: Command, terminal: Terminal, finish: Finish): void {
  addGates(addCommand(program, 'plan [path...]', 'show what would change; reads only'))
    .option('--out <file>', 'also write the plan, for apply --plan')
    .addOption(formatOption('text', 'json'))
    .option('--show-values', 'show values in place of fingerprints; on a terminal only')
    .option('--detailed-exitcode', 'exit 2 when changes are pending')
    .option(
      '--fail-on-expiry <days>',
      'exit 6 when anything expires within so many days',
      wholeNumber(0, 36_500),
    )
    .addHelpText(
      'after',
      examples('regsync plan --sandbox', 'regsync plan --out plan.json --detailed-exitcode'),
    )
    .action(async (paths: string[], _, command: Command) => {
      const { plan } = await import('./commands/plan.ts');
      finish(await plan(terminal, paths, optionsOf<PlanCommandOptions>(command)));
    });
}

function addApply(program: Command, terminal: Terminal, finish: Finish): void {
  addGates(addCommand(program, 'apply [path...]', 'carry out the plan, after a yes or a reviewed plan file'))
    .option('--plan <file>', 'apply exactly this reviewed plan, or refuse')
    .option('-y, --yes', 'do not ask')
    .addOption(new Option('--auto-approve', 'the same as --yes').implies({ yes: true }))
    .option('--parallelism <n>', 'groups worked on side by side', wholeNumber(1, 64), 8)
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync apply --sandbox --yes', 'regsync apply --plan plan.json'))
    .action(async (paths: string[], _, command: Command) => {
      const { apply } = await import('./commands/apply.ts');
      finish(await apply(terminal, paths, optionsOf<ApplyCommandOptions>(command)));
    });
}

function addGates(command: Command): Command {
  return command
    .option('--target <name>', 'act on this group only (may be repeated)', collect)
    .option('--prune', 'delete groups of the scope that no manifest names')
    .option('--allow-replace', 'allow replacing a group whose country, type or action changed')
    .option('--allow-delete <name>', 'allow pruning this approved group (may be repeated)', collect);
}

function addStatus(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'status', 'show where every group stands, what expires and what reviewers said')
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync status --sandbox'))
    .action(async (_, command: Command) => {
      const { status } = await import('./commands/status.ts');
      finish(await status(terminal, optionsOf<StatusCommandOptions>(command)));
    });
}

function addImport(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'import [id...]', 'write manifests and documents for groups that are live at Telnyx')
    .option('--country <code>', 'only groups of this country')
    .addOption(new Option('--type <type>', 'only this type of numbers').choices(PHONE_NUMBER_TYPES))
    .addOption(new Option('--action <action>', 'only this action').choices(GROUP_ACTIONS))
    .option('--status <status>', 'only groups of this status, such as approved')
    .option('--reference <prefix>', 'only groups whose customer_reference begins like this')
    .option('--out <dir>', 'write manifests to this folder (default: the first of `manifests`)')
    .option('--no-documents', 'leave documents at Telnyx and name them by their ids')
    .addOption(
      new Option(
        '--encrypt',
        'encrypt documents for the recipients in .regsync/recipients; nothing lies there in plain text',
      ).conflicts('documents'),
    )
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples('regsync import --sandbox', 'regsync import --country DE --status approved'),
    )
    .action(async (ids: string[], _, command: Command) => {
      const { importGroups } = await import('./commands/import.ts');
      finish(await importGroups(terminal, ids, optionsOf<ImportCommandOptions>(command)));
    });
}

function addGc(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'gc', 'list documents and addresses of the scope that nothing refers to')
    .option('-y, --yes', 'delete them')
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync gc --sandbox', 'regsync gc --yes'))
    .action(async (_, command: Command) => {
      const { gc } = await import('./commands/gc.ts');
      finish(await gc(terminal, optionsOf<GcCommandOptions>(command)));
    });
}

function addEncrypt(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'encrypt', 'encrypt documents for the recipients in .regsync/recipients')
    .argument('<file...>', 'FILE.age is written beside each; - reads a text, for text_from')
    .option('--out <dir>', 'write into this folder of the repository instead')
    .option('--force', 'replace encrypted files that exist')
    .option(
      '--remove',
      'remove the plaintext, once it is certain that it can be decrypted; needs an identity',
    )
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples(
        'regsync encrypt documents/passport.pdf',
        'regsync encrypt ~/scan.pdf --out documents',
        'printf %s "$TAX_ID" | regsync encrypt -',
      ),
    )
    .action(async (files: string[], _, command: Command) => {
      const { encrypt } = await import('./commands/encrypt.ts');
      finish(await encrypt(terminal, files, optionsOf<EncryptCommandOptions>(command)));
    });
}

function addRekey(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'rekey', 'encrypt again what is not for the recipients of today; needs an identity')
    .argument('[file...]', 'only these: encrypted files, or manifests with encrypted texts')
    .option('--force', 'also what is for them already')
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync rekey', 'regsync rekey documents/passport.pdf.age'))
    .action(async (files: string[], _, command: Command) => {
      const { rekey } = await import('./commands/rekey.ts');
      finish(await rekey(terminal, files, optionsOf<RekeyCommandOptions>(command)));
    });
}

function addSchema(program: Command, terminal: Terminal, finish: Finish): void {
  const names: readonly SchemaName[] = ['manifest', 'config', 'plan'];
  addCommand(program, 'schema', 'print a JSON Schema, for editors and checks')
    .argument('[name]', names.join(', '), oneOf(names), 'manifest')
    .addOption(formatOption('json'))
    .addHelpText('after', examples('regsync schema manifest'))
    .action(async (name: SchemaName) => {
      const { schema } = await import('./commands/schema.ts');
      finish(schema(terminal, name));
    });
}

function addSandbox(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'sandbox', 'serve a Telnyx stand-in on loopback, for rehearsals and tests')
    .option('--port <n>', 'port to listen on (default: a free one)', wholeNumber(0, 65_535))
    .option('--state <file>', 'keep the state in this file')
    .option('--latency <ms>', 'wait so long before each answer', wholeNumber(0, 60_000))
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync sandbox --port 8700 --state sandbox.json'))
    .action(async (_, command: Command) => {
      const { sandbox } = await import('./commands/sandbox.ts');
      finish(await sandbox(terminal, optionsOf<SandboxCommandOptions>(command)));
    });
}

function formatOption(...formats: string[]): Option {
  const [first] = formats;
  return new Option('--format <format>', 'how the result is printed').choices(formats).default(first);
}

function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`A whole number from ${least} to ${most} is wanted.`);
  };
}

function oneOf<Name extends string>(names: readonly Name[]): (text: string) => Name {
  return (text) => {
    const found = names.find((name) => name === text);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`One of ${names.join(', ')} is wanted.`);
  };
}

/* ---- Errors end here ---- */

interface Ending {
  readonly exit: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly problems: readonly Problem[];
}

function report(terminal: Terminal, error: unknown, json: boolean): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  const ending = endingOf(error);
  for (const problem of ending.problems) terminal.err(renderProblemText(problem, terminal.errPaint));
  terminal.err(`${terminal.errPaint('red', 'error:')} ${visible(ending.message)}\n`);
  if (json) terminal.out(renderErrorJson({ code: ending.code, message: ending.message }, ending.problems));
  return ending.exit;
}

function endingOf(error: unknown): Ending {
  const message = error instanceof Error ? error.message : String(error);
  const problems = error instanceof InvalidInputError || error instanceof RefusedError ? error.problems : [];
  const ending = (exit: ExitCode, code: string): Ending => ({ exit, code, message, problems });
  if (error instanceof CommanderError) {
    const usage = message.replace(/^error: /, '').replaceAll('\n', ' ');
    return { exit: EXIT.invalid, code: 'usage', message: `${usage}. See regsync --help`, problems: [] };
  }
  if (error instanceof InvalidInputError) return ending(EXIT.invalid, 'invalid');
  if (error instanceof RefusedError) return ending(EXIT.refused, 'refused');
  if (error instanceof AuthenticationError) return ending(EXIT.auth, 'auth');
  if (error instanceof UnreachableError) return ending(EXIT.unreachable, 'unreachable');
  // A read that the API refuses as such: not ours to mend by retrying, and nothing was written.
  if (error instanceof ApiError) return ending(EXIT.unreachable, 'api');
  if (error instanceof OutputError) return ending(EXIT.unexpected, 'output');
  if (error instanceof InterruptedError) return ending(EXIT.interrupted, 'interrupted');
  return { ...ending(EXIT.unexpected, 'unexpected'), message: describeUnexpected(error) };
}

/** A fault of ours. Its own message may quote a value, so only its kind and its place are shown. */
function describeUnexpected(error: unknown): string {
  const { name = 'Error', code, stack = '' } = error as { name?: string; code?: unknown; stack?: string };
  const places = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const kind = typeof code === 'string' ? `${name} ${code}` : name;
  return `this is a fault in regsync (${kind}${places[0] === undefined ? '' : `, ${places[0].trim()}`}); please report it`;
}

function wantsJson(args: readonly string[]): boolean {
  return args.some(
    (arg, index) => arg === '--format=json' || (arg === '--format' && args[index + 1] === 'json'),
  );
}
