import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  germanGroup,
  openTestRepository,
  SAMPLE_KEY,
  type TestRepository,
} from '../support/test-repository.ts';

let repository: TestRepository;

describe('one group in an account of many documents and addresses', () => {
  beforeAll(async () => {
    repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await repository.control('approve-all', {});
    await fillAccount(600);
  }, 120_000);
  beforeEach(() => repository.forgetRequests());
  afterAll(() => repository.end());

  it('has its own looked up by their references', async () => {
    const { code, out } = await repository.run(['plan', '--detailed-exitcode']);
    expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([
      0,
      'No changes. 1 group matches its manifest.',
    ]);
    expect(await queriesOf('/documents')).toEqual([
      expect.not.stringContaining('filter'),
      expect.stringContaining('filter[customer_reference][in][]=regsync/acme/doc/'),
    ]);
    expect(await queriesOf('/addresses')).toEqual([
      expect.not.stringContaining('filter'),
      expect.stringContaining('filter[customer_reference][eq]=regsync/acme/addr/'),
    ]);
  });

  it('has the whole lists read where its own are not all there, and the plan is what it always was', async () => {
    const { documents, addresses } = await repository.state();
    const own = documents.find(({ customer_reference: text }) => text?.startsWith('regsync/acme/doc/'));
    const [sameBytes] = documents.filter(({ customer_reference: text }) => text === 'elsewhere 1');
    await repository.control(`documents/${own?.id}`, undefined, 'DELETE');
    const { code, out } = await repository.run(['plan', '--format', 'json', '--detailed-exitcode']);
    expect(code).toBe(2);
    expect(JSON.parse(out).summary).toMatchObject({ groups: { update: 1 }, documents: { upload: 1 } });
    expect((await queriesOf('/documents')).filter((query) => !query.includes('filter'))).toHaveLength(3);
    expect([addresses.length, sameBytes?.id]).toEqual([601, expect.any(String)]);

    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await repository.control('approve-all', {});
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });
});

describe('the manifests of a plan are read first', () => {
  beforeEach(async () => {
    repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
  });
  afterEach(() => repository.end());

  it.each([undefined, SAMPLE_KEY])(
    'and Telnyx is asked nothing where they have problems (key: %s)',
    async (key) => {
      await repository.write('groups/broken.yaml', 'kind: Adress\n');
      const { code, err } = await repository.run(['plan'], { env: { TELNYX_API_KEY: key } });
      expect([code, err]).toEqual([3, expect.stringContaining('groups/broken.yaml:1:7')]);
      expect(err).not.toContain('API key');
      expect(await repository.requests()).toEqual([]);
    },
  );

  it('and a key is needed only when they are sound', async () => {
    const { code, err } = await repository.run(['plan'], { env: { TELNYX_API_KEY: undefined } });
    expect([code, err]).toEqual([7, expect.stringContaining('The API key is missing')]);
  });
});

/* ---- What others have in the account ---- */

async function fillAccount(count: number): Promise<void> {
  const post = async (path: string, body: object): Promise<void> => {
    const answer = await fetch(`${repository.sandbox.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SAMPLE_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status, await answer.text()).toBe(200);
  };
  for (let number = 0; number < count; number += 1) {
    const file = Buffer.from(`%PDF-1.4\n% SAMPLE ${number}\n`).toString('base64');
    await Promise.all([
      post('/documents', { file, filename: 'sample.pdf', customer_reference: `elsewhere ${number}` }),
      post('/addresses', {
        business_name: 'Example GmbH',
        street_address: `Musterstraße ${number}`,
        locality: 'Berlin',
        country_code: 'DE',
        customer_reference: `elsewhere ${number}`,
        validate_address: false,
      }),
    ]);
  }
}

async function queriesOf(path: string): Promise<string[]> {
  const requests = (await repository.requests()).filter((request) => request.path === path);
  return requests.map(({ query }) => decodeURIComponent(query));
}
