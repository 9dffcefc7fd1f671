import { createHmac, hash, hkdfSync } from 'node:crypto';
import { digestsEqual } from '../../kinds/values/fingerprint.ts';
import { reveal, type Sensitive } from '../../model/privacy/sensitive.ts';
import type { RecordLine } from '../../model/report/record.ts';

/** The key of a record, derived from REGSYNC_PLAN_KEY or else the API key, as the keys of plans are. */
export interface RecordKey {
  readonly bytes: Buffer;
  /** The name of the key in a run's first line. */
  readonly name: string;
}

/** Derives a key that is none of those of plans. It is the same for each scope, so that an auditor needs no repository. */
export function deriveRecordKey(secret: Sensitive): RecordKey {
  const derive = (use: string) =>
    Buffer.from(hkdfSync('sha256', reveal(secret), '', JSON.stringify(['regsync/v1', use]), 32));
  return { bytes: derive('record'), name: derive('record key name').toString('hex').slice(0, 16) };
}

/** Returns the text of a line, without its end. */
export function sealLine(line: RecordLine, previous: string | null, key: RecordKey): string {
  const sealed = JSON.stringify({ ...line, previous });
  return `${sealed.slice(0, -1)},"mac":"${macOfText(sealed, key)}"}`;
}

/** Returns true if the line is as it was written. */
export function isSealed(text: string, key: RecordKey): boolean {
  const [, start, mac = ''] = /^(.*),"mac":"([0-9a-f]{64})"\}$/s.exec(text) ?? [];
  return start !== undefined && digestsEqual(mac, macOfText(`${start}}`, key));
}

export function digestOfLine(text: string): string {
  return hash('sha256', text);
}

function macOfText(text: string, key: RecordKey): string {
  return createHmac('sha256', key.bytes).update(text).digest('hex');
}
