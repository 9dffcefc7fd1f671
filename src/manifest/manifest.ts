import type { KindName, KindTypes } from '../model/kinds.ts';
import type { Problem, Severity, SourcePosition } from '../model/problem.ts';
import type { Fault } from './fault.ts';
import type { SourceText } from './yaml/source.ts';
import type { YamlNode } from './yaml/yaml-node.ts';

/** As written, and found to have the shape that the schema demands. Names and paths in it are not looked up yet. */
export type Manifest<Kind extends KindName = KindName> = {
  readonly [Name in Kind]: {
    readonly kind: Name;
    readonly fields: KindTypes[Name]['fields'];
    readonly origin: Origin;
  };
}[Kind];

export type OrderManifest = Manifest<'NumberOrder' | 'PortingOrder'>;

export interface ConfigFields {
  /** Absent where there are accounts. */
  readonly scope?: string;
  /** Absent where there are accounts, as `scope`. */
  readonly former_scope?: string;
  readonly manifests?: readonly string[];
  readonly accounts?: readonly AccountFields[];
  readonly limits?: { readonly max_deletes?: number; readonly max_delete_fraction?: number };
  readonly expiry?: { readonly warn_days?: number };
  readonly allow_plaintext_documents?: boolean;
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

/** Where a manifest came from: gives a place to whatever turns out to be wrong with it. */
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

  /** Where the file lies: paths in it begin there. */
  get folder(): string {
    return this.source.folder;
  }

  /** Of the value at `path`; of the first key of the document for `[]`. */
  position(path: Path): SourcePosition {
    return this.source.position(locate(this.node, path).at);
  }

  /** The same, looked up when somebody asks. Of groups that are as they should be nobody does, which saves 6 % of a plan. */
  positionOnDemand(path: Path): SourcePosition {
    return new PositionOnDemand(this, path);
  }

  problem(path: Path, fault: Fault, severity: Severity = 'error'): Problem {
    return this.source.problem(locate(this.node, path).at, nameEntry(fault, path, this), severity);
  }
}

/**
 * Names the entry that a fault is about, if its line holds others of the same list: the line does not tell which one, nor
 * may a column behind what is hidden.
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

/** Read as any other position and the same in JSON; it has no fields of its own to be copied. */
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

/** The node at `path`, or the nearest above it that exists. `keyAt` is where its key stands, if it has one. */
export function locate(root: YamlNode, path: Path): { at: number; keyAt: number; node: YamlNode } {
  let found = { at: root.at, keyAt: root.at, node: root };
  for (const step of path) {
    const entry = typeof step === 'string' ? found.node.entries.get(step) : undefined;
    const node = entry?.node ?? (typeof step === 'number' ? found.node.items[step] : undefined);
    if (node === undefined) return found;
    found = { at: node.at, keyAt: entry?.keyAt ?? node.at, node };
  }
  return found;
}
