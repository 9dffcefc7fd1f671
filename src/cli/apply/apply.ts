import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { TIME_SCALE } from '../../build.ts';
import { personalLinks } from '../../kinds/values/personal-links.ts';
import { InvalidInputError, RefusedError } from '../../model/errors.ts';
import type { ExitCode } from '../../model/exit.ts';
import { withGatesStatedAgain } from '../../model/plan/gates.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { findDeviations, findOtherAccount } from '../../plan/exact.ts';
import { renderPlanText } from '../../render/text/plan-text.ts';
import {
  addCommand,
  addGates,
  changedSinceOption,
  examples,
  type Finish,
  formatOption,
  PLAN_KEY_HELP,
  parallelismOption,
  recordOption,
  runs,
} from '../command.ts';
import { type GateOptions, isCompared, planOptionsOf, withChange } from '../plan.ts';
import { beginRecord, type RecordOptions, whileRecording } from '../record/recorder.ts';
import { makePlan } from '../session/make-plan.ts';
import { sayProblems, selectFrom } from '../session/project.ts';
import { openSession, whileOpen } from '../session/session.ts';
import { confirm, type Terminal } from '../session/terminal.ts';
import { carryOut } from './carry-out.ts';
import { refuseUnreadableUploads } from './encrypted-uploads.ts';
import { type ApplyRefusal, judge, judgeGates, type Reviewed, refusalError } from './judge.ts';
import { openLinksFile } from './links.ts';
import { type LockOptions, openLockedApi } from './lock.ts';
import { readPlanFile, refusePlanFiles } from './plan-file.ts';
import { resultText, tellEvents } from './progress.ts';
import { reportApply } from './report.ts';
import { refuseUnauthentic, takeOptions } from './reviewed-options.ts';
import { shutOnCommandLine } from './shut-gates.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addGates(
    addCommand(
      program,
      'apply [path...]',
      'make the changes of the plan: asks first, or takes a reviewed plan file',
    ),
  )
    .addOption(changedSinceOption())
    .option('--plan <file>', 'apply this reviewed plan; exit 5 if the apply would do anything else')
    .option('-y, --yes', 'do not ask')
    .addOption(new Option('--auto-approve', 'the same as --yes').implies({ yes: true }))
    .addOption(parallelismOption())
    .addOption(recordOption())
    .option('--links <file>', 'write the private links of actions to this file, outside the repository')
    .option('--no-lock', 'apply even if another apply of this checkout may run')
    .addOption(formatOption('text', 'json', 'ndjson'))
    .addHelpText(
      'after',
      examples('regsync apply --sandbox --yes', 'regsync apply --plan plan.json') + PLAN_KEY_HELP,
    )
    .action(runs(apply, terminal, finish));
}

export interface ApplyCommandOptions extends GateOptions, LockOptions, RecordOptions {
  readonly plan?: string;
  readonly yes?: boolean;
  readonly parallelism: number;
  readonly links?: string;
  readonly format: 'text' | 'json' | 'ndjson';
}

/**
 * The age after which a plan is made again before it is carried out, because a person may take an hour to
 * confirm.
 */
const PLAN_STAYS_FRESH_MS = 60_000;

/** Makes a new plan, shows it, asks for confirmation, and carries out exactly that plan. */
export async function apply(
  terminal: Terminal,
  paths: readonly string[],
  options: ApplyCommandOptions,
): Promise<ExitCode> {
  const reviewed =
    options.plan === undefined ? null : await readPlanFile(resolve(terminal.cwd, options.plan));
  if (reviewed === null) await refusePlanFiles(terminal, paths);
  if (reviewed === null && !options.yes && !terminal.isInteractive) throw nobodyToAsk();
  const mayBeEmpty = reviewed?.options.prune ?? options.prune === true;
  const session = await openSession(terminal, options, mayBeEmpty, isCompared(options));
  const { project, progress } = session;
  const { root } = project.repository;
  const stated = await withChange(terminal, options, project, planOptionsOf(terminal, root, paths, options));
  const planOptions = reviewed === null ? stated : takeOptions(reviewed, stated);
  const selected = selectFrom(project, planOptions, root);
  const links = options.links === undefined ? null : await openLinksFile(terminal, options.links, root);
  return whileOpen(openLockedApi(session, options.parallelism), async (api) => {
    if (reviewed !== null) refuseUnauthentic(reviewed, api.planKeys);
    const request = { selected, options: planOptions, reviewed: reviewed === null ? [] : [reviewed] };
    let current = await makePlan(session, api, request);
    const readAtMs = Date.now();
    sayProblems(terminal, options, current.read.problems);
    // A person who is asked for confirmation sees the plan, even with --quiet.
    const asks = reviewed === null && !options.yes;
    if (!options.quiet || asks)
      terminal.err(renderPlanText(current.plan, terminal.errPaint, { columns: columnsOf(terminal) }));
    throwRefusal(judge(WAIVED, current.plan), reviewed === null ? '' : GATES_OF_PLAN_FILE);
    if (reviewed !== null) {
      refuseDeviations(reviewed, current.plan, NEW_PLAN_FILE);
      // A plan file opens every gate except the one that spends money.
      const opened = withGatesStatedAgain(planOptions, stated);
      throwRefusal(judgeGates(current.plan, opened, { sayShut: shutOnCommandLine }));
    }
    await refuseUnreadableUploads(project, current.decisions.changes);
    if (current.plan.changes.length > 0 && asks) {
      await confirm(terminal, 'Apply this plan?', 'you did not type "yes": nothing was applied');
      if (Date.now() - readAtMs > PLAN_STAYS_FRESH_MS * TIME_SCALE) {
        const shown = current.plan;
        current = await makePlan(session, api, request);
        if (findDeviations(shown, current.plan).length > 0)
          terminal.err(renderPlanText(current.plan, terminal.errPaint, { columns: columnsOf(terminal) }));
        refuseDeviations(shown, current.plan, 'Review the plan above, and run apply again');
        throwRefusal(judge(WAIVED, current.plan));
        await refuseUnreadableUploads(project, current.decisions.changes);
      }
    }
    const { plan } = current;
    const record = await beginRecord(terminal, options, project, api, { command: 'apply', plan });
    const { parallelism } = options;
    const events = options.format === 'ndjson' ? tellEvents(terminal) : null;
    const outcomes = await whileRecording(record, terminal, api.client, async (client) => {
      await links?.begin();
      return carryOut(current, {
        terminal,
        project,
        selected,
        client,
        progress,
        parallelism,
        ...(events === null ? {} : { events }),
        ...(links === null ? {} : { onLink: links.onLink }),
      });
    });
    const unwritten = (await links?.finish(personalLinks(current.read))) ?? [];
    const text = resultText(terminal, options.format, outcomes, events);
    if (record !== null && !options.quiet) terminal.err(record.summary());
    return await reportApply(terminal, outcomes, text, [...unwritten, ...(record?.complaints() ?? [])]);
  });
}

/** Returns the width of the terminal that stderr is. Null if it is not one. */
function columnsOf({ isLive, errSize }: Terminal): number | null {
  return isLive ? errSize().columns : null;
}

function nobodyToAsk(): InvalidInputError {
  return new InvalidInputError(
    'regsync cannot ask you: standard input is not a terminal. Add --plan FILE to apply a reviewed plan, or --yes to apply without asking.',
  );
}

/** @param next a sentence that follows the refusal. */
function throwRefusal(refusal: ApplyRefusal | null, next = ''): void {
  if (refusal === null) return;
  throw refusalError({ ...refusal, message: next === '' ? refusal.message : `${refusal.message}. ${next}` });
}

/** The plan is shown and asked about, or compared with its file, so that only its gates are judged. */
const WAIVED: Reviewed = { kind: 'waived' };

const NEW_PLAN_FILE = 'Make a new plan with `regsync plan --out FILE`, review it, and apply that one';

const GATES_OF_PLAN_FILE = `A plan file keeps its gates. ${NEW_PLAN_FILE}`;

function refuseDeviations(reviewed: Plan, fresh: Plan, next: string): void {
  if (fresh.changes.length === 0) return;
  const otherAccount = findOtherAccount(reviewed, fresh);
  if (otherAccount !== null) throw new RefusedError(`nothing was applied: ${otherAccount}`);
  const deviations = findDeviations(reviewed, fresh);
  if (deviations.length === 0) return;
  const lines = deviations.map(({ kind, name, message }) => `${kind}/${name}: ${message}`);
  throw new RefusedError(`the reviewed plan is stale; nothing was applied. ${lines.join('; ')}. ${next}`);
}
