import { basename, join, relative } from 'node:path';
import { pathFrom, realPathOf } from '../../files/paths.ts';
import type { Tree } from '../../forge/base-tree.ts';
import type { Forge } from '../../forge/forge.ts';
import { ForgeError } from '../../forge/forge-error.ts';
import { CONFIG_FILE } from '../../manifest/repository.ts';
import { type ExitCode, unlessFailed } from '../../model/exit.ts';
import { flagsFromGates, type Gates } from '../../model/plan/gates.ts';
import type { Outcome } from '../../model/plan/outcome.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { Note } from '../../render/annotations.ts';
import { alert, code, type MarkdownContext } from '../../render/markdown/markdown.ts';
import type { JobPlace } from '../../render/words/job-words.ts';
import type { GateOptions } from '../plan.ts';
import type { Terminal } from '../session/terminal.ts';
import type { ForgeWords } from './forge-words.ts';

/**
 * The conversation on a change request: which plan was reviewed, the record of an apply, and the withdrawal
 * of plans that are outdated. GitHub's action and `regsync ci --note gitlab` share it.
 */
export interface ReviewRun {
  readonly terminal: Terminal;
  readonly inputs: ReviewInputs;
  readonly workflow: ReviewPlace;
  /** The forge. Null without a token. */
  readonly forge: Forge | null;
  readonly words: ForgeWords;
  /** The results for later steps of the pipeline. */
  readonly outputs: Map<string, string | number>;
  /** The blocks of Markdown for the summary of the run, in this order. */
  readonly summary: string[];
  /** Redacts keys and tokens, in any form, in text for the forge and for files. The log has its own filter. */
  readonly cover: (text: string) => string;
  /** Puts notes beside the lines of the change request, if the forge can show them there. */
  readonly markLines: (notes: readonly Note[], folder: string) => void;
  /** Says in the log, and where the forge shows it, that something about the forge went wrong. */
  readonly tell: (severity: 'error' | 'warning', message: string) => void;
  /** Returns the outcomes of an apply as they go to stdout. */
  readonly outcomesText: (outcomes: readonly Outcome[]) => string;
}

/** The part of a run's inputs that the conversation depends on. */
export interface ReviewInputs {
  readonly config: string | null;
  readonly account: string | null;
  readonly manifests: readonly string[];
  readonly target: readonly string[];
  readonly exclude: readonly string[];
  readonly gates: Gates;
  readonly shard: string | null;
  readonly sandbox: boolean;
  readonly parallelism: number;
  /** With `changes`, regsync makes no comment if nothing changes, but updates one that exists. */
  readonly comment: 'true' | 'false' | 'changes';
  readonly fingerprint: string | null;
  readonly allowUnreviewed: boolean;
  readonly apiKeyFile?: string;
  readonly quiet?: boolean;
}

/** The commit, the checkout and the run. */
export interface ReviewPlace {
  readonly sha: string;
  readonly workspace: string;
  readonly serverUrl: string;
  readonly runUrl: string;
  /** The number of the attempt, from 1. Null if the forge does not tell it. */
  readonly attempt: number | null;
}

/** A change request that is under review. */
export interface OpenRequest {
  readonly number: number;
  readonly headSha: string;
}

export function gatesOf(run: ReviewRun): GateOptions {
  const { inputs } = run;
  return {
    ...placeOf(run),
    ...(inputs.shard === null ? {} : { shard: inputs.shard }),
    sandbox: inputs.sandbox,
    target: inputs.target,
    exclude: inputs.exclude,
    ...flagsFromGates(inputs.gates),
    ...(inputs.quiet === undefined ? {} : { quiet: inputs.quiet }),
  };
}

/** Returns the options that choose the configuration and the account. */
export function placeOf({
  inputs: { config, account, apiKeyFile },
}: Pick<ReviewRun, 'inputs'>): Pick<GateOptions, 'config' | 'account' | 'apiKeyFile'> {
  return {
    ...(config === null ? {} : { config }),
    ...(account === null ? {} : { account }),
    ...(apiKeyFile === undefined ? {} : { apiKeyFile }),
  };
}

/** @param root the root of regsync's repository, to which the paths in the notes are relative. */
export function annotate(run: ReviewRun, notes: readonly Note[], root: string | null): void {
  run.markLines(notes, root === null ? '' : folderOf(run, root));
}

/** Returns the path of regsync's repository in the Git repository: `''`, or `telnyx/eu`. */
export function folderOf({ workflow }: Pick<ReviewRun, 'workflow'>, root: string): string {
  const folder = pathFrom(realPathOf(workflow.workspace), root);
  return folder.startsWith('..') ? '' : folder;
}

/** Returns the working directory in the files of another commit. */
export function folderIn({ workflow, terminal }: ReviewRun, tree: Tree): string {
  return join(tree.folder, relative(workflow.workspace, terminal.cwd));
}

/** Returns the URLs that Markdown may link to, and the job that it names. */
export function linksOf(
  run: ReviewRun,
  root: string,
  sha: string,
): MarkdownContext & { readonly job: JobPlace } {
  const { inputs, workflow, words } = run;
  const folder = folderOf(run, root);
  const file = inputs.config === null ? CONFIG_FILE : basename(inputs.config);
  const configuration = [folder, ...(file === CONFIG_FILE ? [] : [file])].filter((part) => part !== '');
  return {
    request: words.request,
    runUrl: workflow.runUrl,
    headSha: sha,
    job: { configuration: configuration.join('/'), account: inputs.account },
    sourceUrl: (file, line) => {
      const path = [folder, file].filter((part) => part !== '').join('/');
      const url = words.fileUrl(sha, path.split('/').map(encodeURIComponent).join('/'));
      return line === undefined ? url : `${url}#L${line}`;
    },
  };
}

/** The result of a task at the forge whose failure does not affect Telnyx. */
export type ForgeResult =
  | 'done'
  /** There is no token, or the forge denies this one. A retry changes nothing. */
  | 'refused'
  /** The forge was down, overloaded or out of reach until the last attempt. */
  | 'unreachable';

/** Runs the task. If the forge fails, says why in the log and in the summary. */
export async function tryForge(
  run: ReviewRun,
  what: string,
  task: (forge: Forge) => Promise<unknown>,
): Promise<ForgeResult> {
  if (run.forge === null) {
    complain(run, `${what}: ${run.words.noToken}`);
    return 'refused';
  }
  try {
    await task(run.forge);
    return 'done';
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    complain(run, `${what}: ${error.message}`);
    return error.isPassing ? 'unreachable' : 'refused';
  }
}

/**
 * Returns a failing exit code if the forge was out of reach, because a green run would say that people were
 * told. An earlier failure keeps its code.
 */
export function exitUnlessTold(run: ReviewRun, { result, advice, lost, exit }: Untold): ExitCode {
  if (result !== 'unreachable') return exit;
  run.tell('error', advice);
  run.summary.push(alert('CAUTION', [`**${advice}**`]));
  return unlessFailed(exit, lost);
}

export interface Untold {
  readonly result: ForgeResult;
  /** A sentence that says where the result is and what to do. */
  readonly advice: string;
  /** The exit code if nothing else failed. */
  readonly lost: ExitCode;
  readonly exit: ExitCode;
}

/** Issues a warning in the log and in the summary. `text` may contain what the forge said. */
export function complain(run: Pick<ReviewRun, 'tell' | 'summary'>, text: string): void {
  run.tell('warning', text);
  run.summary.push(alert('WARNING', [code(text)]));
}

export function outputPlan({ outputs }: Pick<ReviewRun, 'outputs'>, plan: Plan): void {
  const { groups, submit, attention } = plan.summary;
  const changed = plan.changes.filter(({ kind }) => kind !== 'Document' && kind !== 'Address').length;
  outputs.set('changes', changed);
  outputs.set('create', groups.create);
  outputs.set('update', groups.update);
  outputs.set('delete', groups.delete + groups.replace);
  outputs.set('submit', submit);
  outputs.set('attention', attention);
  outputs.set('fingerprint', plan.fingerprint);
}
