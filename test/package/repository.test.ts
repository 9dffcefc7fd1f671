import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../support/root.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Form {
  readonly body: readonly {
    readonly id?: string;
    readonly attributes: { readonly value?: string; readonly label?: string; readonly description?: string };
    readonly validations?: { readonly required: boolean };
  }[];
}

describe('the form for a bug', () => {
  const { body } = parse(read('.github/ISSUE_TEMPLATE/bug.yml')) as Form;

  it('begins by asking for no manifest, document, key or value', () => {
    expect(body[0]?.attributes.value?.trim()).toMatch(
      /^Never paste a manifest, a document, a key or a value of a requirement\./,
    );
    const asked = body
      .slice(1)
      .map(({ attributes }) => `${attributes.label} ${attributes.description ?? ''}`);
    expect(asked.filter((text) => /manifest|\.yaml/i.test(text))).toEqual([]);
  });

  it('asks for what the doctor says, and for its record', () => {
    const doctor = body.find(({ id }) => id === 'doctor');
    expect(doctor?.attributes.description).toContain('`regsync doctor --record shapes.json`');
    expect(doctor?.attributes.description).toContain('no value');
  });

  it('leads to the private way what must not be public', () => {
    const { blank_issues_enabled, contact_links } = parse(read('.github/ISSUE_TEMPLATE/config.yml'));
    expect([blank_issues_enabled, contact_links[0].url]).toEqual([
      false,
      'https://github.com/regsync/regsync/security/advisories/new',
    ]);
  });
});

describe('the repository', () => {
  it.each([
    '.editorconfig',
    '.github/CODEOWNERS',
    '.github/PULL_REQUEST_TEMPLATE.md',
    '.github/dependabot.yml',
    'CODE_OF_CONDUCT.md',
    'RELEASING.md',
  ])('has %s', (path) => {
    expect(existsSync(join(ROOT, path))).toBe(true);
  });

  it('tells in ten numbered steps or fewer how to release', () => {
    const steps = read('RELEASING.md').match(/^\d+\. /gm) ?? [];
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, index) => `${index + 1}. `));
    expect(steps.length).toBeLessThanOrEqual(10);
  });

  it('runs unit tests first in CI, on every Node that is supported, and the package on other systems', () => {
    const { jobs } = parse(read('.github/workflows/ci.yml'));
    expect([jobs.check.needs, jobs.systems.needs]).toEqual(['unit', 'unit']);
    expect(jobs.check.strategy.matrix.node).toEqual(['20.19.0', 22, 24, 26]);
    expect(jobs.systems.strategy.matrix.system).toEqual(['macos-latest', 'windows-latest']);
    const run = read('.ci/run');
    expect(run.indexOf('npm run test:unit')).toBeGreaterThan(run.indexOf('npm ci'));
    expect(run.indexOf('npm run test:unit')).toBeLessThan(run.indexOf('vitest run --project program'));
  });
});
