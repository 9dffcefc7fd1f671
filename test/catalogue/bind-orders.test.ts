import { describe, expect, it } from 'vitest';
import { bindOrder, definitionsById } from '../../src/catalogue/bind-orders.ts';
import type { Lock } from '../../src/model/lock.ts';
import type { DesiredAction } from '../../src/model/orders/actions.ts';
import type { OrderRequirement } from '../../src/model/orders/observed-order.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { asRemoteId, type DesiredContent, type DesiredPortingOrder } from '../../src/model/resource.ts';
import { CONTACT, DOCUMENT_ID, definition, REGISTRATION, TEXT_ID } from '../support/plan-inputs.ts';

const DE = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
const at = (line: number) => ({ file: 'groups/a.yaml', line, column: 5 });
const text: DesiredContent = { kind: 'text', text: new Sensitive('Compliance desk') };
const document: DesiredContent = { kind: 'document_id', id: asRemoteId('doc-1') };

function orderWith(...requirements: readonly (readonly [string, DesiredContent])[]): DesiredPortingOrder {
  return {
    name: 'berlin',
    requirements: requirements.map(([requirement, content], index) => ({
      requirement,
      content,
      source: at(index + 1),
      contentSource: at(index + 101),
    })),
  } as unknown as DesiredPortingOrder;
}

function lockWith(requirement = CONTACT): Lock {
  const requirements = [{ ...requirement, formerNames: [] }];
  return {
    isSample: false,
    sets: [{ combination: DE, added: false, version: 1, next: null, requirements, former: [] }],
  };
}

const known = (requirements = [CONTACT]) =>
  new Map([['DE/local/ordering', { combination: DE, version: 1, requirements }]]);

describe('what is known of requirements by id', () => {
  it('comes from the catalogue and from the lock, and where both know one, from the catalogue', () => {
    const renamed = { ...CONTACT, name: 'Contact Person' };
    expect([...definitionsById(new Map(), null)]).toEqual([]);
    expect([...definitionsById(known(), null)]).toEqual([[TEXT_ID, CONTACT]]);
    const locked = definitionsById(new Map(), lockWith());
    expect([...locked.keys()]).toEqual([TEXT_ID]);
    expect(definitionsById(known([renamed, REGISTRATION]), lockWith()).get(TEXT_ID)).toBe(renamed);
    expect(definitionsById(known([REGISTRATION]), lockWith()).size).toBe(2);
  });
});

describe('the values of an order', () => {
  it('are bound by id, whatever its case, and nothing else of the order is changed', () => {
    const { order, problems } = bindOrder(
      orderWith([TEXT_ID.toUpperCase(), text]),
      definitionsById(known(), null),
      [],
    );
    expect(problems).toEqual([]);
    expect(order).toEqual({
      name: 'berlin',
      values: [{ requirement: CONTACT, content: text, source: at(1), contentSource: at(101) }],
    });
  });

  it('that are not read are checked, and are none', () => {
    const unread: DesiredContent = { kind: 'unread_text', variable: 'REGSYNC_VAR_X' };
    const definitions = definitionsById(known([CONTACT, REGISTRATION]), null);
    const { order, problems } = bindOrder(
      orderWith([TEXT_ID, unread], [DOCUMENT_ID, unread]),
      definitions,
      [],
    );
    expect(order.values).toEqual([]);
    expect(problems.map(({ code, source }) => [code, source])).toEqual([['wrong-value-type', at(102)]]);
  });

  it.each([
    ['its type where nothing else is known', undefined, 'document', 'document', 'wrong-value-type'],
    ['no type where it does not know one itself', undefined, 'unknown', 'unknown', null],
    ['its type where the catalogue does not know it', 'unknown', 'document', 'document', 'wrong-value-type'],
    ['no other type than the catalogue’s', 'textual', 'document', 'textual', null],
  ] as const)('have from an order that exists %s', (_, catalogued, fieldType, expected, code) => {
    const definitions = new Map(
      catalogued === undefined ? [] : [[TEXT_ID, definition(TEXT_ID, 'Contact Info', catalogued)]],
    );
    const holding = [
      { requirementId: TEXT_ID, fieldType, value: new Sensitive(''), status: null, name: null },
    ];
    const { order, problems } = bindOrder(orderWith([TEXT_ID, text]), definitions, [holding]);
    expect(order.values.map(({ requirement }) => requirement.fieldType)).toEqual([expected]);
    expect(problems.map((problem) => problem.code)).toEqual(code === null ? [] : [code]);
  });

  it.each([
    ['as the order calls it', [{ name: 'Proof' }], 'Proof'],
    ['by its id where the order does not call it anything', [{ name: null }], 'r-1'],
    ['by its id where there is no order yet', [], 'r-1'],
  ])('that nothing describes are called %s', (_, named, name) => {
    const holdings = named.map((one) => [
      { requirementId: 'r-1', fieldType: 'unknown' as const, value: new Sensitive(''), status: null, ...one },
    ]);
    const { order } = bindOrder(orderWith(['R-1', document]), new Map(), holdings);
    expect(order.values.map(({ requirement }) => [requirement.id, requirement.name])).toEqual([
      ['r-1', name],
    ]);
  });

  it('that the order holds already stop no run', () => {
    const short = { ...CONTACT, criteria: { ...CONTACT.criteria, maxLength: 5 } };
    const severities = ['Compliance desk', 'another'].map((held) => {
      const holding = [
        { requirementId: TEXT_ID, fieldType: 'textual' as const, value: new Sensitive(held), status: null },
      ];
      const { problems } = bindOrder(orderWith([TEXT_ID, text]), new Map([[TEXT_ID, short]]), [[], holding]);
      return problems.map(({ severity, code }) => [severity, code]);
    });
    expect(severities).toEqual([[['warning', 'too-long']], [['error', 'too-long']]]);
  });
});

describe('the actions of an order', () => {
  const CHECK = { ...definition('check', 'Identity Check', 'action') };
  const names = new Map([['first_name', new Sensitive('Jo')]] as const);
  const acting = (requirement: string, given: DesiredAction['names'] = names) =>
    ({ ...orderWith(), actions: [{ requirement, names: given, source: at(7) }] }) as DesiredPortingOrder;
  const holding = (fieldType: OrderRequirement['fieldType'], name: string | null = null) => [
    [{ requirementId: 'check', fieldType, value: new Sensitive(''), status: null, name }],
  ];

  it('are bound by id, with the name that the catalogue gives', () => {
    const { order, problems } = bindOrder(acting('check'), new Map([['check', CHECK]]), []);
    expect(problems).toEqual([]);
    expect(order).toEqual({
      name: 'berlin',
      values: [],
      actions: [{ requirement: { id: 'check', name: 'Identity Check' }, names, source: at(7) }],
    });
    expect(bindOrder(orderWith(), new Map(), []).order).not.toHaveProperty('actions');
  });

  it.each<[string, ReturnType<typeof holding>, string]>([
    ['as the order calls it', holding('action', 'Check'), 'Check'],
    ['by its id where nothing calls it anything', holding('unknown'), 'check'],
    ['by its id where there is no order yet', [], 'check'],
  ])('that nothing describes are called %s', (_, holdings, name) => {
    const { order, problems } = bindOrder(acting('check'), new Map(), holdings);
    expect([problems, order.actions?.map(({ requirement }) => requirement.name)]).toEqual([[], [name]]);
  });

  it('whose names are not read are checked, and are none', () => {
    const { order, problems } = bindOrder(acting('check', null), new Map([['check', CHECK]]), []);
    expect([order, problems]).toEqual([{ name: 'berlin', values: [] }, []]);
    const wrong = bindOrder(acting(TEXT_ID, null), definitionsById(known(), null), []);
    expect(wrong.problems).toHaveLength(1);
  });

  it.each([
    ['textual', 'a text', 'Write text: "…".'],
    ['datetime', 'a text', 'Write text: "…".'],
    ['document', 'a document', 'Write document: { file: PATH }, with a path relative to this manifest.'],
    [
      'address',
      'an address',
      'Write address: NAME, with the name of an Address, or its fields below address:.',
    ],
  ] as const)(
    'are refused for a requirement that is %s, whether the catalogue or the order says so',
    (type, what, hint) => {
      const problem = {
        severity: 'error',
        code: 'wrong-value-type',
        message: `"Identity Check" takes ${what}, not an action`,
        hint,
        source: at(7),
      };
      const described = new Map([['check', definition('check', 'Identity Check', type)]]);
      expect(bindOrder(acting('check'), described, []).problems).toEqual([problem]);
      expect(bindOrder(acting('check'), new Map(), holding(type, 'Identity Check')).problems).toEqual([
        problem,
      ]);
    },
  );

  it('take the names of a person, and no value', () => {
    const { problems } = bindOrder(orderWith(['check', text]), new Map([['check', CHECK]]), []);
    expect(problems).toEqual([
      {
        severity: 'error',
        code: 'action-requirement',
        message: '"Identity Check" is an action: a person fulfils it, and no value does',
        hint: 'Use `action: { first_name: …, last_name: … }`.',
        source: at(101),
      },
    ]);
  });
});
