import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/model/problem.ts';
import { renderApplySummary } from '../../../src/render/markdown/apply.ts';
import { renderDriftIssue } from '../../../src/render/markdown/drift.ts';
import { renderValidateSummary } from '../../../src/render/markdown/validate.ts';
import { everything } from '../../support/everything.ts';
import { mischiefIn, tokensOf } from '../../support/markdown.ts';
import {
  CONTEXT,
  creates,
  crowd,
  declined,
  nothing,
  outcome,
  outcomes,
  updates,
} from '../../support/markdown-plans.ts';
import { describedPlan } from '../../support/plans.ts';

describe('the summary of an apply', () => {
  it('tells first what failed and why, then what was done', async () => {
    const text = renderApplySummary(outcomes(), {
      ...CONTEXT,
      plan: updates(),
      durationsMs: new Map([
        ['de-hamburg', 2_140],
        ['de-ulm', 400],
      ]),
      requests: 11,
      retries: 1,
    });
    await expect(text).toMatchFileSnapshot('../../golden/apply-failed.md');
    expect(rowsOf(text).map((row) => row.split('|')[2]?.trim())).toEqual([
      '`de-ulm`',
      '`de-essen`',
      '`de-hamburg`',
      '`de-berlin`',
    ]);
    expect(text).toContain('**failed**: `422 10021 Resource in use`');
    expect(text).toContain('request id b7c1d2e3');
  });

  it('that went well is a table and a line', async () => {
    const text = renderApplySummary(outcomes().filter(({ status }) => status === 'applied'));
    await expect(text).toMatchFileSnapshot('../../golden/apply-done.md');
    expect(text).not.toContain('Nothing else was touched');
  });

  it('of nothing to do says so', () => {
    const text = renderApplySummary(outcomes().filter(({ status }) => status === 'unchanged'));
    expect(text).toBe('### regsync apply · nothing to do\n\n<sub>2 groups: 2 unchanged, 0 applied</sub>\n');
  });

  it('that was interrupted says what that means', () => {
    expect(renderApplySummary(outcomes(), { interrupted: true })).toContain('> **Interrupted:**');
  });

  it('does not hide what a failed group had done before', () => {
    const half = outcome({
      name: 'half',
      status: 'failed',
      operations: ['upload', 'upload', 'create'],
      error: {
        code: 'submit-refused',
        message: 'no',
        status: null,
        request_id: null,
        errors: [],
        source: null,
      },
    });
    expect(renderApplySummary([half])).toContain(
      '2 documents uploaded, group created, id `id-half`, **failed**: `no`',
    );
  });

  it('of 20,000 groups stays under a megabyte, keeps the failed ones and counts the others', () => {
    const done = Array.from({ length: 20_000 }, (_, index) =>
      outcome({ name: `group-${index}`, operations: ['patch', 'submit'], group_status: 'pending-approval' }),
    );
    const text = renderApplySummary([...done, ...outcomes()]);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
    const rows = rowsOf(text);
    expect(rows[0]).toContain('`de-ulm`');
    expect(text).toContain(`**And ${20_004 - rows.length} more groups:** ${20_004 - rows.length} applied.`);
  });
});

describe('the summary of a validation', () => {
  const problem: Problem = {
    severity: 'error',
    code: 'unknown-address',
    message: 'unknown address "example-berln"',
    hint: 'Did you mean "example-berlin"?',
    source: { file: 'groups/de.yaml', line: 14, column: 7 },
  };

  it('has the errors first, each with its place and what to do', async () => {
    const warning: Problem = {
      severity: 'warning',
      code: 'not-checked',
      message: 'a pattern is not checked',
    };
    const text = renderValidateSummary([warning, problem], { ...CONTEXT, files: 3 });
    await expect(text).toMatchFileSnapshot('../../golden/validate-problems.md');
  });

  it('without a problem is one line', () => {
    expect(renderValidateSummary([], { files: 3, manifests: '17 groups' })).toBe(
      '✅ **regsync validate** · valid: 3 manifest files, 17 groups.\n',
    );
  });

  it('of many problems counts what does not fit', () => {
    const text = renderValidateSummary(new Array(50_000).fill(problem).map((one) => ({ ...one })));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
    expect(text).toContain('### regsync validate · 50000 problems');
    const rows = text.match(/^- ❌/gm)?.length ?? 0;
    expect(text).toContain(`**And ${50_000 - rows} more.**`);
  });
});

describe('the issue of a scheduled check', () => {
  it('says what differs, what needs attention, and which way out there is', async () => {
    const issue = renderDriftIssue(describedPlan(everything()), {
      ...CONTEXT,
      marker: '<!-- regsync:drift:v1 {"scope":"acme"} -->',
    });
    expect(issue?.title).toBe('regsync acme: 6 groups differ, 3 need attention');
    await expect(issue?.body).toMatchFileSnapshot('../../golden/issue-drift.md');
  });

  it('of what only needs attention does not speak of drift', () => {
    const issue = renderDriftIssue(declined(), {});
    expect(issue?.title).toBe('regsync acme: 3 need attention');
    expect(issue?.body).toContain('Telnyx matches the manifests. Please');
  });

  it('says where the workflow that applies is started, and with which plan', () => {
    const plan = creates(['a']);
    const workflowsUrl = 'https://git.example.com/example/numbers/actions';
    expect(renderDriftIssue(plan, { workflowsUrl })?.body).toContain(
      `If the manifests are right, <a href="${workflowsUrl}">start the workflow that applies</a> by hand ("Run workflow") with the fingerprint \`${plan.fingerprint.slice(0, 8)}\`. If Telnyx is right, change the manifests.`,
    );
  });

  it('is not there when there is nothing to do', () => {
    expect(renderDriftIssue(nothing())).toBe(null);
    const waiting = { code: 'under-review', name: 'a', message: 'is under review' } as const;
    expect(renderDriftIssue({ ...nothing(), attention: [waiting] })).toBe(null);
  });

  it('of 5,000 groups stays under its limit', () => {
    const body = renderDriftIssue(crowd(5_000), CONTEXT)?.body ?? '';
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000);
    expect(mischiefIn(body, linksOf(body))).toEqual([]);
  });
});

function rowsOf(text: string): string[] {
  return text.match(/^\| (✅|❌|⏭️) .*$/gmu) ?? [];
}

function linksOf(text: string): string[] {
  return tokensOf(text).flatMap(({ content }) =>
    [...content.matchAll(/<a href="([^"]*)">/g)].map(([, url]) => url ?? ''),
  );
}
