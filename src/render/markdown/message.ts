import { type Outside, outsideText, PARTS, type Sentence, type Worded } from '../../model/text/sentence.ts';
import { upperFirst } from '../words/wording.ts';
import { code } from './markdown.ts';

/**
 * Renders a message as the rest of a line: our own words as prose, anything else as code. A message without
 * parts may contain anything, so it is code as a whole.
 */
export function renderClause({ message, [PARTS]: parts }: Worded): string {
  return parts === undefined ? code(message) : parts.map(renderPart).join('');
}

/** Renders a message as a line of its own. */
export function renderMessage(told: Worded): string {
  return told[PARTS] === undefined ? renderClause(told) : asSentence(renderClause(told));
}

/**
 * Renders a message as lines, each quotation of a reviewer as a block of its own. An empty line ends each
 * quotation, because the words after it would belong to it.
 */
export function renderMessageLines({ message, [PARTS]: parts }: Worded): string[] {
  if (parts === undefined) return [code(message)];
  const lines: string[] = [];
  let line: Sentence = [];
  const endLine = () => {
    const text = asSentence(line.map(renderPart).join('').trim());
    if (text !== '') lines.push(text);
    line = [];
  };
  for (const part of parts) {
    if (typeof part === 'string' || part.as !== 'said') {
      line = [...line, part];
    } else {
      endLine();
      lines.push(...renderQuotation(part.text), '');
    }
  }
  endLine();
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Renders the words of a reviewer as a quotation, in which they are code, because they may contain anything. */
export function renderQuotation(words: string): string[] {
  return [`> ${code(words)}`];
}

function renderPart(part: Sentence[number]): string {
  if (typeof part !== 'string')
    return part.as === 'added' ? `add ${code(`--${part.text}`)}` : code(shownIn(part));
  return isPlain(part) ? part : code(part);
}

/** Returns the text without the quotes around it, because code is told apart without them. */
function shownIn(part: Outside): string {
  return part.as === 'option' ? outsideText(part) : part.text;
}

/**
 * Returns true for words in which neither Markdown nor GitHub sees anything to act on. Our own words are
 * always so. Words of others that are taken for ours by mistake remain code.
 */
function isPlain(words: string): boolean {
  const isTame = /^[A-Za-z0-9 .,;:()'"!?%/…–-]*$/.test(words) && !/:\/\/|www\.|\bGH-\d/i.test(words);
  return isTame && !/^ *(?:-|\d+[.)])/.test(words);
}

/** Begins the text with a capital letter, and ends it with a full stop. */
function asSentence(text: string): string {
  return /[A-Za-z0-9)`"]$/.test(text) ? `${upperFirst(text)}.` : upperFirst(text);
}
