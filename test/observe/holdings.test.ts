import { expect, it } from 'vitest';
import { observeHoldings } from '../../src/observe/holdings.ts';
import { openReadClient } from '../../src/telnyx/client.ts';
import { answerJson, optionsFor, serve } from '../telnyx/scripted-server.ts';

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
