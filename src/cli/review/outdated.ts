import type { TextFields } from '../../forge/forge.ts';
import { isSameTopic, type Topic } from '../../forge/marker.ts';
import type { Shelved, UnsignedDesk } from '../../forge/sticky.ts';
import { alert, link } from '../../render/markdown/markdown.ts';
import { upperFirst } from '../../render/words/wording.ts';
import { type ReviewRun, tryForge } from './review-run.ts';

export interface Outdated {
  readonly id: number;
  /** The reason, as a whole sentence. */
  readonly why: string;
}

/** Returns the texts that seem valid beside the one about the topic, but are not. */
export function outdatedIn(
  { doubles, unproven, withdrawn, others }: Omit<Shelved, 'ours' | 'foreign'>,
  topic: Topic,
): readonly Outdated[] {
  const all = (ids: readonly number[], why: string) => ids.map((id) => ({ id, why }));
  const resharded = others.filter(({ marker }) => isOfOtherShards(marker, topic)).map(({ id }) => id);
  return [
    ...all(doubles, 'Two runs wrote at the same time.'),
    ...all(unproven, 'It was edited, or made with another key.'),
    ...all(withdrawn, 'regsync could not plan its commit.'),
    ...all(resharded, 'The number of jobs that share the groups has changed.'),
  ];
}

/**
 * Returns the texts that an apply supersedes.
 *
 * @param isMerged true if the text about the topic is about the commit that was merged. If not, a double may be.
 */
export function staleBeside(
  { doubles, withdrawn }: Pick<Shelved, 'doubles' | 'withdrawn'>,
  isMerged: boolean,
): readonly Outdated[] {
  return [
    ...(isMerged ? doubles : []).map((id) => ({ id, why: 'It was written twice.' })),
    ...withdrawn.map((id) => ({ id, why: 'A newer run has begun.' })),
  ];
}

/** Returns true if one topic is the other with another number of shards. No job updates its text any more. */
function isOfOtherShards(one: Topic, topic: Topic): boolean {
  const [, scope = '', number] = topic.scope.match(SHARDED) ?? [];
  const [, other = '', otherNumber] = one.scope.match(SHARDED) ?? [];
  return number !== otherNumber && isSameTopic({ ...one, scope: other }, { ...topic, scope });
}

const SHARDED = /^(.*?)(?: shard \d+\/(\d+))?$/;

/**
 * Replaces each text with a note that it is outdated.
 *
 * @param kept the id of the valid text. Null if there is none.
 * @param fields other fields to write, such as the state of an issue.
 */
export async function retire(
  run: Pick<ReviewRun, 'terminal'>,
  { shelf }: UnsignedDesk,
  outdated: readonly Outdated[],
  kept: number | null,
  fields: TextFields = {},
): Promise<void> {
  const url = kept === null ? undefined : shelf.urlOf(kept);
  for (const { id, why } of outdated) {
    await shelf.change(id, { ...fields, body: outdatedBody(why, url) });
    run.terminal.err(`${upperFirst(shelf.nameOf(id))}: outdated.\n`);
  }
}

/** Does the same, and only warns if the forge fails: the valid text is written, and the next run tries again. */
export async function retireOutdated(
  run: ReviewRun,
  desk: UnsignedDesk,
  outdated: readonly Outdated[],
  kept: number | null,
): Promise<void> {
  if (outdated.length === 0) return;
  await tryForge(run, `an outdated ${run.words.note} still looks valid`, () =>
    retire(run, desk, outdated, kept),
  );
}

function outdatedBody(why: string, url: string | undefined): string {
  const next = url === undefined ? '' : ` ${link('The valid one', url)} replaces it.`;
  return `${alert('NOTE', [`**Outdated.** ${why} regsync applies nothing from it.${next}`])}\n`;
}
