import { describe, expect, it } from 'vitest';
import { plain } from '../../../src/render/text/paint.ts';
import { renderStatusText } from '../../../src/render/text/status-text.ts';
import { groupStatus, orderReport, ordersReport } from '../../support/reports.ts';

const STYLE = { paint: plain, columns: null };

describe('the orders of a status', () => {
  it('have a table of their own, with what they lack below', () => {
    const report = ordersReport(
      [
        orderReport({
          standing: 'needs-work',
          group: 'de-local',
          deadline: { date: '2031-01-08', days: 7 },
          missing: ['Contact Info', 'Proof\u001b'],
          declined: ['Seat'],
          parts: [{ id: 'part-1', status: 'pending', country_code: 'DE', phone_number_type: 'local' }],
          actions: ['update'],
        }),
        orderReport({
          name: 'paris',
          id: null,
          status: 'absent',
          standing: 'open',
          phone_numbers: 1,
          actions: ['create'],
        }),
        orderReport({
          kind: 'PortingOrder',
          name: 'port',
          status: 'ported',
          standing: 'done',
          phone_numbers: null,
        }),
      ],
      [
        {
          code: 'order-deadline',
          name: 'berlin',
          message: 'values wanted until 2031-01-08',
          source: { file: 'groups/orders.yaml', line: 1 },
        },
        { code: 'orphaned', name: 'elsewhere', message: 'no manifest names it' },
      ],
      [groupStatus()],
    );
    expect(renderStatusText(report, STYLE).split('\n').slice(2)).toEqual([
      '     Group     For                Status    Filled  First expiry',
      '  ✓  de-local  DE local ordering  approved  1/1',
      '',
      '     Order   For                       Status   Missing   Deadline',
      '  ✗  berlin  2 phone numbers           pending  2 values  2031-01-08  in 7 days',
      '     @ group de-local',
      '     ·  sub number order part-1  DE local  pending',
      '     ! Contact Info  no value',
      '     ! Proof\\u001b  no value',
      '     ✗ Seat  declined',
      '     ! values wanted until 2031-01-08  groups/orders.yaml:1',
      '     > the next apply updates it',
      '  ·  paris   1 phone number            absent',
      '     > the next apply places it, with --allow-orders',
      '  ✓  port    porting of phone numbers  ported',
      '',
      '  ! elsewhere  no manifest names it',
      '',
      '1 group: 1 approved. 3 orders: 1 done, 1 not started, 1 needs work.',
      '',
    ]);
  });

  it('leave the attention of a group of the same name to the group', () => {
    const attention = [{ code: 'unfulfilled', name: 'de-local', message: 'no value' }] as const;
    const report = ordersReport([orderReport({ name: 'de-local' })], attention, [groupStatus()]);
    expect(renderStatusText(report, STYLE).match(/! no value/g)).toHaveLength(1);
  });
});
