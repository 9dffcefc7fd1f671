import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { germanGroup, openTestRepository, type TestRepository } from '../support/test-repository.ts';

let repository: TestRepository;
beforeAll(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
  expect((await repository.run(['plan', '--out', 'plan.json'])).code).toBe(0);
});
afterAll(() => repository.end());

/** Without a key and without a repository, as on the laptop of a reviewer. */
const NOTHING = { TELNYX_API_KEY: undefined, TELNYX_BASE_URL: undefined };

describe('regsync show', () => {
  it.each(['text', 'markdown', 'json'])('prints a saved plan as `plan` does, as %s', async (format) => {
    const planned = await repository.run(['plan', '--format', format]);
    await repository.forgetRequests();
    const shown = await repository.run(['show', `${repository.folder}/plan.json`, '--format', format], {
      env: NOTHING,
      cwd: '/',
    });
    expect(shown).toMatchObject({ code: 0, out: planned.out });
    expect(await repository.requests()).toEqual([]);
  });

  it('says that nothing is proven, unless it is to be quiet', async () => {
    const notice = '`regsync apply --plan` checks that with the key.';
    expect((await repository.run(['show', 'plan.json'])).err).toContain(notice);
    expect((await repository.run(['show', 'plan.json', '--quiet'])).err).toBe('');
  });

  it('escapes what would act on a terminal, because anybody may have written the file', async () => {
    const plan = JSON.parse((await repository.run(['plan', '--format', 'json'])).out);
    plan.changes.at(-1).consequences = ['harmless \u001b[2J\u202e text'];
    await repository.write('forged.json', JSON.stringify(plan));
    for (const format of ['text', 'markdown', 'json']) {
      const { code, out } = await repository.run(['show', 'forged.json', '--format', format, '--no-color']);
      expect([code, out.includes('\u001b') || out.includes('\u202e')]).toEqual([0, false]);
      expect(out).toContain('u202e');
    }
  });

  it.each([
    ['nowhere.json', 3, 'does not exist'],
    ['groups/de.yaml', 5, 'is not JSON'],
    ['groups', 3, 'is a folder'],
  ])('refuses %s', async (file, exit, message) => {
    const { code, err } = await repository.run(['show', file]);
    expect([code, err]).toEqual([exit, expect.stringContaining(message)]);
  });
});
