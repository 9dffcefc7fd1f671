import { readFile, realpath, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { TIME_SCALE, VERSION } from '../../build.ts';
import { findUpwards, isInside, realPathOf } from '../../files/paths.ts';
import { derivePlanKeys, type PlanKeys } from '../../kinds/values/fingerprint.ts';
import type { ConfiguredAccount } from '../../manifest/repository.ts';
import { AuthenticationError, InvalidInputError, OutputError } from '../../model/errors.ts';
import type { Redactor } from '../../model/privacy/redactor.ts';
import { reveal, Sensitive } from '../../model/privacy/sensitive.ts';
import { whyUnusable } from '../../model/text/file-error.ts';
import { visible } from '../../model/text/visible.ts';
import { checkApiKey, checkBaseUrl } from '../../telnyx/access.ts';
import { openReadClient, openWriteClient, type ReadClient, type WriteClient } from '../../telnyx/client.ts';
import { type ClientOptions, CONNECTIONS, scaleTiming } from '../../telnyx/options.ts';
import { deriveRecordKey, type RecordKey } from '../record/chain.ts';
import { readPlanKey } from './plan-key.ts';
import type { ProgressLine } from './progress.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';
import { tellWaits } from './waits.ts';

const DEFAULT_BASE_URL = 'https://api.telnyx.com/v2';

/** The API that a run talks to, and the keys that belong to it. */
export interface Api<Client extends ReadClient> {
  readonly client: Client;
  readonly planKeys: PlanKeys;
  /** Returns the key of records, and the name that the API has there. */
  readonly recordKey: () => { readonly key: RecordKey; readonly api: string };
  readonly close: () => Promise<void>;
}

export interface ApiContext {
  readonly terminal: Terminal;
  readonly options: GlobalOptions;
  readonly project: ApiProject;
  readonly redactor: Redactor;
  readonly progress: ProgressLine;
}

/**
 * The parts of a project that a connection to the API needs. A null root means that there is no repository,
 * and so no file to keep state in.
 */
interface ApiProject {
  readonly repository: {
    readonly root: string | null;
    readonly config: { readonly scope: string; readonly account: ConfiguredAccount | null };
  };
}

/** Opens a client that cannot write, for commands that only read. */
export async function openReadApi(context: ApiContext): Promise<Api<ReadClient>> {
  return openApi(context, 'read', openReadClient);
}

/** @param parallelism number of groups that are worked on in parallel; each may need a connection. */
export async function openWriteApi(context: ApiContext, parallelism = 1): Promise<Api<WriteClient>> {
  return openApi(context, 'write', (options) =>
    openWriteClient({ ...options, connections: Math.max(CONNECTIONS, parallelism) }),
  );
}

async function openApi<Client extends ReadClient>(
  context: ApiContext,
  access: 'read' | 'write',
  open: (options: ClientOptions) => Client,
): Promise<Api<Client>> {
  context.terminal.meter.enter('Telnyx');
  const planKey = readPlanKey(context.terminal.env);
  const place = context.options.sandbox ? await startEmbedded(context, access) : await reachTelnyx(context);
  const { terminal, progress, redactor } = context;
  terminal.hide(reveal(place.apiKey));
  redactor.addSecret(place.apiKey);
  const waits = tellWaits(progress.step, TIME_SCALE);
  const client = open({
    baseUrl: place.baseUrl,
    ...(place.baseUrlSetting === null ? {} : { baseUrlSetting: place.baseUrlSetting }),
    apiKey: place.apiKey,
    redactor,
    userAgent: `regsync/${VERSION}`,
    // The sandbox of this process is reached without a proxy.
    env: context.options.sandbox ? {} : terminal.env,
    signal: terminal.signal,
    timing: scaleTiming(TIME_SCALE),
    onWait: waits.tell,
  });
  return {
    client,
    planKeys: planKeysAt(place, planKey, context),
    recordKey: () => ({ key: deriveRecordKey(planKey ?? place.apiKey), api: place.identity }),
    close: async () => {
      waits.end();
      await client.close();
      await place.close();
      terminal.meter.addTraffic(client.statistics());
      terminal.meter.enter('rest');
    },
  };
}

/** Returns only the keys, for a run that has to end before it reads anything from the API. */
export async function readPlanKeys(
  context: Pick<ApiContext, 'terminal' | 'options' | 'project'>,
): Promise<PlanKeys> {
  const planKey = readPlanKey(context.terminal.env);
  const place = context.options.sandbox ? await embeddedIdentity() : await reachTelnyx(context);
  context.terminal.hide(reveal(place.apiKey));
  return planKeysAt(place, planKey, context);
}

function planKeysAt(
  place: Pick<Place, 'apiKey' | 'identity'>,
  planKey: Sensitive | null,
  { terminal, project }: Pick<ApiContext, 'terminal' | 'project'>,
): PlanKeys {
  if (planKey !== null) terminal.hide(reveal(planKey));
  const { scope, account } = project.repository.config;
  return derivePlanKeys(planKey ?? place.apiKey, {
    scope,
    account: account?.name ?? null,
    baseUrl: place.identity,
  });
}

interface Place {
  readonly baseUrl: string;
  /** The setting that contains the address. Null if it is the default address. */
  readonly baseUrlSetting: string | null;
  /**
   * The name that a plan is bound to: the address of Telnyx, or `sandbox`, whose address changes with each
   * run.
   */
  readonly identity: string;
  readonly apiKey: Sensitive;
  readonly close: () => Promise<void>;
}

async function reachTelnyx({
  terminal,
  options,
  project,
}: Pick<ApiContext, 'terminal' | 'options' | 'project'>): Promise<Place> {
  const { root, config } = project.repository;
  const { keyEnv, url, setting } = accessOf(config.account, terminal.env);
  const baseUrl = checkBaseUrl(url, setting).href;
  const apiKey = checkApiKey(await readKey(terminal, options, { root, keyEnv }), keyEnv);
  return { baseUrl, baseUrlSetting: setting, identity: baseUrl, apiKey, close: async () => {} };
}

/**
 * Returns the variable of the key and the address of Telnyx. An account uses only its own key. The address in
 * the environment overrides that of the configuration: the person who runs regsync sets the former, but
 * anybody who may propose a change can set the latter.
 */
export function accessOf(
  account: ConfiguredAccount | null,
  env: Terminal['env'],
): { readonly keyEnv: string; readonly url: string; readonly setting: string | null } {
  const keyEnv = account?.keyEnv ?? 'TELNYX_API_KEY';
  if (env.TELNYX_BASE_URL) return { keyEnv, url: env.TELNYX_BASE_URL, setting: 'TELNYX_BASE_URL' };
  if (account?.baseUrl) return { keyEnv, url: account.baseUrl, setting: 'base_url in regsync.yaml' };
  return { keyEnv, url: DEFAULT_BASE_URL, setting: null };
}

/**
 * Starts the sandbox in this process, with its state in the repository: a rehearsal needs no account and no
 * key.
 */
export async function startEmbedded(
  { terminal, project }: ApiContext,
  access: 'read' | 'write',
): Promise<Place> {
  const { startSandbox } = await import('../../sandbox/server.ts');
  const { root, config } = project.repository;
  const stateFile = root === null ? null : await stateFileOf(root, config.account);
  const sandbox = await startSandbox({ ...(stateFile === null ? {} : { stateFile }), access });
  if (stateFile !== null && access === 'write') {
    await hideFromGit(dirname(stateFile)).catch(async (error: unknown) => {
      await sandbox.close();
      throw error;
    });
  }
  // A request that needed the state has failed already, but only this error tells the reason.
  const close = () =>
    sandbox
      .close()
      .catch((error: Error) =>
        terminal.err(`${terminal.errPaint('red', 'error:')} ${visible(error.message)}\n`),
      );
  return { ...(await embeddedIdentity()), baseUrl: sandbox.url, baseUrlSetting: null, close };
}

/** @throws InvalidInputError if its folder is a link that leads out of the repository. */
async function stateFileOf(root: string, account: ConfiguredAccount | null): Promise<string> {
  const folder = join(root, '.regsync');
  const real = await realpath(folder).catch(() => null);
  if (real !== null && !isInside(root, real)) {
    throw new InvalidInputError('.regsync leads out of the repository: the sandbox keeps no state there');
  }
  // Each account has a state of its own, as at Telnyx.
  return join(folder, account === null ? 'sandbox.json' : `sandbox.json.${account.name}`);
}

/**
 * Keeps the state out of git: it contains plaintexts, also of files that are encrypted in the repository. A
 * `.gitignore` that exists is kept.
 */
async function hideFromGit(folder: string): Promise<void> {
  const text =
    "# The state of regsync's sandbox, the lock of a running apply, and this file.\nsandbox.json*\napply.lock*\n.gitignore\n";
  await writeFile(join(folder, '.gitignore'), text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST')
      throw new OutputError(`.regsync/.gitignore cannot be written: ${whyUnusable(error)}`);
  });
}

async function embeddedIdentity(): Promise<Pick<Place, 'apiKey' | 'identity'>> {
  const { SANDBOX_KEY } = await import('../../sandbox/server.ts');
  return { identity: 'sandbox', apiKey: new Sensitive(SANDBOX_KEY) };
}

/**
 * Reads the key from the environment or from a file. Refuses a file in the repository, because git could
 * carry it.
 */
export async function readKey(
  terminal: Terminal,
  options: GlobalOptions,
  { root, keyEnv }: { readonly root: string | null; readonly keyEnv: string },
): Promise<string | undefined> {
  if (options.apiKeyFile === undefined) return terminal.env[keyEnv];
  const path = resolve(terminal.cwd, options.apiKeyFile);
  let real: string;
  let text: string;
  try {
    real = await realpath(path);
    text = await readFile(real, 'utf8');
  } catch (error) {
    const message = `--api-key-file ${options.apiKeyFile} cannot be read: ${whyUnusable(error)}`;
    throw new InvalidInputError(message, [], { isAboutAccess: true });
  }
  if (couldBeCommitted(real, root, terminal.cwd)) {
    throw new InvalidInputError(
      '--api-key-file points into the repository: move the key to a folder outside of it',
    );
  }
  if (text.trim() === '') {
    throw new AuthenticationError(`--api-key-file ${options.apiKeyFile} is empty: put the API key into it`);
  }
  return text;
}

/**
 * Returns whether git could carry the file. The configuration may be in a subfolder of a git repository, or
 * not exist yet.
 */
function couldBeCommitted(real: string, root: string | null, cwd: string): boolean {
  const git = findUpwards(root ?? realPathOf(cwd), '.git');
  const trees = [...(root === null ? [] : [root]), ...(git === null ? [] : [dirname(git)])];
  return trees.some((tree) => isInside(tree, real));
}
