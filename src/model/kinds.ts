import type {
  BoundGroup,
  BoundNumberOrder,
  BoundPortingOrder,
  DesiredContent,
  DesiredGroup,
  DesiredNumberOrder,
  DesiredPortingOrder,
} from './resource.ts';

/** Every kind of manifest, in the order of their dependencies: regsync creates in this order. */
export const KINDS = ['Document', 'Address', 'RequirementGroup', 'NumberOrder', 'PortingOrder'] as const;
export type KindName = (typeof KINDS)[number];

/** What a run acts on by name, in the order of their dependencies. Documents and addresses follow what refers to them. */
export const MANAGED_KINDS = ['RequirementGroup', 'NumberOrder', 'PortingOrder'] as const;
export type ManagedKind = (typeof MANAGED_KINDS)[number];

export interface DesiredOf {
  readonly RequirementGroup: DesiredGroup;
  readonly NumberOrder: DesiredNumberOrder;
  readonly PortingOrder: DesiredPortingOrder;
}

/** The manifests of a repository, by kind. */
export type DesiredByKind = { readonly [Kind in ManagedKind]: readonly DesiredOf[Kind][] };

interface BoundOf {
  readonly RequirementGroup: BoundGroup;
  readonly NumberOrder: BoundNumberOrder;
  readonly PortingOrder: BoundPortingOrder;
}

/** The manifests of a run, with the ids of what they state. */
export type BoundByKind = { readonly [Kind in ManagedKind]: readonly BoundOf[Kind][] };

/** The names that a run acts on, by kind. */
export type Selected = Readonly<Record<ManagedKind, ReadonlySet<string>>>;

/** Returns the entry that `make` returns for each kind. */
export function byKind<Value>(make: (kind: ManagedKind) => Value): Readonly<Record<ManagedKind, Value>> {
  return Object.fromEntries(MANAGED_KINDS.map((kind) => [kind, make(kind)])) as Record<ManagedKind, Value>;
}

export function countSelected(selected: Selected): number {
  return MANAGED_KINDS.reduce((sum, kind) => sum + selected[kind].size, 0);
}

/** Returns the names of every manifest that a run can act on. */
export function selectAll(desired: DesiredByKind): Selected {
  return byKind((kind) => new Set(desired[kind].map(({ name }) => name)));
}

/** Returns what manifests state, of whatever kind they are. */
export function statedContents(desired: DesiredByKind): DesiredContent[] {
  return MANAGED_KINDS.flatMap((kind) =>
    desired[kind].flatMap(({ requirements }) => requirements.map(({ content }) => content)),
  );
}
