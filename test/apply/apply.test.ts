import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../src/apply/apply.ts';
import type { ApplyInput } from '../../src/kinds/writing/run.ts';
import {
  AuthenticationError,
  InterruptedError,
  MalformedAnswerError,
  UnreachableError,
} from '../../src/model/errors.ts';
import type { ObservedGroup } from '../../src/model/observed.ts';
import type { NamedOrder } from '../../src/model/orders/observed-order.ts';
import type { Change, GroupChange, WritingChange } from '../../src/model/plan/change.ts';
import type { Outcome } from '../../src/model/plan/outcome.ts';
import { references } from '../../src/model/reference-names.ts';
import { asRemoteId } from '../../src/model/resource.ts';
import { definition, desiredGroup, observedGroup, observedWorld, SCOPE } from '../support/plan-inputs.ts';
import { type ClientScript, inTurn } from '../support/scripted-client.ts';
import {
  at,
  documentOf,
  documentWrite,
  endOf,
  GONE,
  groupChange,
  groupRow,
  refused,
  scriptedRun,
  textWrite,
} from '../support/scripted-run.ts';

const DEMANDS = [definition('a', 'Contact', 'textual')];

/** A group that exists, with one value to be written and nothing after that. */
function change(name: string, given: Partial<GroupChange> = {}): GroupChange {
  return groupChange({
    name,
    verb: 'update',
    actions: ['update'],
    desired: desiredGroup({ name, values: [], definitions: DEMANDS }),
    observed: before(name),
    writes: [textWrite('a', 'new')],
    ...given,
  });
}

const before = (name: string): ObservedGroup => observedGroup({ a: 'old' }, { id: asRemoteId(name) });
const after = (name: string): ObservedGroup => observedGroup({ a: 'new' }, { id: asRemoteId(name) });
const get = (name: string) => `GET /requirement_groups/${name}`;
const patch = (name: string) => `PATCH /requirement_groups/${name}`;
/** All that it takes to write to these groups. */
const writable = (...names: string[]): ClientScript =>
  Object.fromEntries(
    names.flatMap((name): [string, ClientScript['x']][] => [
      [get(name), inTurn(groupRow(before(name)), groupRow(after(name)))],
      [patch(name), {}],
    ]),
  );

async function apply(
  changes: readonly Change[],
  script: ClientScript,
  given: Partial<Omit<ApplyInput, 'client'>> = {},
) {
  const { input, asked } = scriptedRun(script, { changes, ...given });
  const outcomes = await endOf(applyChanges(input));
  return { outcomes: outcomes as Outcome[], asked };
}

const inBrief = (outcomes: readonly Outcome[]) =>
  outcomes.map(({ name, status, operations, error }) => [name, status, operations, error?.code ?? null]);

describe('an apply', () => {
  it('tells what became of each change, in the order of the plan, groups first', async () => {
    const order = {
      ...change('order'),
      kind: 'NumberOrder',
      desired: { group: { name: 'a' } },
    } as unknown as WritingChange;
    const document = { kind: 'Document', name: 'paper' } as unknown as Change;
    const address = { kind: 'Address', name: 'home' } as unknown as Change;
    const { outcomes } = await apply([order, document, change('b'), address, change('a')], {
      ...writable('b'),
      [get('a')]: GONE,
    });
    expect(outcomes).toEqual([
      {
        kind: 'RequirementGroup',
        name: 'b',
        id: 'b',
        status: 'applied',
        operations: ['patch'],
        group_status: 'unapproved',
        error: null,
        warnings: [],
      },
      {
        kind: 'RequirementGroup',
        name: 'a',
        id: 'a',
        status: 'failed',
        operations: [],
        group_status: 'unapproved',
        error: {
          code: 'changed-since-planned',
          message: 'group a changed since it was planned: it is gone. It was left as it is; plan again',
          status: null,
          request_id: null,
          errors: [],
          source: { file: 'groups/a.yaml', line: 1 },
        },
        warnings: [],
      },
      {
        kind: 'NumberOrder',
        name: 'order',
        id: 'order',
        status: 'skipped',
        operations: [],
        group_status: 'unapproved',
        error: {
          code: 'not-attempted',
          message: 'not attempted: the change of its group "a" was not finished',
          status: null,
          request_id: null,
          errors: [],
          source: { file: 'groups/a.yaml', line: 1 },
        },
        warnings: [],
      },
    ]);
  });

  it('has no id, no status and no line for what has none', async () => {
    const created = groupChange({ source: null });
    const { outcomes } = await apply([created], {
      'GET /requirement_groups?filter[customer_reference]=regsync/acme/de-local': refused(),
    });
    expect(outcomes).toMatchObject([{ id: null, group_status: null, error: { source: null } }]);
  });

  it('works on as many at once as there are places', async () => {
    const [two, one] = await Promise.all(
      [2, 1].map((parallelism) => apply([change('a'), change('b')], writable('a', 'b'), { parallelism })),
    );
    expect(two?.asked.slice(0, 2)).toEqual([get('a'), get('b')]);
    expect(one?.asked.slice(0, 2)).toEqual([get('a'), 'patch of a begins']);
  });

  it('waits in the end for what it has made to be listed', async () => {
    const { sha256 } = documentOf('paper');
    const reference = references.document(SCOPE, sha256);
    const list = `GET /documents?filter[customer_reference][in][]=${reference}`;
    const { asked } = await apply([change('a', { writes: [documentWrite('a', 'paper')] })], {
      [get('a')]: inTurn(
        groupRow(before('a')),
        groupRow(before('a')),
        groupRow(observedGroup({ a: 'd1' }, { id: asRemoteId('a') })),
      ),
      [patch('a')]: {},
      'POST /documents': { id: 'd1', sha256 },
      [list]: [{ id: 'd1', customer_reference: reference }],
    });
    expect(asked.at(-1)).toBe(list);
  });
});

describe('a key that is refused', () => {
  const no = new AuthenticationError('no key');

  it('before anything was written ends the run', async () => {
    const { outcomes } = await apply([change('a'), change('b')], { [get('a')]: no });
    expect(outcomes).toBe(no);
  });

  it('midway hides nothing of what was written, and the rest is not attempted', async () => {
    const { outcomes, asked } = await apply([change('a'), change('b'), change('c')], {
      ...writable('a'),
      [get('b')]: no,
    });
    expect(inBrief(outcomes)).toEqual([
      ['a', 'applied', ['patch'], null],
      ['b', 'failed', [], 'not-authorised'],
      ['c', 'skipped', [], 'not-attempted'],
    ]);
    expect(asked).not.toContain(get('c'));
  });

  it('after a write that was answered hides nothing, though nothing is finished', async () => {
    const { outcomes } = await apply([change('a')], {
      [get('a')]: inTurn(groupRow(before('a')), no),
      [patch('a')]: {},
    });
    expect(inBrief(outcomes)).toEqual([['a', 'failed', ['patch'], 'not-authorised']]);
  });
});

describe('an interruption', () => {
  it('skips what is untouched, and fails what is begun', async () => {
    const interruption = new AbortController();
    const stop = () => {
      interruption.abort();
      return {};
    };
    const submitting = change('a', { actions: ['update', 'submit'] });
    const script = { ...writable('a', 'b'), [patch('a')]: stop };
    const { outcomes } = await apply([submitting, change('b')], script, { signal: interruption.signal });
    expect(inBrief(outcomes)).toEqual([
      ['a', 'failed', ['patch'], 'interrupted'],
      ['b', 'skipped', [], 'interrupted'],
    ]);
  });

  it('from within fails nothing that is untouched', async () => {
    const { outcomes } = await apply([change('a')], { [get('a')]: new InterruptedError('Interrupted') });
    expect(inBrief(outcomes)).toEqual([['a', 'skipped', [], 'interrupted']]);
  });
});

describe('an API that is not reached', () => {
  const NAMES = 'abcdefghijkl'.split('');
  const down = (names: readonly string[], error: Error = new UnreachableError('down')): ClientScript =>
    Object.fromEntries(names.map((name) => [get(name), error]));
  const codes = (outcomes: readonly Outcome[]) => outcomes.map(({ error }) => error?.code ?? 'applied');

  it('ten times in a row is not asked for the rest', async () => {
    const { outcomes } = await apply(
      NAMES.map((name) => change(name)),
      down(NAMES),
    );
    expect(codes(outcomes)).toEqual([...Array(10).fill('unreachable'), 'not-attempted', 'not-attempted']);
  });

  it('is asked for the rest where one was reached in between', async () => {
    const script = { ...down(NAMES), ...writable('e') };
    const { outcomes } = await apply(
      NAMES.map((name) => change(name)),
      script,
    );
    expect(codes(outcomes)).toEqual([
      ...Array(4).fill('unreachable'),
      'applied',
      ...Array(7).fill('unreachable'),
    ]);
  });

  it('does not count where its answer makes no sense', async () => {
    const { outcomes } = await apply(
      NAMES.map((name) => change(name)),
      down(NAMES, new MalformedAnswerError('strange')),
    );
    expect(new Set(codes(outcomes))).toEqual(new Set(['unreachable']));
  });
});

describe('orders that did not get the values of a group', () => {
  const order = (id: string, line: number) => {
    const named: NamedOrder = {
      kind: 'phone_number',
      id: asRemoteId(id),
      status: 'pending',
      isOpen: true,
      countryCode: 'DE',
      phoneNumberType: 'local',
      subNumberOrderId: null,
      holdings: [],
      source: at(line),
    };
    return { order: named, requirements: [], replaces: [] };
  };
  const ask = (id: string) => `GET /number_order_phone_numbers/${id}`;
  const attaching = change('a', {
    actions: ['attach'],
    writes: [],
    attaches: [order('n1', 11), order('n2', 12), order('n3', 13), order('n4', 14)],
  });

  it('are all told: the first as the error, the others as warnings with what Telnyx said', async () => {
    const { outcomes } = await apply([attaching], {
      [get('a')]: groupRow(before('a')),
      [ask('n1')]: refused(400),
      [ask('n2')]: refused(
        422,
        { code: '1', title: 'Bad', detail: 'wrong', pointer: '/x' },
        { title: 'Only a title' },
      ),
      [ask('n3')]: new UnreachableError('down'),
      [ask('n4')]: Object.assign(refused(409), { requestId: null }),
    });
    expect(outcomes[0]?.error).toMatchObject({ code: 'attach-refused', source: { line: 11 } });
    const failed = (id: string) => `phone number ${id} did not get the group's values:`;
    expect(outcomes[0]?.warnings).toEqual([
      `${failed('n2')} SOME /request answered 422: 1 wrong; Only a title (Bad, at /x, request id request-1)  groups/a.yaml:12`,
      `${failed('n3')} down  groups/a.yaml:13`,
      `${failed('n4')} SOME /request answered 409  groups/a.yaml:14`,
    ]);
  });

  it('because the key was refused stop the rest of the run', async () => {
    const { outcomes } = await apply([change('w'), attaching, change('b')], {
      ...writable('w'),
      [get('a')]: groupRow(before('a')),
      [ask('n1')]: refused(400),
      [ask('n2')]: new AuthenticationError('no key'),
    });
    expect(inBrief(outcomes)).toEqual([
      ['w', 'applied', ['patch'], null],
      ['a', 'failed', [], 'attach-refused'],
      ['b', 'skipped', [], 'not-attempted'],
    ]);
  });

  it('because the key was refused end the run where nothing was written', async () => {
    const no = new AuthenticationError('no key');
    const { outcomes } = await apply([attaching], {
      [get('a')]: groupRow(before('a')),
      [ask('n1')]: refused(400),
      [ask('n2')]: no,
    });
    expect(outcomes).toBe(no);
  });
});

it('an apply of nothing asks for nothing', async () => {
  expect(await apply([], {}, { observed: observedWorld({}) })).toEqual({ outcomes: [], asked: [] });
});
