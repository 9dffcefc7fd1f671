import { basename, join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TIME_SCALE, VERSION } from '../build.ts';
import type { GateOptions } from '../cli/plan.ts';
import type { Terminal } from '../cli/session/terminal.ts';
import { pathFrom, realPathOf } from '../files/paths.ts';
import type { Tree } from '../github/base-tree.ts';
import { type Environment, readWorkflow, type Workflow } from '../github/events.ts';
import { GitHubError } from '../github/github-error.ts';
import { type GitHub, openGitHub } from '../github/rest.ts';
import { CONFIG_FILE } from '../manifest/repository.ts';
import { InvalidInputError } from '../model/errors.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { flagsFromGates } from '../model/gates.ts';
import { Mask } from '../model/mask.ts';
import { isMaskable } from '../model/maskable.ts';
import type { Plan } from '../model/plan.ts';
import { Sensitive } from '../model/sensitive.ts';
import { type Note, neutraliseCommands, renderAnnotations } from '../render/annotations.ts';
import { alert, code, type MarkdownContext } from '../render/markdown/markdown.ts';
import type { JobPlace } from '../render/words/job-words.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { notesInWorkflowWords } from './workflow-words.ts';

/** One run of the action: its inputs, its workflow, and its results so far. */
export interface ActionRun {
  /** The terminal, which escapes lines that the runner would take for commands. */
  readonly terminal: Terminal;
  readonly inputs: Inputs;
  readonly workflow: Workflow;
  /** The client of GitHub's API. Null without a token. */
  readonly github: GitHub | null;
  readonly token: Sensitive | null;
  readonly outputs: Map<string, string | number>;
  /** The blocks of Markdown for the page of the run, in this order. */
  readonly summary: string[];
  /** Redacts keys and tokens, in any form, in text for GitHub and for files. The log has its own filter. */
  readonly cover: (text: string) => string;
  /** Prints lines that the runner takes for commands. */
  readonly obey: (lines: readonly string[]) => void;
}

export async function openActionRun(shell: Terminal): Promise<ActionRun> {
  const secrets = new Mask();
  const hide = (secret: string) => {
    shell.hide(secret);
    if (isMaskable(secret)) secrets.addSecret(new Sensitive(secret));
  };
  for (const name of Object.keys(shell.env).filter(isSecret)) hide(shell.env[name]?.trim() ?? '');
  const inputs = readInputs(shell.env);
  if (inputs.account !== null && inputs.apiKey !== null) throw new InvalidInputError(TWO_KEYS);
  const workflow = await readWorkflow(shell.env);
  const token = inputs.githubToken === null ? null : new Sensitive(inputs.githubToken);
  return {
    terminal: {
      ...shell,
      env: { ...environmentOf(shell.env, inputs), CI: 'true' },
      cwd: resolve(workflow.workspace, inputs.workingDirectory),
      out: (text) => shell.out(neutraliseCommands(text)),
      err: (text) => shell.err(neutraliseCommands(text)),
      hide,
    },
    cover: (text) => secrets.cover(text),
    inputs,
    workflow,
    github: token === null ? null : connect(workflow, token, shell.env),
    token,
    outputs: new Map(),
    summary: [],
    obey: (lines) => {
      for (const line of lines) shell.out(`${line}\n`);
    },
  };
}

/** The variables whose values are redacted from the first output on. */
const SECRETS: ReadonlySet<string> = new Set(['INPUT_GITHUB-TOKEN', 'INPUT_API-KEY', 'REGSYNC_PLAN_KEY']);

/** Returns true also for the API keys of accounts. */
function isSecret(name: string): boolean {
  return SECRETS.has(name) || /^TELNYX_API_KEY(?:_|$)/.test(name);
}

const TWO_KEYS =
  'the inputs account and api-key say each which key is meant: leave api-key out, and give the environment the variable ' +
  'that key_env of the account names';

function environmentOf(env: Environment, { apiKey }: Inputs): Environment {
  return apiKey === null ? env : { ...env, TELNYX_API_KEY: apiKey };
}

function connect({ apiUrl }: Workflow, token: Sensitive, env: NodeJS.ProcessEnv): GitHub {
  try {
    return openGitHub({
      apiUrl,
      token,
      mask: new Mask(),
      userAgent: `regsync/${VERSION}`,
      env,
      sleep: (ms) => sleep(ms * TIME_SCALE),
    });
  } catch (error) {
    if (error instanceof GitHubError) throw new InvalidInputError(error.message);
    throw error;
  }
}

export function gatesOf(run: ActionRun): GateOptions {
  const { inputs } = run;
  return {
    ...placeOf(run),
    ...(inputs.shard === null ? {} : { shard: inputs.shard }),
    sandbox: inputs.sandbox,
    target: inputs.target,
    ...flagsFromGates(inputs.gates),
  };
}

/** Returns the options that choose the configuration and the account. */
export function placeOf({ inputs: { config, account } }: ActionRun): Pick<GateOptions, 'config' | 'account'> {
  return { ...(config === null ? {} : { config }), ...(account === null ? {} : { account }) };
}

/** @param root the root of regsync's repository, to which the paths in the notes are relative. */
export function annotate(run: ActionRun, notes: readonly Note[], root: string | null): void {
  run.obey(renderAnnotations(notesInWorkflowWords(notes), root === null ? '' : folderOf(run, root)));
}

/** Returns the path of regsync's repository in the Git repository: `''`, or `telnyx/eu`. */
export function folderOf({ workflow }: ActionRun, root: string): string {
  const folder = pathFrom(realPathOf(workflow.workspace), root);
  return folder.startsWith('..') ? '' : folder;
}

/** Returns the working directory in the files of another commit. */
export function folderIn({ workflow, terminal }: ActionRun, tree: Tree): string {
  return join(tree.folder, relative(workflow.workspace, terminal.cwd));
}

/** Returns the URLs that Markdown may link to, and the job that it names. */
export function linksOf(
  run: ActionRun,
  root: string,
  sha: string,
): MarkdownContext & { readonly job: JobPlace } {
  const { inputs, workflow } = run;
  const { serverUrl, repository, runUrl } = workflow;
  const folder = folderOf(run, root);
  const file = inputs.config === null ? CONFIG_FILE : basename(inputs.config);
  const configuration = [folder, ...(file === CONFIG_FILE ? [] : [file])].filter((part) => part !== '');
  return {
    runUrl,
    headSha: sha,
    job: { configuration: configuration.join('/'), account: inputs.account },
    sourceUrl: (file, line) => {
      const path = [folder, file].filter((part) => part !== '').join('/');
      const url = `${serverUrl}/${repository}/blob/${sha}/${path.split('/').map(encodeURIComponent).join('/')}`;
      return line === undefined ? url : `${url}#L${line}`;
    },
  };
}

/** The result of a task at GitHub whose failure does not affect Telnyx. */
export type GitHubResult =
  | 'done'
  /** There is no token, or GitHub denies this one. A retry changes nothing. */
  | 'refused'
  /** GitHub was down, overloaded or out of reach until the last attempt. */
  | 'unreachable';

/** Runs the task. If GitHub fails, says why in the log and on the page of the run. */
export async function tryGitHub(
  run: ActionRun,
  what: string,
  task: (github: GitHub) => Promise<unknown>,
): Promise<GitHubResult> {
  if (run.github === null) {
    complain(run, `${what}: there is no GitHub token (input github-token)`);
    return 'refused';
  }
  try {
    await task(run.github);
    return 'done';
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    complain(run, `${what}: ${error.message}`);
    return error.isPassing ? 'unreachable' : 'refused';
  }
}

/**
 * Returns a failing exit code if GitHub was out of reach, because a green run would say that people were
 * told. An earlier failure keeps its code.
 */
export function exitUnlessTold(run: ActionRun, { result, advice, lost, exit }: Untold): ExitCode {
  if (result !== 'unreachable') return exit;
  run.obey(renderAnnotations([{ severity: 'error', code: 'github', message: advice }]));
  run.summary.push(alert('CAUTION', [`**${advice}**`]));
  return exit === EXIT.ok || exit === EXIT.changesPending ? lost : exit;
}

export interface Untold {
  readonly result: GitHubResult;
  /** A sentence that says where the result is and what to do. */
  readonly advice: string;
  /** The exit code if nothing else failed. */
  readonly lost: ExitCode;
  readonly exit: ExitCode;
}

/** Issues a warning in the log and on the page of the run. `text` may contain what GitHub said. */
export function complain(run: ActionRun, text: string): void {
  run.obey(renderAnnotations([{ severity: 'warning', code: 'github', message: text }]));
  run.summary.push(alert('WARNING', [code(text)]));
}

export function outputPlan({ outputs }: ActionRun, plan: Plan): void {
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
