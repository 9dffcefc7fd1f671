import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The program's path, looked up as a shell does, or null. */
export function findProgram(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && isProgram(path)) return path;
  }
  return null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * For `describe.runIf(whenInstalled('age'))`: a machine that promises to have the program must not skip the test.
 *
 * @param names by which one and the same program goes.
 */
export function whenInstalled(...names: readonly string[]): boolean {
  if (names.some((name) => findProgram(name) !== null)) return true;
  if (process.env.REGSYNC_REQUIRE_PROGRAMS) throw new Error(`${names.join(' or ')} is not installed here`);
  return false;
}
