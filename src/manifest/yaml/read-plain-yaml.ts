import { GIVE_UP } from './give-up.ts';
import { PlainDocument } from './plain-document.ts';
import { PlainReader } from './plain-reader.ts';
import { MOST_LEXEMES, type YamlNode } from './yaml-node.ts';

/**
 * The short way for manifests as nearly everybody writes them: mappings and lists by indentation, values on the line of their
 * key, plain or in quotes, `{ }` and `[ ]` within a line, comments. It takes a twentieth of the time of the library.
 *
 * It says nothing about what is wrong, since nothing that it answers is: at whatever it does not know for certain to be sound,
 * it gives up, and the text is read by the reader that knows all of YAML and has a message for every mistake. Where it does
 * answer, it answers the same, offset by offset: that is a property in the tests, and every rule below is there for it.
 *
 * @returns the documents, or null
 */
export function readPlainYaml(text: string): readonly YamlNode[] | null {
  if (text.length > LONGEST || UNUSUAL.test(text)) return null;
  try {
    const values = new PlainReader(text, null).readDocuments();
    return values.map((value, index) => new PlainDocument(text, index, value));
  } catch (thrown) {
    if (thrown === GIVE_UP) return null;
    throw thrown;
  }
}

/** A character makes at most two lexemes, so that a longer text might be refused for them. */
const LONGEST = MOST_LEXEMES / 2;
/** Tabs and carriage returns, half characters and those beyond 16 bits, other line ends, and what does not print. */
const UNUSUAL = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
