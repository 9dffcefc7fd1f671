import { describe, expect, it } from 'vitest';
import { planDifference } from '../../../src/render/markdown/plan-difference.ts';
import { type Difference, type ReviewStatus, renderStatus } from '../../../src/render/markdown/status.ts';
import { creates } from '../../support/markdown-plans.ts';

const RUN = 'https://git.example.com/example/numbers/actions/runs/4711';
const IN_RUN = ` in <a href="${RUN}">this run</a>`;
const LIMIT = 60_000;

function difference(name: string, kind: Difference['kind'] = 'RequirementGroup'): Difference {
  return { kind, name, message: 'is not in the reviewed plan' };
}

describe('The status of a plan in a comment', () => {
  const outdated = (moved: string, made: string) =>
    `> [!NOTE]\n> **Outdated:** the pull request has a newer commit${moved}. This plan is for ${made}: wait for the new one.`;
  const again =
    '> Repair the cause, then run apply again. It reads Telnyx first, and does not repeat finished work.';
  const failed = (where: string, reasons: string) =>
    `> [!CAUTION]\n> **Apply failed**${where}; a part may be done.\n${reasons}${again}`;
  const refused = (where: string, stale: string, reasons: string) =>
    `> [!CAUTION]\n> **Refused${where}: nothing was applied.**${stale}\n${reasons}> Below is the new plan.`;
  const stale = ' An apply would now do something else than the reviewed plan `01234567` shows.';

  it.each<[string, ReviewStatus | undefined, string | undefined, string]>([
    ['nothing', undefined, 'f00dfeed', ''],
    ['that it is planned', { state: 'planned' }, undefined, '📋 **Planned**, not applied.'],
    [
      'that there is a newer commit, and which',
      { state: 'outdated', headSha: 'abcdef0123' },
      'f00dfeed00',
      outdated(', `abcdef0`', '`f00dfee`'),
    ],
    ['that there is a newer commit', { state: 'outdated' }, 'f00dfeed00', outdated('', '`f00dfee`')],
    [
      'that there is a newer commit than one that is not known',
      { state: 'outdated', headSha: '' },
      '',
      outdated('', 'an earlier commit'),
    ],
    ['where it is being applied', { state: 'applying', runUrl: RUN }, undefined, `⏳ **Applying**${IN_RUN}.`],
    ['that it is being applied', { state: 'applying' }, undefined, '⏳ **Applying**.'],
    ['where it was applied', { state: 'applied', runUrl: RUN }, undefined, `✅ **Applied**${IN_RUN}.`],
    ['that it was applied', { state: 'applied' }, undefined, '✅ **Applied**.'],
    [
      'when it was applied, and what came of it',
      {
        state: 'applied',
        runUrl: RUN,
        at: '2026-11-30T17:04:05.000Z',
        statuses: [
          ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name, status: 'pending-approval' })),
          { name: 'g', status: 'approved' },
        ],
      },
      undefined,
      `✅ **Applied** on 2026-11-30 at 17:04 UTC${IN_RUN}. Now \`a\`, \`b\`, \`c\`, \`d\`, \`e\`, 1 more are \`pending-approval\`; \`g\` is \`approved\`.`,
    ],
    [
      'what failed, with its line where it has one',
      {
        state: 'failed',
        failures: [
          {
            ...difference('a'),
            message: '422 10021 Resource in use',
            source: { file: 'groups/de.yaml', line: 3 },
          },
          { ...difference('b', 'NumberOrder'), source: null },
        ],
      },
      undefined,
      failed(
        '',
        '>\n> - group `a` (`groups/de.yaml:3`): `422 10021 Resource in use`\n> - number order `b`: `is not in the reviewed plan`\n>\n',
      ),
    ],
    [
      'why an apply failed, and what to do',
      { state: 'failed', runUrl: RUN, message: '1 group could not be finished' },
      undefined,
      failed(IN_RUN, '>\n> - `1 group could not be finished`\n>\n'),
    ],
    ['that an apply failed, and what to do', { state: 'failed' }, undefined, failed('', '')],
    [
      'why it was refused',
      { state: 'refused', runUrl: RUN, message: 'a gate is closed' },
      undefined,
      refused(IN_RUN, '', '>\n> - `a gate is closed`\n>\n'),
    ],
    [
      'which plan is stale, and why',
      { state: 'refused', reviewed: '0123456789abcdef', message: 'Telnyx changed' },
      undefined,
      refused('', stale, '>\n> - `Telnyx changed`\n>\n'),
    ],
    [
      'what differs, of each kind',
      {
        state: 'refused',
        differences: [
          difference('a'),
          difference('b', 'Document'),
          difference('c', 'Address'),
          difference('d', 'NumberOrder'),
          difference('e', 'PortingOrder'),
        ],
      },
      undefined,
      refused(
        '',
        '',
        [
          '>',
          '> - group `a`: `is not in the reviewed plan`',
          '> - document `b`: `is not in the reviewed plan`',
          '> - address `c`: `is not in the reviewed plan`',
          '> - number order `d`: `is not in the reviewed plan`',
          '> - porting order `e`: `is not in the reviewed plan`',
          '>',
          '',
        ].join('\n'),
      ),
    ],
    ['that it was refused', { state: 'refused' }, undefined, refused('', '', '')],
  ])('says %s', (_, status, headSha, expected) => {
    expect(renderStatus(status, headSha === undefined ? {} : { headSha }, LIMIT)).toBe(expected);
  });

  it('links what failed to its line', () => {
    const failures = [{ ...difference('a'), source: { file: 'a.yaml', line: 3 } }];
    const sourceUrl = (file: string, line?: number) => `https://git.example.com/${file}#L${line}`;
    expect(renderStatus({ state: 'failed', failures }, { sourceUrl }, LIMIT)).toContain(
      '> - group `a` (<a href="https://git.example.com/a.yaml#L3">`a.yaml:3`</a>): `is not',
    );
  });

  it('compares the reviewed plan with the fresh one, as far as there is room', () => {
    const [reviewedPlan, fresh] = [creates(['a']), creates(['a', 'b'])];
    const status = { state: 'refused', reviewedPlan } as const;
    const lines = planDifference(reviewedPlan, fresh);
    const picture = ['```diff', ...lines, '```'].map((line) => `> ${line}`).join('\n');
    const head = '> [!CAUTION]\n> **Refused: nothing was applied.**\n';
    const tail = '> Below is the new plan.';
    const compared = `${head}> Reviewed plan (−) and new plan (+):\n>\n${picture}\n>\n${tail}`;
    expect(renderStatus(status, {}, LIMIT, fresh)).toBe(compared);
    const bytes = Buffer.byteLength(['```diff', ...lines, '```'].join('\n'));
    expect(renderStatus(status, {}, 8 * bytes, fresh)).toBe(compared);
    expect(renderStatus(status, {}, 8 * bytes - 8, fresh)).toBe(`${head}${tail}`);
    expect(renderStatus(status, {}, LIMIT, reviewedPlan)).toBe(`${head}${tail}`);
    expect(renderStatus(status, {}, LIMIT)).toBe(`${head}${tail}`);
  });

  it('takes an eighth of the limit for its reasons, and counts those that are left out', () => {
    const differences = Array.from({ length: 5 }, (_, n) => difference(`group-${n}`));
    const [line = ''] = ['- group `group-0`: `is not in the reviewed plan`'];
    // Four bytes more for what is around a line.
    const limit = 8 * 2 * (line.length + 4);
    const lines = (text: string) => text.split('\n').filter((one) => one.startsWith('> - '));
    expect(lines(renderStatus({ state: 'refused', differences }, {}, limit))).toEqual([
      `> ${line}`,
      '> - group `group-1`: `is not in the reviewed plan`',
      '> - and 3 more',
    ]);
    expect(
      lines(renderStatus({ state: 'refused', differences: differences.slice(0, 2) }, {}, limit)),
    ).toHaveLength(2);
    expect(
      lines(renderStatus({ state: 'refused', differences: differences.slice(0, 3) }, {}, limit))[2],
    ).toBe('> - and 1 more');
  });
});
