import {
  changeIdentity,
  groupOrderedWith,
  type Plan,
  type PlanAttachment,
  type PlanChange,
} from '../model/plan.ts';
import { macOf } from './describe.ts';
import { digestsEqual, type PlanKeys } from './fingerprint.ts';

/** True if the plan is as it was written, with the same key, scope and API. */
export function isAuthentic(plan: Plan, keys: PlanKeys): boolean {
  const { mac, ...signed } = plan;
  return typeof mac === 'string' && digestsEqual(mac, macOf(signed, keys));
}

export interface Deviation {
  readonly kind: PlanChange['kind'];
  readonly name: string;
  readonly message: string;
}

/**
 * Where a fresh plan would do something that the reviewed one does not show. Empty: it may be applied. What the
 * reviewed plan shows and the fresh one does not is done already, wholly or in part.
 */
export function findDeviations(reviewed: Plan, fresh: Plan): Deviation[] {
  const known = new Map(reviewed.changes.map((change) => [changeIdentity(change), change]));
  return fresh.changes.flatMap((change) => {
    const why = deviationOf(known.get(changeIdentity(change)), change);
    return why === null ? [] : [{ kind: change.kind, name: change.name, message: why }];
  });
}

function deviationOf(reviewed: PlanChange | undefined, fresh: PlanChange): string | null {
  const actions = fresh.actions.join(' and ');
  if (reviewed === undefined) return `${actions} is not in the reviewed plan`;
  if (!digestsEqual(reviewed.digest, fresh.digest)) {
    return `what it should become has changed since the plan was reviewed`;
  }
  if (fresh.id !== null && reviewed.id !== null && fresh.id !== reviewed.id)
    return `it is about ${fresh.id} by now, and about ${reviewed.id} in the reviewed plan`;
  const extra = fresh.actions.filter((action) => !reviewed.actions.includes(action));
  if (extra.length > 0)
    return `${extra.join(' and ')} is not in the reviewed plan, which shows ${reviewed.actions.join(' and ')}`;
  const unseen = fresh.consequences.filter((consequence) => !reviewed.consequences.includes(consequence));
  if (unseen.length > 0) return `a consequence is new: ${unseen.join('; ')}`;
  const deletes = fresh.group?.deletes.filter((id) => !reviewed.group?.deletes.includes(id)) ?? [];
  if (deletes.length > 0) return `it would delete ${deletes.join(', ')}, which the reviewed plan does not`;
  const unseenPart = partDeviation(reviewed, fresh);
  if (unseenPart !== null) return unseenPart;
  const orderedWith = groupDeviation(reviewed, fresh);
  if (orderedWith !== null) return orderedWith;
  return attachmentDeviation(reviewed.group?.attaches ?? [], fresh.group?.attaches ?? []);
}

function partsOf({ group, order }: PlanChange): readonly { readonly key: string; readonly name: string }[] {
  const values = [...(group?.values ?? []), ...(order?.values ?? [])];
  return [
    ...values.map(({ requirement_id, name }) => ({ key: requirement_id, name })),
    ...(order?.settings ?? []).map(({ name }) => ({ key: name, name })),
  ];
}

/** An order that was placed cannot have another group. */
function groupDeviation(reviewed: PlanChange, fresh: PlanChange): string | null {
  if (!fresh.actions.includes('create')) return null;
  const [shown, now] = [groupOrderedWith(reviewed), groupOrderedWith(fresh)];
  const inWords = (group: string | null) => (group === null ? 'without a group' : `with group ${group}`);
  return shown === now
    ? null
    : `it would be ordered ${inWords(now)}, which the reviewed plan shows ${inWords(shown)}`;
}

/** A value of a group, or a value or setting of an order, that held by then what was wanted: somebody has changed it since. */
function partDeviation(reviewed: PlanChange, fresh: PlanChange): string | null {
  const seen = new Set(partsOf(reviewed).map(({ key }) => key));
  const unseen = partsOf(fresh).flatMap(({ key, name }) => (seen.has(key) ? [] : [name]));
  return unseen.length === 0
    ? null
    : `it would change ${unseen.join(', ')}, which the reviewed plan does not`;
}

/** An order that nobody saw, or a value in it. */
function attachmentDeviation(
  reviewed: readonly PlanAttachment[],
  fresh: readonly PlanAttachment[],
): string | null {
  for (const { kind, id, requirements } of fresh) {
    const order = `${kind.replaceAll('_', ' ')} ${id}`;
    const seen = reviewed.find((other) => other.kind === kind && other.id === id);
    if (seen === undefined) return `it would attach to ${order}, which the reviewed plan does not`;
    const unseen = requirements.find(
      (value) =>
        !seen.requirements.some(
          ({ requirement_id, after }) => requirement_id === value.requirement_id && after === value.after,
        ),
    );
    if (unseen !== undefined)
      return `it would change "${unseen.name}" of ${order}, which the reviewed plan does not`;
  }
  return null;
}
