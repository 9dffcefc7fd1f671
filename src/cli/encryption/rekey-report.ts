import { isEncryptedPath } from '../../model/privacy/encrypted-path.ts';
import type { SourcePosition } from '../../model/problem.ts';
import { visible } from '../../model/text/visible.ts';
import { renderJson } from '../../render/json.ts';
import { count } from '../../render/words/wording.ts';
import type { RekeyCommandOptions } from '../rekey.ts';
import type { Terminal } from '../session/terminal.ts';
import type { RekeyRun } from './rekey-run.ts';

/** Prints the files that were encrypted again, and who can or cannot decrypt them now. */
export function reportRekeyed(terminal: Terminal, options: RekeyCommandOptions, run: RekeyRun): void {
  const { rekeyed, current, recipients } = run;
  if (options.format === 'json') {
    const place = ({ file, line }: SourcePosition) => ({ file, line });
    terminal.out(
      renderJson({ rekeyed: rekeyed.map(place), current: current.map(place), recipients: recipients.length }),
    );
  } else {
    for (const place of rekeyed)
      terminal.out(`${nameOf(place)}  encrypted for ${count(recipients.length, 'recipient')}\n`);
    terminal.out(summary(run));
  }
  if (options.quiet || rekeyed.length === 0) return;
  terminal.err(
    'notice: a person who could decrypt the old files still can, because git keeps the old versions.\n',
  );
  if (run.locksOut) {
    terminal.err(
      'warning: none of your identities is among the recipients, so you cannot decrypt the new files.\n',
    );
  }
}

function nameOf({ file, line }: SourcePosition): string {
  return isEncryptedPath(file) ? visible(file) : `${visible(file)}:${line}`;
}

function summary({ rekeyed, current }: RekeyRun): string {
  if (rekeyed.length + current.length === 0) return NOTHING_NAMED;
  if (rekeyed.length === 0)
    return `Nothing to do: the encrypted files and texts (${current.length}) are already for these recipients.\n`;
  return `Encrypted again: ${rekeyed.length}. Already for these recipients: ${current.length}.\n`;
}

/** The message names the limit of `rekey`: files that no manifest names may be encrypted too. */
const NOTHING_NAMED =
  'Nothing to do: your manifests contain no encrypted texts and name no encrypted files.\n';
