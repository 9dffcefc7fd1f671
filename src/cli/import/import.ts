import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { readCatalogue } from '../../catalogue/live.ts';
import { findCandidates, heldDocuments } from '../../import/candidates.ts';
import type { Composition } from '../../import/composition.ts';
import { DOCUMENTS_FOLDER } from '../../import/contents.ts';
import { generateManifests } from '../../import/generate-manifests.ts';
import { attachOrders } from '../../import/orders.ts';
import { reportImport } from '../../import/report.ts';
import type { ImportSelection } from '../../import/select.ts';
import { settleComposition } from '../../import/settle.ts';
import { pinnedIds } from '../../kinds/requirement-group/identity/read-groups.ts';
import { NO_IDENTITIES } from '../../manifest/encryption/identities.ts';
import type { Repository } from '../../manifest/repository.ts';
import { AuthenticationError } from '../../model/errors.ts';
import { EXIT, type ExitCode } from '../../model/exit.ts';
import type { Lock } from '../../model/lock.ts';
import type { ObservedOrder } from '../../model/orders/observed-order.ts';
import { isEncryptedPath } from '../../model/privacy/encrypted-path.ts';
import { Redactor } from '../../model/privacy/redactor.ts';
import type { ImportReport } from '../../model/report/import.ts';
import { asRemoteId, GROUP_ACTIONS, PHONE_NUMBER_TYPES } from '../../model/resource.ts';
import { type Account, readAccount } from '../../observe/account.ts';
import { assignOrders, ordersWithManifests, readOpenOrders } from '../../observe/account-orders.ts';
import { renderJson } from '../../render/json.ts';
import { renderImportText } from '../../render/text/import-text.ts';
import { count } from '../../render/words/wording.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { addCommand, examples, type Finish, formatOption, runs } from '../command.ts';
import { openReadApi } from '../session/api.ts';
import { knowAddresses } from '../session/know-holdings.ts';
import { findLockMismatch } from '../session/lock-source.ts';
import { type ProgressLine, startProgress } from '../session/progress.ts';
import { loadLock, openProjectRepository, refuseProblems, sayProblems } from '../session/project.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import { fetchDocuments } from './documents.ts';
import { type ImportPlace, knownDocuments, openPlace, surroundingsOf } from './place.ts';
import { type Encryptor, openSeal, sealTexts } from './seal.ts';
import { type ImportFile, openStage } from './stage.ts';
import { type ImportFilters, readWanted, refuseWithoutChoice, selectFrom } from './wanted.ts';

export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'import [id...]', 'write manifests and documents for existing groups at Telnyx')
    .option('--country <code>', 'only groups of this country')
    .addOption(new Option('--type <type>', 'only this type of numbers').choices(PHONE_NUMBER_TYPES))
    .addOption(new Option('--action <action>', 'only this action').choices(GROUP_ACTIONS))
    .option('--status <status>', 'only groups of this status, such as approved')
    .option('--reference <prefix>', 'only groups whose customer_reference begins with this')
    .option('--out <dir>', 'write manifests to this folder (default: the first of `manifests`)')
    .addOption(
      new Option(
        '--encrypt',
        'encrypt documents, texts and address fields for the recipients in .regsync/recipients',
      ),
    )
    .addOption(
      new Option(
        '--plaintext',
        'write them in plain text: everyone with access to the repository can read them',
      ).conflicts('encrypt'),
    )
    .option('--no-documents', 'leave documents at Telnyx and name them by their ids')
    .option('--no-orders', 'do not look for open orders with the values of the groups')
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      examples('regsync import --encrypt', 'regsync import --plaintext --country DE --status approved'),
    )
    .action(runs(importGroups, terminal, finish));
}

export interface ImportCommandOptions extends GlobalOptions, ImportFilters {
  readonly out?: string;
  /** False for --no-documents. */
  readonly documents: boolean;
  /** False for --no-orders. */
  readonly orders: boolean;
  readonly encrypt?: boolean;
  readonly plaintext?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * Writes manifests for live groups, and their documents. Only reads at Telnyx, and changes no file that
 * exists. Leaves out a group if the next plan would find a difference.
 */
export async function importGroups(
  terminal: Terminal,
  ids: readonly string[],
  options: ImportCommandOptions,
): Promise<ExitCode> {
  const wanted = readWanted(ids, options);
  const progress = startProgress(terminal, options);
  const repository = await openProjectRepository(terminal, options);
  refuseWithoutChoice(ids, options);
  const out = options.out === undefined ? null : resolve(terminal.cwd, options.out);
  const place = await openPlace(repository, out);
  refuseProblems(place.problems);
  sayProblems(terminal, options, place.problems);
  const seal = options.encrypt ? await openSeal(repository.root) : null;
  const { desired, files } = place.loaded;
  const project = { repository, desired, identities: NO_IDENTITIES, files, problems: place.problems };
  const redactor = new Redactor();
  const api = await openReadApi({ terminal, options, project, redactor, progress });
  try {
    progress.step('Reading Telnyx');
    const named = [...(wanted.ids ?? [])].map(asRemoteId);
    const account = await readAccount(
      api.client,
      [...pinnedIds(desired.RequirementGroup), ...named],
      Date.now,
    );
    const selected = selectFrom(account, wanted, desired);
    knowGroups(redactor, selected, account);
    const lock = await usableLock(terminal, options, repository);
    const run = { terminal, repository, place, seal, progress, lock, client: api.client };
    const orders = options.orders ? await readSuitingOrders(run, selected, redactor) : NO_ORDERS;
    const report = await writeManifests({ ...run, account: { ...account, orders: orders.open } }, selected, {
      downloads: options.documents,
      claimed: orders.claimed,
    });
    progress.clear();
    terminal.out(
      options.format === 'json' ? renderJson(report) : renderImportText(report, terminal.outPaint),
    );
    const isReadable = report.files.some(isPlainDocument) && !repository.config.allowPlaintextDocuments;
    if (isReadable && !options.quiet) terminal.err(IN_PLAIN_TEXT);
    if (seal !== null && report.imported.length > 0 && !options.quiet) terminal.err(NEEDS_IDENTITY);
    return report.failed.length > 0 ? EXIT.operationsFailed : EXIT.ok;
  } finally {
    await api.close();
  }
}

const IN_PLAIN_TEXT =
  'notice: these documents are not encrypted. Run `regsync encrypt --update FILE` before you commit them, or import with --encrypt.\n';

const NEEDS_IDENTITY =
  'notice: plan and apply decrypt the texts. They need REGSYNC_AGE_IDENTITY_FILE, or REGSYNC_AGE_IDENTITY.\n';

function isPlainDocument(path: string): boolean {
  return path.startsWith(`${DOCUMENTS_FOLDER}/`) && !isEncryptedPath(path);
}

interface Run {
  readonly terminal: Terminal;
  readonly repository: Repository;
  readonly place: ImportPlace;
  /** The account, with its open orders unless --no-orders is given. */
  readonly account: Account;
  readonly seal: Encryptor | null;
  readonly lock: Lock | null;
  readonly progress: ProgressLine;
  readonly client: ReadClient;
}

/* ---- Orders ---- */

/** Returns the open orders that the groups could be attached to, and those that manifests name already. */
async function readSuitingOrders(
  { client, place, progress }: Pick<Run, 'client' | 'place' | 'progress'>,
  { groups }: ImportSelection,
  redactor: Redactor,
): Promise<{ readonly open: Account['orders']; readonly claimed: readonly ObservedOrder[] }> {
  progress.step('Reading orders');
  const combinations = groups.map(({ combination }) => combination);
  const open = await readOpenOrders(client, combinations, redactor).catch((error: unknown) => {
    throw error instanceof AuthenticationError ? withWayOut(error) : error;
  });
  const { desired } = place.loaded;
  const { orders, problems } = assignOrders(open, desired);
  refuseProblems(problems);
  return { open, claimed: [...[...orders.values()].flat(), ...ordersWithManifests(open, desired)] };
}

/** Adds a hint about --no-orders, because the key can read groups but not orders. */
function withWayOut(cause: AuthenticationError): AuthenticationError {
  const message = `${cause.message}. To import without orders, add --no-orders`;
  return new AuthenticationError(message, { cause });
}

const NO_ORDERS = { open: [], claimed: [] };

/* ---- Manifests ---- */

/** Downloads the documents, drafts the manifests and checks them. Only then moves the files into place. */
async function writeManifests(
  run: Run,
  selected: ImportSelection,
  { downloads, claimed }: { readonly downloads: boolean; readonly claimed: readonly ObservedOrder[] },
): Promise<ImportReport> {
  const { account, place, repository, progress } = run;
  const live = account.groups.length;
  if (selected.groups.length === 0) return reportImport([], selected.left, { files: [], live });
  const combinations = selected.groups.map((group) => group.combination);
  const catalogue = await readCatalogue(run.client, combinations);
  const known = await knownDocuments(repository, place.loaded, run.seal !== null);
  const stage = await openStage(repository.root);
  try {
    const candidates = findCandidates(selected.groups, catalogue, run.lock);
    const documents = downloads ? heldDocuments(candidates, account) : [];
    run.terminal.meter.enter('documents');
    const fetched = await fetchDocuments(run.client, documents, {
      stage,
      known,
      seal: run.seal ?? asIs,
      onStart: (total) => progress.step(`Downloading ${count(total, 'document')}`),
    });
    run.terminal.meter.enter('plan');
    const { manifests, left: refused } = generateManifests(candidates, account, fetched);
    const sealed = run.seal === null ? null : await sealTexts(run, manifests, run.seal);
    progress.step(`Checking ${count(manifests.length, 'group')}`);
    const surroundings = surroundingsOf(repository, place, {
      live: account.groups,
      known,
      suffix: run.seal === null ? '' : '.age',
      sealed,
    });
    const attached = attachOrders(manifests, account, claimed);
    const { composition, left } = settleComposition(attached, surroundings, {
      loaded: place.loaded,
      account,
      catalogue,
      lock: run.lock,
    });
    const files = filesOf(composition);
    await stage.place(files, run.terminal.signal);
    return reportImport(composition.groups, [...selected.left, ...refused, ...left], {
      files: files.map(({ path }) => path),
      live,
    });
  } finally {
    await stage.discard();
  }
}

/** Returns the lock that the next plan reads. A broken one stops that plan, and not the import. */
async function usableLock(
  terminal: Terminal,
  options: GlobalOptions,
  repository: Repository,
): Promise<Lock | null> {
  const { lock } = await loadLock(repository);
  return lock === null || findLockMismatch(lock, terminal, options) !== null ? null : lock;
}

async function asIs(content: Uint8Array): Promise<Uint8Array> {
  return content;
}

/**
 * Returns the files with documents before manifests, so that a killed run leaves no manifest that names a
 * missing document.
 */
function filesOf({ documents, manifests }: Composition): ImportFile[] {
  return [
    ...documents
      .filter(({ isThere }) => !isThere)
      .map(({ path, sha256 }) => ({ path, content: { document: sha256 } })),
    ...manifests.map(({ path, text }) => ({ path, content: { text } })),
  ];
}

/**
 * Registers the values of each group for redaction, because Telnyx may repeat them in an answer about that
 * group.
 */
function knowGroups(redactor: Redactor, { groups }: ImportSelection, { addresses }: Account): void {
  for (const { id, requirements } of groups)
    redactor.know(
      id,
      requirements.map(({ value }) => value),
    );
  knowAddresses(redactor, addresses);
}
