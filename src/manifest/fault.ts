import type { Problem, Severity, SourcePosition } from '../model/problem.ts';
import { quotedPath } from './visible.ts';

/** What is wrong, before anyone says where: a `Problem` is a fault at a place. Its texts hold nothing sensitive. */
export class Fault {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    this.code = code;
    this.message = message;
    this.hint = hint;
  }

  /** The same, saying of which file: where the place is not that file. */
  about(path: string): Fault {
    return new Fault(this.code, `${quotedPath(path)}: ${this.message}`, this.hint);
  }

  /** The same, saying of which entry of a list: where its line holds others, too. Counts from 1. */
  aboutEntry(number: number): Fault {
    const entry = `entry ${number}`;
    const named = this.message.replace(/^this (?:entry|requirement)\b/, entry);
    const message = named === this.message ? `${entry}: ${named}` : named;
    return new Fault(this.code, message, this.hint);
  }

  at(source: SourcePosition | null, severity: Severity = 'error'): Problem {
    const { code, message, hint } = this;
    return {
      severity,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(source === null ? {} : { source }),
    };
  }

  /** Of a file as a whole. */
  atFile(file: string): Problem {
    return this.at({ file, line: 1, column: 1 });
  }
}
