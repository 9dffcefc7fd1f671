import { describe, expect, it } from 'vitest';
import type { StatusComment } from '../../../src/model/report/status.ts';
import { REVIEW_STATES } from '../../../src/model/report/status.ts';
import { coloured, plain } from '../../../src/render/text/paint.ts';
import { renderStatusText } from '../../../src/render/text/status-text.ts';
import { renderWatch } from '../../../src/render/text/watch-text.ts';
import { cutToWidth, widthOf, wrapToWidth } from '../../../src/render/text/width.ts';
import { groupStatus, requirementStatus, statusReport } from '../../support/reports.ts';

const PIPE = { paint: plain, columns: null };

const QUESTION: StatusComment = { body: 'Who?', created_at: '2030-12-24', by: 'reviewer' };
const ANSWER: StatusComment = { body: 'She.', created_at: '2030-12-24', by: 'user' };

describe('the status as text', () => {
  it('reads as this', () => {
    const comment = {
      body: 'The scan is too dark.\nPlease send another.',
      created_at: '2030-12-24T09:00:00Z',
    };
    const groups = [
      groupStatus({
        name: 'berlin',
        status: 'declined',
        requirements: [
          requirementStatus({ status: 'approved' }),
          requirementStatus({
            name: 'Proof of Local Address',
            status: 'declined',
            expires: '2031-01-31',
            expires_at: '2031-03-01T00:00:00Z',
            source: { file: 'groups/de.yaml', line: 17 },
          }),
          requirementStatus({ name: 'Signed Form', has_value: false, source: null }),
        ],
        comments: [{ ...comment, by: 'reviewer' }],
      }),
      groupStatus({
        name: 'lyon',
        country_code: 'FR',
        requirements: [
          requirementStatus({ name: 'Registration', status: 'approved', expires_at: '2031-01-22' }),
        ],
        actions: ['update', 'submit'],
      }),
      groupStatus({ name: 'oslo', country_code: 'NO', status: 'pending-approval' }),
      groupStatus({ name: 'turin', country_code: 'IT', status: 'absent', id: null, actions: ['create'] }),
    ];
    const attention = [
      { code: 'declined', name: 'berlin', message: 'is said by the table' },
      { code: 'expiring', name: 'lyon', message: 'is said by the table' },
      { code: 'no-pre-approval', name: 'turin', message: 'IT has no pre-approval' },
      { code: 'orphaned', name: 'cork', message: 'orphaned group 7: no manifest names it' },
    ] as const;
    expect(renderStatusText(statusReport(groups, attention), PIPE)).toBe(`\
regsync status   scope acme · 4 groups · as of 2031-01-01 12:00 UTC

     Group   For                Status            Filled  First expiry
  ✗  berlin  DE local ordering  declined          2/3     2031-01-31  in 30 days
     ·  Contact Info            approved
     ✗  Proof of Local Address  declined  expires in 30 days (2031-01-31); Telnyx says 2031-03-01  change it at groups/de.yaml:17
     ·  Signed Form             no value
     reviewer, 2030-12-24:
     │ The scan is too dark.
     │ Please send another.
     > to answer: regsync reply berlin "…"
  !  lyon    FR local ordering  approved          1/1     2031-01-22  in 21 days
     !  Registration  approved  expires in 21 days (2031-01-22)
     > the next apply updates it, submits it
  …  oslo    NO local ordering  pending-approval  1/1
  ·  turin   IT local ordering  absent
     ! IT has no pre-approval
     > the next apply creates it

  ! cork  orphaned group 7: no manifest names it

4 groups: 1 under review, 1 not submitted, 1 expiring, 1 needs work.
`);
  });

  it.each([
    ['Chinese', '居住証明書', 10],
    ['full-width letters and emoji', 'ＡＢ🏠👍', 8],
    ['letters with marks of their own', 'Pru\u0308fung', 7],
    ['Arabic', 'إثبات', 5],
  ])('keeps its columns for names in %s', (_, name, width) => {
    const names = [name, 'Proof of Address'];
    const requirements = names.map((name) => requirementStatus({ name, status: 'declined' }));
    const lines = renderStatusText(statusReport([groupStatus({ requirements })]), PIPE).split('\n');
    expect(lines.filter((line) => line.includes('declined'))).toEqual([
      `     ✗  ${name}${' '.repeat(16 - width)}  declined    change it at groups/de.yaml:9`,
      '     ✗  Proof of Address  declined    change it at groups/de.yaml:9',
    ]);
  });

  it('shows what acts on a terminal as text, and starts no line with what a reviewer wrote', () => {
    const body = '::set-output name=x::y\r\n\u001b[31mred\u202e\n##[error]no';
    const comments = [{ body, created_at: '2030-12-24', by: 'reviewer' as const }];
    const text = renderStatusText(statusReport([groupStatus({ status: 'declined', comments })]), PIPE);
    expect(text).toContain('│ \\u001b[31mred\\u202e\n');
    expect(text).not.toMatch(/^\s*(::|##)/m);
  });

  it.each<[string, StatusComment[], boolean]>([
    ['a reviewer wrote last', [QUESTION], true],
    ['a reviewer wrote again after the answer', [QUESTION, ANSWER, QUESTION], true],
    ['somebody answered', [QUESTION, ANSWER], false],
    ['somebody marked the question as read', [{ ...QUESTION, read_at: '2030-12-25' }], false],
    ['only a user wrote', [ANSWER], false],
    ['nobody wrote', [], false],
  ])('names the command that answers where it is open: %s', (_, comments, isNamed) => {
    const text = renderStatusText(statusReport([groupStatus({ status: 'declined', comments })]), PIPE);
    expect(text.includes('> to answer: regsync reply ')).toBe(isNamed);
    expect(text.includes('reviewer, 2030-12-24, read:')).toBe(
      comments.some(({ read_at }) => read_at !== undefined),
    );
  });

  it('names no command that answers where the next apply brings new values', () => {
    const group = groupStatus({ status: 'declined', comments: [QUESTION], actions: ['update', 'submit'] });
    expect(renderStatusText(statusReport([group]), PIPE)).not.toContain('to answer');
  });

  it('breaks prose to fit the terminal and leaves it whole in a pipe', () => {
    const body = 'The scan of the registration is cut off at its lower edge. '.repeat(4).trim();
    const comments = [{ body, created_at: '2030-12-24', by: 'reviewer' as const }];
    const report = statusReport([groupStatus({ status: 'declined', comments })]);
    expect(renderStatusText(report, PIPE)).toContain(`│ ${body}\n`);
    const lines = renderStatusText(report, { paint: plain, columns: 60 }).split('\n');
    const quoted = lines.filter((line) => line.includes('│'));
    expect(Math.max(...quoted.map(widthOf))).toBeLessThanOrEqual(60);
    expect(quoted.map((line) => line.replace(/^ *│ /, '')).join(' ')).toBe(body);
  });

  it('says by a sign and a word what it says by colour', () => {
    const statuses = ['expired', 'declined', 'new-thing', 'unapproved', 'pending-approval', 'approved'];
    const groups = statuses.map((status) => groupStatus({ name: status, status }));
    const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
    const text = renderStatusText(statusReport(groups), { paint: coloured, columns: null });
    expect(text.replace(escapes, '')).toBe(renderStatusText(statusReport(groups), PIPE));
    expect(new Set(groups.map(({ standing }) => standing)).size).toBe(REVIEW_STATES.length - 1);
    expect(text.replace(escapes, '').match(/^ {2}\S/gm)).toEqual(['  ✗', '  ✗', '  ?', '  ·', '  …', '  ✓']);
  });
});

describe('the block that is drawn while waiting', () => {
  const reviews = Array.from({ length: 40 }, (_, index) => ({
    name: `group-with-a-long-name-for-a-narrow-terminal-${index}`,
    purpose: 'DE local ordering',
    shown: index === 39 ? 'approved' : 'pending-approval',
    isPending: index !== 39,
    look: { sign: '…', colour: 'cyan' } as const,
  }));
  const watch = { reviews, waitedMs: 3_725_000, nextLookMs: 12_000, trouble: 'GET /x: no\u001b answer' };

  it('fits the terminal whatever its size, so that it can be drawn over', () => {
    for (const size of [
      { columns: 30, rows: 8 },
      { columns: 80, rows: 24 },
      { columns: 200, rows: 60 },
    ]) {
      const lines = renderWatch(watch, size, plain);
      expect(lines.length).toBeLessThan(size.rows);
      expect(Math.max(...lines.map(widthOf))).toBeLessThan(size.columns);
    }
  });

  it('counts what it does not show, and says how long it has waited and why it sees nothing new', () => {
    const lines = renderWatch(watch, { columns: 80, rows: 10 }, plain);
    expect(lines[0]).toBe('Waiting for 39 of 40 reviews · 1 h 2 min so far · next look in 12 s');
    expect(lines.at(-2)).toBe('  and 35 more');
    expect(lines.at(-1)).toBe('  ! GET /x: no\\u001b answer');
  });
});

describe('widths', () => {
  it('cuts between characters, never through one that is two columns wide', () => {
    expect(cutToWidth('証明書類', 6)).toBe('証明…');
    expect(cutToWidth('証明書', 6)).toBe('証明書');
  });

  it('breaks a word only when it is longer than a line', () => {
    expect(wrapToWidth('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapToWidth('居住証明書 a', 4)).toEqual(['居住', '証明', '書 a']);
  });
});
