import { describe, expect, it } from 'vitest';
import { ApiError, UnreachableError } from '../../src/model/errors.ts';
import { unlessGone, unlessRefused, unlessUnknown } from '../../src/telnyx/absence.ts';

function refusedWith(status: number): () => Promise<string> {
  return () => Promise.reject(new ApiError(status, 'GET /things/{id}', [], null));
}

describe('what an id that somebody wrote down stands for', () => {
  it.each([404, 422])('is nothing where %i is answered', async (status) => {
    expect(await unlessUnknown(refusedWith(status))).toBeNull();
  });

  it.each([400, 403, 409])('is not known where %i is answered', async (status) => {
    await expect(unlessUnknown(refusedWith(status))).rejects.toBeInstanceOf(ApiError);
  });
});

describe('a question about something that Telnyx may not offer', () => {
  it.each([400, 404, 422])('has no answer if %i is answered', async (status) => {
    expect(await unlessRefused(refusedWith(status))).toBeNull();
  });

  it.each([403, 409])('fails if %i is answered', async (status) => {
    await expect(unlessRefused(refusedWith(status))).rejects.toBeInstanceOf(ApiError);
  });
});

describe('what an id that is known stands for', () => {
  it('is gone where 404 is answered, and is returned where it is there', async () => {
    expect(await unlessGone(refusedWith(404))).toBeNull();
    expect(await unlessGone(async () => 'row')).toBe('row');
  });

  it.each([400, 403, 422])('is not gone where %i is answered', async (status) => {
    await expect(unlessGone(refusedWith(status))).rejects.toBeInstanceOf(ApiError);
  });

  it('is not gone where nothing is answered', async () => {
    const failing = () => Promise.reject(new UnreachableError('nothing'));
    await expect(unlessGone(failing)).rejects.toBeInstanceOf(UnreachableError);
    await expect(unlessUnknown(failing)).rejects.toBeInstanceOf(UnreachableError);
  });
});
