import { describe, expect, it } from 'vitest';
import { gitlabWords } from '../../../src/cli/ci/gitlab-words.ts';
import { commentBody, isTooLarge, type Review, reviewOf } from '../../../src/cli/review/comment.ts';
import { seal } from '../../../src/forge/marker.ts';
import type { Pipeline } from '../../../src/gitlab/pipeline.ts';
import { digestOf } from '../../../src/kinds/values/fingerprint.ts';
import { COMMENT_BYTES } from '../../../src/render/markdown/plan.ts';
import { HEAD } from '../../support/action-run.ts';
import { crowd } from '../../support/markdown-plans.ts';
import { planKeys } from '../../support/plans.ts';

const WORDS = gitlabWords({
  projectUrl: 'https://gitlab.example.com/example/telephony',
  defaultBranch: 'main',
  file: '.gitlab-ci.yml',
} as Pipeline);
const FINGERPRINT = '0123456789abcdef'.repeat(4);
const GATES = [
  { gate: 'allow_replace', names: ['de-local'] },
  { gate: 'allow_delete', names: ['old one'] },
] as const;

describe('The words for a merge request', () => {
  it.each([
    [
      'how to open gates of an apply',
      WORDS.sayShut(GATES),
      'the plan needs --allow-replace (for "de-local") and --allow-delete \'old one\' (for "old one"): add it to this command',
    ],
    [
      'how to open gates of both',
      WORDS.openBoth(GATES),
      'plan and apply need --allow-replace (for "de-local") and --allow-delete \'old one\' (for "old one"): add it to both commands in .gitlab-ci.yml',
    ],
    [
      'how to open gates, in a note',
      WORDS.howToOpen(GATES),
      "To open it, add `--allow-replace` and `--allow-delete 'old one'` to the commands that plan and apply in `.gitlab-ci.yml`.",
    ],
    [
      'how to apply a refused plan',
      WORDS.applyExactly(FINGERPRINT, false),
      '<a href="https://gitlab.example.com/example/telephony/-/pipelines/new?ref=main&amp;var%5BFINGERPRINT%5D=01234567">run a pipeline</a> on `main` with the variable `FINGERPRINT` set to `01234567`.',
    ],
    [
      'how to start an apply by hand',
      WORDS.byHand('01234567'),
      'run a pipeline by hand with the variable FINGERPRINT set to 01234567',
    ],
    [
      'where a file is',
      WORDS.fileUrl('f00d', 'a.yaml'),
      'https://gitlab.example.com/example/telephony/-/blob/f00d/a.yaml',
    ],
  ])('say %s', (_, text, expected) => {
    expect(text).toBe(expected);
  });

  it('say to open a gate before a refused plan is applied', () => {
    expect(WORDS.applyExactly(FINGERPRINT, true)).toMatch(
      /^add the flag to the command that applies in `\.gitlab-ci\.yml`, and then <a /,
    );
  });
});

describe('The plan of two thousand groups', () => {
  const keys = planKeys();
  const sign = (value: unknown) => digestOf(keys, value);
  const plan = crowd(2000);
  const review: Review = {
    scope: 'acme',
    head: HEAD,
    reviewed: plan,
    fingerprint: plan.fingerprint,
    drift: null,
  };
  const pen = { place: { repository: 'gitlab:42', pull: 7 }, sign, words: WORDS };
  const text = seal(commentBody(review, pen, plan, { status: { state: 'planned' } }, []), sign);

  it('travels in a note of GitLab, whose visible part is as short as a comment of GitHub', () => {
    expect(isTooLarge(review, WORDS)).toBe(false);
    expect(isTooLarge(review, { textBytes: COMMENT_BYTES })).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(WORDS.textBytes);
    expect(Buffer.byteLength(text.split('<!-- regsync:reviewed')[0] ?? '')).toBeLessThanOrEqual(
      COMMENT_BYTES + 200,
    );
  });

  it('comes out as it went in', () => {
    const marker = { kind: 'plan', scope: 'acme', fingerprint: plan.fingerprint, head: HEAD } as const;
    expect(reviewOf({ marker, body: text }, keys, WORDS).reviewed).toEqual(plan);
  });
});
