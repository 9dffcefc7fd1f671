import { describe, expect, it } from 'vitest';
import { asRemoteId } from '../../src/model/resource.ts';
import { isStillUnused, observeHoldings } from '../../src/observe/holdings.ts';
import { openReadClient, type ReadClient } from '../../src/telnyx/client.ts';
import { addFrenchGroup, connect, upload } from '../sandbox/connection.ts';
import { pages, scriptedClient } from '../support/scripted-client.ts';
import { answerJson, optionsFor, serve } from '../telnyx/scripted-server.ts';

/** An account with one document, and what links to it. */
async function account(links: readonly string[]): Promise<ReadClient> {
  const server = await serve((response, { url }) => {
    const rows = url.pathname.endsWith('/document_links')
      ? links.map((document_id, index) => ({ id: `l${index}`, document_id }))
      : url.pathname.endsWith('/documents')
        ? [{ id: 'D1', customer_reference: 'mine' }]
        : [];
    if (url.pathname.endsWith('/documents/D1'))
      answerJson(response, { data: { id: 'D1', customer_reference: 'mine' } });
    else answerJson(response, { data: rows, meta: { total_results: rows.length, total_pages: 1 } });
  });
  return openReadClient(optionsFor(server));
}

describe('what an account holds', () => {
  it('is held, too, where only a document link refers to it', async () => {
    const { heldIds } = await observeHoldings(await account(['D1']), Date.now);
    expect([...heldIds]).toEqual(['D1']);
  });
});

describe('something that nothing referred to', () => {
  const document = { kind: 'Document', id: asRemoteId('D1') } as const;

  it('is still unused where nothing refers to it', async () => {
    expect(await isStillUnused(await account([]), { ...document, reference: 'mine' })).toBe(true);
  });

  it('is kept where something links to it by now, whatever the letters of its id', async () => {
    expect(await isStillUnused(await account(['d1']), { ...document, reference: 'mine' })).toBe(false);
  });

  it('is kept where it has another reference by now', async () => {
    expect(await isStillUnused(await account([]), { ...document, reference: 'before' })).toBe(false);
  });

  it('is kept where a group of any scope holds it by now', async () => {
    const connection = await connect();
    const client = openReadClient(optionsFor({ baseUrl: connection.sandbox.url }));
    const id = asRemoteId(await upload(connection, 'sample', 'mine'));
    const one = { kind: 'Document', id, reference: 'mine' } as const;
    expect(await isStillUnused(client, one)).toBe(true);
    const group = await addFrenchGroup(connection, 'theirs');
    const [{ requirement_id }] = (await connection.api('GET', `/requirement_groups/${group}`)).body.data
      .regulatory_requirements;
    await connection.api('PATCH', `/requirement_groups/${group}`, {
      regulatory_requirements: [{ requirement_id, field_value: id }],
    });
    expect(await isStillUnused(client, one)).toBe(false);
  });

  it('may be deleted again where it is gone: that is what was wanted', async () => {
    const connection = await connect();
    const client = openReadClient(optionsFor({ baseUrl: connection.sandbox.url }));
    const gone = { kind: 'Address', id: asRemoteId('1'), reference: 'mine' } as const;
    expect(await isStillUnused(client, gone)).toBe(true);
  });
});

it('what a group holds and what a link names is held', async () => {
  const lists: Readonly<Record<string, readonly object[]>> = {
    '/documents': ['linked', 'in-group', 'loose'].map((id) => ({ id })),
    '/addresses': [{ id: '2473491569332717266', street_address: 'Beispielweg 1' }],
    '/document_links': [{ document_id: 'linked' }],
    '/requirement_groups': [
      {
        id: 'group',
        country_code: 'DE',
        phone_number_type: 'local',
        action: 'ordering',
        status: 'unapproved',
        regulatory_requirements: [{ requirement_id: 'a', field_type: 'document', field_value: 'in-group' }],
      },
    ],
  };
  const server = await serve((response, { url }) => {
    const data = lists[url.pathname.replace('/v2', '')] ?? [];
    answerJson(response, { data, meta: { total_pages: 1, total_results: data.length } });
  });
  const client = openReadClient(optionsFor(server));
  const { heldIds } = await observeHoldings(client, () => 0);
  await client.close();
  expect([...heldIds].sort()).toEqual(['in-group', 'linked']);
});

it('an address is read as one, and holdings by the clock of the server', async () => {
  const { client, asked } = scriptedClient({
    'GET /addresses/a1': { id: 'a1', customer_reference: 'mine' },
    'GET /requirement_groups': [],
    'GET /document_links': [],
    'GET /documents': pages([], 1, 5),
    'GET /addresses': [],
  });
  const one = { kind: 'Address', id: asRemoteId('a1'), reference: 'mine' } as const;
  expect(await isStillUnused(client, one)).toBe(true);
  expect(asked).toEqual(['GET /addresses/a1', 'GET /requirement_groups', 'GET /document_links']);
  expect(await observeHoldings(client, () => 7)).toEqual({
    documents: [],
    addresses: [],
    heldIds: new Set(),
    readAtMs: 5,
  });
});

it('holdings are read by the clock of this machine where the server does not say', async () => {
  const lists = ['/requirement_groups', '/document_links', '/documents', '/addresses'];
  const { client } = scriptedClient(Object.fromEntries(lists.map((list) => [`GET ${list}`, []])));
  expect((await observeHoldings(client, () => 7)).readAtMs).toBe(7);
});
