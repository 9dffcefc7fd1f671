import type { DesiredPortingSetting, ObservedSettings, SettingWrite } from '../../model/porting.ts';
import { holdsSetting, isMasked, observedSettingForm, settingForm } from '../../model/porting-form.ts';

/**
 * Returns the stated settings that differ from the order's. Settings that the manifest leaves out are not
 * compared. A setting that the order does not show counts as unset.
 */
export function differingSettings(
  settings: readonly DesiredPortingSetting[],
  observed: ObservedSettings,
): SettingWrite[] {
  return settings
    .filter(({ path, value }) => !holdsSetting(path, value, observed))
    .map((setting) => asWrite(setting, observed));
}

/**
 * Returns the stated settings that the order shows as a mask. They count as equal, and are written again only
 * with something else that differs.
 */
export function maskedSettings(
  settings: readonly DesiredPortingSetting[],
  observed: ObservedSettings,
): SettingWrite[] {
  return settings
    .filter(({ path, value }) => isMasked(path, value, observed))
    .map((setting) => asWrite(setting, observed));
}

function asWrite(setting: DesiredPortingSetting, observed: ObservedSettings): SettingWrite {
  const { path, value } = setting;
  return { ...setting, before: observedSettingForm(path, observed), after: settingForm(path, value) };
}
