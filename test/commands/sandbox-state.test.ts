import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { frenchGroup, type Rehearsal, rehearse } from '../support/rehearsal.ts';

let stage: Rehearsal;
beforeEach(async () => {
  stage = await rehearse({ 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => stage.end());

const STATE = '.regsync/sandbox.json';
const PLAN = ['plan', '--sandbox'];
const APPLY = ['apply', '--sandbox', '--yes'];

describe('a state file that cannot be used', () => {
  it.each([
    ['broken JSON', '{"broken', 'is not JSON. Delete it to start afresh.'],
    ['another shape', '{}', 'is not of the format "regsync-sandbox/1". Delete it to start afresh.'],
    ['another format', '{"format":"regsync-sandbox/0"}', 'is not of the format "regsync-sandbox/1".'],
  ])('with %s is refused in one way, whoever asks for it, and stays as it is', async (_, text, message) => {
    await stage.write(STATE, text);
    const file = join(stage.folder, STATE);
    for (const command of [PLAN, APPLY, ['status', '--sandbox'], ['sandbox', '--state', STATE]]) {
      const { code, err } = await stage.run(command);
      expect([code, err]).toEqual([3, expect.stringContaining(`the sandbox cannot start: The sandbox's`)]);
      expect(err).toContain(`${file} ${message}`);
    }
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('that is a folder, or in a folder that is none, is refused by name', async () => {
    await mkdir(join(stage.folder, STATE), { recursive: true });
    for (const command of [PLAN, APPLY]) {
      const { code, err } = await stage.run(command);
      expect([code, err]).toEqual([3, expect.stringContaining(`${STATE} cannot be read: EISDIR`)]);
    }
    await rm(join(stage.folder, '.regsync'), { recursive: true });
    await stage.write('.regsync', 'a file');
    for (const command of [PLAN, APPLY]) {
      const { code, err } = await stage.run(command);
      expect([code, err]).toEqual([3, expect.stringContaining(`${STATE} cannot be read: ENOTDIR`)]);
    }
  });
});
