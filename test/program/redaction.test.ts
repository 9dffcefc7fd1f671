import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { interferingProxy } from '../support/proxies/interfering-proxy.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({});
});
afterEach(() => repository.end());

describe('an error of the API', () => {
  const refused = (detail: string) => (method: string, path: string) =>
    method === 'POST' && path === '/requirement_groups'
      ? { status: 422, body: { errors: [{ code: '10003', title: 'Invalid value', detail }] } }
      : null;

  it('shows no piece of four letters or digits of what its request holds, and the rest of its words', async () => {
    await repository.write(
      'groups/de.yaml',
      germanGroup({ contact: 'Jane Roe, Example GmbH, +49 30 0000000' }),
    );
    const detail = 'The phone number +49 30 0000000 in field_value is not valid for Jane';
    const env = await interferingProxy(repository, refused(detail));
    const { code, out, err } = await repository.run(['apply', '--yes'], { env });
    expect(code).toBe(4);
    expect(out).toContain('10003 The phone number «sensitive» in field_value is not valid for «sensitive»');
    expect(out + err).not.toMatch(/0000000|Jane/);
  });

  it('shows its code and its words where another group holds the same as a value', async () => {
    const address = germanGroup()
      .replace('"10115"', '"1000"')
      .replace('locality: Berlin', 'locality: business');
    await repository.write('groups/de.yaml', address);
    await repository.run(['apply', '--yes']);
    await repository.write('groups/fr.yaml', frenchGroup());
    const env = await interferingProxy(repository, refused('The business registration is not legible'));
    const { code, out } = await repository.run(['apply', '--yes'], { env });
    expect(code).toBe(4);
    expect(out).toContain('10003 The business registration is not legible');
  });

  it('to the submission of a group shows nothing of what the group holds', async () => {
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Jane Roe, Example GmbH' }));
    const errors = [{ code: '10015', title: 'Refused', detail: 'JANE ROE of Musterstraße 1 is not known' }];
    const env = await interferingProxy(repository, (method, path) =>
      method === 'POST' && path.endsWith('/submit_for_approval') ? { status: 422, body: { errors } } : null,
    );
    const { code, out } = await repository.run(['apply', '--yes'], { env });
    expect(code).toBe(4);
    expect(out).toContain('«sensitive» of «sensitive» is not known');
  });

  it('shows nothing of what its group has held since an earlier run', async () => {
    const german = germanGroup({ contact: 'Jane Roe, Example GmbH' });
    await repository.write(
      'groups/de.yaml',
      german.replace('\nrequirements:', '\napproval: none\nrequirements:'),
    );
    expect(await repository.run(['apply', '--yes'])).toMatchObject({ code: 0 });
    await repository.write('groups/de.yaml', german);
    const errors = [{ code: '10015', title: 'Refused', detail: 'JANE ROE of Musterstraße 1 is not known' }];
    const env = await interferingProxy(repository, (_method, path) =>
      path.endsWith('/submit_for_approval') ? { status: 422, body: { errors } } : null,
    );
    const { code, out } = await repository.run(['apply', '--yes'], { env });
    expect(code).toBe(4);
    expect(out).toContain('«sensitive» of «sensitive» is not known');
  });
});

describe("a reviewer's comment", () => {
  const german = 'reference=regsync/acme/de-local';
  const french = 'reference=regsync/acme/fr-local';

  beforeEach(async () => {
    const address = germanGroup({ contact: 'Jane Roe' }).replace('locality: Berlin', 'locality: business');
    await repository.write('groups/de.yaml', address);
    await repository.write('groups/fr.yaml', frenchGroup());
    await repository.run(['apply', '--yes']);
  });

  it('shows the words that another group holds as values', async () => {
    await repository.control(`groups/decline?${french}`, { comment: 'The business registration is missing' });
    const { out } = await repository.run(['plan']);
    expect(out).toContain('The business registration is missing');
  });

  it('hides whole values of its group, at the boundaries of words', async () => {
    await repository.control(`groups/decline?${german}`, {
      comment: 'JANE ROE is not in the business; businesses and Janet are',
    });
    for (const command of ['plan', 'status']) {
      const { out } = await repository.run([command]);
      expect(out.replace(/\s+/g, ' ')).toContain(
        '«sensitive» is not in the «sensitive»; businesses and Janet are',
      );
    }
  });

  it('of megabytes is cut at a length that a person reads', async () => {
    await repository.control(`groups/decline?${german}`, {
      comment: `Not legible. ${'No. '.repeat(500_000)}`,
    });
    const { code, out } = await repository.run(['plan', '--format', 'json']);
    const { attention } = JSON.parse(out) as { attention: { code: string; message: string }[] };
    const comment = attention.find((one) => one.code === 'reviewer-comment')?.message ?? '';
    expect([
      code,
      comment.length < 1200,
      comment.includes('Not legible. No. No.'),
      comment.endsWith('…"'),
    ]).toEqual([0, true, true, true]);
  });
});
