import type {
  AuditedRun,
  AuditFault,
  AuditFaultCode,
  AuditReport,
  EndLine,
  OperationLine,
  SealedLine,
} from '../../model/report/record.ts';
import { digestOfLine, isSealed, type RecordKey } from './chain.ts';

/**
 * Checks every line of a record: that it is as it was written, and that it continues the line before. A changed
 * line is reported once, by its MAC or, without a key, by the line after it.
 *
 * @param key null to check digests only.
 * @param last the digest that the last line should have, or its beginning. Null if nobody kept one.
 */
export function verifyRecord(text: string, key: RecordKey | null, last: string | null): AuditReport {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const reader = new RecordReader(lines, key);
  for (const index of lines.keys()) reader.readLine(index);
  if (text !== '' && !text.endsWith('\n'))
    reader.report(lines.length - 1, 'unreadable-line', 'is cut off: it has no end of line');
  reader.finish();
  const digest = reader.digests.at(-1) ?? null;
  if (last !== null && !(digest ?? '').startsWith(last)) {
    const at = Math.max(lines.length - 1, 0);
    reader.report(at, 'missing-lines', 'is not the last one that was written: lines after it were removed');
  }
  return {
    format_version: '1.0',
    lines: lines.length,
    checked: key === null ? 'digests' : 'digests-and-macs',
    runs: reader.runs,
    faults: reader.faults.sort((a, b) => a.line - b.line),
    last: digest,
  };
}

/** A run while it is read. */
interface OpenRun {
  readonly line: number;
  readonly start: AuditedRun['start'];
  readonly operations: (OperationLine & { readonly line: number })[];
  end: EndLine | null;
}

class RecordReader {
  readonly runs: OpenRun[] = [];
  readonly faults: AuditFault[] = [];
  readonly digests: readonly string[];
  readonly #lines: readonly string[];
  readonly #key: RecordKey | null;
  readonly #lineOfDigest: ReadonlyMap<string, number>;
  /** The indexes of lines that are reported already, so that the line after them is not. */
  readonly #broken = new Set<number>();

  constructor(lines: readonly string[], key: RecordKey | null) {
    this.#lines = lines;
    this.#key = key;
    this.digests = lines.map(digestOfLine);
    this.#lineOfDigest = new Map(this.digests.map((digest, index) => [digest, index + 1]));
  }

  report(index: number, code: AuditFaultCode, message: string): void {
    this.faults.push({ line: index + 1, code, message: `line ${index + 1} ${message}` });
  }

  readLine(index: number): void {
    const text = this.#lines[index] ?? '';
    const line = parseLine(text);
    if (line === null) {
      this.#broken.add(index);
      this.report(
        index,
        'unreadable-line',
        'is not a whole line of a record: somebody changed it, or its run was killed while it wrote',
      );
      return;
    }
    this.#sort(index, line);
    const key = this.runs.at(-1)?.start.key;
    if (this.#key !== null && key === this.#key.name && !isSealed(text, this.#key)) {
      this.#broken.add(index);
      this.report(index, 'changed-line', 'was changed after it was written: its MAC is wrong');
    }
    this.#checkPrevious(index, line.previous);
  }

  #checkPrevious(index: number, previous: string | null): void {
    const before = index === 0 ? null : (this.digests[index - 1] ?? null);
    if (previous === before || this.#broken.has(index - 1) || this.#broken.has(index)) return;
    const place = previous === null ? undefined : this.#lineOfDigest.get(previous);
    if (place !== undefined)
      this.report(index, 'moved-line', `belongs after line ${place}: lines were moved or repeated`);
    else if (index === 0)
      this.report(
        index,
        'broken-chain',
        'continues a line that does not exist: somebody removed lines before it',
      );
    else
      this.report(
        index,
        'broken-chain',
        `does not continue line ${index}: that line was changed, or lines between them were removed`,
      );
  }

  /** Adds the line to its run. */
  #sort(index: number, line: SealedLine): void {
    if (line.type === 'run') {
      this.runs.push({ line: index + 1, start: line, operations: [], end: null });
      const isOther = this.#key !== null && line.key !== this.#key.name;
      if (isOther)
        this.report(
          index,
          'other-key',
          'begins a run with another key than the one given: its MACs are not checked',
        );
      return;
    }
    const run = this.runs.at(-1);
    if (run === undefined || run.start.run !== line.run || run.end !== null) {
      this.report(index, 'foreign-line', 'belongs to no run before it: the first line of its run is missing');
      return;
    }
    if (line.type === 'operation') run.operations.push({ ...line, line: index + 1 });
    else {
      run.end = line;
      const counted = Object.values(line.operations).reduce((sum, count) => sum + count, 0);
      if (counted !== run.operations.length)
        this.report(
          index,
          'miscounted',
          `counts ${counted} operations of its run, and there are ${run.operations.length}`,
        );
    }
  }

  finish(): void {
    if (this.#lines.length === 0) this.report(0, 'empty-record', 'is missing: the record is empty');
    // Also one that a later run continues: what was cut off before that run began left no other trace.
    for (const { line, end } of this.runs)
      if (end === null)
        this.report(
          line - 1,
          'unfinished-run',
          'begins a run without its last line: the run was killed or still goes on, or the end of the record was cut off',
        );
  }
}

/** Returns null for anything else than a line of a record. */
function parseLine(text: string): SealedLine | null {
  try {
    const line = JSON.parse(text);
    const isSound =
      isText(line.run) &&
      isText(line.time) &&
      isText(line.mac) &&
      isTextOrNull(line.previous) &&
      Object.entries(SHAPES[line.type as SealedLine['type']]).every(([key, fits]) => fits(line[key]));
    return isSound ? line : null;
  } catch {
    return null;
  }
}

type Fits = (value: unknown) => boolean;

const isText: Fits = (value) => typeof value === 'string';
const isTextOrNull: Fits = (value) => value === null || isText(value);
const isCount: Fits = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isFlag: Fits = (value) => typeof value === 'boolean';
const isList =
  (fits: Fits): Fits =>
  (value) =>
    Array.isArray(value) && value.every(fits);
const isObject =
  (shape: Readonly<Record<string, Fits>>): Fits =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(shape).every(([key, fits]) => fits((value as Readonly<Record<string, unknown>>)[key]));

/** The keys without which a line cannot be shown. A line with other keys too was written by a later version. */
const SHAPES: Readonly<Record<SealedLine['type'], Readonly<Record<string, Fits>>>> = {
  run: {
    command: isText,
    actor: isTextOrNull,
    commit: isTextOrNull,
    pull_requests: isList(isCount),
    scope: isText,
    account: isTextOrNull,
    fingerprint: isText,
    changes: isCount,
    key: isText,
  },
  operation: {
    kind: isText,
    name: isText,
    operation: isText,
    request: isText,
    id: isTextOrNull,
    outcome: isText,
    status: (value) => value === null || isCount(value),
    code: isTextOrNull,
    request_id: isTextOrNull,
  },
  end: {
    operations: isObject({ done: isCount, refused: isCount, unknown: isCount }),
    outcomes: isObject({ applied: isCount, failed: isCount, skipped: isCount, unchanged: isCount }),
    failed: isList(isObject({ kind: isText, name: isText, code: isText })),
    interrupted: isFlag,
  },
};
