import { describe, expect, it } from 'vitest';
import type { ObservedGroup } from '../../src/model/observed.ts';
import { Redactor } from '../../src/model/privacy/redactor.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { references } from '../../src/model/reference-names.ts';
import {
  asReference,
  asRemoteId,
  type Desired,
  type DesiredContent,
  type DesiredGroup,
} from '../../src/model/resource.ts';
import { type Narrow, observe } from '../../src/observe/observe.ts';
import { openReadClient } from '../../src/telnyx/client.ts';
import {
  groupManifest,
  link,
  manifests,
  numberManifest,
  pinned,
  portingManifest,
  selection,
  stated,
} from '../support/manifests.ts';
import {
  addressValue,
  DOCUMENT_ID,
  desiredGroup,
  documentValue,
  observedGroup,
  SCOPE,
  TEXT_ID,
} from '../support/plan-inputs.ts';
import { type ClientScript, pages, scriptedClient } from '../support/scripted-client.ts';
import { documentOf, GONE, groupRow, refused } from '../support/scripted-run.ts';
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
  const { values: _, definitions: __, ...group } = desiredGroup({ name });
  return { ...group, requirements: [] };
}

describe('comments of reviewers', () => {
  it('are read for the groups of the run alone, and are told oldest first', async () => {
    const server = await declined();
    const both = manifests({ RequirementGroup: [desired('a'), desired('b')] });
    const { observed } = await observe(openReadClient(optionsFor(server)), both, {
      selected: selection({ RequirementGroup: ['b'] }),
      redactor: new Redactor(),
      nowMs: () => 0,
    });
    expect([...observed.comments.keys()]).toEqual(['b']);
    expect(observed.comments.get(asRemoteId('b'))?.map(({ body }) => body)).toEqual([
      'said on 2026-03-01',
      'said on 2026-03-02',
      'said on 2026-03-03',
    ]);
    expect([...observed.RequirementGroup.keys()]).toEqual(['a', 'b']);
  });
});

/* ---- Against a script ---- */

const GROUPS = 'GET /requirement_groups';
const DOCUMENTS = 'GET /documents';
const ADDRESSES = 'GET /addresses';
const LINKS = 'GET /document_links';

const STATED = documentValue('registration').content;
const ADDRESS = addressValue('Beispielweg 1').content;
const SHA256 = documentOf('registration').sha256;
const REFERENCE = references.document(SCOPE, SHA256);

const row = (id: string, given: Partial<ObservedGroup> = {}, values: Readonly<Record<string, string>> = {}) =>
  groupRow(
    observedGroup(values, {
      id: asRemoteId(id),
      reference: asReference(`regsync/acme/${id}`),
      status: 'approved',
      ...given,
    }),
  );

async function read(
  desired: Partial<Desired>,
  script: ClientScript,
  selected = selection({ RequirementGroup: (desired.RequirementGroup ?? []).map(({ name }) => name) }),
  narrow?: Narrow,
) {
  const { client, asked } = scriptedClient({ [GROUPS]: [], ...script });
  const nowMs = () => 7;
  const { observed, problems, refusals } = await observe(client, manifests(desired), {
    selected,
    redactor: new Redactor(),
    nowMs,
    ...(narrow === undefined ? {} : { narrow }),
  });
  return { observed, problems, refusals, asked };
}

describe('what is observed', () => {
  it('of nothing is nothing, by the clock of this machine', async () => {
    const { observed, problems, refusals, asked } = await read({}, {});
    expect(observed).toEqual({
      scope: 'acme',
      users: [],
      RequirementGroup: new Map(),
      orphans: [],
      unclaimed: [],
      ownedGroups: 0,
      documents: { byId: new Map(), byReference: new Map(), bySha256: new Map() },
      addresses: { byId: new Map(), byReference: new Map() },
      comments: new Map(),
      orders: new Map(),
      NumberOrder: new Map(),
      PortingOrder: new Map(),
      lostOrders: new Map(),
      rivalOrders: new Map(),
      readAtMs: 7,
    });
    expect([problems, refusals, asked]).toEqual([[], [], [GROUPS]]);
  });

  it('are groups, orphans among them, and the users that own them', async () => {
    const rows = [
      { ...row('a'), user_id: 'user-2' },
      { ...row('gone'), user_id: 'user-1' },
      { ...row('x', { reference: null }), user_id: 'user-2' },
    ];
    const { observed } = await read(
      { RequirementGroup: [groupManifest('a')], formerScope: 'old' },
      { [GROUPS]: pages(rows, 1, 5) },
    );
    expect(observed.users).toEqual(['user-1', 'user-2']);
    expect(observed.RequirementGroup.get('a')?.group?.id).toBe('a');
    expect([observed.orphans, observed.unclaimed].map((all) => all?.map(({ id }) => id))).toEqual([
      ['gone'],
      ['gone', 'x'],
    ]);
    expect([observed.ownedGroups, observed.formerScope, observed.readAtMs]).toEqual([2, 'old', 5]);
  });

  it('are the groups of a narrow run alone, by the clock of the server, and those whose manifests are gone', async () => {
    const by = (name: string) => `${GROUPS}?filter[customer_reference]=regsync/acme/${name}`;
    const script = {
      [GROUPS]: pages([], 9, 5),
      [by('a')]: [row('a')],
      [by('gone')]: [row('gone')],
      'GET /requirement_groups/g9': row('g9', { reference: null }),
    };
    const removed = [
      { id: null, reference: references.group(SCOPE, 'gone') },
      { id: pinned('g9'), reference: references.group(SCOPE, 'elsewhere') },
    ];
    const { observed, asked } = await read(
      { RequirementGroup: [groupManifest('a'), groupManifest('b')] },
      script,
      selection({ RequirementGroup: ['a'] }),
      { removed },
    );
    expect(asked).toEqual([GROUPS, 'GET /requirement_groups/g9', by('gone'), by('a')]);
    expect([...observed.RequirementGroup.keys()]).toEqual(['a']);
    expect(observed.orphans.map(({ id }) => id)).toEqual(['gone']);
    expect([observed.unclaimed, observed.readAtMs]).toEqual([undefined, 5]);
  });

  it('are the groups that orders of a narrow run name, too', async () => {
    const { observed, asked } = await read(
      {
        RequirementGroup: [groupManifest('a'), groupManifest('b')],
        PortingOrder: [portingManifest('p', { group: link('b') })],
      },
      {
        [GROUPS]: pages([], 9),
        [`${GROUPS}?filter[customer_reference]=regsync/acme/b`]: [row('b')],
        'GET /porting_orders/id-p': { id: 'id-p', status: 'draft' },
        'GET /porting_orders/id-p/action_requirements': [],
      },
      selection({ PortingOrder: ['p'] }),
      {},
    );
    expect([...observed.RequirementGroup.keys()]).toEqual(['b']);
    expect(asked).not.toContain(`${GROUPS}, the rest`);
  });

  it.each([
    ['those of its groups', ['a'], ['user-a']],
    ['those of the first page, if it needs no group', [], ['user-x', 'user-y']],
  ])('are the users of the account, also of a narrow run: %s', async (_, names, users) => {
    const first = ['x', 'y'].map((name) => ({ ...row(name), user_id: `user-${name}` }));
    const { observed, asked } = await read(
      { RequirementGroup: [groupManifest('a')] },
      {
        [GROUPS]: pages(first, 9),
        [`${GROUPS}?filter[customer_reference]=regsync/acme/a`]: [{ ...row('a'), user_id: 'user-a' }],
      },
      selection({ RequirementGroup: names }),
      {},
    );
    expect(observed.users).toEqual(users);
    expect(asked).not.toContain(`${GROUPS}, the rest`);
  });

  it('are groups that manifests name by their ids, each asked for once where the list does not hold it', async () => {
    const groups = [
      groupManifest('a', { id: pinned('a') }),
      groupManifest('b', { id: pinned('b') }),
      groupManifest('c', { id: pinned('c') }),
      groupManifest('d', { id: pinned('b') }),
      groupManifest('e'),
    ];
    const script = {
      [GROUPS]: [row('a')],
      'GET /requirement_groups/b': row('b'),
      'GET /requirement_groups/c': refused(422),
    };
    const { observed, problems, asked } = await read({ RequirementGroup: groups }, script);
    expect([...observed.RequirementGroup].map(([name, { group }]) => [name, group?.id ?? null])).toEqual([
      ['a', 'a'],
      ['b', 'b'],
      ['c', null],
      ['d', 'b'],
      ['e', null],
    ]);
    expect(problems.map(({ code }) => code)).toEqual(['group-not-found']);
    expect(asked).toEqual([GROUPS, 'GET /requirement_groups/b', 'GET /requirement_groups/c']);
  });

  it('tells of groups and orders what is wrong with their manifests', async () => {
    const { problems, refusals } = await read(
      {
        RequirementGroup: [groupManifest('a', { id: pinned('a') }), groupManifest('b', { id: pinned('b') })],
        NumberOrder: [numberManifest('n', { id: pinned('o1') }), numberManifest('m', { id: pinned('o2') })],
      },
      {
        'GET /requirement_groups/a': GONE,
        'GET /requirement_groups/b': row('b', { reference: asReference('regsync/x/b') }),
        'GET /number_orders/o1': GONE,
        'GET /number_orders/o2': { id: 'o2', status: 'pending', customer_reference: 'regsync/x/order/m' },
      },
      selection({ RequirementGroup: ['a', 'b'], NumberOrder: ['n', 'm'] }),
    );
    expect(problems.map(({ code }) => code)).toEqual(['group-not-found', 'order-not-found']);
    expect(refusals.map(({ code }) => code)).toEqual(['foreign-group', 'foreign-order']);
  });
});

it('the orders that groups name are read for the groups of the run alone', async () => {
  const attaching = (id: string) => ({
    kind: 'porting_order' as const,
    id: asRemoteId(id),
    source: pinned(id).source,
  });
  const groups = ['a', 'b'].map((name) => groupManifest(name, { attach: [attaching(`port-${name}`)] }));
  const { asked, observed } = await read(
    { RequirementGroup: groups },
    {
      'GET /porting_orders/port-b': { id: 'port-b', status: 'draft' },
      'GET /porting_orders/port-b/requirements': [],
    },
    selection({ RequirementGroup: ['b'] }),
  );
  expect(asked.filter((request) => String(request).includes('porting'))).toEqual([
    'GET /porting_orders/port-b',
    'GET /porting_orders/port-b/requirements',
  ]);
  expect([...observed.orders.keys()]).toEqual(['b']);
});

describe('documents and addresses', () => {
  const stating = (...contents: DesiredContent[]) => ({
    RequirementGroup: [groupManifest('a', { requirements: contents.map((content) => stated('x', content)) })],
  });
  const lists: ClientScript = {
    [DOCUMENTS]: pages([{ id: 'd1' }], 1, 3),
    [ADDRESSES]: [{ id: 'a1' }],
    [LINKS]: [],
  };

  it.each<[string, DesiredContent[], string[]]>([
    ['are not asked for where no manifest states any', [{ kind: 'text', text: new Sensitive('x') }], []],
    ['of which one is stated by its file', [{ kind: 'text', text: new Sensitive('x') }, STATED], [DOCUMENTS]],
    ['of which one is stated by its id', [{ kind: 'document_id', id: asRemoteId('d1') }], [DOCUMENTS]],
    ['of which an address is stated by its fields', [ADDRESS], [ADDRESSES]],
    ['of which an address is stated by its id', [{ kind: 'address_id', id: asRemoteId('a1') }], [ADDRESSES]],
  ] as [string, DesiredContent[], string[]][])('%s', async (_, contents, expected) => {
    const { asked } = await read(stating(...contents), lists);
    expect(asked).toEqual([GROUPS, ...expected]);
  });

  it('that the list lacks are looked for by the ids of the run’s manifests, once each', async () => {
    const contents: DesiredContent[] = [
      { kind: 'document_id', id: asRemoteId('d1') },
      { kind: 'document_id', id: asRemoteId('d2') },
      { kind: 'document_id', id: asRemoteId('d2') },
      { kind: 'document_id', id: asRemoteId('d3') },
      { kind: 'address_id', id: asRemoteId('a2') },
    ];
    const { asked, observed, problems } = await read(stating(...contents), {
      ...lists,
      'GET /documents/d2': GONE,
      'GET /documents/d3': { id: 'd3' },
      'GET /addresses/a2': GONE,
    });
    expect(asked.slice(3).sort()).toEqual(['GET /addresses/a2', 'GET /documents/d2', 'GET /documents/d3']);
    expect([...observed.documents.byId.keys()]).toEqual(['d1', 'd3']);
    expect(problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'document-not-found: Telnyx has no document d2',
      'document-not-found: Telnyx has no document d2',
      'address-not-found: Telnyx has no address a2',
    ]);
  });

  describe('that orders name', () => {
    const naming = (id: string) => stated('x', { kind: 'document_id', id: asRemoteId(id) });
    const emergency = (id: string | null) => ({
      path: 'phone_number_configuration.emergency_address_id' as const,
      value: id === null ? null : new Sensitive(id),
      source: { file: 'groups/a.yaml', line: 8, column: 1 },
    });
    const orders = {
      RequirementGroup: [groupManifest('a', { requirements: [stated('x', STATED)] })],
      NumberOrder: [numberManifest('n', { id: pinned('o1'), requirements: [naming('d8')] })],
      PortingOrder: [
        portingManifest('p', { requirements: [naming('d9')], settings: [emergency('a9')] }),
        portingManifest('q', { settings: [emergency(null)] }),
      ],
    };
    const script: ClientScript = {
      ...lists,
      'GET /number_orders/o1': { id: 'o1', status: 'pending', customer_reference: 'regsync/acme/order/n' },
      'GET /sub_number_orders?filter[order_request_id]=o1': [],
      'GET /porting_orders/id-p': { id: 'id-p', status: 'draft' },
      'GET /porting_orders/id-p/requirements': [],
      'GET /porting_orders/id-p/action_requirements': [],
      'GET /porting_orders/id-q': { id: 'id-q', status: 'draft' },
      'GET /porting_orders/id-q/action_requirements': [],
      'GET /documents/d8': GONE,
      'GET /documents/d9': GONE,
      'GET /addresses/a9': GONE,
    };

    it('are looked for, those of settings among them', async () => {
      const selected = selection({ RequirementGroup: ['a'], NumberOrder: ['n'], PortingOrder: ['p', 'q'] });
      const { problems } = await read(orders, script, selected);
      const absent = problems.filter(({ code }) => code.endsWith('-not-found'));
      expect(absent.map(({ message, source }) => `${message}, line ${source?.line}`)).toEqual([
        'Telnyx has no document d8, line 6',
        'Telnyx has no document d9, line 6',
        'Telnyx has no address a9, line 8',
      ]);
    });

    it('are not looked for where the orders are not in the run', async () => {
      const { problems, asked } = await read(orders, script, selection({ RequirementGroup: ['a'] }));
      expect(problems).toEqual([]);
      expect(asked.filter((request) => /(documents|addresses)\/./.test(String(request)))).toEqual([]);
    });
  });

  it('are found by id, by reference and by digest, with what became of them', async () => {
    const document = (id: string, given: object = {}) => ({ id, customer_reference: REFERENCE, ...given });
    const { observed } = await read(stating(STATED, ADDRESS), {
      [GROUPS]: [row('a', {}, { [DOCUMENT_ID]: 'held', [TEXT_ID]: 'infected' })],
      [DOCUMENTS]: pages(
        [
          document('held', { sha256: SHA256, created_at: '2026-05-01T00:00:00Z' }),
          document('infected', { av_scan_status: 'infected', status: 'denied' }),
          document('denied', { status: 'denied', customer_reference: null }),
        ],
        1,
        3,
      ),
      [ADDRESSES]: [{ id: 'a1', customer_reference: 'HOME', street_address: 'Beispielweg 1' }],
      [LINKS]: [{ document_id: 'denied' }],
    });
    const held = {
      id: 'held',
      reference: REFERENCE,
      sha256: SHA256,
      createdAtMs: Date.parse('2026-05-01T00:00:00Z'),
      rejected: null,
      linked: true,
    };
    const none = { sha256: null, createdAtMs: null };
    const infected = { ...none, id: 'infected', reference: REFERENCE, rejected: 'infected', linked: false };
    const denied = { ...none, id: 'denied', reference: null, rejected: 'denied', linked: true };
    expect(observed.documents).toEqual({
      byId: new Map([
        ['held', held],
        ['infected', infected],
        ['denied', denied],
      ] as [string, object][]),
      byReference: new Map([[REFERENCE, [held, infected]]]),
      bySha256: new Map([[SHA256, [held]]]),
    });
    expect([...observed.addresses.byId.keys(), ...observed.addresses.byReference.keys()]).toEqual([
      'a1',
      'HOME',
    ]);
    expect(observed.readAtMs).toBe(3);
  });

  it('that a group holds as it knows not what are linked', async () => {
    const group = observedGroup({ x: 'd1' });
    const requirements = group.requirements.map((one) => ({ ...one, fieldType: 'unknown' as const }));
    const { observed, asked } = await read(stating(STATED), {
      [GROUPS]: [row('a', { requirements })],
      [DOCUMENTS]: [{ id: 'd1', sha256: SHA256 }],
    });
    expect(observed.documents.byId.get('d1')?.linked).toBe(true);
    expect(asked).toEqual([GROUPS, DOCUMENTS]);
  });

  it.each<[string, object, boolean]>([
    ['has the reference of one that is wanted', { customer_reference: REFERENCE }, true],
    ['has the bytes of one that is wanted', { sha256: SHA256 }, true],
    ['has nothing of one that is wanted', { sha256: 'b'.repeat(64), customer_reference: 'x' }, false],
    ['says nothing', {}, false],
  ])('are asked for their links only where one that no group holds %s', async (_, given, expected) => {
    const { asked } = await read(stating({ kind: 'address_id', id: asRemoteId('a1') }, STATED), {
      ...lists,
      [DOCUMENTS]: [{ id: 'd1', ...given }],
    });
    expect(asked.includes(LINKS)).toBe(expected);
  });

  it('are looked up by their references for the groups of the run alone', async () => {
    const other = groupManifest('b', {
      requirements: [stated('x', { kind: 'document_id', id: asRemoteId('d9') })],
    });
    const [a] = stating(STATED).RequirementGroup;
    const list = `${DOCUMENTS}?filter[customer_reference][in][]=${REFERENCE}`;
    const script = {
      [GROUPS]: [row('a', {}, { [DOCUMENT_ID]: 'd1' })],
      [DOCUMENTS]: pages([], 9),
      [list]: [{ id: 'd1', customer_reference: REFERENCE, sha256: SHA256 }],
    };
    const { asked } = await read(
      { RequirementGroup: [a ?? other, other] },
      script,
      selection({ RequirementGroup: ['a'] }),
    );
    expect(asked).toEqual([GROUPS, DOCUMENTS, list]);
  });

  it.each<
    [
      string,
      Partial<Desired>,
      Partial<Record<'RequirementGroup' | 'NumberOrder' | 'PortingOrder', string[]>>,
      boolean,
    ]
  >([
    [
      'a number order is in the run',
      {
        NumberOrder: [numberManifest('n', { id: pinned('o1') }), numberManifest('m', { id: pinned('o2') })],
      },
      { NumberOrder: ['n'] },
      true,
    ],
    [
      'a porting order is in the run',
      { PortingOrder: [portingManifest('p'), portingManifest('q')] },
      { PortingOrder: ['p'] },
      true,
    ],
    [
      'an order names a group of the run',
      {
        NumberOrder: [
          numberManifest('m', { id: pinned('o2') }),
          numberManifest('n', { id: pinned('o1'), group: link('a') }),
        ],
      },
      {},
      true,
    ],
    [
      'orders name other groups',
      { PortingOrder: [portingManifest('p', { group: link('x') }), portingManifest('q')] },
      {},
      false,
    ],
  ])('are read in one list where %s', async (_, orders, selected, isWhole) => {
    const list = `${DOCUMENTS}?filter[customer_reference][in][]=${REFERENCE}`;
    const { asked } = await read(
      { ...stating(STATED), ...orders },
      {
        [GROUPS]: [row('a', {}, { [DOCUMENT_ID]: 'd1' })],
        [DOCUMENTS]: pages([], 9),
        [list]: [{ id: 'd1', customer_reference: REFERENCE, sha256: SHA256 }],
        'GET /number_orders/o1': { id: 'o1', status: 'success' },
        'GET /sub_number_orders?filter[order_request_id]=o1': [],
        'GET /porting_orders/id-p': { id: 'id-p', status: 'draft' },
        'GET /porting_orders/id-p/requirements': [],
        'GET /porting_orders/id-p/action_requirements': [],
      },
      selection({ RequirementGroup: ['a'], ...selected }),
    );
    expect([asked.includes(`${DOCUMENTS}, the rest`), asked.includes(list)]).toEqual([isWhole, !isWhole]);
  });
});

describe('comments', () => {
  const commentsOf = (type: string, id: string) =>
    `GET /comments?filter[comment_record_type]=${type}&filter[comment_record_id]=${id}`;

  it.each([
    ['approved', false],
    ['unapproved', true],
    ['pending-approval', true],
    ['declined', true],
    ['expired', true],
    ['a status of tomorrow', true],
  ])('on a group that is %s are asked for once: %s', async (status, isAsked) => {
    const request = commentsOf('requirement_group', 'a');
    const said = { comment_record_id: 'a', commenter_type: 'admin', body: 'Why?', created_at: '2026-06-01' };
    const { observed, asked } = await read(
      { RequirementGroup: [groupManifest('a'), groupManifest('b'), groupManifest('c')] },
      { [GROUPS]: [row('a', { status }), row('b')], [request]: [said] },
    );
    expect(asked).toEqual(isAsked ? [GROUPS, request] : [GROUPS]);
    expect(observed.comments.get(asRemoteId('a'))?.map(({ body }) => body)).toEqual(
      isAsked ? ['Why?'] : undefined,
    );
  });

  it('on orders are among those of groups', async () => {
    const order = 'GET /porting_orders/id-p';
    const request = `${order}/comments`;
    const { observed, asked } = await read(
      { PortingOrder: [portingManifest('p')] },
      {
        'GET /porting_orders/id-p': { id: 'id-p', status: 'exception' },
        'GET /porting_orders/id-p/requirements': [],
        'GET /porting_orders/id-p/action_requirements': [],
        [request]: [{ user_type: 'admin', body: 'Which PIN?', created_at: '2026-06-01' }],
      },
      selection({ PortingOrder: ['p'] }),
    );
    expect(asked).toEqual([GROUPS, order, `${order}/action_requirements`, request]);
    expect([...observed.comments]).toMatchObject([['id-p', [{ body: 'Which PIN?', byReviewer: true }]]]);
  });
});
