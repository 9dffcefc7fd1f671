import { MANAGED } from '../../kinds/index.ts';
import type { Managed } from '../../kinds/kind.ts';
import { commentedId } from '../../kinds/reading/order-comments.ts';
import { groupsOf, hideLazily, namesOf, privateFields, textsOf } from '../../kinds/values/private-texts.ts';
import { type BoundByKind, MANAGED_KINDS } from '../../model/kinds.ts';
import type { Observed, ObservedAddress, ReviewComment } from '../../model/observed.ts';
import type { ObservedAction } from '../../model/orders/actions.ts';
import type { ObservedOrder } from '../../model/orders/observed-order.ts';
import { privateTexts } from '../../model/orders/porting.ts';
import { PLACEHOLDER, redactWhole } from '../../model/privacy/redact.ts';
import type { Redactor } from '../../model/privacy/redactor.ts';
import { reveal, type Sensitive } from '../../model/privacy/sensitive.ts';
import type { BoundValue, RemoteId } from '../../model/resource.ts';

interface Worlds extends BoundByKind {
  readonly observed: Observed;
}

/**
 * Registers for redaction the values that each object at Telnyx has and that its manifest wants: a refusal
 * may repeat either.
 */
export function knowHoldings(redactor: Redactor, worlds: Worlds): void {
  const { observed } = worlds;
  knowAddresses(redactor, observed.addresses.byId.values());
  for (const kind of MANAGED_KINDS) {
    const room: Managed = MANAGED[kind];
    room.hide(redactor, worlds[kind], observed);
  }
}

/** Registers addresses for redaction: Telnyx may repeat one that it refuses to accept or to delete. */
export function knowAddresses(
  redactor: Redactor,
  addresses: Iterable<Pick<ObservedAddress, 'id' | 'fields'>>,
): void {
  for (const { id, fields } of addresses) hideLazily(redactor, id, () => privateFields(fields));
}

/** Comments are cut to this length, because a person reads only the beginning. */
const MAX_COMMENT_LENGTH = 1000;
/** The part of a comment that is redacted and shown has at most this length: a comment may have megabytes. */
const MAX_REDACTED_LENGTH = 20_000;

/**
 * Returns the reviewers' comments in a form that may be shown: without the whole values of the object that a
 * comment is about, except those that the catalogue lists as acceptable, and cut to a length that a person
 * reads. Comments on any other object are left out.
 */
export function redactComments(worlds: Worlds): Observed['comments'] {
  const { observed } = worlds;
  const shown = new Map<RemoteId, readonly ReviewComment[]>();
  for (const [id, { texts, acceptable }] of commentedObjects(worlds)) {
    const comments = observed.comments.get(id);
    if (comments === undefined) continue;
    const known = texts().flatMap((text) => withAddress(observed, reveal(text)));
    shown.set(
      id,
      comments.map((comment) => ({ ...comment, body: redactComment(comment.body, known, acceptable()) })),
    );
  }
  return shown;
}

/**
 * Returns the porting orders with the reasons why Telnyx cancelled their actions in a form that may be shown,
 * because people write them as they write comments.
 */
export function redactReasons(worlds: Worlds): Observed['PortingOrder'] {
  const { observed } = worlds;
  const { PortingOrder: orders } = observed;
  const objects = commentedObjects(worlds);
  return new Map(
    [...orders].map(([name, order]) => {
      if (order.actions === undefined) return [name, order];
      const object = objects.get(order.id);
      const known = object?.texts().flatMap((text) => withAddress(observed, reveal(text))) ?? [];
      const actions = order.actions.map(({ cancelReason, ...action }) => ({
        ...action,
        cancelReason:
          cancelReason === null ? null : redactComment(cancelReason, known, object?.acceptable() ?? []),
      }));
      return [name, { ...order, actions }];
    }),
  );
}

interface CommentedObject {
  readonly texts: () => readonly Sensitive[];
  readonly acceptable: () => readonly string[];
}

/** Returns the private texts of each object that a comment can be about: its values, and those that manifests want. */
function commentedObjects(worlds: Worlds): ReadonlyMap<RemoteId, CommentedObject> {
  const { observed } = worlds;
  const objects = new Map<RemoteId, CommentedObject>();
  const add = (id: RemoteId, texts: () => readonly Sensitive[], acceptable: () => readonly string[]) => {
    const known = objects.get(id);
    objects.set(id, {
      texts: () => [...(known?.texts() ?? []), ...texts()],
      acceptable: () => [...(known?.acceptable() ?? []), ...acceptable()],
    });
  };
  for (const { name, values, definitions } of worlds.RequirementGroup) {
    const groups = groupsOf(observed, name);
    const acceptable = () => definitions.flatMap(({ criteria }) => criteria.acceptableValues);
    const [group = null] = groups;
    if (group !== null) add(group.id, () => textsOf(values, [group]), acceptable);
    for (const order of observed.orders.get(name) ?? [])
      add(commentedId(order), () => [...textsOf(values, groups), ...textsOfOrder(order)], acceptable);
  }
  for (const { name, values, phoneNumbers, actions } of worlds.NumberOrder) {
    const numbers = phoneNumbers.map(({ number }) => number);
    for (const action of observed.NumberOrder.get(name)?.actions ?? [])
      add(action.order.id, () => [...namesOf(actions), ...textsOfActions([action])], NOTHING);
    for (const order of observed.NumberOrder.get(name)?.subOrders ?? []) {
      const texts = () => [...numbers, ...textsOf(values, []), ...textsOfOrder(order)];
      add(order.id, texts, () => acceptableIn(values));
    }
  }
  for (const { name, values, settings, actions } of worlds.PortingOrder) {
    const held = observed.PortingOrder.get(name);
    if (held === undefined) continue;
    const stated = settings.map(({ path, value }) => [path, value] as const);
    const texts = () => [
      ...privateTexts(stated),
      ...privateTexts(held.settings),
      ...textsOf(values, []),
      ...namesOf(actions),
      ...textsOfActions(held.actions),
      ...held.requirements.map(({ value }) => value),
      ...(held.phoneNumbers ?? []),
    ];
    add(held.id, texts, () => acceptableIn(values));
  }
  return objects;
}

const NOTHING = (): readonly string[] => [];

/** Returns the names that were sent for actions, and their links, with which anybody can act. */
function textsOfActions(actions: readonly ObservedAction[] = []): Sensitive[] {
  return actions.flatMap(({ sent, link }) => [...sent.values(), ...(link === null ? [] : [link])]);
}

function textsOfOrder({ holdings, phoneNumbers = [] }: ObservedOrder): Sensitive[] {
  return [...holdings.flat().map(({ value }) => value), ...phoneNumbers];
}

function acceptableIn(values: readonly BoundValue[]): string[] {
  return values.flatMap(({ requirement }) => requirement.criteria.acceptableValues);
}

function redactComment(body: string, texts: readonly string[], acceptable: readonly string[]): string {
  const shown = [...redactWhole(body.slice(0, MAX_REDACTED_LENGTH), texts, acceptable)];
  // A value that this first cut splits is not redacted. The second cut removes it, unless redaction leaves too
  // little in front of it.
  if (body.length > MAX_REDACTED_LENGTH && shown.length <= 2 * MAX_COMMENT_LENGTH) return `${PLACEHOLDER}…`;
  return shown.length > MAX_COMMENT_LENGTH
    ? `${shown.slice(0, MAX_COMMENT_LENGTH - 1).join('')}…`
    : shown.join('');
}

function withAddress({ addresses }: Observed, text: string): string[] {
  const address = addresses.byId.get(text);
  return address === undefined ? [text] : privateFields(address.fields).map(reveal);
}
