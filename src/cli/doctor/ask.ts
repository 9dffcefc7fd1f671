import {
  type AccountFacts,
  ignoresPaging,
  type ListFacts,
  type ListName,
  type ProbeAnswer,
  rowsIn,
} from '../../doctor/facts.ts';
import {
  CORE_LISTS,
  commentsOf,
  ORDER_LISTS,
  type Probe,
  probesFor,
  requirementsOf,
  secondPageOf,
} from '../../doctor/probes.ts';
import type { ReceivedAnswer } from '../../http/transport.ts';
import { ApiError, AuthenticationError, UnreachableError } from '../../model/errors.ts';
import type { Combination } from '../../model/resource.ts';
import { readAnswer } from '../../telnyx/answer.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { decodeRequirementSet } from '../../telnyx/decode/catalogue.ts';
import {
  decodeNumberOrder,
  decodeOrderedNumber,
  decodeSubNumberOrder,
} from '../../telnyx/decode/number-orders.ts';
import { decodePortingOrder } from '../../telnyx/decode/porting-orders.ts';
import {
  decodeAddress,
  decodeComment,
  decodeDocument,
  decodeDocumentLink,
  decodeGroup,
} from '../../telnyx/decode/resources.ts';
import { getRegulatoryRequirements } from '../../telnyx/endpoints/catalogue.ts';
import { believe } from '../../telnyx/fields.ts';
import { readPage } from '../../telnyx/page.ts';

/** A client and its last answer, because an error of the client does not contain the answer. */
export interface Asker {
  readonly client: ReadClient;
  readonly takeAnswer: () => ReceivedAnswer | null;
}

/**
 * Sends the probes one after the other, because the rate limit is unknown. Stops early if the key is refused
 * or no answer comes.
 */
export async function askAccount(asker: Asker): Promise<AccountFacts> {
  const lists = new Map<ListName, ListFacts>();
  const facts = { lists, probes: new Map<string, ProbeAnswer>() };
  const readList = async (name: ListName, probe: Probe): Promise<boolean> => {
    const list = await askList(asker, name, probe);
    lists.set(name, list);
    return list.first.status !== 401 && list.first.failure === null;
  };
  for (const name of CORE_LISTS) if (!(await readList(name, { template: `/${name}` }))) return facts;
  if (!(await readList('requirements', requirementsOf(facts)))) return facts;
  const comments = commentsOf(facts);
  if (comments !== null && !(await readList('comments', comments))) return facts;
  for (const name of ORDER_LISTS) if (!(await readList(name, { template: `/${name}` }))) return facts;
  for (const [id, probe] of probesFor(facts)) {
    const answer = await ask(asker, probe, id === 'regulatory' ? readRegulatory : undefined);
    facts.probes.set(id, answer);
    if (answer.status === 0) return facts;
  }
  return facts;
}

async function askList(asker: Asker, name: ListName, probe: Probe): Promise<ListFacts> {
  const query = { ...probe.query, 'page[number]': '1', 'page[size]': '250' };
  const first = await ask(asker, { ...probe, query });
  const rows = first.status === 200 ? (rowsIn(first.body) ?? []) : [];
  const second = rows.length < 2 ? null : await ask(asker, secondPageOf(probe));
  const failure =
    findUnreadable(name, first) ?? (ignoresPaging({ first, second }) ? await tryToRead(asker, probe) : null);
  return { first, second, failure };
}

const DECODERS: Readonly<Record<ListName, (row: unknown) => unknown>> = {
  requirement_groups: decodeGroup,
  documents: decodeDocument,
  document_links: decodeDocumentLink,
  addresses: decodeAddress,
  requirements: decodeRequirementSet,
  comments: decodeComment,
  number_orders: decodeNumberOrder,
  sub_number_orders: decodeSubNumberOrder,
  number_order_phone_numbers: decodeOrderedNumber,
  porting_orders: decodePortingOrder,
};

/**
 * Returns the error that a plan would report for the page, or for the first row that it cannot use. Null if
 * there is none.
 */
function findUnreadable(name: ListName, { status, body }: ProbeAnswer): string | null {
  if (status !== 200) return null;
  try {
    believe(`GET /${name}`, () => readPage({ status, body, dateMs: null })?.rows.map(DECODERS[name]));
    return null;
  } catch (error) {
    if (error instanceof UnreachableError) return error.message;
    throw error;
  }
}

/**
 * Reads the list as a plan does, because the answer ignored the paging and it is unknown whether a plan can
 * read it. Returns the error, or null.
 */
async function tryToRead({ client }: Asker, { template, query }: Probe): Promise<string | null> {
  return client.list(template, query).then(
    () => null,
    (error: unknown) => {
      if (isAnswer(error)) return error.message;
      throw error;
    },
  );
}

/** Returns false for an interruption or an error of regsync itself. */
function isAnswer(error: unknown): error is Error {
  return (
    error instanceof UnreachableError || error instanceof ApiError || error instanceof AuthenticationError
  );
}

type Read = (client: ReadClient, probe: Probe) => Promise<unknown>;

/** Reads the regulatory requirements as a plan does. */
const readRegulatory: Read = (client, { query = {} }) => {
  const [countryCode, phoneNumberType, action] = ['country_code', 'phone_number_type', 'action'].map(
    (field) => String(query[`filter[${field}]`]),
  );
  return getRegulatoryRequirements(client, { countryCode, phoneNumberType, action } as Combination);
};

const readPlainly: Read = (client, { template, params, query }) => client.get(template, params, query);

/** Sends a probe. The status is that of the answer, also of an error, and 0 if no answer came. */
async function ask(asker: Asker, probe: Probe, read = readPlainly): Promise<ProbeAnswer> {
  let failure: string | null = null;
  try {
    await read(asker.client, probe);
  } catch (error) {
    if (!isAnswer(error)) throw error;
    if (error instanceof UnreachableError) failure = error.message;
  }
  const received = asker.takeAnswer();
  return received === null
    ? { ...NO_ANSWER, failure: failure ?? NO_ANSWER.failure }
    : { ...toProbeAnswer(received), failure };
}

const NO_ANSWER: ProbeAnswer = {
  status: 0,
  headers: {},
  body: null,
  isJson: false,
  failure: 'there was no answer',
};

export function toProbeAnswer(received: ReceivedAnswer): ProbeAnswer {
  const answer = readAnswer(received);
  const headers = Object.entries(received.headers).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  return {
    status: received.status,
    headers: Object.fromEntries(headers),
    body: answer?.body ?? null,
    isJson: answer !== null && received.bytes.length > 0,
    failure: null,
  };
}
