import { posix } from 'node:path';
import type { RepositoryPath } from '../manifest/files/paths.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ParsedFile } from '../manifest/parse.ts';
import { hasErrors } from '../model/problem.ts';
import { identifiersOf, isReferenceLine, namesIn, readLine, wordOf, wordTest } from './words.ts';

/** The manifests that a change may concern, in the order of the repository, and what is known of the others. */
export interface Related {
  readonly parsed: readonly ParsedFile[];
  /** Those that differ, that lost a reference, or that mean one of these. All that mean one of them were read. */
  readonly concerned: ReadonlySet<Manifest>;
  /** The number of files that were left unread. */
  readonly unreadFiles: number;
  /** The number of groups and orders in them. */
  readonly unread: number;
  /** The ids in those files, any of which may pin a group. */
  readonly idsElsewhere: ReadonlySet<string>;
}

interface Sought {
  /** The files of manifests, sorted. */
  readonly listed: readonly RepositoryPath[];
  /** The files that differ from the base, or that only one side has. */
  readonly differing: ReadonlySet<string>;
  /** The differing files of manifests as the base has them. */
  readonly before: readonly ParsedFile[];
  readonly parse: (path: RepositoryPath) => ParsedFile;
  /** The lines of all files that contain one of `ALWAYS_SOUGHT`. */
  readonly factLines: Promise<Lines>;
  /** Returns the lines that contain one of these texts in any case, as far as git tracks their files. */
  readonly search: (texts: readonly string[]) => Promise<Lines>;
}

/** Lines by file. */
export type Lines = ReadonlyMap<string, readonly string[]>;

/**
 * Finds the manifests that differ from a base, those to which they no longer refer, those that mean one of these, and
 * those that any of them refers to, each with all that it refers to itself. Files that cannot be among them are not
 * read.
 *
 * @returns null if only a reading of all manifests tells, or if it is not much more work.
 */
export async function findRelated(sought: Sought): Promise<Related | null> {
  const { listed, differing, before } = sought;
  const search = ({ meaning, meant }: Words) => sought.search([...meaning, ...meant]);
  const own = [...differing].filter((path) => !isInstalled(path));
  if (own.length > MAX_DIFFERING || listed.some(isInstalled)) return null;
  const reading = new Reading(sought);
  for (const path of differing) reading.seek('meaning', isInstalled(path) ? INSTALLED : posix.basename(path));
  const here = listed.filter((path) => differing.has(path)).map((path) => reading.read(path));
  for (const file of before) reading.seekReferences(file);
  for (const manifest of changedBetween(before, here)) reading.seekMeaning(manifest);
  for (const name of droppedBetween(before, here)) reading.seek('meaning', name);
  const first = reading.takeWords();
  const [factLines, lines] = await Promise.all([sought.factLines, search(first)]);
  const others = new Others(listed, factLines);
  for (const path of others.unclear) if (reading.isPossible) reading.read(path);
  reading.readMatching(lines, first);
  for (let round = 0; round < MAX_ROUNDS && reading.isPossible; round++) {
    reading.seekMeaningWords();
    const words = reading.takeWords();
    if (words.meaning.length + words.meant.length === 0) {
      const { concerned, paths } = reading;
      return { parsed: reading.inOrder(), concerned, ...others.without(paths) };
    }
    reading.readMatching(await search(words), words);
  }
  return null;
}

const MAX_DIFFERING = 1_000;
const MAX_ROUNDS = 8;

/** Thousands of installed files are in no git, and no manifest names one without the folder. */
const INSTALLED = 'node_modules';

function isInstalled(path: string): boolean {
  return path.split('/').includes(INSTALLED);
}

/** Returns the manifests that only one side has in this form and in this file. */
function changedBetween(before: readonly ParsedFile[], now: readonly ParsedFile[]): Manifest[] {
  const [then, here] = [formsOf(before), formsOf(now)];
  return [...then, ...here].flatMap(([form, manifest]) =>
    then.has(form) && here.has(form) ? [] : [manifest],
  );
}

/** Returns the names to which the files no longer refer. Only all that refer to one tell whether it is still used. */
function droppedBetween(before: readonly ParsedFile[], now: readonly ParsedFile[]): string[] {
  const namesOf = (files: readonly ParsedFile[]) => files.flatMap((file) => file.manifests.flatMap(namesIn));
  const kept = new Set(namesOf(now));
  return namesOf(before).filter((name) => !kept.has(name));
}

function formsOf(files: readonly ParsedFile[]): ReadonlyMap<string, Manifest> {
  const manifests = files.flatMap((file) => file.manifests);
  return new Map(manifests.map((each) => [JSON.stringify([each.origin.file, each.kind, each.fields]), each]));
}

/**
 * Why a word is sought: for the manifests that mean what the word stands for, or for the manifest that a reference
 * means.
 */
type Reason = 'meaning' | 'meant';

type Words = Readonly<Record<Reason, readonly string[]>>;

/** The files that were read so far, and the words to look for next. */
class Reading {
  readonly #sought: Sought;
  readonly #listed: ReadonlySet<string>;
  readonly #files = new Map<string, ParsedFile>();
  readonly #words: Readonly<Record<Reason, Set<string>>> = { meaning: new Set(), meant: new Set() };
  readonly #taken: Readonly<Record<Reason, Set<string>>> = { meaning: new Set(), meant: new Set() };
  readonly concerned = new Set<Manifest>();
  #isPossible = true;

  constructor(sought: Sought) {
    this.#sought = sought;
    this.#listed = new Set(sought.listed);
  }

  /**
   * Is false if a manifest is broken, if a name cannot be sought, if an order is concerned, or if many of the files
   * were read.
   */
  get isPossible(): boolean {
    return this.#isPossible && this.#files.size <= Math.max(MIN_FILES, this.#listed.size / 4);
  }

  get paths(): ReadonlySet<string> {
    return new Set(this.#files.keys());
  }

  inOrder(): ParsedFile[] {
    return this.#sought.listed.flatMap((path) => this.#files.get(path) ?? []);
  }

  seek(reason: Reason, text: string): void {
    const word = wordOf(text);
    if (word === null) this.#isPossible = false;
    else this.#words[reason].add(word);
  }

  /** Returns the words that were not looked for before. */
  takeWords(): Words {
    const take = (reason: Reason) => {
      const fresh = [...this.#words[reason]].filter((word) => !this.#taken[reason].has(word));
      for (const word of fresh) this.#taken[reason].add(word);
      return fresh;
    };
    return { meaning: take('meaning'), meant: take('meant') };
  }

  readMatching(lines: Lines, words: Words): void {
    const isMeaning = wordTest(words.meaning);
    const isMeant = wordTest(words.meant);
    for (const [path, found] of lines) {
      if (!this.#listed.has(path) || !this.isPossible) continue;
      const isSought = found.some((line) => isMeaning(line) || (isMeant(line) && !isReferenceLine(line)));
      if (isSought) this.read(path as RepositoryPath);
    }
  }

  read(path: RepositoryPath): ParsedFile {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const file = this.#sought.parse(path);
    this.#files.set(path, file);
    this.seekReferences(file);
    return file;
  }

  /** Seeks the manifests that those in the file refer to. */
  seekReferences(file: ParsedFile): void {
    if (hasErrors(file.problems)) this.#isPossible = false;
    for (const name of file.manifests.flatMap(namesIn)) this.seek('meant', name);
  }

  /** Seeks the manifests that mean this one. */
  seekMeaning(manifest: Manifest): void {
    this.concerned.add(manifest);
    if (isOrdered(manifest)) this.#isPossible = false;
    for (const text of identifiersOf(manifest)) this.seek('meaning', text);
  }

  /** Seeks the manifests that mean one of those that were read and that contain a word of the change. */
  seekMeaningWords(): void {
    const isMeaning = wordTest([...this.#words.meaning]);
    for (const manifest of [...this.#files.values()].flatMap((file) => file.manifests))
      if (isMeaning(textOf(manifest))) this.seekMeaning(manifest);
  }
}

/** Returns all that a manifest says. An escape in JSON is no part of a word. */
function textOf({ fields }: Manifest): string {
  return JSON.stringify(fields).replaceAll(/\\./g, ' ');
}

/** Up to this many files are read however few the repository has. */
const MIN_FILES = 100;

/** An order is compared with other orders, also by the numbers that they name. */
function isOrdered({ kind, fields }: Manifest): boolean {
  return kind === 'NumberOrder' || kind === 'PortingOrder' || ('attach' in fields && !!fields.attach?.length);
}

/** What the lines of all files tell of the manifests in them. */
class Others {
  readonly #managed = new Map<string, number>();
  readonly #ids = new Map<string, readonly string[]>();
  /** The files of which the lines do not tell enough. */
  readonly unclear: readonly RepositoryPath[];

  constructor(listed: readonly RepositoryPath[], lines: Lines) {
    const unclear: RepositoryPath[] = [];
    for (const path of listed) {
      const facts = (lines.get(path) ?? []).flatMap((line) => readLine(line) ?? []);
      const manifests = facts.filter(({ is }) => is === 'managed' || is === 'content');
      if (manifests.length === 0 || facts.some(({ is }) => is === 'unclear')) unclear.push(path);
      this.#managed.set(path, facts.filter(({ is }) => is === 'managed').length);
      const ids = facts.flatMap((fact) => (fact.is === 'id' ? [fact.id] : []));
      if (ids.length > 0) this.#ids.set(path, ids);
    }
    this.unclear = unclear;
  }

  without(read: ReadonlySet<string>): Omit<Related, 'parsed' | 'concerned'> {
    const others = [...this.#managed].filter(([path]) => !read.has(path));
    return {
      unreadFiles: others.length,
      unread: others.reduce((sum, [, count]) => sum + count, 0),
      idsElsewhere: new Set([...this.#ids].filter(([path]) => !read.has(path)).flatMap(([, ids]) => ids)),
    };
  }
}
