import { isOutlook } from '../kinds/number-order/plan-activation.ts';
import { digestsEqual, type PlanKeys } from '../kinds/values/fingerprint.ts';
import { type PlanAction, statusesOnTheWay } from '../model/plan/change.ts';
import { changeIdentity, groupOrderedWith, type Plan, type PlanChange } from '../model/plan/plan.ts';
import {
  joined,
  named,
  quoted,
  type Sentence,
  sentence,
  type Worded,
  worded,
} from '../model/text/sentence.ts';
import { macOf } from './describe.ts';
import { attachmentDeviation, startDeviation, writtenDeviation } from './exact-orders.ts';
import { resubmissionDeviation } from './exact-resubmission.ts';

/** Returns true if the plan is as it was written, with the same key, scope, account and API. */
export function isAuthentic(plan: Plan, keys: PlanKeys): boolean {
  const { mac, ...signed } = plan;
  return typeof mac === 'string' && digestsEqual(mac, macOf(signed, keys));
}

/**
 * Returns the reason why the reviewed plan is of another account at Telnyx, or null. One key of plans may
 * serve several accounts, which differ in the users that own their groups. Null also if no group names its
 * user, or if the plan itself may have deleted the last group.
 */
export function findOtherAccount(reviewed: Plan, fresh: Plan): string | null {
  const [shown, now] = [reviewed.users ?? [], fresh.users ?? []];
  if (shown.length === 0 || shown.some((user) => now.includes(user))) return null;
  if (now.length === 0 && reviewed.changes.some(({ group }) => (group?.deletes ?? []).length > 0))
    return null;
  return now.length === 0
    ? 'the reviewed plan was made for an account with requirement groups, and this one has none: it is another account, or all of its groups were deleted'
    : 'the reviewed plan was made for another Telnyx account: its groups belong to another user';
}

export interface Deviation extends Worded {
  readonly kind: PlanChange['kind'];
  readonly name: string;
}

/**
 * Returns each fresh change that the reviewed plan does not show, or that it shows for something else. An
 * empty list means that the fresh plan may be applied. A change that only the reviewed plan shows is done
 * already, wholly or in part.
 */
export function findDeviations(reviewed: Plan, fresh: Plan): Deviation[] {
  const found = compareChanges(reviewed, fresh);
  return fresh.changes.flatMap(({ kind, name }, index) => {
    const why = found[index] ?? null;
    return why === null ? [] : [{ kind, name, ...worded(why) }];
  });
}

/** Returns for each fresh change how it deviates from the reviewed plan, or null. */
export function compareChanges(reviewed: Plan, fresh: Plan): readonly (Sentence | null)[] {
  const shown = new Map(reviewed.changes.map((change) => [changeIdentity(change), change]));
  const groups = new Map(
    reviewed.changes.filter(isOfLivingGroup).map((change) => [change.name, change] as const),
  );
  return fresh.changes.map((change) => deviationOf(shown.get(changeIdentity(change)), change, groups));
}

function isOfLivingGroup({ kind, group }: PlanChange): boolean {
  return kind === 'RequirementGroup' && group?.verb !== 'delete';
}

/** The reviewed changes by group name, for the groups that orders are placed with. */
type ReviewedGroups = ReadonlyMap<string, PlanChange>;

function deviationOf(
  reviewed: PlanChange | undefined,
  fresh: PlanChange,
  groups: ReviewedGroups,
): Sentence | null {
  if (reviewed === undefined)
    return sentence`${joined(fresh.actions.map(deed), ' and ')} is not in the reviewed plan`;
  if (!digestsEqual(reviewed.digest, fresh.digest)) {
    return sentence`its manifest changed since the plan was reviewed`;
  }
  const rules = [
    idDeviation,
    valueDeviation,
    statusDeviation,
    verdictDeviation,
    referenceDeviation,
    unstatedDeviation,
    actionDeviation,
    resubmissionDeviation,
    consequenceDeviation,
    deletionDeviation,
    startDeviation,
    writtenDeviation,
  ];
  for (const rule of rules) {
    const why = rule(reviewed, fresh);
    if (why !== null) return why;
  }
  return (
    orderedGroupDeviation(reviewed, fresh, groups) ??
    attachmentDeviation(reviewed.group?.attaches ?? [], fresh.group?.attaches ?? [])
  );
}

/** ---- The rules. Each returns why the fresh change is not what was reviewed, or null ---- */

function deed(action: PlanAction): Sentence {
  return sentence`${action}`;
}

function idDeviation(reviewed: PlanChange, fresh: PlanChange): Sentence | null {
  if (fresh.id === null || reviewed.id === null || fresh.id === reviewed.id) return null;
  return sentence`it is about ${named(fresh.id)} by now, and about ${named(reviewed.id)} in the reviewed plan`;
}

/** A value of a group, or a value or setting of an order. */
interface Part {
  readonly key: string;
  readonly name: string;
  readonly before: string | null;
  readonly status: string | null;
}

function partsOf({ group, order }: PlanChange): readonly Part[] {
  const values = [...(group?.values ?? []), ...(order?.values ?? [])];
  return [
    ...values.map(({ requirement_id: key, name, before, status }) => ({ key, name, before, status })),
    ...(order?.settings ?? []).map(({ name, before }) => ({ key: name, name, before, status: null })),
  ];
}

/**
 * Compares the values that are still to be written: they must replace what was shown. A value that is right
 * by now is not among the fresh ones, and one that was right during the review is not among the reviewed
 * ones.
 */
function valueDeviation(reviewed: PlanChange, fresh: PlanChange): Sentence | null {
  const shown = new Map(partsOf(reviewed).map((part) => [part.key, part]));
  const parts = partsOf(fresh);
  const unseen = parts.filter(({ key }) => !shown.has(key));
  if (unseen.length > 0)
    return sentence`it would change ${namesOf(unseen)}, which the reviewed plan does not`;
  const changed = parts.find(({ key, before }) => before !== shown.get(key)?.before);
  if (changed === undefined) return null;
  const was = shown.get(changed.key)?.before ?? null;
  return sentence`${quoted(changed.name)} ${holds(changed.before)} now, and ${holds(was)} in the reviewed plan: somebody has changed it since`;
}

function namesOf(parts: readonly Part[]): Sentence {
  return joined(
    parts.map(({ name }) => named(name)),
    ', ',
  );
}

function holds(print: string | null): Sentence {
  return print === null ? sentence`holds nothing` : sentence`holds ${named(print)}`;
}

/**
 * Compares the review status of each value of an order that is overwritten. For a group, the status of the
 * whole group counts.
 */
function verdictDeviation(reviewed: PlanChange, fresh: PlanChange): Sentence | null {
  if (fresh.order === undefined || !existedAtReview(reviewed)) return null;
  const shown = new Map(partsOf(reviewed).map((part) => [part.key, part]));
  const changed = partsOf(fresh).find(({ key, status }) => status !== shown.get(key)?.status);
  if (changed === undefined) return null;
  const inWords = (status: string | null) => (status === null ? 'without a status' : named(status));
  const was = shown.get(changed.key)?.status ?? null;
  return sentence`${quoted(changed.name)} is ${inWords(changed.status)} now, and ${inWords(was)} in the reviewed plan`;
}

/** Returns false for an object that the reviewed plan itself has made. */
function existedAtReview({ group, order }: PlanChange): boolean {
  return (group?.status ?? order?.status ?? null) !== null;
}

/**
 * Compares statuses. An order must have the one that was shown. A group may have one to which the reviewed
 * plan leads.
 */
function statusDeviation(reviewed: PlanChange, fresh: PlanChange): Sentence | null {
  if (fresh.group !== undefined) {
    const [now, shown] = [fresh.group.status, reviewed.group?.status ?? null];
    if (now === shown || (writesNoValue(fresh) && statusesOnTheWay(reviewed.actions).has(now))) return null;
    return sentence`the group ${isOf(now)} now, and ${isOf(shown)} in the reviewed plan`;
  }
  const [now, shown] = [fresh.order?.status ?? null, reviewed.order?.status ?? null];
  if (now === shown || !existedAtReview(reviewed)) return null;
  return sentence`the order ${isOf(now)} now, and ${isOf(shown)} in the reviewed plan`;
}

function isOf(status: string | null): Sentence {
  return status === null ? sentence`does not exist` : sentence`is ${named(status)}`;
}

/**
 * Returns true if the change can overwrite nothing, because the group's values are already the reviewed ones.
 */
function writesNoValue({ group, actions }: PlanChange): boolean {
  return group?.values.length === 0 && group.verb !== 'delete' && !actions.includes('create');
}

/** Accepts the reference that was shown, and the one that is wanted. */
function referenceDeviation(reviewed: PlanChange, fresh: PlanChange): Sentence | null {
  const referenceOf = ({ group, order }: PlanChange) => (group ?? order)?.reference ?? null;
  const [now, shown] = [referenceOf(fresh), referenceOf(reviewed)];
  if (now === shown || now === writtenReference(reviewed) || !existedAtReview(reviewed)) return null;
  const inWords = (reference: string | null) =>
    reference === null ? 'none' : named(JSON.stringify(reference));
  return sentence`its ${named('customer_reference')} is ${inWords(now)} now, and ${inWords(shown)} in the reviewed plan`;
}

function unstatedDeviation(reviewed: PlanChange, fresh: PlanChange): Sentence | null {
  if (fresh.group?.unstated === reviewed.group?.unstated) return null;
  return sentence`a value that the group holds and its manifest does not state has changed since the plan was reviewed`;
}

function actionDeviation(reviewed: PlanChange, fresh: PlanChange): Sentence | null {
  const extra = fresh.actions.filter(
    (action) => !reviewed.actions.includes(action) && !(action === 'adopt' && isRestOfUpdate(reviewed)),
  );
  if (extra.length === 0) return null;
  return sentence`${joined(extra.map(deed), ' and ')} is not in the reviewed plan, which shows ${joined(reviewed.actions.map(deed), ' and ')}`;
}

/** Returns true for an update with a reference. If its values are done, only the reference is left. */
function isRestOfUpdate(reviewed: PlanChange): boolean {
  return reviewed.actions.includes('update') && writtenReference(reviewed) !== undefined;
}

function writtenReference({ patch }: PlanChange): unknown {
  return patch.find(({ path }) => path === '/customer_reference')?.value;
}

function consequenceDeviation(reviewed: PlanChange, fresh: PlanChange): Sentence | null {
  const unseen = fresh.consequences.filter(
    (consequence) => !reviewed.consequences.includes(consequence) && !isOutlook(consequence),
  );
  return unseen.length === 0 ? null : sentence`a consequence is new: ${joined(unseen.map(named), '; ')}`;
}

/** Compares everything about a deleted group, because it is lost as a whole. */
function deletionDeviation(reviewed: PlanChange, fresh: PlanChange): Sentence | null {
  const unseen = fresh.group?.deletes.filter((id) => !reviewed.group?.deletes.includes(id)) ?? [];
  if (unseen.length > 0)
    return sentence`it would delete ${joined(unseen.map(named), ', ')}, which the reviewed plan does not`;
  const shown = new Map(reviewed.group?.deleted?.map((group) => [group.id, group]));
  for (const { id, status, content } of fresh.group?.deleted ?? []) {
    const seen = shown.get(id);
    if (seen?.status !== status)
      return sentence`group ${named(id)}, which it deletes, is ${named(status)} now, and ${named(`${seen?.status}`)} in the reviewed plan`;
    if (seen.content !== content)
      return sentence`group ${named(id)}, which it deletes, holds other values than when the plan was reviewed`;
  }
  return null;
}

/** Compares the group of an order to place, because the order keeps this group and its values. */
function orderedGroupDeviation(
  reviewed: PlanChange,
  fresh: PlanChange,
  groups: ReviewedGroups,
): Sentence | null {
  if (!fresh.actions.includes('create')) return null;
  const [shown, now] = [groupOrderedWith(reviewed), groupOrderedWith(fresh)];
  const inWords = (group: string | null) =>
    group === null ? 'without a group' : sentence`with group ${named(group)}`;
  if (shown !== now)
    return sentence`it would be ordered ${inWords(now)}, which the reviewed plan shows ${inWords(shown)}`;
  if (now === null) return null;
  const [status = null, seen = null] = [fresh.order?.group_status, reviewed.order?.group_status];
  const change = groups.get(now);
  if (status !== seen && !statusesOnTheWay(change?.actions ?? []).has(status))
    return sentence`group ${named(now)}, which it is ordered with, ${isOf(status)} now, and ${isOf(seen)} in the reviewed plan`;
  if (change === undefined && fresh.order?.group_values !== reviewed.order?.group_values)
    return sentence`group ${named(now)}, which it is ordered with, holds other values than when the plan was reviewed`;
  return null;
}
