import type { ObservedGroup } from '../../../model/observed.ts';
import type { PlanDiagnostic } from '../../../model/plan/plan.ts';
import type { DesiredGroup } from '../../../model/resource.ts';
import { dateOf, daysBetween, readDate } from '../../../model/text/calendar.ts';
import { joined, named, quoted, type Sentence, sentence, worded } from '../../../model/text/sentence.ts';

/**
 * Reports several groups that a manifest could mean. regsync guesses none, and only this manifest waits. The
 * diagnostic tells a person about each group, and gives the line that chooses it.
 */
export function duplicateGroups(
  { name, reference, source }: Pick<DesiredGroup, 'name' | 'reference' | 'source'>,
  rivals: readonly ObservedGroup[],
  readAtMs: number,
): PlanDiagnostic {
  const { file, line } = source;
  const choices = rivals.map(
    (rival) =>
      sentence`${quoted(`id: ${rival.id}`)} (${named(rival.status)}, ${ageInWords(rival, readAtMs)})`,
  );
  return {
    severity: 'error',
    code: 'duplicate-groups',
    kind: 'RequirementGroup',
    name,
    ...worded(
      sentence`${quoted(name)} could mean any of ${rivals.length} groups with the reference ${named(JSON.stringify(reference))}, so none of them is touched. To say which one it means, add one of these lines to the manifest at ${named(`${file}:${line}`)}: ${joined(choices, ' or ')}. The other becomes an orphan.`,
    ),
    source: { file, line },
  };
}

function ageInWords({ createdAt }: ObservedGroup, readAtMs: number): Sentence {
  const date = readDate(createdAt ?? null);
  if (date === null) return sentence`age unknown`;
  const days = daysBetween(date, dateOf(readAtMs));
  const time = named(`${createdAt}`);
  if (days <= 0) return sentence`made today, ${time}`;
  return days === 1 ? sentence`made yesterday, ${time}` : sentence`made ${days} days ago, ${time}`;
}
