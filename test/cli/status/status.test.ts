import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StatusReport } from '../../../src/model/report/status.ts';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => repository.end());

const GERMAN = 'reference=regsync/acme/de-local';
const FRENCH = 'reference=regsync/acme/fr-local';

async function reported(...args: string[]): Promise<StatusReport> {
  return JSON.parse((await repository.run(['status', '--format', 'json', ...args])).out);
}

async function shown(): Promise<string[]> {
  const { code, out } = await repository.run(['status', '--quiet']);
  expect(code).toBe(0);
  return out.split('\n');
}

const lineOf = (lines: readonly string[], text: string) => lines.find((line) => line.includes(text)) ?? '';

/** From 1. */
const lineIn = (text: string, part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1;

describe('the table', () => {
  it('shows groups that are still to be created, and what the next apply does to them', async () => {
    const lines = await shown();
    expect(lineOf(lines, 'de-local')).toMatch(/· +de-local +DE local ordering +absent$/);
    expect(lines).toContain('     > the next apply creates it, submits it');
    expect(lines.at(-2)).toBe('2 groups: 2 not submitted.');
  });

  it('points at the line of the manifest to change for each declined requirement', async () => {
    await repository.run(['apply', '--yes']);
    await repository.control(`groups/decline?${GERMAN}`, {
      requirement_ids: [DE_REQUIREMENTS.proof],
      comment: 'The bill is older than three months.\n::error::Please send a newer one.',
    });
    const lines = await shown();
    const line = lineIn(germanGroup(), DE_REQUIREMENTS.proof) + 1;
    expect(lineOf(lines, 'de-local')).toMatch(/✗ +de-local .*declined +5\/5$/);
    expect(lineOf(lines, 'Proof of Local')).toMatch(
      new RegExp(`✗ +Proof of Local Address +declined +change it at groups/de.yaml:${line}$`),
    );
    expect(lineOf(lines, 'Contact Info')).toMatch(/· +Contact Info +approved$/);
    const said = lines.findIndex((text) => text.includes('reviewer, '));
    expect(lines.slice(said + 1, said + 3)).toEqual([
      '     │ The bill is older than three months.',
      '     │ ::error::Please send a newer one.',
    ]);
  });

  it('tells what expires when: in days and as a date, by the manifest or by Telnyx, whichever is first', async () => {
    const manifest = germanGroup().replace('proof.pdf }', 'proof.pdf, expires: 2031-01-31 }');
    await repository.write('groups/de.yaml', manifest);
    await repository.control('clock', { now: '2031-01-01T08:00:00Z' });
    await repository.run(['apply', '--yes']);
    await repository.control(`groups/approve?${GERMAN}`, { expires_in_days: 20 });
    await repository.control(`groups/approve?${FRENCH}`, { expires_in_days: 400 });
    const lines = await shown();
    expect(lines[0]).toMatch(/^regsync status {3}scope acme · 2 groups · as of 2031-01-01 08:0\d UTC$/);
    expect(lineOf(lines, 'de-local')).toMatch(/! +de-local .*approved +5\/5 +2031-01-21 {2}in 20 days$/);
    expect(lineOf(lines, 'fr-local')).toMatch(/✓ +fr-local .*approved +1\/1 +2032-02-05 {2}in 400 days$/);
    expect(lineOf(lines, 'Proof of Local')).toContain(
      'expires in 20 days (2031-01-21); the manifest says 2031-01-31',
    );
    await repository.control('clock', { now: '2031-02-01T08:00:00Z' });
    expect(lineOf(await shown(), 'Proof of Local')).toContain(
      'expired 11 days ago (2031-01-21); the manifest says 2031-01-31',
    );
  });

  it('mentions what is not under a group of its own: orphans', async () => {
    await repository.run(['apply', '--yes']);
    await repository.write('groups/de.yaml', frenchGroup({ name: 'other' }));
    const lines = await shown();
    expect(lineOf(lines, '! de-local')).toContain('orphaned group');
    expect(lines.at(-2)).toBe('2 groups: 1 under review, 1 not submitted.');
  });
});

describe('--format json', () => {
  it('holds everything that the table and the report show', async () => {
    await repository.control('clock', { now: '2031-01-01T08:00:00Z' });
    await repository.run(['apply', '--yes']);
    await repository.control(`groups/approve?${FRENCH}`, { expires_in_days: 20 });
    const report = await reported();
    expect(report).toMatchObject({
      format_version: '1.0',
      scope: 'acme',
      read_at: expect.stringMatching(/^2031-01-01T08:0\d:\d\d\.000Z$/),
      state: expect.stringMatching(/^[0-9a-f]{64}$/),
      warn_days: 30,
      summary: { groups: 2, standings: { 'under-review': 1, expiring: 1, approved: 0 }, attention: 2 },
    });
    const [german, french] = report.groups;
    expect(german).toMatchObject({ status: 'pending-approval', standing: 'under-review', actions: [] });
    expect(french).toMatchObject({
      country_code: 'FR',
      standing: 'expiring',
      expiry: { date: '2031-01-21', days: 20, stated_by: 'telnyx' },
      source: { file: 'groups/fr.yaml', line: 1 },
      requirements: [
        { has_value: true, status: 'approved', expires: null, source: { file: 'groups/fr.yaml', line: 9 } },
      ],
    });
  });

  it('has a state that stays while only days go by, and changes when anything else does', async () => {
    await repository.run(['apply', '--yes']);
    await repository.control('approve-all', {});
    // Far away at first, and near five days later: the day alone changes how the group stands.
    await repository.control(`groups/approve?${FRENCH}`, { expires_in_days: 33 });
    const { state, read_at } = await reported();
    await repository.control('clock', { advance_seconds: 5 * 86_400 });
    const later = await reported();
    expect(later.read_at).not.toBe(read_at);
    expect(later.summary.standings.expiring).toBe(1);
    expect(later.state).toBe(state);
    await repository.control(`groups/decline?${GERMAN}`, {});
    expect((await reported()).state).not.toBe(state);
  });
});

describe('--fail-on-expiry', () => {
  const expiring = frenchGroup().replace('.png }', '.png, expires: 2031-01-31 }');

  it.each([
    ['before it is within the days', '2031-01-10', 0],
    ['once it is within the days', '2031-01-11', 6],
    ['when it has expired', '2031-02-02', 6],
  ])('a date of the manifest, %s', async (_, day, code) => {
    await repository.write('groups/fr.yaml', expiring);
    await repository.control('clock', { now: `${day}T12:00:00Z` });
    await repository.run(['apply', '--yes']);
    for (const command of ['status', 'plan']) {
      const result = await repository.run([command, '--fail-on-expiry', '20']);
      expect([command, result.code]).toEqual([command, code]);
      expect(result.out).toContain(`regsync ${command}`);
    }
  });

  it.each(['status', 'plan'])(
    'a date of Telnyx, by %s, naming requirement, date and days',
    async (command) => {
      await repository.control('clock', { now: '2031-01-01T12:00:00Z' });
      await repository.run(['apply', '--yes']);
      await repository.control('approve-all', {});
      await repository.control(`groups/approve?${FRENCH}`, { expires_in_days: 20 });
      expect((await repository.run([command, '--fail-on-expiry', '19'])).code).toBe(0);
      const { code, out } = await repository.run([command, '--fail-on-expiry', '20']);
      expect(code).toBe(6);
      expect(out).toMatch(/Proof of Address.* expires in 20 days \(2031-01-21\)/);
      await repository.control('clock', { now: '2031-01-24T12:00:00Z' });
      const late = await repository.run([command, '--fail-on-expiry', '0']);
      expect(late.code).toBe(6);
      expect(late.out).toMatch(/Proof of Address.*expired.*3 days ago/);
      expect(late.out).toContain('2031-01-21');
    },
  );
});
