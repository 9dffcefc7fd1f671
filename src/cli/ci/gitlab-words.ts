import type { Pipeline } from '../../gitlab/pipeline.ts';
import { gateWords } from '../../model/plan/gates.ts';
import { code, link, short } from '../../render/markdown/markdown.ts';
import { neededFlags, shutOnCommandLine } from '../apply/shut-gates.ts';
import type { ForgeWords } from '../review/forge-words.ts';
import { inShell } from '../session/again.ts';

/** A bound below the 1,000,000 characters that GitLab takes (documented). */
const NOTE_BYTES = 900_000;

/** The variables that may hold the token. The first one that is set counts. */
export const TOKEN_VARIABLES = ['REGSYNC_GITLAB_TOKEN', 'GITLAB_TOKEN'] as const;

/** The words of a merge request speak of flags and variables. */
export function gitlabWords({ projectUrl, defaultBranch, file }: Pipeline): ForgeWords {
  return {
    forge: 'GitLab',
    request: 'merge request',
    sign: '!',
    note: 'note',
    textBytes: NOTE_BYTES,
    noToken:
      'the GitLab token is missing. Set the variable REGSYNC_GITLAB_TOKEN to an access token with the scope api',
    otherAuthor: 'give plan and apply the same token, or the next run does not find this note again',
    sameJob: 'give apply the same --config, --account, --shard, --target and paths as the job that plans',
    byHand: (fingerprint) => `run a pipeline by hand with the variable FINGERPRINT set to ${fingerprint}`,
    driftUnknown:
      '<sub>regsync could not plan the commit before this merge request, so this plan does not show which differences existed ' +
      'before. Use an image with Git for the job, and set `GIT_DEPTH: 0`.</sub>',
    fileUrl: (sha, path) => `${projectUrl}/-/blob/${sha}/${path}`,
    sayShut: shutOnCommandLine,
    openBoth: (gates) => `plan and apply need ${neededFlags(gates)}: add it to both commands in ${file}`,
    howToOpen: (gates) =>
      `To open it, add ${gates.map(({ gate, names }) => code(inShell(gateWords(gate, names)))).join(' and ')} to the commands that plan and apply in ${code(file)}.`,
    applyExactly: (fingerprint, isShut) => {
      const start = shortOf(fingerprint);
      const query = `ref=${encodeURIComponent(defaultBranch)}&var[FINGERPRINT]=${start}`;
      const first = isShut ? `add the flag to the command that applies in ${code(file)}, and then ` : '';
      const pipeline = link('run a pipeline', `${projectUrl}/-/pipelines/new?${query}`);
      return `${first}${pipeline} on ${code(defaultBranch)} with the variable ${code('FINGERPRINT')} set to ${short(fingerprint, 8)}.`;
    },
    // Messages speak of flags and variables, which a pipeline of GitLab has.
    withSteps: (plan) => plan,
    tooLarge: () =>
      '<sub>This plan is too large for this note, so apply can only compare fingerprints: if it stops half-way, you have to ' +
      'review the rest again. To make smaller plans, divide the groups among several jobs with `--shard`.</sub>',
  };
}

function shortOf(fingerprint: string): string {
  return fingerprint.slice(0, 8);
}
