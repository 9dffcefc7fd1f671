import { describe, expect, it } from 'vitest';
import { lookUpAddresses } from '../../src/kinds/address/look-up.ts';
import { lookUpDocuments } from '../../src/kinds/document/look-up.ts';
import { isCheaperByReference } from '../../src/kinds/reading/look-up.ts';
import type { ObservedGroup } from '../../src/model/observed.ts';
import { references } from '../../src/model/reference-names.ts';
import { asRemoteId, type DesiredGroup } from '../../src/model/resource.ts';
import { openReadClient } from '../../src/telnyx/client.ts';
import { groupManifest, pinned, stated } from '../support/manifests.ts';
import {
  ADDRESS_ID,
  addressValue,
  DOCUMENT_ID,
  desiredGroup,
  documentValue,
  observedGroup,
  SCOPE,
  TEXT_ID,
} from '../support/plan-inputs.ts';
import { type ClientScript, pages, scriptedClient } from '../support/scripted-client.ts';
import { addressOf, addressRow, documentOf, GONE } from '../support/scripted-run.ts';
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
    ['the group does not exist', [OURS], { held: null }],
  ])('and in the whole list where %s', async (_, ours, given) => {
    expect(await lookUp(ours, given)).toBe('whole list');
  });
});

/* ---- Against a script: which way is taken, and what is asked for ---- */

const DOCUMENTS = 'GET /documents';
const ADDRESSES = 'GET /addresses';
const REST = { [DOCUMENTS]: `${DOCUMENTS}, the rest`, [ADDRESSES]: `${ADDRESSES}, the rest` };
const byReference = (...digests: string[]) =>
  `${DOCUMENTS}?filter[customer_reference][in][]=${digests.map((digest) => references.document(SCOPE, digest)).join()}`;
const addressList = (street: string) =>
  `${ADDRESSES}?filter[customer_reference][eq]=${references.address(SCOPE, addressOf(street).sha256)}`;
const streetRow = (id: string, street: string) =>
  addressRow(id, references.address(SCOPE, addressOf(street).sha256), addressOf(street));

const documentStated = (content: string) => stated('x', documentValue(content).content);
const addressStated = (street: string) => stated('x', addressValue(street).content);

interface Way {
  /** Pages of the whole list. */
  readonly count?: number | null;
  readonly groups?: readonly DesiredGroup[];
  readonly held?: Readonly<Record<string, ObservedGroup | null>>;
  readonly hasOrders?: boolean;
  readonly linked?: readonly string[];
  readonly pagesOfGroups?: number;
  readonly script?: ClientScript;
}

async function take(
  kind: 'documents' | 'addresses',
  { count = 9, groups = [], held = {}, hasOrders = false, linked = [], pagesOfGroups, script = {} }: Way,
) {
  const list = kind === 'documents' ? DOCUMENTS : ADDRESSES;
  const { client, asked } = scriptedClient({ [list]: pages([], count, 5), ...script });
  const matches = new Map(Object.entries(held).map(([name, group]) => [name, { group, superseded: [] }]));
  const run = {
    scope: SCOPE,
    groups,
    hasOrders,
    settle: async () => ({ matches, linkedIds: new Set(linked) }),
    ...(pagesOfGroups === undefined ? {} : { pagesOfGroups }),
  };
  const found = await (kind === 'documents' ? lookUpDocuments(client, run) : lookUpAddresses(client, run));
  return { ids: found.rows.map(({ id }) => id), dateMs: found.dateMs, asked };
}

describe('documents of several groups', () => {
  const [one, two] = [documentOf('one').sha256, documentOf('two').sha256];
  const document = (id: string, sha256: string) => ({
    id,
    sha256,
    customer_reference: references.document(SCOPE, sha256),
  });
  const way: Way = {
    groups: [
      groupManifest('a', {
        requirements: [stated('t'), documentStated('one'), addressStated('Beispielweg 1')],
      }),
      groupManifest('b', { requirements: [documentStated('two'), documentStated('one')] }),
    ],
    held: {
      a: observedGroup({ [DOCUMENT_ID]: 'd1', [TEXT_ID]: 'desk', [ADDRESS_ID]: 'a1' }),
      b: observedGroup({ [DOCUMENT_ID]: 'd2' }),
    },
    linked: ['d1', 'd2'],
    script: { [byReference(one, two)]: [document('d1', one), document('d2', two)] },
  };

  it('are asked for together, each once', async () => {
    expect(await take('documents', way)).toEqual({
      ids: ['d1', 'd2'],
      dateMs: null,
      asked: [DOCUMENTS, byReference(one, two)],
    });
  });

  it('are asked for by reference where a group holds no document yet that it need not have', async () => {
    const held = { ...way.held, b: observedGroup({ [DOCUMENT_ID]: '' }) };
    expect((await take('documents', { ...way, held })).ids).toEqual(['d1', 'd2']);
  });

  it('are asked for by their ids where a group holds others', async () => {
    const held = { ...way.held, b: observedGroup({ [DOCUMENT_ID]: 'd3' }) };
    const linked = ['d1', 'd2', 'd3'];
    const script = { ...way.script, 'GET /documents/d3': { id: 'd3', av_scan_status: 'infected' } };
    expect(await take('documents', { ...way, held, linked, script })).toMatchObject({
      ids: ['d1', 'd2', 'd3'],
      asked: [DOCUMENTS, byReference(one, two), 'GET /documents/d3'],
    });
  });

  it.each<[string, Way, unknown[]]>([
    ['orders are compared with them', { hasOrders: true }, []],
    [
      'one is stated by its id',
      {
        groups: [
          groupManifest('a', { requirements: [stated('x', { kind: 'document_id', id: asRemoteId('d1') })] }),
        ],
      },
      [],
    ],
    ['the list has as many pages as requests that it takes', { count: 2 }, []],
    ['the list does not say how many pages it has', { count: null }, []],
    ['a group is not known', { held: { a: observedGroup({ [DOCUMENT_ID]: 'd1' }) } }, []],
    [
      'a group is attached to orders',
      {
        groups: [
          groupManifest('a', {
            attach: [{ kind: 'phone_number', id: asRemoteId('n1'), source: pinned('x').source }],
            requirements: [documentStated('one')],
          }),
        ],
      },
      [],
    ],
    ['a group does not say of what type a value is', { held: { ...way.held, b: untyped('d2') } }, []],
    [
      'one of several is not there',
      { script: { [byReference(one, two)]: [document('d1', one)] } },
      [byReference(one, two)],
    ],
    [
      'a group holds more others than pages are left',
      {
        count: 3,
        held: { a: observedGroup({ [DOCUMENT_ID]: 'd3' }), b: observedGroup({ [DOCUMENT_ID]: 'd4' }) },
      },
      [byReference(one, two)],
    ],
  ])('are read in the whole list where %s', async (_, given, before) => {
    const { asked, dateMs } = await take('documents', { ...way, ...given });
    expect([asked, dateMs]).toEqual([[DOCUMENTS, ...before, REST[DOCUMENTS]], 5]);
  });
});

describe('addresses of several groups', () => {
  const [one, two] = ['Beispielweg 1', 'Beispielweg 2'];
  const way: Way = {
    groups: [
      groupManifest('a', { requirements: [stated('t'), addressStated(one), documentStated('one')] }),
      groupManifest('b', { requirements: [addressStated(two), addressStated(one)] }),
    ],
    held: {
      a: observedGroup({ [ADDRESS_ID]: 'a1', [TEXT_ID]: 'desk', [DOCUMENT_ID]: 'd1' }),
      b: observedGroup({ [ADDRESS_ID]: 'a2' }),
    },
    script: { [addressList(one)]: [streetRow('a1', one)], [addressList(two)]: [streetRow('a2', two)] },
  };
  const each = [addressList(one), addressList(two)];

  it('are asked for one by one, each once', async () => {
    expect(await take('addresses', way)).toEqual({
      ids: ['a1', 'a2'],
      dateMs: null,
      asked: [ADDRESSES, ...each],
    });
  });

  it('are asked for by their ids where a group holds others, and taken for gone where Telnyx says so', async () => {
    const held = { ...way.held, b: observedGroup({ [ADDRESS_ID]: 'a3' }) };
    const other = 'GET /addresses/a3';
    const there = { ...way, held, script: { ...way.script, [other]: streetRow('a3', 'Beispielweg 3') } };
    expect(await take('addresses', there)).toMatchObject({
      ids: ['a1', 'a2', 'a3'],
      asked: [ADDRESSES, ...each, other],
    });
    const gone = { ...there, script: { ...way.script, [other]: GONE } };
    expect((await take('addresses', gone)).ids).toEqual(['a1', 'a2']);
  });

  it('are asked for without a look at the list where groups were looked up, too', async () => {
    const { asked } = await take('addresses', { ...way, pagesOfGroups: 3 });
    expect(asked).toEqual(each);
    const short = await take('addresses', { ...way, pagesOfGroups: 2 });
    expect(short.asked).toEqual([ADDRESSES, REST[ADDRESSES]]);
  });

  it.each<[string, Way, unknown[]]>([
    ['orders are compared with them', { hasOrders: true }, []],
    [
      'one is stated by its id',
      {
        groups: [
          groupManifest('a', { requirements: [stated('x', { kind: 'address_id', id: asRemoteId('a1') })] }),
        ],
      },
      [],
    ],
    ['the list has as many pages as requests that it takes', { count: 3 }, []],
    ['the list does not say how many pages it has', { count: null }, []],
    ['a group is not known', { held: { a: observedGroup({ [ADDRESS_ID]: 'a1' }) } }, []],
    ['a group does not say of what type a value is', { held: { ...way.held, b: untyped('a2') } }, []],
    ['one of several is not there', { script: { ...way.script, [addressList(two)]: [] } }, each],
  ])('are read in the whole list where %s', async (_, given, before) => {
    const { asked, dateMs } = await take('addresses', { ...way, ...given });
    expect([asked, dateMs]).toEqual([[ADDRESSES, ...before, REST[ADDRESSES]], 5]);
  });
});

it.each([
  [1, 2, true],
  [2, 2, false],
  [3, 2, false],
  [1, null, false],
])('%i requests are cheaper than %s pages: %s', (requests, pagesLeft, expected) => {
  const begun = { pagesLeft, finish: () => Promise.reject(new Error('nobody reads it')) };
  expect(isCheaperByReference(requests, begun)).toBe(expected);
});

function untyped(id: string): ObservedGroup {
  const group = observedGroup({ x: id });
  return { ...group, requirements: group.requirements.map((one) => ({ ...one, fieldType: 'unknown' })) };
}
