import { describe, expect, it } from 'vitest';
import type { Attention, Plan, PlanChange } from '../../../src/model/plan/plan.ts';
import { Budget } from '../../../src/render/markdown/budget.ts';
import type { MarkdownContext } from '../../../src/render/markdown/markdown.ts';
import { renderSections } from '../../../src/render/markdown/sections.ts';
import {
  CONTEXT,
  creates,
  crowd,
  deletes,
  identitiesOf,
  nothing,
  updates,
} from '../../support/markdown-plans.ts';

const PLENTY = 10_000_000;

function sections(
  plan: Plan,
  context: MarkdownContext & { readonly drift?: ReadonlySet<string> } = {},
  bytes = PLENTY,
): string[] {
  return renderSections(plan, context, new Budget(bytes));
}

/** The same plan, where the details of some groups are longer than any budget here. */
function withLongDetails(plan: Plan, names: readonly string[]): Plan {
  const grow = (change: PlanChange): PlanChange => {
    const { group } = change;
    if (group === undefined || !names.includes(change.name)) return change;
    return { ...change, group: { ...group, values: Array.from({ length: 500 }, () => group.values).flat() } };
  };
  return { ...plan, changes: plan.changes.map(grow) };
}

const BYTES = 20_000;
const left = (text: string) => text.includes('do not fit here');

describe('Groups whose details do not fit', () => {
  it.each<[readonly string[], readonly string[]]>([
    [[], []],
    [['b'], ['The details of 1 group do not fit here. `regsync plan` shows all.']],
    [['a', 'c'], ['The details of 2 groups do not fit here. `regsync plan` shows all.']],
  ])('are counted, each of them: %j', (names, expected) => {
    const texts = sections(withLongDetails(creates(['a', 'b', 'c']), names), {}, BYTES);
    expect(texts.filter(left)).toEqual(expected);
    expect(texts.filter((text) => text.startsWith('<details'))).toHaveLength(3 - names.length);
  });

  it('are counted on either side of what was there before', () => {
    const plan = withLongDetails(creates(['a', 'b', 'c']), ['a', 'c']);
    const drift = identitiesOf(plan.changes.filter(({ name }) => name === 'c'));
    const texts = sections(plan, { drift, runUrl: CONTEXT.runUrl }, BYTES);
    const line = `The details of 1 group do not fit here. <a href="${CONTEXT.runUrl}">The run</a> has the full plan.`;
    expect(texts.filter(left)).toEqual([line, line]);
    expect(texts.indexOf(line)).toBeLessThan(
      texts.findIndex((text) => text.startsWith('#### Not from this')),
    );
  });

  it('are changes where an order is among them', () => {
    const plan = withLongDetails(creates(['a', 'b']), ['b']);
    const order: PlanChange = {
      kind: 'NumberOrder',
      name: 'order',
      id: null,
      source: null,
      actions: ['update'],
      patch: [],
      digest: '0'.repeat(64),
      consequences: [],
      order: { verb: 'update', values: [], settings: [] },
    } as unknown as PlanChange;
    const texts = sections({ ...plan, changes: [...plan.changes, order] }, {}, BYTES);
    expect(texts.filter(left)).toEqual([
      'The details of 1 change do not fit here. `regsync plan` shows all.',
    ]);
    expect(texts[0]).toContain('| Change | Group or order | Purpose and status |');
  });
});

describe('Groups in full', () => {
  const opened = (plan: Plan) =>
    sections(plan).flatMap((text) =>
      text.startsWith('<details') ? [text.startsWith('<details open>')] : [],
    );

  it('are open where they are changed, and of new ones the first three', () => {
    expect(opened(creates(['a', 'b', 'c', 'd']))).toEqual([true, true, true, false]);
    expect(opened(updates())).toEqual([true, true]);
  });

  it('are open among new ones wherever they stand', () => {
    const plan = creates(['a', 'b', 'c', 'd']);
    expect(opened({ ...plan, changes: [...plan.changes, ...updates().changes] })).toEqual([
      ...[true, true, true, false],
      ...[true, true],
    ]);
  });
});

describe('A warning', () => {
  const warningsOf = (plan: Plan) => sections(plan).filter((text) => text.startsWith('> [!WARNING]'));
  const many = (count: number, name: (index: number) => string = (index) => `old-${index}`): Plan => {
    const [sample] = deletes().changes;
    const changes = Array.from(
      { length: count },
      (_, index) => ({ ...sample, name: name(index) }) as PlanChange,
    );
    return { ...deletes(), changes };
  };
  const names = (count: number) => Array.from({ length: count }, (_, index) => `\`old-${index}\``).join(', ');
  const status = (plan: Plan, given: string): Plan => ({
    ...plan,
    changes: plan.changes.map(
      (change) => ({ ...change, group: { ...change.group, status: given } }) as PlanChange,
    ),
  });

  it.each<[string, Plan, string]>([
    ['of one group', status(many(1), 'declined'), '**1 group will be deleted at Telnyx:** `old-0`.'],
    [
      'of one approved group',
      status(many(1), 'approved'),
      '**1 group will be deleted at Telnyx:** `old-0`. It is approved; a new group starts unapproved.',
    ],
    [
      'of two approved groups',
      status(many(2), 'approved'),
      `**2 groups will be deleted at Telnyx:** ${names(2)}. 2 of them are approved; a new group starts unapproved.`,
    ],
    [
      'of ten groups, by name',
      status(many(10), 'declined'),
      `**10 groups will be deleted at Telnyx:** ${names(10)}.`,
    ],
    ['of eleven groups, by number', status(many(11), 'declined'), '**11 groups will be deleted at Telnyx.**'],
    [
      'of a group with the longest name that is said',
      status(
        many(1, () => 'x'.repeat(1_000)),
        'declined',
      ),
      `**1 group will be deleted at Telnyx:** \`${'x'.repeat(1_000)}\`.`,
    ],
    [
      'of a group with a longer name',
      status(
        many(1, () => 'x'.repeat(1_001)),
        'declined',
      ),
      '**1 group will be deleted at Telnyx.**',
    ],
  ])('says what is lost: %s', (_, plan, expected) => {
    expect(warningsOf(plan)).toEqual([`> [!WARNING]\n> ${expected}`]);
  });

  it('is about approved groups that are reviewed again, not about those that only follow orders', () => {
    const plan = updates();
    expect(warningsOf(plan)).toEqual([
      '> [!WARNING]\n> **1 approved group will go through review again:** `de-hamburg`.',
    ]);
    const idle = { ...plan, changes: plan.changes.map((change) => ({ ...change, actions: [] })) };
    expect(warningsOf(idle)).toEqual([]);
    expect(warningsOf(creates(['a']))).toEqual([]);
  });

  it.each([
    [20, false],
    [21, true],
  ])('of %i rows stands above them: %s', (count, isAbove) => {
    const texts = sections(status(many(count), 'declined'));
    const warning = texts.findIndex((text) => text.startsWith('> [!WARNING]'));
    const rows = texts.findIndex((text) => text.startsWith('|'));
    expect(warning < rows).toBe(isAbove);
    expect(texts.filter((text) => text.startsWith('> [!WARNING]'))).toHaveLength(1);
  });
});

describe('What needs attention', () => {
  const entry = (
    name: string,
    code: string,
    message = 'look',
    source?: { file: string; line: number },
  ): Attention => ({ code, name, message, ...(source === undefined ? {} : { source }) }) as Attention;
  const long = 'x'.repeat(50_000);

  it('is listed with its places, what is pressing first', () => {
    const attention = [
      entry('a', 'under-review'),
      entry('b', 'expired', 'expired', { file: 'groups/de.yaml', line: 3 }),
    ];
    expect(sections({ ...nothing(), attention }, CONTEXT)).toEqual([
      '#### Attention · 1, and 1 for information',
      [
        '- ⚠️ **`b`** · <a href="https://git.example.com/example/numbers/blob/3c1f2ab/groups/de.yaml#L3">`groups/de.yaml:3`</a><br>`expired`',
        '- ℹ️ **`a`**<br>`look`',
      ].join('\n'),
    ]);
  });

  it.each<[number, string]>([
    [1, '**And 1 more** that needs attention. `regsync plan` shows all.'],
    [2, '**And 2 more** that need attention. `regsync plan` shows all.'],
  ])('and does not fit is counted: %i', (count, expected) => {
    const attention = [
      entry('a', 'expired'),
      ...Array.from({ length: count }, (_, index) => entry(`b${index}`, 'expired', long)),
    ];
    const texts = sections({ ...nothing(), attention }, {}, BYTES);
    expect(texts[0]).toBe(`#### Attention · ${count + 1}`);
    expect(texts.slice(2)).toEqual([expected]);
  });

  it.each([
    [['expired', 'expired'], '2'],
    [['under-review'], '1 for information'],
    [['under-review', 'expired', 'under-review'], '1, and 2 for information'],
  ])('is counted as what somebody has to do something about, and what not: %j', (codes, words) => {
    const attention = codes.map((code) => entry('a', code));
    expect(sections({ ...nothing(), attention })[0]).toBe(`#### Attention · ${words}`);
  });

  it('is only counted where none of it fits', () => {
    const attention = [entry('a', 'expired', long)];
    expect(sections({ ...nothing(), attention }, {}, BYTES)).toEqual([
      '#### Attention · 1',
      '**And 1 more** that needs attention. `regsync plan` shows all.',
    ]);
  });

  it('is not headed where there is none', () => {
    expect(sections(nothing())).toEqual([]);
  });
});

describe('Rows that do not fit', () => {
  it('are counted by what they do', () => {
    const texts = sections({ ...crowd(100), attention: [] }, {}, 4_000);
    const counted = texts.filter((text) => text.startsWith('**And '));
    expect(counted).toEqual([
      expect.stringMatching(
        /^\*\*And \d+ more groups:\*\* (?:\d+ to [a-z]+(?:, )?)+\. `regsync plan` shows all\.$/,
      ),
    ]);
    const [sum = 0] = counted.map((text) =>
      [...text.matchAll(/(\d+) to /g)].reduce((total, [, number]) => total + Number(number), 0),
    );
    expect(counted[0]).toContain(`**And ${sum} more groups:**`);
  });
});
