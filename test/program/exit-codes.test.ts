import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  openTestRepository,
  SAMPLE_KEY,
  type TestRepository,
} from '../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => repository.end());

const GROUP = 'regsync/acme/fr-local';
const writes = async () => (await repository.requests()).filter(({ method }) => method !== 'GET');

describe('0, fine', () => {
  it.each([
    [['validate']],
    [['plan']],
    [['status']],
    [['schema', 'plan']],
    [['schema', 'lock']],
    [['lock']],
    [['--version']],
    [['--help']],
    [['plan', '--help']],
  ])('%s', async (args) => {
    const { code, out } = await repository.run(args);
    expect(code).toBe(0);
    expect(out).not.toBe('');
  });
});

describe('2, changes pending', () => {
  it('only with --detailed-exitcode, and for a submission alone, too', async () => {
    expect((await repository.run(['plan'])).code).toBe(0);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(2);
    await repository.run(['apply', '--yes']);
    await repository.control(`groups?reference=${GROUP}`, { status: 'unapproved' }, 'PATCH');
    const { code, out } = await repository.run(['plan', '--detailed-exitcode']);
    expect(code).toBe(2);
    expect(out.trimEnd().split('\n').at(-1)).toBe(
      'Plan: 0 to create, 0 to update, 0 to delete, 1 to submit.',
    );
  });
});

describe('3, invalid', () => {
  it.each([
    ['an unknown key', 'groups/fr.yaml', `${frenchGroup()}aproval: none\n`, 'unknown-key'],
    ['a manifest that does not parse', 'groups/other.yaml', 'kind: [', 'groups/other.yaml'],
    [
      'a document that is not there',
      'groups/fr.yaml',
      frenchGroup({ file: '../documents/nowhere.pdf' }),
      'nowhere.pdf',
    ],
  ])('%s stops the whole run before any request', async (_, path, content, expected) => {
    await repository.write(path, content);
    for (const command of [['validate'], ['plan'], ['apply', '--yes'], ['status']]) {
      const { code, err, out } = await repository.run(command);
      expect(code).toBe(3);
      expect(err).toContain(expected);
      expect(out).toBe('');
    }
    expect(await repository.requests()).toEqual([]);
  });

  it.each([
    ['an unknown command', ['plna'], 'Did you mean plan?'],
    ['an unknown option', ['plan', '--alow-replace'], '--allow-replace'],
    ['a number that is none', ['apply', '--parallelism', 'many'], 'whole number'],
    ['an unknown target', ['plan', '--target', 'fr-locl'], 'Did you mean "fr-local"?'],
    ['a path that matches nothing', ['plan', 'groups/it.yaml'], 'groups/it.yaml'],
    ['nobody to ask', ['apply'], '--yes'],
    ['values shown to a pipe', ['plan', '--show-values'], 'terminal'],
    ['a base URL without TLS', ['plan'], 'https://', { TELNYX_BASE_URL: 'http://example.com/v2' }],
  ])('%s', async (_, args, expected, env: Record<string, string> = {}) => {
    const { code, err } = await repository.run(args, { env });
    expect(code).toBe(3);
    expect(err).toContain(expected);
    expect(await writes()).toEqual([]);
  });

  it('a requirement without a value, a wrong type, and an unknown name: all at once, each at its line', async () => {
    const manifest = germanGroup()
      .replace('requirement: Contact Info', 'requirement: Contact Inf')
      .replace(/document: .*proof.pdf }/, 'text: wrong');
    await repository.write('groups/de.yaml', manifest);
    const { code, err } = await repository.run(['plan']);
    expect(code).toBe(3);
    expect(err).toContain('groups/de.yaml:8:18  unknown-requirement');
    expect(err).toContain('Did you mean "Contact Info"?');
    expect(err).toContain('wrong-value-type');
  });

  it('an id: that Telnyx does not know, at its manifest line', async () => {
    await repository.write(
      'groups/fr.yaml',
      frenchGroup({ extra: 'id: 0b000000-0000-4000-8000-000000000000\n' }),
    );
    const { code, err } = await repository.run(['plan']);
    expect(code).toBe(3);
    expect(err).toMatch(/groups\/fr\.yaml:7:\d+ {2}group-not-found/);
  });
});

describe('4, some operations failed', () => {
  it('names the error as the API gave it, and the others go on', async () => {
    await repository.write('groups/de.yaml', germanGroup());
    await repository.control('faults', {
      kind: 'status',
      status: 422,
      match: { method: 'POST', path: '^/addresses$' },
      body: 'json',
    });
    const { code, out } = await repository.run(['apply', '--yes', '--format', 'json']);
    expect(code).toBe(4);
    const report = JSON.parse(out);
    expect(report.summary).toEqual({ applied: 1, failed: 1, skipped: 0, unchanged: 0 });
    const failed = report.outcomes.find(({ status }: { status: string }) => status === 'failed');
    expect(failed).toMatchObject({
      name: 'de-local',
      error: { status: 422, source: { file: 'groups/de.yaml' } },
    });
    expect(failed.error.errors[0]).toMatchObject({ code: expect.any(String), title: expect.any(String) });
    expect(failed.error.request_id).toBeTruthy();
  });

  it('a submission that Telnyx refuses fails each run, with the hint', async () => {
    await repository.control('faults', {
      kind: 'status',
      status: 422,
      times: 9,
      match: { path: 'submit_for_approval' },
      body: 'json',
    });
    for (const _ of [1, 2]) {
      const { code, out } = await repository.run(['apply', '--yes']);
      expect(code).toBe(4);
      expect(out).toContain('submit-refused');
      expect(out).toContain('`approval: none`');
    }
  });

  it('a write that answers 200 and changes nothing; the next run repairs it', async () => {
    await repository.run(['apply', '--yes']);
    await repository.write('documents/address-fr.png', Buffer.from('89504e470d0a1a0a00', 'hex'));
    await repository.control('faults', { kind: 'noop', match: { method: 'PATCH' } });
    const failed = await repository.run(['apply', '--yes']);
    expect(failed.code).toBe(4);
    expect(failed.out).toContain('write-without-effect');
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('a write without effect of a text that only begins with a date', async () => {
    await repository.write('groups/de.yaml', germanGroup({ contact: '1990-01-01 (first)' }));
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await repository.write('groups/de.yaml', germanGroup({ contact: '1990-01-01 (second)' }));
    await repository.control('faults', { kind: 'noop', match: { method: 'PATCH' } });
    const { code, out } = await repository.run(['apply', '--yes']);
    expect([code, out]).toEqual([4, expect.stringContaining('write-without-effect')]);
  });

  it('two live groups with one reference, with both ids: a plan shows them, an apply fails them', async () => {
    const ids = ['0c000000-0000-4000-8000-000000000001', '0c000000-0000-4000-8000-000000000002'];
    for (const id of ids)
      await repository.control('groups', { id, country_code: 'FR', customer_reference: GROUP });
    const shown = await repository.run(['plan']);
    const applied = await repository.run(['apply', '--yes']);
    expect([shown.code, applied.code]).toEqual([0, 4]);
    for (const id of ids) for (const { out } of [shown, applied]) expect(out).toContain(`id: ${id}`);
    expect(await writes()).toEqual([]);
  });
});

describe('5, refused', () => {
  it('a changed country without --allow-replace: nothing is written', async () => {
    await repository.run(['apply', '--yes']);
    await repository.write('groups/fr.yaml', germanGroup({ name: 'fr-local' }));
    await repository.forgetRequests();
    const { code, err } = await repository.run(['apply', '--yes']);
    expect(code).toBe(5);
    expect(err).toContain('--allow-replace');
    expect(await writes()).toEqual([]);
    const plan = await repository.run(['plan', '--format', 'json']);
    expect(plan.code).toBe(0);
    expect(JSON.parse(plan.out)).toMatchObject({ applyable: false, summary: { groups: { replace: 1 } } });
  });

  it('with --allow-replace the new group comes first and the old one goes last', async () => {
    await repository.run(['apply', '--yes']);
    await repository.write('groups/fr.yaml', germanGroup({ name: 'fr-local' }));
    await repository.forgetRequests();
    expect((await repository.run(['apply', '--yes', '--allow-replace'])).code).toBe(0);
    const order = (await writes()).map(
      ({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, '{id}')}`,
    );
    expect(order.slice(-3)).toEqual([
      'POST /requirement_groups',
      'POST /requirement_groups/{id}/submit_for_approval',
      'DELETE /requirement_groups/{id}',
    ]);
    expect(order.findIndex((request) => request.startsWith('DELETE'))).toBe(order.length - 1);
    expect((await repository.state()).groups.map(({ country_code }) => country_code)).toEqual(['DE']);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('a plan that was reviewed and would overwrite, by now, a value that it does not show', async () => {
    await repository.write('groups/de.yaml', germanGroup());
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Somebody else' }));
    expect((await repository.run(['plan', '--out', 'plan.json'])).code).toBe(0);
    const group = (await repository.state()).groups.find(({ country_code }) => country_code === 'DE');
    const heldIn = (id: string) =>
      group?.regulatory_requirements.find(({ requirement_id }) => requirement_id === id)?.field_value;
    const instead = { requirement_id: DE_REQUIREMENTS.form, field_value: heldIn(DE_REQUIREMENTS.proof) };
    await repository.control(`groups/${group?.id}`, { regulatory_requirements: [instead] }, 'PATCH');
    await repository.forgetRequests();
    const { code, err } = await repository.run(['apply', '--plan', 'plan.json']);
    expect([code, err]).toEqual([
      5,
      expect.stringMatching(/it would change .*, which the reviewed plan does not/),
    ]);
    expect(await writes()).toEqual([]);
  });

  it('a plan that was reviewed and has become stale, a changed one, and a broken one', async () => {
    await repository.run(['plan', '--out', 'plan.json']);
    await repository.write('documents/address-fr.png', Buffer.from('89504e470d0a1a0a01', 'hex'));
    const stale = await repository.run(['apply', '--plan', 'plan.json']);
    expect(stale.code).toBe(5);
    expect(stale.err).toContain('RequirementGroup/fr-local: its manifest changed');

    const { out } = await repository.run(['plan', '--format', 'json']);
    await repository.write('changed.json', out.replace('"submit": 1', '"submit": 2'));
    expect(await repository.run(['apply', '--plan', 'changed.json'])).toMatchObject({ code: 5 });
    await repository.write('broken.json', out.slice(0, -5));
    expect(await repository.run(['apply', '--plan', 'broken.json'])).toMatchObject({ code: 5 });
    expect(await writes()).toEqual([]);

    await repository.write('good.json', JSON.stringify(JSON.parse(out)));
    expect(await repository.run(['apply', '--plan', 'good.json'])).toMatchObject({ code: 0 });
  });

  it('another key than the one that the plan was made with, unless REGSYNC_PLAN_KEY is shared', async () => {
    const env = { TELNYX_API_KEY: 'KEYother_sample' };
    await repository.run(['plan', '--out', 'plan.json']);
    expect((await repository.run(['apply', '--plan', 'plan.json'], { env })).code).toBe(5);
    const shared = { REGSYNC_PLAN_KEY: 'a key of plans that both of them share' };
    await repository.run(['plan', '--out', 'plan.json'], { env: shared });
    expect(
      (await repository.run(['apply', '--plan', 'plan.json'], { env: { ...env, ...shared } })).code,
    ).toBe(0);
  });
});

describe('6, the expiry gate', () => {
  it('beats 2, and the plan is still printed', async () => {
    await repository.write('groups/fr.yaml', frenchGroup().replace('.png }', '.png, expires: 2020-01-31 }'));
    const { code, out } = await repository.run(['plan', '--fail-on-expiry', '10', '--detailed-exitcode']);
    expect(code).toBe(6);
    expect(out).toContain('expired on 2020-01-31');
    expect(out).toContain('Plan: 1 to create');
  });
});

describe('7, authentication and permission', () => {
  it.each([
    ['no key', undefined, 'TELNYX_API_KEY'],
    ['a key that is none', 'sk_live_canary4711', 'KEY'],
    ['a key with a line break inside', 'KEYcanary\n4711', 'character'],
  ])('%s: one line, the key not shown, no request', async (_, key, expected) => {
    const { code, err, out } = await repository.run(['plan', '--quiet'], { env: { TELNYX_API_KEY: key } });
    expect(code).toBe(7);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).toContain(expected);
    expect(err + out).not.toContain('canary');
    expect(await repository.requests()).toEqual([]);
  });

  it.each([
    ['revoked', 'make a new one in the portal'],
    ['forbidden', 'The key or its user lacks the permission for GET /'],
  ])('a key that is %s at Telnyx, with what to do', async (state, next) => {
    await repository.control('keys', { key: SAMPLE_KEY, state });
    for (const args of [['plan'], ['apply', '--yes'], ['status'], ['plan', '--format', 'json']]) {
      const { code, err, out } = await repository.run(args);
      expect(code).toBe(7);
      expect(err + out).toContain(next);
      expect(err + out).not.toContain(SAMPLE_KEY);
    }
  });

  it('a key that may read but not write: 7 before the first write', async () => {
    await repository.control('faults', {
      kind: 'status',
      status: 403,
      times: 99,
      match: { method: 'POST' },
      body: 'json',
    });
    expect((await repository.run(['apply', '--yes'])).code).toBe(7);
  });

  it('a key that is withdrawn after the first write: 4, and what was done is reported', async () => {
    await repository.control('faults', {
      kind: 'status',
      status: 401,
      times: 99,
      match: { method: 'POST', path: '^/requirement_groups$' },
      body: 'json',
    });
    const { code, out } = await repository.run(['apply', '--yes']);
    expect(code).toBe(4);
    expect(out).toContain('1 document uploaded');
  });

  describe('after a write that may have been carried out', () => {
    const lost = { kind: 'status', status: 502, body: 'html', commit: true };
    const refused = { kind: 'status', status: 401, body: 'json', times: 9 };

    beforeEach(async () => {
      await repository.write('groups/de.yaml', germanGroup({ name: 'a' }));
      await repository.write('groups/fr.yaml', germanGroup({ name: 'b' }));
      expect((await repository.run(['apply', '--yes'])).code).toBe(0);
      await repository.write('groups/de.yaml', germanGroup({ name: 'a', contact: 'Jo Example' }));
      await repository.write('groups/fr.yaml', germanGroup({ name: 'b', contact: 'Jo Example' }));
    });

    it('and is never answered: 4, and both are reported', async () => {
      await repository.control('faults', { ...lost, match: { method: 'PATCH' }, times: 5 });
      await repository.control('faults', { ...refused, match: { method: 'PATCH', nth: 6 } });
      const { code, out } = await repository.run([
        'apply',
        '--yes',
        '--parallelism',
        '1',
        '--format',
        'json',
      ]);
      expect(code).toBe(4);
      expect(JSON.parse(out).outcomes).toMatchObject([
        { name: 'a', status: 'failed', error: { code: 'unreachable' } },
        { name: 'b', status: 'failed', error: { code: 'not-authorised' } },
      ]);
    });

    it('by an attempt before the one that is refused: 4, and it says so', async () => {
      await repository.control('faults', { ...lost, match: { method: 'PATCH' } });
      await repository.control('faults', { ...refused, match: { method: 'PATCH', nth: 2 } });
      const { code, out } = await repository.run([
        'apply',
        '--yes',
        '--parallelism',
        '1',
        '--format',
        'json',
      ]);
      expect(code).toBe(4);
      const [a, b] = JSON.parse(out).outcomes;
      expect(a).toMatchObject({ status: 'failed', operations: [], error: { code: 'not-authorised' } });
      expect(a.error.message).toContain(
        'It is not known whether PATCH /requirement_groups/{id} was processed',
      );
      expect(b).toMatchObject({ status: 'skipped', error: { code: 'not-attempted' } });
    });
  });
});

describe('8, unreachable', () => {
  it('names the host and the cause, after bounded retries', async () => {
    const server: Server = createServer((_, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>canary</h1>'),
    );
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    server.close();
    server.closeAllConnections();
    const { code, err } = await repository.run(['plan'], {
      env: { TELNYX_BASE_URL: `http://127.0.0.1:${port}/v2` },
    });
    expect(code).toBe(8);
    expect(err).toContain(`127.0.0.1:${port}`);
    expect(err).toContain('refused');
  });

  it('an address without /v2 is told from a fault of Telnyx', async () => {
    const { code, err } = await repository.run(['plan'], {
      env: { TELNYX_BASE_URL: repository.sandbox.url.replace(/\/v2$/, '') },
    });
    expect([code, err]).toEqual([8, expect.stringContaining('404')]);
    expect(err).toContain('TELNYX_BASE_URL ends in /v2, such as https://api.telnyx.com/v2');
  });

  it('an API that answers HTML is not read as empty', async () => {
    await repository.control('faults', {
      kind: 'status',
      status: 200,
      body: 'html',
      times: 99,
      match: { path: '^/requirement_groups' },
    });
    const { code, err, out } = await repository.run(['plan']);
    expect(code).toBe(8);
    expect(err + out).not.toContain('<');
  });
});

describe('JSON on failure', () => {
  it.each([
    [3, ['plan', '--target', 'nobody', '--format', 'json'], {}],
    [3, ['plan', '--format=json', '--no-such-option'], {}],
    [7, ['status', '--format', 'json'], { TELNYX_API_KEY: '' }],
    [5, ['apply', '--format', 'json', '--plan', 'broken.json'], {}],
  ])('exit %i: stdout is one JSON document', async (code, args, env) => {
    await repository.write('broken.json', '{');
    const result = await repository.run(args, { env });
    expect(result.code).toBe(code);
    expect(JSON.parse(result.out)).toMatchObject({
      error: { code: expect.any(String), message: expect.any(String) },
      diagnostics: expect.any(Array),
    });
  });
});

describe('what is not attempted says why', () => {
  const many = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `groups/g${index}.yaml`,
        frenchGroup({ name: `fr-${10 + index}` }),
      ]),
    );

  it('when the key is withdrawn: what was begun failed, the rest is skipped', async () => {
    for (const [path, content] of Object.entries(many(4))) await repository.write(path, content);
    await repository.control('faults', {
      kind: 'status',
      status: 401,
      times: 99,
      match: { path: 'submit_for_approval' },
      body: 'json',
    });
    const { code, out } = await repository.run(['apply', '--yes', '--parallelism', '1', '--format', 'json']);
    expect(code).toBe(4);
    const { outcomes, summary } = JSON.parse(out);
    expect(summary).toEqual({ applied: 0, failed: 1, skipped: 4, unchanged: 0 });
    expect(outcomes[0].error.code).toBe('not-authorised');
    for (const outcome of outcomes.slice(1)) {
      expect(outcome).toMatchObject({ status: 'skipped', operations: [], error: { code: 'not-attempted' } });
    }
  });
});
