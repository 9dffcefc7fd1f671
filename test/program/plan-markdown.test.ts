import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { renderPlanComment } from '../../src/render/markdown/plan.ts';
import { frenchGroup, germanGroup, type Rehearsal, rehearse } from '../support/rehearsal.ts';

async function stageOf(manifests: Readonly<Record<string, string>>): Promise<Rehearsal> {
  const stage = await rehearse(manifests);
  onTestFinished(() => stage.end());
  return stage;
}

it('plan --format markdown prints the comment of the plan that --out writes, and nothing else', async () => {
  const stage = await stageOf({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
  const { code, out } = await stage.run([
    'plan',
    '--format',
    'markdown',
    '--out',
    'plan.json',
    '--detailed-exitcode',
  ]);
  const plan = JSON.parse(await readFile(join(stage.folder, 'plan.json'), 'utf8')) as Plan;
  expect(code).toBe(2);
  expect(out).toBe(renderPlanComment(plan));
  expect(out).toMatch(/^### regsync plan · 2 groups change\n/);
});

it('after an apply it is one line', async () => {
  const stage = await stageOf({ 'groups/fr.yaml': frenchGroup() });
  await stage.run(['apply', '--yes']);
  await stage.control('groups/approve?reference=regsync/acme/fr-local', {});
  const { code, out } = await stage.run(['plan', '--format', 'markdown', '--detailed-exitcode']);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^✅ \*\*regsync plan\*\* · No changes\. 1 group matches its manifest\. <sub>.*<\/sub>\n$/,
  );
});

it('a broken manifest leaves nothing on stdout that could be posted', async () => {
  const stage = await stageOf({ 'groups/fr.yaml': 'kind: RequirementGroup\n' });
  const { code, out, err } = await stage.run(['plan', '--format', 'markdown']);
  expect([code, out]).toEqual([3, '']);
  expect(err).toContain('groups/fr.yaml');
});

it('--show-values shows values on a terminal, and never where CI is set', async () => {
  const stage = await stageOf({ 'groups/de.yaml': germanGroup({ contact: 'Jane Roe, Example GmbH' }) });
  const show = (env: Record<string, string>) =>
    stage.run(['plan', '--show-values', '--no-color'], { isTerminal: true, env });
  const shown = await show({});
  expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('Jane Roe, Example GmbH')]);
  const { code, out, err } = await show({ CI: 'true' });
  expect([code, out]).toEqual([3, '']);
  expect(err).toContain('or with CI set');
});

it('--show-values is refused with it', async () => {
  const stage = await stageOf({ 'groups/fr.yaml': frenchGroup() });
  expect((await stage.run(['plan', '--format', 'markdown', '--show-values'])).code).toBe(3);
});
