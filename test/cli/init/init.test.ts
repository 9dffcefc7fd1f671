import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyFolder, readTree } from '../../support/folders.ts';
import { whenInstalled } from '../../support/programs/programs.ts';
import { converse } from '../../support/programs/pseudo-terminal.ts';
import { type Result, runHere } from '../../support/servers/host.ts';
import { ROOT } from '../../support/test-repository.ts';

let folder: string;
beforeEach(async () => {
  folder = await emptyFolder();
});

function run(args: readonly string[], cwd = folder, env: Record<string, string> = {}): Promise<Result> {
  return runHere(args, { cwd, env: { PATH: process.env.PATH, HOME: tmpdir(), ...env } });
}

const FIRST = ['--country', 'DE', '--type', 'local', '--action', 'ordering'];
const WORKFLOWS = ['plan', 'apply', 'drift'].map((name) => `.github/workflows/regsync-${name}.yml`);

describe('init', () => {
  it('writes all that a repository needs, and says what', async () => {
    const { code, out, err } = await run(['init', '--scope', 'acme', ...FIRST, '--sandbox']);
    expect(code).toBe(0);
    const files = await readTree(folder);
    expect(Object.keys(files).sort()).toEqual(
      [
        ...WORKFLOWS,
        '.gitattributes',
        '.gitignore',
        'documents/.gitkeep',
        'groups/acme-de-local.yaml',
        'regsync.yaml',
        'schemas/config.schema.json',
        'schemas/manifest.schema.json',
      ].sort(),
    );
    for (const file of Object.keys(files)) expect(out).toContain(`+ ${file}\n`);
    expect(err).toContain('regsync plan --sandbox');
    expect(files['.gitignore']).toContain('\n.regsync/sandbox.json*\n');
    expect(files['.gitignore']).toMatch(/^plan\.json$/m);
    expect(files['.gitignore']).toMatch(/^report\.html$/m);
    for (const name of ['manifest', 'config']) {
      expect(files[`schemas/${name}.schema.json`]).toBe((await run(['schema', name])).out);
    }
  });

  it.each(['2600', '1e3', '0x1f', '0o17', '2026-01-31', 'true', 'null', 'yes', 'n'])(
    'takes the scope and the name %s, which YAML would read as something else',
    async (word) => {
      expect((await run(['init', '--scope', word, ...FIRST, '--name', word])).code).toBe(0);
      const { code, out } = await run(['validate', '--format', 'json']);
      expect([code, JSON.parse(out)]).toMatchObject([0, { groups: [word], diagnostics: [] }]);
      expect((await run(['init', '--scope', word])).code).toBe(0);
    },
  );

  it('names the steps for new groups and for groups that exist, and the lock', async () => {
    const { err } = await run(['init', '--scope', 'acme']);
    for (const step of ['regsync new ', 'regsync import', 'regsync lock', 'regsync validate', 'regsync plan'])
      expect(err).toMatch(new RegExp(`^ {2}\\d\\. ${step}`, 'm'));
  });

  it('writes the workflows that examples/github shows', async () => {
    await run(['init', '--scope', 'acme']);
    for (const path of WORKFLOWS) {
      const shown = path.replace('.github/workflows', 'examples/github');
      expect(await readFile(join(folder, path), 'utf8')).toBe(await readFile(join(ROOT, shown), 'utf8'));
    }
  });

  it('writes workflows that use the newest release of this major version', async () => {
    await run(['init', '--scope', 'acme']);
    for (const path of WORKFLOWS) {
      const text = await readFile(join(folder, path), 'utf8');
      expect(text.match(/uses: regsync\/.*$/gm)).toEqual(['uses: regsync/regsync@v1']);
      expect(text).toContain('To pin a commit, write regsync/regsync@<40 digits> # v1.');
    }
  });

  it('pins a commit of regsync in the workflows with --pin, and changes nothing else of them', async () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    expect((await run(['init', '--scope', 'acme', '--pin', commit])).code).toBe(0);
    for (const path of WORKFLOWS) {
      const lines = (await readFile(join(folder, path), 'utf8')).split('\n');
      const shown = await readFile(join(ROOT, path.replace('.github/workflows', 'examples/github')), 'utf8');
      const usual = shown.split('\n').filter((line) => !line.includes('To pin a commit'));
      expect(lines).toEqual(
        usual.map((line) => line.replace('regsync/regsync@v1', `regsync/regsync@${commit} # v1`)),
      );
      expect(lines).toContain(`      - uses: regsync/regsync@${commit} # v1`);
    }
  });

  it('writes a configuration that says what is usual and means it', async () => {
    await run(['init', '--scope', 'acme', ...FIRST]);
    const { code, out } = await run(['validate', '--format', 'json']);
    expect([code, JSON.parse(out)]).toMatchObject([0, { groups: ['acme-de-local'], diagnostics: [] }]);
    const text = (await readTree(folder))['regsync.yaml'] ?? '';
    const spoken = text.replaceAll('# limits', 'limits').replaceAll('# expiry', 'expiry');
    expect(spoken).not.toBe(text);
    await writeFile(join(folder, 'regsync.yaml'), spoken);
    expect((await run(['validate'])).code).toBe(0);
  });

  it('without a key says so, and where to ask what is demanded', async () => {
    const { code, err } = await run(['init', '--scope', 'acme', ...FIRST, '--name', 'berlin']);
    expect(code).toBe(0);
    expect(err).toContain('notice: TELNYX_API_KEY is not set');
    expect((await readTree(folder))['groups/berlin.yaml']).toContain('regsync explain DE local ordering');
  });

  it('without a first group keeps the folders, and tells how to write one', async () => {
    const { code, err } = await run(['init', '--scope', 'acme', '--no-workflows', '--format', 'json']);
    expect(code).toBe(0);
    expect(Object.keys(await readTree(folder))).toEqual([
      '.gitattributes',
      '.gitignore',
      'documents/.gitkeep',
      'groups/.gitkeep',
      'regsync.yaml',
      'schemas/config.schema.json',
      'schemas/manifest.schema.json',
    ]);
    expect(err).toContain('regsync new DE local ordering --name acme-de-local');
  });

  it('overwrites nothing, and says what it kept', async () => {
    await run(['init', '--scope', 'acme', ...FIRST]);
    await writeFile(join(folder, 'groups/acme-de-local.yaml'), 'mine');
    await writeFile(
      join(folder, '.gitignore'),
      'node_modules\n/.regsync\n*.json\n/record.jsonl\n**/report.html',
    );
    await rm(join(folder, 'schemas/config.schema.json'));
    const before = await readTree(folder);
    const { code, out } = await run(['init', ...FIRST, '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      format_version: '1.0',
      written: ['schemas/config.schema.json'],
      kept: ['regsync.yaml', 'schemas/manifest.schema.json', 'groups/acme-de-local.yaml', ...WORKFLOWS],
    });
    const { 'schemas/config.schema.json': _, ...rest } = await readTree(folder);
    expect(rest).toEqual(before);
  });

  it('adds its line to a .gitignore that has no newline at its end', async () => {
    await writeFile(join(folder, '.gitignore'), 'node_modules');
    await run(['init', '--scope', 'acme']);
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).toMatch(
      /^node_modules\n#.*\n\.regsync\/sandbox\.json\*\n#.*\n\.regsync\/apply\.lock\*\n#.*\nplan\.json\nrecord\.jsonl\nreport\.html\n$/,
    );
    const whole = await readFile(join(folder, '.gitignore'), 'utf8');
    await run(['init']);
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).toBe(whole);
  });

  it.each([
    ['is not there', null, 'documents/** -text'],
    ['has other lines and no newline at its end', '*.pdf filter=lfs', 'documents/** -text'],
    ['says so already', '/documents/** -text\n', null],
    ['says so of everything', '* -text\n', null],
    ['leaves it to git', '* text=auto\n', 'documents/** -text'],
  ])(
    'has git leave the bytes of documents alone where .gitattributes %s, and replaces no line of it',
    async (_, before, added) => {
      if (before !== null) await writeFile(join(folder, '.gitattributes'), before);
      const { code, out } = await run(['init', '--scope', 'acme', '--no-workflows', '--format', 'json']);
      expect(code).toBe(0);
      const text = await readFile(join(folder, '.gitattributes'), 'utf8');
      expect(text.startsWith(before ?? '')).toBe(true);
      expect(JSON.parse(out).written.includes('.gitattributes')).toBe(added !== null);
      if (added === null) expect(text).toBe(before);
      else expect(text.split('\n').slice(-2)).toEqual([added, '']);
      await run(['init']);
      expect(await readFile(join(folder, '.gitattributes'), 'utf8')).toBe(text);
    },
  );

  it('keeps the sandbox and the lock out of git, and nothing else that may stand beside them', async () => {
    await run(['init', '--scope', 'acme', ...FIRST, '--sandbox']);
    expect((await run(['new', 'FR', 'local', 'ordering', '--name', 'fr', '--sandbox'])).code).toBe(0);
    await mkdir(join(folder, '.regsync'), { recursive: true });
    await writeFile(join(folder, '.regsync/sandbox.json'), '{}');
    await writeFile(join(folder, '.regsync/apply.lock'), '{}');
    await writeFile(join(folder, '.regsync/recipients'), 'for everybody');
    for (const output of ['plan.json', 'record.jsonl', 'report.html'])
      await writeFile(join(folder, output), '');
    const git = (...args: string[]) => promisify(execFile)('git', args, { cwd: folder });
    await git('init', '--quiet');
    const { stdout } = await git('status', '--short', '--untracked-files=all');
    expect(stdout).toContain('.regsync/recipients');
    expect(stdout).not.toMatch(/sandbox\.json|apply\.lock|plan\.json|record\.jsonl|report\.html/);
  });

  it.each([
    ['no scope, and nobody to ask', [], 'Add --scope NAME'],
    ['a scope that cannot be one', ['--scope', 'Acme Inc'], 'cannot be a scope'],
    ['half a group', ['--scope', 'acme', '--country', 'DE'], '--country, --type and --action'],
    ['a name without a group', ['--scope', 'acme', '--name', 'x'], '--name needs'],
    [
      'a group’s name that cannot be one',
      ['--scope', 'acme', ...FIRST, '--name', '../x'],
      'cannot be a name',
    ],
    ['an unknown country', ['--scope', 'acme', ...FIRST, '--country', 'ZZ'], '"ZZ" is not a country code'],
    [
      'a pin that is no whole commit',
      ['--scope', 'acme', '--pin', 'v1.0.0'],
      '"v1.0.0" is not a whole commit. Write all 40 hex digits',
    ],
    ['a pin of short digits', ['--scope', 'acme', '--pin', '0123456'], 'Write all 40 hex digits'],
    [
      'a pin without workflows',
      ['--scope', 'acme', '--pin', '0'.repeat(40), '--no-workflows'],
      '--pin is for workflow files: drop --pin or --no-workflows',
    ],
    ['--config', ['--scope', 'acme', '--config', 'other.yaml'], 'drop --config'],
    ['a folder that is not there', ['--scope', 'acme', '--chdir', 'missing'], 'no folder'],
    [
      'what needs no group',
      ['--scope', 'acme', '--country', 'US', '--type', 'local', '--action', 'ordering', '--sandbox'],
      'lists no requirements',
    ],
  ])('refuses %s, and writes nothing', async (_, args, message) => {
    const { code, err } = await run(['init', ...args]);
    expect(code).toBe(3);
    expect(err).toContain(message);
    expect(await readTree(folder)).toEqual({});
  });

  it('refuses another scope than the configuration has', async () => {
    await run(['init', '--scope', 'acme']);
    const { code, err } = await run(['init', '--scope', 'other']);
    expect([code, err]).toEqual([
      3,
      expect.stringContaining('regsync.yaml already has the scope acme, not other'),
    ]);
  });

  it('refuses a folder inside of a repository of regsync', async () => {
    await run(['init', '--scope', 'acme', '--no-workflows']);
    const { code, err } = await run(['init', '--scope', 'inner'], join(folder, 'groups'));
    expect(code).toBe(3);
    expect(err).toContain('is part of a regsync repository already');
    expect(Object.keys(await readTree(join(folder, 'groups')))).toEqual(['.gitkeep']);
  });

  it('writes nothing at all when one of the files cannot be written', async () => {
    const outside = await emptyFolder();
    await mkdir(join(folder, '.github'));
    await symlink(outside, join(folder, '.github/workflows'));
    const { code, err } = await run(['init', '--scope', 'acme']);
    expect(code).toBe(3);
    expect(err).toContain('leads out of the repository: nothing was written');
    expect(await readTree(outside)).toEqual({});
    expect(await readTree(folder)).toEqual({});

    await rm(join(folder, '.github'), { recursive: true });
    await writeFile(join(folder, 'documents'), 'a file');
    expect((await run(['init', '--scope', 'acme'])).code).toBe(3);
    expect(await readTree(folder)).toEqual({ documents: 'a file' });
  });

  it.each([
    ['out of the repository', 'outside/ignored', 'leads out of the repository: nothing was written'],
    ['nowhere', 'outside/nowhere', '.gitignore cannot be written to: it does not exist. Nothing was written'],
  ])('writes nothing where .gitignore is a link that leads %s', async (_, target, message) => {
    const top = await emptyFolder();
    folder = join(top, 'repository');
    await mkdir(folder);
    await mkdir(join(top, 'outside'));
    await writeFile(join(top, 'outside/ignored'), 'node_modules\n');
    await symlink(join('..', target), join(folder, '.gitignore'));
    const { code, err } = await run(['init', '--scope', 'acme']);
    expect([code, err]).toEqual([3, expect.stringContaining(message)]);
    expect(await readTree(top)).toEqual({ 'outside/ignored': 'node_modules\n' });
  });

  it('adds its line to the .gitignore that a link within the repository leads to', async () => {
    await writeFile(join(folder, 'ignored'), 'node_modules\n');
    await symlink('ignored', join(folder, '.gitignore'));
    expect((await run(['init', '--scope', 'acme'])).code).toBe(0);
    expect(await readFile(join(folder, 'ignored'), 'utf8')).toContain('.regsync/sandbox.json*');
  });

  it('writes nothing when the API cannot be read', async () => {
    const env = { TELNYX_API_KEY: 'KEY_sample', TELNYX_BASE_URL: 'http://127.0.0.1:9/v2' };
    expect((await run(['init', '--scope', 'acme', ...FIRST], folder, env)).code).toBe(8);
    expect(await readTree(folder)).toEqual({});
  });

  it('tells that GitHub looks for workflows only at the top of the git repository', async () => {
    await mkdir(join(folder, '.git'));
    await mkdir(join(folder, 'numbers'));
    const { err } = await run(['init', '--scope', 'acme', '--chdir', 'numbers']);
    expect(err).toContain('Move .github there');
    expect(err).toContain('--chdir numbers');
    expect(err).toMatch(/^ {2}1\. cd numbers /m);
  });

  it('without a group leaves nothing that could be planned, and validate says so', async () => {
    await run(['init', '--scope', 'acme']);
    const { code, err } = await run(['validate']);
    expect([code, err]).toEqual([3, expect.stringContaining('the folder "groups"')]);
  });
});

describe.runIf(whenInstalled('script'))('init on a terminal (with script)', () => {
  const env = { HOME: tmpdir() };

  it('asks, offers what is usual, and asks again when an answer will not do', async () => {
    const { code, screen } = await converse(
      ['init', '--sandbox', '--no-color'],
      [
        ['Scope', 'Acme Inc'],
        ['Scope', 'acme'],
        ['Country', 'UK'],
        ['Country', 'de'],
        ['Type', ''],
        ['Action', 'porting'],
        ['Name', ''],
      ],
      { cwd: folder, env },
    );
    expect([code, screen]).toEqual([0, expect.stringContaining('Wrote:')]);
    expect(screen).toContain('"Acme Inc" cannot be a scope');
    expect(screen).toContain('Did you mean "GB"?');
    const files = await readTree(folder);
    expect(files['groups/acme-de-local-porting.yaml']).toContain('action: porting');
  });

  it('writes nothing when the questions are not answered to the end', async () => {
    const { code, screen } = await converse(
      ['init'],
      [
        ['Scope', 'acme'],
        ['Country', null],
      ],
      { cwd: folder, env },
    );
    expect([code, screen]).toEqual([5, expect.stringContaining('no answer: nothing was done')]);
    expect(await readTree(folder)).toEqual({});
  });

  it('offers the name of the folder, also where YAML would read a number', async () => {
    folder = join(folder, '2026');
    await mkdir(folder);
    const dialogue = [
      ['Scope', ''],
      ['Country', 'de'],
      ['Type', ''],
      ['Action', ''],
      ['Name', '2027'],
    ] as const;
    expect((await converse(['init'], dialogue, { cwd: folder, env })).code).toBe(0);
    const { code, out } = await run(['validate', '--format', 'json']);
    expect([code, JSON.parse(out)]).toMatchObject([0, { groups: ['2027'], diagnostics: [] }]);
    expect((await readTree(folder))['regsync.yaml']).toContain('\nscope: "2026"\n');
  });

  it('needs no group yet', async () => {
    const dialogue = [
      ['Scope', 'acme'],
      ['Country', ''],
    ] as const;
    expect((await converse(['init'], dialogue, { cwd: folder, env })).code).toBe(0);
    expect(Object.keys(await readTree(folder))).toContain('groups/.gitkeep');
  });
});
