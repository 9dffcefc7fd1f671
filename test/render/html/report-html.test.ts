import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REVIEW_STATES } from '../../../src/model/report/status.ts';
import { html } from '../../../src/render/html/html.ts';
import { renderReportHtml } from '../../../src/render/html/report-html.ts';
import { DARK, LIGHT } from '../../../src/render/html/report-style.ts';
import { WORLD } from '../../../src/render/html/world-map.ts';
import { groupStatus, requirementStatus, statusReport } from '../../support/reports.ts';
import { ROOT } from '../../support/root.ts';

describe('filling texts into markup', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    [`" onclick='x' &amp;`, '&quot; onclick=&#39;x&#39; &amp;amp;'],
    ['\u202egpj.exe\u0000', '\\u202egpj.exe\\u0000'],
  ])('%j comes out as text', (text, escaped) => {
    expect(html`<p title="${text}">${[text]}</p>`.text).toBe(`<p title="${escaped}">${escaped}</p>`);
  });
});

describe('the page', () => {
  const group = (name: string, status: string, given = {}) => groupStatus({ name, status, ...given });
  const dated = (name: string, status: string, expires: string) =>
    group(name, status, { requirements: [requirementStatus({ expires })] });
  const text = (markup: string) => markup.replace(/<style>.*<\/style>|<[^>]*>/gs, ' ').replace(/\s+/g, ' ');

  it('asks for nothing but its own style sheet, which its policy knows by digest', () => {
    const page = renderReportHtml(statusReport([group('de', 'approved')]));
    const [, policy = ''] = page.match(/Content-Security-Policy" content="([^"]*)"/) ?? [];
    const [, style = ''] = page.match(/<style>(.*?)<\/style>/s) ?? [];
    const digest = createHash('sha256').update(style).digest('base64');
    expect(policy.replaceAll('&#39;', "'")).toBe(
      `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`,
    );
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\ssrc=|\sstyle=|\son\w+=/i);
    expect(page).not.toMatch(/https?:/);
  });

  it.each([
    [[], 'No requirement groups yet'],
    [[group('a', 'approved')], 'The group is approved'],
    [[group('a', 'declined')], 'The group is not approved yet'],
    [[group('a', 'approved'), group('b', 'approved')], 'All 2 groups are approved'],
    [[group('a', 'approved'), group('b', 'absent', { id: null })], '1 of 2 groups is approved'],
    [[dated('a', 'approved', '2031-01-20')], 'The group is approved, and expiring'],
    [[dated('a', 'approved', '2030-12-01')], 'The group is approved, and expired'],
    [
      [
        group('a', 'approved'),
        dated('b', 'approved', '2031-01-20'),
        dated('c', 'approved', '2030-12-01'),
        dated('d', 'pending-approval', '2030-12-01'),
      ],
      '3 of 4 groups are approved, 1 of them expiring and 1 of them expired',
    ],
    [
      [group('a', 'approved'), dated('b', 'approved', '2031-01-20')],
      'All 2 groups are approved, 1 of them expiring',
    ],
  ])('says first how things are', (groups, heading) => {
    expect(renderReportHtml(statusReport(groups))).toContain(`<h1>${heading}</h1>`);
  });

  it('has numbers that agree: what is approved in its title is what the list below it adds up to', () => {
    const groups = [
      group('a', 'approved'),
      dated('b', 'approved', '2031-01-20'),
      dated('c', 'pending-approval', '2030-12-01'),
      group('d', 'expired'),
    ];
    const page = renderReportHtml(statusReport(groups));
    const summary = page.slice(page.indexOf('<ul class="summary"'), page.indexOf('</header>'));
    expect(text(summary).trim()).toBe(
      '2 expired 1 approved 0 under review 0 not submitted 1 approved, expiring 0 needs work',
    );
  });

  it('names what has expired first, in red, and never calls it expiring', () => {
    const page = renderReportHtml(
      statusReport([group('a', 'declined'), dated('b', 'approved', '2030-12-01'), group('c', 'expired')]),
    );
    const section = page.slice(page.indexOf('id="attention"'), page.indexOf('id="map"'));
    expect([...section.matchAll(/class="matter is-([\w-]+)"/g)].map(([, standing]) => standing)).toEqual([
      'expired',
      'expired',
      'needs-work',
    ]);
    expect(section).toContain('approved, expired</span>');
    expect(section).toContain('</svg>expired</span>');
    expect(section).not.toContain('expiring');
  });

  it('puts what is worst first, with the line to change and what the reviewer wrote', () => {
    const declined = group('zurich', 'declined', {
      requirements: [
        requirementStatus({
          name: 'Proof',
          status: 'declined',
          source: { file: 'groups/ch.yaml', line: 17 },
        }),
      ],
      comments: [{ body: 'Too dark.\nAgain, please.', created_at: '2030-12-24T08:00:00Z', by: 'reviewer' }],
    });
    const attention = [
      { code: 'no-pre-approval', name: 'milan', message: 'IT has no pre-approval' },
      { code: 'under-review', name: 'paris', message: 'is under review' },
      { code: 'declined', name: 'zurich', message: 'declined: Proof' },
    ] as const;
    const groups = [group('milan', 'unapproved'), group('paris', 'pending-approval'), declined];
    const page = renderReportHtml(statusReport(groups, attention));
    const section = page.slice(page.indexOf('id="attention"'), page.indexOf('id="map"'));
    expect(text(section)).toContain(
      'Needs attention 2 zurich declined DE · local · ordering Proof was declined: change it at groups/ch.yaml:17 Too dark. Again, please. Reviewer, 2030-12-24 milan unapproved',
    );
    expect(section).not.toContain('is under review');
  });

  it('says of a group that no manifest names it, and not of an order that one names', () => {
    const page = renderReportHtml(
      statusReport(
        [],
        [
          { code: 'orphaned', name: 'cork', message: 'orphaned group 7: no manifest names it' },
          {
            code: 'order-exception',
            name: 'berlin-port',
            message: 'is held up',
            source: { file: 'ports.yaml', line: 3 },
          },
        ],
      ),
    );
    const [orphan, order] = page.split('<li class="matter').slice(1);
    expect(text(orphan ?? '')).toContain('cork no manifest');
    expect(text(order ?? '')).toMatch(/berlin-port is held up ports\.yaml:3/);
  });

  it('shows a country as its worst group stands, by colour, sign and words', () => {
    const groups = [group('a', 'approved'), group('b', 'approved'), group('c', 'declined')];
    expect(renderReportHtml(statusReport(groups))).toMatch(
      /<a class="tile is-needs-work" href="#country-DE" title="(DE 2\/3, Germany: 2 approved, 1 needs work)" aria-label="\1"><b>DE<\/b> <svg class="icon" aria-hidden="true"><use href="#icon-needs-work"\/><\/svg> <span>2\/3<\/span><\/a>/,
    );
  });

  it('counts what expires by month, from what is past to what is later than a year', () => {
    const dates = ['2030-12-01', '2031-01-10', '2031-03-01', '2031-03-31', '2032-01-01', '2040-01-01'];
    const requirements = dates.map((expires) => requirementStatus({ name: `Paper ${expires}`, expires }));
    const page = renderReportHtml(statusReport([group('de', 'approved', { requirements })]));
    expect(page).toContain(
      'aria-label="Expiries by month. past: 1; January 2031: 1; March 2031: 2; later: 2"',
    );
    expect(text(page)).toContain('2030-12-01 31 days ago expired Paper 2030-12-01');
    expect(text(page)).toContain('2031-01-10 in 9 days soon Paper 2031-01-10');
  });

  it('never leaves out what is past or near, and counts the rest', () => {
    const requirements = Array.from({ length: 40 }, (_, index) =>
      requirementStatus({ expires: index < 25 ? '2031-01-20' : '2031-11-20' }),
    );
    const page = renderReportHtml(statusReport([group('de', 'approved', { requirements })]));
    const table = page.slice(page.indexOf('class="expiries"'), page.indexOf('id="groups"'));
    expect(table.match(/<tr><th scope="row">/g)).toHaveLength(25);
    expect(table).toContain('15 more, each with its group below.');
  });

  it('is as quick as it is large: two thousand groups are one page, folded by country', () => {
    const groups = Array.from({ length: 2000 }, (_, index) =>
      group(`group-${index}`, index % 7 === 0 ? 'declined' : 'approved', {
        country_code: ['DE', 'FR', 'GB', 'JP'][index % 4],
        requirements: Array.from({ length: 5 }, () => requirementStatus({ expires: '2031-06-01' })),
      }),
    );
    const page = renderReportHtml(statusReport(groups));
    expect(page.length).toBeLessThan(6_000_000);
    expect(page.match(/<details class="group">/g)).toHaveLength(2000);
    expect(page.match(/<details[^>]* open>/g)).toBeNull();
  });
});

describe('the map', () => {
  const tiles = WORLD.flatMap((region) => region.tiles.map((tile) => ({ ...tile, region: region.name })));

  it('has a place for every country that a manifest can name, and each once', () => {
    const schema = readFileSync(join(ROOT, 'schemas/manifest.schema.json'), 'utf8');
    const enumerations = schema.match(/"enum": \[\s*"[A-Z]{2}"[^\]]*\]/g) ?? [];
    const known = enumerations
      .flatMap((one) => one.match(/"[A-Z]{2}"/g) ?? [])
      .map((code) => code.slice(1, 3));
    expect(new Set(known).size).toBeGreaterThan(240);
    expect(tiles.map(({ countryCode }) => countryCode).sort()).toEqual([...new Set(known)].sort());
  });

  it('shows a country that it does not know all the same', () => {
    const page = renderReportHtml(statusReport([groupStatus({ country_code: 'ZZ' })]));
    expect(page).toContain('href="#country-ZZ"');
  });

  it.each([
    ['NO', 'DE', 'row'],
    ['DE', 'IT', 'row'],
    ['PT', 'ES', 'column'],
    ['FR', 'DE', 'column'],
    ['DE', 'PL', 'column'],
    ['CA', 'MX', 'row'],
    ['BR', 'AR', 'row'],
    ['EG', 'ZA', 'row'],
    ['IN', 'CN', 'column'],
    ['JP', 'AU', 'row'],
  ] as const)('puts %s before %s, by %s', (first, second, axis) => {
    const place = (code: string) =>
      tiles.find(({ countryCode }) => countryCode === code)?.[axis] ?? Number.NaN;
    expect(place(first)).toBeLessThan(place(second));
  });
});

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('%s colours', (_, colours) => {
  const ratio = (ink: string, ground: string) => contrast(colours[ink] ?? '', colours[ground] ?? '');

  it('let every text be read: contrast of 4.5 and more (WCAG AA)', () => {
    const pairs = [
      ...['ink', 'soft', 'link'].flatMap((ink) => ['page', 'card'].map((ground) => [ink, ground] as const)),
      ['soft', 'blank'] as const,
      ...REVIEW_STATES.flatMap((name) =>
        ['page', 'card', `${name}-fill`].map((ground) => [`${name}-ink`, ground] as const),
      ),
    ];
    const weak = pairs.filter(([ink, ground]) => !(ratio(ink, ground) >= 4.5));
    expect(weak).toEqual([]);
  });

  it('set bars off from the page: contrast of 2 and more beside the number above each', () => {
    expect(REVIEW_STATES.filter((name) => !(ratio(`${name}-bar`, 'page') >= 2))).toEqual([]);
  });
});

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const channels = [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
