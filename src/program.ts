import { resolve } from 'node:path';
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { VERSION } from './build.ts';
import type { ApplyCommandOptions } from './commands/apply.ts';
import type { CiCommandOptions, CiStep } from './commands/ci.ts';
import type { Shell } from './commands/completion.ts';
import type { DoctorCommandOptions } from './commands/doctor.ts';
import type { EncryptCommandOptions } from './commands/encrypt.ts';
import type { ExplainCommandOptions } from './commands/explain.ts';
import type { GcCommandOptions } from './commands/gc.ts';
import type { ImportCommandOptions } from './commands/import.ts';
import type { InitCommandOptions } from './commands/init.ts';
import type { LockCommandOptions } from './commands/lock.ts';
import { endingAfterLoss } from './commands/lost-output.ts';
import type { MatrixCommandOptions } from './commands/matrix.ts';
import type { NewCommandOptions } from './commands/new.ts';
import type { PlanCommandOptions } from './commands/plan.ts';
import type { RekeyCommandOptions } from './commands/rekey.ts';
import type { ReportCommandOptions } from './commands/report.ts';
import type { SandboxCommandOptions } from './commands/sandbox.ts';
import type { SchemaName } from './commands/schema.ts';
import type { StatusCommandOptions } from './commands/status.ts';
import type { GlobalOptions, Terminal } from './commands/terminal.ts';
import type { ValidateCommandOptions } from './commands/validate.ts';
import { type Ending, endingOf } from './model/ending.ts';
import { EXIT, type ExitCode } from './model/exit.ts';
import { GROUP_ACTIONS, PHONE_NUMBER_TYPES } from './model/resource.ts';
import { visible } from './model/visible.ts';
import { renderErrorJson } from './render/json.ts';
import { renderProblemText } from './render/problem-text.ts';
import { type Host, openTerminal } from './shell.ts';

/** The command line: options → a command → an exit code. Each command is loaded when it is asked for. */
export async function run(args: readonly string[], host: Host = process): Promise<ExitCode> {
  const terminal = openTerminal(args, host);
  const exit = await runCommand(args, terminal);
  return endingAfterLoss(exit, await terminal.settle());
}

async function runCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = buildProgram(args[0] ?? '', terminal, (code) => {
    exitCode = code;
  });
  try {
    if (args[0] === COMPLETE) return await sayCandidates(terminal, program, args.slice(1));
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(terminal, error, args);
  } finally {
    if (args.includes('--verbose') && args[0] !== COMPLETE) await sayCost(terminal);
  }
}

/** However the run ended. Loaded for the few that ask. */
async function sayCost(terminal: Terminal): Promise<void> {
  const cost = terminal.meter.sum();
  const { renderCostText } = await import('./render/cost-text.ts');
  terminal.err(renderCostText(cost));
}

const COMPLETE = '__complete';

/** For the scripts of `regsync completion`: a line for each candidate, quick, offline, and silent whatever is wrong. */
async function sayCandidates(
  terminal: Terminal,
  program: Command,
  words: readonly string[],
): Promise<ExitCode> {
  const [{ completeWords }, { readAccountNames, readManifestNames }] = await Promise.all([
    import('./completion.ts'),
    import('./commands/repository-names.ts'),
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

type Finish = (code: ExitCode) => void;

/** With one command where its name comes first: to define the others takes longer than to read a manifest. */
function buildProgram(first: string, terminal: Terminal, finish: Finish): Command {
  const program = new Command('regsync')
    .description('Keeps Telnyx requirement groups in step with YAML manifests.')
    .version(VERSION, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    // Errors are said at the end, by report().
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err, outputError: () => {} })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', EXIT_CODES_HELP);
  addGlobalOptions(program);
  program.hook('preAction', (_, command) => {
    const { chdir } = optionsOf<GlobalOptions>(command);
    if (chdir !== undefined) terminal.enter(chdir);
  });
  const asked = COMMANDS.get(first);
  for (const add of asked === undefined ? COMMANDS.values() : [asked]) add(program, terminal, finish);
  return program;
}

const EXIT_CODES_HELP = `
Exit codes:
  0 fine · 1 unexpected error · 2 changes pending (plan --detailed-exitcode, ci --fail-on changes, lock --check)
  3 invalid configuration, usage or manifests
  4 some operations failed · 5 refused: stale plan, limit, closed gate · 6 expiry gate · 7 authentication or permission
  8 API unreachable · 130 interrupted

To begin:                          regsync init
A first look, without an account:  regsync plan --sandbox
What stands in the way:            regsync doctor
`;

type AddCommand = (program: Command, terminal: Terminal, finish: Finish) => void;

/** In the order of the help page. */
const COMMANDS: ReadonlyMap<string, AddCommand> = new Map([
  ['init', addInit],
  ['doctor', addDoctor],
  ['new', addNew],
  ['explain', addExplain],
  ['validate', addValidate],
  ['plan', addPlan],
  ['apply', addApply],
  ['status', addStatus],
  ['report', addReport],
  ['import', addImport],
  ['lock', addLock],
  ['gc', addGc],
  ['encrypt', addEncrypt],
  ['rekey', addRekey],
  ['schema', addSchema],
  ['sandbox', addSandbox],
  ['ci', addCi],
  ['matrix', addMatrix],
  ['completion', addCompletion],
]);

function addGlobalOptions(command: Command): Command {
  return command
    .option('--chdir <dir>', 'run as if started in this folder')
    .option('--config <file>', 'use this regsync.yaml')
    .option('--account <name>', 'which of the accounts in regsync.yaml is meant')
    .option(
      '--api-key-file <file>',
      'read the API key from a file outside the repository (else TELNYX_API_KEY)',
    )
    .option('--sandbox', 'use the embedded Telnyx stand-in, its state in .regsync/sandbox.json')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('--quiet', 'say only results and errors')
    .option('--verbose', 'end with requests, bytes, waits and where the time went, on stderr');
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

function addInit(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'init', 'set a repository up: regsync.yaml, a first manifest, workflow files')
    .option('--scope <name>', 'what the repository owns at Telnyx: groups called regsync/<name>/…')
    .option('--country <country>', 'of the first group, such as DE')
    .option('--type <type>', 'of its numbers: local, toll_free, mobile, national or shared_cost')
    .option('--action <action>', 'ordering or porting')
    .option('--name <name>', 'of the first group (default: <scope>-<country>-<type>)')
    .option('--no-workflows', 'write no GitHub workflow files')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples(
        'regsync init',
        'regsync init --scope acme --country DE --type local --action ordering --no-workflows --sandbox',
      ),
    )
    .action(async (_, command: Command) => {
      const { init } = await import('./commands/init.ts');
      finish(await init(terminal, optionsOf<InitCommandOptions>(command)));
    });
}

function addDoctor(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'doctor', 'say what stands between this machine and a first plan; reads only')
    .option('--record <file>', 'also keep the shapes of all answers, without values, for a maintainer')
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync doctor', 'regsync doctor --record shapes.json'))
    .action(async (_, command: Command) => {
      const { doctor } = await import('./commands/doctor.ts');
      finish(await doctor(terminal, optionsOf<DoctorCommandOptions>(command)));
    });
}

function addNew(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'new', 'write a manifest to fill in, with what the country demands as comments')
    .argument('<country>', 'ISO 3166-1 alpha-2, such as DE')
    .argument('<type>', 'local, toll_free, mobile, national or shared_cost')
    .argument('<action>', 'ordering or porting')
    .requiredOption('--name <name>', 'of the group')
    .option('--out <file>', 'where to write (default: groups/<name>.yaml)')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples(
        'regsync new DE local ordering --name acme-de-local',
        'regsync new GB mobile ordering --name acme-gb-mobile --out groups/gb/mobile.yaml --sandbox',
      ),
    )
    .action(async (country: string, type: string, action: string, _, command: Command) => {
      const { writeNewManifest } = await import('./commands/new.ts');
      const words = [country, type, action] as const;
      finish(await writeNewManifest(terminal, words, optionsOf<NewCommandOptions>(command)));
    });
}

function addExplain(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'explain', 'show what countries demand: names, examples, what is accepted')
    .argument('[group-or-country...]', 'a group or its file, or DE local ordering (default: all in use)')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples(
        'regsync explain',
        'regsync explain DE local ordering --sandbox',
        'regsync explain groups/de.yaml --format json',
      ),
    )
    .action(async (words: string[], _, command: Command) => {
      const { explain } = await import('./commands/explain.ts');
      finish(await explain(terminal, words, optionsOf<ExplainCommandOptions>(command)));
    });
}

function addCompletion(program: Command, terminal: Terminal, finish: Finish): void {
  const shells: readonly Shell[] = ['bash', 'zsh', 'fish'];
  addCommand(program, 'completion', 'print a completion script for bash, zsh or fish')
    .addArgument(new Argument('<shell>', 'of your command line').choices(shells))
    .addHelpText('after', examples('regsync completion bash', 'regsync completion fish'))
    .action(async (shell: Shell) => {
      const { completion } = await import('./commands/completion.ts');
      finish(completion(terminal, shell, COMPLETE));
    });
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
    .addOption(formatOption('text', 'json', 'markdown'))
    .option('--show-values', 'show values in place of fingerprints; on a terminal only')
    .option('--detailed-exitcode', 'exit 2 when changes are pending')
    .option(
      '--fail-on-expiry <days>',
      'exit 6 when anything expires within so many days',
      wholeNumber(0, 36_500),
    )
    .addHelpText(
      'after',
      examples('regsync plan --sandbox', 'regsync plan --out plan.json --detailed-exitcode') + PLAN_KEY_HELP,
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
    .option('--no-lock', 'apply although another apply of this checkout may run')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples('regsync apply --sandbox --yes', 'regsync apply --plan plan.json') + PLAN_KEY_HELP,
    )
    .action(async (paths: string[], _, command: Command) => {
      const { apply } = await import('./commands/apply.ts');
      finish(await apply(terminal, paths, optionsOf<ApplyCommandOptions>(command)));
    });
}

const PLAN_KEY_HELP = `
To apply with another API key than the plan was made with, give both runs the same
REGSYNC_PLAN_KEY of 32 characters or more: openssl rand -hex 32 makes one.
`;

function addGates(command: Command): Command {
  return command
    .option('--target <name>', 'act on this group or order only (may be repeated)', collect)
    .option('--prune', 'delete groups of the scope that no manifest names')
    .option('--allow-replace', 'allow replacing a group whose country, type or action changed')
    .option('--allow-delete <name>', 'allow pruning this approved group (may be repeated)', collect)
    .option('--allow-orders', 'allow placing number orders, which costs money')
    .addOption(shardOption());
}

function shardOption(): Option {
  return new Option(
    '--shard <i/n>',
    'only the i-th of n parts, told apart by name; auto: of a Kubernetes Job or GitLab',
  );
}

function addStatus(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'status', 'show where every group stands, what expires and what reviewers said')
    .addOption(formatOption('text', 'json'))
    .option('--wait', 'wait until Telnyx has reviewed every group; exit 4 when one is declined or expired')
    .option('--timeout <duration>', 'wait so long at most: 90s, 30m, 2h, 3d (default: 24h)', duration)
    .option(
      '--fail-on-expiry <days>',
      'exit 6 when anything expires within so many days',
      wholeNumber(0, 36_500),
    )
    .addOption(shardOption())
    .addHelpText('after', examples('regsync status --sandbox', 'regsync status --wait --timeout 2h'))
    .action(async (_, command: Command) => {
      const { status } = await import('./commands/status.ts');
      finish(await status(terminal, optionsOf<StatusCommandOptions>(command)));
    });
}

function addReport(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'report', 'write where every group stands as one HTML page')
    .option('--out <file>', 'where to write it (default: report.html)')
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync report --sandbox', 'regsync report --out public/index.html'))
    .action(async (_, command: Command) => {
      const { report } = await import('./commands/report.ts');
      finish(await report(terminal, optionsOf<ReportCommandOptions>(command)));
    });
}

function addLock(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'lock', 'write down what Telnyx demands, for offline checks and for review')
    .option('--all-used', 'what the manifests use: this is what happens anyway')
    .option(
      '--add <combination>',
      'also this one, from now on, as in DE/local/ordering (may be repeated)',
      collect,
    )
    .option('--check', 'write nothing; exit 2 when Telnyx demands something else than the lock says')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples('regsync lock --sandbox', 'regsync lock --add DE/local/porting', 'regsync lock --check'),
    )
    .action(async (_, command: Command) => {
      const { lock } = await import('./commands/lock.ts');
      finish(await lock(terminal, optionsOf<LockCommandOptions>(command)));
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
    .option('--no-orders', 'do not look for open orders that hold the values of the groups')
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
  const names: readonly SchemaName[] = ['manifest', 'config', 'plan', 'lock'];
  addCommand(program, 'schema', 'print a JSON Schema, for editors and checks')
    .addArgument(new Argument('[name]', 'of the schema').choices(names).default('manifest'))
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

function addCi(program: Command, terminal: Terminal, finish: Finish): void {
  const steps: readonly CiStep[] = ['plan', 'apply', 'validate', 'drift'];
  addGates(addCommand(program, 'ci', 'one step of a pipeline: its result as Markdown, nobody is asked'))
    .addArgument(new Argument('<step>', 'of the pipeline').choices(steps))
    .argument('[path...]', 'files or folders of manifests')
    .option('--summary <file>', 'add the Markdown to this file; stdout is then for people')
    .option('--out <file>', 'plan, drift: also write the plan')
    .option('--base <dir>', 'plan: the repository before the change, to tell apart what differed already')
    .option('--plan <file>', 'apply: the plan that was reviewed')
    .option('--fingerprint <hex>', 'apply: the fingerprint of the plan that was reviewed')
    .option('--allow-unreviewed', 'apply: go ahead although no plan was reviewed')
    .addOption(
      new Option('--fail-on <what>', 'plan, drift: exit 2 on these')
        .choices(['none', 'changes'])
        .default('none'),
    )
    .option(
      '--fail-on-expiry <days>',
      'plan, drift: exit 6 when anything expires within so many days',
      wholeNumber(0, 36_500),
    )
    .option('--parallelism <n>', 'apply: groups worked on side by side', wholeNumber(1, 64), 8)
    .option('--no-lock', 'apply: although another apply of this checkout may run')
    .addOption(formatOption('markdown', 'json'))
    .addHelpText(
      'after',
      examples('regsync ci plan --sandbox --out plan.json', 'regsync ci apply --sandbox --plan plan.json'),
    )
    .action(async (step: CiStep, paths: string[], _, command: Command) => {
      const { ci } = await import('./commands/ci.ts');
      finish(await ci(terminal, step, paths, optionsOf<CiCommandOptions>(command)));
    });
}

function addMatrix(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'matrix', 'print the jobs that share a run, as strategy.matrix of a workflow')
    .option('--shards <n>', 'how many share the groups of each account', wholeNumber(1, 256), 1)
    .addOption(formatOption('json'))
    .addHelpText('after', examples('regsync matrix --shards 8'))
    .action(async (_, command: Command) => {
      const { matrix } = await import('./commands/matrix.ts');
      finish(await matrix(terminal, optionsOf<MatrixCommandOptions>(command)));
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

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { d: 86_400, h: 3600, m: 60, s: 1 };

/** `90s`, `30m`, `2h`, `1h30m` → milliseconds. */
function duration(text: string): number {
  const parts = /^(?:\d{1,6}[dhms])+$/.test(text) ? (text.match(/\d+[dhms]/g) ?? []) : [];
  const seconds = parts.reduce(
    (sum, part) => sum + Number.parseInt(part, 10) * (SECONDS_PER_UNIT[part.slice(-1)] ?? 0),
    0,
  );
  if (seconds > 0 && seconds <= 90 * 86_400) return seconds * 1000;
  throw new InvalidArgumentError('A duration is wanted, such as 90s, 30m, 2h or 3d; 90 days at most.');
}

/* ---- Errors end here ---- */

function report(terminal: Terminal, error: unknown, args: readonly string[]): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
  // Nothing was asked for: the help page that was printed says what can be.
  if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.invalid;
  const ending = endingOfRun(error, args);
  for (const problem of ending.problems) terminal.err(renderProblemText(problem, terminal.errPaint));
  terminal.err(`${terminal.errPaint('red', 'error:')} ${visible(ending.message)}\n`);
  if (ending.doctorHelps && mayBeTyped(args)) terminal.err('`regsync doctor` tells more.\n');
  if (wantsJson(args))
    terminal.out(renderErrorJson({ code: ending.code, message: ending.message }, ending.problems));
  return ending.exit;
}

function endingOfRun(error: unknown, args: readonly string[]): Ending {
  if (!(error instanceof CommanderError)) return endingOf(error);
  const usage = error.message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\.$/, '');
  const command = commandIn(args);
  const help = ['regsync', ...(command === undefined ? [] : [command]), '--help'].join(' ');
  const message = `${usage}. See ${help}`;
  return { exit: EXIT.invalid, code: 'usage', message, problems: [], doctorHelps: false };
}

function commandIn(args: readonly string[]): string | undefined {
  return args.find((arg) => COMMANDS.has(arg));
}

/** In a pipeline nobody types a next command; who is quiet wants errors alone. */
function mayBeTyped(args: readonly string[]): boolean {
  return commandIn(args) !== 'ci' && !args.includes('--quiet');
}

function wantsJson(args: readonly string[]): boolean {
  return args.some(
    (arg, index) => arg === '--format=json' || (arg === '--format' && args[index + 1] === 'json'),
  );
}
