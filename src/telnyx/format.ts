import type { Received } from '../http/wire.ts';
import { type Answer, readAnswer } from './answer.ts';
import { type Page, readPage } from './page.ts';

/** What a successful answer must hold. */
export interface Format<T> {
  readonly accept: string;
  /** For messages: `an answer that is no list`. */
  readonly noun: string;
  /** Of the largest file that may come; 0 where none does. */
  readonly fileBytes: number;
  /** Null where the answer is something else. */
  readonly read: (received: Received) => T | null;
}

/** A page of 250 groups, the largest answer there is, stays below 1 MiB. */
export const MOST_JSON_BYTES = 8 * 1024 * 1024;
/** Telnyx stores files of up to 20 MB (documented). */
const MOST_FILE_BYTES = 24 * 1024 * 1024;
/** 1 Mbit/s: the slowest line on which a file is still transferred in time. */
export const FILE_BYTES_PER_MS = 128;

export const ANSWER: Format<Answer> = {
  accept: 'application/json',
  noun: 'JSON',
  fileBytes: 0,
  read: readAnswer,
};

export const PAGE: Format<Page> = {
  accept: 'application/json',
  noun: 'list',
  fileBytes: 0,
  read: (received) => {
    const answer = readAnswer(received);
    return answer === null ? null : readPage(answer);
  },
};

export const FILE: Format<Buffer> = {
  accept: '*/*',
  noun: 'file',
  fileBytes: MOST_FILE_BYTES,
  read: (received) => received.bytes,
};
