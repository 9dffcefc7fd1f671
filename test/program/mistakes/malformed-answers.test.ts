import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildWithClocks } from '../../support/programs/builds.ts';
import { changingProxy } from '../../support/proxies/changing-proxy.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

/** What is looked for again is looked for soon. */
const build = buildWithClocks(0.1);

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() }, 'here', build);
});
afterEach(() => repository.end());

const writes = async () => (await repository.requests()).filter(({ method }) => method !== 'GET');

describe('rows that cannot be believed', () => {
  beforeEach(async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await repository.forgetRequests();
  });

  it.each([
    ['a number', 4711],
    ['a list', ['regsync/acme/de-local']],
    ['an object', { value: 'regsync/acme/de-local' }],
    ['true', true],
  ])('never read as none, so that nothing is created again: a reference that is %s', async (_, reference) => {
    const env = await changingProxy(repository, (_method, path, body) => {
      if (path === '/requirement_groups') body.data[0].customer_reference = reference;
      return body;
    });
    for (const args of [['plan'], ['apply', '--yes'], ['status'], ['gc', '--yes']]) {
      const { code, out, err } = await repository.run(args, { env });
      expect(code, args.join(' ')).toBe(8);
      expect(err).toContain('GET /requirement_groups answered a row whose `customer_reference` is ');
      expect(err).toContain('check TELNYX_BASE_URL');
      expect(out + err).not.toContain('4711');
    }
    expect(await writes()).toEqual([]);
  });

  it('never name another thing by a rounded id: addresses whose ids are numbers', async () => {
    const env = await changingProxy(repository, (_method, _path, body) =>
      JSON.stringify(body).replaceAll(/"(id|field_value)":"(\d{17,})"/g, '"$1":$2'),
    );
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Another desk, Example GmbH' }));
    for (const args of [['plan'], ['apply', '--yes']]) {
      const { code, err } = await repository.run(args, { env });
      expect([code, err]).toEqual([8, expect.stringContaining('is a number too large to be read exactly')]);
    }
    expect(await writes()).toEqual([]);
  });

  it('never stand for another object: a group that is answered in the place of the one that was asked for', async () => {
    await repository.write('groups/de-two.yaml', germanGroup({ name: 'de-two', contact: 'Another desk' }));
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    const [other, wanted] = (await repository.state()).groups;
    if (other === undefined || wanted === undefined) throw new Error('There are no two groups');
    await repository.write('groups/de-two.yaml', germanGroup({ name: 'de-two', contact: 'New desk' }));
    await repository.forgetRequests();
    const env = await changingProxy(repository, (_method, path, body) => {
      if (path === `/requirement_groups/${wanted.id}`) body.data.id = other.id;
      return body;
    });
    const { code, out } = await repository.run(['apply', '--yes', '--format', 'json'], { env });
    expect([code, out]).toEqual([4, expect.stringContaining('`id` is not the one that was asked for')]);
    expect(await writes()).toEqual([]);
  });

  it('never are a fault of regsync, however deeply they are nested', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    for (const row of [`{"a":${deep}}`, deep]) {
      const env = await changingProxy(repository, (_method, path, body) =>
        path === '/requirement_groups' ? `{"data":[${row}]}` : body,
      );
      const { code, err } = await repository.run(['plan'], { env });
      expect([code, err]).toEqual([8, expect.stringContaining('GET /requirement_groups answered a row')]);
    }
  });
});

describe('an answer to a write that cannot be believed', () => {
  it.each(['/documents', '/addresses', '/requirement_groups'])(
    'fails its group without another POST, though lists lag, and the next run finds what was made: %s',
    async (list) => {
      await repository.control('quirks', { list_lag_ms: 600_000 }, 'PATCH');
      await repository.write('groups/fr.yaml', frenchGroup());
      const env = await changingProxy(repository, (method, path, body) => {
        const isMeant = path === '/documents' || body.data.country_code !== 'FR';
        if (method === 'POST' && path === list && isMeant) body.data.id = [body.data.id];
        return body;
      });
      const { code, out } = await repository.run(['apply', '--yes', '--format', 'json'], { env });
      const german = JSON.parse(out).outcomes.find(({ name }: { name: string }) => name === 'de-local');
      expect([code, german.status, german.error.message]).toEqual([
        4,
        'failed',
        expect.stringContaining(`POST ${list} answered a row whose \`id\` is a list, not an id`),
      ]);
      await repository.control('quirks', { list_lag_ms: 0 }, 'PATCH');
      expect((await repository.run(['apply', '--yes'])).code).toBe(0);
      const { groups, documents, addresses } = await repository.state();
      expect([groups.length, documents.length, addresses.length]).toEqual([2, 3, 1]);
      expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
    },
  );

  it('fails its own group, and the others go on, however many there are', async () => {
    const names = Array.from({ length: 13 }, (_, index) => `fr-${String(index).padStart(2, '0')}`);
    for (const name of names) await repository.write(`groups/${name}.yaml`, frenchGroup({ name }));
    const env = await changingProxy(repository, (method, path, body) => {
      const isReadBack = method === 'GET' && path.startsWith('/requirement_groups/');
      if (isReadBack && body.data.country_code === 'FR' && !body.data.customer_reference.endsWith('fr-12')) {
        body.data.status = 7;
      }
      return body;
    });
    const { code, out } = await repository.run(['apply', '--yes', '--parallelism', '1', '--format', 'json'], {
      env,
    });
    const { outcomes, summary } = JSON.parse(out);
    expect([code, summary.failed]).toEqual([4, 12]);
    for (const { name, status, error } of outcomes) {
      const isFine = name === 'fr-12' || name === 'de-local';
      expect([name, status, error?.message ?? null]).toEqual([
        name,
        isFine ? 'applied' : 'failed',
        isFine
          ? null
          : expect.stringContaining('GET /requirement_groups/{id} answered a row whose `status` is'),
      ]);
    }
  });
});
