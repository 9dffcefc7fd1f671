import { AuthenticationError, InvalidInputError } from '../model/errors.ts';
import { NEXT_STEPS } from '../model/next-steps.ts';
import { Sensitive } from '../model/privacy/sensitive.ts';

/**
 * Returns the trimmed API key. Node's own error about a key with a line break or NUL inside prints the whole
 * key, so such a key is refused here, by a message that does not show it. All keys of Telnyx begin with `KEY`
 * (documented).
 */
export function checkApiKey(text: string | undefined, variable = 'TELNYX_API_KEY'): Sensitive {
  const key = text?.trim() ?? '';
  if (key === '') throw new AuthenticationError(`The API key is missing. ${NEXT_STEPS.giveKey(variable)}`);
  const [, fault] = KEY_FAULTS.find(([shape]) => shape.test(key)) ?? [];
  if (fault !== undefined) throw new AuthenticationError(`The API key ${fault}`);
  return new Sensitive(key);
}

/** The first that a key matches is reported. */
const KEY_FAULTS: readonly (readonly [shape: RegExp, fault: string])[] = [
  [/^bearer\s/i, 'begins with the word Bearer. Delete that word: a key begins with KEY'],
  [/^(["'`]).*\1$/, 'is in quotes. Delete the quotes: a secret or a variable contains the key alone'],
  [
    /[^\x21\x23-\x5b\x5d-\x7e]/,
    'contains a space, a line break or another character that keys never have. Copy it again from the Telnyx portal',
  ],
  [
    /^(?!KEY)/,
    'does not begin with KEY. Make an API key of version 2 in the Telnyx portal, which shows it once',
  ],
  // This is far below the length of any key. One as short as the word KEY would be redacted in every text about keys.
  [/^.{0,7}$/, 'is too short, so it is cut off. Copy it again from the Telnyx portal'],
];

const EXAMPLE_URL = 'https://api.telnyx.com/v2';

export interface BaseUrl {
  /** The URL without a slash at the end: `https://api.telnyx.com/v2` */
  readonly href: string;
  /** `https://api.telnyx.com` */
  readonly origin: string;
  /** `api.telnyx.com`, with its port unless that is the default. */
  readonly host: string;
  /** `/v2`, or an empty string. */
  readonly path: string;
}

/**
 * Checks the base URL. The messages do not repeat the text, which may hold a password.
 *
 * @param setting the setting that the text is from, named in the messages.
 */
export function checkBaseUrl(text: string, setting: string | null = null): BaseUrl {
  const wrongBaseUrl = (what: string): InvalidInputError => {
    const next =
      setting === null
        ? ''
        : `. ${setting.startsWith('base_url') ? 'Correct it' : `Unset it, or write ${EXAMPLE_URL}`}`;
    const subject = setting ?? 'The base URL';
    return new InvalidInputError(`${subject} ${what}${next}`, [], { isAboutAccess: true });
  };
  if (!URL.canParse(text)) throw wrongBaseUrl('is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw wrongBaseUrl('must begin with https://, because http:// is for localhost alone');
  }
  if (url.username !== '' || url.password !== '') {
    throw wrongBaseUrl('must not contain a user name or password');
  }
  if (/[?#]/.test(text)) throw wrongBaseUrl('must not contain a query or a fragment');
  const path = url.pathname.replace(/\/+$/, '');
  return { href: url.origin + path, origin: url.origin, host: url.host, path };
}

/** Returns true for a server on this machine, such as the sandbox. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
