import { IN_QUOTES, type Mapping, PlainReader } from './plain-reader.ts';
import { GIVE_UP } from './plain-scalar.ts';
import { MAX_LEXEMES, NO_ENTRIES, NO_ITEMS, type YamlEntry, type YamlNode } from './yaml-node.ts';

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
const LONGEST = MAX_LEXEMES / 2;
/** Matches tabs, carriage returns, surrogates, other line ends, and unprintable characters. */
const UNUSUAL = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/** A text that was read as plain data: its documents, and the offsets from which their nodes are made. */
interface PlainText {
  readonly values: readonly Mapping[];
  readonly places: Int32Array;
}

/**
 * A document as plain data. It makes the nodes with the positions of its values on demand, since most
 * documents have no problem, and the nodes of ten thousand files would take much memory.
 */
class PlainDocument implements YamlNode {
  readonly value: unknown;
  readonly isEmpty = false;
  readonly openEnd = null;
  readonly items = NO_ITEMS;
  readonly #text: PlainText;
  /** The index of the document within the text. */
  readonly #index: number;

  constructor(text: PlainText, index: number) {
    this.#text = text;
    this.#index = index;
    this.value = text.values[index];
  }

  get at(): number {
    return this.#node.at;
  }

  get entries(): ReadonlyMap<string, YamlEntry> {
    return this.#node.entries;
  }

  get #node(): YamlNode {
    if (latest?.text !== this.#text) latest = { text: this.#text, nodes: makeNodes(this.#text) };
    return latest.nodes[this.#index] as YamlNode;
  }
}

/** The nodes of the latest text, because a caller that needs one position needs more of the same text. */
let latest: { readonly text: PlainText; readonly nodes: readonly YamlNode[] } | null = null;

function makeNodes({ values, places }: PlainText): readonly YamlNode[] {
  const maker = new NodeMaker(places);
  return values.map((value) => maker.make(value));
}

/** Makes nodes of values in the order in which they were read. */
class NodeMaker {
  readonly #places: Int32Array;
  #next = 0;

  constructor(places: Int32Array) {
    this.#places = places;
  }

  make(value: unknown): YamlNode {
    const at = this.#take();
    if (typeof value !== 'object' || value === null) {
      const end = this.#take();
      const openEnd = end === IN_QUOTES ? null : end;
      return { at, value, isEmpty: false, openEnd, entries: NO_ENTRIES, items: NO_ITEMS };
    }
    if (Array.isArray(value)) {
      const items = value.map((item) => this.make(item));
      return { at, value, isEmpty: false, openEnd: null, entries: NO_ENTRIES, items };
    }
    const entries = new Map<string, YamlEntry>();
    for (const [key, part] of Object.entries(value as Mapping)) {
      entries.set(key, { keyAt: this.#take(), node: this.make(part) });
    }
    return { at, value, isEmpty: false, openEnd: null, entries, items: NO_ITEMS };
  }

  #take(): number {
    return this.#places[this.#next++] ?? 0;
  }
}
