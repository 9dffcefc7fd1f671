/** The parts of a document that may be shown: its path in the repository, and its size. */
export interface PlanDocument {
  readonly path: string;
  readonly bytes: number;
}
