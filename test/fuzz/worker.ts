import { writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Examination, examine } from './examine.ts';
import { openInputs } from './inputs.ts';

/** What a run is told: which inputs, and which of them are its own. */
export interface Task {
  readonly root: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** Where to put the inputs instead of looking at them. */
  readonly keepIn: string | null;
}

/**
 * Says on `channel` which input comes next before it looks at it, so that the parent knows which one it was when nothing
 * more is said; then what was found, and in how much processor time. Each on a line, in JSON.
 */
export function work(task: Task, channel: number): void {
  const inputs = openInputs(task.root, task.seed);
  const say = (message: object): void => writeAll(channel, `${JSON.stringify(message)}\n`);
  for (let index = task.from; index < task.to; index += task.step) {
    const input = inputs.at(index);
    if (task.keepIn !== null) {
      writeFileSync(join(task.keepIn, `${index}.yaml`), input.bytes);
      continue;
    }
    say({ index });
    const before = process.cpuUsage();
    const examination = examineSafely(() => examine(input));
    const { user, system } = process.cpuUsage(before);
    say({ index, ...examination, cpuMs: (user + system) / 1000 });
  }
  say({ finished: true });
}

function examineSafely(attempt: () => Examination): Examination {
  try {
    return attempt();
  } catch (error) {
    return { accepted: 0, codes: [], findings: [`exception: ${(error as Error).stack ?? String(error)}`] };
  }
}

/** A pipe may be full for a moment. */
function writeAll(channel: number, text: string): void {
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(channel, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

const { FUZZ_TASK } = process.env;
if (FUZZ_TASK !== undefined) work(JSON.parse(FUZZ_TASK), 3);
