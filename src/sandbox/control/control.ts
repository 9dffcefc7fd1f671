import { forgetDocument, presentDocument, requireDocument } from '../documents/documents.ts';
import { presentAddress } from '../groups/addresses.ts';
import { addComment } from '../groups/comments.ts';
import { presentGroup, requireGroup } from '../groups/groups.ts';
import { dataAnswer, notFound, type Reply, refusal, refuseIfAny } from '../server/answer.ts';
import { type InjectedFault, plantFault } from '../server/faults.ts';
import {
  missingFields,
  optionalAmount,
  optionalChoice,
  optionalFlag,
  optionalNumber,
  optionalText,
  optionalTexts,
  readControl,
} from '../server/input.ts';
import { type Bucket, GENEROUS, type RateLimit } from '../server/rate-limit.ts';
import { type Exchange, type Handler, type JsonObject, readJsonObject } from '../server/request.ts';
import { clearLog, type RequestLog } from '../server/request-log.ts';
import type { Endpoint } from '../server/routes.ts';
import { nowMs, setClock, timeText } from '../state/clock.ts';
import { changeQuirks } from '../state/quirks.ts';
import type { Document, Group, KeyState, State } from '../state/state.ts';
import { freshState } from '../state/store.ts';
import { CATALOGUE_FIELDS, changeCatalogue } from './catalogue-change.ts';
import { CONVERSATION_CONTROLS } from './conversation.ts';
import { ORDER_CONTROLS } from './order-control.ts';
import { OVERWRITABLE, overwriteGroup, plantGroup } from './planting.ts';
import { PORTING_CONTROLS } from './porting-control.ts';
import { approve, decline, expire, retire } from './review.ts';

/**
 * All controls for rehearsals and tests. They need no key. The routes for groups take the id in the path, or
 * `?reference=` with the group's `customer_reference`, which means the newest such group.
 */
export function controlRoutes(log: RequestLog, bucket: Bucket): readonly Endpoint[] {
  return [
    ['GET', '/_sandbox/state', showState],
    ['POST', '/_sandbox/reset', (exchange) => reset(exchange, log)],
    ['POST', '/_sandbox/clock', moveClock],

    ['POST', '/_sandbox/approve-all', approveAll],
    ['POST', '/_sandbox/groups', plant],
    ...groupRoutes('PATCH', '', overwriteGroup, OVERWRITABLE),
    ...groupRoutes('POST', '/approve', approveAsAsked, ['expires_in_days']),
    ...groupRoutes('POST', '/decline', declineAsAsked, ['requirement_ids', 'comment']),
    ...groupRoutes('POST', '/ask', askAsAsked, ['comment']),
    ...groupRoutes('POST', '/expire', expireAsAsked, ['requirement_ids']),
    ...groupRoutes('POST', '/retire', retire, []),

    ...ORDER_CONTROLS,
    ...PORTING_CONTROLS,
    ...CONVERSATION_CONTROLS,

    ['POST', '/_sandbox/documents/{id}/scan', scan],
    ['POST', '/_sandbox/documents/{id}/verify', judge('verified')],
    ['POST', '/_sandbox/documents/{id}/deny', judge('denied')],
    ['DELETE', '/_sandbox/documents/{id}', vanish],

    ['GET', '/_sandbox/quirks', ({ state }) => dataAnswer(state.quirks)],
    ['PATCH', '/_sandbox/quirks', setQuirks],
    ['PUT', '/_sandbox/rate-limit', (exchange) => setRateLimit(exchange, bucket)],
    ['PATCH', '/_sandbox/catalogue/{country}/{type}/{action}', regulate],
    ['POST', '/_sandbox/keys', setKey],

    ['GET', '/_sandbox/requests', () => dataAnswer(log.entries)],
    ['DELETE', '/_sandbox/requests', () => forgetRequests(log)],

    ['GET', '/_sandbox/faults', ({ state }) => dataAnswer(state.faults)],
    ['POST', '/_sandbox/faults', addFault],
    ['DELETE', '/_sandbox/faults', clearFaults],
  ];
}

/* ---- The whole state ---- */

function showState({ state }: Exchange): Reply {
  return dataAnswer({
    now: timeText(nowMs(state)),
    quirks: state.quirks,
    rate_limit: state.rateLimit,
    faults: state.faults,
    keys: Object.fromEntries(state.keys),
    groups: [...state.groups.values()].map(presentGroup),
    documents: [...state.documents.values()],
    links: [...state.links.values()],
    addresses: [...state.addresses.values()].map((address) => presentAddress(state, address)),
    comments: [...state.comments.values()],
    number_orders: [...state.numberOrders.values()],
    sub_number_orders: [...state.subNumberOrders.values()],
    number_order_phone_numbers: [...state.orderedNumbers.values()],
    searched_numbers: [...state.searchedNumbers.keys()],
    porting_orders: [...state.portingOrders.values()],
    porting_comments: [...state.portingComments.values()],
    porting_actions: [...state.portingActions.values()],
    sub_order_actions: [...state.subOrderActions.values()],
    advanced_orders: [...state.advancedOrders.values()],
    requirement_types: [...state.requirementTypes.values()],
    requirement_sets: [...state.requirementSets.values()],
  });
}

function reset({ state, request }: Exchange, log: RequestLog): Reply {
  readControl(request, []);
  Object.assign(state, freshState());
  return forgetRequests(log);
}

/** Moves the clock by `{advance_seconds}`, or to `{now}`, an ISO time. */
function moveClock({ state, request }: Exchange): Reply {
  const body = readControl(request, ['advance_seconds', 'now']);
  const now = optionalText(body, 'now') ?? null;
  const toMs =
    now === null ? nowMs(state) + (optionalNumber(body, 'advance_seconds') ?? 0) * 1000 : Date.parse(now);
  if (Number.isNaN(toMs)) throw refusal(422, '10026', 'now must be an ISO time.', { pointer: '/now' });
  setClock(state, toMs);
  return dataAnswer({ now: timeText(toMs) });
}

/* ---- Groups ---- */

type GroupVerb = (state: State, group: Group, body: JsonObject) => Group;

function groupRoutes(method: string, verb: string, act: GroupVerb, fields: readonly string[]): Endpoint[] {
  const handler: Handler = (exchange) => {
    const body = readControl(exchange.request, fields);
    return dataAnswer(presentGroup(act(exchange.state, meantGroup(exchange), body)));
  };
  return [
    [method, `/_sandbox/groups${verb}`, handler],
    [method, `/_sandbox/groups/{id}${verb}`, handler],
  ];
}

function meantGroup({ state, request, params }: Exchange): Group {
  const reference = request.query.get('reference');
  if (reference === null) return requireGroup(state, params.id);
  const group = [...state.groups.values()].findLast((other) => other.customer_reference === reference);
  if (group === undefined) throw notFound('requirement group');
  return group;
}

function approveAsAsked(state: State, group: Group, body: JsonObject): Group {
  return approve(state, group, optionalNumber(body, 'expires_in_days') ?? null);
}

function declineAsAsked(state: State, group: Group, body: JsonObject): Group {
  const requirementIds = optionalTexts(body, 'requirement_ids') ?? null;
  return decline(state, group, requirementIds, optionalText(body, 'comment') ?? null);
}

/** Adds a reviewer's `{comment}`. The status stays. */
function askAsAsked(state: State, group: Group, body: JsonObject): Group {
  addComment(
    state,
    { type: 'requirement_group', id: group.id },
    optionalText(body, 'comment') ?? '',
    'admin',
  );
  return group;
}

function expireAsAsked(state: State, group: Group, body: JsonObject): Group {
  return expire(state, group, optionalTexts(body, 'requirement_ids') ?? null);
}

function approveAll({ state, request }: Exchange): Reply {
  readControl(request, []);
  const pending = [...state.groups.values()].filter(({ status }) => status === 'pending-approval');
  return dataAnswer({ approved: pending.map((group) => approve(state, group, null).id) });
}

function plant({ state, request }: Exchange): Reply {
  const body = readControl(request, ['id', ...OVERWRITABLE]);
  return dataAnswer(presentGroup(plantGroup(state, body)));
}

/* ---- Documents ---- */

function scan(exchange: Exchange): Reply {
  const { result } = readControl(exchange.request, ['result']);
  switch (result) {
    case 'scanned':
    case 'not_scanned':
      return judgeDocument(exchange, { av_scan_status: result });
    case 'infected':
      return judgeDocument(exchange, { av_scan_status: result, status: 'denied' });
    default:
      throw refusal(422, '10032', 'result must be scanned, infected or not_scanned.', { pointer: '/result' });
  }
}

function judge(status: Document['status']): Handler {
  return (exchange) => {
    readControl(exchange.request, []);
    return judgeDocument(exchange, { status });
  };
}

function judgeDocument({ state, params }: Exchange, judgement: Partial<Document>): Reply {
  const document = { ...requireDocument(state, params.id), ...judgement };
  state.documents.set(document.id, document);
  return dataAnswer(presentDocument(state, document));
}

/** Deletes a document even if it is linked. Values that name it then refer to nothing. */
function vanish({ state, params }: Exchange): Reply {
  const document = requireDocument(state, params.id);
  forgetDocument(state, document);
  return dataAnswer(presentDocument(state, document));
}

/* ---- Settings ---- */

function setQuirks({ state, request }: Exchange): Reply {
  state.quirks = changeQuirks(state.quirks, readJsonObject(request));
  return dataAnswer(state.quirks);
}

/**
 * Sets the rate limit. Fields that are left out return to their defaults, so `{}` restores the generous
 * limit.
 */
function setRateLimit({ state, request }: Exchange, bucket: Bucket): Reply {
  const body = readControl(request, ['limit', 'windowMs', 'resetStyle', 'retryAfter']);
  const rateLimit: RateLimit = {
    limit: optionalAmount(body, 'limit') ?? GENEROUS.limit,
    windowMs: optionalAmount(body, 'windowMs') ?? GENEROUS.windowMs,
    resetStyle: optionalChoice(body, 'resetStyle', ['seconds', 'epoch']) ?? GENEROUS.resetStyle,
    retryAfter: optionalFlag(body, 'retryAfter') ?? GENEROUS.retryAfter,
  };
  state.rateLimit = rateLimit;
  bucket.startedMs = 0;
  return dataAnswer(rateLimit);
}

function regulate({ state, request, params }: Exchange): Reply {
  const { country = '', type = '', action = '' } = params;
  const combination = { country_code: country, phone_number_type: type, action };
  return dataAnswer(changeCatalogue(state, combination, readControl(request, CATALOGUE_FIELDS)));
}

const KEY_STATES = ['ok', 'revoked', 'forbidden'] as const satisfies KeyState[];

function setKey({ state, request }: Exchange): Reply {
  const body = readControl(request, ['key', 'state']);
  refuseIfAny(missingFields(body, ['key', 'state']));
  const key = optionalText(body, 'key') ?? '';
  const keyState = optionalChoice(body, 'state', KEY_STATES) ?? 'ok';
  state.keys.set(key, keyState);
  return dataAnswer({ key, state: keyState });
}

/* ---- Requests and faults ---- */

function forgetRequests(log: RequestLog): Reply {
  clearLog(log);
  return dataAnswer({});
}

function addFault({ state, request }: Exchange): Reply {
  const fault: InjectedFault = plantFault(state, readJsonObject(request));
  return dataAnswer(fault);
}

function clearFaults({ state }: Exchange): Reply {
  state.faults = [];
  return dataAnswer([]);
}
