import type { Observed, ObservedGroup, ObservedMatch } from '../../../model/observed.ts';
import type { Attention } from '../../../model/plan/plan.ts';
import { reveal, type Sensitive } from '../../../model/privacy/sensitive.ts';
import { referenceKey } from '../../../model/reference.ts';
import { digestInReference, isForeign, isOthers, scopeAndNameIn } from '../../../model/reference-names.ts';
import { type BoundGroup, combinationKey } from '../../../model/resource.ts';
import { compareText } from '../../../model/text/compare-text.ts';
import { normaliseDate, normaliseText } from '../../../model/text/normal-text.ts';
import { joined, named, quoted, type Sentence, sentence } from '../../../model/text/sentence.ts';
import { about } from '../../values/about.ts';
import { desiredForm, isHeld } from '../../values/normal-form.ts';

/**
 * Reports a group that is about to be created although the account has it already, because a manifest was
 * renamed or lost its `id:`, or the repository's scope was changed. Each of these would make a second copy of
 * an approved group, so the message names the group and the line that keeps it. The plan still creates one:
 * two groups of equal values may be intended.
 */
export function alreadyThere(group: BoundGroup, match: ObservedMatch, observed: Observed): Attention[] {
  if (match.group !== null || observed.unclaimed === undefined) return [];
  const [best, ...others] = findCopies(group, observed);
  if (best === undefined) return [];
  const line = isKeepableById(best, observed) ? keepById(group, best) : otherScope(group, best);
  const also = others.length === 0 ? '' : sentence` (others like it: ${nameSome(others)})`;
  return [about(group, 'already-there', sentence`${line}${also}`)];
}

/**
 * The most groups to name, and to look for: among thousands that hold the same, each would be compared with
 * each.
 */
const MAX_OTHERS = 3;

function nameSome(groups: readonly ObservedGroup[]): Sentence {
  const ids = groups.slice(0, MAX_OTHERS).map(({ id }) => named(id));
  return sentence`${joined(ids, ', ')}${groups.length > ids.length ? ' and more' : ''}`;
}

/** Returns false for a group of another scope, because its `id:` would be refused. */
function isKeepableById({ reference }: ObservedGroup, observed: Observed): boolean {
  return !isOthers(observed, reference);
}

function keepById(group: BoundGroup, { id, status, reference }: ObservedGroup): Sentence {
  const called = reference === null ? 'without a reference' : named(JSON.stringify(reference));
  const combination = combinationKey(group.combination);
  const likeness =
    reference === group.name ? 'has the name of this manifest as its reference' : 'holds the same values';
  return sentence`would be created, although group ${named(id)} (${called}, ${named(status)}) is for ${named(combination)} and ${likeness}. To keep that group, add this line to the manifest: ${named(`id: ${id}`)}`;
}

function otherScope(group: BoundGroup, { id, status, reference }: ObservedGroup): Sentence {
  const { scope, name } = scopeAndNameIn(reference) ?? { scope: '', name: '' };
  const rename = name === group.name ? '' : sentence` and name this manifest ${quoted(name)}`;
  const has = name === group.name ? 'has this name' : 'holds the same values';
  return sentence`would be created, although group ${named(id)} of the scope ${quoted(scope)} (${named(status)}) ${has}. If this repository had that scope before, add this line below ${quoted('scope')} in ${named('regsync.yaml')} to keep the group${rename}: ${named(`former_scope: ${scope}`)}`;
}

/**
 * Returns the likeliest groups first: of another scope and the same name, else with every value that the
 * manifest states.
 */
function findCopies(group: BoundGroup, observed: Observed): readonly ObservedGroup[] {
  const { byName, byValue, byCombination } = indexCopies(observed);
  const combination = combinationKey(group.combination);
  const namesakes = byName.get(keyOf(combination, group.name)) ?? [];
  if (namesakes.length > 0) return namesakes;
  if (group.values.length === 0) return [];
  const [fewest = byCombination.get(combination) ?? []] = group.values
    .filter(({ content }) => content.kind === 'text' || content.kind === 'document')
    .map((value) => keyOf(combination, value.requirement.id, reveal(desiredForm(value))))
    .map((key) => byValue.get(key) ?? [])
    .sort((a, b) => a.length - b.length);
  const equal: ObservedGroup[] = [];
  for (const candidate of fewest) {
    if (equal.length > MAX_OTHERS + 1) break;
    if (holdsAll(candidate, group, observed)) equal.push(candidate);
  }
  const keepable = equal.filter((copy) => isKeepableById(copy, observed));
  return keepable.length > 0 ? keepable : equal;
}

function holdsAll({ requirements }: ObservedGroup, { values }: BoundGroup, observed: Observed): boolean {
  return values.every((value) => {
    const held = requirements.findLast(({ requirementId }) => requirementId === value.requirement.id);
    return held !== undefined && isHeld(held.value, value, observed);
  });
}

/** ---- An index, because thousands of groups to create each look for a few among thousands ---- */

/** Each list has the likeliest group first. */
interface CopyIndex {
  readonly byName: ReadonlyMap<string, readonly ObservedGroup[]>;
  /** The keys have the form of a manifest's text or document. An address may be held in several forms. */
  readonly byValue: ReadonlyMap<string, readonly ObservedGroup[]>;
  readonly byCombination: ReadonlyMap<string, readonly ObservedGroup[]>;
}

const indexes = new WeakMap<Observed, CopyIndex>();

function indexCopies(observed: Observed): CopyIndex {
  const known = indexes.get(observed);
  if (known !== undefined) return known;
  const usable = (observed.unclaimed ?? []).filter(({ status }) => status !== 'no-longer-eligible');
  const [byName, byValue, byCombination] = [new Index(), new Index(), new Index()];
  for (const group of usable.sort(bestFirst(observed))) {
    const combination = combinationKey(group.combination);
    byCombination.add(combination, group);
    const keys = group.requirements.flatMap(({ requirementId, value }) =>
      formsOf(value, observed).map((form) => keyOf(combination, requirementId, form)),
    );
    for (const key of new Set(keys)) byValue.add(key, group);
    const named = nameOfCopy(observed, group);
    if (named !== null) byName.add(keyOf(combination, named), group);
  }
  const index = { byName, byValue, byCombination };
  indexes.set(observed, index);
  return index;
}

/** Returns the name of a group of another scope, or of one that `regsync release` let go. */
function nameOfCopy({ scope }: Observed, { reference }: ObservedGroup): string | null {
  if (isForeign(scope, reference)) return scopeAndNameIn(reference)?.name ?? null;
  const key = referenceKey(reference);
  return key === null || key.includes('/') ? null : key;
}

/** Sorts groups that can be kept by their id first, and among them approved ones. */
function bestFirst(observed: Observed): (a: ObservedGroup, b: ObservedGroup) => number {
  const worth = ({ status }: ObservedGroup) => ({ approved: 0, 'pending-approval': 1 })[status] ?? 2;
  const rank = (group: ObservedGroup) => worth(group) + (isKeepableById(group, observed) ? 0 : 3);
  return (a, b) => rank(a) - rank(b) || compareText(a.id, b.id);
}

function formsOf(value: Sensitive, { documents }: Observed): string[] {
  if (value.isEmpty) return [];
  const text = reveal(value);
  const document = documents.byId.get(text);
  const digest =
    document === undefined ? null : (document.sha256 ?? digestInReference(document.reference, 'doc'));
  return [
    `text:${normaliseText(text)}`,
    `text:${normaliseDate(text)}`,
    ...(digest === null ? [] : [`document:${digest.slice(0, 32)}`]),
  ];
}

function keyOf(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}

class Index extends Map<string, ObservedGroup[]> {
  add(key: string, group: ObservedGroup): void {
    const others = this.get(key);
    if (others === undefined) this.set(key, [group]);
    else others.push(group);
  }
}
