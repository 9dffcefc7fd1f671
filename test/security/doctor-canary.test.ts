import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { standBetween } from '../support/between.ts';
import { stageWithEverything } from '../support/doctor.ts';
import type { Rehearsal } from '../support/rehearsal.ts';

/** What the doctor says, in every form in which it says something. */
async function everythingSaid(
  stage: Rehearsal,
  env: Record<string, string> = {},
): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const args of [['--verbose'], ['--format', 'json', '--verbose']]) {
    const file = `record-${args.length}.json`;
    const { out, err } = await stage.run(['doctor', '--record', file, ...args], { env });
    Object.assign(said, { [`${args}: stdout`]: out, [`${args}: stderr`]: err });
    said[`${args}: file`] = await readFile(join(stage.folder, file), 'utf8');
  }
  return said;
}

async function stageOfEverything(): Promise<Rehearsal> {
  const { stage } = await stageWithEverything();
  onTestFinished(() => stage.end());
  await stage.control('groups/decline?reference=regsync/acme/de-local', {
    comment: 'Reviewer was here 4711',
  });
  return stage;
}

it('says no text that the account holds', async () => {
  const stage = await stageOfEverything();
  const texts = textsIn(await stage.control('state'));
  // Words such as statuses and the names of types are data, and shorter texts stand in anything.
  const telling = [...texts].filter((text) => text.length >= 5 && !/^[a-z]+(?:[-_ ][a-z]+)*$/.test(text));
  expect(telling).toContain('Compliance desk, Example GmbH');
  expect(telling).toContain('Reviewer was here 4711');
  expect(telling.length).toBeGreaterThan(100);
  for (const [sink, said] of Object.entries(await everythingSaid(stage))) {
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
    const stage = await stageOfEverything();
    const TELNYX_BASE_URL = await standBetween(async (message, response) => {
      const answer = await fetch(`${stage.sandbox.origin}${message.url}`, {
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
    const said = await everythingSaid(stage, { TELNYX_BASE_URL });
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
