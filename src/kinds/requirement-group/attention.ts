import type { Observed, ObservedGroup, ObservedMatch } from '../../model/observed.ts';
import type { ManagedBefore } from '../../model/plan/decisions.ts';
import type { Attention } from '../../model/plan/plan.ts';
import type { SourcePosition } from '../../model/problem.ts';
import { isOfScope, scopeAndNameIn } from '../../model/reference-names.ts';
import type { BoundGroup, RemoteId } from '../../model/resource.ts';
import { dateOf, isWithinDays, readDate } from '../../model/text/calendar.ts';
import { compareText } from '../../model/text/compare-text.ts';
import { added, joined, named, option, plain, quoted, sentence, worded } from '../../model/text/sentence.ts';
import { about } from '../values/about.ts';
import { expiryAttention, statedExpiry } from '../values/expiries.ts';
import { unfulfilledRequirements } from '../values/fulfilment.ts';
import { byLine } from '../values/lines.ts';
import { type RejectedDocument, rejectedAttention } from '../values/reuse.ts';
import { commentAttention } from '../values/reviewers.ts';
import { type ApprovalRule, FULFILLED_TO_ORDER, WITHOUT_PRE_APPROVAL } from './approval.ts';
import { alreadyThere } from './identity/already-there.ts';
import { groupInWords, keepingLine } from './plan-kept.ts';

interface AttentionInput {
  readonly group: BoundGroup;
  readonly match: ObservedMatch;
  readonly rule: ApprovalRule;
  readonly rejected: readonly RejectedDocument[];
  readonly observed: Observed;
  readonly warnDays: number;
}

/** Returns what a person should know about a group, apart from its changes. */
export function groupAttention(input: AttentionInput): Attention[] {
  return [
    ...alreadyThere(input.group, input.match, input.observed),
    ...statusAttention(input),
    ...comments(input),
    ...rejectedAttention(input.group, 'group', input.rejected),
    ...changedRequirements(input),
    ...fulfilment(input),
    ...expiries(input),
  ];
}

function statusAttention({ group, match, rule }: AttentionInput): Attention[] {
  if (match.group === null || rule.attention === undefined) return [];
  switch (rule.attention) {
    case 'under-review':
      return [about(group, 'under-review', sentence`is under review`)];
    case 'declined':
    case 'expired':
      return verdicts(group, match.group, rule.attention);
    default:
      return [
        about(
          group,
          rule.attention,
          sentence`has a status that regsync does not know: ${quoted(match.group.status)}`,
        ),
      ];
  }
}

/** Reports each verdict at the line of its value, because that is what has to change. */
function verdicts(group: BoundGroup, judged: ObservedGroup, status: 'declined' | 'expired'): Attention[] {
  const names = namesOf(group);
  const concerned = concernedBy(judged, status);
  if (concerned.length === 0) {
    return [about(group, status, sentence`${status}: Telnyx does not say which requirement.`)];
  }
  const values = concerned.map((id) => ({
    name: names.get(id) ?? id,
    source: lineOf(group, id) ?? group.source,
  }));
  return byLine(values).map(({ names, source }) =>
    about(group, status, sentence`${status}: ${joined(names.map(named), ', ')}`, source),
  );
}

function concernedBy({ requirements }: ObservedGroup, status: 'declined' | 'expired'): string[] {
  return requirements.filter((one) => one.status === status).map(({ requirementId }) => requirementId);
}

/** Returns undefined if the manifest states no value for the requirement. */
function lineOf({ values }: BoundGroup, id: string): SourcePosition | undefined {
  return values.find(({ requirement }) => requirement.id === id)?.contentSource;
}

/** Reports the comments at the first declined value, because they are about it. */
function comments({ group, match, observed }: AttentionInput): Attention[] {
  if (match.group === null) return [];
  const lines = concernedBy(match.group, 'declined').flatMap((id) => lineOf(group, id) ?? []);
  return commentAttention(group, observed.comments.get(match.group.id), {
    code: 'reviewer-comment',
    isRefused: match.group.status === 'declined',
    source: lines[0],
  });
}

/** Reports newer requirements. A group keeps those that it was created with. */
function changedRequirements({ group, match }: AttentionInput): Attention[] {
  if (match.group === null) return [];
  return group.values
    .filter(({ requirement }) => !group.definitions.some(({ id }) => id === requirement.id))
    .map((value) =>
      about(
        group,
        'requirements-changed',
        sentence`${quoted(value.requirement.name)} is demanded since this group was created and cannot be set on it`,
        value.source,
      ),
    );
}

function fulfilment({ group, match, rule }: AttentionInput): Attention[] {
  const items: Attention[] = [];
  const missing = unfulfilledRequirements(group, match.group);
  const actions = missing.filter((definition) => definition.fieldType === 'action');
  const country = group.combination.countryCode;
  for (const action of actions) {
    items.push(
      about(
        group,
        'action-required',
        sentence`${quoted(action.name)} is an action: it is fulfilled on each order, and the group is not submitted`,
      ),
    );
  }
  if (missing.length > actions.length && FULFILLED_TO_ORDER.has(country)) {
    const names = missing
      .filter((definition) => definition.fieldType !== 'action')
      .map(({ name }) => quoted(name));
    items.push(
      about(
        group,
        'unfulfilled',
        sentence`numbers in ${plain(country)} cannot be ordered without a fulfilled group; no value for ${joined(names, ', ')}`,
      ),
    );
  }
  if (rule.submit && group.approval === 'submit' && WITHOUT_PRE_APPROVAL.has(country)) {
    items.push(
      about(
        group,
        'no-pre-approval',
        sentence`${plain(country)} has no pre-approval: the group is filled and not submitted; orders are reviewed one by one`,
      ),
    );
  }
  return items;
}

/** Returns expiries also for a manifest that could mean several groups, so that nobody misses a date. */
export function expiries({
  group,
  match,
  observed,
  warnDays,
}: Omit<AttentionInput, 'rule' | 'rejected'>): Attention[] {
  // Few of tens of thousands of groups have a date that is near, so the others are skipped here. A time with
  // an offset may begin with the day after its day in UTC.
  const isNear = (date: string | null): boolean =>
    date !== null && isWithinDays(date, observed.readAtMs, warnDays + 1);
  const mayExpire =
    group.values.some((value) => isNear(statedExpiry(value))) ||
    match.group?.requirements.some(({ expiresAt }) => isNear(expiresAt));
  if (!mayExpire) return [];
  const definitions = new Map(group.definitions.map((definition) => [definition.id, definition.name]));
  const values = new Map(group.values.map((value) => [value.requirement.id, value]));
  const told = new Map(match.group?.requirements.map((entry) => [entry.requirementId, entry.expiresAt]));
  const today = dateOf(observed.readAtMs);
  return [...new Set([...values.keys(), ...told.keys()])].flatMap((id) => {
    const value = values.get(id);
    const name = value?.requirement.name ?? definitions.get(id) ?? id;
    const source = value?.contentSource ?? group.source;
    const dates = new Set([statedExpiry(value), readDate(told.get(id) ?? null)]);
    return [...dates].flatMap((date) => expiryAttention(group, { name, date, source }, { today, warnDays }));
  });
}

/**
 * Reports a group of the former scope that no manifest adopts. Somebody may still use it, so nothing deletes
 * it.
 */
export function formerAttention(group: ObservedGroup, observed: Observed): Attention {
  const { scope = '', name = group.reference ?? group.id } = scopeAndNameIn(group.reference) ?? {};
  const next = observed.RequirementGroup.has(name)
    ? sentence`the manifest ${quoted(name)} does not adopt it, for it means another group or another country, type or action`
    : sentence`to adopt it, write a manifest named ${quoted(name)}`;
  const message = sentence`${groupInWords(group)} of the former scope ${quoted(scope)} is left alone: ${next}. If nobody needs the group, delete it at Telnyx.`;
  return { code: 'former-scope', name, ...worded(message) };
}

/** Reports groups that a manifest managed before the change under review, and that none manages after it. */
export function noLongerManaged(
  base: ManagedBefore,
  observed: Observed,
  deleted: ReadonlySet<RemoteId>,
): Attention[] {
  const managed = new Set<RemoteId>(
    [...observed.RequirementGroup.values()].flatMap(groupsOf).map(({ id }) => id),
  );
  return [...base.groups]
    .sort((a, b) => compareText(a.name, b.name))
    .flatMap((before) =>
      groupsOf(base.matches.get(before.name) ?? NO_GROUP)
        .filter(({ id }) => !managed.has(id) && !deleted.has(id))
        .map((group) => abandoned(before, group, observed)),
    );
}

const NO_GROUP: ObservedMatch = { group: null, superseded: [] };

function groupsOf({ group, superseded, rivals = [] }: ObservedMatch): ObservedGroup[] {
  return [...(group === null ? [] : [group]), ...superseded, ...rivals];
}

/** Points to no line, because the manifest is gone. */
function abandoned(
  before: ManagedBefore['groups'][number],
  group: ObservedGroup,
  { scope }: Observed,
): Attention {
  const {
    name,
    source: { file },
  } = before;
  const line = keepingLine(before);
  const prune =
    line === null
      ? sentence`To delete it, use ${option('prune')}.`
      : sentence`The manifest said ${line}, so ${option('prune')} keeps it.`;
  const drop = isOfScope(scope, group.reference) ? prune : sentence`If nobody needs it, delete it at Telnyx.`;
  const message = sentence`${groupInWords(group)} was managed by ${quoted(name)} in ${named(file)}, and no manifest manages it now: regsync no longer watches its status and its dates. To keep it managed, restore the manifest with this line: ${named(`id: ${group.id}`)}. ${drop}`;
  return { code: 'no-longer-managed', name, ...worded(message) };
}

/** @param renamed the manifest that may be the orphan's under another name, or null. */
export function orphanAttention(
  name: string,
  orphan: ObservedGroup,
  { prune, renamed }: { readonly prune: boolean; readonly renamed: string | null },
): Attention {
  const next = prune
    ? sentence`it is approved, so regsync keeps it; to delete it, ${added('allow-delete', name)}`
    : sentence`no manifest names it; to delete it, ${added('prune')}`;
  const keep =
    renamed === null
      ? ''
      : sentence`. If ${quoted(renamed)} is its manifest, renamed, add this line there: ${named(`id: ${orphan.id}`)}`;
  return { code: 'orphaned', name, ...worded(sentence`orphaned ${groupInWords(orphan)}: ${next}${keep}`) };
}

function namesOf(group: BoundGroup): ReadonlyMap<string, string> {
  return new Map(
    [...group.definitions, ...group.values.map((value) => value.requirement)].map(({ id, name }) => [
      id,
      name,
    ]),
  );
}
