import type { PlanChange } from '../model/plan/plan.ts';
import { isResubmitted } from '../model/plan/resubmission.ts';
import { joined, named, type Sentence, sentence } from '../model/text/sentence.ts';

/** Refuses to submit content again that Telnyx has judged, unless the reviewed plan shows it. */
export function resubmissionDeviation(reviewed: PlanChange, fresh: PlanChange): Sentence | null {
  if (!isResubmitted(fresh)) return null;
  if (!isResubmitted(reviewed))
    return sentence`the same content would be submitted again, which the reviewed plan does not show`;
  return unheard(reviewed, fresh);
}

/**
 * Compares the words of reviewers, because reviewers of the plan agreed to submit the same content again after
 * those that it shows.
 */
function unheard({ said = [] }: PlanChange, { said: now = [] }: PlanChange): Sentence | null {
  // Reviewers repeat themselves, and the same words again are a new comment, too.
  const shown = [...said];
  const unseen = now.filter((words) => {
    const index = shown.indexOf(words);
    if (index >= 0) shown.splice(index, 1);
    return index < 0;
  });
  if (unseen.length === 0) return null;
  return sentence`a reviewer wrote after the plan was made, and the same content would be submitted again without an answer to it: ${joined(unseen.map(named), ' ')}`;
}
