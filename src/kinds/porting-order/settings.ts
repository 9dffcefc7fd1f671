import { Fault } from '../../manifest/fault.ts';
import { locate, type Origin, type Path } from '../../manifest/manifest.ts';
import type { PortingOrderFields, TextSource } from '../../model/fields.ts';
import {
  type DesiredPortingSetting,
  isDocumentPath,
  ruleOf,
  SETTING_PATHS,
  type SettingPath,
  type SettingValue,
} from '../../model/orders/porting.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import type { DesiredContent } from '../../model/resource.ts';
import { isDate } from '../../model/text/normal-text.ts';

/**
 * Returns the settings that a manifest states beside its values and documents, in the order of the API's
 * description.
 */
export function resolveSettings(
  { fields, origin }: { readonly fields: PortingOrderFields; readonly origin: Origin },
  context: {
    readonly readText: (source: TextSource, path: Path) => DesiredContent | null;
    readonly report: (path: Path, fault: Fault) => void;
  },
): DesiredPortingSetting[] {
  checkOwners(fields, context.report);
  checkMisc(fields, context.report);
  return statedSettings(fields).flatMap(({ path, steps, written }) => {
    if (written === null && locate(origin.node, steps).node.isEmpty) {
      context.report(steps, blank(steps));
      return [];
    }
    if (ruleOf(path).type === 'date' && typeof written === 'string' && !isDate(written)) {
      context.report(steps, NO_DAY);
      return [];
    }
    const value = readValue(path, written, (source) => context.readText(source, steps));
    return value === undefined ? [] : [{ path, value, source: origin.position(steps) }];
  });
}

/** Returns the settings whose texts are outside of the manifest, with their paths. */
export function textSourcesOf(
  fields: PortingOrderFields,
): { readonly path: Path; readonly source: TextSource }[] {
  return statedSettings(fields).flatMap(({ steps, written }) =>
    isTextSource(written) ? [{ path: steps, source: written }] : [],
  );
}

type Written = string | boolean | number | readonly string[] | TextSource | null;

interface StatedSetting {
  readonly path: SettingPath;
  readonly steps: readonly string[];
  readonly written: Written;
}

/** Returns a document only if it is to be cleared, because other documents are contents. */
function statedSettings(fields: PortingOrderFields): StatedSetting[] {
  return SETTING_PATHS.flatMap((path) => {
    const steps = path.split('.');
    const written = steps.reduce<unknown>(
      (node, step) => (typeof node === 'object' && node !== null ? (node as Tree)[step] : undefined),
      fields,
    );
    if (written === undefined || (isDocumentPath(path) && written !== null)) return [];
    if (ruleOf(path).type === 'mapping' && written !== null) return [];
    return [{ path, steps, written: written as Written }];
  });
}

type Tree = Readonly<Record<string, unknown>>;

function isTextSource(written: Written): written is TextSource {
  return typeof written === 'object' && written !== null && !Array.isArray(written);
}

/** Returns undefined for a text that was left unread, or that has a problem. */
function readValue(
  path: SettingPath,
  written: Written,
  readText: (source: TextSource) => DesiredContent | null,
): SettingValue | undefined {
  if (isTextSource(written)) {
    const content = readText(written);
    return content?.kind === 'text' ? content.text : undefined;
  }
  // Telnyx never has null for a list (described).
  if (written === null) return ruleOf(path).type === 'list' ? [] : null;
  if (typeof written === 'string') return new Sensitive(written);
  return typeof written === 'object' ? written.map((text) => new Sensitive(text)) : written;
}

/** ---- Checks that the schema cannot express ---- */

/** Reports a key without a value: `pin_passcode:` is more likely unfinished than meant to clear. */
function blank(steps: readonly string[]): Fault {
  const hint = 'Write a value, remove the key to keep the value of the order, or write null to clear it.';
  return new Fault('empty-value', `"${steps.at(-1)}" has no value`, hint);
}

const NO_DAY = new Fault(
  'invalid-value',
  '"foc_datetime_requested" is not a day of the calendar',
  'Write a day that exists, such as 2027-01-31T09:00:00Z.',
);

/** Refuses two owners of a value, as for "requirements". */
function checkOwners(fields: PortingOrderFields, report: (path: Path, fault: Fault) => void): void {
  const stated = Object.values(fields.documents ?? {});
  if (fields.requirement_group !== undefined && stated.length > 0) report(['documents'], TWO_OWNERS);
}

const TWO_OWNERS = new Fault(
  'conflicting-values',
  '"requirement_group" and "documents" exclude each other',
  'Keep one of the two, and delete the other.',
);

/** Checks two rules that are described. */
function checkMisc({ misc }: PortingOrderFields, report: (path: Path, fault: Fault) => void): void {
  if (misc === undefined || misc === null) return;
  const others = ['remaining_numbers_action', 'new_billing_phone_number'] as const;
  for (const key of misc.type === 'full' ? others : []) {
    if (misc[key] === undefined || misc[key] === null) continue;
    const message = `a full port moves all numbers, so "${key}" has no effect`;
    report(
      ['misc', key],
      new Fault('conflicting-values', message, 'Delete this line, or write "type: partial".'),
    );
  }
  if (misc.remaining_numbers_action !== 'keep' || typeof misc.new_billing_phone_number === 'string') return;
  const message = 'to keep the remaining numbers, add "new_billing_phone_number" with one of them';
  report(['misc', 'remaining_numbers_action'], new Fault('missing-key', message));
}
