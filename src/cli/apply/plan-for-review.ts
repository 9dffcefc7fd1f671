import type { DifferingTree } from '../../forge/base-tree.ts';
import { InterruptedError, InvalidInputError } from '../../model/errors.ts';
import type { PlanDiagnostic } from '../../model/plan/plan.ts';
import { besideIn, decisiveIn, topOfTree } from '../change/base-of-change.ts';
import { isEnough, nullIfMistaken, readChangedPart } from '../change/changed-part.ts';
import { changeSince } from '../change/narrow.ts';
import { type GateOptions, planOptionsOf } from '../plan.ts';
import { type Project, sayPart, sayProblems } from '../session/project.ts';
import { openSession, sessionWith } from '../session/session.ts';
import type { Terminal } from '../session/terminal.ts';
import { readBase } from './base.ts';
import { type BaseReading, type Planned, planBothSides } from './plan-both-sides.ts';
import { plannedAll } from './planned-all.ts';

/**
 * Plans for GitHub's action and `regsync ci`, which run unattended and return a text for review.
 *
 * @param baseFolder folder with the repository before the change under review. Null if there is none.
 */
export async function planForReview(
  terminal: Terminal,
  paths: readonly string[],
  options: PipelineOptions,
  baseFolder: string | null,
): Promise<Planned> {
  const session = await openSession(terminal, options, options.prune === true);
  const { project } = session;
  const stated = planOptionsOf(terminal, project.repository.root, paths, options);
  const base = baseFolder === null ? null : await tryBase(terminal, options, project, baseFolder);
  const { changed, notices } = narrowToChange(options, base, project, stated);
  const planOptions = changed === null ? stated : { ...stated, changed };
  const { planned, reads } = await planBothSides(session, { planOptions, base, notices });
  sayProblems(terminal, options, reads[0].problems);
  return planned;
}

/**
 * Plans like `planForReview`, without a look at manifests that the change cannot concern.
 *
 * @param openTree writes the files of the base that differ. Null if that is not possible.
 * @param workspace the folder that git checked out.
 * @returns null if only a whole reading tells, or if it has a mistake to tell of.
 */
export async function planPartForReview(
  terminal: Terminal,
  paths: readonly string[],
  options: PipelineOptions,
  { workspace, openTree }: DifferingBase,
): Promise<Planned | null> {
  if (options.changes !== 'own') return null;
  const top = await topOfTree(terminal, workspace);
  if (top === null) return null;
  const part = await readChangedPart(terminal, {
    options,
    statedIn: (root) => planOptionsOf(terminal, root, paths, options),
    since: options.since ?? THE_BASE,
    openDifferences: async (repository) => {
      const tree = await openTree(decisiveIn(top, repository));
      return tree === null ? null : { beside: await besideIn(tree, top, repository), remove: tree.remove };
    },
  });
  if (part === null) return null;
  const { project, before, planOptions } = part;
  const base: BaseReading = { kind: 'read', found: before };
  const session = sessionWith(terminal, options, project);
  const both = await planBothSides(session, { planOptions, base, notices: [] }).catch(nullIfMistaken);
  if (both === null || !both.reads.every((read) => isEnough(read, project))) return null;
  const { planned, reads } = both;
  sayPart(terminal, options, project);
  sayProblems(terminal, options, reads[0].problems);
  return planned;
}

/** Where the differing files of a base come from. */
export interface DifferingBase {
  readonly workspace: string;
  readonly openTree: (needsAll: (differing: ReadonlySet<string>) => boolean) => Promise<DifferingTree | null>;
}

/** The options that GitHub's action and `regsync ci` share. */
export interface PipelineOptions extends GateOptions {
  readonly failOn: 'none' | 'changes';
  readonly failOnExpiry?: number;
  /** `own` narrows the plan to what differs from the base. By default, all manifests are planned. */
  readonly changes?: Changes;
  /** The base, in words for people. */
  readonly since?: string;
}

export const CHANGES = ['own', 'all'] as const;

export type Changes = (typeof CHANGES)[number];

/** Returns the words for the base of a change request. */
export function baseOfRequest({ request }: { readonly request: string }): string {
  return `the base of this ${request}`;
}

/* ---- The base ---- */

const THE_BASE = 'the base';

async function tryBase(
  terminal: Terminal,
  options: GateOptions,
  project: Project,
  folder: string,
): Promise<BaseReading> {
  try {
    return { kind: 'read', found: await readBase(terminal, options, project, folder) };
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return { kind: 'unreadable', error };
  }
}

/**
 * Returns the change that the plan is narrowed to. Returns none if everything is to be planned, or has to be: then the
 * notice says why.
 */
function narrowToChange(
  { changes, since = THE_BASE }: PipelineOptions,
  base: BaseReading | null,
  project: Project,
  stated: Parameters<typeof changeSince>[3],
): { readonly changed: ReturnType<typeof changeSince> | null; readonly notices: readonly PlanDiagnostic[] } {
  if (changes !== 'own') return { changed: null, notices: [] };
  if (base === null || base.kind === 'unreadable')
    return { changed: null, notices: [plannedAll('regsync cannot read its base')] };
  // All manifests are new.
  if (base.found === null) return { changed: null, notices: [] };
  try {
    return { changed: changeSince(since, base.found, project, stated), notices: [] };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    const [first] = error.problems;
    const where = first?.source === undefined ? '' : `, as in ${first.source.file}:${first.source.line}`;
    return { changed: null, notices: [plannedAll(`manifests of its base are invalid${where}`)] };
  }
}
