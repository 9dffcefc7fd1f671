import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { OutputError } from '../../model/errors.ts';
import { WHERE_FOLDERS_ARE_MADE, whyUnusable } from '../../model/text/file-error.ts';
import { temporaryStem } from '../../model/text/temporary-name.ts';
import { sampleCatalogue } from '../requirements/catalogue-sample.ts';
import { GENEROUS } from '../server/rate-limit.ts';
import { DEFAULT_QUIRKS, type Quirks } from './quirks.ts';
import type { State } from './state.ts';
import { Table } from './table.ts';

/**
 * The version of the file. It increases with every change that makes old files or old sandboxes unreadable.
 */
const FORMAT = 'regsync-sandbox/1';

const MAPS = [
  'keys',
  'groups',
  'documents',
  'contents',
  'links',
  'addresses',
  'comments',
  'requirementTypes',
  'requirementSets',
] as const satisfies readonly (keyof State)[];

/** The maps that files of older sandboxes may lack. */
const LATER_MAPS = [
  'numberOrders',
  'subNumberOrders',
  'orderedNumbers',
  'searchedNumbers',
  'portingOrders',
  'portingComments',
  'portingActions',
  'subOrderActions',
  'advancedOrders',
] as const satisfies readonly (keyof State)[];

export interface Store {
  readonly state: State;
  /** Resolves when every earlier change is on disk. */
  save(): Promise<void>;
  /** Retries a failed write. Nothing that is not on disk may be shown to a client. */
  catchUp(): Promise<void>;
  /** Resolves when no write is running or due. */
  settle(): Promise<void>;
}

/**
 * Opens the store. With `write` it fails if the state cannot be saved. With `read` a failed save is ignored,
 * which loses at most the counts of injected faults.
 */
export async function openStore(file: string | null, access: 'read' | 'write'): Promise<Store> {
  if (file === null) return { state: freshState(), ...NOTHING_TO_SAVE };
  const state = (await loadState(file)) ?? freshState();
  if (access === 'write') await rm(await writeBeside(file, state));
  let hasFailed = false;
  const write = coalesced(async () => {
    try {
      await writeState(file, state);
      hasFailed = false;
    } catch (error) {
      if (access === 'read') return;
      hasFailed = true;
      throw error;
    }
  });
  let latest = Promise.resolve();
  const save = (): Promise<void> => {
    latest = write();
    return latest;
  };
  const catchUp = async () => (hasFailed ? save() : undefined);
  return { state, save, catchUp, settle: () => latest.catch(save) };
}

const NOTHING_TO_SAVE = { save: async () => {}, catchUp: async () => {}, settle: async () => {} };

export function freshState(): State {
  const { types, sets } = sampleCatalogue();
  return {
    clockOffsetMs: 0,
    lastStampMicros: 0,
    nextAddressId: '2473491569332717266',
    quirks: DEFAULT_QUIRKS,
    rateLimit: GENEROUS,
    faults: [],
    nextFaultId: 1,
    keys: new Map(),
    groups: new Table(),
    documents: new Table(),
    contents: new Map(),
    links: new Table(),
    addresses: new Table(),
    comments: new Map(),
    requirementTypes: new Map(types.map((type) => [type.id, type])),
    requirementSets: new Map(sets.map((set) => [set.id, set])),
    numberOrders: new Map(),
    subNumberOrders: new Map(),
    orderedNumbers: new Map(),
    searchedNumbers: new Map(),
    portingOrders: new Map(),
    portingComments: new Map(),
    portingActions: new Map(),
    subOrderActions: new Map(),
    advancedOrders: new Map(),
  };
}

/** Returns a copy that can be changed independently. */
export function copyState(state: State): State {
  const maps = [...MAPS, ...LATER_MAPS].map((name) => [name, new Table<unknown>(state[name])]);
  return { ...state, ...Object.fromEntries(maps) };
}

async function loadState(file: string): Promise<State | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new Error(`The sandbox's state file ${file} cannot be read: ${whyUnusable(error)}`, {
      cause: error,
    });
  });
  return text === null ? null : reviveState(file, text);
}

function reviveState(file: string, text: string): State {
  const saved = parseState(file, text);
  if (saved.format !== FORMAT || !isWhole(saved)) {
    throw new Error(
      `The sandbox's state file ${file} is not of the format "${FORMAT}". Delete it to start afresh.`,
    );
  }
  const { format: _, ...state } = saved;
  const contents = (saved.contents as [string, string][]).map(([sha256, base64]): [string, Buffer] => [
    sha256,
    Buffer.from(base64, 'base64'),
  ]);
  const maps = [...MAPS, ...LATER_MAPS].map((name) => [
    name,
    new Table(state[name] as [string, unknown][] | undefined),
  ]);
  const quirks = { ...DEFAULT_QUIRKS, ...(state.quirks as Partial<Quirks>) };
  return {
    ...(state as unknown as State),
    quirks,
    ...Object.fromEntries(maps),
    contents: new Map(contents),
  };
}

function isWhole(saved: Record<string, unknown>): boolean {
  return (
    MAPS.every((name) => Array.isArray(saved[name])) &&
    LATER_MAPS.every((name) => saved[name] === undefined || Array.isArray(saved[name]))
  );
}

function parseState(file: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch (error) {
    throw new Error(`The sandbox's state file ${file} is not JSON. Delete it to start afresh.`, {
      cause: error,
    });
  }
}

/** Writes beside the file and renames, so that a reader or a crash never sees half a file. */
async function writeState(file: string, state: State): Promise<void> {
  await rename(await writeBeside(file, state), file).catch((error: unknown) => {
    throw unsaved(file, error);
  });
}

/** @returns the path of the temporary file. */
async function writeBeside(file: string, state: State): Promise<string> {
  const contents = [...state.contents].map(([sha256, bytes]) => [sha256, bytes.toString('base64')]);
  const text = JSON.stringify({ format: FORMAT, ...state, contents }, (_, value) =>
    value instanceof Map ? [...value] : value,
  );
  const temporary = join(dirname(file), `${temporaryStem(basename(file))}.${process.pid}.tmp`);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await rm(temporary, { force: true });
    // The flag `wx` refuses to write through a link that somebody else has created.
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx' });
    return temporary;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw unsaved(file, error);
  }
}

function unsaved(file: string, cause: unknown): OutputError {
  return new OutputError(
    `The sandbox's state file ${file} cannot be written: ${whyUnusable(cause, WHERE_FOLDERS_ARE_MADE)}`,
  );
}

/** Runs one write at a time. Calls that arrive before a write begins share it. */
function coalesced(write: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  let waiting: Promise<void> | null = null;
  return () => {
    if (waiting !== null) return waiting;
    const next = last
      .catch(() => {})
      .then(() => {
        waiting = null;
        return write();
      });
    waiting = next;
    last = next;
    return next;
  };
}
