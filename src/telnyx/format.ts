import type { ReceivedAnswer } from '../http/transport.ts';
import { type Answer, readAnswer } from './answer.ts';
import { type Page, readPage } from './page.ts';

/** The content that a successful answer must have. */
export interface Format<T> {
  readonly accept: string;
  /** The noun in messages: `an answer that is not a list`. */
  readonly noun: string;
  /** The size of the largest file that may come. 0 if the answer is not a file. */
  readonly fileBytes: number;
  /** Returns null if the answer has another format. */
  readonly read: (received: ReceivedAnswer) => T | null;
}

/** The largest answer is a page of 250 groups, which stays below 1 MiB. */
export const MAX_JSON_BYTES = 8 * 1024 * 1024;
/** Telnyx stores files of up to 20 MB (documented). */
const MAX_FILE_BYTES = 24 * 1024 * 1024;
/** The slowest line on which a file is transferred in time: 1 Mbit/s. */
export const FILE_BYTES_PER_MS = 128;

export const ANSWER: Format<Answer> = {
  accept: 'application/json',
  noun: 'JSON',
  fileBytes: 0,
  read: readAnswer,
};

export const PAGE: Format<Page> = {
  accept: 'application/json',
  noun: 'a list',
  fileBytes: 0,
  read: (received) => {
    const answer = readAnswer(received);
    return answer === null ? null : readPage(answer);
  },
};

export const FILE: Format<Buffer> = {
  accept: '*/*',
  noun: 'a file',
  fileBytes: MAX_FILE_BYTES,
  read: (received) => received.bytes,
};

/** Reads the id of an answer with or without an envelope (both are documented). */
export function idOf(body: unknown): string | null {
  const { data, id } = Object(body);
  const found: unknown = Object(data).id ?? id;
  return typeof found === 'string' ? found : null;
}
