import { gatesFromFlags, wordsOfGates } from '../../model/plan/gates.ts';
import type { Step } from '../../render/text/next-steps.ts';
import type { GateOptions } from '../plan.ts';
import type { GlobalOptions } from './terminal.ts';

/** Returns a command line for a person to copy, with quotes around each word that a shell would change. */

export function inShell(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

/**
 * Returns one path for a command line, with `./` before a leading dash so that it is not read as an option.
 */
export function pathInShell(path: string): string {
  return inShell([path.startsWith('-') ? `./${path}` : path]);
}

/** Returns the step that changes to the folder from which the following commands run. */
export function goThere({ chdir }: GlobalOptions): Step[] {
  return chdir === undefined ? [] : [[`cd ${pathInShell(chdir)}`, 'where the repository is']];
}

/** Returns the options that name the repository, the account and the access to the API. */
export function placeWords(options: GlobalOptions): string[] {
  return [
    ...withValue('--chdir', options.chdir),
    ...withValue('--config', options.config),
    ...withValue('--account', options.account),
    ...withValue('--api-key-file', options.apiKeyFile),
    ...(options.sandbox ? ['--sandbox'] : []),
  ];
}

/** Returns the options that narrow the run and open gates. */
export function gateWords(options: GateOptions): string[] {
  return [
    ...(options.target ?? []).flatMap((name) => ['--target', name]),
    ...(options.exclude ?? []).flatMap((name) => ['--exclude', name]),
    ...wordsOfGates(gatesFromFlags(options)),
    ...withValue('--shard', options.shard),
  ];
}

function withValue(option: string, value: string | undefined): string[] {
  return value === undefined ? [] : [option, value];
}
