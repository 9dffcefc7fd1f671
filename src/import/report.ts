import type { ObservedGroup } from '../model/observed.ts';
import type { ImportReport, LeftCode, LiveGroup } from '../model/report/import.ts';
import type { ComposedGroup } from './composition.ts';
import type { GeneratedManifest } from './generate-manifests.ts';
import type { Left } from './select.ts';

/** The codes of groups without an error: they need no manifest, or do not belong to this repository. */
const SKIPPED: ReadonlySet<LeftCode> = new Set([
  'covered',
  'no-longer-eligible',
  'other-scope',
  'filtered-out',
]);

export function reportImport(
  groups: readonly ComposedGroup[],
  left: readonly Left[],
  { files, live }: Pick<ImportReport, 'files' | 'live'>,
): ImportReport {
  const rows = left.map(({ group, code, message }) => ({ ...describeGroup(group), code, message }));
  return {
    imported: groups.map(({ name, path, manifest }) => ({
      name,
      file: path,
      ...describeGroup(manifest.group),
      notes: notesOf(manifest),
      orders: manifest.orders.map(({ kind, id, status, phoneNumbersCount }) => ({
        kind,
        id,
        status,
        phone_numbers: phoneNumbersCount,
      })),
    })),
    skipped: rows.filter(({ code }) => SKIPPED.has(code)),
    failed: rows.filter(({ code }) => !SKIPPED.has(code)),
    files,
    live,
  };
}

function describeGroup({ id, reference, combination, status }: ObservedGroup): LiveGroup {
  return {
    id,
    customer_reference: reference,
    country_code: combination.countryCode,
    phone_number_type: combination.phoneNumberType,
    action: combination.action,
    status,
  };
}

/** Returns the notes that the manifest also contains. */
function notesOf({ values, gaps, holdsBack, orderNotes }: GeneratedManifest): string[] {
  const missing = gaps.map(({ requirement, why }) => `${requirement.name}: ${why}`);
  const lesser = values.flatMap(({ requirement, note }) =>
    note === null ? [] : [`${requirement.name}: ${note}`],
  );
  const held = holdsBack ? ['never submitted: `approval: none` keeps it so'] : [];
  return [...missing, ...lesser, ...held, ...orderNotes];
}
