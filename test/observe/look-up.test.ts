import { describe, expect, it } from 'vitest';
import { type DesiredGroup, type ObservedGroup, references } from '../../src/model/resource.ts';
import { lookUpDocuments } from '../../src/observe/look-up.ts';
import { openReadClient } from '../../src/telnyx/client.ts';
import { DOCUMENT_ID, desiredGroup, documentValue, observedGroup } from '../support/worlds.ts';
import { answerJson, optionsFor, serve } from '../telnyx/scripted-server.ts';

const STATED = documentValue('registration').content;
const SHA256 = STATED.kind === 'document' ? STATED.document.sha256 : '';
const OURS = { id: 'ours', customer_reference: references.document('acme', SHA256), sha256: SHA256 };

const GROUP: DesiredGroup = {
  ...desiredGroup(),
  requirements: [
    {
      requirement: DOCUMENT_ID,
      content: STATED,
      source: desiredGroup().source,
      contentSource: desiredGroup().source,
    },
  ],
};

/** An account of many documents, of which these have our reference. How the ones that matter to a run were looked up. */
async function lookUp(
  ours: readonly object[],
  given: { readonly held?: ObservedGroup | null; readonly linked?: readonly string[] } = {},
): Promise<'by reference' | 'whole list'> {
  const { held = observedGroup({ [DOCUMENT_ID]: 'ours' }), linked = ['ours'] } = given;
  const server = await serve((response, { url }) => {
    const isNarrow = url.search.includes('customer_reference');
    const meta = isNarrow
      ? { total_pages: 1, total_results: ours.length }
      : { total_pages: 4, total_results: 1000 };
    const page = Number(url.searchParams.get('page[number]'));
    const rows = Array.from({ length: 250 }, (_, index) => ({ id: `other-${page}-${index}` }));
    answerJson(response, { data: isNarrow ? ours : rows, meta });
  });
  const client = openReadClient(optionsFor(server));
  const matches = new Map([[GROUP.name, { group: held, superseded: [] }]]);
  const { rows } = await lookUpDocuments(client, {
    scope: 'acme',
    groups: [GROUP],
    hasOrders: false,
    settle: async () => ({ matches, linkedIds: new Set(linked) }),
  });
  await client.close();
  return rows.length === ours.length ? 'by reference' : 'whole list';
}

describe('documents are looked up by their references', () => {
  it.each([
    ['one that groups hold', [OURS], {}],
    ['one whose digest is not told', [{ ...OURS, sha256: undefined }], {}],
  ])('where that decides all: %s', async (_, ours, given) => {
    expect(await lookUp(ours, given)).toBe('by reference');
  });

  it.each([
    ['one is infected', [{ ...OURS, av_scan_status: 'infected' }], {}],
    ['one is denied', [{ ...OURS, status: 'denied' }], {}],
    ['one is something else', [{ ...OURS, sha256: 'b'.repeat(64) }], {}],
    [
      'one is something else beside ours',
      [OURS, { ...OURS, id: 'taken', sha256: 'b'.repeat(64) }],
      { linked: ['ours', 'taken'] },
    ],
    ['one is not linked', [OURS], { linked: [] }],
    ['there is none', [], {}],
    ['the group holds another', [OURS], { held: observedGroup({ [DOCUMENT_ID]: 'elsewhere' }) }],
    ['the group does not exist', [OURS], { held: null }],
  ])('and in the whole list where %s', async (_, ours, given) => {
    expect(await lookUp(ours, given)).toBe('whole list');
  });
});
