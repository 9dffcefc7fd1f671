import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';
import { groupDigits } from '../../model/text/digits.ts';
import { Fault, Misplaced } from '../fault.ts';
import { quotedKey } from '../visible.ts';
import { explainEntry } from './common-mistakes.ts';
import type { SourceText } from './source.ts';
import { MAX_ITEMS, NO_ENTRIES, NO_ITEMS, type YamlEntry, type YamlNode } from './yaml-node.ts';

/** Turns one document of the library into nodes with positions, and collects its faults. */
export class NodeReader {
  readonly misplaced: Misplaced[] = [];
  readonly #source: SourceText;
  readonly #anchors = new Map<string, Anchor>();

  constructor(source: SourceText) {
    this.#source = source;
  }

  /**
   * Reads a node.
   *
   * @param emptyAt the offset to report if nothing is written.
   */
  read(node: Node | null, emptyAt: number): YamlNode {
    if (isAlias(node)) return this.#resolve(node.source, node.range?.[0] ?? emptyAt);
    const isEmpty = node === null || (isScalar(node) && node.source === '' && node.value === null);
    const at = isEmpty ? emptyAt : (node.range?.[0] ?? emptyAt);
    const read = this.#readAt(node, at, isEmpty);
    if (isScalar(node) && node.tag === '!') this.misplaced.push(new Misplaced(at, LONE_TAG));
    if (node?.anchor !== undefined) this.#setAnchor(node.anchor, read);
    return read;
  }

  /** Refuses texts with an unused anchor: the author probably meant "&…" as part of the value. */
  refuseUnusedAnchors(): void {
    for (const anchor of this.#anchors.values()) this.#refuseUnused(anchor);
    this.misplaced.sort((a, b) => a.at - b.at);
  }

  #setAnchor(name: string, node: YamlNode): void {
    const earlier = this.#anchors.get(name);
    if (earlier !== undefined) this.#refuseUnused(earlier);
    this.#anchors.set(name, { node, isUsed: false });
  }

  #refuseUnused({ node, isUsed }: Anchor): void {
    if (!isUsed && typeof node.value === 'string') this.misplaced.push(new Misplaced(node.at, UNUSED_ANCHOR));
  }

  #readAt(node: Node | null, at: number, isEmpty: boolean): YamlNode {
    if (isMap(node)) return this.#readMapping(node.items as Pair<Node, Node | null>[], at);
    if (isSeq(node)) {
      if (node.items.length > MAX_ITEMS) {
        this.misplaced.push(new Misplaced(at, tooManyItems(node.items.length)));
        return { at, value: [], isEmpty, openEnd: null, entries: NO_ENTRIES, items: NO_ITEMS };
      }
      const items = (node.items as (Node | null)[]).map((item) => this.read(item, item?.range?.[0] ?? at));
      const value = items.map((item) => item.value);
      return { at, value, isEmpty, openEnd: null, entries: NO_ENTRIES, items };
    }
    const value = isScalar(node) ? node.value : null;
    if (typeof value === 'string' && !value.isWellFormed()) {
      this.misplaced.push(new Misplaced(at, HALF_CHARACTER));
    }
    const openEnd = isScalar(node) && !isEmpty ? this.#openEndOf(node) : null;
    return { at, value, isEmpty, openEnd, entries: NO_ENTRIES, items: NO_ITEMS };
  }

  #openEndOf({ type, range }: Scalar): number | null {
    if (range == null || type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') return null;
    let end = range[1];
    while (end > range[0] && BLANKS.includes(this.#source.text.charAt(end - 1))) end--;
    return end;
  }

  #readMapping(pairs: readonly Pair<Node, Node | null>[], mapAt: number): YamlNode {
    const entries = new Map<string, YamlEntry>();
    const value: Record<string, unknown> = Object.create(null);
    for (const pair of pairs) {
      const keyAt = pair.key?.range?.[0] ?? mapAt;
      const node = this.read(pair.value, keyAt);
      if (isAlias(pair.key)) this.#use(pair.key.source);
      const key = readKey(pair.key);
      const first = key === null ? undefined : entries.get(key);
      if (pair.value === null) {
        this.misplaced.push(new Misplaced(keyAt, explainLoneKey(pair.key, pairs.length)));
      } else if (key === null) this.misplaced.push(new Misplaced(keyAt, INVALID_KEY));
      else if (key === '<<') this.misplaced.push(new Misplaced(keyAt, MERGE_KEY));
      else if (first !== undefined) this.misplaced.push(new Misplaced(keyAt, this.#duplicateKey(key, first)));
      else {
        entries.set(key, { keyAt, node });
        value[key] = node.value;
      }
    }
    return { at: mapAt, value, isEmpty: false, openEnd: null, entries, items: NO_ITEMS };
  }

  #duplicateKey(key: string, first: YamlEntry): Fault {
    const { line } = this.#source.position(first.keyAt);
    return new Fault(
      'duplicate-key',
      `the key${quotedKey(key)} is already on line ${line}`,
      'Delete one of the two lines.',
    );
  }

  #use(name: string): YamlNode | null {
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) return null;
    anchor.isUsed = true;
    return anchor.node;
  }

  #resolve(name: string, at: number): YamlNode {
    const node = this.#use(name);
    if (node !== null) return node;
    this.misplaced.push(new Misplaced(at, UNKNOWN_ANCHOR));
    return { at, value: null, isEmpty: true, openEnd: null, entries: NO_ENTRIES, items: NO_ITEMS };
  }
}

interface Anchor {
  readonly node: YamlNode;
  isUsed: boolean;
}

function tooManyItems(count: number): Fault {
  const [counted, most] = [count, MAX_ITEMS].map(groupDigits);
  return new Fault('too-large', `this list has ${counted} items: at most ${most} are read`);
}

const BLANKS = ' \t\r\n';

const HALF_CHARACTER = new Fault(
  'invalid-yaml',
  'an escape here means half a character',
  'Write the character itself.',
);

const INVALID_KEY = new Fault(
  'invalid-key',
  'this key is not a plain word',
  'Check the indentation and the quotes.',
);

const NO_KEY = new Fault(
  'invalid-key',
  'a value without a key',
  'Within { }, put a value that contains a comma in quotes.',
);

const NO_MAPPING = new Fault(
  'invalid-key',
  '"{" begins a mapping here, but "key: value" does not follow',
  'Put the whole value in quotes, braces included.',
);

function explainLoneKey(key: Node | null, entries: number): Fault {
  const slip = explainEntry(isScalar(key) ? (key.source ?? '') : '');
  return slip ?? (entries === 1 ? NO_MAPPING : NO_KEY);
}

const MERGE_KEY = new Fault('merge-key', 'merge keys (<<) are not supported', 'Write the keys out.');

const UNUSED_ANCHOR = new Fault(
  'unused-anchor',
  '"&" begins a YAML anchor here, which is not part of the value',
  'If "&…" belongs to the value, put all of it in quotes. Otherwise remove it.',
);

const LONE_TAG = new Fault(
  'yaml-tag',
  '"!" begins a YAML tag here, which is not part of the value',
  'If "!" belongs to the value, put all of it in quotes. Otherwise remove it.',
);

const UNKNOWN_ANCHOR = new Fault(
  'unknown-anchor',
  'this alias names an anchor that does not exist above it',
  'Put a value that begins with "*" in quotes.',
);

/** Returns the key as written: `123:` is the key "123". */
function readKey(key: Node | null): string | null {
  if (!isScalar(key)) return null;
  if (typeof key.value === 'string') return key.value.isWellFormed() ? key.value : null;
  return key.source === undefined || key.source === '' ? null : key.source;
}
