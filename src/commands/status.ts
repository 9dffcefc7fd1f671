import { EXIT, type ExitCode } from '../model/exit.ts';
import { Mask } from '../model/mask.ts';
import { planChanges } from '../plan/plan.ts';
import { reportStatus } from '../plan/status.ts';
import { renderJson } from '../render/json.ts';
import { renderStatusText } from '../render/status-text.ts';
import { openReadApi } from './api.ts';
import { startProgress } from './progress.ts';
import { loadProject, sayProblems } from './project.ts';
import { survey } from './survey.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

export interface StatusCommandOptions extends GlobalOptions {
  readonly format: 'text' | 'json';
}

/** Where every group of the manifests stands at Telnyx. Reads only. */
export async function status(terminal: Terminal, options: StatusCommandOptions): Promise<ExitCode> {
  const progress = startProgress(terminal, options);
  const project = await loadProject(terminal, options, false);
  sayProblems(terminal, options, project.problems);
  const names = new Set(project.desired.groups.map((group) => group.name));
  const mask = new Mask();
  const api = await openReadApi({ terminal, options, project, mask, progress });
  try {
    progress.step(`Reading Telnyx for ${names.size} groups`);
    const { groups, observed, regulation, problems } = await survey(api.client, project, names, mask);
    const { config } = project.repository;
    const { attention } = planChanges({
      groups,
      observed,
      regulation,
      gates: { prune: false, allowReplace: false, allowDelete: new Set() },
      limits: config.limits,
      warnDays: config.expiry.warnDays,
      narrowed: false,
    });
    progress.clear();
    sayProblems(terminal, options, problems);
    const report = reportStatus(groups, observed, attention);
    terminal.out(
      options.format === 'json' ? renderJson(report) : renderStatusText(report, terminal.outPaint),
    );
    return EXIT.ok;
  } finally {
    await api.close();
  }
}
