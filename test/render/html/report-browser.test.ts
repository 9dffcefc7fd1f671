import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GroupStatus, StatusReport } from '../../../src/model/report/status.ts';
import { renderReportHtml } from '../../../src/render/html/report-html.ts';
import {
  BROWSERS,
  type Browser,
  type Page,
  startBrowser,
  type View,
} from '../../support/programs/browser.ts';
import { whenInstalled } from '../../support/programs/programs.ts';
import { groupStatus, requirementStatus, statusReport } from '../../support/reports.ts';

const STATUSES = ['approved', 'pending-approval', 'declined', 'unapproved', 'expired', 'new-thing'];
const COUNTRIES = ['DE', 'FR', 'GB', 'US', 'BR', 'ZA', 'JP', 'AU', 'SG', 'IT', 'UM'];
const PAPERS = ['Contact Info', 'Business Registration', 'Proof of Local Address', 'Signed Regulatory Form'];

function manyGroups(number: number): GroupStatus[] {
  return Array.from({ length: number }, (_, index) =>
    groupStatus({
      name: `group-${index}`,
      country_code: COUNTRIES[index % COUNTRIES.length] ?? '',
      status: STATUSES[index % STATUSES.length] ?? '',
      requirements: PAPERS.map((name, paper) =>
        requirementStatus({
          name,
          status: 'approved',
          expires: `2031-${String(paper * 3 + 1).padStart(2, '0')}-15`,
        }),
      ),
    }),
  );
}

/** What a reviewer, a catalogue or a file name could try. */
const HOSTILE = [
  '<script>document.title = "taken over"</script>',
  '"><img src=x onerror="document.title=1">',
  "' onmouseover='document.title=1",
  '</style><style>*{display:none}</style>',
  '</textarea><svg/onload=document.title=1>',
  '<a href="javascript:document.title=1">click</a>',
  '&lt;script&gt;&#x3c;script&#x3e;',
  '\u202etxt.exe\u2066\u200b\u0000\u001b[31m',
  'x'.repeat(600),
  'سجل تجاري 商業登記 🏠',
].join(' ');

function hostileReport(): StatusReport {
  const comments = [{ body: `${HOSTILE}\n${HOSTILE}`, created_at: HOSTILE, by: 'reviewer' as const }];
  const source = { file: `groups/${HOSTILE}.yaml`, line: 3 };
  const requirements = [
    requirementStatus({ name: HOSTILE, status: 'declined', source, expires: '2031-01-05' }),
    requirementStatus({ name: HOSTILE, status: HOSTILE }),
  ];
  const group = groupStatus({
    name: HOSTILE,
    id: HOSTILE,
    status: 'declined',
    requirements,
    comments,
    source,
  });
  const other = groupStatus({
    status: HOSTILE,
    phone_number_type: HOSTILE,
    action: HOSTILE,
    country_code: HOSTILE,
  });
  const attention = [{ code: 'orphaned', name: HOSTILE, message: HOSTILE, source }] as const;
  return { ...statusReport([group, other], attention), scope: HOSTILE };
}

const WORLDS: Readonly<Record<string, StatusReport>> = {
  'no group': statusReport([]),
  'one group': statusReport(manyGroups(1)),
  'sixty groups': statusReport(manyGroups(60)),
  'five hundred groups': statusReport(manyGroups(500)),
  'hostile texts': hostileReport(),
};

describe.runIf(whenInstalled(...BROWSERS))('the report in a browser (chromium)', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regsync-report-'));
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function show(report: StatusReport, view: View): Promise<Page> {
    const path = join(folder, 'report.html');
    await writeFile(path, renderReportHtml(report));
    return browser.open(pathToFileURL(path).href, view);
  }

  const sizes = [360, 1280];
  it.each(Object.keys(WORLDS).flatMap((name) => sizes.map((width) => [name, width] as const)))(
    'shows %s at %i pixels: nothing to scroll sideways, no complaint, no request',
    async (name, width) => {
      const page = await show(WORLDS[name] as StatusReport, { width });
      expect(page.complaints).toEqual([]);
      expect(page.requests).toEqual([expect.stringMatching(/^file:.*report\.html$/)]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).toBe('1056px');
    },
  );

  it('shows hostile texts as texts: no script, no image, no link but its own, nothing hidden', async () => {
    const page = await show(WORLDS['hostile texts'] as StatusReport, { width: 1280 });
    const found = await page.evaluate<Record<string, unknown>>(`({
      made: document.querySelectorAll('script, img, textarea, iframe, body style, [onmouseover], [onerror], [onload]').length,
      links: [...document.querySelectorAll('a')].every((a) => a.getAttribute('href').startsWith('#')),
      title: document.title.startsWith('Requirement groups of <script>'),
      quote: document.querySelector('blockquote').innerText,
      visible: getComputedStyle(document.querySelector('blockquote')).display,
    })`);
    expect(found).toMatchObject({ made: 0, links: true, title: true, visible: 'block' });
    expect(found.quote).toContain('"><img src=x onerror="document.title=1">');
    expect(found.quote).toContain('\\u202etxt.exe\\u2066\\u200b\\u0000\\u001b[31m');
    expect(found.quote).toContain('سجل تجاري 商業登記 🏠');
  });

  it('would not load or run anything even if something got into it', async () => {
    const page = await show(WORLDS['one group'] as StatusReport, { width: 1280 });
    await page.evaluate(`(async () => {
      document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/canary.png' }));
      document.body.setAttribute('style', 'color: rgb(1, 2, 3)');
      document.body.insertAdjacentHTML('beforeend', '<b onclick="document.title=1">x</b>');
      document.querySelector('[onclick]').click();
      await new Promise((go) => setTimeout(go, 100));
    })()`);
    expect(
      page.complaints.filter((text) => text.includes('Content Security Policy')).length,
    ).toBeGreaterThanOrEqual(3);
    expect(await page.evaluate('document.title')).toContain('Requirement groups');
    expect(await page.evaluate('getComputedStyle(document.body).color')).not.toBe('rgb(1, 2, 3)');
  });

  it('can be walked through by headings, tables and links', async () => {
    const page = await show(WORLDS['sixty groups'] as StatusReport, { width: 1280 });
    const found = await page.evaluate<Record<string, unknown>>(`({
      lang: document.documentElement.lang,
      h1: document.querySelectorAll('h1').length,
      chapters: [...document.querySelectorAll('h2')].map((h) => h.firstChild.textContent.trim()),
      skipped: [...document.querySelectorAll('h1,h2,h3,h4')].filter((h, i, all) => i > 0 && h.tagName[1] - all[i - 1].tagName[1] > 1).length,
      tables: [...document.querySelectorAll('table')].filter((t) => !t.caption || t.querySelectorAll('th:not([scope])').length).length,
      images: [...document.querySelectorAll('svg')].filter((s) => s.getAttribute('aria-hidden') !== 'true' && !s.getAttribute('aria-label')).length,
      broken: [...document.querySelectorAll('a')].filter((a) => !document.querySelector(a.getAttribute('href'))).length,
      twice: [...document.querySelectorAll('[id]')].length - new Set([...document.querySelectorAll('[id]')].map((e) => e.id)).size,
      icons: [...document.querySelectorAll('use')].filter((u) => !document.querySelector(u.getAttribute('href'))).length,
    })`);
    expect(found).toEqual({
      lang: 'en',
      h1: 1,
      chapters: ['Needs attention', 'Countries', 'Expiry dates', 'Every group'],
      skipped: 0,
      tables: 0,
      images: 0,
      broken: 0,
      twice: 0,
      icons: 0,
    });
  });

  it('leads from a tile to the groups of its country, unfolding them', async () => {
    const page = await show(WORLDS['five hundred groups'] as StatusReport, { width: 1280 });
    const shown = `document.querySelector('#country-JP .group').checkVisibility({ contentVisibilityAuto: true })`;
    expect(await page.evaluate(shown)).toBe(false);
    const click = `document.querySelector('a[href="#country-JP"]').click()`;
    await page.evaluate(`(async () => { ${click}; await new Promise((go) => setTimeout(go, 200)); })()`);
    expect(await page.evaluate(shown)).toBe(true);
  });

  it('is dark for those who like it dark', async () => {
    const background = 'getComputedStyle(document.body).backgroundColor';
    const page = await show(WORLDS['one group'] as StatusReport, { width: 1280, dark: true });
    expect(await page.evaluate(background)).toBe('rgb(19, 22, 25)');
    const light = await show(WORLDS['one group'] as StatusReport, { width: 1280 });
    expect(await light.evaluate(background)).toBe('rgb(247, 247, 245)');
  });

  it('has on paper what is folded on a screen, on a light ground', async () => {
    const page = await show(WORLDS['sixty groups'] as StatusReport, { width: 720, print: true, dark: true });
    const rows = `[...document.querySelectorAll('.group tbody tr')]`;
    expect(await page.evaluate(`${rows}.length`)).toBe(240);
    expect(await page.evaluate(`${rows}.filter((row) => !row.checkVisibility()).length`)).toBe(0);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect((await page.print()).subarray(0, 5).toString()).toBe('%PDF-');
  });
});
