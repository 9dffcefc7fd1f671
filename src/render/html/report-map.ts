import {
  type GroupStatus,
  REVIEW_STATES,
  type ReviewState,
  type StatusReport,
} from '../../model/report/status.ts';
import { REVIEW_STATE_SIGNS } from '../words/review-state.ts';
import { count } from '../words/wording.ts';
import { type Html, html } from './html.ts';
import { countryName, figure, icon } from './report-words.ts';
import { type Region, type Tile, WORLD } from './world-map.ts';

/** Renders a tile for each country with groups, in the state of its worst group. */
export function renderMap(report: StatusReport): Html {
  const countries = countCountries(report.groups);
  const placed = new Set(WORLD.flatMap(({ tiles }) => tiles.map(({ countryCode }) => countryCode)));
  const unplaced = [...countries.keys()].filter((code) => !placed.has(code)).sort();
  const world = WORLD.map((region) => (region.name === 'Elsewhere' ? extended(region, unplaced) : region));
  const used = world.filter(({ tiles }) => tiles.some(({ countryCode }) => countries.has(countryCode)));
  return html`<section id="map">
<h2>Countries</h2>
${
  used.length === 0
    ? html`<p class="calm">No groups yet.</p>`
    : html`<p class="hint">${count(countries.size, 'country')}, each in the colour and with the sign of its worst group<span class="wide">; below it, how many of its groups are approved</span>.</p>
<div class="world">
${used.map((region) => renderRegion(region, countries))}</div>`
}
</section>`;
}

export interface Country {
  readonly code: string;
  readonly groups: readonly GroupStatus[];
  readonly worst: ReviewState;
  readonly approved: number;
}

export function countCountries(groups: readonly GroupStatus[]): ReadonlyMap<string, Country> {
  const byCode = new Map<string, GroupStatus[]>();
  for (const group of groups) {
    const others = byCode.get(group.country_code);
    if (others === undefined) byCode.set(group.country_code, [group]);
    else others.push(group);
  }
  return new Map([...byCode].map(([code, own]) => [code, describeCountry(code, own)]));
}

function describeCountry(code: string, groups: readonly GroupStatus[]): Country {
  return {
    code,
    groups,
    worst: REVIEW_STATES.find((standing) => groups.some((group) => group.standing === standing)) ?? 'unknown',
    approved: groups.filter(({ status }) => status === 'approved').length,
  };
}

/** Counts the groups by state: `2 approved, 1 needs work` */
export function reviewStatesInWords({ groups }: Country): string {
  return REVIEW_STATES.toReversed()
    .map((standing) => [groups.filter((group) => group.standing === standing).length, standing] as const)
    .filter(([number]) => number > 0)
    .map(([number, standing]) => `${figure(number)} ${REVIEW_STATE_SIGNS[standing].word}`)
    .join(', ');
}

function extended(region: Region, codes: readonly string[]): Region {
  const more = codes.map((countryCode, index) => ({
    countryCode,
    landmark: false,
    column: (index % region.columns) + 1,
    row: region.rows + 1 + Math.floor(index / region.columns),
  }));
  return { ...region, tiles: [...region.tiles, ...more] };
}

function renderRegion(region: Region, countries: ReadonlyMap<string, Country>): Html {
  const { columns, tiles } = cropped(region, countries);
  const own = tiles.filter(({ countryCode }) => countries.has(countryCode));
  const others = tiles.filter(({ countryCode, landmark }) => landmark && !countries.has(countryCode));
  return html`<figure class="region columns-${columns}">
<figcaption>${region.name}</figcaption>
<ul>
${own.map((tile) => renderTile(tile, countries.get(tile.countryCode)))}${others.map(renderBlank)}</ul>
</figure>
`;
}

/** The number of tiles shown around those with groups, for orientation. */
const MARGIN = 2;

function cropped(region: Region, countries: ReadonlyMap<string, Country>): Pick<Region, 'columns' | 'tiles'> {
  const own = region.tiles.filter(({ countryCode }) => countries.has(countryCode));
  const [left, right] = around(own.map(({ column }) => column));
  const [top, bottom] = around(own.map(({ row }) => row));
  const tiles = region.tiles
    .filter(({ column, row }) => column >= left && column <= right && row >= top && row <= bottom)
    .map((tile) => ({ ...tile, column: tile.column - left + 1, row: tile.row - top + 1 }));
  return { columns: Math.max(...tiles.map(({ column }) => column)), tiles };
}

function around(places: readonly number[]): readonly [number, number] {
  return [Math.max(1, Math.min(...places) - MARGIN), Math.max(...places) + MARGIN];
}

function renderTile({ countryCode, column, row }: Tile, country: Country | undefined): Html {
  if (country === undefined) return html``;
  // The label begins with the text in the tile, because users of voice control say what they see.
  const seen = `${countryCode} ${country.approved}/${country.groups.length}`;
  const label = `${seen}, ${countryName(countryCode)}: ${reviewStatesInWords(country)}`;
  return html`<li class="x${column} y${row}"><a class="tile is-${country.worst}" href="#country-${countryCode}" title="${label}" aria-label="${label}"><b>${countryCode}</b> ${icon(country.worst)} <span>${country.approved}/${country.groups.length}</span></a></li>
`;
}

/** Renders a country without groups, for orientation. Screen readers skip it. */
function renderBlank({ countryCode, column, row }: Tile): Html {
  return html`<li class="x${column} y${row} blank" aria-hidden="true">${countryCode}</li>
`;
}
