import { clearStaged, type StagedFile } from '../../files/stage.ts';
import { type Ciphertext, labelOf, readCiphertext } from '../../manifest/encryption/ciphertext.ts';
import type { Identities } from '../../manifest/encryption/identities.ts';
import { Fault } from '../../manifest/fault.ts';
import type { RepositoryPath } from '../../manifest/files/paths.ts';
import { confine } from '../../manifest/files/read-confined.ts';
import type { Repository } from '../../manifest/repository.ts';
import { InterruptedError } from '../../model/errors.ts';
import type { Problem, SourcePosition } from '../../model/problem.ts';

/** The inputs of one run of `rekey`, and its results so far. */
export interface RekeyRun {
  readonly repository: Repository;
  readonly recipients: readonly string[];
  readonly identities: Identities;
  readonly force: boolean;
  readonly signal: AbortSignal;
  readonly step: (text: string) => void;
  readonly staged: StagedFile[];
  readonly rekeyed: SourcePosition[];
  readonly current: SourcePosition[];
  readonly problems: Problem[];
  /** True if none of the own identities can decrypt the new files. */
  locksOut: boolean;
}

export function isCurrent({ force, recipients }: RekeyRun, { label }: Ciphertext): boolean {
  return !force && label === labelOf(recipients);
}

export async function openCiphertext(
  run: RekeyRun,
  path: RepositoryPath,
  found: Ciphertext | Fault,
): Promise<Buffer | Fault> {
  if (run.signal.aborted) throw new InterruptedError('interrupted: no file was replaced');
  run.step(`Encrypting ${path} again`);
  return found instanceof Fault ? found : run.identities.decrypt(found);
}

export async function noteLockOut(run: RekeyRun, bytes: Uint8Array): Promise<void> {
  if (run.locksOut) return;
  const written = readCiphertext(bytes);
  if (written instanceof Fault || (await run.identities.decrypt(written)) instanceof Fault)
    run.locksOut = true;
}

/**
 * Removes the draft that an earlier run left beside a file, unless this run made it: a link may name the same
 * file.
 */
export async function clearUp(
  { repository: { root }, staged }: RekeyRun,
  path: RepositoryPath,
): Promise<void> {
  const realPath = confine(root, path);
  if (realPath instanceof Fault || staged.some((file) => file.path === realPath)) return;
  await clearStaged(realPath);
}
