import { LOCK_FILE, type Lock } from '../model/lock.ts';
import type { Problem } from '../model/problem.ts';
import type { RequirementDefinition } from '../model/requirements.ts';
import {
  type BoundValue,
  combinationKey,
  type DesiredGroup,
  type DesiredRequirement,
} from '../model/resource.ts';
import { bindRequirements } from './bind.ts';
import { bindOrder, definitionsById } from './bind-orders.ts';
import { lockedCatalogue } from './lock.ts';
import { allNamesOf, indexNames } from './names.ts';

/**
 * Returns the problems that a plan would find in the groups, as far as the lock knows the requirements. Needs
 * no network and no key.
 */
export function checkAgainstLock(groups: readonly DesiredGroup[], lock: Lock): Problem[] {
  const sets = new Map(
    lock.sets.map((set) => [
      combinationKey(set.combination),
      {
        findFormer: indexNames(set.former, allNamesOf),
        find: indexNames(set.requirements, allNamesOf),
      },
    ]),
  );
  const notices: Problem[] = [];
  const checked = groups.flatMap((group) => {
    const set = sets.get(combinationKey(group.combination));
    if (set === undefined) return [];
    const isFormer = ({ requirement }: DesiredRequirement) =>
      set.findFormer(requirement).length > 0 && set.find(requirement).length === 0;
    notices.push(...group.requirements.filter(isFormer).map((former) => formerRequirement(former, group)));
    return [{ ...group, requirements: group.requirements.filter((one) => !isFormer(one)) }];
  });
  const { problems } = bindRequirements(checked, lockedCatalogue(lock), new Map(), lock);
  return [...problems.map(mayBeOutdated), ...notices, ...findUnlocked(groups, lock)];
}

/**
 * Returns the values of groups and orders whose requirements the lock knows. Groups of combinations without a
 * wanted requirement are left out, because most repositories have none.
 */
export function valuesByLock(
  groups: readonly DesiredGroup[],
  orders: readonly { readonly requirements: readonly DesiredRequirement[] }[],
  lock: Lock,
  isWanted: (definition: RequirementDefinition) => boolean,
): readonly BoundValue[] {
  const catalogue = lockedCatalogue(lock);
  const wanted = groups.filter(({ combination }) =>
    catalogue.get(combinationKey(combination))?.requirements.some(isWanted),
  );
  const definitions = definitionsById(new Map(), lock);
  return [
    ...bindRequirements(wanted, catalogue, new Map(), lock).groups,
    ...orders.map((order) => bindOrder(order, definitions, []).order),
  ].flatMap(({ values }) => values.filter(({ requirement }) => isWanted(requirement)));
}

/** Returns the problems that a plan would find in an order's own values, with types from the lock. */
export function checkOrdersAgainstLock(
  orders: readonly { readonly requirements: readonly DesiredRequirement[] }[],
  lock: Lock,
): Problem[] {
  const definitions = definitionsById(new Map(), lock);
  return orders.flatMap((order) => bindOrder(order, definitions, []).problems);
}

/** Returns one notice for each combination that the lock does not contain, at its first group. */
export function findUnlocked(groups: readonly DesiredGroup[], lock: Lock): Problem[] {
  const locked = new Set(lock.sets.map((set) => combinationKey(set.combination)));
  const first = new Map(groups.toReversed().map((group) => [combinationKey(group.combination), group]));
  return [...first]
    .filter(([key]) => !locked.has(key))
    .map(([key, { source }]) => ({
      severity: 'notice',
      code: 'not-locked',
      message: `${LOCK_FILE} does not contain ${key}, so validate does not check its requirements`,
      hint: 'Run `regsync lock`.',
      source,
    }));
}

/**
 * Returns a notice only, because an existing group keeps its requirements, and offline regsync does not know
 * whether the group exists.
 */
function formerRequirement(
  { requirement, source }: DesiredRequirement,
  { combination }: DesiredGroup,
): Problem {
  return {
    severity: 'notice',
    code: 'requirement-gone',
    message: `${combinationKey(combination)} no longer demands ${JSON.stringify(requirement)}`,
    hint: 'Remove it unless your group was made before: a new group cannot have it.',
    source,
  };
}

function mayBeOutdated(problem: Problem): Problem {
  if (problem.code !== 'unknown-requirement') return problem;
  return {
    ...problem,
    hint: `${problem.hint ?? ''} If Telnyx has added it since, run \`regsync lock\`.`.trim(),
  };
}
