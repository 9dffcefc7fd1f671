import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { TIME_SCALE, VERSION } from '../build.ts';
import { judgeAssumptions } from '../doctor/assumptions.ts';
import { judgeClock, judgeOrderPermission, judgePermission, judgeRate } from '../doctor/connection.ts';
import type { AccountFacts, ListName, ProbeAnswer } from '../doctor/facts.ts';
import { ORDER_LISTS } from '../doctor/probes.ts';
import {
  judgeConfiguration,
  judgeKey,
  judgeManifests,
  judgeNode,
  judgePlanKey,
  type KeyFacts,
} from '../doctor/setup.ts';
import { exitOf, expected, finding, unhandled, unseen } from '../doctor/verdict.ts';
import { realPathOf } from '../files/paths.ts';
import { writeWholeFile } from '../files/write.ts';
import type { ReceivedAnswer } from '../http/wire.ts';
import type { Repository } from '../manifest/repository.ts';
import type { DoctorReport, Finding } from '../model/doctor.ts';
import { endingOf } from '../model/ending.ts';
import { AuthenticationError, InvalidInputError } from '../model/errors.ts';
import type { ExitCode } from '../model/exit.ts';
import { Mask } from '../model/mask.ts';
import { reveal, type Sensitive } from '../model/sensitive.ts';
import { renderDoctorJson, renderDoctorText } from '../render/doctor-text.ts';
import { renderJson } from '../render/json.ts';
import { checkApiKey, openReadClient, scaleTiming } from '../telnyx/client.ts';
import { addCommand, examples, type Finish, formatOption, optionsOf } from './command.ts';
import { askAccount, toProbeAnswer } from './doctor/ask.ts';
import { examineConnection, type Target } from './doctor/connection.ts';
import { Recording } from './doctor/recording.ts';
import { examineRepository, readConfiguration, readManifestFolders } from './doctor/repository.ts';
import { accessOf, readKey, startEmbedded } from './session/api.ts';
import { type ProgressLine, startProgress } from './session/progress.ts';
import type { GlobalOptions, Terminal } from './session/terminal.ts';
import { tellWaits } from './session/waits.ts';

/** Defines the command, its options and its help page. */
export function define(program: Command, terminal: Terminal, finish: Finish): void {
  addCommand(program, 'doctor', 'say what stands between this machine and a first plan; reads only')
    .option('--record <file>', 'also keep the shapes of all answers, without values, for a maintainer')
    .addOption(formatOption('text', 'json'))
    .addHelpText('after', examples('regsync doctor', 'regsync doctor --record shapes.json'))
    .action(async (_, command: Command) => {
      finish(await doctor(terminal, optionsOf<DoctorCommandOptions>(command)));
    });
}

export interface DoctorCommandOptions extends GlobalOptions {
  readonly record?: string;
  readonly format: 'text' | 'json';
}

/**
 * What stands between this machine and a first plan, and which of our assumptions about the API hold for the account. It needs no
 * manifest, and its client can only GET. Whatever is wrong is a line, so that everything that is wrong shows at once.
 */
export async function doctor(terminal: Terminal, options: DoctorCommandOptions): Promise<ExitCode> {
  const progress = startProgress(terminal, options);
  const recording = new Recording();
  const configuration = await readConfiguration(terminal, options);
  const accounts = await openAccounts(terminal, options, configuration.repositories, progress);
  try {
    const setup = examineSetup(terminal, configuration, accounts);
    const repository = await examineRepository(terminal, options, configuration.repositories);
    const telnyx: Finding[] = [];
    const api: Finding[] = [];
    for (const account of accounts) {
      const examined = await examineTelnyx({ terminal, progress, recording }, account);
      telnyx.push(...examined.telnyx);
      api.push(...examined.api);
    }
    const found = [...setup, ...telnyx, ...repository, ...api];
    const findings = [
      ...found,
      ...(await keepRecording(terminal, options, configuration.repositories, recording, found)),
    ];
    const report: DoctorReport = { regsyncVersion: VERSION, findings, exit: exitOf(findings) };
    progress.clear();
    const style = { paint: terminal.outPaint };
    terminal.out(options.format === 'json' ? renderDoctorJson(report) : renderDoctorText(report, style));
    return report.exit;
  } finally {
    for (const { close } of accounts) await close();
  }
}

/* ---- Accounts and keys ---- */

interface Account extends Target {
  readonly variable: string;
  readonly keyFacts: KeyFacts;
  /** Null where there is none that could be sent. */
  readonly key: Sensitive | null;
  readonly close: () => Promise<void>;
}

/** Those of the configuration, or the only one where it has none, or is none. */
async function openAccounts(
  terminal: Terminal,
  options: GlobalOptions,
  repositories: readonly Repository[],
  progress: ProgressLine,
): Promise<readonly Account[]> {
  const places = repositories.length === 0 ? [null] : repositories;
  return Promise.all(
    places.map((place) =>
      options.sandbox
        ? openSandbox(terminal, options, place, progress)
        : openAccount(terminal, options, place),
    ),
  );
}

async function openSandbox(
  terminal: Terminal,
  options: GlobalOptions,
  place: Repository | null,
  progress: ProgressLine,
): Promise<Account> {
  const account = place?.config.account ?? null;
  const repository = { root: place?.root ?? null, config: { scope: place?.config.scope ?? '', account } };
  const context = { terminal, options, project: { repository }, mask: new Mask(), progress };
  const { baseUrl, apiKey, close } = await startEmbedded(context, 'read');
  return {
    account: account?.name ?? null,
    url: baseUrl,
    setting: 'the sandbox in this process',
    env: {},
    variable: 'TELNYX_API_KEY',
    keyFacts: { kind: 'sandbox' },
    key: apiKey,
    close,
  };
}

async function openAccount(
  terminal: Terminal,
  options: GlobalOptions,
  place: Repository | null,
): Promise<Account> {
  const account = place?.config.account ?? null;
  const { keyEnv, url, setting } = accessOf(account, terminal.env);
  const { keyFacts, key } = await examineKey(terminal, options, { root: place?.root ?? null, keyEnv });
  return {
    account: account?.name ?? null,
    url,
    setting,
    env: terminal.env,
    variable: keyEnv,
    keyFacts,
    key,
    close: async () => {},
  };
}

const SHORTEST_KEY = 16;

async function examineKey(
  terminal: Terminal,
  options: GlobalOptions,
  place: { readonly root: string | null; readonly keyEnv: string },
): Promise<Pick<Account, 'keyFacts' | 'key'>> {
  try {
    const text = (await readKey(terminal, options, place)) ?? '';
    // A mistyped key is nearly a key. What is shorter than any key would hide ordinary words.
    if (text.trim().length >= SHORTEST_KEY) terminal.hide(text.trim());
    const key = checkApiKey(text, place.keyEnv);
    const origin = options.apiKeyFile === undefined ? place.keyEnv : '--api-key-file';
    return { keyFacts: { kind: 'present', origin, hasBlanks: text.trim() !== text }, key };
  } catch (error) {
    if (error instanceof AuthenticationError)
      return { keyFacts: { kind: 'unusable', message: error.message }, key: null };
    if (!(error instanceof InvalidInputError)) throw error;
    return { keyFacts: { kind: 'unreadable', message: error.message }, key: null };
  }
}

/* ---- This machine ---- */

function examineSetup(
  terminal: Terminal,
  { facts, repositories }: Awaited<ReturnType<typeof readConfiguration>>,
  accounts: readonly Account[],
): readonly Finding[] {
  const planKey = terminal.env.REGSYNC_PLAN_KEY?.trim() || null;
  if (planKey !== null && planKey.length >= SHORTEST_KEY) terminal.hide(planKey);
  return [
    finding('setup', ['node', 'Node'], judgeNode(process.versions.node)),
    finding('setup', ['configuration', 'configuration'], judgeConfiguration(facts)),
    ...(repositories.length === 0
      ? []
      : [finding('setup', ['manifests', 'manifests'], judgeManifests(readManifestFolders(repositories)))]),
    ...accounts.map(({ keyFacts, account }) =>
      finding('setup', ['key', 'API key'], judgeKey(keyFacts), account),
    ),
    finding(
      'setup',
      ['plan-key', 'REGSYNC_PLAN_KEY'],
      judgePlanKey(planKey === null ? null : planKey.length),
    ),
  ];
}

/* ---- Telnyx ---- */

interface Examination {
  readonly terminal: Terminal;
  readonly progress: ProgressLine;
  readonly recording: Recording;
}

interface TelnyxFindings {
  readonly telnyx: readonly Finding[];
  readonly api: readonly Finding[];
}

async function examineTelnyx(examination: Examination, account: Account): Promise<TelnyxFindings> {
  const { terminal, progress, recording } = examination;
  terminal.meter.enter('Telnyx');
  progress.step('Looking for Telnyx …');
  const { findings, received, skewMs } = await examineConnection(account, recording);
  const line = (id: string, subject: string, verdict: Parameters<typeof finding>[2]): Finding =>
    finding('telnyx', [id, subject], verdict, account.account);
  const isThere = received !== null && findings.every(({ exit }) => exit === null);
  if (!isThere) return { telnyx: findings, api: [] };
  const clock = line('clock', 'clock', judgeClock(skewMs));
  if (account.key === null) {
    const nothing = line(
      'permission',
      'permission',
      unseen('nothing to look at: there is no key to ask with'),
    );
    return { telnyx: [...findings, nothing, clock], api: [] };
  }
  progress.step('Asking what the account shows, with GETs alone …');
  const { facts, headers } = await askWithKey(examination, account, account.key);
  const statuses = statusesOf(facts, ({ first }) => (first.failure === null ? first.status : 0));
  const telnyx = [
    ...findings,
    line('permission', 'permission', judgePermission(statuses.core)),
    ...(statuses.orders.size === 0
      ? []
      : [line('order-permission', 'permission: orders', judgeOrderPermission(statuses.orders))]),
    clock,
    line('rate-limit', 'rate limit', judgeRate(headers ?? toProbeAnswer(received).headers)),
  ];
  const isRefused = [...statuses.core.values()].every((status) => status === 401 || status === 403);
  return { telnyx, api: isRefused ? [] : judgeAssumptions(facts, account.account) };
}

/** Of answers that came. */
function statusesOf(
  { lists }: AccountFacts,
  statusOf: (list: { readonly first: ProbeAnswer }) => number,
): { readonly core: ReadonlyMap<string, number>; readonly orders: ReadonlyMap<string, number> } {
  const all = [...lists].map(([name, list]) => [name, statusOf(list)] as const);
  const isOfOrders = (name: ListName): boolean => (ORDER_LISTS as readonly ListName[]).includes(name);
  return {
    core: new Map(all.filter(([name]) => !isOfOrders(name))),
    orders: new Map(all.filter(([name]) => isOfOrders(name))),
  };
}

async function askWithKey(
  { terminal, progress, recording }: Examination,
  { url, env }: Account,
  apiKey: Sensitive,
): Promise<{ readonly facts: AccountFacts; readonly headers: ProbeAnswer['headers'] | null }> {
  let last: ReceivedAnswer | null = null;
  terminal.hide(reveal(apiKey));
  const waits = tellWaits(progress.step, TIME_SCALE);
  const client = openReadClient({
    baseUrl: url,
    apiKey,
    mask: new Mask(),
    userAgent: `regsync/${VERSION}`,
    env,
    signal: terminal.signal,
    // Whoever asks what is wrong does not want to wait for it five times.
    timing: { ...scaleTiming(TIME_SCALE), attempts: 2 },
    onWait: waits.tell,
    onAnswer: (request, received) => {
      last = received;
      recording.add(request, received);
    },
  });
  const takeAnswer = (): ReceivedAnswer | null => {
    const taken = last;
    last = null;
    return taken;
  };
  try {
    const facts = await askAccount({ client, takeAnswer });
    const answers = [...facts.probes.values(), ...[...facts.lists.values()].map(({ first }) => first)];
    const headers = answers.find(({ status }) => status === 200)?.headers ?? null;
    return { facts, headers };
  } finally {
    waits.end();
    await client.close();
    terminal.meter.addTraffic(client.statistics());
    terminal.meter.enter('rest');
  }
}

/* ---- The record ---- */

/** A line about it: what was found out is shown, whether it could be kept or not. */
async function keepRecording(
  terminal: Terminal,
  { record }: DoctorCommandOptions,
  [repository]: readonly Repository[],
  recording: Recording,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  if (record === undefined) return [];
  const text = renderJson({
    format_version: '1.0',
    regsync_version: VERSION,
    node: process.versions.node,
    findings: findings.map(
      ({ id, standing, isSeen }) => `${id}: ${isSeen ? standing : 'nothing to look at'}`,
    ),
    answers: recording.answers,
  });
  const place = { what: 'the record', mode: 0o600, root: repository?.root ?? realPathOf(terminal.cwd) };
  const subject = ['record', 'record'] as const;
  try {
    const path = resolve(terminal.cwd, record);
    await refuseToReplace(path, record);
    await writeWholeFile(path, text, place);
    const message = `${record}: the shapes of ${recording.answers.length} answers, without values; read it before you send it`;
    return [finding('api', subject, expected(message))];
  } catch (error) {
    const { exit, message } = endingOf(error);
    return [finding('api', subject, unhandled(exit, message))];
  }
}

/** A mistyped name must not cost a manifest: of what is there, only an earlier record is replaced. */
async function refuseToReplace(path: string, shown: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile() || found.size === 0) return;
  const text = await readFile(path, 'utf8').catch(() => '');
  if (isRecordText(text)) return;
  throw new InvalidInputError(`${shown} is there already, and is no record: name another file`);
}

function isRecordText(text: string): boolean {
  try {
    return Array.isArray(Object(JSON.parse(text)).answers);
  } catch {
    return false;
  }
}
