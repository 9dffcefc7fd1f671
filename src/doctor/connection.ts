import type { Verdict } from '../model/report/doctor.ts';
import { isRecord, type ProbeAnswer } from './facts.ts';
import { count, enumerate, expected, handled, invalid, unauthorised, unreadable, unseen } from './verdict.ts';

/** Verdicts about the way to Telnyx. */

/** @param setting the variable or key that names the base URL, or null for the default. */
export function judgeBaseUrl(href: string, setting: string | null): Verdict {
  return setting === null ? expected(`${href}, the default`) : expected(`${href}, from ${setting}`);
}

export interface ProxyFacts {
  /**
   * `proxy` if there is one, `broken` if the variable in use does not name one, and else the reason for none.
   */
  readonly kind: 'proxy' | 'broken' | 'no-tls' | 'unset' | 'excepted';
  /** The variable, or the error in it. Otherwise empty. */
  readonly text: string;
  /** True if ALL_PROXY is set, which regsync does not read. */
  readonly hasOther: boolean;
}

export function judgeProxy({ kind, text, hasOther }: ProxyFacts): Verdict {
  switch (kind) {
    case 'no-tls':
      return expected('none: a server on this machine is reached directly');
    case 'broken':
      return invalid(text);
    case 'excepted':
      return expected('none: NO_PROXY names the host');
    case 'unset':
      return hasOther
        ? handled('none: ALL_PROXY is set, which regsync does not read; if it is needed, set HTTPS_PROXY')
        : expected('none: neither HTTPS_PROXY nor HTTP_PROXY is set');
    case 'proxy':
      return expected(`through the one that ${text} names`);
    default:
      return kind satisfies never;
  }
}

export interface CertificatesFacts {
  readonly extra:
    | { readonly kind: 'unset' }
    | { readonly kind: 'unreadable'; readonly why: string }
    | { readonly kind: 'read'; readonly certificates: number };
  /** True if NODE_TLS_REJECT_UNAUTHORIZED is 0. */
  readonly isUnchecked: boolean;
}

export function judgeCertificates({ extra, isUnchecked }: CertificatesFacts): Verdict {
  if (isUnchecked) {
    return handled(
      'not checked, since NODE_TLS_REJECT_UNAUTHORIZED is 0: your key would go to any server in between. Unset it',
    );
  }
  switch (extra.kind) {
    case 'unset':
      return expected('checked against those that Node trusts');
    case 'unreadable':
      return handled(
        `NODE_EXTRA_CA_CERTS names a file that cannot be read: ${extra.why}. Node goes on without it: correct the path, or unset it`,
      );
    case 'read':
      return extra.certificates === 0
        ? handled('NODE_EXTRA_CA_CERTS names a file without a certificate in it (PEM is wanted)')
        : handled(
            `checked against those that Node trusts and ${extra.certificates} more in the file that NODE_EXTRA_CA_CERTS names`,
          );
    default:
      return extra satisfies never;
  }
}

/** The result of one request without a key. */
export type ConnectionFacts =
  | {
      readonly kind: 'fault';
      readonly message: string;
      /** The setting that may be wrong, or null. */
      readonly doubt: string | null;
      /** The server was not reached, and no variable names a proxy. */
      readonly mayWantProxy: boolean;
    }
  | { readonly kind: 'answered'; readonly answer: ProbeAnswer };

export function judgeConnection(facts: ConnectionFacts): Verdict {
  if (facts.kind === 'fault') {
    const doubt = facts.doubt === null ? '' : `. Is ${facts.doubt} right?`;
    const proxy = facts.mayWantProxy
      ? '. Is this machine online? If its network wants a proxy, set HTTPS_PROXY'
      : '';
    return unreadable(`${facts.message}${doubt}${proxy}`);
  }
  const { status, isJson } = facts.answer;
  if (status === 401 || status === 403) {
    return isJson
      ? expected('it answers, and wants a key')
      : handled(`it answers ${status} without JSON to a request without a key`);
  }
  if (status === 429) return handled('it answers 429: somebody uses up the rate limit');
  if (status >= 300 && status < 400) {
    return unreadable(
      `it answers with a redirect (${status}), which is not followed: is the base URL right, or does a login page stand in between?`,
    );
  }
  if (status >= 500) return unreadable(`it answers ${status}: try again later`);
  if (status >= 400 || !isJson) {
    return unreadable(
      `another server than the API of Telnyx answers there (${status}): is the base URL right, with its /v2?`,
    );
  }
  return handled('it answers without a key');
}

/** @param statuses the statuses by the name of the list. */
export function judgePermission(statuses: ReadonlyMap<string, number>): Verdict {
  const refusedWith = (status: number) =>
    [...statuses].filter(([, answered]) => answered === status).map(([name]) => `/${name}`);
  if (refusedWith(401).length > 0) {
    return unauthorised(
      'Telnyx does not accept the key (401): it is mistyped, revoked, or of another server of Telnyx. Copy it anew from the portal',
    );
  }
  const forbidden = refusedWith(403);
  if (forbidden.length > 0) {
    return unauthorised(
      `the key may not read ${enumerate(forbidden)} (403): give it the permission in the portal, or use another key`,
    );
  }
  const read = [...statuses.values()].filter((status) => status === 200).length;
  return read === 0
    ? unseen('nothing was read')
    : expected(
        `it may read ${read === statuses.size ? 'all' : `${read} of the`} ${statuses.size} lists that a plan needs`,
      );
}

/** Judges the access to orders, which are read only if manifests name some. */
export function judgeOrderPermission(statuses: ReadonlyMap<string, number>): Verdict {
  const refused = [...statuses].filter(([, status]) => status === 403).map(([name]) => `/${name}`);
  if (refused.length > 0) {
    return handled(
      `the key may not read ${enumerate(refused)} (403): only \`attach\` and orders in manifests need that`,
    );
  }
  return statuses.size === 0 ? unseen('nothing was read') : expected('it may read orders');
}

const MAX_SKEW_MS = 60_000;

/** @param skewMs the lead of the server's clock over this machine's. Null if answers have no date. */
export function judgeClock(skewMs: number | null): Verdict {
  if (skewMs === null) {
    return handled('answers have no Date, so regsync takes the time of this machine for ages and expiries');
  }
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return expected('within a minute of that of the server');
  const side = skewMs > 0 ? 'behind' : 'ahead of';
  return handled(
    `${describeSpan(Math.abs(skewMs))} ${side} that of the server. Ages and expiries go by the server's; set this one right, for certificates are judged by it`,
  );
}

function describeSpan(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return count(Math.max(1, minutes), 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}

/** A plan of many groups has to wait if less than this share is left. */
const LOW_SHARE = 0.1;

export function judgeRate(headers: ProbeAnswer['headers']): Verdict {
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
    figureOf(headers[`x-ratelimit-${name}`]),
  );
  if (limit == null && remaining == null && reset == null) {
    return handled(
      'answers say nothing of it (x-ratelimit-…): regsync waits only once it is turned away (429)',
    );
  }
  const figures = `${remaining ?? '?'} of ${limit ?? '?'} requests left (x-ratelimit-reset: ${reset ?? 'not said'})`;
  if (remaining == null) return handled(`${figures}: the rest is not said`);
  const isLow = Number.parseFloat(remaining) < LOW_SHARE * Number.parseFloat(limit ?? '');
  return isLow ? handled(`${figures}: regsync waits for the reset before it is used up`) : expected(figures);
}

/** Reads figures, of which there may be several. Other text is not repeated. */
export function figureOf(header: string | undefined): string | null {
  return header !== undefined && /^[\d., ;=w]{1,60}$/.test(header) ? header.trim() : null;
}

/** Judges the header of the request id. Other clients of the API also read the second. */
export function judgeRequestId(headers: ProbeAnswer['headers']): Verdict {
  if (headers['x-request-id'] !== undefined) return expected('x-request-id');
  return headers['x-telnyx-request-id'] === undefined
    ? handled('answers have none: error messages name no request id')
    : handled('x-telnyx-request-id');
}

/** Judges the body of a 404. regsync itself reads only the status. */
export function judgeMissing({ status, body, isJson }: ProbeAnswer): Verdict {
  if (status === 404) {
    const errors = isRecord(body) && Array.isArray(body.errors) ? body.errors : null;
    const code = errors !== null && isRecord(errors[0]) ? errors[0].code : undefined;
    if (String(code) === '10005') return expected('404, code 10005');
    return handled(isJson ? '404, with another body than described' : '404, without JSON');
  }
  if (status === 422) return handled('422 in place of 404');
  return status < 400
    ? unreadable(`${status}: something is found that is not there`)
    : unreadable(`${status} in place of 404: regsync cannot tell that something is gone`);
}
