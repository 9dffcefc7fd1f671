import type { Forge } from '../../forge/forge.ts';
import { isSameTopic, type Topic, writeWithdrawn } from '../../forge/marker.ts';
import { type ClaimedText, findClaims, type UnsignedDesk } from '../../forge/sticky.ts';
import { endingOf } from '../../model/ending.ts';
import { alert, code, link } from '../../render/markdown/markdown.ts';
import { upperFirst } from '../../render/words/wording.ts';
import { openUnsignedDesk } from './comment.ts';
import { PLANNED } from './report-apply.ts';
import { linksOf, type ReviewRun } from './review-run.ts';
import { type KnownOfRun, meantBy, type Withdrawal } from './withdraw.ts';

/**
 * Reports, in a text of its own, that an apply ended before it looked for its review and had no key. The plan stays as it
 * is: without a key, a changed one would be lost, and a later run needs it.
 */
export async function noteUnbegunUnsigned(
  run: ReviewRun,
  forge: Forge,
  {
    pull,
    error,
    known,
  }: { readonly pull: number; readonly error: unknown; readonly known: KnownOfRun | null },
): Promise<void> {
  const desk = await openUnsignedDesk(forge, pull);
  const { root, isMeant } = meantBy(run, known);
  const claims = await findClaims(desk);
  const links = linksOf(run, root, run.workflow.sha);
  for (const plan of claims.filter(
    ({ kind, topic, body }) => kind === 'plan' && isMeant(topic) && PLANNED.test(body),
  )) {
    const body = run.cover(bodyOf(plan.topic, { ending: endingOf(error), links }));
    const earlier = claims.find((claim) => isBeside(claim, plan));
    const { id } =
      earlier === undefined ? await make(desk, plan, body) : await desk.shelf.change(earlier.id, { body });
    run.terminal.err(`${upperFirst(desk.shelf.nameOf(id))}: not started.\n`);
  }
}

function isBeside({ kind, topic }: ClaimedText, plan: ClaimedText): boolean {
  return kind === 'withdrawn' && isSameTopic(topic, plan.topic);
}

function make(
  desk: UnsignedDesk,
  plan: ClaimedText,
  body: string,
): ReturnType<UnsignedDesk['shelf']['make']> {
  return desk.shelf.make({ body }, async () =>
    (await findClaims(desk)).find((claim) => isBeside(claim, plan)),
  );
}

function bodyOf(topic: Topic, { ending, links }: Withdrawal): string {
  const blocks = [
    '### regsync apply · not started',
    alert('CAUTION', [
      `**The apply ended before it read the plan in ${link('this run', links.runUrl)}: nothing was applied.**`,
      `- ${code(ending.message)}`,
      'Repair the cause, then run it again: the plan above is still valid.',
    ]),
    `<sub>scope ${code(topic.scope)}</sub>`,
  ];
  return `${writeWithdrawn(topic)}\n${blocks.join('\n\n')}\n`;
}
