import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { forward, openProxy } from '../../support/proxies/proxy.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

let repository: TestRepository;
afterEach(() => repository.end());

describe('an apply', () => {
  it('uploads the documents of one group side by side', async () => {
    repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
    const gate = await openGate(repository, { holds: isUpload, until: 2 });
    const { code, out } = await apply(gate.url);
    expect(code, out).toBe(0);
    expect(gate.most()).toBe(2);
    expect(JSON.parse(out).outcomes[0].operations).toEqual([
      'upload',
      'upload',
      'create_address',
      'create',
      'submit',
    ]);
    await expectConvergence(['regsync/acme/de-local'], 2);
  });

  it.each([1, 2, 3])('has no more requests in flight than --parallelism %i', async (parallelism) => {
    repository = await openTestRepository(sixGroups());
    const gate = await openGate(repository, { holds: isAfterFirstWrite(), until: Number.POSITIVE_INFINITY });
    const { code, out } = await apply(gate.url, '--parallelism', String(parallelism));
    expect(code, out).toBe(0);
    expect(gate.most()).toBe(parallelism);
  });

  it('has more than the usual eight where --parallelism says so', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `fr-${index}`);
    repository = await openTestRepository(
      Object.fromEntries(names.map((name) => [`groups/${name}.yaml`, frenchGroup({ name })])),
    );
    const gate = await openGate(repository, { holds: isCreation, until: 12 });
    const { code, out } = await apply(gate.url, '--parallelism', '12');
    expect(code, out).toBe(0);
    expect(gate.most()).toBe(12);
    await expectConvergence(names.map((name) => `regsync/acme/${name}`).sort(), 1);
  });

  it('says at which line the upload failed, and keeps the one beside it', async () => {
    repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
    const gate = await openGate(repository, { holds: isUpload, until: 2 });
    await repository.control('faults', { kind: 'status', status: 422, match: { method: 'POST', nth: 1 } });
    const { code, out } = await apply(gate.url);
    expect(code, out).toBe(4);
    const [outcome] = JSON.parse(out).outcomes;
    expect(outcome).toMatchObject({ status: 'failed', operations: ['upload'] });
    expect([11, 13]).toContain(outcome.error.source.line);
    expect((await repository.state()).documents).toHaveLength(1);
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await expectConvergence(['regsync/acme/de-local'], 2);
  });
});

function apply(url: string, ...more: string[]) {
  return repository.run(['apply', '--yes', '--format', 'json', ...more], { env: { TELNYX_BASE_URL: url } });
}

async function expectConvergence(references: readonly string[], documents: number): Promise<void> {
  const state = await repository.state();
  expect(state.groups.map(({ customer_reference }) => customer_reference).sort()).toEqual(references);
  expect(state.groups.every(({ status }) => status === 'pending-approval')).toBe(true);
  expect(state.documents).toHaveLength(documents);
  expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
}

function sixGroups(): Record<string, string> {
  const names = ['a', 'b', 'c'];
  return Object.fromEntries(
    names.flatMap((name) => [
      [`groups/de-${name}.yaml`, germanGroup({ name: `de-${name}` })],
      [`groups/fr-${name}.yaml`, frenchGroup({ name: `fr-${name}` })],
    ]),
  );
}

type Holds = (message: IncomingMessage) => boolean;

const isUpload: Holds = ({ method, url }) => method === 'POST' && url === '/v2/documents';
const isCreation: Holds = ({ method, url }) => method === 'POST' && url === '/v2/requirement_groups';

/** The reading before it has its own connections. */
function isAfterFirstWrite(): Holds {
  let written = false;
  return ({ method }) => {
    written ||= method !== 'GET';
    return written;
  };
}

/** Before the sandbox: counts what is in flight, and holds it until so much is, or for a moment. */
async function openGate(
  { sandbox }: TestRepository,
  { holds, until }: { readonly holds: Holds; readonly until: number },
): Promise<{ readonly url: string; readonly most: () => number }> {
  let [inFlight, most] = [0, 0];
  const pass = async (message: IncomingMessage, response: ServerResponse) => {
    const isHeld = holds(message);
    if (isHeld) {
      inFlight += 1;
      most = Math.max(most, inFlight);
      const moments = Number.isFinite(until) ? 200 : 2;
      for (let moment = 0; moment < moments && most < until; moment += 1) await sleep(10);
    }
    response.on('finish', () => {
      if (isHeld) inFlight -= 1;
    });
    forward(sandbox.origin, message, response);
  };
  return { url: await openProxy(pass), most: () => most };
}
