import { cp, mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Build } from './programs/builds.ts';
import { forward, openProxy } from './proxies/proxy.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type Result,
  type TestRepository,
} from './test-repository.ts';

/** Two applies of one repository, on one account, of which neither knows of the other. */
export interface Round {
  /**
   * `two checkouts`: as two machines have them. `no lock`: one checkout. `killed`: the first is killed when it has made a group,
   * and the second begins at once.
   */
  readonly how: 'two checkouts' | 'no lock' | 'killed';
  /** So long lists do not show what was made. */
  readonly lagMs: number;
  /** The second begins so much later. */
  readonly offsetMs: number;
  /** Both send their POST of each group at the same moment: neither can have seen the other's. */
  readonly meets: boolean;
}

interface Said {
  readonly name: string;
  readonly id: string | null;
  readonly status: string;
  readonly warnings: readonly string[];
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** What came of it: how many groups there are twice. */
export async function tryRound(round: Round, build: Build): Promise<number> {
  const manifests = { 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() };
  const repository = await openTestRepository(manifests, 'here', build);
  const elsewhere = await mkdtemp(join(tmpdir(), 'regsync-test-'));
  try {
    await cp(repository.folder, elsewhere, { recursive: true });
    await repository.control('quirks', { list_lag_ms: round.lagMs }, 'PATCH');
    const [first, second] = await runBoth(repository, elsewhere, round);
    await repository.control('quirks', { list_lag_ms: 0 }, 'PATCH');
    const twins = await expectAllSaid(repository, [first, second]);
    await expectNotStuck(repository);
    return twins;
  } finally {
    await repository.end();
    await rm(elsewhere, { recursive: true, force: true });
  }
}

async function runBoth(
  repository: TestRepository,
  elsewhere: string,
  round: Round,
): Promise<readonly [Result, Result]> {
  const url = round.meets ? await holdUntilBothAsk(repository) : repository.sandbox.url;
  const env = { TELNYX_BASE_URL: url };
  const apply = ['apply', '--yes', '--format', 'json', '--no-lock'];
  const first = repository.start(apply, { env });
  if (round.how === 'killed') {
    while ((await repository.state()).groups.length === 0) await pause(5);
    first.child.kill('SIGKILL');
  }
  await pause(round.offsetMs);
  const cwd = round.how === 'two checkouts' ? elsewhere : repository.folder;
  const second = repository.start(apply, { env, cwd });
  return Promise.all([first.result, second.result]);
}

/** Stands before the sandbox and keeps the first POST of each group until the second has come, or until it is clear that none comes. */
async function holdUntilBothAsk(repository: TestRepository): Promise<string> {
  const waiting = new Map<string, () => void>();
  const meet = async (key: string): Promise<void> => {
    const other = waiting.get(key);
    waiting.delete(key);
    if (other !== undefined) return other();
    await new Promise<void>((go) => {
      waiting.set(key, go);
      setTimeout(go, 3000);
    });
  };
  return openProxy(async (message: IncomingMessage, response) => {
    const isCreation = message.method === 'POST' && message.url === '/v2/requirement_groups';
    // Those of the two groups differ in length, and in nothing that is read here.
    if (isCreation) await meet(message.headers['content-length'] ?? '');
    forward(repository.sandbox.origin, message, response);
  });
}

const pause = (ms: number) => new Promise((again) => setTimeout(again, ms));

/** Nothing is there twice that a run did not name, with the ids of both. */
async function expectAllSaid(repository: TestRepository, results: readonly Result[]): Promise<number> {
  const outcomes = results.flatMap(({ code, out, err, signal }) => {
    if (signal === 'SIGKILL') return [];
    expect([0, 4], err).toContain(code);
    const said = JSON.parse(out).outcomes as Said[];
    expect(code === 4, out).toBe(said.some(({ status }) => status === 'failed'));
    return said;
  });
  const texts = outcomes.flatMap(({ warnings, error }) => [...warnings, error?.message ?? '']);
  const { groups, documents, addresses } = await repository.state();
  let twins = 0;
  for (const kind of [groups, documents, addresses]) {
    for (const [reference, ids] of idsByReference(kind)) {
      if (ids.length === 1) continue;
      expect(ids.length, reference).toBe(2);
      const isNamed = texts.some((text) => ids.every((id) => text.includes(id)));
      expect(isNamed, `${reference}: ${ids.join(' and ')} in ${JSON.stringify(outcomes, null, 1)}`).toBe(
        true,
      );
      if (kind === groups) twins++;
    }
  }
  for (const { status, error } of outcomes) {
    if (status === 'failed') expect(error?.code).toBe('duplicate-groups');
  }
  return twins;
}

/** The younger of two is not submitted. The line that a run gave is pasted, and everything is as the manifests want it. */
async function expectNotStuck(repository: TestRepository): Promise<void> {
  const { groups } = await repository.state();
  for (const [name, file, text] of [
    ['de-local', 'groups/de.yaml', (extra: string) => germanGroup({ extra })],
    ['fr-local', 'groups/fr.yaml', (extra: string) => frenchGroup({ extra })],
  ] as const) {
    const own = groups.filter(({ customer_reference }) => customer_reference === `regsync/acme/${name}`);
    const [oldest, younger] = [...own].sort((a, b) => (createdAt(a) < createdAt(b) ? -1 : 1));
    if (younger === undefined) continue;
    expect(younger.status, `the younger ${name}`).toBe('unapproved');
    await repository.write(file, text(`id: ${oldest?.id}\n`));
  }
  const applied = await repository.run(['apply', '--yes', '--prune']);
  expect(applied.code, applied.err + applied.out).toBe(0);
  const planned = await repository.run(['plan', '--detailed-exitcode']);
  expect(planned.code, planned.out).toBe(0);
  const left = (await repository.state()).groups.map(({ customer_reference, status }) => [
    customer_reference,
    status,
  ]);
  expect(left.sort()).toEqual([
    ['regsync/acme/de-local', 'pending-approval'],
    ['regsync/acme/fr-local', 'pending-approval'],
  ]);
}

function createdAt(group: object): string {
  return (group as { readonly created_at: string }).created_at;
}

function idsByReference(
  rows: readonly { readonly id: string; readonly customer_reference: string | null }[],
): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { id, customer_reference: reference } of rows) {
    if (reference !== null) ids.set(reference, [...(ids.get(reference) ?? []), id]);
  }
  return ids;
}
