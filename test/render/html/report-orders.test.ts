import { describe, expect, it } from 'vitest';
import { renderReportHtml } from '../../../src/render/html/report-html.ts';
import { groupStatus, orderReport, ordersReport } from '../../support/reports.ts';

const lacking = orderReport({
  standing: 'needs-work',
  group: 'de-local',
  deadline: { date: '2031-01-08', days: 7 },
  missing: ['Contact <Info>'],
  declined: ['Seat'],
});
const done = orderReport({ name: 'paris', status: 'success', standing: 'done' });
const absent = orderReport({ name: 'oslo', id: null, status: 'absent', standing: 'open' });

describe('the orders in a report', () => {
  const page = renderReportHtml(ordersReport([lacking, done, absent], [], [groupStatus()]));

  it('have a table of their own, whose count agrees with its words and rows', () => {
    const [, section = ''] = page.split('<section id="orders">');
    const [table = ''] = section.split('</section>');
    expect(table).toContain('<h2>Orders <span class="count">3</span></h2>');
    expect(table).toContain('3 orders: 1 done, 1 not started, 1 needs work.');
    expect(table.match(/<th scope="row">/g)).toHaveLength(3);
    expect(table).toContain('<small>No value: <bdi>Contact &lt;Info&gt;</bdi></small>');
    expect(table).toContain('<small>Declined: <bdi>Seat</bdi></small>');
    expect(table).toContain('<time datetime="2031-01-08">2031-01-08</time> <small>in 7 days</small>');
    expect(table).toContain('pending, needs work</span>');
    expect(table).toContain('not started</span>');
  });

  it('that need work need attention, once, and say what they lack', () => {
    const [, section = ''] = page.split('<section id="attention">');
    const [attention = ''] = section.split('</section>');
    expect(attention).toContain('Needs attention <span class="count">1</span>');
    expect(attention).toContain('<h3><bdi>berlin</bdi> <span class="chip is-needs-work">');
    expect(attention).toContain('<b><bdi>Contact &lt;Info&gt;</bdi></b> has no value');
    expect(attention).not.toContain('no manifest');
  });

  it('are the heading where there is no group', () => {
    expect(renderReportHtml(ordersReport([done]))).toContain('<h1>1 order: 1 done</h1>');
  });

  it('are nowhere where there are none', () => {
    const { orders: _, ...report } = ordersReport([], [], [groupStatus()]);
    expect(renderReportHtml(report)).not.toContain('id="orders"');
  });
});
