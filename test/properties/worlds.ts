import type { Quirks } from '../../src/sandbox/state/quirks.ts';
import { fc } from '../support/fast-check.ts';
import { COMBINATIONS, type Health, ITEMS, type Owner, SPELLINGS } from './contents.ts';

/**
 * Worlds as plain data, so that a counterexample can be read and shrinks to what matters: what the manifests say, what
 * Telnyx holds in relation to that, and which of its ways the API has. `stage.ts` makes them real.
 */
export interface World {
  readonly groups: readonly GroupSpec[];
  /** Groups that no manifest means: orphans of the scope, and what only looks like one. */
  readonly strays: readonly StraySpec[];
  /** Uploads and addresses that no group holds. */
  readonly loose: readonly LooseSpec[];
  readonly minutesPassed: number;
  /** The regulator has added a requirement since the French groups were created. */
  readonly regulated: boolean;
  /** Every other group is all that the run acts on. */
  readonly narrowed: boolean;
  readonly gates: Gates;
  readonly quirks: Partial<Quirks>;
}

export interface Gates {
  readonly prune: boolean;
  readonly allow_replace: boolean;
  /** Names of orphans. */
  readonly allow_delete: readonly string[];
  readonly maxDeletes: number;
  readonly maxDeleteFraction: number;
}

export interface GroupSpec {
  /** Of COMBINATIONS. */
  readonly combination: number;
  /** One for each requirement of the combination, and some to spare. */
  readonly values: readonly ValueSpec[];
  readonly approval: 'submit' | 'none';
  /** Requirements by their names where these are unambiguous. */
  readonly byName: boolean;
  readonly reference: 'default' | 'own' | 'shared';
  /** By its id, to the first of what Telnyx holds for it. */
  readonly pinned: boolean;
  readonly held: readonly HeldSpec[];
}

export type ValueSpec =
  | {
      readonly kind: 'content';
      readonly item: number;
      readonly spelling: number;
      /** In a manifest of its own; else inline. */
      readonly named: boolean;
      /** Addresses only. */
      readonly validate: boolean;
    }
  /** An id, for documents and addresses; a content for anything else. */
  | { readonly kind: 'remote'; readonly item: number; readonly gone: boolean }
  | { readonly kind: 'missing' };

/** A group at Telnyx that a manifest means, supersedes or duplicates. */
export interface HeldSpec {
  /** Null: that of the manifest. */
  readonly combination: number | null;
  readonly status: string;
  /** Other than the manifest's only where the manifest pins it. */
  readonly reference: 'wanted' | 'old-name' | 'neighbour' | 'vendor' | 'other-scope' | 'none';
  readonly values: readonly HeldValueSpec[];
  /** Documents expire that many days from now. */
  readonly expiresInDays: number | null;
  /** Of a reviewer, quoting what the group holds. */
  readonly comment: boolean;
}

export type HeldValueSpec =
  /** What the manifest says, in one spelling or another. */
  | { readonly kind: 'right'; readonly spelling: number; readonly owner: Owner; readonly health: Health }
  | {
      readonly kind: 'other';
      readonly item: number;
      readonly spelling: number;
      readonly owner: Owner;
      readonly health: Health;
    }
  /** Points to what is no longer there. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'unset' };

export interface StraySpec {
  readonly reference: string | null;
  readonly combination: number;
  readonly status: string;
  readonly values: readonly HeldValueSpec[];
}

export interface LooseSpec {
  readonly kind: 'document' | 'address';
  readonly item: number;
  readonly owner: Owner;
  readonly health: Health;
  /** Made after the minutes have passed. */
  readonly fresh: boolean;
}

/** Names that sort differently by locale, by number and by code unit. */
export const NAMES = ['de.local', 'de-local', 'de_local', 'de10', 'de9', 'b'] as const;

const ORPHAN_NAMES = ['old', 'old-too', 'de-local/x', 'doc/0', '', 'Ünnamed \u001b[31m'] as const;

const FOREIGN_REFERENCES = [
  'regsync/acme2/de-local',
  'regsync/ACME/de-local',
  'xregsync/acme/de-local',
  'regsync/acme-2/old',
  'regsync/acme',
  'regsync//acme/old',
  ' regsync/acme/old',
  'REGSYNC/acme/old',
  'CRM-0001',
  'de-local',
  '',
  null,
] as const;

/* ---- Pieces ---- */

const item = fc.nat(ITEMS - 1);
/** Mostly the plain one. */
const spelling = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.nat(SPELLINGS - 1) },
);
const combination = fc.nat(COMBINATIONS.length - 1);
const owner = weighted<Owner>([5, 'ours'], [1, 'theirs'], [1, 'nobody'], [1, 'other-scope']);
const health = weighted<Health>([18, 'clean'], [1, 'infected'], [1, 'denied']);

const status = weighted(
  [4, 'unapproved'],
  [3, 'pending-approval'],
  [4, 'approved'],
  [3, 'declined'],
  [2, 'expired'],
  [2, 'no-longer-eligible'],
  [1, 'pending approval'],
  [1, 'on hold'],
  [1, 'constructor'],
);

function weighted<Value>(...choices: readonly (readonly [number, Value])[]): fc.Arbitrary<Value> {
  return fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
}

function rarely(weight: number): fc.Arbitrary<boolean> {
  return weighted<boolean>([weight - 1, false], [1, true]);
}

const content = fc.record({
  kind: fc.constant('content' as const),
  item,
  spelling,
  named: fc.boolean(),
  validate: rarely(8),
});

const missing: fc.Arbitrary<ValueSpec> = fc.constant({ kind: 'missing' });

const value: fc.Arbitrary<ValueSpec> = fc.oneof(
  { weight: 16, arbitrary: content },
  { weight: 1, arbitrary: missing },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remote' as const), item, gone: rarely(6) }) },
);

/** The values of a manifest: all or nearly all, or about half of them. */
const values = fc.oneof(
  { weight: 4, arbitrary: several(value, 5) },
  { weight: 1, arbitrary: several(fc.oneof(value, missing), 5) },
);

const heldValue: fc.Arbitrary<HeldValueSpec> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('right' as const), spelling, owner, health }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('other' as const), item, spelling, owner, health }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'gone' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'unset' as const }) },
);

const rightValue: fc.Arbitrary<HeldValueSpec> = fc.record({
  kind: fc.constant('right' as const),
  spelling,
  owner: fc.constant('ours' as const),
  health: fc.constant('clean' as const),
});

/** The values of a group: as wanted, or any. */
const heldValues = fc.oneof(several(rightValue, 5), several(heldValue, 5));

function several<Value>(arbitrary: fc.Arbitrary<Value>, count: number): fc.Arbitrary<Value[]> {
  return fc.array(arbitrary, { minLength: count, maxLength: count });
}

const held: fc.Arbitrary<HeldSpec> = fc.record({
  combination: fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: combination }),
  status,
  reference: weighted<HeldSpec['reference']>(
    [12, 'wanted'],
    [3, 'old-name'],
    [1, 'neighbour'],
    [3, 'vendor'],
    [2, 'none'],
    [1, 'other-scope'],
  ),
  values: heldValues,
  expiresInDays: fc.constantFrom(null, null, 10, 400),
  comment: fc.boolean(),
});

const group: fc.Arbitrary<GroupSpec> = fc.record({
  combination,
  values,
  approval: weighted<'submit' | 'none'>([4, 'submit'], [1, 'none']),
  byName: fc.boolean(),
  reference: weighted<GroupSpec['reference']>([5, 'default'], [2, 'own'], [2, 'shared']),
  pinned: rarely(4),
  held: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 5, arbitrary: several(held, 1) },
    { weight: 1, arbitrary: several(held, 2) },
  ),
});

const stray: fc.Arbitrary<StraySpec> = fc.record({
  reference: fc.oneof(
    fc.constantFrom(...ORPHAN_NAMES).map((name) => `regsync/acme/${name}`),
    fc.constantFrom(...FOREIGN_REFERENCES),
  ),
  combination,
  status,
  values: heldValues,
});

const loose: fc.Arbitrary<LooseSpec> = fc.record({
  kind: fc.constantFrom('document' as const, 'address' as const),
  item,
  owner,
  health,
  fresh: fc.boolean(),
});

const LISTS = ['requirement_groups', 'documents', 'document_links', 'addresses', 'comments', 'requirements'];

const quirks: fc.Arbitrary<Partial<Quirks>> = fc.record(
  {
    patch_effect: weighted<Quirks['patch_effect']>(
      [3, 'unapprove'],
      [3, 'requirement-only'],
      [3, 'keep'],
      [1, 'refuse'],
    ),
    criteria: fc.constantFrom('accept' as const, 'refuse' as const),
    unscanned_documents: fc.constantFrom('accept' as const, 'refuse' as const),
    groups_post_answer: fc.constantFrom('full' as const, 'bare' as const),
    groups_list_envelope: fc.constantFrom('data' as const, 'bare' as const),
    groups_reference_filter: fc.constantFrom('exact' as const, 'contains' as const),
    requirements_array: fc.constantFrom('requirement_types' as const, 'requirements_types' as const),
    documents_sha256: fc.boolean(),
    addresses_validate_abroad: weighted<Quirks['addresses_validate_abroad']>([1, 'fail'], [4, 'pass']),
    delete_answer: fc.constantFrom(200 as const, 204 as const),
    unset_fields: fc.constantFrom('spec' as const, 'null' as const),
    unknown_filters: fc.constantFrom('ignore' as const, 'refuse' as const),
    ignore_paging: fc.subarray(LISTS),
    no_meta: fc.boolean(),
  },
  { requiredKeys: [] },
);

const gates: fc.Arbitrary<Gates> = fc.record({
  prune: fc.boolean(),
  allow_replace: weighted<boolean>([3, true], [1, false]),
  allow_delete: fc.subarray([...ORPHAN_NAMES]),
  maxDeletes: weighted([6, 10], [1, 1], [1, 0]),
  maxDeleteFraction: fc.constant(0.3),
});

/* ---- Worlds ---- */

export const anyWorld: fc.Arbitrary<World> = fc.record({
  groups: fc.oneof(
    { weight: 1, arbitrary: fc.array(group, { maxLength: 1 }) },
    { weight: 4, arbitrary: fc.array(group, { minLength: 2, maxLength: NAMES.length }) },
  ),
  strays: fc.array(stray, { maxLength: 4 }),
  loose: fc.array(loose, { maxLength: 3 }),
  minutesPassed: fc.constantFrom(0, 25),
  regulated: rarely(4),
  narrowed: rarely(8),
  gates,
  quirks,
});

/** Those in which most groups can be brought to their end: nothing that Telnyx is sure to refuse, all gates open. */
export const smoothWorld: fc.Arbitrary<World> = anyWorld.map((world) => ({
  ...world,
  groups: world.groups.map((spec) => ({
    ...spec,
    values: spec.values.map(withoutTrouble),
    held: spec.held.slice(0, 1),
  })),
  gates: { ...world.gates, allow_replace: true, maxDeletes: 100, maxDeleteFraction: 1 },
  quirks: {
    ...world.quirks,
    ...(world.quirks.patch_effect === 'refuse' ? { patch_effect: 'keep' as const } : {}),
  },
}));

function withoutTrouble(spec: ValueSpec): ValueSpec {
  if (spec.kind === 'content') return { ...spec, validate: false };
  return spec.kind === 'remote' ? { ...spec, gone: false } : spec;
}

/* ---- Misfortunes ---- */

export interface InjectedFault {
  readonly kind: 'drop_before' | 'drop_after' | 'truncate' | 'noop' | 'status';
  readonly status: number;
  readonly body: 'json' | 'html' | 'empty' | 'echo' | 'echo_html';
  /** Whether the request is carried out, where the kind leaves that open. */
  readonly commit: boolean;
  readonly times: number;
  readonly match: { readonly method: string; readonly nth: number };
}

export function injectedFault(methods: readonly string[]): fc.Arbitrary<InjectedFault> {
  const any = fc.record({
    kind: fc.constantFrom('drop_before', 'drop_after', 'truncate', 'noop', 'status', 'status'),
    status: fc.constantFrom(400, 401, 403, 404, 409, 422, 429, 500, 502, 503),
    body: fc.constantFrom('json', 'html', 'empty', 'echo', 'echo_html'),
    commit: fc.boolean(),
    times: fc.constantFrom(1, 1, 2, 3, 6, 6),
    match: fc.record({ method: fc.constantFrom(...methods), nth: fc.constantFrom(1, 1, 1, 2, 2, 3, 4, 6) }),
  });
  // What answers 4xx has not done it.
  return any.map((fault) => ({ ...fault, commit: fault.commit && fault.status >= 500 }) as InjectedFault);
}
