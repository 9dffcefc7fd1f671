import type { Command } from 'commander';
import { VERSION } from '../../build.ts';
import { judgeConfiguration, judgeKey, judgeManifests, judgeNode, judgePlanKey } from '../../doctor/setup.ts';
import { exitOf, finding } from '../../doctor/verdict.ts';
import type { ExitCode } from '../../model/exit.ts';
import type { DoctorReport, Finding } from '../../model/report/doctor.ts';
import { renderDoctorJson, renderDoctorText } from '../../render/text/doctor-text.ts';
import { addCommand, examples, type Finish, formatOption, runs } from '../command.ts';
import { startProgress } from '../session/progress.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import { type ExaminedAccount, openAccounts, SHORTEST_KEY } from './accounts.ts';
import { keepRecording } from './keep-recording.ts';
import { Recording } from './recording.ts';
import { examineRepository, readConfiguration, readManifestFolders } from './repository.ts';
import { examineTelnyx } from './telnyx.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'doctor', 'check this machine, the repository and Telnyx for a first plan; reads only')
    .option(
      '--record <file>',
      'also write the shapes of all answers to a file, without values, for a maintainer',
    )
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync doctor', 'regsync doctor --record shapes.json'))
    .action(runs(doctor, terminal, finish));
}

export interface DoctorCommandOptions extends GlobalOptions {
  readonly record?: string;
  readonly format: 'text' | 'json';
}

/**
 * Checks whether this machine is ready for a first plan, and which of regsync's assumptions about the API
 * hold for the account. Needs no manifest, and its client can send only GET. A problem is a line of the
 * report, so that one run shows them all.
 */
export async function doctor(terminal: Terminal, options: DoctorCommandOptions): Promise<ExitCode> {
  const progress = startProgress(terminal, options);
  const recording = new Recording();
  const configuration = await readConfiguration(terminal, options);
  const accounts = await openAccounts(terminal, options, configuration.repositories, progress);
  try {
    const setup = examineSetup(terminal, configuration, accounts);
    const repository = await examineRepository(terminal, options, configuration.repositories);
    const telnyx: Finding[] = [];
    const api: Finding[] = [];
    for (const account of accounts) {
      const examined = await examineTelnyx({ terminal, progress, recording }, account);
      telnyx.push(...examined.telnyx);
      api.push(...examined.api);
    }
    const found = [...setup, ...telnyx, ...repository, ...api];
    const findings = [
      ...found,
      ...(await keepRecording(terminal, options, configuration.repositories, recording, found)),
    ];
    const report: DoctorReport = { regsyncVersion: VERSION, findings, exit: exitOf(findings) };
    progress.clear();
    const style = { paint: terminal.outPaint };
    terminal.out(options.format === 'json' ? renderDoctorJson(report) : renderDoctorText(report, style));
    return report.exit;
  } finally {
    for (const { close } of accounts) await close();
  }
}

function examineSetup(
  terminal: Terminal,
  { facts, repositories }: Awaited<ReturnType<typeof readConfiguration>>,
  accounts: readonly ExaminedAccount[],
): readonly Finding[] {
  const planKey = terminal.env.REGSYNC_PLAN_KEY?.trim() || null;
  if (planKey !== null && planKey.length >= SHORTEST_KEY) terminal.hide(planKey);
  return [
    finding('setup', ['node', 'Node'], judgeNode(process.versions.node)),
    finding('setup', ['configuration', 'configuration'], judgeConfiguration(facts)),
    ...(repositories.length === 0
      ? []
      : [finding('setup', ['manifests', 'manifests'], judgeManifests(readManifestFolders(repositories)))]),
    ...accounts.map(({ keyFacts, account }) =>
      finding('setup', ['key', 'API key'], judgeKey(keyFacts), account),
    ),
    finding(
      'setup',
      ['plan-key', 'REGSYNC_PLAN_KEY'],
      judgePlanKey(planKey === null ? null : planKey.length),
    ),
  ];
}
