/**
 * Returns true if a key in an answer is surely a name. An API may key a mapping by a phone number or by a
 * person's name, so only keys made of common API words are repeated.
 */
export function isPlainName(name: string): boolean {
  if (name.length > 60) return false;
  // `address_2`, `customerReference`
  const words = name
    .replace(/_\d$/, '')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .split(/[_-]/);
  return words.every((word) => WORDS.has(word.toLowerCase()));
}

/** The words of the vendor's own description. */
const DESCRIBED = `
  acceptable acceptance account action activation actual additional address admin administrative alpha2 amount
  area as at auth av billing block body book borough bundle business capable carrier case characters code
  comment commenter completed configuration connection contains content count country created criteria
  customer data datetime deadline description detail details document documents effective eligible emergency
  enable end entity eq errors example expires extended fast feedback field file filename first foc group gt id
  identifier ids in include information invoice is iso key label last length limit linked loa locality
  location lt max messaging met meta min misc name neighborhood new number numbers ocn old order orders page
  pages parameter parent passcode person phone pin pointer port portability porting postal profile provider
  rating read record reference regex region regulatory remaining request requested requirement requirements
  resource result results scan sensitive service settings sha256 size source start status steps street sub
  suggested support tags tax time title total type types unit updated url used user validate value values
  version webhook
`;

/** The words of other APIs, which Telnyx may also adopt. */
const USUAL = `
  active all allowed answer any approval approved archived attributes available by can category checksum
  children choice choices class codes constraint cost currency current cursor custom date day days declined
  default deleted digest disabled download enabled error event events expiration expiry extension external
  feature features fee filter for form format free from has hash history href included index internal issue
  issued issuer items json keys kind language level links list local locale mandatory maximum md5 message mime
  minimum mobile month monthly more names national next not note notes object of offset on option optional
  options organization owner path pattern per position prev preview previous price primary priority private
  proof public quantity reason reasons received records regexp rejected relationships required reviewed
  reviewer row rows rule rules schema score secondary self sent shared sort state submitted team tenant
  timestamp timezone to toll totals upfront upload uri usage use valid validity verification verified year
  zone
`;

const OF_HEADERS = `
  accept access after age alive allow alt amz amzn api authenticate burst cache cf control cookie correlation
  credentials cross deprecation disposition dns embedder encoding endpoint envoy etag expose frame headers
  keep match methods modified nel opener origin permissions policy powered pragma prefetch protection proxy
  quota range ranges ratelimit ray referrer report reset response retry robots runtime security server set
  span strict sunset svc telnyx trace transfer transport upstream vary via warning window www x xss
`;

const WORDS: ReadonlySet<string> = new Set(`${DESCRIBED}${USUAL}${OF_HEADERS}`.trim().split(/\s+/));
