import type { Artifact } from '../../forge/artifact.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { NeededGate } from '../../plan/gates.ts';

/** The names, URLs, limits and sentences in which one forge differs from another. */
export interface ForgeWords {
  readonly forge: 'GitHub' | 'GitLab';
  readonly request: 'pull request' | 'merge request';
  /** The sign before the number of a change request. */
  readonly sign: '#' | '!';
  readonly note: 'comment' | 'note';
  /** The limit on a text, in UTF-8 bytes. */
  readonly textBytes: number;
  /** Says that there is no token, and where to give one. */
  readonly noToken: string;
  /** Says what to do if the token writes as another account than regsync expects. */
  readonly otherAuthor: string;
  /** Says how apply becomes the job that planned. */
  readonly sameJob: string;
  /** Says how to start an apply by hand with a fingerprint. */
  readonly byHand: (fingerprint: string) => string;
  /** Says, as Markdown, why the drift before the change request is unknown. */
  readonly driftUnknown: string;
  /** @param path encoded for a URL. */
  readonly fileUrl: (sha: string, path: string) => string;
  /** Says which gates the apply keeps closed, and how to open them. */
  readonly sayShut: (gates: readonly NeededGate[]) => string;
  /** Says how to open gates for plan and apply. */
  readonly openBoth: (gates: readonly NeededGate[]) => string;
  /** Says the same as Markdown, for a plan that cannot be applied. */
  readonly howToOpen: (gates: readonly NeededGate[]) => string;
  /**
   * Says, as Markdown, how to apply exactly the plan with this fingerprint.
   *
   * @param isShut true if the apply has to open a gate first.
   */
  readonly applyExactly: (fingerprint: string, isShut: boolean) => string;
  /** Returns the plan to show: its next steps are such that a person can take them at this forge. */
  readonly withSteps: (plan: Plan) => Plan;
  /** Says, as Markdown, that the plan has no room in its text. */
  readonly tooLarge: (artifact: Artifact) => string;
}
