/**
 * The world as tiles, one for each country near its real place, drawn by hand and not to scale. Small places
 * are in lower case, and are shown only if they have groups.
 */
export interface Region {
  readonly name: string;
  readonly columns: number;
  readonly rows: number;
  readonly tiles: readonly Tile[];
}

export interface Tile {
  readonly countryCode: string;
  /** True if the tile is also shown without groups. */
  readonly landmark: boolean;
  /** The column, from 1. */
  readonly column: number;
  readonly row: number;
}

const AMERICAS = `
  CA .. .. .. .. .. gl ..
  US .. .. .. .. bm pm ..
  MX .. .. bs tc .. .. ..
  GT BZ CU HT DO PR vg ai
  SV HN JM ky vi sx mf bl
  NI CR PA aw cw bq kn ag
  .. CO VE tt gd vc ms gp
  EC PE BR GY SR gf bb dm
  .. BO PY .. .. .. lc mq
  CL AR UY .. .. .. .. ..
  .. fk .. gs .. .. .. ..
`;

const EUROPE = `
  IS fo .. sj NO SE FI ax .. RU
  .. .. .. .. .. .. .. EE .. ..
  IE GB im .. DK .. .. LV .. ..
  .. je gg NL .. PL LT BY .. ..
  .. .. BE LU DE CZ SK UA MD ..
  .. FR li CH AT HU RO .. .. ..
  .. mc .. SI HR RS BG GE AM AZ
  PT ES ad IT sm BA ME MK TR ..
  gi .. .. va MT AL GR CY .. ..
`;

const AFRICA_AND_MIDDLE_EAST = `
  .. MA DZ TN LY EG PS IL LB SY
  eh MR ML NE TD SD .. JO IQ IR
  CV SN BF NG CM ER SA KW .. ..
  GM GW GH BJ CF SS YE BH QA ..
  GN SL CI TG GQ ET DJ AE OM ..
  .. LR st GA CG UG KE SO .. ..
  sh .. .. .. CD RW TZ sc .. ..
  .. .. .. AO ZM BI MW km yt ..
  .. .. .. NA BW ZW MZ MG mu ..
  .. .. .. .. ZA LS SZ re .. ..
`;

const ASIA_AND_OCEANIA = `
  KZ KG .. MN .. .. KP .. .. ..
  UZ TJ .. .. .. .. KR JP .. ..
  TM AF PK NP BT CN .. TW .. ..
  .. .. IN BD MM LA HK mo .. ..
  .. mv LK TH KH VN PH gu mp ..
  io .. MY SG BN .. .. pw fm mh
  cx cc ID TL PG sb nr ki tv tk
  .. .. .. .. AU nc vu fj wf ws
  .. .. .. nf NZ to nu ck pf as
`;

/** The places that are far from all others. */
const ELSEWHERE = 'aq bv hm pn tf um';

export const WORLD: readonly Region[] = [
  readRegion('Americas', AMERICAS),
  readRegion('Europe', EUROPE),
  readRegion('Africa and Middle East', AFRICA_AND_MIDDLE_EAST),
  readRegion('Asia and Oceania', ASIA_AND_OCEANIA),
  readRegion('Elsewhere', ELSEWHERE),
];

function readRegion(name: string, picture: string): Region {
  const rows = picture
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '));
  const tiles = rows.flatMap((codes, row) =>
    codes.flatMap((code, column) => {
      const countryCode = code.toUpperCase();
      const tile = { countryCode, landmark: code === countryCode, column: column + 1, row: row + 1 };
      return code === '..' ? [] : [tile];
    }),
  );
  return { name, columns: Math.max(...rows.map((codes) => codes.length)), rows: rows.length, tiles };
}
