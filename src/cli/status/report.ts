import { resolve } from 'node:path';
import type { Command } from 'commander';
import { writeWholeFile } from '../../files/write.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import type { StatusReport } from '../../model/report/status.ts';
import { renderReportHtml } from '../../render/html/report-html.ts';
import { renderJson } from '../../render/json.ts';
import { count } from '../../render/words/wording.ts';
import { addCommand, addTargets, examples, type Finish, formatOption, runs } from '../command.ts';
import { sayProblems, selectFrom, type TargetOptions, targetsOf, wordsFor } from '../session/project.ts';
import { openSession, whileReading } from '../session/session.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import { readStatus } from './read-status.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addTargets(addCommand(program, 'report [path...]', 'write an HTML page with the status of every group'))
    .option('--out <file>', 'file to write (default: report.html)')
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync report --sandbox', 'regsync report --out public/index.html'))
    .action(runs(report, terminal, finish));
}

export interface ReportCommandOptions extends GlobalOptions, TargetOptions {
  readonly out?: string;
  readonly format: 'text' | 'json';
}

const DEFAULT_FILE = 'report.html';

/** Writes the status of every group as an HTML page. Reads only, apart from that file. */
export async function report(
  terminal: Terminal,
  paths: readonly string[],
  options: ReportCommandOptions,
): Promise<ExitCode> {
  const session = await openSession(terminal, options, false);
  const { project, redactor, progress } = session;
  const selected = selectFrom(project, { paths, ...targetsOf(options) }, terminal.cwd);
  return whileReading(session, async (api) => {
    progress.step(`Reading Telnyx for ${wordsFor(selected)}`);
    const { report: read, problems } = await readStatus(api.client, project, redactor, { selected });
    progress.clear();
    sayProblems(terminal, options, problems);
    // The JSON is a complete result, so that a page is written only with --out.
    const file = options.out ?? (options.format === 'json' ? null : DEFAULT_FILE);
    if (file !== null) {
      const page = terminal.cover(renderReportHtml(read));
      await writeWholeFile(resolve(terminal.cwd, file), page, {
        what: 'the report',
        mode: 0o600,
        root: project.repository.root,
      });
    }
    terminal.out(options.format === 'json' ? renderJson(read) : `${summaryLine(read, file ?? '')}\n`);
    return EXIT.ok;
  });
}

function summaryLine({ groups, summary }: StatusReport, file: string): string {
  const approved = groups.filter(({ status }) => status === 'approved').length;
  return `Wrote ${file}: ${approved} of ${count(summary.groups, 'group')} approved.`;
}
