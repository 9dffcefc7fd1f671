import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan/plan.ts';
import type { Problem } from '../../src/model/problem.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/fr.yaml': frenchGroup(), 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

const writes = async () => (await repository.requests()).filter(({ method }) => method !== 'GET');

async function demand(over: 'plan' | 'manifest', schema: object): Promise<void> {
  const config = 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n';
  await repository.write(
    'regsync.yaml',
    `${config}policies:\n  - { file: policies/a.json, over: ${over} }\n`,
  );
  await repository.write('policies/a.json', JSON.stringify({ title: 'Sample rule', ...schema }));
}

const NO_CREATES = {
  description: 'Create it by hand.',
  properties: { summary: { properties: { groups: { properties: { create: { const: 0 } } } } } },
};

describe('a policy over plans', () => {
  it('that is violated: plan prints all and is not applyable, and apply exits 5 before any write', async () => {
    await demand('plan', NO_CREATES);
    const plan: Plan = JSON.parse((await repository.run(['plan', '--format', 'json'])).out);
    expect([plan.applyable, plan.summary.groups.create]).toEqual([false, 2]);
    const shown = await repository.run(['plan']);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain(
      'policy "Sample rule" (policies/a.json) is violated at /summary/groups/create: Create it by hand.',
    );
    expect(shown.out).toContain('This plan cannot be applied: it violates a policy (see above).');
    const markdown = await repository.run(['plan', '--format', 'markdown']);
    expect(markdown.out).toContain(
      '**This plan cannot be applied: it violates a policy.** Apply does nothing until',
    );
    for (const args of [
      ['apply', '--yes'],
      ['ci', 'apply', '--allow-unreviewed'],
    ]) {
      const applied = await repository.run(args);
      expect([applied.code, applied.err.includes('Create it by hand')]).toEqual([5, true]);
    }
    expect(await writes()).toEqual([]);
    const ci = await repository.run(['ci', 'plan']);
    expect([ci.code, ci.out.includes('Sample rule')]).toEqual([0, true]);
  });

  it('that appears after the review stops the apply of the reviewed plan', async () => {
    expect((await repository.run(['plan', '--out', 'plan.json'])).code).toBe(0);
    await demand('plan', NO_CREATES);
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(5);
    expect(await writes()).toEqual([]);
  });

  it('that only warns is printed, and the apply goes on', async () => {
    await demand('plan', { ...NO_CREATES, 'x-severity': 'warning' });
    expect((await repository.run(['plan'])).out).toContain('policy "Sample rule"');
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect((await repository.state()).groups).toHaveLength(2);
    expect((await repository.run(['plan'])).out).toContain('No changes.');
  });

  it('that cannot be used is a mistake of the configuration, in validate, too', async () => {
    await demand('plan', { propertis: {} });
    for (const args of [['validate'], ['plan'], ['apply', '--yes']]) {
      const { code, err } = await repository.run(args);
      expect([code, err.includes('policies/a.json:1:1')]).toEqual([3, true]);
    }
    expect(await writes()).toEqual([]);
  });
});

describe('a policy over manifests', () => {
  it('that is violated is a problem at its line, for every command that reads manifests, and shows no value', async () => {
    await demand('manifest', {
      if: { properties: { country_code: { not: { const: 'DE' } } } },
      else: { properties: { requirements: { items: { properties: { text: { maxLength: 3 } } } } } },
    });
    const validated = await repository.run(['validate', '--format', 'json']);
    const said = JSON.parse(validated.out) as { diagnostics: Problem[] };
    const diagnostics = said.diagnostics.filter(({ code }) => code !== 'plaintext-document');
    expect(validated.code).toBe(3);
    expect(diagnostics.map(({ code, source }) => [code, source?.file])).toEqual([
      ['policy-violated', 'groups/de.yaml'],
    ]);
    expect(diagnostics[0]?.message).toMatch(/^policy "Sample rule" .* at \/requirements\/\d+\/text$/);
    expect(JSON.stringify(diagnostics)).not.toContain('Jane');
    for (const args of [['plan'], ['apply', '--yes']]) expect((await repository.run(args)).code).toBe(3);
    expect(await repository.requests()).toEqual([]);
  });

  it('that only warns does not stop anything', async () => {
    await demand('manifest', {
      'x-severity': 'warning',
      properties: { country_code: { not: { const: 'DE' } } },
    });
    const { code, err } = await repository.run(['validate']);
    expect([code, err.includes('warning')]).toEqual([0, true]);
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
  });

  it('sees defaults, and documents and addresses in the place of their names', async () => {
    await demand('manifest', {
      if: { properties: { kind: { not: { const: 'RequirementGroup' } } } },
      else: {
        required: ['approval', 'deletion', 'manage', 'partial', 'customer_reference', 'attach'],
        properties: {
          requirements: {
            items: {
              properties: {
                document: {
                  required: ['file', 'encrypted'],
                  properties: { file: { pattern: '^documents/' } },
                },
                address: { required: ['country_code'] },
              },
            },
          },
        },
      },
    });
    expect((await repository.run(['validate'])).code).toBe(0);
  });
});
