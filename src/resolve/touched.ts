import { keepingLine } from '../kinds/requirement-group/plan-kept.ts';
import { MANAGED_KINDS, type ManagedKind, OTHER_KINDS, type OtherKind } from '../model/kinds.ts';
import type { Lock } from '../model/lock.ts';
import { type ChangedSince, manifestKey, type RemovedManifest } from '../model/plan/changed.ts';
import { Sensitive } from '../model/privacy/sensitive.ts';
import { referenceKey } from '../model/reference.ts';
import { combinationKey, type Desired, type DesiredGroup } from '../model/resource.ts';
import { compareText } from '../model/text/compare-text.ts';
import { outsideText } from '../model/text/sentence.ts';

/** A repository at one commit, as far as it decides what a change touches. */
export interface Side {
  readonly desired: Desired;
  readonly lock: Lock | null;
}

/**
 * Returns the manifests that a change touches. The two sides are compared with every reference resolved, so a
 * group differs if the text of its file, the digest of its document or a field of its address does, and does
 * not if its manifest only moved. Touched are:
 *
 * - a manifest that is new or differs
 * - a group whose requirements in the lock differ
 * - an order whose group is touched, because it is placed with that group or gets its values
 * - a group that an order names anew, because the group's values go to that order
 * - a group of a touched order that may be placed, because it is placed with what the group then holds
 * - a group with the reference of a touched or removed one, because it inherits what the other no longer means
 *
 * @param base the repository before the change. Null if it had nothing of this scope, so that all is new.
 */
export function touchedBy(base: Side | null, head: Side): Pick<ChangedSince, 'names' | 'removed'> {
  const before = base?.desired;
  const isNew = before === undefined || before.formerScope !== head.desired.formerScope;
  const requirementsChanged = changedSets(base?.lock ?? null, head.lock);
  const touched = new Set<string>();
  for (const kind of MANAGED_KINDS) {
    const known = indexByName<{ readonly name: string }>(before?.[kind] ?? []);
    for (const object of head.desired[kind]) {
      const was = known.get(object.name);
      if (isNew || was === undefined || !isSame(was, object)) touched.add(manifestKey(kind, object.name));
    }
  }
  for (const { name, combination } of head.desired.RequirementGroup)
    if (requirementsChanged(combinationKey(combination))) touched.add(manifestKey('RequirementGroup', name));
  const related = [
    ...groupsLinkedAnew(before, head.desired),
    ...groupsToOrderWith(head.desired, touched),
    ...heirs(before, head.desired, touched),
  ];
  for (const name of related) touched.add(manifestKey('RequirementGroup', name));
  for (const kind of OTHER_KINDS) {
    for (const { name, group } of head.desired[kind]) {
      if (group !== null && touched.has(manifestKey('RequirementGroup', group.name)))
        touched.add(manifestKey(kind, name));
    }
  }
  return {
    names: [...touched].sort(),
    removed:
      before === undefined ? [] : MANAGED_KINDS.flatMap((kind) => removedOf(kind, before, head.desired)),
  };
}

type DesiredOrder = Desired[OtherKind][number];

/** Returns the groups that an order names now and did not name in the base. */
function groupsLinkedAnew(before: Desired | undefined, after: Desired): string[] {
  return OTHER_KINDS.flatMap((kind) => {
    const known = indexByName<DesiredOrder>(before?.[kind] ?? []);
    return after[kind].flatMap(({ name, group }) => {
      const was = known.get(name)?.group?.name;
      return group === null || group.name === was ? [] : [group.name];
    });
  });
}

/** Returns the groups of touched orders that no `id:` says to be placed already. */
function groupsToOrderWith({ NumberOrder: orders }: Desired, touched: ReadonlySet<string>): string[] {
  const isToPlace = ({ name, id }: (typeof orders)[number]) =>
    id === null && touched.has(manifestKey('NumberOrder', name));
  return orders.filter(isToPlace).flatMap(({ group }) => group?.name ?? []);
}

/** Returns the groups whose references a touched or removed manifest has or had. */
function heirs(
  before: Desired | undefined,
  { RequirementGroup: groups }: Desired,
  touched: ReadonlySet<string>,
): string[] {
  const left = indexByName<{ readonly name: string }>(groups);
  const isConcerned = ({ name }: { readonly name: string }) =>
    !left.has(name) || touched.has(manifestKey('RequirementGroup', name));
  const concerned = [...(before?.RequirementGroup ?? []), ...groups].filter(isConcerned);
  const keys = new Set(concerned.map(({ reference }) => referenceKey(reference)));
  return groups.filter(({ reference }) => keys.has(referenceKey(reference))).map(({ name }) => name);
}

function removedOf(kind: ManagedKind, before: Desired, after: Desired): RemovedManifest[] {
  const left = indexByName<Desired[ManagedKind][number]>(after[kind]);
  return [...before[kind]]
    .sort((a, b) => compareText(a.name, b.name))
    .flatMap((object): RemovedManifest[] => {
      const { name } = object;
      const now = left.get(name);
      const lost = 'combination' in object ? ofGroup(object) : {};
      if (now === undefined) return [{ kind, name, ...lost }];
      return meansOther(object, now) ? [{ kind, name, ...lost, means_other: true }] : [];
    });
}

/** Returns true if the group that the manifest meant is found by neither its reference nor its `id:` any more. */
function meansOther(was: Desired[ManagedKind][number], now: Desired[ManagedKind][number]): boolean {
  if (!('combination' in was && 'combination' in now)) return false;
  return was.reference !== now.reference || was.id?.id !== now.id?.id;
}

function ofGroup(group: DesiredGroup): Omit<RemovedManifest, 'kind' | 'name'> {
  const { reference, id, source } = group;
  const line = keepingLine(group);
  return {
    reference,
    ...(id === null ? {} : { id: id.id }),
    ...(line === null
      ? {}
      : { keeps: `its manifest in ${source.file} said ${outsideText(line)} before this change` }),
  };
}

/** Returns a test for combinations whose requirements the two locks do not state alike. */
function changedSets(before: Lock | null, after: Lock | null): (combination: string) => boolean {
  const formsOf = (lock: Lock | null) =>
    new Map(
      (lock?.sets ?? []).map(({ added: _, ...set }) => [
        combinationKey(set.combination),
        JSON.stringify(set),
      ]),
    );
  const [was, is] = [formsOf(before), formsOf(after)];
  return (combination) => was.get(combination) !== is.get(combination);
}

function indexByName<Named extends { readonly name: string }>(
  objects: readonly Named[],
): ReadonlyMap<string, Named> {
  return new Map(objects.map((object) => [object.name, object]));
}

/* ---- Equality ---- */

/** Positions change when a manifest moves. The size of an encrypted file changes when it is encrypted anew. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['source', 'contentSource', 'bytes']);

/** Returns true if both mean the same wherever they are written. Private values are compared and go nowhere. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof Sensitive) return b instanceof Sensitive && a.equals(b);
  if (b instanceof Sensitive || !isObject(a) || !isObject(b)) return false;
  if (a instanceof Map || b instanceof Map) return a instanceof Map && b instanceof Map && isSameMap(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = keysOf(a);
  return keys.length === keysOf(b).length && keys.every((key) => isSame(a[key], b[key]));
}

function isSameMap(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => isSame(value, b.get(key)));
}

function keysOf(object: Record<string, unknown>): string[] {
  return Object.keys(object).filter((key) => !NOT_COMPARED.has(key) && object[key] !== undefined);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
