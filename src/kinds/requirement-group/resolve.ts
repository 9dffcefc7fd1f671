import { Fault } from '../../manifest/fault.ts';
import type { Manifest, Path } from '../../manifest/manifest.ts';
import { checkReference, inWords, type Resolution, resolveId } from '../../manifest/resolution.ts';
import { references } from '../../model/reference-names.ts';
import {
  ATTACHMENT_KINDS,
  asReference,
  asRemoteId,
  type DesiredAttachment,
  type DesiredGroup,
} from '../../model/resource.ts';
import { resolveRequirements } from '../stated/requirements.ts';

/* ---- Groups ---- */

export function resolveGroup(
  { fields, origin }: Manifest<'RequirementGroup'>,
  resolution: Resolution,
): DesiredGroup {
  const { scope } = resolution.options;
  const ownReference = references.group(scope, fields.name);
  const reference = asReference(fields.customer_reference ?? ownReference);
  const report = (path: Path, fault: Fault): void => {
    resolution.problems.push(origin.problem(path, fault));
  };
  const reserved = checkReference(reference, ownReference);
  if (reserved !== null) report(['customer_reference'], reserved);
  return {
    name: fields.name,
    combination: {
      countryCode: fields.country_code,
      phoneNumberType: fields.phone_number_type,
      action: fields.action,
    },
    reference,
    statesReference: fields.customer_reference !== undefined,
    id: resolveId(fields.id, origin),
    approval: fields.approval ?? 'submit',
    partial: fields.partial ?? false,
    ...(fields.deletion === 'forbid' ? { forbidsDeletion: true } : {}),
    ...(fields.manage === 'observe' ? { isWatched: true } : {}),
    requirements: resolveRequirements(fields.requirements ?? [], origin, resolution),
    attach: resolveAttachments({ fields, origin }, report),
    source: origin.positionOnDemand([]),
  };
}

/** @param report adds a problem at a path of the manifest. */
function resolveAttachments(
  { fields, origin }: Pick<Manifest<'RequirementGroup'>, 'fields' | 'origin'>,
  report: (path: Path, fault: Fault) => void,
): DesiredAttachment[] {
  return (fields.attach ?? []).flatMap((entry, index) => {
    const kind = ATTACHMENT_KINDS.find((name) => entry[name] !== undefined);
    if (kind === undefined) return [];
    const path = ['attach', index, kind];
    const action = kind === 'porting_order' ? 'porting' : 'ordering';
    if (fields.action !== action) {
      const message = `a ${inWords(kind)} takes groups for ${action}, and this one is for ${fields.action}`;
      report(path, new Fault('order-mismatch', message));
    }
    return [{ kind, id: asRemoteId(entry[kind]?.toLowerCase() ?? ''), source: origin.position(path) }];
  });
}
