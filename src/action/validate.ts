import { sayProblems, wordsFor } from '../cli/session/project.ts';
import { checkManifests } from '../cli/validate.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { hasErrors } from '../model/problem.ts';
import { renderAnnotations } from '../render/annotations.ts';
import { renderValidateSummary } from '../render/markdown/validate.ts';
import { type ActionRun, annotate, gatesOf, linksOf } from './run.ts';

/** Offline, without a key: what can be said about manifests of people who may not have one. */
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

/** No secrets, and a token that cannot write: so it is everywhere, whatever this repository would hand out. */
export async function runOutsider(run: ActionRun, who: string): Promise<ExitCode> {
  const message =
    `This is ${who}, which gets no secrets: its manifests were checked, and not compared with Telnyx. ` +
    'After the merge, apply shows the plan and waits to be started by hand with its fingerprint.';
  run.obey(renderAnnotations([{ severity: 'notice', code: 'outsider', message }]));
  run.summary.push(`> [!NOTE]\n> ${message}`);
  return runValidate(run);
}
