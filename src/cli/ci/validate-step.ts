import { EXIT, type ExitCode } from '../../model/exit.ts';
import { hasErrors } from '../../model/problem.ts';
import { renderErrorJson, renderJson } from '../../render/json.ts';
import { renderValidateSummary } from '../../render/markdown/validate.ts';
import { count } from '../../render/words/wording.ts';
import { refuseOverInputs } from '../session/outputs.ts';
import { sayProblems, wordsFor } from '../session/project.ts';
import type { Terminal } from '../session/terminal.ts';
import { checkManifests, validAsData } from '../validate/validate.ts';
import type { CiCommandOptions } from './ci.ts';
import { SIZE, show } from './show.ts';

/** Checks the manifests, with no key and no network. */
export async function validateStep(
  terminal: Terminal,
  paths: readonly string[],
  options: CiCommandOptions,
): Promise<ExitCode> {
  const { root, selections, files, problems, inputs } = await checkManifests(terminal, paths, options);
  refuseOverInputs(terminal, options, { root, inputs });
  sayProblems(terminal, options, problems);
  const isInvalid = hasErrors(problems);
  const verdict = `${count(files, 'manifest file')}, ${wordsFor(...selections)}`;
  const markdown = renderValidateSummary(problems, { ...SIZE, files, manifests: wordsFor(...selections) });
  await show(terminal, options, markdown, {
    json: () =>
      isInvalid
        ? renderErrorJson({ code: 'invalid', message: verdict }, problems)
        : renderJson(validAsData(files, selections, problems)),
    text: () => (isInvalid ? `Invalid: ${verdict}.\n` : `Valid: ${verdict}.\n`),
  });
  return isInvalid ? EXIT.invalid : EXIT.ok;
}
