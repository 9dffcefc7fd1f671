import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openActionRepository, schedule } from '../support/action-repository.ts';
import { newAgeKeyPair } from '../support/age-keys.ts';
import { readTree } from '../support/folders.ts';
import { frenchGroup, germanGroup, openTestRepository } from '../support/test-repository.ts';

/**
 * Most tests call the program within their own process. What they prove holds for what users start because both say and
 * do the same, which is proven here.
 */
type How = 'here' | 'processes';

/** One after the other, also on a busy machine. */
const MANY_PROCESSES_MS = 240_000;

const owner = await newAgeKeyPair();

/** What is typed, in this order. One group at a time, so that what is said comes in one order too. */
const LINES = [
  'matrix --shards 2',
  '--version',
  '--help',
  'apply --help',
  'aply',
  'plan --colour',
  'validate',
  'validate groups/none.yaml',
  'explain',
  'explain de-local --format json',
  'lock',
  'lock --check',
  'plan --out plan.json --verbose',
  'show plan.json',
  'show plan.json --format json',
  'plan --format markdown',
  'plan --detailed-exitcode --format json',
  'apply --plan plan.json --parallelism 1 --record record.jsonl',
  'apply --plan plan.json --quiet',
  'apply --yes --format json',
  'audit record.jsonl --last 0000000000000000',
  'audit record.jsonl --format json',
  'apply',
  'status',
  'status --format json',
  'reply de-local Thanks --yes',
  'reply de-local Thanks --yes --format json',
  'reply fr-local --file regsync.yaml --mark-read --yes',
  'reply de-locla Thanks --yes',
  'reply de-local Thanks',
  'report --out report.html',
  'gc',
  'ci plan --summary summary.md',
  'ci apply --summary summary.md',
  'encrypt documents/registration.pdf',
  'encrypt -',
  'rekey --force',
  'keygen --out key.txt',
  'decrypt documents/registration.pdf.age --out seen.pdf --into-repository',
  'import',
  'import --plaintext',
  'import --encrypt --format json --chdir elsewhere --config ../regsync.yaml',
  'new DE local porting --name porting --out drafts/porting.yaml',
  'init --scope acme',
  'schema manifest',
  'completion bash',
  '__complete explain ',
  'release de-local',
  'release de-local --yes',
  'plan --api-key-file regsync.yaml',
];

/** It ends by a signal, which only a process can get. */
const ENDLESS = ['sandbox'];

async function live(how: How) {
  const repository = await openTestRepository(
    {
      'groups/de.yaml': germanGroup(),
      'groups/fr.yaml': frenchGroup(),
      '.regsync/recipients': owner.recipient,
      'elsewhere/empty.txt': '',
    },
    how,
  );
  onTestFinished(() => repository.end());
  const env = {
    REGSYNC_AGE_IDENTITY: owner.identity,
    REGSYNC_PLAN_KEY: 'a key of plans, for tests and nothing else',
  };
  const told: string[] = [];
  for (const line of LINES) {
    const { code, signal, out, err } = await repository.run(line.split(' '), { env, input: 'from stdin' });
    told.push(`$ regsync ${line}\n${err}${out}=> ${signal ?? code}\n`);
  }
  const requests = (await repository.requests()).map(
    ({ method, path, status }) => `${method} ${path} ${status}`,
  );
  return comparable(repository.folder, {
    told,
    requests: requests.sort(),
    files: await readTexts(repository.folder),
  });
}

/** What is encrypted differs each time; that it is there has to be the same. */
async function readTexts(folder: string): Promise<Record<string, string>> {
  const files = Object.entries(await readTree(folder));
  return Object.fromEntries(files.map(([path, text]) => [path, path.endsWith('.age') ? 'CIPHERTEXT' : text]));
}

/** Without what differs from one run to the next: ids, moments, ports, and what is derived from them. */
function comparable<Seen>(folder: string, seen: Seen): Seen {
  const text = JSON.stringify(seen)
    .replaceAll(folder, 'FOLDER')
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/\b[0-9a-f]{7,64}\b/g, 'DIGEST')
    .replaceAll(/\d{4}-\d\d-\d\d(?:[T ]| at )\d\d:\d\d(:\d\d(\.\d+)?)?/g, 'MOMENT')
    .replaceAll(/\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC/g, 'MOMENT')
    .replaceAll(/(?:127\.0\.0\.1|localhost):\d+/g, 'HOST')
    .replaceAll(/regsync-runner-\w+/g, 'RUNNER')
    .replaceAll(/<!-- regsync:reviewed.+?-->/g, 'ENCLOSURE')
    .replaceAll(/-----BEGIN AGE.+?END AGE ENCRYPTED FILE-----/g, 'CIPHERTEXT')
    .replaceAll(/\b(?:[0-9]+(?:\.[0-9]+)? (?:ms|s))\b/g, 'DURATION')
    .replaceAll(
      /(?<=(?:start|manifests|Telnyx|plan|rest|rate limit|retries|looking again) )\d+\.\d\d/g,
      'SECONDS',
    );
  return JSON.parse(text) as Seen;
}

it(
  'every command says and does the same here as in a process of its own',
  async () => {
    const [here, apart] = [await live('here'), await live('processes')];
    expect(here).toEqual(apart);
    const listed = [...(here.told[1] ?? '').matchAll(/^ {2}([a-z]+) .*\S {2,}\S/gm)].map(([, name]) => name);
    const typed = LINES.map((line) => line.split(' ')[0]);
    expect(listed.filter((name) => name !== undefined && ![...typed, ...ENDLESS].includes(name))).toEqual([]);
  },
  MANY_PROCESSES_MS,
);

async function review(how: How) {
  const repository = await openActionRepository({ 'groups/fr.yaml': frenchGroup() }, how);
  onTestFinished(() => repository.end());
  const pushed = await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() });
  const runs = [
    await repository.run(pushed, { command: 'validate' }),
    await repository.run(pushed, { command: 'plan' }),
    await repository.run(pushed, { command: 'no such command' }),
  ];
  const merged = repository.merge(7);
  runs.push(await repository.run(merged, { command: 'apply', parallelism: '1' }));
  await repository.testRepository.control('groups/decline?reference=regsync/acme/de-local', {
    comment: 'Please renew',
  });
  await writeFile(join(repository.workspace, 'groups/de.yaml'), germanGroup({ contact: 'Somebody else' }));
  runs.push(await repository.run(schedule(merged.sha), { command: 'drift' }));
  const said = runs.map(({ code, out, err, outputs, summary }) => ({ code, out, err, outputs, summary }));
  return comparable(repository.workspace, {
    said,
    comments: repository.comments(7),
    writes: repository.github.writes(),
  });
}

it(
  'every command of the action says and does the same here as when GitHub starts its bundle',
  async () => {
    const [here, apart] = [await review('here'), await review('processes')];
    expect(here).toEqual(apart);
    expect(here.said.map(({ code }) => code)).toEqual([0, 0, 3, 0, 0]);
    expect(here.writes.some((write) => /^POST .*\/issues$/.test(write))).toBe(true);
  },
  MANY_PROCESSES_MS,
);

it("a plan does not load the HTTP client that Node has built in beside the program's own", async () => {
  const repository = await openTestRepository({ 'groups/de.yaml': germanGroup() }, 'processes');
  onTestFinished(() => repository.end());
  // Node names here what it has loaded of itself.
  const report = "process.on('exit', () => process.stdout.write(process.moduleLoadList.join('\\n')))";
  await repository.write('report.cjs', report);
  const { code, out } = await repository.run(['plan', '--quiet'], {
    env: { NODE_OPTIONS: `--require ${join(repository.folder, 'report.cjs')}` },
  });
  const clients = ['NativeModule net', 'NativeModule internal/deps/undici/undici'];
  expect({ code, loaded: clients.filter((name) => out.split('\n').includes(name)) }).toEqual({
    code: 0,
    loaded: ['NativeModule net'],
  });
});
