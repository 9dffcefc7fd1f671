import { describe, expect, it } from 'vitest';
import type { Terminal } from '../../../src/cli/session/terminal.ts';
import { waitForReviews } from '../../../src/cli/status/wait.ts';
import { InterruptedError } from '../../../src/model/errors.ts';
import type { StatusReport } from '../../../src/model/report/status.ts';
import { plain } from '../../../src/render/text/paint.ts';
import type { ReadClient } from '../../../src/telnyx/client.ts';
import { groupStatus, statusReport } from '../../support/reports.ts';

/** Without a server: a wait whose time is up before its first look, and which must ask nobody for anything. */
function wait(first: StatusReport, later: readonly StatusReport[], signal = new AbortController().signal) {
  const readings = [...later];
  const said: string[] = [];
  const terminal = {
    meter: { enter: () => {} },
    signal,
    isLive: false,
    errPaint: plain,
    err: (text: string) => said.push(text),
    errSize: () => ({ columns: 80, rows: 24 }),
  } as unknown as Terminal;
  const read = async () => {
    const reading = readings.shift();
    if (reading === undefined) throw new Error('it is not read again');
    return reading;
  };
  const context = {
    terminal,
    options: {},
    client: {} as ReadClient,
    timeoutMs: 0,
    scope: 'all' as const,
    read,
  };
  return { waited: waitForReviews(first, context), said, left: () => readings.length };
}

const reviewed = statusReport([groupStatus(), groupStatus({ name: 'fr-local', status: 'declined' })]);
const reviewing = statusReport([groupStatus({ name: 'de-local', status: 'pending-approval' })]);
const missing = statusReport([groupStatus({ name: 'de-local', status: 'absent', id: null })]);

describe('a wait for reviews', () => {
  it('ends with what was read where nothing is under review', async () => {
    const { waited, said } = wait(reviewed, []);
    expect(await waited).toEqual({ report: reviewed, ended: 'reviewed' });
    expect(said).toEqual([]);
  });

  it('that is out of time ends with what is read last, whatever lists said before', async () => {
    const { waited, said, left } = wait(reviewing, [reviewed]);
    expect(await waited).toEqual({ report: reviewed, ended: 'reviewed' });
    expect([said, left()]).toEqual([['Waiting for 1 group under review (de-local), for 0 s at most.\n'], 0]);
  });

  it('that is out of time says so while something is still under review', async () => {
    const later = statusReport([...reviewed.groups, ...reviewing.groups]);
    expect(await wait(reviewing, [later]).waited).toEqual({ report: later, ended: 'timed-out' });
  });

  it('is interrupted while a group that was just applied is still missing from lists', async () => {
    await expect(wait(missing, [], AbortSignal.abort()).waited).rejects.toThrow(
      new InterruptedError('interrupted: nothing was under review'),
    );
  });
});
