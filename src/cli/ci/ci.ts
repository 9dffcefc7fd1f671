import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Argument, type Command, Option } from 'commander';
import { InvalidInputError } from '../../model/errors.ts';
import type { ExitCode } from '../../model/exit.ts';
import { visible } from '../../model/text/visible.ts';
import { renderJson, renderOutcomesJson } from '../../render/json.ts';
import { renderApplySummary } from '../../render/markdown/apply.ts';
import { renderDriftIssue } from '../../render/markdown/drift.ts';
import { renderPlanComment } from '../../render/markdown/plan.ts';
import { expiryWords } from '../../render/text/expiry-words.ts';
import { renderOutcomesText } from '../../render/text/outcome-text.ts';
import { renderPlanText } from '../../render/text/plan-text.ts';
import { applyReviewed } from '../apply/apply-reviewed.ts';
import { checkFingerprint, type Reviewed } from '../apply/judge.ts';
import type { LockOptions } from '../apply/lock.ts';
import { readPlanFile, writePlanFile } from '../apply/plan-file.ts';
import { CHANGES, type Changes, planForReview } from '../apply/plan-for-review.ts';
import { reportApply } from '../apply/report.ts';
import { shutOnCommandLine } from '../apply/shut-gates.ts';
import {
  addCommand,
  addGates,
  examples,
  type Finish,
  failOnExpiryOption,
  formatOption,
  parallelismOption,
  recordOption,
  runs,
} from '../command.ts';
import { exitCodeOf, type GateOptions } from '../plan.ts';
import type { RecordOptions } from '../record/recorder.ts';
import type { Terminal } from '../session/terminal.ts';
import { appendOrSay, refuse, SIZE, show } from './show.ts';
import { validateStep } from './validate-step.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  const steps: readonly CiStep[] = ['plan', 'apply', 'validate', 'drift'];
  addGates(addCommand(program, 'ci', 'run one step of a pipeline: print Markdown and ask nothing'))
    .addArgument(new Argument('<step>', 'step of the pipeline').choices(steps))
    .argument('[path...]', 'files or folders of manifests')
    .option('--summary <file>', 'append the Markdown to this file, and print plain text to stdout')
    .option('--out <file>', 'plan, drift: also write the plan')
    .option(
      '--base <dir>',
      'plan: folder of the repository before the change, to show apart which differences existed before',
    )
    .addOption(
      new Option(
        '--changes <which>',
        'plan: only the differences from the base, or all (default: own with --note, else all)',
      ).choices(CHANGES),
    )
    .option('--plan <file>', 'apply: the file with the reviewed plan')
    .option('--fingerprint <hex>', 'apply: the fingerprint of the reviewed plan')
    .addOption(
      new Option('--note <forge>', 'plan, apply: keep the plan in a note on the merge request').choices([
        'gitlab',
      ]),
    )
    .option('--allow-unreviewed', 'apply: run without a reviewed plan')
    .addOption(
      new Option('--fail-on <what>', 'plan, drift: exit 2 if there are changes')
        .choices(['none', 'changes'])
        .default('none'),
    )
    .addOption(failOnExpiryOption('plan, drift: '))
    .addOption(parallelismOption('apply: '))
    .addOption(recordOption('apply: '))
    .option('--no-lock', 'apply: run even if another apply of this checkout may run')
    .addOption(formatOption('markdown', 'json'))
    .addHelpText(
      'after',
      examples('regsync ci plan --sandbox --out plan.json', 'regsync ci apply --sandbox --plan plan.json'),
    )
    .action(runs(ci, terminal, finish));
}

export interface CiCommandOptions extends GateOptions, LockOptions, RecordOptions {
  readonly summary?: string;
  readonly out?: string;
  readonly base?: string;
  readonly changes?: Changes;
  readonly plan?: string;
  readonly fingerprint?: string;
  readonly note?: 'gitlab';
  readonly allowUnreviewed?: boolean;
  readonly failOn: 'none' | 'changes';
  readonly failOnExpiry?: number;
  readonly parallelism: number;
  readonly format: 'markdown' | 'json';
}

export type CiStep = 'plan' | 'apply' | 'validate' | 'drift';

/**
 * Runs one step of the GitHub action for any other system. The result is Markdown, a plan file for a later
 * step, and an exit code.
 */
export async function ci(
  terminal: Terminal,
  step: CiStep,
  paths: readonly string[],
  options: CiCommandOptions,
): Promise<ExitCode> {
  if (step === 'apply' && options.plan !== undefined && options.fingerprint !== undefined)
    throw new InvalidInputError('--plan and --fingerprint both name the reviewed plan: drop one of them');
  if (options.note !== undefined) return noteStep(terminal, step, paths, options);
  switch (step) {
    case 'plan':
    case 'drift':
      return planStep(terminal, step, paths, options);
    case 'apply':
      return applyStep(terminal, paths, options);
    case 'validate':
      return validateStep(terminal, paths, options);
    default:
      return step satisfies never;
  }
}

/** Runs a step that speaks with GitLab. Imported here, because few runs do. */
async function noteStep(
  terminal: Terminal,
  step: CiStep,
  paths: readonly string[],
  options: CiCommandOptions,
): Promise<ExitCode> {
  if (step !== 'plan' && step !== 'apply')
    throw new InvalidInputError(`--note works only with plan and apply. Drop it for ${step}`);
  const { applyWithNote, planWithNote } = await import('./gitlab.ts');
  if (step === 'apply') return applyWithNote(terminal, paths, options);
  const base = options.base === undefined ? null : await folderOf(terminal, options.base);
  return planWithNote(terminal, paths, options, base);
}

async function planStep(
  terminal: Terminal,
  step: 'plan' | 'drift',
  paths: readonly string[],
  options: CiCommandOptions,
): Promise<ExitCode> {
  const base = options.base === undefined ? null : await folderOf(terminal, options.base);
  if (options.changes === 'own' && (base === null || step === 'drift'))
    throw new InvalidInputError(step === 'drift' ? OWN_DRIFT : OWN_WITHOUT_BASE);
  const since = options.base === undefined ? {} : { since: visible(options.base) };
  const { plan, drift, project } = await planForReview(terminal, paths, { ...options, ...since }, base);
  if (base !== null && drift === null) {
    terminal.err(
      `warning: ${options.base} could not be planned, so the plan does not show apart which differences existed before\n`,
    );
  }
  if (options.out !== undefined) {
    await writePlanFile(resolve(terminal.cwd, options.out), plan, project.repository.root);
  }
  const issue = step === 'drift' ? renderDriftIssue(plan, SIZE) : null;
  const markdown =
    issue === null
      ? renderPlanComment(plan, { ...SIZE, ...(drift === null ? {} : { drift }) })
      : `### ${issue.title}\n\n${issue.body}`;
  await show(terminal, options, markdown, {
    json: () => renderJson(plan),
    text: () => renderPlanText(plan, terminal.outPaint),
  });
  if (options.failOnExpiry !== undefined) terminal.err(expiryWords(plan.attention, options.failOnExpiry));
  return exitCodeOf(plan, { ...options, detailedExitcode: options.failOn === 'changes' });
}

const OWN_WITHOUT_BASE =
  '--changes own needs a base to compare with: add --base DIR, a checkout from before the change';
const OWN_DRIFT = 'drift looks at every manifest: leave --changes own out';

/**
 * Returns the folder of the base. Throws if it does not exist, but accepts one without a repository of
 * regsync.
 */
async function folderOf(terminal: Terminal, path: string): Promise<string> {
  const folder = resolve(terminal.cwd, path);
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory()) return folder;
  throw new InvalidInputError(
    `--base ${path} is not a folder. Give the folder of a checkout of the base branch`,
  );
}

async function applyStep(
  terminal: Terminal,
  paths: readonly string[],
  options: CiCommandOptions,
): Promise<ExitCode> {
  const reviewed = await reviewedBy(terminal, options);
  // A plan that prunes may belong to a repository without manifests.
  const mayBeEmpty = reviewed.kind === 'plan' && reviewed.plan.options.prune;
  const applied = await applyReviewed(
    terminal,
    paths,
    { ...options, mayBeEmpty },
    {
      findReviewed: async () => reviewed,
      sayShut: shutOnCommandLine,
      beforeWriting: async (plan) => {
        if (!options.quiet) terminal.err(renderPlanText(plan, terminal.errPaint));
      },
    },
  );
  if (applied.kind === 'refused') return refuse(terminal, { paths, options, reviewed, applied });
  const { outcomes, unrecorded = [], plan, requests, retries, interrupted } = applied;
  const markdown = renderApplySummary(outcomes, { ...SIZE, plan, requests, retries, interrupted });
  const unwritten =
    options.summary === undefined ? [] : await appendOrSay(terminal, options.summary, markdown);
  const text = options.summary === undefined ? markdown : renderOutcomesText(outcomes, terminal.outPaint);
  const said = options.format === 'json' ? renderOutcomesJson(outcomes) : text;
  return reportApply(terminal, outcomes, said, [...unrecorded, ...unwritten]);
}

async function reviewedBy(terminal: Terminal, options: CiCommandOptions): Promise<Reviewed> {
  if (options.plan !== undefined)
    return { kind: 'plan', plan: await readPlanFile(resolve(terminal.cwd, options.plan)) };
  const fingerprint = checkFingerprint(options.fingerprint ?? null, '--fingerprint');
  if (fingerprint !== null) return { kind: 'fingerprint', fingerprint };
  return options.allowUnreviewed ? { kind: 'waived' } : { kind: 'none', why: NOTHING_REVIEWED };
}

const NOTHING_REVIEWED =
  'this run has no reviewed plan. Add --plan FILE or --fingerprint HEX, or add --allow-unreviewed to apply without one';
