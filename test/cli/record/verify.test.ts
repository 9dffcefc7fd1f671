import { describe, expect, it } from 'vitest';
import { deriveRecordKey, digestOfLine, sealLine } from '../../../src/cli/record/chain.ts';
import { verifyRecord } from '../../../src/cli/record/verify.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import type { RecordLine } from '../../../src/model/report/record.ts';
import { renderAuditText } from '../../../src/render/text/audit-text.ts';

const KEY = deriveRecordKey(new Sensitive('a key of plans, for tests and nothing else'));
const OTHER = deriveRecordKey(new Sensitive('another key of plans, for tests as well'));

const time = '2026-06-01T12:00:00.000Z';

function runOf(id: string, operations: number, key = KEY): RecordLine[] {
  const start = {
    type: 'run' as const,
    format_version: '1.0' as const,
    run: id,
    time,
    regsync_version: '0.0.0-test',
    command: 'apply',
    actor: 'jane',
    commit: null,
    pull_requests: [],
    scope: 'acme',
    account: null,
    api: 'sandbox',
    fingerprint: 'f'.repeat(64),
    changes: 1,
    key: key.name,
  };
  const done = Array.from({ length: operations }, (_, index) => ({
    type: 'operation' as const,
    run: id,
    time,
    kind: 'RequirementGroup' as const,
    name: `group-${index}`,
    operation: 'patch' as const,
    request: 'PATCH /requirement_groups/{id}',
    id: `${index}`,
    outcome: 'done' as const,
    status: 200,
    code: null,
    request_id: null,
  }));
  const counts = { done: operations, refused: 0, unknown: 0 };
  const outcomes = { applied: operations, failed: 0, skipped: 0, unchanged: 0 };
  const end = {
    type: 'end' as const,
    run: id,
    time,
    operations: counts,
    outcomes,
    failed: [],
    interrupted: false,
  };
  return [start, ...done, end];
}

function chain(lines: readonly RecordLine[], key = KEY): string[] {
  const sealed: string[] = [];
  for (const line of lines) {
    const before = sealed.at(-1);
    sealed.push(sealLine(line, before === undefined ? null : digestOfLine(before), key));
  }
  return sealed;
}

const WHOLE = chain([...runOf('a', 3), ...runOf('b', 1)]);
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
const faultsOf = (lines: readonly string[], key: typeof KEY | null = KEY, last: string | null = null) =>
  verifyRecord(textOf(lines), key, last).faults.map(({ line, code }) => `${line} ${code}`);

const edited = (index: number) =>
  WHOLE.map((line, at) => (at === index ? line.replace('group-', 'grope-').replace('jane', 'john') : line));
const swapped = [...WHOLE.slice(0, 2), WHOLE[3] ?? '', WHOLE[2] ?? '', ...WHOLE.slice(4)];

describe('a changed record', () => {
  it('that is whole after all has no fault, with and without a key', () => {
    expect(faultsOf(WHOLE)).toEqual([]);
    expect(faultsOf(WHOLE, null)).toEqual([]);
    const report = verifyRecord(textOf(WHOLE), KEY, digestOfLine(WHOLE.at(-1) ?? ''));
    expect(report).toMatchObject({ lines: 8, checked: 'digests-and-macs', faults: [] });
    expect(report.runs.map(({ line, operations }) => [line, operations.length])).toEqual([
      [1, 3],
      [6, 1],
    ]);
  });

  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['a changed line', edited(2), ['3 changed-line'], ['4 broken-chain']],
    ['a changed first line', edited(0), ['1 changed-line'], ['2 broken-chain']],
    [
      'a line that is missing',
      WHOLE.filter((_, at) => at !== 2),
      ['3 broken-chain', '4 miscounted'],
      ['3 broken-chain', '4 miscounted'],
    ],
    ['lines that are missing at the beginning', WHOLE.slice(5), ['1 broken-chain'], ['1 broken-chain']],
    [
      'a run without its first line',
      WHOLE.filter((_, at) => at !== 5),
      ['6 broken-chain', '6 foreign-line', '7 foreign-line'],
      ['6 broken-chain', '6 foreign-line', '7 foreign-line'],
    ],
    [
      'two lines in another order',
      swapped,
      ['3 moved-line', '4 moved-line', '5 moved-line'],
      ['3 moved-line', '4 moved-line', '5 moved-line'],
    ],
    [
      'a line that is there twice',
      [...WHOLE.slice(0, 3), WHOLE[2] ?? '', ...WHOLE.slice(3)],
      ['4 moved-line', '6 miscounted'],
      ['4 moved-line', '6 miscounted'],
    ],
    ['a tail that is cut off', WHOLE.slice(0, 7), ['6 unfinished-run'], ['6 unfinished-run']],
    [
      'a tail that was cut off before the next run began',
      chain([...runOf('a', 3).slice(0, 3), ...runOf('b', 1)]),
      ['1 unfinished-run'],
      ['1 unfinished-run'],
    ],
    ['nothing', [], ['1 empty-record'], ['1 empty-record']],
    ['a line that is none', [...WHOLE, 'somebody else'], ['9 unreadable-line'], ['9 unreadable-line']],
  ])('with %s names it by its number', (_, lines, keyed, keyless) => {
    expect(faultsOf(lines).sort()).toEqual([...keyed].sort());
    expect(faultsOf(lines, null).sort()).toEqual([...keyless].sort());
  });

  it.each([
    ['operations', null],
    ['outcomes', { applied: 1 }],
    ['failed', null],
    ['pull_requests', 7],
    ['fingerprint', 8],
    ['id', {}],
  ])('with another type of %s names the line', (key, value) => {
    const odd = WHOLE.map((line) => {
      const fields = JSON.parse(line);
      return key in fields ? JSON.stringify({ ...fields, [key]: value }) : line;
    });
    const report = verifyRecord(textOf(odd), null, null);
    expect(report.faults.some(({ code }) => code === 'unreadable-line')).toBe(true);
    expect(() => renderAuditText(report, (_, text) => text)).not.toThrow();
  });

  it('whose line was made anew without the key shows it by the MAC', () => {
    const forged = chain([...runOf('a', 3)], { ...OTHER, name: KEY.name });
    expect(faultsOf(forged, null)).toEqual([]);
    expect(faultsOf(forged)).toHaveLength(forged.length);
  });

  it('of another key says that its MACs are not checked', () => {
    expect(faultsOf(chain(runOf('a', 1, OTHER), OTHER))).toEqual(['1 other-key']);
  });

  it('that ends before the line whose digest was kept, lacks lines', () => {
    const last = digestOfLine(WHOLE.at(-1) ?? '');
    expect(faultsOf(WHOLE.slice(0, 5), KEY, last)).toEqual(['5 missing-lines']);
    expect(faultsOf(WHOLE, KEY, last.slice(0, 16))).toEqual([]);
  });

  it('whose last line is cut in the middle names it', () => {
    const { faults } = verifyRecord(textOf(WHOLE).slice(0, -30), KEY, null);
    expect(faults.map(({ line, code }) => `${line} ${code}`)).toContain('8 unreadable-line');
  });

  it('of a killed run that another run continues names the run, which has no end', () => {
    const killed = chain([...runOf('a', 2).slice(0, 2), ...runOf('b', 1)]);
    const { faults, runs } = verifyRecord(textOf(killed), KEY, null);
    expect(faults.map(({ line, code }) => [line, code])).toEqual([[1, 'unfinished-run']]);
    expect(runs.map(({ end }) => end === null)).toEqual([true, false]);
  });
});
