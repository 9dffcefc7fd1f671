import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ByteSemaphore } from '../../../src/kinds/writing/byte-semaphore.ts';

describe('memory for documents', () => {
  it('lets in what fits, and the rest as room is made', async () => {
    const { enter, leave, inside } = open(10);
    for (const [name, bytes] of Object.entries({ a: 4, b: 4, c: 4, d: 2 })) enter(name, bytes);
    await nextTurn();
    expect(inside()).toEqual(['a', 'b', 'd']);
    leave('a');
    await nextTurn();
    expect(inside()).toEqual(['b', 'c', 'd']);
  });

  it('lets in alone what is larger than all of it', async () => {
    const { enter, leave, inside } = open(10);
    enter('small', 1);
    enter('large', 25);
    enter('other', 1);
    await nextTurn();
    expect(inside()).toEqual(['other', 'small']);
    leave('small');
    leave('other');
    await nextTurn();
    expect(inside()).toEqual(['large']);
    enter('late', 1);
    await nextTurn();
    expect(inside()).toEqual(['large']);
    leave('large');
    await nextTurn();
    expect(inside()).toEqual(['late']);
  });

  it('makes room again after a failure', async () => {
    const memory = new ByteSemaphore(1);
    await expect(memory.within(1, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    await expect(memory.within(1, async () => 'in')).resolves.toBe('in');
  });
});

function open(mostBytes: number) {
  const memory = new ByteSemaphore(mostBytes);
  const leaving = new Map<string, () => void>();
  return {
    enter: (name: string, bytes: number) => {
      const stay = () => new Promise<void>((leave) => leaving.set(name, leave));
      void memory.within(bytes, stay);
    },
    leave: (name: string) => {
      leaving.get(name)?.();
      leaving.delete(name);
    },
    inside: () => [...leaving.keys()].sort(),
  };
}
