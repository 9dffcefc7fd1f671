import { realPathOf } from '../../files/paths.ts';
import { openGitLabForge } from '../../gitlab/gitlab-forge.ts';
import { type Pipeline, readPipeline } from '../../gitlab/pipeline.ts';
import { escapeQuickActions } from '../../gitlab/quick-actions.ts';
import { openGitLab } from '../../gitlab/rest.ts';
import { gatesFromFlags } from '../../model/plan/gates.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import { visible } from '../../model/text/visible.ts';
import { renderOutcomesJson } from '../../render/json.ts';
import { renderOutcomesText } from '../../render/text/outcome-text.ts';
import { checkFingerprint } from '../apply/judge.ts';
import { connectToForge } from '../review/connect.ts';
import type { ReviewRun } from '../review/review-run.ts';
import type { Terminal } from '../session/terminal.ts';
import type { CiCommandOptions } from './ci.ts';
import { gitlabWords, TOKEN_VARIABLES } from './gitlab-words.ts';

/** One step of a pipeline of GitLab that keeps the plan in a note on the merge request. */
export interface GitLabRun extends ReviewRun {
  readonly pipeline: Pipeline;
}

/** @throws InvalidInputError if this is not a job of GitLab, or if a variable or an option is malformed. */
export function openGitLabRun(
  terminal: Terminal,
  paths: readonly string[],
  options: CiCommandOptions,
): GitLabRun {
  const token = readToken(terminal);
  const pipeline = readPipeline(terminal.env);
  return {
    pipeline,
    terminal,
    inputs: {
      config: options.config ?? null,
      account: options.account ?? null,
      manifests: paths,
      target: options.target ?? [],
      exclude: options.exclude ?? [],
      gates: gatesFromFlags(options),
      shard: options.shard ?? null,
      sandbox: options.sandbox === true,
      parallelism: options.parallelism,
      comment: 'true',
      fingerprint: checkFingerprint(options.fingerprint ?? null, '--fingerprint'),
      allowUnreviewed: options.allowUnreviewed === true,
      ...(options.apiKeyFile === undefined ? {} : { apiKeyFile: options.apiKeyFile }),
      ...(options.quiet === undefined ? {} : { quiet: options.quiet }),
    },
    workflow: {
      sha: pipeline.sha,
      workspace: realPathOf(pipeline.workspace),
      serverUrl: pipeline.serverUrl,
      runUrl: pipeline.jobUrl,
      // GitLab does not say whether a job is a retry.
      attempt: null,
    },
    forge:
      token === null
        ? null
        : openGitLabForge(
            connectToForge(openGitLab, { apiUrl: pipeline.apiUrl, token, env: terminal.env }),
            pipeline,
          ),
    words: gitlabWords(pipeline),
    outputs: new Map(),
    summary: [],
    cover: (text) => escapeQuickActions(terminal.cover(text)),
    // GitLab shows no notes beside lines. The log and the note tell the same.
    markLines: () => {},
    tell: (severity, message) => {
      const colour = severity === 'error' ? 'red' : 'yellow';
      terminal.err(`${terminal.errPaint(colour, `${severity}:`)} ${visible(message)}\n`);
    },
    outcomesText: (outcomes) =>
      options.format === 'json'
        ? renderOutcomesJson(outcomes)
        : renderOutcomesText(outcomes, terminal.outPaint),
  };
}

/** Hides the token before anything else is done with it. */
function readToken(terminal: Terminal): Sensitive | null {
  for (const name of TOKEN_VARIABLES) terminal.hide(terminal.env[name]?.trim() ?? '');
  const name = TOKEN_VARIABLES.find((variable) => terminal.env[variable]?.trim());
  return name === undefined ? null : new Sensitive(terminal.env[name]?.trim() ?? '');
}
