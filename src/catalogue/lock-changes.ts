import type { Lock, LockedRequirement, LockedSet, RequirementChange, SetChange } from '../model/lock.ts';
import type { AcceptanceCriteria } from '../model/requirements.ts';
import { combinationKey } from '../model/resource.ts';
import { compareText } from '../model/text/compare-text.ts';
import { cut } from '../model/text/cut.ts';
import { readCharacterSet } from './criteria.ts';
import { digestOf } from './lock-document.ts';

/** Compares two locks, combination by combination, sorted. */
export function compareLocks(before: Lock | null, after: Lock): SetChange[] {
  const [old, fresh] = [before?.sets ?? [], after.sets].map(
    (sets) => new Map(sets.map((set) => [combinationKey(set.combination), set])),
  ) as [Map<string, LockedSet>, Map<string, LockedSet>];
  const keys = [...new Set([...old.keys(), ...fresh.keys()])].sort(compareText);
  return keys.map((key) => compareSets(key, old.get(key) ?? null, fresh.get(key) ?? null));
}

function compareSets(combination: string, before: LockedSet | null, after: LockedSet | null): SetChange {
  return {
    combination,
    status: statusOf(before, after),
    before,
    after,
    requirements:
      before === null || after === null ? [] : compareRequirements(before.requirements, after.requirements),
  };
}

function statusOf(before: LockedSet | null, after: LockedSet | null): SetChange['status'] {
  if (before === null) return 'added';
  if (after === null) return 'dropped';
  return digestOf(before) === digestOf(after) ? 'unchanged' : 'changed';
}

function compareRequirements(
  before: readonly LockedRequirement[],
  after: readonly LockedRequirement[],
): RequirementChange[] {
  const old = new Map(before.map((requirement) => [requirement.id, requirement]));
  const fresh = new Map(after.map((requirement) => [requirement.id, requirement]));
  const ids = [...new Set([...old.keys(), ...fresh.keys()])].sort(compareText);
  return ids.flatMap((id) => {
    const [was, is] = [old.get(id), fresh.get(id)];
    if (was === undefined) return is === undefined ? [] : [change(is, 'added')];
    return is === undefined ? [change(was, 'removed')] : compareRequirement(was, is);
  });
}

function compareRequirement(was: LockedRequirement, is: LockedRequirement): RequirementChange[] {
  const rules = compareCriteria(was.criteria, is.criteria);
  const details = (kind: Verdict) =>
    rules.filter((rule) => rule.verdict === kind).map(({ detail }) => detail);
  const verdicts = (['tightened', 'changed', 'loosened'] as const).flatMap((kind) =>
    details(kind).length === 0 ? [] : [change(is, kind, details(kind).join('; '))],
  );
  const reworded = [
    ...(was.description === is.description ? [] : ['description']),
    ...(was.example === is.example ? [] : ['example']),
  ];
  return [
    ...(was.fieldType === is.fieldType
      ? []
      : [change(is, 'type-changed', `${was.fieldType} → ${is.fieldType}`)]),
    ...verdicts,
    ...(was.name === is.name ? [] : [change(is, 'renamed', `from ${shown(was.name)}`)]),
    ...(reworded.length === 0 ? [] : [change(is, 'reworded', reworded.join(' and '))]),
  ];
}

function change(
  { id, name }: LockedRequirement,
  kind: RequirementChange['kind'],
  detail = '',
): RequirementChange {
  return { kind, id, name, detail };
}

/* ---- Criteria: whether the new rule accepts less, more, or something else ---- */

type Verdict = 'tightened' | 'loosened' | 'changed';

interface RuleChange {
  readonly verdict: Verdict;
  readonly detail: string;
}

function compareCriteria(was: AcceptanceCriteria, is: AcceptanceCriteria): RuleChange[] {
  const rules: [name: string, was: unknown, is: unknown, verdict: Verdict][] = [
    ['min_length', was.minLength, is.minLength, byRank(is.minLength ?? 0, was.minLength ?? 0)],
    ['max_length', was.maxLength, is.maxLength, byRank(was.maxLength ?? Infinity, is.maxLength ?? Infinity)],
    [
      'acceptable_characters',
      was.acceptableCharacters,
      is.acceptableCharacters,
      byRule(was.acceptableCharacters, is.acceptableCharacters, readCharacterSet),
    ],
    [
      'acceptable_values',
      was.acceptableValues,
      is.acceptableValues,
      byRule(listed(was.acceptableValues), listed(is.acceptableValues), (values) => new Set(values)),
    ],
    ['regex', was.regex, is.regex, byRule(was.regex, is.regex, () => null)],
    ['case_sensitive', was.caseSensitive, is.caseSensitive, byRank(strictness(is), strictness(was))],
    ['time_limit', was.timeLimit, is.timeLimit, byRule(was.timeLimit, is.timeLimit, () => null)],
    [
      'locality_limit',
      was.localityLimit,
      is.localityLimit,
      byRule(was.localityLimit, is.localityLimit, () => null),
    ],
  ];
  return rules.flatMap(([name, before, after, verdict]) =>
    JSON.stringify(before) === JSON.stringify(after)
      ? []
      : [{ verdict, detail: `${name} ${shown(before)} → ${shown(after)}` }],
  );
}

/** Returns `tightened` if `larger` exceeds `smaller`, because the new rule then accepts less. */
function byRank(larger: number, smaller: number): Verdict {
  return larger > smaller ? 'tightened' : larger < smaller ? 'loosened' : 'changed';
}

/** Compares two rules. Null accepts everything. Rules that cannot be listed are only `changed`. */
function byRule<Rule>(
  was: Rule | null,
  is: Rule | null,
  list: (rule: Rule) => ReadonlySet<string> | null,
): Verdict {
  if (was === null) return 'tightened';
  if (is === null) return 'loosened';
  const [before, after] = [list(was), list(is)];
  if (before === null || after === null) return 'changed';
  const takesNoMore = [...after].every((entry) => before.has(entry));
  const takesNoLess = [...before].every((entry) => after.has(entry));
  if (takesNoMore === takesNoLess) return 'changed';
  return takesNoMore ? 'tightened' : 'loosened';
}

/** Returns null for an empty list, which accepts everything (documented). */
function listed(values: readonly string[]): readonly string[] | null {
  return values.length === 0 ? null : values;
}

/**
 * Ranks the case rule. An unstated one is in the middle: listed values then ignore case, and patterns do not.
 */
function strictness({ caseSensitive }: AcceptanceCriteria): number {
  return caseSensitive === null ? 1 : caseSensitive ? 2 : 0;
}

const MAX_SHOWN = 80;

function shown(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'none';
  const text =
    typeof value === 'string'
      ? `"${value}"`
      : Array.isArray(value)
        ? value.map(shown).join(', ')
        : String(value);
  return cut(text, MAX_SHOWN);
}
