import type { Mask } from '../model/mask.ts';
import { privateTexts } from '../model/porting.ts';
import type { Desired, DesiredGroup } from '../model/resource.ts';
import type { Sensitive } from '../model/sensitive.ts';

/** What manifests hold must not come back in what the API says. */
export function hideStated(
  { groups, numberOrders, portingOrders }: Omit<Desired, 'scope'>,
  mask: Mask,
): void {
  mask.addAll(valuesOf([...groups, ...numberOrders, ...portingOrders]));
  const settings = portingOrders.flatMap((order) => order.settings);
  mask.addAll(privateTexts(settings.map(({ path, value }) => [path, value] as const)));
}

/** A country code is no secret. */
function* valuesOf(manifests: readonly Pick<DesiredGroup, 'requirements'>[]): Iterable<Sensitive> {
  for (const { requirements } of manifests) {
    for (const { content } of requirements) {
      if (content.kind === 'text') yield content.text;
      if (content.kind !== 'address') continue;
      for (const [field, value] of content.address.fields) if (field !== 'country_code') yield value;
    }
  }
}
