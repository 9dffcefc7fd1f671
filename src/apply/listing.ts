import type { MadeContent, Run } from '../kinds/writing/run.ts';
import { referenceKey } from '../model/reference.ts';
import { references } from '../model/reference-names.ts';
import type { Reference, RemoteId } from '../model/resource.ts';
import { listAddressesByReference } from '../telnyx/endpoints/addresses.ts';
import { listDocumentsByReferences } from '../telnyx/endpoints/documents.ts';

/** The waits before each look, five seconds in all. */
const WAITS_MS = [0, 500, 1500, 3000] as const;

/**
 * Waits until lists show the documents and addresses that this run has made, for at most five seconds. The
 * next run then finds them and makes none of them again. Two objects of one content harm nobody, but a run
 * that finds a twin of its own says so.
 *
 * The changes are applied already, so a failed look does not fail the run.
 */
export async function awaitContents(run: Run): Promise<void> {
  let missing: readonly MadeContent[] = run.contents;
  for (const waitMs of WAITS_MS) {
    if (missing.length === 0 || run.signal.aborted || run.keyRefused !== null) return;
    await run.writer.wait(waitMs);
    const shown = await listByReference(run, missing).catch(() => null);
    if (shown === null) return;
    const isShown = (made: MadeContent) => shown.get(referenceOf(run, made))?.includes(made.id) ?? false;
    for (const made of missing.filter(isShown)) warnOfTwins(run, made, shown);
    missing = missing.filter((made) => !isShown(made));
  }
}

function referenceOf({ writer: { scope } }: Run, { operation, sha256 }: MadeContent): Reference {
  return operation === 'upload' ? references.document(scope, sha256) : references.address(scope, sha256);
}

/** Looks up many documents at once, but addresses one by one. */
async function listByReference(
  run: Run,
  contents: readonly MadeContent[],
): Promise<ReadonlyMap<string, readonly RemoteId[]>> {
  const { client } = run.writer;
  const of = (operation: MadeContent['operation']) => [
    ...new Set(contents.filter((made) => made.operation === operation).map((made) => referenceOf(run, made))),
  ];
  const rows = await Promise.all([
    run.places.within(async () => (await listDocumentsByReferences(client, of('upload'))).rows),
    ...of('create_address').map((reference) =>
      run.places.within(() => listAddressesByReference(client, reference)),
    ),
  ]);
  const ids = new Map<string, RemoteId[]>();
  for (const { id, reference } of rows.flat()) {
    // Telnyx may write a reference in a form of its own.
    const key = referenceKey(reference) ?? '';
    ids.set(key, [...(ids.get(key) ?? []), id]);
  }
  return ids;
}

function warnOfTwins(run: Run, made: MadeContent, shown: ReadonlyMap<string, readonly RemoteId[]>): void {
  const own = new Set(run.contents.map(({ id }) => id));
  const others = (shown.get(referenceOf(run, made)) ?? []).filter(
    (id) => !own.has(id) && !run.writer.knownIds.has(id),
  );
  // An ambiguous write was reported already, with everything that it may have caused.
  if (others.length === 0 || made.isTold) return;
  const noun = made.operation === 'upload' ? 'document' : 'address';
  made.warnings.push(
    `another run has made the same ${noun} at the same time: ${others.join(', ')} beside ${made.id}. ` +
      'You can use either; `regsync gc` lists the unused one',
  );
}
