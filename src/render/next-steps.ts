import { visible } from '../model/visible.ts';
import { alignColumns } from './columns.ts';

/** What to do, and what for. */
export type Step = readonly [what: string, why: string];

/** What a person does after a command, in the order of doing. */
export function renderNextSteps(steps: readonly Step[]): string {
  const rows = steps.map(([what, why], index) => [
    { text: `${index + 1}. ${visible(what)}` },
    { text: visible(why) },
  ]);
  return `\nNext:\n${alignColumns(rows, '  ').join('\n')}\n`;
}
