import { describe, expect, it } from 'vitest';
import { type Collected, collectGarbage, type Garbage } from '../../src/apply/collect.ts';
import { InterruptedError, UnreachableError } from '../../src/model/errors.ts';
import { asRemoteId } from '../../src/model/resource.ts';
import { type ClientScript, scriptedClient } from '../support/scripted-client.ts';
import { endOf, LOST, refused } from '../support/scripted-run.ts';

const garbage = (id: string, kind: Garbage['kind'] = 'Document'): Garbage => ({
  kind,
  id: asRemoteId(id),
  reference: `ref ${id}`,
});
const fate = (
  id: string,
  status: Collected['status'],
  message: string | null = null,
  kind: Garbage['kind'] = 'Document',
) => ({
  kind,
  id,
  reference: `ref ${id}`,
  status,
  message,
});
const KEPT = 'kept: something refers to it now, or its reference changed. Run gc again to list the rest.';

async function collect(
  script: ClientScript,
  all: readonly Garbage[] = [garbage('d1'), garbage('d2'), garbage('d3')],
  looks: Readonly<Record<string, boolean | Error>> = {},
) {
  const { client, asked } = scriptedClient(script);
  const end = await endOf(
    collectGarbage(client, all, async ({ id }) => {
      const look = looks[id] ?? true;
      if (look instanceof Error) throw look;
      return look;
    }),
  );
  return { end, asked };
}

describe('garbage', () => {
  it('is deleted one after another, each as what it is', async () => {
    const script = { 'DELETE /documents/d1': {}, 'DELETE /addresses/a1': {} };
    expect(await collect(script, [garbage('d1'), garbage('a1', 'Address')])).toEqual({
      end: [fate('d1', 'deleted'), fate('a1', 'deleted', null, 'Address')],
      asked: ['DELETE /documents/d1', 'DELETE /addresses/a1'],
    });
  });

  it.each<[string, ClientScript['x'], ReturnType<typeof fate>]>([
    ['and is gone by then is deleted', refused(404), fate('d2', 'deleted')],
    [
      'and Telnyx still uses it is kept',
      refused(422, { detail: 'in use' }),
      fate('d2', 'failed', 'SOME /request answered 422: in use'),
    ],
  ])('%s, and the rest goes on', async (_, answer, second) => {
    const script = {
      'DELETE /documents/d1': {},
      'DELETE /documents/d2': answer ?? {},
      'DELETE /documents/d3': {},
    };
    expect((await collect(script)).end).toEqual([fate('d1', 'deleted'), second, fate('d3', 'deleted')]);
  });

  it('and is in use by then is not asked to be deleted, and the rest goes on', async () => {
    const script = { 'DELETE /documents/d1': {}, 'DELETE /documents/d3': {} };
    expect(await collect(script, undefined, { d2: false })).toEqual({
      end: [fate('d1', 'deleted'), fate('d2', 'failed', KEPT), fate('d3', 'deleted')],
      asked: ['DELETE /documents/d1', 'DELETE /documents/d3'],
    });
  });

  it.each<[string, ClientScript, Readonly<Record<string, Error>>, ReturnType<typeof fate>]>([
    [
      'an interruption',
      { 'DELETE /documents/d1': {} },
      { d2: new InterruptedError('stop') },
      fate('d2', 'skipped'),
    ],
    [
      'a look that fails',
      { 'DELETE /documents/d1': {} },
      { d2: refused(400) },
      fate('d2', 'failed', 'SOME /request answered 400'),
    ],
    [
      'an API that is not reached any more',
      { 'DELETE /documents/d1': {}, 'DELETE /documents/d2': new UnreachableError('down') },
      {},
      fate('d2', 'failed', 'down'),
    ],
  ])('is left alone after %s, and what was done before is told', async (_, script, looks, second) => {
    const { end, asked } = await collect(script, undefined, looks);
    expect(end).toEqual([fate('d1', 'deleted'), second, fate('d3', 'skipped')]);
    expect(asked).not.toContain('DELETE /documents/d3');
  });

  it.each<[string, ClientScript, Readonly<Record<string, boolean | Error>>, Error]>([
    ['an interruption', {}, { d1: new InterruptedError('stop') }, new InterruptedError('stop')],
    ['a look that fails', {}, { d1: false, d2: refused(400) }, refused(400)],
    [
      'an API that is not reached',
      { 'DELETE /documents/d1': new UnreachableError('down') },
      {},
      new UnreachableError('down'),
    ],
  ])('of which nothing is deleted ends with %s', async (_, script, looks, expected) => {
    expect((await collect(script, undefined, looks)).end).toEqual(expected);
  });

  it('that may have been deleted is told of, though nothing else was', async () => {
    const { end } = await collect({ 'DELETE /documents/d1': LOST });
    expect(end).toEqual([
      fate('d1', 'failed', 'It is not known whether POST /something was processed: answered 503'),
      fate('d2', 'skipped'),
      fate('d3', 'skipped'),
    ]);
  });
});
