import { Fault } from '../../manifest/fault.ts';
import type { OrderManifest } from '../../manifest/manifest.ts';
import type { Resolution } from '../../manifest/resolution.ts';
import { resolveActions } from './actions.ts';
import { resolveRequirements } from './requirements.ts';

/** Resolves the fields of both kinds of orders. */
export function resolveOrder({ fields, origin }: OrderManifest, resolution: Resolution) {
  const { name, requirement_group: group, requirements } = fields;
  const actions = resolveActions({ requirements: requirements ?? [] }, origin, resolution);
  // A group never has an action, so that an order may state one beside it.
  if (group !== undefined && (requirements?.length ?? 0) > actions.length) {
    resolution.problems.push(origin.problem(['requirements'], TWO_OWNERS));
  }
  return {
    name,
    group: group === undefined ? null : { name: group, source: origin.position(['requirement_group']) },
    requirements: resolveRequirements(requirements ?? [], origin, resolution),
    ...(actions.length === 0 ? {} : { actions }),
    source: origin.position([]),
  };
}

const TWO_OWNERS = new Fault(
  'conflicting-values',
  '"requirement_group" and "requirements" exclude each other',
  'Keep one of the two, and delete the other.',
);
