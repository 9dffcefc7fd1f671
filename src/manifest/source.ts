import type { Problem, Severity, SourcePosition } from '../model/problem.ts';
import { type Excerpt, maskContinuation, maskLine } from './excerpt.ts';
import type { Fault } from './fault.ts';

/** The text of a manifest, which turns offsets into positions and faults into problems. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  readonly #lineStarts: number[] = [0];
  readonly #continuations = new Set<number>();

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
      this.#lineStarts.push(at + 1);
  }

  /** Says that a scalar stands between these offsets: its lines but the first show nothing, whatever they look like. */
  coverScalar(start: number, end: number): void {
    const first = this.#lineAt(start);
    // A scalar that ends with a newline does not reach the line after it.
    const last = this.#lineAt(Math.max(start, end - 1));
    for (let line = first + 1; line <= last; line++) this.#continuations.add(line);
  }

  /** Says that nobody can tell what the line at this offset belongs to: it shows nothing. */
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

  #look(offset: number): { line: number; excerpt: Excerpt } {
    const line = this.#lineAt(offset);
    const start = this.#lineStarts[line] ?? 0;
    const end = (this.#lineStarts[line + 1] ?? this.text.length + 1) - 1;
    const content = this.text.slice(start, end).replace(/\r$/, '');
    const column = Math.min(offset - start, content.length) + 1;
    const mask = this.#continuations.has(line) ? maskContinuation : maskLine;
    return { line, excerpt: mask(content, column) };
  }

  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
