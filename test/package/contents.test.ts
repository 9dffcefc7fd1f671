import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/root.ts';

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

/** What `npm publish` would send of the build that is there. */
async function pack(): Promise<Packed> {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', args, {
    cwd: ROOT,
    shell: process.platform === 'win32',
  });
  // A list, or from npm 12 on an object by name.
  const [only] = Object.values<Packed>(JSON.parse(stdout));
  if (only === undefined) throw new Error(stdout);
  return only;
}

const inFolder = (folder: string, pattern: RegExp) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`);

let packed: Packed;
beforeAll(async () => {
  packed = await pack();
});

describe('the package', () => {
  it('holds the program, its types, the schemas and four texts, and nothing else', () => {
    const { files } = packed;
    const expected = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/THIRD-PARTY-LICENSES.txt',
      'dist/package.json',
      'dist/regsync.js',
      'package.json',
      ...inFolder('dist/chunks', /\.js$/),
      ...inFolder('dist/types', /\.d\.ts$/),
      ...inFolder('schemas', /\.schema\.json$/),
    ];
    expect(files.map(({ path }) => path).sort()).toEqual(expected.sort());
    for (const name of ['plan.js', 'apply.js', 'sandbox.js'])
      expect(expected).toContain(`dist/chunks/${name}`);
    expect(expected).toContain('dist/types/outputs.d.ts');
  });

  it('is small: at most 800 KB to download and 3 MB installed, in at most 180 files', () => {
    const { size, unpackedSize, files } = packed;
    expect(size).toBeLessThan(800_000);
    expect(unpackedSize).toBeLessThan(3_000_000);
    expect(files.length).toBeLessThan(180);
  });

  it('says where it comes from, where to report a fault, and what may be imported', () => {
    const { homepage, repository, bugs, exports, bin } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    );
    expect({ homepage, repository, bugs, exports, bin }).toEqual({
      homepage: 'https://github.com/regsync/regsync#readme',
      repository: { type: 'git', url: 'git+https://github.com/regsync/regsync.git' },
      bugs: { url: 'https://github.com/regsync/regsync/issues' },
      exports: {
        '.': { types: './dist/types/outputs.d.ts' },
        './schemas/*.schema.json': './schemas/*.schema.json',
        './package.json': './package.json',
      },
      bin: { regsync: 'dist/regsync.js' },
    });
    expect(readFileSync(join(ROOT, 'src/model/ending.ts'), 'utf8')).toContain(`report it at ${bugs.url} `);
  });

  it('names no source map that it leaves out', () => {
    for (const file of ['dist/regsync.js', ...inFolder('dist/chunks', /\.js$/)])
      expect(readFileSync(join(ROOT, file), 'utf8')).not.toContain('sourceMappingURL');
  });
});
