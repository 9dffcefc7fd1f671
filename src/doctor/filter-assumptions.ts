import type { Verdict } from '../model/report/doctor.ts';
import { type AccountFacts, type ListName, referencesIn, rowsIn, rowsOf } from './facts.ts';
import { referenceToAskFor } from './probes.ts';
import { expected, handled, unreadable, unseen } from './verdict.ts';

/**
 * Verdicts about filters. For regsync they are hints, since it selects again. A row that a filter wrongly
 * leaves out is missed.
 */

export function judgeReferenceFilter(facts: AccountFacts, name: ListName): Verdict {
  const reference = referenceToAskFor(rowsOf(facts, name));
  const [exact, part, nonsense] = ['reference', 'part', 'nonsense'].map((kind) =>
    facts.probes.get(`${name}-by-${kind}`),
  );
  if (reference === null || exact === undefined) return unseen('nothing to look at: no row has a reference');
  if (exact.status !== 200) {
    return unreadable(`it is refused (${exact.status}): regsync cannot find its own objects again`);
  }
  if (!referencesIn(rowsIn(exact.body) ?? []).includes(reference)) {
    return unreadable('it misses a row that has the reference: regsync would make it again');
  }
  if ((rowsIn(nonsense?.body) ?? []).length > 0)
    return handled('it is ignored, and regsync selects by itself');
  return referencesIn(rowsIn(part?.body) ?? []).includes(reference)
    ? handled('it finds rows that contain the text, and regsync selects by itself')
    : expected('exact');
}

export function judgeReferencesFilter(facts: AccountFacts): Verdict {
  const reference = referenceToAskFor(rowsOf(facts, 'documents'));
  const answer = facts.probes.get('documents-by-references');
  if (reference === null || answer === undefined)
    return unseen('nothing to look at: no document has a reference');
  if (answer.status !== 200) {
    return unreadable(`filter[customer_reference][in][] is refused (${answer.status})`);
  }
  const found = referencesIn(rowsIn(answer.body) ?? []);
  if (!found.includes(reference)) {
    return unreadable(
      'filter[customer_reference][in][] misses a document that has the reference: regsync would upload it again',
    );
  }
  return found.every((one) => one === reference)
    ? expected('filter[customer_reference][in][]')
    : handled('it is ignored, and regsync selects by itself');
}

export function judgeLinksFilter(facts: AccountFacts): Verdict {
  const answer = facts.probes.get('links-by-document');
  const links = rowsOf(facts, 'document_links');
  if (answer === undefined) return unseen('nothing to look at: no document is linked');
  if (answer.status !== 200) return handled(`it is refused (${answer.status}); regsync does not use it`);
  const found = rowsIn(answer.body) ?? [];
  const documentId = links[0]?.document_id;
  if (found.some((link) => link.document_id !== documentId))
    return handled('it is ignored; regsync does not use it');
  return found.length > 0
    ? expected('by filter[document_id]')
    : handled('it finds nothing; regsync does not use it');
}

export function judgeUnknownFilter(facts: AccountFacts): Verdict {
  const answer = facts.probes.get('unknown-filter');
  if (answer === undefined || answer.status === 0) return unseen('nothing was answered');
  if (answer.status !== 200) {
    return handled(`they are refused (${answer.status}); regsync sends those that are described`);
  }
  const [all, found] = [rowsOf(facts, 'requirement_groups').length, (rowsIn(answer.body) ?? []).length];
  if (all === 0) return unseen('nothing to look at: the account has no group');
  return found === all
    ? expected('ignored')
    : handled('they find nothing; regsync sends those that are described');
}

export function judgeMobileFilter({ probes }: AccountFacts): Verdict {
  const answer = probes.get('mobile');
  if (answer === undefined || answer.status === 0) return unseen('nothing was answered');
  return answer.status === 200
    ? expected('taken')
    : handled(`refused (${answer.status}); regsync asks for all types of a country`);
}
