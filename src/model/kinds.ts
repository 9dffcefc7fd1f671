import type {
  AddressFields,
  DocumentFields,
  GroupFields,
  NumberOrderFields,
  PortingOrderFields,
} from './fields.ts';
import type { ObservedMatch } from './observed.ts';
import type { ObservedNumberOrder, ObservedPortingOrder } from './orders/observed-order.ts';
import type {
  AddressChange,
  DocumentChange,
  GroupChange,
  NumberOrderChange,
  PortingOrderChange,
} from './plan/change.ts';
import type {
  BoundGroup,
  BoundNumberOrder,
  BoundPortingOrder,
  DesiredContent,
  DesiredGroup,
  DesiredNumberOrder,
  DesiredPortingOrder,
} from './resource.ts';

/** Every kind of manifest. */
export type KindName = keyof KindTypes;

/** The kinds that a run acts on by name. Documents and addresses follow these. */
export type ManagedKind = {
  [Kind in KindName]: KindTypes[Kind] extends { readonly desired: unknown } ? Kind : never;
}[KindName];

/** The kinds that a run acts on by name, without groups. */
export type OtherKind = Exclude<ManagedKind, 'RequirementGroup'>;

/** The types of each kind. A new kind adds a line here, and the compiler names what is missing elsewhere. */
export interface KindTypes {
  Document: {
    fields: DocumentFields & { readonly name: string };
    change: DocumentChange;
  };
  Address: {
    fields: AddressFields & { readonly name: string };
    change: AddressChange;
  };
  RequirementGroup: {
    fields: GroupFields;
    desired: DesiredGroup;
    bound: BoundGroup;
    observed: ObservedMatch;
    change: GroupChange;
  };
  NumberOrder: {
    fields: NumberOrderFields;
    desired: DesiredNumberOrder;
    bound: BoundNumberOrder;
    observed: ObservedNumberOrder;
    change: NumberOrderChange;
  };
  PortingOrder: {
    fields: PortingOrderFields;
    desired: DesiredPortingOrder;
    bound: BoundPortingOrder;
    observed: ObservedPortingOrder;
    change: PortingOrderChange;
  };
}

interface KindWords {
  readonly noun: string;
  /** The key for several of it in JSON. */
  readonly plural: string;
  /** The word in counts. Several kinds may share one. */
  readonly counted: string;
  /** The verb for a new object. An object that is placed costs money. */
  readonly make: 'create' | 'place';
}

/** The words for each kind, in the order of their dependencies: regsync creates in this order. */
export const KIND_WORDS = {
  RequirementGroup: { noun: 'group', plural: 'groups', counted: 'group', make: 'create' },
  NumberOrder: { noun: 'number order', plural: 'number_orders', counted: 'order', make: 'place' },
  PortingOrder: { noun: 'porting order', plural: 'porting_orders', counted: 'order', make: 'place' },
} as const satisfies Readonly<Record<ManagedKind, KindWords>>;

export const MANAGED_KINDS = Object.keys(KIND_WORDS) as readonly ManagedKind[];

export const OTHER_KINDS = MANAGED_KINDS.filter((kind): kind is OtherKind => kind !== 'RequirementGroup');

const CONTENT_WORDS = {
  Document: { noun: 'document', plural: 'documents', counted: 'document', make: 'create' },
  Address: { noun: 'address', plural: 'addresses', counted: 'address', make: 'create' },
} as const satisfies Readonly<Record<Exclude<KindName, ManagedKind>, KindWords>>;

export function wordsOf(kind: KindName): KindWords {
  return { ...CONTENT_WORDS, ...KIND_WORDS }[kind];
}

/** The manifests of a repository, by kind. */
export type DesiredByKind = {
  readonly [Kind in ManagedKind]: readonly KindTypes[Kind]['desired'][];
};

/** The manifests of a run, with the ids of what they state. */
export type BoundByKind = {
  readonly [Kind in ManagedKind]: readonly KindTypes[Kind]['bound'][];
};

/** The objects at Telnyx that manifests mean, by the manifest's name. */
export type ObservedByKind = {
  readonly [Kind in ManagedKind]: ReadonlyMap<string, KindTypes[Kind]['observed']>;
};

/** The names that a run acts on, by kind. */
export type Selected = Readonly<Record<ManagedKind, ReadonlySet<string>>>;

/** Returns the entry that `make` returns for each kind. */
export function byKind<Value>(make: (kind: ManagedKind) => Value): Readonly<Record<ManagedKind, Value>> {
  return Object.fromEntries(MANAGED_KINDS.map((kind) => [kind, make(kind)])) as Record<ManagedKind, Value>;
}

/** Returns the names of every manifest that a run can act on. */
export function selectAll(desired: DesiredByKind): Selected {
  return byKind((kind) => new Set(desired[kind].map(({ name }) => name)));
}

/** Returns the contents that manifests of all kinds state. */
export function statedContents(desired: DesiredByKind): DesiredContent[] {
  return MANAGED_KINDS.flatMap((kind) =>
    desired[kind].flatMap(({ requirements }) => requirements.map(({ content }) => content)),
  );
}

/** The patterns of values that a code frame may show. */
const WORD = /^[A-Za-z0-9_./+-]{1,64}$/;
const CODE = /^[A-Za-z]{1,3}$/;
const LINE = /^(?!.*:\s).{1,100}$/u;

type ShownKeys = Readonly<Record<string, RegExp>>;

const SHOWN_OF_DOCUMENTS: ShownKeys = { file: LINE, sha256: WORD, expires: WORD };
const SHOWN_OF_REQUIREMENTS: ShownKeys = {
  ...SHOWN_OF_DOCUMENTS,
  requirement: LINE,
  document: WORD,
  env: WORD,
  country_code: CODE,
  validate_address: WORD,
};

/**
 * The keys of each kind whose values are not private. A code frame shows only these values. A kind without an
 * entry does not compile.
 */
export const SHOWN_KEYS: Readonly<Record<KindName, ShownKeys>> = {
  Document: SHOWN_OF_DOCUMENTS,
  Address: { country_code: CODE, validate_address: WORD },
  RequirementGroup: {
    ...SHOWN_OF_REQUIREMENTS,
    id: WORD,
    phone_number_type: WORD,
    // A word that is no action may be a name that somebody wrote behind the action of an order.
    action: /^(?:ordering|porting)$/,
    approval: WORD,
    partial: WORD,
    customer_reference: LINE,
  },
  NumberOrder: {
    ...SHOWN_OF_REQUIREMENTS,
    id: WORD,
    customer_reference: LINE,
    requirement_group: WORD,
    connection_id: WORD,
    messaging_profile_id: WORD,
    billing_group_id: WORD,
  },
  PortingOrder: {
    ...SHOWN_OF_REQUIREMENTS,
    id: WORD,
    customer_reference: LINE,
    requirement_group: WORD,
    loa: WORD,
    invoice: WORD,
  },
};
