import type { Observed, ObservedGroup, ObservedMatch } from '../../model/observed.ts';
import type { GroupChange, GroupVerb, PlanAction, ValueWrite } from '../../model/plan/change.ts';
import type { PlanInput } from '../../model/plan/decisions.ts';
import { isOpenFor } from '../../model/plan/gates.ts';
import type { Attention, PlanDiagnostic } from '../../model/plan/plan.ts';
import { isResubmitted } from '../../model/plan/resubmission.ts';
import { sameReference } from '../../model/reference.ts';
import { isOfFormerScope } from '../../model/reference-names.ts';
import { type BoundGroup, type Combination, combinationKey } from '../../model/resource.ts';
import { compareText } from '../../model/text/compare-text.ts';
import { added, joined, named, quoted, sentence, worded } from '../../model/text/sentence.ts';
import type { KindPlan } from '../kind.ts';
import { commentedId } from '../reading/order-comments.ts';
import { unfulfilledRequirements } from '../values/fulfilment.ts';
import { isHeld } from '../values/normal-form.ts';
import { rejectedDocuments } from '../values/reuse.ts';
import { isUnanswered, wordsBeside } from '../values/reviewers.ts';
import { writeOf } from '../values/writable.ts';
import { type ApprovalRule, decideApproval, WITHOUT_PRE_APPROVAL } from './approval.ts';
import { expiries, groupAttention } from './attention.ts';
import { duplicateGroups } from './identity/rivals.ts';
import { checkLimits } from './limits.ts';
import { type AttachmentPlan, planAttachments } from './orders/attachment.ts';
import { oldInWords, replaceForbidden, whyKept } from './plan-kept.ts';
import { byId, deletionConsequence, planOrphans, planUnmanaged } from './plan-orphans.ts';
import { planWatched, watchRivals } from './plan-watched.ts';

/** Plans the groups of the run, and the deletion of those that no manifest names. */
export function planGroups(input: PlanInput): KindPlan<'RequirementGroup'> {
  const groups = [...input.RequirementGroup].sort(byName).map((group) => planGroup(group, input));
  const orphans = planOrphans(input, groups);
  const all = [...groups, ...orphans];
  const changes = all.flatMap(({ change }) => (change === null ? [] : [change]));
  return {
    changes: [...changes].sort(byVerb),
    attention: all.flatMap(({ attention }) => attention),
    diagnostics: [...closedGates(input, changes), ...groups.flatMap(({ leftOut }) => leftOut ?? [])],
    unmanaged: planUnmanaged(input, orphans),
    unchanged: groups.filter(isUnchanged).length,
  };
}

function isUnchanged({ change, leftOut, differs = false }: PlannedGroup): boolean {
  return leftOut === undefined && !differs && (change === null || change.verb === 'unchanged');
}

export interface PlannedGroup {
  readonly change: GroupChange | null;
  readonly attention: readonly Attention[];
  /** The reason to leave out this group alone. Absent if it is planned. */
  readonly leftOut?: PlanDiagnostic;
  /** Is true for a watched group that is not as its manifest states. */
  readonly differs?: boolean;
}

function planGroup(group: BoundGroup, input: PlanInput): PlannedGroup {
  const match = input.observed.RequirementGroup.get(group.name) ?? { group: null, superseded: [] };
  if (match.rivals !== undefined && group.isWatched) return watchRivals(group, match.rivals);
  if (match.rivals !== undefined) return leaveOut(group, match.rivals, input);
  const writes = differingValues(group, match.group, input.observed);
  const writesReference = differingReference(group, match.group, input.observed);
  const rejected = rejectedDocuments(group, match.group, input.observed);
  const rule = decideApproval(
    match.group?.status ?? null,
    writes.length > 0,
    mayBeResubmitted(group, match.group, input),
  );
  const writesValues = writes.length > 0 || isUnsubmitted(group, match.group);
  const attachments = planAttachments(group, match.group, { ...input, writesValues });
  const attention = [
    ...groupAttention({ group, match, rule, rejected, observed: input.observed, warnDays: input.warnDays }),
    ...attachments.attention,
  ];
  if (rejected.length > 0) return { change: null, attention };

  const actions = decideActions({ group, match, rule, writesReference, attachments });
  if (group.isWatched) {
    const attaches = attachments.changes;
    return planWatched(group, { match, actions, writes, writesReference, attaches }, attention);
  }
  if (actions.length === 0) return { change: null, attention };
  const kept = match.superseded.length > 0 ? whyKept(group, match.superseded, input) : null;
  if (kept !== null)
    return { change: null, attention, leftOut: replaceForbidden(group, match.superseded, kept) };
  const change: GroupChange = {
    kind: 'RequirementGroup',
    name: group.name,
    source: group.source,
    verb: verbOf(actions, match),
    actions,
    desired: group,
    observed: match.group,
    writes,
    writesReference,
    attaches: attachments.changes,
    deletes: [...match.superseded].sort(byId),
    dependsOn: [],
    consequences: [
      ...consequencesOf(rule, match.superseded),
      ...unanswered(actions, match.group, input.observed),
      ...attachments.consequences,
    ],
    ...saidOf(actions, match.group, attachments, input.observed),
  };
  return { change, attention };
}

/** Returns the words of reviewers about a group that they see again, and about the orders that get its values. */
function saidOf(
  actions: readonly PlanAction[],
  group: ObservedGroup | null,
  { changes }: AttachmentPlan,
  { comments }: Observed,
): Pick<GroupChange, 'said'> {
  const isSeenAgain = group !== null && (actions.includes('update') || isResubmitted({ group, actions }));
  const own = isSeenAgain ? [group.id] : [];
  return wordsBeside(comments, [...own, ...changes.map(({ order }) => commentedId(order))]);
}

function leaveOut(
  group: BoundGroup,
  rivals: readonly ObservedGroup[],
  { observed, warnDays }: PlanInput,
): PlannedGroup {
  const attention = rivals.flatMap((rival) =>
    expiries({ group, match: { group: rival, superseded: [] }, observed, warnDays }),
  );
  return {
    change: null,
    attention: [...new Map(attention.map((item) => [item.message, item])).values()],
    leftOut: duplicateGroups(group, rivals, observed.readAtMs),
  };
}

/** Compares only values that the manifest states, and writes only values that the group can have. */
function differingValues(
  group: BoundGroup,
  observedGroup: ObservedGroup | null,
  observed: Observed,
): ValueWrite[] {
  const writes: ValueWrite[] = [];
  for (const value of group.values) {
    const { id } = value.requirement;
    if (!group.definitions.some((definition) => definition.id === id)) continue;
    const current = observedGroup?.requirements.findLast(({ requirementId }) => requirementId === id);
    if (current !== undefined && isHeld(current.value, value, observed)) continue;
    writes.push(writeOf(value, observed, current));
  }
  return writes.sort((a, b) => compareText(a.requirementId, b.requirementId));
}

/**
 * Returns the reference to write, or null. A group found by `id:` keeps its own, unless the manifest states
 * one or the group's is of the former scope.
 */
function differingReference(
  group: BoundGroup,
  found: ObservedGroup | null,
  observed: Observed,
): string | null {
  if (found === null || sameReference(found.reference, group.reference)) return null;
  const isWritten = group.statesReference || isOfFormerScope(observed, found.reference);
  return isWritten ? group.reference : null;
}

/** A group that cannot be submitted at all is not submitted again either, and its plan stays as it is. */
function mayBeResubmitted(group: BoundGroup, observed: ObservedGroup | null, { gates }: PlanInput): boolean {
  return isOpenFor(gates, 'resubmit', group.name) && mayBeSubmitted(group, observed);
}

/** Tells approvers that the reviewer's words have no answer yet. */
function unanswered(
  actions: readonly PlanAction[],
  group: ObservedGroup | null,
  { comments }: Observed,
): string[] {
  if (group === null || !isResubmitted({ group, actions })) return [];
  return isUnanswered(comments.get(group.id)) ? ['nobody has answered the reviewer yet'] : [];
}

function decideActions(decision: {
  readonly group: BoundGroup;
  readonly match: ObservedMatch;
  readonly rule: ApprovalRule;
  readonly writesReference: string | null;
  readonly attachments: AttachmentPlan;
}): PlanAction[] {
  const { group, match, rule, writesReference, attachments } = decision;
  const actions: PlanAction[] = [];
  if (rule.write === 'create' || rule.write === 'replace') actions.push('create');
  if (rule.write === 'patch') actions.push('update');
  if (rule.write === 'nothing' && writesReference !== null) actions.push('adopt');
  if (rule.submit && mayBeSubmitted(group, match.group)) actions.push('submit');
  if (attachments.changes.length > 0) actions.push('attach');
  if (match.superseded.length > 0) actions.push('delete');
  return actions;
}

/** Returns true for a group that an earlier run has written perhaps, and has not submitted. */
function isUnsubmitted(group: BoundGroup, observed: ObservedGroup | null): boolean {
  return (
    observed !== null && decideApproval(observed.status, false).submit && mayBeSubmitted(group, observed)
  );
}

function mayBeSubmitted(group: BoundGroup, observed: ObservedGroup | null): boolean {
  return (
    group.approval === 'submit' &&
    !WITHOUT_PRE_APPROVAL.has(group.combination.countryCode) &&
    unfulfilledRequirements(group, observed).length === 0
  );
}

function verbOf(actions: readonly PlanAction[], match: ObservedMatch): GroupVerb {
  if (match.superseded.length > 0) return 'replace';
  if (actions.includes('create')) return 'create';
  if (actions.includes('update')) return 'update';
  return actions.includes('adopt') ? 'adopt' : 'unchanged';
}

function consequencesOf(rule: ApprovalRule, superseded: readonly ObservedGroup[]): string[] {
  const consequences = rule.consequence === undefined ? [] : [rule.consequence];
  return [...consequences, ...[...superseded].sort(byId).map(deletionConsequence)];
}

/* ---- Gates ---- */

function closedGates(input: PlanInput, changes: readonly GroupChange[]): PlanDiagnostic[] {
  const diagnostics: PlanDiagnostic[] = [];
  if (!input.gates.allow_replace) {
    diagnostics.push(...changes.filter(({ verb }) => verb === 'replace').map(replaceNotAllowed));
  }
  const elsewhere = input.deletesElsewhere ?? 0;
  const deletes = changes.reduce((sum, change) => sum + change.deletes.length, elsewhere);
  const limit = checkLimits(deletes, input.observed.ownedGroups, input.limits);
  if (limit !== null) {
    const where = elsewhere === 0 ? '' : sentence`; ${elsewhere} of them in other shards`;
    diagnostics.push({
      severity: 'error',
      code: 'limit-exceeded',
      ...worded(
        sentence`${limit.message}${where}. To allow it, write ${named(limit.setting)} below limits in ${named('regsync.yaml')}.`,
      ),
    });
  }
  return diagnostics;
}

function replaceNotAllowed(change: GroupChange): PlanDiagnostic {
  const wanted: Combination | undefined = change.desired?.combination;
  return {
    severity: 'error',
    code: 'replace-not-allowed',
    ...worded(
      sentence`${quoted(change.name)} replaces ${joined(change.deletes.map(oldInWords), ', ')} by a new group for ${wanted ? named(combinationKey(wanted)) : '?'}. To allow it, ${added('allow-replace')}`,
    ),
    name: change.name,
    ...(change.source === null ? {} : { source: { file: change.source.file, line: change.source.line } }),
  };
}

/* ---- Order ---- */

const VERB_ORDER: readonly GroupVerb[] = ['delete', 'replace', 'update', 'adopt', 'create', 'unchanged'];

function byVerb(a: GroupChange, b: GroupChange): number {
  return VERB_ORDER.indexOf(a.verb) - VERB_ORDER.indexOf(b.verb) || byName(a, b);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareText(a.name, b.name);
}
