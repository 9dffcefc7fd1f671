import type { AuditedRun, AuditReport, OperationLine } from '../../model/report/record.ts';
import { visible } from '../../model/text/visible.ts';
import { count } from '../words/wording.ts';
import { alignColumns } from './columns.ts';
import type { Paint } from './paint.ts';

/** Renders each run with its operations, then each fault, and a verdict at the end. */
export function renderAuditText(report: AuditReport, paint: Paint): string {
  const runs = report.runs.map((run) => renderRun(run, paint));
  const faults = report.faults.map(({ message }) => `${paint('red', '✗')} ${message}`);
  return `${[...runs, faults.join('\n'), verdict(report, paint)].filter((block) => block !== '').join('\n\n')}\n`;
}

function renderRun({ line, start, operations, end }: AuditedRun, paint: Paint): string {
  const by = start.actor === null ? '' : ` by ${start.actor}`;
  const head = [
    `line ${line}`,
    moment(start.time),
    `${start.command}${by}`,
    start.commit === null ? 'no commit' : `commit ${start.commit.slice(0, 7)}`,
    ...start.pull_requests.map((number) => `pull request ${number}`),
    start.account === null ? `scope ${start.scope}` : `scope ${start.scope} (account ${start.account})`,
    `plan ${start.fingerprint.slice(0, 8)}`,
    count(start.changes, 'change'),
  ];
  const rows = alignColumns(operations.map(operationRow), '  ');
  const tail =
    end === null
      ? paint('yellow', 'no last line: the run was killed')
      : [
          `${count(sum(end.operations), 'operation')}`,
          `${end.outcomes.applied} applied`,
          `${end.outcomes.failed} failed`,
          `${end.outcomes.skipped} skipped`,
          `${end.outcomes.unchanged} unchanged`,
        ].join(', ') + (end.interrupted ? ', interrupted' : '');
  const failed = end?.failed.map(({ kind, name, code }) => `  failed: ${kind}/${name}: ${code}`) ?? [];
  return [
    paint('bold', visible(head.join(' · '))),
    ...rows,
    ...failed.map((text) => visible(text)),
    `  ${tail}`,
  ].join('\n');
}

function operationRow(line: OperationLine & { readonly line: number }): string[] {
  const { time, operation, kind, name, id, outcome, status, code, request_id: requestId } = line;
  const answer = [status, code].filter((part) => part !== null).join(' ');
  return [
    `line ${line.line}`,
    moment(time),
    operation.replaceAll('_', ' '),
    `${kind}/${name}`,
    id ?? 'no id',
    outcome === 'done' ? 'done' : `${outcome} ${answer}`.trim(),
    requestId ?? '',
  ];
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, one) => total + one, 0);
}

function moment(time: string): string {
  return time.replace('T', ' ').replace(/\.\d+Z$/, ' UTC');
}

function verdict({ lines, runs, faults, checked, last }: AuditReport, paint: Paint): string {
  const size = `${count(lines, 'line')}, ${count(runs.length, 'run')}`;
  const what = checked === 'digests' ? 'every digest is right' : 'every digest and MAC is right';
  const said =
    faults.length === 0
      ? `${paint('green', 'Whole')}: ${size}, ${what}.`
      : `${paint('red', 'Not whole')}: ${size}, ${count(faults.length, 'fault')}.`;
  return last === null ? said : `${said} The last line has the digest ${last}`;
}
