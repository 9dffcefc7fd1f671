import { describe, expect, it } from 'vitest';
import { AuthenticationError } from '../../src/model/errors.ts';
import { Mask } from '../../src/model/mask.ts';
import { judgeStatus } from '../../src/telnyx/answer.ts';

function judge(status: number) {
  const received = { status, headers: {}, bytes: Buffer.alloc(0), wireBytes: 0 };
  return judgeStatus(received, {
    request: 'GET /things',
    host: 'api.example.com',
    mask: new Mask(),
    strings: () => [],
  });
}

describe('a status', () => {
  it.each([
    [200, 'success'],
    [204, 'success'],
    [429, 'limited'],
    [408, 'failed'],
    [500, 'failed'],
    [503, 'failed'],
    [302, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
    [409, 'refused'],
    [422, 'refused'],
  ])('of %i is %s', (status, kind) => {
    expect(judge(status).kind).toBe(kind);
  });

  it.each([401, 403])('of %i refuses the key', (status) => {
    expect(judge(status)).toMatchObject({ kind: 'refused', error: expect.any(AuthenticationError) });
  });
});
