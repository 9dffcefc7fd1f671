import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Semaphore } from '../../../src/kinds/writing/semaphore.ts';

describe('places for changes', () => {
  it('are for so many at once, in the order in which they come', async () => {
    const { come, go, inside, places } = open(2);
    for (const name of ['a', 'b', 'c', 'd']) come(name);
    await nextTurn();
    expect(inside()).toEqual(['a', 'b']);
    go('b');
    await nextTurn();
    expect(inside()).toEqual(['a', 'c']);
    expect(places.free).toBe(0);
    for (const name of ['a', 'c']) go(name);
    await nextTurn();
    expect(inside()).toEqual(['d']);
    expect(places.free).toBe(1);
  });

  it('are left while one waits, who comes back before others begin', async () => {
    const { come, go, inside, places } = open(1);
    let endWait = () => {};
    const steps: string[] = [];
    void places.within(async () => {
      await places.outside(() => new Promise((end) => (endWait = end)));
      steps.push('back');
    });
    for (const name of ['a', 'b']) come(name);
    await nextTurn();
    expect(inside()).toEqual(['a']);
    endWait();
    await nextTurn();
    expect(steps).toEqual([]);
    go('a');
    await nextTurn();
    expect(steps).toEqual(['back']);
    expect(inside()).toEqual(['b']);
    go('b');
    await nextTurn();
    expect(places.free).toBe(1);
  });

  it('are free again after a failure, inside or outside', async () => {
    const places = new Semaphore(1);
    const refused = () => Promise.reject(new Error('refused'));
    await expect(places.within(refused)).rejects.toThrow('refused');
    await expect(places.within(() => places.outside(refused))).rejects.toThrow('refused');
    expect(places.free).toBe(1);
    await expect(places.within(async () => 'in')).resolves.toBe('in');
  });
});

function open(number: number) {
  const places = new Semaphore(number);
  const going = new Map<string, () => void>();
  return {
    places,
    come: (name: string) => {
      const stay = () => new Promise<void>((go) => going.set(name, go));
      void places.within(stay);
    },
    go: (name: string) => {
      going.get(name)?.();
      going.delete(name);
    },
    inside: () => [...going.keys()].sort(),
  };
}
