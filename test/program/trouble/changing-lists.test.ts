import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { forward, openProxy } from '../../support/proxies/proxy.ts';
import {
  frenchGroup,
  openTestRepository,
  SAMPLE_KEY,
  type TestRepository,
} from '../../support/test-repository.ts';

let repository: TestRepository;
afterEach(() => repository.end());

describe('lists that others write while they are read', () => {
  it('are read to their end while documents are added: what is there is not uploaded again', async () => {
    repository = await openTestRepository({ 'groups/one.yaml': frenchGroup({ name: 'one' }) });
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await Promise.all(Array.from({ length: 749 }, (_, index) => upload(`elsewhere ${index}`)));
    await repository.write('groups/two.yaml', frenchGroup({ name: 'two' }));

    let added = 0;
    const url = await interfereWithPages('/documents', async (_, pass) => {
      added += 1;
      await upload(`added ${added}`);
      return pass();
    });
    const { code, err } = await repository.run(['apply', '--yes'], { env: { TELNYX_BASE_URL: url } });
    expect([code, err]).toEqual([0, err]);
    expect(added).toBeGreaterThan(4);

    const { groups, documents } = await repository.state();
    expect(groups.map(({ customer_reference }) => customer_reference).sort()).toEqual([
      'regsync/acme/one',
      'regsync/acme/two',
    ]);
    expect(documents.filter((row) => row.customer_reference?.startsWith('regsync/'))).toHaveLength(1);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('are read again where they have no meta and a group was deleted: none is made a second time', async () => {
    repository = await openTestRepository({ 'groups/fr.yaml': frenchGroup() });
    const plant = () =>
      repository.control<{ readonly id: string }>('groups', { customer_reference: 'elsewhere' });
    for (let count = 0; count < 250; count += 1) await plant();
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    // The newest come first: ours begins the second page, until one is gone from the first.
    let newest = await plant();
    for (let count = 1; count < 250; count += 1) newest = await plant();

    let deleted = 0;
    const url = await interfereWithPages('/requirement_groups', async (page, pass) => {
      if (page === 2 && deleted === 0) {
        deleted += 1;
        await send('DELETE', `/requirement_groups/${newest.id}`);
      }
      const { meta: _, ...rest } = JSON.parse(await pass());
      return JSON.stringify(rest);
    });
    const { code, out } = await repository.run(['apply', '--yes'], { env: { TELNYX_BASE_URL: url } });
    expect([code, out]).toEqual([0, expect.stringContaining('1 unchanged')]);
    expect(deleted).toBe(1);
    const { groups } = await repository.state();
    expect(groups.filter((group) => group.customer_reference === 'regsync/acme/fr-local')).toHaveLength(1);
  });
});

async function upload(reference: string): Promise<void> {
  const file = Buffer.from(`%PDF-1.4\n% SAMPLE ${reference}\n`).toString('base64');
  await send('POST', '/documents', { file, filename: 'sample.pdf', customer_reference: reference });
}

async function send(method: string, path: string, body?: object): Promise<void> {
  const answer = await fetch(`${repository.sandbox.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${SAMPLE_KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

/**
 * The sandbox behind a server that has a hand in each page of one list.
 *
 * @param handle gets the number of the page and what the sandbox answers when asked now, gives what is answered.
 */
async function interfereWithPages(
  path: string,
  handle: (page: number, pass: () => Promise<string>) => Promise<string>,
): Promise<string> {
  const { origin } = repository.sandbox;
  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asked = new URL(message.url ?? '', origin);
    const page = asked.searchParams.get('page[number]');
    if (message.method !== 'GET' || asked.pathname !== `/v2${path}` || page === null) {
      return forward(origin, message, response);
    }
    const { authorization = '' } = message.headers;
    const pass = async () => (await fetch(asked, { headers: { authorization } })).text();
    response.writeHead(200, { 'content-type': 'application/json' }).end(await handle(Number(page), pass));
  };
  return openProxy(answer);
}
