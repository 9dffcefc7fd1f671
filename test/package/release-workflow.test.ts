import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { nameUnreleased } from '../../scripts/release/agreement.mjs';
import { ROOT } from '../support/root.ts';
import { copySources } from '../support/source-tree.ts';

const runFile = promisify(execFile);

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Workflow {
  readonly on: { readonly push: { readonly tags: readonly string[] } };
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly needs?: string | readonly string[]; readonly steps: readonly Step[] }>
  >;
}

const workflow = parse(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8')) as Workflow;
const { version: current } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};
/** Before the first release, that is it. */
const VERSION = current.startsWith('0.') ? '1.0.0' : current;
const TAG = `v${VERSION}`;
const [MAJOR] = TAG.split('.');
const PACKAGE = `regsync-${VERSION}.tgz`;
const BILL = `regsync-${VERSION}.cdx.json`;
const IMAGE = 'ghcr.io/regsync/regsync';
const NOTES = '### Added\n\n- A sample.\n';
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const DIGEST = `sha256:${'ab'.repeat(32)}`;

/** What GitHub writes in the place of the expressions of this workflow. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  'secrets.NPM_TOKEN': 'npm_sample',
  'github.token': 'token-sample',
  'github.repository': 'regsync/regsync',
  'matrix.architecture': 'arm64',
};

/**
 * The steps of release.yml themselves, in bash, in their order. Where they leave this machine, a program stands in that writes
 * down what it was asked for; npm is the real one, and publishes to a registry on loopback.
 */
let repository: string;
let assets: string;
let registry: Server;
const published: { readonly token: string | undefined; readonly body: Record<string, unknown> }[] = [];

beforeAll(async () => {
  repository = await mkdtemp(join(tmpdir(), 'regsync-release-'));
  assets = join(repository, 'tree/release');
  await mkdir(join(repository, 'bin'), { recursive: true });
  await mkdir(join(repository, 'home'), { recursive: true });
  await standIn(
    'gh',
    `case "$1 $2" in "release view") exit 1;; "api --method") exit "\${NEW_MAJOR:-0}";; esac`,
  );
  await standIn(
    'docker',
    `case "$1" in run) echo "${VERSION}";; login) cat >/dev/null;; esac
case "$3" in inspect) echo "${DIGEST}";; esac`,
  );
  await standIn('cosign', '');
  const npm = (await runFile('bash', ['-c', 'command -v npm'])).stdout.trim();
  await standIn(
    'npm',
    `rest=(); for word; do [ "$word" = --provenance ] || rest+=("$word"); done; exec ${npm} "\${rest[@]}"`,
  );
  registry = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const isWrite = request.method === 'PUT';
      if (isWrite)
        published.push({
          token: request.headers.authorization,
          body: JSON.parse(Buffer.concat(chunks).toString()),
        });
      response.writeHead(isWrite ? 201 : 404, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((done) => registry.listen(0, '127.0.0.1', done));
  await prepareTree(join(repository, 'tree'));
}, 120_000);

afterAll(async () => {
  registry.close();
  await rm(repository, { recursive: true });
});

async function standIn(name: string, body: string): Promise<void> {
  const path = join(repository, 'bin', name);
  await writeFile(path, `#!/bin/bash\necho "$(basename "$0") $*" >> "${repository}/calls"\n${body}\n`);
  await chmod(path, 0o755);
}

/** As `--prepare` leaves it, without what only tests read. */
async function prepareTree(tree: string): Promise<void> {
  await copySources(tree);
  const write = async (path: string, change: (text: string) => string) =>
    writeFile(join(tree, path), change(await readFile(join(tree, path), 'utf8')));
  await write('package.json', (text) => text.replace(`"version": "${current}"`, `"version": "${VERSION}"`));
  await write('package-lock.json', (text) =>
    text.replaceAll(`"version": "${current}"`, `"version": "${VERSION}"`),
  );
  const changelog = `# Changelog\n\n## [Unreleased]\n\n${NOTES}`;
  await write('CHANGELOG.md', () => nameUnreleased(changelog, VERSION, '2026-01-31'));
  await runFile(process.execPath, ['scripts/bundle-action.mjs'], { cwd: tree });
}

interface Ran {
  readonly calls: readonly string[];
  readonly out: string;
}

/** All of a job's own steps. */
async function runJob(name: string, cwd: string, more: Readonly<Record<string, string>> = {}): Promise<Ran> {
  await rm(join(repository, 'calls'), { force: true });
  let out = '';
  for (const step of workflow.jobs[name]?.steps ?? []) {
    if (step.run === undefined || step.run === 'bash .ci/run') continue;
    const given = Object.entries(step.env ?? {}).map(([key, text]) => [
      key,
      text.replaceAll(
        /\$\{\{ (.+?) \}\}/g,
        (_, expression: string) => EXPRESSIONS[expression] ?? 'unforeseen',
      ),
    ]);
    const env = {
      PATH: [join(repository, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter),
      HOME: join(repository, 'home'),
      npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`,
      GITHUB_REF_NAME: TAG,
      GITHUB_SHA: COMMIT,
      GITHUB_REPOSITORY: 'regsync/regsync',
      GITHUB_ACTOR: 'maintainer',
      ...workflow.env,
      ...Object.fromEntries(given),
      ...more,
    };
    out += (await runFile('bash', ['-e', '-o', 'pipefail', '-c', step.run], { cwd, env })).stdout;
  }
  const text = await readFile(join(repository, 'calls'), 'utf8').catch(() => '');
  return { calls: text.split('\n').filter((line) => line !== ''), out };
}

const read = (name: string) => readFile(join(assets, name), 'utf8');

describe.runIf(process.platform !== 'win32')('the release of a tag', () => {
  it('begins with all that CI runs, and nothing is published before it', () => {
    expect(workflow.on).toEqual({ push: { tags: ['v[0-9]+.[0-9]+.[0-9]+'] } });
    expect(workflow.jobs.check?.steps.flatMap(({ run }) => run ?? [])).toEqual([
      'bash .ci/run',
      'node scripts/release.mjs --check --tag "$GITHUB_REF_NAME"',
      'node scripts/release.mjs --assets release',
    ]);
    expect(Object.entries(workflow.jobs).map(([name, { needs }]) => [name, needs])).toEqual([
      ['check', undefined],
      ['npm', 'check'],
      ['release', ['check', 'npm']],
      ['image', ['check', 'npm']],
      ['sign', 'image'],
    ]);
  });

  it('checks that all agrees, and makes package, bill of materials, checksums and notes', async () => {
    const { out } = await runJob('check', join(repository, 'tree'));
    expect(out).toContain(
      `${VERSION} can be released: version, changelog, action, pins and documents agree.\n`,
    );
    expect((await readdir(assets)).sort()).toEqual(['SHA256SUMS', 'notes.md', BILL, PACKAGE]);
    const sums = [BILL, PACKAGE].map((name) => {
      const digest = createHash('sha256')
        .update(readFileSync(join(assets, name)))
        .digest('hex');
      return `${digest}  ${name}\n`;
    });
    expect(await read('SHA256SUMS')).toBe(sums.join(''));
    expect(await read('notes.md')).toBe(NOTES);
  });

  it('lists in the bill of materials what is in the bundle, and nothing else', async () => {
    const bill = JSON.parse(await read(BILL));
    const licences = readFileSync(join(repository, 'tree/dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
    const inside = [...licences.matchAll(/^(@?[\w./-]+) (\d+\.\d+\.\d+) \([\w.-]+\)$/gm)].map(
      ([, name, version]) => `${name}@${version}`,
    );
    expect([bill.bomFormat, bill.metadata.component.name, bill.metadata.component.version]).toEqual([
      'CycloneDX',
      'regsync',
      VERSION,
    ]);
    const listed = (bill.components as { name: string; version: string }[]).map(
      (each) => `${each.name}@${each.version}`,
    );
    expect(listed.sort()).toEqual(inside.sort());
    expect(listed).toContain('undici@7.30.2');
  });

  it('publishes to npm the very package that was checked, with provenance and with the token', async () => {
    const job = join(repository, 'npm');
    await cp(assets, job, { recursive: true });
    const { calls } = await runJob('npm', job);
    expect(calls.at(-1)).toBe(`npm publish ./${PACKAGE} --provenance --access public`);
    expect(published).toHaveLength(1);
    const [{ token, body } = { token: '', body: {} }] = published;
    expect(token).toBe('Bearer npm_sample');
    const [attachment] = Object.values(body._attachments as Record<string, { data: string }>);
    expect(Buffer.from(attachment?.data ?? '', 'base64')).toEqual(readFileSync(join(assets, PACKAGE)));
    expect([body.name, body['dist-tags'], body.access]).toEqual(['regsync', { latest: VERSION }, 'public']);
  });

  it('publishes nothing that is not what was checked', async () => {
    const job = join(repository, 'npm-changed');
    await cp(assets, job, { recursive: true });
    await writeFile(join(job, PACKAGE), 'other bytes');
    await expect(runJob('npm', job)).rejects.toMatchObject({ code: 1 });
    expect(published).toHaveLength(1);
  });

  it.each([
    ['is there', '0', []],
    [
      'is not there yet',
      '1',
      [`gh api repos/regsync/regsync/git/refs --raw-field ref=refs/tags/${MAJOR} --raw-field sha=${COMMIT}`],
    ],
  ])('makes the release with its assets, and moves v1 where that %s', async (_, NEW_MAJOR, more) => {
    expect((await runJob('release', assets, { NEW_MAJOR })).calls).toEqual([
      `gh release view ${TAG}`,
      `gh release create ${TAG} --verify-tag --title ${TAG} --notes-file notes.md`,
      `gh release upload ${TAG} --clobber ${BILL} ${PACKAGE} SHA256SUMS`,
      `gh api --method PATCH repos/regsync/regsync/git/refs/tags/${MAJOR} --raw-field sha=${COMMIT} --field force=true`,
      ...more,
    ]);
  });

  it('builds the image of that package for each architecture, tries it, and pushes it', async () => {
    const job = join(repository, 'image');
    await cp(assets, job, { recursive: true });
    const [login, build = '', ...rest] = (await runJob('image', job)).calls;
    expect(login).toBe('docker login ghcr.io --username maintainer --password-stdin');
    expect(build).toContain(
      `docker build . --provenance=false --platform linux/arm64 --build-arg PACKAGE=${PACKAGE} --tag ${IMAGE}:${VERSION}-arm64 `,
    );
    expect(build).toContain(`--label org.opencontainers.image.revision=${COMMIT} `);
    expect(rest).toEqual([
      `docker run --rm ${IMAGE}:${VERSION}-arm64 --version`,
      `docker push ${IMAGE}:${VERSION}-arm64`,
    ]);
    expect(existsSync(join(job, PACKAGE))).toBe(true);
  });

  it('joins both architectures under the version and its two shorter names, and signs their digest', async () => {
    const [short, long] = [VERSION.split('.')[0], VERSION.split('.').slice(0, 2).join('.')];
    expect((await runJob('sign', assets)).calls.slice(1)).toEqual([
      `docker buildx imagetools create --tag ${IMAGE}:${VERSION} --tag ${IMAGE}:${long} --tag ${IMAGE}:${short} ${IMAGE}:${VERSION}-amd64 ${IMAGE}:${VERSION}-arm64`,
      `docker buildx imagetools inspect ${IMAGE}:${VERSION} --format {{.Manifest.Digest}}`,
      `cosign sign --yes ${IMAGE}@${DIGEST}`,
    ]);
  });
});

describe.runIf(process.platform !== 'win32')('scripts/release.mjs --check', () => {
  const check = (...args: string[]) =>
    runFile(process.execPath, ['scripts/release.mjs', '--check', ...args], { cwd: join(repository, 'tree') });

  it('ends with 1 and names what disagrees, in every file that names a version', async () => {
    const changes: Readonly<Record<string, readonly [string | RegExp, string]>> = {
      'CHANGELOG.md': [`## [${VERSION}]`, '## [0.0.1]'],
      'examples/github/regsync-drift.yml': [/uses: regsync\/regsync@v\d+/, 'uses: regsync/regsync@main'],
      'examples/kubernetes/Dockerfile': [/regsync:\d+$/m, 'regsync:999'],
      'action/index.js': [VERSION, '0.0.1'],
    };
    const before = new Map<string, string>();
    for (const [path, [right, wrong]] of Object.entries(changes)) {
      const text = await readFile(join(repository, 'tree', path), 'utf8');
      const changed = text.replace(right, wrong);
      expect([path, changed === text]).toEqual([path, false]);
      before.set(path, text);
      await writeFile(join(repository, 'tree', path), changed);
    }
    const failure = await check('--tag', 'v0.0.2').catch((error) => error);
    for (const [path, text] of before) await writeFile(join(repository, 'tree', path), text);
    expect([failure.code, failure.stderr.trimEnd().split('\n').sort()]).toEqual([
      1,
      [
        `FAIL  CHANGELOG.md begins with [0.0.1], not with [${VERSION}]`,
        'FAIL  action/index.js: not what the sources give. Run: npm run bundle:action',
        `FAIL  examples/github/regsync-drift.yml says uses: regsync/regsync@main, not regsync/regsync@${MAJOR}`,
        `FAIL  examples/kubernetes/Dockerfile says ghcr.io/regsync/regsync:999, and package.json ${VERSION}`,
        `FAIL  the tag is v0.0.2, and package.json says ${VERSION}`,
      ],
    ]);
    expect((await check('--tag', TAG)).stdout).toContain(`${VERSION} can be released`);
  });
});
