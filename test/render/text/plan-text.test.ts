import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { coloured, plain } from '../../../src/render/text/paint.ts';
import { renderPlanText } from '../../../src/render/text/plan-text.ts';
import { everything, HELD } from '../../support/everything.ts';
import {
  desiredGroup,
  observedDocument,
  observedGroup,
  observedWorld,
  planInput,
} from '../../support/plan-inputs.ts';
import { describedPlan } from '../../support/plans.ts';
import { everyPort } from '../../support/ported.ts';

describe('a plan on a terminal', () => {
  it('shows every kind of change, attention, and the line that scripts look for', async () => {
    await expect(renderPlanText(describedPlan(everything()), plain)).toMatchFileSnapshot(
      '../../golden/plan-everything.txt',
    );
  });

  it('says no more and no less with colours', () => {
    const plan = describedPlan(everything());
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are what is removed
    const bare = renderPlanText(plan, coloured).replace(/\u001b\[\d+m/g, '');
    expect(bare).toBe(renderPlanText(plan, plain));
  });

  it('lets no control character through, whoever wrote it', () => {
    const text = renderPlanText(describedPlan(everything()), plain);
    expect(text).toContain('illegible scan\\u001b[2J');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
    expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  it.each([
    ['a group', everything, 'edited'],
    ['an order', everyPort, 'port'],
  ])('shows the words of reviewers below the values of %s that answer them', (_, input, name) => {
    const plan = describedPlan(input());
    const said = ['Reviewer on 2026-06-02: "Too dark.\u001b[2J"'];
    const changes = plan.changes.map((change) => (change.name === name ? { ...change, said } : change));
    const lines = renderPlanText({ ...plan, changes }, plain).split('\n');
    const before = new Set(renderPlanText(plan, plain).split('\n'));
    expect(lines.filter((line) => !before.has(line))).toEqual([
      '      │ Reviewer on 2026-06-02: "Too dark.\\u001b[2J"',
    ]);
  });

  it('says why a plan cannot be applied', () => {
    const { gates, ...input } = everything();
    const closed = renderPlanText(
      describedPlan({ ...input, gates: { ...gates, allow_replace: false } }),
      plain,
    );
    expect(closed).toContain('To allow it, add --allow-replace');
    expect(closed).toContain('This plan cannot be applied');
    expect(closed.trimEnd().split('\n').at(-1)).toBe(
      'Plan: 1 to create, 1 to update, 1 to replace, 1 to adopt, 1 to delete, 4 to submit.',
    );
  });

  it.each([
    [0, 'No changes. 0 groups match their manifests.'],
    [1, 'No changes. 1 group matches its manifest.'],
    [2, 'No changes. 2 groups match their manifests.'],
  ])('with nothing to do and %i groups', (count, line) => {
    const names = Array.from({ length: count }, (_, index) => `group-${index}`);
    const matches = Object.fromEntries(
      names.map((name) => [name, { group: observedGroup(HELD, { status: 'approved' }), superseded: [] }]),
    );
    const input = planInput({
      RequirementGroup: names.map((name) => desiredGroup({ name })),
      observed: observedWorld({ matches, documents: [observedDocument('doc-1', 'registration')] }),
    });
    expect(renderPlanText(describedPlan(input), plain).trimEnd().split('\n').at(-1)).toBe(line);
  });
});

it('long attention is wrapped to the terminal, below its sign, and stays one line elsewhere', () => {
  const message =
    'a reviewer wrote something long about a document that is not the one that the country demands';
  const plan: Plan = {
    ...describedPlan(everything()),
    attention: [{ code: 'declined', name: 'de-local', message, source: { file: 'groups/de.yaml', line: 3 } }],
  };
  expect(renderPlanText(plan, plain)).toContain(`  !  de-local  ${message}  groups/de.yaml:3\n`);
  expect(renderPlanText(plan, plain, { columns: 60 })).toContain(`
  ! de-local: a reviewer wrote something long about a
    document that is not the one that the country demands
    (groups/de.yaml:3)
`);
});
