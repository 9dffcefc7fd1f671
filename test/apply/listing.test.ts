import { describe, expect, it } from 'vitest';
import { awaitContents } from '../../src/apply/listing.ts';
import type { MadeContent, Run } from '../../src/kinds/writing/run.ts';
import { AuthenticationError } from '../../src/model/errors.ts';
import { references } from '../../src/model/reference-names.ts';
import { asRemoteId } from '../../src/model/resource.ts';
import { observedDocument, observedWorld, SCOPE } from '../support/plan-inputs.ts';
import { type ClientScript, inTurn } from '../support/scripted-client.ts';
import { refused, scriptedRun } from '../support/scripted-run.ts';

const [ONE, TWO] = ['1'.repeat(64), '2'.repeat(64)];
const referenceOf = (sha256: string) => references.document(SCOPE, sha256);
const addressReference = references.address(SCOPE, ONE);
const documents = (...digests: string[]) =>
  `GET /documents?filter[customer_reference][in][]=${digests.map(referenceOf).join()}`;
const ADDRESSES = `GET /addresses?filter[customer_reference][eq]=${addressReference}`;
const document = (id: string, sha256: string) => ({ id, customer_reference: referenceOf(sha256) });
const address = (id: string) => ({ id, customer_reference: addressReference });

function made(operation: MadeContent['operation'], id: string, sha256: string, isTold = false): MadeContent {
  return { operation, sha256, id: asRemoteId(id), isTold, warnings: [] };
}

async function wait(
  contents: readonly MadeContent[],
  script: ClientScript,
  given: (run: Run) => void = () => {},
) {
  const observed = observedWorld({ documents: [observedDocument('old', 'registration')] });
  const { run, asked } = scriptedRun(script, { observed });
  run.contents.push(...contents);
  given(run);
  await awaitContents(run);
  return { asked, warnings: contents.map(({ warnings }) => warnings) };
}

describe('what a run has made', () => {
  it.each<[string, readonly MadeContent[], ClientScript, unknown[]]>([
    ['is not asked for where it is nothing', [], {}, []],
    [
      'is looked for once where lists show it at once, documents together',
      [made('upload', 'd1', ONE), made('upload', 'd2', TWO)],
      { [documents(ONE, TWO)]: [document('d1', ONE), document('d2', TWO)] },
      [documents(ONE, TWO)],
    ],
    [
      'is looked for until lists show it, without what they showed',
      [made('upload', 'd1', ONE), made('upload', 'd2', TWO), made('create_address', 'a1', ONE)],
      {
        [documents(ONE, TWO)]: [document('d1', ONE)],
        [documents(TWO)]: inTurn([], [document('d9', TWO)], [document('d2', TWO)]),
        [ADDRESSES]: inTurn([], [address('a1')]),
      },
      [
        documents(ONE, TWO),
        ADDRESSES,
        'wait 500',
        documents(TWO),
        ADDRESSES,
        'wait 1500',
        documents(TWO),
        'wait 3000',
        documents(TWO),
      ],
    ],
    [
      'is looked for once by each reference',
      [made('create_address', 'a1', ONE), made('create_address', 'a2', ONE)],
      { [ADDRESSES]: [address('a1'), address('a2')] },
      [ADDRESSES],
    ],
    [
      'is given up after five seconds',
      [made('create_address', 'a1', ONE)],
      { [ADDRESSES]: [] },
      [ADDRESSES, 'wait 500', ADDRESSES, 'wait 1500', ADDRESSES, 'wait 3000', ADDRESSES],
    ],
    [
      'is given up where a look fails',
      [made('create_address', 'a1', ONE)],
      { [ADDRESSES]: inTurn([], refused()) },
      [ADDRESSES, 'wait 500', ADDRESSES],
    ],
  ])('%s', async (_, contents, script, expected) => {
    const { asked, warnings } = await wait(contents, script);
    expect(asked).toEqual(expected);
    expect(warnings.flat()).toEqual([]);
  });

  it('is not looked for any more after an interruption, nor with a key that is refused', async () => {
    const contents = [made('upload', 'd1', ONE)];
    const interruption = new AbortController();
    interruption.abort();
    const interrupted = await wait(contents, {}, (run) =>
      Object.assign(run, { signal: interruption.signal }),
    );
    const refusedKey = await wait(contents, {}, (run) => {
      run.keyRefused = new AuthenticationError('no');
    });
    expect([interrupted.asked, refusedKey.asked]).toEqual([[], []]);
  });

  it('is looked for with the places of the run', async () => {
    const places: number[] = [];
    await wait(
      [made('upload', 'd1', ONE), made('create_address', 'a1', ONE)],
      { [documents(ONE)]: () => note([document('d1', ONE)]), [ADDRESSES]: () => note([address('a1')]) },
      (run) => {
        note = (rows) => {
          places.push(run.places.free);
          return rows;
        };
      },
    );
    expect(places).toEqual([0, 0]);
  });
});

let note: (rows: object[]) => object[] = (rows) => rows;

describe('the same content, made by another run', () => {
  it.each<[string, MadeContent, ClientScript, string[]]>([
    [
      'is told of a document: neither those known before count, nor those of the run itself',
      made('upload', 'd1', ONE),
      {
        [documents(ONE, TWO)]: ['d1', 'd2', 'd3', 'old']
          .map((id) => document(id, ONE))
          .concat(document('own', TWO), document('own', ONE)),
      },
      [
        'another run has made the same document at the same time: d2, d3 beside d1. You can use either; `regsync gc` lists the unused one',
      ],
    ],
    [
      'is not told where a lost answer was',
      made('upload', 'd1', ONE, true),
      { [documents(ONE, TWO)]: [document('d1', ONE), document('d2', ONE), document('own', TWO)] },
      [],
    ],
  ])('%s', async (_, content, script, expected) => {
    const { warnings } = await wait([content, made('upload', 'own', TWO)], script);
    expect(warnings).toEqual([expected, []]);
  });

  it('is told of an address', async () => {
    const { warnings } = await wait([made('create_address', 'a1', ONE)], {
      [ADDRESSES]: [address('a2'), address('a1')],
    });
    expect(warnings).toEqual([
      [
        'another run has made the same address at the same time: a2 beside a1. You can use either; `regsync gc` lists the unused one',
      ],
    ]);
  });
});
