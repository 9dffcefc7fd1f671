import type { ObservedPortingOrder } from '../../model/orders/observed-order.ts';
import { isDocumentPath, privateTexts } from '../../model/orders/porting.ts';
import type { Redactor } from '../../model/privacy/redactor.ts';
import type { Problem } from '../../model/problem.ts';
import type { Desired, DesiredPortingOrder } from '../../model/resource.ts';
import { unlessUnknown } from '../../telnyx/absence.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { getPortingOrder, listPortingRequirements } from '../../telnyx/endpoints/porting-orders.ts';
import { OPEN_PORTING_STATUSES, quotable, reasonsOf } from '../../telnyx/orders.ts';
import type { KindReading, ObserveRun } from '../kind.ts';
import { hideActions, readPortingActions } from '../reading/actions.ts';
import { linkOrders } from '../reading/links.ts';

/** Reads the porting orders that have a manifest, as far as the manifest states something about them. */
export async function observePortingOrders(
  client: ReadClient,
  desired: Desired,
  { selected, redactor }: ObserveRun,
): Promise<KindReading<'PortingOrder'>> {
  const own = desired.PortingOrder.filter(({ name }) => selected.PortingOrder.has(name));
  const found = await Promise.all(
    own.map(async (order) => ({ order, held: await readOrNull(client, order) })),
  );
  for (const { held } of found) if (held !== null) hide(held, redactor);
  // A missing order is a mistake of the manifest that names it, and of no other.
  const missing = new Set(found.flatMap(({ order, held }) => (held === null ? [order] : [])));
  return {
    objects: new Map(found.flatMap(({ order, held }) => (held === null ? [] : [[order.name, held]]))),
    links: linkOrders(
      desired.PortingOrder.filter((order) => !missing.has(order)),
      'porting_order',
      ({ id }) => id.id,
    ),
    problems: found.flatMap(({ order, held }) => (held === null ? [absent(order)] : undemanded(order, held))),
    refusals: [],
  };
}

async function readOrNull(
  client: ReadClient,
  { id: { id }, requirements }: DesiredPortingOrder,
): Promise<ObservedPortingOrder | null> {
  const statesValues = requirements.some(({ requirement }) => !isDocumentPath(requirement));
  return unlessUnknown(async () => {
    const [row, held] = await Promise.all([
      getPortingOrder(client, id),
      statesValues ? listPortingRequirements(client, id) : [],
    ]);
    const actions = OPEN_PORTING_STATUSES.has(row.status) ? await readPortingActions(client, row.id) : [];
    return {
      id: row.id,
      reference: row.reference,
      status: row.status,
      isOpen: OPEN_PORTING_STATUSES.has(row.status),
      phoneNumbersCount: row.phoneNumbersCount,
      ...quotable(row.phoneNumbers),
      ...reasonsOf(row),
      requirementsMet: row.requirementsMet,
      settings: row.settings,
      requirements: held,
      ...(actions.length === 0 ? {} : { actions }),
    };
  });
}

/** Records what an order holds, because Telnyx may repeat it in a message about that order. */
function hide({ id, settings, requirements, actions = [] }: ObservedPortingOrder, redactor: Redactor): void {
  hideActions(actions, redactor);
  redactor.know(id, [...privateTexts(settings), ...requirements.map(({ value }) => value)]);
}

/* ---- Problems ---- */

function absent({ id: { id, source } }: DesiredPortingOrder): Problem {
  return {
    severity: 'error',
    code: 'order-not-found',
    message: `Telnyx has no porting order ${id}`,
    hint: 'Correct `id:`, or remove the manifest. Create porting orders at Telnyx: regsync only edits them.',
    source,
  };
}

/** Reports requirements that are not among those that the order lists. */
function undemanded({ requirements }: DesiredPortingOrder, held: ObservedPortingOrder): Problem[] {
  const own = new Set(held.requirements.map(({ requirementId }) => requirementId));
  const known = held.requirements.map(({ requirementId, name }) => `${requirementId} (${name ?? '?'})`);
  return requirements
    .filter(({ requirement }) => !isDocumentPath(requirement) && !own.has(requirement.toLowerCase()))
    .map(({ requirement, source }) => ({
      severity: 'error',
      code: 'unknown-requirement',
      message: `porting order ${held.id} does not demand ${requirement}`,
      hint: known.length === 0 ? 'It does not list its requirements yet.' : `It demands ${known.join(', ')}.`,
      source,
    }));
}
