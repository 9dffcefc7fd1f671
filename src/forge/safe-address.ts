import { reveal, type Sensitive } from '../model/privacy/sensitive.ts';
import { ForgeError } from './forge-error.ts';

/**
 * Refuses plain http except on this machine, which tests use. The messages do not repeat the text: it may
 * contain a password.
 */
export function checkApiUrl(
  text: string,
  variable: string,
): { readonly origin: string; readonly path: string } {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !isSafe(url))
    throw new ForgeError(`${variable} must be a URL that begins with https://`, null);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new ForgeError(`${variable} must be a URL without user, password, query and fragment`, null);
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, '') };
}

export function isSafe({ protocol, hostname }: URL): boolean {
  const isLocal = /^(localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLocal);
}

/** Refuses a token that is not a valid header, because Node's own error would print the header. */
export function checkToken(token: Sensitive, forge: string): void {
  if (!/^[\x21-\x7e]+$/.test(reveal(token)))
    throw new ForgeError(
      `the ${forge} token contains a space or another character that tokens never contain: save the secret again`,
      null,
    );
}
