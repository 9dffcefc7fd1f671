import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  germanGroup,
  openTestRepository,
  type Result,
  type TestRepository,
} from '../../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

const SECONDS = String.raw`\d+\.\d\d`;
const COST = new RegExp(
  String.raw`^requests  (?<requests>\d+)(?: \((?<methods>[\w ,]+)\))?, (?<retries>\d+) retr(?:y|ies)
bytes     (?<sent>\d+) sent, (?<received>\d+) received
waited    ${SECONDS} s: rate limit ${SECONDS} · retries ${SECONDS} · looking again (?<look>${SECONDS})
time      ${SECONDS} s: (?<phases>\w+ ${SECONDS}(?: · \w+ ${SECONDS})*)
$`,
);

/** The last four lines of stderr, read by their strict shape: there is no room for anything else in them. */
function costOf({ err }: Result) {
  const lines = err.split('\n').slice(-5).join('\n');
  const found = COST.exec(lines)?.groups;
  if (found === undefined) throw new Error(`no cost at the end of: ${err}`);
  const { requests, methods = '', retries, sent, received, phases = '' } = found;
  return {
    requests: Number(requests),
    methods: Object.fromEntries(methods.split(', ').map((part) => part.split(' ').reverse())),
    retries: Number(retries),
    sent: Number(sent),
    received: Number(received),
    phases: phases.split(' · ').map((part) => part.split(' ')[0]),
  };
}

async function countedBySandbox(): Promise<Record<string, string>> {
  const counts = new Map<string, number>();
  for (const { method } of await repository.requests()) counts.set(method, (counts.get(method) ?? 0) + 1);
  return Object.fromEntries([...counts].map(([method, number]) => [method, String(number)]));
}

describe('--verbose', () => {
  it('ends a plan with its requests and its phases, on stderr alone', async () => {
    const result = await repository.run(['plan', '--verbose', '--format', 'json']);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.out).summary.groups.create).toBe(1);
    const cost = costOf(result);
    expect(cost.methods).toEqual(await countedBySandbox());
    expect(cost).toMatchObject({
      retries: 0,
      sent: 0,
      phases: ['start', 'manifests', 'Telnyx', 'plan', 'rest'],
    });
  });

  it('counts what an apply sends, by method and in bytes', async () => {
    const result = await repository.run(['apply', '--yes', '--verbose']);
    expect(result.code).toBe(0);
    const cost = costOf(result);
    expect(cost.methods).toEqual(await countedBySandbox());
    expect(cost.requests).toBe((await repository.requests()).length);
    // Two documents of 690 and 669 bytes are among it.
    expect(cost.sent).toBeGreaterThan(690 + 669);
    expect(cost.received).toBeGreaterThan(1000);
    expect(cost.phases).toEqual(['start', 'manifests', 'Telnyx', 'plan', 'apply', 'rest']);
  });

  it('counts requests that had to be repeated', async () => {
    await repository.control('faults', { kind: 'status', status: 503, match: { method: 'GET', nth: 1 } });
    const cost = costOf(await repository.run(['status', '--verbose']));
    expect(cost.retries).toBe(1);
    expect(cost.methods).toEqual(await countedBySandbox());
  });

  it.each([
    ['an apply in which Telnyx refuses something', ['apply', '--yes'], 4, ['apply', 'rest']],
    ['a plan without permission', ['plan'], 7, ['Telnyx', 'rest']],
    ['a lock', ['lock'], 0, ['Telnyx', 'rest']],
    ['an import', ['import', '--plaintext'], 0, ['Telnyx', 'rest']],
    ['a step of a pipeline', ['ci', 'plan'], 0, ['plan', 'rest']],
  ] as const)('ends %s, too', async (what, args, exit, phases) => {
    if (exit === 4) {
      await repository.control('faults', { kind: 'status', status: 422, match: { method: 'POST', nth: 1 } });
    }
    if (exit === 7) await repository.control('faults', { kind: 'status', status: 401, match: { nth: 1 } });
    const result = await repository.run([...args, '--verbose']);
    expect(result.code, what + result.err).toBe(exit);
    expect(costOf(result).phases.slice(-2)).toEqual(phases);
  });

  it('has times only for what asks nothing of Telnyx', async () => {
    const { err } = await repository.run(['validate', '--verbose']);
    expect(err).not.toContain('requests');
    expect(err).toMatch(/\ntime {6}\d+\.\d\d s: start \d+\.\d\d · manifests \d+\.\d\d\n$/);
    const broken = await repository.run(['validate', '--verbose', '--chdir', 'nowhere']);
    expect(broken.code).toBe(3);
    expect(broken.err).toMatch(/\ntime .* start .*\n$/);
  });

  it('is not said by whoever is not asked', async () => {
    const { err } = await repository.run(['plan']);
    expect(err).not.toMatch(/^(?:requests|bytes|waited|time)\b/m);
    const { out, err: silent } = await repository.run(['__complete', 'plan', '--verbose', '']);
    expect(out + silent).not.toContain('time  ');
  });
});
