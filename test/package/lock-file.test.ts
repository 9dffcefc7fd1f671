import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/root.ts';

interface LockFile {
  readonly version: string;
  readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly resolved?: string }>>;
}

const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as LockFile;
const { '': ours, ...packages } = lock.packages;

describe('package-lock.json', () => {
  it('has the digest of every package, those for other systems included', () => {
    const without = Object.entries(packages).filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ''));
    expect(Object.keys(packages).length).toBeGreaterThan(300);
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it('names no registry: everybody installs from their own', () => {
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });

  it('is of the version that package.json has, and nothing is needed at run time', () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect([lock.version, ours]).toEqual([
      manifest.version,
      expect.objectContaining({ version: manifest.version }),
    ]);
    expect([manifest.dependencies, manifest.optionalDependencies, manifest.peerDependencies]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
