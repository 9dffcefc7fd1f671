import { describe, expect, it } from 'vitest';
import { begin, type Run, refuseToGoOn, startRun, waitOutside } from '../../../src/kinds/writing/run.ts';
import { AuthenticationError, InterruptedError, UnreachableError } from '../../../src/model/errors.ts';
import { asRemoteId } from '../../../src/model/resource.ts';
import {
  observedAddress,
  observedDocument,
  observedGroup,
  observedWorld,
} from '../../support/plan-inputs.ts';
import { endOf, groupChange, LOST, scriptedRun } from '../../support/scripted-run.ts';

describe('a run', () => {
  it('takes nothing that was there before for something that it has made', () => {
    const observed = observedWorld({
      matches: {
        'de-local': {
          group: observedGroup({}, { id: asRemoteId('successor') }),
          superseded: [observedGroup({}, { id: asRemoteId('old') })],
        },
        'fr-local': { group: null, superseded: [] },
      },
      documents: [observedDocument('doc-1', 'registration')],
      addresses: [observedAddress('addr-1', 'Musterstraße 1')],
    });
    const { input } = scriptedRun({}, { observed });
    const { writer } = startRun(input);
    expect([...writer.knownIds].sort()).toEqual(['addr-1', 'doc-1', 'old', 'successor']);
  });

  it('begins with nothing done, and has as many places as it was told', () => {
    const { run } = scriptedRun({}, { parallelism: 7 });
    expect([run.hasWritten, run.keyRefused, run.unreachableInARow, run.places.free]).toEqual([
      false,
      null,
      0,
      7,
    ]);
    expect([run.uploads.size, run.creations.size, run.contents, run.groups.size]).toEqual([0, 0, [], 0]);
    expect(run.writer.scope).toBe('acme');
  });

  it('has room for 64 MiB of documents at once', async () => {
    const { run } = scriptedRun({});
    const inside: number[] = [];
    let leave = () => {};
    const first = run.writer.memory.within(32 * 1024 * 1024, () => new Promise<void>((end) => (leave = end)));
    await run.writer.memory.within(32 * 1024 * 1024, async () => inside.push(2));
    const third = run.writer.memory.within(32 * 1024 * 1024 + 1, async () => inside.push(3));
    await run.writer.memory.within(1, async () => inside.push(1));
    leave();
    await Promise.all([first, third]);
    expect(inside).toEqual([2, 1, 3]);
  });

  it('does not begin a timer of no time', async () => {
    const { run, asked } = scriptedRun({});
    await run.writer.wait(0);
    await run.writer.wait(1);
    expect(asked).toEqual(['wait 1']);
  });

  it.each<[string, object | (() => Error) | Error, boolean]>([
    ['was answered', {}, true],
    ['was lost', LOST, true],
    ['was refused', new UnreachableError('never sent'), false],
  ])('has written where a write %s', async (_, answer, expected) => {
    const { run } = scriptedRun({ 'DELETE /documents/d1': answer as Error });
    const write = {
      method: 'DELETE',
      template: '/documents/{id}',
      params: { id: 'd1' },
      repeat: 'safe',
    } as const;
    await endOf(run.writer.client.send(write));
    expect(run.hasWritten).toBe(expected);
  });

  it('reads by the client as it is, and has written nothing by that', async () => {
    const { run } = scriptedRun({ 'GET /documents/d1': { id: 'd1' } });
    await run.writer.client.get('/documents/{id}', { id: 'd1' });
    expect(run.hasWritten).toBe(false);
  });
});

describe('a wait of one change', () => {
  it('leaves its place to others meanwhile', async () => {
    const places: number[] = [];
    const { run } = scriptedRun({}, { wait: async () => void places.push(run.places.free) });
    await run.places.within(() => waitOutside(run, 500));
    expect([...places, run.places.free]).toEqual([1, 1]);
  });

  it('of no time keeps its place', async () => {
    const { run, asked } = scriptedRun({});
    let isLeft = false;
    Object.assign(run.places, { outside: async () => (isLeft = true) });
    await waitOutside(run, 0);
    expect([isLeft, asked]).toEqual([false, []]);
  });
});

describe('an operation that is to be begun', () => {
  it('is told', () => {
    const { run, asked } = scriptedRun({});
    begin(run, groupChange(), 'patch');
    expect(asked).toEqual(['patch of de-local begins']);
  });

  it('is neither begun nor told after an interruption', () => {
    const { run, asked } = interrupted();
    expect(() => begin(run, groupChange(), 'patch')).toThrow(
      new InterruptedError('interrupted before patch'),
    );
    expect(asked).toEqual([]);
  });
});

describe('the next change of a run', () => {
  it.each<[string, Partial<Run>, string | null]>([
    ['is begun', {}, null],
    ['is begun after nine that were not reached', { unreachableInARow: 9 }, null],
    [
      'is not begun after ten that were not reached',
      { unreachableInARow: 10 },
      'OperationError: not attempted: the API could not be reached 10 times in a row',
    ],
    [
      'is not begun after the key was refused',
      { keyRefused: new AuthenticationError('no') },
      'OperationError: not attempted: Telnyx refused the key for another one',
    ],
  ])('%s', (_, state, expected) => {
    expect(messageOf(() => refuseToGoOn(Object.assign(scriptedRun({}).run, state)))).toBe(expected);
  });

  it('is not begun after an interruption', () => {
    const expected = 'InterruptedError: interrupted before this was begun';
    expect(messageOf(() => refuseToGoOn(interrupted().run))).toBe(expected);
  });
});

function interrupted() {
  const interruption = new AbortController();
  interruption.abort();
  return scriptedRun({}, { signal: interruption.signal });
}

function messageOf(act: () => void): string | null {
  try {
    act();
    return null;
  } catch (error) {
    return String(error);
  }
}
