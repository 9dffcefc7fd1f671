import { describe, expect, it } from 'vitest';
import {
  AttachError,
  describeError,
  messageOf,
  notAttempted,
  outcomeOf,
  submitRefused,
} from '../../../src/kinds/writing/outcome.ts';
import {
  ApiError,
  AuthenticationError,
  InterruptedError,
  MalformedAnswerError,
  OperationError,
  UnreachableError,
} from '../../../src/model/errors.ts';
import type { NamedOrder } from '../../../src/model/orders/observed-order.ts';
import type { SettingPath } from '../../../src/model/orders/porting.ts';
import type { WritingChange } from '../../../src/model/plan/change.ts';
import type { OutcomeError } from '../../../src/model/plan/outcome.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import {
  at,
  documentWrite,
  GONE,
  groupChange,
  LOST,
  newProgress,
  refused,
  textWrite,
} from '../../support/scripted-run.ts';

const PROGRESS = newProgress({ source: at(1) });
const GROUP = groupChange({ source: at(1), writes: ['a', 'b', 'c'].map((id) => textWrite(id, 'x')) });
const ORDER = { ...GROUP, kind: 'NumberOrder' } as unknown as WritingChange;

const setting = (path: SettingPath, line: number) => ({ path, source: at(line) });
const PORTING = {
  ...GROUP,
  kind: 'PortingOrder',
  settings: [
    setting('end_user.admin.pin_passcode', 31),
    setting('end_user.location.locality', 32),
    setting('misc', 33),
    setting('customer_reference', 34),
  ],
  writes: [
    { ...documentWrite('a', 'loa'), requirementId: 'documents.loa', source: at(21) },
    { ...textWrite('b', 'x'), source: at(22) },
    { ...textWrite('c', 'x'), source: at(23) },
  ],
} as unknown as WritingChange;

const NAMED: NamedOrder = {
  kind: 'sub_number_order',
  id: asRemoteId('o1'),
  status: 'pending',
  isOpen: true,
  countryCode: 'DE',
  phoneNumberType: 'local',
  subNumberOrderId: null,
  holdings: [],
  source: { file: 'groups/b.yaml', line: 9, column: 5 },
};

const said = (given: Partial<OutcomeError>): OutcomeError => ({
  code: 'unexpected',
  message: '',
  status: null,
  request_id: null,
  errors: [],
  source: { file: 'groups/a.yaml', line: 1 },
  ...given,
});
const detail = (code: string | null, pointer: string | null = null) => ({
  code,
  title: null,
  detail: null,
  pointer,
});

describe('what is said of an error', () => {
  it('is its kind and place where it is a fault of ours, which may quote a value', () => {
    const { code, message } = describeError(new TypeError('Jo Example is no date'), GROUP, PROGRESS);
    expect(code).toBe('unexpected');
    expect(message).toContain('TypeError');
    expect(message).not.toContain('Jo Example');
  });

  it.each<[string, Error, Partial<OutcomeError>]>([
    [
      'a failed operation',
      new OperationError('write-without-effect', 'No change'),
      { code: 'write-without-effect', message: 'No change' },
    ],
    [
      'a failed operation with a line of its own',
      new OperationError('document-changed', 'Changed', at(7)),
      { code: 'document-changed', message: 'Changed', source: { file: 'groups/a.yaml', line: 7 } },
    ],
    [
      'an interruption',
      new InterruptedError('interrupted before patch'),
      { code: 'interrupted', message: 'interrupted before patch' },
    ],
    [
      'what was not attempted',
      notAttempted('no key'),
      { code: 'not-attempted', message: 'not attempted: no key' },
    ],
    ['a refused key', new AuthenticationError('no key'), { code: 'not-authorised', message: 'no key' }],
    [
      'a lost answer',
      LOST(),
      {
        code: 'outcome-unknown',
        message: 'It is not known whether POST /something was processed: answered 503',
      },
    ],
    [
      'an API that does not answer',
      new UnreachableError('No usable answer'),
      { code: 'unreachable', message: 'No usable answer' },
    ],
    [
      'an answer that makes no sense',
      new MalformedAnswerError('Strange'),
      { code: 'unreachable', message: 'Strange' },
    ],
    [
      'a refusal',
      refused(422, { code: '10015', detail: 'too long' }),
      {
        code: 'refused-by-api',
        message: 'SOME /request answered 422: 10015 too long',
        status: 422,
        request_id: 'request-1',
        errors: [{ code: '10015', title: null, detail: 'too long', pointer: null }],
      },
    ],
    [
      'a refused submission',
      submitRefused(refused(400)),
      {
        code: 'submit-refused',
        message: 'Telnyx refused the submission: SOME /request answered 400',
        status: 400,
        request_id: 'request-1',
        hint: 'If this group cannot be approved in advance, set `approval: none` in its manifest.',
      },
    ],
  ])('is all there is of %s', (_, error, expected) => {
    expect(describeError(error, GROUP, PROGRESS)).toEqual(said(expected));
  });

  it('has no line where there is none', () => {
    expect(describeError(notAttempted('no'), GROUP, newProgress()).source).toBeNull();
  });

  it('says of an order whose answer was lost that it may be placed', () => {
    expect(describeError(LOST(), ORDER, PROGRESS).hint).toBe(
      'regsync does not know whether it was placed, and does not try again in this run. Apply again in a minute: that run looks for the order first.',
    );
    expect(describeError(new UnreachableError('No'), ORDER, PROGRESS)).not.toHaveProperty('hint');
  });

  it.each([
    ['85000', 'Search for the numbers again, then apply: Telnyx orders only numbers from a recent search.'],
    ['85001', 'A number is gone. Search for another one, and write it into the manifest.'],
    ['85006', 'A number is reserved: for somebody else, or by an order of this account.'],
    ['10015', 'The group may not suit the numbers: it has to be for their country and type, and fulfilled.'],
    [
      '20100',
      'The account has too little money, so nothing was ordered. Add funds at Telnyx, then apply again.',
    ],
    ['99999', undefined],
  ])('says of a refused order what it may come from: %s', (code, hint) => {
    const refusal = refused(422, detail(null), detail(code));
    expect(describeError(refusal, ORDER, PROGRESS).hint).toBe(hint);
    expect(describeError(refusal, GROUP, PROGRESS)).not.toHaveProperty('hint');
    if (hint === undefined) expect(describeError(refusal, ORDER, PROGRESS)).not.toHaveProperty('hint');
  });
});

describe('what is said of an order that did not get its values', () => {
  const name = "sub number order o1 did not get the group's values";
  const source = { file: 'groups/b.yaml', line: 9 };

  it.each([
    ['85003', 'The order already has its values. Remove it from `attach:`.'],
    ['85002', 'The order does not take values any more. Remove it from `attach:`.'],
    ['10005', 'The order does not exist any more. Remove it from `attach:`.'],
    ['10017', 'The group, or something that it refers to, is not known to Telnyx (any more). Plan again.'],
    [
      '10015',
      'The group does not suit the order: it has to be for its country, type and action, and fulfilled. A porting order may have documents or requirements of its own that conflict: clear them at Telnyx.',
    ],
    ['10036', 'Telnyx is still at work on the order: apply again later.'],
  ])('is what the refusal may come from: %s', (code, hint) => {
    const error = new AttachError(NAMED, refused(422, detail(null), detail(code)));
    expect(describeError(error, GROUP, PROGRESS)).toEqual(
      said({
        code: 'attach-refused',
        message: `${name}: SOME /request answered 422: ; ${code}`,
        status: 422,
        request_id: 'request-1',
        errors: [detail(null), detail(code)],
        source,
        hint,
      }),
    );
  });

  it.each<[string, Error, Partial<OutcomeError>]>([
    [
      'a refusal without a code',
      refused(409),
      {
        code: 'attach-refused',
        message: `${name}: SOME /request answered 409`,
        status: 409,
        request_id: 'request-1',
      },
    ],
    [
      'a failed operation',
      new OperationError('attach-without-effect', 'Nothing'),
      { code: 'attach-without-effect', message: `${name}: Nothing` },
    ],
    ['an interruption', new InterruptedError('stop'), { code: 'interrupted', message: `${name}: stop` }],
  ])('is all there is of %s', (_, cause, expected) => {
    expect(describeError(new AttachError(NAMED, cause), GROUP, PROGRESS)).toEqual(
      said({ source, ...expected }),
    );
  });

  it('keeps its cause with those of the others', () => {
    const other = new AttachError(NAMED, GONE);
    const first = new AttachError(NAMED, refused());
    expect(first.others).toEqual([]);
    const both = first.with([other]);
    expect(both.name).toBe('AttachError');
    expect([both.message, both.cause, both.order, both.others]).toEqual([
      first.message,
      refused(),
      NAMED,
      [other],
    ]);
  });
});

describe('the line that an error belongs to', () => {
  const lineOf = (change: WritingChange, ...pointers: (string | null)[]) => {
    const error = new ApiError(
      422,
      'PATCH /x',
      pointers.map((pointer) => detail('1', pointer)),
      null,
    );
    return describeError(error, change, newProgress({ source: at(1) })).source?.line;
  };

  it.each<[readonly (string | null)[], number]>([
    [['/regulatory_requirements/0/field_value'], 11],
    [['/regulatory_requirements/1/field_value'], 12],
    [['regulatory_requirements/2'], 13],
    [['/requirements/1'], 12],
    [['/regulatory_requirements/3/field_value'], 1],
    [['/requirements/10'], 1],
    [['/regulatory_requirements'], 1],
    [['/x/requirements/1'], 1],
    [['/customer_reference'], 1],
    [[null], 1],
    [[], 1],
    [[null, '/customer_reference', '/requirements/2', '/requirements/0'], 13],
  ])('is that of the requirement that Telnyx points to: %j', (pointers, line) => {
    expect(lineOf(GROUP, ...pointers)).toBe(line);
  });

  it.each<[string, number]>([
    // Documents with places of their own are not among the requirements that are sent.
    ['/requirements/0/field_value', 22],
    ['/requirements/1/field_value', 23],
    ['/end_user/admin/pin_passcode', 31],
    ['end_user/admin/pin_passcode', 31],
    ['/end_user/location', 32],
    ['/misc/type', 33],
    ['/misc', 33],
    ['/documents/loa', 21],
    ['/documents', 21],
    ['/end_user/admin/pin', 1],
    ['/webhook_url', 1],
    ['', 1],
    ['/', 1],
  ])('is that of the setting of a porting order: %s', (pointer, line) => {
    expect(lineOf(PORTING, pointer)).toBe(line);
  });

  it('is where the work was at, of an error that does not come from the API', () => {
    const error = new OperationError('x', 'x');
    expect(describeError(error, GROUP, newProgress({ source: at(12) })).source?.line).toBe(12);
  });

  it('is that of the requirement where the submission is refused because of it', () => {
    const error = submitRefused(refused(422, detail('1', '/regulatory_requirements/0')));
    expect(describeError(error, GROUP, PROGRESS).source?.line).toBe(1);
  });
});

it('an outcome is what is known of the change and of its progress', () => {
  const progress = newProgress({
    id: asRemoteId('g1'),
    status: 'approved',
    operations: ['patch'],
    warnings: ['look'],
  });
  expect(outcomeOf(GROUP, progress, 'applied', null)).toEqual({
    kind: 'RequirementGroup',
    name: 'de-local',
    id: 'g1',
    status: 'applied',
    operations: ['patch'],
    group_status: 'approved',
    error: null,
    warnings: ['look'],
  });
});

it.each([
  new OperationError('x', 'its own'),
  LOST(),
  notAttempted('its own'),
  submitRefused(refused()),
  new AttachError(NAMED, refused()),
  new UnreachableError('its own'),
])('the message of an error that regsync makes is its own: $name', (error) => {
  expect(messageOf(error)).toBe(error.message);
});
