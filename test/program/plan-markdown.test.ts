import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Plan } from '../../src/model/plan/plan.ts';
import { renderPlanComment } from '../../src/render/markdown/plan.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../support/test-repository.ts';

async function repositoryOf(manifests: Readonly<Record<string, string>>): Promise<TestRepository> {
  const repository = await openTestRepository(manifests);
  onTestFinished(() => repository.end());
  return repository;
}

it('plan --format markdown prints the comment of the plan that --out writes, and nothing else', async () => {
  const repository = await repositoryOf({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
  const { code, out } = await repository.run([
    'plan',
    '--format',
    'markdown',
    '--out',
    'plan.json',
    '--detailed-exitcode',
  ]);
  const plan = JSON.parse(await readFile(join(repository.folder, 'plan.json'), 'utf8')) as Plan;
  expect(code).toBe(2);
  expect(out).toBe(renderPlanComment(plan));
  expect(out).toMatch(/^### regsync plan · 2 groups change\n/);
});

it('after an apply it is one line', async () => {
  const repository = await repositoryOf({ 'groups/fr.yaml': frenchGroup() });
  await repository.run(['apply', '--yes']);
  await repository.control('groups/approve?reference=regsync/acme/fr-local', {});
  const { code, out } = await repository.run(['plan', '--format', 'markdown', '--detailed-exitcode']);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^✅ \*\*regsync plan\*\* · No changes\. 1 group matches its manifest\. <sub>.*<\/sub>\n$/,
  );
});

it('a broken manifest leaves nothing on stdout that could be posted', async () => {
  const repository = await repositoryOf({ 'groups/fr.yaml': 'kind: RequirementGroup\n' });
  const { code, out, err } = await repository.run(['plan', '--format', 'markdown']);
  expect([code, out]).toEqual([3, '']);
  expect(err).toContain('groups/fr.yaml');
});

it('--show-values shows values on a terminal, and never where CI is set', async () => {
  const repository = await repositoryOf({
    'groups/de.yaml': germanGroup({ contact: 'Jane Roe, Example GmbH' }),
  });
  const show = (env: Record<string, string>) =>
    repository.run(['plan', '--show-values', '--no-color'], { isTerminal: true, env });
  const shown = await show({});
  expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('Jane Roe, Example GmbH')]);
  const { code, out, err } = await show({ CI: 'true' });
  expect([code, out]).toEqual([3, '']);
  expect(err).toContain('or with CI set');
});

it('--show-values is refused with it', async () => {
  const repository = await repositoryOf({ 'groups/fr.yaml': frenchGroup() });
  expect((await repository.run(['plan', '--format', 'markdown', '--show-values'])).code).toBe(3);
});
