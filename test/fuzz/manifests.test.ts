import { execFile } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ROOT } from '../support/test-repository.ts';
import { examine } from './examine.ts';
import { openInputs } from './inputs.ts';
import { plantCanaries } from './seeds.ts';
import { work } from './worker.ts';

/** `npm run fuzz` tries far more of them, and others each time. */
const INPUTS = 500;

it('mutated manifests neither end nor delay the reader, have their problems inside the file, and show no value', async () => {
  const script = join(ROOT, 'scripts/fuzz-manifests.mjs');
  const run = promisify(execFile)(process.execPath, [script, String(INPUTS), '--seed', '1']);
  const { stdout } = await run.catch((error: { stdout: string }) => ({
    stdout: `It failed\n${error.stdout}`,
  }));
  expect(stdout).not.toContain('It failed');
  expect(stdout).toContain(`inputs      ${INPUTS.toLocaleString('en-US')} in`);
}, 120_000);

it('an input can be made again from its number', () => {
  const [once, again] = [openInputs(ROOT, 7), openInputs(ROOT, 7)];
  const other = openInputs(ROOT, 8);
  for (let index = once.seeds; index < once.seeds + 50; index += 1) {
    expect(once.at(index).bytes).toEqual(again.at(index).bytes);
    expect(once.at(index).bytes).not.toEqual(other.at(index).bytes);
  }
});

it('a run says which input comes next before it is looked at', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'regsync-fuzz-test-'));
  const channel = await open(join(folder, 'channel'), 'w');
  work({ root: ROOT, seed: 1, from: 100, to: 103, step: 2, keepIn: null }, channel.fd);
  await channel.close();
  const said = (await readFile(join(folder, 'channel'), 'utf8')).trim().split('\n');
  await rm(folder, { recursive: true });
  expect(said.map((line) => JSON.parse(line))).toEqual([
    { index: 100 },
    expect.objectContaining({ index: 100, findings: [] }),
    { index: 102 },
    expect.objectContaining({ index: 102, findings: [] }),
    { finished: true },
  ]);
});

it.each([
  [
    'a control character in the second line of a value',
    'kind: Address\nlocality: "Berlin\n  Canary: \u009bvalue"\n',
    /locality: "Berlin\s+$/,
  ],
  [
    'keys joined to one line by tabs',
    'kind: RequirementGroup\nrequirements:\n  - requirement: Use Case text:\tCanary value\n',
    /text:\s$/,
  ],
  [
    'keys joined to one line by a carriage return',
    "kind: RequirementGroup\nrequirements:\n  - requirement: Use Case\r text: 'Canary # value'\n",
    /text: '$/,
  ],
])('what a run has found once stays mended: %s', (_, text, before) => {
  const { codes, findings } = examine({ bytes: Buffer.from(text), canaries: [{ core: 'Canary', before }] });
  expect(codes).not.toEqual([]);
  expect(findings).toEqual([]);
});

it('canaries stand in place of private values, and one that is shown is found', () => {
  const manifest =
    'kind: Address\nname: a\nbusiness_name: Example GmbH\naddress: { locality: Berlin, postal_code: "10115" }\n';
  const { text, canaries } = plantCanaries(manifest, 0);
  expect(canaries).toHaveLength(3);
  for (const { core } of canaries) expect(text).toContain(core);
  expect(text).not.toMatch(/Example|Berlin|10115/);
  const bytes = Buffer.from(text);
  expect(examine({ bytes, canaries }).findings).toEqual([]);

  const shown = [{ core: 'Adress', before: /(?:^|\n)kind: $/ }];
  expect(examine({ bytes: Buffer.from('kind: Adress\n'), canaries: shown }).findings).toContain(
    'unknown-kind shows Adress',
  );
  const moved = [{ core: 'Adress', before: /text: $/ }];
  expect(examine({ bytes: Buffer.from('kind: Adress\n'), canaries: moved }).findings).toEqual([]);
});
