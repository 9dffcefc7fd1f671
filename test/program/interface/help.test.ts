import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { type AgeKeyPair, newAgeKeyPair } from '../../support/age-keys.ts';
import { runInShell } from '../../support/programs/shell.ts';
import { type Result, runHere } from '../../support/servers/host.ts';
import { CLI, ROOT, startProgram } from '../../support/test-repository.ts';

/**
 * What every example of a help page finds: this repository's own manifests, applied and approved in the sandbox, a plan of
 * them, a document to encrypt and somebody to encrypt it for. `bin` holds a program `regsync`.
 */
let template: string;
let owner: AgeKeyPair;
beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'regsync-help-'));
  for (const path of ['regsync.yaml', 'regsync.lock.yaml', 'groups', 'documents', 'schemas']) {
    await cp(join(ROOT, path), join(template, path), { recursive: true });
  }
  expect((await run('plan --sandbox --out plan.json', template)).code).toBe(0);
  expect((await run('apply --sandbox --yes', template)).code).toBe(0);
  await approveAll(join(template, '.regsync/sandbox.json'));
  owner = await newAgeKeyPair();
  await writeFile(join(template, '.regsync/recipients'), `${owner.recipient}\n`);
  for (const name of ['documents/passport.pdf', 'scan.pdf'])
    await writeFile(join(template, name), '%PDF-1.7\n%%EOF\n');
  await mkdir(join(template, 'public'));
  await mkdir(join(template, 'bin'));
  const program = `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@" $REHEARSED\n`;
  await writeFile(join(template, 'bin/regsync'), program, { mode: 0o755 });
});

async function approveAll(stateFile: string): Promise<void> {
  const sandbox = await startSandbox({ stateFile });
  const answer = await fetch(new URL('/_sandbox/approve-all', sandbox.url), { method: 'POST' });
  expect(answer.ok).toBe(true);
  await sandbox.close();
}
afterAll(() => rm(template, { recursive: true, force: true }));

function run(words: string | readonly string[], cwd: string): Promise<Result> {
  const args = typeof words === 'string' ? words.split(' ') : words;
  return runHere(args, { cwd, env: { PATH: process.env.PATH, HOME: tmpdir() } });
}

const program = await run('--help', ROOT);
const commands = [...program.out.matchAll(/^ {2}([a-z]+) .*\S {2,}\S/gm)].map(([, name]) => `${name}`);
const pages = await Promise.all(
  commands.map(async (command) => ({ command, text: (await run([command, '--help'], ROOT)).out })),
);

function examplesOf(text: string): string[] {
  const [, list = ''] = text.split('\nExamples:\n');
  return [...list.matchAll(/^ {2}\$ (.+)$/gm)].map(([, line]) => `${line}`);
}

/** Those that do not end with 0 in the template, and why that is right. */
const ENDINGS: Readonly<Record<string, number>> = {
  // It asks, and here is nobody to answer.
  'regsync init': 3,
  'regsync reply example-de-local "The company moved: the new address is on page 2."': 3,
  'regsync release example-de-local': 3,
};

/** These begin a repository: they run where there is none. */
const BEGINNING: ReadonlySet<string> = new Set(['init']);

/** These never ask the API, so that there is nothing to rehearse. */
const OFFLINE: ReadonlySet<string> = new Set([
  'validate',
  'schema',
  'sandbox',
  'completion',
  'show',
  'keygen',
  'encrypt',
  'decrypt',
  'rekey',
  'audit',
]);

/** Writes a manifest that names a document; the digest is that of the plaintext. */
const namePassport = (file: string): string =>
  `printf '%s\\n' 'apiVersion: regsync/v1' 'kind: Document' 'name: passport' \\
      'file: ../documents/${file}' "sha256: $(sha256sum documents/passport.pdf | cut -c-64)" >groups/passport.yaml`;

/** What has to be done before. */
const BEFORE: Readonly<Record<string, string>> = {
  'regsync reply example-de-local --file answer.txt --mark-read --yes':
    "regsync apply --yes && printf 'On page 2.\\n' >answer.txt",
  'regsync audit record.jsonl': 'regsync apply --sandbox --yes --record record.jsonl >/dev/null',
  // No identity is replaced, and another example has made one.
  'regsync keygen': 'rm -rf ~/.config',
  'regsync keygen --add': 'rm -rf ~/.config',
  'regsync validate --staged': 'git init --quiet',
  'regsync encrypt documents/passport.pdf --update --remove': namePassport('passport.pdf'),
  'regsync decrypt documents/passport.pdf.age': 'regsync encrypt documents/passport.pdf',
  'regsync decrypt bill.pdf.age --out ~/bill.pdf':
    'regsync encrypt documents/passport.pdf && mv documents/passport.pdf.age bill.pdf.age',
  'regsync rekey documents/passport.pdf.age': `regsync encrypt documents/passport.pdf && ${namePassport('passport.pdf.age')}`,
};

describe('help', () => {
  it('is there for every command, with its usage, its options and an example', () => {
    expect(commands.length).toBeGreaterThan(8);
    for (const { command, text } of pages) {
      expect(text).toMatch(new RegExp(`^Usage: regsync ${command} `));
      expect(text).toContain('--chdir <dir>');
      expect(examplesOf(text)).not.toEqual([]);
      for (const example of examplesOf(text)) expect(example).toMatch(commandIn(command));
    }
  });

  function commandIn(command: string): RegExp {
    return new RegExp(`(?:^|\\| )regsync ${command}(?: |$)`);
  }

  it('fits a terminal, and says of every option what it does', () => {
    for (const { out: text } of [program, ...pages.map((page) => ({ out: page.text }))]) {
      for (const line of text.split('\n')) {
        expect(line.length).toBeLessThanOrEqual(130);
        if (line.startsWith('  -')) expect(line).toMatch(/\S {2,}\S/);
      }
    }
  });

  it('is what one gets who asks for nothing', async () => {
    expect(await run([], template)).toMatchObject({ code: 3, out: '', err: program.out });
  });

  it('is where a usage error points, of the command that it is about', async () => {
    const { code, err } = await run('plan --fail-on-expiry soon', template);
    expect(code).toBe(3);
    expect(err).toMatch(/ Write a whole number from 0 to 36500\. See regsync plan --help\n$/);
    expect((await run('--sandbox --nonsense', template)).err).toMatch(/'--nonsense'\. See regsync --help\n$/);
  });

  it('begins with the options of the command; the global ones and the environment come after', () => {
    for (const { text } of pages) {
      const headings = [...text.matchAll(/^(Options|Global options|Examples|Environment)\b/gm)];
      const all = ['Options', 'Global options', 'Examples', 'Environment'];
      const hasOwn = headings[0]?.[1] === 'Options';
      expect(headings.map(([, heading]) => heading)).toEqual(hasOwn ? all : all.slice(1));
    }
    expect(program.out.indexOf('\nEnvironment:\n')).toBeGreaterThan(program.out.indexOf('\nCommands:\n'));
  });

  it.each([
    [['help'], program.out],
    [['help', 'plan'], 'Usage: regsync plan '],
    [['plan', '--help'], 'Usage: regsync plan '],
  ])('is what %j prints', async (args, text) => {
    expect(await run(args, template)).toMatchObject({ code: 0, out: expect.stringContaining(text) });
  });

  it.each(['version', '-v', '--version'])('tells the version for %s', async (word) => {
    expect(await run([word], template)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  it.each([
    ['diff', "unknown command 'diff'. To see the changes: regsync plan. See regsync --help"],
    ['plan --dry-run', "unknown option '--dry-run'. regsync plan shows the changes and makes none."],
    ['apply -auto-approve', "unknown option '-auto-approve'. Write --auto-approve."],
    ['plan -out=plan.json', "unknown option '-out'. Write --out."],
    [
      'plan --allow-orders=true',
      "unknown option '--allow-orders'. Write --allow-orders alone: it takes no value.",
    ],
    ['plan --skip de-local', "unknown option '--skip'. Write --exclude."],
    ['help nonsense', "unknown command 'nonsense'. See regsync --help"],
  ])('answers the words of other programs with ours: %s', async (line, message) => {
    const { code, err } = await run(line, template);
    expect([code, err]).toEqual([3, expect.stringContaining(message)]);
  });

  it('does not repeat the value of an option that it does not know', async () => {
    const { code, err } = await run('plan --api-key=KEY0123456789ABCDEF_private', template);
    expect([code, err]).toEqual([3, expect.not.stringContaining('private')]);
    expect(err).toContain('Set TELNYX_API_KEY, or write --api-key-file');
  });

  it.each(['json', 'text'])('is a usage error, in %s too, where it is no command', async (format) => {
    const { code, err } = await run(['plam', '--format', format], template);
    expect(code).toBe(3);
    expect(err).toContain('Did you mean plan?');
  });
});

describe('the example of a help page', () => {
  const examples = pages.flatMap(({ text }) => examplesOf(text));

  it.each(examples)('%s', async (example) => {
    const folder = await mkdtemp(join(tmpdir(), 'regsync-help-'));
    if (!BEGINNING.has(example.split(' ')[1] ?? '')) await cp(template, folder, { recursive: true });
    try {
      const { code, out, err } = await runAsShown(example, folder);
      const ending = ENDINGS[example] ?? 0;
      expect([code, err]).toEqual([ending, err]);
      if (ending === 0) expect(out).not.toBe('');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** A shell makes nothing else of them. */
const PLAIN_WORDS = /^regsync ([\w ./:=-]+)$/;

async function runAsShown(example: string, cwd: string): Promise<Result> {
  const [, command = ''] = example.match(/regsync ([a-z]+)/) ?? [];
  if (command === 'sandbox') return interrupted(example.split(' ').slice(1), cwd);
  const rehearsed = OFFLINE.has(command) || example.includes('--sandbox') ? '' : '--sandbox';
  const env = {
    PATH: `${join(template, 'bin')}:${process.env.PATH}`,
    HOME: template,
    TAX_ID: 'DE000000000',
    REHEARSED: rehearsed,
    REGSYNC_AGE_IDENTITY: owner.identity,
  };
  const before = BEFORE[example];
  if (before !== undefined) expect(await runInShell(before, { cwd, env })).toMatchObject({ code: 0 });
  const words = example.match(PLAIN_WORDS)?.[1]?.split(' ');
  if (words === undefined) return runInShell(example, { cwd, env });
  return runHere([...words, ...(rehearsed === '' ? [] : [rehearsed])], { cwd, env });
}

/** It serves until it is interrupted; its port may be taken on this machine. */
async function interrupted(args: readonly string[], cwd: string): Promise<Result> {
  const free = args.map((word, index) => (args[index - 1] === '--port' ? '0' : word));
  const { child, result } = startProgram(free, { cwd, env: { PATH: process.env.PATH } });
  await new Promise((listening) => child.stdout?.once('data', listening));
  child.kill('SIGTERM');
  return result;
}
