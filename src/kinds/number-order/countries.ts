import { Fault } from '../../manifest/fault.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { Resolution } from '../../manifest/resolution.ts';
import { quoted } from '../../manifest/visible.ts';
import type { DesiredGroup } from '../../model/resource.ts';
import { callingCodeOf, isAbroad } from '../../model/text/calling-codes.ts';
import { FULFILLED_TO_ORDER } from '../requirement-group/approval.ts';

/**
 * Reports numbers that Telnyx would refuse to order by their country: those of another country than their
 * group, and those that need a group and have none. The calling code alone tells it, so no request is made.
 */
export function reportCountries(
  manifests: readonly Manifest<'NumberOrder'>[],
  groups: readonly DesiredGroup[],
  { problems }: Resolution,
): void {
  if (manifests.length === 0) return;
  const byName = new Map(groups.map((group) => [group.name, group]));
  for (const { fields, origin } of manifests) {
    const { phone_numbers: numbers = [], requirement_group: name, id } = fields;
    const group = name === undefined ? undefined : byName.get(name);
    const isPlaced = id !== undefined;
    const demanding = new Set<string>();
    for (const [index, number] of numbers.entries()) {
      const fault =
        name === undefined && !isPlaced
          ? withoutGroup(number, demanding)
          : group === undefined
            ? null
            : abroad(number, group);
      if (fault !== null) problems.push(origin.problem(['phone_numbers', index], fault));
    }
  }
}

function abroad(number: string, { name, combination: { countryCode } }: DesiredGroup): Fault | null {
  if (!isAbroad(number, countryCode)) return null;
  const message = `this number begins with ${callingCodeOf(number)?.code}, and the group ${quoted(name)} is for numbers in ${countryCode}`;
  return new Fault(
    'order-mismatch',
    message,
    'Order it with a group for its country, in a NumberOrder of its own.',
  );
}

/** @param demanding the countries that are reported already, since one line for each is enough. */
function withoutGroup(number: string, demanding: Set<string>): Fault | null {
  const [country] = callingCodeOf(number)?.countries ?? [];
  if (country === undefined || !FULFILLED_TO_ORDER.has(country) || demanding.has(country)) return null;
  demanding.add(country);
  const message = `numbers in ${country} cannot be ordered without a fulfilled group, and this order names none`;
  const hint = `Add \`requirement_group:\` with the name of a group for ${country}. If the order exists already, name it by \`id:\`.`;
  return new Fault('order-needs-fulfilled-group', message, hint);
}
