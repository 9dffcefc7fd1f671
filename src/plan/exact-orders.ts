import { orderInWords } from '../model/orders/observed-order.ts';
import type { PlanAttachment, PlanChange } from '../model/plan/plan.ts';
import { asRemoteId } from '../model/resource.ts';
import { named, quoted, type Sentence, sentence } from '../model/text/sentence.ts';

/** The rules for orders. Each returns why the fresh change is not what was reviewed, or null. */

/**
 * Compares the actions to start, because each sends the names of a person. The digest covers the names
 * themselves, so that only the action that they are sent for is compared here. An action of an order that the
 * reviewed plan itself places has no id yet, and nobody may have started it since.
 */
export function startDeviation(reviewed: PlanChange, fresh: PlanChange): Sentence | null {
  const shown = reviewed.order?.starts ?? [];
  for (const { requirement_id, name, id, status, fields } of fresh.order?.starts ?? []) {
    const ofThis = shown.filter((start) => start.requirement_id === requirement_id);
    const seen = ofThis.find((start) => start.id === id) ?? ofThis.find((start) => start.id === null);
    if (seen === undefined)
      return sentence`it would start ${quoted(name)} of ${named(`${id}`)}, which the reviewed plan does not`;
    if (seen.id !== null && seen.status !== status)
      return sentence`${quoted(name)} of ${named(`${id}`)} ${isOf(status)} now, and ${isOf(seen.status)} in the reviewed plan`;
    const before = new Map(seen.fields.map((field) => [field.name, field.before]));
    if (fields.some((field) => field.before !== (before.get(field.name) ?? null)))
      return sentence`${quoted(name)} of ${named(`${id}`)} was started for somebody else than in the reviewed plan`;
  }
  return null;
}

function isOf(status: string | null): Sentence {
  return status === null ? sentence`has no status` : sentence`is ${named(status)}`;
}

/**
 * Compares the values that an order gets. Those of a group that orders do not take are not in the digest of
 * the order.
 */
export function writtenDeviation(reviewed: PlanChange, fresh: PlanChange): Sentence | null {
  const shown = new Map(reviewed.order?.values.map((value) => [value.requirement_id, value.after]));
  const changed = fresh.order?.values.find(
    ({ requirement_id, after }) => after !== shown.get(requirement_id),
  );
  return changed === undefined
    ? null
    : sentence`${quoted(changed.name)} would become ${named(changed.after)}, and ${named(`${shown.get(changed.requirement_id)}`)} in the reviewed plan`;
}

/** Compares the orders, the values in them, and the values that they lose. */
export function attachmentDeviation(
  reviewed: readonly PlanAttachment[],
  fresh: readonly PlanAttachment[],
): Sentence | null {
  for (const { kind, id, status, carries = null, requirements, replaces = [] } of fresh) {
    const order = orderInWords({ kind, id: asRemoteId(id) });
    const seen = reviewed.find((other) => other.kind === kind && other.id === id);
    if (seen === undefined) return sentence`it would attach to ${order}, which the reviewed plan does not`;
    if (seen.status !== status)
      return sentence`${order} is ${named(status)} now, and ${named(seen.status)} in the reviewed plan`;
    if ((seen.carries ?? null) !== carries)
      return sentence`${order} carries ${groupInWords(carries)} now, and ${groupInWords(seen.carries ?? null)} in the reviewed plan`;
    const unseen = requirements.find(
      (value) =>
        !seen.requirements.some(
          ({ requirement_id, after }) => requirement_id === value.requirement_id && after === value.after,
        ),
    );
    if (unseen !== undefined)
      return sentence`it would change ${quoted(unseen.name)} of ${order}, which the reviewed plan does not`;
    const lost = replaces.find(
      (value) =>
        !seen.replaces?.some(
          ({ requirement_id, before }) => requirement_id === value.requirement_id && before === value.before,
        ),
    );
    if (lost !== undefined)
      return sentence`${quoted(lost.name)} of ${order} holds ${named(lost.before)} now, which the reviewed plan does not show`;
  }
  return null;
}

function groupInWords(id: string | null): Sentence {
  return id === null ? sentence`no group` : sentence`group ${named(id)}`;
}
