import type { Observed, ObservedAddress, ObservedGroup } from '../../model/observed.ts';
import type { BoundAction } from '../../model/orders/actions.ts';
import type { Redactor } from '../../model/privacy/redactor.ts';
import type { Sensitive } from '../../model/privacy/sensitive.ts';
import type { BoundValue, RemoteId } from '../../model/resource.ts';

/** The private texts in values, for the mask: Telnyx may repeat them in any answer. */

/** Returns the groups that a manifest means or replaces. */
export function groupsOf({ RequirementGroup: matches }: Observed, name: string): ObservedGroup[] {
  const match = matches.get(name);
  return [...(match?.group ? [match.group] : []), ...(match?.superseded ?? [])];
}

/** Returns the texts and address fields that the manifest states, and all values that these groups hold. */
export function textsOf(values: readonly BoundValue[], groups: readonly ObservedGroup[]): Sensitive[] {
  const stated = values.flatMap(({ content }) => {
    if (content.kind === 'text') return [content.text];
    return content.kind === 'address' ? privateFields(content.address.fields) : [];
  });
  return [...stated, ...groups.flatMap(({ requirements }) => requirements.map(({ value }) => value))];
}

/** Returns the names of the people that the actions of an order are for. */
export function namesOf(actions: readonly BoundAction[] = []): Sensitive[] {
  return actions.flatMap(({ names }) => [...names.values()]);
}

/** Returns the fields of an address without its country, which is not private. */
export function privateFields(fields: ObservedAddress['fields']): Sensitive[] {
  return [...fields].flatMap(([field, value]) => (field === 'country_code' ? [] : [value]));
}

/** Defers reading the texts, because errors concern few of ten thousand objects. */
export function hideLazily(redactor: Redactor, id: RemoteId, texts: () => readonly Sensitive[]): void {
  redactor.know(id, { [Symbol.iterator]: () => texts()[Symbol.iterator]() });
}
