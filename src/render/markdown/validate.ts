import type { Problem, Severity } from '../../model/problem.ts';
import { count, given } from '../words/wording.ts';
import { SUMMARY_BYTES } from './apply.ts';
import { Budget, FRAME } from './budget.ts';
import { code, link, type MarkdownContext } from './markdown.ts';

export interface ValidateContext extends MarkdownContext {
  /** The number of manifest files that were read. `manifests` says what they contain: `2 groups`. */
  readonly files?: number;
  readonly manifests?: string;
}

/** Renders the job summary of a validation: errors first, each problem with its place and what to do. */
export function renderValidateSummary(problems: readonly Problem[], context: ValidateContext = {}): string {
  const shown = SEVERITIES.flatMap((severity) => problems.filter((problem) => problem.severity === severity));
  const budget = new Budget(context.limitBytes ?? SUMMARY_BYTES);
  const head = heading(problems, context);
  for (const block of [head, FRAME]) budget.spend(block);
  const rows = budget.fit(shown, (problem) => problemEntry(problem, context));
  const more = shown.length - rows.size;
  const blocks = given(
    head,
    [...rows.values()].join('\n'),
    more > 0 && `**And ${more} more.** \`regsync validate\` shows all.`,
  );
  return `${blocks.join('\n\n')}\n`;
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'notice'];
const MARKS: Readonly<Record<Severity, string>> = { error: '❌', warning: '⚠️', notice: 'ℹ️' };

function heading(problems: readonly Problem[], { files, manifests }: ValidateContext): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const inFiles = files === undefined ? null : count(files, 'manifest file');
  if (errors === 0)
    return `✅ **regsync validate** · ${given('valid', given(inFiles, manifests).join(', ')).join(': ')}.`;
  return `### regsync validate · ${given(count(errors, 'problem'), inFiles).join(' in ')}`;
}

/** Returns an entry of a list. In a table, the third of a phone's width would be left for the next step. */
function problemEntry(problem: Problem, { sourceUrl }: ValidateContext): string {
  const { source, message, hint } = problem;
  const where =
    source === undefined
      ? ''
      : link(code(`${source.file}:${source.line}:${source.column}`), sourceUrl?.(source.file, source.line));
  const head = `${MARKS[problem.severity]} ${where}`.trimEnd();
  return given(`- ${head}`, code(message), hint !== undefined && `→ ${code(hint)}`).join('<br>');
}
