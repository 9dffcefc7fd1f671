import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Buffers, Memory } from '../../src/apply/memory.ts';

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
    const memory = new Memory(1);
    await expect(memory.within(1, () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    await expect(memory.within(1, async () => 'in')).resolves.toBe('in');
  });
});

describe('buffers for documents', () => {
  it('are lent again once they came back, and not before', () => {
    const buffers = new Buffers(100);
    const first = buffers.lend(10);
    const second = buffers.lend(10);
    expect(second.buffer).not.toBe(first.buffer);
    buffers.takeBack(first.subarray(0, 9));
    const third = buffers.lend(10);
    expect(third.buffer).toBe(first.buffer);
    expect(third).toHaveLength(10);
    expect(buffers.lend(10).buffer).not.toBe(first.buffer);
  });

  it('are lent once, however often they are said to be back', () => {
    const buffers = new Buffers(100);
    const first = buffers.lend(10);
    buffers.takeBack(first);
    buffers.takeBack(first);
    expect(buffers.lend(10).buffer).toBe(first.buffer);
    expect(buffers.lend(10).buffer).not.toBe(first.buffer);
  });

  it('that were never lent are left to their owner', () => {
    const buffers = new Buffers(100);
    const own = Buffer.alloc(10);
    buffers.takeBack(own);
    expect(buffers.lend(10).buffer).not.toBe(own.buffer);
  });

  it.each([
    ['too small', 11],
    ['much too large', 7],
  ])('that are %s are not taken', (_, bytes) => {
    const buffers = new Buffers(100);
    const first = buffers.lend(10);
    buffers.takeBack(first);
    expect(buffers.lend(bytes).buffer).not.toBe(first.buffer);
  });

  it('wait up to a number of bytes, the latest of them', () => {
    const buffers = new Buffers(20);
    const lent = [buffers.lend(10), buffers.lend(10), buffers.lend(10)];
    for (const buffer of lent) buffers.takeBack(buffer);
    const again = [buffers.lend(10), buffers.lend(10), buffers.lend(10)].map(({ buffer }) => buffer);
    expect(again.map((buffer) => lent.findIndex((one) => one.buffer === buffer))).toEqual([1, 2, -1]);
  });
});

function open(mostBytes: number) {
  const memory = new Memory(mostBytes);
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
