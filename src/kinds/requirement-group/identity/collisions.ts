import { Fault } from '../../../manifest/fault.ts';
import type { Manifest, Path } from '../../../manifest/manifest.ts';
import { describePlace, type Resolution } from '../../../manifest/resolution.ts';
import { quoted } from '../../../manifest/visible.ts';
import { combinationKey, type DesiredGroup } from '../../../model/resource.ts';

/** Mistakes that only show when all manifests are known. */

/** Reports two groups that would be the same group at Telnyx. */
export function reportCollisions(
  manifests: readonly Manifest<'RequirementGroup'>[],
  groups: readonly DesiredGroup[],
  { problems }: Resolution,
): void {
  const byReference = new Map<string, Manifest<'RequirementGroup'>>();
  const byId = new Map<string, Manifest<'RequirementGroup'>>();
  const claim = (claims: Map<string, Manifest<'RequirementGroup'>>, key: string, claimant: Claim): void => {
    const { manifest, path, code, what, hint } = claimant;
    const earlier = claims.get(key);
    if (earlier === undefined) {
      claims.set(key, manifest);
      return;
    }
    const message = `${what} as ${quoted(earlier.fields.name)} at ${describePlace(earlier.origin, [])}`;
    problems.push(manifest.origin.problem(path, new Fault(code, message, hint)));
  };
  manifests.forEach((manifest, index) => {
    const group = groups[index];
    if (group === undefined) return;
    claim(byReference, `${combinationKey(group.combination)} ${group.reference}`, {
      manifest,
      path: [group.statesReference ? 'customer_reference' : 'name'],
      code: 'duplicate-reference',
      what: 'the same reference, country, type and action',
      hint: 'Write a customer_reference of its own into one of the two manifests, or delete one.',
    });
    if (group.id === null) return;
    claim(byId, group.id.id, {
      manifest,
      path: ['id'],
      code: 'duplicate-id',
      what: 'the same id',
      hint: 'Keep the line in the manifest that the group is for, and remove it from the other.',
    });
  });
}

interface Claim {
  readonly manifest: Manifest<'RequirementGroup'>;
  readonly path: Path;
  readonly code: string;
  readonly what: string;
  readonly hint: string;
}
