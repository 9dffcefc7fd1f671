import { planOptionsOf } from '../cli/plan.ts';
import { readPlanKeys } from '../cli/session/api.ts';
import { openProjectRepository } from '../cli/session/project.ts';
import { Json, type PullRequestEvent } from '../github/events.ts';
import { isSameTopic } from '../github/marker.ts';
import type { GitHub } from '../github/rest.ts';
import { findClaims, overwrite } from '../github/sticky.ts';
import type { PlanKeys } from '../kinds/values/fingerprint.ts';
import type { Repository } from '../manifest/repository.ts';
import { endingOf } from '../model/ending.ts';
import type { PlanOptions } from '../model/plan.ts';
import { code } from '../render/markdown/markdown.ts';
import { jobWords } from '../render/words/job-words.ts';
import { findComment, keepText, openDesk, openUnsignedDesk, unsignedBody, withdrawnBody } from './comment.ts';
import { type ActionRun, gatesOf, linksOf, tryGitHub } from './run.ts';
import { configurationOfRun, topicOfRun } from './topic.ts';

/** Withdraws the plan in the comment, because it is outdated. Makes no comment if there is none. */
export async function withdrawPlan(run: ActionRun, pull: PullRequestEvent, error: unknown): Promise<void> {
  const withdraw = async (github: GitHub) => {
    if ((await movedTo(run, github, pull)) !== null) return;
    const known = await readKnown(run);
    if (known === null || known.keys === null) await withdrawUnsigned(run, github, { pull, error, known });
    else await withdrawSigned(run, github, { pull, error, known: { ...known, keys: known.keys } });
  };
  // Errors are ignored here, because the run fails in any case and says why.
  await tryGitHub(run, 'the comment shows an older plan', withdraw).catch(() => {});
}

/** The facts about a run that could not plan. */
interface Known {
  readonly repository: Repository;
  readonly options: PlanOptions;
  /** The keys for signatures. Null if a secret is missing. */
  readonly keys: PlanKeys | null;
}

/** Returns null if the configuration cannot be read. */
async function readKnown(run: ActionRun): Promise<Known | null> {
  const { terminal, inputs } = run;
  const options = gatesOf(run);
  const repository = await openProjectRepository(terminal, options).catch(() => null);
  if (repository === null) return null;
  const keys = await readPlanKeys({ terminal, options, project: { repository } }).catch(() => null);
  return { repository, options: planOptionsOf(terminal, repository.root, inputs.manifests, options), keys };
}

interface Failure<WhatIsKnown> {
  readonly pull: PullRequestEvent;
  readonly error: unknown;
  readonly known: WhatIsKnown;
}

async function withdrawSigned(
  run: ActionRun,
  github: GitHub,
  { pull, error, known }: Failure<Known & { readonly keys: PlanKeys }>,
): Promise<void> {
  const { repository, options, keys } = known;
  const desk = await openDesk(run, github, keys, pull.number);
  const topic = topicOfRun(run, repository, options);
  const { ours: found } = await findComment(desk, topic);
  if (found === null) return;
  const links = linksOf(run, repository.root, pull.headSha);
  const about = jobWords({ scope: repository.config.scope, options }, links.job, code);
  const body = withdrawnBody(desk, topic, pull.headSha, { ending: endingOf(error), links, about });
  await keepText(run, desk, found, body);
}

/**
 * Recognises our comments by their author and their first line, because there is no key. If the configuration
 * cannot be read, its scope is unknown: then withdraws all comments about the folder.
 */
async function withdrawUnsigned(
  run: ActionRun,
  github: GitHub,
  { pull, error, known }: Failure<Known | null>,
): Promise<void> {
  const desk = await openUnsignedDesk(run, github, pull.number);
  const topic = known === null ? null : topicOfRun(run, known.repository, known.options);
  const root = known?.repository.root ?? run.terminal.cwd;
  const configuration = topic === null ? configurationOfRun(run, root) : undefined;
  for (const claim of await findClaims(desk)) {
    const isMeant =
      topic === null ? claim.topic.configuration === configuration : isSameTopic(claim.topic, topic);
    if (claim.kind === 'drift' || !isMeant) continue;
    const links = linksOf(run, root, pull.headSha);
    const body = unsignedBody(claim.topic, pull.headSha, { ending: endingOf(error), links });
    await overwrite(desk, claim.id, { body: run.cover(body) });
    run.terminal.err(`Comment ${claim.id}: withdrawn.\n`);
  }
}

interface Moved {
  readonly why: string;
  /** The new head. Empty if the head is the same. */
  readonly headSha: string;
}

/** Returns why the pull request is no longer what was planned here, or null if it still is. */
export async function movedTo(
  { workflow: { repository } }: ActionRun,
  github: GitHub,
  pull: PullRequestEvent,
): Promise<Moved | null> {
  const now = new Json(
    await github.get('/repos/{repository}/pulls/{pull}', { repository, pull: pull.number }),
  );
  const headSha = now.at('head', 'sha').text;
  if (headSha !== pull.headSha)
    return { why: `the pull request moved on to ${headSha.slice(0, 7)}`, headSha };
  return now.at('state').text === 'closed'
    ? { why: 'the pull request was closed meanwhile', headSha: '' }
    : null;
}
