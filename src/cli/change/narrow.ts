import { InvalidInputError } from '../../model/errors.ts';
import { type ChangedSince, manifestKey, type RemovedManifest } from '../../model/plan/changed.ts';
import type { PlanOptions } from '../../model/plan/plan.ts';
import { asReference, asRemoteId, type DesiredGroup } from '../../model/resource.ts';
import { touchedBy } from '../../resolve/touched.ts';
import type { Project, ProjectReading } from '../session/project.ts';

/**
 * Returns the names that a run is narrowed to: the manifests that differ from the base, and the groups that
 * `--resubmit` names, since their manifests stay as they are.
 *
 * @param base the repository before the change. Null if it had nothing of this scope.
 * @throws InvalidInputError if a file of the base cannot be parsed.
 */
export function changeSince(
  since: string,
  base: ProjectReading | null,
  project: Pick<Project, 'desired' | 'lock'>,
  { resubmit }: Pick<PlanOptions, 'resubmit'>,
): ChangedSince {
  if (base !== null) refuseUnparsed(since, base);
  const { names, removed } = touchedBy(base?.project ?? null, project);
  const resubmitted = project.desired.RequirementGroup.filter(({ name }) => resubmit.includes(name));
  const all = [...names, ...resubmitted.map(({ name }) => manifestKey('RequirementGroup', name))];
  return { since, names: [...new Set(all)].sort(), removed };
}

function refuseUnparsed(since: string, { unparsed }: ProjectReading): void {
  if (unparsed.length === 0) return;
  throw new InvalidInputError(
    `regsync cannot tell what differs from ${since}, because its manifests are invalid there. ` +
      'Compare with a commit whose manifests are valid, or leave --changed-since out to plan all manifests',
    unparsed.map((problem) => ({ ...problem, message: `in ${since}: ${problem.message}` })),
  );
}

/** Returns the groups of removed manifests in the form that a look-up of single groups takes. */
export function removedGroups({ removed }: ChangedSince): Pick<DesiredGroup, 'id' | 'reference'>[] {
  return removed.flatMap(({ id, reference }: RemovedManifest) =>
    reference === undefined
      ? []
      : [
          {
            reference: asReference(reference),
            id: id === undefined ? null : { id: asRemoteId(id), source: NOWHERE },
          },
        ],
  );
}

/** The manifest is gone, so no position in it can be shown. */
const NOWHERE = { file: '', line: 1, column: 1 };
