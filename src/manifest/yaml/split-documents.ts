import { Composer, type CST, type Document, isScalar, type Node } from 'yaml';
import { Fault, Misplaced } from '../fault.ts';
import { explainError } from './explain-syntax.ts';

/** Splits the library's documents into parts, each with its first fault if it has one. */
export function splitDocuments(
  documents: readonly Document.Parsed[],
  lexical: readonly Misplaced[],
  text: string,
): Part[] {
  if (documents.length === 0) {
    return [{ at: 0, contents: null, misplaced: lexical[0] ?? new Misplaced(0, EMPTY_FILE) }];
  }
  const parts: Part[] = [];
  let nextLexical = 0;
  documents.forEach((document, index) => {
    const end = documents[index + 1]?.range[0] ?? text.length + 1;
    const faults: Misplaced[] = [];
    for (
      let next = lexical[nextLexical];
      next !== undefined && next.at < end;
      next = lexical[++nextLexical]
    ) {
      faults.push(next);
    }
    const error = firstOf([...document.errors, ...document.warnings], ({ pos }) => pos[0]);
    if (error !== null) faults.push(explainError(error, text));
    const at = document.range[0];
    const isEmpty = isScalar(document.contents) && document.contents.source === '';
    if (isEmpty && faults.length === 0) {
      const isTrailing = index > 0 && index === documents.length - 1;
      if (isTrailing && /^(?:---)?\s*(?:\.\.\.\s*)?$/.test(text.slice(at))) return;
      faults.push(new Misplaced(at, documents.length === 1 ? EMPTY_FILE : EMPTY_DOCUMENT));
    }
    parts.push({ at, contents: document.contents, misplaced: firstOf(faults, (fault) => fault.at) });
  });
  return parts;
}

/** Makes documents of concrete syntax. */
export function composeDocuments(cst: readonly CST.Token[]): Document.Parsed[] {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: false,
    strict: true,
  });
  return withoutStackTraces(() => [...composer.compose(cst)]);
}

/** Turns off stack traces. The library makes an Error of each of maybe tens of thousands of faults. */
function withoutStackTraces<Result>(act: () => Result): Result {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return act();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

interface Part {
  readonly at: number;
  readonly contents: Node | null;
  /** The first fault of the document. Later ones mostly follow from it. */
  readonly misplaced: Misplaced | null;
}

function firstOf<Value>(values: readonly Value[], place: (value: Value) => number): Value | null {
  return values.reduce<Value | null>((a, b) => (a === null || place(b) < place(a) ? b : a), null);
}

/** The code of a file or document without content. */
export const EMPTY = 'empty-manifest';

const EMPTY_FILE = new Fault(
  EMPTY,
  'this file is empty',
  'Write a manifest into it, or delete the file: regsync does not read an empty file as a deletion.',
);

const EMPTY_DOCUMENT = new Fault(
  EMPTY,
  'this YAML document is empty',
  'Write a manifest below the "---", or delete that line.',
);
