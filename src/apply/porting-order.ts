import { ApiError, OperationError } from '../model/errors.ts';
import { normaliseDate } from '../model/normal-text.ts';
import type { PortingOrderChange } from '../model/plan.ts';
import { isDocumentPath, type SettingToWrite } from '../model/porting.ts';
import { observedSettingForm, settingForm } from '../model/porting-form.ts';
import type { SourcePosition } from '../model/problem.ts';
import { reveal } from '../model/sensitive.ts';
import { getPortingOrder, listPortingRequirements, patchPortingOrder } from '../telnyx/endpoints.ts';
import type { ValueToWrite } from '../telnyx/types.ts';
import type { Progress } from './outcome.ts';
import { begin, type Run } from './run.ts';
import { makeValues, mendDocuments } from './values.ts';

/** Its documents are uploaded, then everything that differs goes into one request, and is read back. */
export async function workOnPortingOrder(
  run: Run,
  change: PortingOrderChange,
  progress: Progress,
): Promise<void> {
  const values = await makeValues(run, change, progress);
  progress.source = change.source;
  try {
    await writeOrder(run, change, values, progress);
  } catch (error) {
    // Refused was the write itself, not the reading back of one that was done.
    if (progress.operations.includes('patch') || !(error instanceof ApiError)) throw error;
    const mended = await mendDocuments(run, change, values, progress);
    if (mended === null) throw error;
    await writeOrder(run, change, mended, progress);
  }
}

async function writeOrder(
  run: Run,
  change: PortingOrderChange,
  values: readonly ValueToWrite[],
  progress: Progress,
): Promise<void> {
  const patch = patchOf(change, values);
  begin(run, change, 'patch');
  await patchPortingOrder(run.writer.client, change.observed.id, patch);
  progress.operations.push('patch');
  await confirm(run, change, patch, progress);
}

interface Patch {
  readonly settings: readonly SettingToWrite[];
  readonly requirements: readonly ValueToWrite[];
}

/** Documents with names of their own are settings at Telnyx. */
function patchOf({ settings }: PortingOrderChange, values: readonly ValueToWrite[]): Patch {
  const documents = values.flatMap(({ requirementId, value }) =>
    isDocumentPath(requirementId) ? [{ path: requirementId, value }] : [],
  );
  return {
    settings: [...settings.map(({ path, value }) => ({ path, value })), ...documents],
    requirements: values.filter(({ requirementId }) => !isDocumentPath(requirementId)),
  };
}

const READ_BACK_WAITS_MS = [0, 1000] as const;

/** A 200 is no proof: reads the order, and compares what was written. */
async function confirm(
  run: Run,
  change: PortingOrderChange,
  patch: Patch,
  progress: Progress,
): Promise<void> {
  let missing: readonly string[] = [];
  for (const waitMs of READ_BACK_WAITS_MS) {
    await run.writer.wait(waitMs);
    missing = await findMissing(run, change, patch, progress);
    if (missing.length === 0) return;
  }
  throw new OperationError(
    'write-without-effect',
    `Telnyx answered success, but reading the order back shows no change of ${missing.join(', ')}`,
    sourceOfWrite(change, missing[0] ?? ''),
  );
}

/** Paths of settings, and ids of requirements. */
async function findMissing(
  { writer: { client } }: Run,
  { observed: { id } }: PortingOrderChange,
  { settings, requirements }: Patch,
  progress: Progress,
): Promise<string[]> {
  const order = await getPortingOrder(client, id);
  progress.status = order.status;
  const held = requirements.length === 0 ? [] : await listPortingRequirements(client, id);
  const values = new Map(held.map((own) => [own.requirementId, normaliseDate(reveal(own.value))]));
  return [
    ...settings
      .filter(
        ({ path, value }) => !observedSettingForm(path, order.settings).equals(settingForm(path, value)),
      )
      .map(({ path }) => path),
    ...requirements
      .filter(({ requirementId, value }) => values.get(requirementId) !== normaliseDate(reveal(value)))
      .map(({ requirementId }) => requirementId),
  ];
}

function sourceOfWrite({ settings, writes, source }: PortingOrderChange, name: string): SourcePosition {
  return (
    settings.find(({ path }) => path === name)?.source ??
    writes.find(({ requirementId }) => requirementId === name)?.source ??
    source
  );
}
