import { setTimeout as sleep } from 'node:timers/promises';
import { TIME_SCALE, VERSION } from '../../build.ts';
import { realPathOf } from '../../files/paths.ts';
import type { Forge } from '../../forge/forge.ts';
import { ForgeError } from '../../forge/forge-error.ts';
import { openGitLabForge } from '../../gitlab/gitlab-forge.ts';
import { type Pipeline, readPipeline } from '../../gitlab/pipeline.ts';
import { escapeQuickActions } from '../../gitlab/quick-actions.ts';
import { openGitLab } from '../../gitlab/rest.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { gatesFromFlags } from '../../model/plan/gates.ts';
import { Redactor } from '../../model/privacy/redactor.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import { visible } from '../../model/text/visible.ts';
import { renderOutcomesJson } from '../../render/json.ts';
import { renderOutcomesText } from '../../render/text/outcome-text.ts';
import { checkFingerprint } from '../apply/fingerprint.ts';
import type { CiCommandOptions } from '../ci.ts';
import type { ReviewRun } from '../review/review-run.ts';
import type { Terminal } from '../session/terminal.ts';
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
    forge: token === null ? null : connect(pipeline, token, terminal),
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

function connect(pipeline: Pipeline, token: Sensitive, { env }: Terminal): Forge {
  try {
    const client = openGitLab({
      apiUrl: pipeline.apiUrl,
      token,
      redactor: new Redactor(),
      userAgent: `regsync/${VERSION}`,
      env,
      sleep: (ms) => sleep(ms * TIME_SCALE),
    });
    return openGitLabForge(client, pipeline);
  } catch (error) {
    if (error instanceof ForgeError) throw new InvalidInputError(error.message);
    throw error;
  }
}
