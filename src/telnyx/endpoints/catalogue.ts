import type { Combination } from '../../model/resource.ts';
import type { ReadClient } from '../client.ts';
import { decodeRegulatory, decodeRequirementSet } from '../decode/catalogue.ts';
import { ApiRow } from '../fields.ts';
import type { RegulatoryRow, RequirementSetRow } from '../types.ts';
import { getRow, listRows } from './rows.ts';

/**
 * Lists all sets of a country. The type filter is not sent, because its enumeration lacks `mobile` and
 * `shared_cost`.
 */
export async function listRequirementSets(
  client: ReadClient,
  countryCode: string,
): Promise<readonly RequirementSetRow[]> {
  const query = { 'filter[country_code]': countryCode };
  const rows = await listRows(client, '/requirements', query, decodeRequirementSet);
  return rows.filter((row) => row.countryCode === countryCode);
}

/**
 * Lists the sets of a country in one version, by its number. A scheduled version is shown only if it is asked
 * for (inferred from the description of `version`). The answer for a version that does not exist is not
 * documented.
 */
export async function listRequirementSetsOfVersion(
  client: ReadClient,
  countryCode: string,
  version: number,
): Promise<readonly RequirementSetRow[]> {
  const query = { 'filter[country_code]': countryCode, version: String(version) };
  const rows = await listRows(client, '/requirements', query, decodeRequirementSet);
  return rows.filter((row) => row.countryCode === countryCode && row.version === version);
}

/** Reads the requirements of a combination. The endpoint declares neither paging nor `meta` (documented). */
export async function getRegulatoryRequirements(
  client: ReadClient,
  combination: Combination,
): Promise<readonly RegulatoryRow[]> {
  const query = {
    'filter[country_code]': combination.countryCode,
    'filter[phone_number_type]': combination.phoneNumberType,
    'filter[action]': combination.action,
  };
  return getRow(client, '/regulatory_requirements', {}, query, (rows) =>
    new ApiRow({ data: rows }).requireRows('data', decodeRegulatory),
  );
}
