import type { Severity } from '../../model/problem.ts';
import { hiddenCharactersIn, holdsHidden } from '../../model/text/hidden-characters.ts';
import { Fault } from '../fault.ts';

/**
 * A suspicion that a text is not what its author meant: a placeholder that nobody filled in, the quotes of a
 * word processor, invisible characters. Telnyx would receive the text, and a reviewer there would be the
 * first to notice.
 */
export interface Doubt {
  readonly fault: Fault;
  readonly severity: Severity;
}

/**
 * Returns the doubts about a text.
 *
 * @param label the text's name in messages, such as `"text"`.
 */
export function doubtsAbout(text: string, label: string): readonly Doubt[] {
  const doubt = findPlaceholder(text.trim(), label) ?? findForeignQuotes(text.trim(), label);
  const hidden = hiddenCharactersIn(text);
  return [
    ...(doubt === null ? [] : [doubt]),
    ...(hidden.length === 0
      ? []
      : [{ fault: hiddenCharacters(label, hidden), severity: 'warning' } as const]),
  ];
}

/** Returns whether a text is a placeholder that another program was to fill in. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDERS.some(([shape]) => shape.test(text.trim()));
}

function findPlaceholder(text: string, label: string): Doubt | null {
  if (ENCRYPTED_BY_SOPS.test(text)) return { fault: encryptedBySops(label), severity: 'error' };
  for (const [shape, written] of PLACEHOLDERS) {
    if (shape.test(text)) return { fault: unfilled(label, written), severity: 'error' };
  }
  return REMINDER.test(text) ? { fault: reminder(label), severity: 'warning' } : null;
}

/** Patterns of whole texts. `written` replaces the text in messages, since it may contain private words. */
const PLACEHOLDERS: readonly (readonly [shape: RegExp, written: string])[] = [
  [/^\$\{\{.*\}\}$/s, `\${{ … }}`],
  [/^\$\{.*\}$/s, `\${…}`],
  [/^\{\{.*\}\}$/s, '{{ … }}'],
  [/^##[^#]+##$/, '##…##'],
  [/^@@[^@]+@@$/, '@@…@@'],
  [/^ENC\[.*\]$/s, 'ENC[…]'],
];

const ENCRYPTED_BY_SOPS = /^ENC\[AES256_GCM,/;

function unfilled(label: string, written: string): Fault {
  return new Fault(
    'placeholder',
    `${label} is a placeholder, "${written}", and no program has filled it in`,
    `Write the value itself, or read it from a variable: ${variableFor(label)}.`,
  );
}

/** Names of people and fields of addresses take their own variable; `text_from` beside them is an unknown key. */
function variableFor(label: string): string {
  const [, key] = /^"(.*)"$/.exec(label) ?? [];
  return key === undefined || key === 'text'
    ? '`text_from: { env: REGSYNC_VAR_NAME }`'
    : `\`${key}: { env: REGSYNC_VAR_NAME }\`, if this key takes one`;
}

function encryptedBySops(label: string): Fault {
  return new Fault(
    'placeholder',
    `${label} is encrypted by sops, which regsync does not decrypt`,
    'Run `sops decrypt` first, or use `text_from` with a file that `regsync encrypt` made.',
  );
}

/** Words that mean a value to come. They may also be a real name, so they cause only a warning. */
const REMINDER =
  /^(?:<[^<>]+>|\[[^[\]]+\]|todo\b.{0,40}|tbd|fixme\b.{0,40}|x{3,20}|change[ _-]?me|(?:fill|replace)[ _-]?(?:me|this)(?:[ _-]in)?|\$[A-Z][A-Z0-9_]*|%[A-Z][A-Z0-9_]*%|__[A-Z][A-Z0-9_]*__|\$\([A-Z_][\w.-]*\)|#\{[^{}]*\}#?)$/i;

function reminder(label: string): Fault {
  return new Fault(
    'looks-unfilled',
    `${label} looks like a placeholder for a value to come`,
    'Write the value in its place before you apply.',
  );
}

/**
 * Finds curly quotes around a text: a word processor inserts them, and YAML reads them as part of the value.
 */
function findForeignQuotes(text: string, label: string): Doubt | null {
  if (!FOREIGN_QUOTES.test(text)) return null;
  const fault = new Fault(
    'curly-quotes',
    `${label} is in curly quotes, which YAML reads as part of the value`,
    'Write straight quotes: "…".',
  );
  return { fault, severity: 'warning' };
}

const FOREIGN_QUOTES = /^(?:[“”„‟][^“”„‟]*[“”‟]|[‘’‚‛][^‘’‚‛]*[‘’‛]|[＂][^＂]*[＂])$/u;

function hiddenCharacters(label: string, names: readonly string[]): Fault {
  return new Fault(
    'hidden-character',
    `${label} ${holdsHidden(names)}`,
    'Delete the value and type it again, unless the character belongs there.',
  );
}
