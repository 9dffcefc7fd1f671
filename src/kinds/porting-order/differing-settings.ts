import type {
  DesiredPortingSetting,
  ObservedSettings,
  SettingPath,
  SettingWrite,
} from '../../model/orders/porting.ts';
import {
  holdsSetting,
  isHidden,
  isMasked,
  observedSettingForm,
  settingForm,
} from '../../model/orders/porting-form.ts';

/**
 * What the change brings of an order, as far as it is known: the stated settings that its manifest did not state
 * before. Undefined if nothing is known.
 */
export type RestatedSettings = ReadonlySet<SettingPath> | undefined;

/**
 * Returns the stated settings that differ from the order's. Settings that the manifest leaves out are not
 * compared. A setting that the order does not show counts as unset.
 *
 * A text behind a mask is equal unless the change brings it. A PIN that the order does not show is unset, unless
 * the manifest has stated it before the change: otherwise it would differ for ever where Telnyx never shows one.
 */
export function differingSettings(
  settings: readonly DesiredPortingSetting[],
  observed: ObservedSettings,
  restated?: RestatedSettings,
): SettingWrite[] {
  return settings
    .filter(({ path, value }) => {
      if (isMasked(path, value, observed)) return restated?.has(path) === true;
      if (isHidden(path, value, observed)) return restated?.has(path) !== false;
      return !holdsSetting(path, value, observed);
    })
    .map((setting) => asWrite(setting, observed));
}

/**
 * Returns the stated settings that count as equal although the order does not show them, or shows a mask. They
 * are written again only with something else that differs.
 */
export function maskedSettings(
  settings: readonly DesiredPortingSetting[],
  observed: ObservedSettings,
  restated?: RestatedSettings,
): SettingWrite[] {
  const differing = new Set(differingSettings(settings, observed, restated).map(({ path }) => path));
  return settings
    .filter(({ path, value }) => isMasked(path, value, observed) || isHidden(path, value, observed))
    .filter(({ path }) => !differing.has(path))
    .map((setting) => asWrite(setting, observed));
}

function asWrite(setting: DesiredPortingSetting, observed: ObservedSettings): SettingWrite {
  const { path, value } = setting;
  return { ...setting, before: observedSettingForm(path, observed), after: settingForm(path, value) };
}
