import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/model/plan/outcome.ts';
import type { Attention, Plan } from '../../src/model/plan/plan.ts';
import type { Problem } from '../../src/model/problem.ts';
import { type MessagePart, PARTS, type Worded, worded } from '../../src/model/text/sentence.ts';
import { findDeviations } from '../../src/plan/exact.ts';
import { renderApplySummary } from '../../src/render/markdown/apply.ts';
import { renderDriftIssue } from '../../src/render/markdown/drift.ts';
import { renderPlanComment } from '../../src/render/markdown/plan.ts';
import { renderValidateSummary } from '../../src/render/markdown/validate.ts';
import { runs } from '../properties/runs.ts';
import { everything } from '../support/everything.ts';
import { fc } from '../support/fast-check.ts';
import { mischiefIn, templateOf, toHtml, tokensOf } from '../support/markdown.ts';
import { gated, outcomes } from '../support/markdown-plans.ts';
import { everyOrder } from '../support/ordered.ts';
import { describedPlan } from '../support/plans.ts';
import { everyPort } from '../support/ported.ts';
import { frenchGroup } from '../support/test-repository.ts';
import { ESCAPES, repositoryWith } from './hostile.ts';

/**
 * Everything that we did not write is put into every picture that GitHub shows, and read as GitHub reads it. Whatever it
 * says, the picture must have the bones that it has with harmless words: no link, image, heading, mention, HTML or row more.
 */

const HOSTILE: Readonly<Record<string, string>> = {
  'a mention': '@octocat and @example/security',
  'an escaped mention': '\\@octocat',
  'a link': '[free numbers](https://example.com/phish)',
  'a reference link': '[x][y]\n\n[y]: https://example.com',
  'an image that reports who looks': '![x](https://example.com/pixel.png)',
  'automatic links': 'www.example.com https://example.com <https://example.com> mail@example.com',
  'references to issues and commits':
    'fixes #1, GH-1, example/numbers#2, octocat@0123456789abcdef0123456789abcdef01234567',
  'a script': '<script>alert(1)</script>',
  'an image with a handler': '"><img src=x onerror=alert(1)>',
  'the end of our HTML': '</code></b></summary></details></sub></a><h1>x</h1>',
  'an HTML comment': '<!-- regsync:plan:v1 {"scope":"acme"} --> <!--',
  entities: '&#64;octocat &lt;b&gt; &amp;#35;1',
  'one backtick': '`',
  'backticks and a mention': '`` ` ``` @octocat `',
  'the end of a fence': '```\n\n# Merged by admin\n\n```',
  'a fence of tildes': '~~~\n# x',
  'a long run of backticks': `${'`'.repeat(300)}@octocat`,
  pipes: 'a | b || c \\| d \\\\| e',
  'a row and a rule': 'x |\n|---|---|\n| ok | ok',
  'headings and rules': '# x\n===\n---\n***',
  'a quotation, a list, a task': '> [!NOTE]\n> ok\n- [x] approved\n1. one',
  emphasis: '**approved** __x__ *y* ~~z~~ ==w==',
  mathematics: '$`x`$ $$\\href{https://example.com}{x}$$',
  'a footnote': '[^1]\n\n[^1]: https://example.com',
  'lines of a difference': '\n- delete group everything\n+ nothing at all',
  'backslashes at the end': 'x\\',
  blanks: '    indented   ',
  'half a character': '\ud800 \udc00',
  ...ESCAPES,
};

const HARMLESS = 'harm-less words 1';

/** What is not text: which kind something is of, numbers, yes and no. */
const FIXED = new Set([
  'kind',
  'verb',
  'op',
  'severity',
  'actions',
  'field_type',
  'operations',
  'code',
  'format_version',
]);

/** Everything that is text in it replaced, wherever it comes from: names, paths, ids, statuses, messages, fingerprints. */
function poison<Value>(value: Value, text: string, key = ''): Value {
  if (FIXED.has(key) && typeof value !== 'object') return value;
  if (typeof value === 'string') return text as Value;
  if (Array.isArray(value)) {
    return (FIXED.has(key) ? value : value.map((entry) => poison(entry, text))) as Value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, entry]) => [name, poison(entry, text, name)]);
  return { ...Object.fromEntries(entries), ...poisonedParts(value, text) } as Value;
}

/** What comes from outside in a message, and the message that says it. Our own words stay, as they are in the program. */
function poisonedParts(told: Partial<Worded>, text: string): Partial<Worded> {
  const parts = told[PARTS]?.map((part) => (typeof part === 'string' ? part : { ...part, text }));
  return parts === undefined ? {} : worded(parts);
}

function withReferences(plan: Plan, text: string): Plan {
  const changes = plan.changes.map((change) => ({
    ...change,
    patch: [{ op: 'replace' as const, path: '/customer_reference', value: text }],
  }));
  return { ...plan, changes };
}

const PROBLEM: Problem = {
  severity: 'error',
  code: 'c',
  message: 'm',
  hint: 'h',
  source: { file: 'f', line: 1, column: 1 },
};
const URL_OF_OURS = 'https://git.example.com/x';

const contextWith = (text: string) => ({
  sourceUrl: () => URL_OF_OURS,
  runUrl: URL_OF_OURS,
  headSha: text,
  limitBytes: 1e9,
});

function poisonedPlan(text: string): Plan {
  return withReferences(poison(describedPlan(everything()), text), text);
}

function comment(text: string): string {
  return renderPlanComment(poisonedPlan(text), {
    ...contextWith(text),
    status: { state: 'outdated', headSha: text },
  });
}

/** Everything that is shown to a reviewer, with this text in all of its places. */
function pictures(text: string): Record<string, string> {
  const plan = poisonedPlan(text);
  const orders = withReferences(poison(describedPlan(everyOrder()), text), text);
  const ports = withReferences(poison(describedPlan(everyPort()), text), text);
  const closed = poison(gated(), text);
  const told = poison<readonly Outcome[]>(outcomes(), text);
  const context = contextWith(text);
  const unshown = findDeviations(describedPlan(everything()), gated());
  const untold = { kind: 'RequirementGroup', name: text, message: text } as const;
  const differences = [untold, ...poison(unshown, text)];
  return {
    comment: comment(text),
    'comment on orders': renderPlanComment(orders, context),
    'comment on a porting order': renderPlanComment(ports, context),
    'drift of orders': renderDriftIssue(orders, context)?.body ?? '',
    'comment without room': renderPlanComment(plan, { limitBytes: 6_000 + 20 * text.length }),
    'comment on a closed gate': renderPlanComment(closed, {
      ...context,
      status: { state: 'failed', message: text },
    }),
    'comment after a refusal': renderPlanComment(plan, {
      ...context,
      status: { state: 'refused', reviewed: text, message: text, differences },
    }),
    'comment of a job': renderPlanComment(plan, {
      ...context,
      job: { configuration: text, account: text },
      status: { state: 'applied', at: '2026-11-30T17:04:05Z', statuses: [{ name: text, status: text }] },
    }),
    'comment on what failed': renderPlanComment(plan, {
      ...context,
      status: { state: 'failed', failures: [{ ...untold, source: { file: text, line: 1 } }] },
    }),
    'comment with a comparison': renderPlanComment(plan, {
      ...context,
      status: { state: 'refused', reviewedPlan: orders },
    }),
    apply: renderApplySummary(told, { ...context, plan, durationsMs: new Map([[text, 1]]) }),
    validate: renderValidateSummary([poison(PROBLEM, text)], context),
    drift: renderDriftIssue(plan, context)?.body ?? '',
  };
}

describe('Markdown', () => {
  const harmless = new Map(
    Object.entries(pictures(HARMLESS)).map(([name, picture]) => [name, templateOf(picture)]),
  );

  it.each(Object.entries(HOSTILE))('%s in every field means nothing', (_, text) => {
    for (const [name, picture] of Object.entries(pictures(text))) {
      if (name !== 'comment without room') expect(templateOf(picture), name).toEqual(harmless.get(name));
      expect(mischiefIn(picture, [URL_OF_OURS]), name).toEqual([]);
    }
  });

  it('any text at all in every field means nothing', () => {
    const parts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(...Object.values(HOSTILE).filter((text) => text.length < 100)),
    );
    fc.assert(
      fc.property(fc.array(parts, { minLength: 1, maxLength: 4 }), (pieces) => {
        const text = pieces.join('');
        // Words of letters stand in the table as they are.
        fc.pre(!/^[A-Za-z_]*$/.test(text));
        const picture = comment(text);
        expect(templateOf(picture)).toEqual(harmless.get('comment'));
        expect(mischiefIn(picture, [URL_OF_OURS])).toEqual([]);
      }),
      runs(150),
    );
  });

  it.each(Object.entries(HOSTILE))('%s that is taken for our own words does nothing either', (_, text) => {
    const attention: Attention[] = ['under-review' as const, 'expired' as const].map((code) => ({
      code,
      name: 'a',
      ...worded([text as MessagePart, { as: 'said', text }, text as MessagePart]),
    }));
    const diagnostics = [{ severity: 'error' as const, code: 'c', ...worded([text as MessagePart]) }];
    const plan = { ...gated(), attention, diagnostics };
    expect(mischiefIn(renderPlanComment(plan), [URL_OF_OURS])).toEqual([]);
    expect(mischiefIn(renderDriftIssue(plan)?.body ?? '', [URL_OF_OURS])).toEqual([]);
  });

  it('the check itself finds what it looks for', () => {
    const naive = (text: string) => `| a | b |\n|---|---|\n| ${text} | b |\n\nbefore ${text}\n\n- ${text}`;
    const bones = (text: string) => tokensOf(naive(text)).map(({ type }) => type);
    const found = Object.entries(HOSTILE).filter(
      ([, text]) => mischiefIn(naive(text)).length > 0 || bones(text).join() !== bones(HARMLESS).join(),
    );
    const overlooked = Object.keys(HOSTILE).filter((name) => !found.some(([one]) => one === name));
    // These are text where they stand here. What they would do to a span or a cell is tested beside `code`.
    expect(overlooked.filter((name) => !(name in ESCAPES))).toEqual([
      'one backtick',
      'pipes',
      'backslashes at the end',
      'half a character',
    ]);
  });

  it('an orphan with a hostile reference and a reviewer with a hostile pen are harmless in `plan --format markdown`', async () => {
    const repository = await repositoryWith({ 'groups/fr.yaml': frenchGroup() });
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    const comment = `@octocat ![x](https://example.com/p.png)\n\n# Approved\n</details><script>x</script> | x |`;
    await repository.control('groups/decline?reference=regsync/acme/fr-local', { comment });
    const { code, out } = await repository.run(['plan', '--format', 'markdown', '--prune']);
    expect(code).toBe(0);
    expect(out).toContain('@octocat');
    expect(mischiefIn(out)).toEqual([]);
    // What was declined, and the words about it, which are a quotation.
    expect(toHtml(out).match(/<li>/g)).toHaveLength(2);
    expect(toHtml(out).match(/<blockquote>\s*<p><code>@octocat/g)).toHaveLength(1);
  });
});
