import { annotate, gatesOf, linksOf } from '../cli/review/review-run.ts';
import { sayProblems, wordsFor } from '../cli/session/project.ts';
import { checkManifests } from '../cli/validate/validate.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { hasErrors } from '../model/problem.ts';
import { renderAnnotations } from '../render/annotations.ts';
import { renderValidateSummary } from '../render/markdown/validate.ts';
import type { ActionRun } from './run.ts';

/** Checks manifests offline and without a key, which the authors of a pull request may not have. */
export async function runValidate(run: ActionRun): Promise<ExitCode> {
  const { terminal, inputs, workflow } = run;
  const options = gatesOf(run);
  const { root, selections, files, problems } = await checkManifests(terminal, inputs.manifests, options);
  sayProblems(terminal, options, problems);
  annotate(run, problems, root);
  const { event } = workflow;
  const sha = event.kind === 'pull-request' ? event.headSha : workflow.sha;
  const context = { ...linksOf(run, root, sha), files, manifests: wordsFor(...selections) };
  run.summary.push(renderValidateSummary(problems, context));
  return hasErrors(problems) ? EXIT.invalid : EXIT.ok;
}

/**
 * Checks the manifests alone, as such a pull request has no secrets and a token that cannot write. This also
 * holds in a repository whose settings would give it more.
 */
export async function runUntrustedFork(run: ActionRun, who: string): Promise<ExitCode> {
  const message =
    `This is ${who}, which gets no secrets, so regsync checked its manifests and did not compare them with Telnyx. ` +
    'After the merge, apply shows the plan and applies nothing. Then start apply by hand with the fingerprint of that plan.';
  run.issueCommand(renderAnnotations([{ severity: 'notice', code: 'outsider', message }]));
  run.summary.push(`> [!NOTE]\n> ${message}`);
  return runValidate(run);
}
