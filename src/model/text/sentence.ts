/**
 * A message in parts, so that a page can show our own words as prose, and names, ids and the words of others as
 * code. The text of a message does not tell them apart, and text from outside must not act as markup.
 */

/** Our own words. Only this file makes them, from the literals in the program. */
export type Prose = string & { readonly [ours]: true };

declare const ours: unique symbol;

/** A name, an id, or any other text that may come from outside. */
export interface Outside {
  /**
   * `name` is shown as it is, `quoted` between quotes, `typed` between backticks, because a person types it.
   * `option` is an option of the command line without its dashes, with its value after a space. `added` asks to
   * add one. `said` is the words of a reviewer.
   */
  readonly as: (typeof FORMS)[number];
  readonly text: string;
}

const FORMS = ['name', 'quoted', 'typed', 'option', 'added', 'said'] as const;

export type MessagePart = Prose | Outside;
export type Sentence = readonly MessagePart[];

/**
 * The parts of an object's message. The key is a symbol, because they are no part of the public JSON: files,
 * digests and policies see the message alone. Without them, the whole message counts as text from outside.
 */
export const PARTS: unique symbol = Symbol('parts');

export interface Worded {
  readonly message: string;
  readonly [PARTS]?: Sentence;
}

type Inserted = string | number | Outside | Sentence;

/** A text of the type `string` may be anything. One of a literal type is in the program. */
type Ours<Value> = Value extends string
  ? string extends Value
    ? 'Text that may come from outside needs named(), quoted() or typed().'
    : Value
  : Value;

/** Makes a sentence of a template: sentence`the group ${quoted(name)} has ${count} values` */
export function sentence<const Values extends readonly Inserted[]>(
  literals: TemplateStringsArray,
  ...values: Values & { readonly [Index in keyof Values]: Ours<Values[Index]> }
): Sentence {
  return merge(literals.flatMap((literal, index) => [literal, ...partsOf(values[index])]));
}

/** Returns the message with its parts, to be spread into the object that says it. */
export function worded(parts: Sentence): Required<Worded> {
  return { message: textOf(parts), [PARTS]: parts };
}

export function textOf(parts: Sentence): string {
  return parts.map((part) => (typeof part === 'string' ? part : outsideText(part))).join('');
}

export function outsideText({ as, text }: Outside): string {
  switch (as) {
    case 'name':
      return text;
    case 'quoted':
    case 'said':
      return `"${text}"`;
    case 'typed':
      return `\`${text}\``;
    case 'option':
      return `--${text}`;
    case 'added':
      return `add --${text}`;
    default:
      return as satisfies never;
  }
}

export function named(text: string): Outside {
  return { as: 'name', text };
}

export function quoted(text: string): Outside {
  return { as: 'quoted', text };
}

export function typed(text: string): Outside {
  return { as: 'typed', text };
}

/** @param value the value of the option; absent for one without. */
export function option(flag: string, value?: string): Outside {
  return { as: 'option', text: value === undefined ? flag : `${flag} ${value}` };
}

/** Asks to add an option to the command. On a forge there is no command, so that it says another thing there. */
export function added(flag: string, value?: string): Outside {
  return { ...option(flag, value), as: 'added' };
}

/** The words of a reviewer. */
export function said(text: string): Outside {
  return { as: 'said', text };
}

/** A day or the code of a country, which read as prose. Another text in its place is a name. */
export function plain(text: string): MessagePart {
  return /^(?:\d{4}-\d{2}-\d{2}|[A-Z]{2})$/.test(text) ? (text as Prose) : named(text);
}

/** @param separator our own words. */
export function joined<const Separator extends string>(
  parts: readonly (MessagePart | Sentence)[],
  separator: Separator & Ours<Separator>,
): Sentence {
  return merge(parts.flatMap((part, index) => [index === 0 ? '' : separator, ...partsOf(part)]));
}

function partsOf(value: Inserted | undefined): readonly (string | Outside)[] {
  if (value === undefined) return [];
  if (typeof value === 'number') return [String(value)];
  if (typeof value === 'string' || 'as' in value) return [value];
  return value;
}

/** Returns the parts that were read from JSON, or null if they are not those of this message. */
export function readParts(value: unknown, message: string): Sentence | null {
  if (!Array.isArray(value) || !value.every(isPart)) return null;
  return textOf(value) === message ? value : null;
}

function isPart(value: unknown): value is MessagePart {
  if (typeof value === 'string') return true;
  const { as, text } = Object(value) as Record<string, unknown>;
  return typeof text === 'string' && FORMS.some((form) => form === as);
}

/** Joins neighbouring prose, so that one message has one form. */
function merge(parts: readonly (string | Outside)[]): Sentence {
  const merged: MessagePart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') merged.splice(-1, 1, `${last}${part}` as Prose);
    else merged.push(part as MessagePart);
  }
  return merged;
}
