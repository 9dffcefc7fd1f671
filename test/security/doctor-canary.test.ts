import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { repositoryWithEverything } from '../support/doctor.ts';
import { openProxy } from '../support/proxies/proxy.ts';
import type { TestRepository } from '../support/test-repository.ts';

/** What the doctor says, in every form in which it says something. */
async function everythingSaid(
  repository: TestRepository,
  env: Record<string, string> = {},
): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const args of [['--verbose'], ['--format', 'json', '--verbose']]) {
    const file = `record-${args.length}.json`;
    const { out, err } = await repository.run(['doctor', '--record', file, ...args], { env });
    Object.assign(said, { [`${args}: stdout`]: out, [`${args}: stderr`]: err });
    said[`${args}: file`] = await readFile(join(repository.folder, file), 'utf8');
  }
  return said;
}

async function repositoryOfEverything(): Promise<TestRepository> {
  const { repository } = await repositoryWithEverything();
  onTestFinished(() => repository.end());
  await repository.control('groups/decline?reference=regsync/acme/de-local', {
    comment: 'Reviewer was here 4711',
  });
  return repository;
}

it('says no text that the account holds', async () => {
  const repository = await repositoryOfEverything();
  const texts = textsIn(await repository.control('state'));
  // Words such as statuses and the names of types are data, and shorter texts stand in anything.
  const telling = [...texts].filter((text) => text.length >= 5 && !/^[a-z]+(?:[-_ ][a-z]+)*$/.test(text));
  expect(telling).toContain('Compliance desk, Example GmbH');
  expect(telling).toContain('Reviewer was here 4711');
  expect(telling.length).toBeGreaterThan(100);
  for (const [sink, said] of Object.entries(await everythingSaid(repository))) {
    expect(said.length).toBeGreaterThan(100);
    for (const text of telling) {
      expect(said.includes(text) || said.includes(JSON.stringify(text)), `${sink} shows ${text}`).toBe(false);
    }
  }
});

function textsIn(value: unknown): Set<string> {
  if (typeof value === 'string') return new Set([value]);
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(Object.values(value).flatMap((inner) => [...textsIn(inner)]));
}

it.each(['values', 'values and keys'])(
  'says nothing of answers whose every text is a canary: %s',
  async (what) => {
    const repository = await repositoryOfEverything();
    const TELNYX_BASE_URL = await openProxy(async (message, response) => {
      const answer = await fetch(`${repository.sandbox.origin}${message.url}`, {
        headers:
          message.headers.authorization === undefined ? {} : { authorization: message.headers.authorization },
      });
      response.writeHead(answer.status, {
        'content-type': 'application/json',
        'x-request-id': CANARY,
        'x-ratelimit-limit': CANARY,
        'x-canary-4711': CANARY,
        'x-ratelimit-canary': '1',
      });
      response.end(JSON.stringify(replaceTexts(await answer.json(), what === 'values and keys')));
    });
    const said = await everythingSaid(repository, { TELNYX_BASE_URL });
    expect(Object.keys(said)).toHaveLength(6);
    for (const [sink, text] of Object.entries(said)) {
      expect(text.length).toBeGreaterThan(100);
      expect(text, sink).not.toMatch(/canary/i);
      expect(text, sink).not.toContain('4711');
    }
  },
);

const CANARY = 'Canary-4711 Jane Example';

/** Also in place of ids and statuses, and as a number. */
function replaceTexts(value: unknown, alsoKeys: boolean): unknown {
  if (typeof value === 'string') return `${CANARY} ${value}`;
  if (typeof value === 'number') return 47114711;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => replaceTexts(inner, alsoKeys));
  const entries = Object.entries(value).map(([key, inner]) => [key, replaceTexts(inner, alsoKeys)]);
  return Object.fromEntries(
    alsoKeys ? [...entries, [CANARY, CANARY], ['canary_jane', 1], ['+49304711', 1]] : entries,
  );
}
