import { managedRoomOf } from '../kinds/index.ts';
import { type ValueWrite, writesValues } from '../model/plan/change.ts';
import type { Decisions } from '../model/plan/decisions.ts';
import { reveal, type Sensitive } from '../model/privacy/sensitive.ts';
import { type PlainValue, type PlainValues, valueKey } from '../model/text/plain-values.ts';

export function plainValuesOf(decisions: Decisions): PlainValues {
  const values = new Map<string, PlainValue>();
  for (const change of decisions.changes) {
    if (!writesValues(change)) continue;
    for (const write of change.writes) values.set(valueKey(change, write.requirementId), plainValue(write));
    for (const { name, before, after } of managedRoomOf(change).plainSettings(change))
      values.set(valueKey(change, name), {
        before: settingText(before),
        after: settingText(after) ?? 'cleared',
      });
  }
  return values;
}

function plainValue({ value, before, after }: ValueWrite): PlainValue {
  const observed = before === null ? null : withoutKind(reveal(before));
  switch (value.kind) {
    case 'text':
    case 'remote':
      return { before: observed, after: withoutKind(reveal(after)) };
    case 'document':
      return { before: observed, after: `sha256 ${value.document.sha256}` };
    case 'address':
      return { before: observed, after: [...value.address.fields.values()].map(reveal).join(', ') };
    default:
      return value satisfies never;
  }
}

function settingText(form: Sensitive): string | null {
  return form.isEmpty ? null : withoutKind(reveal(form));
}

/** Normal forms begin with their kind: `text:…`, `document:…`. */
function withoutKind(form: string): string {
  return form.slice(form.indexOf(':') + 1);
}
