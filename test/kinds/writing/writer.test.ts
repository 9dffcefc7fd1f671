import { describe, expect, it } from 'vitest';
import { makeAddress } from '../../../src/kinds/address/create.ts';
import { inspectDocument, upload } from '../../../src/kinds/document/upload.ts';
import {
  confirmValues,
  isSubmitted,
  makeGroup,
  patch,
  remove,
  submit,
} from '../../../src/kinds/requirement-group/write.ts';
import { AuthenticationError, InterruptedError, UnreachableError } from '../../../src/model/errors.ts';
import type { ObservedGroup } from '../../../src/model/observed.ts';
import { Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { references } from '../../../src/model/reference-names.ts';
import { asReference, asRemoteId } from '../../../src/model/resource.ts';
import {
  DOCUMENT_ID,
  desiredGroup,
  observedAddress,
  observedDocument,
  observedGroup,
  observedWorld,
  SCOPE,
  TEXT_ID,
} from '../../support/plan-inputs.ts';
import { type ClientScript, inTurn } from '../../support/scripted-client.ts';
import {
  addressOf,
  addressRow,
  documentOf,
  endOf,
  GONE,
  groupRow,
  LOST,
  refused,
  scriptedRun,
} from '../../support/scripted-run.ts';

const OTHER_SHA256 = 'b'.repeat(64);
const ID = asRemoteId('g1');
const group = (values: Readonly<Record<string, string>> = {}, given: Partial<ObservedGroup> = {}) =>
  observedGroup(values, { id: ID, ...given });
const row = (...of: Parameters<typeof group>) => groupRow(group(...of));

const DOCUMENT = documentOf('registration');
const { sha256 } = DOCUMENT;
const DOCUMENT_REFERENCE = references.document(SCOPE, sha256);
const POST_DOCUMENT = [
  'POST /documents',
  { customer_reference: DOCUMENT_REFERENCE, 'document.pdf': 'registration' },
];
const LIST_DOCUMENTS = `GET /documents?filter[customer_reference][eq]=${DOCUMENT_REFERENCE}`;
const uploaded = (id: string, given: object = {}) => ({
  id,
  customer_reference: DOCUMENT_REFERENCE,
  sha256,
  ...given,
});

describe('an upload', () => {
  it.each<[string, ClientScript, unknown[]]>([
    ['that is answered with its digest is believed', { 'POST /documents': uploaded('d1') }, [POST_DOCUMENT]],
    [
      'that is answered without a digest is read, and believed where the document has the digest',
      { 'POST /documents': { id: 'd1' }, 'GET /documents/d1': uploaded('d1') },
      [POST_DOCUMENT, 'GET /documents/d1'],
    ],
    [
      'of which nothing tells a digest is believed',
      { 'POST /documents': { id: 'd1' }, 'GET /documents/d1': { id: 'd1' } },
      [POST_DOCUMENT, 'GET /documents/d1'],
    ],
    [
      'that cannot be read yet is believed',
      { 'POST /documents': { id: 'd1' }, 'GET /documents/d1': GONE },
      [POST_DOCUMENT, 'GET /documents/d1'],
    ],
    [
      'whose answer was lost is looked for, three times over five seconds, and not sent again',
      {
        'POST /documents': LOST,
        [LIST_DOCUMENTS]: inTurn([], [uploaded('old')], [uploaded('d1')]),
        'GET /documents/d1': uploaded('d1'),
      },
      [
        POST_DOCUMENT,
        'wait 500',
        LIST_DOCUMENTS,
        'wait 1500',
        LIST_DOCUMENTS,
        'wait 3000',
        LIST_DOCUMENTS,
        'GET /documents/d1',
      ],
    ],
    [
      'whose answer was lost is not taken for other bytes under its reference, and is sent again where it is not found',
      {
        'POST /documents': inTurn(LOST, uploaded('d1')),
        [LIST_DOCUMENTS]: [uploaded('other', { sha256: OTHER_SHA256 })],
      },
      [
        POST_DOCUMENT,
        'wait 500',
        LIST_DOCUMENTS,
        'wait 1500',
        LIST_DOCUMENTS,
        'wait 3000',
        LIST_DOCUMENTS,
        POST_DOCUMENT,
        LIST_DOCUMENTS,
      ],
    ],
  ])('%s', async (_, script, expected) => {
    const observed = observedWorld({ documents: [observedDocument('old', 'registration')] });
    const { run, asked } = scriptedRun(script, { observed });
    expect(await endOf(upload(run.writer, DOCUMENT))).toEqual({ id: 'd1', warning: null });
    expect(asked).toEqual(expected);
  });

  it.each<[string, ClientScript, string]>([
    [
      'that was found with a duplicate beside it',
      { 'POST /documents': LOST, [LIST_DOCUMENTS]: [uploaded('d1'), uploaded('d2'), uploaded('d3')] },
      'an answer was lost and a duplicate document was made: d2, d3 beside d1; it is not deleted',
    ],
    [
      'that was sent twice, and found twice then',
      {
        'POST /documents': inTurn(LOST, uploaded('d1')),
        [LIST_DOCUMENTS]: inTurn([], [], [], [uploaded('d1'), uploaded('d2'), uploaded('old')]),
      },
      'an answer was lost and a duplicate document was made: d2 beside d1; it is not deleted',
    ],
    [
      'that was sent three times',
      { 'POST /documents': inTurn(LOST, LOST, uploaded('d1')), [LIST_DOCUMENTS]: [] },
      '2 answers were lost, and there may be a duplicate document beside d1 that lists do not show yet',
    ],
    [
      'that was sent twice, where an interruption keeps it from being looked up',
      {
        'POST /documents': inTurn(LOST, uploaded('d1')),
        [LIST_DOCUMENTS]: inTurn([], [], [], new InterruptedError('Interrupted')),
      },
      'an answer was lost, and there may be a duplicate document beside d1: that could not be looked up',
    ],
    [
      'that was sent twice, where nothing answers any more',
      {
        'POST /documents': inTurn(LOST, uploaded('d1')),
        [LIST_DOCUMENTS]: inTurn([], [], [], new UnreachableError('No usable answer')),
      },
      'an answer was lost, and there may be a duplicate document beside d1: that could not be looked up',
    ],
  ])('%s says what a person should look at', async (_, script, warning) => {
    const observed = observedWorld({ documents: [observedDocument('old', 'registration')] });
    const { run } = scriptedRun({ 'GET /documents/d1': uploaded('d1'), ...script }, { observed });
    expect(await endOf(upload(run.writer, DOCUMENT))).toEqual({ id: 'd1', warning });
  });

  it.each<[string, ClientScript, unknown, number]>([
    [
      'that is answered with another digest is not used',
      { 'POST /documents': uploaded('d1', { sha256: OTHER_SHA256 }) },
      {
        code: 'upload-differs',
        message: `Telnyx stored document d1 with other bytes than documents/registration.pdf (sha256 ${OTHER_SHA256}), so regsync does not use it. Run apply again`,
        line: 1,
      },
      1,
    ],
    [
      'that has another digest when it is read is not used',
      {
        'POST /documents': { id: 'd1' },
        'GET /documents/d1': uploaded('d1', { sha256: OTHER_SHA256 }),
      },
      expect.objectContaining({ code: 'upload-differs' }),
      2,
    ],
    ['that is refused is not sent again', { 'POST /documents': refused() }, refused(), 1],
    [
      'that is lost each time has an unknown outcome',
      { 'POST /documents': LOST, [LIST_DOCUMENTS]: [] },
      LOST(),
      3 + 3 * 6,
    ],
    [
      'that was sent twice, where the look for a duplicate is refused, fails',
      { 'POST /documents': inTurn(LOST, uploaded('d1')), [LIST_DOCUMENTS]: inTurn([], [], [], refused(400)) },
      refused(400),
      1 + 6 + 1 + 1,
    ],
  ])('%s', async (_, script, expected, steps) => {
    const { run, asked } = scriptedRun(script);
    expect(await endOf(upload(run.writer, DOCUMENT))).toEqual(expected);
    expect(asked).toHaveLength(steps);
  });

  it('of bytes that changed since they were planned is not begun', async () => {
    const { run, asked } = scriptedRun({}, { readDocument: async () => Buffer.from('other') });
    expect(await endOf(upload(run.writer, DOCUMENT))).toEqual({
      code: 'document-changed',
      message: 'somebody changed documents/registration.pdf during this apply. Make a new plan',
      line: 1,
    });
    expect(asked).toEqual([]);
  });

  it('of an encrypted file is called by the extension of the plaintext, in small letters', async () => {
    const { run, asked } = scriptedRun({ 'POST /documents': uploaded('d1') });
    await upload(run.writer, documentOf('registration', { path: 'documents/registration.a.JPG.age' }));
    expect(asked).toEqual([
      ['POST /documents', { customer_reference: DOCUMENT_REFERENCE, 'document.jpg': 'registration' }],
    ]);
  });
});

describe('a document that a write was refused with', () => {
  const pending = { id: 'd1', av_scan_status: 'pending_scan' };
  const scanned = { id: 'd1', av_scan_status: 'scanned', status: 'pending' };
  it.each<[string, ClientScript['x'], unknown[]]>([
    ['ready', scanned, []],
    ['ready', { id: 'd1' }, []],
    ['gone', GONE, []],
    ['rejected', { ...scanned, av_scan_status: 'infected' }, []],
    ['rejected', { ...scanned, status: 'denied' }, []],
    ['scanned-meanwhile', inTurn(pending, scanned), [1000]],
    ['rejected', inTurn(pending, pending, { ...scanned, av_scan_status: 'infected' }), [1000, 2000]],
    ['gone', inTurn(pending, GONE), [1000]],
    ['ready', pending, [1000, 2000, 4000, 8000, 15_000]],
  ])('is %s: %o', async (state, answer, waits) => {
    const { run, asked } = scriptedRun({ 'GET /documents/d1': answer ?? {} });
    expect(await inspectDocument(run.writer, asRemoteId('d1'))).toBe(state);
    expect(asked).toEqual([
      'GET /documents/d1',
      ...waits.flatMap((ms) => [`wait ${ms}`, 'GET /documents/d1']),
    ]);
  });
});

describe('an address', () => {
  const address = addressOf('Beispielweg 1');
  const reference = references.address(SCOPE, address.sha256);
  const list = `GET /addresses?filter[customer_reference][eq]=${reference}`;

  it('is created with its fields and its reference', async () => {
    const { run, asked } = scriptedRun({ 'POST /addresses': addressRow('a1', reference, address) });
    expect(await endOf(makeAddress(run.writer, address))).toEqual({ id: 'a1', warning: null });
    expect(asked).toEqual([
      [
        'POST /addresses',
        {
          first_name: '',
          last_name: '',
          business_name: 'Example GmbH',
          street_address: 'Beispielweg 1',
          locality: 'Berlin',
          country_code: 'DE',
          customer_reference: reference,
          address_book: false,
          validate_address: false,
        },
      ],
    ]);
  });

  it('that is answered without any field is believed', async () => {
    const { run } = scriptedRun({ 'POST /addresses': { id: 'a1' } });
    expect(await endOf(makeAddress(run.writer, address))).toEqual({ id: 'a1', warning: null });
  });

  it('that Telnyx stores otherwise is not used, and the fields are named', async () => {
    const answer = {
      id: 'a1',
      business_name: 'Example AG',
      street_address: 'Beispielweg 1',
      locality: 'Bonn',
    };
    const { run } = scriptedRun({ 'POST /addresses': { ...answer, country_code: 'DE' } });
    expect(await endOf(makeAddress(run.writer, address))).toEqual({
      code: 'address-differs',
      message:
        'Telnyx changed address a1 when it stored it: business_name, locality. Correct the manifest, or use the stored address with `address: { id: "a1" }`',
      line: 1,
    });
  });

  it('whose answer was lost is looked for: neither an earlier one is taken for it, nor one of other fields', async () => {
    const observed = observedWorld({ addresses: [observedAddress('old', 'Beispielweg 1')] });
    const { run, asked } = scriptedRun(
      {
        'POST /addresses': LOST,
        [list]: inTurn(
          [addressRow('old', reference, address), addressRow('other', reference, addressOf('Beispielweg 2'))],
          [addressRow('a1', reference, address), addressRow('a2', reference, address)],
        ),
      },
      { observed },
    );
    expect(await endOf(makeAddress(run.writer, address))).toEqual({
      id: 'a1',
      warning: 'an answer was lost and a duplicate address was made: a2 beside a1; it is not deleted',
    });
    expect(asked.slice(1)).toEqual(['wait 500', list, 'wait 1500', list]);
  });
});

describe('a group that is made', () => {
  const values = [{ requirementId: TEXT_ID, value: new Sensitive('Compliance desk') }];
  const list = 'GET /requirement_groups?filter[customer_reference]=regsync/acme/de-local';
  const POST_GROUP = [
    'POST /requirement_groups',
    {
      country_code: 'DE',
      phone_number_type: 'local',
      action: 'ordering',
      customer_reference: 'regsync/acme/de-local',
      regulatory_requirements: [{ requirement_id: TEXT_ID, field_value: 'Compliance desk' }],
    },
  ];

  it('is created with its values', async () => {
    const { run, asked } = scriptedRun({ 'POST /requirement_groups': { id: 'g1' } });
    expect(await endOf(makeGroup(run.writer, desiredGroup(), values))).toEqual({ id: 'g1', warning: null });
    expect(asked).toEqual([POST_GROUP]);
  });

  it('is looked for by its reference and combination where the answer was lost', async () => {
    const french = { countryCode: 'FR', phoneNumberType: 'local', action: 'ordering' };
    const found = [
      row({}, { id: asRemoteId('fr'), combination: french }),
      row(),
      row({}, { id: asRemoteId('g2') }),
    ];
    const { run, asked } = scriptedRun({ 'POST /requirement_groups': LOST, [list]: found });
    expect(await endOf(makeGroup(run.writer, desiredGroup(), values))).toEqual({
      id: 'g1',
      warning:
        'an answer was lost and a duplicate requirement group was made: g2 beside g1; it is not deleted',
    });
    expect(asked).toEqual([POST_GROUP, 'wait 500', list]);
  });
});

describe('a group that is patched', () => {
  it('gets its values and its reference in one request', async () => {
    const { run, asked } = scriptedRun({ 'PATCH /requirement_groups/g1': {} });
    await patch(run.writer, ID, [{ requirementId: TEXT_ID, value: new Sensitive('desk') }], 'regsync/acme/a');
    expect(asked).toEqual([
      [
        'PATCH /requirement_groups/g1',
        {
          customer_reference: 'regsync/acme/a',
          regulatory_requirements: [{ requirement_id: TEXT_ID, field_value: 'desk' }],
        },
      ],
    ]);
  });
});

describe('a group that is read back', () => {
  const GET = 'GET /requirement_groups/g1';
  const VALUES = { [TEXT_ID]: '2026-06-01', [DOCUMENT_ID]: 'd1' };
  const written = Object.entries(VALUES).map(([requirementId, value]) => ({
    requirementId,
    value: new Sensitive(value),
  }));
  const REFERENCE = 'regsync/acme/de-local';
  const twice = [GET, 'wait 1000', GET];
  const confirm = (answer: ClientScript['x'], reference: string | null, isKnown = false) => {
    const matches = isKnown ? { 'de-local': { group: group(), superseded: [] } } : {};
    const { run, asked } = scriptedRun({ [GET]: answer ?? {} }, { observed: observedWorld({ matches }) });
    return { asked, end: endOf(confirmValues(run.writer, ID, written, reference)) };
  };

  it.each<[string, ClientScript['x'], string | null, unknown[]]>([
    ['and holds everything', row(VALUES), REFERENCE, [GET]],
    [
      'and holds everything, the date in the form of the API',
      row({ ...VALUES, [TEXT_ID]: '2026-06-01T00:00:00.000Z' }),
      REFERENCE,
      [GET],
    ],
    ['and holds everything a second later', inTurn(row(), row(VALUES)), REFERENCE, twice],
    ['and is there a second later', inTurn(GONE, row(VALUES)), REFERENCE, twice],
    ['and has a reference that nothing was written to', row(VALUES, { reference: null }), null, [GET]],
    [
      'and has its reference in other blanks',
      row(VALUES, { reference: asReference(` ${REFERENCE}`) }),
      REFERENCE,
      [GET],
    ],
  ])('%s is as it should be', async (_, answer, reference, expected) => {
    const { end, asked } = confirm(answer, reference);
    expect(await end).toMatchObject({ id: 'g1', requirements: [{ requirementId: TEXT_ID }, {}] });
    expect(asked).toEqual(expected);
  });

  const withoutEffect = (missing: string) => ({
    code: 'write-without-effect',
    message: `Telnyx answered success, but reading the group back shows no change of ${missing}`,
    line: null,
  });
  const notKept = (stored: string) => ({
    code: 'reference-not-kept',
    message: `Telnyx stores ${stored} as the customer_reference of requirement group g1 instead of "regsync/acme/de-local", so that it cannot be found by it again: write \`id: g1\` into its manifest, and leave customer_reference out`,
    line: null,
  });
  const cut = { reference: asReference('cut') };
  it.each<[string, ClientScript['x'], string | null, boolean, unknown]>([
    ['and is not there', GONE, REFERENCE, false, withoutEffect('the group itself')],
    ['and is gone at the second look', inTurn(row(), GONE), null, false, withoutEffect('the group itself')],
    [
      'and holds another value',
      row({ ...VALUES, [TEXT_ID]: '2026-06-02' }),
      null,
      false,
      withoutEffect(`requirement ${TEXT_ID}`),
    ],
    [
      'and holds nothing under another reference',
      row({}, cut),
      REFERENCE,
      false,
      withoutEffect(`requirement ${TEXT_ID}, requirement ${DOCUMENT_ID}, customer_reference`),
    ],
    ['and was made under another reference', row(VALUES, cut), REFERENCE, false, notKept('"cut"')],
    [
      'and was made without its reference',
      row(VALUES, { reference: null }),
      REFERENCE,
      false,
      notKept('none'),
    ],
    [
      'and was there before, under another reference',
      row(VALUES, cut),
      REFERENCE,
      true,
      withoutEffect('customer_reference'),
    ],
    [
      'and was made, without its reference in the end only',
      inTurn(row(VALUES, cut), GONE),
      REFERENCE,
      false,
      withoutEffect('the group itself'),
    ],
  ])('%s is a failure after two looks', async (_, answer, reference, isKnown, expected) => {
    const { end, asked } = confirm(answer, reference, isKnown);
    expect(await end).toEqual(expected);
    expect(asked).toEqual(twice);
  });

  it('and says a requirement twice holds what it says last', async () => {
    const [first, last] = [group({ [TEXT_ID]: 'old' }), group(VALUES)];
    const both = { ...first, requirements: [...first.requirements, ...last.requirements] };
    expect(await confirm(groupRow(both), null).end).toMatchObject({ id: 'g1' });
  });
});

describe('a group that is submitted', () => {
  const POST = 'POST /requirement_groups/g1/submit_for_approval';
  const GET = 'GET /requirement_groups/g1';
  const at = (status: string) => row({}, { status });
  const looks = [GET, 'wait 500', GET, 'wait 1500', GET, 'wait 3000', GET];
  it.each<[string, ClientScript['x'], ClientScript['x'], string, unknown[]]>([
    ['is read back', {}, at('pending-approval'), 'pending-approval', [POST, GET]],
    ['may be approved at once', {}, at('approved'), 'approved', [POST, GET]],
    [
      'may be seen to be only after five seconds',
      {},
      inTurn(at('unapproved'), at('declined'), at('unapproved'), at('pending-approval')),
      'pending-approval',
      [POST, ...looks],
    ],
    ['and refused, as somebody was faster, is submitted', refused(), at('approved'), 'approved', [POST, GET]],
    ['and lost is not sent again where it is seen', LOST, at('approved'), 'approved', [POST, GET]],
    [
      'and lost is sent again where it is not seen',
      inTurn(LOST, {}),
      inTurn(at('unapproved'), at('unapproved'), at('unapproved'), at('unapproved'), at('approved')),
      'approved',
      [POST, ...looks, POST, GET],
    ],
  ])('%s', async (_, post, get, status, expected) => {
    const { run, asked } = scriptedRun({ [POST]: post ?? {}, [GET]: get ?? {} });
    expect(await endOf(submit(run.writer, ID))).toMatchObject({ id: 'g1', status });
    expect(asked).toEqual(expected);
  });

  it.each<[string, ClientScript['x'], unknown, unknown[]]>([
    [
      'and stays as it was is a failure',
      {},
      {
        code: 'submit-without-effect',
        message:
          'Telnyx answered success to the submission, but the group is neither pending approval nor approved',
        line: null,
      },
      [POST, ...looks],
    ],
    ['and refused is a failure', refused(), refused(), [POST, GET]],
    [
      'with a key that is refused is not looked at',
      new AuthenticationError('no'),
      new AuthenticationError('no'),
      [POST],
    ],
  ])('%s', async (_, post, expected, steps) => {
    const { run, asked } = scriptedRun({ [POST]: post ?? {}, [GET]: at('declined') });
    expect(await endOf(submit(run.writer, ID))).toEqual(expected);
    expect(asked).toEqual(steps);
  });

  it.each([
    ['pending-approval', true],
    ['approved', true],
    ['unapproved', false],
    ['declined', false],
    ['no-longer-eligible', false],
  ])('is one that is %s: %s', (status, expected) => {
    expect(isSubmitted(group({}, { status }))).toBe(expected);
  });
});

describe('a group that is deleted', () => {
  const DELETE = 'DELETE /requirement_groups/g1';
  const GET = 'GET /requirement_groups/g1';
  const stillThere = {
    code: 'delete-without-effect',
    message: 'Telnyx answered success, but group g1 is still there',
    line: null,
  };
  it.each<[string, ClientScript['x'], ClientScript['x'], unknown, unknown[]]>([
    ['is gone', {}, GONE, undefined, [DELETE, GET]],
    ['may be gone before', GONE, GONE, undefined, [DELETE, GET]],
    ['may be gone a second later', {}, inTurn(row(), GONE), undefined, [DELETE, GET, 'wait 1000', GET]],
    ['and stays is a failure', {}, row(), stillThere, [DELETE, GET, 'wait 1000', GET]],
    ['and refused is a failure', refused(), row(), refused(), [DELETE]],
    [
      'and not answered for is a failure',
      new UnreachableError('No'),
      row(),
      new UnreachableError('No'),
      [DELETE],
    ],
  ])('%s', async (_, answer, get, expected, steps) => {
    const { run, asked } = scriptedRun({ [DELETE]: answer ?? {}, [GET]: get ?? {} });
    expect(await endOf(remove(run.writer, ID))).toEqual(expected);
    expect(asked).toEqual(steps);
  });
});
