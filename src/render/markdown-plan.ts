import type { Plan, PlanChange } from '../model/plan.ts';

/** All optional: without any of it the comment is what `plan --format markdown` prints. */
export interface CommentContext extends MarkdownContext {
  /** Becomes line 1 as it is: an HTML comment by which the caller finds its comment again. */
  readonly marker?: string;
  readonly status?: ReviewStatus;
  /** `changeIdentity` of the changes that do not come from this pull request: they are shown in a section of their own. */
  readonly drift?: ReadonlySet<string>;
}

/** What every Markdown picture may know of where it is shown. */
export interface MarkdownContext {
  /** Where a line of a file can be read; `file` is relative to the root of the repository. Only http(s) becomes a link. */
  readonly sourceUrl?: (file: string, line: number) => string | undefined;
  readonly runUrl?: string;
  readonly headSha?: string;
  /** UTF-8 bytes that the whole text may have. */
  readonly limitBytes?: number;
}

/** The status line: how far the plan in the comment has come. */
export type ReviewStatus =
  | { readonly state: 'planned' }
  /** The head moved on; `headSha` is the new one. */
  | { readonly state: 'outdated'; readonly headSha?: string }
  | { readonly state: 'applying'; readonly runUrl?: string }
  | { readonly state: 'applied'; readonly runUrl?: string }
  | { readonly state: 'failed'; readonly runUrl?: string; readonly message?: string }
  /** Nothing was applied: what was reviewed is not what would be done. The plan beside it is the fresh one. */
  | {
      readonly state: 'refused';
      readonly runUrl?: string;
      /** Fingerprint of the plan that was reviewed. */
      readonly reviewed?: string;
      readonly message?: string;
      readonly differences?: readonly Difference[];
    };

/** As `findDeviations` returns them. */
export interface Difference {
  readonly kind: PlanChange['kind'];
  readonly name: string;
  readonly message: string;
}

/** A comment on a pull request: under 60,000 bytes unless the context says otherwise. */
export function renderPlanComment(plan: Plan, context: CommentContext = {}): string {
  return `${context.marker ?? ''}\n${plan.fingerprint}\n`;
}
