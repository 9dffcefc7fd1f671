import { resolve } from 'node:path';
import { connectToForge } from '../cli/review/connect.ts';
import type { ReviewRun } from '../cli/review/review-run.ts';
import type { Terminal } from '../cli/session/terminal.ts';
import type { Environment } from '../forge/base-tree.ts';
import { readWorkflow, type Workflow } from '../github/events.ts';
import { openGitHubForge } from '../github/github-forge.ts';
import { type GitHub, openGitHub } from '../github/rest.ts';
import { InvalidInputError } from '../model/errors.ts';
import { isRedactable } from '../model/privacy/redactable.ts';
import { Redactor } from '../model/privacy/redactor.ts';
import { Sensitive } from '../model/privacy/sensitive.ts';
import { escapeCommands, renderAnnotations } from '../render/annotations.ts';
import { renderOutcomesText } from '../render/text/outcome-text.ts';
import { plain } from '../render/text/paint.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { githubWords } from './words.ts';
import { notesInWorkflowWords } from './workflow-words.ts';

/** One run of the action: its inputs, its workflow, and its results so far. */
export interface ActionRun extends ReviewRun {
  /** The terminal, which escapes lines that the runner would take for commands. */
  readonly terminal: Terminal;
  readonly inputs: Inputs;
  readonly workflow: Workflow;
  /** The client of GitHub's API. Null without a token. */
  readonly github: GitHub | null;
  readonly token: Sensitive | null;
  /** Prints lines that the runner takes for commands. */
  readonly issueCommand: (lines: readonly string[]) => void;
}

export async function openActionRun(shell: Terminal): Promise<ActionRun> {
  const secrets = new Redactor();
  const hide = (secret: string) => {
    shell.hide(secret);
    if (isRedactable(secret)) secrets.addSecret(new Sensitive(secret));
  };
  for (const name of Object.keys(shell.env).filter(isSecret)) hide(shell.env[name]?.trim() ?? '');
  const inputs = readInputs(shell.env);
  if (inputs.account !== null && inputs.apiKey !== null) throw new InvalidInputError(TWO_KEYS);
  const workflow = await readWorkflow(shell.env);
  const token = inputs.githubToken === null ? null : new Sensitive(inputs.githubToken);
  const github =
    token === null ? null : connectToForge(openGitHub, { apiUrl: workflow.apiUrl, token, env: shell.env });
  const issueCommand = (lines: readonly string[]) => {
    for (const line of lines) shell.out(`${line}\n`);
  };
  return {
    terminal: {
      ...shell,
      env: { ...environmentOf(shell.env, inputs), CI: 'true' },
      cwd: resolve(workflow.workspace, inputs.workingDirectory),
      out: (text) => shell.out(escapeCommands(text)),
      err: (text) => shell.err(escapeCommands(text)),
      hide,
    },
    cover: (text) => secrets.cover(text),
    inputs,
    workflow,
    token,
    outputs: new Map(),
    summary: [],
    ...conversation({ inputs, workflow, github, issueCommand }),
  };
}

/** Returns the parts of a run that the conversation on a pull request needs. */
export function conversation({
  inputs,
  workflow,
  github,
  issueCommand,
}: Pick<ActionRun, 'inputs' | 'workflow' | 'github' | 'issueCommand'>): Pick<
  ActionRun,
  'github' | 'forge' | 'words' | 'markLines' | 'tell' | 'outcomesText' | 'issueCommand'
> {
  return {
    github,
    forge: github === null ? null : openGitHubForge(github, workflow, inputs.commentAuthor),
    words: githubWords(workflow),
    markLines: (notes, folder) => issueCommand(renderAnnotations(notesInWorkflowWords(notes), folder)),
    tell: (severity, message) => issueCommand(renderAnnotations([{ severity, code: 'github', message }])),
    outcomesText: (outcomes) => renderOutcomesText(outcomes, plain),
    issueCommand,
  };
}

/** The variables whose values are redacted from the first output on. */
const SECRETS: ReadonlySet<string> = new Set(['INPUT_GITHUB-TOKEN', 'INPUT_API-KEY', 'REGSYNC_PLAN_KEY']);

/** Returns true also for the API keys of accounts. */
function isSecret(name: string): boolean {
  return SECRETS.has(name) || /^TELNYX_API_KEY(?:_|$)/.test(name);
}

const TWO_KEYS =
  'with the input account, the key comes from the environment: remove the input api-key, and pass in env the variable ' +
  'that key_env of the account names';

function environmentOf(env: Environment, { apiKey }: Inputs): Environment {
  return apiKey === null ? env : { ...env, TELNYX_API_KEY: apiKey };
}
