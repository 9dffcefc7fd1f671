import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { applyChanges } from '../../src/apply/apply.ts';
import type { Project } from '../../src/cli/session/project.ts';
import { planFrom, type ReadState, readState } from '../../src/cli/session/read-state.ts';
import { derivePlanKeys } from '../../src/kinds/values/fingerprint.ts';
import { NO_IDENTITIES } from '../../src/manifest/encryption/identities.ts';
import { byKind, type DesiredByKind, selectAll } from '../../src/model/kinds.ts';
import type { ChangedSince } from '../../src/model/plan/changed.ts';
import type { Decisions } from '../../src/model/plan/decisions.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';
import type { Outcome } from '../../src/model/plan/outcome.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import { Redactor } from '../../src/model/privacy/redactor.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { references } from '../../src/model/reference-names.ts';
import {
  asReference,
  asRemoteId,
  type Desired,
  type DesiredContent,
  type DesiredGroup,
} from '../../src/model/resource.ts';
import { compareText } from '../../src/model/text/compare-text.ts';
import { SANDBOX_KEY, type Sandbox, startSandbox } from '../../src/sandbox/server.ts';
import type { Quirks } from '../../src/sandbox/state/quirks.ts';
import {
  openReadClient,
  openWriteClient,
  type ReadClient,
  type WriteClient,
} from '../../src/telnyx/client.ts';
import { type ClientOptions, scaleTiming } from '../../src/telnyx/options.ts';
import type { Params, Query } from '../../src/telnyx/request.ts';
import {
  ADDED,
  addressFields,
  addressReference,
  addressSha256,
  COMBINATIONS,
  type Combination,
  documentBytes,
  documentReference,
  documentSha256,
  type Health,
  type Owner,
  type Requirement,
  SCOPE,
  sensitive,
  textOf,
  writtenText,
} from './contents.ts';
import {
  type GroupSpec,
  type HeldSpec,
  type HeldValueSpec,
  NAMES,
  type ValueSpec,
  type World,
} from './worlds.ts';

/** A world made real: the sandbox holds what Telnyx holds, and the way from there to a plan and its end is the real one. */
export interface Scene {
  readonly desired: Desired;
  /** Throws what the commands throw. */
  readonly plan: (changed?: Partial<PlanRun>) => Promise<Reading>;
  /** As `apply` does it: nothing where a gate is closed. */
  readonly apply: (reading: Reading, run?: Partial<ApplyRun>) => Promise<readonly Outcome[]>;
  readonly state: () => Promise<State>;
  readonly writes: () => Promise<readonly LoggedWrite[]>;
  readonly forgetRequests: () => Promise<void>;
  readonly control: (method: string, path: string, body?: unknown) => Promise<unknown>;
  /** As somebody else who works with the same account. */
  readonly api: (method: string, path: string, body?: unknown) => Promise<unknown>;
}

interface PlanRun {
  readonly desired: Desired;
  /** What the run is narrowed to. */
  readonly changed: ChangedSince;
  readonly prune: boolean;
  /** Changes what the API answers, before anything reads it. */
  readonly through: (client: ReadClient) => ReadClient;
  readonly warnDays: number;
}

interface ApplyRun {
  readonly parallelism: number;
  /** Interrupted when so many writes were answered. */
  readonly stopAfterWrites: number;
}

export interface Reading {
  readonly readState: ReadState;
  readonly decisions: Decisions;
  readonly plan: Plan;
}

export interface LoggedWrite {
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly body: Readonly<Record<string, unknown>> | null;
}

export interface State {
  readonly groups: readonly GroupState[];
  readonly documents: readonly DocumentState[];
  readonly addresses: readonly AddressState[];
}

export interface GroupState {
  readonly id: string;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly action: string;
  readonly customer_reference: string | null;
  readonly status: string;
  readonly regulatory_requirements: readonly {
    readonly requirement_id: string;
    readonly field_value: string;
    readonly status: string;
  }[];
}

interface DocumentState {
  readonly id: string;
  readonly sha256: string;
  readonly customer_reference: string | null;
}

type AddressState = Readonly<Record<string, unknown>> & { readonly id: string };

export const PLAN_KEYS = derivePlanKeys(new Sensitive('KEYsample'), {
  scope: SCOPE,
  account: null,
  baseUrl: 'sandbox',
});

/** Waits are short; an answer may take its time all the same. */
const TIMING = { ...scaleTiming(0.002), connectMs: 10_000, requestMs: 10_000 };

/** One sandbox for all worlds of a file, emptied before each. */
export function useRepository(): (world: World, play: (scene: Scene) => Promise<void>) => Promise<void> {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.close());
  return async (world, play) => {
    const opened: ReadClient[] = [];
    try {
      await play(await setUp(sandbox, world, opened));
    } finally {
      await Promise.all(opened.map((client) => client.close()));
    }
  };
}

async function setUp(sandbox: Sandbox, world: World, opened: ReadClient[]): Promise<Scene> {
  const call = (method: string, path: string, body?: unknown) => send(sandbox.origin + path, method, body);
  const control: Scene['control'] = (method, path, body) => call(method, `/_sandbox${path}`, body);
  const desired = await plantWorld(call, world);
  const project = projectOf(desired, world);
  const options = (redactor: Redactor): ClientOptions => ({
    baseUrl: sandbox.url,
    apiKey: new Sensitive(SANDBOX_KEY),
    redactor,
    userAgent: 'regsync/test',
    timing: TIMING,
  });
  const keep = <Client extends ReadClient>(client: Client): Client => {
    opened.push(client);
    return client;
  };
  const redactor = new Redactor();
  const reader = keep(openReadClient(options(redactor)));
  const names = selectedNames(desired, world);

  return {
    desired,
    control,
    api: (method, path, body) => call(method, `/v2${path}`, body),
    plan: async (changed = {}) => {
      const stated = { ...project, desired: changed.desired ?? desired };
      const touched = changed.changed?.names;
      const isTouched = (name: string) => touched?.includes(`RequirementGroup/${name}`) ?? true;
      const all = touched === undefined ? names : selectAll(stated.desired).RequirementGroup;
      const read = await readState(
        (changed.through ?? same)(reader),
        stated,
        { ...selectAll(stated.desired), RequirementGroup: new Set([...all].filter(isTouched)) },
        redactor,
      );
      const made = planFrom(read, stated, {
        options: {
          paths: [],
          targets: isNarrowed(world) ? [...names] : [],
          ...CLOSED_GATES,
          prune: changed.prune ?? world.gates.prune,
          allow_replace: world.gates.allow_replace,
          allow_delete: world.gates.allow_delete,
          ...(changed.changed === undefined ? {} : { changed: changed.changed }),
        },
        keys: PLAN_KEYS,
        cover: (text) => text,
        ...(changed.warnDays === undefined ? {} : { warnDays: changed.warnDays }),
      });
      return { readState: read, ...made };
    },
    apply: async ({ readState: { observed }, decisions, plan }, run = {}) => {
      if (!plan.applyable) return [];
      const interruption = new AbortController();
      const { signal } = interruption;
      const writer = keep(openWriteClient({ ...options(redactor), signal }));
      return applyChanges({
        changes: decisions.changes,
        observed,
        client: stopping(writer, interruption, run.stopAfterWrites ?? Number.POSITIVE_INFINITY),
        readDocument: async (path) => documentBytes(Number(path.match(/(\d+)\.pdf$/)?.[1])),
        parallelism: run.parallelism ?? 4,
        signal,
        wait: () => nextTurn(),
        onProgress: () => {},
      });
    },
    state: async () => withoutClocks((await control('GET', '/state')) as State),
    writes: async () => {
      const entries = (await control('GET', '/requests')) as readonly LoggedWrite[];
      return entries.filter(({ method }) => method !== 'GET');
    },
    forgetRequests: async () => void (await control('DELETE', '/requests')),
  };
}

function same<Value>(value: Value): Value {
  return value;
}

/** The request in flight is answered; after that one nothing is begun. */
function stopping(client: WriteClient, interruption: AbortController, most: number): WriteClient {
  let answered = 0;
  if (most === 0) interruption.abort();
  return {
    ...client,
    send: async (write) => {
      const answer = await client.send(write);
      answered += 1;
      if (answered >= most) interruption.abort();
      return answer;
    },
  };
}

/** When a document lost its last link is the sandbox's own book-keeping, and no write of anybody. */
function withoutClocks(state: State): State {
  const documents = state.documents.map((document) => ({ ...document, unlinked_since_ms: null }));
  return { groups: state.groups, documents, addresses: state.addresses };
}

type Call = (method: string, path: string, body?: unknown) => Promise<unknown>;

async function send(url: string, method: string, body: unknown): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${SANDBOX_KEY}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${text}`);
  return text === '' ? null : (JSON.parse(text) as { data: unknown }).data;
}

/* ---- Names and references ---- */

interface Settled {
  readonly spec: GroupSpec;
  readonly name: string;
  readonly combination: Combination;
  readonly requirements: readonly Requirement[];
  readonly reference: string;
  readonly statesReference: boolean;
  /** Of what Telnyx holds for it, in order. */
  readonly heldIds: readonly string[];
}

/** No two groups share both reference and combination: such manifests are refused before anything is read. */
function settleGroups(world: World): Settled[] {
  const taken = new Set<string>();
  return world.groups.map((spec, index) => {
    const name = NAMES[index] ?? `g${index}`;
    const combination = combinationAt(spec.combination);
    const key = combinationText(combination);
    const wanted = {
      default: references.group(SCOPE, name),
      own: `CRM ${name}`,
      shared: 'SHARED 1',
    } as const;
    const isFree = !taken.has(`${key} ${wanted[spec.reference]}`);
    const reference = isFree ? wanted[spec.reference] : wanted.default;
    taken.add(`${key} ${reference}`);
    const isAdded = world.regulated && key === ADDED.to;
    return {
      spec,
      name,
      combination,
      requirements: isAdded ? [...combination.requirements, ADDED.requirement] : combination.requirements,
      reference,
      statesReference: reference !== wanted.default,
      heldIds: spec.held.map((_, position) => groupId(index * 10 + position)),
    };
  });
}

function combinationAt(index: number): Combination {
  const combination = COMBINATIONS[index];
  if (combination === undefined) throw new Error(`there is no combination ${index}`);
  return combination;
}

function combinationText(combination: Omit<Combination, 'requirements'>): string {
  return `${combination.country_code}/${combination.phone_number_type}/${combination.action}`;
}

function groupId(number: number): string {
  return `0a000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

const GONE_DOCUMENT = '0d000000-0000-4000-8000-000000000000';
const GONE_ADDRESS = '1000000000000000001';

/* ---- Planting ---- */

/** Empties the sandbox, plants the world, and gives what the manifests say about it. */
async function plantWorld(call: Call, world: World): Promise<Desired> {
  const groups = settleGroups(world);
  await call('POST', '/_sandbox/reset');
  await call('PATCH', '/_sandbox/quirks', plantable(world.quirks));
  const planter = openPlanter(call);
  const old = world.loose.filter(({ fresh }) => !fresh);
  const young = world.loose.filter(({ fresh }) => fresh);
  await Promise.all(old.map((spec) => plantLoose(planter, spec, `old ${old.indexOf(spec)}`)));
  await Promise.all([
    ...groups.flatMap((group) =>
      group.spec.held.map((held, position) =>
        plantHeld(call, planter, group, held, group.heldIds[position] ?? ''),
      ),
    ),
    ...world.strays.map((stray, index) =>
      plantGroup(call, planter, null, {
        id: groupId(900 + index),
        combination: combinationAt(stray.combination),
        reference: stray.reference,
        status: stray.status,
        values: stray.values,
        expiresInDays: null,
      }),
    ),
  ]);
  const desired = await desiredOf(groups, planter);
  await call('POST', '/_sandbox/clock', { advance_seconds: world.minutesPassed * 60 });
  await Promise.all(young.map((spec) => plantLoose(planter, spec, `young ${young.indexOf(spec)}`)));
  if (world.regulated) {
    await call('PATCH', `/_sandbox/catalogue/${ADDED.to}`, { add: [ADDED.requirement.id] });
  }
  await call('PATCH', '/_sandbox/quirks', world.quirks);
  await call('DELETE', '/_sandbox/requests');
  return desired;
}

/** While planting, the sandbox answers in its usual way. */
function plantable(_: Partial<Quirks>): object {
  return { addresses_validate_abroad: 'pass' };
}

/** Makes each document and address once for all that hold it. */
interface Planter {
  readonly document: (item: number, owner: Owner, health: Health, copy?: string) => Promise<string>;
  readonly address: (item: number, owner: Owner, spelling: number, copy?: string) => Promise<string>;
}

function openPlanter(call: Call): Planter {
  const made = new Map<string, Promise<string>>();
  const once = (key: string, make: () => Promise<string>): Promise<string> => {
    const making = made.get(key) ?? make();
    made.set(key, making);
    return making;
  };
  return {
    document: (item, owner, health, copy = '') =>
      once(`document ${item} ${owner} ${health} ${copy}`, () => plantDocument(call, item, owner, health)),
    address: (item, owner, spelling, copy = '') =>
      once(`address ${item} ${owner} ${spelling} ${copy}`, () => plantAddress(call, item, owner, spelling)),
  };
}

async function plantDocument(call: Call, item: number, owner: Owner, health: Health): Promise<string> {
  const { id } = (await call('POST', '/v2/documents', {
    file: documentBytes(item).toString('base64'),
    filename: 'document.pdf',
    customer_reference: documentReference(item, owner),
  })) as { id: string };
  if (health === 'infected') await call('POST', `/_sandbox/documents/${id}/scan`, { result: 'infected' });
  if (health === 'denied') await call('POST', `/_sandbox/documents/${id}/deny`);
  return id;
}

/** Ours may be stored in another way than it was sent: its reference says what it is. */
async function plantAddress(call: Call, item: number, owner: Owner, spelling: number): Promise<string> {
  const fields = [...addressFields(item, spelling)].map(([field, value]) => [
    field,
    owner === 'ours' && spelling === 2 ? value.toUpperCase() : value,
  ]);
  const { id } = (await call('POST', '/v2/addresses', {
    ...Object.fromEntries(fields),
    customer_reference: addressReference(item, owner),
    address_book: false,
    validate_address: false,
  })) as { id: string };
  return id;
}

async function plantLoose(planter: Planter, spec: World['loose'][number], copy: string): Promise<void> {
  if (spec.kind === 'document') await planter.document(spec.item, spec.owner, spec.health, copy);
  else await planter.address(spec.item, spec.owner, 0, copy);
}

async function plantHeld(
  call: Call,
  planter: Planter,
  group: Settled,
  held: HeldSpec,
  id: string,
): Promise<void> {
  const neighbour = NAMES[(NAMES.indexOf(group.name as (typeof NAMES)[number]) + 1) % NAMES.length];
  const reference = {
    wanted: group.reference,
    'old-name': `regsync/${SCOPE}/former-${group.name}`,
    neighbour: `regsync/${SCOPE}/${neighbour}`,
    vendor: 'CRM-0001',
    'other-scope': `regsync/acme2/${group.name}`,
    none: null,
  }[group.spec.pinned ? held.reference : 'wanted'];
  const combination = held.combination === null ? group.combination : combinationAt(held.combination);
  await plantGroup(call, planter, group, { ...held, id, combination, reference });
  if (held.comment && held.status === 'declined') {
    await call('POST', `/_sandbox/groups/${id}/decline`, { comment: quoting(group, held) });
  }
}

/** What a reviewer may write: words of what the manifest states and of what the group holds, in plain spelling. */
function quoting(group: Settled, held: HeldSpec): string {
  const stated = group.requirements.flatMap((requirement, index) => {
    const value = group.spec.values[index];
    return value?.kind === 'content' ? quotesOf(requirement, value) : [];
  });
  const holding = group.combination.requirements.flatMap((requirement, index) => {
    const value = held.values[index];
    return value?.kind === 'other' && held.combination === null ? quotesOf(requirement, value) : [];
  });
  return `Please correct ${[...stated, ...holding].map((quote) => `"${quote}"`).join(', ')}.`;
}

function quotesOf(
  { kind }: Requirement,
  { item, spelling }: { readonly item: number; readonly spelling: number },
): string[] {
  if (kind === 'document' || kind === 'action') return [];
  if (kind === 'address') return [...addressFields(item, 0).values()];
  return [textOf(kind, item, kind === 'birth' ? spelling : 0)];
}

interface PlantedGroup {
  readonly id: string;
  readonly combination: Combination;
  readonly reference: string | null;
  readonly status: string;
  readonly values: readonly HeldValueSpec[];
  readonly expiresInDays: number | null;
}

async function plantGroup(
  call: Call,
  planter: Planter,
  group: Settled | null,
  planted: PlantedGroup,
): Promise<void> {
  const { id, combination, reference, status, values, expiresInDays } = planted;
  const { requirements, ...where } = combination;
  const expires_at =
    expiresInDays === null ? null : new Date(Date.now() + expiresInDays * 86_400_000).toISOString();
  await call('POST', '/_sandbox/groups', {
    id,
    ...where,
    customer_reference: reference,
    status,
    regulatory_requirements: await Promise.all(
      requirements.map(async (requirement, index) => ({
        requirement_id: requirement.id,
        field_value: await heldValue(planter, group, requirement, values[index] ?? { kind: 'unset' }),
        status,
        expires_at: requirement.kind === 'document' ? expires_at : null,
      })),
    ),
  });
}

async function heldValue(
  planter: Planter,
  group: Settled | null,
  requirement: Requirement,
  spec: HeldValueSpec,
): Promise<string> {
  const { kind } = requirement;
  if (kind === 'action' || spec.kind === 'unset') return '';
  if (spec.kind === 'gone')
    return { document: GONE_DOCUMENT, address: GONE_ADDRESS }[kind as 'document'] ?? '';
  const wanted = group === null ? undefined : wantedValue(group, requirement);
  if (spec.kind === 'right' && wanted?.kind === 'remote') return remoteId(planter, kind, wanted);
  const item = spec.kind === 'other' ? spec.item : wanted?.kind === 'content' ? wanted.item : 0;
  if (kind === 'document') return planter.document(item, spec.owner, spec.health);
  if (kind === 'address') return planter.address(item, spec.owner, spec.spelling);
  return textOf(kind, item, spec.spelling);
}

function wantedValue(group: Settled, { id }: Requirement): ValueSpec | undefined {
  return group.spec.values[group.requirements.findIndex((other) => other.id === id)];
}

/** Documents and addresses that people have put there themselves. */
async function remoteId(
  planter: Planter,
  kind: Requirement['kind'],
  spec: ValueSpec & { kind: 'remote' },
): Promise<string> {
  if (kind === 'document') return spec.gone ? GONE_DOCUMENT : planter.document(spec.item, 'theirs', 'clean');
  if (kind === 'address') return spec.gone ? GONE_ADDRESS : planter.address(spec.item, 'theirs', 0);
  return textOf(kind, spec.item, 0);
}

/* ---- Desired ---- */

async function desiredOf(groups: readonly Settled[], planter: Planter): Promise<Desired> {
  return {
    scope: SCOPE,
    ...(byKind(() => []) as DesiredByKind),
    RequirementGroup: await Promise.all(
      groups.map(async (group, index): Promise<DesiredGroup> => {
        const { spec, name, combination, requirements } = group;
        const file = `groups/${name}.yaml`;
        const values = await Promise.all(
          requirements.map(async (requirement, position) => {
            const content = await contentOf(
              planter,
              requirement,
              spec.values[position] ?? { kind: 'missing' },
            );
            if (content === null) return null;
            return {
              requirement:
                spec.byName && isUnambiguous(requirement, requirements) ? requirement.name : requirement.id,
              content,
              source: { file, line: 10 + 2 * position, column: 5 },
              contentSource: { file, line: 11 + 2 * position, column: 5 },
            };
          }),
        );
        const stated = values.filter((value) => value !== null);
        const [pinned] = group.heldIds;
        return {
          name,
          combination: {
            countryCode: combination.country_code,
            phoneNumberType: combination.phone_number_type,
            action: combination.action,
          },
          reference: asReference(group.reference),
          statesReference: group.statesReference,
          id:
            spec.pinned && pinned !== undefined
              ? { id: asRemoteId(pinned), source: { file, line: 7, column: 1 } }
              : null,
          approval: spec.approval,
          partial: stated.length < requirements.filter(({ kind }) => kind !== 'action').length,
          requirements: stated,
          attach: [],
          source: { file, line: 1 + index, column: 1 },
        };
      }),
    ),
  };
}

function isUnambiguous({ name }: Requirement, requirements: readonly Requirement[]): boolean {
  return requirements.filter((other) => other.name === name).length === 1;
}

async function contentOf(
  planter: Planter,
  { kind }: Requirement,
  spec: ValueSpec,
): Promise<Exclude<DesiredContent, { kind: 'unread_text' }> | null> {
  if (kind === 'action' || spec.kind === 'missing') return null;
  if (spec.kind === 'remote' && kind === 'document')
    return { kind: 'document_id', id: asRemoteId(await remoteId(planter, kind, spec)) };
  if (spec.kind === 'remote' && kind === 'address')
    return { kind: 'address_id', id: asRemoteId(await remoteId(planter, kind, spec)) };
  const how = spec.kind === 'content' ? spec : { spelling: 0, named: false, validate: false };
  return makeContent(kind, spec.item, how);
}

/** One content has one manifest at most, and that one spells it in one way. */
export function makeContent(
  kind: Requirement['kind'],
  item: number,
  how: { readonly spelling: number; readonly named: boolean; readonly validate: boolean },
): Exclude<DesiredContent, { kind: 'unread_text' }> {
  const { spelling, named, validate } = how;
  if (kind === 'document') {
    return {
      kind: 'document',
      document: {
        name: named ? `doc-${item}` : null,
        path: named ? `documents/${item}.pdf` : `scans/${item}.pdf`,
        sha256: documentSha256(item),
        bytes: documentBytes(item).length,
        expires: item === 1 ? '2199-12-31' : null,
        source: { file: 'groups/documents.yaml', line: 1 + item, column: 1 },
      },
    };
  }
  if (kind !== 'address') return { kind: 'text', text: new Sensitive(writtenText(kind, item, spelling)) };
  return {
    kind: 'address',
    address: {
      name: named ? `addr-${item}` : null,
      fields: sensitive(addressFields(item, named ? 0 : spelling)),
      validateAddress: named ? false : validate,
      sha256: addressSha256(item),
      source: { file: 'groups/addresses.yaml', line: 1 + item, column: 1 },
    },
  };
}

/** What the commands have loaded by then, from no repository at all. */
function projectOf(desired: Desired, world: World): Project {
  return {
    repository: {
      root: '/nowhere',
      config: {
        account: null,
        scope: SCOPE,
        formerScope: null,
        manifests: ['groups'],
        limits: world.gates,
        expiry: { warnDays: 30 },
        allowPlaintextDocuments: false,
      },
      configFile: 'regsync.yaml',
      manifestSources: [],
    },
    desired,
    identities: NO_IDENTITIES,
    files: desired.RequirementGroup.length,
    lock: null,
    inputs: new Set(),
    policies: [],
    problems: [],
  };
}

function selectedNames(desired: Desired, world: World): ReadonlySet<string> {
  const names = desired.RequirementGroup.map(({ name }) => name);
  return new Set(isNarrowed(world) ? names.filter((_, index) => index % 2 === 0) : names);
}

/** There must be something to narrow a run to. */
export function isNarrowed({ narrowed, groups }: World): boolean {
  return narrowed && groups.length > 0;
}

/* ---- The API in another order ---- */

/** The same rows, and the same entries in them, each list in an order of its own. */
export function shuffling(seed: number): (client: ReadClient) => ReadClient {
  return (client) => ({
    ...client,
    get: async (...asked) => {
      const answer = await client.get(...asked);
      return { ...answer, body: shuffleLists(answer.body, seed) };
    },
    list: async <Row>(
      template: string,
      query?: Query,
      params?: Params,
      decode: (row: unknown) => Row = (row) => row as Row,
    ) => {
      const decodeShuffled = (row: unknown): Row => decode(shuffleLists(row, seed));
      const listing = await client.list(template, query, params, decodeShuffled);
      return { ...listing, rows: shuffle(listing.rows, seed) };
    },
    begin: async <Row>(
      template: string,
      query?: Query,
      params?: Params,
      decode: (row: unknown) => Row = (row) => row as Row,
    ) => {
      const decodeShuffled = (row: unknown): Row => decode(shuffleLists(row, seed));
      const begun = await client.begin(template, query, params, decodeShuffled);
      const finish = async () => {
        const listing = await begun.finish();
        return { ...listing, rows: shuffle(listing.rows, seed) };
      };
      return { ...begun, finish };
    },
  });
}

function shuffleLists(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return shuffle(value, seed).map((entry) => shuffleLists(entry, seed));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shuffleLists(entry, seed)]));
}

export function shuffle<Value>(values: readonly Value[], seed: number): Value[] {
  const keyed = values.map((value, index) => {
    const key = createHash('sha256').update(`${seed} ${index}`).digest('hex');
    return [key, value] as const;
  });
  return keyed.sort(([a], [b]) => compareText(a, b)).map(([, value]) => value);
}
