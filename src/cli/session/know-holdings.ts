import { MANAGED } from '../../kinds/index.ts';
import type { Managed } from '../../kinds/kind.ts';
import { groupsOf, hideLazily, privateFields, textsOf } from '../../kinds/values/private-texts.ts';
import { type BoundByKind, MANAGED_KINDS } from '../../model/kinds.ts';
import type { Mask } from '../../model/mask.ts';
import type { Observed, ObservedAddress, ReviewComment } from '../../model/observed.ts';
import { redactWhole } from '../../model/redact.ts';
import type { RemoteId } from '../../model/resource.ts';
import { reveal } from '../../model/sensitive.ts';

interface Worlds extends BoundByKind {
  readonly observed: Observed;
}

/**
 * Registers for redaction the values that each object at Telnyx has and that its manifest wants: a refusal
 * may repeat either.
 */
export function knowHoldings(mask: Mask, worlds: Worlds): void {
  const { observed } = worlds;
  knowAddresses(mask, observed.addresses.byId.values());
  for (const kind of MANAGED_KINDS) {
    const room: Managed = MANAGED[kind];
    room.hide(mask, worlds[kind], observed);
  }
}

/** Registers addresses for redaction: Telnyx may repeat one that it refuses to accept or to delete. */
export function knowAddresses(mask: Mask, addresses: Iterable<Pick<ObservedAddress, 'id' | 'fields'>>): void {
  for (const { id, fields } of addresses) hideLazily(mask, id, () => privateFields(fields));
}

/** Comments are cut to this length, because a person reads only the beginning. */
const MAX_COMMENT_LENGTH = 1000;
/** The part of a comment that is redacted and shown has at most this length: a comment may have megabytes. */
const MAX_REDACTED_LENGTH = 20_000;

/**
 * Returns the reviewers' comments in a form that may be shown: without the whole values of their group,
 * except those that the catalogue lists as acceptable, and cut to a length that a person reads.
 */
export function redactComments({ RequirementGroup: groups, observed }: Worlds): Observed['comments'] {
  const shown = new Map<RemoteId, readonly ReviewComment[]>();
  for (const { name, values, demands } of groups) {
    const [group = null] = groupsOf(observed, name);
    const comments = group === null ? undefined : observed.comments.get(group.id);
    if (group === null || comments === undefined) continue;
    const texts = textsOf(values, [group]).flatMap((text) => withAddress(observed, reveal(text)));
    const acceptable = demands.flatMap(({ criteria }) => criteria.acceptableValues);
    shown.set(
      group.id,
      comments.map((comment) => ({ ...comment, body: redactComment(comment.body, texts, acceptable) })),
    );
  }
  return shown;
}

function redactComment(body: string, texts: readonly string[], acceptable: readonly string[]): string {
  const shown = [...redactWhole(body.slice(0, MAX_REDACTED_LENGTH), texts, acceptable)];
  // A value that the first cut splits is not redacted. The second cut removes it, unless redaction leaves
  // less than MAX_COMMENT_LENGTH.
  return shown.length > MAX_COMMENT_LENGTH
    ? `${shown.slice(0, MAX_COMMENT_LENGTH - 1).join('')}…`
    : shown.join('');
}

function withAddress({ addresses }: Observed, text: string): string[] {
  const address = addresses.byId.get(text);
  return address === undefined ? [text] : privateFields(address.fields).map(reveal);
}
