import { SHOWN_KEYS } from '../../model/kinds.ts';
import { visible } from '../../model/text/visible.ts';

export interface CodeFrame {
  readonly text: string;
  /**
   * The column, from 1. It never exceeds the text, so a caret does not reveal the length of a redacted value.
   */
  readonly column: number;
}

const HIDDEN = '«…»';
const WIDEST = 120;
/** The longest line whose value may be shown: a longer one is only partly examined. */
const MAX_JUDGED = 400;

/**
 * Returns one line of a manifest for a caret to point at. Indentation and keys are as written, and values are
 * shown only if their key says that they are not private. It examines the line alone, because it must also
 * work in broken YAML.
 */
export function redactLine(line: string, column: number): CodeFrame {
  const start = line.slice(0, MAX_JUDGED);
  const indentation = /^(?:---(?= |$))?\s*(?:[-?] +)*(?:[-?]$)?/.exec(start)?.[0] ?? '';
  const rest = start.slice(indentation.length);
  const key = /^(["']?)[A-Za-z_][A-Za-z0-9_-]{0,62}\1 *:(?= |$) */.exec(rest)?.[0] ?? '';
  const value = rest.slice(key.length).trimEnd();
  const before = indentation.replaceAll('\t', ' ') + key;

  const isWhole = line.length <= MAX_JUDGED;
  const blank = isWhole ? /^(?:""|'')(?=$|\s+#)/.exec(value)?.[0] : undefined;
  if (blank !== undefined) return clamp(before + blank, Math.min(column, before.length + 1));
  if (isWhole && (value === '' || value === '...')) return clamp((before + value).trimEnd(), column);
  const shown = isWhole ? shownValue(key, value) : null;
  if (shown === null) return clamp(before + HIDDEN, Math.min(column, before.length + 1));
  const widest = shown.startsWith(value) ? before.length + value.length : before.length;
  return clamp(before + shown, Math.min(column, widest + 1));
}

/** Redacts a line of a block or quoted scalar that began above, because any such line is part of a value. */
export function redactContinuation(line: string, column: number): CodeFrame {
  const indentation = /^ */.exec(line.slice(0, WIDEST))?.[0] ?? '';
  return clamp(indentation + HIDDEN, Math.min(column, indentation.length + 1));
}

function clamp(text: string, column: number): CodeFrame {
  const cut = text.length > WIDEST ? `${text.slice(0, WIDEST)}…` : text;
  return { text: cut, column: Math.min(column, cut.length + 1) };
}

const WORD = /^[A-Za-z0-9_./+-]{1,64}$/;
const LINE = /^(?!.*:\s).{1,100}$/u;

const SHOWN_OF_CONFIGURATION: Readonly<Record<string, RegExp>> = {
  scope: WORD,
  manifests: LINE,
  max_deletes: WORD,
  max_delete_fraction: WORD,
  warn_days: WORD,
  allow_plaintext_documents: WORD,
};

/**
 * The keys whose values may be shown, in manifests of any kind, since a line does not tell the kind. A Map,
 * because `constructor` is a key like any other.
 */
const SHOWN: ReadonlyMap<string, RegExp> = new Map([
  ...['apiVersion', 'kind', 'name'].map((key) => [key, WORD] as const),
  ...[...Object.values(SHOWN_KEYS), SHOWN_OF_CONFIGURATION].flatMap((keys) => Object.entries(keys)),
]);

function shownValue(key: string, value: string): string | null {
  const shape = SHOWN.get(key.replace(/["']/g, '').replace(/ *: *$/, ''));
  if (shape === undefined) return null;
  const written = value.replace(/\s+#.*$/, '');
  const content = scalarContent(written);
  if (content === null || !shape.test(content)) return null;
  return visible(written) + (written === value ? '' : ` ${HIDDEN}`);
}

/** Returns the content of a scalar that begins and ends on this line, or null. */
function scalarContent(written: string): string | null {
  const quote = written[0];
  if (quote === '"' || quote === "'") {
    const content = written.slice(1, -1);
    return written.length > 1 && written.endsWith(quote) && !/["'\\]/.test(content) ? content : null;
  }
  return /^[[\]{}&*!|>%@`#,]/.test(written) ? null : written;
}
