import { commentedId } from '../../kinds/reading/order-comments.ts';
import type { CommentThread } from '../../kinds/reading/threads.ts';
import { isUnanswered } from '../../kinds/values/reviewers.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { KIND_WORDS, type ManagedKind } from '../../model/kinds.ts';
import type { Observed } from '../../model/observed.ts';
import type { ObservedOrder } from '../../model/orders/observed-order.ts';
import type { SourcePosition } from '../../model/problem.ts';
import type { Desired } from '../../model/resource.ts';
import { suggest } from '../../model/text/suggestion.ts';

/** The kinds that reviewers comment on. */
const COMMENTED_KINDS = [
  'RequirementGroup',
  'NumberOrder',
  'PortingOrder',
] as const satisfies readonly ManagedKind[];

/** The manifest that a reply names. */
export interface Addressee {
  readonly kind: (typeof COMMENTED_KINDS)[number];
  readonly name: string;
  readonly source: SourcePosition;
}

/**
 * Finds the manifest by its name, or by `KIND/NAME` where a group and an order share the name.
 *
 * @throws InvalidInputError if there is none, or if there are several.
 */
export function findAddressee(desired: Desired, written: string): Addressee {
  const all = COMMENTED_KINDS.flatMap((kind) =>
    desired[kind].map(({ name, source }): Addressee => ({ kind, name, source })),
  );
  const found = all.filter(({ kind, name }) => name === written || `${kind}/${name}` === written);
  const [only, ...others] = found;
  if (only === undefined) {
    const name = written.replace(/^[A-Za-z]+\//, '');
    const meant = suggest(name, new Set(all.map((one) => one.name)));
    const next = meant === null ? 'See the names with: regsync status' : `Did you mean "${meant}"?`;
    throw new InvalidInputError(`no group or order is named "${written}". ${next}`);
  }
  if (others.length > 0) {
    const names = found.map(({ kind, name }) => `${kind}/${name}`);
    throw new InvalidInputError(`several manifests have the name "${written}": write ${names.join(' or ')}`);
  }
  return only;
}

/** The part of an order that the command line names, by its id at Telnyx. */
export interface ThreadPart {
  readonly subOrder: string | undefined;
  readonly portingOrder: string | undefined;
  readonly advancedOrder: string | undefined;
}

/**
 * Finds the object at Telnyx whose comments a reply joins: the group, the porting order, or a sub order of the number
 * order. A part names an order that the group is attached to.
 *
 * @throws InvalidInputError if Telnyx does not have it, or if several are meant.
 */
export function findThread(addressee: Addressee, observed: Observed, part: ThreadPart): CommentThread {
  const parts = partsOf(addressee, observed);
  const [asked, ...others] = PARTS.flatMap(([option, type]) => {
    const id = part[option];
    return id === undefined ? [] : [{ type, id }];
  });
  if (asked !== undefined && others.length > 0) {
    const flags = [asked, ...others].map(({ type }) => FLAGS[type]).join(' and ');
    throw new InvalidInputError(`${flags} both name an order: drop one of them`);
  }
  if (asked !== undefined) return partNamed(addressee, parts, asked);
  switch (addressee.kind) {
    case 'RequirementGroup':
      return groupOf(addressee, observed);
    case 'NumberOrder':
      return onlySubOrder(addressee, parts, observed);
    case 'PortingOrder': {
      const order = observed.PortingOrder.get(addressee.name);
      if (order === undefined) throw absent(addressee, 'Telnyx has no porting order for it.');
      return { type: 'porting_order', id: order.id, status: order.status };
    }
    default:
      return addressee.kind satisfies never;
  }
}

function groupOf(addressee: Addressee, observed: Observed): CommentThread {
  const { group = null, rivals = [] } = observed.RequirementGroup.get(addressee.name) ?? {};
  if (rivals.length > 0) {
    const ids = rivals.map(({ id, status }) => `${id} (${status})`).join(', ');
    throw absent(
      addressee,
      `Several groups could be meant: ${ids}. Add the line id: … of one to its manifest.`,
    );
  }
  if (group === null)
    throw absent(addressee, 'Telnyx has no such group yet. To create it, run: regsync apply');
  return { type: 'requirement_group', id: group.id, status: group.status };
}

function onlySubOrder(
  addressee: Addressee,
  parts: readonly CommentThread[],
  observed: Observed,
): CommentThread {
  const [only, ...others] = parts;
  if (only === undefined) {
    const why = observed.NumberOrder.has(addressee.name)
      ? 'The order has no sub orders yet: try again in a minute.'
      : 'No order is placed for it. To place one, run: regsync apply --allow-orders';
    throw absent(addressee, why);
  }
  if (others.length === 0) return only;
  throw new InvalidInputError(
    `number order "${addressee.name}" has ${parts.length} sub orders, each with its own comments: add ${choices(parts, observed)}`,
  );
}

function partNamed(
  addressee: Addressee,
  parts: readonly CommentThread[],
  { type, id }: Pick<CommentThread, 'type'> & { readonly id: string },
): CommentThread {
  const suitable = parts.filter((one) => one.type === type);
  const found = suitable.find((one) => one.id.toLowerCase() === id.toLowerCase());
  if (found !== undefined) return found;
  const flag = FLAGS[type];
  const known = suitable.map((one) => `${flag} ${one.id}`);
  const other = parts.find((one) => one.id.toLowerCase() === id.toLowerCase());
  const instead = other === undefined ? `Drop ${flag}.` : `Write ${FLAGS[other.type]} ${other.id} instead.`;
  const next = known.length === 0 || other !== undefined ? instead : `It has ${known.join(' and ')}.`;
  throw absent(addressee, `Its manifest does not name the ${type.replaceAll('_', ' ')} ${id}. ${next}`);
}

const FLAGS: Readonly<Record<CommentThread['type'], string>> = {
  requirement_group: '',
  sub_number_order: '--sub-order',
  porting_order: '--porting-order',
  advanced_number_order: '--advanced-order',
};

const PARTS = [
  ['subOrder', 'sub_number_order'],
  ['portingOrder', 'porting_order'],
  ['advancedOrder', 'advanced_number_order'],
] as const satisfies readonly (readonly [keyof ThreadPart, CommentThread['type']])[];

/** The comments of a phone number are those of its sub order. */
const THREADS: Readonly<Record<ObservedOrder['kind'], CommentThread['type']>> = {
  sub_number_order: 'sub_number_order',
  phone_number: 'sub_number_order',
  porting_order: 'porting_order',
  advanced_order: 'advanced_number_order',
};

/** Returns the orders that a manifest means, each once. */
function partsOf({ kind, name }: Addressee, observed: Observed): CommentThread[] {
  const orders: readonly ObservedOrder[] =
    kind === 'RequirementGroup'
      ? (observed.orders.get(name) ?? [])
      : kind === 'NumberOrder'
        ? (observed.NumberOrder.get(name)?.subOrders ?? [])
        : [];
  const parts = orders.filter(isCommented).map(
    (order): CommentThread => ({
      type: THREADS[order.kind],
      id: commentedId(order),
      status: order.status,
    }),
  );
  return [...new Map(parts.map((part) => [part.id, part])).values()];
}

/** Returns false for a number of which Telnyx does not say which sub order it is in. */
function isCommented({ kind, subNumberOrderId }: ObservedOrder): boolean {
  return kind !== 'phone_number' || subNumberOrderId !== null;
}

function choices(parts: readonly CommentThread[], { comments }: Observed): string {
  return parts
    .map(({ id, status }) => {
      const asks = isUnanswered(comments.get(id));
      return `--sub-order ${id} (${status}${asks ? ', with a question' : ''})`;
    })
    .join(' or ');
}

function absent({ kind, name, source }: Addressee, why: string): InvalidInputError {
  return new InvalidInputError(
    `there is nobody to answer about ${KIND_WORDS[kind].noun} "${name}" (${source.file}:${source.line}). ${why}`,
  );
}
