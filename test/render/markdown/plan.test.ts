import { describe, expect, it } from 'vitest';
import { CLOSED_GATES } from '../../../src/model/plan/gates.ts';
import type { Attention, Plan, PlanChange } from '../../../src/model/plan/plan.ts';
import { named, said, sentence, worded } from '../../../src/model/text/sentence.ts';
import { findDeviations } from '../../../src/plan/exact.ts';
import { type CommentContext, renderPlanComment } from '../../../src/render/markdown/plan.ts';
import { groupChange } from '../../support/changes.ts';
import { everything } from '../../support/everything.ts';
import { mischiefIn, tokensOf } from '../../support/markdown.ts';
import {
  CONTEXT,
  creates,
  crowd,
  declined,
  deletes,
  gated,
  identitiesOf,
  nothing,
  updates,
} from '../../support/markdown-plans.ts';
import { everyOrder } from '../../support/ordered.ts';
import { describedPlan } from '../../support/plans.ts';
import { everyPort } from '../../support/ported.ts';

const MARKER = '<!-- regsync:plan:v1 {"scope":"acme"} -->';

function comment(plan: Plan, context: CommentContext = {}): string {
  return renderPlanComment(plan, { ...CONTEXT, marker: MARKER, ...context });
}

function golden(name: string): string {
  return `../../golden/comment-${name}.md`;
}

describe('a plan in a pull request', () => {
  it('that creates shows the first three groups in full and folds the others', async () => {
    const text = comment(creates(['a', 'b', 'c', 'd', 'e']), { status: { state: 'planned' } });
    await expect(text).toMatchFileSnapshot(golden('create'));
    expect(text.match(/<details open>/g)).toHaveLength(3);
    expect(text.match(/<details>/g)).toHaveLength(2);
  });

  it('has no empty difference for a group that is made without values', () => {
    const plan = creates(['empty']);
    const bare = plan.changes.map((change) =>
      change.group === undefined
        ? change
        : { ...change, actions: ['create' as const], group: { ...change.group, values: [] } },
    );
    expect(renderPlanComment(plan)).toContain('```diff');
    expect(renderPlanComment({ ...plan, changes: bare })).not.toContain('```diff\n```');
  });

  it('that updates shows fingerprints, what was declined and which approved group is reviewed again', async () => {
    const text = comment(updates(), { status: { state: 'planned' } });
    await expect(text).toMatchFileSnapshot(golden('update'));
    expect(text).toMatch(/! Contact Info +text +changed, was declined +«[0-9a-f]{8}» → «[0-9a-f]{8}»/);
    expect(text).toContain('**1 approved group will go through review again:** `de-hamburg`.');
  });

  it.each([
    ['a group', updates, 'de-kiel'],
    ['an order', () => describedPlan(everyPort()), 'port'],
  ])('that answers a decline shows the reviewer’s words below the new values of %s', (_, make, name) => {
    const plan = make();
    const said = ['Reviewer on 2026-06-02: "Too `dark`."', 'Reviewer: "Again."'];
    const changes = plan.changes.map((change) => (change.name === name ? { ...change, said } : change));
    expect(comment({ ...plan, changes })).toContain(
      '```\n\n💬 Reviewer on 2026-06-02:\n> ``Too `dark`.``\n\n💬 Reviewer:\n> `Again.`\n',
    );
  });

  it('shows the words that it shows beside new values only there', () => {
    const shown = 'A reviewer wrote what is shown beside the new values above.';
    const asked = (words: string): Attention => ({
      code: 'reviewer-comment',
      name: 'de-kiel',
      ...worded(sentence`Reviewer: ${said(words)}`),
    });
    const plan = { ...updates(), attention: [asked('Again.'), asked('Why?')] };
    const changes = plan.changes.map((change) =>
      change.name === 'de-kiel' ? { ...change, said: ['Reviewer: "Again."'] } : change,
    );
    const text = comment({ ...plan, changes });
    expect(text.match(/Again\./g)).toHaveLength(1);
    expect(text).toContain(`- ⚠️ **\`de-kiel\`**<br>${shown}\n- ⚠️ **\`de-kiel\`**<br>Reviewer:\n  > \`Why?\``);
    // Without the details of the change there is one place for them.
    expect(comment({ ...plan, changes }, { limitBytes: 2_900 })).not.toContain(shown);
  });

  it('that deletes warns with names and says what an approved group loses', async () => {
    const text = comment(deletes(), { status: { state: 'planned' } });
    await expect(text).toMatchFileSnapshot(golden('delete'));
    expect(text).toContain('**2 groups will be deleted at Telnyx:** `de-trier`, `de-ulm`.');
    expect(text).toContain('1 of them is approved');
    expect(text).toMatch(/^- group id-de-trier \(DE\/local\/ordering, unapproved\) is deleted$/m);
  });

  it('that places orders warns of what costs money, and of nothing else that orders do', () => {
    const plan = describedPlan({ ...everyOrder(), gates: { ...CLOSED_GATES, allow_orders: true } });
    expect(comment(plan)).toContain('> **1 order will be placed, which costs money:** `new`.');
    const others = plan.changes.filter(({ name }) => name !== 'new');
    expect(comment({ ...plan, changes: others })).not.toContain('costs money');
  });

  it('that submits the same again says so in its line, and a first submission is not called that', () => {
    const lineOf = (status: string) => {
      const again = groupChange(
        { actions: ['submit'], source: null, patch: [], depends_on: [], consequences: [], digest: 'd' },
        { verb: 'unchanged', status },
      );
      return comment({ ...updates(), changes: [again] });
    };
    expect(lineOf('declined')).toContain('| 🔵 **resubmit** | `acme-de` |');
    expect(lineOf('declined')).toContain('+ resubmit for approval, with the same content');
    expect(lineOf('unapproved')).toContain('| 🔵 **submit** | `acme-de` |');
    expect(lineOf('unapproved')).toContain('+ submit for approval');
  });

  it('that changes nothing shows what was declined, and the reviewer’s words', async () => {
    await expect(comment(declined())).toMatchFileSnapshot(golden('declined'));
  });

  it('that changes nothing is one line below the marker', async () => {
    const text = comment(nothing(), { status: { state: 'planned' } });
    await expect(text).toMatchFileSnapshot(golden('no-change'));
    expect(text.trimEnd().split('\n')).toHaveLength(2);
  });

  it('that nobody may apply says so before everything else', async () => {
    const text = comment(gated(), { status: { state: 'planned' } });
    await expect(text).toMatchFileSnapshot(golden('closed-gate'));
    expect(text.indexOf('cannot be applied')).toBeLessThan(text.indexOf('| Change |'));
    expect(text).not.toContain('exactly this is applied');
  });

  it('has every kind of change in one order: what destroys first', async () => {
    const text = comment(describedPlan(everything()), { status: { state: 'planned' } });
    await expect(text).toMatchFileSnapshot(golden('everything'));
    const marks = [...text.matchAll(/^(?:\||-) (🔴|🟠|🟡|🔵|🟢|⚠️) /gmu)].map(([, mark]) => mark);
    expect(marks.join('')).toBe('🔴🟠🟡🔵🟢🔵⚠️⚠️⚠️');
  });

  it('keeps apart what existed before it', async () => {
    const plan = describedPlan(everything());
    const drift = plan.changes.filter(({ name }) => ['gone', 'edited', 'waiting'].includes(name));
    const text = comment(plan, { drift: identitiesOf(drift) });
    await expect(text).toMatchFileSnapshot(golden('drift'));
    const [own = '', before = ''] = text.split('#### Not from this pull request');
    for (const { name } of plan.changes.filter(({ kind }) => kind === 'RequirementGroup')) {
      const isDrift = drift.some((change) => change.name === name);
      expect([own, before].map((part) => part.includes(`<code>${name}</code>`))).toEqual([!isDrift, isDrift]);
    }
  });

  it('counts in its title what it brings, and apart what existed before', () => {
    const plan = updates();
    const titleOf = (drift: readonly PlanChange[]) =>
      comment(plan, { drift: identitiesOf(drift) }).split('\n')[1];
    expect(titleOf([])).toBe('### regsync plan · 2 groups change');
    expect(titleOf(plan.changes.filter(({ name }) => name === 'de-kiel'))).toBe(
      '### regsync plan · 1 group changes · 1 existed before',
    );
    expect(titleOf(plan.changes)).toBe(
      '### regsync plan · nothing changes by this pull request · 2 existed before',
    );
    const gone = deletes();
    expect(comment(gone).split('\n')[1]).toBe('### regsync plan · 2 groups change · 2 deletes');
    expect(comment(gone, { drift: identitiesOf(gone.changes) }).split('\n')[1]).toBe(
      '### regsync plan · nothing changes by this pull request · 2 existed before',
    );
  });

  it('that a gate keeps closed says how you open it where it is shown', () => {
    const text = comment(gated(), { howToOpen: 'Set `allow-replace: true`.' });
    expect(text).toMatch(
      /Apply does nothing until you open it\.\n(?:> - .*\n)+>\n> Set `allow-replace: true`\.\n/,
    );
  });

  it.each([
    ['everything', describedPlan(everything())],
    ['a closed gate', gated()],
    ['deletes', deletes()],
  ])('of %s can be read aloud: no link within what unfolds it, and a name for each column', (_, plan) => {
    const text = comment(plan, { status: { state: 'planned' } });
    expect(text.match(/<summary>[^\n]*<a /g)).toBeNull();
    expect(text.match(/^\|(?: +\|)/gm)).toBeNull();
  });

  it('that replaces says what it was and what it is to be', () => {
    expect(comment(gated())).toMatch(
      /\| 🟠 \*\*replace\*\*.* \| `moved` \| ~~FR~~ → DE · local · ordering<br>/,
    );
  });

  it('that only finds drift says that the pull request changes nothing', () => {
    const plan = updates();
    expect(comment(plan, { drift: identitiesOf(plan.changes) })).toContain(
      '#### From this pull request\n\nNothing. The differences',
    );
  });

  it('that was refused says what differs from what was reviewed, above the plan as it is now', async () => {
    const [reviewed, fresh] = [creates(['a']), creates(['a', 'b'])];
    const differences = findDeviations(reviewed, fresh);
    expect(differences.length).toBeGreaterThan(0);
    const { runUrl } = CONTEXT;
    const status = { state: 'refused', reviewed: reviewed.fingerprint, differences, runUrl } as const;
    const text = comment(fresh, { status });
    await expect(text).toMatchFileSnapshot(golden('stale'));
    expect(text).toContain('- group `b`: create and submit is not in the reviewed plan\n');
    expect(text).not.toContain('**On merge**');
  });

  it.each([
    [{ state: 'planned' }, '📋 **Planned**, not applied.'],
    [
      { state: 'outdated', headSha: 'f00dfeed00' },
      'has a newer commit, `f00dfee`. This plan is for `3c1f2ab`: wait for the new one.',
    ],
    [
      { state: 'applying', runUrl: CONTEXT.runUrl },
      `⏳ **Applying** in <a href="${CONTEXT.runUrl}">this run</a>.`,
    ],
    [
      { state: 'applied', runUrl: CONTEXT.runUrl },
      `✅ **Applied** in <a href="${CONTEXT.runUrl}">this run</a>.`,
    ],
    [{ state: 'applied' }, '✅ **Applied**.'],
    [{ state: 'failed', message: '1 of 2 failed' }, '> - `1 of 2 failed`'],
    [{ state: 'refused', message: 'not here' }, '> - `not here`'],
  ] as const)('says how far it has come: %o', (status, words) => {
    const text = comment(creates(['a']), { status });
    expect(text).toContain(words);
    expect(text.includes('**On merge**')).toBe(status.state === 'planned');
    const { sourceUrl, runUrl } = CONTEXT;
    const links = [runUrl, sourceUrl('groups/de.yaml', 3), sourceUrl('documents/de/registration.pdf')];
    expect(mischiefIn(text, links)).toEqual([]);
  });

  it('names the group that goes even if no consequence does', () => {
    const plan = deletes();
    const changes = plan.changes.map((change) => ({ ...change, consequences: [] }));
    expect(comment({ ...plan, changes })).toMatch(/^- group id-de-trier is deleted$/m);
  });

  it('puts what somebody has to do something about before what only takes its time', () => {
    const attention: Attention[] = [
      { code: 'under-review', name: 'a', ...worded(sentence`is under review`) },
      { code: 'expiring', name: 'b', ...worded(sentence`${named('Passport')} expires tomorrow`) },
    ];
    expect(comment({ ...nothing(), attention })).toContain(
      '- ⚠️ **`b`**<br>`Passport` expires tomorrow.\n- ℹ️ **`a`**<br>Is under review.\n',
    );
  });

  it('that was refused for another reason does not say that the plan is stale', () => {
    const text = comment(creates(['a']), { status: { state: 'refused', message: 'a gate is closed' } });
    expect(text).toContain('> **Refused: nothing was applied.**\n>\n> - `a gate is closed`');
  });

  it('of a part of the repository says of which part', () => {
    const plan = creates(['a']);
    const narrowed = (paths: string[], targets: string[]) =>
      comment({ ...plan, options: { ...plan.options, paths, targets } });
    expect(narrowed(['groups/de.yaml'], ['a'])).toContain(
      '🔎 **Narrowed** to `groups/de.yaml`, `a`. regsync',
    );
    expect(narrowed([], new Array(11).fill('a'))).toContain(
      '🔎 **Narrowed** to 11 paths and groups. regsync',
    );
    expect(comment(plan)).not.toContain('Narrowed');
  });

  it('needs no context at all', () => {
    const text = renderPlanComment(creates(['a']));
    expect(text.startsWith('### regsync plan · 1 group changes\n')).toBe(true);
    expect(mischiefIn(text)).toEqual([]);
    expect(text).not.toContain('undefined');
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'not a url', '//example.com', ''])(
    'makes no link of %j',
    (url) => {
      const text = comment(creates(['a']), { runUrl: url, sourceUrl: () => url });
      expect(text).not.toContain('<a ');
      expect(text).toContain('`groups/de.yaml:3`');
    },
  );

  it('lets no address break out of its link', () => {
    const url = `https://example.com/a"onclick="x/><script>|\`*'[(\n${'&'}b=c`;
    const text = comment(creates(['a']), { runUrl: url, sourceUrl: () => url });
    const [, href = ''] = text.match(/<a href="([^"]*)">/) ?? [];
    expect(href).toMatch(/^https:\/\/example\.com\/[\w%'*(&;=/.-]*$/);
    expect(mischiefIn(text, [href])).toEqual([]);
  });
});

describe('a plan too large for a comment', () => {
  it.each([5, 500, 5_000])('of %i groups stays under its limit and loses no number', (size) => {
    const plan = crowd(size);
    const text = comment(plan);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    const { delete: deletes } = plan.summary.groups;
    expect(text).toContain(`**${deletes} ${deletes === 1 ? 'group' : 'groups'} will be deleted at Telnyx`);
    expect(countedGroups(text)).toBe(plan.changes.length);
    expect(mischiefIn(text, linksOf(text))).toEqual([]);
  });

  it('of 500 groups shows each in one line, some in full, and says how many are not', async () => {
    const text = comment(crowd(500), { status: { state: 'planned' } });
    await expect(text).toMatchFileSnapshot(golden('500-groups'));
    expect(rowsOf(text)).toHaveLength(400);
    expect(text).toMatch(/The details of \d+ groups do not fit here\. <a href=/);
    // Below 400 rows nobody would see it.
    expect(text.indexOf('> [!WARNING]')).toBeLessThan(text.indexOf('| Change |'));
  });

  it('of 5,000 groups names every delete, and counts what is left out', () => {
    const plan = crowd(5_000);
    const text = comment(plan);
    const [, names = ''] = text.match(/^🔴 \*\*1000 to delete:\*\* (.*)$/mu) ?? [];
    expect(names.split(', ')).toEqual(
      plan.changes.filter(({ group }) => group?.verb === 'delete').map(({ name }) => `\`${name}\``),
    );
    const [, folded] = text.match(/The details of (\d+) groups do not fit/) ?? [];
    expect(Number(folded) + (text.match(/<details/g)?.length ?? 0)).toBe(1_000 + rowsOf(text).length);
    const more = 3_000 - rowsOf(text).length;
    expect(text).toMatch(
      new RegExp(`\\*\\*And ${more} more groups:\\*\\* \\d+ to update, \\d+ to create\\. <a`),
    );
  });

  it('of 5,000 deletes names as many as fit and counts the rest', () => {
    const plan = { ...deletes() };
    const [sample] = plan.changes;
    const changes = Array.from({ length: 5_000 }, (_, index) => ({
      ...sample,
      name: `orphan-${index}`,
      id: `${index}`,
    }));
    const text = comment({ ...plan, changes } as Plan);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    const [, number = '', names = ''] = text.match(/^🔴 \*\*(\d+) to delete:\*\* (.*)$/mu) ?? [];
    expect(names.split(', ')).toHaveLength(Number(number));
    expect(Number(number)).toBeGreaterThan(3_000);
    expect(text).toContain(
      `**And ${5_000 - Number(number)} more groups:** ${5_000 - Number(number)} to delete.`,
    );
    expect(text).toContain('**5000 groups will be deleted at Telnyx.**');
  });

  it.each([2_000, 3_000, 5_000, 20_000, 200_000, 10_000_000])(
    'under %i bytes is whole Markdown, closed where it is opened',
    (limitBytes) => {
      const text = comment(crowd(500), { limitBytes });
      if (limitBytes >= 5_000) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limitBytes);
      expect(text.match(/<details/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
      expect(text.match(/^```/gm)?.length ?? 0).toBe(2 * (text.match(/<details/g)?.length ?? 0));
      expect(text.trimEnd().endsWith('</sub>')).toBe(true);
      expect(countedGroups(text)).toBe(400);
    },
  );

  it('counts the address of the run wherever it stands', () => {
    const runUrl = `https://git.example.com/${'x'.repeat(2_000)}`;
    const plan = crowd(500);
    const drift = identitiesOf(plan.changes.slice(0, 200));
    const text = comment(plan, { runUrl, drift, limitBytes: 30_000 });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(30_000);
    expect(text.split(runUrl).length - 1).toBeGreaterThan(3);
  });

  it('leaves out a group of giant names and keeps those beside it', () => {
    const plan = creates(['a', 'b', 'c']);
    const grown = {
      ...plan,
      changes: plan.changes.map((change) =>
        change.name === 'b' ? { ...change, name: 'b'.repeat(100_000) } : change,
      ),
    };
    const text = comment(grown);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    expect(rowsOf(text)).toHaveLength(2);
    expect(text).toContain('**And 1 more group:** 1 to create.');
  });

  it('with a thousand closed gates, differences and attentions still lists what it deletes', () => {
    const plan = deletes();
    const long = 'x'.repeat(5_000);
    const many = Array.from({ length: 1_000 }, (_, index) => `${index} ${long}`);
    const text = comment(
      {
        ...plan,
        applyable: false,
        diagnostics: many.map((message) => ({ severity: 'error', code: 'c', message })),
        attention: many.map((message) => ({ code: 'expired', name: 'n', message })),
      },
      {
        status: {
          state: 'refused',
          differences: many.map((message) => ({ kind: 'RequirementGroup', name: 'n', message })),
        },
      },
    );
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000);
    expect(rowsOf(text).slice(0, 2).join()).toMatch(/de-trier.*de-ulm/);
    expect(text).toMatch(/> - and 99\d more\n/);
    expect(text).toMatch(/\*\*And 9\d\d more\*\* that need attention/);
  });
});

function rowsOf(text: string): string[] {
  return text.match(/^\| (🔴|🟠|🟡|🔵|🟢) .*$/gmu) ?? [];
}

/** Groups that are shown, and those that the text says are not. */
function countedGroups(text: string): number {
  const more = [...text.matchAll(/\*\*And (\d+) more groups?:\*\*/g)].map(([, number]) => Number(number));
  const named = [...text.matchAll(/^(?:🔴|🟠) \*\*(\d+) to/gmu)].map(([, number]) => Number(number));
  return rowsOf(text).length + [...named, ...more].reduce((sum, number) => sum + number, 0);
}

function linksOf(text: string): string[] {
  return tokensOf(text).flatMap(({ content }) =>
    [...content.matchAll(/<a href="([^"]*)">/g)].map(([, url]) => url ?? ''),
  );
}
