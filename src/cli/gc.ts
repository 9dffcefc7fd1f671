import type { Command } from 'commander';
import { type Collected, collectGarbage } from '../apply/collect.ts';
import { EXIT, type ExitCode } from '../model/exit.ts';
import { statedContents } from '../model/kinds.ts';
import { idsIn } from '../model/orders/porting-form.ts';
import type { Redactor } from '../model/privacy/redactor.ts';
import { references } from '../model/reference-names.ts';
import type { Desired } from '../model/resource.ts';
import { readIdsInOrders } from '../observe/account-orders.ts';
import { isStillUnused, observeHoldings } from '../observe/holdings.ts';
import { findGarbage, type OwnedContent } from '../plan/garbage.ts';
import { renderJson } from '../render/json.ts';
import { renderCollectedText, renderGarbageText } from '../render/text/garbage-text.ts';
import type { ReadClient } from '../telnyx/client.ts';
import { addCommand, examples, type Finish, formatOption, runs } from './command.ts';
import { openWriteApi } from './session/api.ts';
import { knowAddresses } from './session/know-holdings.ts';
import type { Project } from './session/project.ts';
import { openSession, whileOpen, whileReading } from './session/session.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'gc', 'list documents and addresses of the scope that no group or order uses')
    .option('-y, --yes', 'delete them')
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync gc --sandbox', 'regsync gc --yes'))
    .action(runs(gc, terminal, finish));
}

export interface GcCommandOptions extends GlobalOptions {
  readonly yes?: boolean;
  readonly format: 'text' | 'json';
}

/** Lists documents and addresses of the scope that nothing refers to. With --yes, deletes them. */
export async function gc(terminal: Terminal, options: GcCommandOptions): Promise<ExitCode> {
  const session = await openSession(terminal, options, false);
  const { project, redactor, progress } = session;
  if (!options.yes) {
    return whileReading(session, async (api) => {
      const garbage = await readGarbage(api.client, project, redactor);
      progress.clear();
      const listed = garbage.map(({ kind, id, reference }) => ({ kind, id, reference }));
      terminal.out(options.format === 'json' ? renderJson({ garbage: listed }) : renderGarbageText(garbage));
      return EXIT.ok;
    });
  }
  return whileOpen(openWriteApi(session), async (api) => {
    const { client } = api;
    const garbage = await readGarbage(client, project, redactor);
    const collected = await collectGarbage(client, garbage, (one) => isStillUnused(client, one));
    progress.clear();
    terminal.out(options.format === 'json' ? renderJson({ collected }) : renderCollectedText(collected));
    return exitAfter(collected, terminal.signal.aborted);
  });
}

/** Returns 4 if something was skipped or failed, because it still exists. */
export function exitAfter(collected: readonly Pick<Collected, 'status'>[], isInterrupted: boolean): ExitCode {
  if (isInterrupted) return EXIT.interrupted;
  return collected.every(({ status }) => status === 'deleted') ? EXIT.ok : EXIT.operationsFailed;
}

async function readGarbage(
  client: ReadClient,
  project: Project,
  redactor: Redactor,
): Promise<OwnedContent[]> {
  const { documents, addresses, heldIds, readAtMs } = await observeHoldings(client, Date.now);
  knowAddresses(redactor, addresses);
  // A refusal of Telnyx to delete an address may name the numbers that use it.
  const numbers = project.desired.NumberOrder.flatMap(({ phoneNumbers }) =>
    phoneNumbers.map(({ number }) => number),
  );
  for (const { id } of addresses) redactor.know(id, numbers);
  const holdings: OwnedContent[] = [
    ...documents.map(({ id, reference, createdAtMs }) => ({
      kind: 'Document' as const,
      id,
      reference,
      createdAtMs,
    })),
    ...addresses.map(({ id, reference, createdAtMs }) => ({
      kind: 'Address' as const,
      id,
      reference,
      createdAtMs,
    })),
  ];
  const { desired } = project;
  const wanted = wantedReferences(desired);
  const namedIds = new Set([...heldIds, ...statedIds(desired)]);
  const suspects = findGarbage(desired.scope, { holdings, heldIds: namedIds, readAtMs }, wanted);
  // An order keeps values of its own, whatever happens to the group that it copied them from. Orders are read
  // only if there are suspects, because to read all of them takes many requests.
  if (suspects.length === 0) return [];
  const ordered = await readIdsInOrders(client, { addresses: suspects.some(isAddress) });
  return findGarbage(desired.scope, { holdings: suspects, heldIds: ordered, readAtMs }, wanted);
}

function isAddress({ kind }: OwnedContent): boolean {
  return kind === 'Address';
}

function wantedReferences(desired: Desired): ReadonlySet<string> {
  const { scope } = desired;
  const wanted = statedContents(desired).flatMap((content) => {
    if (content.kind === 'document') return [references.document(scope, content.document.sha256)];
    return content.kind === 'address' ? [references.address(scope, content.address.sha256)] : [];
  });
  return new Set<string>(wanted);
}

/**
 * Returns the ids that manifests name. They may not be applied yet, so that no object at Telnyx refers to
 * them.
 */
function statedIds(desired: Desired): string[] {
  const contents = statedContents(desired).flatMap((content) =>
    content.kind === 'document_id' || content.kind === 'address_id' ? [content.id] : [],
  );
  const settings = desired.PortingOrder.flatMap((order) => order.settings);
  return [...contents, ...idsIn(settings.map(({ path, value }) => [path, value] as const))];
}
