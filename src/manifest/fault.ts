import type { Problem, Severity, SourcePosition } from '../model/problem.ts';
import { quotedPath } from './visible.ts';

/**
 * A mistake without a position; a `Problem` is a fault at a position. Its texts contain nothing sensitive.
 */
export class Fault {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    this.code = code;
    this.message = message;
    this.hint = hint;
  }

  /** Returns the same fault with the file's path in the message, for a position that is not in that file. */
  about(path: string): Fault {
    return new Fault(this.code, `${quotedPath(path)}: ${this.message}`, this.hint);
  }

  /** Returns the same fault with the entry's number, from 1, if its line has several list entries. */
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

  /** Returns the problem for a file as a whole. */
  atFile(file: string): Problem {
    return this.at({ file, line: 1, column: 1 });
  }
}

/** A fault and its offset in a text. */
export class Misplaced {
  readonly at: number;
  readonly fault: Fault;
  constructor(at: number, fault: Fault) {
    this.at = at;
    this.fault = fault;
  }
}
