import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionRepository, openActionRepository, schedule } from '../../support/action-repository.ts';
import { BOT } from '../../support/servers/github.ts';
import { frenchGroup, germanGroup } from '../../support/test-repository.ts';

let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository(
    { 'groups/fr.yaml': frenchGroup(), 'groups/de.yaml': germanGroup() },
    'processes',
  );
  await repository.testRepository.run(['apply', '--yes']);
  await repository.testRepository.control('approve-all', {});
  await repository.testRepository.forgetRequests();
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

const drift = (inputs: Readonly<Record<string, string>> = {}) =>
  repository.run(schedule(repository.git('rev-parse', 'HEAD')), { command: 'drift', ...inputs });
const changeFrench = () =>
  repository.write('groups/fr.yaml', frenchGroup({ file: '../documents/registration.pdf' }));

describe('a scheduled look at what differs', () => {
  it('opens no issue while nothing does', async () => {
    const { code, summary } = await drift();
    expect(code).toBe(0);
    expect(summary).toContain('No changes. 2 groups match their manifests.');
    expect(repository.github.writes()).toEqual([]);
  });

  it('opens one, leaves it alone while nothing is new, brings it up to date, and closes it', async () => {
    await changeFrench();
    const { code, outputs, summary } = await drift();
    expect([code, outputs.changes]).toEqual([0, '1']);
    const [issue] = repository.github.issues;
    expect(outputs['comment-id']).toBe(String(issue?.number));
    expect(issue?.title).toContain('acme: 1 group differs');
    expect(issue?.body.split('\n')[0]).toMatch(
      /^<!-- regsync:drift:v2 \{"scope":"acme","mac":"[0-9a-f]{64}","text":"[0-9a-f]{64}"\} -->$/,
    );
    expect(issue?.body).toContain('`fr-local`');
    expect(summary).toContain('`fr-local`');

    repository.github.forget();
    await drift();
    expect(repository.github.writes()).toEqual([]);

    await repository.write('groups/de.yaml', germanGroup({ contact: 'Somebody else' }));
    await drift();
    expect(repository.github.writes()).toEqual([`PATCH /repos/example/telephony/issues/${issue?.number}`]);
    expect(repository.github.issues).toHaveLength(1);
    expect(repository.github.issues[0]?.title).toContain('2 groups differ');

    repository.git('checkout', '--quiet', '--', 'groups');
    const settled = await drift();
    expect(settled.err).toContain('closed');
    expect(repository.github.issues.map(({ state }) => state)).toEqual(['closed']);

    repository.github.forget();
    await drift();
    expect(repository.github.writes()).toEqual([]);
    await changeFrench();
    await drift();
    expect(repository.github.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
  });

  it('says what was declined and what expires, too', async () => {
    const comment = 'Not legible. @everyone, see [this](https://example.com)';
    await repository.testRepository.control('groups/decline?reference=regsync/acme/de-local', { comment });
    const { outputs } = await drift();
    expect(outputs).toMatchObject({ changes: '0', attention: '6' });
    expect(repository.github.issues[0]?.title).toContain('6 need attention');
    const body = repository.github.issues[0]?.body;
    expect(body).toContain('Not legible.');
    expect(body).toContain('Declined: `Signed Regulatory Form`');
  });

  it('writes nothing at Telnyx, whatever it finds', async () => {
    await changeFrench();
    expect((await drift({ 'fail-on': 'changes' })).code).toBe(2);
    const methods = (await repository.testRepository.requests()).map(({ method }) => method);
    expect(new Set(methods)).toEqual(new Set(['GET']));
  });

  it('leaves an issue alone that a person wrote, marker or not, and one that our login wrote about something else', async () => {
    await changeFrench();
    await drift();
    const [{ body, title } = { body: '', title: '' }] = repository.github.issues;
    repository.github.issues.splice(0);
    const theirs = { title, body, state: 'open' as const };
    repository.github.issues.push({ ...theirs, number: 1, user: { login: 'somebody' } });
    repository.github.issues.push({ ...theirs, number: 2, body: `> ${body}`, user: { login: BOT } });
    repository.github.issues.push({ ...theirs, number: 3, user: { login: BOT }, pull_request: {} });
    repository.github.issues.push({
      ...theirs,
      number: 4,
      body: body.replace('acme', 'other'),
      user: { login: BOT },
    });
    repository.github.forget();
    await drift();
    expect(repository.github.writes()).toEqual(['POST /repos/example/telephony/issues']);
    expect(repository.github.issues.slice(0, 4).map((issue) => issue.state)).toEqual([
      'open',
      'open',
      'open',
      'open',
    ]);
  });
});
