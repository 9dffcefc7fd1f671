import type { State } from '../state/state.ts';
import { refusal } from './answer.ts';
import { optionalAmount, optionalFlag, optionalNumber, optionalText, refuseUnknown } from './input.ts';
import { isJsonObject, type JsonObject } from './request.ts';

/**
 * A fault to inject. It strikes at the `nth` matching request after it was planted, then `times` times in
 * all.
 */
export interface InjectedFault {
  readonly id: number;
  readonly match: FaultMatch;
  readonly times: number;
  readonly effect: FaultEffect;
  /** True if the request is carried out despite the fault. */
  readonly commit: boolean;
  /** The number of matching requests since the fault was planted. */
  readonly seen: number;
  readonly struck: number;
}

interface FaultMatch {
  readonly method: string | null;
  /** A regular expression over the path after `/v2`. */
  readonly path: string | null;
  /** The number of the request, from 1. */
  readonly nth: number;
}

export type FaultEffect =
  | { readonly kind: 'drop_before' | 'drop_after' | 'truncate' | 'stall' | 'noop' | 'gzip_bomb' | 'endless' }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body: StatusBody;
      readonly headers: Readonly<Record<string, string>>;
    };

type FaultKind = FaultEffect['kind'];

/**
 * The bodies of a `status` fault. An echo repeats the request with its headers, so a client that prints it
 * prints its secrets.
 */
const STATUS_BODIES = ['json', 'html', 'empty', 'echo', 'echo_html'] as const;
export type StatusBody = (typeof STATUS_BODIES)[number];

/** True if a request is carried out before its answer is spoilt, unless the fault says otherwise. */
const COMMITS: Readonly<Record<FaultKind, boolean>> = {
  drop_before: false,
  drop_after: true,
  truncate: true,
  slow: true,
  stall: false,
  noop: false,
  status: false,
  gzip_bomb: false,
  endless: false,
  redirect: false,
};

const FIELDS = ['kind', 'match', 'times', 'commit', 'ms', 'status', 'body', 'headers', 'location'] as const;
const MATCH_FIELDS = ['method', 'path', 'nth'] as const;

export function plantFault(state: State, body: JsonObject): InjectedFault {
  refuseUnknown(body, FIELDS);
  const effect = readEffect(body);
  const fault: InjectedFault = {
    id: state.nextFaultId,
    match: readMatch(body.match),
    times: optionalAmount(body, 'times') ?? 1,
    effect,
    commit: optionalFlag(body, 'commit') ?? COMMITS[effect.kind],
    seen: 0,
    struck: 0,
  };
  state.nextFaultId += 1;
  state.faults = [...state.faults, fault];
  return fault;
}

/**
 * Counts a request for every fault that it matches, and returns the fault that strikes. If several are due,
 * the one planted first strikes, and the others wait for the next matching request.
 */
export function takeFault(state: State, method: string, path: string): InjectedFault | null {
  if (state.faults.length === 0) return null;
  const counted = state.faults.map((fault) =>
    matches(fault.match, method, path) ? { ...fault, seen: fault.seen + 1 } : fault,
  );
  const due = counted.find((fault, index) => fault !== state.faults[index] && isDue(fault)) ?? null;
  state.faults = counted.map((fault) => (fault === due ? { ...fault, struck: fault.struck + 1 } : fault));
  return due;
}

function matches({ method, path }: FaultMatch, requestMethod: string, requestPath: string): boolean {
  return (
    (method === null || method === requestMethod) && (path === null || new RegExp(path).test(requestPath))
  );
}

function isDue({ match, seen, struck, times }: InjectedFault): boolean {
  return seen >= match.nth && struck < times;
}

function readMatch(value: unknown): FaultMatch {
  const match = value === undefined ? {} : value;
  if (!isJsonObject(match)) throw refusal(422, '10026', 'match must be an object.', { pointer: '/match' });
  refuseUnknown(match, MATCH_FIELDS, '/match');
  const path = optionalText(match, 'path') ?? null;
  if (path !== null && !isRegExp(path)) {
    throw refusal(422, '10026', 'path must be a regular expression.', { pointer: '/match/path' });
  }
  return {
    method: optionalText(match, 'method')?.toUpperCase() ?? null,
    path,
    nth: optionalAmount(match, 'nth') ?? 1,
  };
}

function isRegExp(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}

function readEffect(body: JsonObject): FaultEffect {
  const kind = body.kind;
  switch (kind) {
    case 'drop_before':
    case 'drop_after':
    case 'truncate':
    case 'stall':
    case 'noop':
    case 'gzip_bomb':
    case 'endless':
      return { kind };
    case 'slow':
      return { kind, ms: optionalAmount(body, 'ms') ?? 1000 };
    case 'redirect':
      return {
        kind,
        status: readStatus(body) ?? 302,
        location: optionalText(body, 'location') ?? 'http://example.com/',
      };
    case 'status':
      return {
        kind,
        status: readStatus(body) ?? 500,
        body: readStatusBody(body),
        headers: readHeaders(body),
      };
    default:
      throw refusal(422, '10032', `kind must be one of ${Object.keys(COMMITS).join(', ')}.`, {
        pointer: '/kind',
      });
  }
}

function readStatus(body: JsonObject): number | undefined {
  const status = optionalNumber(body, 'status');
  if (status === undefined || (Number.isInteger(status) && status >= 200 && status <= 599)) return status;
  throw refusal(422, '10033', 'status must be an HTTP status from 200 to 599.', { pointer: '/status' });
}

function readStatusBody(body: JsonObject): StatusBody {
  const wanted = body.body ?? 'json';
  const known = STATUS_BODIES.find((style) => style === wanted);
  if (known !== undefined) return known;
  throw refusal(422, '10032', `body must be one of ${STATUS_BODIES.join(', ')}.`, { pointer: '/body' });
}

function readHeaders(body: JsonObject): Record<string, string> {
  const headers = body.headers ?? {};
  if (!isJsonObject(headers))
    throw refusal(422, '10026', 'headers must be an object.', { pointer: '/headers' });
  return Object.fromEntries(Object.entries(headers).map(readHeader));
}

function readHeader([name, value]: readonly [string, unknown]): readonly [string, string] {
  if (typeof value === 'string' || typeof value === 'number') return [name.toLowerCase(), String(value)];
  throw refusal(422, '10020', 'A header must be a string.', { pointer: `/headers/${name}` });
}
