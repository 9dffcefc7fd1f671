import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callApi } from '../support/orders.ts';
import { buildWithClocks } from '../support/programs/builds.ts';
import { whenInstalled } from '../support/programs/programs.ts';
import { converse } from '../support/programs/pseudo-terminal.ts';
import {
  germanGroup,
  openTestRepository,
  SAMPLE_KEY,
  type TestRepository,
} from '../support/test-repository.ts';

const CONTACT = '2708e569-696a-4fc7-9305-5fdb3eb9c7dd';
const QUESTION = 'Apply this plan?';

/** A minute of the program takes three seconds, and its requests time out no sooner than a busy machine answers. */
const build = buildWithClocks(0.05);

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup({ contact: 'before' }) });
  expect((await repository.run(['apply', '--yes'])).code).toBe(0);
  await repository.write('groups/de.yaml', germanGroup({ contact: 'after' }));
});
afterEach(() => repository.end());

const held = async () =>
  (await repository.state()).groups
    .flatMap(({ regulatory_requirements }) => regulatory_requirements)
    .find(({ requirement_id }) => requirement_id === CONTACT)?.field_value;

const answer = (text: string, think: () => Promise<void>) =>
  converse(['apply', '--no-color'], [[QUESTION, text]], {
    cwd: repository.folder,
    env: { HOME: repository.folder, TELNYX_API_KEY: SAMPLE_KEY, TELNYX_BASE_URL: repository.sandbox.url },
    think,
    program: build.file,
  });
const aMinute = () => new Promise<void>((over) => setTimeout(over, 3300));

describe.runIf(whenInstalled('script'))('a person who is asked before an apply', () => {
  it('and thinks for long, has what is done made sure of again: what changed in between is not applied', async () => {
    const { code, screen } = await answer('yes', async () => {
      const [group] = (await repository.state()).groups;
      const body = { regulatory_requirements: [{ requirement_id: CONTACT, field_value: 'a stranger’s' }] };
      await callApi(repository, 'PATCH', `/requirement_groups/${group?.id}`, body);
      await aMinute();
    });
    expect(code, screen).toBe(5);
    expect(screen).toContain('nothing was applied');
    expect(await held()).toBe('a stranger’s');
  });

  it('and thinks for long while nothing happens, gets what was shown', async () => {
    const { code, screen } = await answer('yes', aMinute);
    expect(code, screen).toBe(0);
    expect(await held()).toBe('after');
  });

  it('and says anything but yes, gets nothing', async () => {
    const { code } = await answer('y', async () => {});
    expect([code, await held()]).toEqual([5, 'before']);
  });
});
