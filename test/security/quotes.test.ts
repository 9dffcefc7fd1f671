import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interferingProxy } from '../support/proxies/interfering-proxy.ts';
import { frenchGroup, openTestRepository, type TestRepository } from '../support/test-repository.ts';

const SECRET = 'Passport of Jo Example, born 1970';
const QUOTE = 'cannot read "Jo Example, born 1970"';

/** @param lines of something else that stand before the secret. */
const scan = (lines: number) => `${'0123456789\n'.repeat(lines)}${SECRET}`;

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/fr.yaml': frenchGroup({ file: '../documents/scan.txt' }) });
  await repository.write('documents/scan.txt', scan(10));
  await repository.write(
    'regsync.yaml',
    'apiVersion: regsync/v1\nkind: Config\nscope: acme\nallow_plaintext_documents: true\n',
  );
});
afterEach(() => repository.end());

const WITHHELD = '«sensitive»';

async function applyRefused(format: string, status: number, error: object) {
  const env = await interferingProxy(repository, (method, path) =>
    method === 'POST' && path === '/documents' ? { status, body: { errors: [error] } } : null,
  );
  return repository.run(['apply', '--yes', '--verbose', '--format', format], { env });
}

describe('a refusal of a document that quotes it', () => {
  it.each([
    [422, { code: '10015', detail: QUOTE }, 4],
    [422, { code: '10015', title: QUOTE }, 4],
    [422, { code: '10015', title: 'Bad request', source: { pointer: `/file/${QUOTE}` } }, 4],
    [422, { code: QUOTE, title: 'Bad request' }, 4],
    [403, { code: '10010', title: 'Forbidden', detail: QUOTE }, 7],
  ])('%s %j is shown without the quote, wherever that stands', async (status, error, code) => {
    for (const format of ['text', 'json']) {
      const result = await applyRefused(format, status, error);
      expect(result.code, result.out + result.err).toBe(code);
      expect(result.out + result.err).toContain(WITHHELD);
      expect(result.out + result.err).not.toContain('Jo Example');
    }
  });

  it('is shown without the quote, also of what stands behind 19 MB of something else', async () => {
    await repository.write('documents/scan.txt', scan(1_750_000));
    const { code, out, err } = await applyRefused('json', 422, { code: '10015', detail: QUOTE });
    expect(code, out + err).toBe(4);
    expect(out + err).toContain(WITHHELD);
    expect(out + err).not.toContain('Jo Example');
  });
});
