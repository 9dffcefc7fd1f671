import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/model/errors.ts';
import { asReference } from '../../src/model/resource.ts';
import type { WriteClient } from '../../src/telnyx/client.ts';
import { uploadDocument } from '../../src/telnyx/endpoints.ts';

function refusing(detail: string): WriteClient {
  const refusal = new ApiError(
    422,
    'POST /documents',
    [{ code: '10027', title: 'Refused', detail, pointer: null }],
    'r-1',
  );
  return { send: () => Promise.reject(refusal) } as unknown as WriteClient;
}

const UPLOAD = {
  reference: asReference('regsync/acme/doc/0'),
  extension: 'txt',
  bytes: Buffer.from('Name: Canary Example, born 1970'),
};

describe('an upload that is refused', () => {
  it('does not pass on a detail that quotes the document', async () => {
    const error = await uploadDocument(refusing('unexpected "Name: Canary Exa" in line 1'), UPLOAD).catch(
      (thrown) => thrown,
    );
    expect(error).toBeInstanceOf(ApiError);
    expect(error.details).toEqual([
      { code: '10027', title: 'Refused', detail: 'withheld: it quotes the document', pointer: null },
    ]);
    expect(error.message).not.toContain('Canary');
    expect(error.requestId).toBe('r-1');
  });

  it('passes on any other detail', async () => {
    const error = await uploadDocument(refusing('This file type is not supported'), UPLOAD).catch(
      (thrown) => thrown,
    );
    expect(error.details[0].detail).toBe('This file type is not supported');
  });
});
