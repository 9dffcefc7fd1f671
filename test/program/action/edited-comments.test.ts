import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionRepository, dispatch, openActionRepository } from '../../support/action-repository.ts';
import { BOT } from '../../support/servers/github.ts';
import { frenchGroup, germanGroup } from '../../support/test-repository.ts';

let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({ 'groups/fr.yaml': frenchGroup() });
  expect((await repository.testRepository.run(['apply', '--yes'])).code).toBe(0);
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

const APPLY = { command: 'apply' };
const bodyOf = (number: number) => repository.comments(number)[0]?.body ?? '';
const groups = async () =>
  (await repository.testRepository.state()).groups
    .map(({ customer_reference }) => `${customer_reference}`)
    .sort();
const BEFORE = ['regsync/acme/fr-local'];
const AFTER = ['regsync/acme/de-local', 'regsync/acme/fr-local'];

const push = (contact: string) => repository.pushToPull(7, { 'groups/de.yaml': germanGroup({ contact }) });
async function planned(contact = 'Example GmbH'): Promise<void> {
  expect((await repository.run(await push(contact))).code).toBe(0);
}

/** As somebody with write access does it: GitHub keeps the author. */
function edit(change: (body: string) => string, number = 7): void {
  const [comment] = repository.comments(number);
  if (comment === undefined) throw new Error('There is no comment to edit');
  const before = comment.body;
  comment.body = change(before);
  expect(comment.body).not.toBe(before);
}

const REVIEWED = /\n<!-- regsync:reviewed:v1 [^\n]*/;

describe('a comment that nobody can vouch for', () => {
  it.each<[string, (body: string) => string]>([
    ['edited: one character of it', (body) => body.replace('1 group changes', '0 group changes')],
    ['edited: a line out of it', (body) => body.replace(/\n[^\n]*`de-local`[^\n]*/, '')],
    ['edited: a text behind the plan in it', (body) => `${body}\nLooks good.\n`],
    [
      'edited: all but the plan in it',
      (body) => `${body.split('\n')[0]}\nNo changes.\n${body.match(REVIEWED)?.[0]}`,
    ],
    ['edited: the run that it links to', (body) => body.replace(/actions\/runs\/\d+/g, 'actions/runs/1')],
  ])('%s, is not applied, and says so', async (_, change) => {
    await planned();
    edit(change);
    const merged = repository.merge(7);
    const [{ id } = { id: 0 }] = repository.comments(7);
    await repository.testRepository.forgetRequests();
    const { code, err, out, summary, outputs } = await repository.run(merged, APPLY);
    expect(code).toBe(5);
    const edited = `comment ${id} on pull request #7 was edited after regsync wrote it`;
    for (const text of [err, summary, bodyOf(7)]) expect(text).toContain(edited);
    expect(err).toMatch(/start this workflow by hand \("Run workflow"\) with the fingerprint [0-9a-f]{8}\n/);
    expect(out).not.toContain('Apply:');
    expect(await groups()).toEqual(BEFORE);
    // What was edited is not shown any more; the comment has the plan as it is, and no run takes that for reviewed.
    expect(bodyOf(7)).toContain('`de-local`');
    expect(bodyOf(7)).not.toMatch(REVIEWED);
    expect((await repository.run(merged, APPLY)).code).toBe(5);
    expect((await repository.run(merged, { ...APPLY, 'allow-unreviewed': 'true' })).code).toBe(5);
    expect(await groups()).toEqual(BEFORE);
    const fingerprint = outputs.fingerprint ?? '';
    expect((await repository.run(dispatch(merged.sha), { ...APPLY, fingerprint })).code).toBe(0);
    expect(await groups()).toEqual(AFTER);
  });

  it('edited: with the plan in it swapped for an older one of ours, is not applied', async () => {
    await planned('Example GmbH');
    const [older = ''] = bodyOf(7).match(REVIEWED) ?? [];
    await planned('Somebody else');
    edit((body) => body.replace(REVIEWED, older));
    const { code, err } = await repository.run(repository.merge(7), APPLY);
    expect([code, err]).toEqual([5, expect.stringContaining('was edited after regsync wrote it')]);
    expect(await groups()).toEqual(BEFORE);
  });

  it('edited: with all of an older one of ours, shows no plan for what was merged', async () => {
    await planned('Example GmbH');
    const older = bodyOf(7);
    await planned('Somebody else');
    edit(() => older);
    const { code, err } = await repository.run(repository.merge(7), APPLY);
    expect([code, err]).toEqual([5, expect.stringContaining('shows no plan for')]);
  });

  it('by an older version, which signed its marker alone, is refused as an edited one is', async () => {
    await planned();
    edit((body) => body.replace(':v2 ', ':v1 ').replace(/,"text":"[0-9a-f]{64}"/, ''));
    const merged = repository.merge(7);
    const { code, err } = await repository.run(merged, { ...APPLY, 'allow-unreviewed': 'true' });
    expect(code).toBe(5);
    expect(err).toMatch(/comment \d+ on pull request #7 was written by an older version of regsync/);
    expect(await groups()).toEqual(BEFORE);
  });

  it('is put right by the next plan, in its place', async () => {
    const pushed = await push('Example GmbH');
    await repository.run(pushed);
    const unlike = (body: string) => body.replace(/runs\/\d+|"text":"\w+"/g, '');
    const before = unlike(bodyOf(7));
    edit((body) => body.replace(/actions\/runs\/\d+/g, 'actions/runs/1'));
    await repository.run(pushed);
    expect(repository.comments(7).map(({ body }) => unlike(body))).toEqual([before]);
    expect((await repository.run(repository.merge(7), APPLY)).code).toBe(0);
    expect(await groups()).toEqual(AFTER);
  });

  it('of a shard has no other shard’s text', async () => {
    const pushed = await push('Example GmbH');
    for (const shard of ['1/2', '2/2']) expect((await repository.run(pushed, { shard })).code).toBe(0);
    const [one, two] = repository.comments(7);
    if (one === undefined || two === undefined) throw new Error('There are no two comments');
    const line = (body: string) => body.split('\n')[0] ?? '';
    const rest = (body: string) => body.slice(line(body).length);
    [one.body, two.body] = [line(one.body) + rest(two.body), line(two.body) + rest(one.body)];
    const merged = repository.merge(7);
    const codes = [];
    for (const shard of ['1/2', '2/2']) {
      const { err, code } = await repository.run(merged, { ...APPLY, shard });
      expect(err.includes('was edited')).toBe(code === 5);
      codes.push(code);
    }
    // The other shard has nothing to do, and needs no comment for that.
    expect(codes.sort()).toEqual([0, 5]);
    expect(await groups()).toEqual(BEFORE);
  });
});

describe('a comment that GitHub keeps in its own way', () => {
  it.each<[string, (body: string) => string]>([
    ['with the line ends of its editor', (body) => body.replaceAll('\n', '\r\n')],
  ])('%s is applied', async (_, change) => {
    await planned();
    edit(change);
    const { code, err } = await repository.run(repository.merge(7), APPLY);
    expect(code, err).toBe(0);
    expect(bodyOf(7)).toContain('✅ **Applied**');
    expect(await groups()).toEqual(AFTER);
  });

  it('and changes as it stores it, is complained about by the run that wrote it', async () => {
    const pushed = await push('Example GmbH');
    const stored = { id: 1, body: 'Something else', user: { login: BOT } };
    repository.github.trouble({
      method: 'POST',
      path: /comments$/,
      status: 201,
      body: JSON.stringify(stored),
    });
    const { code, out } = await repository.run(pushed);
    expect([code, out]).toEqual([0, expect.stringContaining('while storing it')]);
  });
});

describe('each state of a comment', () => {
  it('is signed anew: applying, failed, applied, and what a later run finds unchanged', async () => {
    await planned();
    await repository.testRepository.control('faults', {
      kind: 'status',
      status: 422,
      match: { method: 'POST', path: 'submit_for_approval$' },
    });
    const merged = repository.merge(7);
    expect((await repository.run(merged, APPLY)).code).toBe(4);
    expect(bodyOf(7)).toContain('**Apply failed**');
    // A text that was not signed would be refused here.
    expect((await repository.run(merged, APPLY)).code).toBe(0);
    expect(bodyOf(7)).toContain('✅ **Applied**');
    expect((await repository.run(merged, APPLY)).code).toBe(0);
  });

  it('with a secret covered in it is signed as it is shown', async () => {
    const secret = 'ghs_anotherSecret0123456789';
    const note = germanGroup().replace('name: de-local', `name: de-local\ncustomer_reference: ${secret}`);
    const env = { TELNYX_API_KEY_OTHER: secret };
    const pushed = await repository.pushToPull(7, { 'groups/de.yaml': note });
    const { code, out, err, summary } = await repository.run({ ...pushed, env });
    expect(code).toBe(0);
    for (const text of [out, err, summary, bodyOf(7)]) expect(text).not.toContain(secret);
    expect((await repository.run({ ...repository.merge(7), env }, APPLY)).code).toBe(0);
  });

  it('copied or quoted by a person stays as it is', async () => {
    await planned();
    const [ours] = repository.comments(7);
    const theirs = [
      { id: 1, body: bodyOf(7), user: { login: 'somebody' } },
      { id: 2, body: `> ${bodyOf(7).replaceAll('\n', '\n> ')}`, user: { login: 'somebody' } },
      { id: 3, body: bodyOf(7).replace('1 group', '0 groups'), user: { login: 'somebody' } },
    ];
    const copies = theirs.map((comment) => ({ ...comment }));
    repository.github.comments.set(7, [...copies, ...(ours === undefined ? [] : [ours])]);
    await planned('Somebody else');
    expect((await repository.run(repository.merge(7), APPLY)).code).toBe(0);
    expect(repository.comments(7).slice(0, 3)).toEqual(theirs);
    expect(repository.comments(7)[3]?.body).toContain('✅ **Applied**');
    expect(repository.comments(7)).toHaveLength(4);
  });
});
