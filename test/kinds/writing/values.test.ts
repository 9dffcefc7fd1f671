import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isMadeFirst, makeValues, repairDocuments } from '../../../src/kinds/writing/values.ts';
import { InterruptedError } from '../../../src/model/errors.ts';
import type { ValueWrite } from '../../../src/model/plan/change.ts';
import { CLOSED_GATES } from '../../../src/model/plan/gates.ts';
import { reveal, Sensitive } from '../../../src/model/privacy/sensitive.ts';
import { references } from '../../../src/model/reference-names.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import type { ValueToWrite } from '../../../src/telnyx/types.ts';
import { BUSINESS_REGISTRATION, connect } from '../../sandbox/connection.ts';
import { applyHere } from '../../support/applied.ts';
import {
  definition,
  desiredGroup,
  documentValue,
  observedWorld,
  planInput,
  SCOPE,
} from '../../support/plan-inputs.ts';
import { type ClientScript, inTurn } from '../../support/scripted-client.ts';
import {
  addressOf,
  addressRow,
  addressWrite,
  at,
  documentOf,
  documentWrite,
  endOf,
  GONE,
  groupChange,
  LOST,
  newProgress,
  refused,
  scriptedRun,
  textWrite,
  valueWrite,
} from '../../support/scripted-run.ts';

const shaOf = (content: string) => documentOf(content).sha256;
const referenceOf = (content: string) => references.document(SCOPE, shaOf(content));
const uploadOf = (content: string) => [
  'POST /documents',
  { customer_reference: referenceOf(content), 'document.pdf': content },
];
const BEGIN = 'upload of de-local begins';
const address = addressOf('Beispielweg 1');
const ADDRESS_REFERENCE = references.address(SCOPE, address.sha256);

const plain = (values: readonly ValueToWrite[] | null) =>
  values?.map(({ requirementId, value }) => [requirementId, reveal(value)]) ?? null;

describe('values that are to be written', () => {
  it('are made in their order: texts and ids as they are, documents and addresses once each', async () => {
    const writes = [
      textWrite('a', 'desk'),
      valueWrite('b', { kind: 'remote', id: asRemoteId('x1') }),
      documentWrite('c', 'reused', 'd7'),
      addressWrite('d', 'Beispielweg 2', 'a7'),
      documentWrite('e', 'one'),
      addressWrite('f', 'Beispielweg 1'),
      documentWrite('g', 'one'),
      addressWrite('h', 'Beispielweg 1'),
    ];
    const { run, asked } = scriptedRun({
      'POST /documents': { id: 'd1', sha256: shaOf('one') },
      'POST /addresses': addressRow('a1', ADDRESS_REFERENCE, address),
    });
    const progress = newProgress();
    expect(plain(await makeValues(run, groupChange({ writes }), progress))).toEqual([
      ['a', 'desk'],
      ['b', 'x1'],
      ['c', 'd7'],
      ['d', 'a7'],
      ['e', 'd1'],
      ['f', 'a1'],
      ['g', 'd1'],
      ['h', 'a1'],
    ]);
    expect(progress).toEqual(newProgress({ operations: ['upload', 'create_address'], source: at(18) }));
    expect(asked.slice(0, 3)).toEqual([BEGIN, uploadOf('one'), 'create_address of de-local begins']);
    expect(asked).toHaveLength(4);
    expect(run.contents).toEqual([
      { operation: 'upload', sha256: shaOf('one'), id: 'd1', isTold: false, warnings: [] },
      { operation: 'create_address', sha256: address.sha256, id: 'a1', isTold: false, warnings: [] },
    ]);
  });

  it('are taken from another change of the run that has made them, and count as operations of that one', async () => {
    const { run, asked } = scriptedRun({
      'POST /documents': { id: 'd1', sha256: shaOf('one') },
      'POST /addresses': addressRow('a1', null, address),
    });
    const change = groupChange({ writes: [documentWrite('a', 'one'), addressWrite('b', 'Beispielweg 1')] });
    const [first, second] = [newProgress(), newProgress()];
    const [one, other] = await Promise.all([makeValues(run, change, first), makeValues(run, change, second)]);
    expect(plain(one)).toEqual(plain(other));
    expect([first.operations, second.operations]).toEqual([['upload', 'create_address'], []]);
    expect(asked).toHaveLength(4);
  });

  it('carry what is said of the making of each', async () => {
    const found = [
      { id: 'd1', customer_reference: referenceOf('one') },
      { id: 'd2', customer_reference: referenceOf('one') },
    ];
    const { run } = scriptedRun({
      'POST /documents': LOST,
      [`GET /documents?filter[customer_reference][eq]=${referenceOf('one')}`]: found,
      'GET /documents/d1': { id: 'd1' },
    });
    const progress = newProgress();
    await makeValues(run, groupChange({ writes: [documentWrite('a', 'one')] }), progress);
    const warnings = [
      'an answer was lost and a duplicate document was made: d2 beside d1; it is not deleted',
    ];
    expect(progress.warnings).toEqual(warnings);
    expect(run.contents).toMatchObject([{ id: 'd1', isTold: true }]);
    expect(run.contents[0]?.warnings).toBe(progress.warnings);
  });

  it.each<[ValueWrite, boolean]>([
    [textWrite('a', 'x'), false],
    [valueWrite('a', { kind: 'remote', id: asRemoteId('x') }), false],
    [documentWrite('a', 'x'), true],
    [documentWrite('a', 'x', 'd1'), false],
    [addressWrite('a', 'x'), true],
    [addressWrite('a', 'x', 'a1'), false],
  ])('have to be made first, or need not be: %#', (write, expected) => {
    expect(isMadeFirst(write)).toBe(expected);
  });
});

describe('several documents of one change', () => {
  const NAMES = ['one', 'two', 'three', 'four'];
  const writes = NAMES.map((name, index) => documentWrite('abcd'[index] ?? '', name));

  /** @returns how many were in hand at once, and what came of it; uploads of these names fail. */
  async function uploadAll(places: number, failing: Readonly<Record<string, Error>> = {}) {
    let [inHand, most] = [0, 0];
    const { run, asked } = scriptedRun(
      { 'POST /documents': { id: 'd1' }, 'GET /documents/d1': { id: 'd1' } },
      {
        parallelism: places,
        readDocument: async (path) => {
          const name = path.replace(/^documents\/|\.pdf$/g, '');
          inHand += 1;
          most = Math.max(most, inHand);
          await nextTurn();
          inHand -= 1;
          if (failing[name] !== undefined) throw failing[name];
          return Buffer.from(name);
        },
      },
    );
    const progress = newProgress();
    const end = await endOf(run.places.within(() => makeValues(run, groupChange({ writes }), progress)));
    return {
      end,
      most,
      begun: asked.filter((step) => step === BEGIN).length,
      progress,
      free: run.places.free,
    };
  }

  it.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [9, 4],
  ])(
    'are uploaded side by side as far as there is room: with %i places, %i at once',
    async (places, expected) => {
      const { most, begun, progress, free } = await uploadAll(places);
      expect([most, begun, free]).toEqual([expected, 4, places]);
      expect(progress.operations).toEqual(['upload', 'upload', 'upload', 'upload']);
    },
  );

  const broken = new Error('broken');
  const stop = new InterruptedError('stop');
  it.each<[string, number, Readonly<Record<string, Error>>, Error, number, number]>([
    ['the first that fails is the last that is begun', 1, { two: broken }, broken, 12, 2],
    ['those beside it come to their end', 2, { one: broken }, broken, 11, 2],
    ['of several that fail the first is told', 3, { two: refused(), three: broken }, refused(), 12, 4],
    [
      'one that an interruption kept back does not hide another',
      3,
      { one: stop, three: broken },
      broken,
      13,
      3,
    ],
    ['an interruption alone is told', 2, { two: stop }, stop, 12, 3],
  ])('stop where one fails: %s', async (_, places, failing, expected, line, most) => {
    const { end, begun, progress } = await uploadAll(places, failing);
    expect(end).toEqual(expected);
    expect(progress.source).toEqual(at(line));
    expect(begun).toBeLessThanOrEqual(most);
  });

  it('are not begun after an interruption', async () => {
    const interruption = new AbortController();
    interruption.abort();
    const { run, asked } = scriptedRun({}, { signal: interruption.signal });
    expect(await endOf(makeValues(run, groupChange({ writes }), newProgress()))).toEqual(
      new InterruptedError('interrupted before upload'),
    );
    expect(asked).toEqual([]);
  });

  it('and one that failed is uploaded by the next change that needs it', async () => {
    const { run } = scriptedRun({ 'POST /documents': inTurn(refused(), { id: 'd1', sha256: shaOf('one') }) });
    const change = groupChange({ writes: [documentWrite('a', 'one')] });
    expect(await endOf(makeValues(run, change, newProgress()))).toEqual(refused());
    expect(plain(await makeValues(run, change, newProgress()))).toEqual([['a', 'd1']]);
  });
});

describe('documents of a write that was refused', () => {
  const held = (...ids: string[]): ValueToWrite[] =>
    ids.map((id, index) => ({ requirementId: 'abcd'[index] ?? '', value: new Sensitive(id) }));
  const ready = (id: string) => ({ id, av_scan_status: 'scanned' });

  async function repair(
    writes: readonly ValueWrite[],
    values: readonly ValueToWrite[],
    script: ClientScript,
  ) {
    const { run, asked } = scriptedRun(script);
    const progress = newProgress();
    const end = await endOf(repairDocuments(run, groupChange({ writes }), values, progress));
    return { end: Array.isArray(end) ? plain(end) : end, asked, progress };
  }

  it('are not the reason where all are ready, and texts and addresses never are', async () => {
    const writes = [textWrite('a', 'x'), documentWrite('b', 'one', 'd1'), addressWrite('c', 'x', 'a1')];
    const { end, asked } = await repair(writes, held('x', 'd1', 'a1'), { 'GET /documents/d1': ready('d1') });
    expect([end, asked]).toEqual([null, ['GET /documents/d1']]);
  });

  it('are sent again as they are where one was scanned only then', async () => {
    const { end, progress } = await repair([documentWrite('a', 'one', 'd1')], held('d1'), {
      'GET /documents/d1': inTurn({ id: 'd1', av_scan_status: 'pending_scan' }, ready('d1')),
    });
    expect(end).toEqual([['a', 'd1']]);
    expect(progress).toEqual(newProgress());
  });

  it('are uploaded again where they are gone, and the rest stays', async () => {
    const writes = [documentWrite('a', 'one', 'd0'), textWrite('b', 'x'), documentWrite('c', 'two', 'd2')];
    const { end, asked, progress } = await repair(writes, held('d0', 'x', 'd2'), {
      'GET /documents/d0': GONE,
      'GET /documents/d2': ready('d2'),
      'POST /documents': { id: 'd1', sha256: shaOf('one') },
    });
    expect(end).toEqual([
      ['a', 'd1'],
      ['b', 'x'],
      ['c', 'd2'],
    ]);
    expect(asked).toEqual(['GET /documents/d0', BEGIN, uploadOf('one'), 'GET /documents/d2']);
    expect(progress).toEqual(
      newProgress({
        operations: ['upload'],
        warnings: ['documents/one.pdf had vanished at Telnyx since the plan was made and was uploaded again'],
        source: at(11),
      }),
    );
  });

  it('that Telnyx rejected are a failure with their name and line', async () => {
    const { end } = await repair([documentWrite('b', 'one', 'd1')], held('d1'), {
      'GET /documents/d1': { id: 'd1', av_scan_status: 'infected' },
    });
    expect(end).toEqual({
      code: 'document-rejected',
      message: 'Telnyx rejected the document for Requirement b',
      line: 12,
    });
  });

  it('are looked at as far as there were values', async () => {
    const writes = [documentWrite('a', 'one', 'd1'), documentWrite('b', 'two', 'd2')];
    const { asked } = await repair(writes, held('d1'), { 'GET /documents/d1': ready('d1') });
    expect(asked).toEqual(['GET /documents/d1']);
  });

  it('are uploaded again once for all changes that hold the id that is gone', async () => {
    const { run, asked } = scriptedRun({
      'GET /documents/d0': GONE,
      'POST /documents': inTurn({ id: 'd0', sha256: shaOf('one') }, { id: 'd1', sha256: shaOf('one') }),
    });
    const change = groupChange({ writes: [documentWrite('a', 'one')] });
    const values = await makeValues(run, change, newProgress());
    const both = await Promise.all([
      repairDocuments(run, change, values, newProgress()),
      repairDocuments(run, change, values, newProgress()),
    ]);
    expect(both.map(plain)).toEqual([[['a', 'd1']], [['a', 'd1']]]);
    expect(asked.filter((step) => step === BEGIN)).toHaveLength(2);
  });

  it('are not uploaded again where the run has made another upload of theirs by then', async () => {
    const { run, asked } = scriptedRun({
      'GET /documents/d0': GONE,
      'POST /documents': { id: 'd1', sha256: shaOf('one') },
    });
    await makeValues(run, groupChange({ writes: [documentWrite('a', 'one')] }), newProgress());
    const reusing = groupChange({ writes: [documentWrite('a', 'one', 'd0')] });
    expect(plain(await repairDocuments(run, reusing, held('d0'), newProgress()))).toEqual([['a', 'd1']]);
    expect(asked.filter((step) => step === BEGIN)).toHaveLength(1);
  });
});

const BYTES = '%PDF-1.4\nregistration\n%%EOF\n';

it('an upload that fails stops the group that began it, and the next one that needs the document tries again', async () => {
  const connection = await connect();
  const match = { method: 'POST', path: '^/documents$' };
  await connection.control('POST', '/faults', { kind: 'status', status: 422, times: 1, match });
  const requirement = definition(BUSINESS_REGISTRATION, 'Business Registration', 'document');
  const values = [documentValue(BYTES, requirement, { path: 'documents/registration.pdf' })];
  const groups = ['a', 'b', 'c'].map((name) =>
    desiredGroup({ name, values, definitions: [requirement], approval: 'none' }),
  );
  const input = planInput({ RequirementGroup: groups, observed: observedWorld({}), gates: CLOSED_GATES });
  const outcomes = await applyHere(input, { baseUrl: connection.sandbox.url }, () => Buffer.from(BYTES));
  expect(outcomes.map(({ name, status, operations }) => [name, status, operations])).toEqual([
    ['a', 'failed', []],
    ['b', 'applied', ['upload', 'create']],
    ['c', 'applied', ['create']],
  ]);
});
