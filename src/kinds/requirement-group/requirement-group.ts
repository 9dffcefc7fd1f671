import { bindRequirements } from '../../catalogue/bind.ts';
import { ATTACHMENT_KINDS } from '../../model/resource.ts';
import type { Managed } from '../kind.ts';
import { documentsOfRequirements, textSourcesOfRequirements } from '../stated/contents.ts';
import { groupsOf, hideLazily, textsOf } from '../values/private-texts.ts';
import { describeGroup, groupAsDesired, groupStartAndEnd } from './describe.ts';
import { reportCollisions } from './identity/collisions.ts';
import { planGroups } from './plan.ts';
import { resolveGroup } from './resolve.ts';

/**
 * The requirements of a country for a number type and an action, with their values: the kind that regsync is
 * for.
 */
export const requirementGroup: Managed<'RequirementGroup'> = {
  after: [],
  documentsIn: ({ fields }) => documentsOfRequirements(fields),
  textSourcesIn: ({ fields }) => textSourcesOfRequirements(fields),
  ordersNamedIn: ({ fields }) =>
    (fields.attach ?? []).flatMap((entry, index) =>
      ATTACHMENT_KINDS.flatMap((name) => {
        const id = entry[name]?.toLowerCase();
        return id === undefined ? [] : [{ kind: name, id, path: ['attach', index, name] }];
      }),
    ),
  resolve: resolveGroup,
  check: (manifests, desired, resolution) =>
    reportCollisions(manifests, desired.RequirementGroup, resolution),
  bind(groups, { catalogue, observed, lock }) {
    const bound = bindRequirements(groups, catalogue, observed.RequirementGroup, lock);
    return { objects: bound.groups, problems: bound.problems };
  },
  plan: planGroups,
  describe: describeGroup,
  startAndEnd: groupStartAndEnd,
  end: groupAsDesired,
  // Groups are in the summary of every plan.
  summarise: () => ({}),
  leavesValues: () => false,
  plainSettings: () => [],
  hide(redactor, groups, observed) {
    for (const { name, values } of groups) {
      for (const group of groupsOf(observed, name))
        hideLazily(redactor, group.id, () => textsOf(values, [group]));
    }
  },
  async apply(run, change, progress) {
    const { workOnGroup } = await import('./apply.ts');
    return workOnGroup(run, change, progress);
  },
};
