import type { Observed } from '../../model/observed.ts';
import type { Redactor } from '../../model/privacy/redactor.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { listPortingRequirements } from '../../telnyx/endpoints/porting-orders.ts';

/**
 * Adds the requirements of open porting orders whose manifests state none of them, so that a report says what
 * is missing. Costs one request for each such order that Telnyx does not call complete.
 */
export async function readPortingRequirements(
  client: ReadClient,
  observed: Observed,
  redactor: Redactor,
): Promise<Observed['PortingOrder']> {
  const comparedByGroup = new Set([...observed.orders.values()].flat().map(({ id }) => id));
  const entries = await Promise.all(
    [...observed.PortingOrder].map(async ([name, held]) => {
      const isKnown = held.requirements.length > 0 || comparedByGroup.has(held.id);
      if (!held.isOpen || isKnown || held.requirementsMet === true) return [name, held] as const;
      const requirements = await unlessGone(() => listPortingRequirements(client, held.id));
      redactor.know(held.id, requirements?.map(({ value }) => value) ?? []);
      return [name, requirements === null ? held : { ...held, requirements }] as const;
    }),
  );
  return new Map(entries);
}
