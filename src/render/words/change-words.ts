import { countChanged, manifestKey } from '../../model/plan/changed.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { countManifests, given, listSome } from './wording.ts';

/**
 * Says that the plan is narrowed to a change, and what it leaves to other runs. Returns null for a plan of all
 * manifests.
 *
 * @param show makes text from outside harmless for the place where the sentences are shown.
 */
export function changeWords(
  { options, summary }: Pick<Plan, 'options' | 'summary'>,
  show: (text: string) => string,
): string | null {
  const { changed, prune, resubmit } = options;
  if (changed === undefined) return null;
  const { names } = changed;
  const removed = changed.removed.filter((one) => one.means_other !== true);
  // These words are regsync's own, and a git ref has no spaces.
  const since = /^the base of this \w+ request$/.test(changed.since) ? changed.since : show(changed.since);
  const asked = resubmit.length === 0 ? '' : ', and what --resubmit names';
  const only =
    names.length === 0
      ? `No manifest differs from ${since}.`
      : `Only what differs from ${since}${asked}: ${countManifests(countChanged(changed))}.`;
  const gone = listSome(removed, MAX_NAMES, ({ kind, name }) => show(manifestKey(kind, name)), ' and ');
  const others = summary.not_looked_at ?? 0;
  return given(
    only,
    others === 1 && '1 other was not looked at.',
    others > 1 && `${others.toLocaleString('en')} others were not looked at.`,
    removed.length > 0 && `The change removes ${gone}.`,
    prune && 'Other groups without a manifest are left to a run of all manifests.',
  ).join(' ');
}

/** The most names in a sentence. The plan file has all of them. */
const MAX_NAMES = 5;
