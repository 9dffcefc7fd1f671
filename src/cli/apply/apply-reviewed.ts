import type { PlanKeys } from '../../kinds/values/fingerprint.ts';
import { InvalidInputError, RefusedError } from '../../model/errors.ts';
import { uniteChanges } from '../../model/plan/changed.ts';
import { openInAny } from '../../model/plan/gates.ts';
import type { Outcome } from '../../model/plan/outcome.ts';
import type { Plan, PlanDiagnostic, PlanOptions } from '../../model/plan/plan.ts';
import { type Ends, endsOf } from '../../plan/ends.ts';
import type { NeededGate } from '../../plan/gates.ts';
import { type GateOptions, planOptionsOf } from '../plan.ts';
import { beginRecord, type RecordedRun, type RecordOptions, whileRecording } from '../record/recorder.ts';
import { makePlan } from '../session/make-plan.ts';
import { type Project, sayProblems, selectFrom } from '../session/project.ts';
import { narrowOf, planFrom, readState } from '../session/read-state.ts';
import { openSession, whileOpen } from '../session/session.ts';
import type { Terminal } from '../session/terminal.ts';
import { loadBase, selectAlso } from './base.ts';
import { carryOut } from './carry-out.ts';
import { refuseUnreadableUploads } from './encrypted-uploads.ts';
import {
  type ApplyRefusal,
  judge,
  judgeAge,
  judgeGates,
  type NewestPlan,
  plansIn,
  type Reviewed,
} from './judge.ts';
import { type LockOptions, openLockedApi } from './lock.ts';
import { plannedAll } from './planned-all.ts';
import { refuseUnauthentic, takeOptions } from './reviewed-options.ts';

/** Makes a new plan and carries it out if it matches the reviewed one. */
export async function applyReviewed(
  terminal: Terminal,
  paths: readonly string[],
  options: ApplyPipelineOptions,
  steps: ApplySteps,
): Promise<Applied> {
  const session = await openSession(terminal, options, options.mayBeEmpty || options.prune === true);
  const { project, redactor, progress } = session;
  return whileOpen(openLockedApi(session, options.parallelism), async (api) => {
    const reviewed = await steps.findReviewed(api.planKeys, project);
    for (const plan of plansIn(reviewed)) refuseUnauthentic(plan, api.planKeys);
    const stated = planOptionsOf(terminal, project.repository.root, paths, options);
    const { planOptions, notices } = narrowToReviewed(takeOptionsOf(plansIn(reviewed), stated), reviewed);
    const selected = selectFrom(project, planOptions, project.repository.root);
    const { parallelism } = options;
    const request = { selected, options: planOptions, reviewed: plansIn(reviewed), notices };
    const current = await makePlan(session, api, request);
    const { plan, read, context } = current;
    sayProblems(terminal, options, read.problems);
    const ends = endsOf(read, plan, api.planKeys);
    const facts = () => ({ plan, ends, project, ...api.client.statistics() });
    const planNewest = async (folder: string): Promise<Plan | null> => {
      const newest = await loadBase(terminal, options, project, folder);
      if (newest === null) return null;
      const inNewest = selectAlso(selected, newest.desired);
      return planFrom(
        await readState(api.client, newest, inNewest, redactor, narrowOf(planOptions, inNewest)),
        newest,
        context,
      ).plan;
    };
    const refusal =
      judgeAge(plan, await (plan.changes.length > 0 ? readNewest(steps, planNewest) : null)) ??
      judge(reviewed, plan) ??
      judgeGates(plan, stated, steps);
    if (refusal !== null) return { kind: 'refused', ...refusal, ...facts() };
    await refuseUnreadableUploads(project, current.decisions.changes);
    const { command = 'ci apply', pulls = () => [] } = steps;
    const record = await beginRecord(terminal, options, project, api, { command, plan, pulls: pulls() });
    const outcomes = await whileRecording(record, terminal, api.client, async (client) => {
      if (plan.changes.length > 0) await steps.beforeWriting(plan);
      const run = { terminal, project, selected, client, progress, parallelism };
      return carryOut(current, run);
    });
    if (record !== null && !options.quiet) terminal.err(record.summary());
    const recorded = record === null ? {} : { unrecorded: record.complaints() };
    return { kind: 'done', outcomes, ...recorded, interrupted: terminal.signal.aborted, ...facts() };
  });
}

/** Widens the run to all manifests if one of the merged changes has no plan with names. */
function narrowToReviewed(
  taken: PlanOptions,
  reviewed: Reviewed,
): { readonly planOptions: PlanOptions; readonly notices: readonly PlanDiagnostic[] } {
  const { changed, ...whole } = taken;
  const unknown = reviewed.kind === 'plan' ? (reviewed.unknown ?? []) : [];
  if (changed === undefined || unknown.length === 0) return { planOptions: taken, notices: [] };
  return { planOptions: whole, notices: [plannedAll(`${unknown.join(' and ')} shows no plan of its own`)] };
}

/**
 * Opens each gate that is open for one of the plans, and looks at each manifest that one of them looked at. A change
 * must still be in one of these plans.
 */
export function takeOptionsOf(plans: readonly Plan[], stated: PlanOptions): PlanOptions {
  const [first, ...others] = plans.map((plan) => takeOptions(plan, stated));
  if (first === undefined) return stated;
  const all = [first, ...others];
  const partOf = ({ paths, targets, excludes, shard }: PlanOptions) =>
    JSON.stringify([paths, targets, excludes, shard]);
  if (others.some((options) => partOf(options) !== partOf(first)))
    throw new RefusedError(
      'nothing was applied: the reviewed plans have different paths, targets or shards. Add the same paths, --target and --shard to this apply.',
    );
  const { changed: _, ...whole } = first;
  // A plan that is not narrowed shows what differs anywhere.
  const changed = uniteChanges(all.map((options) => options.changed));
  return {
    ...whole,
    ...openInAny(all),
    ...(changed === undefined ? {} : { changed }),
  };
}

export type Applied = {
  /** The new plan. */
  readonly plan: Plan;
  /** Where the manifests lead, by which a change is known that another one took back. */
  readonly ends: Ends;
  readonly project: Project;
  readonly requests: number;
  readonly retries: number;
} & (
  | {
      readonly kind: 'done';
      readonly outcomes: readonly Outcome[];
      /** What the record lacks, as sentences. Absent if no record is wanted. */
      readonly unrecorded?: readonly string[];
      readonly interrupted: boolean;
    }
  | ({ readonly kind: 'refused' } & ApplyRefusal)
);

export interface ApplyPipelineOptions extends GateOptions, LockOptions, RecordOptions {
  readonly parallelism: number;
  /**
   * True if the reviewed plan prunes, so that its repository may have no manifest left. That opens no gate.
   */
  readonly mayBeEmpty: boolean;
}

/** The manifests of the newest commit on the branch, if that is not the commit that is applied. */
export interface Newest {
  /** The words for that commit, such as `main has moved on to 1234567`. */
  readonly what: string;
  /** The folder with its files. Null if they cannot be read. */
  readonly folder: string | null;
  readonly remove: () => Promise<void>;
}

export interface ApplySteps {
  /** Finds the review before regsync reads Telnyx, when the keys to check a plan are known. */
  readonly findReviewed: (keys: PlanKeys, project: Project) => Promise<Reviewed>;
  /**
   * Finds the newest commit if there is something to write. Returns null if it is the commit that is applied,
   * or is unknown.
   */
  readonly findNewest?: () => Promise<Newest | null>;
  /** Says how to open gates that the reviewed plan needs and this run keeps closed. */
  readonly sayShut: (gates: readonly NeededGate[]) => string;
  /** The command, in words for the record. */
  readonly command?: RecordedRun['command'];
  /** Returns the numbers of the pull requests whose reviews were found. */
  readonly pulls?: () => readonly number[];
  /** Runs before the first write, after all checks. */
  readonly beforeWriting: (plan: Plan) => Promise<void>;
}

async function readNewest(
  { findNewest = async () => null }: ApplySteps,
  planNewest: (folder: string) => Promise<Plan | null>,
): Promise<NewestPlan | null> {
  const newest = await findNewest();
  if (newest === null) return null;
  const { what, folder } = newest;
  if (folder === null) return { what, plan: null, unknown: 'and regsync cannot read its files' };
  try {
    return { what, plan: await planNewest(folder), unknown: null };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return { what, plan: null, unknown: 'and its manifests are invalid' };
  } finally {
    await newest.remove();
  }
}
