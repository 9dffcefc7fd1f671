import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { frenchGroup, openTestRepository, type TestRepository } from '../support/test-repository.ts';

let repository: TestRepository;
afterEach(() => repository.end());

/** Too large to be read into the buffer of small files; of a few sizes, so that buffers fit documents they were not made for. */
const NAMES = Array.from({ length: 40 }, (_, index) => `fr-${index}`);
const TEXTS = NAMES.map((name, index) => `${name}. `.repeat(14_000 + 500 * (index % 7)));
const DIGESTS = TEXTS.map((text) => createHash('sha256').update(text).digest('hex'));

describe('an apply of many large documents', () => {
  it.each<[string, readonly object[]]>([
    ['where all goes well', []],
    [
      'where answers are lost before and after the work was done',
      [...lost('drop_after'), ...lost('drop_before')],
    ],
    ['where answers are cut off', lost('truncate')],
    ['where the server fails', failing(503)],
  ])('gives each group its own bytes, %s', async (_, faults) => {
    repository = await openTestRepository({});
    await repository.write('regsync.yaml', CONFIG);
    for (const [index, name] of NAMES.entries()) {
      await repository.write(`documents/${name}.txt`, TEXTS[index] ?? '');
      await repository.write(`groups/${name}.yaml`, frenchGroup({ name, file: `../documents/${name}.txt` }));
    }
    for (const fault of faults) await repository.control('faults', fault);
    const { code, out, err } = await repository.run(['apply', '--yes']);
    expect(code, out + err).toBe(0);
    const { groups, documents } = await repository.state();
    const digests = new Map(documents.map(({ id, sha256 }) => [id, sha256]));
    const held = new Map(
      groups.map(({ customer_reference, regulatory_requirements: [value] }) => [
        customer_reference,
        digests.get(value?.field_value ?? ''),
      ]),
    );
    expect(held).toEqual(new Map(NAMES.map((name, index) => [`regsync/acme/${name}`, DIGESTS[index]])));
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });
});

const CONFIG = 'apiVersion: regsync/v1\nkind: Config\nscope: acme\nallow_plaintext_documents: true\n';

/** Of uploads, one early and one among those that use buffers again. */
function lost(kind: string): object[] {
  return [3, 15].map((nth) => ({ kind, match: { method: 'POST', path: '/documents', nth } }));
}

function failing(status: number): object[] {
  return [2, 9].map((nth) => ({
    kind: 'status',
    status,
    match: { method: 'POST', path: '/documents', nth },
  }));
}
