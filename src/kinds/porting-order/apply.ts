import { OperationError } from '../../model/errors.ts';
import type { ObservedPortingOrder } from '../../model/orders/observed-order.ts';
import {
  isDocumentPath,
  type ObservedSettings,
  ruleOf,
  SETTING_PATHS,
  type SettingToWrite,
} from '../../model/orders/porting.ts';
import { holdsSetting, isHidden, observedSettingForm, settingForm } from '../../model/orders/porting-form.ts';
import type { PortingOrderChange } from '../../model/plan/change.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import type { SourcePosition } from '../../model/problem.ts';
import { normaliseDate } from '../../model/text/normal-text.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import {
  getPortingOrder,
  listPortingRequirements,
  patchPortingOrder,
} from '../../telnyx/endpoints/porting-orders.ts';
import type { ValueToWrite } from '../../telnyx/types.ts';
import type { Progress } from '../writing/outcome.ts';
import { changedSincePlanned, lostByWrite, otherStatus } from '../writing/read-again.ts';
import { begin, type Run } from '../writing/run.ts';
import { isMadeFirst, makeValues, writeOrRepair } from '../writing/values.ts';
import { startPortingActions } from './start.ts';

/**
 * Uploads the documents, then sends everything that differs in one request, and reads it back. Fields that
 * the request leaves out stay (documented), but whether that is so within a nested object is not known. So
 * the order is compared before and after, and a lost value is a failure. The old values are not sent along,
 * because Telnyx may show a passcode as stars.
 */
export async function workOnPortingOrder(
  run: Run,
  change: PortingOrderChange,
  progress: Progress,
): Promise<void> {
  if (change.verb !== 'unchanged') await writeChange(run, change, progress);
  await startPortingActions(run, change, progress);
}

async function writeChange(run: Run, change: PortingOrderChange, progress: Progress): Promise<void> {
  if (change.writes.some(isMadeFirst)) await confirmUnchanged(run, change, []);
  const values = await makeValues(run, change, progress);
  progress.source = change.source;
  await writeOrRepair(run, change, values, progress, (written) => writeOrder(run, change, written, progress));
}

async function writeOrder(
  run: Run,
  change: PortingOrderChange,
  values: readonly ValueToWrite[],
  progress: Progress,
): Promise<void> {
  const patch = patchOf(change, values);
  const before = await confirmUnchanged(run, change, values);
  begin(run, change, 'patch');
  await patchPortingOrder(run.writer.client, change.observed.id, patch);
  progress.operations.push('patch');
  await confirm(run, change, { patch, before }, progress);
}

/** The contents of a porting order that a request may touch. */
interface Held {
  readonly status: string;
  readonly settings: ObservedSettings;
  /**
   * The normal forms by requirement id. Requirements without a value are left out. Empty if none is to be
   * written.
   */
  readonly values: ReadonlyMap<string, string>;
}

async function readHeld({ writer: { client } }: Run, change: PortingOrderChange): Promise<Held | null> {
  const { id } = change.observed;
  return unlessGone(async () => {
    const [{ status, settings }, requirements] = await Promise.all([
      getPortingOrder(client, id),
      writesRequirements(change) ? listPortingRequirements(client, id) : [],
    ]);
    return { status, settings, values: valuesOf(requirements) };
  });
}

/** Returns true if the change writes requirements, and not only settings and documents. */
function writesRequirements({ writes }: PortingOrderChange): boolean {
  return writes.some(({ requirementId }) => !isDocumentPath(requirementId));
}

function valuesOf(requirements: ObservedPortingOrder['requirements']): ReadonlyMap<string, string> {
  return new Map(
    requirements
      .filter(({ value }) => !value.isEmpty)
      .map(({ requirementId, value }) => [requirementId, normaliseDate(reveal(value))]),
  );
}

/**
 * Reads the order right before its first write, so that somebody else's changes since the plan are not
 * overwritten unseen. A value that is already as wanted does not count, because a killed run may have written
 * it.
 *
 * @returns the contents of the order.
 */
async function confirmUnchanged(
  run: Run,
  change: PortingOrderChange,
  values: readonly ValueToWrite[],
): Promise<Held> {
  const { observed, source } = change;
  const what = `porting order ${observed.id}`;
  const held = await readHeld(run, change);
  if (held === null) throw changedSincePlanned(what, ['it is gone'], source);
  const { settings, requirements } = patchOf(change, values);
  const wanted = new Map([
    ...settings.map(({ path, value }) => [path, reveal(settingForm(path, value))] as const),
    ...requirements.map(({ requirementId, value }) => [requirementId, normaliseDate(reveal(value))] as const),
  ]);
  const isMask = ({ name }: Difference) =>
    settings.some(({ path, value }) => path === name && holdsSetting(path, value, held.settings));
  const isWanted = (one: Difference) => wanted.get(one.name) === one.later || isMask(one);
  const planned = {
    settings: observed.settings,
    values: valuesOf(writesRequirements(change) ? observed.requirements : []),
  };
  const differing = differences(planned, held).filter((one) => !isWanted(one) && isPlanned(one, change));
  const changes = [
    ...otherStatus(held.status, observed.status),
    ...differing.map(({ name }) => `${name} has another value`),
  ];
  if (changes.length > 0) throw changedSincePlanned(what, changes, source);
  return held;
}

/** Returns false for documents that a group attached in the same run may have brought. */
function isPlanned({ name }: Difference, { desired, writes }: PortingOrderChange): boolean {
  const isWritten = writes.some(({ requirementId }) => requirementId === name);
  return !isDocumentPath(name) || isWritten || desired.group === null;
}

interface Difference {
  /** The path of a setting, or the id of a requirement. */
  readonly name: string;
  /** The normal form, empty if there is no value. */
  readonly earlier: string;
  readonly later: string;
}

/** Compares both. A value that the later answer leaves out is gone. */
function differences(earlier: HeldContent, later: HeldContent): Difference[] {
  const names = [...LEAF_PATHS, ...new Set([...earlier.values.keys(), ...later.values.keys()])];
  return names
    .map((name) => ({ name, earlier: formOf(name, earlier), later: formOf(name, later) }))
    .filter((one) => one.earlier !== one.later);
}

type HeldContent = Pick<Held, 'settings' | 'values'>;

/** Mappings are left out, because their fields are compared. */
const LEAF_PATHS = SETTING_PATHS.filter((path) => ruleOf(path).type !== 'mapping');

function formOf(name: string, { settings, values }: HeldContent): string {
  const path = LEAF_PATHS.find((one) => one === name);
  return path === undefined ? (values.get(name) ?? '') : reveal(observedSettingForm(path, settings));
}

interface Patch {
  readonly settings: readonly SettingToWrite[];
  readonly requirements: readonly ValueToWrite[];
}

/** Returns the patch. Documents with names of their own are settings at Telnyx. */
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

/** Reads the order back, because a 200 is not a proof, and compares the written values and all others. */
async function confirm(
  run: Run,
  change: PortingOrderChange,
  { patch, before }: { readonly patch: Patch; readonly before: Held },
  progress: Progress,
): Promise<void> {
  let missing: readonly string[] = [];
  let lost: readonly string[] = [];
  let missesOnlyPin = false;
  for (const waitMs of READ_BACK_WAITS_MS) {
    await run.writer.wait(waitMs);
    const held = await readHeld(run, change);
    progress.status = held?.status ?? progress.status;
    missing = held === null ? ['the order itself'] : findMissing(held, patch);
    lost = held === null ? [] : findLost(before, held, patch);
    if (missing.length + lost.length === 0) return;
    missesOnlyPin =
      held !== null && lost.length === 0 && missing.every((name) => isHiddenPin(name, held, patch));
  }
  if (lost.length > 0) throw lostByWrite(`porting order ${change.observed.id}`, lost, change.source);
  // Telnyx may show no PIN at all: then only its answer, and all the rest, tell that it was written.
  if (missesOnlyPin) {
    progress.warnings.push(PIN_NOT_SHOWN);
    return;
  }
  throw new OperationError(
    'write-without-effect',
    `Telnyx answered success, but reading the order back shows no change of ${missing.join(', ')}`,
    sourceOfWrite(change, missing[0] ?? ''),
  );
}

const PIN_NOT_SHOWN =
  'Telnyx accepted the PIN and does not show it, so regsync cannot read it back. If the PIN is wrong, the order gets the exception PASSCODE_PIN_INVALID';

function isHiddenPin(name: string, held: Held, { settings }: Patch): boolean {
  return settings.some(({ path, value }) => path === name && isHidden(path, value, held.settings));
}

/** Returns paths of settings, and ids of requirements. */
function findMissing(held: Held, { settings, requirements }: Patch): string[] {
  return [
    ...settings
      .filter(({ path, value }) => !holdsSetting(path, value, held.settings))
      .map(({ path }) => path),
    ...requirements
      .filter(({ requirementId, value }) => held.values.get(requirementId) !== normaliseDate(reveal(value)))
      .map(({ requirementId }) => requirementId),
  ];
}

/** Returns the values that changed although they were not in the request. */
function findLost(before: Held, after: Held, { settings, requirements }: Patch): string[] {
  const written = new Set<string>([
    ...settings.map(({ path }) => path),
    ...requirements.map(({ requirementId }) => requirementId),
  ]);
  // A full port has no other attributes (described), so these follow from its type.
  const followsFromType = (name: string) =>
    name.startsWith('misc.') && (written.has('misc') || written.has('misc.type'));
  return differences(before, after)
    .filter(({ name, earlier }) => earlier !== '' && !written.has(name) && !followsFromType(name))
    .map(({ name }) => name);
}

function sourceOfWrite({ settings, writes, source }: PortingOrderChange, name: string): SourcePosition {
  return (
    settings.find(({ path }) => path === name)?.source ??
    writes.find(({ requirementId }) => requirementId === name)?.source ??
    source
  );
}
