import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type GitLabRepository,
  type JobVariables,
  type MergeMethod,
  openGitLabRepository,
} from '../../support/gitlab-repository.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import { GITLAB_BOT, GITLAB_TOKEN, PROJECT_URL } from '../../support/servers/gitlab.ts';
import { frenchGroup, germanGroup, SAMPLE_KEY } from '../../support/test-repository.ts';

/** A merge request, its note, the merge, and what becomes of it. */

const quick = buildWithClocks(0.02);
let repository: GitLabRepository;
beforeEach(async () => {
  repository = await openGitLabRepository({ 'groups/fr.yaml': frenchGroup() }, quick);
  expect((await repository.repository.run(['apply', '--yes'])).code).toBe(0);
});
afterEach(async () => {
  expect(repository.gitlab.violations).toEqual([]);
  await repository.end();
});

const bodyOf = (iid: number) => repository.notes(iid)[0]?.body ?? '';
const groups = async () =>
  (await repository.repository.state()).groups
    .map(({ customer_reference }) => `${customer_reference}`)
    .sort();
const BEFORE = ['regsync/acme/fr-local'];
const AFTER = ['regsync/acme/de-local', 'regsync/acme/fr-local'];
const push = (contact = 'Example GmbH', iid = 7) =>
  repository.pushToRequest(iid, { 'groups/de.yaml': germanGroup({ contact }) });

async function planned(contact?: string): Promise<JobVariables> {
  const pushed = await push(contact);
  const { code, err } = await repository.job('plan', pushed);
  expect(code, err).toBe(0);
  return pushed;
}

/** Expects that nothing was applied, for a reason in the log and in the summary. */
async function refused(merged: JobVariables, reason: string | RegExp, ...args: string[]): Promise<string> {
  const { code, err, summary } = await repository.job('apply', merged, ...args);
  expect([code, err]).toEqual([5, expect.stringMatching(reason)]);
  expect(err).toContain('nothing was applied');
  expect(summary).toMatch(reason);
  expect(await groups()).toEqual(BEFORE);
  return err;
}

/** As a maintainer does it: GitLab keeps the author. */
function edit(change: (body: string) => string): void {
  const [note] = repository.notes(7);
  if (note === undefined) throw new Error('There is no note to edit');
  const before = note.body;
  note.body = change(before);
  expect(note.body).not.toBe(before);
}

describe('A merge request', () => {
  it.each<MergeMethod>(['merge commit', 'squash', 'fast-forward'])(
    'has its plan in a note, which a %s applies exactly, and leaves nothing to do',
    async (method) => {
      const pushed = await push();
      const { code, err, out, summary } = await repository.job('plan', pushed);
      expect(code, err).toBe(0);
      expect(err).toContain('Note 501: created.');
      expect(out).toContain('de-local');
      expect(summary).toContain('### regsync plan · `acme` · 1 group changes');
      expect(bodyOf(7)).toContain('📋 **Planned**, not applied.');
      expect(bodyOf(7)).toContain(`${PROJECT_URL}/-/blob/${pushed.CI_COMMIT_SHA}/groups/de.yaml#L1`);
      expect(bodyOf(7)).toMatch(/<!-- regsync:reviewed:v1 [^\n]+ -->\n$/);
      expect(bodyOf(7)).not.toContain('pull request');

      const applied = await repository.job('apply', repository.merge([7], method));
      expect(applied.code, applied.err).toBe(0);
      expect(applied.out).toContain('Apply: 1 applied, 0 failed');
      expect(applied.summary).toContain('### regsync apply · 1 group done');
      expect(await groups()).toEqual(AFTER);
      expect(bodyOf(7)).toMatch(/✅ \*\*Applied\*\* on .* in <a href="[^"]*\/-\/jobs\/102">this run<\/a>/);
      expect(bodyOf(7)).toContain('Now `de-local` is `pending-approval`.');
      expect(repository.notes(7).map(({ author }) => author.username)).toEqual([GITLAB_BOT]);
      expect(repository.gitlab.writes()).toEqual([
        'POST /projects/42/merge_requests/7/notes',
        ...Array.from({ length: 2 }, () => 'PUT /projects/42/merge_requests/7/notes/501'),
      ]);
      const next = await repository.repository.run(['plan', '--detailed-exitcode']);
      expect(next.code, next.out).toBe(0);
    },
  );

  it('shows apart what existed before it, and what it brings', async () => {
    await repository.repository.control('approve-all', {});
    await repository.write('groups/more.yaml', frenchGroup({ name: 'fr-more' }));
    const pushed = await repository.pushToRequest(7, { 'groups/de.yaml': germanGroup() });
    const later = await repository.pushToRequest(7, {
      'groups/de.yaml': germanGroup({ contact: 'Night desk' }),
    });
    expect(later.CI_MERGE_REQUEST_DIFF_BASE_SHA).toBe(pushed.CI_MERGE_REQUEST_DIFF_BASE_SHA);
    // The base of this pipeline has the second French group already.
    const base = { ...later, CI_MERGE_REQUEST_DIFF_BASE_SHA: pushed.CI_COMMIT_SHA };
    const { code, err } = await repository.job('plan', base);
    expect(code, err).toBe(0);
    expect(bodyOf(7)).toContain('#### From this merge request');
    expect(bodyOf(7)).toContain('These differences existed before this merge request.');
  });

  it('keeps one note for all its commits, and each push replaces the plan', async () => {
    await planned('Example GmbH');
    const first = bodyOf(7);
    await planned('Night desk');
    expect(repository.notes(7)).toHaveLength(1);
    expect(bodyOf(7)).not.toBe(first);
    expect((await repository.job('apply', repository.merge([7]))).code).toBe(0);
    expect(await groups()).toEqual(AFTER);
  });

  it.each(['header', 'link'] as const)(
    'finds its note beyond the first page, among notes of GitLab and of people, by a %s',
    async (paging) => {
      repository.gitlab.paging = paging;
      for (let count = 0; count < 60; count++)
        repository.gitlab.addNote(7, { body: `approved ${count}`, system: count % 2 === 0 });
      await planned('Example GmbH');
      await planned('Night desk');
      expect(repository.notes(7).filter(({ author }) => author.username === GITLAB_BOT)).toHaveLength(1);
      const { code, err } = await repository.job('apply', repository.merge([7]));
      expect(code, err).toBe(0);
      expect(await groups()).toEqual(AFTER);
    },
  );

  it('of several that one push merged hears of its own groups', async () => {
    await planned();
    const other = await repository.pushToRequest(8, {
      'groups/fr2.yaml': frenchGroup({ name: 'fr-second' }),
    });
    expect((await repository.job('plan', other)).code).toBe(0);
    const { code, err } = await repository.job('apply', repository.merge([7, 8]));
    expect(code, err).toBe(0);
    expect(await groups()).toEqual([...AFTER, 'regsync/acme/fr-second'].sort());
    expect(bodyOf(7)).toContain('Now `de-local` is `pending-approval`.');
    expect(bodyOf(8)).toContain('Now `fr-second` is `pending-approval`.');
  });

  it('that cannot be planned any more has no plan, and the note says so', async () => {
    await planned();
    const broken = await repository.pushToRequest(7, { 'groups/de.yaml': 'kind: RequirementGroup\n' });
    const { code, summary } = await repository.job('plan', broken);
    expect(code).toBe(3);
    expect(bodyOf(7)).toContain(
      '**regsync could not plan this commit.** If you merge it, nothing is applied.',
    );
    expect(summary).toContain('> [!CAUTION]');
    expect((await repository.job('plan', broken, '--config', 'nowhere.yaml')).code).toBe(3);
  });

  it('that has moved on keeps the note of its newest commit', async () => {
    const older = await push('Example GmbH');
    await planned('Night desk');
    const newest = bodyOf(7);
    const { code, err, summary } = await repository.job('plan', older);
    expect([code, err]).toEqual([
      0,
      expect.stringContaining(
        'this run leaves the note to a newer one: the merge request has the newer commit',
      ),
    ]);
    expect(summary).toContain('**Outdated:** the merge request has a newer commit');
    expect(bodyOf(7)).toBe(newest);
  });

  it('in a merge train is planned, and its note stays as people have read it', async () => {
    const pushed = await planned();
    const before = bodyOf(7);
    const train = { ...pushed, CI_MERGE_REQUEST_EVENT_TYPE: 'merge_train' };
    await repository.write('groups/more.yaml', frenchGroup({ name: 'fr-more' }));
    expect((await repository.job('plan', train)).code).toBe(0);
    expect(bodyOf(7)).toBe(before);
  });

  it('is planned for its head in a pipeline of merged results', async () => {
    const pushed = await push();
    const results = {
      ...pushed,
      CI_COMMIT_SHA: 'f'.repeat(40),
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: pushed.CI_COMMIT_SHA,
    };
    expect((await repository.job('plan', results)).code).toBe(0);
    expect((await repository.job('apply', repository.merge([7]))).code).toBe(0);
    expect(await groups()).toEqual(AFTER);
  });
});

describe('An apply on GitLab refuses', () => {
  it.each<[string, (body: string) => string]>([
    ['one character', (body) => body.replace('1 group changes', '0 group changes')],
    ['a line', (body) => body.replace(/\n[^\n]*`de-local`[^\n]*/, '')],
    ['a text at the end', (body) => `${body}\nLooks good.\n`],
  ])('a note that was edited: %s', async (_, change) => {
    await planned();
    edit(change);
    const merged = repository.merge([7]);
    await refused(merged, 'note 501 on merge request !7 was edited after regsync wrote it');
    expect(bodyOf(7)).toContain('was edited after regsync wrote it');
    // What was edited is not shown any more, and no run takes the plan that is shown now for reviewed.
    expect(bodyOf(7)).not.toContain('regsync:reviewed');
    await refused(merged, /shows no plan for [0-9a-f]{7}, which was merged/, '--allow-unreviewed');
    // The refusal shows the plan as it is, and how to apply exactly that.
    const [, fingerprint = ''] = bodyOf(7).match(/var%5BFINGERPRINT%5D=([0-9a-f]{8})/) ?? [];
    expect((await repository.job('apply', merged, '--fingerprint', fingerprint)).code).toBe(0);
    expect(await groups()).toEqual(AFTER);
  });

  it('a note of another author, though it is a copy of ours', async () => {
    await planned();
    const [ours] = repository.notes(7);
    repository.gitlab.notes.set(7, []);
    repository.gitlab.addNote(7, { body: ours?.body ?? '' });
    await refused(
      repository.merge([7]),
      'merge request !7 has a plan in note 502 that somebody posted, but this run trusts only plans that the account of its own token posted',
    );
    expect(repository.notes(7)[0]?.body).toBe(ours?.body);
  });

  it('a copy of ours beside ours, and stays with ours', async () => {
    await planned();
    const [ours] = repository.notes(7);
    const copy = repository.gitlab.addNote(7, { body: ours?.body ?? '' });
    const before = copy.body;
    expect((await repository.job('apply', repository.merge([7]))).code).toBe(0);
    expect(copy.body).toBe(before);
    expect(bodyOf(7)).toContain('✅ **Applied**');
  });

  it('the plan of another merge request, though we wrote it', async () => {
    await planned();
    const [ours] = repository.notes(7);
    await repository.pushToRequest(8, { 'groups/fr2.yaml': frenchGroup({ name: 'fr-second' }) });
    repository.gitlab.addNote(8, { body: ours?.body ?? '', author: { id: 7, username: GITLAB_BOT } });
    await refused(
      repository.merge([8]),
      /merge request !8 has a plan in note 502 that was edited, or made with another key/,
    );
  });

  it('a merge request without a note', async () => {
    await push();
    await refused(repository.merge([7]), 'merge request !7 has no note with a plan: nobody has reviewed one');
  });

  it('a push without a merge request', async () => {
    const merged = repository.merge([]);
    await repository.write('groups/fr2.yaml', frenchGroup({ name: 'fr-second' }));
    await refused(merged, 'no merge request with a plan was merged by this push, so nobody has reviewed one');
  });

  it('a plan that Telnyx or the files have outdated, and names the difference in the note', async () => {
    await planned();
    const merged = repository.merge([7]);
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Nobody has seen this' }));
    const err = await refused(merged, /its manifest changed since the plan was reviewed/);
    expect(err).toContain('RequirementGroup/de-local');
    expect(bodyOf(7)).toContain('Reviewed plan (−) and new plan (+):');
    expect(bodyOf(7)).toContain('run a pipeline</a> on `main` with the variable `FINGERPRINT` set to');
    const [, fingerprint = ''] = bodyOf(7).match(/var%5BFINGERPRINT%5D=([0-9a-f]{8})/) ?? [];
    await refused(merged, 'the plan is', '--fingerprint', '00000000');
    const byHand = { ...merged, CI_PIPELINE_SOURCE: 'web' };
    expect((await repository.job('apply', byHand, '--fingerprint', fingerprint)).code).toBe(0);
    expect(bodyOf(7)).toContain('✅ **Applied**');
    expect(await groups()).toEqual(AFTER);
  });

  it('a plan of an earlier commit than the one that was merged', async () => {
    await planned();
    await repository.pushToRequest(7, { 'groups/fr2.yaml': frenchGroup({ name: 'fr-second' }) });
    await refused(repository.merge([7]), /merge request !7 shows no plan for [0-9a-f]{7}, which was merged/);
  });

  it('a plan of another job, and says how to make the jobs one', async () => {
    const pushed = await push();
    expect((await repository.job('plan', pushed, '--shard', '1/2')).code).toBe(0);
    await refused(
      repository.merge([7]),
      'give apply the same --config, --account, --shard, --target and paths',
    );
  });

  it('another branch than the default one', async () => {
    await planned();
    const merged = repository.merge([7]);
    const { code, err } = await repository.job('apply', { ...merged, CI_COMMIT_BRANCH: 'elsewhere' });
    expect([code, err]).toEqual([
      5,
      expect.stringContaining('this pipeline is of elsewhere, and ci apply runs on main'),
    ]);
    expect(await groups()).toEqual(BEFORE);
  });

  it('a merge into another branch', async () => {
    await planned();
    const merged = repository.merge([7]);
    Object.assign(repository.gitlab.requests[0] ?? {}, { target_branch: 'elsewhere' });
    await refused(merged, 'no merge request with a plan was merged by this push');
  });

  it('an older commit than the newest of the branch, which wants something else', async () => {
    await planned();
    const older = repository.merge([7]);
    await repository.pushToRequest(8, { 'groups/de.yaml': null });
    repository.merge([8]);
    await repository.write('groups/de.yaml', germanGroup());
    await refused(older, /this run is for [0-9a-f]{7}, and the newest commit of main is [0-9a-f]{7}/);
  });

  it('an older commit that was applied before, and leaves what it did noted', async () => {
    await planned();
    const older = repository.merge([7]);
    expect((await repository.job('apply', older)).code).toBe(0);
    const newer = await repository.pushToRequest(8, {
      'groups/de.yaml': germanGroup({ contact: 'Night desk' }),
    });
    expect((await repository.job('plan', newer)).code).toBe(0);
    expect((await repository.job('apply', repository.merge([8]))).code).toBe(0);
    await repository.write('groups/de.yaml', germanGroup({ contact: 'Example GmbH' }));
    const { code, err } = await repository.job('apply', older);
    expect([code, err]).toEqual([5, expect.stringContaining('the newest commit of main is')]);
    expect(bodyOf(7)).toContain('✅ **Applied**');
  });

  it('a gate that only the plan opens, and names the flag', async () => {
    await repository.repository.control('approve-all', {});
    const files = { 'groups/fr.yaml': null, 'groups/de.yaml': germanGroup() };
    const pushed = await repository.pushToRequest(7, files);
    expect((await repository.job('plan', pushed, '--prune', '--allow-delete', 'fr-local')).code).toBe(0);
    const merged = repository.merge([7]);
    const { code, err } = await repository.job('apply', merged, '--prune');
    expect([code, err]).toEqual([5, expect.stringContaining('the plan needs --allow-delete fr-local')]);
    expect(await groups()).toEqual(BEFORE);
    const open = await repository.job('apply', merged, '--prune', '--allow-delete', 'fr-local');
    expect(open.code, open.err).toBe(0);
    expect(await groups()).toEqual(['regsync/acme/de-local']);
  });
});

describe('A gate that is closed for a plan', () => {
  it('is named in the note with the flag that opens it and the file', async () => {
    await repository.write('groups/de.yaml', germanGroup());
    expect((await repository.repository.run(['apply', '--yes'])).code).toBe(0);
    const porting = germanGroup().replace('action: ordering', 'action: porting').split('requirements:')[0];
    const pushed = await repository.pushToRequest(7, {
      'groups/de.yaml': `${porting}partial: true\nrequirements: []\n`,
    });
    await repository.job('plan', { ...pushed, CI_CONFIG_PATH: 'ci/telnyx.yml' });
    expect(bodyOf(7)).toContain(
      'To open it, add `--allow-replace` to the commands that plan and apply in `ci/telnyx.yml`.',
    );
    const { code, err } = await repository.job('apply', repository.merge([7]));
    expect([code, err]).toEqual([
      5,
      expect.stringContaining(
        'plan and apply need --allow-replace (for "de-local"): add it to both commands',
      ),
    ]);
  });
});

describe('An apply that fails', () => {
  it('says in the note what failed, and a retry goes on and says that it is applied', async () => {
    await planned();
    await repository.repository.control('faults', {
      kind: 'status',
      status: 422,
      match: { method: 'POST', path: 'submit_for_approval$' },
    });
    const merged = repository.merge([7]);
    const failed = await repository.job('apply', merged);
    expect(failed.code).toBe(4);
    expect(bodyOf(7)).toContain('**Apply failed**');
    expect(bodyOf(7)).toContain(`${PROJECT_URL}/-/blob/`);
    const again = await repository.job('apply', merged);
    expect(again.code, again.err).toBe(0);
    expect(bodyOf(7)).toContain('✅ **Applied**');
    expect((await repository.job('apply', merged)).code).toBe(0);
    expect(await groups()).toEqual(AFTER);
  });
});

describe('The Telnyx key and the token of GitLab', () => {
  it('are in nothing that anybody can read, though both are in the manifest', async () => {
    const secret = germanGroup({ contact: `${GITLAB_TOKEN} ${SAMPLE_KEY}` }).replace(
      'name: de-local',
      `name: de-local\ncustomer_reference: ${GITLAB_TOKEN}`,
    );
    const pushed = await repository.pushToRequest(7, { 'groups/de.yaml': secret });
    repository.gitlab.trouble({
      path: /\/notes$/,
      method: 'POST',
      status: 400,
      body: JSON.stringify({ message: { note: [`is bad: ${GITLAB_TOKEN}`] } }),
    });
    const first = await repository.job('plan', pushed);
    expect(first.err).toContain('the plan is not in a note: POST');
    const second = await repository.job('plan', pushed);
    expect(second.code, second.err).toBe(0);
    const third = await repository.job('apply', repository.merge([7]));
    expect(third.code, third.err).toBe(0);
    const texts = [first, second, third].flatMap(({ out, err, summary }) => [out, err, summary]);
    for (const text of [...texts, bodyOf(7)])
      for (const hidden of [GITLAB_TOKEN, SAMPLE_KEY]) expect(text).not.toContain(hidden);
  });

  it('go to no other host: a redirect is not followed', async () => {
    const pushed = await push();
    repository.gitlab.trouble({
      path: /\/user$/,
      status: 302,
      headers: { location: 'https://elsewhere.example.com/user' },
      body: '{}',
    });
    const { code, err } = await repository.job('plan', pushed);
    expect([code, err]).toEqual([
      0,
      expect.stringContaining('the plan is not in a note: GET /user answered 302'),
    ]);
    expect(repository.gitlab.writes()).toEqual([]);
  });

  it.each([
    [
      'plain http elsewhere',
      'http://gitlab.example.com/api/v4',
      'CI_API_V4_URL must be a URL that begins with https://',
    ],
    [
      'a password in it',
      'https://user:secret@gitlab.example.com/api/v4',
      'CI_API_V4_URL must be a URL without user, password, query and fragment',
    ],
  ])('go to no address with %s', async (_, url, message) => {
    const { code, err } = await repository.job('plan', { ...(await push()), CI_API_V4_URL: url });
    expect([code, err]).toEqual([3, expect.stringContaining(message)]);
    expect(err).not.toContain('secret');
  });
});
