import { neededInputs } from '../cli/apply/shut-gates.ts';
import type { ForgeWords } from '../cli/review/forge-words.ts';
import type { Workflow } from '../github/events.ts';
import { gateInput } from '../model/plan/gates.ts';
import { code, link, short } from '../render/markdown/markdown.ts';
import { COMMENT_BYTES } from '../render/markdown/plan.ts';
import { planInWorkflowWords } from './workflow-words.ts';

/** The words of a pull request speak of inputs and workflow files, because nobody types flags there. */
export function githubWords(workflow: Pick<Workflow, 'file' | 'serverUrl' | 'repository'>): ForgeWords {
  const { file, serverUrl, repository } = workflow;
  const whereToOpen = `set it for the step that applies, in ${file ?? 'its workflow file'}`;
  return {
    forge: 'GitHub',
    request: 'pull request',
    sign: '#',
    note: 'comment',
    textBytes: COMMENT_BYTES,
    noToken: 'the input github-token is empty',
    otherAuthor:
      'set the input comment-author to that name, or the next run does not find this comment again',
    sameJob:
      'give apply the same working-directory, config, account, shard, manifests, target and exclude as the job that plans',
    byHand: (fingerprint) =>
      `start this workflow by hand ("Run workflow") with the fingerprint ${fingerprint}`,
    driftUnknown: DRIFT_UNKNOWN,
    fileUrl: (sha, path) => `${serverUrl}/${repository}/blob/${sha}/${path}`,
    sayShut: (gates) =>
      `the plan needs the input ${neededInputs(gates)}, and this apply does not have it: ${whereToOpen}`,
    openBoth: (gates) => `plan and apply need the input ${neededInputs(gates)}: ${whereToOpen}`,
    howToOpen: (gates) =>
      `To open it, set the input ${gates.map(({ gate, names }) => code(gateInput(gate, names))).join(' and ')} for the step that plans (in ${file === null ? 'this workflow' : code(file)}) and for the step that applies.`,
    applyExactly: (fingerprint, isShut) => {
      const first = isShut ? `${whereToOpen}; then start` : 'start';
      const byHand = link('the workflow by hand', workflowUrl(workflow));
      return `${first} ${byHand} ("Run workflow") with the fingerprint ${short(fingerprint, 8)}.`;
    },
    withSteps: planInWorkflowWords,
    tooLarge: ({ name }) =>
      `<sub>This plan is too large for this comment. In this workflow, upload the output plan-file as the artifact ${code(name)} ` +
      '(output plan-artifact), and give the job that applies the permission "actions: read". ' +
      'Otherwise apply can only compare fingerprints: if it stops half-way, you have to review the rest again.</sub>',
  };
}

const DRIFT_UNKNOWN =
  '<sub>regsync could not plan the base branch, so this plan does not show which differences existed before this pull ' +
  'request. Give actions/checkout `fetch-depth: 2`.</sub>';

/** Returns the URL of the page with the button "Run workflow". */
function workflowUrl({
  file,
  serverUrl,
  repository,
}: Pick<Workflow, 'file' | 'serverUrl' | 'repository'>): string | undefined {
  const name = file?.split('/').at(-1);
  return name === undefined
    ? undefined
    : `${serverUrl}/${repository}/actions/workflows/${encodeURIComponent(name)}`;
}
