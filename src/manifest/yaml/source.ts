import { posix } from 'node:path';
import type { Problem, Severity, SourcePosition } from '../../model/problem.ts';
import type { Fault } from '../fault.ts';
import { type CodeFrame, redactContinuation, redactLine } from './code-frame.ts';

/** The text of a manifest, which turns offsets into positions and faults into problems. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  readonly folder: string;
  #lineStarts: readonly number[] | null = null;
  readonly #continuations = new Set<number>();

  constructor(file: string, text: string) {
    this.file = file;
    this.folder = posix.dirname(file);
    this.text = text;
  }

  /** Marks a scalar between these offsets, so that no excerpt shows its lines after the first. */
  coverScalar(start: number, end: number): void {
    const first = this.#lineAt(start);
    // A scalar that ends with a newline does not reach the line after it.
    const last = this.#lineAt(Math.max(start, end - 1));
    for (let line = first + 1; line <= last; line++) this.#continuations.add(line);
  }

  /** Marks the line at this offset, so that no excerpt shows it, because its role is unknown. */
  coverLine(offset: number): void {
    this.#continuations.add(this.#lineAt(offset));
  }

  position(offset: number): SourcePosition {
    const { line, excerpt } = this.#look(offset);
    return { file: this.file, line: line + 1, column: excerpt.column };
  }

  problem(offset: number, fault: Fault, severity: Severity = 'error'): Problem {
    const { line, excerpt } = this.#look(offset);
    const source = { file: this.file, line: line + 1, column: excerpt.column };
    return { ...fault.at(source, severity), excerpt: excerpt.text };
  }

  #look(offset: number): { line: number; excerpt: CodeFrame } {
    const line = this.#lineAt(offset);
    const starts = this.#starts();
    const start = starts[line] ?? 0;
    const end = (starts[line + 1] ?? this.text.length + 1) - 1;
    const content = this.text.slice(start, end).replace(/\r$/, '');
    const column = Math.min(offset - start, content.length) + 1;
    const redact = this.#continuations.has(line) ? redactContinuation : redactLine;
    return { line, excerpt: redact(content, column) };
  }

  #lineAt(offset: number): number {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Computes the line starts on demand, since most files need no positions. */
  #starts(): readonly number[] {
    this.#lineStarts ??= lineStartsOf(this.text);
    return this.#lineStarts;
  }
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
