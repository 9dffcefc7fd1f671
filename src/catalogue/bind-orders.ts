import type { Lock } from '../model/lock.ts';
import type { BoundAction, DesiredAction } from '../model/orders/actions.ts';
import type { OrderRequirement } from '../model/orders/observed-order.ts';
import type { Problem } from '../model/problem.ts';
import type { Catalogue, RequirementDefinition } from '../model/requirements.ts';
import { type BoundValue, type DesiredRequirement, isRead } from '../model/resource.ts';
import { checkContent, HOW_TO_WRITE } from './check-content.ts';
import { undescribed } from './knowledge.ts';
import { lockedCatalogue } from './lock.ts';

/** Indexes known requirements by id, since an order does not state its combination. */
export function definitionsById(
  catalogue: Catalogue,
  lock: Lock | null,
): ReadonlyMap<string, RequirementDefinition> {
  const locked = lock === null ? [] : [...lockedCatalogue(lock).values()];
  const known = [...locked, ...catalogue.values()].flatMap(({ requirements }) => requirements);
  return new Map(known.map((definition) => [definition.id, definition]));
}

/** The requirements of an order. Porting orders state their names. */
type NamedHolding = readonly (OrderRequirement & { readonly name?: string | null })[];

/**
 * Binds the requirements of an order, and checks each value as far as its requirement is known. An existing
 * order itself states the types.
 *
 * @param holdings the requirements of each part of the order; empty if it does not exist yet.
 */
export function bindOrder<
  Order extends {
    readonly requirements: readonly DesiredRequirement[];
    readonly actions?: readonly DesiredAction[];
  },
>(
  order: Order,
  definitions: ReadonlyMap<string, RequirementDefinition>,
  holdings: readonly NamedHolding[],
): {
  readonly order: Omit<Order, 'requirements' | 'actions'> & {
    readonly values: readonly BoundValue[];
    readonly actions?: readonly BoundAction[];
  };
  readonly problems: readonly Problem[];
} {
  const held = new Map(holdings.flat().map((own) => [own.requirementId, own]));
  const problems: Problem[] = [];
  const { requirements, actions: statedActions = [], ...rest } = order;
  const values = requirements.flatMap((stated): BoundValue[] => {
    const id = stated.requirement.toLowerCase();
    const own = held.get(id);
    const described = definitions.get(id) ?? undescribed(id, 'unknown', own?.name ?? id);
    const requirement =
      own !== undefined && described.fieldType === 'unknown'
        ? { ...described, fieldType: own.fieldType }
        : described;
    problems.push(
      ...(requirement.fieldType === 'action'
        ? [takesNames(stated, requirement)]
        : checkContent(stated, requirement, own)),
    );
    const { content, source, contentSource } = stated;
    return isRead(content) ? [{ requirement, content, source, contentSource }] : [];
  });
  const actions = statedActions.flatMap((stated): BoundAction[] => {
    const { requirement: id, names, source } = stated;
    const own = held.get(id);
    const described = definitions.get(id) ?? undescribed(id, own?.fieldType ?? 'unknown', own?.name ?? id);
    const { name, fieldType } = described;
    if (fieldType !== 'action' && fieldType !== 'unknown') problems.push(takesValue(stated, described));
    return names === null ? [] : [{ requirement: { id, name }, names, source }];
  });
  return { order: { ...rest, values, ...(actions.length === 0 ? {} : { actions }) }, problems };
}

function takesNames({ contentSource }: DesiredRequirement, { name }: RequirementDefinition): Problem {
  return {
    severity: 'error',
    code: 'action-requirement',
    message: `"${name}" is an action: a person fulfils it, and no value does`,
    hint: 'Use `action: { first_name: …, last_name: … }`.',
    source: contentSource,
  };
}

function takesValue({ source }: DesiredAction, { name, fieldType }: RequirementDefinition): Problem {
  const key = fieldType === 'document' || fieldType === 'address' ? fieldType : 'text';
  return {
    severity: 'error',
    code: 'wrong-value-type',
    message: `"${name}" takes ${key === 'address' ? 'an' : 'a'} ${key}, not an action`,
    hint: HOW_TO_WRITE[key],
    source,
  };
}
