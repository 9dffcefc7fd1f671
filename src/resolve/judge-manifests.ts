import { Fault } from '../manifest/fault.ts';
import type { Manifest, Path } from '../manifest/manifest.ts';
import type { ParsedFile } from '../manifest/parse.ts';
import { type PolicyReading, readPolicies } from '../manifest/policies/read-policies.ts';
import type { Repository } from '../manifest/repository.ts';
import { POLICY_VIOLATED, type Policy, violationMessages } from '../model/plan/policy.ts';
import type { Problem } from '../model/problem.ts';
import { type NormalContext, normalFormOf } from './normal-manifest.ts';

/**
 * Reads the policies of the repository, and judges each manifest by those that are over manifests. The
 * problems are of both: what is wrong with a policy, and what violates one.
 */
export async function judgeRepository(
  repository: Pick<Repository, 'root' | 'config'>,
  parsed: readonly ParsedFile[],
): Promise<PolicyReading> {
  const { policies, problems } = await readPolicies(repository);
  const overManifests = policies.filter(({ over }) => over === 'manifest');
  if (overManifests.length === 0) return { policies, problems };
  const manifests = parsed.flatMap((file) => file.manifests);
  const context: NormalContext = {
    root: repository.root,
    scope: repository.config.scope,
    documents: byName(manifests.filter((manifest) => manifest.kind === 'Document')),
    addresses: byName(manifests.filter((manifest) => manifest.kind === 'Address')),
  };
  const violations = manifests.flatMap((manifest) => {
    const form = normalFormOf(manifest, context);
    return overManifests.flatMap((policy) => judge(manifest, form, policy));
  });
  return { policies, problems: [...problems, ...violations] };
}

function byName<One extends Manifest>(manifests: readonly One[]): ReadonlyMap<string, One> {
  return new Map(manifests.map((manifest) => [manifest.fields.name, manifest]));
}

function judge({ origin }: Manifest, form: object, policy: Policy): Problem[] {
  return violationMessages(policy, policy.findViolations(form)).map(({ path, message }) =>
    origin.problem(stepsOf(path), new Fault(POLICY_VIOLATED, message), policy.severity),
  );
}

/** Splits a JSON pointer. What the manifest does not say has the place of the nearest key around it. */
function stepsOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
