import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

let repository: TestRepository;
beforeAll(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
});
afterAll(() => repository.end());

/** Each line is a document of its own. */
function eventsIn(out: string): { event: string; [key: string]: unknown }[] {
  expect(out.endsWith('\n')).toBe(true);
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function run(...args: readonly string[]) {
  return repository.run([...args, '--format', 'ndjson', '--quiet']);
}

describe('--format ndjson', () => {
  it('prints a plan as one line for the whole, and one for each part of it', async () => {
    const whole = JSON.parse((await repository.run(['plan', '--format', 'json'])).out);
    const events = eventsIn((await run('plan')).out);
    const { changes, attention, diagnostics, ...plan } = whole;
    expect(events).toEqual([
      { event: 'plan', ...plan },
      ...changes.map((change: object) => ({ event: 'change', ...change })),
      ...attention.map((entry: object) => ({ event: 'attention', ...entry })),
      ...diagnostics.map((diagnostic: object) => ({ event: 'diagnostic', ...diagnostic })),
    ]);
    expect(changes.length).toBeGreaterThan(2);
  });

  it('tells each operation of an apply before its outcome, and ends with the sum', async () => {
    const { out, code } = await run('apply', '--yes', '--target', 'de-local');
    const events = eventsIn(out);
    expect(code).toBe(0);
    const ofGroup = events.filter(({ name }) => name === 'de-local');
    expect(ofGroup.map(({ event, operation }) => operation ?? event)).toEqual(
      expect.arrayContaining(['upload', 'create_address', 'create', 'submit']),
    );
    expect(ofGroup.at(-1)).toMatchObject({
      event: 'outcome',
      status: 'applied',
      group_status: 'pending-approval',
    });
    expect(events.at(-1)).toEqual({
      event: 'summary',
      format_version: '1.0',
      summary: { applied: 1, failed: 0, skipped: 0, unchanged: 0 },
    });
  });

  it('tells once of what did not change', async () => {
    const events = eventsIn((await run('apply', '--yes', '--target', 'de-local')).out);
    expect(events.map(({ event, name, status }) => [event, name, status])).toEqual([
      ['outcome', 'de-local', 'unchanged'],
      ['summary', undefined, undefined],
    ]);
  });

  it('tells of a run without a result in one line', async () => {
    const { out, code } = await run('apply', '--yes', '--target', 'nobody');
    expect([code, eventsIn(out)]).toEqual([
      3,
      [
        expect.objectContaining({
          event: 'error',
          format_version: '1.0',
          diagnostics: [expect.objectContaining({ code: 'unknown-target' })],
        }),
      ],
    ]);
  });

  it('shows a saved plan, too', async () => {
    await repository.run(['plan', '--out', 'plan.json']);
    const { out } = await run('show', 'plan.json');
    expect(eventsIn(out)[0]).toMatchObject({ event: 'plan', scope: 'acme' });
  });
});
