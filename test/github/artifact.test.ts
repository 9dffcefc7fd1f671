import { describe, expect, it } from 'vitest';
import { artifactOf } from '../../src/forge/artifact.ts';
import { readArtifact } from '../../src/github/artifact.ts';
import { MemoryGitHub, REPOSITORY } from '../support/action-run.ts';
import { sha256 } from '../support/age-keys.ts';
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
      `GET /repos/${REPOSITORY}/actions/artifacts?name=${KEPT.name}&per_page=100&page=1`,
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

  const of = (from: number) => ({ workflow_run: { repository_id: 7, head_repository_id: from } });

  it('is not hidden by those that forks keep under its name', async () => {
    const fakes = Array.from({ length: 60 }, (_, id) => row({ id: 100 + id, ...of(8) }));
    const github = withArtifacts([...fakes, row(of(7))]);
    expect(await readArtifact(github, REPOSITORY, KEPT)).toBe(TEXT);
    expect(github.asked).toHaveLength(2);
  });

  it('is taken from the repository itself before any whose origin is unknown', async () => {
    const github = withArtifacts([row({ id: 4 }), row({ id: 5, ...of(7) })]);
    await readArtifact(github, REPOSITORY, KEPT);
    expect(github.asked[1]).toContain('/actions/artifacts/5/zip');
  });

  it('is looked for on ten pages, and thirty of its name are tried', async () => {
    const github = withArtifacts(
      Array.from({ length: 100 }, () => row()),
      'something else',
    );
    await readArtifact(github, REPOSITORY, KEPT);
    expect(github.asked).toHaveLength(10 + 30);
  });
});
