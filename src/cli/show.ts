import { resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT, type ExitCode } from '../model/exit.ts';
import type { Plan } from '../model/plan/plan.ts';
import { visible } from '../model/text/visible.ts';
import { readPlanFile } from './apply/plan-file.ts';
import { addCommand, examples, type Finish, formatOption, runs } from './command.ts';
import { type PlanFormat, renderPlan } from './plan.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'show', 'show a plan file again, without a key or network')
    .argument('<file>', 'the plan that `regsync plan --out FILE` wrote')
    .addOption(formatOption('text', 'json', 'ndjson', 'markdown'))
    .addHelpText('after', examples('regsync show plan.json', 'regsync show plan.json --format markdown'))
    .action(runs(show, terminal, finish));
}

interface ShowCommandOptions extends GlobalOptions {
  readonly format: PlanFormat;
}

/**
 * Shows a plan file. Anybody may have written it, and its MAC can only be checked with the key, so invisible
 * characters are escaped, and a notice says that nothing is proven.
 */
async function show(terminal: Terminal, file: string, options: ShowCommandOptions): Promise<ExitCode> {
  const plan = withVisibleTexts(await readPlanFile(resolve(terminal.cwd, file)));
  if (!options.quiet) terminal.err(NOT_PROVEN);
  terminal.out(renderPlan(plan, options.format, terminal));
  return EXIT.ok;
}

const NOT_PROVEN =
  'notice: regsync did not check who wrote this file. `regsync apply --plan` checks that with the key.\n';

function withVisibleTexts(plan: Plan): Plan {
  const asShown = (_: string, value: unknown) => (typeof value === 'string' ? visible(value) : value);
  return JSON.parse(JSON.stringify(plan, asShown));
}
