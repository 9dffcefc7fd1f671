import { EXIT, type ExitCode } from '../model/exit.ts';
import type { Finding, Section, Verdict } from '../model/report/doctor.ts';

export function expected(message: string): Verdict {
  return { status: 'expected', message, exit: null, isSeen: true };
}

/** The API or the machine differs from the expectation, but regsync works. */
export function handled(message: string): Verdict {
  return { status: 'handled', message, exit: null, isSeen: true };
}

/** @param exit the exit code of a plan that fails over it. */
export function unhandled(exit: ExitCode, message: string): Verdict {
  return { status: 'unhandled', message, exit, isSeen: true };
}

/** Telnyx is not reached, or answers something that a plan cannot use. */
export function unreadable(message: string): Verdict {
  return unhandled(EXIT.unreachable, message);
}

export function unauthorised(message: string): Verdict {
  return unhandled(EXIT.auth, message);
}

/** Something on this machine or in the repository has to be corrected. */
export function invalid(message: string): Verdict {
  return unhandled(EXIT.invalid, message);
}

export function unseen(message: string): Verdict {
  return { status: 'handled', message, exit: null, isSeen: false };
}

/**
 * Combines several verdicts on one subject. The worst standing counts, and the messages of all that are not
 * expected are joined.
 */
export function combine(verdicts: readonly Verdict[]): Verdict {
  const seen = verdicts.filter(({ isSeen }) => isSeen);
  const worst =
    seen.find(({ status }) => status === 'unhandled') ?? seen.find(({ status }) => status === 'handled');
  if (worst !== undefined) {
    const told = seen.filter(({ status }) => status !== 'expected');
    return { ...worst, message: told.map(({ message }) => message).join('; ') };
  }
  const [first = unseen('nothing to look at')] = seen.length > 0 ? seen : verdicts;
  return seen.length === 0 ? first : { ...first, message: seen.map(({ message }) => message).join('; ') };
}

export function finding(
  section: Section,
  [id, subject]: readonly [id: string, subject: string],
  verdict: Verdict,
  account: string | null = null,
): Finding {
  return { id, section, account, subject, ...verdict, assumption: null };
}

export function exitOf(findings: readonly Finding[]): ExitCode {
  return findings.find(({ exit }) => exit !== null)?.exit ?? EXIT.ok;
}

/** `a`, `a and b`, `a, b and c` */
export function enumerate(words: readonly string[]): string {
  if (words.length <= 1) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `1 row`, `2 rows` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
