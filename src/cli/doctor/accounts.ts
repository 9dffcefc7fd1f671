import type { KeyFacts } from '../../doctor/setup.ts';
import type { Repository } from '../../manifest/repository.ts';
import { AuthenticationError, InvalidInputError } from '../../model/errors.ts';
import { Redactor } from '../../model/privacy/redactor.ts';
import type { Sensitive } from '../../model/privacy/sensitive.ts';
import { checkApiKey } from '../../telnyx/access.ts';
import { accessOf, readKey, startEmbedded } from '../session/api.ts';
import type { ProgressLine } from '../session/progress.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import type { Target } from './connection.ts';

/**
 * Opens the accounts of the configuration. Opens a default account if it has none, or if there is no
 * configuration.
 */
export async function openAccounts(
  terminal: Terminal,
  options: GlobalOptions,
  repositories: readonly Repository[],
  progress: ProgressLine,
): Promise<readonly ExaminedAccount[]> {
  const places = repositories.length === 0 ? [null] : repositories;
  return Promise.all(
    places.map((place) =>
      options.sandbox
        ? openSandbox(terminal, options, place, progress)
        : openAccount(terminal, options, place),
    ),
  );
}

export interface ExaminedAccount extends Target {
  readonly variable: string;
  readonly keyFacts: KeyFacts;
  /** The key. Null if there is none that could be sent. */
  readonly key: Sensitive | null;
  readonly close: () => Promise<void>;
}

async function openSandbox(
  terminal: Terminal,
  options: GlobalOptions,
  place: Repository | null,
  progress: ProgressLine,
): Promise<ExaminedAccount> {
  const account = place?.config.account ?? null;
  const repository = { root: place?.root ?? null, config: { scope: place?.config.scope ?? '', account } };
  const context = { terminal, options, project: { repository }, redactor: new Redactor(), progress };
  const { baseUrl, apiKey, close } = await startEmbedded(context, 'read');
  return {
    account: account?.name ?? null,
    url: baseUrl,
    setting: 'the sandbox in this process',
    env: {},
    variable: 'TELNYX_API_KEY',
    keyFacts: { kind: 'sandbox' },
    key: apiKey,
    close,
  };
}

async function openAccount(
  terminal: Terminal,
  options: GlobalOptions,
  place: Repository | null,
): Promise<ExaminedAccount> {
  const account = place?.config.account ?? null;
  const { keyEnv, url, setting } = accessOf(account, terminal.env);
  const { keyFacts, key } = await examineKey(terminal, options, { root: place?.root ?? null, keyEnv });
  return {
    account: account?.name ?? null,
    url,
    setting,
    env: terminal.env,
    variable: keyEnv,
    keyFacts,
    key,
    close: async () => {},
  };
}

export const SHORTEST_KEY = 16;

async function examineKey(
  terminal: Terminal,
  options: GlobalOptions,
  place: { readonly root: string | null; readonly keyEnv: string },
): Promise<Pick<ExaminedAccount, 'keyFacts' | 'key'>> {
  try {
    const text = (await readKey(terminal, options, place)) ?? '';
    // A mistyped key is nearly a key, and so it is hidden too. To hide a shorter text would hide ordinary
    // words.
    if (text.trim().length >= SHORTEST_KEY) terminal.hide(text.trim());
    const key = checkApiKey(text, place.keyEnv);
    const origin = options.apiKeyFile === undefined ? place.keyEnv : '--api-key-file';
    return { keyFacts: { kind: 'present', origin, hasPlaceholders: text.trim() !== text }, key };
  } catch (error) {
    if (error instanceof AuthenticationError)
      return { keyFacts: { kind: 'unusable', message: error.message }, key: null };
    if (!(error instanceof InvalidInputError)) throw error;
    return { keyFacts: { kind: 'unreadable', message: error.message }, key: null };
  }
}
