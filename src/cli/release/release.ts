import type { Command } from 'commander';
import { applyChanges } from '../../apply/apply.ts';
import { matchGroups } from '../../kinds/requirement-group/identity/match.ts';
import { pinnedIds, readGroups } from '../../kinds/requirement-group/identity/read-groups.ts';
import { orphanName } from '../../kinds/requirement-group/plan-orphans.ts';
import { nothingObserved, type ReleasedGroup, releaseChange } from '../../kinds/requirement-group/release.ts';
import { digestOf } from '../../kinds/values/fingerprint.ts';
import { InvalidInputError, RefusedError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import type { ObservedGroup } from '../../model/observed.ts';
import { sameReference } from '../../model/reference.ts';
import { scopeAndNameIn } from '../../model/reference-names.ts';
import { asReference, combinationKey, type Desired } from '../../model/resource.ts';
import { suggest } from '../../model/text/suggestion.ts';
import { visible } from '../../model/text/visible.ts';
import { renderOutcomesJson } from '../../render/json.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { type LockOptions, openLockedApi } from '../apply/lock.ts';
import { resultText } from '../apply/progress.ts';
import { reportApply } from '../apply/report.ts';
import { addCommand, examples, type Finish, formatOption, recordOption, runs } from '../command.ts';
import { beginRecord, type RecordOptions, whileRecording } from '../record/recorder.ts';
import { openSession, whileOpen } from '../session/session.ts';
import { confirm, type GlobalOptions, type Terminal } from '../session/terminal.ts';
import { pauseBetweenLooks } from '../session/waits.ts';
import { judgeRelease } from './judge-release.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(
    program,
    'release <name>',
    'stop managing a group without deleting it: its reference loses the scope',
  )
    .option('-y, --yes', 'do not ask')
    .addOption(recordOption())
    .option('--no-lock', 'release even if an apply of this checkout may run')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples('regsync release example-de-local', 'regsync release example-de-local --yes'),
    )
    .action(runs(release, terminal, finish));
}

export interface ReleaseCommandOptions extends GlobalOptions, LockOptions, RecordOptions {
  readonly yes?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * Takes the scope out of a group's reference, so that no run of this repository finds, changes or deletes the
 * group any more. It shows what it writes, asks, and reads the group back.
 */
export async function release(
  terminal: Terminal,
  name: string,
  options: ReleaseCommandOptions,
): Promise<ExitCode> {
  if (!options.yes && !terminal.isInteractive)
    throw new InvalidInputError(
      `regsync cannot ask you: standard input is not a terminal. To release it without a question: regsync release ${name} --yes`,
    );
  const session = await openSession(terminal, options, true);
  const { project, progress } = session;
  return whileOpen(openLockedApi(session, 1), async (api) => {
    progress.step('Reading the groups of Telnyx');
    const { found, readAtMs } = await findGroup(api.client, project.desired, name);
    progress.clear();
    const reference = newReference(project.desired, found);
    if (reference === null) {
      terminal.err(`${notOurs(name, found)}\n`);
      terminal.out(options.format === 'json' ? renderOutcomesJson([]) : 'Nothing to release.\n');
      return EXIT.ok;
    }
    terminal.err(picture(name, found, reference));
    const change = releaseChange(name, { ...found, reference });
    const { scope } = project.desired;
    const context = {
      scope,
      keys: api.planKeys,
      cover: terminal.cover,
      policies: project.policies,
      readAtMs,
    };
    for (const { message } of judgeRelease(change, context)) terminal.err(`warning: ${visible(message)}\n`);
    if (!options.yes)
      await confirm(terminal, 'Release this group?', 'you did not type "yes": nothing was released');
    const plan = {
      fingerprint: digestOf(api.planKeys, ['release', found.group.id, reference]),
      changes: [name],
    };
    const record = await beginRecord(terminal, options, project, api, { command: 'release', plan });
    const outcomes = await whileRecording(record, terminal, api.client, (client) =>
      applyChanges({
        changes: [change],
        observed: nothingObserved(project.desired.scope),
        client,
        readDocument: async () => {
          throw new Error('a release uploads nothing');
        },
        parallelism: 1,
        signal: terminal.signal,
        wait: pauseBetweenLooks(terminal),
        onProgress: () => progress.step(`${name}: its reference`),
      }),
    );
    progress.clear();
    const isReleased = outcomes.every(({ status }) => status === 'applied');
    const text = resultText(terminal, options.format, outcomes, null);
    if (isReleased && !options.quiet) terminal.err(nextStep(found));
    if (record !== null && !options.quiet) terminal.err(record.summary());
    return reportApply(terminal, outcomes, text, record?.complaints());
  });
}

type FoundGroup = Omit<ReleasedGroup, 'reference'>;

/** @throws InvalidInputError if Telnyx has no such group, RefusedError if it has several. */
async function findGroup(
  client: ReadClient,
  desired: Desired,
  name: string,
): Promise<{ readonly found: FoundGroup; readonly readAtMs: number }> {
  const manifests = desired.RequirementGroup;
  const { rows, dateMs } = await readGroups(client, pinnedIds(manifests));
  const { matches, orphans } = matchGroups(desired, manifests, rows);
  const manifest = manifests.find((one) => one.name === name) ?? null;
  const match = matches.get(name);
  const own = orphans.filter((orphan) => orphanName(orphan) === name);
  const candidates: readonly ObservedGroup[] = match?.rivals ?? [
    ...(match === undefined ? own : match.group === null ? match.superseded : [match.group]),
  ];
  const [group, ...others] = candidates;
  if (others.length > 0)
    throw new RefusedError(
      `nothing was released: "${name}" could mean any of the groups ${candidates.map(({ id }) => id).join(', ')}. Write \`id:\` with one of them into its manifest first`,
    );
  if (group !== undefined) {
    return { found: { group, source: manifest?.source ?? null }, readAtMs: dateMs ?? Date.now() };
  }
  const meant = suggest(name, [...matches.keys(), ...orphans.map((orphan) => orphanName(orphan))]);
  const hint = meant === null ? 'To see the groups: regsync status' : `Did you mean "${meant}"?`;
  throw new InvalidInputError(`Telnyx has no group with the name ${JSON.stringify(name)}. ${hint}`);
}

/**
 * Returns the reference without the scope. Null for a reference that has none: the group's manifest states it,
 * or names the group by its id.
 */
export function newReference(
  { scope, formerScope, RequirementGroup: manifests }: Desired,
  { group }: FoundGroup,
) {
  const parts = scopeAndNameIn(group.reference);
  if (parts === null || (parts.scope !== scope && parts.scope !== formerScope)) return null;
  const reference = asReference(parts.name);
  const taken = manifests.find((one) => sameReference(one.reference, reference));
  if (taken === undefined) return reference;
  throw new RefusedError(
    `nothing was released: the manifest "${taken.name}" at ${taken.source.file}:${taken.source.line} states the reference "${reference}", and would take the group over. Change that customer_reference first`,
  );
}

function picture(name: string, { group }: FoundGroup, reference: string): string {
  const what = `${group.id}, ${combinationKey(group.combination)}, ${group.status}`;
  return `  =  ${visible(name)}  (${visible(what)})
      ~  customer_reference  ${JSON.stringify(group.reference)} -> ${JSON.stringify(reference)}

The group keeps its values and its status, and nothing is deleted. regsync no longer finds it by its name.
`;
}

function nextStep({ group, source }: FoundGroup): string {
  if (source === null) return 'No manifest names the group, so nothing is left to do.\n';
  const place = `${source.file}:${source.line}`;
  return `Remove its manifest at ${place}. Otherwise the next plan creates the group again. To keep watching the group, add these two lines to the manifest instead:
    id: ${group.id}
    manage: observe
`;
}

function notOurs(name: string, { group, source }: FoundGroup): string {
  const where = source === null ? '' : ` at ${source.file}:${source.line}`;
  return `group ${group.id} has the reference ${JSON.stringify(group.reference)}, which has no scope of this repository. To let it go, remove the manifest of "${visible(name)}"${where}: nothing is deleted`;
}
