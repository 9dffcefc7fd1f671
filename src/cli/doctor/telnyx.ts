import { TIME_SCALE, VERSION } from '../../build.ts';
import { judgeAssumptions } from '../../doctor/assumptions.ts';
import { judgeClock, judgeOrderPermission, judgePermission, judgeRate } from '../../doctor/connection.ts';
import type { AccountFacts, ListName, ProbeAnswer } from '../../doctor/facts.ts';
import { ORDER_LISTS } from '../../doctor/probes.ts';
import { finding, unseen } from '../../doctor/verdict.ts';
import type { ReceivedAnswer } from '../../http/transport.ts';
import { Redactor } from '../../model/privacy/redactor.ts';
import { reveal, type Sensitive } from '../../model/privacy/sensitive.ts';
import type { Finding } from '../../model/report/doctor.ts';
import { openReadClient } from '../../telnyx/client.ts';
import { scaleTiming } from '../../telnyx/options.ts';
import type { ProgressLine } from '../session/progress.ts';
import type { Terminal } from '../session/terminal.ts';
import { tellWaits } from '../session/waits.ts';
import type { ExaminedAccount } from './accounts.ts';
import { askAccount, toProbeAnswer } from './ask.ts';
import { examineConnection } from './connection.ts';
import type { Recording } from './recording.ts';

/** Examines the connection to Telnyx and, if there is a key, the answers that the account gets. */
export async function examineTelnyx(
  examination: Examination,
  account: ExaminedAccount,
): Promise<TelnyxFindings> {
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
    const nothing = line('permission', 'permission', unseen('not checked: regsync has no API key to use'));
    return { telnyx: [...findings, nothing, clock], api: [] };
  }
  progress.step('Reading the account, with GET requests only …');
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

interface Examination {
  readonly terminal: Terminal;
  readonly progress: ProgressLine;
  readonly recording: Recording;
}

interface TelnyxFindings {
  readonly telnyx: readonly Finding[];
  readonly api: readonly Finding[];
}

/** Returns the status of each list that was asked for, apart for those of orders. */
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
  { url, env }: ExaminedAccount,
  apiKey: Sensitive,
): Promise<{ readonly facts: AccountFacts; readonly headers: ProbeAnswer['headers'] | null }> {
  let last: ReceivedAnswer | null = null;
  terminal.hide(reveal(apiKey));
  const waits = tellWaits(progress.step, TIME_SCALE);
  const client = openReadClient({
    baseUrl: url,
    apiKey,
    redactor: new Redactor(),
    userAgent: `regsync/${VERSION}`,
    env,
    signal: terminal.signal,
    // A diagnosis retries only once, so that it does not keep a person waiting.
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
