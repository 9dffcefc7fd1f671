import type { Command } from 'commander';
import { isSaid, markRead, postReply, unreadIn } from '../../apply/reply.ts';
import { readThread, type ThreadComment } from '../../kinds/reading/threads.ts';
import { sinceAnswer } from '../../kinds/values/reviewers.ts';
import { describeFailure } from '../../kinds/writing/outcome.ts';
import {
  AuthenticationError,
  InterruptedError,
  InvalidInputError,
  RefusedError,
  UnreachableError,
} from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import { byKind } from '../../model/kinds.ts';
import type { ReplyReport } from '../../model/outputs.ts';
import { RESUBMITTABLE } from '../../model/plan/resubmission.ts';
import { renderJson } from '../../render/json.ts';
import { renderReplyPreview, renderReplyText } from '../../render/text/reply-text.ts';
import type { WriteClient } from '../../telnyx/client.ts';
import { addCommand, examples, type Finish, formatOption, runs } from '../command.ts';
import { inShell, placeWords } from '../session/again.ts';
import { type Api, openWriteApi } from '../session/api.ts';
import { redactComments } from '../session/know-holdings.ts';
import { readState } from '../session/read-state.ts';
import { openSession, type Session, whileOpen } from '../session/session.ts';
import { confirm, type GlobalOptions, type Terminal } from '../session/terminal.ts';
import { pauseBetweenLooks } from '../session/waits.ts';
import { readReplyText } from './read-text.ts';
import { type Addressee, findAddressee, findThread } from './thread.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'reply', 'answer comments of reviewers on a group or an order')
    .argument('<target>', 'name of the group or order, as in its manifest')
    .argument('[text]', 'the reply; - reads it from standard input')
    .option('--file <file>', 'read the reply from this file')
    .option('--mark-read', 'mark the comments of reviewers as read; then you can leave out the text')
    .option('--sub-order <id>', 'one sub order, if an order has several')
    .option('--porting-order <id>', 'one porting order that uses the group')
    .option('--advanced-order <id>', 'one advanced order that uses the group')
    .option('-y, --yes', 'do not ask')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples(
        'regsync reply example-de-local "The company moved: the new address is on page 2."',
        'regsync reply example-de-local --file answer.txt --mark-read --yes',
      ),
    )
    .action(runs(reply, terminal, finish));
}

export interface ReplyCommandOptions extends GlobalOptions {
  readonly file?: string;
  readonly markRead?: boolean;
  readonly subOrder?: string;
  readonly portingOrder?: string;
  readonly advancedOrder?: string;
  readonly yes?: boolean;
  readonly format: 'text' | 'json';
}

/** Sends a comment to the reviewers of one object, marks theirs as read, or both. Changes nothing else. */
export async function reply(
  terminal: Terminal,
  name: string,
  given: string | undefined,
  options: ReplyCommandOptions,
): Promise<ExitCode> {
  const asks = options.yes !== true;
  if (asks && !terminal.isInteractive) throw new InvalidInputError(NOBODY_TO_ASK);
  const isOptional = options.markRead === true;
  const text = await readReplyText(terminal, { text: given, file: options.file, isOptional, asks });
  const session = await openSession(terminal, options, false);
  const addressee = findAddressee(session.project.desired, name);
  return whileOpen(openWriteApi(session), async (api) => {
    refuseSecrets(terminal, text);
    const talk = await readTalk(session, api, addressee);
    const unread = options.markRead ? unreadIn(talk.comments) : [];
    if (options.markRead && talk.thread.type === 'porting_order')
      throw new InvalidInputError(
        'Telnyx does not mark comments on porting orders as read: drop --mark-read. A reply answers them.',
      );
    const isSent = text !== null && isSaid(talk.comments, text);
    const report = reportOf(talk, addressee, text);
    session.progress.clear();
    if (asks && ((text !== null && !isSent) || unread.length > 0)) {
      terminal.err(renderReplyPreview(report, unread.length, terminal.errPaint));
      const question = text !== null && !isSent ? 'Send exactly this?' : 'Do exactly this?';
      await confirm(terminal, question, 'you did not type "yes": nothing was sent');
      await refuseNews(api, talk);
    }
    const done = await write({ session, api, talk }, { text: isSent ? null : text, unread, report });
    return conclude(session, isSent ? { ...done, reply: { ...done.reply, status: 'unchanged' } } : done);
  });
}

const LOOKS_FIRST = '. Run it again in a minute: it first looks for the reply';

const NOBODY_TO_ASK =
  'regsync cannot ask you: standard input is not a terminal. Add --yes to send without a question.';

/** Refuses a text with a key in it, because a comment cannot be taken back. */
function refuseSecrets({ cover }: Terminal, text: string | null): void {
  if (text === null || cover(text) === text) return;
  throw new InvalidInputError(
    'the text contains the API key or another secret of this run: reviewers must not get it. Nothing was sent.',
  );
}

interface Talk {
  readonly thread: ReturnType<typeof findThread>;
  readonly comments: readonly ThreadComment[];
  /** What reviewers wrote since the last answer, redacted. */
  readonly questions: ReplyReport['answers'];
}

/** Reads the object and its comments, also of an approved one, whose comments no plan reads. */
async function readTalk(
  { project, redactor, progress, options }: Session<ReplyCommandOptions>,
  { client }: Api<WriteClient>,
  addressee: Addressee,
): Promise<Talk> {
  progress.step(`Reading Telnyx for ${addressee.name}`);
  const selected = byKind((kind) => new Set(kind === addressee.kind ? [addressee.name] : []));
  const worlds = await readState(client, project, selected, redactor, {});
  const { subOrder, portingOrder, advancedOrder } = options;
  const part = { subOrder, portingOrder, advancedOrder };
  const thread = findThread(addressee, worlds.observed, part);
  const comments = await readThread(client, thread);
  const observed = { ...worlds.observed, comments: new Map([[thread.id, comments]]) };
  const shown = redactComments({ ...worlds, observed }).get(thread.id) ?? [];
  const questions = sinceAnswer(shown)
    .filter(({ byReviewer }) => byReviewer)
    .map(({ body, createdAt }) => ({ body, created_at: createdAt }));
  return { thread, comments, questions };
}

function reportOf({ thread, questions }: Talk, { kind, name }: Addressee, text: string | null): ReplyReport {
  return {
    format_version: '1.0',
    kind,
    name,
    record: { type: thread.type, id: thread.id, status: thread.status },
    answers: questions,
    reply: { status: 'none', id: null, text },
    marked_read: [],
    error: null,
    warnings: [],
  };
}

/** Throws if somebody wrote there while the person was asked, because the answer may be another one now. */
async function refuseNews({ client }: Api<WriteClient>, { thread, comments }: Talk): Promise<void> {
  const known = new Set(comments.map(({ id }) => id));
  const news = (await readThread(client, thread)).filter(({ id }) => !known.has(id));
  if (news.length === 0) return;
  throw new RefusedError(
    'somebody wrote a new comment, so nothing was sent. Run it again to read that comment.',
  );
}

/** Does the writes, the reply first. A failure is part of the report, with what was done before it. */
async function write(
  { session, api, talk }: { session: Session<ReplyCommandOptions>; api: Api<WriteClient>; talk: Talk },
  todo: {
    readonly text: string | null;
    readonly unread: readonly ThreadComment[];
    readonly report: ReplyReport;
  },
): Promise<ReplyReport> {
  const wait = pauseBetweenLooks(session.terminal);
  const context = { client: api.client, thread: talk.thread, wait };
  let report = todo.report;
  try {
    if (todo.text !== null) {
      report = { ...report, reply: { ...report.reply, status: 'failed' } };
      const { id, warning } = await postReply(context, todo.text, talk.comments);
      const warnings = warning === null ? [] : [warning];
      report = { ...report, reply: { ...report.reply, status: 'sent', id }, warnings };
    }
    return { ...report, marked_read: await markRead(context, todo.unread) };
  } catch (error) {
    const isFirst = report.reply.status !== 'sent';
    if (isFirst && ENDS_RUN.some((Kind) => error instanceof Kind)) throw error;
    return { ...report, error: describeFailure(error) };
  }
}

/** The errors that end a run with an exit code of their own, as long as nothing was written. */
const ENDS_RUN = [AuthenticationError, InterruptedError, UnreachableError];

function conclude({ terminal, options }: Session<ReplyCommandOptions>, report: ReplyReport): ExitCode {
  terminal.out(options.format === 'json' ? renderJson(report) : renderReplyText(report));
  const { error, warnings, record, name } = report;
  for (const warning of warnings) terminal.err(`${terminal.errPaint('yellow', 'warning:')} ${warning}\n`);
  if (error !== null) {
    const next = error.code === 'outcome-unknown' ? LOOKS_FIRST : '';
    terminal.err(`${terminal.errPaint('red', 'error:')} ${error.message}${next}\n`);
    return terminal.signal.aborted ? EXIT.interrupted : EXIT.operationsFailed;
  }
  const mayResubmit = record.type === 'requirement_group' && RESUBMITTABLE.has(record.status);
  if (mayResubmit && !options.quiet && report.reply.status !== 'none') {
    const again = inShell(['regsync', 'plan', ...placeWords(options), '--resubmit', name]);
    terminal.err(`To let Telnyx review the same content again, look at: ${again}\n`);
  }
  return EXIT.ok;
}
