import { keptOrphans } from '../kinds/requirement-group/plan-kept.ts';
import { type PlanInput, withoutChange } from '../model/plan/decisions.ts';
import type { PlanDiagnostic } from '../model/plan/plan.ts';
import {
  joined,
  named,
  option,
  quoted,
  type Sentence,
  sentence,
  typed,
  worded,
} from '../model/text/sentence.ts';
import { suggest } from '../model/text/suggestion.ts';

/**
 * Reports gates that were opened and let nothing through. A person who opens one expects a deletion, so
 * regsync says why there is none. `--allow-replace` and `--allow-orders` may be open in every run, and are
 * not reported.
 *
 * @param orphans the names that `--prune` could delete.
 */
export function idleGates(input: PlanInput, orphans: ReadonlySet<string>): PlanDiagnostic[] {
  const { gates, narrowedBy, observed } = input;
  const idle: PlanDiagnostic[] = [];
  const parts = withoutChange(narrowedBy);
  const beside = narrowingInWords(parts);
  if (gates.prune && parts.length > 0) {
    idle.push(
      warning(
        'prune-needs-all',
        sentence`${option('prune')} deletes nothing beside ${beside}: only a run of all manifests prunes. To delete orphans, run it again without ${beside}.`,
      ),
    );
  }
  for (const name of [...new Set(gates.allow_delete)].sort()) {
    const why = whyNotDeleted(name, {
      orphans,
      isManaged: observed.RequirementGroup.has(name),
      prune: gates.prune,
      beside,
      isOfChange: parts.length < narrowedBy.length,
      kept: keptOrphans(input),
    });
    if (why !== null)
      idle.push({
        ...warning(
          'allow-delete-without-effect',
          sentence`${option('allow-delete', name)} deletes nothing: ${why}`,
        ),
        name,
      });
  }
  return idle;
}

export function narrowingInWords(narrowedBy: PlanInput['narrowedBy']): Sentence {
  return joined(
    narrowedBy.map((words) => (words.startsWith('--') ? option(words.slice(2)) : sentence`${words}`)),
    ' and ',
  );
}

function whyNotDeleted(
  name: string,
  facts: {
    readonly orphans: ReadonlySet<string>;
    readonly isManaged: boolean;
    readonly prune: boolean;
    readonly beside: Sentence;
    /** Is true if only the orphans that a change leaves behind are known. */
    readonly isOfChange: boolean;
    readonly kept: ReadonlyMap<string, Sentence>;
  },
): Sentence | null {
  const { orphans, isManaged, prune, beside, isOfChange, kept } = facts;
  const why = kept.get(name);
  if (orphans.has(name) && why !== undefined) return sentence`${why}.`;
  if (!orphans.has(name)) {
    if (isManaged) return sentence`a manifest has this name. To delete its group, remove the manifest first.`;
    if (isOfChange) return NOT_OF_CHANGE;
    const meant = suggest(name, orphans);
    if (meant !== null) return sentence`no orphan has this name. Did you mean ${quoted(meant)}?`;
    if (orphans.size === 0) return sentence`no orphan exists. Drop it.`;
    return sentence`no orphan has this name. The orphans are: ${listed(orphans)}.`;
  }
  if (!prune) return sentence`it needs ${option('prune')}. Add ${option('prune')}, or drop it.`;
  return beside.length === 0
    ? null
    : sentence`only a run of all manifests prunes. Run it again without ${beside}.`;
}

const NOT_OF_CHANGE = sentence`the change does not remove a manifest of this name, and other orphans are left to a run of all manifests. Run it without ${option('changed-since')} (in a pipeline: with ${typed('changes: all')}), or drop it.`;

/** The most names in a message. A person looks the others up in the plan. */
const MAX_NAMES = 10;

function listed(names: ReadonlySet<string>): Sentence {
  const shown = [...names].sort().slice(0, MAX_NAMES);
  const more = names.size - shown.length;
  return sentence`${joined(shown.map(named), ', ')}${more > 0 ? sentence` and ${more} more` : ''}`;
}

function warning(code: string, message: Sentence): PlanDiagnostic {
  return { severity: 'warning', code, ...worded(message) };
}
