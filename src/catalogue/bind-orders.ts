import type { Lock } from '../model/lock.ts';
import type { OrderRequirement } from '../model/observed-order.ts';
import type { Problem } from '../model/problem.ts';
import type { Catalogue, RequirementDefinition } from '../model/requirements.ts';
import type { BoundValue, DesiredRequirement } from '../model/resource.ts';
import { checkContent } from './check-content.ts';
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
export function bindOrder<Order extends { readonly requirements: readonly DesiredRequirement[] }>(
  order: Order,
  definitions: ReadonlyMap<string, RequirementDefinition>,
  holdings: readonly NamedHolding[],
): {
  readonly order: Omit<Order, 'requirements'> & { readonly values: readonly BoundValue[] };
  readonly problems: readonly Problem[];
} {
  const held = new Map(holdings.flat().map((own) => [own.requirementId, own]));
  const problems: Problem[] = [];
  const { requirements, ...rest } = order;
  const values = requirements.flatMap((stated): BoundValue[] => {
    const id = stated.requirement.toLowerCase();
    const own = held.get(id);
    const described = definitions.get(id) ?? undescribed(id, 'unknown', own?.name ?? id);
    const requirement =
      own !== undefined && described.fieldType === 'unknown'
        ? { ...described, fieldType: own.fieldType }
        : described;
    problems.push(...checkContent(stated, requirement, own));
    const { content, source, contentSource } = stated;
    return content.kind === 'unread_text' ? [] : [{ requirement, content, source, contentSource }];
  });
  return { order: { ...rest, values }, problems };
}
