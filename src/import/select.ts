import { validateRequirementGroup } from '../manifest/validators.js';
import type { ObservedGroup, ObservedMatch } from '../model/observed.ts';
import { isForeign } from '../model/reference-names.ts';
import type { LeftCode } from '../model/report/import.ts';
import type { Desired } from '../model/resource.ts';
import { compareText } from '../model/text/compare-text.ts';

/** The live groups that an import is asked for. Null means any. */
export interface Wanted {
  readonly ids: ReadonlySet<string> | null;
  readonly countryCode: string | null;
  readonly phoneNumberType: string | null;
  readonly action: string | null;
  readonly status: string | null;
  /** The beginning of the group's reference. */
  readonly referencePrefix: string | null;
}

export interface ImportSelection {
  /**
   * The groups ordered by reference and id, so that names are assigned in the same order on every machine.
   */
  readonly groups: readonly ObservedGroup[];
  readonly left: readonly Left[];
}

/** A group that gets no manifest. */
export interface Left {
  readonly group: ObservedGroup;
  readonly code: LeftCode;
  readonly message: string;
}

/**
 * Selects the wanted groups that need a manifest and can have one. A group that is named by id is always
 * reported, even if it is left out.
 */
export function selectGroups(
  wanted: Wanted,
  observed: readonly ObservedGroup[],
  { desired, matches }: { readonly desired: Desired; readonly matches: ReadonlyMap<string, ObservedMatch> },
): ImportSelection {
  const owners = ownersOf(desired, matches);
  const groups: ObservedGroup[] = [];
  const left: Left[] = [];
  for (const group of [...observed].sort(byReference)) {
    if (wanted.ids !== null && !wanted.ids.has(group.id)) continue;
    const passes = passesFilters(wanted, group);
    if (!passes && wanted.ids === null) continue;
    const reason = passes ? reasonToLeave(group, desired.scope, owners) : FILTERED_OUT;
    if (reason === null) groups.push(group);
    else left.push({ group, ...reason });
  }
  return { groups, left };
}

function byReference(a: ObservedGroup, b: ObservedGroup): number {
  return compareText(a.reference ?? '', b.reference ?? '') || compareText(a.id, b.id);
}

function passesFilters(wanted: Wanted, { combination, status, reference }: ObservedGroup): boolean {
  return (
    (wanted.countryCode ?? combination.countryCode) === combination.countryCode &&
    (wanted.phoneNumberType ?? combination.phoneNumberType) === combination.phoneNumberType &&
    (wanted.action ?? combination.action) === combination.action &&
    (wanted.status ?? status) === status &&
    (reference ?? '').startsWith(wanted.referencePrefix ?? '')
  );
}

type Reason = Omit<Left, 'group'>;

const FILTERED_OUT: Reason = { code: 'filtered-out', message: 'the filters leave it out' };

function reasonToLeave(
  group: ObservedGroup,
  scope: string,
  owners: ReadonlyMap<string, string>,
): Reason | null {
  const owner = owners.get(group.id);
  if (owner !== undefined) return { code: 'covered', message: `already covered by ${owner}` };
  if (group.status === 'no-longer-eligible')
    return { code: 'no-longer-eligible', message: 'it cannot be used again' };
  if (isForeign(scope, group.reference))
    return { code: 'other-scope', message: 'it belongs to another regsync scope' };
  if (!isExpressible(group))
    return {
      code: 'inexpressible',
      message: 'no manifest can have its country, type, action or id',
    };
  return null;
}

function isExpressible({ id, combination }: ObservedGroup): boolean {
  return validateRequirementGroup({
    apiVersion: 'regsync/v1',
    kind: 'RequirementGroup',
    name: 'x',
    country_code: combination.countryCode,
    phone_number_type: combination.phoneNumberType,
    action: combination.action,
    id,
  });
}

/**
 * Returns owners by group id: `"de-local" in groups/de.yaml:1`. A manifest also owns a group that it is about
 * to replace, and each of several that it could mean.
 */
function ownersOf(
  { RequirementGroup: groups }: Desired,
  matches: ReadonlyMap<string, ObservedMatch>,
): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { name, source } of groups) {
    const match = matches.get(name);
    if (match === undefined) continue;
    for (const held of [match.group, ...match.superseded, ...(match.rivals ?? [])])
      if (held !== null) owners.set(held.id, `"${name}" in ${source.file}:${source.line}`);
  }
  return owners;
}
