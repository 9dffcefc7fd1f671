import { describe, expect, it } from 'vitest';
import { Mask } from '../../src/model/mask.ts';
import { asRemoteId, type Desired, type DesiredGroup } from '../../src/model/resource.ts';
import { observe } from '../../src/observe/observe.ts';
import { openReadClient } from '../../src/telnyx/client.ts';
import { desiredGroup, SCOPE } from '../support/worlds.ts';
import { answerJson, optionsFor, type Scripted, serve } from '../telnyx/scripted-server.ts';

const commentsOn = (group: string | null) =>
  ['2026-03-02', '2026-03-01', '2026-03-03'].map((day) => ({
    body: `said on ${day}`,
    commenter_type: 'admin',
    comment_record_id: group,
    created_at: `${day}T10:00:00Z`,
  }));

/** Two groups that were declined, of which Telnyx tells the comments in no order. */
async function declined(): Promise<Scripted> {
  const row = (name: string) => ({
    id: name,
    country_code: 'DE',
    phone_number_type: 'local',
    action: 'ordering',
    customer_reference: `regsync/acme/${name}`,
    status: 'declined',
    regulatory_requirements: [],
  });
  return serve((response, { url }) => {
    const about = url.searchParams.get('filter[comment_record_id]');
    const data = url.pathname.endsWith('/comments') ? commentsOn(about) : [row('a'), row('b')];
    answerJson(response, { data, meta: { total_pages: 1, total_results: data.length } });
  });
}

function desired(name: string): DesiredGroup {
  const { values: _, demands: __, ...group } = desiredGroup({ name });
  return { ...group, requirements: [] };
}

describe('comments of reviewers', () => {
  it('are read for the groups of the run alone, and are told oldest first', async () => {
    const server = await declined();
    const manifests: Desired = {
      scope: SCOPE,
      groups: [desired('a'), desired('b')],
      numberOrders: [],
      portingOrders: [],
    };
    const { observed } = await observe(openReadClient(optionsFor(server)), manifests, {
      selected: { groups: new Set(['b']), numberOrders: new Set(), portingOrders: new Set() },
      mask: new Mask(),
      nowMs: () => 0,
    });
    expect([...observed.comments.keys()]).toEqual(['b']);
    expect(observed.comments.get(asRemoteId('b'))?.map(({ body }) => body)).toEqual([
      'said on 2026-03-01',
      'said on 2026-03-02',
      'said on 2026-03-03',
    ]);
    expect([...observed.matches.keys()]).toEqual(['a', 'b']);
  });
});
