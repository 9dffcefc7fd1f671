import { describe, expect, it } from 'vitest';
import { expected, finding, handled, unhandled, unseen } from '../../../src/doctor/verdict.ts';
import { EXIT } from '../../../src/model/exit.ts';
import type { DoctorReport } from '../../../src/model/report/doctor.ts';
import { renderDoctorText } from '../../../src/render/text/doctor-text.ts';

describe("a doctor's report as text", () => {
  it('marks what is as expected, what is otherwise, what regsync cannot handle, and what nobody could look at', () => {
    const report: DoctorReport = {
      regsyncVersion: '0.1.0',
      findings: [
        finding('setup', ['Node', 'Node'], expected('20.20.2')),
        finding('telnyx', ['clock', 'clock'], handled('2 minutes behind')),
        finding('telnyx', ['permission', 'permission'], unhandled(EXIT.auth, 'the key is refused')),
        finding('api', ['ids', 'ids'], unseen('nothing to look at: the account is empty')),
      ],
      exit: EXIT.auth,
    };
    const paint = (colour: string, text: string) => (colour === 'bold' ? text : `${colour}(${text})`);
    expect(renderDoctorText(report, { paint })).toBe(`regsync doctor

This machine
  green(✓)  Node        20.20.2

The way to Telnyx
  yellow(~)  clock       2 minutes behind
  red(✗)  permission  the key is refused

What the account shows of the API
  dim(·)  ids         dim(nothing to look at: the account is empty)

Doctor: 1 as expected, 1 otherwise but handled, 1 not handled, 1 with nothing to look at.
`);
  });
});
