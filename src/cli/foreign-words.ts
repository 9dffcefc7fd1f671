/** Words of other programs, and the words that regsync has for the same. */

const COMMANDS: ReadonlyMap<string, string> = new Map([
  ['diff', 'To see the changes: regsync plan'],
  ['preview', 'To see the changes: regsync plan'],
  ['drift', 'To see the changes: regsync plan. In a pipeline: regsync ci drift'],
  ['refresh', 'regsync keeps no state, and each run reads Telnyx: regsync plan'],
  ['sync', 'To make the changes: regsync apply'],
  ['deploy', 'To make the changes: regsync apply'],
  ['push', 'To make the changes: regsync apply'],
  ['up', 'To make the changes: regsync apply'],
  ['destroy', 'To delete a group, remove its manifest: regsync plan --prune'],
  ['rollback', 'To go back, revert the commit: regsync plan'],
  ['dump', 'To write manifests of live groups: regsync import'],
  ['export', 'To write manifests of live groups: regsync import'],
  ['check', 'To check the manifests: regsync validate'],
  ['lint', 'To check the manifests: regsync validate'],
  ['test', 'To check the manifests: regsync validate'],
  ['ping', 'To try the connection: regsync doctor'],
  ['edit', 'To edit a document, decrypt it, change it, and encrypt it again: regsync encrypt --help'],
  ['updatekeys', 'To encrypt for other recipients: regsync rekey'],
]);

const OPTIONS: ReadonlyMap<string, string> = new Map([
  ['--dry-run', 'regsync plan shows the changes and makes none'],
  ['--dryrun', 'regsync plan shows the changes and makes none'],
  ['--what-if', 'regsync plan shows the changes and makes none'],
  ['--preview', 'regsync plan shows the changes and makes none'],
  ['-n', 'regsync plan shows the changes and makes none'],
  ['--doit', 'Write regsync apply --yes'],
  ['--force', 'Each kind of danger has a gate of its own, such as --allow-replace: regsync apply --help'],
  ['--refresh', 'Each run reads Telnyx: drop the option'],
  ['--only', 'Write --target'],
  ['--skip', 'Write --exclude'],
  ['--delete', 'Write --prune'],
  ['--concurrency', 'Write --parallelism'],
  ['--config-file', 'Write --config'],
  ['--key', 'Set TELNYX_API_KEY, or write --api-key-file: never write a secret as an argument'],
  ['--api-key', 'Set TELNYX_API_KEY, or write --api-key-file: never write a secret as an argument'],
  ['--output', 'Write --format for the form of the result, --out for a file'],
  ['-o', 'Write --format for the form of the result, --out for a file'],
  ['--json', 'Write --format json'],
]);

/** Returns the next step for a command of another program. Null if regsync does not know it. */
export function ourCommandFor(word: string): string | null {
  return COMMANDS.get(word) ?? null;
}

/**
 * Returns the next step for an option of another program. Some programs write long options with one dash.
 *
 * @param known the options of the command, such as `--out`.
 */
export function ourOptionFor(written: string, known: readonly string[]): string | null {
  const [word = ''] = written.split('=');
  const meant = OPTIONS.get(word) ?? (word.startsWith('--') ? null : OPTIONS.get(`-${word}`));
  if (meant !== null && meant !== undefined) return meant;
  return !word.startsWith('--') && known.includes(`-${word}`) ? `Write -${word}` : null;
}
