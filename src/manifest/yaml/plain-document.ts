import { IN_QUOTES, type Mapping } from './plain-reader.ts';
import { NO_ENTRIES, NO_ITEMS, type YamlEntry, type YamlNode } from './yaml-node.ts';

/** A text that was read as plain data: its documents, and the offsets from which their nodes are made. */
export interface PlainText {
  readonly values: readonly Mapping[];
  readonly places: Int32Array;
}

/**
 * A document as plain data. It makes the nodes with the positions of its values on demand, since most
 * documents have no problem, and the nodes of ten thousand files would take much memory.
 */
export class PlainDocument implements YamlNode {
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
