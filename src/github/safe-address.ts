import { reveal, type Sensitive } from '../model/sensitive.ts';
import { GitHubError } from './github-error.ts';

/** Plain http is for tests alone. The messages do not repeat the text: it may hold a password. */
export function checkApiUrl(text: string): { readonly origin: string; readonly path: string } {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !isSafe(url)) throw new GitHubError('GITHUB_API_URL is no https URL', null);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new GitHubError('GITHUB_API_URL must be an address and nothing else', null);
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, '') };
}

export function isSafe({ protocol, hostname }: URL): boolean {
  const isLocal = /^(localhost|\[::1\]|127\.\d+\.\d+\.\d+)$/.test(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isLocal);
}

/** Node's own error about a header with a line break in it would print the header. */
export function checkToken(token: Sensitive): void {
  if (!/^[\x21-\x7e]+$/.test(reveal(token)))
    throw new GitHubError('the GitHub token has a blank or another character in it that no token has', null);
}
