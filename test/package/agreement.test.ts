import { describe, expect, it } from 'vitest';
import {
  findDisagreements,
  nameUnreleased,
  notesOf,
  type ReleaseFiles,
} from '../../scripts/release/agreement.mjs';

const CHANGELOG = `# Changelog

Format: [Keep a Changelog].

## [Unreleased]

## [1.2.0] - 2027-01-31

### Added

- More.

## [1.1.0] - 2026-12-31

- Less.
`;

const AGREED: ReleaseFiles = {
  manifest: '{ "version": "1.2.0" }',
  lock: '{ "version": "1.2.0", "packages": { "": { "version": "1.2.0" } } }',
  changelog: CHANGELOG,
  documents: {
    'examples/github/regsync-plan.yml':
      '# regsync/regsync@<its 40 digits> # v1\n- uses: regsync/regsync@v1\n',
    'docs/install.md':
      'npm install --global regsync@1, git+https://example.com/r.git#v1.2.0, ghcr.io/regsync/regsync:1.2.0',
  },
};

describe('a release', () => {
  it.each([null, 'v1.2.0'])('is possible where all that names its version agrees: tag %s', (tag) => {
    expect(findDisagreements(AGREED, tag)).toEqual([]);
  });

  it.each<[string, Partial<ReleaseFiles>, string | null, readonly string[]]>([
    [
      'package.json is not released as such',
      { manifest: '{ "version": "1.2.0-beta.1" }' },
      null,
      ['package.json: 1.2.0-beta.1 is not a version to release, such as 1.0.0'],
    ],
    ['the tag is another', {}, 'v1.2.1', ['the tag is v1.2.1, and package.json says 1.2.0']],
    ['the tag has no v', {}, '1.2.0', ['the tag is 1.2.0, and package.json says 1.2.0']],
    [
      'the lock file is of another version',
      { lock: '{ "version": "1.1.0", "packages": { "": { "version": "1.1.0" } } }' },
      null,
      ['package-lock.json says 1.1.0, and package.json 1.2.0'],
    ],
    [
      'one half of the lock file is of another version',
      { lock: '{ "version": "1.2.0", "packages": { "": { "version": "1.1.0" } } }' },
      null,
      ['package-lock.json says 1.2.0 and 1.1.0, and package.json 1.2.0'],
    ],
    [
      'the changelog is of another version',
      { changelog: CHANGELOG.replace('1.2.0', '1.3.0') },
      null,
      ['CHANGELOG.md begins with [1.3.0], not with [1.2.0]'],
    ],
    [
      'the changelog has something that is not released',
      { changelog: CHANGELOG.replace('## [Unreleased]\n', '## [Unreleased]\n\n- Much more.\n') },
      null,
      ['CHANGELOG.md begins with [Unreleased], not with [1.2.0]'],
    ],
    [
      'the changelog is empty',
      { changelog: '# Changelog\n' },
      null,
      ['CHANGELOG.md begins with nothing, not with [1.2.0]'],
    ],
    ...[' - 2027-02-30', ' - soon', ''].map(
      (day): [string, Partial<ReleaseFiles>, null, readonly string[]] => [
        `the changelog has the day "${day}"`,
        { changelog: CHANGELOG.replace(' - 2027-01-31', day) },
        null,
        ['CHANGELOG.md: [1.2.0] has no day, such as "## [1.2.0] - 2026-01-31"'],
      ],
    ),
    [
      'the changelog says nothing of it',
      { changelog: CHANGELOG.replace('### Added\n\n- More.\n', '') },
      null,
      ['CHANGELOG.md says nothing of 1.2.0'],
    ],
    [
      'what init writes uses another major version',
      { documents: { 'examples/github/regsync-plan.yml': '- uses: regsync/regsync@v2\n' } },
      null,
      ['examples/github/regsync-plan.yml says regsync/regsync@v2, and package.json 1.2.0'],
    ],
    ...['0000000000000000000000000000000000000000 # v1', 'main'].map(
      (pin): [string, Partial<ReleaseFiles>, null, readonly string[]] => [
        `an example uses ${pin}`,
        { documents: { 'examples/x.yml': `- uses: regsync/regsync@${pin}\n` } },
        null,
        [`examples/x.yml says uses: regsync/regsync@${pin}, not regsync/regsync@v1`],
      ],
    ),
    ...['regsync@2', 'regsync@1.1.0', 'ghcr.io/regsync/regsync:2', 'r.git#v1.1.0', 'regsync-1.1.0.tgz'].map(
      (words): [string, Partial<ReleaseFiles>, null, readonly string[]] => [
        `a document says ${words}`,
        { documents: { 'docs/install.md': `Use ${words}.` } },
        null,
        [`docs/install.md says ${words.replace('r.git', '')}, and package.json 1.2.0`],
      ],
    ),
  ])('is not possible where %s', (_, files, tag, disagreements) => {
    expect(findDisagreements({ ...AGREED, ...files }, tag)).toEqual(disagreements);
  });

  it('has the notes that the changelog gives its version', () => {
    expect(notesOf(CHANGELOG, '1.2.0')).toBe('### Added\n\n- More.');
    expect(notesOf(CHANGELOG, '1.1.0')).toBe('- Less.');
    expect(notesOf(CHANGELOG, '1.0.0')).toBe('');
  });

  it('takes over what was unreleased, and leaves the heading for what comes next', () => {
    const before = '# Changelog\n\n## [Unreleased]\n\n- More.\n';
    const after = '# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2027-01-31\n\n- More.\n';
    expect(nameUnreleased(before, '1.2.0', '2027-01-31')).toBe(after);
  });
});
