import { describe, expect, it } from 'vitest';
import { conclude } from '../../../src/cli/status/status.ts';
import {
  groupStatus,
  orderReport,
  ordersReport,
  requirementStatus,
  statusReport,
} from '../../support/reports.ts';

const approved = groupStatus({ name: 'approved' });
const reviewed = groupStatus({ name: 'reviewed', status: 'pending-approval' });
const declined = groupStatus({ name: 'declined', status: 'declined' });
const expired = groupStatus({ name: 'expired', status: 'expired' });
const absent = groupStatus({ name: 'absent', status: 'absent', id: null });
const expiring = groupStatus({
  name: 'expiring',
  requirements: [requirementStatus({ expires: '2031-01-03' })],
});

const inPast = { requirements: [requirementStatus({ expires: '2030-12-01' })] };
const past = groupStatus({ name: 'past', ...inPast });
const pastReviewed = groupStatus({ name: 'past', status: 'pending-approval', ...inPast });

const TIMED_OUT = (groups: string) =>
  ({
    exit: 4,
    trouble: {
      what: 'timed out',
      details: ` after 2 h: ${groups} still under review. To wait longer, run it again.`,
    },
  }) as const;
const DECLINED = (names: string) =>
  ({ exit: 4, trouble: { what: 'not approved:', details: ` ${names}` } }) as const;
const FINE = { exit: 0, trouble: null } as const;
const EXPIRY = {
  exit: 6,
  trouble: {
    what: '',
    details: 'exit code 6: something has expired, or expires within 0 days, in one',
  },
} as const;

describe('the end of a status', () => {
  it.each([
    ['without groups, after a wait', [], 'reviewed', FINE],
    ['with all approved, after a wait', [approved, approved], 'reviewed', FINE],
    ['with one still to be submitted, after a wait', [approved, absent], 'reviewed', FINE],
    ['with one declined', [declined], 'reviewed', DECLINED('declined')],
    ['with one declined of several', [approved, declined, absent], 'reviewed', DECLINED('declined')],
    ['with several not approved', [declined, approved, expired], 'reviewed', DECLINED('declined, expired')],
    ['with one under review, out of time', [reviewed], 'timed-out', TIMED_OUT('1 group')],
    ['with two of them, out of time', [reviewed, approved, reviewed], 'timed-out', TIMED_OUT('2 groups')],
    [
      'with one declined and one under review, out of time',
      [declined, reviewed],
      'timed-out',
      TIMED_OUT('1 group'),
    ],
    ['with one declined, without a wait', [declined, reviewed, absent], null, FINE],
    ['with one in which something expired, after a wait', [past, approved], 'reviewed', FINE],
    [
      'with one under review in which something expired, out of time',
      [pastReviewed],
      'timed-out',
      TIMED_OUT('1 group'),
    ],
    ['with one that expires, after a wait', [expiring, approved], 'reviewed', FINE],
  ] as const)('%s, is the same whether or not it is to fail on expiries', (_, groups, ended, end) => {
    const report = statusReport(groups);
    expect(conclude({ report, ended }, { timeout: 7_200_000 })).toEqual(end);
    expect(conclude({ report, ended }, { timeout: 7_200_000, failOnExpiry: 30 })).toEqual(end);
  });

  it.each([
    ['without a wait', 'expiring', [expiring], null, EXPIRY],
    ['without a wait', 'expired', [declined], null, EXPIRY],
    ['without a wait', 'under-review', [reviewed], null, FINE],
    ['after a wait', 'expiring', [expiring, approved], 'reviewed', EXPIRY],
    [
      'after a wait that one was declined in',
      'expiring',
      [expiring, declined],
      'reviewed',
      DECLINED('declined'),
    ],
    ['out of time', 'expiring', [expiring, reviewed], 'timed-out', TIMED_OUT('1 group')],
  ] as const)(
    '%s, with attention to what is %s, fails on it only where it is asked to',
    (_, code, groups, ended, end) => {
      const report = statusReport(groups, [{ code, name: 'one', message: 'is said' }]);
      expect(conclude({ report, ended }, { timeout: 7_200_000, failOnExpiry: 0 })).toEqual(end);
      const unasked = conclude({ report, ended }, { timeout: 7_200_000 });
      expect(unasked).toEqual(end === EXPIRY ? FINE : end);
    },
  );
});

describe('the end of a wait for orders', () => {
  const underWay = orderReport({ name: 'berlin' });
  const done = orderReport({ name: 'paris', status: 'success', standing: 'done' });
  const lost = orderReport({ name: 'oslo', status: 'cancelled', standing: 'failed' });
  const refused = orderReport({ name: 'rome', standing: 'needs-work', declined: ['Seat'] });
  const lacking = orderReport({ name: 'bern', standing: 'needs-work', missing: ['Seat'] });
  const excepted = orderReport({
    name: 'port',
    kind: 'PortingOrder',
    status: 'exception',
    standing: 'needs-work',
  });

  it.each([
    ['with all done', [done], [approved], FINE],
    ['with one that lacks values, which the next apply may give it', [lacking], [], FINE],
    ['with lost and declined ones', [done, lost, refused], [], DECLINED('oslo, rome')],
    ['with a porting order in exception', [excepted], [], DECLINED('port')],
    ['with a declined group beside a lost order', [lost], [declined], DECLINED('declined, oslo')],
  ] as const)('%s', (_, orders, groups, end) => {
    const report = ordersReport(orders, [], groups);
    expect(conclude({ report, ended: 'reviewed' }, { timeout: 7_200_000 })).toEqual(end);
  });

  it.each([
    [[underWay, done], [reviewed], '1 group still under review and 1 order still under way'],
    [[done], [reviewed], '1 group still under review'],
    [[underWay, underWay], [approved], '2 orders still under way'],
  ] as const)('that is out of time says what is left', (orders, groups, left) => {
    const report = ordersReport(orders, [], groups);
    const { exit, trouble } = conclude({ report, ended: 'timed-out' }, { timeout: 7_200_000 });
    expect([exit, trouble?.details]).toEqual([4, ` after 2 h: ${left}. To wait longer, run it again.`]);
  });
});
