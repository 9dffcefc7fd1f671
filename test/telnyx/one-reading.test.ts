import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/model/errors.ts';
import { asOneReading } from '../../src/telnyx/one-reading.ts';
import { answering } from './memory-client.ts';

describe('a client that asks each question once', () => {
  it('gives the same answer to the same question, whoever asks', async () => {
    const client = answering(({ template }) => (template === '/files' ? Buffer.from('x') : [{ id: '1' }]));
    const once = asOneReading(client);
    const ask = () =>
      Promise.all([
        once.get('/things', { id: 'a' }, { b: 'c' }),
        once.list('/things', { b: 'c' }, { id: 'a' }),
        once.begin('/things', { b: 'c' }, { id: 'a' }).then(({ finish }) => finish()),
        once.download('/files', { id: 'a' }),
      ]);
    const [first, second] = await Promise.all([ask(), ask()]);
    expect(second).toEqual(first);
    expect(await ask()).toEqual(first);
    expect(first.slice(1, 3)).toEqual([
      { rows: [{ id: '1' }], dateMs: null },
      { rows: [{ id: '1' }], dateMs: null },
    ]);
    expect(client.asked).toHaveLength(4);
  });

  it('asks what differs in its path, its parameters or its query', async () => {
    const client = answering(() => []);
    const once = asOneReading(client);
    for (const template of ['/a', '/b']) {
      for (const id of ['1', '2']) {
        for (const query of ['x', 'y']) {
          await once.get(template, { id }, { query });
          await once.list(template, { query }, { id });
          await once.begin(template, { query }, { id });
          await once.download(template, { id });
        }
      }
    }
    expect(client.asked).toHaveLength(8 + 8 + 8 + 4);
  });

  it('reads a list that was begun to its end once, and knows how much of it is left', async () => {
    let finished = 0;
    const client = {
      ...answering(() => []),
      begin: async () => ({
        pagesLeft: 3,
        finish: async () => {
          finished += 1;
          return { rows: [], dateMs: null };
        },
      }),
    };
    const once = asOneReading(client);
    const begun = await Promise.all([once.begin('/things'), once.begin('/things')]);
    expect(begun.map(({ pagesLeft }) => pagesLeft)).toEqual([3, 3]);
    expect(finished).toBe(0);
    await Promise.all(begun.map(({ finish }) => finish()));
    expect(finished).toBe(1);
  });

  it('asks again what failed', async () => {
    const failure = new ApiError(404, 'GET /things', [], null);
    let isThere = false;
    const once = asOneReading(answering(() => (isThere ? { id: '1' } : failure)));
    await expect(once.get('/things')).rejects.toBe(failure);
    isThere = true;
    expect(await once.get('/things')).toEqual({ status: 200, body: { id: '1' }, dateMs: null });
  });
});
