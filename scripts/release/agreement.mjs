const VERSION = /^(\d+)\.\d+\.\d+$/;
const HEADING = /^## \[(.+?)\](?: - (.*))?$/gm;

/** Where a document says which version to use. */
const MAJOR_PINS = [
  /\bregsync\/regsync@v(\d+)(?!\w|\.\d)/g,
  /\bghcr\.io\/regsync\/regsync:(\d+)(?:\.\d+\.\d+)?(?![\w-]|\.\d)/g,
  /(?<!\/)\bregsync@(\d+)(?!\w|\.\d)/g,
];

/** Of the action, in a step: a commit that is none, or a branch. */
const NO_VERSION = /\buses: regsync\/regsync@(?!v\d).*/g;
const FULL_VERSIONS = [
  /#v(\d+\.\d+\.\d+)\b/g,
  /(?<!\/)\bregsync@(\d+\.\d+\.\d+)\b/g,
  /\bregsync-(\d+\.\d+\.\d+)\.tgz\b/g,
];

/**
 * Compares all that names a version.
 *
 * @param {object} files
 * @param {string} files.manifest package.json
 * @param {string} files.lock package-lock.json
 * @param {string} files.changelog CHANGELOG.md
 * @param {Readonly<Record<string, string>>} files.documents by path: workflows, examples and texts that tell which version to use
 * @param {string | null} tag that is to be made, or that was pushed
 * @returns {readonly string[]} a sentence for each disagreement
 */
export function findDisagreements({ manifest, lock, changelog, documents }, tag = null) {
  const { version } = JSON.parse(manifest);
  const [, major] = VERSION.exec(version) ?? [];
  if (major === undefined) return [`package.json: ${version} is not a version to release, such as 1.0.0`];
  return [
    ...aboutTag(version, tag),
    ...aboutLock(version, JSON.parse(lock)),
    ...aboutChangelog(version, changelog),
    ...Object.entries(documents).flatMap(([path, text]) => aboutDocument({ version, major, path, text })),
  ];
}

function aboutTag(version, tag) {
  return tag === null || tag === `v${version}` ? [] : [`the tag is ${tag}, and package.json says ${version}`];
}

function aboutLock(version, lock) {
  const said = [lock.version, lock.packages[''].version];
  return said.every((each) => each === version)
    ? []
    : [`package-lock.json says ${[...new Set(said)].join(' and ')}, and package.json ${version}`];
}

function aboutChangelog(version, changelog) {
  const [first] = sectionsOf(changelog);
  if (first === undefined || first.name !== version)
    return [
      `CHANGELOG.md begins with ${first === undefined ? 'nothing' : `[${first.name}]`}, not with [${version}]`,
    ];
  return [
    ...(isDay(first.date)
      ? []
      : [`CHANGELOG.md: [${version}] has no day, such as "## [${version}] - 2026-01-31"`]),
    ...(first.text === '' ? [`CHANGELOG.md says nothing of ${version}`] : []),
  ];
}

function isDay(text = '') {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

function aboutDocument({ version, major, path, text }) {
  const majors = MAJOR_PINS.flatMap((pattern) => [...text.matchAll(pattern)]);
  const full = FULL_VERSIONS.flatMap((pattern) => [...text.matchAll(pattern)]);
  const wrong = [
    ...majors.filter(([, said]) => said !== major),
    ...full.filter(([, said]) => said !== version),
  ];
  const odd = [...text.matchAll(NO_VERSION)];
  return [
    ...odd.map(([words]) => `${path} says ${words}, not regsync/regsync@v${major}`),
    ...new Set(wrong.map(([words]) => `${path} says ${words}, and package.json ${version}`)),
  ];
}

/** The sections of a changelog, the newest first, without an empty [Unreleased]. */
function sectionsOf(changelog) {
  const headings = [...changelog.matchAll(HEADING)];
  return headings
    .map(({ 0: heading, 1: name, 2: date, index }, place) => ({
      name,
      date,
      text: changelog.slice(index + heading.length, headings[place + 1]?.index).trim(),
    }))
    .filter(({ name, text }) => name !== 'Unreleased' || text !== '');
}

/** What the changelog says of one version: the notes of its release. Empty where it says nothing. */
export function notesOf(changelog, version) {
  return sectionsOf(changelog).find(({ name }) => name === version)?.text ?? '';
}

/** The changelog with what is unreleased under the heading of a version. */
export function nameUnreleased(changelog, version, day) {
  return changelog.replace(/^## \[Unreleased\]$/m, `## [Unreleased]\n\n## [${version}] - ${day}`);
}
