import {
  isDocumentPath,
  type SettingPath,
  type SettingValue,
  type SettingWrite,
} from '../../model/orders/porting.ts';
import { observedSettingForm, settingForm } from '../../model/orders/porting-form.ts';
import type { PortingOrderChange } from '../../model/plan/change.ts';
import type { PatchOperation, PlanChange, PlanSetting, PlanValue } from '../../model/plan/plan.ts';
import { reveal, Sensitive } from '../../model/privacy/sensitive.ts';
import type { BoundPortingOrder } from '../../model/resource.ts';
import { describeStarts, observedActions, startPatch, statedActions } from '../values/describe-actions.ts';
import {
  byText,
  comparePatch,
  describeChange,
  describeValue,
  judgedValues,
  ownerOf,
  startOfWrite,
  statedForms,
} from '../values/describe-values.ts';
import { fingerprintValue, type PlanKeys } from '../values/fingerprint.ts';

export function describePortingOrder(change: PortingOrderChange, keys: PlanKeys): PlanChange {
  const values = change.writes.map((write) => describeValue(change, write, keys));
  const settings = change.settings.map((write) => describeSetting(change, write, keys));
  const started = describeStarts(change, keys);
  const patch = [...describePatch(values, settings), ...startPatch(started.starts)];
  return {
    ...describeChange(change, patch, portingOrderAsDesired(change.desired), keys),
    order: {
      verb: change.verb,
      status: change.observed.status,
      phone_numbers: change.observed.phoneNumbersCount,
      group: change.desired.group?.name ?? null,
      values,
      settings,
      ...started,
    },
  };
}

/**
 * Shows only `customer_reference`. Any other setting may be private and is a fingerprint of its normal form.
 */
function describeSetting(
  change: PortingOrderChange,
  { path, value, before, after }: SettingWrite,
  keys: PlanKeys,
): PlanSetting {
  if (path === 'customer_reference') {
    return { name: path, before: textOf(change.observed.settings.get(path) ?? null), after: textOf(value) };
  }
  const print = (form: Sensitive) =>
    form.isEmpty ? null : fingerprintValue(keys, ownerOf(change), path, form);
  return { name: path, before: print(before), after: print(after) };
}

function textOf(value: SettingValue): string | null {
  return value instanceof Sensitive && !value.isEmpty ? reveal(value) : null;
}

interface Tree {
  [name: string]: Tree | string;
}

/** Describes the patch by the API's own paths: `/end_user/admin/pin_passcode`, `/requirements/<id>`. */
function describePatch(
  values: readonly PlanValue[],
  settings: readonly PlanSetting[],
): readonly PatchOperation[] {
  const [before, after]: [Tree, Tree] = [{}, {}];
  const place = (steps: readonly string[], was: string | null, becomes: string | null) => {
    plant(before, steps, was);
    plant(after, steps, becomes);
  };
  for (const setting of settings) place(setting.name.split('.'), setting.before, setting.after);
  for (const value of values) {
    const id = value.requirement_id;
    place(isDocumentPath(id) ? id.split('.') : ['requirements', id], value.before, value.after);
  }
  return comparePatch(before, after);
}

/** Adds the parents on both sides, so that the patch names the leaf. */
function plant(tree: Tree, steps: readonly string[], print: string | null): void {
  let node = tree;
  for (const step of steps.slice(0, -1)) {
    const inner = node[step];
    const next = typeof inner === 'object' ? inner : {};
    node[step] = next;
    node = next;
  }
  if (print !== null) node[steps.at(-1) ?? ''] = print;
}

/** ---- Input of digests ---- */

/** Returns the input of the plan's fingerprint. */
export function portingOrderStartAndEnd(change: PortingOrderChange): unknown {
  return [
    portingOrderAsDesired(change.desired),
    change.actions,
    portingOrderStart(change),
    change.writes.map(startOfWrite),
    ...observedActions(change.observed.actions),
  ];
}

/** Returns where a change leads. */
export function portingOrderAsDesired(desired: BoundPortingOrder): unknown {
  const settings = desired.settings.map(({ path, value }) => [path, reveal(settingForm(path, value))]);
  return [
    'PortingOrder',
    desired.name,
    desired.id.id,
    desired.group?.name ?? null,
    settings.sort(byText),
    statedForms(desired.values),
    ...statedActions(desired.actions),
  ];
}

/** Returns the start of the change, as far as the manifest states it. */
function portingOrderStart({ observed, desired }: PortingOrderChange): unknown {
  const paths: SettingPath[] = [
    ...desired.settings.map(({ path }) => path),
    ...desired.values.map(({ requirement }) => requirement.id).filter(isDocumentPath),
  ];
  const settings = paths.map((path) => [path, reveal(observedSettingForm(path, observed.settings))]);
  return [observed.id, observed.status, settings.sort(byText), judgedValues(observed.requirements)];
}
