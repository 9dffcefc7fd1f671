import type { ObservedNumberOrder } from '../../model/orders/observed-order.ts';
import type { Attention } from '../../model/plan/plan.ts';
import type { BoundNumberOrder } from '../../model/resource.ts';
import { named, sentence } from '../../model/text/sentence.ts';
import { about } from '../values/about.ts';

/** Reports differences, because no request edits these settings (described). */
export function differingSettings(
  order: BoundNumberOrder,
  { id, settings }: ObservedNumberOrder,
): Attention[] {
  return order.settings
    .filter(({ key, value }) => settings[key] !== value)
    .map(({ key, value, source }) => {
      const held =
        settings[key] === null
          ? sentence`has no ${named(key)}`
          : sentence`has the ${named(key)} ${named(`${settings[key]}`)}`;
      const message = sentence`number order ${named(id)} ${held}, not ${named(value)}: it was fixed when the order was placed`;
      return about(order, 'order-differs', message, source);
    });
}
