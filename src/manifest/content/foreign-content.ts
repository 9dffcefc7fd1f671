import { Fault } from '../fault.ts';
import { type FileContent, hasPdfHeader, PDF, recognise, typeInWords, typeOf } from './file-type.ts';
import { explainLinkText } from './link-text.ts';
import type { Sample } from './sample.ts';
import { explainStandIn } from './stand-in.ts';

/**
 * Compares a document's first and last bytes with its name, and explains what it plainly is instead: a
 * pointer that a Git tool left in its place, a web page, an archive, half a PDF. Unknown bytes are not a
 * fault: `isRecognised` reports them.
 *
 * @returns null if nothing is wrong.
 */
export function explainDocument(path: string, sample: Sample): Fault | null {
  const standIn = explainStandIn(sample);
  if (standIn !== null) return standIn;
  const type = typeOf(path);
  if (type === undefined) return null;
  const found = recognise(sample.head);
  if (found !== null && type.holds.includes(found)) return found === PDF ? explainCutOff(sample) : null;
  if (type.holds.includes(PDF) && hasPdfHeader(sample.head)) return explainCutOff(sample);
  if (found !== null) return otherContent(path, found);
  return type.isText ? null : explainLinkText(sample);
}

/** Returns whether the bytes are of the type that the name states, or that type is text or unknown. */
export function isRecognised(path: string, { head }: Sample): boolean {
  const type = typeOf(path);
  if (type === undefined || type.isText) return true;
  const found = recognise(head);
  return (found !== null && type.holds.includes(found)) || (type.holds.includes(PDF) && hasPdfHeader(head));
}

/**
 * Explains a file that a value is read from, if its bytes are plainly not text. Some programs write their own
 * formats in ASCII letters.
 */
export function explainText(path: string, sample: Sample): Fault | null {
  const standIn = explainStandIn(sample);
  if (standIn !== null) return standIn;
  const found = recognise(sample.head);
  if (found === null || !IN_LETTERS.has(found)) return null;
  if (found === 'an age file') return otherContent(path, found);
  return new Fault('other-content', `this is ${found}, not a plain text`, 'Save it as plain text in UTF-8.');
}

const IN_LETTERS: ReadonlySet<FileContent> = new Set(['an age file', 'an RTF file', PDF, 'a ZIP archive']);

export const UNNAMED_AGE_FILE = 'unnamed-age-file';

function otherContent(path: string, found: FileContent): Fault {
  const words = typeInWords(path);
  if (found === 'an age file')
    return new Fault(
      UNNAMED_AGE_FILE,
      `this is ${found}, but its name ends otherwise`,
      'Let its name end in .age, here and in the repository.',
    );
  const ending = ENDINGS[found];
  const hint =
    ending === undefined
      ? `Put ${words} in its place: export or print it as a PDF, for example.`
      : `If it is the right file, rename it to end in ${ending}; otherwise put ${words} in its place.`;
  return new Fault('other-content', `its name says ${words}, but this is ${found}`, hint);
}

/** The endings of the files that Telnyx accepts. */
const ENDINGS: Partial<Record<FileContent, string>> = {
  'a PDF': '.pdf',
  'a PNG image': '.png',
  'a JPEG image': '.jpg',
};

/** Explains a PDF without its end mark. Some programs append other bytes to the mark. */
function explainCutOff({ tail }: Sample): Fault | null {
  return tail.includes('%%EOF') ? null : CUT_OFF;
}

const CUT_OFF = new Fault(
  'cut-off',
  'this PDF is cut off: its end is missing',
  'Download, copy or export the whole file again.',
);
