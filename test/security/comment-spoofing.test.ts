import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionRepository, type Happening, openActionRepository } from '../support/action-repository.ts';
import { BOT } from '../support/servers/github.ts';
import { frenchGroup, germanGroup } from '../support/test-repository.ts';

/** The row of SECURITY.md: tools that match by text alone edit or delete what people wrote, or believe it. */

let repository: ActionRepository;
let pushed: Happening;
beforeEach(async () => {
  repository = await openActionRepository({ 'groups/fr.yaml': frenchGroup() });
  pushed = await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() });
  await repository.run(pushed);
  repository.github.forget();
});
afterEach(() => repository.end());

const ours = () => repository.comments(7)[0]?.body ?? '';
const plant = (number: number, login: string, body: string, id: number) =>
  repository.github.comments.set(number, [...repository.comments(number), { id, body, user: { login } }]);
const telnyxWrites = async () =>
  (await repository.testRepository.requests()).filter(({ method }) => method !== 'GET').length;

const NOBODY = 'nobody has reviewed one';
const ANOTHER = 'regsync could not read the reviewed plan';
const EDITED = 'has a plan in comment 1 that was edited, or made with another key';

describe('Comment spoofing', () => {
  it.each([
    ['pastes all of ours', (body: string) => body],
    ['pastes the marker', (body: string) => `${body.split('\n')[0]}\nI wonder about this one.`],
    ['quotes it', (body: string) => `> ${body.split('\n')[0]}\n\nWhat is this?`],
    ['replies below it', (body: string) => `Look:\n${body}`],
  ])('a human who %s keeps the comment', async (_, text) => {
    const theirs = text(ours());
    repository.github.comments.set(7, [
      { id: 1, body: theirs, user: { login: 'somebody' } },
      ...repository.comments(7),
    ]);
    await repository.run(
      await repository.pushToPull(7, { 'groups/de.yaml': germanGroup({ contact: 'Somebody else' }) }),
    );
    expect(repository.comments(7)[0]).toEqual({ id: 1, body: theirs, user: { login: 'somebody' } });
    expect(repository.github.writes()).toEqual([expect.stringMatching(/^PATCH .*\/comments\/1001$/)]);
    repository.github.forget();
    // And where it is the only one there, ours is made anew.
    repository.github.comments.set(7, repository.comments(7).slice(0, 1));
    await repository.run(pushed, {});
    expect(repository.comments(7)[0]?.body).toBe(theirs);
  });

  it.each([
    ['of another bot', 'other-app[bot]', (body: string) => body, ANOTHER],
    [
      'of ours that another workflow wrote and that quotes the marker',
      BOT,
      (body: string) => `> ${body}`,
      NOBODY,
    ],
    [
      'of ours with a changed fingerprint',
      BOT,
      (body: string) => body.replace(/"fingerprint":"./, '"fingerprint":"x'),
      EDITED,
    ],
    ['of ours with a changed commit', BOT, (body: string) => body.replace(/"head":"./, '"head":"x'), EDITED],
    [
      'of ours with a changed scope',
      BOT,
      (body: string) => body.replace('"scope":"acme"', '"scope":"acmf"'),
      NOBODY,
    ],
    ['of ours without a MAC', BOT, (body: string) => body.replace(/,"mac":"[0-9a-f]+"/, ''), EDITED],
    ['of ours with a blank before it', BOT, (body: string) => ` ${body}`, NOBODY],
  ])('a comment %s is neither changed nor believed', async (_, login, text, why) => {
    const fake = text(ours());
    repository.github.comments.set(7, []);
    plant(7, login, fake, 1);
    const { code, out } = await repository.run(repository.merge(7), { command: 'apply' });
    expect([code, await telnyxWrites()]).toEqual([5, 0]);
    expect(out).toContain(why);
    expect(repository.comments(7)[0]?.body).toBe(fake);
  });

  it('our comment of one pull request is worth nothing in another', async () => {
    const body = ours();
    await repository.pushToPull(8, { 'groups/de.yaml': germanGroup() });
    plant(8, BOT, body, 1);
    const { code } = await repository.run(repository.merge(8), { command: 'apply' });
    expect([code, await telnyxWrites()]).toEqual([5, 0]);
  });

  it('a younger copy of ours does not take its place, and is marked as outdated', async () => {
    const earlier = ours();
    const moved = await repository.pushToPull(7, {
      'groups/de.yaml': germanGroup({ contact: 'Somebody else' }),
    });
    await repository.run(moved);
    plant(7, BOT, earlier, 2000);
    const { code } = await repository.run(repository.merge(7), { command: 'apply' });
    expect(code).toBe(0);
    const [first, copy] = repository.comments(7).map(({ body }) => body);
    expect(first).toContain('**Applied**');
    expect(copy).toMatch(/^> \[!NOTE\]\n> \*\*Outdated\.\*\*/);
  });

  it('what somebody edits into our comment is not taken for a plan', async () => {
    const files = { 'groups/de.yaml': germanGroup(), 'groups/fr2.yaml': frenchGroup({ name: 'fr-second' }) };
    await repository.run(await repository.pushToPull(8, files));
    const embedded = repository.comments(8)[0]?.body.match(/<!-- regsync:reviewed.*/)?.[0] ?? '';
    expect(embedded).not.toBe('');
    const [comment] = repository.comments(7);
    if (comment) comment.body = comment.body.replace(/<!-- regsync:reviewed.*/, embedded);
    repository.merge(8);
    // What is to be done now is what the other pull request showed, to the last byte.
    const { code, out } = await repository.run(repository.merge(7), { command: 'apply' });
    expect([code, await telnyxWrites()]).toEqual([5, 0]);
    expect(out).toContain('was edited after regsync wrote it');
  });

  it.each([
    ['nothing that can be unpacked', 'AAAA'],
    ['a bomb', ''],
  ])('an edit that puts %s in place of the plan is refused, and unpacked by nobody', async (_, packed) => {
    const { deflateRawSync } = await import('node:zlib');
    const bomb = deflateRawSync(`{"plan":"${'0'.repeat(12_000_000)}"}`).toString('base64');
    const [comment] = repository.comments(7);
    if (comment) {
      comment.body = comment.body.replace(/(regsync:reviewed:v1 )\S+/, `$1${packed === '' ? bomb : packed}`);
    }
    const { code, out } = await repository.run(repository.merge(7), { command: 'apply' });
    expect([code, await telnyxWrites()]).toEqual([5, 0]);
    expect(out).toContain('was edited after regsync wrote it');
  });
});
