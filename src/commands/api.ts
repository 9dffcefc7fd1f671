import { readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { TIME_SCALE, VERSION } from '../build.ts';
import { isInside } from '../manifest/read.ts';
import { InvalidInputError } from '../model/errors.ts';
import type { Mask } from '../model/mask.ts';
import { reveal, Sensitive } from '../model/sensitive.ts';
import { derivePlanKeys, type PlanKeys } from '../plan/fingerprint.ts';
import { count } from '../render/wording.ts';
import {
  type ClientOptions,
  checkApiKey,
  checkBaseUrl,
  openReadClient,
  openWriteClient,
  type ReadClient,
  scaleTiming,
  type WriteClient,
} from '../telnyx/client.ts';
import type { Progress } from './progress.ts';
import type { Project } from './project.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

const DEFAULT_BASE_URL = 'https://api.telnyx.com/v2';

/** The API that a run talks to, and the keys that belong to it. */
export interface Api<Client extends ReadClient> {
  readonly client: Client;
  readonly planKeys: PlanKeys;
  readonly close: () => Promise<void>;
}

interface ApiContext {
  readonly terminal: Terminal;
  readonly options: GlobalOptions;
  readonly project: Project;
  readonly mask: Mask;
  readonly progress: Progress;
}

/** For `plan` and `status`: nothing that comes through this client can write. */
export async function openReadApi(context: ApiContext): Promise<Api<ReadClient>> {
  return openApi(context, openReadClient);
}

export async function openWriteApi(context: ApiContext): Promise<Api<WriteClient>> {
  return openApi(context, openWriteClient);
}

async function openApi<Client extends ReadClient>(
  context: ApiContext,
  open: (options: ClientOptions) => Client,
): Promise<Api<Client>> {
  const place = context.options.sandbox ? await startEmbedded(context) : await reachTelnyx(context);
  const { terminal, progress, mask } = context;
  terminal.hide(reveal(place.apiKey));
  mask.add(place.apiKey);
  const client = open({
    baseUrl: place.baseUrl,
    apiKey: place.apiKey,
    mask,
    userAgent: `regsync/${VERSION}`,
    signal: terminal.signal,
    timing: scaleTiming(TIME_SCALE),
    onWait: ({ ms, cause }) => {
      if (ms >= 1000) progress.step(`Waiting ${Math.round(ms / 1000)} s: ${cause}`);
    },
  });
  const planKey = terminal.env.REGSYNC_PLAN_KEY?.trim();
  if (planKey) terminal.hide(planKey);
  const secret = planKey ? new Sensitive(planKey) : place.apiKey;
  return {
    client,
    planKeys: derivePlanKeys(secret, { scope: context.project.desired.scope, baseUrl: place.identity }),
    close: async () => {
      await client.close();
      await place.close();
      if (context.options.verbose) terminal.err(describeTraffic(client));
    },
  };
}

function describeTraffic(client: ReadClient): string {
  const { requests, retries, waitedMs, bytesReceived } = client.statistics();
  return `${count(requests, 'request')}, ${count(retries, 'retry')}, waited ${(waitedMs / 1000).toFixed(1)} s, ${count(bytesReceived, 'byte')} received\n`;
}

interface Place {
  readonly baseUrl: string;
  /** What a plan is bound to: stable where the address is not. */
  readonly identity: string;
  readonly apiKey: Sensitive;
  readonly close: () => Promise<void>;
}

async function reachTelnyx({ terminal, options, project }: ApiContext): Promise<Place> {
  const baseUrl = checkBaseUrl(terminal.env.TELNYX_BASE_URL || DEFAULT_BASE_URL).href;
  const apiKey = checkApiKey(await readKey(terminal, options, project.repository.root));
  return { baseUrl, identity: baseUrl, apiKey, close: async () => {} };
}

/** In this process, with its state in the repository: a rehearsal needs no account and no key. */
async function startEmbedded({ project }: ApiContext): Promise<Place> {
  const { startSandbox, SANDBOX_KEY } = await import('../sandbox/server.ts');
  const stateFile = join(project.repository.root, '.regsync', 'sandbox.json');
  const sandbox = await startSandbox({ stateFile });
  return {
    baseUrl: sandbox.url,
    identity: 'sandbox',
    apiKey: new Sensitive(SANDBOX_KEY),
    close: sandbox.close,
  };
}

/** From the environment or a file outside the repository: a key that git could carry is refused. */
async function readKey(
  terminal: Terminal,
  options: GlobalOptions,
  root: string,
): Promise<string | undefined> {
  if (options.apiKeyFile === undefined) return terminal.env.TELNYX_API_KEY;
  const path = resolve(terminal.cwd, options.apiKeyFile);
  let real: string;
  let text: string;
  try {
    real = await realpath(path);
    text = await readFile(real, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw new InvalidInputError(`--api-key-file ${options.apiKeyFile} cannot be read (${why})`);
  }
  if (isInside(root, real)) {
    throw new InvalidInputError(
      '--api-key-file points into the repository: keep the key where git cannot carry it',
    );
  }
  return text;
}
