import { describe, expect, it } from 'vitest';
import { asReference, asRemoteId } from '../../src/model/resource.ts';
import { type Account, observeAccount, readAccount } from '../../src/observe/account.ts';
import type { AccountOrder } from '../../src/observe/account-orders.ts';
import { groupManifest, manifests, pinned } from '../support/manifests.ts';
import { observedGroup } from '../support/plan-inputs.ts';
import { type ClientScript, pages, scriptedClient } from '../support/scripted-client.ts';
import { GONE, groupRow } from '../support/scripted-run.ts';

const GROUPS = 'GET /requirement_groups';
const group = (id: string, values: Readonly<Record<string, string>> = {}) =>
  observedGroup(values, { id: asRemoteId(id), reference: asReference(`regsync/acme/${id}`) });

describe('an account', () => {
  const read = async (script: ClientScript) => {
    const { client, asked } = scriptedClient({
      'GET /documents': [{ id: 'd1' }],
      'GET /addresses': [{ id: 'a1' }],
      ...script,
    });
    return { account: await readAccount(client, ['a', 'b', 'c'].map(asRemoteId), () => 7), asked };
  };

  it('is its groups, those that are named by their ids among them, then its documents and addresses', async () => {
    const { account, asked } = await read({
      [GROUPS]: [groupRow(group('a'))],
      'GET /requirement_groups/b': groupRow(group('b')),
      'GET /requirement_groups/c': GONE,
    });
    expect(account.groups.map(({ id }) => id)).toEqual(['a', 'b']);
    expect([account.documents, account.addresses].map(([one]) => one?.id)).toEqual(['d1', 'a1']);
    expect([account.orders, account.readAtMs]).toEqual([[], 7]);
    expect(asked).toEqual([
      GROUPS,
      'GET /requirement_groups/b',
      'GET /requirement_groups/c',
      'GET /documents',
      'GET /addresses',
    ]);
  });

  it.each([
    [5, 3, 3],
    [5, null, 5],
  ])(
    'was read by the clock of the server: groups at %s, documents at %s',
    async (groups, documents, expected) => {
      const one = {
        'GET /requirement_groups/a': GONE,
        'GET /requirement_groups/b': GONE,
        'GET /requirement_groups/c': GONE,
      };
      const { account } = await read({
        ...one,
        [GROUPS]: pages([], 1, groups),
        'GET /documents': pages([], 1, documents),
      });
      expect(account.readAtMs).toBe(expected);
    },
  );
});

describe('an account beside manifests', () => {
  const order: AccountOrder = {
    kind: 'sub_number_order',
    id: asRemoteId('s1'),
    status: 'pending',
    isOpen: true,
    countryCode: 'DE',
    phoneNumberType: 'local',
    subNumberOrderId: asRemoteId('s1'),
    holdings: [],
    reference: null,
    numberOrderId: asRemoteId('o1'),
    phoneNumbersCount: 1,
    parts: [],
  };
  const document = (id: string) => ({
    id: asRemoteId(id),
    reference: null,
    sha256: null,
    createdAtMs: null,
    status: null,
    scanStatus: null,
  });
  const account: Account = {
    groups: [
      group('a', { x: 'd1' }),
      group('gone'),
      { ...group('foreign'), reference: asReference('regsync/x/b') },
    ],
    documents: [document('d1'), document('d2')],
    addresses: [
      {
        id: asRemoteId('a1'),
        reference: asReference('HOME'),
        fields: new Map(),
        createdAtMs: null,
      },
    ],
    orders: [order],
    readAtMs: 9,
  };
  const attach = [{ kind: 'number_order' as const, id: asRemoteId('o1'), source: pinned('o1').source }];

  it('is what they would find, without orders of their own and comments', () => {
    const desired = manifests({
      formerScope: 'old',
      RequirementGroup: [
        groupManifest('a', { attach }),
        groupManifest('b', { id: pinned('foreign') }),
        groupManifest('c', { id: pinned('x') }),
      ],
    });
    const { observed, problems, refusals } = observeAccount(account, desired);
    const { RequirementGroup: matches, orphans, unclaimed, documents, addresses, orders, ...rest } = observed;
    expect(rest).toEqual({
      scope: 'acme',
      formerScope: 'old',
      ownedGroups: 3,
      comments: new Map(),
      NumberOrder: new Map(),
      PortingOrder: new Map(),
      readAtMs: 9,
    });
    expect([...matches].map(([name, { group: found }]) => [name, found?.id ?? null])).toEqual([
      ['b', 'foreign'],
      ['c', null],
      ['a', 'a'],
    ]);
    expect([orphans, unclaimed].map((all) => all?.map(({ id }) => id))).toEqual([['gone'], ['gone']]);
    expect([...documents.byId.values()].map(({ id, linked }) => [id, linked])).toEqual([
      ['d1', true],
      ['d2', false],
    ]);
    expect([...addresses.byReference.keys()]).toEqual(['HOME']);
    expect(orders.get('a')?.map(({ id }) => id)).toEqual(['s1']);
    expect([problems, refusals].map((all) => all.map(({ code }) => code))).toEqual([
      ['group-not-found'],
      ['foreign-group'],
    ]);
  });

  it('tells of orders that two groups name', () => {
    const groups = [groupManifest('a', { attach }), groupManifest('b', { attach })];
    expect(
      observeAccount(account, manifests({ RequirementGroup: groups })).problems.map(({ code }) => code),
    ).toEqual(['duplicate-order']);
  });
});
