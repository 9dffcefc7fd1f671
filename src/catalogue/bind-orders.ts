import type { Lock } from '../model/lock.ts';
import type {
  BoundValue,
  Catalogue,
  DesiredNumberOrder,
  DesiredPortingOrder,
  RequirementDefinition,
} from '../model/resource.ts';
import { undescribed } from './bind.ts';
import { lockedCatalogue } from './lock.ts';

/** What is known of requirements whatever the country: an order names them by id, and does not say what it is for. */
export function definitionsById(
  catalogue: Catalogue,
  lock: Lock | null,
): ReadonlyMap<string, RequirementDefinition> {
  const locked = lock === null ? [] : [...lockedCatalogue(lock).values()];
  const known = [...locked, ...catalogue.values()].flatMap(({ requirements }) => requirements);
  return new Map(known.map((definition) => [definition.id, definition]));
}

/** Nothing says what an order's requirements are but the order itself: types are left to the one who has read it. */
export function bindOrder<Order extends DesiredNumberOrder | DesiredPortingOrder>(
  order: Order,
  definitions: ReadonlyMap<string, RequirementDefinition>,
): Omit<Order, 'requirements'> & { readonly values: readonly BoundValue[] } {
  const { requirements, ...rest } = order;
  const values = requirements.flatMap(({ requirement, content, source, contentSource }): BoundValue[] => {
    const id = requirement.toLowerCase();
    return content.kind === 'unread_text'
      ? []
      : [{ requirement: definitions.get(id) ?? undescribed(id, 'unknown'), content, source, contentSource }];
  });
  return { ...rest, values };
}
