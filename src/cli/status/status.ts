import type { Command } from 'commander';
import { InvalidInputError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import { type OrderReport, waitsForPerson } from '../../model/report/order-report.ts';
import { type ReviewState, reviewStateOfStatus, type StatusReport } from '../../model/report/status.ts';
import { renderJson } from '../../render/json.ts';
import { expiryWords } from '../../render/text/expiry-words.ts';
import { renderLinksText } from '../../render/text/links-text.ts';
import { renderStatusText } from '../../render/text/status-text.ts';
import { count, formatDuration } from '../../render/words/wording.ts';
import {
  addCommand,
  addTargets,
  duration,
  examples,
  type Finish,
  failOnExpiryOption,
  formatOption,
  runs,
  shardOption,
} from '../command.ts';
import { refuseAudience } from '../plan.ts';
import { sayProblems, selectFrom, type TargetOptions, targetsOf, wordsFor } from '../session/project.ts';
import { openSession, whileReading } from '../session/session.ts';
import { readShardOption } from '../session/shard.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import { readStatus } from './read-status.ts';
import { type Waited, waitForReviews } from './wait.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addTargets(
    addCommand(
      program,
      'status [path...]',
      'show the status, the expiries and the comments of reviewers of every group',
    ),
  )
    .addOption(formatOption('text', 'json'))
    .option(
      '--wait',
      'wait until no group is under review and no order is pending; exit 4 if one is declined, expired or lost',
    )
    .option('--timeout <duration>', 'wait at most this long: 90s, 30m, 2h, 3d (default: 24h)', duration)
    .addOption(failOnExpiryOption())
    .option('--show-values', 'show the private links of actions; on a terminal only')
    .addOption(shardOption())
    .addHelpText('after', examples('regsync status --sandbox', 'regsync status --wait --timeout 2h'))
    .action(runs(status, terminal, finish));
}

export interface StatusCommandOptions extends GlobalOptions, TargetOptions {
  readonly format: 'text' | 'json';
  readonly wait?: boolean;
  /** The limit in milliseconds. */
  readonly timeout?: number;
  readonly failOnExpiry?: number;
  readonly showValues?: boolean;
  /** The shard as given: `3/8` or `auto`. */
  readonly shard?: string;
}

/** The default limit, so that an unattended run ends. A review of three days needs a longer `--timeout`. */
const DEFAULT_TIMEOUT_MS = 24 * 3_600_000;

/**
 * Shows the status of every group and order of the manifests. With `--wait`, waits until none is pending.
 * Reads only.
 */
export async function status(
  terminal: Terminal,
  paths: readonly string[],
  options: StatusCommandOptions,
): Promise<ExitCode> {
  if (options.timeout !== undefined && !options.wait)
    throw new InvalidInputError('add --wait to use --timeout');
  if (options.showValues) refuseAudience(terminal, options);
  const session = await openSession(terminal, options, false);
  const { project, redactor, progress } = session;
  const shard = options.shard === undefined ? {} : { shard: readShardOption(terminal, options.shard) };
  const selected = selectFrom(project, { paths, ...targetsOf(options), ...shard }, terminal.cwd);
  const { failOnExpiry } = options;
  const shown = { selected, ...shard, ...(failOnExpiry === undefined ? {} : { failOnExpiry }) };
  return whileReading(session, async (api) => {
    progress.step(`Reading Telnyx for ${wordsFor(selected)}`);
    const { report, problems, links } = await readStatus(api.client, project, redactor, shown);
    progress.clear();
    sayProblems(terminal, options, problems);
    if (options.wait && options.sandbox && !options.quiet) terminal.err(NOBODY_REVIEWS);
    const timeoutMs = options.timeout ?? DEFAULT_TIMEOUT_MS;
    const read = async () => (await readStatus(api.client, project, redactor, shown)).report;
    const waited = options.wait
      ? await waitForReviews(report, {
          terminal,
          options,
          client: api.client,
          timeoutMs,
          read,
        })
      : { report, ended: null };
    const style = { paint: terminal.outPaint, columns: terminal.outColumns };
    terminal.out(
      options.format === 'json' ? renderJson(waited.report) : renderStatusText(waited.report, style),
    );
    if (options.showValues) terminal.out(`\n${renderLinksText(links)}`);
    const { exit, trouble } = conclude(waited, { ...options, timeout: timeoutMs });
    if (trouble !== null) terminal.err(`${terminal.errPaint('red', trouble.what)}${trouble.details}\n`);
    return exit;
  });
}

const NOBODY_REVIEWS =
  'Nobody reviews groups in the embedded simulator. To play the reviewer, run: regsync sandbox\n';

interface Conclusion {
  readonly exit: ExitCode;
  /** The message for a script that waited: first the verdict, then the details. */
  readonly trouble: { readonly what: string; readonly details: string } | null;
}

/**
 * Returns the exit code for a script that waited or asked about expiries. Without these options it is always
 * 0.
 */
export function conclude(
  { report, ended }: { readonly report: StatusReport; readonly ended: Waited['ended'] | null },
  options: { readonly timeout: number; readonly failOnExpiry?: number },
): Conclusion {
  // Goes by the status of the group: an expired value in an approved group concerns only --fail-on-expiry.
  const that = (...standings: readonly ReviewState[]) =>
    report.groups.filter(({ status }) => standings.includes(reviewStateOfStatus(status)));
  const { orders = [] } = report;
  if (ended === 'timed-out') {
    const people = orders.filter(waitsForPerson).map(({ name }) => name);
    const left = inWords({
      groups: that('under-review').length,
      orders: orders.filter((order) => order.standing === 'under-way' || waitsForPerson(order)).length,
    });
    const acts =
      people.length === 0
        ? ''
        : ` A person has yet to act for ${people.join(', ')}: to see the link, run regsync status --show-values.`;
    const details = ` after ${formatDuration(options.timeout)}: ${left}.${acts} To wait longer, run it again.`;
    return { exit: EXIT.operationsFailed, trouble: { what: 'timed out', details } };
  }
  const refused = [...that('needs-work', 'expired'), ...orders.filter(isRefused)];
  if (ended === 'reviewed' && refused.length > 0) {
    const names = refused.map(({ name }) => name);
    return {
      exit: EXIT.operationsFailed,
      trouble: { what: 'not approved:', details: ` ${names.join(', ')}` },
    };
  }
  const expiring = report.attention.some(({ code }) => code === 'expiring' || code === 'expired');
  if (options.failOnExpiry === undefined || !expiring) return { exit: EXIT.ok, trouble: null };
  const details = expiryWords(report.attention, options.failOnExpiry).trimEnd();
  return { exit: EXIT.expiry, trouble: { what: '', details } };
}

/** Returns words such as `1 group still under review and 2 orders still under way`. */
function inWords({ groups, orders }: { readonly groups: number; readonly orders: number }): string {
  return [
    ...(groups > 0 || orders === 0 ? [`${count(groups, 'group')} still under review`] : []),
    ...(orders > 0 ? [`${count(orders, 'order')} still under way`] : []),
  ].join(' and ');
}

/** Returns true for an order that somebody refused. One that only lacks values waits for the next apply. */
function isRefused({ standing, declined, status }: OrderReport): boolean {
  return (
    standing === 'failed' || (standing === 'needs-work' && (declined.length > 0 || status === 'exception'))
  );
}
