import { alignColumns } from './columns.ts';

/** A step and its purpose. */
export type Step = readonly [what: string, why: string];

/** Renders the steps that follow a command, in order. */
export function renderNextSteps(steps: readonly Step[]): string {
  const rows = steps.map(([what, why], index) => [`${index + 1}. ${what}`, why]);
  return `\nNext:\n${alignColumns(rows, '  ').join('\n')}\n`;
}
