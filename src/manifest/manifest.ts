import type { KindName, KindTypes } from '../model/kinds.ts';
import type { Problem, Severity, SourcePosition } from '../model/problem.ts';
import type { Fault } from './fault.ts';
import type { SourceText } from './yaml/source.ts';
import type { YamlNode } from './yaml/yaml-node.ts';

/**
 * A manifest as written, with the shape that the schema requires. Its names and paths are not resolved yet.
 */
export type Manifest<Kind extends KindName = KindName> = {
  readonly [Name in Kind]: {
    readonly kind: Name;
    readonly fields: KindTypes[Name]['fields'];
    readonly origin: Origin;
  };
}[Kind];

export type OrderManifest = Manifest<'NumberOrder' | 'PortingOrder'>;

export interface ConfigFields {
  /** Is absent if there are accounts. */
  readonly scope?: string;
  /** Is absent if there are accounts. */
  readonly former_scope?: string;
  readonly manifests?: readonly string[];
  readonly accounts?: readonly AccountFields[];
  readonly limits?: { readonly max_deletes?: number; readonly max_delete_fraction?: number };
  readonly expiry?: { readonly warn_days?: number };
  readonly allow_plaintext_documents?: boolean;
  readonly policies?: readonly PolicyFields[];
}

export interface PolicyFields {
  readonly file: string;
  readonly over: 'manifest' | 'plan';
  readonly time_zone?: string;
}

export interface AccountFields {
  readonly name: string;
  readonly scope: string;
  readonly former_scope?: string;
  readonly key_env: string;
  readonly base_url?: string;
  readonly manifests: readonly string[];
}

export type Path = readonly (string | number)[];

/** The file and document of a manifest, which give its problems their position. */
export class Origin {
  readonly source: SourceText;
  readonly node: YamlNode;

  constructor(source: SourceText, node: YamlNode) {
    this.source = source;
    this.node = node;
  }

  get file(): string {
    return this.source.file;
  }

  /** The folder of the file, where its paths begin. */
  get folder(): string {
    return this.source.folder;
  }

  /** Returns the position of the value at `path`, or of the document's first key for `[]`. */
  position(path: Path): SourcePosition {
    return this.source.position(locate(this.node, path).at);
  }

  /** Returns a position that is computed when it is read, because most groups have no problem. */
  positionOnDemand(path: Path): SourcePosition {
    return new PositionOnDemand(this, path);
  }

  problem(path: Path, fault: Fault, severity: Severity = 'error'): Problem {
    return this.source.problem(locate(this.node, path).at, nameEntry(fault, path, this), severity);
  }
}

/**
 * Adds the entry's number to a fault if its line contains other entries of the list. The line does not tell
 * them apart, and a column after a redacted value is not shown.
 */
export function nameEntry(
  fault: Fault,
  path: Path,
  { node, source }: Pick<Origin, 'node' | 'source'>,
): Fault {
  const step = path.findLastIndex((part) => typeof part === 'number');
  const index = path[step];
  if (typeof index !== 'number') return fault;
  const { items } = locate(node, path.slice(0, step)).node;
  const [before, own, after] = [index - 1, index, index + 1].map((place) => {
    const item = items[place];
    return item === undefined ? null : source.position(item.at).line;
  });
  return own === before || own === after ? fault.aboutEntry(index + 1) : fault;
}

/** A position that reads and serialises like any other. Its getters are not copied by a spread. */
class PositionOnDemand implements SourcePosition {
  readonly #origin: Origin;
  readonly #path: Path;
  #found: SourcePosition | null = null;

  constructor(origin: Origin, path: Path) {
    this.#origin = origin;
    this.#path = path;
  }

  get file(): string {
    return this.#origin.file;
  }

  get line(): number {
    return this.#find().line;
  }

  get column(): number {
    return this.#find().column;
  }

  toJSON(): SourcePosition {
    return this.#find();
  }

  #find(): SourcePosition {
    this.#found ??= this.#origin.position(this.#path);
    return this.#found;
  }
}

export interface Located {
  readonly at: number;
  /** The offset of its key, if it has one. */
  readonly keyAt: number;
  readonly node: YamlNode;
}

/** Returns the node at `path`, or its nearest existing ancestor. */
export function locate(root: YamlNode, path: Path): Located {
  let found: Located = { at: root.at, keyAt: root.at, node: root };
  for (const step of path) {
    const entry = typeof step === 'string' ? found.node.entries.get(step) : undefined;
    const node = entry?.node ?? (typeof step === 'number' ? found.node.items[step] : undefined);
    if (node === undefined) return found;
    found = { at: node.at, keyAt: entry?.keyAt ?? node.at, node };
  }
  return found;
}
