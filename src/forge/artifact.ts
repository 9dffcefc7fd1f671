import { createHash } from 'node:crypto';

/** A file that a pipeline keeps, here a plan that is too large for its comment. */
export interface Artifact {
  readonly name: string;
  /** The SHA-256 of the file in the artifact, 64 hex digits. */
  readonly sha256: string;
}

export function artifactOf(text: string): Artifact {
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { name: `regsync-plan-${sha256.slice(0, 16)}`, sha256 };
}
