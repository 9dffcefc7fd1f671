import { type ImportSelection, selectGroups, type Wanted } from '../../import/select.ts';
import { explainCountry } from '../../manifest/mistakes/countries.ts';
import { validateAddress } from '../../manifest/validators.js';
import { InvalidInputError, RefusedError } from '../../model/errors.ts';
import { sortProblems } from '../../model/problem.ts';
import type { Desired } from '../../model/resource.ts';
import { type Account, observeAccount } from '../../observe/account.ts';
import { refuseProblems } from '../session/project.ts';

export interface ImportFilters {
  readonly country?: string;
  readonly type?: string;
  readonly action?: string;
  readonly status?: string;
  readonly reference?: string;
}

/** @throws InvalidInputError for a filter that cannot match any group. */
export function readWanted(ids: readonly string[], filters: ImportFilters): Wanted {
  const wrong = ids.filter((id) => !GROUP_ID.test(id));
  if (wrong.length > 0) {
    throw new InvalidInputError(
      `${wrong.join(', ')} is not an id: ids of groups are UUIDs. To choose by customer_reference, use --reference PREFIX`,
    );
  }
  return {
    ids: ids.length === 0 ? null : new Set(ids.map((id) => id.toLowerCase())),
    countryCode: filters.country === undefined ? null : readCountry(filters.country),
    phoneNumberType: filters.type ?? null,
    action: filters.action ?? null,
    status: filters.status?.replaceAll(' ', '-') ?? null,
    referencePrefix: filters.reference ?? null,
  };
}

const GROUP_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns the country code. Throws if no manifest can have it, because it would select nothing. */
function readCountry(written: string): string {
  const code = written.toUpperCase();
  if (validateAddress({ ...SAMPLE_ADDRESS, country_code: code })) return code;
  const { message, hint } = explainCountry(written, []);
  throw new InvalidInputError(`--country: ${message}. ${hint ?? 'Write it like DE.'}`);
}

const SAMPLE_ADDRESS = {
  apiVersion: 'regsync/v1',
  kind: 'Address',
  name: 'x',
  business_name: 'x',
  street_address: 'x',
  locality: 'x',
};

/**
 * Returns the groups to import. Leaves out those that belong to a manifest, and throws if the manifests have
 * a problem.
 */
export function selectFrom(account: Account, wanted: Wanted, desired: Desired): ImportSelection {
  const { observed, problems, refusals } = observeAccount(account, desired);
  refuseProblems(sortProblems(problems));
  if (refusals.length > 0) {
    throw new RefusedError(refusals.map((refusal) => refusal.message).join('; '), sortProblems(refusals));
  }
  const live = new Set<string>(account.groups.map(({ id }) => id));
  const absent = [...(wanted.ids ?? [])].filter((id) => !live.has(id));
  if (absent.length > 0)
    throw new InvalidInputError(
      `Telnyx has no requirement group ${absent.join(', ')}; regsync wrote nothing`,
    );
  return selectGroups(wanted, account.groups, { desired, matches: observed.RequirementGroup });
}
