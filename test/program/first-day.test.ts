import { appendFile, cp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyFolder } from '../support/folders.ts';
import { type Result, runHere } from '../support/servers/host.ts';
import { ROOT } from '../support/test-repository.ts';

/** Somebody from compliance who has never seen regsync, with an empty folder, two papers and no account. */
let folder: string;
beforeEach(async () => {
  folder = await emptyFolder();
});

function run(line: string): Promise<Result> {
  const env = { PATH: process.env.PATH, HOME: tmpdir() };
  return runHere(line.split(' '), { cwd: folder, env });
}

/** The commands that a command says come next. */
function nextOf({ err }: Result): string[] {
  return [...err.matchAll(/^ {2}\d\. (.+?)(?: {2,}.*)?$/gm)].map(([, step]) => `${step}`);
}

/** Writes the first value over the first blank after the line that names the requirement, and so on. */
async function fill(path: string, values: Readonly<Record<string, readonly string[]>>): Promise<void> {
  let text = await readFile(join(folder, path), 'utf8');
  for (const [requirement, answers] of Object.entries(values)) {
    const at = text.indexOf(`- requirement: ${requirement}\n`);
    expect([requirement, at]).not.toEqual([requirement, -1]);
    let rest = text.slice(at);
    for (const answer of answers) rest = rest.replace('""', `"${answer}"`);
    text = text.slice(0, at) + rest;
  }
  await writeFile(join(folder, path), text);
}

async function problems(): Promise<string[]> {
  const { err } = await run('validate');
  return [...err.matchAll(/^(\S+:\d+:\d+) {2}\S+ {2}(.+)$/gm)].map(([, , message]) => `${message}`);
}

describe('the first day with regsync', () => {
  it('leads from an empty folder to a group under review, each step named by the one before', async () => {
    const begun = await run('init --scope acme --country FR --type local --action ordering --sandbox');
    expect(begun.code).toBe(0);
    expect(nextOf(begun)).toEqual([
      'regsync doctor --sandbox',
      'edit groups/acme-fr-local.yaml',
      'regsync lock --sandbox',
      'regsync validate',
      'regsync plan --sandbox',
      'commit and push',
    ]);
    expect(await run('doctor --sandbox')).toMatchObject({
      code: 0,
      out: expect.stringContaining(' 0 not handled'),
    });

    const written = await run('new DE local ordering --name acme-berlin --sandbox');
    expect(written.code).toBe(0);
    expect(nextOf(written)).toEqual([
      'edit groups/acme-berlin.yaml',
      'regsync lock --sandbox',
      'regsync validate groups/acme-berlin.yaml',
      'regsync plan --sandbox',
    ]);

    expect(await problems()).toEqual([
      '"text" must not be empty',
      '"file" must not be empty',
      '"file" must not be empty',
      '"file" must not be empty',
      '"business_name" must not be empty',
      '"street_address" must not be empty',
      '"locality" must not be empty',
      '"postal_code" must not be empty',
      '"file" must not be empty',
    ]);
    expect((await run('plan --sandbox')).err).toContain('nothing was done');
    expect((await run('explain acme-berlin --sandbox')).out).toContain('Utility bill, internet bill');

    await fill('groups/acme-berlin.yaml', {
      'Contact Info': ['Compliance desk, Example GmbH, +49 30 0000000'],
      'Business Registration': ['../documents/registration.pdf'],
      'Proof of Local Address': ['../documents/local-address-proof.pdf'],
      'Signed Regulatory Form': ['documents/registration.pdf'],
      'Local Address': ['Example GmbH', 'Musterstraße 1', 'Berlin', '10115'],
    });
    await fill('groups/acme-fr-local.yaml', { 'Proof of Address': ['../documents/address-fr.png'] });
    expect(await problems()).toEqual(Array(4).fill(expect.stringContaining('no such file')));

    await cp(join(ROOT, 'documents'), join(folder, 'documents'), { recursive: true });
    expect((await problems()).join('\n')).toMatch(
      /is not encrypted \(and 2 more: .*groups\/acme-fr-local\.yaml:\d+/,
    );
    await appendFile(join(folder, 'regsync.yaml'), 'allow_plaintext_documents: true\n');
    expect(await problems()).toEqual([expect.stringContaining('"documents/registration.pdf": no such file')]);
    expect((await run('validate')).err).toContain('this one means "groups/documents/registration.pdf"');
    const path = join(folder, 'groups/acme-berlin.yaml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"documents/', '"../documents/'));
    expect((await run('validate')).out).toBe('Valid: 2 manifest files, 2 groups.\n');

    const planned = await run('plan --sandbox');
    expect(planned.out).toContain('Plan: 2 to create, 0 to update, 0 to delete, 2 to submit.');
    expect(planned.out).not.toContain('Musterstraße');
    const applied = await run('apply --sandbox --yes');
    expect([applied.code, applied.out]).toEqual([0, expect.stringContaining('2 applied')]);
    const status = await run('status --sandbox');
    expect(status.out).toMatch(/acme-berlin +DE local ordering +pending-approval +5\/5/);
    expect(status.out).toContain('2 groups: 2 under review.');
    expect((await run('plan --sandbox --detailed-exitcode')).out).toContain('No changes.');
  });
});
