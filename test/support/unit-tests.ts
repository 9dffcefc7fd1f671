import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const TESTS = resolve(import.meta.dirname, '..');
const SANDBOX = resolve(TESTS, '../src/sandbox/server.ts');

/** By one of these a test starts a process, opens a server, or takes the bundle of the whole program. */
const LEAVES_THE_PROCESS =
  /\b(?:from|import\() ?'node:(?:child_process|https?|net|worker_threads)'|\binject\(/;

/**
 * The test files that need no process, no server and no bundle: nothing that they import, from other files of tests, can get
 * them one. Nobody has to keep a list of them. Files named `*-size` try inputs of many megabytes, and run with the others.
 *
 * @returns paths from the repository's root.
 */
export function findUnitTests(): string[] {
  const known = new Map<string, boolean>();
  return readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        path.endsWith('.test.ts') && !path.endsWith('-size.test.ts') && staysWithin(join(TESTS, path), known),
    )
    .map((path) => join('test', path))
    .sort();
}

function staysWithin(file: string, known: Map<string, boolean>): boolean {
  const stays = known.get(file) ?? looksWithin(file, known);
  known.set(file, stays);
  return stays;
}

function looksWithin(file: string, known: Map<string, boolean>): boolean {
  if (file === SANDBOX) return false;
  // A test of the linter holds imports in strings, of files that do not exist.
  if (!file.startsWith(TESTS) || !existsSync(file)) return true;
  const text = readFileSync(file, 'utf8').replaceAll(/^(?:import|export) type [^;]*;$/gm, '');
  if (LEAVES_THE_PROCESS.test(text)) return false;
  const imported = [...text.matchAll(/\b(?:from|import\() ?'(\.[^']+\.ts)'/g)].map(([, path = '']) => path);
  return imported.every((path) => staysWithin(join(dirname(file), path), known));
}
