import type { ReplyReport } from '../../model/outputs.ts';
import { visible } from '../../model/text/visible.ts';
import { count } from '../words/wording.ts';
import type { Paint } from './paint.ts';

/** Says to whom a reply goes, what it answers, and what it says: the person who is asked decides by it. */
export function renderReplyPreview(
  { record, name, answers, reply: { text } }: Omit<ReplyReport, 'format_version'>,
  unread: number,
  paint: Paint,
): string {
  const to = `${paint('bold', `To the reviewers of ${nameRecord(record)}`)} (${visible(name)}, ${visible(record.status)})`;
  const marks = unread === 0 ? [] : [`${count(unread, 'comment')} will be marked as read.`];
  return [
    to,
    '',
    ...answersOf(answers, paint),
    ...(text === null ? [] : ['', 'Your reply:', ...barred(text, paint)]),
    ...(marks.length === 0 ? [] : ['', ...marks]),
    '',
  ].join('\n');
}

function answersOf(answers: ReplyReport['answers'], paint: Paint): string[] {
  if (answers.length === 0) return ['No reviewer waits for an answer there.'];
  return answers.flatMap(({ body, created_at }) => [
    `Reviewer, ${visible(created_at.slice(0, 10))}:`,
    ...barred(body, paint),
  ]);
}

function barred(text: string, paint: Paint): string[] {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => `  ${paint('dim', '│')} ${visible(line)}`);
}

export function renderReplyText({ name, record, reply, marked_read, error }: ReplyReport): string {
  const there = nameRecord(record);
  const said: Readonly<Record<ReplyReport['reply']['status'], string[]>> = {
    sent: [`Sent to the reviewers of ${there} (${visible(name)}).`],
    unchanged: [`Nothing was sent: the last comment on ${there} (${visible(name)}) is this text already.`],
    failed: [
      error?.code === 'outcome-unknown'
        ? `Perhaps sent to the reviewers of ${there} (${visible(name)}).`
        : `Not sent to the reviewers of ${there} (${visible(name)}).`,
    ],
    none: [],
  };
  const read =
    marked_read.length > 0
      ? [`Marked ${count(marked_read.length, 'comment')} on ${there} as read.`]
      : reply.status === 'none' && error === null
        ? [`Nothing to mark: every comment of a reviewer on ${there} is read.`]
        : [];
  return [...said[reply.status], ...read].map((line) => `${line}\n`).join('');
}

/** Names the object: `requirement group 4689d4ed-…`. */
function nameRecord({ type, id }: ReplyReport['record']): string {
  return `${type.replaceAll('_', ' ')} ${visible(id)}`;
}
