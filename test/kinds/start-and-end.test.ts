import { describe, expect, it } from 'vitest';
import { roomOf } from '../../src/kinds/index.ts';
import {
  describeValue,
  fingerprintHeld,
  heldValues,
  ownerOf,
  startOfWrite,
} from '../../src/kinds/values/describe-values.ts';
import { canonicalJson, fingerprintValue } from '../../src/kinds/values/fingerprint.ts';
import type { NamedOrder } from '../../src/model/orders/observed-order.ts';
import type {
  Change,
  GroupChange,
  NumberOrderChange,
  PortingOrderChange,
  ValueWrite,
} from '../../src/model/plan/change.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import {
  asRemoteId,
  type DesiredAddress,
  type DesiredAttachment,
  type DesiredDocument,
} from '../../src/model/resource.ts';
import { desiredOrder, observedOrder } from '../support/ordered.ts';
import {
  ADDRESS_ID,
  addressValue,
  DOCUMENT_ID,
  definition,
  desiredGroup,
  documentValue,
  observedGroup,
  TEXT_ID,
  textValue,
} from '../support/plan-inputs.ts';
import { planKeys } from '../support/plans.ts';
import { desiredPort, observedPort } from '../support/ported.ts';

const KEYS = planKeys();
const SOURCE = { file: 'groups/a.yaml', line: 1, column: 1 };
const secret = (text: string) => new Sensitive(text);
const startAndEnd = (change: Change) => roomOf(change).startAndEnd(change);
const described = (change: Change) => roomOf(change).describe(change, KEYS);

const WRITE: ValueWrite = {
  requirementId: TEXT_ID,
  requirementName: 'Contact Info',
  fieldType: 'textual',
  value: { kind: 'text', text: secret('new') },
  before: secret('text:old'),
  after: secret('text:new'),
  observedStatus: 'declined',
  source: SOURCE,
};
const FIRST_WRITE = { ...WRITE, requirementId: DOCUMENT_ID, before: null };

const SHARED = { source: SOURCE, writesReference: null, dependsOn: [], consequences: [] };
const GROUP: GroupChange = {
  ...SHARED,
  kind: 'RequirementGroup',
  name: 'de-local',
  verb: 'update',
  actions: ['update', 'submit'],
  desired: desiredGroup({ values: [documentValue('registration'), textValue('new')] }),
  observed: observedGroup({ [DOCUMENT_ID]: 'doc-1', [ADDRESS_ID]: '', [TEXT_ID]: 'old' }),
  writes: [WRITE, FIRST_WRITE],
  attaches: [],
  deletes: [],
};
const [REGISTRATION_END, TEXT_END] = [
  [DOCUMENT_ID, `document:${hashOf(GROUP)}`],
  [TEXT_ID, 'text:new'],
];

function hashOf({ desired }: GroupChange): string | undefined {
  const content = desired?.values[0]?.content;
  return content?.kind === 'document' ? content.document.sha256.slice(0, 32) : undefined;
}

const GROUP_END = [
  'RequirementGroup',
  'de-local',
  'DE/local/ordering',
  'regsync/acme/de-local',
  false,
  null,
  'submit',
  [TEXT_END, REGISTRATION_END],
];
const GROUP_START = [
  GROUP.observed?.id,
  'unapproved',
  'regsync/acme/de-local',
  [
    [TEXT_ID, 'old'],
    [DOCUMENT_ID, 'doc-1'],
  ],
];
const WRITE_STARTS = [
  [TEXT_ID, 'text:old'],
  [DOCUMENT_ID, null],
];

describe('what a fingerprint covers of a group', () => {
  it('is where it leads, by which actions, and what is there now', () => {
    expect(startAndEnd(GROUP)).toEqual([GROUP_END, ['update', 'submit'], GROUP_START, WRITE_STARTS, []]);
  });

  it('is its id where the manifest pins one, and nothing of what does not exist yet', () => {
    const desired = desiredGroup({
      values: [textValue('new')],
      id: { id: asRemoteId('pinned'), source: SOURCE },
      statesReference: true,
      approval: 'none',
    });
    expect(startAndEnd({ ...GROUP, desired, observed: null, writes: [] })).toEqual([
      [...GROUP_END.slice(0, 4), true, 'pinned', 'none', [TEXT_END]],
      ['update', 'submit'],
      null,
      [],
      [],
    ]);
  });

  it('is each group that is deleted, with what that holds', () => {
    const old = observedGroup({ [TEXT_ID]: 'x' }, { id: asRemoteId('gone'), reference: null });
    const actions = ['delete'] as const;
    expect(
      startAndEnd({
        ...GROUP,
        verb: 'delete',
        desired: null,
        observed: null,
        writes: [],
        deletes: [old],
        actions,
      }),
    ).toEqual([
      ['RequirementGroup', 'de-local', 'deleted', ['gone']],
      ['delete'],
      null,
      [],
      [['gone', 'unapproved', null, [[TEXT_ID, 'x']]]],
    ]);
  });

  it('is each order that it is attached to, in whichever order the manifest and Telnyx list things', () => {
    const wanted = (id: string): DesiredAttachment => ({
      kind: 'sub_number_order',
      id: asRemoteId(id),
      source: SOURCE,
    });
    const held = (requirementId: string, value: string, status: string) => ({
      requirementId,
      fieldType: 'textual' as const,
      value: secret(value),
      status,
    });
    const order: NamedOrder = {
      kind: 'sub_number_order',
      id: asRemoteId('order-1'),
      status: 'pending',
      isOpen: true,
      countryCode: 'DE',
      phoneNumberType: 'local',
      subNumberOrderId: asRemoteId('order-1'),
      holdings: [[held(DOCUMENT_ID, 'doc-2', 'declined'), held(TEXT_ID, 'x', 'approved')]],
      source: SOURCE,
    };
    const after = (requirementId: string, text: string) => ({
      requirementId,
      requirementName: 'Any',
      after: secret(text),
    });
    const change: GroupChange = {
      ...GROUP,
      desired: desiredGroup({ values: [], attach: [wanted('order-2'), wanted('order-1')] }),
      writes: [],
      attaches: [
        { order, requirements: [after(DOCUMENT_ID, 'document:1'), after(TEXT_ID, 'text:new')], replaces: [] },
      ],
    };
    expect(startAndEnd(change)).toEqual([
      [
        ...GROUP_END.slice(0, 7),
        [],
        [
          ['sub_number_order', 'order-1'],
          ['sub_number_order', 'order-2'],
        ],
      ],
      ['update', 'submit'],
      GROUP_START,
      [],
      [],
      [
        [
          'sub_number_order',
          'order-1',
          'pending',
          [
            [
              [TEXT_ID, 'approved', 'x'],
              [DOCUMENT_ID, 'declined', 'doc-2'],
            ],
          ],
          [
            [TEXT_ID, 'text:new'],
            [DOCUMENT_ID, 'document:1'],
          ],
        ],
      ],
    ]);
  });
});

describe('what a fingerprint covers of a number order', () => {
  const ORDER: NumberOrderChange = {
    ...SHARED,
    kind: 'NumberOrder',
    name: 'new',
    verb: 'create',
    actions: ['create'],
    desired: desiredOrder('new', {
      phoneNumbers: ['+49300000001', '+49300000002'].map((number) => ({
        number: secret(number),
        source: SOURCE,
      })),
      group: { name: 'de-local', source: SOURCE },
      settings: [{ key: 'connection_id', value: '17', source: SOURCE }],
      values: [documentValue('registration'), textValue('new')],
    }),
    observed: null,
    writes: [],
    ordersWith: 'de-local',
    orderedGroup: GROUP.observed,
  };
  const ORDER_END = [
    'NumberOrder',
    'new',
    'regsync/acme/order/new',
    false,
    null,
    ['+49300000001', '+49300000002'],
    'de-local',
    [['connection_id', '17']],
    [TEXT_END, REGISTRATION_END],
  ];

  it('is its numbers, its settings, its values, and the group that it is placed with', () => {
    expect(startAndEnd(ORDER)).toEqual([ORDER_END, ['create'], 'de-local', GROUP_START, []]);
    const alone = { ...ORDER, ordersWith: null, orderedGroup: null };
    expect(startAndEnd(alone)).toEqual([ORDER_END, ['create'], null, null, []]);
  });

  it('is what each of its parts holds, in whichever order Telnyx lists them', () => {
    const held = (requirementId: string, value: string) => ({
      requirementId,
      fieldType: 'textual' as const,
      value: secret(value),
      status: 'declined',
    });
    const [part] = observedOrder('new').subOrders;
    if (part === undefined) throw new Error('There is no part');
    const subOrders = ['part-2', 'part-1'].map((id) => ({
      ...part,
      id: asRemoteId(id),
      holdings: [[held(DOCUMENT_ID, 'doc-1'), held(TEXT_ID, 'old')]],
    }));
    const observed = observedOrder('new', { reference: null, subOrders });
    const desired = desiredOrder('new', { id: { id: asRemoteId('id-new'), source: SOURCE } });
    const change: NumberOrderChange = {
      ...ORDER,
      verb: 'update',
      actions: ['update'],
      desired,
      observed,
      writes: [WRITE],
      ordersWith: null,
      orderedGroup: null,
    };
    const holding = [
      [TEXT_ID, 'declined', 'old'],
      [DOCUMENT_ID, 'declined', 'doc-1'],
    ];
    expect(startAndEnd(change)).toEqual([
      ['NumberOrder', 'new', 'regsync/acme/order/new', false, 'id-new', ['+49300000001'], null, [], []],
      ['update'],
      null,
      [
        'id-new',
        'pending',
        null,
        [
          ['part-1', 'pending', [holding]],
          ['part-2', 'pending', [holding]],
        ],
      ],
      [[TEXT_ID, 'text:old']],
      [[TEXT_ID, 'text:new']],
    ]);
  });

  it('and what a plan shows of its numbers are prints, each of its own', () => {
    expect(described(ORDER).patch).toContainEqual({
      op: 'add',
      path: '/phone_numbers',
      value: ['+49300000001', '+49300000002'].map((number, index) =>
        fingerprintValue(KEYS, 'NumberOrder/new', `phone number ${index}`, secret(number)),
      ),
    });
  });

  it('and the settings of one that is placed already are shown no more', () => {
    const placed = { ...ORDER, verb: 'adopt' as const, writesReference: 'MY REF' };
    const reference = null;
    const change = described({ ...placed, observed: observedOrder('new', { reference }) });
    expect(change.order?.settings).toEqual([]);
    expect(change.patch).toEqual([{ op: 'add', path: '/customer_reference', value: 'MY REF' }]);
  });
});

describe('what a fingerprint covers of a porting order', () => {
  const held = (requirementId: string, value: string) => ({
    requirementId,
    fieldType: 'textual' as const,
    value: secret(value),
    status: 'declined',
    name: 'Any',
  });
  const PORT: PortingOrderChange = {
    kind: 'PortingOrder',
    name: 'port',
    source: SOURCE,
    verb: 'update',
    actions: ['update'],
    desired: desiredPort(
      { webhook_url: secret('https://example.com/porting'), customer_reference: secret('new') },
      {
        group: { name: 'de-local', source: SOURCE },
        values: [documentValue('registration'), textValue('new')],
      },
    ),
    observed: observedPort(
      { customer_reference: secret('old'), 'end_user.admin.entity_name': secret('Example GmbH') },
      { requirements: [held(DOCUMENT_ID, 'doc-1'), held(TEXT_ID, 'old')] },
    ),
    settings: [],
    writes: [WRITE],
    dependsOn: [],
    consequences: [],
  };

  it('is the settings that the manifest states, on both sides, and all requirements that the order has', () => {
    const [end, actions, start, writes] = startAndEnd(PORT) as [unknown[], unknown, unknown[], unknown];
    expect(end).toEqual([
      'PortingOrder',
      'port',
      'id-port',
      'de-local',
      [
        ['customer_reference', expect.stringContaining('new')],
        ['webhook_url', expect.stringContaining('https://example.com/porting')],
      ],
      [TEXT_END, REGISTRATION_END],
    ]);
    expect(actions).toEqual(['update']);
    expect(start).toEqual([
      'id-port',
      'exception',
      [
        ['customer_reference', expect.stringContaining('old')],
        ['webhook_url', expect.any(String)],
      ],
      [
        [TEXT_ID, 'declined', 'old'],
        [DOCUMENT_ID, 'declined', 'doc-1'],
      ],
    ]);
    expect(writes).toEqual([[TEXT_ID, 'text:old']]);
  });

  it('is a document of the order itself by its path, as the patch names it', () => {
    const letter = definition('documents.loa', 'Letter of authorization', 'document');
    const values = [documentValue('letter', letter)];
    const write = { ...WRITE, requirementId: 'documents.loa', requirementName: letter.name };
    const change = { ...PORT, desired: desiredPort({}, { values }), writes: [write] };
    const held = observedPort({ 'documents.loa': secret('doc-1') });
    const [, , start] = startAndEnd({ ...change, observed: held }) as unknown[];
    expect(start).toEqual([
      'id-port',
      'exception',
      [['documents.loa', expect.stringContaining('doc-1')]],
      [],
    ]);
    const print = fingerprintValue(KEYS, 'PortingOrder/port', 'documents.loa', write.after);
    expect(described(change).patch).toEqual([{ op: 'replace', path: '/documents/loa', value: print }]);
  });

  it('and no setting that an order lacks is shown as a text', () => {
    const setting = {
      path: 'customer_reference',
      source: SOURCE,
      value: null,
      before: secret(''),
      after: secret(''),
    } as const;
    const observed = observedPort({ customer_reference: secret('') });
    const shown = described({ ...PORT, observed, settings: [setting], writes: [] });
    expect(shown.order?.settings).toEqual([{ name: 'customer_reference', before: null, after: null }]);
  });
});

describe('what groups and orders have in common', () => {
  it('is the owner of a print: an order is none of a group that has its name', () => {
    expect(ownerOf(GROUP)).toBe('de-local');
    expect(ownerOf({ ...GROUP, kind: 'NumberOrder' } as never)).toBe('NumberOrder/de-local');
  });

  it.each<[string, ValueWrite['value'], object]>([
    ['a text', { kind: 'text', text: secret('new') }, {}],
    ['an id', { kind: 'remote', id: asRemoteId('doc-1') }, {}],
    ['an address without a name', contentOf(addressValue('Musterstraße 1')), {}],
    [
      'an address with one',
      contentOf(addressValue('Musterstraße 1', { name: 'example-berlin' })),
      { address: 'example-berlin' },
    ],
    [
      'a document',
      contentOf(documentValue('registration')),
      { document: { path: 'documents/registration.pdf', bytes: 12 } },
    ],
  ])('is what a plan shows of %s: prints, and what stands for it', (_, value, shown) => {
    expect(describeValue(GROUP, { ...WRITE, value }, KEYS)).toStrictEqual({
      requirement_id: TEXT_ID,
      name: 'Contact Info',
      field_type: 'textual',
      before: fingerprintValue(KEYS, 'de-local', TEXT_ID, secret('text:old')),
      after: fingerprintValue(KEYS, 'de-local', TEXT_ID, secret('text:new')),
      status: 'declined',
      ...shown,
    });
  });

  it('is what a write replaces', () => {
    expect(startOfWrite(WRITE)).toEqual([TEXT_ID, 'text:old']);
    expect(startOfWrite(FIRST_WRITE)).toEqual([DOCUMENT_ID, null]);
  });

  it('is one print of all that is held, without what is empty', () => {
    const { requirements } = observedGroup({ [TEXT_ID]: 'old', [DOCUMENT_ID]: '' });
    expect(heldValues(requirements)).toEqual([[TEXT_ID, 'old']]);
    expect(fingerprintHeld(KEYS, 'de-local', heldValues(requirements))).toBe(
      fingerprintValue(KEYS, 'de-local', 'held', secret(canonicalJson([[TEXT_ID, 'old']]))),
    );
  });

  it('is the print of what is uploaded or created', () => {
    const { document } = contentOf(documentValue('registration')) as { document: DesiredDocument };
    const { address } = contentOf(addressValue('Musterstraße 1')) as { address: DesiredAddress };
    expect(described({ kind: 'Document', name: 'd', source: SOURCE, document }).patch).toEqual([
      {
        op: 'add',
        path: '/content',
        value: fingerprintValue(KEYS, 'd', 'document', secret(document.sha256)),
      },
    ]);
    expect(described({ kind: 'Address', name: 'a', source: SOURCE, address }).patch).toEqual([
      { op: 'add', path: '/fields', value: fingerprintValue(KEYS, 'a', 'address', secret(address.sha256)) },
    ]);
  });
});

function contentOf(value: { readonly content: object }): never {
  return { ...value.content, reuse: null } as never;
}
