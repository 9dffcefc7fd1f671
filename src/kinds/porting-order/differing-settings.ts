import type { DesiredPortingSetting, ObservedSettings, SettingWrite } from '../../model/porting.ts';
import { observedSettingForm, settingForm } from '../../model/porting-form.ts';

/**
 * Returns the stated settings that differ from the order's. Settings that the manifest leaves out are not
 * compared. A setting that the order does not show counts as unset.
 */
export function differingSettings(
  settings: readonly DesiredPortingSetting[],
  observed: ObservedSettings,
): SettingWrite[] {
  return settings
    .map((setting) => ({
      ...setting,
      before: observedSettingForm(setting.path, observed),
      after: settingForm(setting.path, setting.value),
    }))
    .filter(({ before, after }) => !before.equals(after));
}
