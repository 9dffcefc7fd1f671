import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inWorkflowWords, planInWorkflowWords } from '../../src/action/workflow-words.ts';
import { NEXT_STEPS, type NextStep } from '../../src/model/next-steps.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import { PARTS, textOf } from '../../src/model/text/sentence.ts';
import { checkApiKey } from '../../src/telnyx/access.ts';
import { everything } from '../support/everything.ts';
import { gated } from '../support/markdown-plans.ts';
import { describedPlan } from '../support/plans.ts';

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

/** Inputs of action.yml that the reference of the command line knows as options. */
const REFERENCE = readFileSync('docs/reference/cli.md', 'utf8');
const ACTION = parse(readFileSync('action.yml', 'utf8')) as {
  readonly inputs: Readonly<Record<string, unknown>>;
};
const OPTIONS_WITH_INPUTS = Object.keys(ACTION.inputs).filter((name) =>
  new RegExp(`--${name}(?![\\w-])`).test(REFERENCE),
);

describe('a next step of the command line, on GitHub', () => {
  it.each([
    [
      'to allow a change is an input',
      'It costs money. To allow it, add --allow-orders',
      'It costs money. To allow it, set the input allow-orders: true',
    ],
    [
      'to start an action is an input',
      'To allow it, add --allow-actions.',
      'To allow it, set the input allow-actions: true.',
    ],
    [
      'to submit again is an input with its name',
      'To submit it again, add --resubmit de-local',
      'To submit it again, set the input resubmit: de-local',
    ],
    [
      'to delete an approved group is an input with its name',
      'to delete it, add --allow-delete de-local.old',
      'to delete it, set the input allow-delete: de-local.old',
    ],
    [
      'about a flag names the input',
      '--prune deletes nothing beside --target: run it again without --target.',
      'the input prune deletes nothing beside the input target: run it again without the input target.',
    ],
    [
      'to set the variable of a text is a secret in the env of the workflow',
      "Set it for plan and apply: export REGSYNC_VAR_TAX_ID='…'. validate does not need it.",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub.
      "Save it as the secret REGSYNC_VAR_TAX_ID of this repository, and pass it in the workflow's env: REGSYNC_VAR_TAX_ID: ${{ secrets.REGSYNC_VAR_TAX_ID }}, in the steps that plan and apply.",
    ],
    [
      'to go to another folder is an input',
      'If you have one elsewhere, add --chdir DIR.',
      'If you have one elsewhere, set the input working-directory to its folder.',
    ],
    ['to correct the folder is an input', 'Correct --chdir.', 'Correct the input working-directory.'],
    [
      'at the beginning of a sentence is an input',
      'It needs --prune. Add --prune, or drop it.',
      'It needs the input prune. Set the input prune: true, or drop it.',
    ],
    [
      'about a file is an input',
      'Give another file with --record FILE',
      'Give another file with the input record',
    ],
    [
      'in a command for a person is typed as it is',
      'Send the file that `regsync doctor --record shapes.json` writes. To see more: regsync plan groups/de.yaml --target de',
      'Send the file that `regsync doctor --record shapes.json` writes. To see more: regsync plan groups/de.yaml --target de',
    ],
    [
      'after a sentence about regsync is an input',
      'it is approved, so regsync keeps it; to delete it, add --allow-delete old',
      'it is approved, so regsync keeps it; to delete it, set the input allow-delete: old',
    ],
    ['to correct a manifest stays as it is', 'Write "de-local".', 'Write "de-local".'],
  ])('%s', (_, typed, set) => {
    expect(inWorkflowWords(typed)).toBe(set);
  });

  it.each(Object.keys(NEXT_STEPS) as NextStep[])('that messages are made of is replaced: %s', (step) => {
    const typed = NEXT_STEPS[step]('REGSYNC_VAR_EXAMPLE');
    const set = inWorkflowWords(`Something is wrong. ${typed}`);
    expect(set).toMatch(/^Something is wrong\. \S/);
    expect(set).not.toContain(typed);
    expect(set).not.toContain('\0');
  });

  it.each(OPTIONS_WITH_INPUTS)('with the option --%s names the input of action.yml', (name) => {
    expect(inWorkflowWords(`leave --${name} out`)).toBe(`leave the input ${name} out`);
  });

  it('for a missing key names the secret and the line of the workflow file', () => {
    expect(inWorkflowWords(messageOf(() => checkApiKey(undefined, 'TELNYX_API_KEY_EU')))).toBe(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub.
      "The API key is missing. Save it as the secret TELNYX_API_KEY_EU of this repository, and pass it in the workflow's env: TELNYX_API_KEY_EU: ${{ secrets.TELNYX_API_KEY_EU }}",
    );
  });

  it('is in the diagnostics and orphans of a plan, and never in the words of a reviewer', () => {
    const message = 'add --prune';
    const plan = {
      diagnostics: [{ message }],
      attention: [
        { code: 'orphaned', name: 'old', message },
        { code: 'reviewer-comment', name: 'de', message },
      ],
    } as unknown as Plan;
    const { diagnostics, attention } = planInWorkflowWords(plan);
    expect([...diagnostics, ...attention].map((told) => told.message)).toEqual([
      'set the input prune: true',
      'set the input prune: true',
      message,
    ]);
  });

  it.each([
    ['a plan with orphans', describedPlan(everything())],
    ['a closed gate', gated()],
  ])('is the same in the parts of a message as in its text, of %s', (_, plan) => {
    const { diagnostics, attention } = planInWorkflowWords(plan);
    for (const { message, [PARTS]: parts = [] } of [...diagnostics, ...attention])
      expect(textOf(parts)).toBe(message);
    expect(JSON.stringify([diagnostics, attention])).toContain('set the input');
  });
});
