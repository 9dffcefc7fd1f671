import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { germanGroup, type Rehearsal, rehearse } from '../support/rehearsal.ts';

let stage: Rehearsal;
beforeAll(async () => {
  stage = await rehearse({ 'groups/de.yaml': germanGroup() });
  expect((await stage.run(['plan', '--out', 'plan.json'])).code).toBe(0);
});
afterAll(() => stage.end());

/** Without a key and without a repository, as on the laptop of a reviewer. */
const NOTHING = { TELNYX_API_KEY: undefined, TELNYX_BASE_URL: undefined };

describe('regsync show', () => {
  it.each(['text', 'markdown', 'json'])('prints a saved plan as `plan` does, as %s', async (format) => {
    const planned = await stage.run(['plan', '--format', format]);
    await stage.forgetRequests();
    const shown = await stage.run(['show', `${stage.folder}/plan.json`, '--format', format], {
      env: NOTHING,
      cwd: '/',
    });
    expect(shown).toMatchObject({ code: 0, out: planned.out });
    expect(await stage.requests()).toEqual([]);
  });

  it('says that nothing is proven, unless it is to be quiet', async () => {
    const notice = '`regsync apply --plan` checks that with the key.';
    expect((await stage.run(['show', 'plan.json'])).err).toContain(notice);
    expect((await stage.run(['show', 'plan.json', '--quiet'])).err).toBe('');
  });

  it('escapes what would act on a terminal, because anybody may have written the file', async () => {
    const plan = JSON.parse((await stage.run(['plan', '--format', 'json'])).out);
    plan.changes.at(-1).consequences = ['harmless \u001b[2J\u202e text'];
    await stage.write('forged.json', JSON.stringify(plan));
    for (const format of ['text', 'markdown', 'json']) {
      const { code, out } = await stage.run(['show', 'forged.json', '--format', format, '--no-color']);
      expect([code, out.includes('\u001b') || out.includes('\u202e')]).toEqual([0, false]);
      expect(out).toContain('u202e');
    }
  });

  it.each([
    ['nowhere.json', 3, 'does not exist'],
    ['groups/de.yaml', 5, 'is not JSON'],
    ['groups', 3, 'is a folder'],
  ])('refuses %s', async (file, exit, message) => {
    const { code, err } = await stage.run(['show', file]);
    expect([code, err]).toEqual([exit, expect.stringContaining(message)]);
  });
});
