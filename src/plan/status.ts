import { compareText } from '../model/order.ts';
import type { Attention } from '../model/plan.ts';
import type { BoundGroup, Observed, ObservedGroup } from '../model/resource.ts';
import type { GroupStatus, StatusReport } from '../model/status.ts';

/** The groups of the manifests as Telnyx has them, without a value. */
export function reportStatus(
  groups: readonly BoundGroup[],
  observed: Observed,
  attention: readonly Attention[],
): StatusReport {
  const byName = [...groups].sort((a, b) => compareText(a.name, b.name));
  return { scope: observed.scope, groups: byName.map((group) => reportGroup(group, observed)), attention };
}

function reportGroup(group: BoundGroup, observed: Observed): GroupStatus {
  const { group: found = null, superseded = [] } = observed.matches.get(group.name) ?? {};
  const shown = found ?? superseded[0] ?? null;
  return {
    name: group.name,
    id: shown?.id ?? null,
    country_code: group.combination.countryCode,
    phone_number_type: group.combination.phoneNumberType,
    action: group.combination.action,
    status: shown?.status ?? 'absent',
    requirements: reportRequirements(group, shown),
    comments: (shown === null ? [] : (observed.comments.get(shown.id) ?? [])).map((comment) => ({
      body: comment.body,
      created_at: comment.createdAt,
      by: comment.byReviewer ? 'reviewer' : 'user',
    })),
    source: { file: group.source.file, line: group.source.line },
  };
}

function reportRequirements(group: BoundGroup, found: ObservedGroup | null): GroupStatus['requirements'] {
  const held = new Map(found?.requirements.map((requirement) => [requirement.requirementId, requirement]));
  return group.demands.map((definition) => {
    const requirement = held.get(definition.id);
    return {
      requirement_id: definition.id,
      name: definition.name,
      field_type: definition.fieldType,
      has_value: requirement !== undefined && !requirement.value.isEmpty,
      status: requirement?.status ?? null,
      expires_at: requirement?.expiresAt ?? null,
    };
  });
}
