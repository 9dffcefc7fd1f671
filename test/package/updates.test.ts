import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../support/root.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

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

  it('is for our own dependencies Dependabot, for npm, actions and the image', () => {
    const { updates } = parse(read('.github/dependabot.yml')) as {
      updates: { 'package-ecosystem': string }[];
    };
    expect(updates.map((each) => each['package-ecosystem'])).toEqual(['npm', 'github-actions', 'docker']);
  });
});
