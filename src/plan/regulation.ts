import { about } from '../kinds/values/about.ts';
import type { RequirementChange, RequirementChangeKind, SetChange } from '../model/lock.ts';
import type { Attention } from '../model/plan/plan.ts';
import { type BoundGroup, combinationKey } from '../model/resource.ts';
import { compareText } from '../model/text/compare-text.ts';
import { describeSchedule } from '../model/text/schedule-words.ts';
import { joined, named, quoted, type Sentence, sentence, typed } from '../model/text/sentence.ts';

/**
 * Returns the regulator's changes since the lock was written, and the scheduled ones, for each group that
 * they concern. They are attention only: they are in no digest, and close no gate.
 */
export function regulationAttention(
  groups: readonly BoundGroup[],
  changes: readonly SetChange[],
): Attention[] {
  if (changes.length === 0) return [];
  const byCombination = new Map(changes.map((change) => [change.combination, change]));
  return [...groups]
    .sort((a, b) => compareText(a.name, b.name))
    .flatMap((group) => {
      const change = byCombination.get(combinationKey(group.combination));
      return change === undefined
        ? []
        : messagesOf(change).map((message) => about(group, 'requirements-changed', message));
    });
}

function messagesOf({ requirements, after }: SetChange): Sentence[] {
  const alarming = ALARMING.flatMap((kind) => requirements.filter((change) => change.kind === kind));
  const next = after?.next ?? null;
  return [
    ...(alarming.length === 0
      ? []
      : [
          sentence`the demands changed since the lock: ${list(alarming)}; see ${typed('regsync lock --check')}`,
        ]),
    ...(next === null ? [] : [sentence`the demands will change: ${describeSchedule(next)}`]),
  ];
}

/**
 * The changes that may lead to the refusal of a value or a group. Looser rules and other words wait until
 * somebody runs `regsync lock`.
 */
const ALARMING: readonly RequirementChangeKind[] = [
  'added',
  'removed',
  'type-changed',
  'tightened',
  'changed',
];

const MAX_LISTED = 4;

function list(changes: readonly RequirementChange[]): Sentence {
  const shown = changes.slice(0, MAX_LISTED).map(({ kind, name, detail }) => {
    const why = detail === '' ? '' : sentence` (${named(detail)})`;
    return sentence`${kind === 'type-changed' ? 'type changed' : kind} ${quoted(name)}${why}`;
  });
  const more = changes.length - shown.length;
  return joined([...shown, ...(more > 0 ? [sentence`${more} more`] : [])], '; ');
}
