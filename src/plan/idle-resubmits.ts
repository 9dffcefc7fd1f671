import { WITHOUT_PRE_APPROVAL } from '../kinds/requirement-group/approval.ts';
import { unfulfilledRequirements } from '../kinds/values/fulfilment.ts';
import type { GroupChange, WritingChange } from '../model/plan/change.ts';
import { type PlanInput, withoutChange } from '../model/plan/decisions.ts';
import type { PlanDiagnostic } from '../model/plan/plan.ts';
import { isResubmitted, RESUBMITTABLE } from '../model/plan/resubmission.ts';
import type { BoundGroup } from '../model/resource.ts';
import {
  joined,
  named,
  option,
  plain,
  quoted,
  type Sentence,
  sentence,
  worded,
} from '../model/text/sentence.ts';
import { suggest } from '../model/text/suggestion.ts';
import { narrowingInWords } from './idle-gates.ts';

/**
 * Reports each `--resubmit` that submits nothing again, with the reason: the person who opens this gate expects a new
 * review. A shard says nothing about names of the other shards, since all get the same options.
 *
 * @param orphans the names of groups without a manifest.
 */
export function idleResubmits(
  input: PlanInput,
  changes: readonly WritingChange[],
  orphans: ReadonlySet<string>,
): PlanDiagnostic[] {
  return [...new Set(input.gates.resubmit)].sort().flatMap((name): PlanDiagnostic[] => {
    const group = input.RequirementGroup.find((one) => one.name === name);
    const why =
      group === undefined ? whyNotFound(name, input, orphans) : whyNotSubmitted(group, input, changes);
    if (why === null) return [];
    const message = sentence`${option('resubmit', name)} submits nothing again: ${why}`;
    return [{ severity: 'warning', code: 'resubmit-without-effect', ...worded(message), name }];
  });
}

function whyNotFound(
  name: string,
  { observed, narrowedBy, ...manifests }: PlanInput,
  orphans: ReadonlySet<string>,
): Sentence | null {
  // A run of a change need not know the names of the other shards.
  if (narrowedBy.includes('--shard') && narrowedBy.includes('--changed-since')) return null;
  if (observed.RequirementGroup.has(name)) {
    if (narrowedBy.join() === '--shard') return null;
    return sentence`this run does not act on it. Run it again without ${narrowingInWords(withoutChange(narrowedBy))}.`;
  }
  if ([...manifests.NumberOrder, ...manifests.PortingOrder].some((order) => order.name === name))
    return sentence`it is an order, and only groups are submitted. To answer its reviewer, use: ${named('regsync reply')}`;
  if (orphans.has(name)) return sentence`no manifest names this group, and regsync leaves it as it is.`;
  const meant = suggest(name, observed.RequirementGroup.keys());
  return meant === null
    ? sentence`no group has this name. See the names with: ${named('regsync status')}`
    : sentence`no group has this name. Did you mean ${quoted(meant)}?`;
}

function whyNotSubmitted(
  group: BoundGroup,
  { observed }: PlanInput,
  changes: readonly WritingChange[],
): Sentence | null {
  const { group: found = null, rivals } = observed.RequirementGroup.get(group.name) ?? {};
  const change = changes.find(
    (one): one is GroupChange => one.kind === 'RequirementGroup' && one.name === group.name,
  );
  if (change !== undefined && found !== null && isResubmitted({ group: found, actions: change.actions }))
    return null;
  if (rivals !== undefined) return sentence`several groups could be meant, so none is touched.`;
  if (found === null)
    return sentence`Telnyx has no such group yet. This plan creates it. Leave the flag out.`;
  if (!RESUBMITTABLE.has(found.status))
    return sentence`it is ${named(found.status)}, and only a declined or expired group is submitted again. Leave the flag out.`;
  if (change?.actions.includes('update'))
    return sentence`its values differ from those at Telnyx, so this plan submits the new ones. Leave the flag out.`;
  if (group.approval !== 'submit') return sentence`its manifest says ${quoted('approval: none')}.`;
  const { countryCode } = group.combination;
  if (WITHOUT_PRE_APPROVAL.has(countryCode)) return sentence`${plain(countryCode)} has no pre-approval.`;
  const missing = unfulfilledRequirements(group, found);
  const names = missing.map(({ name }) => quoted(name));
  if (missing.length > 0) return sentence`it has no value for ${joined(names, ', ')}.`;
  return sentence`Telnyx rejected one of its documents. Replace that first.`;
}
