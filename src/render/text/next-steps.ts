import { visible } from '../../model/text/visible.ts';
import { alignColumns } from './columns.ts';

/** A step and its purpose. */
export type Step = readonly [what: string, why: string];

/** Renders the steps that follow a command, in order. */
export function renderNextSteps(steps: readonly Step[]): string {
  const rows = steps.map(([what, why], index) => [
    { text: `${index + 1}. ${visible(what)}` },
    { text: visible(why) },
  ]);
  return `\nNext:\n${alignColumns(rows, '  ').join('\n')}\n`;
}
