import { GIVE_UP } from './give-up.ts';
import { PlainDocument } from './plain-document.ts';
import { PlainReader } from './plain-reader.ts';
import { MOST_LEXEMES, type YamlNode } from './yaml-node.ts';

/**
 * Reads manifests as nearly everybody writes them: mappings and lists by indentation, values on the line of
 * their key, plain or in quotes, `{ }` and `[ ]` within a line, comments. It is some twenty times as fast as
 * the library.
 *
 * It reports no mistakes. It gives up at anything that may be unsound, and the full reader then reads the
 * text and has a message for every mistake. Its results equal those of the full reader, offset by offset; a
 * property test checks this, and every rule below serves it.
 *
 * @returns the documents, or null.
 */
export function readPlainYaml(text: string): readonly YamlNode[] | null {
  if (text.length > LONGEST || UNUSUAL.test(text)) return null;
  try {
    const reader = new PlainReader(text);
    const values = reader.readDocuments();
    const read = { values, places: Int32Array.from(reader.places) };
    return values.map((_, index) => new PlainDocument(read, index));
  } catch (thrown) {
    if (thrown === GIVE_UP) return null;
    throw thrown;
  }
}

/** A character makes at most two lexemes, so a longer text might exceed the limit on them. */
const LONGEST = MOST_LEXEMES / 2;
/** Matches tabs, carriage returns, surrogates, other line ends, and unprintable characters. */
const UNUSUAL = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
