import type { Plan } from '../model/plan.ts';
import type { CommentContext } from './markdown-plan.ts';

export interface Issue {
  readonly title: string;
  readonly body: string;
}

/** The one issue that a scheduled run keeps up to date; null when there is nothing to say, so that it can be closed. */
export function renderDriftIssue(
  plan: Plan,
  context: Omit<CommentContext, 'status' | 'drift'> = {},
): Issue | null {
  return plan.changes.length === 0 ? null : { title: '', body: context.marker ?? '' };
}
