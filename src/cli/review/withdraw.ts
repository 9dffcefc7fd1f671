import type { Forge } from '../../forge/forge.ts';
import { isSameTopic, type Topic, writeMarker, writeWithdrawn } from '../../forge/marker.ts';
import { findClaims } from '../../forge/sticky.ts';
import type { PlanKeys } from '../../kinds/values/fingerprint.ts';
import type { Repository } from '../../manifest/repository.ts';
import { type Ending, endingOf } from '../../model/ending.ts';
import type { PlanOptions } from '../../model/plan/plan.ts';
import { alert, code, link, type MarkdownContext, short } from '../../render/markdown/markdown.ts';
import { COMMENT_BYTES } from '../../render/markdown/plan.ts';
import { renderValidateSummary } from '../../render/markdown/validate.ts';
import { jobWords } from '../../render/words/job-words.ts';
import { upperFirst } from '../../render/words/wording.ts';
import { planOptionsOf } from '../plan.ts';
import { readPlanKeys } from '../session/api.ts';
import { openProjectRepository } from '../session/project.ts';
import { findComment, keepText, openDesk, openUnsignedDesk, type Pen, penOf, topicIn } from './comment.ts';
import type { ForgeWords } from './forge-words.ts';
import { gatesOf, linksOf, type OpenRequest, type ReviewRun, tryForge } from './review-run.ts';
import { configurationOfRun, topicOfRun } from './topic.ts';

/** Withdraws the plan in the comment, because it is outdated. Makes no comment if there is none. */
export async function withdrawPlan(run: ReviewRun, pull: OpenRequest, error: unknown): Promise<void> {
  const withdraw = async (forge: Forge) => {
    if ((await movedTo(forge, pull, run.words)) !== null) return;
    const known = await readKnown(run);
    if (known === null || known.keys === null) await withdrawUnsigned(run, forge, { pull, error, known });
    else await withdrawSigned(run, forge, { pull, error, known: { ...known, keys: known.keys } });
  };
  // Errors are ignored here, because the run fails in any case and says why.
  await tryForge(run, `the ${run.words.note} shows an older plan`, withdraw).catch(() => {});
}

/** The facts about a run that ended early. */
export interface KnownOfRun {
  readonly repository: Repository;
  readonly options: PlanOptions;
  /** The keys for signatures. Null if a secret is missing. */
  readonly keys: PlanKeys | null;
}

/** Returns null if the configuration cannot be read. */
export async function readKnown(run: ReviewRun): Promise<KnownOfRun | null> {
  const { terminal, inputs } = run;
  const options = gatesOf(run);
  const repository = await openProjectRepository(terminal, options).catch(() => null);
  if (repository === null) return null;
  const keys = await readPlanKeys({ terminal, options, project: { repository } }).catch(() => null);
  return { repository, options: planOptionsOf(terminal, repository.root, inputs.manifests, options), keys };
}

interface Failure<WhatIsKnown> {
  readonly pull: OpenRequest;
  readonly error: unknown;
  readonly known: WhatIsKnown;
}

async function withdrawSigned(
  run: ReviewRun,
  forge: Forge,
  { pull, error, known }: Failure<KnownOfRun & { readonly keys: PlanKeys }>,
): Promise<void> {
  const { repository, options, keys } = known;
  const desk = await openDesk(forge, keys, pull.number);
  const topic = topicOfRun(run, repository, options);
  const { ours: found } = await findComment(desk, topic, pull.headSha);
  if (found === null) return;
  const links = linksOf(run, repository.root, pull.headSha);
  const about = jobWords({ scope: repository.config.scope, options }, links.job, code);
  const body = withdrawnBody(penOf(run, desk), topic, pull.headSha, {
    ending: endingOf(error),
    links,
    about,
  });
  await keepText(run, desk, found, body);
}

/**
 * Recognises our comments by their author and their first line, because there is no key. If the configuration
 * cannot be read, its scope is unknown: then withdraws all comments about the folder.
 */
async function withdrawUnsigned(
  run: ReviewRun,
  forge: Forge,
  { pull, error, known }: Failure<KnownOfRun | null>,
): Promise<void> {
  const desk = await openUnsignedDesk(forge, pull.number);
  const { root, isMeant } = meantBy(run, known);
  for (const claim of await findClaims(desk)) {
    if (claim.kind === 'drift' || !isMeant(claim.topic)) continue;
    const links = linksOf(run, root, pull.headSha);
    const body = unsignedBody(claim.topic, pull.headSha, { ending: endingOf(error), links });
    await desk.shelf.change(claim.id, { body: run.cover(body) });
    run.terminal.err(`${upperFirst(desk.shelf.nameOf(claim.id))}: withdrawn.\n`);
  }
}

/** Returns which topics a run without a key is about, and the folder of its configuration. */
export function meantBy(
  run: ReviewRun,
  known: Pick<KnownOfRun, 'repository' | 'options'> | null,
): { readonly root: string; readonly isMeant: (topic: Topic) => boolean } {
  if (known !== null) {
    const topic = topicOfRun(run, known.repository, known.options);
    return { root: known.repository.root, isMeant: (claimed) => isSameTopic(claimed, topic) };
  }
  const root = run.terminal.cwd;
  const configuration = configurationOfRun(run, root);
  return { root, isMeant: (claimed) => claimed.configuration === configuration };
}

/* ---- The text ---- */

export interface Withdrawal {
  readonly ending: Ending;
  readonly links: MarkdownContext;
  /** Markdown that names the job that could not plan. */
  readonly about?: string;
}

/** Returns the text of a withdrawn plan if there is no key to sign it. Only the log lists the problems. */
export function unsignedBody(topic: Topic, head: string, { ending, links }: Withdrawal): string {
  const bare = { ending: { ...ending, problems: [] }, links };
  return unplannedBody(writeWithdrawn(topic), topic, head, bare);
}

const UNPLANNED = '**regsync could not plan this commit.** If you merge it, nothing is applied.';

/**
 * Returns the text for a plan that could not be made, so that the plan of an earlier commit no longer seems
 * valid.
 */
export function withdrawnBody(
  { place, sign }: Pick<Pen, 'place' | 'sign'>,
  topic: Topic,
  head: string,
  withdrawal: Withdrawal,
): string {
  const marker = writeMarker({ kind: 'plan', ...topicIn(topic), fingerprint: null, head }, place, sign);
  return unplannedBody(marker, topic, head, withdrawal);
}

function unplannedBody(
  marker: string,
  { scope }: Topic,
  head: string,
  { ending: { message, problems }, links, about }: Withdrawal,
): string {
  const blocks = [
    `### ${['regsync plan', ...(about === undefined ? [] : [about]), `no plan for ${short(head, 7)}`].join(' · ')}`,
    alert('CAUTION', [UNPLANNED, ...(problems.length === 0 ? [`- ${code(message)}`] : [])]),
    ...(problems.length === 0
      ? []
      : [renderValidateSummary(problems, { ...links, limitBytes: COMMENT_BYTES - 2000 })]),
    `<sub>scope ${code(scope)} · ${link('run', links.runUrl)}</sub>`,
  ];
  return `${marker}\n${blocks.join('\n\n')}\n`;
}

interface Moved {
  readonly why: string;
  /** The new head. Empty if the head is the same. */
  readonly headSha: string;
}

/** Returns why the change request is no longer what was planned here, or null if it still is. */
export async function movedTo(
  forge: Forge,
  pull: OpenRequest,
  { request }: Pick<ForgeWords, 'request'>,
): Promise<Moved | null> {
  const { headSha, isClosed } = await forge.readRequest(pull.number);
  if (headSha !== pull.headSha)
    return { why: `the ${request} has the newer commit ${headSha.slice(0, 7)}`, headSha };
  return isClosed ? { why: `the ${request} was closed during this run`, headSha: '' } : null;
}
