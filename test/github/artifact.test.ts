import { describe, expect, it } from 'vitest';
import { artifactOf } from '../../src/forge/artifact.ts';
import { readArtifact } from '../../src/github/artifact.ts';
import { MemoryGitHub, REPOSITORY } from '../support/action-run.ts';
import { sha256 } from '../support/people.ts';
import { zip } from '../support/zip.ts';

const TEXT = '{"plan":1}';
const KEPT = artifactOf(TEXT);

const withArtifacts = (rows: readonly unknown[], content = TEXT) => {
  const github = new MemoryGitHub();
  return Object.assign(github, { artifacts: rows, archive: zip('plan.json', Buffer.from(content)) });
};
const row = (given: object = {}) => ({ id: 5, name: KEPT.name, expired: false, ...given });

describe('An artifact that a plan is kept in', () => {
  it('has a name of its own for each content', () => {
    expect(KEPT).toEqual({ name: `regsync-plan-${sha256(TEXT).slice(0, 16)}`, sha256: sha256(TEXT) });
  });

  it('is found by its name, and is what its digest says', async () => {
    const github = withArtifacts([row()]);
    expect(await readArtifact(github, REPOSITORY, KEPT)).toBe(TEXT);
    expect(github.asked).toEqual([
      `GET /repos/${REPOSITORY}/actions/artifacts?name=${KEPT.name}&per_page=10`,
      `GET /repos/${REPOSITORY}/actions/artifacts/5/zip`,
    ]);
  });

  it.each<[string, readonly unknown[], string]>([
    ['there is none', [], TEXT],
    ['it has expired', [row({ expired: true })], TEXT],
    ['it has another name', [row({ name: 'other' })], TEXT],
    ['it has no id', [row({ id: '5' })], TEXT],
    ['it holds something else', [row()], 'something else'],
  ])('is not there where %s', async (_, rows, content) => {
    expect(await readArtifact(withArtifacts(rows, content), REPOSITORY, KEPT)).toBeNull();
  });

  it('is not there where GitHub lists nothing', async () => {
    const github = Object.assign(withArtifacts([]), { artifacts: 'none' });
    expect(await readArtifact(github, REPOSITORY, KEPT)).toBeNull();
  });

  it('is looked for among ten of its name, of which anybody may have made some', async () => {
    const github = withArtifacts(
      Array.from({ length: 12 }, () => row()),
      'something else',
    );
    await readArtifact(github, REPOSITORY, KEPT);
    expect(github.asked).toHaveLength(11);
  });
});
