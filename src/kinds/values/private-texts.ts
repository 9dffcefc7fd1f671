import type { Mask } from '../../model/mask.ts';
import type { BoundValue, Observed, ObservedAddress, ObservedGroup, RemoteId } from '../../model/resource.ts';
import type { Sensitive } from '../../model/sensitive.ts';

/** What is private in values, for the mask: Telnyx may repeat it in whatever it answers. */

/** Returns the groups that a manifest means or replaces. */
export function groupsOf({ RequirementGroup: matches }: Observed, name: string): ObservedGroup[] {
  const match = matches.get(name);
  return [...(match?.group ? [match.group] : []), ...(match?.superseded ?? [])];
}

/** Returns texts, fields of addresses and ids, as the manifest wants them and as these groups hold them. */
export function textsOf(values: readonly BoundValue[], groups: readonly ObservedGroup[]): Sensitive[] {
  const stated = values.flatMap(({ content }) => {
    if (content.kind === 'text') return [content.text];
    return content.kind === 'address' ? privateFields(content.address.fields) : [];
  });
  return [...stated, ...groups.flatMap(({ requirements }) => requirements.map(({ value }) => value))];
}

/** Returns the fields of an address but its country: that is not private. */
export function privateFields(fields: ObservedAddress['fields']): Sensitive[] {
  return [...fields].flatMap(([field, value]) => (field === 'country_code' ? [] : [value]));
}

/** Of ten thousand objects, a run reads the texts of those few that an error is about. */
export function hideLazily(mask: Mask, id: RemoteId, texts: () => readonly Sensitive[]): void {
  mask.know(id, { [Symbol.iterator]: () => texts()[Symbol.iterator]() });
}
