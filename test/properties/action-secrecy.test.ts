import { describe, expect, it } from 'vitest';
import { fc } from '../support/fast-check.ts';
import { callApi, placeOrder } from '../support/orders.ts';
import { buildWithClocks } from '../support/programs/builds.ts';
import { openTestRepository, type Result, type TestRepository } from '../support/test-repository.ts';
import { runs, Tally, UNHURRIED } from './runs.ts';

/**
 * Actions bring private texts of their own: the names of a person, and a link that lets anybody act for this
 * person. They are searched for in everything that a run shows, whatever the API does and sends back.
 */

const CHECK = 'b7c72fb8-fa08-4529-aaf6-b9117d3f3698';
const NUMBER = '+61700000001';
const LINK = /verify\.example\.com\/[0-9a-f-]{36}/;
const build = buildWithClocks(0.05);

const PEOPLE = [
  ['Zoëcanary', 'Söhnecanary'],
  ['Josecanary', "O'Canary-Exampleton"],
] as const;

type Source = 'text' | 'env' | 'file';

const fault = fc.oneof(
  fc.constantFrom('drop_before', 'drop_after', 'noop').map((kind) => ({ kind })),
  fc.constantFrom('echo', 'echo_html', 'html').map((body) => ({ kind: 'status', status: 422, body })),
  fc.constant({ kind: 'status', status: 500, body: 'echo', times: 9 }),
  fc.constant({ kind: 'truncate', times: 2 }),
);

const world = fc.record({
  kind: fc.constantFrom('NumberOrder', 'PortingOrder'),
  source: fc.constantFrom<Source>('text', 'env', 'file'),
  person: fc.constantFrom(...PEOPLE),
  faults: fc.array(
    fc.record({
      fault,
      match: fc.constantFrom('^/external_requirements/', '/initiate$', '/action_requirements$'),
    }),
    { maxLength: 2 },
  ),
  method: fc.constantFrom('POST', 'GET'),
  delay: fc.constantFrom(0, 600),
  /** What happens between two runs. */
  between: fc.constantFrom('nothing', 'failed', 'another person', 'quoted'),
});

const ARGUMENTS = [
  ['validate'],
  ['plan', '--allow-actions'],
  ['plan', '--allow-actions', '--format', 'json'],
  ['plan', '--format', 'markdown'],
  ['apply', '--yes', '--allow-actions'],
  ['apply', '--yes', '--allow-actions', '--format', 'json', '--verbose'],
  ['status'],
  ['status', '--format', 'json'],
  ['status', '--show-values'],
  ['report', '--format', 'html'],
  ['plan', '--verbose'],
];

describe('the names and the link of a person who fulfils an action', () => {
  it('are in nothing that a run shows, whatever the API sends back', UNHURRIED, async () => {
    const tally = new Tally();
    const property = fc.asyncProperty(world, async (given) => {
      const repository = await openTestRepository({}, 'here', build);
      try {
        const id = await plant(repository, given);
        await repository.control('quirks', { action_link_delay_seconds: given.delay }, 'PATCH');
        for (const { fault: effect, match } of given.faults)
          await repository.control('faults', { ...effect, match: { method: given.method, path: match } });
        await showAll(repository, given.person, tally);
        await repository.control('faults', undefined, 'DELETE');
        await go(repository, given, id, tally);
        await showAll(repository, given.person, tally);
      } finally {
        await repository.end();
      }
    });
    await fc.assert(property, runs(12));
    tally.expectAll('started', 'failed', 'quoted', 'ended with 0', 'ended with 3', 'ended with 4');
  });
});

async function plant(
  repository: TestRepository,
  { kind, source, person: [first, last] }: { kind: string; source: Source; person: readonly string[] },
): Promise<string> {
  await repository.write('texts/first.txt', `${first}\n`);
  await repository.write('texts/last.txt', `${last}\n`);
  const stated = {
    text: [JSON.stringify(first), JSON.stringify(last)],
    env: ['{ env: REGSYNC_VAR_FIRST }', '{ env: REGSYNC_VAR_LAST }'],
    file: ['{ file: ../texts/first.txt }', '{ file: ../texts/last.txt }'],
  }[source];
  const action = `requirements:
  - requirement: ${CHECK}
    action:
      first_name: ${stated[0]}
      last_name: ${stated[1]}
`;
  const id =
    kind === 'NumberOrder' ? (await placeOrder(repository, [NUMBER])).id : await portingOrder(repository);
  const head = `apiVersion: regsync/v1\nkind: ${kind}\nname: au-order\nid: ${id}\n`;
  await repository.write('groups/au.yaml', head + action);
  return id;
}

async function portingOrder(repository: TestRepository): Promise<string> {
  await repository.control('catalogue/AU/mobile/porting', { add: [CHECK] }, 'PATCH');
  return (await repository.control<{ id: string }>('porting_orders', { phone_numbers: [NUMBER] })).id;
}

/** What happens at Telnyx between two runs, as far as it can. */
async function go(
  repository: TestRepository,
  { kind, between, person: [first, last] }: { kind: string; between: string; person: readonly string[] },
  id: string,
  tally: Tally,
): Promise<void> {
  const path = `${kind === 'NumberOrder' ? 'number_orders' : 'porting_orders'}/${id}`;
  const act = (what: string, body: object) => repository.control(`${path}/${what}`, body).catch(() => null);
  if (between === 'failed')
    await act(
      'finish-action',
      kind === 'NumberOrder'
        ? { result: 'failed' }
        : { status: 'failed', cancel_reason: `${first} ${last} did not come` },
    );
  if (between === 'quoted') {
    const link = await linkOf(repository, kind, id);
    const comment = `Please ask ${first} ${last} to use ${link ?? 'the link'}.`;
    if ((await act('ask', { comment })) !== null && link !== null) tally.count('quoted');
  }
  if (between === 'another person') await repository.write('texts/first.txt', 'Somebody-canary\n');
}

async function linkOf(repository: TestRepository, kind: string, id: string): Promise<string | null> {
  if (kind === 'PortingOrder') {
    const rows = await callApi<{ action_url: string | null }[]>(
      repository,
      'GET',
      `/porting_orders/${id}/action_requirements`,
    );
    return rows[0]?.action_url ?? null;
  }
  const [part] = await callApi<{ id: string }[]>(
    repository,
    'GET',
    `/sub_number_orders?filter[order_request_id]=${id}`,
  );
  const row = await callApi<{ requirement_action: { value: string | null } }>(
    repository,
    'GET',
    `/external_requirements/${CHECK}/sub_number_orders/${part?.id}`,
  );
  return row.requirement_action.value;
}

async function showAll(
  repository: TestRepository,
  [first, last]: readonly string[],
  tally: Tally,
): Promise<void> {
  for (const args of ARGUMENTS) {
    const env = { REGSYNC_VAR_FIRST: first, REGSYNC_VAR_LAST: last };
    const result = await repository.run(args, { env });
    tally.count(`ended with ${result.code}`);
    if (result.out.includes('action started') || result.out.includes('"start"')) tally.count('started');
    if (result.code === 4) tally.count('failed');
    expectDiscreet(args, result, [first ?? '', last ?? '', 'Somebody-canary']);
  }
}

function expectDiscreet(args: readonly string[], { out, err }: Result, names: readonly string[]): void {
  const shown = (out + err).toLowerCase();
  const found = names.flatMap(formsOf).filter((name) => shown.includes(name.toLowerCase()));
  expect([found, LINK.exec(shown)], `${args.join(' ')}\n${out}${err}`).toEqual([[], null]);
}

/** A name as it is, and as it could travel. */
function formsOf(name: string): string[] {
  return [
    name,
    encodeURIComponent(name),
    Buffer.from(name).toString('base64'),
    Buffer.from(name).toString('hex'),
  ];
}
