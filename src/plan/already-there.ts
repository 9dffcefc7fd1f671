import { normaliseDate, normaliseText } from '../model/normal-text.ts';
import { compareText } from '../model/order.ts';
import type { Attention } from '../model/plan.ts';
import {
  type BoundGroup,
  combinationKey,
  isForeign,
  isOthers,
  type Observed,
  type ObservedGroup,
  type ObservedMatch,
  scopeAndNameIn,
} from '../model/resource.ts';
import { reveal } from '../model/sensitive.ts';
import { desiredForm, isHeld } from './normal-form.ts';

/**
 * A group that is about to be created although the account has it already: a manifest was renamed, lost its `id:`, or the
 * repository's scope was changed. Each of these would make a second copy of an approved group, so the plan names the
 * group and the line that keeps it. Creating stays the plan: two groups of equal values may well be meant.
 */
export function alreadyThere(group: BoundGroup, match: ObservedMatch, observed: Observed): Attention[] {
  if (match.group !== null || observed.unclaimed === undefined) return [];
  const [best, ...others] = findCopies(group, observed);
  if (best === undefined) return [];
  const line = isKeepableById(best, observed) ? sameValues(group, best) : otherScope(group, best);
  const also = others.length === 0 ? '' : ` (others like it: ${others.map(({ id }) => id).join(', ')})`;
  const { file, line: number } = group.source;
  return [
    { code: 'already-there', name: group.name, message: `${line}${also}`, source: { file, line: number } },
  ];
}

/** The `id:` of a group that another scope owns is refused. */
function isKeepableById({ reference }: ObservedGroup, observed: Observed): boolean {
  return !isOthers(observed, reference);
}

function sameValues(group: BoundGroup, { id, status, reference }: ObservedGroup): string {
  const called = reference === null ? 'without a reference' : JSON.stringify(reference);
  const combination = combinationKey(group.combination);
  return `would be created, although group ${id} (${called}, ${status}) is for ${combination} and holds the same values. To keep that group, add this line to the manifest: id: ${id}`;
}

function otherScope(group: BoundGroup, { id, status, reference }: ObservedGroup): string {
  const { scope, name } = scopeAndNameIn(reference) ?? { scope: '', name: '' };
  const rename = name === group.name ? '' : ` and name this manifest "${name}"`;
  const has = name === group.name ? 'has this name' : 'holds the same values';
  return `would be created, although group ${id} of the scope "${scope}" (${status}) ${has}. If this repository had that scope before, add this line below "scope" in regsync.yaml to keep the group${rename}: former_scope: ${scope}`;
}

/** The likeliest first: of another scope and the same name, else with every value that the manifest states. */
function findCopies(group: BoundGroup, observed: Observed): ObservedGroup[] {
  const { byName, byText, byCombination } = indexCopies(observed);
  const combination = combinationKey(group.combination);
  const namesakes = byName.get(keyOf(combination, group.name)) ?? [];
  if (namesakes.length > 0) return [...namesakes].sort(bestFirst);
  if (group.values.length === 0) return [];
  const texts = group.values.filter(({ content }) => content.kind === 'text');
  const similar = texts
    .map((value) => byText.get(keyOf(combination, value.requirement.id, reveal(desiredForm(value)))) ?? [])
    .sort((a, b) => a.length - b.length);
  const [fewest = byCombination.get(combination) ?? []] = similar;
  const equal = [...new Set(fewest)].filter((candidate) => holdsAll(candidate, group, observed));
  const keepable = equal.filter((copy) => isKeepableById(copy, observed));
  return (keepable.length > 0 ? keepable : equal).sort(bestFirst);
}

function holdsAll({ requirements }: ObservedGroup, { values }: BoundGroup, observed: Observed): boolean {
  return values.every((value) => {
    const held = requirements.findLast(({ requirementId }) => requirementId === value.requirement.id);
    return held !== undefined && isHeld(held.value, value, observed);
  });
}

/** What was approved is worth most. */
function bestFirst(a: ObservedGroup, b: ObservedGroup): number {
  const rank = ({ status }: ObservedGroup) => ({ approved: 0, 'pending-approval': 1 })[status] ?? 2;
  return rank(a) - rank(b) || compareText(a.id, b.id);
}

/* ---- Of thousands of groups that are to be created, each looks for a few among thousands ---- */

interface CopyIndex {
  readonly byName: ReadonlyMap<string, readonly ObservedGroup[]>;
  readonly byText: ReadonlyMap<string, readonly ObservedGroup[]>;
  readonly byCombination: ReadonlyMap<string, readonly ObservedGroup[]>;
}

const indexes = new WeakMap<Observed, CopyIndex>();

function indexCopies(observed: Observed): CopyIndex {
  const known = indexes.get(observed);
  if (known !== undefined) return known;
  const byName = new Map<string, ObservedGroup[]>();
  const byText = new Map<string, ObservedGroup[]>();
  const byCombination = new Map<string, ObservedGroup[]>();
  for (const group of observed.unclaimed ?? []) {
    if (group.status === 'no-longer-eligible') continue;
    const combination = combinationKey(group.combination);
    addTo(byCombination, combination, group);
    for (const { requirementId, value } of group.requirements) {
      if (value.isEmpty) continue;
      const text = reveal(value);
      for (const form of new Set([normaliseText(text), normaliseDate(text)]))
        addTo(byText, keyOf(combination, requirementId, `text:${form}`), group);
    }
    const named = isForeign(observed.scope, group.reference) ? scopeAndNameIn(group.reference) : null;
    if (named !== null) addTo(byName, keyOf(combination, named.name), group);
  }
  const index = { byName, byText, byCombination };
  indexes.set(observed, index);
  return index;
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function addTo(index: Map<string, ObservedGroup[]>, key: string, group: ObservedGroup): void {
  const others = index.get(key);
  if (others === undefined) index.set(key, [group]);
  else others.push(group);
}
