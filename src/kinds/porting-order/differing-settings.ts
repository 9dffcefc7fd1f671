import type { DesiredPortingSetting, ObservedSettings, SettingWrite } from '../../model/porting.ts';
import { observedSettingForm, settingForm } from '../../model/porting-form.ts';

/**
 * Of what a manifest states, what differs from what the order holds. What it leaves out is not looked at. An order that
 * does not show a setting is taken to have none there.
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
