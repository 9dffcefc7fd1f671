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
  const hidden = hiddenCharactersIn(text);
  return [
    ...doubtsAboutWhole(text.trim(), label),
    ...(hidden.length === 0
      ? []
      : [doubt('hidden-character', `${label} ${holdsHidden(hidden)}`, TYPE_AGAIN)]),
  ];
}

const TYPE_AGAIN = 'Delete the value and type it again, unless the character belongs there.';

function doubt(code: string, message: string, hint: string, severity: Severity = 'warning'): Doubt {
  return { fault: new Fault(code, message, hint), severity };
}

/** Returns whether a text is a placeholder that another program was to fill in. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDERS.some(([shape]) => shape.test(text.trim()));
}

function doubtsAboutWhole(text: string, label: string): readonly Doubt[] {
  if (ENCRYPTED_BY_SOPS.test(text)) {
    const hint = 'Run `sops decrypt` first, or use `text_from` with a file that `regsync encrypt` made.';
    const message = `${label} is encrypted by sops, which regsync does not decrypt`;
    return [doubt('placeholder', message, hint, 'error')];
  }
  const [, written] = PLACEHOLDERS.find(([shape]) => shape.test(text)) ?? [];
  if (written !== undefined) {
    const message = `${label} is a placeholder, "${written}", and no program has filled it in`;
    const hint = `Write the value itself, or read it from a variable: ${variableFor(label)}.`;
    return [doubt('placeholder', message, hint, 'error')];
  }
  if (REMINDER.test(text)) {
    const message = `${label} looks like a placeholder for a value to come`;
    return [doubt('looks-unfilled', message, 'Write the value in its place before you apply.')];
  }
  if (!FOREIGN_QUOTES.test(text)) return [];
  const message = `${label} is in curly quotes, which YAML reads as part of the value`;
  return [doubt('curly-quotes', message, 'Write straight quotes: "…".')];
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

/** Names of people and fields of addresses take their own variable; `text_from` beside them is an unknown key. */
function variableFor(label: string): string {
  const [, key] = /^"(.*)"$/.exec(label) ?? [];
  return key === undefined || key === 'text'
    ? '`text_from: { env: REGSYNC_VAR_NAME }`'
    : `\`${key}: { env: REGSYNC_VAR_NAME }\`, if this key takes one`;
}

/** Words that mean a value to come. They may also be a real name, so they cause only a warning. */
const REMINDER =
  /^(?:<[^<>]+>|\[[^[\]]+\]|todo\b.{0,40}|tbd|fixme\b.{0,40}|x{3,20}|change[ _-]?me|(?:fill|replace)[ _-]?(?:me|this)(?:[ _-]in)?|\$[A-Z][A-Z0-9_]*|%[A-Z][A-Z0-9_]*%|__[A-Z][A-Z0-9_]*__|\$\([A-Z_][\w.-]*\)|#\{[^{}]*\}#?)$/i;

/** Curly quotes around a text: a word processor inserts them, and YAML reads them as part of the value. */
const FOREIGN_QUOTES = /^(?:[“”„‟][^“”„‟]*[“”‟]|[‘’‚‛][^‘’‚‛]*[‘’‛]|[＂][^＂]*[＂])$/u;
