import type { Verdict } from '../model/report/doctor.ts';
import {
  type AccountFacts,
  ignoresPaging,
  isRecord,
  type ListFacts,
  type ListName,
  rowsIn,
} from './facts.ts';
import { combine, count, expected, handled, unreadable, unseen } from './verdict.ts';

/** Verdicts about lists: envelope, pages and totals. */

/** Judges all three, and whether regsync can read the rows. */
export function judgeList(facts: AccountFacts, name: ListName): Verdict {
  const list = facts.lists.get(name);
  if (list === undefined) return unseen('nothing to look at: it was not asked for');
  const rows = rowsIn(list.first.body);
  const size = expected(rows === null || rows.length === 0 ? 'empty' : count(rows.length, 'row'));
  const envelope = judgeEnvelope(facts, name);
  if (list.first.status !== 200 || envelope.status === 'unhandled') return envelope;
  return combine([size, envelope, judgeMeta(facts, name), judgePages(facts, name)]);
}

export function judgeEnvelope({ lists }: AccountFacts, name: ListName): Verdict {
  const list = lists.get(name);
  if (list === undefined) return unseen('nothing to look at');
  const { first, failure } = list;
  if (first.failure !== null) return unreadable(first.failure);
  if (first.status === 403) return unseen('nothing to look at: the key may not read it');
  if (first.status !== 200) return unreadable(`GET /${name} answers ${first.status}`);
  if (rowsIn(first.body) === null) {
    return unreadable(`GET /${name} answers something that is not a list, with or without \`data\``);
  }
  if (failure !== null) return unreadable(failure);
  return isRecord(first.body) ? expected('under `data`') : handled('a bare list, without `data`');
}

export function judgeMeta({ lists }: AccountFacts, name: ListName): Verdict {
  const body = lists.get(name)?.first.body;
  const rows = rowsIn(body);
  if (rows === null) return unseen('nothing to look at');
  const meta = isRecord(body) && isRecord(body.meta) ? body.meta : null;
  if (meta === null) return handled('no `meta`: regsync reads on until nothing new comes, and reads twice');
  const total = Number(meta.total_results);
  if (!Number.isInteger(total)) return handled('`meta` without total_results: regsync counts by pages');
  return total >= rows.length
    ? expected('with `meta`')
    : handled('total_results is less than the number of rows: regsync reads the list again');
}

export function judgePages({ lists }: AccountFacts, name: ListName): Verdict {
  const list = lists.get(name);
  const rows = list === undefined ? null : rowsIn(list.first.body);
  if (list === undefined || rows === null) return unseen('nothing to look at');
  if (list.second === null) return unseen('nothing to look at: it takes two rows to see pages');
  return judgeSecondPage(list, rows[0]?.id);
}

function judgeSecondPage(list: ListFacts, firstId: unknown): Verdict {
  const { second, failure } = list;
  if (second === null || second.status !== 200) {
    return handled(`page[size]=1 is answered with ${second?.status}; regsync asks for 250`);
  }
  const one = rowsIn(second.body) ?? [];
  if (ignoresPaging(list)) {
    return failure === null
      ? handled('page[number] and page[size] are ignored, and all of it comes at once')
      : unreadable(failure);
  }
  if (one.length === 0) return handled('the second page is empty');
  if (one.length > 1) return handled('page[size] is ignored');
  return one[0]?.id === firstId ? handled('page[number] is ignored') : expected('in pages');
}

export function judgeSingle({ probes }: AccountFacts): Verdict {
  const answer = probes.get('group');
  if (answer === undefined) return unseen('nothing to look at: the account has no group');
  if (answer.failure !== null) return unreadable(answer.failure);
  if (answer.status !== 200 || !isRecord(answer.body)) {
    return unreadable(`GET /requirement_groups/{id} answers ${answer.status} for a group that is listed`);
  }
  if (isRecord(answer.body.data)) return expected('under `data`');
  return 'id' in answer.body
    ? handled('bare, without `data`')
    : unreadable('GET /requirement_groups/{id} answers something that is not a group');
}
