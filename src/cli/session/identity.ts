import { resolve } from 'node:path';
import { isInside, realPathOf } from '../../files/paths.ts';
import { type Identities, openIdentities, parseIdentities } from '../../manifest/encryption/identities.ts';
import { Fault } from '../../manifest/fault.ts';
import { readRegularFile } from '../../manifest/files/read-confined.ts';
import { InvalidInputError } from '../../model/errors.ts';
import type { Terminal } from './terminal.ts';

const KEY_VARIABLE = 'REGSYNC_AGE_IDENTITY';
const FILE_VARIABLE = 'REGSYNC_AGE_IDENTITY_FILE';

const MAX_IDENTITY_BYTES = 64 * 1024;

/**
 * Returns the identities that the environment names. They are read at the first decryption, and hidden in all
 * output.
 */
export function identitiesOf(terminal: Terminal, root: string): Identities {
  hideAll(terminal, terminal.env[KEY_VARIABLE] ?? '');
  return openIdentities(() => readIdentityKeys(terminal, root));
}

/** Returns the keys of the identities, or null if none is set. */
export async function readIdentityKeys(terminal: Terminal, root: string): Promise<readonly string[] | null> {
  const { [KEY_VARIABLE]: key, [FILE_VARIABLE]: file } = terminal.env;
  if (key?.trim() && file) {
    throw new InvalidInputError(`${KEY_VARIABLE} and ${FILE_VARIABLE} are both set: remove one of them`);
  }
  if (key?.trim()) return readKeys(terminal, key, KEY_VARIABLE);
  if (!file) return null;
  const text = readOutside(root, resolve(terminal.cwd, file));
  return readKeys(terminal, text, `${FILE_VARIABLE} (${file})`);
}

async function readKeys(terminal: Terminal, text: string, name: string): Promise<readonly string[]> {
  hideAll(terminal, text);
  const keys = await parseIdentities(text);
  if (keys instanceof Fault) throw new InvalidInputError(`${name}: ${keys.message}`);
  return keys;
}

/** Hides each line that may be a key before the keys are parsed, because a mistyped key is nearly a key. */
function hideAll(terminal: Terminal, text: string): void {
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    if (line.length >= 16 && !line.startsWith('#')) terminal.hide(line);
  }
}

/** Reads a file outside the repository. Refuses one inside, because git could carry it. */
function readOutside(root: string, path: string): string {
  const real = realPathOf(path);
  if (isInside(root, real)) {
    throw new InvalidInputError(
      `${FILE_VARIABLE} points into the repository: move the identity to a folder outside of it`,
    );
  }
  const bytes = readRegularFile(real, MAX_IDENTITY_BYTES);
  if (bytes instanceof Fault) throw new InvalidInputError(`${FILE_VARIABLE} (${path}): ${bytes.message}`);
  return bytes.toString('utf8');
}
