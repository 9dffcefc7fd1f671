import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidInputError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import {
  CLOSED_GATES,
  type GateFlags,
  gatesFromFlags,
  withGatesStatedAgain,
  wordsOfGates,
} from '../model/plan/gates.ts';
import type { Plan, PlanOptions } from '../model/plan/plan.ts';
import type { PlainValues } from '../model/text/plain-values.ts';
import { visible } from '../model/text/visible.ts';
import { plainValuesOf } from '../plan/plain-values.ts';
import { renderJson } from '../render/json.ts';
import { renderPlanComment } from '../render/markdown/plan.ts';
import { renderPlanEvents } from '../render/ndjson.ts';
import { expiryWords } from '../render/text/expiry-words.ts';
import { renderPlanText } from '../render/text/plan-text.ts';
import { namesInRepository } from '../resolve/selection.ts';
import { writePlanFile } from './apply/plan-file.ts';
import {
  addCommand,
  addGates,
  changedSinceOption,
  examples,
  type Finish,
  failOnExpiryOption,
  formatOption,
  PLAN_KEY_HELP,
  runs,
} from './command.ts';
import { inShell } from './session/again.ts';
import { type MadePlan, makePlan } from './session/make-plan.ts';
import {
  type Project,
  sayPart,
  sayProblems,
  selectFrom,
  type TargetOptions,
  targetsOf,
} from './session/project.ts';
import { openSession, type Session, sessionWith, whileReading } from './session/session.ts';
import { readShardOption } from './session/shard.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addGates(addCommand(program, 'plan [path...]', 'show the changes; reads only'))
    .addOption(changedSinceOption())
    .option('--out <file>', 'also write the plan, for apply --plan')
    .addOption(formatOption('text', 'json', 'ndjson', 'markdown'))
    .option('--show-values', 'show values, not fingerprints; on a terminal only')
    .option('--detailed-exitcode', 'exit 2 when changes are pending')
    .addOption(failOnExpiryOption())
    .addHelpText(
      'after',
      examples('regsync plan --sandbox', 'regsync plan --out plan.json --detailed-exitcode') + PLAN_KEY_HELP,
    )
    .action(runs(plan, terminal, finish));
}

/** Options that open a gate or narrow a run. Plan and apply have the same ones, and a plan contains them. */
export interface GateOptions extends GlobalOptions, GateFlags, TargetOptions {
  /** The shard as given: `3/8` or `auto`. */
  readonly shard?: string;
  /** A git ref or a folder: the run is narrowed to what differs from it. */
  readonly changedSince?: string;
}

export type PlanFormat = 'text' | 'json' | 'ndjson' | 'markdown';

export interface PlanCommandOptions extends GateOptions {
  readonly out?: string;
  readonly format: PlanFormat;
  readonly detailedExitcode?: boolean;
  readonly failOnExpiry?: number;
  readonly showValues?: boolean;
}

/** Shows the changes that an apply would make. Reads only: its client can send only GET. */
export async function plan(
  terminal: Terminal,
  paths: readonly string[],
  options: PlanCommandOptions,
): Promise<ExitCode> {
  if (options.showValues) refuseAudience(terminal, options);
  const { session, plan: made, decisions, read } = await planNarrowest(terminal, paths, options);
  sayProblems(terminal, options, read.problems);
  if (options.out !== undefined) {
    await writePlanFile(resolve(terminal.cwd, options.out), made, session.project.repository.root);
    if (!options.quiet && options.format === 'text') terminal.err(wrote(options.out, made));
  }
  const plainValues = options.showValues ? plainValuesOf(decisions) : new Map();
  terminal.out(renderPlan(made, options.format, terminal, plainValues));
  if (options.failOnExpiry !== undefined) terminal.err(expiryWords(made.attention, options.failOnExpiry));
  return exitCodeOf(made, options);
}

/** Reads the manifests that the run needs: those that a change may concern, if it can tell, or else all. */
async function planNarrowest(
  terminal: Terminal,
  paths: readonly string[],
  options: PlanCommandOptions,
): Promise<Planned> {
  const stated = (root: string) => planOptionsOf(terminal, root, paths, options);
  const { changedSince } = options;
  if (changedSince !== undefined) {
    const { readPartSince } = await import('./change/base-of-change.ts');
    const { isEnough, nullIfMistaken } = await import('./change/changed-part.ts');
    const part = await readPartSince(terminal, changedSince, options, stated);
    if (part !== null) {
      const session = sessionWith(terminal, options, part.project);
      const planned = await planIn(session, part).catch(nullIfMistaken);
      if (planned !== null && isEnough(planned.read, part.project)) {
        sayPart(terminal, options, part.project);
        return planned;
      }
    }
  }
  const session = await openSession(terminal, options, options.prune === true, isCompared(options));
  const { project } = session;
  const planOptions = await withChange(terminal, options, project, stated(project.repository.root));
  return planIn(session, { planOptions });
}

interface Planned extends MadePlan {
  readonly session: Session<PlanCommandOptions>;
}

async function planIn(
  session: Session<PlanCommandOptions>,
  { planOptions }: { readonly planOptions: PlanOptions },
): Promise<Planned> {
  const { project, options } = session;
  const selected = selectFrom(project, planOptions, project.repository.root);
  const made = await whileReading(session, (api) =>
    makePlan(session, api, { selected, options: planOptions, warnDays: options.failOnExpiry }),
  );
  return { session, ...made };
}

/** Returns the plan as `--format` asks for it. */
export function renderPlan(
  made: Plan,
  format: PlanFormat,
  { outPaint, outColumns }: Pick<Terminal, 'outPaint' | 'outColumns'>,
  plainValues: PlainValues = new Map(),
): string {
  switch (format) {
    case 'text':
      return renderPlanText(made, outPaint, { plainValues, columns: outColumns });
    case 'json':
      return renderJson(made);
    case 'ndjson':
      return renderPlanEvents(made);
    case 'markdown':
      return renderPlanComment(made);
    default:
      return format satisfies never;
  }
}

/**
 * Returns the line about the plan file, with the command to apply it. Orders also need the gate on that
 * command.
 */
function wrote(path: string, { applyable, changes, options }: Plan): string {
  const said = `Wrote the plan to ${visible(path)}.`;
  if (!applyable || changes.length === 0) return `${said}\n`;
  const again = wordsOfGates(withGatesStatedAgain(CLOSED_GATES, options));
  return `${said} To apply exactly this: ${visible(inShell(['regsync', 'apply', '--plan', path, ...again]))}\n`;
}

/**
 * Throws if the output is not a terminal, because values must not get into a log, a file or another program.
 */
export function refuseAudience(
  terminal: Pick<Terminal, 'isOutTerminal' | 'env'>,
  { format }: Pick<PlanCommandOptions, 'format'>,
): void {
  if (terminal.isOutTerminal && !terminal.env.CI && format === 'text') return;
  throw new InvalidInputError(
    '--show-values works on a terminal only: not in a pipe, a file, JSON, Markdown, or with CI set. Drop it',
  );
}

/** Returns the exit code for a plan that was made. */
export function exitCodeOf(
  made: Plan,
  options: { readonly detailedExitcode?: boolean; readonly failOnExpiry?: number },
): ExitCode {
  const expiring = made.attention.some(({ code }) => code === 'expiring' || code === 'expired');
  if (options.failOnExpiry !== undefined && expiring) return EXIT.expiry;
  return options.detailedExitcode && made.changes.length > 0 ? EXIT.changesPending : EXIT.ok;
}

/**
 * Returns the name of a path in the repository. A path outside gets a relative name, which selects nothing.
 */
function nameOf(root: string, path: string): string {
  const [name = relative(root, path)] = namesInRepository(root, path);
  return name || '.';
}

export function isCompared({ changedSince }: GateOptions): boolean {
  return changedSince !== undefined;
}

/** Adds the names that `--changed-since` narrows the run to. Imported here, because few runs compare. */
export async function withChange(
  terminal: Terminal,
  options: GateOptions,
  project: Project,
  stated: PlanOptions,
): Promise<PlanOptions> {
  if (options.changedSince === undefined) return stated;
  const { readChange } = await import('./change/base-of-change.ts');
  return { ...stated, changed: await readChange(terminal, options.changedSince, options, project, stated) };
}

/**
 * Returns the options that the plan contains. Its paths are relative to the repository, so that they mean the
 * same everywhere.
 */
export function planOptionsOf(
  terminal: Terminal,
  root: string,
  paths: readonly string[],
  options: GateOptions,
): PlanOptions {
  return {
    paths: paths.map((path) => nameOf(root, resolve(terminal.cwd, path))).sort(),
    ...targetsOf(options),
    ...gatesFromFlags(options),
    ...(options.shard === undefined ? {} : { shard: readShardOption(terminal, options.shard) }),
  };
}
