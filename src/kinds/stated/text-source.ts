import { Fault } from '../../manifest/fault.ts';
import { type RepositoryPath, resolvePath } from '../../manifest/files/paths.ts';
import type { Origin } from '../../manifest/manifest.ts';
import { doubtsAbout } from '../../manifest/mistakes/unmeant.ts';
import type { Resolution, StatedPlace, Variables } from '../../manifest/resolution.ts';
import { quotedPath } from '../../manifest/visible.ts';
import type { TextSource } from '../../model/fields.ts';
import { NEXT_STEPS } from '../../model/next-steps.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import type { DesiredContent } from '../../model/resource.ts';
import { normaliseLineEnds } from '../../model/text/normal-text.ts';

export function textPath(origin: Origin, written: string): RepositoryPath | Fault {
  return resolvePath(origin.folder, written);
}

export function resolveTextSource(
  fields: TextSource,
  place: StatedPlace,
  resolution: Resolution,
): DesiredContent | null {
  const { env } = resolution.options;
  if (fields.env !== undefined && env === null) return { kind: 'unread_text', variable: fields.env };
  const [key, text] = findText(fields, env ?? {}, place, resolution);
  if (text === null) return { kind: 'unread_text', variable: null };
  const path = [...place.path, key];
  if (text instanceof Fault) {
    resolution.problems.push(place.origin.problem(path, text));
    return null;
  }
  const doubts = doubtsAbout(text, WHAT_IS_READ[key]);
  for (const { fault, severity } of doubts) {
    resolution.problems.push(place.origin.problem(path, fault, severity));
  }
  return doubts.some(({ severity }) => severity === 'error')
    ? null
    : { kind: 'text', text: new Sensitive(text) };
}

const WHAT_IS_READ: Readonly<Record<keyof TextSource, string>> = {
  env: 'the text of this variable',
  file: 'the text of this file',
  age: 'the encrypted text',
};

/** Returns null for a text that is encrypted and was left so. */
function findText(
  fields: TextSource,
  env: Variables,
  place: StatedPlace,
  resolution: Resolution,
): [key: keyof TextSource, text: string | Fault | null] {
  if (fields.env !== undefined) return ['env', readVariable(fields.env, env)];
  if (fields.file !== undefined) return ['file', readTextFile(fields.file, place, resolution)];
  return ['age', readInlineText(fields.age ?? '', resolution)];
}

function readVariable(name: string, env: Variables): string | Fault {
  const text = readableText(env[name] ?? '');
  if (text.trim() !== '') return text;
  const message = `the environment variable ${name} is ${env[name] === undefined ? 'not set' : 'empty'}`;
  const hint = NEXT_STEPS.giveText(name);
  return new Fault('unset-variable', message, hint);
}

function readTextFile(
  written: string,
  { origin }: StatedPlace,
  { files }: Resolution,
): string | Fault | null {
  const path = textPath(origin, written);
  if (path instanceof Fault) return path;
  const read = files.texts.get(path);
  if (read === null) return null;
  const text = wholeText(read ?? NOT_READ, 'the file is empty');
  return text instanceof Fault ? sayWhere(text.about(written), path) : text;
}

function readInlineText(ciphertext: string, { files }: Resolution): string | Fault | null {
  const read = files.ciphertexts.get(ciphertext);
  return read === null ? null : wholeText(read ?? NOT_READ, 'the encrypted text is empty');
}

function wholeText(read: string | Fault, whenEmpty: string): string | Fault {
  if (read instanceof Fault) return read;
  const text = readableText(read);
  return text.trim() === '' ? new Fault('empty-file', whenEmpty) : text;
}

export const NOT_READ = new Fault('unreadable', 'the file was not read');

/** Removes the newline that ends files and variables, and converts line ends, which depend on the machine. */
function readableText(read: string): string {
  return normaliseLineEnds(read).replace(/\n$/, '');
}

/** Names the folder, because most wrong paths begin at another one. */
export function sayWhere(fault: Fault, path: RepositoryPath): Fault {
  if (fault.code !== 'file-not-found' || fault.hint !== undefined) return fault;
  const hint = `Paths begin at the manifest, so this one means ${quotedPath(path)}.`;
  return new Fault(fault.code, fault.message, hint);
}
