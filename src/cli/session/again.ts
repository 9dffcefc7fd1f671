import type { Step } from '../../render/text/next-steps.ts';
import type { GateOptions } from '../plan.ts';
import type { GlobalOptions } from './terminal.ts';

/** Command lines for a person to copy. What was given is given again, so that the same is meant. */

export function inShell(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

/** The same of one path, which begins no option. */
export function pathInShell(path: string): string {
  return inShell([path.startsWith('-') ? `./${path}` : path]);
}

/** To where all that follows is said from. */
export function goThere({ chdir }: GlobalOptions): Step[] {
  return chdir === undefined ? [] : [[`cd ${pathInShell(chdir)}`, 'where the repository is']];
}

/** Where: the repository, the account, and how it is reached. */
export function placeWords(options: GlobalOptions): string[] {
  return [
    ...withValue('--chdir', options.chdir),
    ...withValue('--config', options.config),
    ...withValue('--account', options.account),
    ...withValue('--api-key-file', options.apiKeyFile),
    ...(options.sandbox ? ['--sandbox'] : []),
  ];
}

/** What of it, and what is allowed. */
export function gateWords(options: GateOptions): string[] {
  return [
    ...(options.target ?? []).flatMap((name) => ['--target', name]),
    ...(options.prune ? ['--prune'] : []),
    ...(options.allowReplace ? ['--allow-replace'] : []),
    ...(options.allowDelete ?? []).flatMap((name) => ['--allow-delete', name]),
    ...(options.allowOrders ? ['--allow-orders'] : []),
    ...withValue('--shard', options.shard),
  ];
}

function withValue(option: string, value: string | undefined): string[] {
  return value === undefined ? [] : [option, value];
}
