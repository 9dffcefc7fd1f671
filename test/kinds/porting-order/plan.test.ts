import { describe, expect, it } from 'vitest';
import type { PortingOrderChange } from '../../../src/model/plan/change.ts';
import { reveal, Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { findDeviations } from '../../../src/plan/exact.ts';
import { planChanges } from '../../../src/plan/plan.ts';
import {
  definition,
  documentValue,
  observedDocument,
  observedWorld,
  TEXT_ID,
  textValue,
} from '../../support/plan-inputs.ts';
import { describedPlan } from '../../support/plans.ts';
import { desiredPort, everyPort, observedPort, portingInput } from '../../support/ported.ts';

const PIN = 'end_user.admin.pin_passcode';

/** The plan for an order whose PIN is to be this. */
function planFor(pin: string, held: string) {
  const value = (text: string) => ({ [PIN]: new Sensitive(text) });
  return describedPlan(portingInput(desiredPort(value(pin)), observedPort(value(held))));
}

describe('a plan of porting orders', () => {
  it('names each setting by its path, shows the reference, and of all others fingerprints', () => {
    const [change] = describedPlan(everyPort()).changes;
    expect(change?.order?.settings).toEqual([
      { name: 'customer_reference', before: 'old', after: 'new' },
      { name: 'webhook_url', before: expect.stringMatching(/^«[0-9a-f]{8}»$/), after: null },
      { name: 'end_user.admin.entity_name', before: null, after: expect.stringMatching(/^«[0-9a-f]{8}»$/) },
      {
        name: PIN,
        before: expect.stringMatching(/^«[0-9a-f]{8}»$/),
        after: expect.stringMatching(/^«[0-9a-f]{8}»$/),
      },
    ]);
    expect(change?.patch.map(({ op, path }) => `${op} ${path}`).sort()).toEqual([
      'add /end_user/admin/entity_name',
      'remove /webhook_url',
      'replace /customer_reference',
      'replace /end_user/admin/pin_passcode',
      `replace /requirements/${TEXT_ID}`,
    ]);
    expect(change?.consequences).toEqual(['the approved "Contact Info" is overwritten: expect a new review']);
  });

  it('counts them, and a plan without any does not', () => {
    expect(describedPlan(everyPort()).summary.porting_orders).toEqual({ update: 1, unchanged: 0 });
    expect(planFor('1', '1').summary.porting_orders).toEqual({ update: 0, unchanged: 1 });
    expect(describedPlan({ ...everyPort(), PortingOrder: [] }).summary).not.toHaveProperty('porting_orders');
  });

  it('has another fingerprint when what is stated or what is held changes, and another digest only when the former does', () => {
    const [plan, stated, held] = [planFor('8091', '0000'), planFor('8092', '0000'), planFor('8091', '0001')];
    expect(new Set([plan, stated, held].map(({ fingerprint }) => fingerprint)).size).toBe(3);
    const digests = [plan, stated, held].map(({ changes }) => changes[0]?.digest);
    expect([digests[0] === digests[1], digests[0] === digests[2]]).toEqual([false, true]);
    expect(findDeviations(plan, stated)).toHaveLength(1);
    expect(findDeviations(plan, held)).toMatchObject([
      { message: expect.stringContaining('somebody has changed it since') },
    ]);
  });
});

describe('what a plan decides of a porting order', () => {
  const LINE = { file: 'groups/port.yaml', line: 1 };
  const DOCUMENT_PATH = 'documents.loa';
  const decide = (
    stated: Parameters<typeof desiredPort>,
    held: Parameters<typeof observedPort>,
    documents: Parameters<typeof observedWorld>[0]['documents'] = [],
  ) => {
    const [settings, given] = held;
    // In exception, Telnyx has something to say of it: see below.
    const observed = observedPort(settings, { status: 'in-process', ...given });
    const desired = desiredPort(...stated);
    const world = { ...observedWorld({ documents }), PortingOrder: new Map([['port', observed]]) };
    const { changes, attention, diagnostics } = planChanges({
      ...portingInput(desired, observed),
      observed: world,
    });
    expect(diagnostics).toEqual([]);
    const orders = changes.flatMap((change) =>
      change.kind === 'Document' ? [] : [change as PortingOrderChange],
    );
    return { changes: orders, attention };
  };
  const about = (code: string, message: string, source: object = LINE) => ({
    code,
    name: 'port',
    message,
    source,
  });
  const own = (text: string, status: string | null, given: object = {}) => ({
    requirementId: TEXT_ID,
    fieldType: 'textual' as const,
    value: new Sensitive(text),
    status,
    name: null,
    ...given,
  });
  const AT = { file: 'groups/b.yaml', line: 7, column: 1 };
  const jo = { ...textValue('Jo Example'), contentSource: AT };
  const pin = (text: string) => ({ [PIN]: new Sensitive(text) });

  it('is all that differs, in one change', () => {
    const stated = desiredPort(pin('8091'), { values: [jo] });
    const held = observedPort(pin('0000'), { requirements: [own('Jo', 'approved', { name: 'Contact' })] });
    expect(planChanges(portingInput(stated, held)).changes).toEqual([
      {
        kind: 'PortingOrder',
        name: 'port',
        source: stated.source,
        verb: 'update',
        actions: ['update'],
        desired: stated,
        observed: held,
        settings: [
          {
            path: PIN,
            value: new Sensitive('8091'),
            source: stated.source,
            before: expect.any(Sensitive),
            after: expect.any(Sensitive),
          },
        ],
        writes: [
          {
            requirementId: TEXT_ID,
            requirementName: 'Contact',
            fieldType: 'textual',
            value: { kind: 'text', text: new Sensitive('Jo Example') },
            before: new Sensitive('text:Jo'),
            after: new Sensitive('text:Jo Example'),
            observedStatus: 'approved',
            source: AT,
          },
        ],
        dependsOn: [],
        consequences: ['the approved "Contact" is overwritten: expect a new review'],
      },
    ]);
  });

  it.each<[string, readonly ReturnType<typeof own>[], [string, string, string | null, string | null] | null]>(
    [
      ['nothing', [], ['Contact Info', 'textual', null, null]],
      [
        'something else',
        [own('x', null, { requirementId: 'other' })],
        ['Contact Info', 'textual', null, null],
      ],
      ['the same', [own('Jo Example', 'declined')], null],
      ['another text', [own('x', 'declined')], ['Contact Info', 'textual', 'text:x', 'declined']],
      [
        'a date, by its own word',
        [own('2026-03-01', null, { fieldType: 'datetime', name: 'Since' })],
        ['Since', 'datetime', 'text:2026-03-01T00:00:00.000Z', null],
      ],
      [
        'what it does not know itself',
        [own('2026-03-01', null, { fieldType: 'unknown' })],
        ['Contact Info', 'textual', 'text:2026-03-01', null],
      ],
    ],
  )('writes a value where it holds %s', (_, requirements, expected) => {
    const { changes } = decide([{}, { values: [jo] }], [{}, { requirements }]);
    const written = changes.flatMap(({ writes, consequences }) => {
      expect(consequences).toEqual([]);
      return writes.map((write) => [
        write.requirementName,
        write.fieldType,
        write.before === null ? null : reveal(write.before),
        write.observedStatus,
      ]);
    });
    expect(written).toEqual(expected === null ? [] : [expected]);
  });

  it('writes nothing to one that is closed but its reference, and says what is left', () => {
    const stated = { ...pin('8091'), customer_reference: new Sensitive('new') };
    const { changes, attention } = decide(
      [stated, { values: [jo] }],
      [
        { customer_reference: new Sensitive('old') },
        { isOpen: false, status: 'ported', requirements: [own('x', null)] },
      ],
    );
    expect(changes.map(({ settings, writes }) => [settings.map(({ path }) => path), writes])).toEqual([
      [['customer_reference'], []],
    ]);
    expect(attention).toEqual([
      about(
        'order-closed',
        `porting order id-port is ported: it keeps its own values for ${PIN}, Contact Info`,
      ),
    ]);
    const equal = decide(
      [{}, { values: [jo] }],
      [{}, { isOpen: false, requirements: [own('Jo Example', null)] }],
    );
    expect(equal).toEqual({ changes: [], attention: [] });
  });

  it.each([
    ['requirement-info-exception', 'Jo Example', true],
    ['requirement-info-exception', 'x', false],
    ['requirement-info-pending', 'Jo Example', false],
  ])('says that a reviewer declined what is still stated: %s, %s', (status, text, isSaid) => {
    const { attention } = decide([{}, { values: [jo] }], [{}, { requirements: [own(text, status)] }]);
    expect(attention).toEqual(
      isSaid
        ? [
            about(
              'order-declined',
              'porting order id-port: a reviewer declined "Contact Info", and the manifest still states the same; change it',
              { file: 'groups/b.yaml', line: 7 },
            ),
          ]
        : [],
    );
  });

  const loa = (expires: string | null = null) => ({
    ...documentValue('registration', definition(DOCUMENT_PATH, 'LOA', 'document'), { expires }),
    contentSource: AT,
  });

  it.each([
    ['2026-05-31', true, 'expired', 'LOA expired on 2026-05-31, yesterday'],
    ['2026-06-01', true, 'expiring', 'LOA expires today (2026-06-01)'],
    ['2026-07-01', true, 'expiring', 'LOA expires in 30 days (2026-07-01)'],
    ['2026-07-02', true, null, null],
    ['2026-06-01', false, null, null],
  ])('says that a document expires on %s, while it is open: %s', (expires, isOpen, code, message) => {
    const held = { [DOCUMENT_PATH]: new Sensitive('doc-1') } as never;
    const documents = [observedDocument('doc-1', 'registration')];
    const { changes, attention } = decide([{}, { values: [loa(expires)] }], [held, { isOpen }], documents);
    expect(changes).toEqual([]);
    const source = { file: 'groups/b.yaml', line: 7 };
    expect(attention).toEqual(
      code === null || message === null ? [] : [{ ...about(code, message, source), expires }],
    );
  });

  it.each([
    ['infected', 'infected-document', 'found a virus in'],
    ['denied', 'denied-document', 'denied'],
  ] as const)('waits for another document where it was %s, while it is open', (rejected, code, verb) => {
    const documents = [observedDocument('doc-1', 'registration', { rejected })];
    const stated: Parameters<typeof desiredPort> = [pin('8091'), { values: [loa()] }];
    expect(decide(stated, [{}], documents)).toEqual({
      changes: [],
      attention: [
        about(
          code,
          `LOA: Telnyx ${verb} documents/registration.pdf; nothing is done to this order until it is replaced`,
        ),
      ],
    });
    expect(decide(stated, [{}, { isOpen: false }], documents).attention.map((item) => item.code)).toEqual([
      'order-closed',
    ]);
  });

  it('writes a document to the place that is its own', () => {
    const held = { [DOCUMENT_PATH]: new Sensitive('doc-9') } as never;
    const [change] = decide([{}, { values: [loa()] }], [held]).changes;
    expect(change?.writes).toEqual([
      {
        requirementId: DOCUMENT_PATH,
        requirementName: 'LOA',
        fieldType: 'document',
        value: { kind: 'document', document: expect.anything(), reuse: null },
        before: new Sensitive('gone:doc-9'),
        after: expect.any(Sensitive),
        observedStatus: null,
        source: AT,
      },
    ]);
  });

  it('says what is left of one that is closed at the line of the first of it', () => {
    const closed = { isOpen: false, status: 'ported' };
    const source = { file: 'groups/port.yaml', line: 9, column: 5 };
    const left = (stated: Parameters<typeof desiredPort>) => decide(stated, [{}, closed]).attention;
    const message = (names: string) =>
      `porting order id-port is ported: it keeps its own values for ${names}`;
    expect(left([{}, { values: [jo] }])).toEqual([
      about('order-closed', message('Contact Info'), { file: 'groups/b.yaml', line: 7 }),
    ]);
    const desired = desiredPort(pin('8091'));
    const settings = desired.settings.map((setting) => ({ ...setting, source }));
    expect(left([{}, { settings, values: [jo] }])).toEqual([
      about('order-closed', message(`${PIN}, Contact Info`), { file: 'groups/port.yaml', line: 9 }),
    ]);
  });

  it('waits for another document where the one that it holds was rejected, though a copy was not', () => {
    const documents = [
      observedDocument('doc-1', 'registration', { rejected: 'denied' }),
      observedDocument('doc-2', 'registration'),
    ];
    const codes = (id: string) =>
      decide(
        [{}, { values: [loa()] }],
        [{ [DOCUMENT_PATH]: new Sensitive(id) } as never],
        documents,
      ).attention.map(({ code }) => code);
    expect([codes('doc-1'), codes('doc-2')]).toEqual([['denied-document'], []]);
  });

  it('says why it is in exception at the line of the field, and what reviewers wrote', () => {
    const held = observedPort(pin('0000'), {
      exceptionCodes: ['PASSCODE_PIN_INVALID'],
      requirements: [own('Jo Example', 'requirement-info-exception')],
    });
    const stated = desiredPort(pin('8091'), { values: [jo] });
    const input = portingInput(stated, held);
    const comments = new Map([
      [held.id, [{ body: 'Which PIN?', byReviewer: true, createdAt: '2026-06-01T08:00:00Z' }]],
    ]);
    const { changes, attention } = planChanges({ ...input, observed: { ...input.observed, comments } });
    expect(changes.map((change) => ('said' in change ? change.said : null))).toEqual([
      ['Reviewer on 2026-06-01: "Which PIN?"'],
    ]);
    expect(attention.map(({ code, message, source }) => [code, message, source?.line])).toEqual([
      ['order-declined', expect.any(String), 7],
      [
        'order-exception',
        `porting order id-port is in exception, PASSCODE_PIN_INVALID: the other carrier does not accept the PIN. Ask it for the right one. The next apply changes ${PIN}.`,
        1,
      ],
      ['order-comment', 'porting order id-port: Reviewer on 2026-06-01: "Which PIN?"', 7],
    ]);
  });

  it('is made for each by name, and for none that was not found', () => {
    const orders = ['b', 'c', 'a'].map((name) => ({ ...desiredPort(pin('8091')), name }));
    const held = observedPort(pin('0000'));
    const portingOrders = new Map([
      ['a', held],
      ['b', held],
    ]);
    const input = portingInput(desiredPort({}), held);
    const { changes } = planChanges({
      ...input,
      PortingOrder: orders,
      observed: { ...input.observed, PortingOrder: portingOrders },
    });
    expect(changes.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('a PIN that Telnyx masks', () => {
  const text = (written: string) => new Sensitive(written);
  const planOf = (pin: string, reference: string, given: Parameters<typeof observedPort>[1] = {}) => {
    const wanted = { customer_reference: text(reference), [PIN]: text(pin) };
    const held = observedPort({ customer_reference: text('old'), [PIN]: text('****') }, given);
    const { changes, attention } = planChanges(portingInput(desiredPort(wanted), held));
    const [change] = changes as readonly PortingOrderChange[];
    return {
      written: change?.settings.map(({ path }) => path) ?? [],
      said: attention.filter(({ code }) => code === 'order-masked').map(({ message }) => message),
    };
  };

  it('is not written by itself, and that is said', () => {
    expect(planOf('8091', 'old')).toEqual({
      written: [],
      said: [
        'porting order id-port shows end_user.admin.pin_passcode as a mask, so regsync cannot tell whether it is the one in the manifest, and does not write it. If you changed it outside of the manifest, as in a variable, write `pin_passcode: null`, apply, then write the new one and apply again',
      ],
    });
  });

  it('goes along where something else is written', () => {
    expect(planOf('8091', 'new')).toEqual({ written: ['customer_reference', PIN], said: [] });
  });

  it('is nothing to say of an order that is closed', () => {
    expect(planOf('8091', 'old', { isOpen: false, status: 'ported' })).toEqual({ written: [], said: [] });
  });
});

describe('what reviewers write about a porting order', () => {
  const question = { body: 'Which PIN?', byReviewer: true, createdAt: '2026-05-01T00:00:00Z' };
  const answer = { body: 'It is sent.', byReviewer: false, createdAt: '2026-05-02T00:00:00Z' };
  const value = {
    requirementId: TEXT_ID,
    name: 'Contact Info',
    fieldType: 'textual' as const,
    value: new Sensitive('Jo Example'),
  };
  const linesOf = (status: string, verdict: string) => {
    const held = observedPort({}, { status, requirements: [{ ...value, status: verdict }] });
    const line = { file: 'groups/a.yaml', line: 9, column: 1 };
    const desired = desiredPort(
      {},
      { values: [{ ...textValue('Jo Example'), source: line, contentSource: line }] },
    );
    const input = portingInput(desired, held);
    const comments = new Map([[held.id, [question, answer]]]);
    const { attention } = planChanges({ ...input, observed: { ...input.observed, comments } });
    return attention.filter(({ code }) => code === 'order-comment').map(({ source }) => source?.line);
  };

  it.each<[string, string, readonly (number | undefined)[]]>([
    ['in-process', 'approved', []],
    ['in-process', 'requirement-info-exception', [9]],
    ['exception', 'approved', [1]],
    ['exception', 'requirement-info-exception', [9]],
  ])(
    'is told of one that is %s with a value that is %s at these lines, though it was answered: %j',
    (status, verdict, lines) => {
      expect(linesOf(status, verdict)).toEqual(lines);
    },
  );
});
