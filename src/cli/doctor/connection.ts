import { setTimeout as sleep } from 'node:timers/promises';
import { TIME_SCALE, VERSION } from '../../build.ts';
import {
  type CertificatesFacts,
  type ConnectionFacts,
  judgeBaseUrl,
  judgeCertificates,
  judgeConnection,
  judgeProxy,
  type ProxyFacts,
} from '../../doctor/connection.ts';
import { finding, unhandled } from '../../doctor/verdict.ts';
import { ConnectionFault } from '../../http/fault.ts';
import { routeTo } from '../../http/proxy.ts';
import { openTransport, type ReceivedAnswer } from '../../http/transport.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { EXIT } from '../../model/exit.ts';
import type { Finding } from '../../model/report/doctor.ts';
import { checkBaseUrl } from '../../telnyx/access.ts';
import type { Terminal } from '../session/terminal.ts';
import { toProbeAnswer } from './ask.ts';
import type { Recording } from './recording.ts';
import { countCertificates } from './repository.ts';

export interface Target {
  readonly account: string | null;
  readonly url: string;
  /** The setting that contains the URL. Null if it is the default. */
  readonly setting: string | null;
  /** The environment with the proxy variables. It is empty for the sandbox of this process. */
  readonly env: Terminal['env'];
}

export interface ConnectionReading {
  readonly findings: readonly Finding[];
  /** The answer. Null if there was none. */
  readonly received: ReceivedAnswer | null;
  /** The time by which the server's clock is ahead. Null if unknown. */
  readonly skewMs: number | null;
}

/** Checks that Telnyx answers. Sends no key, so that nothing between here and Telnyx sees one. */
export async function examineConnection(target: Target, recording: Recording): Promise<ConnectionReading> {
  const line = (id: string, subject: string, verdict: Parameters<typeof finding>[2]): Finding =>
    finding('telnyx', [id, subject], verdict, target.account);
  const base = attempt(() => checkBaseUrl(target.url, target.setting));
  if (base instanceof InvalidInputError) {
    const verdict = unhandled(EXIT.invalid, base.message);
    return { findings: [line('base-url', 'base URL', verdict)], received: null, skewMs: null };
  }
  const isLocal = base.origin.startsWith('http:');
  const proxy = proxyFacts(base.origin, target.env);
  const before = [
    line('base-url', 'base URL', judgeBaseUrl(base.href, target.setting)),
    line('proxy', 'proxy', judgeProxy(proxy)),
    ...(isLocal
      ? []
      : [line('certificates', 'certificates', judgeCertificates(certificatesFacts(target.env)))]),
  ];
  if (proxy.kind === 'broken') return { findings: before, received: null, skewMs: null };
  const { facts, received, skewMs } = await knock(target, base, proxy.kind === 'unset', recording);
  return {
    findings: [...before, line('connection', 'connection', judgeConnection(facts))],
    received,
    skewMs,
  };
}

function attempt<T>(task: () => T): T | InvalidInputError {
  try {
    return task();
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
}

function proxyFacts(origin: string, env: Terminal['env']): ProxyFacts {
  const hasOther = Boolean((env.all_proxy || env.ALL_PROXY)?.trim());
  const route = attempt(() => routeTo(origin, env));
  if (route instanceof InvalidInputError) return { kind: 'broken', text: route.message, hasOther };
  return route.kind === 'proxy'
    ? { kind: 'proxy', text: route.variable, hasOther }
    : { kind: route.because, text: '', hasOther };
}

function certificatesFacts(env: Terminal['env']): CertificatesFacts {
  const isUnchecked = env.NODE_TLS_REJECT_UNAUTHORIZED === '0';
  const file = env.NODE_EXTRA_CA_CERTS;
  if (!file) return { extra: { kind: 'unset' }, isUnchecked };
  const found = countCertificates(file);
  return {
    extra:
      typeof found === 'number'
        ? { kind: 'read', certificates: found }
        : { kind: 'unreadable', why: found.why },
    isUnchecked,
  };
}

/** The request of the check. Without a key, Telnyx should answer that it needs one. */
const ASKED = { method: 'GET', template: '/requirement_groups', query: { 'page[size]': '1' } } as const;
const ATTEMPTS = 2;

async function knock(
  target: Target,
  base: ReturnType<typeof checkBaseUrl>,
  hasNoProxy: boolean,
  recording: Recording,
): Promise<{ facts: ConnectionFacts; received: ReceivedAnswer | null; skewMs: number | null }> {
  const { origin, path } = base;
  const transport = openTransport({
    origin,
    access: 'read',
    connections: 1,
    connectMs: 10_000 * TIME_SCALE,
    env: target.env,
  });
  try {
    for (let number = 1; ; number += 1) {
      const askedMs = Date.now();
      const answer = await transport
        .exchange({
          method: ASKED.method,
          path: `${path}${ASKED.template}?page%5Bsize%5D=1`,
          headers: {
            accept: 'application/json',
            'accept-encoding': 'gzip',
            'user-agent': `regsync/${VERSION}`,
          },
          body: [],
          timeoutMs: 15_000 * TIME_SCALE,
          maxBytes: 1024 * 1024,
        })
        .catch((error: unknown) => {
          if (error instanceof ConnectionFault) return error;
          throw error;
        });
      if (!(answer instanceof ConnectionFault)) {
        recording.add(ASKED, answer);
        const facts = { kind: 'answered', answer: toProbeAnswer(answer) } as const;
        return { facts, received: answer, skewMs: skewOf(answer, (askedMs + Date.now()) / 2) };
      }
      if (answer.kind === 'unusable' || number === ATTEMPTS) {
        const isUnreached = answer.kind === 'unsent' && !answer.isProxy;
        const doubt = isUnreached ? target.setting : null;
        const mayWantProxy = isUnreached && hasNoProxy;
        const facts = { kind: 'fault', message: answer.message, doubt, mayWantProxy } as const;
        return { facts, received: null, skewMs: null };
      }
      await sleep(1_000 * TIME_SCALE);
    }
  } finally {
    await transport.close();
  }
}

/** Returns the skew of the clock. Adds half a second, because the header has whole seconds. */
function skewOf({ headers }: ReceivedAnswer, hereMs: number): number | null {
  const thereMs = Date.parse(String(headers.date ?? ''));
  return Number.isNaN(thereMs) ? null : thereMs + 500 - hereMs;
}
