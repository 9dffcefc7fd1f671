import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan/plan.ts';
import type { Problem } from '../../src/model/problem.ts';
import { said, sentence, worded } from '../../src/model/text/sentence.ts';
import { renderReportHtml } from '../../src/render/html/report-html.ts';
import { renderApplySummary } from '../../src/render/markdown/apply.ts';
import { renderDriftIssue } from '../../src/render/markdown/drift.ts';
import { renderPlanComment } from '../../src/render/markdown/plan.ts';
import { renderValidateSummary } from '../../src/render/markdown/validate.ts';
import { everything } from '../support/everything.ts';
import { toHtml } from '../support/markdown.ts';
import { crowd, declined, deletes, gated, nothing, outcomes, updates } from '../support/markdown-plans.ts';
import { describedPlan } from '../support/plans.ts';
import { findBarriers } from '../support/programs/axe.ts';
import { groupStatus, requirementStatus, statusReport } from '../support/reports.ts';

const PROBLEM: Problem = {
  severity: 'error',
  code: 'unknown-address',
  message: 'unknown address "example-berln"',
  hint: 'Did you mean "example-berlin"?',
  source: { file: 'groups/de.yaml', line: 14, column: 7 },
};

/** With the words of a reviewer as a quotation, beside the values and as attention. */
function answering(): Plan {
  const plan = updates();
  const words = { code: 'order-comment', name: 'x', ...worded(sentence`Reviewer: ${said('Why?')}`) } as const;
  const changes = plan.changes.map((change) => ({ ...change, said: ['Reviewer: "Again."'] }));
  return { ...plan, changes, attention: [words] };
}

/** A page around a comment. The levels of its headings are the page's matter, and only moderate. */
function asPage(markdown: string): string {
  return `<!doctype html><html lang="en"><head><title>Pull request</title></head><body><main><h1>Pull request</h1><h2>Comments</h2>${toHtml(markdown)}</main></body></html>`;
}

describe('People who use a screen reader or a keyboard', () => {
  it.each([
    ['of everything', describedPlan(everything())],
    ['of updates', updates()],
    ['of updates that answer a reviewer', answering()],
    ['that deletes', deletes()],
    ['that answers a decline', declined()],
    ['behind a closed gate', gated()],
    ['of many groups', crowd(60)],
    ['of nothing', nothing()],
  ])('meet no barrier in the comment about a plan %s, nor in its issue', async (_, plan) => {
    expect(await findBarriers(asPage(renderPlanComment(plan)))).toEqual([]);
    expect(await findBarriers(asPage(renderDriftIssue(plan)?.body ?? ''))).toEqual([]);
  });

  it('meet none in what an apply and a validation report', async () => {
    expect(await findBarriers(asPage(renderApplySummary(outcomes())), 'minor')).toEqual([]);
    expect(await findBarriers(asPage(renderValidateSummary([PROBLEM])), 'minor')).toEqual([]);
  });

  it.each([
    ['nothing', []],
    [
      'groups in every state',
      ['approved', 'pending-approval', 'declined', 'expired', 'unapproved', 'new-thing'].map(
        (status, index) =>
          groupStatus({
            name: `group-${index}`,
            status,
            country_code: ['DE', 'FR', 'GB', 'US', 'JP', 'AU'][index] ?? 'DE',
            requirements: [requirementStatus({ name: 'Contact Info', status, expires: '2031-03-15' })],
          }),
      ),
    ],
  ])('meet none in the report about %s', async (_, groups) => {
    expect(await findBarriers(renderReportHtml(statusReport(groups)), 'moderate')).toEqual([]);
  });

  it('would be told of one: a picture without words, and a button without a name', async () => {
    const page = '<!doctype html><html><body><img src="x.png"><button></button></body></html>';
    expect((await findBarriers(page)).map((line) => line.split(':')[0])).toEqual(
      expect.arrayContaining(['image-alt', 'button-name', 'html-has-lang']),
    );
  });
});
