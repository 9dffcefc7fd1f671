import type { DoctorOutput } from '../../model/outputs.ts';
import type { DoctorReport, Finding, Section, Verdict } from '../../model/report/doctor.ts';
import { visible } from '../../model/text/visible.ts';
import { renderJson } from '../json.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';

const SIGNS: Readonly<Record<Verdict['status'], Cell>> = {
  expected: ['✓', 'green'],
  handled: ['~', 'yellow'],
  unhandled: ['✗', 'red'],
};

const HEADINGS: Readonly<Record<Section, string>> = {
  setup: 'This machine',
  telnyx: 'The way to Telnyx',
  repository: 'The repository',
  api: 'What the account shows of the API',
};

/** Renders one line for each finding, under the headings of their subjects. */
export function renderDoctorText(report: DoctorReport, { paint }: { readonly paint: Paint }): string {
  const rows = alignColumns(report.findings.map(rowOf), '  ', paint);
  const lines: string[] = [];
  let heading = '';
  for (const [index, finding] of report.findings.entries()) {
    const next = headingOf(finding);
    if (next !== heading) lines.push('', paint('bold', next));
    heading = next;
    lines.push(rows[index] ?? '');
  }
  return `${[paint('bold', 'regsync doctor'), ...lines, '', summaryLine(report)].join('\n')}\n`;
}

/** Returns the heading. Keys belong to the machine, so its heading covers the keys of all accounts. */
function headingOf({ section, account }: Finding): string {
  const heading = HEADINGS[section];
  return account === null || section === 'setup' ? heading : `${heading}: ${visible(account)}`;
}

function rowOf({ status, section, account, subject, message, isSeen }: Finding): Cell[] {
  const name = account !== null && section === 'setup' ? `${subject}, ${account}` : subject;
  // A finding without anything to look at is dim.
  return isSeen ? [SIGNS[status], name, message] : [['·', 'dim'], name, [message, 'dim']];
}

function summaryLine({ findings }: DoctorReport): string {
  const { expected, handled, unhandled, unseen } = summarise(findings);
  const parts = [
    `${expected} as expected`,
    `${handled} otherwise but handled`,
    `${unhandled} not handled`,
    ...(unseen === 0 ? [] : [`${unseen} with nothing to look at`]),
  ];
  return `Doctor: ${parts.join(', ')}.`;
}

function summarise(findings: readonly Finding[]) {
  const count = (test: (finding: Finding) => boolean): number => findings.filter(test).length;
  return {
    expected: count(({ status }) => status === 'expected'),
    handled: count(({ status, isSeen }) => status === 'handled' && isSeen),
    unhandled: count(({ status }) => status === 'unhandled'),
    unseen: count(({ isSeen }) => !isSeen),
  };
}

export function renderDoctorJson({ regsyncVersion, findings, exit }: DoctorReport): string {
  const output: DoctorOutput = {
    format_version: '1.0',
    regsync_version: regsyncVersion,
    exit_code: exit,
    summary: summarise(findings),
    findings: findings.map(
      ({ id, section, account, subject, status, message, exit, isSeen, assumption }) => ({
        id,
        section,
        ...(account === null ? {} : { account }),
        subject,
        status: status,
        seen: isSeen,
        message,
        ...(exit === null ? {} : { exit_code: exit }),
        ...(assumption ?? {}),
      }),
    ),
  };
  return renderJson(output);
}
