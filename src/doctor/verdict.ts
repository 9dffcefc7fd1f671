import type { Finding, Section, Verdict } from '../model/doctor.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';

export function expected(message: string): Verdict {
  return { standing: 'expected', message, exit: null, isSeen: true };
}

/** Otherwise than expected, and regsync works all the same. */
export function handled(message: string): Verdict {
  return { standing: 'handled', message, exit: null, isSeen: true };
}

/** @param exit how a plan would end over it. */
export function unhandled(exit: ExitCode, message: string): Verdict {
  return { standing: 'unhandled', message, exit, isSeen: true };
}

export function unseen(message: string): Verdict {
  return { standing: 'handled', message, exit: null, isSeen: false };
}

/** Of several looks at one thing: the worst counts, and what is remarkable in each is told. */
export function combine(verdicts: readonly Verdict[]): Verdict {
  const seen = verdicts.filter(({ isSeen }) => isSeen);
  const worst =
    seen.find(({ standing }) => standing === 'unhandled') ??
    seen.find(({ standing }) => standing === 'handled');
  if (worst !== undefined) {
    const told = seen.filter(({ standing }) => standing !== 'expected');
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
