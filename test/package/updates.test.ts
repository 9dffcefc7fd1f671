import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../support/root.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** What `init --pin` writes, as far as those two read it. */
const PINNED = `uses: regsync/regsync@${'0123456789'.repeat(4)} # v1`;

describe('what keeps the action up to date', () => {
  it('is for Dependabot one group of the workflows', () => {
    const { version, updates } = parse(read('examples/updates/dependabot.yml'));
    expect([version, updates]).toEqual([
      2,
      [
        {
          'package-ecosystem': 'github-actions',
          directory: '/',
          schedule: { interval: 'weekly' },
          groups: { regsync: { patterns: ['regsync/regsync'] } },
        },
      ],
    ]);
  });

  it('is for Renovate one group, pinned by digest, with the image', () => {
    const { extends: extended, packageRules } = JSON.parse(read('examples/updates/renovate.json'));
    expect(extended).toEqual(['config:recommended']);
    expect(packageRules).toEqual([
      {
        description: expect.any(String),
        matchPackageNames: ['regsync/regsync', 'ghcr.io/regsync/regsync'],
        groupName: 'regsync',
        pinDigests: true,
      },
    ]);
  });

  it('finds the version behind a pinned commit where both look for it', () => {
    // Both read a comment behind the commit: Renovate `# v1`, Dependabot any version in it.
    expect(PINNED).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+$/);
    expect(read('src/commands/workflows.ts')).toContain('`regsync/regsync@$' + '{commit} # v1`');
  });

  it('is for our own dependencies Dependabot, for npm, actions and the image', () => {
    const { updates } = parse(read('.github/dependabot.yml')) as {
      updates: { 'package-ecosystem': string }[];
    };
    expect(updates.map((each) => each['package-ecosystem'])).toEqual(['npm', 'github-actions', 'docker']);
  });
});
